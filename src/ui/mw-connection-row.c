/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-connection-row.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-connection-check.h"
#include "mw-error-text.h"
#include "mw-person.h"
#include "mw-remove-dialog.h"
#include "mw-sign-in-dialog.h"
#include "mw-sign-out.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

struct _MwConnectionRow
{
  AdwExpanderRow parent_instance;

  GtkWidget    *name;
  AdwActionRow *address;
  GtkWidget    *test;
  GtkWidget    *person; /* for a connection that somebody signs in to */
  GtkWidget    *sign;
  GtkSwitch    *directory;
  GtkWidget    *remove;

  MwStore      *store;
  MwConnection *connection;
  GCancellable *cancellable;
  GPtrArray    *steps; /* of the last test */
  gboolean      filling;
};

G_DEFINE_FINAL_TYPE (MwConnectionRow, mw_connection_row, ADW_TYPE_EXPANDER_ROW)

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

/* ---- name and switch ------------------------------------------------------------------- */

typedef gboolean (*ChangeFunc) (MwDb    *db,
                                gint64   id,
                                gboolean on,
                                GError **error);

typedef struct
{
  gint64     id;
  ChangeFunc func; /* for a switch */
  gboolean   on;
  char      *name; /* NULL: something is switched on or off */
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
    ok = change->func (db, change->id, change->on, error);
  return ok ? 0 : -1;
}

static void
show_switch (MwConnectionRow *self)
{
  self->filling = TRUE;
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self), self->connection->enabled);
  gtk_switch_set_active (self->directory, self->connection->directory);
  self->filling = FALSE;
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (MwConnectionRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (mw_store_write_finish (MW_STORE (source), result, &error) >= 0 || self->store == NULL)
    return;
  text = mw_error_text (error);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
  show_switch (self);
}

static void
change (MwConnectionRow *self,
        ChangeFunc       func,
        gboolean         on,
        const char      *name)
{
  Change *input = g_new0 (Change, 1);

  input->id = self->connection->id;
  input->func = func;
  input->on = on;
  input->name = g_strdup (name);
  mw_store_write_async (self->store, write_change, input, change_free, NULL, changed_cb, g_object_ref (self));
}

static void
switched_cb (MwConnectionRow *self)
{
  if (!self->filling && self->connection != NULL)
    change (self, mw_connections_set_enabled, adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (self)), NULL);
}

static void
directory_cb (MwConnectionRow *self)
{
  if (!self->filling && self->connection != NULL)
    change (self, mw_connections_set_directory, gtk_switch_get_active (self->directory), NULL);
}

static void
renamed_cb (MwConnectionRow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));

  if (*name != '\0')
    change (self, NULL, FALSE, name);
  else
    gtk_editable_set_text (GTK_EDITABLE (self->name), self->connection->name);
}

/* ---- test ------------------------------------------------------------------------------ */

static const struct
{
  const char *icon;
  const char *style;
  const char *spoken;
} looks[] = {
  [MW_CHECK_PASSED] = { "object-select-symbolic", "success", N_ ("Passed") },
  [MW_CHECK_WARNED] = { "dialog-warning-symbolic", "warning", N_ ("Warning") },
  [MW_CHECK_FAILED] = { "dialog-error-symbolic", "error", N_ ("Failed") },
  [MW_CHECK_SKIPPED] = { "content-loading-symbolic", "dim-label", N_ ("Not tried") },
};

static void
show_step (MwConnectionRow   *self,
           const MwCheckStep *step)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (looks[step->result].icon);

  gtk_widget_add_css_class (icon, looks[step->result].style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (looks[step->result].spoken), -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), step->text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  g_ptr_array_add (self->steps, row);
}

static void
forget_steps (MwConnectionRow *self)
{
  for (guint i = 0; i < self->steps->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->steps, i));
  g_ptr_array_set_size (self->steps, 0);
}

