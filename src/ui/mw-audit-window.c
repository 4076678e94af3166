/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-audit-window.h"

#include "mw-accessible.h"
#include "mw-audit-export.h"
#include "mw-audit-list.h"
#include "mw-audit-verify.h"
#include "mw-audit-words.h"
#include "mw-error-text.h"

#include <glib/gi18n-lib.h>

struct _MwAuditWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkWidget       *check;
  GtkWidget *export;
  GtkRevealer   *verdict_revealer;
  GtkWidget     *verdict_box;
  GtkImage      *verdict_icon;
  GtkLabel      *verdict;
  GtkDropDown   *which;
  GtkMenuButton *day;
  GtkPopover    *day_popover;
  GtkCalendar   *calendar;
  GtkStack      *stack;
  GtkListView   *view;

  MwStore      *store;
  MwAuditList  *list;
  gint64        from; /* µs; of the chosen day, 0 for all */
  gint64        to;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MwAuditWindow, mw_audit_window, ADW_TYPE_WINDOW)

/* ---- rows ------------------------------------------------------------ */

static GtkWidget *
row_label (const char *class,
           gboolean wide)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), wide ? 0 : 1);
  gtk_widget_set_hexpand (label, wide);
  if (wide)
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (class != NULL)
    {
      gtk_widget_add_css_class (label, "dim-label");
      gtk_widget_add_css_class (label, class);
    }
  return label;
}

/* The names under which a row's labels are kept are those of the properties they show */
static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = row_label (NULL, TRUE);
  GtkWidget *time = row_label ("caption", FALSE);
  GtkWidget *detail = row_label ("caption", TRUE);

  gtk_widget_set_margin_start (box, 10);
  gtk_widget_set_margin_end (box, 10);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_box_append (GTK_BOX (top), title);
  gtk_box_append (GTK_BOX (top), time);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), detail);
  g_object_set_data (G_OBJECT (item), "title", title);
  g_object_set_data (G_OBJECT (item), "time", time);
  g_object_set_data (G_OBJECT (item), "detail", detail);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, box);
}

static void
show_line (MwAuditLine *line,
           GParamSpec  *pspec,
           GtkListItem *item)
{
  static const char *const names[] = { "title", "time", "detail" };
  GtkWidget               *widget = gtk_widget_get_parent (gtk_list_item_get_child (item));
  g_autofree char         *spoken = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GtkWidget       *label = g_object_get_data (G_OBJECT (item), names[i]);
      g_autofree char *text = NULL;

      g_object_get (line, names[i], &text, NULL);
      gtk_label_set_text (GTK_LABEL (label), text);
      gtk_widget_set_tooltip_text (label, text);
    }
  g_object_get (line, "spoken", &spoken, NULL);
  if (widget != NULL)
    mw_accessible_set_name (widget, spoken);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  MwAuditLine *line = gtk_list_item_get_item (item);

  gulong handler = g_signal_connect (line, "notify::spoken", G_CALLBACK (show_line), item);

  g_object_set_data (G_OBJECT (item), "handler", GSIZE_TO_POINTER (handler));
  show_line (line, NULL, item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  g_signal_handler_disconnect (gtk_list_item_get_item (item), GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (item), "handler")));
}

/* ---- what is listed -------------------------------------------------- */

static void
settled (MwAuditList   *list,
         MwAuditWindow *self)
{
  gboolean some = g_list_model_get_n_items (G_LIST_MODEL (list)) > 0;

  gtk_stack_set_visible_child_name (self->stack, some ? "rows" : "nothing");
}

/* A proof has every row of its period, also when only a part of them is on the screen */
static MwAuditFilter
filter_of (MwAuditWindow *self)
{
  return (MwAuditFilter){ .from = self->from, .to = self->to, .sends = gtk_drop_down_get_selected (self->which) == 0 };
}

static void
filter_cb (MwAuditWindow *self)
{
  MwAuditFilter filter;

  if (self->list == NULL)
    return;
  filter = filter_of (self);
  mw_audit_list_show (self->list, &filter);
}

static void
day_cb (MwAuditWindow *self)
{
  g_autoptr (GDateTime) chosen = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) begin = g_date_time_new_local (g_date_time_get_year (chosen), g_date_time_get_month (chosen),
                                                       g_date_time_get_day_of_month (chosen), 0, 0, 0);
  g_autoptr (GDateTime) end = begin != NULL ? g_date_time_add_days (begin, 1) : NULL;
  g_autofree char *label = NULL;

  if (end == NULL)
    return;
  self->from = g_date_time_to_unix (begin) * G_USEC_PER_SEC;
  self->to = g_date_time_to_unix (end) * G_USEC_PER_SEC;
  label = g_date_time_format (begin, "%x");
  gtk_menu_button_set_label (self->day, label);
  gtk_popover_popdown (self->day_popover);
  filter_cb (self);
}

