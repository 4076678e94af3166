/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-match.h"

#include "mw-bundle.h"
#include "mw-demographics.h"
#include "mw-outcome.h"
#include "mw-reference.h"
#include "mw-search-query.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define GRADE_EXTENSION "http://hl7.org/fhir/StructureDefinition/match-grade"
#define MAX_REMARKS 10
#define MAX_LINKS 50
#define MAX_EXTENSIONS 100

void
mw_candidate_free (MwCandidate *self)
{
  if (self == NULL)
    return;
  json_node_unref (self->patient);
  g_free (self->reference);
  g_free (self->replaced_by);
  g_free (self);
}

static void
free_candidate (gpointer data)
{
  mw_candidate_free (data);
}

void
mw_match_answer_free (MwMatchAnswer *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->candidates);
  g_ptr_array_unref (self->remarks);
  g_free (self);
}

/**
 * mw_match_lean_patient:
 * @patient: a Patient
 * @id: (nullable): the id to give it
 *
 * Returns: (transfer full): what tells @patient from others, and nothing else: no narrative, no photo, no links,
 *   no references that mean nothing elsewhere
 */
JsonNode *
mw_match_lean_patient (JsonNode   *patient,
                       const char *id)
{
  static const char *const members[] = { "identifier", "name", "telecom", "gender", "birthDate", "address" };
  JsonNode                *lean = mw_resource_new ("Patient");

  mw_json_set (lean, "id", id);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *member = mw_json_get (patient, members[i]);

      if (member != NULL)
        mw_json_take (lean, members[i], mw_json_copy (member));
    }
  /* references to organisations of the sender's own server */
  for (guint i = 0; i < mw_json_length (lean, "identifier"); i++)
    if (mw_json_is_object (mw_json_item (lean, "identifier", i)))
      mw_json_remove (mw_json_item (lean, "identifier", i), "assigner");
  return lean;
}

static JsonNode *
parameter_new (const char *name,
               const char *member,
               JsonNode   *value)
{
  JsonNode *parameter = mw_json_object_new ();

  mw_json_set (parameter, "name", name);
  mw_json_take (parameter, member, value);
  return parameter;
}

/**
 * mw_match_parameters_new:
 * @patient: a Patient, as it is or as mw_demographics_to_patient() makes it
 * @only_certain: whether the server should leave out what it is not sure of
 * @count: how many candidates to give at most; 0 leaves it to the server
 *
 * Returns: (transfer full): the Parameters to POST to "Patient/$match"
 */
JsonNode *
mw_match_parameters_new (JsonNode *patient,
                         gboolean  only_certain,
                         guint     count)
{
  JsonNode *parameters = mw_resource_new ("Parameters");

  mw_json_take (parameters, "parameter[+]", parameter_new ("resource", "resource", mw_match_lean_patient (patient, NULL)));
  mw_json_take (parameters, "parameter[+]",
                parameter_new ("onlyCertainMatches", "valueBoolean", json_node_init_boolean (json_node_alloc (), only_certain)));
  if (count > 0)
    mw_json_take (parameters, "parameter[+]", parameter_new ("count", "valueInteger", json_node_init_int (json_node_alloc (), count)));
  return parameters;
}

static void
add_form (GPtrArray  *forms,
          const char *identifier,
          const char *family,
          const char *given,
          const char *birth_date,
          guint       count)
{
  GString         *form = g_string_new (NULL);
  g_autofree char *family_token = family != NULL ? mw_search_query_escape (family) : NULL;
  g_autofree char *given_token = given != NULL ? mw_search_query_escape (given) : NULL;
  g_autofree char *limit = g_strdup_printf ("%u", count);

  mw_search_query_add (form, "identifier", identifier);
  mw_search_query_add (form, "family", family_token);
  mw_search_query_add (form, "given", given_token);
  mw_search_query_add (form, "birthdate", birth_date);
  mw_search_query_add (form, "_count", limit);
  g_ptr_array_add (forms, g_string_free (form, FALSE));
}

