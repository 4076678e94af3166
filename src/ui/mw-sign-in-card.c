/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sign-in-card.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-connect-window.h"
#include "mw-sign-in-dialog.h"

#include <glib/gi18n-lib.h>

struct _MwSignInCard
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel    *name;
  GtkLabel    *text;
  GtkWidget   *button;

  MwStore      *store;
  MwConnection *connection;
};

G_DEFINE_FINAL_TYPE (MwSignInCard, mw_sign_in_card, ADW_TYPE_BIN)

static void
clicked_cb (MwSignInCard *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  if (self->connection == NULL)
    return;
  if (g_strcmp0 (self->connection->auth, "smart") == 0)
    mw_sign_in_dialog_present (window, self->store, self->connection);
  else
    mw_connect_window_present_again (window, self->store, self->connection);
}

static GtkLabel *
new_label (GtkWidget  *box,
           const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 22);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
mw_sign_in_card_dispose (GObject *object)
{
  MwSignInCard *self = MW_SIGN_IN_CARD (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->connection, mw_connection_free);
  G_OBJECT_CLASS (mw_sign_in_card_parent_class)->dispose (object);
}

static void
mw_sign_in_card_class_init (MwSignInCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_sign_in_card_dispose;
}

static void
mw_sign_in_card_init (MwSignInCard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-password-symbolic");

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  self->button = gtk_button_new ();
  self->name = new_label (words, "heading");
  self->text = new_label (words, "caption");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "suggested-action");
  gtk_widget_add_css_class (box, "mw-bar");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), self->button);
  gtk_revealer_set_child (self->revealer, box);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->revealer));
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
}

static const MwConnection *
find_waiting (MwOverview *overview)
{
  GPtrArray *lines = mw_overview_get_connections (overview);

  for (guint i = 0; i < lines->len; i++)
    {
      const MwConnectionLine *line = g_ptr_array_index (lines, i);

      if (line->connection->enabled && g_strcmp0 (line->connection->status, "sign-in") == 0)
        return line->connection;
    }
  return NULL;
}

/**
 * mw_sign_in_card_update:
 *
 * Shows the first server that waits for a sign-in; the next one comes when that is done.
 */
void
mw_sign_in_card_update (MwSignInCard *self,
                        MwStore      *store,
                        MwOverview   *overview)
{
  const MwConnection *waiting = find_waiting (overview);
  g_autofree char    *spoken = NULL;
  gboolean            smart;

  g_set_object (&self->store, store);
  g_clear_pointer (&self->connection, mw_connection_free);
  gtk_revealer_set_reveal_child (self->revealer, waiting != NULL);
  /* what is folded away is not in the way of the keyboard either */
  gtk_widget_set_sensitive (self->button, waiting != NULL);
  if (waiting == NULL)
    return;
  self->connection = mw_connection_copy (waiting);
  smart = g_strcmp0 (waiting->auth, "smart") == 0;
  gtk_label_set_text (self->name, waiting->name);
  gtk_label_set_text (self->text, waiting->status_text != NULL ? waiting->status_text : _ ("Sign in again."));
  gtk_button_set_label (GTK_BUTTON (self->button), smart ? _ ("Sign In") : _ ("Connect…"));
  spoken = g_strdup_printf (smart ? _ ("Sign In to %s") : _ ("Connect to %s Again"), waiting->name);
  mw_accessible_set_name (self->button, spoken);
}
