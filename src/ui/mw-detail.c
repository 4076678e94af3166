/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-detail.h"

#include "mw-config.h"
#include "mw-detail-private.h"
#include "mw-file-row.h"
#include "mw-reference.h"
#include "mw-resource-row.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

/* A Bundle may have thousands of entries; what a clinician scans is shorter */
#define MAX_PARTS 200

typedef struct
{
  MwDetail *detail;
} Request;

static void
part_free (gpointer data)
{
  MwPart *part = data;

  g_clear_pointer (&part->resource, json_node_unref);
  g_clear_pointer (&part->bundle, json_node_unref);
  g_free (part->reference);
  g_free (part);
}

static void
moment_free (gpointer data)
{
  MwMoment *moment = data;

  g_free (moment->text);
  g_free (moment->about);
  g_free (moment);
}

static void
detail_clear (gpointer data)
{
  MwDetail *self = data;

  mw_entry_free (self->entry);
  mw_item_free (self->item);
  mw_draft_free (self->draft);
  mw_person_free (self->patient);
  mw_connection_free (self->connection);
  mw_question_free (self->question);
  mw_patient_check_free (self->check);
  g_free (self->words);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->moments);
}

static MwDetail *
detail_new (gint64   id,
            gboolean is_item)
{
  MwDetail *self = g_atomic_rc_box_new0 (MwDetail);

  self->id = id;
  self->is_item = is_item;
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->moments = g_ptr_array_new_with_free_func (moment_free);
  return self;
}

MwDetail *
mw_detail_ref (MwDetail *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
mw_detail_unref (MwDetail *self)
{
  g_atomic_rc_box_release_full (self, detail_clear);
}

/* ---- what came with it -------------------------------------------------- */

static void
add_part (MwDetail   *self,
          JsonNode   *resource,
          JsonNode   *bundle,
          const char *reference)
{
  MwPart *part;

  if (self->parts->len >= MAX_PARTS || !mw_json_is_object (resource))
    return;
  part = g_new0 (MwPart, 1);
  part->resource = json_node_ref (resource);
  part->bundle = bundle != NULL ? json_node_ref (bundle) : NULL;
  part->reference = g_strdup (reference);
  g_ptr_array_add (self->parts, part);
}

/* The envelope says nothing that the page does not say already */
static gboolean
is_envelope (JsonNode *resource)
{
  return mw_resource_is (resource, "MessageHeader") || mw_resource_is (resource, "SubscriptionStatus") || mw_resource_is (resource, "Parameters");
}

static void
add_resource (MwDetail   *self,
              JsonNode   *resource,
              const char *reference)
{
  guint n;

  if (!mw_resource_is (resource, "Bundle"))
    {
      add_part (self, resource, NULL, reference);
      return;
    }
  n = mw_json_length (resource, "entry");
  for (guint i = 0; i < n && self->parts->len < MAX_PARTS; i++)
    {
      JsonNode *entry = mw_json_item (resource, "entry", i);
      JsonNode *inner = mw_json_get (entry, "resource");

      if (inner != NULL && (!is_envelope (inner) || n == 1))
        add_part (self, inner, resource, mw_json_string (entry, "fullUrl"));
    }
}

static JsonNode *
parse_row (const MwResourceRow *row)
{
  if (row == NULL || row->raw == NULL)
    return NULL;
  return mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL);
}

static JsonNode *
load_focus (MwDb                *db,
            JsonNode            *resource,
            const MwResourceRow *row)
{
  g_autoptr (MwReference) own = mw_reference_new_for_literal (row->reference);
  g_autoptr (MwReference) focus = mw_reference_new (mw_json_get (resource, "focus"));
  g_autofree char *absolute = mw_reference_absolute (focus, own->base);
  g_autoptr (MwResourceRow) found = absolute != NULL ? mw_resources_by_reference (db, absolute) : NULL;

  return parse_row (found);
}

/* Other entries of the thread have pages of their own, to which the timeline leads */
static gboolean
is_other_entry (MwDb  *db,
                gint64 resource)
{
  return mw_db_get_int (db, 0, "SELECT count(*) FROM entries WHERE resource = ?1", "i", resource) > 0;
}

