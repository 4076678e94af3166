/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patients-page.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-patient-banner.h"
#include "mw-patient-list.h"
#include "mw-patient-view.h"
#include "mw-tab-stop.h"

#include <glib/gi18n-lib.h>

struct _MwPatientsPage
{
  AdwBin parent_instance;

  AdwLeaflet     *leaflet;
  GtkSearchEntry *search;
  GtkWidget      *sidebar_back;
  GtkStack       *list_states;
  GtkListView    *view;
  GtkStack       *states;
  MwPatientView  *patient;
  GtkWidget      *back;

  MwStore            *store;
  MwPatientList      *list;
  GtkSingleSelection *selection;
  gint64              shown;
  guint               watch;
};

G_DEFINE_FINAL_TYPE (MwPatientsPage, mw_patients_page, ADW_TYPE_BIN)

enum
{
  OPEN_ENTRY,
  OPEN_ITEM,
  COMPOSE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
show_patient (MwPatientsPage *self,
              gint64          id)
{
  self->shown = id;
  if (id == 0)
    return;
  mw_patient_view_show (self->patient, self->store, id);
  gtk_stack_set_visible_child_name (self->states, "patient");
}

static void
selected_cb (MwPatientsPage *self)
{
  gint64 id = mw_patient_list_get_id (self->list, gtk_single_selection_get_selected (self->selection));

  if (id != 0 && id != self->shown)
    show_patient (self, id);
}

static void
activate_cb (MwPatientsPage *self,
             guint           position)
{
  show_patient (self, mw_patient_list_get_id (self->list, position));
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
}

static void
count_cb (MwPatientsPage *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0;

  gtk_stack_set_visible_child_name (self->list_states, empty ? "empty" : "list");
}

static void
search_cb (MwPatientsPage *self)
{
  mw_patient_list_search (self->list, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
search_activate_cb (MwPatientsPage *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->list_states), GTK_DIR_TAB_FORWARD);
}

static void
back_cb (MwPatientsPage *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
folded_cb (MwPatientsPage *self)
{
  /* with one page at a time, moving through the list must not open what it passes */
  gtk_list_view_set_single_click_activate (self->view, adw_leaflet_get_folded (self->leaflet));
}

static void
open_entry_cb (MwPatientsPage *self,
               gint64          id)
{
  g_signal_emit (self, signals[OPEN_ENTRY], 0, id);
}

static void
open_item_cb (MwPatientsPage *self,
              gint64          id)
{
  g_signal_emit (self, signals[OPEN_ITEM], 0, id);
}

static void
compose_cb (MwPatientsPage *self,
            const char     *kind,
            const char     *patient)
{
  g_signal_emit (self, signals[COMPOSE], 0, kind, patient);
}

/* ---- rows ---- */

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
setup_cb (MwPatientsPage *self,
          GtkListItem    *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (box), adw_avatar_new (36, NULL, TRUE));
  gtk_box_append (GTK_BOX (texts), new_label ("heading"));
  gtk_box_append (GTK_BOX (texts), new_label (NULL));
  gtk_box_append (GTK_BOX (texts), new_label ("dim-label"));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (MwPatientsPage *self,
         GtkListItem    *item)
{
  const MwPerson  *person = mw_patient_row_get_person (gtk_list_item_get_item (item));
  GtkWidget       *box = gtk_list_item_get_child (item);
  GtkWidget       *avatar = gtk_widget_get_first_child (box);
  GtkWidget       *name = gtk_widget_get_first_child (gtk_widget_get_next_sibling (avatar));
  GtkWidget       *facts = gtk_widget_get_next_sibling (name);
  GtkWidget       *identifiers = gtk_widget_get_next_sibling (facts);
  const char      *text = person != NULL ? person->name : _ ("No longer here");
  const char      *known = person != NULL ? person->identifiers : NULL;
  const char      *missing = person != NULL ? mw_person_missing (person) : NULL;
  g_autofree char *ids = g_strdup_printf ("%s%s%s", known != NULL ? known : "", known != NULL && missing != NULL ? " · " : "", missing != NULL ? missing : "");
  g_autofree char *line = person != NULL ? mw_person_facts (person, g_get_real_time ()) : g_strdup ("");
  g_autofree char *spoken = g_strdup_printf ("%s, %s, %s", text, line, ids);

  adw_avatar_set_text (ADW_AVATAR (avatar), text);
  gtk_label_set_text (GTK_LABEL (name), text);
  gtk_label_set_text (GTK_LABEL (facts), line);
  gtk_label_set_text (GTK_LABEL (identifiers), ids);
  gtk_widget_set_visible (identifiers, ids[0] != '\0');
  gtk_widget_set_tooltip_text (box, spoken);
  if (gtk_widget_get_parent (box) != NULL)
    mw_accessible_set_name (gtk_widget_get_parent (box), spoken);
}

/* ---- the widget ---- */

static void
watch_cb (MwStore *store,
          MwChange changes,
          gpointer user_data)
{
  MwPatientsPage *self = user_data;

  /* what is not in sight is read when it comes into sight */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && (changes & (MW_CHANGE_RESOURCES | MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS | MW_CHANGE_PEOPLE)))
    show_patient (self, self->shown);
}

static void
mw_patients_page_map (GtkWidget *widget)
{
  MwPatientsPage *self = MW_PATIENTS_PAGE (widget);
  GtkWidget      *around = gtk_widget_get_ancestor (widget, ADW_TYPE_LEAFLET);

  GTK_WIDGET_CLASS (mw_patients_page_parent_class)->map (widget);
  /* the way back to the main window's sidebar, when that is another page now */
  gtk_widget_set_visible (self->sidebar_back, around != NULL && adw_leaflet_get_folded (ADW_LEAFLET (around)));
  if (around != NULL && g_object_get_data (G_OBJECT (self), "around") == NULL)
    {
      g_object_bind_property (around, "folded", self->sidebar_back, "visible", G_BINDING_SYNC_CREATE);
      g_object_set_data (G_OBJECT (self), "around", around);
    }
  if (self->shown != 0)
    show_patient (self, self->shown);
}

static void
mw_patients_page_dispose (GObject *object)
{
  MwPatientsPage *self = MW_PATIENTS_PAGE (object);

  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PATIENTS_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_patients_page_parent_class)->dispose (object);
}

