/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-preferences.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-connect-window.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

struct _MwPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwPreferencesGroup *connections;
  GtkSpinButton       *undo_seconds;
  GtkSwitch           *background;
  GtkSwitch           *hide_content;

  MwStore    *store;
  MwSettings *settings;
  MwOverview *overview;
  GPtrArray  *rows;
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

static const char *
status_words (const MwConnection *connection)
{
  if (!connection->enabled)
    return _ ("switched off");
  if (g_strcmp0 (connection->status, "ok") == 0)
    return _ ("connected");
  if (g_strcmp0 (connection->status, "offline") == 0)
    return _ ("offline");
  if (g_strcmp0 (connection->status, "sign-in") == 0)
    return _ ("sign in again");
  if (g_strcmp0 (connection->status, "trouble") == 0)
    return connection->status_text != NULL ? connection->status_text : _ ("trouble");
  return _ ("not asked yet");
}

static GtkWidget *
make_row (const MwConnectionLine *line)
{
  const MwConnection *connection = line->connection;
  GtkWidget          *row = adw_action_row_new ();
  g_autoptr (GString) text = g_string_new (connection->url);

  g_string_append_printf (text, "\n%s", status_words (connection));
  if (line->complete > 0)
    {
      g_autofree char *when = mw_words_moment (line->complete, g_get_real_time ());
      g_autofree char *complete = g_strdup_printf (_ ("complete up to %s"), when);

      g_string_append_printf (text, " · %s", complete);
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), connection->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text->str);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  if (connection->home)
    {
      GtkWidget *pill = gtk_label_new (_ ("Inbox"));

      gtk_widget_add_css_class (pill, "mw-badge");
      gtk_widget_set_valign (pill, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), pill);
    }
  return row;
}

static void
overview_changed (MwOverview    *overview,
                  MwPreferences *self)
{
  GPtrArray *lines = mw_overview_get_connections (overview);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->connections, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      GtkWidget *row = make_row (g_ptr_array_index (lines, i));

      adw_preferences_group_add (self->connections, row);
      g_ptr_array_add (self->rows, row);
    }
  adw_preferences_group_set_description (self->connections, self->rows->len == 0 ? _ ("None yet") : NULL);
}

static void
mw_preferences_dispose (GObject *object)
{
  MwPreferences *self = MW_PREFERENCES (object);

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
  G_OBJECT_CLASS (mw_preferences_parent_class)->finalize (object);
}

static void
mw_preferences_class_init (MwPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_preferences_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_preferences_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPreferences, connections);
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
  g_signal_connect (overview, "changed", G_CALLBACK (overview_changed), self);
  overview_changed (overview, self);
  gtk_window_present (GTK_WINDOW (self));
}
