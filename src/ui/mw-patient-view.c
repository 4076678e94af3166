/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-patient-view.h"

#include "mw-accessible.h"
#include "mw-compose-rules.h"
#include "mw-compose-text.h"
#include "mw-config.h"
#include "mw-fhir-date.h"
#include "mw-patient-banner.h"
#include "mw-patient-chart.h"
#include "mw-record.h"
#include "mw-resource-row.h"
#include "mw-resource-view.h"
#include "mw-when.h"
#include "mw-workflow.h"
#include "mw-wrap-layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Rows that a type shows until more are wanted */
#define FIRST_ROWS 5
/* Rows that are built in one turn of the main loop */
#define ROWS_PER_TURN 3

/* A list of resources that is being filled */
typedef struct
{
  GPtrArray  *records;
  GtkListBox *list;
  guint       next;
  guint       end;
} Fill;

struct _MwPatientView
{
  AdwBin parent_instance;

  MwPatientBanner *banner;
  GtkBox          *actions;
  GtkBox          *parts;

  MwStore      *store;
  gint64        patient;
  MwChart      *chart;
  GCancellable *cancellable;
  GQueue        fills;
  guint         source;
  GHashTable   *looked_up; /* reference → JsonNode, NULL for what is not here */
};

G_DEFINE_FINAL_TYPE (MwPatientView, mw_patient_view, ADW_TYPE_BIN)

enum
{
  OPEN_ENTRY,
  OPEN_ITEM,
  COMPOSE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
free_fill (gpointer data)
{
  Fill *fill = data;

  g_ptr_array_unref (fill->records);
  g_object_unref (fill->list);
  g_free (fill);
}

static void
unref_node (gpointer data)
{
  if (data != NULL)
    json_node_unref (data);
}

/* ---- the record ---- */

static JsonNode *
look_up (const char *reference,
         gpointer    user_data)
{
  MwPatientView *self = user_data;
  MwDb          *db = mw_store_get_reader (self->store, NULL);
  JsonNode      *node = NULL;
  g_autoptr (MwResourceRow) row = NULL;

  if (g_hash_table_lookup_extended (self->looked_up, reference, NULL, (gpointer *) &node))
    return node;
  row = db != NULL ? mw_resources_by_reference (db, reference) : NULL;
  if (row == NULL && db != NULL && self->chart->base != NULL && strstr (reference, "://") == NULL)
    {
      g_autofree char *absolute = g_strdup_printf ("%s/%s", self->chart->base, reference);

      row = mw_resources_by_reference (db, absolute);
    }
  if (row != NULL && row->raw != NULL)
    node = mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL);
  g_hash_table_insert (self->looked_up, g_strdup (reference), node);
  return node;
}

static GtkWidget *
new_resource_row (MwPatientView *self,
                  MwRecord      *record)
{
  MwDescribeContext context = { .lookup = look_up, .lookup_data = self };
  MwDb             *db = mw_store_get_reader (self->store, NULL);
  g_autoptr (MwResourceRow) row = db != NULL ? mw_resources_load (db, mw_record_get_id (record)) : NULL;
  g_autoptr (JsonNode) node = NULL;
  GtkWidget *view;
  GtkWidget *date;

  if (row != NULL && row->raw != NULL)
    node = mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL);
  if (node == NULL)
    return NULL;
  view = mw_resource_view_new (node, &context);
  date = gtk_label_new (mw_record_get_detail (record));
  gtk_widget_add_css_class (date, "dim-label");
  gtk_widget_add_css_class (date, "numeric");
  adw_expander_row_add_action (ADW_EXPANDER_ROW (view), date);
  return view;
}

static gboolean
fill_cb (gpointer user_data)
{
  MwPatientView *self = user_data;

  for (guint i = 0; i < ROWS_PER_TURN; i++)
    {
      Fill      *fill = g_queue_peek_head (&self->fills);
      GtkWidget *row;

      if (fill == NULL)
        break;
      if (fill->next >= fill->end)
        {
          free_fill (g_queue_pop_head (&self->fills));
          continue;
        }
      row = new_resource_row (self, g_ptr_array_index (fill->records, fill->next++));
      if (row != NULL)
        gtk_list_box_append (fill->list, row);
    }
  if (!g_queue_is_empty (&self->fills))
    return G_SOURCE_CONTINUE;
  self->source = 0;
  return G_SOURCE_REMOVE;
}

static void
queue_fill (MwPatientView *self,
            GPtrArray     *records,
            GtkListBox    *list,
            guint          from,
            guint          end)
{
  Fill *fill = g_new0 (Fill, 1);

  fill->records = g_ptr_array_ref (records);
  fill->list = g_object_ref (list);
  fill->next = from;
  fill->end = end;
  g_queue_push_tail (&self->fills, fill);
  if (self->source == 0)
    self->source = g_idle_add_full (G_PRIORITY_LOW, fill_cb, self, NULL);
}

static GtkWidget *
new_list (const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  mw_accessible_set_name (list, name);
  return list;
}

