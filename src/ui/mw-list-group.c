/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-list-group.h"

#include "mw-accessible.h"
#include "mw-compat.h"
#include "mw-config.h"
#include "mw-error-text.h"
#include "mw-list-import.h"
#include "mw-published-row.h"
#include "mw-source-words.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

struct _MwListGroup
{
  AdwPreferencesGroup parent_instance;

  GtkWidget    *choose;
  GtkEditable  *address;
  AdwActionRow *progress;
  GtkWidget    *cancel;
  AdwActionRow *result;
  GtkImage     *result_icon;

  MwStore      *store;
  guint         watch;
  GPtrArray    *rows;
  GCancellable *import; /* while one is under way */
};

G_DEFINE_FINAL_TYPE (MwListGroup, mw_list_group, ADW_TYPE_PREFERENCES_GROUP)

/* ---- what happened ------------------------------------------------------- */

static void
show_result (MwListGroup *self,
             const char  *text,
             gboolean     good)
{
  const char *spoken = good ? _ ("Done") : _ ("Failed");

  gtk_image_set_from_icon_name (self->result_icon, good ? "object-select-symbolic" : "dialog-warning-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->result_icon), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->result), text);
  gtk_widget_set_visible (GTK_WIDGET (self->result), TRUE);
}

static void
show_error (MwListGroup  *self,
            const GError *error)
{
  g_autofree char *text = mw_error_text (error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_result (self, text, FALSE);
}

/* ---- the lists ----------------------------------------------------------- */

static void
forgotten_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (MwListGroup) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!mw_list_forget_finish (MW_STORE (source), result, &error) && self->store != NULL)
    show_error (self, error);
}

static void
forget_cb (GtkWidget   *button,
           MwListGroup *self)
{
  const char *source = g_object_get_data (G_OBJECT (button), "mw-source");

  gtk_widget_set_sensitive (button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->result), FALSE);
  mw_list_forget_async (self->store, source, NULL, forgotten_cb, g_object_ref (self));
}

static char *
describe (const MwPublishedRow *list)
{
  g_autofree char *age = mw_source_words_age (list->fetched, g_get_real_time ());
  g_autofree char *organizations = g_strdup_printf (ngettext ("%u organisation", "%u organisations", (gulong) list->organizations), (guint) list->organizations);
  g_autofree char *endpoints = g_strdup_printf (ngettext ("%u address", "%u addresses", (gulong) list->endpoints), (guint) list->endpoints);

  return g_strdup_printf ("%s · %s · %s", organizations, endpoints, age != NULL ? age : _ ("read today"));
}

static GtkWidget *
new_row (MwListGroup          *self,
         const MwPublishedRow *list)
{
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *detail = describe (list);
  /* Translators: %s is the name of a list */
  g_autofree char *spoken = g_strdup_printf (_ ("Forget %s"), list->name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), list->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_tooltip_text (row, list->source);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, spoken);
  mw_accessible_set_name (button, spoken);
  g_object_set_data_full (G_OBJECT (button), "mw-source", g_strdup (list->source), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (forget_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show_lists (MwListGroup *self)
{
  MwDb *db = mw_store_get_reader (self->store, NULL);
  g_autoptr (GPtrArray) lists = db != NULL ? mw_published_rows_all (db, NULL) : NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; lists != NULL && i < lists->len; i++)
    {
      GtkWidget *row = new_row (self, g_ptr_array_index (lists, i));

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->rows, row);
    }
}

static void
store_changed_cb (MwStore *store,
                  MwChange changes,
                  gpointer user_data)
{
  if (changes & MW_CHANGE_PEOPLE)
    show_lists (user_data);
}

/* ---- importing ----------------------------------------------------------- */

static void
progress_cb (guint64  bytes,
             guint    written,
             guint    total,
             gpointer user_data)
{
  MwListGroup     *self = user_data;
  g_autofree char *size = mw_words_size ((gint64) bytes);
  g_autofree char *text = NULL;

  if (self->import == NULL)
    return;
  /* Translators: %s is a size such as 12 MB */
  text = total == 0 ? g_strdup_printf (_ ("%s read"), size) : g_strdup_printf (_ ("%u of %u kept"), written, total);
  adw_action_row_set_subtitle (self->progress, text);
}

