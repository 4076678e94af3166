/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-remove-dialog.h"

#include "mw-config.h"
#include "mw-connection-remove.h"
#include "mw-error-text.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* A connection that is about to be removed. Lives from the question to the answer, beside its windows */
typedef struct
{
  GtkWindow       *parent;
  MwStore         *store;
  MwConnection    *connection;
  MwConnectionLoad load;
} Asking;

static void
asking_free (Asking *asking)
{
  g_object_unref (asking->parent);
  g_object_unref (asking->store);
  mw_connection_free (asking->connection);
  g_free (asking);
}

static void
say (Asking     *asking,
     const char *heading,
     const char *text)
{
  GtkWidget *dialog = adw_message_dialog_new (asking->parent, heading, text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Asking *asking = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwRemoved) removed = mw_connection_remove_finish (result, &error);

  if (removed == NULL)
    {
      g_autofree char *text = mw_error_text (error);

      say (asking, _ ("Not Removed"), text);
    }
  else if (removed->secret_text != NULL)
    say (asking, _ ("Removed"), removed->secret_text);
  asking_free (asking);
}

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             gpointer          user_data)
{
  Asking         *asking = user_data;
  MwWaitingChoice choice = MW_WAITING_ASK;

  if (g_str_equal (response, "cancel"))
    {
      asking_free (asking);
      return;
    }
  if (g_str_equal (response, "keep"))
    choice = MW_WAITING_KEEP;
  else if (g_str_equal (response, "withdraw"))
    choice = MW_WAITING_WITHDRAW;
  mw_connection_remove_async (asking->store, asking->connection->id, choice, NULL, removed_cb, asking);
}

/* Wide answers stand above each other where there is no room */
static void
add_responses (Asking           *asking,
               AdwMessageDialog *dialog)
{
  adw_message_dialog_add_response (dialog, "cancel", _ ("_Cancel"));
  if (asking->load.waiting + asking->load.uncertain == 0)
    adw_message_dialog_add_response (dialog, "remove", _ ("_Remove"));
  else
    {
      adw_message_dialog_add_response (dialog, "keep", _ ("Remove, _Keep Items"));
      if (asking->load.waiting > 0)
        adw_message_dialog_add_response (dialog, "withdraw", _ ("Remove, _Withdraw Items"));
    }
  if (adw_message_dialog_has_response (dialog, "remove"))
    adw_message_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  if (adw_message_dialog_has_response (dialog, "withdraw"))
    adw_message_dialog_set_response_appearance (dialog, "withdraw", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
}

static void
weighed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Asking *asking = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *words = NULL;
  g_autoptr (GString) text = NULL;
  GtkWidget *dialog;

  if (mw_store_read_finish (MW_STORE (source), result, &error) < 0)
    {
      g_autofree char *sentence = mw_error_text (error);

      say (asking, _ ("Not Removed"), sentence);
      asking_free (asking);
      return;
    }
  words = mw_connection_removal_words (asking->connection, &asking->load);
  text = g_string_new (words);
  if (asking->load.waiting > 0)
    {
      guint n = (guint) asking->load.waiting;

      g_string_append (text, "\n\n");
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE,
                                           "%u item waits for it. Kept, it needs your attention: you can choose another recipient, or retry after connecting again.",
                                           "%u items wait for it. Kept, they need your attention: you can choose another recipient, or retry after connecting again.", n),
                              n);
    }
  /* Translators: %s is the name of a connection */
  heading = g_strdup_printf (_ ("Remove %s?"), asking->connection->name);
  dialog = adw_message_dialog_new (asking->parent, heading, text->str);
  add_responses (asking, ADW_MESSAGE_DIALOG (dialog));
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), asking);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gint64
weigh (MwDb    *db,
       gpointer input,
       GError **error)
{
  Asking *asking = input;

  mw_connections_weigh (db, asking->connection->id, &asking->load);
  return 0;
}

/**
 * mw_remove_dialog_present:
 *
 * Asks whether the connection is to be removed, says what that means, and what is to become of the items that wait for it;
 * then removes it, or says why not.
 */
void
mw_remove_dialog_present (GtkWindow          *parent,
                          MwStore            *store,
                          const MwConnection *connection)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->parent = g_object_ref (parent);
  asking->store = g_object_ref (store);
  asking->connection = mw_connection_copy (connection);
  mw_store_read_async (store, weigh, asking, NULL, NULL, weighed_cb, asking);
}
