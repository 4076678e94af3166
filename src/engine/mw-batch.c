/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-batch.h"

#include "mw-entry.h"
#include "mw-fhir-date.h"
#include "mw-journal.h"
#include "mw-reference.h"
#include "mw-resource-row.h"
#include "mw-settle.h"
#include "mw-threads.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  JsonNode  *resource; /* NULL: quarantine */
  GBytes    *raw;
  char      *reference;
  char      *origin;
  char      *reason;
  char      *title;
  char      *patient;
  gint64     happened;
  MwMeaning *meaning;
  MwPerson  *person;
} Arrival;

struct _MwBatch
{
  MwStore      *store;
  MwDb         *db;
  MwConnection *connection;
  GStrv         me;
  gint64        now;
  GPtrArray    *arrivals;
  GHashTable   *by_reference; /* reference → Arrival */
  GHashTable   *looked_up;    /* reference → JsonNode, kept while the batch is prepared */
  MwWatermark  *watermark;
  char         *last_updated;
  guint         n_read;
  guint         n_new;
};

static void
arrival_free (gpointer data)
{
  Arrival *arrival = data;

  g_clear_pointer (&arrival->resource, json_node_unref);
  g_clear_pointer (&arrival->raw, g_bytes_unref);
  g_free (arrival->reference);
  g_free (arrival->origin);
  g_free (arrival->reason);
  g_free (arrival->title);
  g_free (arrival->patient);
  mw_meaning_free (arrival->meaning);
  mw_person_free (arrival->person);
  g_free (arrival);
}

static void
node_free (gpointer data)
{
  if (data != NULL)
    json_node_unref (data);
}

/**
 * mw_batch_new:
 * @db: the engine thread's reader
 * @connection: where everything in it comes from
 * @me: (array zero-terminated=1): the clinician's absolute references there
 */
MwBatch *
mw_batch_new (MwStore            *store,
              MwDb               *db,
              const MwConnection *connection,
              GStrv               me,
              gint64              now)
{
  MwBatch *self = g_new0 (MwBatch, 1);

  self->store = store;
  self->db = db;
  self->connection = g_new0 (MwConnection, 1);
  self->connection->id = connection->id;
  self->connection->url = g_strdup (connection->url);
  self->connection->home = connection->home;
  self->me = g_strdupv (me);
  self->now = now;
  self->arrivals = g_ptr_array_new_with_free_func (arrival_free);
  self->by_reference = g_hash_table_new (g_str_hash, g_str_equal);
  self->looked_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, node_free);
  return self;
}

void
mw_batch_free (MwBatch *self)
{
  if (self == NULL)
    return;
  mw_connection_free (self->connection);
  g_strfreev (self->me);
  g_hash_table_unref (self->by_reference);
  g_hash_table_unref (self->looked_up);
  g_ptr_array_unref (self->arrivals);
  mw_watermark_free (self->watermark);
  g_free (self->last_updated);
  g_free (self);
}

/* ---- taking in ------------------------------------------------------- */

/**
 * mw_batch_quarantine:
 * @reason: why it cannot be read
 *
 * Keeps bytes that cannot become a resource.
 */
void
mw_batch_quarantine (MwBatch    *self,
                     GBytes     *raw,
                     const char *origin,
                     const char *reason)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->raw = g_bytes_ref (raw);
  arrival->origin = g_strdup (origin);
  arrival->reason = g_strdup (reason);
  g_ptr_array_add (self->arrivals, arrival);
}

/* A resource without an id gets the digest of its bytes: the same bytes are the same resource */
static char *
reference_of (MwBatch  *self,
              JsonNode *resource,
              GBytes   *raw)
{
  const char *type = mw_resource_type (resource);
  const char *id = mw_resource_id (resource);

  if (id != NULL && strlen (id) <= 64)
    return g_strdup_printf ("%s/%s/%s", self->connection->url, type, id);
  {
    g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, raw);

    return g_strdup_printf ("%s/%s/#%s", self->connection->url, type, digest);
  }
}

