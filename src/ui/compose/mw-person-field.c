/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-person-field.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-directory-search.h"
#include "mw-patient-banner.h"
#include "mw-patient-form.h"
#include "mw-people-query.h"
#include "mw-person-match.h"

#include <glib/gi18n-lib.h>

#define MAX_MATCHES 20
/* Directories are asked when nothing was typed for so long, in milliseconds, and not for a letter or two */
#define PAUSE 400
#define MIN_ASKED 3

/* The last row of a list of patients */
#define SOMEBODY N_ ("Someone who is not in the list…")

static const char *const PATIENTS[] = { "Patient", NULL };
static const char *const RECIPIENTS[] = { "Organization", "Practitioner", "PractitionerRole", "CareTeam", "HealthcareService", NULL };

struct _MwPersonField
{
  AdwBin parent_instance;

  GtkLabel   *title;
  GtkEntry   *entry;
  GtkLabel   *hint;
  GtkBox     *chosen;
  GtkPopover *popover;
  GtkListBox *list;

  MwStore      *store;
  MwPersonRole  role;
  MwPerson     *person;    /* who was chosen, when known here */
  char         *reference; /* who was chosen */
  char         *name;
  GPtrArray    *matches; /* MwPeopleMatch */
  GCancellable *search;
  guint         pause;
  GCancellable *asking; /* the directories */
  gboolean      filling;
};

G_DEFINE_FINAL_TYPE (MwPersonField, mw_person_field, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *const *
types_of (MwPersonField *self)
{
  return self->role == MW_PERSON_PATIENT ? PATIENTS : RECIPIENTS;
}

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void
change_cb (MwPersonField *self)
{
  g_autofree char *name = g_strdup (self->name);

  mw_person_field_set (self, NULL, self->role == MW_PERSON_RECIPIENT ? name : NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
new_change_button (MwPersonField *self)
{
  GtkWidget  *button = gtk_button_new_with_label (_ ("Change"));
  const char *spoken = self->role == MW_PERSON_PATIENT ? _ ("Change patient") : _ ("Change recipient");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  mw_accessible_set_name (button, spoken);
  g_signal_connect_object (button, "clicked", G_CALLBACK (change_cb), self, G_CONNECT_SWAPPED);
  return button;
}

static void
show_patient (MwPersonField *self)
{
  GtkWidget *banner = mw_patient_banner_new ();

  mw_patient_banner_set_person (MW_PATIENT_BANNER (banner), self->person, self->name);
  mw_patient_banner_set_action (MW_PATIENT_BANNER (banner), new_change_button (self));
  gtk_widget_set_hexpand (banner, TRUE);
  gtk_box_append (self->chosen, banner);
}

static void
show_recipient (MwPersonField *self)
{
  GtkWidget       *list = gtk_list_box_new ();
  GtkWidget       *row = adw_action_row_new ();
  g_autofree char *detail = self->person != NULL ? mw_person_describe (self->person) : NULL;

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_hexpand (list, TRUE);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), self->name != NULL ? self->name : _ ("Unknown recipient"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail != NULL ? detail : "");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_change_button (self));
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_box_append (self->chosen, list);
}

static void
update_hint (MwPersonField *self)
{
  gboolean    typed = self->reference == NULL && self->name != NULL && self->name[0] != '\0';
  const char *hint = self->role == MW_PERSON_PATIENT
                         ? _ ("Not chosen yet. Choose from the list below the field.")
                         : _ ("Will be looked up in the background. Nothing leaves before it is clear who is meant.");

  gtk_label_set_text (self->hint, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), typed);
}

static void
show_state (MwPersonField *self)
{
  gboolean chosen = self->reference != NULL;

  clear_box (self->chosen);
  if (chosen && self->role == MW_PERSON_PATIENT)
    show_patient (self);
  else if (chosen)
    show_recipient (self);
  gtk_widget_set_visible (GTK_WIDGET (self->chosen), chosen);
  gtk_widget_set_visible (GTK_WIDGET (self->entry), !chosen);
  self->filling = TRUE;
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->entry)), self->name != NULL ? self->name : "") != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->entry), self->name != NULL ? self->name : "");
  self->filling = FALSE;
  update_hint (self);
}

static void
stop_search (MwPersonField *self)
{
  if (self->search != NULL)
    g_cancellable_cancel (self->search);
  g_clear_object (&self->search);
}