static void
load_parts (MwDb     *db,
            MwDetail *self,
            gint64    own,
            gint64    thread)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (own > 0)
    g_array_append_val (ids, own);
  mw_resources_of_thread (db, thread, ids, NULL);
  for (guint i = 0; i < ids->len && self->parts->len < MAX_PARTS; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      g_autoptr (MwResourceRow) row = i > 0 && (id == own || is_other_entry (db, id)) ? NULL : mw_resources_load (db, id);
      g_autoptr (JsonNode) node = parse_row (row);
      g_autoptr (JsonNode) focus = NULL;

      if (node == NULL)
        continue;
      if (id == own)
        {
          focus = load_focus (db, node, row);
          self->words = mw_detail_words (node, focus);
        }
      add_resource (self, node, row->reference);
    }
}

/* ---- timeline ----------------------------------------------------------- */

static const char *const hidden_in_thread[] = {
  MW_EVENT_DRAFTED,
  MW_EVENT_PREPARING,
  MW_EVENT_IDENTIFIED,
  MW_EVENT_DISCOVERED,
  MW_EVENT_NEGOTIATED,
  MW_EVENT_OTHER_WAY,
  MW_EVENT_AUTHORISED,
  MW_EVENT_ATTEMPT,
  MW_EVENT_REQUEST_DONE,
  NULL,
};
static const char *const good_events[] = { MW_EVENT_HANDED_OVER, MW_EVENT_ANSWERED, MW_EVENT_RECEIVED, MW_EVENT_REQUEST_DONE, MW_EVENT_PROGRESS, NULL };
static const char *const waiting_events[] = { MW_EVENT_SAVED, MW_EVENT_SCHEDULED, MW_EVENT_WAITING, MW_EVENT_UNKNOWN, MW_EVENT_TROUBLE, NULL };
static const char *const trouble_events[] = { MW_EVENT_ATTENTION, MW_EVENT_OVERDUE, MW_EVENT_OTHER_PATIENT, NULL };

static MwMomentTone
tone_of (const char *event)
{
  if (g_strv_contains (good_events, event))
    return MW_TONE_GOOD;
  if (g_strv_contains (waiting_events, event))
    return MW_TONE_WAITING;
  return g_strv_contains (trouble_events, event) ? MW_TONE_TROUBLE : MW_TONE_PLAIN;
}

static char *
about_other (MwDb                *db,
             const MwDetail      *self,
             const MwJournalLine *line)
{
  if (line->item > 0 && !(self->is_item && line->item == self->id))
    {
      g_autoptr (MwItem) item = mw_items_load (db, line->item, NULL);

      if (item == NULL)
        return NULL;
      if (item->recipient == NULL)
        return g_strdup (item->subject);
      /* Translators: the subject of an item, and whom it goes to */
      return g_strdup_printf (_ ("%s, to %s"), item->subject, item->recipient);
    }
  if (line->entry > 0 && (self->is_item || line->entry != self->id))
    {
      g_autoptr (MwEntry) entry = mw_entries_load (db, line->entry, NULL);

      if (entry != NULL)
        return g_strdup (entry->sender != NULL ? entry->sender : entry->subject);
    }
  return NULL;
}

static void
load_moments (MwDb     *db,
              MwDetail *self,
              gint64    thread)
{
  g_autoptr (GPtrArray) lines = mw_journal_of_thread (db, thread, NULL);

  for (guint i = lines != NULL ? lines->len : 0; i > 0; i--)
    {
      MwJournalLine *line = g_ptr_array_index (lines, i - 1);
      gboolean       own_item = self->is_item && line->item == self->id;
      MwMoment      *moment;

      if (!own_item && g_strv_contains (hidden_in_thread, line->event))
        continue;
      if (self->moments->len >= MW_DETAIL_MAX_MOMENTS)
        {
          self->cut++;
          continue;
        }
      moment = g_new0 (MwMoment, 1);
      moment->at = line->at;
      moment->text = mw_words_journal (line);
      moment->about = about_other (db, self, line);
      moment->tone = tone_of (line->event);
      moment->entry = line->entry > 0 && (self->is_item || line->entry != self->id) ? line->entry : 0;
      moment->item = line->item > 0 && !own_item ? line->item : 0;
      g_ptr_array_add (self->moments, moment);
    }
}

