/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-compose-form.h"

#include "mw-about-box.h"
#include "mw-accessible.h"
#include "mw-along-box.h"
#include "mw-compose-style.h"
#include "mw-config.h"
#include "mw-person-field.h"
#include "mw-role-row.h"
#include "mw-when-popover.h"
#include "mw-when.h"
#include "mw-workflow.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_KINDS 8

static const char *const URGENCIES[] = { "routine", "urgent", "asap", "stat" };

struct _MwComposeForm
{
  AdwBin parent_instance;

  GtkBox        *kinds;
  GtkWidget     *patient_box;
  GtkWidget     *to_box;
  GtkWidget     *about_box;
  GtkWidget     *details_box;
  GtkWidget     *note_box;
  GtkWidget     *along_box;
  MwPersonField *patient;
  MwPersonField *to;
  MwAboutBox    *about;
  GtkWidget     *service;
  GtkWidget     *reason;
  GtkWidget     *subject;
  MwRoleRow     *acting_as;
  AdwComboRow   *urgency;
  GtkWidget     *by_row;
  GtkMenuButton *by;
  MwWhenPopover *by_popover;
  GtkWidget     *quote;
  GtkLabel      *quote_title;
  GtkLabel      *quote_text;
  GtkTextView   *note;
  MwAlongBox    *along;

  GtkToggleButton *kind_buttons[MAX_KINDS];
  GtkWidget       *problem; /* the sentence, below the field it is about */
  MwDraft         *draft;   /* what the form was filled with; keeps what has no field */
  char            *by_date;
  gboolean         filling;
};

G_DEFINE_FINAL_TYPE (MwComposeForm, mw_compose_form, ADW_TYPE_BIN)

enum
{
  CHANGED,
  CHOOSE_RECORDS,
  CHOOSE_FILES,
  REMOVE_FILE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
clear_problem (MwComposeForm *self)
{
  if (self->problem != NULL)
    gtk_box_remove (GTK_BOX (gtk_widget_get_parent (self->problem)), self->problem);
  self->problem = NULL;
}

static void
changed_cb (MwComposeForm *self)
{
  if (self->filling)
    return;
  clear_problem (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
patient_cb (MwComposeForm *self)
{
  mw_along_box_set_patient (self->along, mw_person_field_get_id (self->patient));
  changed_cb (self);
}

static void
choose_records_cb (MwComposeForm *self)
{
  g_signal_emit (self, signals[CHOOSE_RECORDS], 0);
}

static void
choose_files_cb (MwComposeForm *self)
{
  g_signal_emit (self, signals[CHOOSE_FILES], 0);
}

static void
remove_file_cb (MwComposeForm *self,
                gint64         id)
{
  g_signal_emit (self, signals[REMOVE_FILE], 0, id);
}

static void
show_by (MwComposeForm *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) now = g_date_time_new_now (zone);
  g_autoptr (GDateTime) day = self->by_date != NULL ? g_date_time_new_from_iso8601 (self->by_date, zone) : NULL;
  g_autofree char *iso = NULL;
  g_autofree char *text = NULL;

  /* a date alone is not what GLib calls ISO 8601 */
  if (day == NULL && self->by_date != NULL)
    {
      iso = g_strconcat (self->by_date, "T00:00:00", NULL);
      day = g_date_time_new_from_iso8601 (iso, zone);
    }
  text = day != NULL ? mw_when_text (day, now, FALSE) : g_strdup (self->by_date != NULL ? self->by_date : _ ("No date"));
  gtk_menu_button_set_label (self->by, text);
}

static void
by_chosen_cb (MwComposeForm *self,
              GDateTime     *time)
{
  g_free (self->by_date);
  self->by_date = time != NULL ? g_date_time_format (time, "%Y-%m-%d") : NULL;
  show_by (self);
  changed_cb (self);
}

static const char *
kind_of (MwComposeForm *self)
{
  return self->draft->kind;
}

static const char *
note_title (const char *kind)
{
  if (g_strcmp0 (kind, MW_KIND_MESSAGE) == 0)
    return _ ("_Message");
  if (g_strcmp0 (kind, MW_KIND_ALERT) == 0)
    return _ ("What _happened");
  return _ ("_Note");
}

static void
show_fields (MwComposeForm *self)
{
  const char    *kind = kind_of (self);
  MwComposeField fields = mw_compose_fields (kind);
  GtkLabel      *title = GTK_LABEL (gtk_widget_get_first_child (self->note_box));

  gtk_widget_set_visible (self->about_box, (fields & MW_FIELD_ABOUT) != 0);
  gtk_widget_set_visible (self->service, (fields & MW_FIELD_SERVICE) != 0);
  gtk_widget_set_visible (self->reason, (fields & MW_FIELD_REASON) != 0);
  gtk_widget_set_visible (self->subject, (fields & MW_FIELD_SUBJECT) != 0);
  gtk_widget_set_visible (self->by_row, (fields & MW_FIELD_BY) != 0);
  gtk_widget_set_visible (self->along_box, (fields & MW_FIELD_RESOURCES) != 0);
  mw_person_field_set_optional (self->patient, (mw_compose_required (kind) & MW_FIELD_PATIENT) == 0);
  gtk_label_set_text_with_mnemonic (title, note_title (kind));
  mw_accessible_set_name (GTK_WIDGET (self->note), gtk_label_get_text (title));
}

static void
kind_toggled_cb (MwComposeForm   *self,
                 GtkToggleButton *button)
{
  if (self->filling || !gtk_toggle_button_get_active (button))
    return;
  mw_compose_form_set_kind (self, g_object_get_data (G_OBJECT (button), "kind"));
  changed_cb (self);
}

static void
add_kinds (MwComposeForm *self)
{
  const char *const *kinds = mw_compose_kinds ();

  for (guint i = 0; i < MAX_KINDS && kinds[i] != NULL; i++)
    {
      GtkWidget  *button = gtk_toggle_button_new ();
      const char *text = mw_kind_label (kinds[i]);
      GtkWidget  *label = gtk_label_new (text);

      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_button_set_child (GTK_BUTTON (button), label);
      gtk_widget_set_tooltip_text (button, text);
      mw_accessible_set_name (button, text);
      g_object_set_data (G_OBJECT (button), "kind", (gpointer) kinds[i]);
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), self->kind_buttons[0]);
      self->kind_buttons[i] = GTK_TOGGLE_BUTTON (button);
      g_signal_connect_object (button, "toggled", G_CALLBACK (kind_toggled_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->kinds, button);
    }
}

static void
set_row_text (GtkWidget  *row,
              const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
}

static void
take_text (char **member,
           char  *text)
{
  g_free (*member);
  *member = text != NULL && text[0] != '\0' ? text : NULL;
  if (*member == NULL)
    g_free (text);
}

static char *
row_text (GtkWidget *row)
{
  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (row)));
}

