/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-site.h"

#include "mw-json.h"
#include "mw-definitions.h"
#include "mw-search-private.h"
#include "mw-validate.h"

#include <string.h>

typedef struct
{
  MwRecord *record;
  JsonNode *before;
  char     *message;
} Notice;

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_clear_pointer (&notice->before, json_node_unref);
  g_free (notice->message);
  g_free (notice);
}

MwSite *
mw_site_new (const char     *name,
             const char     *title,
             const char     *url,
             MwSiteAbility   abilities,
             MwSandboxClock *clock)
{
  MwSite *self = g_new0 (MwSite, 1);

  self->name = g_strdup (name);
  self->title = g_strdup (title);
  self->url = g_strdup (url);
  self->abilities = abilities;
  self->version = (abilities & MW_SITE_R5) != 0 ? "5.0" : "4.0";
  self->definitions = mw_definitions_get (self->version);
  self->clock = clock;
  self->store = mw_sandbox_store_new (clock, self->definitions, name);
  self->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->page_order = g_queue_new ();
  self->noticed = g_ptr_array_new_with_free_func (notice_free);
  return self;
}

void
mw_site_free (MwSite *self)
{
  g_ptr_array_unref (self->noticed);
  g_queue_free (self->page_order);
  g_hash_table_unref (self->pages);
  g_hash_table_unref (self->messages);
  g_hash_table_unref (self->own);
  mw_sandbox_store_free (self->store);
  g_free (self->message);
  g_free (self->name);
  g_free (self->title);
  g_free (self->url);
  g_free (self);
}

/**
 * mw_site_add:
 * @resource: (transfer full): what the site itself writes, new or the next version
 *
 * The sandbox is as strict with itself as with others: a resource of its own that is not valid is
 * a programmer's error. Only where its references lead is not looked at, since a client may have
 * deleted what an answer refers to.
 */
MwRecord *
mw_site_add (MwSite   *self,
             JsonNode *resource)
{
  g_autoptr (MwIssues) issues = mw_issues_new ();

  if (!mw_validate_as (self->definitions, resource, NULL, self->url, issues))
    {
      g_autofree char *why = mw_json_to_text (issues->outcome, TRUE);
      g_autofree char *what = mw_json_to_text (resource, TRUE);

      g_critical ("the sandbox wrote something that is not valid: %s\n%s", why, what);
    }
  return mw_sandbox_store_put (self->store, resource);
}

/**
 * mw_site_resolve:
 * @reference: (nullable): "Type/id", or absolute with this site's base
 *
 * Returns: (transfer none) (nullable): the resource it leads to
 */
JsonNode *
mw_site_resolve (MwSite     *self,
                 const char *reference)
{
  g_autofree char *local = NULL;
  g_auto (GStrv) part = NULL;

  if (reference == NULL)
    return NULL;
  local = mw_search_local_reference (reference, self->url);
  part = g_strsplit (local, "/", -1);
  return g_strv_length (part) == 2 ? mw_sandbox_store_get (self->store, part[0], part[1]) : NULL;
}

/**
 * mw_site_knows:
 *
 * Returns: whether resources of @type can be read here
 */
gboolean
mw_site_knows (MwSite     *self,
               const char *type)
{
  static const char *const plan_types[] = { "Patient", "Coverage", "Organization", "Practitioner", "PractitionerRole", "Location",
                                            "Endpoint", "HealthcareService", "ExplanationOfBenefit", NULL };
  static const char *const directory_types[] = { "Organization", "Practitioner", "PractitionerRole", "OrganizationAffiliation", "HealthcareService",
                                                 "Location", "CareTeam", "Endpoint", NULL };

  if (!mw_definitions_is_resource (self->definitions, type))
    return FALSE;
  if ((self->abilities & MW_SITE_READ_ONLY) != 0)
    return g_strv_contains (directory_types, type);
  return (self->abilities & MW_SITE_FEW_WRITES) == 0 || mw_site_takes (self, type) || g_strv_contains (plan_types, type);
}

/**
 * mw_site_takes:
 *
 * Returns: whether a client may write resources of @type here
 */
gboolean
mw_site_takes (MwSite     *self,
               const char *type)
{
  static const char *const never[] = { "CapabilityStatement", "OperationOutcome", "Parameters", NULL };
  static const char *const plan_types[] = { "Task", "Communication", "CommunicationRequest", "DocumentReference", "Binary", NULL };

  if (!mw_definitions_is_resource (self->definitions, type) || g_strv_contains (never, type) || (self->abilities & MW_SITE_READ_ONLY) != 0)
    return FALSE;
  return (self->abilities & MW_SITE_FEW_WRITES) == 0 || g_strv_contains (plan_types, type);
}

/**
 * mw_site_notice:
 * @before: (nullable): the version before, NULL for something new
 *
 * Remembers that a client wrote @record, for mw_site_tell().
 */
void
mw_site_notice (MwSite   *self,
                MwRecord *record,
                JsonNode *before)
{
  Notice *notice = g_new0 (Notice, 1);

  notice->record = record;
  notice->before = before != NULL ? json_node_ref (before) : NULL;
  notice->message = g_strdup (self->message);
  g_ptr_array_add (self->noticed, notice);
}

/**
 * mw_site_tell:
 *
 * Tells of everything noticed. Called once a request has succeeded as a whole.
 */
void
mw_site_tell (MwSite *self)
{
  g_autoptr (GPtrArray) noticed = g_steal_pointer (&self->noticed);

  self->noticed = g_ptr_array_new_with_free_func (notice_free);
  for (guint i = 0; self->func != NULL && i < noticed->len; i++)
    {
      Notice *notice = g_ptr_array_index (noticed, i);

      self->func (self, notice->record, notice->before, notice->message, self->user_data);
    }
}

