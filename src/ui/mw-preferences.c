/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-preferences.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-connect-window.h"
#include "mw-connections.h"
#include "mw-error-text.h"
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
  gboolean    filling;
};

G_DEFINE_FINAL_TYPE (MwPreferences, mw_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void overview_changed (MwOverview    *overview,
                              MwPreferences *self);

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

/* ---- one connection --------------------------------------------------------------- */

typedef struct
{
  gint64   id;
  gboolean enabled;
  char    *name; /* NULL: it is switched on or off */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->name);
  g_free (change);
}

static gint64
write_change (MwDb    *db,
              gpointer data,
              GError **error)
{
  Change  *change = data;
  gboolean ok;

  if (change->name != NULL)
    ok = mw_connections_rename (db, change->id, change->name, error);
  else
    ok = mw_connections_set_enabled (db, change->id, change->enabled, error);
  return ok ? 0 : -1;
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (MwPreferences) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (mw_store_write_finish (MW_STORE (source), result, &error) >= 0 || self->overview == NULL)
    return;
  text = mw_error_text (error);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (text));
  overview_changed (self->overview, self);
}

static void
change (MwPreferences *self,
        GtkWidget     *row,
        gboolean       enabled,
        const char    *name)
{
  Change *input = g_new0 (Change, 1);

  input->id = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "mw-connection"));
  input->enabled = enabled;
  input->name = g_strdup (name);
  mw_store_write_async (self->store, write_change, input, change_free, NULL, changed_cb, g_object_ref (self));
}

static void
switched_cb (AdwExpanderRow *row,
             GParamSpec     *pspec,
             MwPreferences  *self)
{
  if (!self->filling)
    change (self, GTK_WIDGET (row), adw_expander_row_get_enable_expansion (row), NULL);
}

static void
renamed_cb (AdwEntryRow   *entry,
            MwPreferences *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  GtkWidget       *row = gtk_widget_get_ancestor (GTK_WIDGET (entry), ADW_TYPE_EXPANDER_ROW);

  if (*name != '\0')
    change (self, row, FALSE, name);
  else
    gtk_editable_set_text (GTK_EDITABLE (entry), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
}

static GtkWidget *
make_row (MwPreferences      *self,
          const MwConnection *connection)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *name = adw_entry_row_new ();
  GtkWidget *address = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_expander_row_set_show_enable_switch (ADW_EXPANDER_ROW (row), TRUE);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (name), _ ("Name"));
  gtk_editable_set_text (GTK_EDITABLE (name), connection->name);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (name), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (address), _ ("Address"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (address), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (address), connection->url);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), name);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), address);
  g_object_set_data (G_OBJECT (row), "mw-connection", GINT_TO_POINTER ((int) connection->id));
  g_signal_connect (row, "notify::enable-expansion", G_CALLBACK (switched_cb), self);
  g_signal_connect (name, "apply", G_CALLBACK (renamed_cb), self);
  return row;
}

/* The row stays while what it says changes: somebody may be typing in it */
static void
fill_row (MwPreferences          *self,
          GtkWidget              *row,
          const MwConnectionLine *line)
{
  const MwConnection *connection = line->connection;
  g_autoptr (GString) text = g_string_new (NULL);

  if (connection->home)
    /* Translators: of a connection: the clinician's own inbox is there */
    g_string_append_printf (text, "%s · ", _ ("Inbox"));
  g_string_append (text, status_words (connection));
  if (connection->enabled && line->complete > 0)
    {
      g_autofree char *when = mw_words_moment (line->complete, g_get_real_time ());
      g_autofree char *complete = g_strdup_printf (_ ("complete up to %s"), when);

      g_string_append_printf (text, " · %s", complete);
    }
  self->filling = TRUE;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), connection->name);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), text->str);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (row), connection->enabled);
  self->filling = FALSE;
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

      if (GPOINTER_TO_INT (g_object_get_data (self->rows->pdata[i], "mw-connection")) != (int) line->connection->id)
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
          GtkWidget *row = make_row (self, ((MwConnectionLine *) g_ptr_array_index (lines, i))->connection);

          adw_preferences_group_add (self->connections, row);
          g_ptr_array_add (self->rows, row);
        }
    }
  for (guint i = 0; i < self->rows->len; i++)
    fill_row (self, g_ptr_array_index (self->rows, i), g_ptr_array_index (lines, i));
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
