/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-issues.h"

#include "mw-json.h"

#include <string.h>

/* an answer need not be longer than a person reads */
#define MAX_ISSUES 50

MwIssues *
mw_issues_new (void)
{
  return g_new0 (MwIssues, 1);
}

void
mw_issues_free (MwIssues *self)
{
  g_clear_pointer (&self->outcome, json_node_unref);
  g_free (self);
}

gboolean
mw_issues_any (const MwIssues *self)
{
  return self->status != 0;
}

static void
add_issue (JsonNode   *outcome,
           const char *severity,
           const char *code,
           const char *expression,
           const char *text)
{
  JsonNode *issue = mw_json_object_new ();

  mw_json_set (issue, "severity", severity);
  mw_json_set (issue, "code", code);
  mw_json_set (issue, "details.text", text);
  if (expression != NULL)
    mw_json_set (issue, "expression[0]", expression);
  mw_json_take (outcome, "issue[+]", issue);
}

/**
 * mw_issues_add:
 * @status: the HTTP status the answer gets; the first one stays
 * @code: FHIR R4 issue-type
 * @expression: (nullable): the element at fault
 */
void
mw_issues_add (MwIssues   *self,
               guint       status,
               const char *code,
               const char *expression,
               const char *format,
               ...)
{
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  if (self->outcome == NULL)
    {
      self->status = status;
      self->outcome = mw_resource_new ("OperationOutcome");
    }
  if (mw_json_length (self->outcome, "issue") < MAX_ISSUES)
    add_issue (self->outcome, "error", code, expression, text);
}

/**
 * mw_issues_merge:
 * @prefix: the element in which @other was found, such as "Bundle.entry[2].resource"
 */
void
mw_issues_merge (MwIssues   *self,
                 MwIssues   *other,
                 const char *prefix)
{
  guint n = mw_json_length (other->outcome, "issue");

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *issue = mw_json_item (other->outcome, "issue", i);
      const char      *expression = mw_json_string (issue, "expression[0]");
      const char      *dot = expression != NULL ? strchr (expression, '.') : NULL;
      g_autofree char *path = g_strconcat (prefix, dot, NULL);

      mw_issues_add (self, other->status, mw_json_string (issue, "code"), path, "%s", mw_json_string (issue, "details.text"));
    }
}

/**
 * mw_issues_outcome:
 *
 * Returns: (transfer full): the OperationOutcome
 */
JsonNode *
mw_issues_outcome (MwIssues *self)
{
  g_return_val_if_fail (self->outcome != NULL, NULL);

  return json_node_ref (self->outcome);
}

/**
 * mw_outcome_new:
 *
 * Returns: (transfer full): an OperationOutcome with one issue
 */
JsonNode *
mw_outcome_new (const char *severity,
                const char *code,
                const char *text)
{
  JsonNode *outcome = mw_resource_new ("OperationOutcome");

  add_issue (outcome, severity, code, NULL, text);
  return outcome;
}
