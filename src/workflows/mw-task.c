/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What referrals, requests and asks have in common: the Task (FHIR R4 task.html; CDex 2.1.0; wire
 * notes 5 and 8). */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-edit.h"
#include "mw-fhir-date.h"
#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A Reference as such, in a CodeableReference, or the actor of a performer: as R4 and R5 have it */
static JsonNode *
reference_of (JsonNode *node)
{
  JsonNode *actor = mw_json_get (node, "actor");
  JsonNode *inner = mw_json_get (node, "reference");

  if (actor != NULL)
    return actor;
  if (mw_json_is_object (inner))
    return inner;
  return mw_json_has (node, "concept") ? NULL : node;
}

/**
 * mw_task_is_mine_to_do:
 *
 * Returns: whether the Task, ServiceRequest or CommunicationRequest asks something of the clinician; when
 *   nobody has said who she is, everything in the home inbox that she did not ask for does
 */
gboolean
mw_task_is_mine_to_do (const MwArrival *arrival)
{
  JsonNode                *resource = arrival->resource;
  static const char *const doers[] = { "owner", "performer", "recipient", "requestedPerformer" };
  gboolean                 named = FALSE;

  if (!arrival->home || mw_arrival_is_me (arrival, mw_json_get (resource, "requester")) ||
      (mw_resource_is (resource, "CommunicationRequest") && mw_arrival_is_me (arrival, mw_json_get (resource, "sender"))))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (doers); i++)
    for (guint k = 0; k < mw_json_length (resource, doers[i]); k++)
      {
        JsonNode *doer = reference_of (mw_json_item (resource, doers[i], k));

        /* in R5 somebody may be meant by what he is, and nobody by name */
        if (doer == NULL)
          continue;
        if (mw_arrival_is_me (arrival, doer))
          return TRUE;
        named = TRUE;
      }
  return !named || arrival->me == NULL || arrival->me[0] == NULL || mw_json_string (resource, "owner.reference") == NULL;
}

/**
 * mw_task_what:
 *
 * Returns: (transfer full): what is to be done, in words: the focus where it is known, else the Task itself
 */
char *
mw_task_what (const MwArrival *arrival)
{
  JsonNode        *resource = arrival->resource;
  JsonNode        *focus = mw_arrival_find (arrival, mw_json_get (resource, "focus"), NULL);
  const char      *description = mw_json_string (resource, "description");
  const char      *display = mw_json_string (resource, "focus.display");
  g_autofree char *code = mw_concept_text (mw_json_get (resource, "code"));

  if (mw_resource_is (focus, "ServiceRequest"))
    {
      g_autofree char *service = mw_concept_text (mw_json_get (focus, "code.concept"));

      if (service == NULL)
        service = mw_concept_text (mw_json_get (focus, "code"));
      if (service != NULL)
        return g_steal_pointer (&service);
    }
  if (description != NULL)
    return mw_one_line (description);
  if (display != NULL)
    return g_strdup (display);
  if (code != NULL)
    return g_steal_pointer (&code);
  return g_strdup (_ ("Task"));
}

const char *
mw_task_state (JsonNode *task)
{
  const char *status = mw_json_string (task, "status");

  return status != NULL ? status : "unknown";
}

/**
 * mw_task_reason_text:
 *
 * Returns: (transfer none) (nullable): what was said about the Task's status, in R4 or R5
 */
const char *
mw_task_reason_text (JsonNode *task)
{
  const char *text = mw_json_string (task, "statusReason.text");

  return text != NULL ? text : mw_json_string (task, "statusReason.concept.text");
}

/**
 * mw_resource_reason:
 *
 * Returns: (transfer full) (nullable): the first reason in words: reasonCode of R4, reason of R5
 */
char *
mw_resource_reason (JsonNode *resource)
{
  guint n = mw_json_length (resource, "reason");
  char *text = mw_concept_text (mw_json_item (resource, "reasonCode", 0));

  for (guint i = 0; text == NULL && i < n; i++)
    text = mw_concept_text (mw_json_get (mw_json_item (resource, "reason", i), "concept"));
  return text;
}

/**
 * mw_task_is_referral:
 *
 * Returns: whether the Task asks to fulfil a ServiceRequest
 */
