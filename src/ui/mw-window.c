/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-window-private.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-error-text.h"
#include "mw-first-run.h"

#include <glib/gi18n-lib.h>

/* An entry counts as read when it was on screen this long */
#define READ_MILLISECONDS 900
/* A toast takes 500 ms at most to appear */
#define APPEAR_MILLISECONDS 600

G_DEFINE_FINAL_TYPE (MwWindow, mw_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- toasts ---------------------------------------------------------------- */

void
mw_window_toast (MwWindow   *self,
                 const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, 4);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static gboolean
dismiss_now (gpointer user_data)
{
  adw_toast_dismiss (ADW_TOAST (user_data));
  return G_SOURCE_REMOVE;
}

/**
 * mw_window_dismiss_undo:
 *
 * Takes away the toast that offers an undo, once it has quite appeared: libadwaita 1.2 frees a toast that is dismissed
 * within 200 ms of replacing another one while its appearance goes on, and crashes at the end of that.
 */
void
mw_window_dismiss_undo (MwWindow *self)
{
  AdwToast *toast = g_steal_pointer (&self->undo_toast);
  gint64   *since = toast != NULL ? g_object_get_data (G_OBJECT (toast), "mw-since") : NULL;
  gint64    age = since != NULL ? (g_get_monotonic_time () - *since) / 1000 : 0;

  if (toast == NULL)
    return;
  if (age >= APPEAR_MILLISECONDS)
    adw_toast_dismiss (toast);
  else
    g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) (APPEAR_MILLISECONDS - age), dismiss_now, g_object_ref (toast), g_object_unref);
}

static void
toast_dismissed (AdwToast *toast,
                 MwWindow *self)
{
  if (self->undo_toast == toast)
    self->undo_toast = NULL;
}

/**
 * mw_window_toast_undo:
 * @text: what was done
 * @seconds: how long it is shown; at least as long as the undo itself
 */
