/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-directory-query.h"

#include "mw-datatypes.h"
#include "mw-fold.h"
#include "mw-npi.h"
#include "mw-reference.h"
#include "mw-search-query.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_TYPES 2000
#define MAX_INCLUDES 500
#define MAX_REPEATS 20
/* Words of a name that are searched for one by one */
#define MAX_WORDS 6
/* Letters of a word that is searched for by itself */
#define MIN_WORD 3

void
mw_directory_words_free (MwDirectoryWords *self)
{
  if (self == NULL)
    return;
  g_free (self->department);
  g_free (self->name);
  g_free (self->npi);
  g_free (self);
}

/* Returns: (nullable): where @word stands alone in @text, in any letter case */
static const char *
find_word (const char *text,
           const char *word)
{
  gsize length = strlen (word);

  for (const char *at = strchr (text, ' '); at != NULL; at = strchr (at + 1, ' '))
    if (g_ascii_strncasecmp (at + 1, word, length) == 0 && at[1 + length] == ' ')
      return at + 1;
  return NULL;
}

/**
 * mw_directory_words_new:
 * @text: (nullable): what a person wrote: "cardiology at St. Mary's", a name, or an NPI
 *
 * Returns: (transfer full) (nullable): NULL when nothing is left to search for
 */
MwDirectoryWords *
mw_directory_words_new (const char *text)
{
  g_autofree char  *line = mw_text_line (text);
  MwDirectoryWords *self;
  const char       *word = "@";
  const char       *at;

  if (line == NULL)
    return NULL;
  self = g_new0 (MwDirectoryWords, 1);
  if (mw_npi_is_valid (line))
    {
      self->npi = g_strdup (line);
      return self;
    }
  at = find_word (line, word);
  if (at == NULL)
    {
      /* Translators: the word between a department and a place, in "cardiology at St. Mary's" */
      word = C_ ("directory search", "at");
      at = find_word (line, word);
    }
  if (at != NULL)
    {
      g_autofree char *before = g_strndup (line, (gsize) (at - line));

      self->department = mw_text_line (before);
      self->name = mw_text_line (at + strlen (word));
    }
  if (self->department == NULL || self->name == NULL)
    {
      g_clear_pointer (&self->department, g_free);
      g_free (self->name);
      self->name = g_steal_pointer (&line);
    }
  return self;
}

/* Whether @include may be asked for: a server that lists includes refuses others */
static gboolean
may_include (MwCapability *capability,
             const char   *type,
             const char   *include)
{
  JsonNode *json = capability != NULL ? mw_capability_get_json (capability) : NULL;
  guint     n = MIN (mw_json_length (json, "rest[0].resource"), MAX_TYPES);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *resource = mw_json_item (json, "rest[0].resource", i);
      guint     m = MIN (mw_json_length (resource, "searchInclude"), MAX_INCLUDES);

      if (m == 0 || g_strcmp0 (mw_json_string (resource, "type"), type) != 0)
        continue;
      for (guint j = 0; j < m; j++)
        {
          const char *its = mw_json_string (mw_json_item (resource, "searchInclude", j), NULL);

          if (g_strcmp0 (its, "*") == 0 || g_strcmp0 (its, include) == 0)
            return TRUE;
        }
      return FALSE;
    }
  return TRUE;
}

static gboolean
may_search (MwCapability *capability,
            const char   *type,
            const char   *parameter)
{
  return mw_capability_supports (capability, type, "search-type") != MW_SUPPORT_NO &&
         mw_capability_supports_search (capability, type, parameter) != MW_SUPPORT_NO;
}

/* Whether a word tells anything: "of" and "St." do not, and may be written in another way there */
static gboolean
is_telling (const char *word)
{
  guint letters = 0;

  for (const char *at = word; *at != '\0'; at = g_utf8_next_char (at))
    letters += g_unichar_isalnum (g_utf8_get_char (at)) ? 1 : 0;
  return letters >= MIN_WORD;
}

/* Adds a search for words in a string parameter: each word by itself where the server lists ":contains" for the
 * parameter of @type, else the whole, which then has to begin like that. Of a person each word by itself in any case:
 * given and family names are parts of their own (FHIR R4 search.html#string).
 * @prefix: what leads there: "" or "organization." */
