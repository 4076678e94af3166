/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-note-dialog.h"

#include "mw-compat.h"
#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-error-text.h"
#include "mw-file-row.h"
#include "mw-outbox.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

#define MW_TYPE_NOTE_DIALOG (mw_note_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MwNoteDialog, mw_note_dialog, MW, NOTE_DIALOG, AdwWindow)

struct _MwNoteDialog
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget      *send;
  GtkLabel       *label;
  GtkTextView    *note;
  GtkListBox     *files;
  GtkLabel       *trouble;
  GtkWidget      *add_file;

  GCancellable *cancellable;
  gboolean      must;
  GPtrArray    *new_files;
  GFile        *reading;
  MwNoteFunc    func;
  gpointer      user_data;
};

G_DEFINE_FINAL_TYPE (MwNoteDialog, mw_note_dialog, ADW_TYPE_WINDOW)

static char *
get_note (MwNoteDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->note);
  GtkTextIter    start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
update_send (MwNoteDialog *self)
{
  g_autofree char *note = get_note (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "note.send", (!self->must || *note != '\0' || self->new_files->len > 0) && self->reading == NULL);
}

static void
answer (MwNoteDialog *self,
        const char   *note)
{
  MwNoteFunc func = self->func;

  self->func = NULL;
  if (func != NULL)
    func (note, note != NULL ? g_ptr_array_ref (self->new_files) : NULL, self->user_data);
}

static void
send_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  MwNoteDialog    *self = MW_NOTE_DIALOG (widget);
  g_autofree char *note = get_note (self);

  answer (self, note);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
show_trouble (MwNoteDialog *self,
              const char   *text)
{
  gtk_label_set_text (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), text != NULL);
}

static void
add_file_row (MwNoteDialog *self,
              const char   *title,
              gsize         size)
{
  GtkWidget       *row = adw_action_row_new ();
  g_autofree char *words = mw_words_size ((gint64) size);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words);
  gtk_list_box_append (self->files, row);
  gtk_widget_set_visible (GTK_WIDGET (self->files), TRUE);
}

static void
file_read (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (MwNoteDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_steal_pointer (&self->reading);
  g_autofree char *title = g_file_get_basename (file);
  g_autofree char *type = NULL;
  g_autofree char *mime = NULL;
  g_autofree char *text = NULL;
  char            *contents = NULL;
  gsize            length = 0;

  g_file_load_contents_finish (G_FILE (source), result, &contents, &length, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    text = mw_error_text (error);
  else if (length > MW_FILE_MAX_BYTES)
    {
      g_free (contents);
      text = g_strdup_printf (_ ("“%s” is larger than 20 MB and cannot go along."), title);
    }
  else
    {
      g_autoptr (GBytes) data = g_bytes_new_take (contents, length);

      type = g_content_type_guess (title, g_bytes_get_data (data, NULL), MIN (length, 4096), NULL);
      mime = g_content_type_get_mime_type (type);
      g_ptr_array_add (self->new_files, mw_new_file_new (title, mime != NULL ? mime : "application/octet-stream", data));
      add_file_row (self, title, length);
    }
  show_trouble (self, text);
  update_send (self);
}

static void
size_known (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (MwNoteDialog) self = user_data;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  /* a file that is too large is refused before it is in memory */
  if (info != NULL && g_file_info_get_size (info) > MW_FILE_MAX_BYTES)
    {
      g_autofree char *text = g_strdup_printf (_ ("“%s” is larger than 20 MB and cannot go along."), g_file_info_get_display_name (info));

      g_clear_object (&self->reading);
      show_trouble (self, text);
      update_send (self);
      return;
    }
  g_file_load_contents_async (G_FILE (source), self->cancellable, file_read, g_object_ref (self));
}

static void
file_chosen (GFile   *file,
             gpointer user_data)
{
  g_autoptr (MwNoteDialog) self = user_data;

  if (file == NULL || self->reading != NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->reading = g_object_ref (file);
  update_send (self);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, self->cancellable, size_known, g_object_ref (self));
}

static void
add_file_cb (GtkButton    *button,
             MwNoteDialog *self)
{
  mw_compat_choose_file (GTK_WINDOW (self), _ ("Add a File"), file_chosen, g_object_ref (self));
}

static void
mw_note_dialog_dispose (GObject *object)
{
  MwNoteDialog *self = MW_NOTE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  answer (self, NULL);
  G_OBJECT_CLASS (mw_note_dialog_parent_class)->dispose (object);
}

static void
mw_note_dialog_finalize (GObject *object)
{
  MwNoteDialog *self = MW_NOTE_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_ptr_array_unref (self->new_files);
  G_OBJECT_CLASS (mw_note_dialog_parent_class)->finalize (object);
}

static void
mw_note_dialog_class_init (MwNoteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_note_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_note_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-note-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MwNoteDialog, title);
  gtk_widget_class_bind_template_child (widget_class, MwNoteDialog, send);
  gtk_widget_class_bind_template_child (widget_class, MwNoteDialog, label);
  gtk_widget_class_bind_template_child (widget_class, MwNoteDialog, note);
  gtk_widget_class_bind_template_child (widget_class, MwNoteDialog, files);
  gtk_widget_class_bind_template_child (widget_class, MwNoteDialog, trouble);
  gtk_widget_class_bind_template_child (widget_class, MwNoteDialog, add_file);
  gtk_widget_class_bind_template_callback (widget_class, add_file_cb);
  gtk_widget_class_install_action (widget_class, "note.send", NULL, send_cb);
}

static void
free_new_file (gpointer data)
{
  mw_new_file_free (data);
}

static void
mw_note_dialog_init (MwNoteDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->new_files = g_ptr_array_new_with_free_func (free_new_file);
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (GTK_WIDGET (self));
  g_signal_connect_swapped (gtk_text_view_get_buffer (self->note), "changed", G_CALLBACK (update_send), self);
}

/**
 * mw_note_dialog_present:
 * @action: of the entry's workflow, which says whether a note must and files may go along
 * @func: called exactly once
 *
 * Asks for what goes with an action: one field and one button with the action's own verb.
 */
void
mw_note_dialog_present (GtkWindow      *parent,
                        const MwAction *action,
                        const MwEntry  *entry,
                        MwNoteFunc      func,
                        gpointer        user_data)
{
  MwNoteDialog *self = g_object_new (MW_TYPE_NOTE_DIALOG, "transient-for", parent, NULL);

  self->must = action->note == 2;
  self->func = func;
  self->user_data = user_data;
  if (gtk_widget_has_css_class (GTK_WIDGET (parent), "sandbox"))
    gtk_widget_add_css_class (GTK_WIDGET (self), "sandbox");
  gtk_window_set_title (GTK_WINDOW (self), action->label);
  adw_window_title_set_title (self->title, action->label);
  adw_window_title_set_subtitle (self->title, entry->subject);
  gtk_button_set_label (GTK_BUTTON (self->send), action->label);
  gtk_widget_add_css_class (self->send, action->destructive ? "destructive-action" : "suggested-action");
  gtk_widget_set_visible (self->add_file, action->files);
  gtk_label_set_text (self->label, action->destructive ? _ ("Why not? The sender reads this.") : self->must ? _ ("What do you want to tell the sender?")
                                                                                                            : _ ("A note to go with it, if you like"));
  update_send (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->note));
  gtk_window_present (GTK_WINDOW (self));
}
