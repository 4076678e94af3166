/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-banner.h"

#include "mw-accessible.h"
#include "mw-compose-style.h"
#include "mw-config.h"
#include "mw-fhir-date.h"
#include "mw-local-patient.h"
#include "mw-wrap-layout.h"

#include <glib/gi18n-lib.h>

struct _MwPatientBanner
{
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkLabel  *name;
  GtkLabel  *facts;
  GtkLabel  *identifiers;
  GtkLabel  *known_by;
  GtkWidget *unconfirmed;
  AdwBin    *action;
};

G_DEFINE_FINAL_TYPE (MwPatientBanner, mw_patient_banner, ADW_TYPE_BIN)

static const char *
gender_text (const char *code)
{
  if (g_strcmp0 (code, "male") == 0)
    return C_ ("gender", "male");
  if (g_strcmp0 (code, "female") == 0)
    return C_ ("gender", "female");
  if (g_strcmp0 (code, "other") == 0)
    return C_ ("gender", "other");
  return NULL;
}

/* Whole months since the birth date, or -1 when the month is not known */
static int
age_in_months (const char *birth_date,
               gint64      now)
{
  g_autoptr (GDateTime) today = g_date_time_new_from_unix_local (now / G_USEC_PER_SEC);
  MwFhirDate born;
  int        months;

  if (today == NULL || !mw_fhir_date_parse (birth_date, &born) || born.precision < MW_FHIR_DATE_MONTH)
    return -1;
  months = (g_date_time_get_year (today) - born.year) * 12 + g_date_time_get_month (today) - born.month;
  if (g_date_time_get_day_of_month (today) < born.day)
    months--;
  return months;
}

static char *
age_text (const char *birth_date,
          gint64      now)
{
  int years = mw_fhir_date_age (birth_date, now);
  int months;

  if (years >= 2)
    /* Translators: a patient's age, as short as it is written in a chart */
    return g_strdup_printf (ngettext ("%d y", "%d y", years), years);
  months = years >= 0 ? age_in_months (birth_date, now) : -1;
  if (months < 0)
    return NULL;
  return g_strdup_printf (ngettext ("%d month", "%d months", months), months);
}

static void
append (GString    *line,
        const char *text)
{
  if (text == NULL || text[0] == '\0')
    return;
  if (line->len > 0)
    g_string_append (line, " · ");
  g_string_append (line, text);
}

/**
 * mw_person_facts:
 * @now: µs since 1970, for the age
 *
 * Returns: (transfer full): "1 Feb 1980 · 46 y · female"; "" when nothing of it is known
 */
char *
mw_person_facts (const MwPerson *person,
                 gint64          now)
{
  g_autofree char *date = person->birth_date != NULL ? mw_fhir_date_to_display (person->birth_date) : NULL;
  g_autofree char *age = person->birth_date != NULL ? age_text (person->birth_date, now) : NULL;
  GString         *line = g_string_new (NULL);

  append (line, date);
  append (line, age);
  append (line, gender_text (person->gender));
  return g_string_free (line, FALSE);
}

/**
 * mw_person_missing:
 *
 * A patient is told from a namesake by two things besides the name: birth date and a number.
 *
 * Returns: (transfer none) (nullable): which of them is not known, in words; NULL when both are
 */
const char *
mw_person_missing (const MwPerson *person)
{
  gboolean born = person->birth_date != NULL && person->birth_date[0] != '\0';
  gboolean number = person->identifiers != NULL && person->identifiers[0] != '\0';

  if (born && number)
    return NULL;
  if (born)
    return _ ("No number known");
  return number ? _ ("Birth date not known") : _ ("No birth date and no number known");
}

/* Returns: (transfer full): the numbers, and what is missing where no other line says it */
static char *
identifiers_line (const MwPerson *person,
                  gboolean        with_missing)
{
  GString *line = g_string_new (NULL);

  append (line, person->identifiers);
  append (line, with_missing ? mw_person_missing (person) : NULL);
  return g_string_free (line, FALSE);
}

/**
 * mw_person_summary:
 * @now: µs since 1970, for the age
 *
 * What tells this person from a namesake, in one line, for lists: a patient by birth date and so on, a
 * clinician or an organisation by what they do.
 *
 * Returns: (transfer full): facts, detail, identifiers
 */