static char *
note_text (MwComposeForm *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (self->note), &start, &end);
  return gtk_text_buffer_get_text (gtk_text_view_get_buffer (self->note), &start, &end, FALSE);
}

static void
mw_compose_form_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_COMPOSE_FORM);
  G_OBJECT_CLASS (mw_compose_form_parent_class)->dispose (object);
}

static void
mw_compose_form_finalize (GObject *object)
{
  MwComposeForm *self = MW_COMPOSE_FORM (object);

  mw_draft_free (self->draft);
  g_free (self->by_date);
  G_OBJECT_CLASS (mw_compose_form_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, kinds);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, patient_box);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, to_box);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, about_box);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, details_box);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, note_box);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, along_box);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, patient);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, to);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, about);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, service);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, reason);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, subject);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, acting_as);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, urgency);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, by_row);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, by);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, by_popover);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, quote);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, quote_title);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, quote_text);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, note);
  gtk_widget_class_bind_template_child (widget_class, MwComposeForm, along);
}

static void
mw_compose_form_class_init (MwComposeFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType           type = G_TYPE_FROM_CLASS (klass);

  mw_compose_style_ensure ();
  G_OBJECT_CLASS (klass)->dispose = mw_compose_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_compose_form_finalize;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOOSE_RECORDS] = g_signal_new ("choose-records", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOOSE_FILES] = g_signal_new ("choose-files", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE_FILE] = g_signal_new ("remove-file", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_type_ensure (MW_TYPE_PERSON_FIELD);
  g_type_ensure (MW_TYPE_ABOUT_BOX);
  g_type_ensure (MW_TYPE_ALONG_BOX);
  g_type_ensure (MW_TYPE_ROLE_ROW);
  g_type_ensure (MW_TYPE_WHEN_POPOVER);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-compose-form.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, patient_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_records_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_files_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_file_cb);
  gtk_widget_class_bind_template_callback (widget_class, by_chosen_cb);
}