static void
add_name (GString      *query,
          MwCapability *capability,
          const char   *type,
          const char   *prefix,
          const char   *words)
{
  gboolean         contains = mw_capability_supports_search (capability, type, "name:contains") == MW_SUPPORT_YES;
  g_autofree char *parameter = g_strconcat (prefix, contains ? "name:contains" : "name", NULL);
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  guint n = 0;

  for (gsize i = 0; (contains || g_str_equal (type, "Practitioner")) && parts[i] != NULL && n < MAX_WORDS; i++)
    if (is_telling (parts[i]))
      {
        g_autofree char *value = mw_search_query_escape (parts[i]);

        mw_search_query_add (query, parameter, value);
        n++;
      }
  if (n == 0)
    {
      g_autofree char *value = mw_search_query_escape (words);

      mw_search_query_add (query, parameter, value);
    }
}

/* Adds what all searches have, and takes @query into @queries. @includes ends with NULL */
static void
end_query (GPtrArray         *queries,
           MwCapability      *capability,
           const char        *type,
           GString           *query,
           const char *const *includes,
           guint              count)
{
  g_autofree char *limit = g_strdup_printf ("%u", count);

  if (mw_capability_supports_search (capability, type, "active") != MW_SUPPORT_NO)
    mw_search_query_add (query, "active", "true");
  for (; *includes != NULL; includes++)
    {
      g_autofree char *include = g_strconcat (type, ":", *includes, NULL);

      /* Of includes the colon is left as it is: some servers compare before they decode */
      if (may_include (capability, type, include))
        g_string_append_printf (query, "&_include=%s", include);
    }
  mw_search_query_add (query, "_count", limit);
  g_ptr_array_add (queries, g_strdup_printf ("%s?%s", type, query->str));
  g_string_free (query, TRUE);
}

static const char *const role_includes[] = { "practitioner", "organization", "endpoint", NULL };
static const char *const service_includes[] = { "organization", "endpoint", NULL };
static const char *const organization_includes[] = { "endpoint", NULL };
static const char *const location_includes[] = { "organization", "endpoint", NULL };

static void
add_npi (GPtrArray              *queries,
         const MwDirectoryWords *words,
         MwCapability           *capability,
         guint                   count)
{
  g_autofree char *token = g_strconcat (MW_NPI_SYSTEM "|", words->npi, NULL);
  GString         *query;

  if (may_search (capability, "PractitionerRole", "practitioner"))
    {
      query = g_string_new (NULL);
      mw_search_query_add (query, "practitioner.identifier", token);
      end_query (queries, capability, "PractitionerRole", query, role_includes, count);
    }
  if (may_search (capability, "Organization", "identifier"))
    {
      query = g_string_new (NULL);
      mw_search_query_add (query, "identifier", token);
      end_query (queries, capability, "Organization", query, organization_includes, count);
    }
}

static void
add_department (GPtrArray              *queries,
                const MwDirectoryWords *words,
                MwCapability           *capability,
                guint                   count)
{
  g_autofree char *specialty = mw_search_query_escape (words->department);
  GString         *query;

  if (may_search (capability, "HealthcareService", "organization") && may_search (capability, "HealthcareService", "name"))
    {
      query = g_string_new (NULL);
      add_name (query, capability, "HealthcareService", "", words->department);
      add_name (query, capability, "Organization", "organization.", words->name);
      end_query (queries, capability, "HealthcareService", query, service_includes, count);
    }
  if (may_search (capability, "Organization", "partof") && may_search (capability, "Organization", "name"))
    {
      query = g_string_new (NULL);
      add_name (query, capability, "Organization", "", words->department);
      add_name (query, capability, "Organization", "partof.", words->name);
      end_query (queries, capability, "Organization", query, organization_includes, count);
    }
  if (may_search (capability, "PractitionerRole", "organization"))
    {
      query = g_string_new (NULL);
      if (mw_capability_supports_search (capability, "PractitionerRole", "specialty:text") == MW_SUPPORT_YES)
        mw_search_query_add (query, "specialty:text", specialty);
      add_name (query, capability, "Organization", "organization.", words->name);
      end_query (queries, capability, "PractitionerRole", query, role_includes, count);
    }
}