/**
 * mw_site_match:
 * @query: a search, as If-None-Exist has it (FHIR R4 http.html#ccreate)
 *
 * Returns: (transfer none) (nullable): the one match; NULL for none, or for several with 412 in @issues
 */
MwRecord *
mw_site_match (MwSite     *self,
               const char *type,
               const char *query,
               MwIssues   *issues)
{
  g_autoptr (MwSearch) search = NULL;
  g_autoptr (GPtrArray) found = NULL;
  const char *mark = strchr (query, '?');

  search = mw_search_new (self->store, self->url, type, mark != NULL ? mark + 1 : query, FALSE, issues);
  if (mw_issues_any (issues))
    return NULL;
  if (*query == '\0' || strchr (query, '=') == NULL)
    {
      mw_issues_add (issues, 400, "invalid", NULL, "The condition is empty");
      return NULL;
    }
  found = mw_search_run (search);
  if (found->len > 1)
    mw_issues_add (issues, 412, "multiple-matches", NULL, "%u resources meet the condition", found->len);
  return found->len == 1 ? g_ptr_array_index (found, 0) : NULL;
}

/**
 * mw_site_create:
 * @resource: (transfer full): mutable; an id in it is not kept (FHIR R4 http.html#create)
 * @if_none_exist: (nullable): the condition of a conditional create
 * @existed: (out): whether the answer is what was there already
 *
 * Returns: (transfer none) (nullable): the record; NULL with @issues
 */
MwRecord *
mw_site_create (MwSite     *self,
                JsonNode   *resource,
                const char *if_none_exist,
                gboolean   *existed,
                MwIssues   *issues)
{
  g_autoptr (JsonNode) owned = resource;
  const char *type = mw_resource_type (resource);
  MwRecord   *record;

  *existed = FALSE;
  if (if_none_exist != NULL && (self->abilities & MW_SITE_NO_CONDITIONS) != 0)
    {
      mw_issues_add (issues, 400, "not-supported", NULL, "This server does no conditional create: If-None-Exist cannot be heeded, and nothing was stored");
      return NULL;
    }
  if (if_none_exist != NULL)
    {
      record = mw_site_match (self, type, if_none_exist, issues);
      if (mw_issues_any (issues))
        return NULL;
      *existed = record != NULL;
      if (record != NULL)
        return record;
    }
  mw_json_remove (resource, "id");
  if (!mw_validate (resource, self->store, self->url, issues))
    return NULL;
  mw_site_check_create (self, resource, issues);
  if (mw_issues_any (issues))
    return NULL;
  record = mw_sandbox_store_put (self->store, g_steal_pointer (&owned));
  mw_site_notice (self, record, NULL);
  return record;
}

/**
 * mw_site_check_version:
 * @if_match: (nullable): an ETag; W/"3", "3" or 3
 *
 * Returns: whether @record still has that version; else 412 is in @issues
 */
gboolean
mw_site_check_version (MwRecord   *record,
                       const char *if_match,
                       MwIssues   *issues)
{
  g_autofree char *bare = NULL;
  guint64          version = 0;

  if (if_match == NULL)
    {
      if (!g_str_equal (record->type, "Task"))
        return TRUE;
      mw_issues_add (issues, 428, "required", NULL, "A Task is written by two sides: an update needs If-Match with the version it is based on");
      return FALSE;
    }
  bare = g_strdup (g_str_has_prefix (if_match, "W/") ? if_match + 2 : if_match);
  g_strdelimit (bare, "\"", ' ');
  if (g_ascii_string_to_unsigned (g_strstrip (bare), 10, 0, G_MAXUINT, &version, NULL) && version == mw_record_version (record))
    return TRUE;
  mw_issues_add (issues, 412, "conflict", NULL, "Somebody was faster: the version here is %u", mw_record_version (record));
  return FALSE;
}

/**
 * mw_site_update:
 * @resource: (transfer full): mutable
 * @if_match: (nullable)
 * @created: (out): whether it was not there before
 *
 * Returns: (transfer none) (nullable): the record; NULL with @issues
 */
MwRecord *
mw_site_update (MwSite     *self,
                const char *type,
                const char *id,
                JsonNode   *resource,
                const char *if_match,
                gboolean   *created,
                MwIssues   *issues)
{
  g_autoptr (JsonNode) owned = resource;
  g_autoptr (JsonNode) before = NULL;
  MwRecord *record = mw_sandbox_store_find (self->store, type, id);

  if (g_strcmp0 (mw_resource_id (resource), id) != 0)
    mw_issues_add (issues, 400, "invalid", "id", "The id in the body is not the id in the URL");
  else if (record == NULL && (self->abilities & MW_SITE_CLIENT_IDS) == 0)
    mw_issues_add (issues, 405, "not-supported", NULL, "There is no such resource, and this server chooses the ids itself");
  else if (record != NULL && !mw_site_check_version (record, if_match, issues))
    return NULL;
  else if (record == NULL && if_match != NULL)
    mw_issues_add (issues, 412, "conflict", NULL, "If-Match was given, but there is no such resource");
  if (mw_issues_any (issues) || !mw_validate (resource, self->store, self->url, issues))
    return NULL;
  if (record != NULL && mw_record_resource (record) != NULL)
    before = json_node_ref (mw_record_resource (record));
  if (before != NULL)
    mw_site_check_update (self, before, resource, issues);
  else
    mw_site_check_create (self, resource, issues);
  if (mw_issues_any (issues))
    return NULL;
  *created = before == NULL;
  record = mw_sandbox_store_put (self->store, g_steal_pointer (&owned));
  mw_site_notice (self, record, before);
  return record;
}