static void
add_parsed (MwBatch    *self,
            JsonNode   *resource,
            GBytes     *raw,
            const char *origin)
{
  Arrival    *arrival;
  const char *type = mw_resource_type (resource);
  const char *updated = mw_json_string (resource, "meta.lastUpdated");

  self->n_read++;
  if (type == NULL || !mw_reference_is_type_name (type, strlen (type)))
    {
      mw_batch_quarantine (self, raw, origin, _ ("It does not say what it is."));
      return;
    }
  arrival = g_new0 (Arrival, 1);
  arrival->resource = json_node_ref (resource);
  arrival->raw = g_bytes_ref (raw);
  arrival->origin = g_strdup (origin);
  arrival->reference = reference_of (self, resource, raw);
  g_ptr_array_add (self->arrivals, arrival);
  g_hash_table_insert (self->by_reference, arrival->reference, arrival);
  if (updated != NULL && mw_fhir_date_to_unix (updated, -1) > 0 &&
      (self->last_updated == NULL || mw_fhir_date_to_unix (updated, 0) > mw_fhir_date_to_unix (self->last_updated, 0)))
    {
      g_free (self->last_updated);
      self->last_updated = g_strdup (updated);
    }
}

/**
 * mw_batch_add_resource:
 * @raw: the JSON text of one resource
 * @origin: the query that brought it, without values
 */
void
mw_batch_add_resource (MwBatch    *self,
                       GBytes     *raw,
                       const char *origin)
{
  gsize       size;
  const char *data = g_bytes_get_data (raw, &size);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) resource = mw_json_parse (data, (gssize) size, &error);

  if (resource == NULL)
    {
      self->n_read++;
      mw_batch_quarantine (self, raw, origin, error->message);
      return;
    }
  add_parsed (self, resource, raw, origin);
}

/**
 * mw_batch_add_entry:
 * @entry: the JSON text of one Bundle.entry
 *
 * What a search says about itself (search.mode "outcome") is no resource to be kept.
 */
void
mw_batch_add_entry (MwBatch    *self,
                    GBytes     *entry,
                    const char *origin)
{
  gsize       size, resource_size;
  const char *data = g_bytes_get_data (entry, &size);
  const char *start;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = mw_json_parse (data, (gssize) size, &error);
  g_autoptr (GBytes) raw = NULL;
  JsonNode *resource;

  if (node == NULL)
    {
      self->n_read++;
      mw_batch_quarantine (self, entry, origin, error->message);
      return;
    }
  resource = mw_json_get (node, "resource");
  if (g_strcmp0 (mw_json_string (node, "search.mode"), "outcome") == 0)
    return;
  if (!mw_json_is_object (resource) || !mw_json_slice (data, size, "resource", &start, &resource_size))
    {
      self->n_read++;
      mw_batch_quarantine (self, entry, origin, _ ("The entry holds no resource."));
      return;
    }
  raw = g_bytes_new (start, resource_size);
  add_parsed (self, resource, raw, origin);
}

/* ---- recognising ----------------------------------------------------- */

static JsonNode *
lookup (const char *reference,
        gpointer    user_data)
{
  MwBatch  *self = user_data;
  Arrival  *arrival = g_hash_table_lookup (self->by_reference, reference);
  JsonNode *node = NULL;
  gpointer  known;

  if (arrival != NULL)
    return arrival->resource;
  if (g_hash_table_lookup_extended (self->looked_up, reference, NULL, &known))
    return known;
  {
    g_autoptr (MwResourceRow) row = mw_resources_by_reference (self->db, reference);

    if (row != NULL)
      node = mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL);
  }
  g_hash_table_insert (self->looked_up, g_strdup (reference), node);
  return node;
}

static MwArrival
arrival_of (MwBatch *self,
            Arrival *arrival)
{
  return (MwArrival){
    .resource = arrival->resource,
    .base = self->connection->url,
    .reference = arrival->reference,
    .home = self->connection->home,
    .me = self->me,
    .lookup = lookup,
    .lookup_data = self,
  };
}

static char *
patient_of (MwBatch  *self,
            JsonNode *resource)
{
  static const char *const paths[] = { "subject", "patient", "for", "beneficiary", "individual" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new (mw_json_get (resource, paths[i]));

      if (reference->type == NULL || g_str_equal (reference->type, "Patient"))
        {
          char *absolute = mw_reference_absolute (reference, self->connection->url);

          if (absolute != NULL)
            return absolute;
        }
    }
  return NULL;
}

static gint64
happened (JsonNode *resource)
{
  static const char *const paths[] = { "effectiveDateTime", "effectivePeriod.start", "occurrenceDateTime", "occurrencePeriod.start",
                                       "performedDateTime", "performedPeriod.start", "onsetDateTime", "recordedDate", "authoredOn",
                                       "period.start", "sent", "start", "date", "dateAsserted", "issued", "timestamp", "created", "meta.lastUpdated" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      gint64 at = mw_fhir_date_to_unix (mw_json_string (resource, paths[i]), 0);

      if (at != 0)
        return at;
    }
  return 0;
}

