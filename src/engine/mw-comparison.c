/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-comparison.h"

#include "mw-datatypes.h"
#include "mw-fhir-date.h"
#include "mw-match-compare.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>

static const char *
verdict_word (MwMatchLikeness likeness)
{
  switch (likeness)
    {
    case MW_MATCH_SAME:
      return "same";
    case MW_MATCH_SIMILAR:
      return "similar";
    case MW_MATCH_DIFFERENT:
      return "different";
    case MW_MATCH_ONLY_HERE:
      return "only-here";
    case MW_MATCH_ONLY_THERE:
      return "only-there";
    case MW_MATCH_UNKNOWN:
    default:
      return "unknown";
    }
}

/**
 * mw_comparison_title:
 * @patient: (nullable): a Patient
 *
 * Returns: (transfer full): "Jonas Meyer, born 4 May 2016", safe to show; a few words for one without a name
 */
char *
mw_comparison_title (JsonNode *patient)
{
  g_autofree char *raw = mw_patient_name (patient);
  g_autofree char *name = mw_text_line (raw);
  const char      *birth = mw_json_string (patient, "birthDate");
  g_autofree char *day = birth != NULL ? mw_fhir_date_to_display (birth) : NULL;
  g_autofree char *date = mw_text_line (day);

  if (name == NULL)
    return g_strdup (_ ("A patient without a name"));
  if (date == NULL)
    return g_steal_pointer (&name);
  /* Translators: a patient's name and birth date */
  return g_strdup_printf (C_ ("patient", "%s, born %s"), name, date);
}

/**
 * mw_comparison_lines:
 * @here: (nullable): the Patient that is asked about
 * @there: (nullable): the other
 *
 * Returns: (transfer full): an array of what is known of either, as in a question's choice
 */
JsonNode *
mw_comparison_lines (JsonNode *here,
                     JsonNode *there)
{
  JsonNode *lines = json_node_new (JSON_NODE_ARRAY);
  g_autoptr (GPtrArray) differences = mw_match_compare (here, there);

  json_node_take_array (lines, json_array_new ());
  for (guint i = 0; i < differences->len; i++)
    {
      const MwMatchDifference *difference = g_ptr_array_index (differences, i);
      JsonNode                *line = mw_json_object_new ();

      mw_json_set (line, "label", difference->label);
      if (difference->here != NULL)
        mw_json_set (line, "here", difference->here);
      if (difference->there != NULL)
        mw_json_set (line, "there", difference->there);
      mw_json_set (line, "verdict", verdict_word (difference->likeness));
      json_array_add_element (json_node_get_array (lines), line);
    }
  return lines;
}