static void
add_plain (GPtrArray              *queries,
           const MwDirectoryWords *words,
           MwCapability           *capability,
           gboolean                whole,
           guint                   count)
{
  static const struct
  {
    const char        *type;
    const char *const *includes;
  } types[] = {
    { "Organization", organization_includes },
    { "HealthcareService", service_includes },
    { "Location", location_includes },
  };
  gsize n = whole ? G_N_ELEMENTS (types) : 1;

  for (gsize i = 0; i < n; i++)
    if (may_search (capability, types[i].type, "name"))
      {
        GString *query = g_string_new (NULL);

        add_name (query, capability, types[i].type, "", words->name);
        end_query (queries, capability, types[i].type, query, types[i].includes, count);
      }
  if (whole && may_search (capability, "PractitionerRole", "practitioner"))
    {
      GString *query = g_string_new (NULL);

      add_name (query, capability, "Practitioner", "practitioner.", words->name);
      end_query (queries, capability, "PractitionerRole", query, role_includes, count);
    }
}

/**
 * mw_directory_queries:
 * @capability: (nullable): what the directory can do; NULL when it was not asked
 * @count: rows to ask for in each
 *
 * Returns: (transfer full): the searches to try, relative to the directory's base, the closest first: for a
 *   department services, part organisations and roles of the place, and the place itself; for a name organisations,
 *   services, locations and people; for an NPI roles and organisations. Rows are to be checked with
 *   mw_directory_matches()
 */
GStrv
mw_directory_queries (const MwDirectoryWords *words,
                      MwCapability           *capability,
                      guint                   count)
{
  GPtrArray *queries = g_ptr_array_new ();

  if (words->npi != NULL)
    add_npi (queries, words, capability, count);
  else if (words->department != NULL)
    {
      add_department (queries, words, capability, count);
      add_plain (queries, words, capability, FALSE, count);
    }
  else
    add_plain (queries, words, capability, TRUE, count);
  g_ptr_array_add (queries, NULL);
  return (GStrv) g_ptr_array_free (queries, FALSE);
}

/**
 * mw_directory_query_endpoints:
 * @reference: an organisation, "Organization/9"
 * @capability: (nullable): what the directory can do
 * @count: rows to ask for in each
 *
 * Returns: (transfer full): the searches for the endpoints of an organisation that has none in its own record: those
 *   that name it as their owner, and those of networks it belongs to. Empty when @reference is no relative reference
 *   to an organisation
 */
GStrv
mw_directory_query_endpoints (const char   *reference,
                              MwCapability *capability,
                              guint         count)
{
  static const char *const affiliation_includes[] = { "endpoint", "primary-organization", NULL };
  g_autoptr (MwReference) parsed = mw_reference_new_for_literal (reference);
  g_autofree char *limit = g_strdup_printf ("%u", count);
  GPtrArray       *queries = g_ptr_array_new ();
  gboolean         good = parsed->kind == MW_REFERENCE_RELATIVE && g_strcmp0 (parsed->type, "Organization") == 0;

  if (good && may_search (capability, "Endpoint", "organization"))
    {
      GString *query = g_string_new (NULL);

      mw_search_query_add (query, "organization", reference);
      mw_search_query_add (query, "_count", limit);
      g_ptr_array_add (queries, g_strdup_printf ("Endpoint?%s", query->str));
      g_string_free (query, TRUE);
    }
  if (good && may_search (capability, "OrganizationAffiliation", "participating-organization"))
    {
      GString *query = g_string_new (NULL);

      mw_search_query_add (query, "participating-organization", reference);
      end_query (queries, capability, "OrganizationAffiliation", query, affiliation_includes, count);
    }
  g_ptr_array_add (queries, NULL);
  return (GStrv) g_ptr_array_free (queries, FALSE);
}

