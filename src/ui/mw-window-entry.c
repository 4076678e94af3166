/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-window-private.h"

#include "mw-config.h"
#include "mw-note-dialog.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  MwWindow *window;
  MwDraft  *draft;
  gint64    entry;
  guint     seconds;
} Post;

static void
post_free (Post *post)
{
  g_object_unref (post->window);
  mw_draft_free (post->draft);
  g_free (post);
}

/**
 * mw_window_item_saved:
 *
 * Says that an item is on disk, and offers to take it back while it has not left.
 */
void
mw_window_item_saved (MwWindow *self,
                      gint64    item,
                      gboolean  scheduled)
{
  guint            seconds = mw_settings_get_undo_seconds (self->settings);
  g_autofree char *text = NULL;

  mw_window_forget_undo (self);
  if (scheduled)
    text = g_strdup (_ ("Saved. It leaves at the time you set"));
  else if (seconds > 0)
    text = g_strdup_printf (ngettext ("Saved. It leaves in %u second", "Saved. It leaves in %u seconds", seconds), seconds);
  else
    text = g_strdup (_ ("Saved"));
  if (!scheduled && seconds == 0)
    {
      mw_window_toast (self, text);
      return;
    }
  self->undo.item = item;
  mw_window_update_actions (self);
  mw_window_toast_undo (self, text, scheduled ? 5 : seconds);
}

/* ---- what an entry offers -------------------------------------------------------- */

static void
posted (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Post *post = user_data;
  g_autoptr (GError) error = NULL;
  gint64 item = mw_outbox_post_finish (MW_STORE (source), result, &error);

  if (post->window->store != NULL && error != NULL)
    mw_window_trouble (post->window, _ ("It was not saved, and nothing was sent."), error);
  else if (post->window->store != NULL)
    mw_window_item_saved (post->window, item, FALSE);
  post_free (post);
}

static void
send_it (Post       *post,
         const char *note,
         GPtrArray  *files)
{
  gint64 now = g_get_real_time ();

  if (note != NULL && *note != '\0')
    {
      g_free (post->draft->note);
      post->draft->note = g_strdup (note);
    }
  mw_outbox_post_async (post->window->store, post->draft, post->entry, files, now + (gint64) post->seconds * G_USEC_PER_SEC, FALSE, now,
                        NULL, posted, post);
}

static void
note_done (const char *note,
           GPtrArray  *files,
           gpointer    user_data)
{
  Post *post = user_data;

  if (note == NULL)
    post_free (post);
  else
    send_it (post, note, files);
}

static void
begin_send (MwWindow       *self,
            const MwDetail *detail,
            const MwAction *action,
            MwDraft        *draft)
{
  Post *post = g_new0 (Post, 1);

  post->window = g_object_ref (self);
  post->draft = draft;
  post->entry = detail->id;
  post->seconds = mw_settings_get_undo_seconds (self->settings);
  if (action->note == 0 && !action->files)
    send_it (post, NULL, NULL);
  else
    mw_note_dialog_present (GTK_WINDOW (self), action, detail->entry, note_done, post);
}

/**
 * mw_window_entry_action:
 * @name: of an action that the entry on the page offers now
 */
void
mw_window_entry_action (MwWindow   *self,
                        const char *name)
{
  MwDetail       *detail = mw_reading_pane_get_detail (self->reading);
  const MwAction *action = detail != NULL && !detail->is_item && detail->actions != NULL ? mw_action_find (detail->actions, name) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwDraft) draft = NULL;
  MwDb *db;

  if (action == NULL)
    return;
  if (action->effect == MW_EFFECT_LOCAL)
    {
      mw_window_triage (self, MW_TRIAGE_ACKNOWLEDGE, 0, TRUE);
      return;
    }
  db = mw_store_get_reader (self->store, &error);
  draft = db != NULL ? mw_outbox_draft_for_action (db, detail->entry, action, &error) : NULL;
  if (draft == NULL)
    mw_window_trouble (self, _ ("That cannot be done now."), error);
  else if (action->effect == MW_EFFECT_COMPOSE)
    mw_window_compose (self, 0, draft, detail->id);
  else
    begin_send (self, detail, action, g_steal_pointer (&draft));
}

/* ---- what can be done with an item -------------------------------------------------- */

typedef struct
{
  MwWindow    *window;
  MwOutboxVerb verb;
  gint64       item;
} Act;