static GtkWidget *
new_part (MwPatientView *self,
          const char    *title,
          guint          count)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *text = count > 0 ? g_strdup_printf ("%s · %u", title, count) : g_strdup (title);
  GtkWidget       *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (self->parts, box);
  return box;
}

static void
more_cb (MwPatientView *self,
         GtkWidget     *button)
{
  GPtrArray  *records = g_object_get_data (G_OBJECT (button), "records");
  GtkListBox *list = g_object_get_data (G_OBJECT (button), "list");

  queue_fill (self, records, list, FIRST_ROWS, records->len);
  gtk_widget_set_visible (button, FALSE);
}

static void
unref_array (gpointer data)
{
  g_ptr_array_unref (data);
}

static void
add_type (MwPatientView *self,
          GPtrArray     *records)
{
  g_autoptr (MwRecord) heading = mw_record_new_heading (mw_record_get_resource_type (g_ptr_array_index (records, 0)));
  const char *title = mw_record_get_title (heading);
  GtkWidget  *part = new_part (self, title, records->len);
  GtkWidget  *list = new_list (title);

  gtk_box_append (GTK_BOX (part), list);
  queue_fill (self, records, GTK_LIST_BOX (list), 0, MIN (records->len, FIRST_ROWS));
  if (records->len > FIRST_ROWS)
    {
      g_autofree char *text = g_strdup_printf (_ ("Show All %u"), records->len);
      g_autofree char *spoken = g_strdup_printf (_ ("Show all %u: %s"), records->len, title);
      GtkWidget       *button = gtk_button_new_with_label (text);

      g_object_set_data_full (G_OBJECT (button), "records", g_ptr_array_ref (records), unref_array);
      g_object_set_data (G_OBJECT (button), "list", list);
      mw_accessible_set_name (button, spoken);
      gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      g_signal_connect_object (button, "clicked", G_CALLBACK (more_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (part), button);
    }
}

/* ---- values over time ---- */

static void
add_point (GtkGrid            *grid,
           const MwTrendPoint *point,
           int                 row)
{
  g_autofree char *date = mw_fhir_date_to_display (point->at);
  GtkWidget       *at = gtk_label_new (date);
  GtkWidget       *value = gtk_label_new (point->value);

  gtk_label_set_xalign (GTK_LABEL (at), 0);
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_set_hexpand (at, TRUE);
  gtk_widget_add_css_class (at, "dim-label");
  gtk_widget_add_css_class (value, "numeric");
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, at, NULL, -1);
  gtk_grid_attach (grid, at, 0, row, 1, 1);
  gtk_grid_attach (grid, value, 1, row, 1, 1);
}

static GtkWidget *
new_trend_row (const MwTrend *trend)
{
  const MwTrendPoint *newest = g_ptr_array_index (trend->points, 0);
  const MwTrendPoint *before = g_ptr_array_index (trend->points, 1);
  GtkWidget          *row = adw_expander_row_new ();
  GtkWidget          *inner = adw_preferences_row_new ();
  GtkWidget          *grid = gtk_grid_new ();
  g_autofree char    *date = mw_fhir_date_to_display (newest->at);
  g_autofree char    *title = g_markup_escape_text (trend->title, -1);
  /* Translators: newest value, its date; then how it stands to the value before: "higher", and that value */
  g_autofree char *text = g_strdup_printf (_ ("%s · %s · %s (before: %s)"), newest->value, date, mw_trend_direction (trend), before->value);
  g_autofree char *subtitle = g_markup_escape_text (text, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_widget_set_margin_top (grid, 12);
  gtk_widget_set_margin_bottom (grid, 12);
  gtk_widget_set_margin_start (grid, 12);
  gtk_widget_set_margin_end (grid, 12);
  for (guint i = 0; i < trend->points->len; i++)
    add_point (GTK_GRID (grid), g_ptr_array_index (trend->points, i), (int) i);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (inner), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (inner), grid);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), inner);
  return row;
}

static void
add_trends (MwPatientView *self)
{
  GtkWidget *part, *list;

  if (self->chart->trends->len == 0)
    return;
  part = new_part (self, _ ("Values over time"), 0);
  list = new_list (_ ("Values over time"));
  for (guint i = 0; i < self->chart->trends->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), new_trend_row (g_ptr_array_index (self->chart->trends, i)));
  gtk_box_append (GTK_BOX (part), list);
}

/* ---- threads ---- */

static void
thread_cb (MwPatientView *self,
           GtkListBoxRow *row)
{
  gint64  *id = g_object_get_data (G_OBJECT (row), "id");
  gboolean item = g_object_get_data (G_OBJECT (row), "item") != NULL;

  g_signal_emit (self, signals[item ? OPEN_ITEM : OPEN_ENTRY], 0, *id);
}