static void
mw_compose_form_init (MwComposeForm *self)
{
  g_autoptr (GtkStringList) urgencies = gtk_string_list_new (NULL);

  self->draft = mw_draft_new (MW_KIND_MESSAGE);
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (URGENCIES); i++)
    gtk_string_list_append (urgencies, mw_urgency_label (URGENCIES[i]));
  adw_combo_row_set_model (self->urgency, G_LIST_MODEL (urgencies));
  mw_when_popover_set_removable (self->by_popover, TRUE);
  add_kinds (self);
  g_signal_connect_object (gtk_text_view_get_buffer (self->note), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->filling = FALSE;
}

/**
 * mw_compose_form_set_store:
 *
 * To be called once, before a draft is set.
 */
void
mw_compose_form_set_store (MwComposeForm *self,
                           MwStore       *store)
{
  mw_role_row_set_store (self->acting_as, store);
  mw_person_field_set_up (self->patient, store, MW_PERSON_PATIENT);
  mw_person_field_set_up (self->to, store, MW_PERSON_RECIPIENT);
  mw_along_box_set_store (self->along, store);
}

/**
 * mw_compose_form_set_kind:
 *
 * Shows the fields of that kind. What was typed into others stays.
 */
void
mw_compose_form_set_kind (MwComposeForm *self,
                          const char    *kind)
{
  gboolean was_filling = self->filling;

  clear_problem (self);
  if (kind != self->draft->kind)
    {
      g_free (self->draft->kind);
      self->draft->kind = g_strdup (kind);
    }
  self->filling = TRUE;
  for (guint i = 0; i < MAX_KINDS && self->kind_buttons[i] != NULL; i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (self->kind_buttons[i]), "kind"), kind) == 0)
      gtk_toggle_button_set_active (self->kind_buttons[i], TRUE);
  self->filling = was_filling;
  show_fields (self);
}

static void
fill_urgency (MwComposeForm *self,
              const char    *urgency)
{
  for (guint i = 0; i < G_N_ELEMENTS (URGENCIES); i++)
    if (i == 0 || g_strcmp0 (URGENCIES[i], urgency) == 0)
      adw_combo_row_set_selected (self->urgency, i);
}

/**
 * mw_compose_form_set_draft:
 *
 * Fills the form; "changed" is not emitted.
 */
void
mw_compose_form_set_draft (MwComposeForm *self,
                           const MwDraft *draft)
{
  MwDraft *copy = mw_compose_copy (draft);

  g_return_if_fail (MW_IS_COMPOSE_FORM (self));

  mw_draft_free (self->draft);
  self->draft = copy;
  self->filling = TRUE;
  mw_person_field_set (self->patient, copy->patient, copy->patient_name);
  mw_person_field_set (self->to, copy->to, copy->to_name);
  mw_about_box_set (self->about, (const char *const *) copy->about);
  set_row_text (self->service, copy->service);
  set_row_text (self->reason, copy->reason);
  set_row_text (self->subject, copy->subject);
  fill_urgency (self, copy->urgency);
  mw_role_row_set (self->acting_as, copy->acting_as);
  g_free (self->by_date);
  self->by_date = g_strdup (copy->by);
  show_by (self);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->note), copy->note != NULL ? copy->note : "", -1);
  mw_along_box_set_resources (self->along, (const char *const *) copy->resources);
  mw_along_box_set_patient (self->along, mw_person_field_get_id (self->patient));
  /* what answers an entry has the kind that the answer needs */
  gtk_widget_set_visible (GTK_WIDGET (self->kinds), copy->action == NULL);
  mw_compose_form_set_kind (self, copy->kind);
  self->filling = FALSE;
}

/**
 * mw_compose_form_get_draft:
 *
 * Returns: (transfer full): what the form says now, with what was typed for other kinds
 */