gboolean
mw_task_is_referral (const MwArrival *arrival)
{
  JsonNode *task = arrival->resource;
  g_autoptr (MwReference) focus = mw_reference_new (mw_json_get (task, "focus"));
  g_autoptr (MwReference) based_on = mw_reference_new (mw_json_item (task, "basedOn", 0));
  JsonNode *resource;

  if (!mw_resource_is (task, "Task"))
    return FALSE;
  resource = mw_arrival_find (arrival, mw_json_get (task, "focus"), NULL);
  if (mw_resource_is (resource, "ServiceRequest") || g_strcmp0 (focus->type, "ServiceRequest") == 0)
    return TRUE;
  return g_strcmp0 (based_on->type, "ServiceRequest") == 0 && mw_concept_has_code (task, "code", NULL, "fulfill");
}

/**
 * mw_task_meaning:
 *
 * Fills in what a Task says, whatever its kind.
 */
void
mw_task_meaning (MwMeaning       *meaning,
                 const MwArrival *arrival)
{
  JsonNode        *task = arrival->resource;
  JsonNode        *focus = mw_arrival_find (arrival, mw_json_get (task, "focus"), NULL);
  const char      *changed = mw_json_string (task, "lastModified");
  const char      *reason = mw_task_reason_text (task);
  const char      *business = mw_json_string (task, "businessStatus.text");
  g_autofree char *why = mw_resource_reason (focus);
  g_autofree char *task_why = mw_resource_reason (task);
  const char      *note = mw_json_string (mw_json_item (task, "note", 0), "text");
  const char      *order_note = mw_json_string (mw_json_item (focus, "note", 0), "text");
  const char      *line = reason != NULL ? reason : business != NULL ? business
                                                : note != NULL       ? note
                                                : order_note != NULL ? order_note
                                                : why != NULL        ? why
                                                                     : task_why;

  if (changed == NULL)
    changed = mw_json_string (task, "authoredOn");
  meaning->identity = g_strdup (arrival->reference);
  meaning->state = g_strdup (mw_task_state (task));
  meaning->priority = MAX (mw_priority_from_word (mw_json_string (task, "priority")), mw_priority_from_word (mw_json_string (focus, "priority")));
  meaning->sent = mw_fhir_date_to_unix (changed, 0);
  meaning->preview = mw_one_line (line);
  mw_meaning_take_patient (meaning, arrival, mw_json_get (task, "for"), task, NULL);
  mw_meaning_take_patient (meaning, arrival, mw_json_get (focus, "subject"), focus, NULL);
  mw_meaning_add_key (meaning, arrival->reference);
  mw_meaning_add_identifiers (meaning, task);
  mw_meaning_add_references (meaning, arrival, task, "focus");
  mw_meaning_add_references (meaning, arrival, task, "basedOn");
  mw_meaning_add_references (meaning, arrival, task, "partOf");
  mw_meaning_add_identifiers (meaning, focus);
  mw_meaning_fetch (meaning, task, "focus", NULL);
  mw_meaning_fetch (meaning, task, "output", "valueReference");
  if (g_strcmp0 (meaning->state, "entered-in-error") == 0)
    meaning->warning = g_strdup (_ ("The sender has marked this as an error. Do not act on it."));
}

static gboolean
ends (const char *status)
{
  static const char *const final[] = { "rejected", "completed", "failed", "cancelled", "entered-in-error", NULL };

  return g_strv_contains (final, status);
}

/**
 * mw_task_settle:
 * @name: the part of the item that the Task is
 *
 * Returns: TRUE when the arrival is our Task with news about it
 */
gboolean
mw_task_settle (const char      *identity,
                const char      *name,
                const MwArrival *arrival,
                MwSettlement    *settlement)
{
  static const struct
  {
    const char *status;
    const char *words;
  } news[] = {
    { "received", N_ ("Received") },
    { "accepted", N_ ("Accepted") },
    { "rejected", N_ ("Declined") },
    { "ready", N_ ("Ready") },
    { "in-progress", N_ ("In progress") },
    { "on-hold", N_ ("On hold") },
    { "failed", N_ ("Could not be done") },
    { "completed", N_ ("Completed") },
    { "cancelled", N_ ("Cancelled") },
    { "entered-in-error", N_ ("Marked as an error") },
  };
  const char *status = mw_task_state (arrival->resource);
  const char *reason = mw_task_reason_text (arrival->resource);
  const char *business = mw_json_string (arrival->resource, "businessStatus.text");
  const char *detail = reason != NULL ? reason : business;

  if (!mw_resource_is (arrival->resource, "Task") || !mw_is_ours (arrival->resource, identity, name))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (news); i++)
    if (g_str_equal (news[i].status, status))
      {
        settlement->answered = ends (status);
        /* Translators: news of a referral or a request: status, then what was said about it */
        settlement->detail = detail != NULL ? g_strdup_printf (_ ("%s: %s"), _ (news[i].words), detail) : g_strdup (_ (news[i].words));
        return TRUE;
      }
  return FALSE;
}