static void
stop_asking (MwPersonField *self)
{
  g_clear_handle_id (&self->pause, g_source_remove);
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
}

static void
close_matches (MwPersonField *self)
{
  stop_search (self);
  stop_asking (self);
  gtk_popover_popdown (self->popover);
}

static const MwPeopleMatch *
match_at (MwPersonField *self,
          int            index)
{
  return self->matches != NULL && index >= 0 && (guint) index < self->matches->len ? g_ptr_array_index (self->matches, (guint) index) : NULL;
}

static void
choose (MwPersonField       *self,
        const MwPeopleMatch *match)
{
  g_autofree char *reference = g_strdup (match->person->reference);
  g_autofree char *name = g_strdup (match->person->name);

  close_matches (self);
  mw_person_field_set (self, reference, name);
  g_signal_emit (self, signals[CHANGED], 0);
  mw_person_field_take_focus (self);
}

static void
somebody_cb (MwPersonField *self,
             gint64         patient)
{
  MwDb *db = mw_store_get_reader (self->store, NULL);
  g_autoptr (MwPerson) person = db != NULL ? mw_people_load (db, patient) : NULL;

  if (person == NULL)
    return;
  mw_person_field_set (self, person->reference, person->name);
  g_signal_emit (self, signals[CHANGED], 0);
  mw_person_field_take_focus (self);
}

/* The patient is in no list: what is known is asked for */
static void
name_somebody (MwPersonField *self)
{
  GtkWindow     *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  MwPatientForm *form;

  close_matches (self);
  form = mw_patient_form_new (window, self->store, self->name);
  g_signal_connect_object (form, "chosen", G_CALLBACK (somebody_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (form));
}

static void
row_activated_cb (MwPersonField *self,
                  GtkListBoxRow *row)
{
  const MwPeopleMatch *match = match_at (self, gtk_list_box_row_get_index (row));

  if (match != NULL)
    choose (self, match);
  else if (self->matches != NULL)
    name_somebody (self);
}

/* The last row for a patient: nobody of those above */
static GtkWidget *
new_somebody (void)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (SOMEBODY));
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "list-add-symbolic");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_focusable (row, FALSE);
  mw_accessible_set_name (row, _ (SOMEBODY));
  return row;
}

static void
show_matches (MwPersonField *self)
{
  graphene_rect_t bounds;
  GdkRectangle    at;
  GtkWidget      *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < self->matches->len; i++)
    gtk_list_box_append (self->list, mw_person_match_row_new (g_ptr_array_index (self->matches, i)));
  if (self->role == MW_PERSON_PATIENT)
    gtk_list_box_append (self->list, new_somebody ());
  if (gtk_widget_get_first_child (GTK_WIDGET (self->list)) == NULL || !gtk_widget_compute_bounds (GTK_WIDGET (self->entry), GTK_WIDGET (self), &bounds))
    {
      gtk_popover_popdown (self->popover);
      return;
    }
  if (self->role == MW_PERSON_PATIENT)
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  at = (GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width, (int) bounds.size.height };
  gtk_popover_set_pointing_to (self->popover, &at);
  gtk_widget_set_size_request (GTK_WIDGET (self->popover), at.width, -1);
  gtk_popover_popup (self->popover);
}

static void
say_match (MwPersonField *self)
{
  GtkListBoxRow       *row = gtk_list_box_get_selected_row (self->list);
  const MwPeopleMatch *match = row != NULL ? match_at (self, gtk_list_box_row_get_index (row)) : NULL;
  g_autofree char     *detail = match != NULL ? mw_person_match_text (match) : NULL;
  g_autofree char     *spoken = match != NULL ? g_strdup_printf ("%s, %s", match->person->name, detail) : g_strdup (row != NULL ? _ (SOMEBODY) : "");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken, -1);
}

