/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-datatypes-private.h"

#include "mw-npi.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
mw_words_init (MwWords *words)
{
  words->text = g_string_new (NULL);
}

/* Appends and frees @part, with @separator before it unless it is the first */
void
mw_words_take (MwWords    *words,
               const char *separator,
               char       *part)
{
  if (part != NULL && *part != '\0')
    {
      if (words->text->len > 0)
        g_string_append (words->text, separator);
      g_string_append (words->text, part);
    }
  g_free (part);
}

/* Returns: (nullable): what was collected */
char *
mw_words_end (MwWords *words)
{
  if (words->text->len == 0)
    {
      g_string_free (g_steal_pointer (&words->text), TRUE);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&words->text), FALSE);
}

static void
add_names (MwWords    *words,
           JsonNode   *name,
           const char *path)
{
  guint n = MIN (mw_json_length (name, path), 10);

  for (guint i = 0; i < n; i++)
    mw_words_take (words, " ", mw_text_line (mw_json_string (mw_json_item (name, path, i), NULL)));
}

/**
 * mw_human_name_text:
 * @name: (nullable): a HumanName, or a bare string as careless senders write it
 *
 * Returns: (transfer full) (nullable): the name as it is spoken: prefix, given, family, suffix; else
 *   its text (FHIR R4 datatypes.html#HumanName)
 */
char *
mw_human_name_text (JsonNode *name)
{
  MwWords words;
  char   *text;

  if (name != NULL && JSON_NODE_HOLDS_VALUE (name))
    return mw_text_line (mw_json_string (name, NULL));
  mw_words_init (&words);
  if (mw_json_has (name, "family") || mw_json_has (name, "given"))
    {
      add_names (&words, name, "prefix");
      add_names (&words, name, "given");
      add_names (&words, name, "family");
      add_names (&words, name, "suffix");
    }
  text = mw_words_end (&words);
  return text != NULL ? text : mw_text_line (mw_json_string (name, "text"));
}

static int
rank_name (JsonNode *name)
{
  static const char *const order[] = { "official", "usual", NULL, "temp", "nickname", "anonymous", "maiden", "old" };
  const char              *use = mw_json_string (name, "use");

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (g_strcmp0 (order[i], use) == 0)
      return (int) i;
  return 2;
}

/**
 * mw_patient_name:
 * @person: (nullable): a Patient, Practitioner, RelatedPerson or Person
 *
 * Returns: (transfer full) (nullable): the best of the names: official, usual, any, and old ones last
 */
char *
mw_patient_name (JsonNode *person)
{
  guint n = MIN (mw_json_length (person, "name"), MW_DATATYPES_MAX_REPEATS);
  char *best_text = NULL;
  int   best = G_MAXINT;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *name = mw_json_item (person, "name", i);
      char     *text = mw_human_name_text (name);
      int       rank = rank_name (name);

      if (text != NULL && rank < best)
        {
          g_free (best_text);
          best_text = text;
          best = rank;
        }
      else
        g_free (text);
    }
  return best_text;
}

/**
 * mw_address_text:
 * @address: (nullable): an Address
 *
 * Returns: (transfer full) (nullable): one line: street, postal code and city, state, country
 */
char *
mw_address_text (JsonNode *address)
{
  guint   n = MIN (mw_json_length (address, "line"), 10);
  MwWords words;
  char   *text;

  mw_words_init (&words);
  for (guint i = 0; i < n; i++)
    mw_words_take (&words, ", ", mw_text_line (mw_json_string (mw_json_item (address, "line", i), NULL)));
  mw_words_take (&words, ", ", mw_text_line (mw_json_string (address, "city")));
  mw_words_take (&words, ", ", mw_text_line (mw_json_string (address, "state")));
  mw_words_take (&words, mw_json_has (address, "state") ? " " : ", ", mw_text_line (mw_json_string (address, "postalCode")));
  mw_words_take (&words, ", ", mw_text_line (mw_json_string (address, "country")));
  text = mw_words_end (&words);
  return text != NULL ? text : mw_text_line (mw_json_string (address, "text"));
}

