/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-outbox.h"

#include "mw-file-row.h"
#include "mw-identity.h"
#include "mw-me.h"
#include "mw-person.h"
#include "mw-link.h"
#include "mw-patient-link.h"
#include "mw-plan-input.h"
#include "mw-reference.h"
#include "mw-resource-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

MwNewFile *
mw_new_file_new (const char *title,
                 const char *content_type,
                 GBytes     *data)
{
  MwNewFile *self = g_new0 (MwNewFile, 1);

  self->title = g_strdup (title);
  self->content_type = g_strdup (content_type != NULL ? content_type : "application/octet-stream");
  self->data = g_bytes_ref (data);
  return self;
}

void
mw_new_file_free (MwNewFile *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->content_type);
  g_bytes_unref (self->data);
  g_free (self);
}

static void
new_file_free (gpointer data)
{
  mw_new_file_free (data);
}

/* ---- drafts ---------------------------------------------------------- */

typedef struct
{
  gint64     id;
  gint64     revision;
  MwDraft   *draft;
  gint64     entry;
  GPtrArray *files;
  gint64     not_before;
  gboolean   scheduled;
  gint64     now;
} Input;

static void
input_free (gpointer data)
{
  Input *input = data;

  mw_draft_free (input->draft);
  g_clear_pointer (&input->files, g_ptr_array_unref);
  g_free (input);
}

static GPtrArray *
copy_files (GPtrArray *files)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (new_file_free);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      MwNewFile *file = g_ptr_array_index (files, i);

      g_ptr_array_add (copy, mw_new_file_new (file->title, file->content_type, file->data));
    }
  return copy;
}

/* µs of a day or time that a person named; a day ends at its end */
static gint64
answer_by (const MwDraft *draft)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  if (draft->by == NULL)
    return 0;
  text = draft->by[0] != '\0' && strchr (draft->by, 'T') == NULL ? g_strconcat (draft->by, "T23:59:59", NULL) : g_strdup (draft->by);
  time = g_date_time_new_from_iso8601 (text, zone);
  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

/* An action has no subject of its own: it is named with what it is done to */
static char *
subject_of (MwDb          *db,
            const MwDraft *draft,
            gint64         entry)
{
  g_autofree char *own = mw_draft_subject (draft);
  g_autofree char *about = NULL;

  if (entry > 0 && draft->action != NULL && draft->subject == NULL)
    about = mw_db_get_text (db, "SELECT subject FROM entries WHERE id = ?1", "i", entry);
  if (about == NULL)
    return g_steal_pointer (&own);
  /* Translators: subject of an item: an action such as Accept, and the subject of the entry it is done to */
  return g_strdup_printf (_ ("%s: %s"), own, about);
}

/* The columns that lists show are made from the draft in one place */
static MwItem *
row_of (MwDb          *db,
        const MwDraft *draft,
        gint64         entry)
{
  MwItem *row = g_new0 (MwItem, 1);
  g_autoptr (MwPerson) patient = mw_people_by_reference (db, draft->patient);
  g_autoptr (MwPerson) recipient = mw_people_by_reference (db, draft->to);

  row->kind = g_strdup (draft->kind);
  row->action = g_strdup (draft->action);
  row->content = mw_draft_to_text (draft);
  row->subject = subject_of (db, draft, entry);
  row->entry = entry;
  row->thread = entry > 0 ? mw_db_get_int (db, 0, "SELECT thread FROM entries WHERE id = ?1", "i", entry) : 0;
  row->patient = patient != NULL ? patient->id : 0;
  row->patient_name = g_strdup (patient != NULL ? patient->name : draft->patient_name);
  row->recipient = g_strdup (recipient != NULL ? recipient->name : draft->to_name);
  row->recipient_ref = g_strdup (draft->to);
  row->priority = (MwPriority) mw_draft_priority (draft);
  row->answer_by = answer_by (draft);
  if (row->recipient == NULL && entry > 0)
    row->recipient = mw_db_get_text (db, "SELECT sender FROM entries WHERE id = ?1", "i", entry);
  return row;
}

static gboolean
starts_new_thread (const MwDraft *draft)
{
  /* forwarding and alerting others begins a conversation of its own */
  return g_strcmp0 (draft->action, "forward") == 0;
}

static gboolean
add_files (MwDb      *db,
           gint64     item,
           GPtrArray *files,
           GError   **error)
{
  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      MwNewFile *file = g_ptr_array_index (files, i);

      if (g_bytes_get_size (file->data) > MW_FILE_MAX_BYTES)
        {
          g_set_error (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, _ ("“%s” is larger than 20 MB. Few servers take that much."), file->title);
          return FALSE;
        }
      if (mw_files_add (db, item, file->title, file->content_type, file->data, error) < 0)
        return FALSE;
    }
  return TRUE;
}