static void
mw_patients_page_class_init (MwPatientsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType           type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_patients_page_dispose;
  widget_class->map = mw_patients_page_map;
  signals[OPEN_ENTRY] = g_signal_new ("open-entry", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[OPEN_ITEM] = g_signal_new ("open-item", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[COMPOSE] = g_signal_new ("compose", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  g_type_ensure (MW_TYPE_PATIENT_VIEW);
  g_type_ensure (MW_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-patients-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, search);
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, sidebar_back);
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, list_states);
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, view);
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, states);
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, patient);
  gtk_widget_class_bind_template_child (widget_class, MwPatientsPage, back);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_entry_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_item_cb);
  gtk_widget_class_bind_template_callback (widget_class, compose_cb);
}

static void
mw_patients_page_init (MwPatientsPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_entry_set_key_capture_widget (self->search, GTK_WIDGET (self->view));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->view, factory);
}

/**
 * mw_patients_page_new:
 *
 * The page has header bars of its own, so that it fills a window beside a sidebar.
 */
GtkWidget *
mw_patients_page_new (MwStore *store)
{
  MwPatientsPage *self = g_object_new (MW_TYPE_PATIENTS_PAGE, NULL);

  self->store = g_object_ref (store);
  self->list = mw_patient_list_new (store);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (count_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  self->watch = mw_store_watch (store, watch_cb, self);
  folded_cb (self);
  return GTK_WIDGET (self);
}

/**
 * mw_patients_page_show:
 * @patient: absolute reference
 *
 * Shows that patient's record, when she is known here.
 */
void
mw_patients_page_show (GtkWidget  *page,
                       const char *patient)
{
  MwPatientsPage *self = MW_PATIENTS_PAGE (page);
  MwDb           *db = mw_store_get_reader (self->store, NULL);
  g_autoptr (MwPerson) person = db != NULL ? mw_people_by_reference (db, patient) : NULL;
  guint position;

  if (person == NULL)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  show_patient (self, person->id);
  if (mw_patient_list_find (self->list, person->id, &position))
    gtk_single_selection_set_selected (self->selection, position);
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
}
