/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-fhir-date.h"
#include "mw-local-patient.h"

#include <glib/gi18n-lib.h>

/**
 * mw_cli_read_patient:
 * @file: a JSON object as mw_demographics_new() takes it; "-" is standard input
 *
 * What is known of a patient comes from a file, because arguments are visible to other programs.
 *
 * Returns: (transfer full) (nullable): what is known, enough to look for the patient
 */
MwDemographics *
mw_cli_read_patient (const char *file,
                     GError    **error)
{
  gsize            length;
  g_autofree char *contents = mw_cli_read_input (file, &length, error);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (MwDemographics) known = NULL;

  if (contents == NULL)
    return NULL;
  node = mw_json_parse (contents, (gssize) length, error);
  known = node != NULL ? mw_demographics_new (node, error) : NULL;
  if (known == NULL || !mw_demographics_check (known, error))
    return NULL;
  return g_steal_pointer (&known);
}

typedef struct
{
  const MwDemographics *known;
  gint64                now;
} Input;

static gint64
run_put (MwDb    *db,
         gpointer data,
         GError **error)
{
  Input *input = data;

  return mw_local_patients_put (db, input->known, input->now, error);
}

static void
print_patient (MwCli          *cli,
               const MwPerson *person)
{
  g_autofree char *known_by = mw_local_patient_known_by (person);
  g_autofree char *born = person->birth_date != NULL ? mw_fhir_date_to_display (person->birth_date) : NULL;

  if (cli->json)
    {
      g_autoptr (JsonNode) node = mw_json_object_new ();

      mw_cli_set (node, "reference", person->reference);
      mw_cli_set (node, "name", person->name);
      mw_cli_set (node, "birthDate", person->birth_date);
      mw_cli_set (node, "gender", person->gender);
      mw_cli_set (node, "identifiers", person->identifiers);
      mw_cli_set (node, "knownBy", known_by);
      mw_cli_print (node);
      return;
    }
  mw_cli_print_line ("%s  %s%s%s%s%s", person->reference, person->name, born != NULL ? " · " : "", born != NULL ? born : "",
                     known_by != NULL ? " · " : "", known_by != NULL ? known_by : "");
}

int
mw_cli_patient (MwCli *cli,
                int    argc,
                char **argv)
{
  g_autofree char   *file = NULL;
  const GOptionEntry entries[] = {
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, N_ ("What is known, as JSON; - is standard input"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (MwDemographics) known = NULL;
  g_autoptr (MwPerson) person = NULL;
  g_autoptr (GError) error = NULL;
  Input  input = { NULL, g_get_real_time () };
  gint64 id;

  if (!mw_cli_parse (cli, "patient", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (file == NULL)
    {
      g_printerr (_ ("meanwhile: %s is needed\n"), "--file");
      return MW_EXIT_USAGE;
    }
  known = mw_cli_read_patient (file, &error);
  if (known == NULL)
    return mw_cli_fail (error);
  input.known = known;
  id = mw_store_write (cli->store, run_put, &input, &error);
  if (id < 0)
    return mw_cli_fail (error);
  person = mw_people_load (mw_store_get_reader (cli->store, NULL), id);
  print_patient (cli, person);
  return MW_EXIT_DONE;
}