static void
tested_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (MwConnectionRow) self = user_data;
  g_autoptr (GPtrArray) steps = mw_connection_check_finish (result, NULL);

  if (steps == NULL || self->store == NULL)
    return;
  gtk_widget_set_sensitive (self->test, TRUE);
  gtk_button_set_label (GTK_BUTTON (self->test), _ ("Test"));
  for (guint i = 0; i < steps->len; i++)
    show_step (self, g_ptr_array_index (steps, i));
}

static void
test_cb (MwConnectionRow *self)
{
  forget_steps (self);
  gtk_widget_set_sensitive (self->test, FALSE);
  gtk_button_set_label (GTK_BUTTON (self->test), _ ("Testing…"));
  mw_connection_check_async (self->connection, self->cancellable, tested_cb, g_object_ref (self));
}

/* ---- removal --------------------------------------------------------------------------- */

static void
remove_cb (MwConnectionRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    mw_remove_dialog_present (GTK_WINDOW (root), self->store, self->connection);
}

/* ---- signing in and out ------------------------------------------------------------------ */

static gboolean
is_signed_in (const MwConnection *connection)
{
  return g_strcmp0 (connection->status, "sign-in") != 0;
}

static void
signed_out_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MwConnectionRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (mw_sign_out_finish (MW_STORE (source), result, &error) || self->store == NULL)
    return;
  text = mw_error_text (error);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->person), text);
  gtk_widget_set_sensitive (self->sign, TRUE);
}

static void
sign_cb (MwConnectionRow *self)
{
  if (!is_signed_in (self->connection))
    {
      mw_sign_in_dialog_present (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->store, self->connection);
      return;
    }
  gtk_widget_set_sensitive (self->sign, FALSE);
  mw_sign_out_async (self->store, self->connection, NULL, signed_out_cb, g_object_ref (self));
}

/* Returns: (transfer full): the name of who is signed in, as far as it is known */
static char *
person_words (MwConnectionRow *self)
{
  const MwConnection *connection = self->connection;
  g_autofree char    *reference = connection->me != NULL ? g_strdup_printf ("%s/%s", connection->url, connection->me) : NULL;
  g_autoptr (MwPerson) who = reference != NULL ? mw_people_by_reference (mw_store_get_reader (self->store, NULL), reference) : NULL;

  if (!is_signed_in (connection))
    return g_strdup (connection->status_text != NULL ? connection->status_text : "");
  if (who != NULL)
    return g_strdup (who->name);
  return g_strdup (connection->me != NULL ? connection->me : "");
}

static void
show_person (MwConnectionRow *self)
{
  const MwConnection *connection = self->connection;
  g_autofree char    *words = person_words (self);

  gtk_widget_set_visible (self->person, g_strcmp0 (connection->auth, "smart") == 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->person), words);
  gtk_button_set_label (GTK_BUTTON (self->sign), is_signed_in (connection) ? _ ("Sign Out") : _ ("Sign In…"));
  gtk_widget_set_sensitive (self->sign, TRUE);
}

static void
add_person (MwConnectionRow *self)
{
  self->person = adw_action_row_new ();
  self->sign = gtk_button_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->person), _ ("Signed in with the browser"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->person), FALSE);
  gtk_widget_set_valign (self->sign, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->person), self->sign);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), self->person);
  g_signal_connect_object (self->sign, "clicked", G_CALLBACK (sign_cb), self, G_CONNECT_SWAPPED);
}

/* ---- the row --------------------------------------------------------------------------- */

/* The switch is the expander's own and has no name for a screen reader */
static void
name_switch (GtkWidget  *widget,
             const char *name)
{
  if (GTK_IS_SWITCH (widget))
    mw_accessible_set_name (widget, name);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    name_switch (child, name);
}

static void
mw_connection_row_dispose (GObject *object)
{
  MwConnectionRow *self = MW_CONNECTION_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_connection_row_parent_class)->dispose (object);
}

static void
mw_connection_row_finalize (GObject *object)
{
  MwConnectionRow *self = MW_CONNECTION_ROW (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->steps);
  g_clear_pointer (&self->connection, mw_connection_free);
  G_OBJECT_CLASS (mw_connection_row_parent_class)->finalize (object);
}

