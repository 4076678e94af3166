/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-record-picker.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-person.h"
#include "mw-record.h"
#include "mw-tab-stop.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _MwRecordPicker
{
  AdwBin parent_instance;

  GtkSearchEntry *search;
  GtkStack       *states;
  AdwStatusPage  *empty;
  GtkListView    *view;
  GtkButton      *done;

  GPtrArray    *records; /* the whole record, ticked or not */
  GStrv         wanted;  /* ticked before it was loaded */
  GListStore   *shown;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (MwRecordPicker, mw_record_picker, ADW_TYPE_BIN)

enum
{
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_selected (MwRecord *record)
{
  gboolean selected;

  g_object_get (record, "selected", &selected, NULL);
  return selected;
}

static void
show_count (MwRecordPicker *self)
{
  guint            n = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->records->len; i++)
    n += is_selected (g_ptr_array_index (self->records, i));
  /* Translators: leaves the record without having chosen anything */
  text = n == 0 ? g_strdup (C_ ("record", "Done")) : g_strdup_printf (ngettext ("Add %u from the Record", "Add %u from the Record", n), n);
  gtk_button_set_label (self->done, text);
  if (n > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->done), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->done), "suggested-action");
}

static gboolean
matches (MwRecord   *record,
         const char *type,
         GStrv       words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (mw_record_get_fold (record), words[i]) == NULL && strstr (type, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* What matches the search, under a heading for each type that has something */
static void
show_matches (MwRecordPicker *self)
{
  g_autofree char *folded = mw_people_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)));
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *type_fold = NULL;
  const char      *type = NULL;
  MwRecord        *heading = NULL;

  for (guint i = 0; i < self->records->len; i++)
    {
      MwRecord *record = g_ptr_array_index (self->records, i);

      if (g_strcmp0 (type, mw_record_get_resource_type (record)) != 0)
        {
          type = mw_record_get_resource_type (record);
          g_clear_object (&heading);
          heading = mw_record_new_heading (type);
          g_free (type_fold);
          type_fold = mw_people_fold (mw_record_get_title (heading));
        }
      if (!matches (record, type_fold, words))
        continue;
      if (heading != NULL)
        g_ptr_array_add (rows, g_steal_pointer (&heading));
      g_ptr_array_add (rows, g_object_ref (record));
    }
  g_clear_object (&heading);
  g_list_store_splice (self->shown, 0, g_list_model_get_n_items (G_LIST_MODEL (self->shown)), rows->pdata, rows->len);
  adw_status_page_set_description (self->empty, self->records->len > 0 ? _ ("Search for other words.")
                                                                       : _ ("Nothing of this patient's record is on this computer yet."));
  gtk_stack_set_visible_child_name (self->states, rows->len > 0 ? "list" : "empty");
}

static void
search_cb (MwRecordPicker *self)
{
  show_matches (self);
}

static void
toggle (MwRecordPicker *self,
        MwRecord       *record)
{
  g_object_set (record, "selected", !is_selected (record), NULL);
  show_count (self);
}

static void
activate_cb (MwRecordPicker *self,
             guint           position)
{
  g_autoptr (MwRecord) record = g_list_model_get_item (G_LIST_MODEL (self->shown), position);

  if (record != NULL && !mw_record_is_heading (record))
    toggle (self, record);
}

/* The space bar ticks, as it does wherever there is a box to tick; a list view would select with it */
static gboolean
key_cb (MwRecordPicker *self,
        guint           keyval)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->view));

  return (keyval == GDK_KEY_space || keyval == GDK_KEY_KP_Space) && row != NULL && gtk_widget_activate (row);
}

static void
stop_search_cb (MwRecordPicker *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  else
    g_signal_emit (self, signals[DONE], 0);
}

static void
done_clicked_cb (MwRecordPicker *self)
{
  g_signal_emit (self, signals[DONE], 0);
}

/* ---- rows ---- */

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
setup_cb (MwRecordPicker *self,
          GtkListItem    *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_can_target (check, FALSE);
  /* not the same as focusable: a check button that only is not that says yes to the focus without taking it */
  gtk_widget_set_can_focus (check, FALSE);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), new_label (NULL));
  gtk_box_append (GTK_BOX (texts), new_label ("dim-label"));
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_list_item_set_child (item, box);
}

static void
say_row (MwRecord    *record,
         GParamSpec  *pspec,
         GtkListItem *item)
{
  GtkWidget       *row = gtk_widget_get_parent (gtk_list_item_get_child (item));
  const char      *state = is_selected (record) ? _ ("goes along") : _ ("does not go along");
  g_autofree char *spoken = NULL;

  if (mw_record_is_heading (record))
    spoken = g_strdup (mw_record_get_title (record));
  else
    /* Translators: title, date, and whether it is ticked */
    spoken = g_strdup_printf (_ ("%s, %s, %s"), mw_record_get_title (record), mw_record_get_detail (record), state);
  if (row != NULL)
    mw_accessible_set_name (row, spoken);
}

