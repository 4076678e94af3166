/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-access.h"

#include "mw-json.h"
#include "mw-template.h"
#include "mw-validate.h"

#define MATCH_GRADE "http://hl7.org/fhir/StructureDefinition/match-grade"
#define HREX_TEMP "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp"
#define MAX_COUNT 100

/* What a score means, in per cent */
#define CERTAIN 95
#define PROBABLE 70
#define POSSIBLE 40

typedef struct
{
  MwRecord *record;
  guint     score;
} Candidate;

/* A parameter that an operation takes: a resource of this type, or a value[x] */
typedef struct
{
  const char *name;
  const char *type;
  const char *value;
  gboolean    required;
} Parameter;

typedef enum
{
  IDENTIFIERS_UNRELATED,
  IDENTIFIERS_SHARED,
  IDENTIFIERS_CONTRADICT, /* the same system gave them different numbers */
} Identifiers;

static Identifiers
compare_identifiers (JsonNode *one,
                     JsonNode *other)
{
  guint       n = mw_json_length (one, "identifier"), m = mw_json_length (other, "identifier");
  Identifiers result = IDENTIFIERS_UNRELATED;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < m; j++)
      {
        JsonNode   *a = mw_json_item (one, "identifier", i), *b = mw_json_item (other, "identifier", j);
        const char *value = mw_json_string (a, "value"), *system = mw_json_string (a, "system");

        if (value == NULL || g_strcmp0 (system, mw_json_string (b, "system")) != 0)
          continue;
        if (g_strcmp0 (value, mw_json_string (b, "value")) == 0)
          return IDENTIFIERS_SHARED;
        if (system != NULL)
          result = IDENTIFIERS_CONTRADICT;
      }
  return result;
}

static gboolean
same_text (JsonNode   *one,
           JsonNode   *other,
           const char *path)
{
  const char      *a = mw_json_string (one, path), *b = mw_json_string (other, path);
  g_autofree char *folded_a = a != NULL ? g_utf8_casefold (a, -1) : NULL;
  g_autofree char *folded_b = b != NULL ? g_utf8_casefold (b, -1) : NULL;

  return folded_a != NULL && g_strcmp0 (folded_a, folded_b) == 0;
}

/* how sure it is that both are the same person: per cent; below POSSIBLE they certainly are not */
static guint
score_of (JsonNode *wanted,
          JsonNode *candidate)
{
  gboolean    family = same_text (wanted, candidate, "name.family"), given = same_text (wanted, candidate, "name.given");
  gboolean    born = same_text (wanted, candidate, "birthDate");
  Identifiers identifiers = compare_identifiers (wanted, candidate);

  if (identifiers == IDENTIFIERS_SHARED)
    return born || family || !mw_json_has (wanted, "birthDate") ? 99 : 60;
  if (identifiers == IDENTIFIERS_CONTRADICT)
    return family && given && born ? 50 : 0;
  if (family && given && born)
    return 95;
  if (family && born) /* without a given name, or with another: twins share the rest */
    return mw_json_has (wanted, "name.given") ? 55 : 75;
  return (family && given) || (given && born) ? 40 : 0;
}

static const char *
grade_code (guint score)
{
  return score >= CERTAIN ? "certain" : score >= PROBABLE ? "probable"
                                                          : "possible";
}

static gint
compare_candidates (gconstpointer a,
                    gconstpointer b)
{
  const Candidate *one = a, *other = b;

  if (one->score != other->score)
    return one->score > other->score ? -1 : 1;
  return one->record->number < other->record->number ? -1 : 1;
}

/* (transfer full): the likeliest first. Two whom the demographics fit equally well are not certain. */
static GArray *
find_candidates (MwSite   *self,
                 JsonNode *wanted)
{
  GPtrArray *patients = mw_sandbox_store_list (self->store, "Patient");
  GArray    *found = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; patients != NULL && i < patients->len; i++)
    {
      Candidate candidate = { g_ptr_array_index (patients, i), 0 };
      JsonNode *resource = mw_record_resource (candidate.record);

      candidate.score = resource != NULL ? score_of (wanted, resource) : 0;
      if (candidate.score >= POSSIBLE)
        g_array_append_val (found, candidate);
    }
  g_array_sort (found, compare_candidates);
  if (found->len > 1 && g_array_index (found, Candidate, 1).score >= CERTAIN)
    for (guint i = 0; i < found->len; i++)
      {
        Candidate *candidate = &g_array_index (found, Candidate, i);

        candidate->score = MIN (candidate->score, CERTAIN - 10);
      }
  return found;
}

