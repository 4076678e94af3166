/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-match-decide.h"

#include "mw-match-compare.h"

#include <glib/gi18n-lib.h>

/* How a candidate looks from here */
typedef struct
{
  MwCandidate    *candidate;
  MwMatchLikeness family;
  MwMatchLikeness given;
  MwMatchLikeness birth_date;
  MwMatchLikeness gender;
  MwMatchLikeness identifier;
} View;

static View
view (JsonNode    *asked,
      MwCandidate *candidate)
{
  return (View){
    .candidate = candidate,
    .family = mw_match_compare_field (asked, candidate->patient, MW_MATCH_FIELD_FAMILY),
    .given = mw_match_compare_field (asked, candidate->patient, MW_MATCH_FIELD_GIVEN),
    .birth_date = mw_match_compare_field (asked, candidate->patient, MW_MATCH_FIELD_BIRTH_DATE),
    .gender = mw_match_compare_field (asked, candidate->patient, MW_MATCH_FIELD_GENDER),
    .identifier = mw_match_compare_field (asked, candidate->patient, MW_MATCH_FIELD_IDENTIFIER),
  };
}

/* A record that was merged into another one of the same answer says nothing of its own */
static gboolean
is_stand_in (const MwMatchAnswer *answer,
             const MwCandidate   *candidate)
{
  for (guint i = 0; candidate->replaced_by != NULL && i < answer->candidates->len; i++)
    {
      const MwCandidate *other = g_ptr_array_index (answer->candidates, i);

      if (other != candidate && !other->replaced && g_strcmp0 (other->reference, candidate->replaced_by) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Returns: (transfer full): Views of everybody the server does not rule out */
static GArray *
view_all (JsonNode            *asked,
          const MwMatchAnswer *answer)
{
  GArray *views = g_array_new (FALSE, FALSE, sizeof (View));

  for (guint i = 0; i < answer->candidates->len; i++)
    {
      MwCandidate *candidate = g_ptr_array_index (answer->candidates, i);

      if (candidate->grade != MW_MATCH_GRADE_CERTAINLY_NOT && !is_stand_in (answer, candidate))
        {
          View one = view (asked, candidate);

          g_array_append_val (views, one);
        }
    }
  return views;
}

static gboolean
fits (MwMatchLikeness likeness)
{
  return likeness == MW_MATCH_SAME || likeness == MW_MATCH_SIMILAR;
}

/* Whether a person should be asked about somebody whom the server has not graded: servers that ignore a filter answer
 * with everybody they know */
static gboolean
is_plausible (const View *one)
{
  if (one->candidate->grade != MW_MATCH_GRADE_NONE || fits (one->identifier))
    return TRUE;
  if (one->birth_date == MW_MATCH_DIFFERENT)
    return one->family == MW_MATCH_SAME && one->given == MW_MATCH_SAME;
  return fits (one->family) || (one->birth_date == MW_MATCH_SAME && fits (one->given));
}

static int
weight (MwMatchLikeness likeness)
{
  switch (likeness)
    {
    case MW_MATCH_SAME:
      return 2;
    case MW_MATCH_SIMILAR:
      return 1;
    case MW_MATCH_DIFFERENT:
      return -2;
    case MW_MATCH_UNKNOWN:
    case MW_MATCH_ONLY_HERE:
    case MW_MATCH_ONLY_THERE:
    default:
      return 0;
    }
}

/* Likeliest first: by the server's grade, then by what is seen from here */
static int
compare_views (gconstpointer a,
               gconstpointer b)
{
  const View *one = a, *other = b;
  int         grade_one = one->candidate->grade != MW_MATCH_GRADE_NONE ? (int) one->candidate->grade : MW_MATCH_GRADE_POSSIBLE;
  int         grade_other = other->candidate->grade != MW_MATCH_GRADE_NONE ? (int) other->candidate->grade : MW_MATCH_GRADE_POSSIBLE;
  int         weight_one = weight (one->family) + weight (one->given) + 2 * weight (one->birth_date) + weight (one->gender) + 2 * weight (one->identifier);
  int         weight_other = weight (other->family) + weight (other->given) + 2 * weight (other->birth_date) + weight (other->gender) + 2 * weight (other->identifier);

  if (grade_one != grade_other)
    return grade_one - grade_other;
  return weight_other - weight_one;
}

/* Returns: (nullable): why @one must not be taken without asking, as seen from here */
static const char *
find_doubt (const View *one)
{
  if (one->candidate->reference == NULL)
    return _ ("The server does not say where this patient’s record is.");
  if (one->candidate->replaced)
    return _ ("The record found says that another record replaces it.");
  if (one->candidate->inactive)
    return _ ("The record found is no longer in use.");
  if (one->birth_date != MW_MATCH_SAME)
    return one->birth_date == MW_MATCH_DIFFERENT ? _ ("The birth date is another one.") : _ ("The birth date cannot be compared.");
  if (one->family != MW_MATCH_SAME)
    return one->family == MW_MATCH_DIFFERENT ? _ ("The family name is another one.") : _ ("The family name does not quite agree.");
  if (one->given == MW_MATCH_DIFFERENT)
    return _ ("The given name is another one.");
  if (one->gender == MW_MATCH_DIFFERENT)
    return _ ("The gender is another one.");
  if (one->identifier == MW_MATCH_DIFFERENT)
    return _ ("A number of the patient is another one.");
  return NULL;
}

/* Whether somebody else looks like the patient too: a double record, or two people of one name and birthday */
static gboolean
has_twin (GArray     *views,
          const View *chosen)
{
  for (guint i = 0; i < views->len; i++)
    {
      const View *other = &g_array_index (views, View, i);

      if (other != chosen && other->birth_date == MW_MATCH_SAME && other->family == MW_MATCH_SAME && other->given != MW_MATCH_DIFFERENT)
        return TRUE;
    }
  return FALSE;
}

/* The only one a server is certain of, or the only one of an answer without grades.
 * Returns: (nullable): NULL with @doubt set when there is no such candidate */
static const View *
find_favourite (GArray      *views,
                gboolean     graded,
                const char **doubt)
{
  const View *favourite = NULL;
  guint       n = 0;

  for (guint i = 0; i < views->len; i++)
    if (!graded || g_array_index (views, View, i).candidate->grade == MW_MATCH_GRADE_CERTAIN)
      {
        favourite = &g_array_index (views, View, i);
        n++;
      }
  if (n == 1)
    return favourite;
  if (n > 1)
    *doubt = graded ? _ ("The server is certain of more than one patient.") : _ ("More than one patient was found.");
  else
    *doubt = _ ("The server is not certain who is meant.");
  return NULL;
}

/* Returns: (nullable): the one to take; NULL with @doubt set when a person has to say */
static const View *
choose (GArray              *views,
        const MwMatchAnswer *answer,
        const char         **doubt)
{
  const View *favourite = find_favourite (views, answer->graded, doubt);

  if (favourite == NULL)
    return NULL;
  *doubt = find_doubt (favourite);
  if (*doubt == NULL && has_twin (views, favourite))
    *doubt = _ ("More than one patient has this name and this birth date.");
  if (*doubt == NULL && !answer->graded && favourite->identifier != MW_MATCH_SAME)
    *doubt = _ ("The server does not say how sure it is, and no number of the patient agrees.");
  if (*doubt == NULL && !answer->complete)
    *doubt = _ ("The server found more patients than it told.");
  return *doubt == NULL ? favourite : NULL;
}

/**
 * mw_match_offer:
 * @asked: the Patient that is asked about
 * @answer: what a server answered
 *
 * Nobody whom the server calls "certainly-not", and of those it did not grade only who could be meant.
 *
 * Returns: (transfer container) (element-type MwCandidate): the candidates to ask a person about, likeliest first,
 *   at most MW_MATCH_MAX_OFFERED; they belong to @answer
 */
GPtrArray *
mw_match_offer (JsonNode            *asked,
                const MwMatchAnswer *answer)
{
  g_autoptr (GArray) views = view_all (asked, answer);
  GPtrArray *offered = g_ptr_array_new ();

  g_array_sort (views, compare_views);
  for (guint i = 0; i < views->len && offered->len < MW_MATCH_MAX_OFFERED; i++)
    if (is_plausible (&g_array_index (views, View, i)))
      g_ptr_array_add (offered, g_array_index (views, View, i).candidate);
  return offered;
}

/**
 * mw_match_decide:
 * @asked: the Patient that is asked about
 * @answer: what a server answered
 * @chosen: (out) (optional) (nullable) (transfer none): the candidate that is taken
 * @why: (out) (optional) (nullable) (transfer full): why a person has to say, in a sentence
 *
 * Never a guess. A candidate is taken when it is the only one the server is certain of, and family name and birth
 * date (to the day) agree; of an answer without grades when it is the only one, and a number of the same system
 * agrees besides. Nothing may speak against it: another given name, gender or number, a record that is replaced, not
 * in use or elsewhere, somebody else with this name and birth date, an answer that was not all.
 */
MwMatchVerdict
mw_match_decide (JsonNode            *asked,
                 const MwMatchAnswer *answer,
                 MwCandidate        **chosen,
                 char               **why)
{
  g_autoptr (GArray) views = view_all (asked, answer);
  g_autoptr (GPtrArray) offered = mw_match_offer (asked, answer);
  const char *doubt = NULL;
  const View *taken;

  if (chosen != NULL)
    *chosen = NULL;
  if (why != NULL)
    *why = NULL;
  if (offered->len == 0)
    return MW_MATCH_NOBODY;
  taken = choose (views, answer, &doubt);
  if (taken == NULL)
    {
      if (why != NULL)
        *why = g_strdup (doubt);
      return MW_MATCH_ASK;
    }
  if (chosen != NULL)
    *chosen = taken->candidate;
  return MW_MATCH_TAKEN;
}