/**
 * mw_batch_recognise:
 *
 * Asks the workflows what everything means. Again after what was missing has been added.
 */
void
mw_batch_recognise (MwBatch *self)
{
  for (guint i = 0; i < self->arrivals->len; i++)
    {
      Arrival  *arrival = g_ptr_array_index (self->arrivals, i);
      MwArrival context;

      if (arrival->resource == NULL)
        continue;
      context = arrival_of (self, arrival);
      g_clear_pointer (&arrival->meaning, mw_meaning_free);
      g_clear_pointer (&arrival->person, mw_person_free);
      g_clear_pointer (&arrival->title, g_free);
      g_clear_pointer (&arrival->patient, g_free);
      arrival->meaning = mw_workflows_recognise (&context);
      arrival->person = mw_person_from_resource (arrival->resource, arrival->reference, self->connection->url, self->connection->id);
      arrival->title = mw_resource_title (arrival->resource);
      arrival->patient = patient_of (self, arrival->resource);
      arrival->happened = happened (arrival->resource);
    }
}

/* What the builder holds, without emptying it: it may be needed again when a transaction is repeated */
static GStrv
take_list (GStrvBuilder *builder)
{
  GStrv list = g_strv_builder_end (builder);

  g_strv_builder_addv (builder, (const char **) list);
  return list;
}

static void
add_missing (MwBatch    *self,
             GHashTable *missing,
             const char *literal)
{
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (literal);
  g_autofree char *absolute = mw_reference_absolute (reference, self->connection->url);
  g_autofree char *prefix = g_strconcat (self->connection->url, "/", NULL);

  /* only from the server that named it: a reference elsewhere may be a trap, and its token is another */
  if (absolute == NULL || reference->id == NULL || !g_str_has_prefix (absolute, prefix) || lookup (absolute, self) != NULL)
    return;
  g_hash_table_add (missing, g_steal_pointer (&absolute));
}

/**
 * mw_batch_missing:
 *
 * Returns: (transfer full): absolute references on the same server that what was recognised needs to be
 *   understood: the patient, the sender, the order behind a Task, the note that answers it
 */
GStrv
mw_batch_missing (MwBatch *self)
{
  g_autoptr (GHashTable) missing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->arrivals->len; i++)
    {
      Arrival *arrival = g_ptr_array_index (self->arrivals, i);
      g_auto (GStrv) fetch = NULL;

      if (arrival->meaning == NULL)
        continue;
      fetch = take_list (arrival->meaning->fetch);
      for (guint k = 0; fetch[k] != NULL; k++)
        add_missing (self, missing, fetch[k]);
      if (arrival->meaning->patient != NULL)
        add_missing (self, missing, arrival->meaning->patient);
      if (arrival->meaning->sender_ref != NULL)
        add_missing (self, missing, arrival->meaning->sender_ref);
    }
  {
    g_autofree gpointer *keys = g_hash_table_get_keys_as_array (missing, NULL);

    return g_strdupv ((char **) keys);
  }
}

void
mw_batch_set_watermark (MwBatch           *self,
                        const MwWatermark *watermark)
{
  MwWatermark *copy = g_new0 (MwWatermark, 1);

  *copy = *watermark;
  copy->query = g_strdup (watermark->query);
  copy->since = g_strdup (watermark->since);
  copy->next_page = g_strdup (watermark->next_page);
  copy->problem = g_strdup (watermark->problem);
  mw_watermark_free (self->watermark);
  self->watermark = copy;
}

guint
mw_batch_get_n_read (MwBatch *self)
{
  return self->n_read;
}

/**
 * mw_batch_get_last_updated:
 *
 * Returns: (transfer none) (nullable): the latest meta.lastUpdated in it: the server's own clock
 */
const char *
mw_batch_get_last_updated (MwBatch *self)
{
  return self->last_updated;
}

guint
mw_batch_get_n_new (MwBatch *self)
{
  return self->n_new;
}

/* ---- writing --------------------------------------------------------- */

/* The row of the patient it is about: by place; else by identifier when exactly one patient of the home
 * connection has it, since a patient is never guessed; else as one who came with the message */
