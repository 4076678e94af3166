/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-demographics.h"

#include "mw-fhir-date.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_GIVEN 10
#define MAX_NAMES 20
#define MAX_IDENTIFIERS 50

void
mw_demographics_free (MwDemographics *self)
{
  if (self == NULL)
    return;
  g_free (self->family);
  g_strfreev (self->given);
  g_free (self->birth_date);
  g_free (self->gender);
  g_strfreev (self->identifiers);
  g_free (self->phone);
  g_free (self->line);
  g_free (self->city);
  g_free (self->state);
  g_free (self->postal_code);
  g_free (self->country);
  g_free (self);
}

static char *
read_line (JsonNode   *node,
           const char *path)
{
  g_autofree char *raw = mw_json_scalar (node, path);

  return mw_text_line (raw);
}

static GStrv
read_lines (JsonNode   *node,
            const char *path,
            guint       max)
{
  GPtrArray *lines = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (node, path), max);

  for (guint i = 0; i < n; i++)
    {
      char *line = read_line (mw_json_item (node, path, i), NULL);

      if (line != NULL)
        g_ptr_array_add (lines, line);
    }
  g_ptr_array_add (lines, NULL);
  return (GStrv) g_ptr_array_free (lines, FALSE);
}

/* Returns: (transfer full): the Identifiers at @path as "system|value" */
static GStrv
read_identifiers (JsonNode   *node,
                  const char *path)
{
  GPtrArray *identifiers = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (node, path), MAX_IDENTIFIERS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *identifier = mw_json_item (node, path, i);
      g_autofree char *system = read_line (identifier, "system");
      g_autofree char *value = read_line (identifier, "value");

      if (value != NULL)
        g_ptr_array_add (identifiers, g_strconcat (system != NULL ? system : "", "|", value, NULL));
    }
  g_ptr_array_add (identifiers, NULL);
  return (GStrv) g_ptr_array_free (identifiers, FALSE);
}

static void
read_address (MwDemographics *self,
              JsonNode       *address)
{
  g_auto (GStrv) lines = read_lines (address, "line", 5);

  self->line = lines[0] != NULL ? g_strjoinv (", ", lines) : NULL;
  self->city = read_line (address, "city");
  self->state = read_line (address, "state");
  self->postal_code = read_line (address, "postalCode");
  self->country = read_line (address, "country");
}

/**
 * mw_demographics_new:
 * @draft: (nullable): what mw_demographics_to_json() wrote, or a person in a file
 *
 * Returns: (transfer full): or NULL with MW_FHIR_ERROR_NOT_FHIR when it is no object, or the birth date or the
 *   gender in it is none; the sentence is for a person
 */
MwDemographics *
mw_demographics_new (JsonNode *draft,
                     GError  **error)
{
  static const char *const genders[] = { "male", "female", "other", "unknown", NULL };
  g_autoptr (MwDemographics) self = g_new0 (MwDemographics, 1);
  MwFhirDate date;

  if (!mw_json_is_object (draft))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("What is known of the patient cannot be read."));
      return NULL;
    }
  self->family = read_line (draft, "family");
  self->given = read_lines (draft, "given", MAX_GIVEN);
  self->birth_date = read_line (draft, "birthDate");
  self->gender = read_line (draft, "gender");
  self->identifiers = read_identifiers (draft, "identifier");
  self->phone = read_line (draft, "phone");
  read_address (self, mw_json_get (draft, "address"));
  if (self->birth_date != NULL && (!mw_fhir_date_parse (self->birth_date, &date) || date.precision > MW_FHIR_DATE_DAY))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The birth date is no date. Write it as year-month-day, such as 2016-01-05."));
      return NULL;
    }
  if (self->gender != NULL && !g_strv_contains (genders, self->gender))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The gender must be one of male, female, other and unknown."));
      return NULL;
    }
  return g_steal_pointer (&self);
}

static gboolean
is_past (JsonNode *name)
{
  static const char *const past[] = { "old", "maiden", "nickname", "anonymous", NULL };
  const char              *use = mw_json_string (name, "use");

  return use != NULL && g_strv_contains (past, use);
}

/* The official name, else the first that is used today, else the first */
static JsonNode *
best_name (JsonNode *patient)
{
  guint     n = MIN (mw_json_length (patient, "name"), MAX_NAMES);
  JsonNode *best = NULL;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *name = mw_json_item (patient, "name", i);

      if (g_strcmp0 (mw_json_string (name, "use"), "official") == 0)
        return name;
      if (mw_json_has (name, "family") && (best == NULL || (is_past (best) && !is_past (name))))
        best = name;
    }
  return best;
}

/**
 * mw_demographics_new_from_patient:
 * @patient: (nullable): a Patient
 *
 * Returns: (transfer full): what tells this patient from others; what cannot be read is left out
 */
