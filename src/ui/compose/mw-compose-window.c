/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-compose-window.h"

#include "mw-accessible.h"
#include "mw-compose-form.h"
#include "mw-compose-text.h"
#include "mw-config.h"
#include "mw-draft-saver.h"
#include "mw-file-adder.h"
#include "mw-preview-page.h"
#include "mw-quote.h"
#include "mw-record-picker.h"
#include "mw-when-popover.h"
#include "mw-when.h"

#include <glib/gi18n-lib.h>

struct _MwComposeWindow
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget      *back;
  GtkWidget      *preview_button;
  GtkWidget      *send;
  GtkInfoBar     *bar;
  GtkLabel       *bar_text;
  GtkWidget      *copy;
  GtkStack       *pages;
  MwComposeForm  *form;
  MwRecordPicker *picker;
  MwPreviewPage  *preview;
  MwWhenPopover  *later;
  GtkLabel       *status;

  MwStore      *store;
  MwDraftSaver *saver;
  GCancellable *cancellable;
  gboolean      closing;
  gboolean      scheduled;
};

G_DEFINE_FINAL_TYPE (MwComposeWindow, mw_compose_window, ADW_TYPE_WINDOW)

enum
{
  SAVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static MwDraft *
current_draft (gpointer user_data)
{
  return mw_compose_form_get_draft (MW_COMPOSE_WINDOW (user_data)->form);
}

static void
say (MwComposeWindow *self,
     GtkMessageType   type,
     const char      *sentence,
     gboolean         offer_copy)
{
  gtk_info_bar_set_message_type (self->bar, type);
  gtk_label_set_text (self->bar_text, sentence);
  gtk_widget_set_visible (self->copy, offer_copy);
  gtk_info_bar_set_revealed (self->bar, TRUE);
}

static void
show_status (MwComposeWindow *self,
             const char      *words)
{
  gtk_label_set_text (self->status, words != NULL ? words : "");
  if (words != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->status), TRUE);
}

static void
show_title (MwComposeWindow *self)
{
  g_autoptr (MwDraft) draft = mw_compose_form_get_draft (self->form);
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  gboolean    form = g_strcmp0 (page, "form") == 0;
  const char *title = mw_compose_title (draft);

  if (g_strcmp0 (page, "records") == 0)
    title = _ ("From the Record");
  else if (g_strcmp0 (page, "preview") == 0)
    title = _ ("What Will Be Sent");
  adw_window_title_set_title (self->title, title);
  /* the patient is in sight of every page; the window manager's title has no name in it */
  adw_window_title_set_subtitle (self->title, draft->patient_name != NULL && !form ? draft->patient_name : "");
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_widget_set_visible (self->back, !form);
  gtk_widget_set_visible (self->preview_button, form);
  gtk_widget_set_visible (self->send, g_strcmp0 (page, "records") != 0);
}

static void
show_page (MwComposeWindow *self,
           const char      *name)
{
  gtk_stack_set_visible_child_name (self->pages, name);
  show_title (self);
}

static void
changed_cb (MwComposeWindow *self)
{
  if (self->saver == NULL)
    return;
  mw_draft_saver_touch (self->saver);
  show_status (self, NULL);
  show_title (self);
}

/* ---- the draft on disk ---- */

static void
saved_cb (MwComposeWindow *self)
{
  if (mw_draft_saver_is_dirty (self->saver))
    return;
  gtk_label_set_text (self->status, _ ("Draft saved"));
  if (gtk_info_bar_get_message_type (self->bar) == GTK_MESSAGE_ERROR)
    gtk_info_bar_set_revealed (self->bar, FALSE);
}

static void
failed_cb (MwComposeWindow *self,
           GError          *error)
{
  gtk_label_set_text (self->status, _ ("Draft not saved"));
  say (self, GTK_MESSAGE_ERROR, mw_compose_error_text (error), TRUE);
}