static gint64
resolve_patient (MwDb    *db,
                 MwBatch *self,
                 Arrival *arrival,
                 GError **error)
{
  MwMeaning  *meaning = arrival->meaning;
  const char *reference = meaning != NULL && meaning->patient != NULL ? meaning->patient : arrival->patient;
  gint64      id = 0;

  if (reference != NULL)
    id = mw_db_get_int (db, 0, "SELECT id FROM people WHERE reference = ?1 AND type = 'Patient'", "s", reference);
  if (id == 0 && meaning != NULL && meaning->patient_resource != NULL)
    {
      g_autofree char *place = g_strdup_printf ("%s#patient", arrival->reference);
      g_autoptr (MwPerson) person = mw_person_from_resource (meaning->patient_resource, place, self->connection->url, self->connection->id);

      id = mw_people_find_by_tokens (db, "Patient", person->tokens);
      if (id == 0)
        {
          /* not one of the home connection's: kept for the banner, not offered for writing about */
          person->active = FALSE;
          id = mw_people_put (db, person, error);
        }
    }
  return id;
}

static gboolean
write_entry (MwDb    *db,
             MwBatch *self,
             Arrival *arrival,
             gint64   resource,
             gint64   thread,
             gint64   patient,
             GError **error)
{
  MwMeaning       *meaning = arrival->meaning;
  gint64           updated = mw_fhir_date_to_unix (mw_json_string (arrival->resource, "meta.lastUpdated"), self->now);
  gint64           of_thread = mw_db_get_int (db, 0, "SELECT patient FROM threads WHERE id = ?1", "i", thread);
  g_autofree char *warning = g_strdup (meaning->warning);
  MwEntry          entry = { 0 };
  gboolean         is_new;

  if (warning == NULL && patient > 0 && of_thread > 0 && of_thread != patient)
    warning = g_strdup (_ ("This is about another patient than what it answers. Check whom it is about before you act on it."));
  entry.thread = thread;
  entry.connection = self->connection->id;
  entry.resource = resource;
  entry.identity = meaning->identity;
  entry.kind = meaning->kind;
  entry.state = meaning->state;
  entry.priority = (MwPriority) meaning->priority;
  entry.subject = meaning->subject;
  entry.sender = meaning->sender;
  entry.sender_ref = meaning->sender_ref;
  entry.preview = meaning->preview;
  entry.patient = patient;
  entry.patient_name = meaning->patient_name;
  entry.sent = meaning->sent != 0 ? meaning->sent : updated;
  entry.received = MIN (updated, self->now);
  entry.changed = self->now;
  entry.unread = TRUE;
  entry.warning = warning;
  if (mw_entries_put (db, &entry, meaning->body, &is_new, error) < 0)
    return FALSE;
  if (is_new)
    self->n_new++;
  return TRUE;
}

/* An order and the Task that asks for it are one referral, and the Task is the one to act on */
static gboolean
is_order_of_task (MwDb    *db,
                  Arrival *arrival,
                  gint64   thread)
{
  return mw_resource_is (arrival->resource, "ServiceRequest") &&
         mw_db_get_int (db, 0,
                        "SELECT count(*) FROM entries AS e JOIN resources AS r ON r.id = e.resource WHERE e.thread = ?1 AND e.kind = ?2 AND r.type = 'Task'",
                        "is", thread, arrival->meaning->kind) > 0;
}

/* The order may have come first: its entry becomes the Task's */
static gboolean
take_over_order (MwDb    *db,
                 Arrival *arrival,
                 gint64   thread,
                 GError **error)
{
  if (!mw_resource_is (arrival->resource, "Task") || mw_db_get_int (db, 0, "SELECT count(*) FROM entries WHERE identity = ?1", "s", arrival->meaning->identity) > 0)
    return TRUE;
  return mw_db_run (db, error,
                    "UPDATE entries SET identity = ?2 WHERE id = (SELECT e.id FROM entries AS e JOIN resources AS r ON r.id = e.resource "
                    "WHERE e.thread = ?1 AND e.kind = ?3 AND r.type = 'ServiceRequest' LIMIT 1)",
                    "iss", thread, arrival->meaning->identity, arrival->meaning->kind);
}

