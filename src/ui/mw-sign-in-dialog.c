/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sign-in-dialog.h"

#include "mw-compat.h"
#include "mw-config.h"
#include "mw-connect.h"
#include "mw-error-text.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  AdwMessageDialog *dialog; /* NULL once it is gone */
  MwStore          *store;
  MwConnection     *connection;
  GCancellable     *cancellable;
  GtkWidget        *again;
  char             *url;
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *self = data;

  g_object_unref (self->store);
  mw_connection_free (self->connection);
  g_object_unref (self->cancellable);
  g_free (self->url);
}

static SignIn *
sign_in_ref (SignIn *self)
{
  return g_rc_box_acquire (self);
}

static void
sign_in_unref (SignIn *self)
{
  g_rc_box_release_full (self, sign_in_free);
}

static void
open_browser (SignIn *self)
{
  mw_compat_show_uri (GTK_WINDOW (self->dialog), self->url);
}

static void
show_address (const char *url,
              gpointer    user_data)
{
  SignIn *self = user_data;

  if (self->dialog == NULL)
    return;
  g_free (self->url);
  self->url = g_strdup (url);
  gtk_widget_set_visible (self->again, TRUE);
  open_browser (self);
}

static void
signed_in (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  SignIn *self = user_data;
  g_autoptr (GError) error = NULL;

  mw_connect_finish (MW_STORE (source), result, &error);
  if (self->dialog != NULL && error == NULL)
    gtk_window_close (GTK_WINDOW (self->dialog));
  else if (self->dialog != NULL)
    {
      g_autofree char *text = mw_error_text (error);

      adw_message_dialog_set_body (self->dialog, text);
      adw_message_dialog_set_response_label (self->dialog, "cancel", _ ("_Close"));
      gtk_widget_set_visible (self->again, FALSE);
    }
  sign_in_unref (self);
}

static void
gone (SignIn  *self,
      GObject *dialog)
{
  self->dialog = NULL;
  g_cancellable_cancel (self->cancellable);
  sign_in_unref (self);
}

static void
gone_cb (gpointer data,
         GObject *dialog)
{
  gone (data, dialog);
}

static void
again_cb (GtkButton *button,
          SignIn    *self)
{
  if (self->dialog != NULL && self->url != NULL)
    open_browser (self);
}

/**
 * mw_sign_in_dialog_present:
 * @connection: one that a person signs in to; copied
 *
 * Sends the person to her browser, and waits until she is back or changes her mind. Nothing else has to wait for it.
 */
void
mw_sign_in_dialog_present (GtkWindow          *parent,
                           MwStore            *store,
                           const MwConnection *connection)
{
  SignIn          *self = g_rc_box_new0 (SignIn);
  g_autofree char *title = g_strdup_printf (_ ("Sign In to %s"), connection->name);
  MwBrowser        browser = { .func = show_address, .user_data = self };

  self->dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, title, _ ("Your browser opens at a page of the server. Sign in there; Meanwhile goes on by itself.")));
  self->store = g_object_ref (store);
  self->connection = mw_connection_copy (connection);
  self->cancellable = g_cancellable_new ();
  self->again = gtk_button_new_with_label (_ ("Open the Browser Again"));
  gtk_widget_set_halign (self->again, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->again, FALSE);
  g_signal_connect (self->again, "clicked", G_CALLBACK (again_cb), self);
  adw_message_dialog_set_extra_child (self->dialog, self->again);
  adw_message_dialog_add_response (self->dialog, "cancel", _ ("_Cancel"));
  g_object_weak_ref (G_OBJECT (self->dialog), gone_cb, self);
  gtk_window_present (GTK_WINDOW (self->dialog));
  mw_connect_in_browser_async (store, self->connection, NULL, &browser, self->cancellable, signed_in, sign_in_ref (self));
}
