/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-includes.h"

#include "mw-json.h"
#include "mw-search-private.h"

typedef struct
{
  char                *source; /* the type that holds the reference */
  const MwSearchParam *param;
  char                *target; /* (nullable) */
  gboolean             iterate;
} Include;

struct _MwIncludes
{
  MwSandboxStore *store;
  char           *base;
  GPtrArray      *forward;
  GPtrArray      *reverse;
};

static void
include_free (gpointer data)
{
  Include *include = data;

  g_free (include->source);
  g_free (include->target);
  g_free (include);
}

/**
 * mw_includes_new:
 * @store: borrowed; must outlive this
 * @base: the server's own base, by which absolute references to itself are known
 */
MwIncludes *
mw_includes_new (MwSandboxStore *store,
                 const char     *base)
{
  MwIncludes *self = g_new0 (MwIncludes, 1);

  self->store = store;
  self->base = g_strdup (base);
  self->forward = g_ptr_array_new_with_free_func (include_free);
  self->reverse = g_ptr_array_new_with_free_func (include_free);
  return self;
}

void
mw_includes_free (MwIncludes *self)
{
  g_ptr_array_unref (self->forward);
  g_ptr_array_unref (self->reverse);
  g_free (self->base);
  g_free (self);
}

/* Type:param or Type:param:Target */
static gboolean
add_include (const MwDefinitions *definitions, GPtrArray *list, const char *value, gboolean iterate)
{
  g_auto (GStrv) part = g_strsplit (value, ":", 3);
  const MwSearchParam *param = part[0] != NULL && part[1] != NULL ? mw_definitions_param (definitions, part[0], part[1]) : NULL;
  Include             *include;

  if (param == NULL || param->kind != MW_SEARCH_REFERENCE)
    return FALSE;
  include = g_new0 (Include, 1);
  include->source = g_strdup (part[0]);
  include->param = param;
  include->target = g_strdup (part[2]);
  include->iterate = iterate;
  g_ptr_array_add (list, include);
  return TRUE;
}

/**
 * mw_includes_add:
 * @value: Type:param or Type:param:Target
 * @iterate: whether what is included is looked at, too
 *
 * Returns: FALSE when @value names no reference parameter
 */
gboolean
mw_includes_add (MwIncludes *self,
                 const char *value,
                 gboolean    iterate)
{
  return add_include (mw_sandbox_store_get_definitions (self->store), self->forward, value, iterate);
}

/** mw_includes_add_reverse: the same for _revinclude */
gboolean
mw_includes_add_reverse (MwIncludes *self,
                         const char *value)
{
  return add_include (mw_sandbox_store_get_definitions (self->store), self->reverse, value, FALSE);
}

static void
add_once (MwRecord   *record,
          GHashTable *seen,
          GPtrArray  *included)
{
  if (record != NULL && mw_record_resource (record) != NULL && g_hash_table_add (seen, record))
    g_ptr_array_add (included, record);
}

static void
follow_include (MwIncludes    *self,
                const Include *include,
                MwRecord      *record,
                GHashTable    *seen,
                GPtrArray     *included)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();

  if (!g_str_equal (record->type, include->source))
    return;
  for (char **path = include->param->paths; *path != NULL; path++)
    mw_search_collect (mw_record_resource (record), *path, nodes);
  for (guint i = 0; i < nodes->len; i++)
    {
      const char      *literal = mw_json_string (g_ptr_array_index (nodes, i), "reference");
      g_autofree char *local = literal != NULL ? mw_search_local_reference (literal, self->base) : NULL;
      g_auto (GStrv) part = local != NULL ? g_strsplit (local, "/", 2) : NULL;

      if (part != NULL && part[0] != NULL && part[1] != NULL && (include->target == NULL || g_str_equal (include->target, part[0])))
        add_once (mw_sandbox_store_find (self->store, part[0], part[1]), seen, included);
    }
}

static void
follow_revinclude (MwIncludes    *self,
                   const Include *include,
                   MwRecord      *record,
                   GHashTable    *seen,
                   GPtrArray     *included)
{
  GPtrArray       *list = mw_sandbox_store_list (self->store, include->source);
  g_autofree char *reference = g_strconcat (record->type, "/", record->id, NULL);
  char            *values[] = { reference, NULL };
  MwTerm           term = { *include->param, NULL, NULL, values };

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      MwRecord *candidate = g_ptr_array_index (list, i);

      if (mw_record_resource (candidate) != NULL && mw_term_matches (&term, mw_record_resource (candidate), self->store, self->base))
        add_once (candidate, seen, included);
    }
}

/**
 * mw_includes_follow:
 * @found: (element-type MwRecord): the matches of one page
 * @included: (element-type MwRecord): gets what they bring along, each once
 */
void
mw_includes_follow (MwIncludes *self,
                    GPtrArray  *found,
                    GPtrArray  *included)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < found->len; i++)
    g_hash_table_add (seen, g_ptr_array_index (found, i));
  for (guint i = 0; i < found->len; i++)
    {
      for (guint j = 0; j < self->forward->len; j++)
        follow_include (self, g_ptr_array_index (self->forward, j), g_ptr_array_index (found, i), seen, included);
      for (guint j = 0; j < self->reverse->len; j++)
        follow_revinclude (self, g_ptr_array_index (self->reverse, j), g_ptr_array_index (found, i), seen, included);
    }
  for (guint i = 0; i < included->len; i++)
    for (guint j = 0; j < self->forward->len; j++)
      {
        const Include *include = g_ptr_array_index (self->forward, j);

        if (include->iterate)
          follow_include (self, include, g_ptr_array_index (included, i), seen, included);
      }
}