static gboolean
write_meaning (MwDb    *db,
               MwBatch *self,
               Arrival *arrival,
               gint64   resource,
               gint64   patient,
               GError **error)
{
  g_auto (GStrv) keys = take_list (arrival->meaning->keys);
  MwArrival context = arrival_of (self, arrival);
  gint64    thread;

  thread = mw_threads_ensure (db, keys, arrival->meaning->subject, patient, self->now, error);
  if (thread < 0 || !mw_resources_file (db, resource, thread, patient, error))
    return FALSE;
  if (arrival->meaning->entry && !is_order_of_task (db, arrival, thread) &&
      (!take_over_order (db, arrival, thread, error) || !write_entry (db, self, arrival, resource, thread, patient, error)))
    return FALSE;
  /* what is stored is not asked here: the lookup belongs to the engine's thread */
  context.lookup = NULL;
  return mw_settle_thread (db, thread, &context, self->now, error);
}

static gboolean
write_one (MwDb    *db,
           MwBatch *self,
           Arrival *arrival,
           GError **error)
{
  MwResourceRow row = { 0 };
  gboolean      changed;
  gint64        id, patient;

  if (arrival->resource == NULL)
    return mw_quarantine_put (db, self->connection->id, arrival->origin, arrival->reason, arrival->raw, self->now, error) >= 0;
  if (arrival->person != NULL && mw_people_put (db, arrival->person, error) < 0)
    return FALSE;
  patient = mw_resource_is (arrival->resource, "Patient")
                ? mw_db_get_int (db, 0, "SELECT id FROM people WHERE reference = ?1", "s", arrival->reference)
                : resolve_patient (db, self, arrival, error);
  if (patient < 0)
    return FALSE;
  row.connection = self->connection->id;
  row.type = (char *) mw_resource_type (arrival->resource);
  row.fhir_id = (char *) mw_resource_id (arrival->resource);
  row.reference = arrival->reference;
  row.version = (char *) mw_json_string (arrival->resource, "meta.versionId");
  row.last_updated = (char *) mw_json_string (arrival->resource, "meta.lastUpdated");
  row.patient = patient;
  row.title = arrival->title;
  row.happened = arrival->happened;
  row.received = self->now;
  row.raw = arrival->raw;
  id = mw_resources_put (db, &row, &changed, error);
  if (id < 0)
    return FALSE;
  /* the same version again: everything that follows from it is here already */
  if (!changed || arrival->meaning == NULL)
    return TRUE;
  return write_meaning (db, self, arrival, id, patient, error);
}

/* What belongs to it, such as the note that answers a question, is read in the same thread. People and what has a
 * thread of its own stay where they are */
static gboolean
file_along (MwDb    *db,
            MwBatch *self,
            Arrival *arrival,
            GError **error)
{
  g_auto (GStrv) fetch = NULL;
  gint64 thread;

  if (arrival->meaning == NULL)
    return TRUE;
  fetch = take_list (arrival->meaning->fetch);
  thread = fetch[0] != NULL ? mw_db_get_int (db, 0, "SELECT thread FROM resources WHERE reference = ?1", "s", arrival->reference) : 0;
  for (guint i = 0; thread > 0 && fetch[i] != NULL; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (fetch[i]);
      g_autofree char *absolute = mw_reference_absolute (reference, self->connection->url);

      if (absolute != NULL &&
          !mw_db_run (db, error,
                      "UPDATE resources SET thread = ?2 WHERE reference = ?1 AND thread IS NULL AND reference NOT IN (SELECT reference FROM people)",
                      "si", absolute, thread))
        return FALSE;
    }
  return TRUE;
}

/**
 * mw_batch_write:
 * @batch: a MwBatch, recognised
 *
 * A MwStoreFunc: writes everything, and the watermark with it (G5).
 *
 * Returns: how many new entries there are, or -1
 */
gint64
mw_batch_write (MwDb    *db,
                gpointer batch,
                GError **error)
{
  MwBatch *self = batch;

  self->n_new = 0;
  /* people first, so that what is about them finds them whatever the order of the page; orders last, behind their Tasks */
  for (guint pass = 0; pass < 3; pass++)
    for (guint i = 0; i < self->arrivals->len; i++)
      {
        Arrival *arrival = g_ptr_array_index (self->arrivals, i);
        guint    turn = arrival->person != NULL ? 0 : mw_resource_is (arrival->resource, "ServiceRequest") ? 2
                                                                                                           : 1;

        if (turn != pass)
          continue;
        if (!write_one (db, self, arrival, error))
          return -1;
      }
  for (guint i = 0; i < self->arrivals->len; i++)
    if (!file_along (db, self, g_ptr_array_index (self->arrivals, i), error))
      return -1;
  if (self->watermark != NULL && !mw_watermarks_store (db, self->watermark, error))
    return -1;
  return self->n_new;
}
