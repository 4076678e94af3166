/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-search-private.h"

#include "mw-includes.h"
#include "mw-json.h"

#include <string.h>

#define DEFAULT_COUNT 50
#define MAX_COUNT 500

typedef struct
{
  MwSearchParam param;
  gboolean      descending;
} SortKey;

struct _MwSearch
{
  MwSandboxStore *store;
  char           *base;
  char           *type;
  GPtrArray      *terms;
  GArray         *sort;
  MwIncludes     *includes;
  GPtrArray      *ignored;
  GString        *self_link;
  guint           count;
  gboolean        summary_count;
};

static char *id_paths[] = { (char *) "id", NULL };
static char *updated_paths[] = { (char *) "meta.lastUpdated", NULL };
static char *tag_paths[] = { (char *) "meta.tag", NULL };
static char *security_paths[] = { (char *) "meta.security", NULL };
static char *profile_paths[] = { (char *) "meta.profile", NULL };
static char *source_paths[] = { (char *) "meta.source", NULL };

static const MwSearchParam common_params[] = {
  { (char *) "_id", MW_SEARCH_TOKEN, id_paths },
  { (char *) "_lastUpdated", MW_SEARCH_DATE, updated_paths },
  { (char *) "_tag", MW_SEARCH_TOKEN, tag_paths },
  { (char *) "_security", MW_SEARCH_TOKEN, security_paths },
  { (char *) "_profile", MW_SEARCH_URI, profile_paths },
  { (char *) "_source", MW_SEARCH_URI, source_paths },
};

static void
term_free (gpointer data)
{
  MwTerm *term = data;

  if (term->chain != NULL)
    term_free (term->chain);
  g_free (term->modifier);
  g_strfreev (term->values);
  g_free (term);
}

void
mw_search_free (MwSearch *self)
{
  g_ptr_array_unref (self->terms);
  g_array_unref (self->sort);
  mw_includes_free (self->includes);
  g_ptr_array_unref (self->ignored);
  g_string_free (self->self_link, TRUE);
  g_free (self->base);
  g_free (self->type);
  g_free (self);
}

static const MwSearchParam *
find_param (const MwDefinitions *definitions, const char *type, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (common_params); i++)
    if (g_str_equal (common_params[i].name, name))
      return &common_params[i];
  return mw_definitions_param (definitions, type, name);
}

static gboolean
is_modifier_of (const MwDefinitions *definitions, const char *modifier, MwSearchKind kind)
{
  if (g_str_equal (modifier, "missing"))
    return TRUE;
  switch (kind)
    {
    case MW_SEARCH_STRING:
      return g_str_equal (modifier, "exact") || g_str_equal (modifier, "contains");
    case MW_SEARCH_TOKEN:
      return g_str_equal (modifier, "not");
    case MW_SEARCH_REFERENCE:
      return g_str_equal (modifier, "identifier") || mw_definitions_is_resource (definitions, modifier);
    case MW_SEARCH_URI:
      return g_str_equal (modifier, "below");
    case MW_SEARCH_NUMBER:
    case MW_SEARCH_DATE:
    case MW_SEARCH_QUANTITY:
    default:
      return FALSE;
    }
}

/* The types a chain may go on with: that which is named, or any that knows the parameter */
static const MwSearchParam *
chained_param (const MwDefinitions *definitions, const char *modifier, const char *name)
{
  GPtrArray *types = mw_definitions_resource_types (definitions);

  if (modifier != NULL)
    return find_param (definitions, modifier, name);
  for (guint i = 0; i < types->len; i++)
    {
      static const char *const likely[] = { "Patient", "Practitioner", "Organization", "PractitionerRole", "Location" };
      const char              *type = i < G_N_ELEMENTS (likely) ? likely[i] : g_ptr_array_index (types, i);
      const MwSearchParam     *param = find_param (definitions, type, name);

      if (param != NULL)
        return param;
    }
  return NULL;
}

/* "name", "name:modifier", "name.chained", "name:Type.chained" */
static MwTerm *
parse_term (const MwDefinitions *definitions, const char *type, const char *key, const char *value)
{
  const char          *dot = strchr (key, '.');
  g_autofree char     *own = dot != NULL ? g_strndup (key, (gsize) (dot - key)) : g_strdup (key);
  char                *colon = strchr (own, ':');
  MwTerm              *term = g_new0 (MwTerm, 1);
  const MwSearchParam *param;

  if (colon != NULL)
    {
      term->modifier = g_strdup (colon + 1);
      *colon = '\0';
    }
  param = find_param (definitions, type, own);
  term->values = mw_search_split (value, ',');
  if (param == NULL || (term->modifier != NULL && !is_modifier_of (definitions, term->modifier, param->kind)))
    {
      term_free (term);
      return NULL;
    }
  term->param = *param;
  if (dot != NULL)
    {
      const MwSearchParam *next = param->kind == MW_SEARCH_REFERENCE ? chained_param (definitions, term->modifier, dot + 1) : NULL;

      if (next == NULL)
        {
          term_free (term);
          return NULL;
        }
      term->chain = g_new0 (MwTerm, 1);
      term->chain->param = *next;
      term->chain->values = g_strdupv (term->values);
    }
  return term;
}