static void
forked_cb (MwComposeWindow *self)
{
  say (self, GTK_MESSAGE_INFO, _ ("This draft was changed or sent from elsewhere in the meantime. What you see here goes on as a draft of its own."), FALSE);
}

static void
files_cb (MwComposeWindow *self)
{
  g_autoptr (GPtrArray) files = mw_draft_saver_dup_files (self->saver);

  mw_compose_form_set_files (self->form, files);
}

static void
remove_file_cb (MwComposeWindow *self,
                gint64           id)
{
  mw_draft_saver_remove_file (self->saver, id);
}

/* ---- sending ---- */

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (MwComposeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean gone = self->saver == NULL;

  if (!mw_draft_saver_send_finish (MW_DRAFT_SAVER (source), result, &error) && !gone)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->pages), TRUE);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "compose.send", TRUE);
      show_page (self, "form");
      say (self, GTK_MESSAGE_ERROR, mw_compose_error_text (error), TRUE);
      return;
    }
  if (gone)
    return;
  self->closing = TRUE;
  g_signal_emit (self, signals[SAVED], 0, mw_draft_saver_get_item (self->saver), self->scheduled);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
send (MwComposeWindow *self,
      gint64           not_before,
      gboolean         scheduled)
{
  g_autoptr (MwDraft) draft = mw_compose_form_get_draft (self->form);
  g_autoptr (MwDraft) outgoing = mw_compose_outgoing (draft);
  MwComposeField field;
  const char    *problem = mw_compose_problem (outgoing, mw_draft_saver_count_files (self->saver), &field);

  if (problem != NULL)
    {
      show_page (self, "form");
      mw_compose_form_show_problem (self->form, field, problem);
      return;
    }
  self->scheduled = scheduled;
  gtk_widget_set_sensitive (GTK_WIDGET (self->pages), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "compose.send", FALSE);
  mw_draft_saver_send_async (self->saver, outgoing, not_before, scheduled, sent_cb, g_object_ref (self));
}

static void
send_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  send (MW_COMPOSE_WINDOW (widget), g_get_real_time () + mw_undo_seconds () * G_USEC_PER_SEC, FALSE);
}

static void
later_cb (MwComposeWindow *self,
          GDateTime       *time)
{
  if (time != NULL)
    send (self, g_date_time_to_unix (time) * G_USEC_PER_SEC, TRUE);
}

/* ---- pages ---- */

static void
picked_cb (MwComposeWindow *self)
{
  g_auto (GStrv) references = mw_record_picker_dup_selected (self->picker);

  mw_compose_form_set_resources (self->form, (const char *const *) references);
  show_page (self, "form");
}

static void
back_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  MwComposeWindow *self = MW_COMPOSE_WINDOW (widget);

  const char *page = gtk_stack_get_visible_child_name (self->pages);

  if (g_strcmp0 (page, "form") == 0)
    gtk_window_close (GTK_WINDOW (self));
  /* what was ticked is not lost on the way back */
  else if (g_strcmp0 (page, "records") == 0)
    picked_cb (self);
  else
    {
      show_page (self, "form");
      gtk_widget_child_focus (GTK_WIDGET (self->form), GTK_DIR_TAB_FORWARD);
    }
}

static void
preview_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  MwComposeWindow *self = MW_COMPOSE_WINDOW (widget);
  g_autoptr (MwDraft) draft = mw_compose_form_get_draft (self->form);
  g_autoptr (MwDraft) outgoing = mw_compose_outgoing (draft);
  MwComposeField field;
  const char    *problem = mw_compose_problem (outgoing, mw_draft_saver_count_files (self->saver), &field);

  mw_preview_page_show (self->preview, self->store, outgoing, mw_draft_saver_get_item (self->saver), problem);
  show_page (self, "preview");
  gtk_widget_child_focus (GTK_WIDGET (self->preview), GTK_DIR_TAB_FORWARD);
}