static GtkWidget *
new_thread_row (const MwChartThread *thread,
                GDateTime           *now)
{
  GtkWidget *row = adw_action_row_new ();
  gint64    *id = g_new (gint64, 1);
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (thread->at / G_USEC_PER_SEC);
  g_autofree char *when = at != NULL ? mw_when_text (at, now, TRUE) : g_strdup ("");
  const char      *who = thread->party != NULL ? thread->party : _ ("unknown");
  g_autofree char *detail = NULL;

  if (thread->is_item)
    /* Translators: a kind such as Message, to whom, and when */
    detail = g_strdup_printf (_ ("%s to %s · %s"), mw_kind_label (thread->kind), who, when);
  else
    /* Translators: a kind such as Message, from whom, and when */
    detail = g_strdup_printf (_ ("%s from %s · %s"), mw_kind_label (thread->kind), who, when);
  *id = thread->id;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), thread->subject);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  if (thread->unread)
    {
      GtkWidget *unread = gtk_label_new (_ ("Unread"));

      gtk_widget_add_css_class (unread, "accent");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), unread);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "id", id, g_free);
  if (thread->is_item)
    g_object_set_data (G_OBJECT (row), "item", GINT_TO_POINTER (1));
  return row;
}

static void
add_threads (MwPatientView *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  GtkWidget *part, *list;

  if (self->chart->threads->len == 0)
    return;
  part = new_part (self, _ ("Sent and received"), 0);
  list = new_list (_ ("Sent and received"));
  for (guint i = 0; i < self->chart->threads->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), new_thread_row (g_ptr_array_index (self->chart->threads, i), now));
  g_signal_connect_object (list, "row-activated", G_CALLBACK (thread_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (part), list);
}

/* ---- the whole ---- */

static void
clear (MwPatientView *self)
{
  GtkWidget *child;

  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->fills, free_fill);
  g_hash_table_remove_all (self->looked_up);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->parts))) != NULL)
    gtk_box_remove (self->parts, child);
}

static void
show_chart (MwPatientView *self)
{
  clear (self);
  mw_patient_banner_set_person (self->banner, self->chart->person, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->banner), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->actions), TRUE);
  add_threads (self);
  add_trends (self);
  for (guint i = 0; i < self->chart->types->len; i++)
    add_type (self, g_ptr_array_index (self->chart->types, i));
  if (self->chart->types->len == 0)
    {
      GtkWidget *label = gtk_label_new (_ ("Nothing of this patient's record is on this computer yet."));

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (self->parts, label);
    }
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (MwPatientView) self = user_data;
  MwChart *chart = mw_chart_load_finish (MW_STORE (source), result, NULL);

  if (chart == NULL)
    return;
  if (self->store == NULL)
    {
      mw_chart_free (chart);
      return;
    }
  clear (self);
  mw_chart_free (self->chart);
  self->chart = chart;
  show_chart (self);
}

static void
compose_cb (MwPatientView *self,
            GtkWidget     *button)
{
  const char *kind = g_object_get_data (G_OBJECT (button), "kind");

  if (self->chart != NULL)
    g_signal_emit (self, signals[COMPOSE], 0, kind, self->chart->person->reference);
}

static void
add_actions (MwPatientView *self)
{
  const char *const *kinds = mw_compose_kinds ();

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      /* Translators: begins something new, such as a Message; the kind follows */
      g_autofree char *text = g_strdup_printf (_ ("New %s"), mw_kind_label (kinds[i]));
      GtkWidget       *button = gtk_button_new_with_label (text);

      g_object_set_data (G_OBJECT (button), "kind", (gpointer) kinds[i]);
      g_signal_connect_object (button, "clicked", G_CALLBACK (compose_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->actions, button);
    }
}

static void
mw_patient_view_dispose (GObject *object)
{
  MwPatientView *self = MW_PATIENT_VIEW (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->fills, free_fill);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PATIENT_VIEW);
  g_clear_pointer (&self->chart, mw_chart_free);
  g_clear_pointer (&self->looked_up, g_hash_table_unref);
  G_OBJECT_CLASS (mw_patient_view_parent_class)->dispose (object);
}

static void
mw_patient_view_class_init (MwPatientViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType           type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_patient_view_dispose;
  signals[OPEN_ENTRY] = g_signal_new ("open-entry", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[OPEN_ITEM] = g_signal_new ("open-item", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[COMPOSE] = g_signal_new ("compose", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  g_type_ensure (MW_TYPE_PATIENT_BANNER);
  g_type_ensure (MW_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-patient-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPatientView, banner);
  gtk_widget_class_bind_template_child (widget_class, MwPatientView, actions);
  gtk_widget_class_bind_template_child (widget_class, MwPatientView, parts);
}

static void
mw_patient_view_init (MwPatientView *self)
{
  g_queue_init (&self->fills);
  self->looked_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_node);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_actions (self);
}

/**
 * mw_patient_view_show:
 * @patient: people row
 *
 * Shows another patient, or the same one again after something of her changed.
 */
void
mw_patient_view_show (MwPatientView *self,
                      MwStore       *store,
                      gint64         patient)
{
  g_return_if_fail (MW_IS_PATIENT_VIEW (self));

  g_set_object (&self->store, store);
  if (self->patient != patient)
    {
      /* never one patient's record below another one's name */
      clear (self);
      g_clear_pointer (&self->chart, mw_chart_free);
      gtk_widget_set_visible (GTK_WIDGET (self->banner), FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->actions), FALSE);
    }
  self->patient = patient;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  mw_chart_load_async (store, patient, self->cancellable, loaded_cb, g_object_ref (self));
}