/**
 * mw_match_search_forms:
 * @patient: the Patient that is looked for
 * @count: how many to ask for in each
 *
 * The fallback for a server without $match. A form goes into the body of a POST to "Patient/_search", so that
 * nothing of the patient stands in a URL, which servers and proxies log.
 *
 * Returns: (transfer full): the searches to try one after the other until one finds somebody, the narrowest
 *   first: each identifier (at most ten), then names with the birth date. Empty when too little is known
 */
GStrv
mw_match_search_forms (JsonNode *patient,
                       guint     count)
{
  g_autoptr (MwDemographics) known = mw_demographics_new_from_patient (patient);
  GPtrArray *forms = g_ptr_array_new ();

  for (gsize i = 0; i < 10 && known->identifiers[i] != NULL; i++)
    {
      const char      *bar = strchr (known->identifiers[i], '|');
      g_autofree char *system = g_strndup (known->identifiers[i], (gsize) (bar - known->identifiers[i]));
      g_autofree char *value = mw_search_query_escape (bar + 1);
      g_autofree char *token = *system != '\0' ? g_strdup_printf ("%s|%s", system, value) : g_strdup (value);

      add_form (forms, token, NULL, NULL, NULL, count);
    }
  if (known->family != NULL && known->birth_date != NULL)
    {
      if (known->given[0] != NULL)
        add_form (forms, NULL, known->family, known->given[0], known->birth_date, count);
      add_form (forms, NULL, known->family, NULL, known->birth_date, count);
    }
  else if (known->family != NULL && known->given[0] != NULL)
    add_form (forms, NULL, known->family, known->given[0], NULL, count);
  g_ptr_array_add (forms, NULL);
  return (GStrv) g_ptr_array_free (forms, FALSE);
}

/* Returns: the grade that stands among the extensions of @node; of several the least sure */
static MwMatchGrade
read_grade (JsonNode *node)
{
  static const char *const codes[] = { NULL, "certain", "probable", "possible", "certainly-not" };
  guint                    n = MIN (mw_json_length (node, "extension"), MAX_EXTENSIONS);
  MwMatchGrade             grade = MW_MATCH_GRADE_NONE;

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *extension = mw_json_item (node, "extension", i);
      JsonNode   *value = mw_json_choice (extension, "value", NULL);
      const char *code;

      if (g_strcmp0 (mw_json_string (extension, "url"), GRADE_EXTENSION) != 0)
        continue;
      code = mw_json_is_object (value) ? mw_json_string (value, "code") : mw_json_string (value, NULL);
      if (code == NULL)
        code = mw_json_string (value, "coding.code");
      for (int j = 1; code != NULL && j < (int) G_N_ELEMENTS (codes); j++)
        if (g_str_equal (codes[j], code))
          grade = MAX (grade, (MwMatchGrade) j);
    }
  return grade;
}

/* The grade belongs to the answer, at entry.search. Careless servers put it into the entry or into the patient, where
 * it may be left over from another question: there it never makes anything certain. */
static MwMatchGrade
entry_grade (JsonNode *entry,
             JsonNode *patient)
{
  MwMatchGrade grade = read_grade (mw_json_get (entry, "search"));

  if (grade != MW_MATCH_GRADE_NONE)
    return grade;
  grade = MAX (read_grade (entry), MAX (read_grade (patient), read_grade (mw_json_get (patient, "meta"))));
  return grade == MW_MATCH_GRADE_CERTAIN ? MW_MATCH_GRADE_PROBABLE : grade;
}

static void
read_score (MwCandidate *self,
            JsonNode    *entry)
{
  g_autofree char *text = mw_json_scalar (entry, "search.score");
  char            *end = NULL;
  double           score = text != NULL ? g_ascii_strtod (text, &end) : -1;

  self->has_score = text != NULL && end != text && *end == '\0' && isfinite (score) && score >= 0 && score <= 1;
  self->score = self->has_score ? score : -1;
}

