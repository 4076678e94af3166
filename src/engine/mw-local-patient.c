/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-local-patient.h"

#include "mw-batch.h"
#include "mw-identity.h"
#include "mw-resource-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define URN "urn:uuid:"

/**
 * mw_local_patient_is:
 * @reference: (nullable): a patient's
 *
 * Returns: whether it names a patient who is on no server that is known here
 */
gboolean
mw_local_patient_is (const char *reference)
{
  return reference != NULL && g_str_has_prefix (reference, URN);
}

/**
 * mw_local_patient_identity:
 * @reference: a patient's
 * @base: of a server that gets the patient's data
 *
 * Returns: (transfer full): the UUID that the patient's record there gets: the same for every item, so that there is one
 *   record, and another one on every server, so that nobody can put two servers' records together by it
 */
char *
mw_local_patient_identity (const char *reference,
                           const char *base)
{
  g_autofree char *place = g_strconcat ("patient/", base, NULL);

  return mw_identity_derive (mw_local_patient_is (reference) ? reference + strlen (URN) : reference, place);
}

static gboolean
is_same (GBytes     *raw,
         const char *text)
{
  gsize            size;
  const char      *data = g_bytes_get_data (raw, &size);
  g_autofree char *other = g_strndup (data, size);
  g_autofree char *one_fold = g_utf8_casefold (other, -1);
  g_autofree char *other_fold = g_utf8_casefold (text, -1);

  return g_str_equal (one_fold, other_fold);
}

/* The same again, but for case, is the same patient. One who differs in any way is another */
static gint64
find (MwDb       *db,
      const char *name,
      const char *text)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL,
                      "SELECT people.id, resources.raw FROM people JOIN resources ON resources.reference = people.reference "
                      "WHERE people.type = 'Patient' AND people.name = ?1 COLLATE NOCASE AND people.connection IS NULL",
                      "s", name))
    return 0;
  while (mw_query_step (&query, NULL))
    {
      g_autoptr (GBytes) raw = mw_query_bytes (&query, 1);

      if (raw != NULL && is_same (raw, text))
        return mw_query_int (&query, 0);
    }
  return 0;
}

static gint64
add (MwDb       *db,
     MwPerson   *person,
     const char *text,
     gint64      now,
     GError    **error)
{
  g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));
  MwResourceRow row = { .type = person->type, .reference = person->reference, .title = person->name, .received = now, .raw = raw };
  gboolean      changed;

  row.patient = mw_people_put (db, person, error);
  if (row.patient < 0 || mw_resources_put (db, &row, &changed, error) < 0)
    return -1;
  return row.patient;
}

/**
 * mw_local_patients_put:
 * @known: what is known; MW_FHIR_ERROR_NOT_FHIR says what is missing
 *
 * Inside a write. The same demographics given again are the same patient.
 *
 * Returns: the people row of the patient, or -1 with a sentence for a person
 */
gint64
mw_local_patients_put (MwDb                 *db,
                       const MwDemographics *known,
                       gint64                now,
                       GError              **error)
{
  g_autoptr (JsonNode) patient = mw_demographics_to_patient (known);
  g_autofree char *text = mw_json_to_text (patient, FALSE);
  g_autofree char *uuid = mw_identity_new ();
  g_autofree char *reference = mw_identity_urn (uuid);
  g_autoptr (MwPerson) person = mw_person_from_resource (patient, reference, "", 0);
  gint64 id;

  if (!mw_demographics_check (known, error))
    return -1;
  id = find (db, person->name, text);
  return id > 0 ? id : add (db, person, text, now, error);
}

typedef struct
{
  MwDemographics *known;
  gint64          now;
} Input;

static void
input_free (gpointer data)
{
  Input *input = data;

  mw_demographics_free (input->known);
  g_free (input);
}

static gint64
run_put (MwDb    *db,
         gpointer data,
         GError **error)
{
  Input *input = data;

  return mw_local_patients_put (db, input->known, input->now, error);
}

/**
 * mw_local_patients_put_async:
 * @known: copied
 *
 * Finishes with the people row of the patient.
 */
void
mw_local_patients_put_async (MwStore              *store,
                             const MwDemographics *known,
                             gint64                now,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data)
{
  Input *input = g_new0 (Input, 1);
  g_autoptr (JsonNode) copy = mw_demographics_to_json (known);

  input->known = mw_demographics_new (copy, NULL);
  input->now = now;
  mw_store_write_async (store, run_put, input, input_free, cancellable, callback, user_data);
}

gint64
mw_local_patients_put_finish (MwStore      *store,
                              GAsyncResult *result,
                              GError      **error)
{
  return mw_store_write_finish (store, result, error);
}

/**
 * mw_local_patient_known_by:
 * @person: a patient
 *
 * Returns: (transfer full) (nullable): a sentence on how little tells this patient from others; NULL when two
 *   identifiers do, or when the patient's own server is asked for that
 */
char *
mw_local_patient_known_by (const MwPerson *person)
{
  gboolean number = person->tokens != NULL;

  if (!mw_local_patient_is (person->reference) || (number && strchr (person->tokens, '\n') != NULL))
    return NULL;
  if (!number)
    return g_strdup (_ ("Known by name and birth date only"));
  if (person->birth_date == NULL)
    return g_strdup (_ ("Known by one number only"));
  return g_strdup (_ ("Known by name, birth date and one number only"));
}