static void
bind_cb (MwRecordPicker *self,
         GtkListItem    *item)
{
  MwRecord  *record = gtk_list_item_get_item (item);
  GtkWidget *check = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_next_sibling (check));
  GtkWidget *detail = gtk_widget_get_next_sibling (title);
  gboolean   heading = mw_record_is_heading (record);

  gtk_widget_set_visible (check, !heading);
  gtk_widget_set_visible (detail, !heading);
  gtk_label_set_text (GTK_LABEL (title), mw_record_get_title (record));
  gtk_label_set_text (GTK_LABEL (detail), heading ? "" : mw_record_get_detail (record));
  if (heading)
    gtk_widget_add_css_class (title, "heading");
  else
    gtk_widget_remove_css_class (title, "heading");
  gtk_list_item_set_activatable (item, !heading);
  if (!heading)
    g_object_set_data_full (G_OBJECT (item), "binding",
                            g_object_ref (g_object_bind_property (record, "selected", check, "active", G_BINDING_SYNC_CREATE)),
                            g_object_unref);
  g_object_set_data (G_OBJECT (item), "spoken",
                     GUINT_TO_POINTER (g_signal_connect_object (record, "notify::selected", G_CALLBACK (say_row), item, 0)));
  say_row (record, NULL, item);
}

static void
unbind_cb (MwRecordPicker *self,
           GtkListItem    *item)
{
  MwRecord *record = gtk_list_item_get_item (item);
  GBinding *binding = g_object_get_data (G_OBJECT (item), "binding");
  gulong    spoken = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "spoken"));

  if (binding != NULL)
    g_binding_unbind (binding);
  g_object_set_data (G_OBJECT (item), "binding", NULL);
  if (spoken != 0)
    g_signal_handler_disconnect (record, spoken);
  g_object_set_data (G_OBJECT (item), "spoken", NULL);
}

/* ---- the widget ---- */

static void
mw_record_picker_dispose (GObject *object)
{
  MwRecordPicker *self = MW_RECORD_PICKER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_RECORD_PICKER);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->wanted, g_strfreev);
  G_OBJECT_CLASS (mw_record_picker_parent_class)->dispose (object);
}

static void
mw_record_picker_finalize (GObject *object)
{
  g_ptr_array_unref (MW_RECORD_PICKER (object)->records);
  G_OBJECT_CLASS (mw_record_picker_parent_class)->finalize (object);
}

static void
mw_record_picker_class_init (MwRecordPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_record_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_record_picker_finalize;
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (MW_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-record-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, MwRecordPicker, search);
  gtk_widget_class_bind_template_child (widget_class, MwRecordPicker, states);
  gtk_widget_class_bind_template_child (widget_class, MwRecordPicker, empty);
  gtk_widget_class_bind_template_child (widget_class, MwRecordPicker, view);
  gtk_widget_class_bind_template_child (widget_class, MwRecordPicker, done);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
  gtk_widget_class_bind_template_callback (widget_class, done_clicked_cb);
}

static void
mw_record_picker_init (MwRecordPicker *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  self->records = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = g_list_store_new (MW_TYPE_RECORD);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (MwRecordPicker) self = user_data;
  g_autoptr (GPtrArray) records = mw_records_load_finish (MW_STORE (source), result, NULL);

  if (records == NULL || self->shown == NULL)
    return;
  g_ptr_array_unref (self->records);
  self->records = g_ptr_array_ref (records);
  for (guint i = 0; i < records->len; i++)
    {
      MwRecord *record = g_ptr_array_index (records, i);

      if (self->wanted != NULL && g_strv_contains ((const char *const *) self->wanted, mw_record_get_reference (record)))
        g_object_set (record, "selected", TRUE, NULL);
    }
  show_matches (self);
  show_count (self);
}

/**
 * mw_record_picker_load:
 * @patient: people row
 * @selected: (nullable) (array zero-terminated=1): absolute references that are ticked already
 */
void
mw_record_picker_load (MwRecordPicker    *self,
                       MwStore           *store,
                       gint64             patient,
                       const char *const *selected)
{
  g_return_if_fail (MW_IS_RECORD_PICKER (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_ptr_array_set_size (self->records, 0);
  g_list_store_remove_all (self->shown);
  show_count (self);
  g_strfreev (self->wanted);
  self->wanted = g_strdupv ((GStrv) selected);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  mw_records_load_async (store, patient, self->cancellable, loaded_cb, g_object_ref (self));
}

/**
 * mw_record_picker_take_focus:
 *
 * Puts the focus in the search.
 */
void
mw_record_picker_take_focus (MwRecordPicker *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/**
 * mw_record_picker_dup_selected:
 *
 * Returns: (transfer full) (array zero-terminated=1): absolute references: what was ticked before and
 *   is not in the list, and what is ticked now
 */
GStrv
mw_record_picker_dup_selected (MwRecordPicker *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->records->len; i++)
    g_hash_table_add (listed, (gpointer) mw_record_get_reference (g_ptr_array_index (self->records, i)));
  for (guint i = 0; self->wanted != NULL && self->wanted[i] != NULL; i++)
    if (!g_hash_table_contains (listed, self->wanted[i]))
      g_strv_builder_add (builder, self->wanted[i]);
  for (guint i = 0; i < self->records->len; i++)
    if (is_selected (g_ptr_array_index (self->records, i)))
      g_strv_builder_add (builder, mw_record_get_reference (g_ptr_array_index (self->records, i)));
  return g_strv_builder_end (builder);
}
