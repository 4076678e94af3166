/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The negotiate stage: what a server says it can do, in which versions of FHIR, and what it has refused in spite of
 * that (wire notes 0.4 and 3). */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-link.h"

#include "mw-learned.h"

#include <glib/gi18n-lib.h>

/* What a server can do is asked again after a day (wire notes 0.4) */
#define CAPABILITY_MAX_AGE G_TIME_SPAN_DAY
/* For so long a refusal counts. It costs one more to see that it still stands */
#define LEARNED_MAX_AGE (30 * G_TIME_SPAN_DAY)

typedef struct
{
  MwLink       *link;
  GBytes       *json;
  MwCapability *stated;
  MwVersions   *versions;
  gint64        now;
} Negotiation;

static void
negotiation_free (gpointer data)
{
  Negotiation *self = data;

  g_clear_pointer (&self->json, g_bytes_unref);
  g_clear_pointer (&self->stated, mw_capability_unref);
  mw_versions_free (self->versions);
  g_free (self);
}

/* What changes each time it is asked for says nothing about the server */
static char *
substance (JsonNode *statement)
{
  static const char *const passing[] = { "id", "meta", "date", "text" };
  g_autoptr (JsonNode) copy = mw_json_copy (statement);

  for (gsize i = 0; i < G_N_ELEMENTS (passing); i++)
    mw_json_remove (copy, passing[i]);
  return mw_json_to_text (copy, FALSE);
}

static JsonNode *
load_statement (MwDb   *db,
                gint64  connection,
                gint64 *fetched)
{
  g_autoptr (GBytes) json = mw_capabilities_load (db, connection, fetched);

  return json != NULL ? mw_json_parse (g_bytes_get_data (json, NULL), (gssize) g_bytes_get_size (json), NULL) : NULL;
}

/* A server that was changed may take by now what it refused before. What was read again because of a refusal does
 * not undo what that taught: a server that words its statement anew each time would be asked in vain without end */
static gboolean
is_changed (MwDb        *db,
            Negotiation *self)
{
  gint64 fetched = 0;
  g_autoptr (JsonNode) known = load_statement (db, self->link->row->id, &fetched);
  g_autofree char *before = known != NULL ? substance (known) : NULL;
  g_autofree char *after = substance (mw_capability_get_json (self->stated));

  return fetched > 0 && g_strcmp0 (before, after) != 0;
}

/* What stood in the way, a gateway perhaps, may have been put right without a word in the statement */
static gboolean
is_expired (MwDb        *db,
            Negotiation *self)
{
  return self->now - mw_capabilities_get_learned_at (db, self->link->row->id) >= LEARNED_MAX_AGE;
}

static gint64
write_negotiation (MwDb    *db,
                   gpointer data,
                   GError **error)
{
  Negotiation     *self = data;
  gint64           id = self->link->row->id;
  g_autofree char *versions = mw_versions_to_text (self->versions);
  gboolean         forget = is_changed (db, self) || is_expired (db, self);

  return mw_capabilities_store (db, id, self->json, mw_capability_get_version_text (self->stated), mw_capability_get_software (self->stated), self->now, error) &&
                 mw_capabilities_set_versions (db, id, versions, error) &&
                 (!forget || mw_capabilities_set_learned (db, id, NULL, FALSE, self->now, error))
             ? 0
             : -1;
}

static void
take_capability (MwLink       *link,
                 MwCapability *stated)
{
  g_autofree char *versions = mw_capabilities_dup_versions (link->core->db, link->row->id);
  g_auto (GStrv) words = NULL;

  mw_link_forget_capability (link);
  link->learned = mw_capabilities_dup_learned (link->core->db, link->row->id);
  link->versions = mw_versions_new_from_text (versions);
  words = mw_learned_parse (link->learned);
  link->capability = mw_capability_with_refused (stated, (const char *const *) words);
}

static void
load_capability (MwLink *link)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (MwCapability) stated = NULL;

  if (link->capability != NULL)
    return;
  node = load_statement (link->core->db, link->row->id, &link->capability_fetched);
  if (node != NULL)
    stated = mw_capability_new (node, NULL);
  if (stated != NULL)
    take_capability (link, stated);
}

static void
return_capability (GTask  *task,
                   MwLink *link)
{
  g_task_return_pointer (task, mw_capability_ref (link->capability), (GDestroyNotify) mw_capability_unref);
}

static void
end_negotiation (GTask *task)
{
  Negotiation *self = g_task_get_task_data (task);
  MwLink      *link = self->link;

  self->now = mw_core_now (link->core);
  mw_store_write (link->core->store, write_negotiation, self, NULL);
  take_capability (link, self->stated);
  link->capability_fetched = self->now;
  return_capability (task, link);
}

/* A server that lists the operation and does not have it is one that speaks what its statement says. One that cannot
 * answer at the moment has not changed */
static void
versions_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Negotiation *self = g_task_get_task_data (task);
  GError      *error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  mw_link_note_answer (self->link, answer);
  if (answer->answer_class == MW_ANSWER_DONE && answer->resource != NULL)
    self->versions = mw_versions_new (answer->resource, NULL);
  else if (answer->status == 0 || answer->answer_class == MW_ANSWER_TEMPORARY)
    {
      g_autofree char *known = mw_capabilities_dup_versions (self->link->core->db, self->link->row->id);

      self->versions = mw_versions_new_from_text (known);
    }
  end_negotiation (task);
}

