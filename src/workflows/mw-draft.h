/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* The kinds of design.md that exist today */
#define MW_KIND_ALERT "alert"
#define MW_KIND_PUSH "push"
#define MW_KIND_ASK "ask"
#define MW_KIND_REQUEST "request"
#define MW_KIND_REFERRAL "referral"
#define MW_KIND_MESSAGE "message"

/**
 * MwDraft:
 * @kind: one of the MW_KIND names
 * @action: (nullable): the action of an entry's workflow that this carries out: "accept", "reply"
 * @patient: (nullable): the patient's absolute reference
 * @patient_name: (nullable): for the list
 * @to: (nullable): the recipient's absolute reference
 * @to_name: (nullable): the recipient in words; with no @to it is looked up in the background
 * @subject: (nullable): a title; when NULL the workflow makes one
 * @note: (nullable): what the clinician wrote
 * @service: (nullable): referral: what is asked for
 * @reason: (nullable): referral: why; decline: why not
 * @urgency: (nullable): routine, urgent, asap or stat
 * @about: (nullable): ask: texts, codes or FHIR queries
 * @resources: (nullable): absolute references of resources of the record that go along
 * @by: (nullable): a date by which an answer is wanted
 * @target: (nullable): absolute reference of the resource that an action changes or answers
 * @acting_as: (nullable): absolute reference of the clinician's PractitionerRole in which she sends it, or of herself
 *
 * What a person wants to send, before it is known how. Kept on disk as the JSON of
 * mw_draft_to_text(), and only ever added to.
 */
typedef struct
{
  char *kind;
  char *action;
  char *patient;
  char *patient_name;
  char *to;
  char *to_name;
  char *subject;
  char *note;
  char *service;
  char *reason;
  char *urgency;
  char *by;
  char *target;
  char *acting_as;
  GStrv about;
  GStrv resources;
} MwDraft;

MwDraft *mw_draft_new (const char *kind);
MwDraft *mw_draft_new_from_text (const char *text,
                                 GError    **error);
void     mw_draft_free (MwDraft *self);
char    *mw_draft_to_text (const MwDraft *self);
void     mw_draft_add_resource (MwDraft    *self,
                                const char *reference);
void     mw_draft_add_about (MwDraft    *self,
                             const char *about);
guint    mw_draft_priority (const MwDraft *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwDraft, mw_draft_free)

G_END_DECLS
