/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is written of an attempt: one transaction before the first byte, one when the end is known. */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-attempt-record.h"

#include "mw-audit-note.h"
#include "mw-backoff.h"
#include "mw-follow-up.h"
#include "mw-identity.h"
#include "mw-journal.h"
#include "mw-learned.h"
#include "mw-local-patient.h"
#include "mw-patient-link.h"
#include "mw-reference.h"
#include "mw-threads.h"
#include "mw-url.h"

#include <glib/gi18n-lib.h>

/* A server that gives the same failure this often for the same item will not change its mind by itself */
#define MAX_SAME_FAILURES 5

typedef struct
{
  MwCore                *core;
  const MwAttemptRecord *record;
  gint64                 now;
  gdouble                jitter;
  gint64                 result;
  MwItem                *item;
  MwRequest             *request;
  const MwConnection    *connection;
  GBytes                *body;
  gint64                 attempt;
} Input;

static gboolean
audit_left (MwDb    *db,
            Input   *input,
            GError **error)
{
  g_autofree char *request = mw_audit_request (input->request->method, input->request->url, input->connection->url);
  MwAuditSend      send = {
         .event = MW_AUDIT_LEFT,
         .item = input->item->id,
         .connection = input->connection->id,
         .request = request,
         .body = input->body,
         .detail = input->attempt > 0 ? "again" : NULL,
         .now = input->now,
  };

  return mw_audit_note_send (db, &send, error);
}

static gint64
write_begin (MwDb    *db,
             gpointer data,
             GError **error)
{
  Input      *input = data;
  MwItemState state = (MwItemState) mw_db_get_int (db, -1, "SELECT state FROM items WHERE id = ?1", "i", input->item->id);
  gint64      id;

  if (state != MW_ITEM_PREPARING && state != MW_ITEM_UNKNOWN && state != MW_ITEM_SENDING)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item has moved on meanwhile");
      return -1;
    }
  if (state != MW_ITEM_SENDING && !mw_items_move (db, input->item->id, state, MW_ITEM_SENDING, input->now, error))
    return -1;
  id = input->attempt > 0 ? input->attempt : mw_requests_begin_attempt (db, input->request->id, input->now, error);
  return id > 0 && audit_left (db, input, error) ? id : -1;
}

/**
 * mw_attempt_record_begin:
 *
 * @body: (nullable): the bytes that are about to leave
 * @attempt: 0 begins one; else the one that goes on with other bytes, because somebody was faster with an edit
 *
 * Writes that a request is about to leave. When this has returned a number, it is on disk.
 *
 * Returns: the attempt's id, or -1: then nothing may be sent
 */
gint64
mw_attempt_record_begin (MwLink    *link,
                         MwItem    *item,
                         MwRequest *request,
                         GBytes    *body,
                         gint64     attempt)
{
  MwCore *core = link->core;
  Input   input = { .core = core, .now = mw_core_now (core), .item = item, .request = request, .connection = link->row, .body = body, .attempt = attempt };
  g_autoptr (GError) error = NULL;
  gint64 id = mw_store_write (core->store, write_begin, &input, &error);

  if (id < 0)
    g_debug ("Item %" G_GINT64_FORMAT " does not leave: %s", item->id, error->message);
  return id;
}

static gint64
write_query (MwDb    *db,
             gpointer send,
             GError **error)
{
  return mw_audit_note_send (db, send, error) ? 0 : -1;
}

/**
 * mw_attempt_record_query:
 * @url: with what the patient is known by; left out of the record
 *
 * Writes that a search for an item's patient is about to leave: it tells the server whom this is about.
 *
 * Returns: whether it is on disk; if not, nothing may be asked
 */
gboolean
mw_attempt_record_query (MwLink     *link,
                         gint64      item,
                         const char *method,
                         const char *url)
{
  g_autofree char *request = mw_audit_request (method, url, link->row->url);
  MwAuditSend      send = { .event = MW_AUDIT_QUERIED, .item = item, .connection = link->row->id, .request = request, .now = mw_core_now (link->core) };

  return mw_store_write (link->core->store, write_query, &send, NULL) >= 0;
}