static void
add_match (MwSite          *self,
           JsonNode        *bundle,
           const Candidate *candidate)
{
  JsonNode        *entry = mw_json_object_new ();
  g_autofree char *url = g_strdup_printf ("%s/Patient/%s", self->url, candidate->record->id);
  g_autofree char *decimal = g_strdup_printf ("0.%02u", candidate->score);

  mw_json_set (entry, "fullUrl", url);
  mw_json_take (entry, "resource", json_node_ref (mw_record_resource (candidate->record)));
  mw_json_set (entry, "search.extension[0].url", MATCH_GRADE);
  mw_json_set (entry, "search.extension[0].valueCode", grade_code (candidate->score));
  mw_json_set (entry, "search.mode", "match");
  mw_json_set_decimal (entry, "search.score", decimal);
  mw_json_take (bundle, "entry[+]", entry);
}

static JsonNode *
find_parameter (JsonNode   *parameters,
                const char *name)
{
  guint n = mw_json_length (parameters, "parameter");

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (parameters, "parameter", i), "name"), name) == 0)
      return mw_json_item (parameters, "parameter", i);
  return NULL;
}

static gboolean
fits (JsonNode        *parameter,
      const Parameter *expected)
{
  if (expected->value != NULL)
    return mw_json_has (parameter, expected->value);
  return mw_resource_is (mw_json_get (parameter, "resource"), expected->type);
}

/* Nothing but @expected may be there, each once, in its right form */
static gboolean
check_parameters (MwSite          *self,
                  JsonNode        *parameters,
                  const Parameter *expected,
                  guint            n_expected,
                  MwIssues        *issues)
{
  guint n = mw_json_length (parameters, "parameter");
  guint seen = 0;

  if (!mw_resource_is (parameters, "Parameters"))
    mw_issues_add (issues, 400, "structure", NULL, "The body has to be a Parameters");
  else
    mw_validate_as (self->definitions, parameters, NULL, NULL, issues);
  for (guint i = 0; i < n && !mw_issues_any (issues); i++)
    {
      g_autofree char *path = g_strdup_printf ("Parameters.parameter[%u]", i);
      JsonNode        *parameter = mw_json_item (parameters, "parameter", i);
      guint            at = 0;

      while (at < n_expected && g_strcmp0 (expected[at].name, mw_json_string (parameter, "name")) != 0)
        at++;
      if (at == n_expected)
        mw_issues_add (issues, 400, "not-supported", path, "There is no parameter of this name");
      else if (seen & (1u << at))
        mw_issues_add (issues, 400, "structure", path, "This parameter is there twice");
      else if (!fits (parameter, &expected[at]))
        mw_issues_add (issues, 400, "structure", path, "%s has to be a %s", expected[at].name, expected[at].type);
      else
        seen |= 1u << at;
    }
  for (guint i = 0; i < n_expected && !mw_issues_any (issues); i++)
    if (expected[i].required && !(seen & (1u << i)))
      mw_issues_add (issues, 400, "required", "Parameters.parameter", "The parameter %s is missing", expected[i].name);
  return !mw_issues_any (issues);
}

static gboolean
is_too_thin (JsonNode *wanted)
{
  return mw_json_string (wanted, "identifier.value") == NULL && !(mw_json_has (wanted, "name.family") && mw_json_has (wanted, "birthDate")) &&
         !(mw_json_has (wanted, "name.given") && mw_json_has (wanted, "birthDate"));
}

/**
 * mw_site_match_patient:
 * @access: (nullable): what the client may see
 *
 * Patient/$match (FHIR R4 patient-operation-match.html).
 *
 * Returns: (transfer full) (nullable): a searchset, the likeliest first; NULL with @issues
 */
JsonNode *
mw_site_match_patient (MwSite             *self,
                       JsonNode           *parameters,
                       const MwAuthAccess *access,
                       MwIssues           *issues)
{
  static const Parameter expected[] = { { "resource", "Patient", NULL, TRUE },
                                        { "onlyCertainMatches", "boolean", "valueBoolean", FALSE },
                                        { "count", "integer", "valueInteger", FALSE } };
  JsonNode              *wanted = mw_json_get (find_parameter (parameters, "resource"), "resource");
  gboolean               certain = mw_json_boolean (find_parameter (parameters, "onlyCertainMatches"), "valueBoolean", FALSE);
  gint64                 count = mw_json_integer (find_parameter (parameters, "count"), "valueInteger", MAX_COUNT);
  g_autoptr (GArray) found = NULL;
  JsonNode *bundle;
  guint     total = 0;

  if (!check_parameters (self, parameters, expected, G_N_ELEMENTS (expected), issues))
    return NULL;
  if (count < 1)
    mw_issues_add (issues, 400, "value", "Parameters.parameter", "count has to be 1 or more");
  else if (is_too_thin (wanted))
    mw_issues_add (issues, 422, "business-rule", "Parameters.parameter", "A match needs an identifier, or a name and a birth date");
  if (mw_issues_any (issues))
    return NULL;
  found = find_candidates (self, wanted);
  bundle = mw_resource_new ("Bundle");
  mw_json_set (bundle, "type", "searchset");
  for (guint i = 0; i < found->len && total < count; i++)
    {
      Candidate *candidate = &g_array_index (found, Candidate, i);

      if ((certain && candidate->score < CERTAIN) || !mw_auth_access_sees (access, MW_ACTION_SEARCH, self, mw_record_resource (candidate->record)))
        continue;
      add_match (self, bundle, candidate);
      total++;
    }
  mw_json_set_integer (bundle, "total", total);
  return bundle;
}

