/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-same-patient.h"

#include "mw-datatypes.h"
#include "mw-identity.h"
#include "mw-item.h"
#include "mw-local-patient.h"
#include "mw-match-compare.h"
#include "mw-patient-link.h"
#include "mw-reference.h"

#include <string.h>

#define MAX_IDENTIFIERS 200

/* By the links: what is linked to the same patient as the other. Not downwards: two patients here whom somebody took
 * for one there stay two */
static gboolean
are_linked (MwDb       *db,
            const char *one,
            const char *other)
{
  return mw_db_get_int (db, 0,
                        "WITH RECURSIVE "
                        "a (r) AS (SELECT ?1 UNION SELECT l.patient FROM a JOIN patient_links AS l ON l.reference = a.r AND l.revoked = 0), "
                        "b (r) AS (SELECT ?2 UNION SELECT l.patient FROM b JOIN patient_links AS l ON l.reference = b.r AND l.revoked = 0) "
                        "SELECT count(*) FROM a JOIN b ON a.r = b.r",
                        "ss", one, other) > 0;
}

/* A server has merged two records (FHIR R4 patient.html, Patient.link) */
static gboolean
is_merged (JsonNode   *patient,
           const char *own,
           const char *other)
{
  guint n = MIN (mw_json_length (patient, "link"), MAX_IDENTIFIERS);
  g_autoptr (MwReference) place = mw_reference_new_for_literal (own);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *link = mw_json_item (patient, "link", i);
      const char *type = mw_json_string (link, "type");
      g_autoptr (MwReference) reference = mw_reference_new (mw_json_get (link, "other"));
      g_autofree char *absolute = place->base != NULL ? mw_reference_absolute (reference, place->base) : NULL;

      if ((g_strcmp0 (type, "replaced-by") == 0 || g_strcmp0 (type, "replaces") == 0) && g_strcmp0 (absolute, other) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The receiver made its record of what went along: it carries the mark of an item of this thread, or of a patient who is
 * known here only */
static gboolean
has_urn (JsonNode   *patient,
         const char *identity)
{
  g_autofree char *urn = identity != NULL ? mw_identity_urn (identity) : NULL;
  guint            n = urn != NULL ? MIN (mw_json_length (patient, "identifier"), MAX_IDENTIFIERS) : 0;

  for (guint i = 0; i < n; i++)
    {
      const char *value = mw_json_string (mw_json_item (patient, "identifier", i), "value");

      if (value != NULL && g_ascii_strcasecmp (value, urn) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_of_ours (MwDb           *db,
            MwBatch        *batch,
            gint64          thread,
            const MwPerson *expected,
            JsonNode       *patient)
{
  g_autofree char *local = mw_local_patient_identity (expected->reference, batch->connection->url);
  g_autoptr (GArray) items = mw_items_of_thread (db, thread, NULL);

  if (has_urn (patient, local))
    return TRUE;
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_autoptr (MwItem) item = mw_items_load (db, g_array_index (items, gint64, i), NULL);
      g_autofree char *derived = item != NULL ? mw_identity_derive (item->identity, "patient") : NULL;

      if (has_urn (patient, derived))
        return TRUE;
    }
  return FALSE;
}

static gboolean
contradict (JsonNode    *one,
            JsonNode    *other,
            MwMatchField field)
{
  MwMatchLikeness likeness = mw_match_compare_field (one, other, field);

  if (likeness == MW_MATCH_DIFFERENT)
    return TRUE;
  /* two whole names of which one is parted and the other is not, and which do not hold each other */
  return field == MW_MATCH_FIELD_FAMILY && (likeness == MW_MATCH_ONLY_HERE || likeness == MW_MATCH_ONLY_THERE) &&
         mw_json_length (one, "name") > 0 && mw_json_length (other, "name") > 0;
}

/* A number in common, and nothing of name and birth date against it */
static gboolean
agree (JsonNode *one,
       JsonNode *other)
{
  g_autoptr (GPtrArray) lines = mw_match_compare (one, other);
  gboolean number = FALSE;

  for (guint i = 0; i < lines->len; i++)
    {
      const MwMatchDifference *line = g_ptr_array_index (lines, i);

      number = number || (line->field == MW_MATCH_FIELD_IDENTIFIER && line->likeness == MW_MATCH_SAME);
    }
  return number && !contradict (one, other, MW_MATCH_FIELD_FAMILY) && !contradict (one, other, MW_MATCH_FIELD_GIVEN) &&
         !contradict (one, other, MW_MATCH_FIELD_BIRTH_DATE);
}

static gboolean
has_number (JsonNode *patient)
{
  guint n = MIN (mw_json_length (patient, "identifier"), MAX_IDENTIFIERS);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = mw_identifier_text (mw_json_item (patient, "identifier", i));

      if (text != NULL)
        return TRUE;
    }
  return FALSE;
}

/* One of them has no number that could tell them apart, and all else is the same */
static gboolean
are_alike (JsonNode *one,
           JsonNode *other)
{
  return (!has_number (one) || !has_number (other)) && mw_match_compare_field (one, other, MW_MATCH_FIELD_BIRTH_DATE) == MW_MATCH_SAME &&
         (mw_match_compare_field (one, other, MW_MATCH_FIELD_FAMILY) == MW_MATCH_SAME ||
          mw_match_compare_field (one, other, MW_MATCH_FIELD_FAMILY) == MW_MATCH_SIMILAR) &&
         !contradict (one, other, MW_MATCH_FIELD_GIVEN);
}

/**
 * mw_same_patient_tells_who:
 * @patient: (nullable): what is known of somebody
 *
 * Returns: whether a person would know from it who that is
 */
gboolean
mw_same_patient_tells_who (JsonNode *patient)
{
  return mw_json_length (patient, "name") > 0 || mw_json_string (patient, "birthDate") != NULL;
}

/* Whether the server that @reference is on is known to have somebody else for @patient */
static gboolean
is_linked_elsewhere (MwDb       *db,
                     const char *patient,
                     gint64      connection)
{
  return mw_db_get_int (db, 0, "SELECT count(*) FROM patient_links WHERE patient = ?1 AND connection = ?2 AND revoked = 0", "si", patient, connection) > 0;
}

static gboolean
same_server (const char *one,
             const char *other)
{
  g_autoptr (MwReference) a = mw_reference_new_for_literal (one);
  g_autoptr (MwReference) b = mw_reference_new_for_literal (other);

  return a->base != NULL && b->base != NULL && g_str_equal (a->base, b->base);
}

/**
 * mw_same_patient_is_other:
 * @thread: what it is about is marked with its items' identities
 * @expected: whom the request is about
 * @here: what is known of that one
 * @reference: (nullable): absolute, of the one who is named
 * @there: (nullable): what is known of that one
 *
 * Compares two patients. They are the same by reference, by a valid link, by a merge, by the mark of what went along, or
 * by a number in common that name and birth date do not contradict. Where nothing is known of the one, nothing is said.
 *
 * Returns: whether they are two
 */
gboolean
mw_same_patient_is_other (MwDb           *db,
                          MwBatch        *batch,
                          gint64          thread,
                          const MwPerson *expected,
                          JsonNode       *here,
                          const char     *reference,
                          JsonNode       *there)
{
  gboolean neighbours = reference != NULL && strchr (reference, '#') == NULL && strchr (expected->reference, '#') == NULL &&
                        same_server (expected->reference, reference);

  if (reference != NULL &&
      (g_str_equal (reference, expected->reference) || are_linked (db, expected->reference, reference) ||
       is_merged (here, expected->reference, reference) || is_merged (there, reference, expected->reference)))
    return FALSE;
  if (there != NULL && (agree (here, there) || is_of_ours (db, batch, thread, expected, there)))
    return FALSE;
  /* two records of one server are two patients, however alike */
  if (there != NULL && !neighbours && are_alike (here, there))
    return FALSE;
  if (mw_same_patient_tells_who (there))
    return TRUE;
  /* a number alone: another one under the same system is somebody else */
  if (mw_match_compare_field (here, there, MW_MATCH_FIELD_IDENTIFIER) == MW_MATCH_DIFFERENT)
    return TRUE;
  /* nothing but a place: it can only be told where the other one's place on that server is known */
  return reference != NULL && (neighbours ||
                               is_linked_elsewhere (db, expected->reference, batch->connection->id));
}