/* The item leaves "sending" for the state in which it waits for its next attempt */
static gboolean
step_back (MwDb       *db,
           Input      *input,
           MwItemState to,
           GError    **error)
{
  gint64      id = input->record->item->id;
  MwItemState from = (MwItemState) mw_db_get_int (db, -1, "SELECT state FROM items WHERE id = ?1", "i", id);

  if (from == to)
    return TRUE;
  if (from == MW_ITEM_SENDING || from == MW_ITEM_UNKNOWN)
    return mw_items_move (db, id, from, to, input->now, error);
  /* a person has withdrawn or edited it while it was only being read about: nothing of it had left */
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item has moved on meanwhile");
  return FALSE;
}

/* What a server has made is there, by whatever name of its own it calls itself: behind a proxy many say an inner one. It is
 * not looked for on another server (G7).
 *
 * Returns: (transfer full) (nullable): "base/Type/id" */
static char *
place_of (const MwAttemptRecord *record,
          const char            *location)
{
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (location);
  g_autofree char *absolute = mw_reference_absolute (reference, record->base);

  if (absolute == NULL || reference->type == NULL || reference->id == NULL || mw_url_same_origin (absolute, record->base))
    return g_steal_pointer (&absolute);
  return g_strdup_printf ("%s/%s/%s", record->base, reference->type, reference->id);
}

static gboolean
follow (MwDb       *db,
        Input      *input,
        const char *location,
        GError    **error)
{
  const MwAttemptRecord *record = input->record;
  g_autofree char       *absolute = place_of (record, location);
  gint64                 next = input->now + mw_core_pace (input->core, mw_follow_up_delay (0, 0));

  if (absolute == NULL)
    return TRUE;
  return mw_threads_add_key (db, record->item->thread, absolute, error) &&
         mw_follow_ups_add (db, record->item->id, record->connection, absolute, next, input->now, error);
}

/* Whether what the server made of the @entry of the record's Bundle, or of the request itself when that is -1, is the
 * patient's own record: others of the record, a mother's, may go along */
static gboolean
is_patients_own (const MwAttemptRecord *record,
                 int                    entry)
{
  g_autofree char *identity = mw_identity_derive (record->item->identity, "patient");
  g_autofree char *link = mw_identity_link (identity);
  GBytes          *body = record->request->body;
  g_autoptr (JsonNode) bundle = NULL;

  if (entry < 0)
    return g_strcmp0 (record->request->identity, identity) == 0;
  bundle = body != NULL ? mw_json_parse (g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body), NULL) : NULL;
  return g_strcmp0 (mw_json_string (mw_json_item (bundle, "entry", (guint) entry), "fullUrl"), link) == 0;
}

/* A patient who was known here only, and for whom the server has made a record, is from now on that record there.
 * @status: "201 Created", or what else came of it: a record that was there before may be somebody else's */
static gboolean
link_patient (MwDb       *db,
              Input      *input,
              const char *location,
              const char *status,
              GError    **error)
{
  const MwAttemptRecord *record = input->record;
  g_autoptr (MwPerson) patient = mw_people_load (db, record->item->patient);
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (location);
  g_autofree char *absolute = mw_reference_absolute (reference, record->base);
  g_autofree char *there = mw_reference_relative (reference, record->base);
  g_autoptr (MwPatientLink) known = NULL;

  if (patient == NULL || !mw_local_patient_is (patient->reference) || there == NULL || status == NULL || !g_str_has_prefix (status, "201"))
    return TRUE;
  known = mw_patient_links_find (db, patient->reference, record->connection);
  return known != NULL ||
         mw_patient_links_make (db, patient->reference, record->connection, absolute, MW_LINK_CREATED, record->item->id, input->now, error) >= 0;
}