MwDraft *
mw_compose_form_get_draft (MwComposeForm *self)
{
  MwDraft *draft = mw_compose_copy (self->draft);
  guint    urgency = adw_combo_row_get_selected (self->urgency);

  take_text (&draft->patient, g_strdup (mw_person_field_get_reference (self->patient)));
  take_text (&draft->patient_name, g_strdup (mw_person_field_get_name (self->patient)));
  take_text (&draft->to, g_strdup (mw_person_field_get_reference (self->to)));
  take_text (&draft->to_name, g_strdup (mw_person_field_get_name (self->to)));
  take_text (&draft->service, row_text (self->service));
  take_text (&draft->reason, row_text (self->reason));
  take_text (&draft->subject, row_text (self->subject));
  take_text (&draft->by, g_strdup (self->by_date));
  take_text (&draft->acting_as, mw_role_row_dup (self->acting_as));
  take_text (&draft->note, note_text (self));
  take_text (&draft->urgency, urgency < G_N_ELEMENTS (URGENCIES) ? g_strdup (URGENCIES[urgency]) : NULL);
  g_strfreev (draft->about);
  draft->about = mw_about_box_dup (self->about);
  g_strfreev (draft->resources);
  draft->resources = g_strdupv ((GStrv) mw_along_box_get_resources (self->along));
  return draft;
}

void
mw_compose_form_set_resources (MwComposeForm     *self,
                               const char *const *references)
{
  mw_along_box_set_resources (self->along, references);
  changed_cb (self);
}

/**
 * mw_compose_form_set_files:
 * @files: (element-type MwFileRow):
 */
void
mw_compose_form_set_files (MwComposeForm *self,
                           GPtrArray     *files)
{
  clear_problem (self);
  mw_along_box_set_files (self->along, files);
}

/**
 * mw_compose_form_set_quote:
 * @title: (nullable): of what is answered; NULL for nothing
 *
 * Shows what is answered above the note, to read. It is not sent again.
 */
void
mw_compose_form_set_quote (MwComposeForm *self,
                           const char    *title,
                           const char    *text)
{
  gtk_label_set_text (self->quote_title, title != NULL ? title : "");
  gtk_label_set_text (self->quote_text, text != NULL ? text : "");
  gtk_widget_set_visible (self->quote, title != NULL);
}

static GtkWidget *
box_of (MwComposeForm *self,
        MwComposeField field,
        GtkWidget    **focus)
{
  switch (field)
    {
    case MW_FIELD_PATIENT:
      *focus = GTK_WIDGET (self->patient);
      return self->patient_box;
    case MW_FIELD_TO:
      *focus = GTK_WIDGET (self->to);
      return self->to_box;
    case MW_FIELD_ABOUT:
      *focus = GTK_WIDGET (self->about);
      return self->about_box;
    case MW_FIELD_SERVICE:
    case MW_FIELD_REASON:
    case MW_FIELD_SUBJECT:
    case MW_FIELD_URGENCY:
    case MW_FIELD_BY:
      *focus = self->service;
      return self->details_box;
    case MW_FIELD_RESOURCES:
    case MW_FIELD_FILES:
      *focus = GTK_WIDGET (self->along);
      return self->along_box;
    case MW_FIELD_NOTE:
    default:
      *focus = GTK_WIDGET (self->note);
      return self->note_box;
    }
}

/**
 * mw_compose_form_show_problem:
 *
 * Says @sentence below @field and puts the focus there. It goes with the next change.
 */
void
mw_compose_form_show_problem (MwComposeForm *self,
                              MwComposeField field,
                              const char    *sentence)
{
  GtkWidget *focus;
  GtkWidget *box = box_of (self, field, &focus);
  GtkWidget *label = gtk_label_new (sentence);

  clear_problem (self);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "error");
  gtk_box_append (GTK_BOX (box), label);
  self->problem = label;
  gtk_accessible_update_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, sentence, -1);
  mw_accessible_enter (focus);
}

/**
 * mw_compose_form_focus_first:
 *
 * Puts the focus where a person is going to begin: the first of patient, recipient and note that is
 * still empty.
 */
void
mw_compose_form_focus_first (MwComposeForm *self)
{
  gboolean needs_patient = (mw_compose_required (kind_of (self)) & MW_FIELD_PATIENT) != 0;

  if (needs_patient && mw_person_field_get_reference (self->patient) == NULL)
    mw_person_field_take_focus (self->patient);
  else if (mw_person_field_get_name (self->to) == NULL)
    mw_person_field_take_focus (self->to);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->note));
}

/**
 * mw_compose_form_get_patient:
 *
 * Returns: the people row of the patient; 0 for none
 */
gint64
mw_compose_form_get_patient (MwComposeForm *self)
{
  return mw_person_field_get_id (self->patient);
}
