/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-person-match.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-patient-banner.h"

#include <glib/gi18n-lib.h>

static const char *
type_text (const char *type)
{
  if (g_strcmp0 (type, "Organization") == 0)
    return _ ("Organisation");
  if (g_strcmp0 (type, "CareTeam") == 0)
    return _ ("Care team");
  if (g_strcmp0 (type, "HealthcareService") == 0)
    return _ ("Service");
  return NULL;
}

/**
 * mw_person_describe:
 *
 * Returns: (transfer full): what tells somebody from a namesake: what it is, and what they do
 */
char *
mw_person_describe (const MwPerson *person)
{
  g_autofree char *summary = mw_person_summary (person, g_get_real_time ());
  const char      *type = type_text (person->type);

  if (type == NULL)
    return g_steal_pointer (&summary);
  return summary[0] != '\0' ? g_strdup_printf ("%s · %s", type, summary) : g_strdup (type);
}

/**
 * mw_person_match_text:
 *
 * Returns: (transfer full): what tells them apart, then where that is known from
 */
char *
mw_person_match_text (const MwPeopleMatch *match)
{
  g_autofree char *detail = mw_person_describe (match->person);

  if (match->source == NULL)
    return g_steal_pointer (&detail);
  return detail[0] != '\0' ? g_strdup_printf ("%s\n%s", detail, match->source) : g_strdup (match->source);
}

/**
 * mw_person_match_row_new:
 *
 * Returns: a row for a list of matches; the keyboard stays in the field above
 */
GtkWidget *
mw_person_match_row_new (const MwPeopleMatch *match)
{
  GtkWidget       *row = adw_action_row_new ();
  g_autofree char *detail = mw_person_match_text (match);
  g_autofree char *spoken = g_strdup_printf ("%s, %s", match->person->name, detail);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), match->person->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_focusable (row, FALSE);
  mw_accessible_set_name (row, spoken);
  return row;
}