static void
all_days_cb (MwAuditWindow *self)
{
  self->from = 0;
  self->to = 0;
  gtk_menu_button_set_label (self->day, _ ("All Days"));
  gtk_popover_popdown (self->day_popover);
  filter_cb (self);
}

/* ---- check ----------------------------------------------------------- */

typedef struct
{
  MwAuditWindow *window;
  char          *folder;
  MwAuditReport  report;
} Check;

static gint64
run_check (MwDb    *db,
           gpointer data,
           GError **error)
{
  Check *check = data;

  return mw_audit_verify (db, check->folder, NULL, &check->report, error) ? 0 : -1;
}

static void
show_verdict (MwAuditWindow *self,
              gboolean       is_whole,
              const char    *text)
{
  gtk_label_set_text (self->verdict, text);
  gtk_image_set_from_icon_name (self->verdict_icon, is_whole ? "object-select-symbolic" : "dialog-warning-symbolic");
  if (is_whole)
    gtk_widget_remove_css_class (self->verdict_box, "mw-warning");
  else
    gtk_widget_add_css_class (self->verdict_box, "mw-warning");
  gtk_revealer_set_reveal_child (self->verdict_revealer, TRUE);
}

static void
checked (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Check         *check = user_data;
  MwAuditWindow *self = check->window;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (mw_store_read_finish (MW_STORE (source), result, &error) >= 0)
    text = mw_audit_words_report (&check->report);
  else
    text = mw_error_text (error);
  if (self->store != NULL)
    {
      gtk_widget_set_sensitive (self->check, TRUE);
      show_verdict (self, error == NULL && check->report.verdict == MW_AUDIT_WHOLE, text);
    }
  g_object_unref (check->window);
  g_free (check->folder);
  g_free (check);
}

static void
check_cb (MwAuditWindow *self)
{
  Check *check = g_new0 (Check, 1);

  check->window = g_object_ref (self);
  check->folder = g_strdup (mw_store_get_folder (self->store));
  gtk_widget_set_sensitive (self->check, FALSE);
  mw_store_read_async (self->store, run_check, check, NULL, self->cancellable, checked, check);
}

/* ---- export ---------------------------------------------------------- */

static void
told (const char *text,
      gpointer    window)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_overlay_add_toast (MW_AUDIT_WINDOW (window)->toasts, toast);
}

static void
export_cb (MwAuditWindow *self)
{
  MwAuditFilter filter = filter_of (self);

  /* what is shown may be a part of a day's rows; what is proved is the day */
  filter.sends = FALSE;
  mw_audit_export_present (GTK_WINDOW (self), self->store, &filter, told);
}

/* ---- the window ------------------------------------------------------ */

static void
mw_audit_window_dispose (GObject *object)
{
  MwAuditWindow *self = MW_AUDIT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  /* disposed by hand, so that it stops watching although a reading may hold it */
  if (self->list != NULL)
    g_object_run_dispose (G_OBJECT (self->list));
  g_clear_object (&self->list);
  g_clear_object (&self->store);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (mw_audit_window_parent_class)->dispose (object);
}

static void
mw_audit_window_class_init (MwAuditWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_audit_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-audit-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, MwAuditWindow, name)
  BIND (toasts);
  BIND (check);
  BIND (export);
  BIND (verdict_revealer);
  BIND (verdict_box);
  BIND (verdict_icon);
  BIND (verdict);
  BIND (which);
  BIND (day);
  BIND (day_popover);
  BIND (calendar);
  BIND (stack);
  BIND (view);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_days_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
}

static void
mw_audit_window_init (MwAuditWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  /* else they are called with their underlines */
  mw_accessible_set_name (gtk_widget_get_first_child (GTK_WIDGET (self->which)), _ ("What is listed"));
  mw_accessible_set_name (self->check, _ ("Check"));
  mw_accessible_set_name (self->export, _ ("Export…"));
}

/**
 * mw_audit_window_present:
 *
 * Shows what was done and sent from here, over @parent.
 */
void
mw_audit_window_present (GtkWindow *parent,
                         MwStore   *store)
{
  MwAuditWindow *self = g_object_new (MW_TYPE_AUDIT_WINDOW, "transient-for", parent, NULL);
  g_autoptr (GtkNoSelection) model = NULL;

  self->store = g_object_ref (store);
  self->list = mw_audit_list_new (store);
  g_signal_connect (self->list, "settled", G_CALLBACK (settled), self);
  model = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (model));
  filter_cb (self);
  gtk_window_present (GTK_WINDOW (self));
}