/* FHIR R4 http.html#transaction-response: the entries come in the order of the request */
static gboolean
take_locations (MwDb    *db,
                Input   *input,
                GError **error)
{
  const MwAttemptRecord *record = input->record;
  JsonNode              *bundle = record->answer != NULL ? record->answer->resource : NULL;
  guint                  n = mw_resource_is (bundle, "Bundle") ? mw_json_length (bundle, "entry") : 0;
  gboolean               followed = FALSE;

  for (guint i = 0; i < n; i++)
    {
      const char *location = mw_json_string (mw_json_item (bundle, "entry", i), "response.location");
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (location);
      g_autofree char *absolute = place_of (record, location);

      if (g_strcmp0 (reference->type, "Patient") == 0 && is_patients_own (record, (int) i) &&
          !link_patient (db, input, location, mw_json_string (mw_json_item (bundle, "entry", i), "response.status"), error))
        return FALSE;
      if (absolute == NULL || g_strcmp0 (reference->type, "Patient") == 0)
        continue;
      if (!mw_threads_add_key (db, record->item->thread, absolute, error))
        return FALSE;
      if (g_strcmp0 (reference->type, record->request->watch) == 0)
        followed = follow (db, input, location, error);
    }
  if (record->location == NULL)
    return TRUE;
  {
    g_autoptr (MwReference) reference = mw_reference_new_for_literal (record->location);
    g_autofree char *absolute = place_of (record, record->location);

    if (g_strcmp0 (record->request->url, "Patient") == 0 && g_strcmp0 (reference->type, "Patient") == 0 && is_patients_own (record, -1) &&
        !link_patient (db, input, record->location, record->answer != NULL && record->answer->status == 201 ? "201" : NULL, error))
      return FALSE;
    if (absolute != NULL && reference->id != NULL && g_strcmp0 (reference->type, "Patient") != 0 &&
        !mw_threads_add_key (db, record->item->thread, absolute, error))
      return FALSE;
    if (!followed && record->request->watch != NULL && g_strcmp0 (reference->type, record->request->watch) == 0)
      return follow (db, input, record->location, error);
  }
  return TRUE;
}

static gboolean
awaits_answer (const MwAttemptRecord *record)
{
  if (record->item->answer_by > 0)
    return TRUE;
  for (guint i = 0; i < record->requests->len; i++)
    if (((MwRequest *) g_ptr_array_index (record->requests, i))->watch != NULL)
      return TRUE;
  return FALSE;
}

static gint64
write_done (MwDb    *db,
            Input   *input,
            GError **error)
{
  const MwAttemptRecord *record = input->record;
  const MwAnswer        *answer = record->answer;
  g_autofree char       *place = place_of (record, record->location);

  if (!mw_requests_end_attempt (db, record->request->id, record->attempt, MW_REQUEST_DONE, "done", answer != NULL ? answer->status : 0,
                                place != NULL ? place : record->location, answer != NULL ? answer->etag : NULL, input->now, error) ||
      !take_locations (db, input, error))
    return -1;
  if (record->last)
    return mw_items_hand_over (db, record->item->id, awaits_answer (record), input->now, error) ? 0 : -1;
  /* the next request goes on at once; found in this state at a start, it would as well */
  return step_back (db, input, MW_ITEM_PREPARING, error) &&
                 mw_journal_add (db, record->item->thread, record->item->id, 0, input->now, MW_EVENT_REQUEST_DONE, record->request->words, error)
             ? 0
             : -1;
}

static const char *
outcome_code (const MwAttemptRecord *record)
{
  switch (record->end)
    {
    case MW_RECORD_LATER:
      return record->wait;
    case MW_RECORD_UNKNOWN:
      return "unknown";
    case MW_RECORD_ATTENTION:
    case MW_RECORD_OTHER_WAY:
      return record->code;
    case MW_RECORD_DONE:
    default:
      return "done";
    }
}

static gboolean
count_failure (MwDb    *db,
               Input   *input,
               GError **error)
{
  const MwAttemptRecord *record = input->record;
  gint64                 status = record->answer != NULL ? record->answer->status : 0;

  return mw_db_run (db, error,
                    "UPDATE items SET attempts = attempts + ?2, same_failures = CASE WHEN ?3 >= 500 THEN same_failures + 1 ELSE same_failures END WHERE id = ?1",
                    "iii", record->item->id, (gint64) (record->uses_try || record->end == MW_RECORD_UNKNOWN), status);
}