/* Whether two URLs have one host and port; behind a proxy http and https name one server */
static gboolean
same_host (const char *one,
           const char *other)
{
  g_autoptr (GUri) a = g_uri_parse (one, G_URI_FLAGS_SCHEME_NORMALIZE | G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) b = g_uri_parse (other, G_URI_FLAGS_SCHEME_NORMALIZE | G_URI_FLAGS_ENCODED, NULL);
  int x, y;

  if (a == NULL || b == NULL || g_uri_get_host (a) == NULL || g_uri_get_host (b) == NULL || g_uri_get_userinfo (a) != NULL ||
      g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) != 0)
    return FALSE;
  x = g_uri_get_port (a);
  y = g_uri_get_port (b);
  return x == y || ((x == 80 || x == 443 || x == -1) && (y == 80 || y == 443 || y == -1));
}

/* Returns: (transfer full) (nullable): @literal as the address of a Patient at the server that was asked */
static char *
patient_reference (const char *literal,
                   const char *base)
{
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (literal);
  g_autoptr (GUri) asked = NULL;
  g_autoptr (GUri) told = NULL;

  if (g_strcmp0 (reference->type, "Patient") != 0 || reference->id == NULL)
    return NULL;
  if (reference->kind == MW_REFERENCE_RELATIVE)
    return g_strdup_printf ("%s/Patient/%s", base, reference->id);
  if (reference->kind != MW_REFERENCE_ABSOLUTE || reference->base == NULL || !same_host (reference->base, base))
    return NULL;
  asked = g_uri_parse (base, G_URI_FLAGS_ENCODED, NULL);
  told = g_uri_parse (reference->base, G_URI_FLAGS_ENCODED, NULL);
  /* the same FHIR server, or its neighbour at the same origin */
  if (g_str_equal (g_uri_get_path (asked), g_uri_get_path (told)))
    return g_strdup_printf ("%s/Patient/%s", base, reference->id);
  return g_strcmp0 (g_uri_get_scheme (asked), g_uri_get_scheme (told)) == 0 && g_uri_get_port (asked) == g_uri_get_port (told)
             ? mw_reference_absolute (reference, NULL)
             : NULL;
}

/* fullUrl and id must agree (FHIR R4 bundle.html#bundle-unique); a urn: says nothing about the place */
static char *
entry_reference (JsonNode   *entry,
                 JsonNode   *patient,
                 const char *base)
{
  const char      *full_url = mw_json_string (entry, "fullUrl");
  const char      *id = mw_resource_id (patient);
  g_autofree char *by_id = NULL;
  g_autofree char *by_url = NULL;
  g_autofree char *tail = id != NULL ? g_strconcat ("Patient/", id, NULL) : NULL;

  by_id = tail != NULL ? patient_reference (tail, base) : NULL;
  if (full_url == NULL || g_ascii_strncasecmp (full_url, "urn:", 4) == 0)
    return g_steal_pointer (&by_id);
  by_url = patient_reference (full_url, base);
  if (by_url == NULL || (id != NULL && (by_id == NULL || !g_str_has_suffix (by_url, tail))))
    return NULL;
  return g_steal_pointer (&by_url);
}

static void
read_links (MwCandidate *self,
            const char  *base)
{
  guint n = MIN (mw_json_length (self->patient, "link"), MAX_LINKS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *link = mw_json_item (self->patient, "link", i);
      const char *other = mw_json_string (link, "other.reference");

      if (g_strcmp0 (mw_json_string (link, "type"), "replaced-by") != 0)
        continue;
      self->replaced = TRUE;
      if (self->replaced_by == NULL && other != NULL)
        self->replaced_by = patient_reference (other, base);
    }
}

static MwCandidate *
candidate_new (JsonNode   *entry,
               JsonNode   *patient,
               const char *base)
{
  MwCandidate *self = g_new0 (MwCandidate, 1);

  self->patient = json_node_ref (patient);
  self->reference = entry_reference (entry, patient, base);
  self->grade = entry_grade (entry, patient);
  self->inactive = !mw_json_boolean (patient, "active", TRUE);
  read_score (self, entry);
  read_links (self, base);
  return self;
}