static JsonNode *
new_edit (const MwPlanContext *context,
          const char          *name,
          const char          *status)
{
  g_autofree char *identity = mw_identity_derive (context->identity, name);
  g_autofree char *created = mw_fhir_date_from_unix (context->created);
  JsonNode        *edit = mw_edit_new (identity);
  const char      *authored = mw_json_string (context->target, "authoredOn");
  gboolean         behind = mw_fhir_date_to_unix (authored, 0) > context->created;

  mw_edit_set (edit, "status", status);
  mw_edit_set (edit, "lastModified", behind ? authored : created);
  return edit;
}

/**
 * mw_task_edit:
 * @status: what the Task becomes
 *
 * Returns: (transfer full): an edit of the action's target; the Task's clock moves on with it (R4 inv-1)
 */
JsonNode *
mw_task_edit (const MwPlanContext *context,
              const char          *status)
{
  return new_edit (context, "edit", status);
}

/**
 * mw_task_edit_reason:
 *
 * Adds to @edit why the Task becomes what it becomes, where its server's version of FHIR has the reason.
 */
void
mw_task_edit_reason (const MwPlanContext *context,
                     JsonNode            *edit,
                     const char          *reason)
{
  mw_edit_set (edit, mw_plan_context_version (context) == MW_FHIR_VERSION_R5 ? "statusReason.concept.text" : "statusReason.text", reason);
}

/**
 * mw_task_can_change:
 *
 * Returns: FALSE with a sentence when the server has refused to let a Task be changed
 */
gboolean
mw_task_can_change (const MwPlanContext *context,
                    GError             **error)
{
  if (!mw_capability_was_refused (context->capability, "update:Task"))
    return TRUE;
  g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The server does not let its tasks be changed from here. Reply with a message instead."));
  return FALSE;
}

/**
 * mw_plan_task_begin:
 * @url: the Task
 *
 * A Task that nobody has taken up is not completed at once: it is in progress first, and a server that keeps to the
 * state machine refuses it otherwise (FHIR R4 task.html#statemachine).
 */
void
mw_plan_task_begin (MwPlan              *plan,
                    const MwPlanContext *context,
                    const char          *url)
{
  static const char *const waiting[] = { "requested", "received", "ready", "on-hold", NULL };
  JsonNode                *edit;

  if (!g_strv_contains (waiting, mw_task_state (context->target)))
    return;
  edit = new_edit (context, "begin", "in-progress");
  mw_edit_require (edit, "status", "requested", "received", "accepted", "ready", "in-progress", "on-hold", NULL);
  mw_plan_add_edit (plan, url, edit, NULL);
}

/**
 * mw_plan_task_reply:
 * @output_code: of the Task.output that each document becomes
 *
 * Takes note and files along as documents on the Task's server and adds them to @edit as its output.
 *
 * Returns: whether there was anything
 */
gboolean
mw_plan_task_reply (const MwDraft       *draft,
                    const MwPlanContext *context,
                    MwParcel            *parcel,
                    const char          *title,
                    const char          *loinc,
                    JsonNode            *edit,
                    const char          *output_system,
                    const char          *output_code)
{
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);

  if (draft->note != NULL && *draft->note != '\0')
    g_ptr_array_add (references, mw_parcel_add_text (parcel, "note", title, draft->note, loinc));
  for (guint i = 0; context->files != NULL && i < context->files->len; i++)
    g_ptr_array_add (references, mw_parcel_add_file (parcel, i, g_ptr_array_index (context->files, i)));
  for (guint i = 0; context->resources != NULL && i < context->resources->len; i++)
    g_ptr_array_add (references, mw_parcel_add_record (parcel, g_ptr_array_index (context->resources, i)));
  for (guint i = 0; i < references->len; i++)
    {
      JsonNode *output = mw_json_object_new ();

      if (output_system != NULL)
        {
          mw_json_set (output, "type.coding[0].system", output_system);
          mw_json_set (output, "type.coding[0].code", output_code);
        }
      mw_json_set (output, "type.text", title);
      mw_json_set (output, "valueReference.reference", g_ptr_array_index (references, i));
      mw_edit_append (edit, "output", output);
    }
  return references->len > 0;
}