static gint64
put_draft (MwDb    *db,
           Input   *input,
           GError **error)
{
  g_autoptr (MwItem) row = row_of (db, input->draft, input->entry);

  if (starts_new_thread (input->draft))
    row->thread = 0;
  if (input->id == 0)
    {
      row->identity = mw_identity_new ();
      row->id = mw_items_create (db, row, input->now, error);
      if (row->id < 0)
        return -1;
    }
  else
    {
      row->id = input->id;
      row->revision = input->revision;
      if (!mw_items_update_draft (db, row, input->now, error))
        return -1;
    }
  if (!add_files (db, row->id, input->files, error))
    return -1;
  if (row->patient > 0 && !mw_people_mark_used (db, row->patient, input->now, error))
    return -1;
  return row->id;
}

static gint64
run_put_draft (MwDb    *db,
               gpointer data,
               GError **error)
{
  return put_draft (db, data, error);
}

static Input *
input_new (const MwDraft *draft,
           GPtrArray     *files,
           gint64         now)
{
  Input           *input = g_new0 (Input, 1);
  g_autofree char *text = mw_draft_to_text (draft);

  input->draft = mw_draft_new_from_text (text, NULL);
  input->files = copy_files (files);
  input->now = now;
  return input;
}

/**
 * mw_outbox_put_draft_async:
 * @id: the item; 0 makes a new one
 * @revision: the revision that was edited; a stored item's rises when it is taken back
 * @entry: the entry it answers; 0 for none
 * @new_files: (nullable) (element-type MwNewFile): files to add; copied
 *
 * Puts a draft on disk. Finishes with the item's id.
 */
void
mw_outbox_put_draft_async (MwStore            *store,
                           gint64              id,
                           gint64              revision,
                           const MwDraft      *draft,
                           gint64              entry,
                           GPtrArray          *new_files,
                           gint64              now,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  Input *input = input_new (draft, new_files, now);

  input->id = id;
  input->revision = revision;
  input->entry = entry;
  mw_store_write_async (store, run_put_draft, input, input_free, cancellable, callback, user_data);
}

gint64
mw_outbox_put_draft_finish (MwStore      *store,
                            GAsyncResult *result,
                            GError      **error)
{
  return mw_store_write_finish (store, result, error);
}

static gint64
run_save (MwDb    *db,
          gpointer data,
          GError **error)
{
  Input *input = data;

  return mw_items_save (db, input->id, input->not_before, input->scheduled, input->now, error) ? input->id : -1;
}

/**
 * mw_outbox_save_async:
 * @not_before: µs: the end of the undo window, or the time that the person set
 * @scheduled: whether the person set it
 */
void
mw_outbox_save_async (MwStore            *store,
                      gint64              id,
                      gint64              not_before,
                      gboolean            scheduled,
                      gint64              now,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  Input *input = g_new0 (Input, 1);

  input->id = id;
  input->not_before = not_before;
  input->scheduled = scheduled;
  input->now = now;
  mw_store_write_async (store, run_save, input, input_free, cancellable, callback, user_data);
}

gboolean
mw_outbox_save_finish (MwStore      *store,
                       GAsyncResult *result,
                       GError      **error)
{
  return mw_store_write_finish (store, result, error) >= 0;
}

static gint64
post (MwDb    *db,
      Input   *input,
      GError **error)
{
  gint64 id;

  if (input->entry > 0 && input->draft->action != NULL && !mw_outbox_check_action (db, input->entry, input->draft->action, error))
    return -1;
  if (input->draft->acting_as == NULL)
    {
      g_autoptr (MwConnection) home = mw_connections_home (db);

      input->draft->acting_as = mw_me_default (db, home);
    }
  id = put_draft (db, input, error);
  if (id < 0 || !mw_items_save (db, id, input->not_before, input->scheduled, input->now, error))
    return -1;
  return id;
}

static gint64
run_post (MwDb    *db,
          gpointer data,
          GError **error)
{
  return post (db, data, error);
}

/**
 * mw_outbox_post:
 *
 * Inside a write: draft and save in one.
 *
 * Returns: the item's id, or -1
 */
gint64
mw_outbox_post (MwDb          *db,
                const MwDraft *draft,
                gint64         entry,
                GPtrArray     *new_files,
                gint64         not_before,
                gboolean       scheduled,
                gint64         now,
                GError       **error)
{
  Input *input = input_new (draft, new_files, now);
  gint64 id;

  input->entry = entry;
  input->not_before = not_before;
  input->scheduled = scheduled;
  id = post (db, input, error);
  input_free (input);
  return id;
}

