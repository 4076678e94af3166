/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-preferences.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-connect-window.h"
#include "mw-connection-row.h"
#include "mw-managed.h"
#include "mw-list-group.h"

#include <glib/gi18n-lib.h>

struct _MwPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwPreferencesGroup *connections;
  AdwPreferencesGroup *problems;
  MwListGroup         *lists;
  GtkSpinButton       *undo_seconds;
  GtkSwitch           *background;
  GtkSwitch           *hide_content;

  MwStore    *store;
  MwSettings *settings;
  MwOverview *overview;
  GPtrArray  *rows;

  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MwPreferences, mw_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
add_cb (MwPreferences *self)
{
  mw_connect_window_present (GTK_WINDOW (self), self->store, mw_overview_get_home (self->overview) == NULL);
}

static void
undo_cb (MwPreferences *self)
{
  if (self->settings != NULL)
    mw_settings_set_undo_seconds (self->settings, (guint) gtk_spin_button_get_value_as_int (self->undo_seconds));
}

static void
background_cb (MwPreferences *self)
{
  if (self->settings != NULL)
    mw_settings_set_background (self->settings, gtk_switch_get_active (self->background));
}

static void
hide_cb (MwPreferences *self)
{
  if (self->settings != NULL)
    mw_settings_set_hide_content (self->settings, gtk_switch_get_active (self->hide_content));
}

static gboolean
same_rows (MwPreferences *self,
           GPtrArray     *lines)
{
  if (self->rows->len != (lines != NULL ? lines->len : 0))
    return FALSE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const MwConnectionLine *line = g_ptr_array_index (lines, i);

      if (mw_connection_row_get_id (self->rows->pdata[i]) != line->connection->id)
        return FALSE;
    }
  return TRUE;
}

static void
overview_changed (MwOverview    *overview,
                  MwPreferences *self)
{
  GPtrArray *lines = mw_overview_get_connections (overview);

  if (!same_rows (self, lines))
    {
      for (guint i = 0; i < self->rows->len; i++)
        adw_preferences_group_remove (self->connections, g_ptr_array_index (self->rows, i));
      g_ptr_array_set_size (self->rows, 0);
      for (guint i = 0; lines != NULL && i < lines->len; i++)
        {
          GtkWidget *row = mw_connection_row_new (self->store, g_ptr_array_index (lines, i));

          adw_preferences_group_add (self->connections, row);
          g_ptr_array_add (self->rows, row);
        }
    }
  for (guint i = 0; i < self->rows->len; i++)
    mw_connection_row_update (g_ptr_array_index (self->rows, i), g_ptr_array_index (lines, i));
  adw_preferences_group_set_description (self->connections, self->rows->len == 0 ? _ ("None yet") : NULL);
}

/* An administrator's file that is not used: said here, since nobody reads the log */
static void
problems_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MwPreferences) self = user_data;
  g_autoptr (GPtrArray) problems = mw_managed_problems_finish (result, NULL);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (guint i = 0; problems != NULL && i < problems->len; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (icon, "warning");
      gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Warning"), -1);
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), problems->pdata[i]);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
      adw_preferences_group_add (self->problems, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->problems), problems != NULL && problems->len > 0);
}

static void
mw_preferences_dispose (GObject *object)
{
  MwPreferences *self = MW_PREFERENCES (object);

  g_cancellable_cancel (self->cancellable);
  if (self->overview != NULL)
    g_signal_handlers_disconnect_by_data (self->overview, self);
  g_clear_object (&self->overview);
  g_clear_object (&self->settings);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_preferences_parent_class)->dispose (object);
}

static void
mw_preferences_finalize (GObject *object)
{
  g_ptr_array_unref (MW_PREFERENCES (object)->rows);
  g_object_unref (MW_PREFERENCES (object)->cancellable);
  G_OBJECT_CLASS (mw_preferences_parent_class)->finalize (object);
}

static void
mw_preferences_class_init (MwPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_preferences_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_preferences_finalize;
  g_type_ensure (MW_TYPE_LIST_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPreferences, connections);
  gtk_widget_class_bind_template_child (widget_class, MwPreferences, problems);
  gtk_widget_class_bind_template_child (widget_class, MwPreferences, lists);
  gtk_widget_class_bind_template_child (widget_class, MwPreferences, undo_seconds);
  gtk_widget_class_bind_template_child (widget_class, MwPreferences, background);
  gtk_widget_class_bind_template_child (widget_class, MwPreferences, hide_content);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
  gtk_widget_class_bind_template_callback (widget_class, background_cb);
  gtk_widget_class_bind_template_callback (widget_class, hide_cb);
}

static void
mw_preferences_init (MwPreferences *self)
{
  self->rows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (GTK_WIDGET (self));
}

void
mw_preferences_present (GtkWindow  *parent,
                        MwStore    *store,
                        MwSettings *settings,
                        MwOverview *overview)
{
  MwPreferences *self = g_object_new (MW_TYPE_PREFERENCES, "transient-for", parent, NULL);

  gtk_spin_button_set_value (self->undo_seconds, mw_settings_get_undo_seconds (settings));
  gtk_switch_set_active (self->background, mw_settings_get_background (settings));
  gtk_switch_set_active (self->hide_content, mw_settings_get_hide_content (settings));
  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  self->overview = g_object_ref (overview);
  mw_list_group_set_store (self->lists, store);
  g_signal_connect (overview, "changed", G_CALLBACK (overview_changed), self);
  overview_changed (overview, self);
  mw_managed_problems_async (self->cancellable, problems_read, g_object_ref (self));
  gtk_window_present (GTK_WINDOW (self));
}