static gint64
write_later (MwDb    *db,
             Input   *input,
             GError **error)
{
  const MwAttemptRecord *record = input->record;
  gint64                 id = record->item->id;
  gboolean               unknown = record->end == MW_RECORD_UNKNOWN || record->was_unknown;
  gint64                 tries, until;
  const char            *event = record->end == MW_RECORD_UNKNOWN ? MW_EVENT_UNKNOWN : MW_EVENT_TROUBLE;

  if (!mw_requests_end_attempt (db, record->request->id, record->attempt, unknown ? MW_REQUEST_UNKNOWN : MW_REQUEST_PENDING, outcome_code (record),
                                record->answer != NULL ? record->answer->status : 0, NULL, NULL, input->now, error) ||
      !count_failure (db, input, error))
    return -1;
  tries = mw_db_get_int (db, 1, "SELECT attempts FROM items WHERE id = ?1", "i", id);
  if (mw_db_get_int (db, 0, "SELECT same_failures FROM items WHERE id = ?1", "i", id) >= MAX_SAME_FAILURES &&
      record->answer != NULL && record->answer->status == 500)
    {
      const char *sentence = _ ("The server fails on this again and again. Ask them what is wrong, then retry.");

      return step_back (db, input, unknown ? MW_ITEM_UNKNOWN : MW_ITEM_PREPARING, error) &&
                     mw_items_need_attention (db, id, NULL, "server-error", sentence, input->now, error)
                 ? 0
                 : -1;
    }
  until = input->now + mw_core_pace (input->core, mw_backoff_delay (MAX (tries, 1), input->jitter));
  if (record->end == MW_RECORD_LATER)
    until = MAX (until, record->until);
  if (!step_back (db, input, unknown ? MW_ITEM_UNKNOWN : MW_ITEM_PREPARING, error) ||
      !mw_items_hold (db, id, until, NULL, record->end == MW_RECORD_UNKNOWN ? MW_WAIT_BACK_OFF : record->wait, record->sentence, input->now, error) ||
      !mw_journal_add (db, record->item->thread, id, 0, input->now, event, record->sentence, error))
    return -1;
  return 0;
}

static gint64
write_attention (MwDb    *db,
                 Input   *input,
                 GError **error)
{
  const MwAttemptRecord *record = input->record;
  gboolean               unknown = record->was_unknown && (record->answer == NULL || record->answer->status == 0 || g_strcmp0 (record->code, "unknown") == 0);

  if (!mw_requests_end_attempt (db, record->request->id, record->attempt, unknown ? MW_REQUEST_UNKNOWN : MW_REQUEST_FAILED, record->code,
                                record->answer != NULL ? record->answer->status : 0, NULL, NULL, input->now, error))
    return -1;
  return mw_items_need_attention (db, record->item->id, NULL, record->code, record->sentence, input->now, error) ? 0 : -1;
}

/* The refused request stays until there is another plan, so that one which is the same is not taken for another way:
 * see mw-replan.c. An item without a way is planned */
static gint64
write_other_way (MwDb    *db,
                 Input   *input,
                 GError **error)
{
  const MwAttemptRecord *record = input->record;
  gint64                 id = record->item->id;

  return mw_requests_end_attempt (db, record->request->id, record->attempt, MW_REQUEST_FAILED, record->code, record->answer->status, NULL, NULL, input->now, error) &&
                 step_back (db, input, MW_ITEM_PREPARING, error) &&
                 mw_db_run (db, error, "UPDATE items SET way = NULL, error_text = ?2 WHERE id = ?1", "is", id, record->sentence) &&
                 mw_journal_add (db, record->item->thread, id, 0, input->now, MW_EVENT_OTHER_WAY, record->way_sentence, error)
             ? 0
             : -1;
}