void
mw_outbox_post_async (MwStore            *store,
                      const MwDraft      *draft,
                      gint64              entry,
                      GPtrArray          *new_files,
                      gint64              not_before,
                      gboolean            scheduled,
                      gint64              now,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  Input *input = input_new (draft, new_files, now);

  input->entry = entry;
  input->not_before = not_before;
  input->scheduled = scheduled;
  mw_store_write_async (store, run_post, input, input_free, cancellable, callback, user_data);
}

gint64
mw_outbox_post_finish (MwStore      *store,
                       GAsyncResult *result,
                       GError      **error)
{
  return mw_store_write_finish (store, result, error);
}

/* ---- acting on an item ----------------------------------------------- */

/**
 * mw_outbox_act:
 *
 * Inside a write: what a person does with one item. MW_STORE_ERROR_STATE says that it is too late for it.
 *
 * Returns: the item's id, or -1
 */
gint64
mw_outbox_act (MwDb        *db,
               MwOutboxVerb verb,
               gint64       id,
               gint64       now,
               GError     **error)
{
  gboolean ok = FALSE;

  switch (verb)
    {
    case MW_OUTBOX_UNDO:
      ok = mw_items_undo (db, id, now, error);
      break;
    case MW_OUTBOX_SEND_NOW:
      ok = mw_items_send_now (db, id, now, error);
      break;
    case MW_OUTBOX_RETRY:
      ok = mw_items_retry (db, id, now, error);
      break;
    case MW_OUTBOX_WITHDRAW:
      ok = mw_items_withdraw (db, id, now, error);
      break;
    case MW_OUTBOX_EDIT:
      ok = mw_items_edit (db, id, now, error);
      break;
    case MW_OUTBOX_DISCARD:
      ok = mw_items_discard (db, id, now, error);
      break;
    default:
      g_assert_not_reached ();
    }
  return ok ? id : -1;
}

typedef struct
{
  MwOutboxVerb verb;
  gint64       id;
  gint64       now;
} Act;

static gint64
run_act (MwDb    *db,
         gpointer data,
         GError **error)
{
  Act *act = data;

  return mw_outbox_act (db, act->verb, act->id, act->now, error);
}

void
mw_outbox_act_async (MwStore            *store,
                     MwOutboxVerb        verb,
                     gint64              id,
                     gint64              now,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  Act *act = g_new0 (Act, 1);

  act->verb = verb;
  act->id = id;
  act->now = now;
  mw_store_write_async (store, run_act, act, g_free, cancellable, callback, user_data);
}

gboolean
mw_outbox_act_finish (MwStore      *store,
                      GAsyncResult *result,
                      GError      **error)
{
  return mw_store_write_finish (store, result, error) >= 0;
}

/* ---- looking --------------------------------------------------------- */

/**
 * mw_outbox_preview:
 * @db: the caller's own reader
 * @item: of a stored draft, whose files go along; 0 for none
 *
 * What would be sent for @draft, as far as is known now. The very code that plans the sending.
 *
 * Returns: (transfer full): the plan, or NULL with a translated sentence on what is still missing
 */
MwPlan *
mw_outbox_preview (MwDb          *db,
                   const MwDraft *draft,
                   gint64         item,
                   GError       **error)
{
  g_autofree char *identity = item > 0 ? mw_db_get_text (db, "SELECT identity FROM items WHERE id = ?1", "i", item) : NULL;
  g_autoptr (MwPlanInput) input = NULL;
  g_autoptr (MwCapability) capability = NULL;
  g_autoptr (MwPatientLink) known = NULL;
  g_autoptr (MwReference) there = NULL;
  g_autofree char    *patient_there = NULL;
  const MwConnection *connection;
  MwFhirVersion       version = MW_FHIR_VERSION_UNKNOWN;

  if (identity == NULL)
    identity = mw_identity_new ();
  input = mw_plan_input_new (db, draft, identity, g_get_real_time (), item, NULL, error);
  if (input == NULL)
    return NULL;
  connection = mw_plan_input_get_connection (input);
  /* who the patient is there may be known by now */
  known = draft->patient != NULL ? mw_patient_links_find (db, draft->patient, connection->id) : NULL;
  there = mw_reference_new_for_literal (known != NULL ? known->reference : NULL);
  patient_there = mw_reference_relative (there, connection->url);
  capability = mw_negotiate_load (db, connection->id, &version);
  return mw_plan_input_plan (input, capability, version, patient_there, FALSE, error);
}
