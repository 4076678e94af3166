/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* Asking a server who a patient is, and reading what it answers: $match (FHIR R4 patient-operation-match.html), an
 * ordinary search where there is none. */

/** MW_MATCH_MAX_ENTRIES: entries of an answer that are read; the answer is then marked as incomplete */
#define MW_MATCH_MAX_ENTRIES 1000

/**
 * MwMatchGrade:
 *
 * How sure a server is, in its own words (http://terminology.hl7.org/CodeSystem/match-grade), surest first.
 */
typedef enum
{
  MW_MATCH_GRADE_NONE = 0,
  MW_MATCH_GRADE_CERTAIN = 1,
  MW_MATCH_GRADE_PROBABLE = 2,
  MW_MATCH_GRADE_POSSIBLE = 3,
  MW_MATCH_GRADE_CERTAINLY_NOT = 4,
} MwMatchGrade;

/**
 * MwCandidate:
 * @patient: a Patient as it came
 * @reference: (nullable): its absolute reference, at the server that was asked; NULL when the answer does not say
 *   where there it is, or says that it is elsewhere
 * @score: 0 to 1, or -1; every server has its own scale
 * @inactive: whether the record is not in use
 * @replaced: whether the record says that another one replaces it
 * @replaced_by: (nullable): the absolute reference of that one, when it is at the same server
 */
typedef struct
{
  JsonNode    *patient;
  char        *reference;
  MwMatchGrade grade;
  double       score;
  gboolean     has_score;
  gboolean     inactive;
  gboolean     replaced;
  char        *replaced_by;
} MwCandidate;

/**
 * MwMatchAnswer:
 * @candidates: (element-type MwCandidate): in the server's order, each patient once
 * @remarks: (element-type utf8): what the server has to say about it, for a person
 * @skipped: entries that are no patients
 * @graded: whether any candidate has a grade
 * @complete: FALSE when there are or may be more than were read
 */
typedef struct
{
  GPtrArray *candidates;
  GPtrArray *remarks;
  guint      skipped;
  gboolean   graded;
  gboolean   complete;
} MwMatchAnswer;

JsonNode      *mw_match_lean_patient (JsonNode   *patient,
                                      const char *id);
JsonNode      *mw_match_parameters_new (JsonNode *patient,
                                        gboolean  only_certain,
                                        guint     count);
GStrv          mw_match_search_forms (JsonNode *patient,
                                      guint     count);
MwMatchAnswer *mw_match_answer_new (JsonNode   *answer,
                                    const char *base,
                                    GError    **error);
void           mw_match_answer_free (MwMatchAnswer *self);
void           mw_candidate_free (MwCandidate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwMatchAnswer, mw_match_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwCandidate, mw_candidate_free)

G_END_DECLS