/* Whom the arrow keys had come to stays, when more have come */
static void
select_again (MwPersonField *self,
              const char    *reference)
{
  for (guint i = 0; reference != NULL && i < self->matches->len; i++)
    if (g_str_equal (match_at (self, (int) i)->person->reference, reference))
      {
        gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int) i));
        return;
      }
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (MwPersonField) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) people = mw_people_query_finish (MW_STORE (source), result, &error);
  GtkListBoxRow       *row;
  const MwPeopleMatch *selected;
  g_autofree char     *reference = NULL;

  if (people == NULL || self->store == NULL)
    return;
  row = gtk_list_box_get_selected_row (self->list);
  selected = row != NULL ? match_at (self, gtk_list_box_row_get_index (row)) : NULL;
  reference = selected != NULL ? g_strdup (selected->person->reference) : NULL;
  g_clear_object (&self->search);
  g_clear_pointer (&self->matches, g_ptr_array_unref);
  self->matches = g_steal_pointer (&people);
  show_matches (self);
  select_again (self, reference);
  say_match (self);
}

static void
query (MwPersonField *self,
       const char    *text)
{
  g_autofree char *words = self->role == MW_PERSON_RECIPIENT ? mw_directory_search_words (text) : g_strdup (text);

  stop_search (self);
  self->search = g_cancellable_new ();
  mw_people_query_async (self->store, words, types_of (self), MAX_MATCHES, self->search, found_cb, g_object_ref (self));
}

/* What they said is in the store: the list grows */
static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (MwPersonField) self = user_data;
  g_autoptr (GPtrArray) said = mw_directory_search_finish (MW_STORE (source), result, NULL);

  if (said == NULL || self->store == NULL || self->asking == NULL || self->reference != NULL)
    return;
  g_clear_object (&self->asking);
  query (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static gboolean
ask_directories (gpointer user_data)
{
  MwPersonField *self = user_data;
  const char    *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  self->pause = 0;
  self->asking = g_cancellable_new ();
  mw_directory_search_async (self->store, text, self->asking, asked_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
look_for (MwPersonField *self,
          const char    *text)
{
  close_matches (self);
  if (self->store == NULL)
    return;
  query (self, text);
  if (self->role == MW_PERSON_RECIPIENT && g_utf8_strlen (text, -1) >= MIN_ASKED && g_network_monitor_get_network_available (g_network_monitor_get_default ()))
    self->pause = g_timeout_add (PAUSE, ask_directories, self);
}

static void
text_changed_cb (MwPersonField *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (self->filling)
    return;
  g_free (self->name);
  self->name = text[0] != '\0' ? g_strdup (text) : NULL;
  update_hint (self);
  if (text[0] != '\0')
    look_for (self, text);
  else
    close_matches (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
move_selection (MwPersonField *self,
                int            by)
{
  GtkListBoxRow  *row = gtk_list_box_get_selected_row (self->list);
  int             index = row != NULL ? gtk_list_box_row_get_index (row) + by : (by > 0 ? 0 : -1);
  GtkListBoxRow  *next = index >= 0 ? gtk_list_box_get_row_at_index (self->list, index) : NULL;
  GtkWidget      *scroller;
  GtkAdjustment  *adjustment;
  graphene_rect_t bounds;

  if (next == NULL && by > 0)
    return;
  gtk_list_box_select_row (self->list, next);
  say_match (self);
  scroller = gtk_widget_get_ancestor (GTK_WIDGET (self->list), GTK_TYPE_SCROLLED_WINDOW);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  if (next != NULL && gtk_widget_compute_bounds (GTK_WIDGET (next), GTK_WIDGET (self->list), &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y, bounds.origin.y + bounds.size.height);
}

static gboolean
choose_selected (MwPersonField *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row == NULL)
    return FALSE;
  row_activated_cb (self, row);
  return TRUE;
}

static gboolean
key_cb (MwPersonField  *self,
        guint           keyval,
        guint           keycode,
        GdkModifierType state)
{
  gboolean open = gtk_widget_get_visible (GTK_WIDGET (self->popover));

  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      if (open)
        move_selection (self, 1);
      else
        look_for (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      if (open)
        move_selection (self, -1);
      return open;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      return open && choose_selected (self);
    case GDK_KEY_Escape:
      if (open)
        close_matches (self);
      return open;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
left_cb (MwPersonField *self)
{
  close_matches (self);
}

static void
mw_person_field_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  MwPersonField *self = MW_PERSON_FIELD (widget);

  GTK_WIDGET_CLASS (mw_person_field_parent_class)->size_allocate (widget, width, height, baseline);
  gtk_popover_present (self->popover);
}

static void
mw_person_field_dispose (GObject *object)
{
  MwPersonField *self = MW_PERSON_FIELD (object);

  stop_search (self);
  stop_asking (self);
  g_clear_object (&self->store);
  if (self->popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->popover));
  self->popover = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PERSON_FIELD);
  g_clear_pointer (&self->matches, g_ptr_array_unref);
  g_clear_pointer (&self->person, mw_person_free);
  g_clear_pointer (&self->reference, g_free);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (mw_person_field_parent_class)->dispose (object);
}

static void
mw_person_field_class_init (MwPersonFieldClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_person_field_dispose;
  widget_class->size_allocate = mw_person_field_size_allocate;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-person-field.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPersonField, title);
  gtk_widget_class_bind_template_child (widget_class, MwPersonField, entry);
  gtk_widget_class_bind_template_child (widget_class, MwPersonField, hint);
  gtk_widget_class_bind_template_child (widget_class, MwPersonField, chosen);
  gtk_widget_class_bind_template_child (widget_class, MwPersonField, popover);
  gtk_widget_class_bind_template_child (widget_class, MwPersonField, list);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_cb);
}

static void
mw_person_field_init (MwPersonField *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->popover), GTK_WIDGET (self));
}

