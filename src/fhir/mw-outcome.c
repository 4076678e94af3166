/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-outcome.h"

#include "mw-datatypes.h"
#include "mw-narrative.h"
#include "mw-text.h"

#include <string.h>

/* Issues that are looked at, and those that are told to a person */
#define MAX_ISSUES 1000
#define MAX_TOLD 4
#define MAX_CHARACTERS 300

static const char *const temporary_codes[] = {
  "transient", "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled", NULL
};

static const char *const permanent_codes[] = {
  "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired",
  "forbidden", "duplicate", "multiple-matches", "not-found", "deleted", "too-long", "code-invalid",
  "extension", "too-costly", "business-rule", NULL
};

static gboolean
is_error (JsonNode *issue)
{
  const char *severity = mw_json_string (issue, "severity");

  return severity == NULL || (!g_str_equal (severity, "information") && !g_str_equal (severity, "warning") && !g_str_equal (severity, "success"));
}

static MwOutcomeClass
classify_issue (JsonNode *issue)
{
  const char *code = mw_json_string (issue, "code");
  const char *diagnostics = mw_json_string (issue, "diagnostics");

  if (g_strcmp0 (code, "not-supported") == 0 ||
      (diagnostics != NULL && strstr (diagnostics, "does not know how to handle") != NULL))
    return MW_OUTCOME_UNSUPPORTED;
  if (code == NULL)
    return MW_OUTCOME_NONE;
  if (g_strv_contains (temporary_codes, code))
    return MW_OUTCOME_TEMPORARY;
  return g_strv_contains (permanent_codes, code) ? MW_OUTCOME_PERMANENT : MW_OUTCOME_NONE;
}

/**
 * mw_outcome_classify:
 * @outcome: (nullable): the body of an answer
 *
 * Reads only issues of severity error and fatal. One that will stay beats one that will pass, since the
 * repeated request would meet both. "processing" and "conflict" tell nothing: the number decides.
 *
 * Returns: what the body says about trying again (FHIR R4 valueset-issue-type.html)
 */
MwOutcomeClass
mw_outcome_classify (JsonNode *outcome)
{
  guint          n = MIN (mw_json_length (outcome, "issue"), MAX_ISSUES);
  MwOutcomeClass result = MW_OUTCOME_NONE;
  gboolean       errors = FALSE;

  if (!mw_resource_is (outcome, "OperationOutcome") || n == 0)
    return MW_OUTCOME_NONE;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *issue = mw_json_item (outcome, "issue", i);

      if (is_error (issue))
        {
          errors = TRUE;
          result = MAX (result, classify_issue (issue));
        }
    }
  return errors ? result : MW_OUTCOME_INFORMATION;
}

/**
 * mw_outcome_has_errors:
 *
 * Returns: whether @outcome is an OperationOutcome with an issue of severity error or fatal
 */
gboolean
mw_outcome_has_errors (JsonNode *outcome)
{
  guint n = MIN (mw_json_length (outcome, "issue"), MAX_ISSUES);

  if (!mw_resource_is (outcome, "OperationOutcome"))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (is_error (mw_json_item (outcome, "issue", i)))
      return TRUE;
  return FALSE;
}

/**
 * mw_outcome_has_code:
 *
 * Returns: whether an issue of severity error or fatal has this issue.code
 */
gboolean
mw_outcome_has_code (JsonNode   *outcome,
                     const char *code)
{
  guint n = MIN (mw_json_length (outcome, "issue"), MAX_ISSUES);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *issue = mw_json_item (outcome, "issue", i);

      if (is_error (issue) && g_strcmp0 (mw_json_string (issue, "code"), code) == 0)
        return TRUE;
    }
  return FALSE;
}

/* HAPI numbers its messages, sometimes several times: "HAPI-0513: HAPI-0389: Failed …" */
static const char *
skip_message_number (const char *text)
{
  while (g_str_has_prefix (text, "HAPI-"))
    {
      const char *at = text + strlen ("HAPI-");

      while (g_ascii_isdigit (*at))
        at++;
      if (*at != ':')
        break;
      for (at++; *at == ' ';)
        at++;
      text = at;
    }
  return text;
}

static char *
diagnostics_text (const char *diagnostics)
{
  g_autofree char *first = NULL;

  if (diagnostics == NULL)
    return NULL;
  diagnostics = skip_message_number (diagnostics);
  /* what follows the first line is a stack trace */
  first = g_strndup (diagnostics, strcspn (diagnostics, "\r\n"));
  return mw_text_clean (first, MAX_CHARACTERS, FALSE);
}

static char *
issue_text (JsonNode *issue)
{
  const char *text = mw_json_string (issue, "details.text");
  char       *result = NULL;

  if (text != NULL)
    result = mw_text_clean (skip_message_number (text), MAX_CHARACTERS, FALSE);
  if (result == NULL)
    result = mw_text_clean (mw_json_string (issue, "details.coding.display"), MAX_CHARACTERS, FALSE);
  if (result == NULL)
    result = diagnostics_text (mw_json_string (issue, "diagnostics"));
  return result;
}

static void
collect (GPtrArray *texts,
         JsonNode  *outcome,
         gboolean   errors)
{
  guint n = MIN (mw_json_length (outcome, "issue"), MAX_ISSUES);

  for (guint i = 0; i < n && texts->len < MAX_TOLD; i++)
    {
      JsonNode *issue = mw_json_item (outcome, "issue", i);
      char     *text = is_error (issue) == errors ? issue_text (issue) : NULL;

      if (text != NULL && !g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
        g_ptr_array_add (texts, text);
      else
        g_free (text);
    }
}

/**
 * mw_outcome_to_text:
 * @outcome: (nullable): an OperationOutcome
 *
 * Puts what a server said into one sentence for a person: errors first, each thing once, without
 * message numbers, stack traces or characters that change how text is read.
 *
 * Returns: (transfer full) (nullable): the sentence; NULL when @outcome is none or says nothing
 */
char *
mw_outcome_to_text (JsonNode *outcome)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  GString *out;

  if (!mw_resource_is (outcome, "OperationOutcome"))
    return NULL;
  collect (texts, outcome, TRUE);
  collect (texts, outcome, FALSE);
  if (texts->len == 0)
    {
      char *text = mw_narrative_to_plain (mw_json_string (outcome, "text.div"), MAX_CHARACTERS);

      return text != NULL ? text : mw_concept_text (mw_json_get (outcome, "issue.code"));
    }
  out = g_string_new (NULL);
  for (guint i = 0; i < texts->len; i++)
    {
      const char *text = texts->pdata[i];

      if (i > 0)
        {
          if (strchr (".!?;", out->str[out->len - 1]) == NULL)
            g_string_append_c (out, ';');
          g_string_append_c (out, ' ');
        }
      g_string_append (out, text);
    }
  return g_string_free (out, FALSE);
}