/* ---- entries and items --------------------------------------------------- */

static gboolean
load_entry (MwDb     *db,
            MwDetail *self,
            GError  **error)
{
  MwEntry *entry = mw_entries_load (db, self->id, error);

  if (entry == NULL)
    return FALSE;
  self->entry = entry;
  self->patient = entry->patient > 0 ? mw_people_load (db, entry->patient) : NULL;
  self->connection = entry->connection > 0 ? mw_connections_load (db, entry->connection, NULL) : NULL;
  load_parts (db, self, entry->resource, entry->thread);
  if (self->words == NULL)
    self->words = g_strdup (entry->preview);
  self->check = mw_patient_checks_of_entry (db, entry->id);
  self->actions = mw_outbox_entry_actions (db, entry);
  load_moments (db, self, entry->thread);
  return TRUE;
}

static void
load_lines (MwDb     *db,
            MwDetail *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPlan) plan = mw_outbox_preview (db, self->draft, self->id, &error);
  g_autoptr (GPtrArray) files = mw_files_of_item (db, self->id, FALSE, NULL);

  for (guint i = 0; plan != NULL && plan->lines != NULL && i < plan->lines->len; i++)
    g_ptr_array_add (self->lines, g_strdup (g_ptr_array_index (plan->lines, i)));
  if (plan != NULL)
    return;
  for (guint i = 0; files != NULL && i < files->len; i++)
    g_ptr_array_add (self->lines, g_strdup (((MwFileRow *) g_ptr_array_index (files, i))->title));
}

static gboolean
load_item (MwDb     *db,
           MwDetail *self,
           GError  **error)
{
  MwItem *item = mw_items_load (db, self->id, error);

  if (item == NULL)
    return FALSE;
  mw_items_note_order (db, item);
  self->item = item;
  self->patient = item->patient > 0 ? mw_people_load (db, item->patient) : NULL;
  self->connection = item->connection > 0 ? mw_connections_load (db, item->connection, NULL) : NULL;
  self->question = item->state == MW_ITEM_ATTENTION ? mw_questions_open (db, item->id) : NULL;
  self->check = mw_patient_checks_open_in_thread (db, item->thread);
  self->draft = mw_draft_new_from_text (item->content, NULL);
  if (self->draft != NULL)
    {
      self->words = g_strdup (self->draft->note);
      load_lines (db, self);
    }
  load_moments (db, self, item->thread);
  return TRUE;
}

static gint64
run_load (MwDb    *db,
          gpointer input,
          GError **error)
{
  Request  *request = input;
  MwDetail *self = request->detail;

  return (self->is_item ? load_item (db, self, error) : load_entry (db, self, error)) ? 0 : -1;
}

static void
unref_detail (gpointer data)
{
  mw_detail_unref (data);
}

static void
request_free (gpointer data)
{
  Request *request = data;

  mw_detail_unref (request->detail);
  g_free (request);
}

static void
load_done (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError  *error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, mw_detail_ref (request->detail), unref_detail);
}

/**
 * mw_detail_load_async:
 *
 * Reads an entry or an item with all that its page shows, off the GTK thread.
 */
void
mw_detail_load_async (MwStore            *store,
                      gint64              id,
                      gboolean            is_item,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  GTask   *task = g_task_new (store, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->detail = detail_new (id, is_item);
  g_task_set_task_data (task, request, request_free);
  mw_store_read_async (store, run_load, request, NULL, cancellable, load_done, task);
}

/**
 * mw_detail_load_finish:
 *
 * Returns: (transfer full): the detail; NULL with MW_STORE_ERROR_NOT_FOUND when it is gone
 */
MwDetail *
mw_detail_load_finish (MwStore      *store,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