/**
 * mw_person_field_set_up:
 *
 * To be called once, before the field is used.
 */
void
mw_person_field_set_up (MwPersonField *self,
                        MwStore       *store,
                        MwPersonRole   role)
{
  gboolean    patient = role == MW_PERSON_PATIENT;
  const char *title = patient ? _ ("Patient") : _ ("To");

  g_return_if_fail (MW_IS_PERSON_FIELD (self));
  g_set_object (&self->store, store);
  self->role = role;
  gtk_label_set_text (self->title, title);
  gtk_entry_set_placeholder_text (self->entry, patient ? _ ("Name, birth date or identifier") : _ ("Person, care team or organisation"));
  mw_accessible_set_name (GTK_WIDGET (self->entry), title);
  show_state (self);
}

/**
 * mw_person_field_set_optional:
 * @optional: whether it can be left empty, which the title then says
 */
void
mw_person_field_set_optional (MwPersonField *self,
                              gboolean       optional)
{
  if (self->role == MW_PERSON_PATIENT)
    gtk_label_set_text (self->title, optional ? _ ("Patient (optional)") : _ ("Patient"));
}

/**
 * mw_person_field_set:
 * @reference: (nullable): absolute reference of who is chosen; NULL for nobody
 * @name: (nullable): in words; without @reference it stands in the field as typed text
 *
 * Does not emit "changed".
 */
void
mw_person_field_set (MwPersonField *self,
                     const char    *reference,
                     const char    *name)
{
  MwDb            *db = self->store != NULL ? mw_store_get_reader (self->store, NULL) : NULL;
  g_autofree char *own_reference = g_strdup (reference);
  g_autofree char *own_name = g_strdup (name);

  g_return_if_fail (MW_IS_PERSON_FIELD (self));
  g_clear_pointer (&self->person, mw_person_free);
  if (db != NULL && reference != NULL)
    self->person = mw_people_by_reference (db, reference);
  g_free (self->reference);
  g_free (self->name);
  self->reference = g_steal_pointer (&own_reference);
  self->name = self->person != NULL ? g_strdup (self->person->name) : g_steal_pointer (&own_name);
  show_state (self);
}

/**
 * mw_person_field_take_focus:
 *
 * Puts the focus where somebody can be named.
 */
void
mw_person_field_take_focus (MwPersonField *self)
{
  if (self->reference == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  else
    mw_accessible_enter (GTK_WIDGET (self->chosen));
}

/**
 * mw_person_field_get_reference:
 *
 * Returns: (transfer none) (nullable): the absolute reference of who is chosen
 */
const char *
mw_person_field_get_reference (MwPersonField *self)
{
  return self->reference;
}

/**
 * mw_person_field_get_name:
 *
 * Returns: (transfer none) (nullable): who is chosen, or what was typed
 */
const char *
mw_person_field_get_name (MwPersonField *self)
{
  return self->name;
}

/**
 * mw_person_field_get_id:
 *
 * Returns: the people row of who is chosen; 0 for none
 */
gint64
mw_person_field_get_id (MwPersonField *self)
{
  return self->person != NULL ? self->person->id : 0;
}
