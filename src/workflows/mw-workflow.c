/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include <glib/gi18n-lib.h>

/* The table of workflows. The order is that in which they are asked what a resource means: the
 * particular before the general. */
static const MwWorkflow *const workflows[] = {
  &mw_workflow_alert,
  &mw_workflow_referral,
  &mw_workflow_request,
  &mw_workflow_ask,
  &mw_workflow_push,
  &mw_workflow_message,
  NULL,
};

const MwWorkflow *const *
mw_workflows_all (void)
{
  return workflows;
}

const MwWorkflow *
mw_workflow_for_kind (const char *kind)
{
  for (guint i = 0; workflows[i] != NULL; i++)
    if (g_strcmp0 (workflows[i]->kind, kind) == 0)
      return workflows[i];
  return NULL;
}

/**
 * mw_workflows_recognise:
 *
 * Returns: (transfer full) (nullable): what the resource means; NULL when no workflow knows it, so that it
 *   is filed under its patient
 */
MwMeaning *
mw_workflows_recognise (const MwArrival *arrival)
{
  for (guint i = 0; workflows[i] != NULL; i++)
    {
      MwMeaning *meaning = workflows[i]->recognise (arrival);

      if (meaning != NULL)
        return meaning;
    }
  return NULL;
}

/**
 * mw_workflow_actions:
 *
 * Returns: (transfer none) (nullable): the actions an entry offers now, ended by one without a name
 */
const MwAction *
mw_workflow_actions (const char *kind,
                     JsonNode   *resource,
                     const char *state,
                     GStrv       me,
                     const char *base)
{
  const MwWorkflow *workflow = mw_workflow_for_kind (kind);

  return workflow != NULL ? workflow->actions (resource, state, me, base) : NULL;
}

const MwAction *
mw_action_find (const MwAction *actions,
                const char     *name)
{
  for (const MwAction *action = actions; action != NULL && action->name != NULL; action++)
    if (g_strcmp0 (action->name, name) == 0)
      return action;
  return NULL;
}

/**
 * mw_action_label:
 *
 * Returns: (transfer none): the words on the action's button, translated
 */
const char *
mw_action_label (const MwAction *action)
{
  return _ (action->label);
}

/**
 * mw_kind_label:
 *
 * Returns: the kind in words, translated
 */
const char *
mw_kind_label (const char *kind)
{
  static const struct
  {
    const char *kind;
    const char *label;
  } labels[] = {
    { MW_KIND_ALERT, N_ ("Alert") },
    { MW_KIND_REFERRAL, N_ ("Referral") },
    { MW_KIND_REQUEST, N_ ("Request") },
    { MW_KIND_ASK, N_ ("Question") },
    { MW_KIND_PUSH, N_ ("Records") },
    { MW_KIND_MESSAGE, N_ ("Message") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_strcmp0 (labels[i].kind, kind) == 0)
      return _ (labels[i].label);
  return kind;
}

/**
 * mw_draft_subject:
 *
 * Returns: (transfer full): a subject line for the draft, made from what is in it when the person wrote none
 */
char *
mw_draft_subject (const MwDraft *draft)
{
  g_autofree char *line = mw_one_line (draft->note);

  if (draft->subject != NULL)
    return g_strdup (draft->subject);
  if (g_strcmp0 (draft->action, "accept") == 0)
    return g_strdup (_ ("Accept"));
  if (g_strcmp0 (draft->action, "decline") == 0)
    return g_strdup (_ ("Decline"));
  if (g_strcmp0 (draft->action, "complete") == 0)
    return g_strdup (_ ("Complete with a note"));
  if (g_strcmp0 (draft->action, "answer") == 0)
    return g_strdup (_ ("Answer"));
  if (draft->service != NULL)
    /* Translators: subject of a referral; %s is the service, such as "Cardiology consult" */
    return g_strdup_printf (_ ("Referral: %s"), draft->service);
  if (g_strcmp0 (draft->kind, MW_KIND_ASK) == 0 && draft->about != NULL && draft->about[0] != NULL)
    /* Translators: subject of a request for information; %s is what is asked for */
    return g_strdup_printf (_ ("Asks for: %s"), draft->about[0]);
  if (line != NULL && *line != '\0')
    return g_steal_pointer (&line);
  if (g_strcmp0 (draft->kind, MW_KIND_PUSH) == 0 && draft->patient_name != NULL)
    /* Translators: subject of records that are sent; %s is the patient's name */
    return g_strdup_printf (_ ("Records of %s"), draft->patient_name);
  return g_strdup (mw_kind_label (draft->kind));
}

/* ---- meanings and plans ---------------------------------------------- */

MwMeaning *
mw_meaning_new (const char *kind)
{
  MwMeaning *self = g_new0 (MwMeaning, 1);

  self->entry = TRUE;
  self->kind = g_strdup (kind);
  self->keys = g_strv_builder_new ();
  self->fetch = g_strv_builder_new ();
  return self;
}

void
mw_meaning_free (MwMeaning *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->identity);
  g_free (self->state);
  g_free (self->subject);
  g_free (self->sender);
  g_free (self->sender_ref);
  g_free (self->preview);
  g_free (self->body);
  g_free (self->patient);
  g_free (self->patient_name);
  g_clear_pointer (&self->patient_resource, json_node_unref);
  g_free (self->warning);
  g_strv_builder_unref (self->keys);
  g_strv_builder_unref (self->fetch);
  g_free (self);
}

void
mw_meaning_add_key (MwMeaning  *self,
                    const char *key)
{
  if (key != NULL)
    g_strv_builder_add (self->keys, key);
}

static void
request_free (gpointer data)
{
  MwPlannedRequest *request = data;

  g_free (request->method);
  g_free (request->url);
  g_free (request->content_type);
  g_free (request->if_none_exist);
  g_free (request->prefer);
  g_free (request->identity);
  g_free (request->lookup);
  g_clear_pointer (&request->edit, json_node_unref);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request->watch);
  g_free (request->words);
  g_free (request);
}

MwPlan *
mw_plan_new (void)
{
  MwPlan *self = g_new0 (MwPlan, 1);

  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
mw_plan_free (MwPlan *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->lines);
  g_free (self->way);
  g_free (self);
}