static void
choose_records_cb (MwComposeWindow *self)
{
  g_autoptr (MwDraft) draft = mw_compose_form_get_draft (self->form);

  mw_record_picker_load (self->picker, self->store, mw_compose_form_get_patient (self->form),
                         (const char *const *) draft->resources);
  show_page (self, "records");
  mw_record_picker_take_focus (self->picker);
}

/* ---- files ---- */

static void
file_cb (const char *title,
         const char *content_type,
         GBytes     *data,
         const char *problem,
         gpointer    user_data)
{
  MwComposeWindow *self = user_data;

  if (problem != NULL)
    say (self, GTK_MESSAGE_WARNING, problem, FALSE);
  else
    mw_draft_saver_add_file (self->saver, title, content_type, data);
}

static void
choose_files_cb (MwComposeWindow *self)
{
  mw_file_adder_choose (GTK_WINDOW (self), self->cancellable, file_cb, self);
}

static gboolean
drop_cb (MwComposeWindow *self,
         const GValue    *value)
{
  GSList *files = g_value_get_boxed (value);

  for (GSList *l = files; l != NULL; l = l->next)
    mw_file_adder_read (l->data, self->cancellable, file_cb, self);
  return files != NULL;
}

/* ---- the window ---- */

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  g_autoptr (MwDraft) draft = mw_compose_form_get_draft (MW_COMPOSE_WINDOW (widget)->form);
  g_autofree char *text = mw_compose_to_plain (draft);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
bar_cb (MwComposeWindow *self)
{
  gtk_info_bar_set_revealed (self->bar, FALSE);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (MwComposeWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (mw_draft_saver_flush_finish (MW_DRAFT_SAVER (source), result, &error) || self->saver == NULL)
    {
      self->closing = TRUE;
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  /* the text is nowhere else: it stays in sight */
  gtk_window_present (GTK_WINDOW (self));
  say (self, GTK_MESSAGE_ERROR, mw_compose_error_text (error), TRUE);
}

static gboolean
close_request_cb (MwComposeWindow *self)
{
  g_autoptr (MwDraft) draft = NULL;

  if (self->closing || self->saver == NULL)
    return GDK_EVENT_PROPAGATE;
  draft = mw_compose_form_get_draft (self->form);
  if (mw_compose_is_empty (draft, mw_draft_saver_count_files (self->saver)))
    {
      mw_draft_saver_discard (self->saver);
      return GDK_EVENT_PROPAGATE;
    }
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  mw_draft_saver_flush_async (self->saver, kept_cb, g_object_ref (self));
  return GDK_EVENT_STOP;
}

static void
mw_compose_window_dispose (GObject *object)
{
  MwComposeWindow *self = MW_COMPOSE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->saver != NULL)
    mw_draft_saver_stop (self->saver);
  g_clear_object (&self->saver);
  g_clear_object (&self->store);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_COMPOSE_WINDOW);
  G_OBJECT_CLASS (mw_compose_window_parent_class)->dispose (object);
}

static void
mw_compose_window_finalize (GObject *object)
{
  g_clear_object (&MW_COMPOSE_WINDOW (object)->cancellable);
  G_OBJECT_CLASS (mw_compose_window_parent_class)->finalize (object);
}

static void
add_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "compose.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "compose.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "compose.preview", NULL, preview_action);
  gtk_widget_class_install_action (widget_class, "compose.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "compose.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, title);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, back);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, preview_button);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, send);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, bar);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, bar_text);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, copy);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, form);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, picker);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, preview);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, later);
  gtk_widget_class_bind_template_child (widget_class, MwComposeWindow, status);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_records_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_files_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, later_cb);
  gtk_widget_class_bind_template_callback (widget_class, bar_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
mw_compose_window_class_init (MwComposeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_compose_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_compose_window_finalize;
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_BOOLEAN);
  g_type_ensure (MW_TYPE_COMPOSE_FORM);
  g_type_ensure (MW_TYPE_PREVIEW_PAGE);
  g_type_ensure (MW_TYPE_RECORD_PICKER);
  g_type_ensure (MW_TYPE_WHEN_POPOVER);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-compose-window.ui");
  bind_children (widget_class);
  add_actions (widget_class);
}