char *
mw_person_summary (const MwPerson *person,
                   gint64          now)
{
  gboolean         patient = g_strcmp0 (person->type, "Patient") == 0;
  g_autofree char *facts = patient ? mw_person_facts (person, now) : NULL;
  GString         *line = g_string_new (NULL);

  append (line, patient ? facts : person->detail);
  append (line, person->identifiers);
  append (line, patient ? mw_person_missing (person) : NULL);
  append (line, patient ? person->detail : NULL);
  return g_string_free (line, FALSE);
}

static void
set_line (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && text[0] != '\0');
}

static void
mw_patient_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PATIENT_BANNER);
  G_OBJECT_CLASS (mw_patient_banner_parent_class)->dispose (object);
}

static void
mw_patient_banner_class_init (MwPatientBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  mw_compose_style_ensure ();
  g_type_ensure (MW_TYPE_WRAP_LAYOUT);
  G_OBJECT_CLASS (klass)->dispose = mw_patient_banner_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-patient-banner.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "mw-patient-banner");
  gtk_widget_class_bind_template_child (widget_class, MwPatientBanner, avatar);
  gtk_widget_class_bind_template_child (widget_class, MwPatientBanner, name);
  gtk_widget_class_bind_template_child (widget_class, MwPatientBanner, facts);
  gtk_widget_class_bind_template_child (widget_class, MwPatientBanner, identifiers);
  gtk_widget_class_bind_template_child (widget_class, MwPatientBanner, known_by);
  gtk_widget_class_bind_template_child (widget_class, MwPatientBanner, unconfirmed);
  gtk_widget_class_bind_template_child (widget_class, MwPatientBanner, action);
}

static void
mw_patient_banner_init (MwPatientBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
mw_patient_banner_new (void)
{
  return g_object_new (MW_TYPE_PATIENT_BANNER, NULL);
}

/**
 * mw_patient_banner_set_person:
 * @person: (nullable): a patient on the home connection, or one who is known here only; NULL when it is not known who
 *   this is
 * @fallback_name: (nullable): the name that the sender gave
 *
 * Without @person the banner says that the identity is not confirmed, in words and with a sign; without a birth date or a
 * number it says which is not known.
 */
void
mw_patient_banner_set_person (MwPatientBanner *self,
                              const MwPerson  *person,
                              const char      *fallback_name)
{
  const char      *name = person != NULL ? person->name : fallback_name;
  g_autofree char *facts = NULL;
  g_autofree char *known_by = NULL;
  g_autofree char *identifiers = NULL;
  g_autofree char *spoken = NULL;

  g_return_if_fail (MW_IS_PATIENT_BANNER (self));

  if (name == NULL || name[0] == '\0')
    name = _ ("Unknown patient");
  facts = person != NULL ? mw_person_facts (person, g_get_real_time ()) : NULL;
  known_by = person != NULL ? mw_local_patient_known_by (person) : NULL;
  identifiers = person != NULL ? identifiers_line (person, known_by == NULL) : NULL;
  adw_avatar_set_text (self->avatar, name);
  adw_avatar_set_show_initials (self->avatar, person != NULL);
  gtk_label_set_text (self->name, name);
  set_line (self->facts, facts);
  set_line (self->identifiers, identifiers);
  set_line (self->known_by, known_by);
  gtk_widget_set_visible (self->unconfirmed, person == NULL);

  if (known_by != NULL)
    /* Translators: what a screen reader says of the patient: name, birth date and so on, and how little is known */
    spoken = g_strdup_printf (_ ("Patient %s, %s, %s"), name, facts, known_by);
  else if (person != NULL)
    /* Translators: what a screen reader says of the patient: name, birth date and so on, identifiers */
    spoken = g_strdup_printf (_ ("Patient %s, %s, %s"), name, facts, identifiers);
  else
    spoken = g_strdup_printf (_ ("Patient %s, identity not confirmed"), name);
  mw_accessible_set_name (GTK_WIDGET (self), spoken);
}

/**
 * mw_patient_banner_set_action:
 * @action: (nullable): a button or so, shown at the end
 */
void
mw_patient_banner_set_action (MwPatientBanner *self,
                              GtkWidget       *action)
{
  g_return_if_fail (MW_IS_PATIENT_BANNER (self));
  adw_bin_set_child (self->action, action);
  gtk_widget_set_visible (GTK_WIDGET (self->action), action != NULL);
}
