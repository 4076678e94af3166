/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-access.h"

#include "mw-json.h"
#include "mw-definitions.h"
#include "mw-search-private.h"

#include <string.h>

struct _MwAuthAccess
{
  GPtrArray *scopes;
  char      *patient; /* (nullable): "Patient/id", what patient/ scopes are about */
};

/* c r u d s in this order, each at most once, at least one */
static MwAction
parse_letters (const char *text)
{
  static const struct
  {
    char     letter;
    MwAction action;
  } letters[] = { { 'c', MW_ACTION_CREATE }, { 'r', MW_ACTION_READ }, { 'u', MW_ACTION_UPDATE }, { 'd', MW_ACTION_DELETE }, { 's', MW_ACTION_SEARCH } };
  MwAction actions = 0;

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (*text == letters[i].letter)
      {
        actions |= letters[i].action;
        text++;
      }
  return *text == '\0' ? actions : 0;
}

static MwAction
parse_actions (const char *text)
{
  if (g_str_equal (text, "read"))
    return MW_ACTION_READ | MW_ACTION_SEARCH;
  if (g_str_equal (text, "write"))
    return MW_ACTION_CREATE | MW_ACTION_UPDATE | MW_ACTION_DELETE;
  if (g_str_equal (text, "*"))
    return MW_ACTION_CREATE | MW_ACTION_READ | MW_ACTION_UPDATE | MW_ACTION_DELETE | MW_ACTION_SEARCH;
  return parse_letters (text);
}

/**
 * mw_scope_parse:
 *
 * Reads "user/Task.cru" and "user/Task.read". A scope with a filter ("?") is not understood here: one
 * that cannot be enforced may not be granted.
 *
 * Returns: (transfer full) (nullable): NULL where @text is no scope for resources
 */
MwScope *
mw_scope_parse (const char *text)
{
  static const char *const levels[] = { "patient", "user", "system", NULL };
  g_auto (GStrv) part = g_strsplit (text, "/", 2);
  const char *dot = part[0] != NULL && part[1] != NULL ? strchr (part[1], '.') : NULL;
  MwScope    *self;
  MwAction    actions;

  if (dot == NULL || !g_strv_contains (levels, part[0]))
    return NULL;
  actions = parse_actions (dot + 1);
  if (actions == 0)
    return NULL;
  self = g_new0 (MwScope, 1);
  self->level = g_strdup (part[0]);
  self->type = g_strndup (part[1], (gsize) (dot - part[1]));
  self->actions = actions;
  if (!g_str_equal (self->type, "*") && (!g_ascii_isupper (*self->type) || strspn (self->type, G_CSET_A_2_Z G_CSET_a_2_z) != strlen (self->type)))
    g_clear_pointer (&self, mw_scope_free);
  return self;
}

void
mw_scope_free (MwScope *self)
{
  g_free (self->level);
  g_free (self->type);
  g_free (self);
}

/**
 * mw_auth_access_new:
 * @scope: what was granted, parted by spaces
 * @patient: (nullable): the id of the Patient in context
 */
MwAuthAccess *
mw_auth_access_new (const char *scope,
                    const char *patient)
{
  MwAuthAccess *self = g_new0 (MwAuthAccess, 1);
  g_auto (GStrv) words = g_strsplit (scope, " ", -1);

  self->scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_scope_free);
  self->patient = patient != NULL ? g_strconcat ("Patient/", patient, NULL) : NULL;
  for (char **word = words; *word != NULL; word++)
    {
      MwScope *parsed = mw_scope_parse (*word);

      if (parsed != NULL)
        g_ptr_array_add (self->scopes, parsed);
    }
  return self;
}

void
mw_auth_access_free (MwAuthAccess *self)
{
  g_ptr_array_unref (self->scopes);
  g_free (self->patient);
  g_free (self);
}

static gboolean
fits (const MwScope *scope,
      MwAction       action,
      const char    *type)
{
  return (scope->actions & action) != 0 && (g_str_equal (scope->type, "*") || g_str_equal (scope->type, type));
}

/**
 * mw_auth_access_may:
 * @self: (nullable)
 * @action: one or more, of which one suffices
 *
 * Returns: whether @action on some resource of @type is within what was granted
 */