/* A server that is gone, or somewhere else by now; not one that cannot be reached, by name either (that is how it is
 * without a hospital's own network), or does not let us in */
static gboolean
is_lost (const MwAnswer *answer)
{
  return answer->trouble == MW_TROUBLE_REDIRECT || answer->answer_class == MW_ANSWER_NOT_FOUND ||
         answer->answer_class == MW_ANSWER_GONE || answer->answer_class == MW_ANSWER_NOT_FHIR ||
         (answer->answer_class == MW_ANSWER_DONE && !mw_resource_is (answer->resource, "CapabilityStatement"));
}

static void
metadata_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Negotiation  *self = g_task_get_task_data (task);
  MwLink       *link = self->link;
  GError       *error = NULL;
  MwHttpRequest request = { .method = "GET", .url = "$versions", .repeatable = TRUE };
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  mw_link_note_answer (link, answer);
  link->lost = is_lost (answer);
  if (answer->resource != NULL && mw_resource_is (answer->resource, "CapabilityStatement"))
    self->stated = mw_capability_new (answer->resource, NULL);
  if (self->stated == NULL)
    {
      /* an old statement is better than none: servers that are down for a moment have not changed */
      if (link->capability != NULL)
        return_capability (task, link);
      else
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "%s",
                                 mw_link_trouble_words (answer) != NULL ? mw_link_trouble_words (answer) : _ ("The server did not say what it can do."));
      return;
    }
  self->json = g_bytes_ref (answer->body);
  if (mw_capability_supports_operation (self->stated, NULL, "versions") != MW_SUPPORT_YES)
    {
      end_negotiation (task);
      return;
    }
  mw_client_send_async (link->client, &request, link->core->cancellable, versions_read, g_steal_pointer (&task));
}

/**
 * mw_link_negotiate_async:
 *
 * The negotiate stage: what the server can do, and in which versions of FHIR.
 */
void
mw_link_negotiate_async (MwLink             *link,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, link->core->cancellable, callback, user_data);
  Negotiation  *self = g_new0 (Negotiation, 1);
  MwHttpRequest request = { .method = "GET", .url = "metadata", .repeatable = TRUE };

  self->link = link;
  g_task_set_task_data (task, self, negotiation_free);
  load_capability (link);
  if (link->capability != NULL && mw_core_now (link->core) - link->capability_fetched < CAPABILITY_MAX_AGE)
    {
      link->lost = FALSE;
      return_capability (task, link);
      return;
    }
  if (!mw_link_is_open (link))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", link->problem != NULL ? link->problem : _ ("The connection cannot be used."));
      return;
    }
  mw_client_send_async (link->client, &request, link->core->cancellable, metadata_read, g_steal_pointer (&task));
}

/** mw_link_negotiate_finish: Returns: (transfer full): what the server can do, but for what it has refused */
MwCapability *
mw_link_negotiate_finish (MwLink       *link,
                          GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * mw_link_get_version:
 *
 * Once negotiated. A server that says no version is spoken to in R4, the unknown one.
 *
 * Returns: the version to speak; MW_FHIR_VERSION_UNKNOWN with @error set when there is none in common
 */
MwFhirVersion
mw_link_get_version (MwLink  *link,
                     GError **error)
{
  const char *stated = link->capability != NULL ? mw_capability_get_version_text (link->capability) : NULL;

  return stated != NULL || link->versions != NULL ? mw_versions_choose (link->versions, stated, error) : MW_FHIR_VERSION_UNKNOWN;
}

/** mw_link_dup_media_type: Returns: (transfer full) (nullable): with the version, where the server offers several */
char *
mw_link_dup_media_type (MwLink *link)
{
  return mw_versions_count (link->versions) > 1 ? mw_versions_media_type (link->versions, mw_link_get_version (link, NULL)) : NULL;
}

/** mw_link_forget_capability: has it read from the store the next time */
void
mw_link_forget_capability (MwLink *link)
{
  g_clear_pointer (&link->capability, mw_capability_unref);
  g_clear_pointer (&link->versions, mw_versions_free);
  g_clear_pointer (&link->learned, g_free);
}

/**
 * mw_negotiate_load:
 * @version: (out): the one to speak, where that is known
 *
 * Returns: (transfer full) (nullable): what the server can do as far as it is stored; NULL when it was never asked
 */
MwCapability *
mw_negotiate_load (MwDb          *db,
                   gint64         connection,
                   MwFhirVersion *version)
{
  g_autoptr (JsonNode) node = load_statement (db, connection, NULL);
  g_autoptr (MwCapability) stated = node != NULL ? mw_capability_new (node, NULL) : NULL;
  g_autofree char *learned = mw_capabilities_dup_learned (db, connection);
  g_autofree char *text = mw_capabilities_dup_versions (db, connection);
  g_autoptr (MwVersions) versions = mw_versions_new_from_text (text);
  g_auto (GStrv) words = mw_learned_parse (learned);

  if (stated == NULL)
    return NULL;
  *version = mw_versions_choose (versions, mw_capability_get_version_text (stated), NULL);
  return mw_capability_with_refused (stated, (const char *const *) words);
}
