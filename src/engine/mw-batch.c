/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-batch-private.h"

#include "mw-fhir-date.h"
#include "mw-reference.h"
#include "mw-resource-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
arrival_free (gpointer data)
{
  MwBatchArrival *arrival = data;

  g_clear_pointer (&arrival->resource, json_node_unref);
  g_clear_pointer (&arrival->raw, g_bytes_unref);
  g_free (arrival->reference);
  g_free (arrival->origin);
  g_free (arrival->reason);
  g_free (arrival->title);
  g_free (arrival->patient);
  mw_meaning_free (arrival->meaning);
  mw_person_free (arrival->person);
  mw_endpoint_reading_free (arrival->reach);
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
  MwBatchArrival *arrival = g_new0 (MwBatchArrival, 1);

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
  MwBatchArrival *arrival;
  const char     *type = mw_resource_type (resource);
  const char     *updated = mw_json_string (resource, "meta.lastUpdated");

  self->n_read++;
  if (type == NULL || !mw_reference_is_type_name (type, strlen (type)))
    {
      mw_batch_quarantine (self, raw, origin, _ ("It does not say what it is."));
      return;
    }
  arrival = g_new0 (MwBatchArrival, 1);
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
  MwBatch        *self = user_data;
  MwBatchArrival *arrival = g_hash_table_lookup (self->by_reference, reference);
  JsonNode       *node = NULL;
  gpointer        known;

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

MwArrival
mw_batch_context_of (MwBatch        *self,
                     MwBatchArrival *arrival)
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

/* Returns: (transfer full) (nullable): the absolute reference of whom @resource is about */
char *
mw_batch_patient_of (MwBatch  *self,
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
      MwBatchArrival *arrival = g_ptr_array_index (self->arrivals, i);
      MwArrival       context;

      if (arrival->resource == NULL)
        continue;
      context = mw_batch_context_of (self, arrival);
      g_clear_pointer (&arrival->meaning, mw_meaning_free);
      g_clear_pointer (&arrival->person, mw_person_free);
      g_clear_pointer (&arrival->reach, mw_endpoint_reading_free);
      g_clear_pointer (&arrival->title, g_free);
      g_clear_pointer (&arrival->patient, g_free);
      arrival->meaning = mw_workflows_recognise (&context);
      arrival->person = mw_person_from_resource (arrival->resource, arrival->reference, self->connection->url, self->connection->id);
      if (arrival->person != NULL)
        arrival->person->fetched = self->now;
      arrival->reach = mw_endpoint_reading_new (arrival->resource, arrival->reference, self->connection->url, self->connection->id, self->now);
      arrival->title = mw_resource_title (arrival->resource);
      arrival->patient = mw_batch_patient_of (self, arrival->resource);
      arrival->happened = happened (arrival->resource);
    }
}

/* What the builder holds, without emptying it: it may be needed again when a transaction is repeated */
GStrv
mw_batch_take_list (GStrvBuilder *builder)
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
      MwBatchArrival *arrival = g_ptr_array_index (self->arrivals, i);
      g_auto (GStrv) fetch = NULL;

      if (arrival->meaning == NULL)
        continue;
      fetch = mw_batch_take_list (arrival->meaning->fetch);
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
