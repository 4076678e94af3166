/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-capability.h"
#include "mw-datatypes.h"
#include "mw-draft.h"

G_BEGIN_DECLS

/* The interface of a workflow: one per kind, pure functions, no I/O. A new use case is a new file
 * that fills in a MwWorkflow, and a row in the table of mw-workflow.c. */

/**
 * MwArrival:
 * @resource: what arrived
 * @base: the base of the server it came from
 * @reference: its absolute reference
 * @home: whether that server is the home connection; else the resource is one that was followed up
 * @me: (array zero-terminated=1): the clinician's absolute references there: herself, her roles, teams
 *   and organisation; empty when nobody has said who she is
 * @lookup: finds what a reference names among what is stored; what it returns stays its own
 *
 * A resource on its way into the store.
 */
typedef struct
{
  JsonNode   *resource;
  const char *base;
  const char *reference;
  gboolean    home;
  GStrv       me;
  JsonNode *(*lookup) (const char *reference, gpointer lookup_data);
  gpointer lookup_data;
} MwArrival;

/**
 * MwMeaning:
 * @entry: whether it is something to be shown in the inbox; else it only belongs to its thread
 * @identity: what makes it the same event when it comes again
 * @state: (nullable): the workflow's word; a change of it brings the entry back
 * @patient: (nullable): the patient's absolute reference
 * @patient_resource: (nullable): the Patient, when it came along
 * @keys: thread keys: absolute references and urn:uuid identities that it has or names
 * @body: (nullable): more text, for the search
 * @sent: µs; 0 when it does not say
 * @fetch: literal references of resources that belong to it and are still on the server
 * @warning: (nullable): to be shown loudly
 *
 * What a resource means to the clinician.
 */
typedef struct
{
  gboolean      entry;
  char         *kind;
  char         *identity;
  char         *state;
  guint         priority;
  char         *subject;
  char         *sender;
  char         *sender_ref;
  char         *preview;
  char         *body;
  char         *patient;
  char         *patient_name;
  JsonNode     *patient_resource;
  gint64        sent;
  char         *warning;
  GStrvBuilder *keys;
  GStrvBuilder *fetch;
} MwMeaning;

MwMeaning *mw_meaning_new (const char *kind);
void       mw_meaning_free (MwMeaning *self);
void       mw_meaning_add_key (MwMeaning  *self,
                               const char *key);

/**
 * MwPlanContext:
 * @identity: the item's UUID; every identity in the plan is derived from it
 * @created: µs, when the person saved it: the time written into what is sent, the same for every plan
 * @base: where it goes
 * @capability: (nullable): what the server there can do; NULL is unknown
 * @version: the version of FHIR that is spoken there; unknown is that of @capability, and R4 when it says none
 * @home_base: the base of the home connection, where the draft's references live
 * @home_version: the version in which the resources of the home connection are written; unknown is R4
 * @me: (nullable): the clinician's absolute reference
 * @me_resource: (nullable): her Practitioner or PractitionerRole
 * @me_person: (nullable): her Practitioner, when she acts in a role
 * @me_title: (nullable): what she is called in that role: "Ada Quist, Harbour Practice"
 * @patient: (nullable): the Patient on the home connection; one without an id is on no server, and known here only
 * @patient_reference: (nullable): the patient's absolute reference, to know them by in what goes along
 * @patient_there: (nullable): "Patient/77": the same patient on the receiving server, when known
 * @patient_identity: (nullable): the UUID by which the patient's record on the receiving server is known for ours,
 *   whichever item made it; NULL makes it this item's own
 * @patient_is_new: whether a person has said that none of those whom the receiver knows is this patient, or nobody has
 *   asked it for the patient's number: one that agrees proves nothing then
 * @recipient: (nullable): the recipient's resource
 * @target: (nullable): the resource that an action changes or answers
 * @resources: (element-type JsonNode): resources of the record that go along
 * @files: (element-type MwPlanFile): files that go along
 */
typedef struct
{
  const char   *identity;
  gint64        created;
  const char   *base;
  MwCapability *capability;
  MwFhirVersion version;
  const char   *home_base;
  MwFhirVersion home_version;
  const char   *me;
  JsonNode     *me_resource;
  JsonNode     *me_person;
  const char   *me_title;
  JsonNode     *patient;
  const char   *patient_reference;
  const char   *patient_there;
  const char   *patient_identity;
  gboolean      patient_is_new;
  JsonNode     *recipient;
  JsonNode     *target;
  GPtrArray    *resources;
  GPtrArray    *files;
} MwPlanContext;