MwDemographics *
mw_demographics_new_from_patient (JsonNode *patient)
{
  MwDemographics *self = g_new0 (MwDemographics, 1);
  JsonNode       *name = best_name (patient);
  guint           n = MIN (mw_json_length (patient, "telecom"), 20);
  MwFhirDate      date;

  self->family = read_line (name, "family");
  self->given = read_lines (name, "given", MAX_GIVEN);
  self->birth_date = read_line (patient, "birthDate");
  if (self->birth_date != NULL && (!mw_fhir_date_parse (self->birth_date, &date) || date.precision > MW_FHIR_DATE_DAY))
    g_clear_pointer (&self->birth_date, g_free);
  self->gender = read_line (patient, "gender");
  self->identifiers = read_identifiers (patient, "identifier");
  for (guint i = 0; i < n && self->phone == NULL; i++)
    {
      JsonNode *telecom = mw_json_item (patient, "telecom", i);

      if (g_strcmp0 (mw_json_string (telecom, "system"), "phone") == 0)
        self->phone = read_line (telecom, "value");
    }
  read_address (self, mw_json_item (patient, "address", 0));
  return self;
}

static void
write_strings (JsonNode   *node,
               const char *path,
               GStrv       strings)
{
  for (gsize i = 0; strings[i] != NULL; i++)
    mw_json_set (node, path, strings[i]);
}

static void
write_identifiers (const MwDemographics *self,
                   JsonNode             *node)
{
  for (gsize i = 0; self->identifiers[i] != NULL; i++)
    {
      const char      *bar = strchr (self->identifiers[i], '|');
      JsonNode        *identifier = mw_json_object_new ();
      g_autofree char *system = bar != NULL ? g_strndup (self->identifiers[i], (gsize) (bar - self->identifiers[i])) : g_strdup ("");

      mw_json_set (identifier, "system", *system != '\0' ? system : NULL);
      mw_json_set (identifier, "value", bar != NULL ? bar + 1 : self->identifiers[i]);
      mw_json_take (node, "identifier[+]", identifier);
    }
}

static void
write_address (const MwDemographics *self,
               JsonNode             *node,
               const char           *path)
{
  JsonNode *address;

  if (self->line == NULL && self->city == NULL && self->state == NULL && self->postal_code == NULL && self->country == NULL)
    return;
  address = mw_json_object_new ();
  mw_json_set (address, "line[+]", self->line);
  mw_json_set (address, "city", self->city);
  mw_json_set (address, "state", self->state);
  mw_json_set (address, "postalCode", self->postal_code);
  mw_json_set (address, "country", self->country);
  mw_json_take (node, path, address);
}

/** mw_demographics_to_json: Returns: (transfer full): it for a draft */
JsonNode *
mw_demographics_to_json (const MwDemographics *self)
{
  JsonNode *draft = mw_json_object_new ();

  mw_json_set (draft, "family", self->family);
  write_strings (draft, "given[+]", self->given);
  mw_json_set (draft, "birthDate", self->birth_date);
  mw_json_set (draft, "gender", self->gender);
  write_identifiers (self, draft);
  mw_json_set (draft, "phone", self->phone);
  write_address (self, draft, "address");
  return draft;
}

/** mw_demographics_to_patient: Returns: (transfer full): a Patient without an id, to be looked for */
JsonNode *
mw_demographics_to_patient (const MwDemographics *self)
{
  JsonNode *patient = mw_resource_new ("Patient");

  write_identifiers (self, patient);
  mw_json_set (patient, "name[0].family", self->family);
  for (gsize i = 0; self->given[i] != NULL; i++)
    mw_json_set (patient, "name[0].given[+]", self->given[i]);
  if (self->phone != NULL)
    {
      mw_json_set (patient, "telecom[0].system", "phone");
      mw_json_set (patient, "telecom[0].value", self->phone);
    }
  mw_json_set (patient, "gender", self->gender);
  mw_json_set (patient, "birthDate", self->birth_date);
  write_address (self, patient, "address[+]");
  return patient;
}

/** mw_demographics_is_enough: whether a patient can be looked for: a family name with a birth date, or an identifier */
gboolean
mw_demographics_is_enough (const MwDemographics *self)
{
  return self->identifiers[0] != NULL || (self->family != NULL && self->birth_date != NULL);
}

/** mw_demographics_check: mw_demographics_is_enough(), or MW_FHIR_ERROR_NOT_FHIR with a sentence on what is missing */
gboolean
mw_demographics_check (const MwDemographics *self,
                       GError              **error)
{
  const char *sentence;

  if (mw_demographics_is_enough (self))
    return TRUE;
  if (self->family != NULL)
    sentence = _ ("The birth date is missing. A patient is found by family name and birth date, or by a number such as a record number.");
  else if (self->birth_date != NULL)
    sentence = _ ("The family name is missing. A patient is found by family name and birth date, or by a number such as a record number.");
  else
    sentence = _ ("Family name and birth date are missing. A patient is found by these, or by a number such as a record number.");
  g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, sentence);
  return FALSE;
}