gboolean
mw_auth_access_may (const MwAuthAccess *self,
                    MwAction            action,
                    const char         *type)
{
  if (self == NULL)
    return TRUE;
  for (guint i = 0; i < self->scopes->len; i++)
    if (fits (g_ptr_array_index (self->scopes, i), action, type))
      return TRUE;
  return FALSE;
}

/* Whether it is about the patient, or about nobody */
static gboolean
is_own (const MwAuthAccess *self,
        MwSite             *site,
        JsonNode           *resource)
{
  static const char *const shared[] = { "Practitioner", "PractitionerRole", "Organization", "OrganizationAffiliation", "Location", "Endpoint",
                                        "HealthcareService", "Medication", "Questionnaire", "Measure", "Library", "Schedule", "Slot", NULL };
  const char              *type = mw_resource_type (resource);
  const MwSearchParam     *param = mw_definitions_param (site->definitions, type, "patient");
  char                    *values[] = { self->patient, NULL };
  MwTerm                   term;

  if (self->patient == NULL)
    return FALSE;
  if (g_strv_contains (shared, type))
    return TRUE;
  if (g_str_equal (type, "Patient"))
    return g_strcmp0 (mw_resource_id (resource), self->patient + strlen ("Patient/")) == 0;
  if (param == NULL)
    return FALSE;
  term = (MwTerm){ *param, NULL, NULL, values };
  return mw_term_matches (&term, resource, site->store, site->url);
}

/**
 * mw_auth_access_sees:
 * @self: (nullable)
 *
 * Returns: whether @action on this very @resource is within what was granted
 */
gboolean
mw_auth_access_sees (const MwAuthAccess *self,
                     MwAction            action,
                     MwSite             *site,
                     JsonNode           *resource)
{
  if (self == NULL)
    return TRUE;
  for (guint i = 0; i < self->scopes->len; i++)
    {
      const MwScope *scope = g_ptr_array_index (self->scopes, i);

      if (fits (scope, action, mw_resource_type (resource)) && (!g_str_equal (scope->level, "patient") || is_own (self, site, resource)))
        return TRUE;
    }
  return FALSE;
}

static void
refuse (MwIssues   *issues,
        MwAction    action,
        const char *type,
        const char *expression)
{
  const char *word = action & MW_ACTION_CREATE ? "create" : action & MW_ACTION_UPDATE ? "update"
                                                        : action & MW_ACTION_DELETE   ? "delete"
                                                        : action & MW_ACTION_READ     ? "read"
                                                                                      : "search";

  if (!mw_issues_any (issues))
    issues->insufficient_scope = TRUE;
  mw_issues_add (issues, 403, "forbidden", expression, "The scopes of this token do not allow to %s this %s", word, type);
}

/**
 * mw_auth_access_check:
 * @self: (nullable)
 * @expression: (nullable): what the issue points at
 *
 * Returns: as mw_auth_access_may(); where not, 403 is in @issues
 */
gboolean
mw_auth_access_check (const MwAuthAccess *self,
                      MwAction            action,
                      const char         *type,
                      const char         *expression,
                      MwIssues           *issues)
{
  if (mw_auth_access_may (self, action, type))
    return TRUE;
  refuse (issues, action, type, expression);
  return FALSE;
}

/**
 * mw_auth_access_check_resource:
 * @self: (nullable)
 *
 * Returns: as mw_auth_access_sees(); where not, 403 is in @issues
 */
gboolean
mw_auth_access_check_resource (const MwAuthAccess *self,
                               MwAction            action,
                               MwSite             *site,
                               JsonNode           *resource,
                               const char         *expression,
                               MwIssues           *issues)
{
  if (mw_auth_access_sees (self, action, site, resource))
    return TRUE;
  refuse (issues, action, mw_resource_type (resource), expression);
  return FALSE;
}

/**
 * mw_auth_access_keep_visible:
 * @self: (nullable)
 * @records: (element-type MwRecord)
 *
 * Takes out what may not be seen: a search leaves such rows out in silence (SMART App Launch 2.2, scopes).
 */
void
mw_auth_access_keep_visible (const MwAuthAccess *self,
                             MwSite             *site,
                             GPtrArray          *records)
{
  for (guint i = records->len; self != NULL && i > 0; i--)
    {
      MwRecord *record = g_ptr_array_index (records, i - 1);

      if (!mw_auth_access_sees (self, MW_ACTION_READ | MW_ACTION_SEARCH, site, mw_record_resource (record)))
        g_ptr_array_remove_index (records, i - 1);
    }
}