static void
mw_connection_row_class_init (MwConnectionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_connection_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_connection_row_finalize;
}

static GtkWidget *
new_directory_row (MwConnectionRow *self)
{
  GtkWidget *row = adw_action_row_new ();

  self->directory = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->directory), GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Look up people and places here"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->directory));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (self->directory));
  mw_accessible_set_name (GTK_WIDGET (self->directory), _ ("Look Up People and Places Here"));
  g_signal_connect_object (self->directory, "notify::active", G_CALLBACK (directory_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static void
mw_connection_row_init (MwConnectionRow *self)
{
  GtkWidget *address = adw_action_row_new ();

  self->cancellable = g_cancellable_new ();
  self->steps = g_ptr_array_new ();
  self->name = adw_entry_row_new ();
  self->test = gtk_button_new_with_label (_ ("Test"));
  self->remove = gtk_button_new_from_icon_name ("user-trash-symbolic");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_expander_row_set_show_enable_switch (ADW_EXPANDER_ROW (self), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name), _ ("Name"));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (self->name), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (address), _ ("Address"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (address), FALSE);
  gtk_widget_set_valign (self->test, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (address), self->test);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (address), self->test);
  mw_accessible_set_name (self->test, _ ("Test This Connection"));
  gtk_widget_set_valign (self->remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->remove, "flat");
  gtk_widget_set_tooltip_text (self->remove, _ ("Remove This Connection…"));
  mw_accessible_set_name (self->remove, _ ("Remove This Connection…"));
  /* in the row itself: one that is switched off does not open */
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->remove);
  self->address = ADW_ACTION_ROW (address);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), self->name);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), address);
  add_person (self);
  /* Translators: a switch: whether this connection is made use of */
  name_switch (GTK_WIDGET (self), _ ("Use This Connection"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), new_directory_row (self));
  g_signal_connect (self, "notify::enable-expansion", G_CALLBACK (switched_cb), NULL);
  g_signal_connect_object (self->name, "apply", G_CALLBACK (renamed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->remove, "clicked", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->test, "clicked", G_CALLBACK (test_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
mw_connection_row_new (MwStore                *store,
                       const MwConnectionLine *line)
{
  MwConnectionRow *self = g_object_new (MW_TYPE_CONNECTION_ROW, NULL);

  self->store = g_object_ref (store);
  mw_connection_row_update (self, line);
  gtk_editable_set_text (GTK_EDITABLE (self->name), line->connection->name);
  return GTK_WIDGET (self);
}

gint64
mw_connection_row_get_id (MwConnectionRow *self)
{
  return self->connection->id;
}

/**
 * mw_connection_row_update:
 * @line: how the same connection is now
 *
 * What somebody is typing, and the test's result, stay.
 */
void
mw_connection_row_update (MwConnectionRow        *self,
                          const MwConnectionLine *line)
{
  const MwConnection *connection = line->connection;
  g_autoptr (GString) text = g_string_new (NULL);

  g_clear_pointer (&self->connection, mw_connection_free);
  self->connection = mw_connection_copy (connection);
  if (connection->home)
    g_string_append_printf (text, "%s · ", _ ("Inbox"));
  if (connection->directory)
    g_string_append_printf (text, "%s · ", _ ("Directory"));
  if (connection->origin != NULL)
    g_string_append_printf (text, "%s · ", _ ("Set up by your administrator"));
  g_string_append (text, status_words (connection));
  if (connection->enabled && line->complete > 0)
    {
      g_autofree char *when = mw_words_moment (line->complete, g_get_real_time ());
      g_autofree char *complete = g_strdup_printf (_ ("complete up to %s"), when);

      g_string_append_printf (text, " · %s", complete);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), connection->name);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text->str);
  adw_action_row_set_subtitle (self->address, connection->url);
  show_person (self);
  /* what an administrator has set up can be switched off, and nothing else */
  gtk_widget_set_visible (self->remove, connection->origin == NULL);
  gtk_widget_set_sensitive (self->name, connection->origin == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->directory), connection->origin == NULL);
  show_switch (self);
}