/* Appends the folded words of @text in both foldings */
static void
add_words (GPtrArray  *words,
           const char *text)
{
  for (int how = MW_FOLD_PLAIN; text != NULL && how <= MW_FOLD_SPELT_OUT; how++)
    {
      g_auto (GStrv) folded = mw_fold_words (text, (MwFold) how);

      for (gsize i = 0; folded[i] != NULL; i++)
        g_ptr_array_add (words, g_strdup (folded[i]));
    }
}

static void
add_concepts (GPtrArray  *words,
              JsonNode   *resource,
              const char *path)
{
  guint n = MIN (mw_json_length (resource, path), MAX_REPEATS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *concept = mw_json_item (resource, path, i);
      guint     m = MIN (mw_json_length (concept, "coding"), MAX_REPEATS);

      add_words (words, mw_json_string (concept, "text"));
      for (guint j = 0; j < m; j++)
        add_words (words, mw_json_string (mw_json_item (concept, "coding", j), "display"));
    }
}

/* Returns: (transfer full): all words that a resource is known by */
static GPtrArray *
resource_words (JsonNode *resource)
{
  static const char *const concepts[] = { "specialty", "type", "category", "serviceCategory", "serviceType", "code" };
  static const char *const displays[] = { "organization", "practitioner", "providedBy", "partOf", "managingOrganization" };
  GPtrArray               *words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char         *person = mw_patient_name (resource);
  guint                    n = MIN (mw_json_length (resource, "alias"), MAX_REPEATS);

  add_words (words, person);
  for (guint i = 0; i < n; i++)
    add_words (words, mw_json_string (mw_json_item (resource, "alias", i), NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (concepts); i++)
    add_concepts (words, resource, concepts[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (displays); i++)
    {
      JsonNode *reference = mw_json_get (resource, displays[i]);

      add_words (words, mw_json_string (reference, "display"));
    }
  return words;
}

/* Titles and little words say nothing about who is meant */
static gboolean
is_aside (const char *word)
{
  static const char *const words[] = { "at", "of", "the", "and", "dr", "prof", "professor", "mr", "mrs", "ms", NULL };

  return g_strv_contains (words, word);
}

/* @whole: whether the beginning of a word is not enough */
static gboolean
has_word (GPtrArray  *words,
          const char *wanted,
          gboolean    whole)
{
  for (guint i = 0; i < words->len; i++)
    {
      const char *word = g_ptr_array_index (words, i);

      if ((whole ? g_str_equal (word, wanted) : g_str_has_prefix (word, wanted)) ||
          (g_str_equal (wanted, "st") && (g_str_equal (word, "saint") || g_str_equal (word, "sankt"))) ||
          (g_str_equal (word, "st") && (g_str_equal (wanted, "saint") || g_str_equal (wanted, "sankt"))))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_all (GPtrArray  *words,
         const char *text,
         MwFold      how,
         gboolean    whole)
{
  g_auto (GStrv) wanted = mw_fold_words (text, how);

  for (gsize i = 0; wanted[i] != NULL; i++)
    if (!has_word (words, wanted[i], whole && !is_aside (wanted[i])))
      return FALSE;
  return wanted[0] != NULL;
}

/**
 * mw_directory_matches:
 * @resource: (nullable): a row of an answer: Organization, Practitioner, PractitionerRole, HealthcareService, Location …
 * @text: what is searched for
 *
 * Returns: whether each word of @text begins a word that @resource is known by: names, other names, specialties, kinds,
 *   and the names of what it belongs to, however they are written
 */
gboolean
mw_directory_matches (JsonNode   *resource,
                      const char *text)
{
  g_autoptr (GPtrArray) words = resource_words (resource);

  return has_all (words, text, MW_FOLD_PLAIN, FALSE) || has_all (words, text, MW_FOLD_SPELT_OUT, FALSE);
}

/**
 * mw_directory_matches_whole:
 * @text: what fits by mw_directory_matches()
 *
 * Returns: whether each word of @text, but for titles and little words, is a whole one of @resource: nobody with a longer
 *   name is meant
 */
gboolean
mw_directory_matches_whole (JsonNode   *resource,
                            const char *text)
{
  g_autoptr (GPtrArray) words = resource_words (resource);

  return has_all (words, text, MW_FOLD_PLAIN, TRUE) || has_all (words, text, MW_FOLD_SPELT_OUT, TRUE);
}
