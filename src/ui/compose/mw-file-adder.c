/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-file-adder.h"

#include "mw-config.h"
#include "mw-file-row.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GCancellable   *cancellable;
  MwFileAdderFunc func;
  gpointer        user_data;
  char           *title;
  char           *content_type;
} Adder;

static Adder *
new_adder (GCancellable   *cancellable,
           MwFileAdderFunc func,
           gpointer        user_data)
{
  Adder *adder = g_new0 (Adder, 1);

  adder->cancellable = g_object_ref (cancellable);
  adder->func = func;
  adder->user_data = user_data;
  return adder;
}

static void
free_adder (Adder *adder)
{
  g_object_unref (adder->cancellable);
  g_free (adder->title);
  g_free (adder->content_type);
  g_free (adder);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Adder, free_adder)

static void
refuse (Adder      *adder,
        const char *sentence)
{
  if (!g_cancellable_is_cancelled (adder->cancellable))
    adder->func (NULL, NULL, NULL, sentence, adder->user_data);
}

static void
refuse_size (Adder *adder,
             gint64 size)
{
  guint megabyte = 1024 * 1024;
  guint most = MW_FILE_MAX_BYTES / megabyte;
  guint is = (guint) MIN ((size + megabyte - 1) / megabyte, G_MAXINT);
  /* Translators: a file's name, its size, and the largest size */
  g_autofree char *sentence = g_strdup_printf (_ ("“%s” has %u MB and cannot go along: many servers refuse more than %u MB. Make it smaller, or send a part of it."),
                                               adder->title, is, most);

  refuse (adder, sentence);
}

static void
refuse_unreadable (Adder *adder)
{
  g_autofree char *sentence = g_strdup_printf (_ ("“%s” cannot be read and was not added."), adder->title != NULL ? adder->title : "");

  refuse (adder, sentence);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Adder) adder = user_data;
  g_autoptr (GBytes) data = g_file_load_bytes_finish (G_FILE (source), result, NULL, NULL);

  if (g_cancellable_is_cancelled (adder->cancellable))
    return;
  if (data == NULL)
    refuse_unreadable (adder);
  else if (g_bytes_get_size (data) > MW_FILE_MAX_BYTES)
    refuse_size (adder, (gint64) g_bytes_get_size (data));
  else
    adder->func (adder->title, adder->content_type, data, NULL, adder->user_data);
}

static void
queried_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Adder) adder = user_data;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);
  g_autofree char *mime = NULL;

  if (g_cancellable_is_cancelled (adder->cancellable))
    return;
  if (info == NULL)
    {
      adder->title = g_file_get_basename (G_FILE (source));
      refuse_unreadable (adder);
      return;
    }
  adder->title = g_strdup (g_file_info_get_display_name (info));
  mime = g_file_info_get_content_type (info) != NULL ? g_content_type_get_mime_type (g_file_info_get_content_type (info)) : NULL;
  adder->content_type = mime != NULL ? g_steal_pointer (&mime) : g_strdup ("application/octet-stream");
  /* a device or a pipe has no end */
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    refuse_unreadable (adder);
  else if (g_file_info_get_size (info) > MW_FILE_MAX_BYTES)
    refuse_size (adder, g_file_info_get_size (info));
  else
    {
      GCancellable *cancellable = adder->cancellable;

      /* in a call it is not said which argument comes first */
      g_file_load_bytes_async (G_FILE (source), cancellable, loaded_cb, g_steal_pointer (&adder));
    }
}

/**
 * mw_file_adder_read:
 *
 * Reads a file that a person chose or dropped, when it is not too large.
 */
void
mw_file_adder_read (GFile          *file,
                    GCancellable   *cancellable,
                    MwFileAdderFunc func,
                    gpointer        user_data)
{
  g_file_query_info_async (file,
                           G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE,
                           G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, cancellable, queried_cb,
                           new_adder (cancellable, func, user_data));
}

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             gpointer         user_data)
{
  g_autoptr (GtkNativeDialog) own = dialog;
  g_autoptr (Adder) adder = user_data;
  g_autoptr (GListModel) files = NULL;

  if (response != GTK_RESPONSE_ACCEPT || g_cancellable_is_cancelled (adder->cancellable))
    return;
  files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      mw_file_adder_read (file, adder->cancellable, adder->func, adder->user_data);
    }
}

/**
 * mw_file_adder_choose:
 *
 * Lets the person choose files, several at once, and reads them.
 */
void
mw_file_adder_choose (GtkWindow      *parent,
                      GCancellable   *cancellable,
                      MwFileAdderFunc func,
                      gpointer        user_data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Add Files"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Add"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), new_adder (cancellable, func, user_data));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