static gboolean
add_term (MwSearch   *self,
          const char *key,
          const char *value,
          MwIssues   *issues)
{
  MwTerm *term = parse_term (mw_sandbox_store_get_definitions (self->store), self->type, key, value);
  MwTerm *last = term;

  if (term == NULL)
    return FALSE;
  g_ptr_array_add (self->terms, term);
  while (last->chain != NULL)
    last = last->chain;
  for (char **each = term->values; *each != NULL; each++)
    if (!mw_term_check_value (last, *each))
      mw_issues_add (issues, 400, "value", NULL, "The value of the search parameter “%s” cannot be read", key);
  return TRUE;
}

static gboolean
add_sort (MwSearch   *self,
          const char *value)
{
  g_auto (GStrv) keys = g_strsplit (value, ",", -1);

  for (char **key = keys; *key != NULL; key++)
    {
      gboolean             descending = **key == '-';
      const MwSearchParam *param = find_param (mw_sandbox_store_get_definitions (self->store), self->type, *key + (descending ? 1 : 0));
      SortKey              sort;

      if (param == NULL)
        return FALSE;
      sort.param = *param;
      sort.descending = descending;
      g_array_append_val (self->sort, sort);
    }
  return TRUE;
}

static gboolean
set_count (MwSearch   *self,
           const char *value,
           MwIssues   *issues)
{
  guint64 count;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT, &count, NULL))
    mw_issues_add (issues, 400, "value", NULL, "_count is no whole number");
  else if (count == 0)
    self->summary_count = TRUE;
  else
    self->count = (guint) MIN (count, MAX_COUNT);
  return TRUE;
}

static gboolean
add_parameter (MwSearch   *self,
               const char *key,
               const char *value,
               MwIssues   *issues)
{
  static const char *const harmless[] = { "_format", "_pretty", "_total", NULL };

  if (g_strv_contains (harmless, key))
    return TRUE;
  if (g_str_equal (key, "_count"))
    return set_count (self, value, issues);
  if (g_str_equal (key, "_sort"))
    return add_sort (self, value);
  if (g_str_equal (key, "_summary"))
    {
      self->summary_count = self->summary_count || g_str_equal (value, "count");
      return g_str_equal (value, "count") || g_str_equal (value, "false");
    }
  if (g_str_equal (key, "_include") || g_str_equal (key, "_include:iterate"))
    return mw_includes_add (self->includes, value, key[8] != '\0');
  if (g_str_equal (key, "_revinclude"))
    return mw_includes_add_reverse (self->includes, value);
  return add_term (self, key, value, issues);
}

static char *
unescape_value (const char *text)
{
  g_autofree char *spaced = g_strdelimit (g_strdup (text), "+", ' ');

  return g_uri_unescape_string (spaced, NULL);
}

/**
 * mw_search_new:
 * @base: the server's own base, by which absolute references to itself are known
 * @query: (nullable): key=value pairs, percent-encoded
 * @lenient: whether parameters that are not understood are left out (Prefer: handling=lenient)
 *
 * Returns: (transfer full): a search to run, also when @issues got what is wrong with it
 */
MwSearch *
mw_search_new (MwSandboxStore *store,
               const char     *base,
               const char     *type,
               const char     *query,
               gboolean        lenient,
               MwIssues       *issues)
{
  MwSearch *self = g_new0 (MwSearch, 1);
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);

  self->store = store;
  self->base = g_strdup (base);
  self->type = g_strdup (type);
  self->terms = g_ptr_array_new_with_free_func (term_free);
  self->sort = g_array_new (FALSE, FALSE, sizeof (SortKey));
  self->includes = mw_includes_new (store, base);
  self->ignored = g_ptr_array_new_with_free_func (g_free);
  self->self_link = g_string_new (NULL);
  self->count = DEFAULT_COUNT;

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      char            *equals = strchr (*pair, '=');
      g_autofree char *key = NULL;
      g_autofree char *value = NULL;

      if (**pair == '\0')
        continue;
      key = g_uri_unescape_segment (*pair, equals, NULL);
      value = unescape_value (equals != NULL ? equals + 1 : "");
      if (key == NULL || value == NULL || !g_utf8_validate (key, -1, NULL) || !g_utf8_validate (value, -1, NULL))
        mw_issues_add (issues, 400, "invalid", NULL, "The query is not percent-encoded UTF-8");
      else if (add_parameter (self, key, value, issues))
        g_string_append_printf (self->self_link, "%s%s", self->self_link->len > 0 ? "&" : "", *pair);
      else if (lenient)
        g_ptr_array_add (self->ignored, g_steal_pointer (&key));
      else
        mw_issues_add (issues, 400, "not-supported", NULL, "The search parameter “%s” is not known for %s", key, type);
    }
  return self;
}

static gboolean
matches (MwSearch *self,
         MwRecord *record)
{
  JsonNode *resource = mw_record_resource (record);

  if (resource == NULL)
    return FALSE;
  for (guint i = 0; i < self->terms->len; i++)
    if (!mw_term_matches (g_ptr_array_index (self->terms, i), resource, self->store, self->base))
      return FALSE;
  return TRUE;
}