static void
acted (GObject      *source,
       GAsyncResult *result,
       gpointer      user_data)
{
  g_autofree Act *act = user_data;
  g_autoptr (MwWindow) self = act->window;
  g_autoptr (GError) error = NULL;

  mw_outbox_act_finish (MW_STORE (source), result, &error);
  if (self->store == NULL)
    return;
  if (error != NULL)
    mw_window_trouble (self, _ ("It stays as it was."), error);
  else if (act->verb == MW_OUTBOX_EDIT || act->verb == MW_OUTBOX_UNDO)
    mw_window_compose (self, act->item, NULL, 0);
  else if (act->verb == MW_OUTBOX_WITHDRAW)
    mw_window_toast (self, _ ("Withdrawn. It will not be sent"));
  else if (act->verb == MW_OUTBOX_DISCARD)
    mw_window_toast (self, _ ("Discarded"));
}

/**
 * mw_window_act:
 *
 * Does @verb on an item, and opens it in the form when it is a draft again.
 */
void
mw_window_act (MwWindow    *self,
               MwOutboxVerb verb,
               gint64       item)
{
  Act *act = g_new0 (Act, 1);

  act->window = g_object_ref (self);
  act->verb = verb;
  act->item = item;
  mw_outbox_act_async (self->store, verb, item, g_get_real_time (), NULL, acted, act);
}

static void
discard_answered (AdwMessageDialog *dialog,
                  const char       *response,
                  MwWindow         *self)
{
  gint64 *item = g_object_get_data (G_OBJECT (dialog), "mw-item");

  if (g_strcmp0 (response, "discard") == 0 && self->store != NULL)
    mw_window_act (self, MW_OUTBOX_DISCARD, *item);
}

static void
ask_discard (MwWindow *self,
             gint64    item)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Discard It?"), _ ("What is written in it will be gone. Nothing was sent."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("_Keep"), "discard", _ ("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_object_set_data_full (G_OBJECT (dialog), "mw-item", g_memdup2 (&item, sizeof item), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_answered), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * mw_window_item_verb:
 * @verb: undo, send-now, retry, withdraw, edit or discard, on the item of the page
 */
void
mw_window_item_verb (MwWindow   *self,
                     const char *verb)
{
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);

  if (detail == NULL || !detail->is_item)
    return;
  if (g_str_equal (verb, "edit") && detail->item->state == MW_ITEM_DRAFT)
    mw_window_compose (self, detail->id, NULL, 0);
  else if (g_str_equal (verb, "edit"))
    mw_window_act (self, MW_OUTBOX_EDIT, detail->id);
  else if (g_str_equal (verb, "undo"))
    mw_window_act (self, MW_OUTBOX_UNDO, detail->id);
  else if (g_str_equal (verb, "send-now"))
    mw_window_act (self, MW_OUTBOX_SEND_NOW, detail->id);
  else if (g_str_equal (verb, "retry"))
    mw_window_act (self, MW_OUTBOX_RETRY, detail->id);
  else if (g_str_equal (verb, "withdraw"))
    mw_window_act (self, MW_OUTBOX_WITHDRAW, detail->id);
  else if (g_str_equal (verb, "discard"))
    ask_discard (self, detail->id);
}

/**
 * mw_window_delete:
 *
 * The Delete key: archives entries; withdraws or discards the item of the page.
 */
void
mw_window_delete (MwWindow *self)
{
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);

  if (mw_place_get (self->place)->content == MW_PLACE_OF_ENTRIES)
    mw_window_archive (self, FALSE);
  else if (detail == NULL || !detail->is_item)
    {
      g_autoptr (GArray) ids = mw_list_page_get_selected (self->list);

      /* several items are withdrawn one by one: each by its own compare-and-set */
      for (guint i = 0; i < ids->len && self->place == MW_PLACE_OUTBOX; i++)
        mw_window_act (self, MW_OUTBOX_WITHDRAW, g_array_index (ids, gint64, i));
    }
  else if (detail->item->state == MW_ITEM_DRAFT || detail->item->state == MW_ITEM_WITHDRAWN)
    ask_discard (self, detail->id);
  else if (mw_item_state_may_become (detail->item->state, MW_ITEM_WITHDRAWN))
    mw_window_act (self, MW_OUTBOX_WITHDRAW, detail->id);
}
