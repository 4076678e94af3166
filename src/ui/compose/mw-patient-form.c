/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-form.h"

#include "mw-accessible.h"
#include "mw-birth-date.h"
#include "mw-config.h"
#include "mw-fhir-date.h"
#include "mw-local-patient.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* In the order of the choices on screen; the first says nothing */
static const char *const SEXES[] = { NULL, "female", "male", "other" };

struct _MwPatientForm
{
  AdwWindow parent_instance;

  GtkEntry    *family;
  GtkEntry    *given;
  GtkEntry    *birth;
  GtkLabel    *understood;
  GtkDropDown *sex;
  GtkEntry    *number;
  GtkEntry    *phone;
  GtkLabel    *trouble;
  GtkWidget   *use;

  MwStore      *store;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MwPatientForm, mw_patient_form, ADW_TYPE_WINDOW)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static char *
text_of (GtkEntry *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
}

static void
show_trouble (MwPatientForm *self,
              const char    *sentence)
{
  gtk_label_set_text (self->trouble, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), sentence != NULL);
}

static void
set_member (JsonNode   *node,
            const char *path,
            GtkEntry   *entry)
{
  g_autofree char *text = text_of (entry);

  if (*text != '\0')
    mw_json_set (node, path, text);
}

static void
birth_changed_cb (MwPatientForm *self)
{
  gint64           now = g_get_real_time ();
  g_autofree char *text = text_of (self->birth);
  g_autofree char *date = mw_birth_date_from_text (text, now);
  g_autofree char *day = date != NULL ? mw_fhir_date_to_display (date) : NULL;
  int              years = date != NULL ? mw_fhir_date_age (date, now) : -1;
  g_autofree char *words = NULL;

  show_trouble (self, NULL);
  if (*text == '\0')
    words = g_strdup (_ ("For example 4 May 2016. The year alone helps, too."));
  else if (day == NULL)
    words = g_strdup (_ ("Not understood as a birth date yet"));
  else if (years >= 0)
    /* Translators: a birth date as it was understood, and the age that follows from it */
    words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Understood: %s, %d year old", "Understood: %s, %d years old", (gulong) years), day, years);
  else
    /* Translators: a birth date as it was understood */
    words = g_strdup_printf (_ ("Understood: %s"), day);
  gtk_label_set_text (self->understood, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->birth), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void
changed_cb (MwPatientForm *self)
{
  show_trouble (self, NULL);
}

/* Returns: (transfer full) (nullable): NULL with a sentence shown */
static MwDemographics *
read_form (MwPatientForm *self)
{
  g_autoptr (JsonNode) node = mw_json_object_new ();
  g_autofree char *birth = text_of (self->birth);
  g_autofree char *date = mw_birth_date_from_text (birth, g_get_real_time ());
  g_auto (GStrv) given = NULL;
  g_autofree char *given_text = text_of (self->given);
  guint            sex = gtk_drop_down_get_selected (self->sex);
  g_autoptr (MwDemographics) known = NULL;
  g_autoptr (GError) error = NULL;

  if (*birth != '\0' && date == NULL)
    {
      show_trouble (self, _ ("The birth date was not understood. Write it as day, month and year, such as 4 May 2016."));
      gtk_widget_grab_focus (GTK_WIDGET (self->birth));
      return NULL;
    }
  set_member (node, "family", self->family);
  given = g_strsplit_set (given_text, " \t", -1);
  for (guint i = 0; given[i] != NULL; i++)
    if (*given[i] != '\0')
      mw_json_set (node, "given[+]", given[i]);
  mw_json_set (node, "birthDate", date);
  mw_json_set (node, "gender", sex < G_N_ELEMENTS (SEXES) ? SEXES[sex] : NULL);
  set_member (node, "identifier[0].value", self->number);
  set_member (node, "phone", self->phone);
  known = mw_demographics_new (node, &error);
  if (known == NULL || !mw_demographics_check (known, &error))
    {
      show_trouble (self, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (known == NULL || known->family == NULL ? self->family : self->birth));
      return NULL;
    }
  return g_steal_pointer (&known);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (MwPatientForm) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 patient = mw_local_patients_put_finish (MW_STORE (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  gtk_widget_set_sensitive (self->use, TRUE);
  if (patient < 0)
    {
      show_trouble (self, error->domain == MW_FHIR_ERROR ? error->message : _ ("This could not be kept. See that there is room on the disk, then try again."));
      return;
    }
  g_signal_emit (self, signals[CHOSEN], 0, patient);
  gtk_window_close (GTK_WINDOW (self));
}

static void
use_cb (MwPatientForm *self)
{
  g_autoptr (MwDemographics) known = NULL;

  if (!gtk_widget_get_sensitive (self->use))
    return;
  known = read_form (self);
  if (known == NULL)
    return;
  gtk_widget_set_sensitive (self->use, FALSE);
  mw_local_patients_put_async (self->store, known, g_get_real_time (), self->cancellable, kept_cb, g_object_ref (self));
}

static void
mw_patient_form_dispose (GObject *object)
{
  MwPatientForm *self = MW_PATIENT_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PATIENT_FORM);
  G_OBJECT_CLASS (mw_patient_form_parent_class)->dispose (object);
}

static void
mw_patient_form_finalize (GObject *object)
{
  g_object_unref (MW_PATIENT_FORM (object)->cancellable);
  G_OBJECT_CLASS (mw_patient_form_parent_class)->finalize (object);
}

static void
mw_patient_form_class_init (MwPatientFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_patient_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_patient_form_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-patient-form.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, family);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, given);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, birth);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, understood);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, sex);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, number);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, phone);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, trouble);
  gtk_widget_class_bind_template_child (widget_class, MwPatientForm, use);
  gtk_widget_class_bind_template_callback (widget_class, birth_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
}

static void
mw_patient_form_init (MwPatientForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  mw_accessible_set_name (GTK_WIDGET (self->sex), _ ("Sex"));
  birth_changed_cb (self);
}

/* What was typed to find somebody is a name, most often */
static void
fill_name (MwPatientForm *self,
           const char    *words)
{
  g_autofree char *name = g_strstrip (g_strdup (words));
  char            *comma = strchr (name, ',');
  char            *space = strrchr (name, ' ');

  if (comma != NULL)
    {
      *comma = '\0';
      gtk_editable_set_text (GTK_EDITABLE (self->given), g_strstrip (comma + 1));
      gtk_editable_set_text (GTK_EDITABLE (self->family), g_strstrip (name));
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->family), space != NULL ? space + 1 : name);
  if (space == NULL)
    return;
  *space = '\0';
  gtk_editable_set_text (GTK_EDITABLE (self->given), g_strstrip (name));
}

/**
 * mw_patient_form_new:
 * @words: (nullable): what was typed to find the patient
 *
 * Asks for what is known of a patient who is in no list. Needs no network.
 */
MwPatientForm *
mw_patient_form_new (GtkWindow  *parent,
                     MwStore    *store,
                     const char *words)
{
  MwPatientForm *self = g_object_new (MW_TYPE_PATIENT_FORM, "transient-for", parent, NULL);

  self->store = g_object_ref (store);
  if (words != NULL && strpbrk (words, "0123456789") == NULL)
    fill_name (self, words);
  gtk_widget_grab_focus (GTK_WIDGET (self->family));
  return self;
}