/* A patient who is told twice counts once, with the less sure of the grades */
static void
take_candidate (MwMatchAnswer *self,
                GHashTable    *seen,
                MwCandidate   *candidate)
{
  MwCandidate *known = candidate->reference != NULL ? g_hash_table_lookup (seen, candidate->reference) : NULL;

  self->graded |= candidate->grade != MW_MATCH_GRADE_NONE;
  if (known == NULL)
    {
      if (candidate->reference != NULL)
        g_hash_table_insert (seen, candidate->reference, candidate);
      g_ptr_array_add (self->candidates, candidate);
      return;
    }
  if (known->grade == MW_MATCH_GRADE_NONE || candidate->grade == MW_MATCH_GRADE_NONE)
    known->grade = MW_MATCH_GRADE_NONE;
  else
    known->grade = MAX (known->grade, candidate->grade);
  mw_candidate_free (candidate);
}

static void
add_remark (MwMatchAnswer *self,
            JsonNode      *outcome)
{
  char *text = mw_outcome_to_text (outcome);

  if (text != NULL && self->remarks->len < MAX_REMARKS && !g_ptr_array_find_with_equal_func (self->remarks, text, g_str_equal, NULL))
    g_ptr_array_add (self->remarks, g_steal_pointer (&text));
  g_free (text);
}

static void
read_entry (MwMatchAnswer *self,
            GHashTable    *seen,
            JsonNode      *entry,
            const char    *base)
{
  JsonNode *resource = mw_json_get (entry, "resource");

  if (mw_resource_is (resource, "OperationOutcome"))
    add_remark (self, resource);
  else if (mw_resource_is (resource, "Patient") && mw_bundle_entry_is_match (entry))
    take_candidate (self, seen, candidate_new (entry, resource, base));
  else
    self->skipped++;
}

/* Some servers wrap the Bundle into Parameters, though an operation with one "return" must not */
static JsonNode *
find_bundle (JsonNode *answer)
{
  guint n = mw_resource_is (answer, "Parameters") ? MIN (mw_json_length (answer, "parameter"), 20) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *resource = mw_json_get (mw_json_item (answer, "parameter", i), "resource");

      if (mw_resource_is (resource, "Bundle"))
        return resource;
    }
  return mw_resource_is (answer, "Bundle") ? answer : NULL;
}

/**
 * mw_match_answer_new:
 * @answer: (nullable): the body of an answer to $match, or of a search for patients
 * @base: the normalised base URL of the server that was asked
 *
 * Returns: (transfer full): or NULL with MW_FHIR_ERROR_NOT_FHIR, and the server's reason if it gave one
 */
MwMatchAnswer *
mw_match_answer_new (JsonNode   *answer,
                     const char *base,
                     GError    **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonNode      *bundle = find_bundle (answer);
  MwMatchAnswer *self;
  guint          length, n;

  g_return_val_if_fail (base != NULL, NULL);

  if (bundle == NULL)
    {
      g_autofree char *reason = mw_outcome_to_text (answer);

      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR,
                           reason != NULL ? reason : _ ("The server’s answer to the search for the patient cannot be read."));
      return NULL;
    }
  self = g_new0 (MwMatchAnswer, 1);
  self->candidates = g_ptr_array_new_with_free_func (free_candidate);
  self->remarks = g_ptr_array_new_with_free_func (g_free);
  length = mw_json_length (bundle, "entry");
  n = MIN (length, MW_MATCH_MAX_ENTRIES);
  for (guint i = 0; i < n; i++)
    read_entry (self, seen, mw_json_item (bundle, "entry", i), base);
  self->complete = n == length && mw_bundle_get_link (bundle, "next") == NULL &&
                   mw_json_integer (bundle, "total", 0) <= (gint64) length;
  return self;
}