/* Whether @coverage, of this plan, is the one that the provider holds a copy of */
static gboolean
is_same_coverage (JsonNode *wanted,
                  JsonNode *coverage)
{
  const char *subscriber = mw_json_string (wanted, "subscriberId");

  return (subscriber != NULL && g_strcmp0 (subscriber, mw_json_string (coverage, "subscriberId")) == 0) ||
         compare_identifiers (wanted, coverage) == IDENTIFIERS_SHARED;
}

static gboolean
is_covered (MwSite   *self,
            JsonNode *wanted,
            MwRecord *patient)
{
  GPtrArray       *list = mw_sandbox_store_list (self->store, "Coverage");
  g_autofree char *reference = g_strconcat ("Patient/", patient->id, NULL);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      JsonNode *coverage = mw_record_resource (g_ptr_array_index (list, i));

      if (coverage != NULL && g_strcmp0 (mw_json_string (coverage, "beneficiary.reference"), reference) == 0 && is_same_coverage (wanted, coverage))
        return TRUE;
    }
  return FALSE;
}

/* (nullable): the one member; NULL for none or several, with @n */
static MwRecord *
find_member (MwSite   *self,
             JsonNode *patient,
             JsonNode *coverage,
             guint    *n)
{
  g_autoptr (GArray) found = find_candidates (self, patient);
  MwRecord *member = NULL;

  *n = 0;
  for (guint i = 0; i < found->len; i++)
    {
      Candidate *candidate = &g_array_index (found, Candidate, i);

      if (candidate->score < PROBABLE || !is_covered (self, coverage, candidate->record))
        continue;
      member = candidate->record;
      (*n)++;
    }
  return *n == 1 ? member : NULL;
}

/**
 * mw_site_match_member:
 *
 * Patient/$member-match (Da Vinci HRex 1.2): who of the plan's members is meant. One answer or none: 422
 * tells nobody whether a person is a member.
 *
 * Returns: (transfer full) (nullable): Parameters with MemberIdentifier; NULL with @issues
 */
JsonNode *
mw_site_match_member (MwSite   *self,
                      JsonNode *parameters,
                      MwIssues *issues)
{
  static const Parameter expected[] = { { "MemberPatient", "Patient", NULL, TRUE },
                                        { "CoverageToMatch", "Coverage", NULL, TRUE },
                                        { "CoverageToLink", "Coverage", NULL, FALSE },
                                        { "Consent", "Consent", NULL, FALSE } };
  JsonNode              *patient = mw_json_get (find_parameter (parameters, "MemberPatient"), "resource");
  JsonNode              *coverage = mw_json_get (find_parameter (parameters, "CoverageToMatch"), "resource");
  JsonNode              *consent = mw_json_get (find_parameter (parameters, "Consent"), "resource");
  MwRecord              *member;
  JsonNode              *resource;
  guint                  n;

  if (!check_parameters (self, parameters, expected, G_N_ELEMENTS (expected), issues))
    return NULL;
  member = is_too_thin (patient) ? NULL : find_member (self, patient, coverage, &n);
  if (consent != NULL && g_strcmp0 (mw_json_string (consent, "status"), "active") != 0)
    mw_issues_add (issues, 422, "business-rule", "Parameters.parameter", "The consent is not active");
  else if (member == NULL)
    mw_issues_add (issues, 422, "not-found", "Parameters.parameter", "There is not exactly one member who fits this");
  if (mw_issues_any (issues))
    return NULL;
  resource = mw_record_resource (member);
  return mw_template ("{'resourceType':'Parameters','parameter':[{'name':'MemberIdentifier','valueIdentifier':{"
                      "'type':{'coding':[{'system':'" HREX_TEMP "','code':'UMB','display':'Member Number'}]},'system':'%s','value':'%s',"
                      "'assigner':{'display':'%s'}}},{'name':'MemberId','valueReference':{'reference':'Patient/%s'}}]}",
                      mw_json_string (resource, "identifier.system"), mw_json_string (resource, "identifier.value"), self->title, member->id);
}