/* The keyboard goes along: to what can be done now, and back */
static void
set_busy (MwListGroup *self,
          gboolean     busy)
{
  gboolean back = !busy && gtk_widget_has_focus (self->cancel);

  if (busy)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
      gtk_widget_grab_focus (self->cancel);
    }
  gtk_widget_set_sensitive (self->choose, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->address), !busy);
  if (back)
    gtk_widget_grab_focus (GTK_WIDGET (self->address));
  gtk_widget_set_visible (GTK_WIDGET (self->progress), busy);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (MwListGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *report = mw_list_import_finish (MW_STORE (source), result, &error);

  g_clear_object (&self->import);
  if (self->store == NULL)
    return;
  set_busy (self, FALSE);
  if (report == NULL)
    {
      show_error (self, error);
      return;
    }
  /* emptied by the program, there is nothing to apply */
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->address), FALSE);
  gtk_editable_set_text (self->address, "");
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->address), TRUE);
  show_result (self, report, TRUE);
}

/* Goes on when the preferences are closed: it is the store's, not the window's */
static void
import (MwListGroup *self,
        const char  *place)
{
  MwListImportOptions options = { .progress = progress_cb, .progress_data = self };

  if (self->import != NULL || self->store == NULL)
    return;
  self->import = g_cancellable_new ();
  gtk_widget_set_visible (GTK_WIDGET (self->result), FALSE);
  adw_action_row_set_subtitle (self->progress, "");
  set_busy (self, TRUE);
  /* the callback's reference outlives all progress */
  mw_list_import_async (self->store, place, &options, self->import, imported_cb, g_object_ref (self));
}

static void
apply_cb (MwListGroup *self)
{
  g_autofree char *place = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  if (*place == '\0')
    return;
  /* here it is an address, even without its beginning */
  if (g_uri_peek_scheme (place) == NULL)
    {
      char *whole = g_strconcat ("https://", place, NULL);

      g_free (place);
      place = whole;
    }
  import (self, place);
}

static void
file_chosen (GFile   *file,
             gpointer user_data)
{
  g_autoptr (MwListGroup) self = user_data;
  g_autofree char *uri = file != NULL ? g_file_get_uri (file) : NULL;

  if (uri != NULL)
    import (self, uri);
}

static void
choose_cb (MwListGroup *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  mw_compat_choose_file (GTK_WINDOW (root), _ ("List of Endpoints"), file_chosen, g_object_ref (self));
}

static void
cancel_cb (MwListGroup *self)
{
  if (self->import != NULL)
    g_cancellable_cancel (self->import);
}

static void
mw_list_group_dispose (GObject *object)
{
  MwListGroup *self = MW_LIST_GROUP (object);

  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_list_group_parent_class)->dispose (object);
}

static void
mw_list_group_finalize (GObject *object)
{
  g_ptr_array_unref (MW_LIST_GROUP (object)->rows);
  G_OBJECT_CLASS (mw_list_group_parent_class)->finalize (object);
}

static void
mw_list_group_class_init (MwListGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_list_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_list_group_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-list-group.ui");
  gtk_widget_class_bind_template_child (widget_class, MwListGroup, choose);
  gtk_widget_class_bind_template_child (widget_class, MwListGroup, address);
  gtk_widget_class_bind_template_child (widget_class, MwListGroup, progress);
  gtk_widget_class_bind_template_child (widget_class, MwListGroup, cancel);
  gtk_widget_class_bind_template_child (widget_class, MwListGroup, result);
  gtk_widget_class_bind_template_child (widget_class, MwListGroup, result_icon);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
mw_list_group_init (MwListGroup *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * mw_list_group_set_store:
 *
 * To be called once.
 */
void
mw_list_group_set_store (MwListGroup *self,
                         MwStore     *store)
{
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  self->watch = mw_store_watch (store, store_changed_cb, self);
  show_lists (self);
}