/* Returns: (nullable): the value and what it is: "+1 555 0100 (mobile)" */
char *
mw_contact_point_text (JsonNode *contact)
{
  static const struct
  {
    const char *code;
    const char *words;
  } kinds[] = {
    { "fax", N_ ("fax") },
    { "pager", N_ ("pager") },
    { "sms", N_ ("text message") },
    { "home", N_ ("home") },
    { "work", N_ ("work") },
    { "mobile", N_ ("mobile") },
    { "temp", N_ ("temporary") },
    { "old", N_ ("old") },
  };
  g_autofree char *value = mw_json_scalar (contact, "value");
  g_autofree char *clean = mw_text_line (value);
  g_autofree char *kind = NULL;
  MwWords          words;

  if (clean == NULL)
    return NULL;
  mw_words_init (&words);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (mw_json_string (contact, "system"), kinds[i].code) == 0 ||
        g_strcmp0 (mw_json_string (contact, "use"), kinds[i].code) == 0)
      mw_words_take (&words, ", ", g_strdup (_ (kinds[i].words)));
  kind = mw_words_end (&words);
  return kind != NULL ? g_strdup_printf ("%s (%s)", clean, kind) : g_steal_pointer (&clean);
}

/* The kinds of identifier a clinician reads daily (HL7 v2 table 0203, and systems that are known by name) */
static const struct
{
  const char *code;
  const char *words;
} identifier_kinds[] = {
  { "MR", N_ ("Record number") },
  { "PI", N_ ("Patient number") },
  { "NPI", N_ ("NPI") },
  { "MB", N_ ("Member number") },
  { "MC", N_ ("Medicare number") },
  { "SS", N_ ("Social security number") },
  { "SB", N_ ("Social security number") },
  { "NH", N_ ("National health number") },
  { "NI", N_ ("National number") },
  { "DL", N_ ("Driving licence") },
  { "PPN", N_ ("Passport") },
  { "VN", N_ ("Visit number") },
  { "PLAC", N_ ("Order number") },
  { "FILL", N_ ("Filler number") },
  { "ACSN", N_ ("Accession number") },
  { "http://hl7.org/fhir/sid/us-npi", N_ ("NPI") },
  { "http://hl7.org/fhir/sid/us-ssn", N_ ("Social security number") },
  { "http://hl7.org/fhir/sid/us-mbi", N_ ("Medicare number") },
};

/**
 * mw_identifier_label:
 * @identifier: (nullable): an Identifier
 *
 * Returns: (transfer full) (nullable): what kind of number it is: "Record number"
 */
char *
mw_identifier_label (JsonNode *identifier)
{
  const char *text = mw_json_string (identifier, "type.text");
  const char *code = mw_json_string (identifier, "type.coding.code");
  const char *system = mw_json_string (identifier, "system");

  if (text != NULL)
    return mw_text_line (text);
  for (gsize i = 0; i < G_N_ELEMENTS (identifier_kinds); i++)
    if (g_strcmp0 (identifier_kinds[i].code, code) == 0 || g_strcmp0 (identifier_kinds[i].code, system) == 0)
      return g_strdup (_ (identifier_kinds[i].words));
  return mw_text_line (mw_json_string (identifier, "type.coding.display"));
}

/* Ten digits of which the last is wrong are a slip of the pen; anything else was never an NPI */
static char *
npi_text (const char *value)
{
  if (mw_npi_is_valid (value))
    /* Translators: %s is a National Provider Identifier, the number of a clinician or a place in the US */
    return g_strdup_printf (_ ("NPI %s"), value);
  if (strlen (value) == 10 && strspn (value, "0123456789") == 10 && (value[0] == '1' || value[0] == '2'))
    return g_strdup_printf (_ ("NPI %s (check digit is wrong)"), value);
  return g_strdup_printf (_ ("NPI %s (not a valid number)"), value);
}

/**
 * mw_identifier_text:
 * @identifier: (nullable): an Identifier
 *
 * An NPI that cannot be one is marked in words: it is read all the same, since many in the field are wrong.
 *
 * Returns: (transfer full) (nullable): "Record number 12345"; NULL for those that only machines need,
 *   which have a UUID or OID for a value
 */
char *
mw_identifier_text (JsonNode *identifier)
{
  g_autofree char *raw = mw_json_scalar (identifier, "value");
  g_autofree char *value = mw_text_line (raw);
  g_autofree char *label = NULL;

  if (value == NULL || g_ascii_strncasecmp (value, "urn:", 4) == 0)
    return NULL;
  if (mw_npi_is_identifier (identifier))
    return npi_text (value);
  label = mw_identifier_label (identifier);
  return label != NULL ? g_strdup_printf ("%s %s", label, value) : g_steal_pointer (&value);
}
