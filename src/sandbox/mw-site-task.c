/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-site.h"

#include "mw-json.h"
#include "mw-search-private.h"

/* How a Task may move, and who moves it (FHIR R4 task.html#statemachine). The requester asks and
 * takes back; the owner answers. */
static const struct
{
  const char *from;
  const char *to;
  gboolean    by_owner;
} moves[] = {
  { "draft", "requested", FALSE },
  { "draft", "cancelled", FALSE },
  { "requested", "cancelled", FALSE },
  { "received", "cancelled", FALSE },
  { "accepted", "cancelled", FALSE },
  { "ready", "cancelled", FALSE },
  { "in-progress", "cancelled", FALSE },
  { "on-hold", "cancelled", FALSE },
  { "requested", "received", TRUE },
  { "requested", "accepted", TRUE },
  { "requested", "rejected", TRUE },
  { "requested", "in-progress", TRUE },
  { "received", "accepted", TRUE },
  { "received", "rejected", TRUE },
  { "received", "in-progress", TRUE },
  { "accepted", "ready", TRUE },
  { "accepted", "in-progress", TRUE },
  { "accepted", "on-hold", TRUE },
  { "accepted", "rejected", TRUE },
  { "accepted", "completed", TRUE },
  { "accepted", "failed", TRUE },
  { "ready", "in-progress", TRUE },
  { "ready", "on-hold", TRUE },
  { "in-progress", "on-hold", TRUE },
  { "in-progress", "completed", TRUE },
  { "in-progress", "failed", TRUE },
  { "on-hold", "in-progress", TRUE },
  { "on-hold", "failed", TRUE },
};

static gboolean
is_own (MwSite     *self,
        JsonNode   *task,
        const char *member)
{
  const char      *literal = mw_json_string (mw_json_get (task, member), "reference");
  g_autofree char *local = literal != NULL ? mw_search_local_reference (literal, self->url) : NULL;
  const char      *identifier = mw_json_string (mw_json_get (task, member), "identifier.value");

  if (local != NULL && g_hash_table_contains (self->own, local))
    return TRUE;
  return identifier != NULL && g_hash_table_contains (self->own, identifier);
}

static void
check_mover (MwSite   *self,
             JsonNode *before,
             gboolean  by_owner,
             MwIssues *issues)
{
  gboolean owner = (self->abilities & MW_SITE_HOME) != 0 && (is_own (self, before, "owner") || !mw_json_has (before, "owner"));
  gboolean requester = (self->abilities & MW_SITE_HOME) == 0 || is_own (self, before, "requester");

  if (by_owner ? !owner : !requester)
    mw_issues_add (issues, 403, "forbidden", "Task.status", "Only the %s of this Task may move it there", by_owner ? "owner" : "requester");
}

static void
check_task (MwSite   *self,
            JsonNode *before,
            JsonNode *after,
            MwIssues *issues)
{
  const char *from = mw_json_string (before, "status"), *to = mw_json_string (after, "status");

  if (g_strcmp0 (mw_json_string (before, "intent"), mw_json_string (after, "intent")) != 0)
    mw_issues_add (issues, 422, "business-rule", "Task.intent", "The intent of a Task does not change");
  if (g_strcmp0 (from, to) == 0 || g_strcmp0 (to, "entered-in-error") == 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    if (g_strcmp0 (moves[i].from, from) == 0 && g_strcmp0 (moves[i].to, to) == 0)
      {
        check_mover (self, before, moves[i].by_owner, issues);
        return;
      }
  mw_issues_add (issues, 422, "business-rule", "Task.status", "A Task does not go from “%s” to “%s”", from, to);
}

/**
 * mw_site_check_update:
 *
 * What a client may not change from one version to the next.
 */
void
mw_site_check_update (MwSite   *self,
                      JsonNode *before,
                      JsonNode *after,
                      MwIssues *issues)
{
  if (mw_resource_is (after, "Task"))
    check_task (self, before, after, issues);
  if (mw_resource_is (after, "Communication") && g_strcmp0 (mw_json_string (before, "status"), "entered-in-error") == 0)
    mw_issues_add (issues, 422, "business-rule", "Communication.status", "What was entered in error stays so");
}

/**
 * mw_site_check_create:
 *
 * What a client may not begin with.
 */
void
mw_site_check_create (MwSite   *self,
                      JsonNode *resource,
                      MwIssues *issues)
{
  const char *status = mw_json_string (resource, "status");

  if (!mw_resource_is (resource, "Task") || (self->abilities & MW_SITE_HOME) != 0)
    return;
  if (g_strcmp0 (status, "draft") != 0 && g_strcmp0 (status, "requested") != 0)
    mw_issues_add (issues, 422, "business-rule", "Task.status", "A Task that others shall carry out begins as “draft” or “requested”");
}