static void
mw_compose_window_init (MwComposeWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (self->send);
  g_signal_connect_object (drop, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

static void
quoted_cb (const char *title,
           const char *text,
           gpointer    user_data)
{
  mw_compose_form_set_quote (MW_COMPOSE_WINDOW (user_data)->form, title, text);
}

/* Reads a stored draft; one that is no draft any more is taken as the beginning of another */
static MwDraft *
load_item (MwStore *store,
           gint64  *item,
           gint64  *revision,
           gint64  *entry)
{
  MwDb *db = mw_store_get_reader (store, NULL);
  g_autoptr (MwItem) row = db != NULL ? mw_items_load (db, *item, NULL) : NULL;
  MwDraft *draft = row != NULL && row->content != NULL ? mw_draft_new_from_text (row->content, NULL) : NULL;

  *revision = row != NULL ? row->revision : 1;
  if (row != NULL && row->entry != 0)
    *entry = row->entry;
  if (row == NULL || row->state != MW_ITEM_DRAFT)
    *item = 0;
  return draft;
}

static void
start (MwComposeWindow *self,
       gint64           item,
       const MwDraft   *draft,
       gint64           entry)
{
  gint64 revision = 1;
  g_autoptr (MwDraft) own = item != 0 ? load_item (self->store, &item, &revision, &entry) : NULL;

  if (own == NULL)
    own = draft != NULL ? mw_compose_copy (draft) : mw_draft_new (MW_KIND_MESSAGE);
  mw_compose_form_set_store (self->form, self->store);
  mw_compose_form_set_draft (self->form, own);
  self->saver = mw_draft_saver_new (self->store, item, revision, entry);
  mw_draft_saver_set_source (self->saver, current_draft, self);
  g_signal_connect_object (self->saver, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->saver, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->saver, "forked", G_CALLBACK (forked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->saver, "files", G_CALLBACK (files_cb), self, G_CONNECT_SWAPPED);
  files_cb (self);
  if (entry != 0)
    mw_quote_load (self->store, entry, self->cancellable, quoted_cb, self);
  show_title (self);
  mw_compose_form_focus_first (self->form);
}

/**
 * mw_compose_window_new:
 * @parent: (nullable): the window it belongs to
 * @item: a stored draft to go on with; 0 for a new one
 * @draft: (nullable): what a new one begins with: a reply, or a patient
 * @entry: what it answers; 0 for none
 *
 * A new one leaves nothing on disk until something is changed in it.
 */
MwComposeWindow *
mw_compose_window_new (MwStore       *store,
                       GtkWindow     *parent,
                       gint64         item,
                       const MwDraft *draft,
                       gint64         entry)
{
  MwComposeWindow *self;

  g_return_val_if_fail (MW_IS_STORE (store), NULL);
  self = g_object_new (MW_TYPE_COMPOSE_WINDOW, NULL);
  self->store = g_object_ref (store);
  if (parent != NULL)
    {
      gtk_window_set_application (GTK_WINDOW (self), gtk_window_get_application (parent));
      gtk_window_set_transient_for (GTK_WINDOW (self), parent);
      if (gtk_widget_has_css_class (GTK_WIDGET (parent), "sandbox"))
        gtk_widget_add_css_class (GTK_WIDGET (self), "sandbox");
    }
  start (self, item, draft, entry);
  return self;
}

/**
 * mw_compose_window_get_item:
 *
 * Returns: the draft's row, to find the window that already has it; 0 while nothing is on disk
 */
gint64
mw_compose_window_get_item (MwComposeWindow *self)
{
  return self->saver != NULL ? mw_draft_saver_get_item (self->saver) : 0;
}