typedef struct
{
  const char *title;
  const char *content_type;
  GBytes     *data;
} MwPlanFile;

/**
 * MwPlannedRequest:
 *
 * One HTTP request of a plan; the members are those of the store's MwRequest.
 */
typedef struct
{
  char     *method;
  char     *url;
  char     *content_type;
  char     *if_none_exist;
  char     *prefer;
  char     *identity;
  gboolean  repeatable;
  char     *lookup;
  JsonNode *edit;
  GBytes   *body;
  char     *watch;
  char     *words;
} MwPlannedRequest;

/**
 * MwPlan:
 * @requests: (element-type MwPlannedRequest): in order; a "urn:uuid:" of an earlier one in the body of a
 *   later one is replaced by what the server made of it
 * @way: how it is sent, in words
 * @awaits: whether an answer is waited for
 * @lines: (element-type utf8): what will be sent, in words, a line each
 */
typedef struct
{
  GPtrArray *requests;
  char      *way;
  gboolean   awaits;
  GPtrArray *lines;
} MwPlan;

MwPlan *mw_plan_new (void);
void    mw_plan_free (MwPlan *self);
char   *mw_planned_request_refused_word (const MwPlannedRequest *request,
                                         gboolean                too_large);

/**
 * MwActionEffect:
 * @MW_EFFECT_LOCAL: nothing is sent: acknowledge
 * @MW_EFFECT_SEND: makes an item of the entry's kind and sends it: accept
 * @MW_EFFECT_COMPOSE: opens the form, filled in: reply, forward
 */
typedef enum
{
  MW_EFFECT_LOCAL,
  MW_EFFECT_SEND,
  MW_EFFECT_COMPOSE,
} MwActionEffect;

/**
 * MwAction:
 * @name: for the command line and for items.action
 * @label: on its button; mw_action_label() translates it
 * @compose_kind: (nullable): of MW_EFFECT_COMPOSE: the kind of the new item
 * @note: whether a text goes with it: 0 no, 1 may, 2 must
 * @files: whether files may go with it
 * @suggested: the one to expect
 * @destructive: whether it refuses or ends something
 * @becomes: (nullable): the state of the entry once it has taken effect; while it travels, the entry offers what it
 *   offers then. NULL where the entry stays what it is
 */
typedef struct
{
  const char    *name;
  const char    *label;
  MwActionEffect effect;
  const char    *compose_kind;
  guint          note;
  gboolean       files;
  gboolean       suggested;
  gboolean       destructive;
  const char    *becomes;
} MwAction;

/**
 * MwSettlement:
 * @answered: whether the item's wait is over
 * @detail: (nullable): the news in a few words, for the timeline
 */
typedef struct
{
  gboolean answered;
  char    *detail;
} MwSettlement;

typedef struct _MwWorkflow MwWorkflow;

/**
 * MwWorkflow:
 * @kind: its name
 * @recognise: what does this resource mean? NULL when it is not this workflow's
 * @plan: which requests does this draft become, given what the server can do?
 * @actions: what may the clinician do with an entry of this kind now?
 * @settle: what does this resource, arriving in the thread of an item of this kind, change for it?
 */
struct _MwWorkflow
{
  const char *kind;
  MwMeaning *(*recognise) (const MwArrival *arrival);
  MwPlan *(*plan) (const MwDraft       *draft,
                   const MwPlanContext *context,
                   GError             **error);
  const MwAction *(*actions) (JsonNode   *resource,
                              const char *state,
                              GStrv       me,
                              const char *base);
  gboolean (*settle) (const MwDraft   *draft,
                      const char      *identity,
                      const MwArrival *arrival,
                      MwSettlement    *settlement);
};

const MwWorkflow *const *mw_workflows_all (void);
const MwWorkflow        *mw_workflow_for_kind (const char *kind);
MwMeaning               *mw_workflows_recognise (const MwArrival *arrival);
const MwAction          *mw_workflow_actions (const char *kind,
                                              JsonNode   *resource,
                                              const char *state,
                                              GStrv       me,
                                              const char *base);
const MwAction          *mw_action_find (const MwAction *actions,
                                         const char     *name);
const char              *mw_action_label (const MwAction *action);
const char              *mw_kind_label (const char *kind);
char                    *mw_draft_subject (const MwDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwMeaning, mw_meaning_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPlan, mw_plan_free)

G_END_DECLS