/* A search by id or by identifier need not look at every resource */
static GPtrArray *
candidates (MwSearch *self)
{
  GPtrArray *all = mw_sandbox_store_list (self->store, self->type);

  for (guint i = 0; i < self->terms->len; i++)
    {
      const MwTerm *term = g_ptr_array_index (self->terms, i);
      GPtrArray    *few;

      if (term->modifier != NULL || term->chain != NULL)
        continue;
      if (g_str_equal (term->param.name, "_id"))
        {
          few = g_ptr_array_new ();
          for (char **value = term->values; *value != NULL; value++)
            {
              MwRecord *record = mw_sandbox_store_find (self->store, self->type, *value);

              if (record != NULL && !g_ptr_array_find (few, record, NULL))
                g_ptr_array_add (few, record);
            }
          return few;
        }
      if (g_str_equal (term->param.name, "identifier") && term->values[1] == NULL && strchr (term->values[0], '\\') == NULL)
        {
          g_auto (GStrv) part = g_strsplit (term->values[0], "|", 2);
          const char *value = part[1] != NULL ? part[1] : part[0];

          if (*value != '\0')
            return mw_sandbox_store_by_identifier (self->store, self->type, part[1] != NULL && *part[0] != '\0' ? part[0] : NULL, value);
        }
    }
  return all != NULL ? g_ptr_array_ref (all) : g_ptr_array_new ();
}

/* what @key sorts @record by: a time as text that compares, else the first text there */
static char *
sort_value (const SortKey *key,
            MwRecord      *record)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();
  JsonNode *node;
  gint64    start, end;

  for (char **path = key->param.paths; *path != NULL && nodes->len == 0; path++)
    mw_search_collect (mw_record_resource (record), *path, nodes);
  if (nodes->len == 0)
    return NULL;
  node = g_ptr_array_index (nodes, 0);
  if (key->param.kind == MW_SEARCH_DATE)
    return mw_search_time_of (node, &start, &end) ? g_strdup_printf ("%020" G_GINT64_FORMAT, start / 2 + G_MAXINT64 / 2) : NULL;
  if (mw_json_is_object (node))
    {
      static const char *const parts[] = { "family", "text", "code", "coding.code", "value", "reference", "display" };

      for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        if (mw_json_string (node, parts[i]) != NULL)
          return g_utf8_casefold (mw_json_string (node, parts[i]), -1);
      return NULL;
    }
  return mw_json_scalar (node, NULL);
}

static gint
compare_records (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  MwSearch *self = user_data;
  MwRecord *one = *(MwRecord *const *) a, *other = *(MwRecord *const *) b;

  for (guint i = 0; i < self->sort->len; i++)
    {
      const SortKey   *key = &g_array_index (self->sort, SortKey, i);
      g_autofree char *left = NULL;
      g_autofree char *right = NULL;
      gint             order;

      if (key->param.paths == updated_paths)
        {
          gint64 first = mw_record_current (one)->updated, second = mw_record_current (other)->updated;

          if (first != second)
            return (first < second) != key->descending ? -1 : 1;
          continue;
        }
      left = sort_value (key, one);
      right = sort_value (key, other);
      if (left == NULL || right == NULL)
        order = (left == NULL) - (right == NULL);
      else
        order = key->descending ? strcmp (right, left) : strcmp (left, right);
      if (order != 0)
        return order;
    }
  return one->number < other->number ? -1 : one->number > other->number;
}

/**
 * mw_search_run:
 *
 * Returns: (transfer container) (element-type MwRecord): all matches, sorted; not yet paged
 */
GPtrArray *
mw_search_run (MwSearch *self)
{
  g_autoptr (GPtrArray) from = candidates (self);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < from->len; i++)
    if (matches (self, g_ptr_array_index (from, i)))
      g_ptr_array_add (found, g_ptr_array_index (from, i));
  if (self->sort->len > 0)
    g_ptr_array_sort_with_data (found, compare_records, self);
  return found;
}

/**
 * mw_search_add_includes:
 * @matches: (element-type MwRecord): the matches of one page
 * @included: (element-type MwRecord): gets what _include and _revinclude ask for, each once
 */
void
mw_search_add_includes (MwSearch  *self,
                        GPtrArray *found,
                        GPtrArray *included)
{
  mw_includes_follow (self->includes, found, included);
}

guint
mw_search_get_count (MwSearch *self)
{
  return self->count;
}

gboolean
mw_search_is_summary_count (MwSearch *self)
{
  return self->summary_count;
}

/**
 * mw_search_get_ignored:
 *
 * Returns: (transfer none) (element-type utf8): the parameters left out of a lenient search
 */
GPtrArray *
mw_search_get_ignored (MwSearch *self)
{
  return self->ignored;
}

/**
 * mw_search_self_link:
 *
 * Returns: (transfer full): the search as it was understood
 */
char *
mw_search_self_link (MwSearch *self)
{
  return g_strdup_printf ("%s/%s%s%s", self->base, self->type, self->self_link->len > 0 ? "?" : "", self->self_link->str);
}