void
mw_window_toast_undo (MwWindow   *self,
                      const char *text,
                      guint       seconds)
{
  AdwToast *toast = adw_toast_new (text);
  gint64    now = g_get_monotonic_time ();

  mw_window_dismiss_undo (self);
  g_object_set_data_full (G_OBJECT (toast), "mw-since", g_memdup2 (&now, sizeof now), g_free);
  adw_toast_set_button_label (toast, _ ("Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_timeout (toast, MAX (seconds, 2));
  self->undo_toast = toast;
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_dismissed), self, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/**
 * mw_window_trouble:
 * @what: a sentence: what could not be done
 */
void
mw_window_trouble (MwWindow     *self,
                   const char   *what,
                   const GError *error)
{
  g_autofree char *why = NULL;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_warning ("%s (%s, %d)", what, g_quark_to_string (error->domain), error->code);
  why = mw_error_text (error);
  text = g_strdup_printf ("%s %s", what, why);
  mw_window_toast (self, text);
}

void
mw_window_forget_undo (MwWindow *self)
{
  g_clear_pointer (&self->undo.ids, g_array_unref);
  self->undo.item = 0;
  mw_window_dismiss_undo (self);
}

/* ---- where the window is ------------------------------------------------------- */

static void
update_title (MwWindow *self)
{
  g_autofree char *title = g_strdup_printf ("%s · Meanwhile", mw_place_title (self->place));

  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
folded_cb (AdwLeaflet *leaflet,
           GParamSpec *pspec,
           MwWindow   *self)
{
  gboolean outer, inner;

  if (self->list == NULL || self->inner == NULL || self->outer == NULL)
    return;
  outer = adw_leaflet_get_folded (self->outer);
  inner = adw_leaflet_get_folded (self->inner);
  mw_list_page_set_folded (self->list, outer, inner);
  mw_reading_pane_set_folded (self->reading, inner);
  adw_header_bar_set_show_end_title_buttons (self->sidebar_header, outer);
}

void
mw_window_go_to (MwWindow *self,
                 MwPlaceId place)
{
  self->place = place;
  mw_sidebar_select (self->sidebar, place);
  update_title (self);
  if (mw_place_get (place)->content == MW_PLACE_OF_PATIENTS)
    {
      mw_window_show_patients (self);
      gtk_stack_set_visible_child_name (self->content, "patients");
    }
  else
    {
      gtk_stack_set_visible_child_name (self->content, "mail");
      mw_list_page_show (self->list, place);
      adw_leaflet_set_visible_child_name (self->inner, "list");
    }
  adw_leaflet_set_visible_child_name (self->outer, "content");
  mw_window_update_actions (self);
}

static void
place_cb (MwSidebar *sidebar,
          int        place,
          MwWindow  *self)
{
  mw_window_go_to (self, (MwPlaceId) place);
}

static void
picked_cb (MwListPage *list,
           gint64      id,
           MwWindow   *self)
{
  g_autoptr (GArray) selected = mw_list_page_get_selected (list);

  g_clear_handle_id (&self->read_source, g_source_remove);
  self->kept_unread = 0;
  if (selected->len > 1)
    mw_reading_pane_show_several (self->reading, selected->len);
  else
    mw_reading_pane_show (self->reading, id, mw_place_get (self->place)->content == MW_PLACE_OF_ITEMS);
  if (id == 0 && selected->len == 0 && adw_leaflet_get_folded (self->inner))
    adw_leaflet_set_visible_child_name (self->inner, "list");
  mw_window_update_actions (self);
}

static void
opened_cb (MwListPage *list,
           MwWindow   *self)
{
  if (adw_leaflet_get_folded (self->inner))
    adw_leaflet_set_visible_child_name (self->inner, "reading");
}

static gboolean
was_read (gpointer user_data)
{
  MwWindow *self = user_data;

  self->read_source = 0;
  mw_window_mark_read_soon (self);
  return G_SOURCE_REMOVE;
}

static gboolean
reading_is_visible (MwWindow *self)
{
  return !adw_leaflet_get_folded (self->inner) ||
         g_strcmp0 (adw_leaflet_get_visible_child_name (self->inner), "reading") == 0;
}

static void
loaded_cb (MwReadingPane *reading,
           MwWindow      *self)
{
  MwDetail *detail = mw_reading_pane_get_detail (reading);

  mw_window_update_actions (self);
  if (detail == NULL && adw_leaflet_get_folded (self->inner))
    adw_leaflet_set_visible_child_name (self->inner, "list");
  if (detail == NULL || detail->is_item || !detail->entry->unread || detail->id == self->kept_unread || self->read_source != 0 || !reading_is_visible (self))
    return;
  self->read_source = g_timeout_add (READ_MILLISECONDS, was_read, self);
}

/* ---- what the overview says -------------------------------------------------------- */

static void
overview_changed (MwOverview *overview,
                  MwWindow   *self)
{
  gboolean sandbox = mw_overview_is_sandbox (overview);

  if (!mw_overview_is_known (overview))
    return;
  mw_list_page_set_offline (self->list, mw_overview_is_offline (overview));
  mw_sign_in_card_update (mw_list_page_get_sign_in_card (self->list), self->store, overview);
  gtk_widget_set_visible (self->sandbox_pill, sandbox);
  if (sandbox)
    gtk_widget_add_css_class (GTK_WIDGET (self), "sandbox");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "sandbox");
  gtk_stack_set_visible_child_name (self->root, mw_overview_was_connected (overview) ? "main" : "first-run");
}

static gboolean
minute_passed (gpointer user_data)
{
  MwWindow *self = user_data;
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);

  mw_sidebar_tick (self->sidebar);
  if (detail != NULL)
    mw_reading_pane_tick (self->reading);
  return G_SOURCE_CONTINUE;
}

/* ---- object ------------------------------------------------------------------------- */

static gboolean
mw_window_close_request (GtkWindow *window)
{
  MwWindow *self = MW_WINDOW (window);

  if (!gtk_window_is_maximized (window) && !gtk_window_is_fullscreen (window))
    mw_settings_set_window_size (self->settings, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
  return GTK_WINDOW_CLASS (mw_window_parent_class)->close_request (window);
}

static void
mw_window_dispose (GObject *object)
{
  MwWindow *self = MW_WINDOW (object);

  g_clear_handle_id (&self->read_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->overview != NULL)
    g_signal_handlers_disconnect_by_data (self->overview, self);
  g_clear_pointer (&self->undo.ids, g_array_unref);
  g_clear_object (&self->overview);
  g_clear_object (&self->engine);
  g_clear_object (&self->settings);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_window_parent_class)->dispose (object);
}

static void
mw_window_finalize (GObject *object)
{
  MwWindow *self = MW_WINDOW (object);

  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (mw_window_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, MwWindow, name)

static void
mw_window_class_init (MwWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = mw_window_close_request;
  g_type_ensure (MW_TYPE_SIDEBAR);
  g_type_ensure (MW_TYPE_LIST_PAGE);
  g_type_ensure (MW_TYPE_READING_PANE);
  g_type_ensure (MW_TYPE_FIRST_RUN);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-window.ui");
  BIND (toasts);
  BIND (root);
  BIND (outer);
  BIND (inner);
  BIND (sidebar_pane);
  BIND (sidebar_header);
  BIND (sandbox_pill);
  BIND (sidebar);
  BIND (content);
  BIND (patients_slot);
  BIND (list);
  BIND (reading);
  BIND (menu_button);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, loaded_cb);
  mw_window_install_actions (widget_class);
}

static void
mw_window_init (MwWindow *self)
{
  int width, height;

  self->cancellable = g_cancellable_new ();
  self->settings = mw_settings_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (GTK_WIDGET (self));
  mw_settings_get_window_size (self->settings, &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  gtk_window_set_icon_name (GTK_WINDOW (self), MW_APP_ID);
  gtk_stack_set_visible_child_name (self->root, "blank");
}

/**
 * mw_window_new:
 * @engine: (nullable): the one that sends in this process
 *
 * Returns: (transfer none): a window on @store, not shown yet
 */
MwWindow *
mw_window_new (AdwApplication *application,
               MwStore        *store,
               MwEngine       *engine,
               MwOverview     *overview)
{
  MwWindow *self = g_object_new (MW_TYPE_WINDOW, "application", application, NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->engine, engine);
  self->overview = g_object_ref (overview);
  mw_sidebar_set_overview (self->sidebar, overview);
  mw_list_page_set_store (self->list, store);
  mw_reading_pane_set_store (self->reading, store);
  g_signal_connect (overview, "changed", G_CALLBACK (overview_changed), self);
  overview_changed (overview, self);
  self->tick_source = g_timeout_add_seconds (30, minute_passed, self);
  mw_window_go_to (self, MW_PLACE_INBOX);
  folded_cb (NULL, NULL, self);
  return self;
}

/**
 * mw_window_show_place:
 * @name: as in mw_place_from_name()
 */
void
mw_window_show_place (MwWindow   *self,
                      const char *name)
{
  MwPlaceId place;

  if (mw_place_from_name (name, &place))
    mw_window_go_to (self, place);
}

/**
 * mw_window_show_entry:
 *
 * Shows one entry, and selects it when the list has it.
 */
void
mw_window_show_entry (MwWindow *self,
                      gint64    id)
{
  if (mw_place_get (self->place)->content == MW_PLACE_OF_PATIENTS)
    mw_window_go_to (self, MW_PLACE_INBOX);
  if (mw_place_get (self->place)->content != MW_PLACE_OF_ENTRIES || !mw_list_page_pick (self->list, id))
    {
      mw_list_page_clear_selection (self->list);
      mw_reading_pane_show (self->reading, id, FALSE);
    }
  gtk_stack_set_visible_child_name (self->content, "mail");
  adw_leaflet_set_visible_child_name (self->outer, "content");
  adw_leaflet_set_visible_child_name (self->inner, "reading");
}

/**
 * mw_window_show_item:
 *
 * Shows one item, and selects it when the list has it.
 */
void
mw_window_show_item (MwWindow *self,
                     gint64    id)
{
  if (mw_place_get (self->place)->content == MW_PLACE_OF_PATIENTS)
    mw_window_go_to (self, MW_PLACE_OUTBOX);
  if (mw_place_get (self->place)->content != MW_PLACE_OF_ITEMS || !mw_list_page_pick (self->list, id))
    {
      mw_list_page_clear_selection (self->list);
      mw_reading_pane_show (self->reading, id, TRUE);
    }
  adw_leaflet_set_visible_child_name (self->outer, "content");
  adw_leaflet_set_visible_child_name (self->inner, "reading");
}

/**
 * mw_window_is_filled:
 *
 * Returns: as mw_list_page_is_filled()
 */
gboolean
mw_window_is_filled (MwWindow *self)
{
  return mw_list_page_is_filled (self->list);
}

/**
 * mw_window_set_sender_note:
 * @note: (nullable):
 */
void
mw_window_set_sender_note (MwWindow   *self,
                           const char *note)
{
  mw_sidebar_set_sender_note (self->sidebar, note);
}