/* A limit that was not known is no surprise: no statement speaks of it */
static gboolean
learn (MwDb    *db,
       Input   *input,
       GError **error)
{
  const MwAttemptRecord *record = input->record;
  g_autofree char       *known = mw_capabilities_dup_learned (db, record->connection);
  g_autofree char       *learned = mw_learned_add (known, record->word);

  return g_strcmp0 (known != NULL ? known : "", learned) == 0 ||
         mw_capabilities_set_learned (db, record->connection, learned, !g_str_has_prefix (record->word, "max-body:"), input->now, error);
}

static const char *
audit_event (const MwAttemptRecord *record)
{
  switch (record->end)
    {
    case MW_RECORD_DONE:
      return MW_AUDIT_TAKEN;
    case MW_RECORD_LATER:
      return record->answer != NULL && record->answer->answer_class == MW_ANSWER_NOT_SENT ? MW_AUDIT_NOT_SENT : MW_AUDIT_DEFERRED;
    case MW_RECORD_UNKNOWN:
      return MW_AUDIT_UNKNOWN;
    case MW_RECORD_ATTENTION:
    case MW_RECORD_OTHER_WAY:
    default:
      return MW_AUDIT_REFUSED;
    }
}

/* The end of what left. What ended without anything having left, such as an edit that could not be read, stands in the
 * item's history only */
static gboolean
audit_end (MwDb    *db,
           Input   *input,
           GError **error)
{
  const MwAttemptRecord *record = input->record;
  g_autofree char       *request = mw_audit_request (record->request->method, record->request->url, record->base);
  MwAuditSend            send = {
               .event = audit_event (record),
               .item = record->item->id,
               .connection = record->connection,
               .request = request,
               .http_status = record->answer != NULL ? record->answer->status : 0,
               .detail = record->end != MW_RECORD_DONE && record->end != MW_RECORD_UNKNOWN ? outcome_code (record) : NULL,
               .now = input->now,
  };

  return record->attempt == 0 || mw_audit_note_send (db, &send, error);
}

static gint64
write_end (MwDb    *db,
           gpointer data,
           GError **error)
{
  Input *input = data;

  if (!audit_end (db, input, error) || (input->record->word != NULL && !learn (db, input, error)))
    return -1;
  switch (input->record->end)
    {
    case MW_RECORD_DONE:
      return write_done (db, input, error);
    case MW_RECORD_LATER:
    case MW_RECORD_UNKNOWN:
      return write_later (db, input, error);
    case MW_RECORD_OTHER_WAY:
      return write_other_way (db, input, error);
    case MW_RECORD_ATTENTION:
    default:
      return write_attention (db, input, error);
    }
}

/**
 * mw_attempt_record_write:
 *
 * Writes how an attempt ended. Not cancellable.
 *
 * Returns: whether it is on disk
 */
gboolean
mw_attempt_record_write (MwCore                *core,
                         const MwAttemptRecord *record)
{
  Input input = { .core = core, .record = record, .now = mw_core_now (core), .jitter = mw_core_jitter (core) };
  g_autoptr (GError) error = NULL;

  if (mw_store_write (core->store, write_end, &input, &error) >= 0)
    return TRUE;
  if (!g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE))
    g_warning ("The end of an attempt of item %" G_GINT64_FORMAT " could not be written: %s", record->item->id, error->message);
  return FALSE;
}

typedef struct
{
  MwItem  *item;
  gint64   now;
  gboolean found;
} LookedUp;

static gint64
write_looked_up (MwDb    *db,
                 gpointer data,
                 GError **error)
{
  LookedUp   *input = data;
  MwAuditSend send = { .event = MW_AUDIT_LOOKED_UP, .item = input->item->id, .detail = input->found ? "found" : "not-found", .now = input->now };

  if (!mw_audit_note_send (db, &send, error))
    return -1;
  return mw_journal_add (db, input->item->thread, input->item->id, 0, input->now, MW_EVENT_LOOKED_UP, input->found ? _ ("It had arrived") : _ ("It had not arrived"), error) ? 0 : -1;
}

void
mw_attempt_record_looked_up (MwCore  *core,
                             MwItem  *item,
                             gboolean found)
{
  LookedUp input = { item, mw_core_now (core), found };

  mw_store_write (core->store, write_looked_up, &input, NULL);
}
