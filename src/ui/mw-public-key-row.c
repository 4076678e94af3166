/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-public-key-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _MwPublicKeyRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel  *text;
  GtkButton *copy;
  GtkLabel  *said;

  GtkFileChooserNative *chooser;
  gulong                drawn;
};

G_DEFINE_FINAL_TYPE (MwPublicKeyRow, mw_public_key_row, ADW_TYPE_PREFERENCES_ROW)

static void
say (MwPublicKeyRow *self,
     const char     *sentence)
{
  gtk_label_set_text (self->said, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->said), *sentence != '\0');
}

static void
copy_cb (MwPublicKeyRow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_text (self->text));
  gtk_button_set_label (self->copy, _ ("Copied"));
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (MwPublicKeyRow) self = user_data;

  say (self, g_file_replace_contents_finish (G_FILE (source), result, NULL, NULL)
                 ? _ ("Saved")
                 : _ ("It could not be saved there. Choose another folder."));
}

static void
chosen_cb (MwPublicKeyRow *self,
           int             response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  const char *text = gtk_label_get_text (self->text);
  g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));

  g_clear_object (&self->chooser);
  if (file != NULL)
    g_file_replace_contents_bytes_async (file, data, NULL, FALSE, G_FILE_CREATE_NONE, NULL, saved_cb, g_object_ref (self));
}

static void
save_cb (MwPublicKeyRow *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Public Key"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "jwks.json");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
drawn_cb (MwPublicKeyRow *self,
          GdkFrameClock  *clock)
{
  g_signal_handler_disconnect (clock, self->drawn);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
mw_public_key_row_dispose (GObject *object)
{
  MwPublicKeyRow *self = MW_PUBLIC_KEY_ROW (object);

  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (mw_public_key_row_parent_class)->dispose (object);
}

static void
mw_public_key_row_class_init (MwPublicKeyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_public_key_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-public-key-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPublicKeyRow, text);
  gtk_widget_class_bind_template_child (widget_class, MwPublicKeyRow, copy);
  gtk_widget_class_bind_template_child (widget_class, MwPublicKeyRow, said);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
mw_public_key_row_init (MwPublicKeyRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * mw_public_key_row_set_key:
 * @key: (nullable): its public part is shown, as a JSON Web Key Set (RFC 7517, 5)
 */
void
mw_public_key_row_set_key (MwPublicKeyRow *self,
                           MwKey          *key)
{
  g_autoptr (JsonNode) set = key != NULL ? mw_key_to_public_set (key) : NULL;
  g_autofree char *text = set != NULL ? mw_json_to_text (set, TRUE) : NULL;

  gtk_label_set_text (self->text, text != NULL ? text : "");
  gtk_button_set_label (self->copy, _ ("Copy"));
  say (self, "");
  gtk_widget_set_visible (GTK_WIDGET (self), key != NULL);
}

/**
 * mw_public_key_row_enter:
 *
 * Takes the keyboard there, and scrolls to it: as soon as it has a place in the window, for a row that has just come.
 */
void
mw_public_key_row_enter (MwPublicKeyRow *self)
{
  self->drawn = g_signal_connect_object (gtk_widget_get_frame_clock (GTK_WIDGET (self)), "after-paint", G_CALLBACK (drawn_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
