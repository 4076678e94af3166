/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-attachment-row.h"

#include "mw-accessible.h"
#include "mw-attachment.h"
#include "mw-config.h"

#include <glib/gi18n-lib.h>

struct _MwAttachmentRow
{
  GtkWidget parent_instance;

  GtkLabel  *title;
  GtkLabel  *detail;
  GtkWidget *open;
  GtkWidget *save;

  char                 *name;
  char                 *content_type;
  JsonNode             *source;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (MwAttachmentRow, mw_attachment_row, GTK_TYPE_WIDGET)

static void
say (MwAttachmentRow *self,
     const char      *sentence)
{
  gtk_label_set_text (self->detail, sentence);
}

static void
open_cb (MwAttachmentRow *self)
{
  g_autoptr (GBytes) data = mw_attachment_decode (self->source);
  g_autoptr (GFile) file = NULL;
  g_autofree char *uri = NULL;

  if (data == NULL || !mw_attachment_may_open (self->content_type, data))
    {
      say (self, _ ("This does not look like what the sender says it is. It can be saved, and is not opened from here."));
      return;
    }
  file = mw_attachment_put_aside (self->name, self->content_type, data, NULL);
  if (file == NULL)
    {
      say (self, _ ("It could not be opened: there is no private place to show it from. It can be saved instead."));
      return;
    }
  uri = g_file_get_uri (file);
  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri, GDK_CURRENT_TIME);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (MwAttachmentRow) self = user_data;

  say (self, g_file_replace_contents_finish (G_FILE (source), result, NULL, NULL)
                 ? _ ("Saved")
                 : _ ("It could not be saved there. Choose another folder."));
}

static void
chosen_cb (MwAttachmentRow *self,
           int              response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autoptr (GBytes) data = file != NULL ? mw_attachment_decode (self->source) : NULL;

  g_clear_object (&self->chooser);
  if (data != NULL)
    g_file_replace_contents_bytes_async (file, data, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, saved_cb, g_object_ref (self));
}

static void
save_cb (MwAttachmentRow *self)
{
  g_autofree char *name = mw_attachment_file_name (self->name, self->content_type);

  self->chooser = gtk_file_chooser_native_new (_ ("Save Attachment"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
mw_attachment_row_dispose (GObject *object)
{
  MwAttachmentRow *self = MW_ATTACHMENT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_ATTACHMENT_ROW);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->source, json_node_unref);
  G_OBJECT_CLASS (mw_attachment_row_parent_class)->dispose (object);
}

static void
mw_attachment_row_finalize (GObject *object)
{
  MwAttachmentRow *self = MW_ATTACHMENT_ROW (object);

  g_free (self->name);
  g_free (self->content_type);
  G_OBJECT_CLASS (mw_attachment_row_parent_class)->finalize (object);
}

static void
mw_attachment_row_class_init (MwAttachmentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_attachment_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_attachment_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-attachment-row.ui");
  gtk_widget_class_bind_template_child (widget_class, MwAttachmentRow, title);
  gtk_widget_class_bind_template_child (widget_class, MwAttachmentRow, detail);
  gtk_widget_class_bind_template_child (widget_class, MwAttachmentRow, open);
  gtk_widget_class_bind_template_child (widget_class, MwAttachmentRow, save);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
mw_attachment_row_init (MwAttachmentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
detail_text (const MwDescriptionAttachment *attachment,
             gboolean                       here)
{
  g_autofree char *kind = mw_attachment_kind_text (attachment->content_type);
  g_autofree char *size = attachment->size >= 0 ? g_format_size ((guint64) attachment->size) : NULL;
  const char      *where = here ? NULL : _ ("It is kept by the sender and has not been fetched");
  const char      *parts[4] = { NULL };
  guint            n = 0;

  if (kind[0] != '\0')
    parts[n++] = kind;
  if (size != NULL)
    parts[n++] = size;
  if (where != NULL)
    parts[n++] = where;
  return g_strjoinv (" · ", (char **) parts);
}

/**
 * mw_attachment_row_new:
 * @source: (nullable): the element that has the bytes, of mw_attachment_source()
 */
GtkWidget *
mw_attachment_row_new (const MwDescriptionAttachment *attachment,
                       JsonNode                      *source)
{
  MwAttachmentRow *self = g_object_new (MW_TYPE_ATTACHMENT_ROW, NULL);
  g_autofree char *detail = detail_text (attachment, source != NULL);
  g_autofree char *open = g_strdup_printf (_ ("Open %s"), attachment->title);
  g_autofree char *save = g_strdup_printf (_ ("Save %s"), attachment->title);

  self->name = g_strdup (attachment->title);
  self->content_type = g_strdup (attachment->content_type);
  self->source = source != NULL ? json_node_ref (source) : NULL;
  gtk_label_set_text (self->title, attachment->title);
  gtk_label_set_text (self->detail, detail);
  gtk_widget_set_visible (self->save, source != NULL);
  /* what the bytes are is looked at only when they are wanted: decoding is work */
  gtk_widget_set_visible (self->open, source != NULL && mw_attachment_is_viewable (attachment->content_type));
  mw_accessible_set_name (self->open, open);
  mw_accessible_set_name (self->save, save);
  return GTK_WIDGET (self);
}
