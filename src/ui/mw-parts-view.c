/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-parts-view.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-resource-row.h"
#include "mw-resource-view.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Resources shown before a person asks for more; one is made in each turn of the main loop */
#define FIRST_PARTS 12
#define MORE_PARTS 24

struct _MwPartsView
{
  GtkWidget parent_instance;

  GtkLabel   *title;
  GtkListBox *list;
  GtkButton  *more;

  MwStore    *store;
  MwDetail   *detail;
  GHashTable *looked_up; /* reference → JsonNode, while the parts are described */
  guint       made;
  guint       wanted;
  guint       source;
};

G_DEFINE_FINAL_TYPE (MwPartsView, mw_parts_view, GTK_TYPE_WIDGET)

static JsonNode *
look_up (const char *reference,
         gpointer    user_data)
{
  MwPartsView *self = user_data;
  MwDb        *db;
  JsonNode    *node = NULL;
  g_autoptr (MwResourceRow) row = NULL;

  if (g_hash_table_lookup_extended (self->looked_up, reference, NULL, (gpointer *) &node))
    return node;
  db = mw_store_get_reader (self->store, NULL);
  row = db != NULL ? mw_resources_by_reference (db, reference) : NULL;
  if (row == NULL && db != NULL && self->detail->connection != NULL && strstr (reference, "://") == NULL)
    {
      g_autofree char *absolute = g_strdup_printf ("%s/%s", self->detail->connection->url, reference);

      row = mw_resources_by_reference (db, absolute);
    }
  if (row != NULL && row->raw != NULL)
    node = mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL);
  g_hash_table_insert (self->looked_up, g_strdup (reference), node);
  return node;
}

static void
add_part (MwPartsView  *self,
          const MwPart *part)
{
  MwDescribeContext context = { .bundle = part->bundle, .lookup = look_up, .lookup_data = self };
  GtkWidget        *view = mw_resource_view_new (part->resource, &context);

  mw_accessible_set_name (view, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (view)));
  gtk_list_box_append (self->list, view);
}

static gboolean
make_part (gpointer user_data)
{
  MwPartsView     *self = user_data;
  g_autofree char *text = NULL;
  guint            left;

  if (self->made < self->wanted)
    {
      add_part (self, g_ptr_array_index (self->detail->parts, self->made++));
      return G_SOURCE_CONTINUE;
    }
  self->source = 0;
  g_hash_table_remove_all (self->looked_up);
  left = self->detail->parts->len - self->made;
  text = g_strdup_printf (ngettext ("Show %u More", "Show %u More", left), left);
  gtk_button_set_label (self->more, text);
  gtk_widget_set_visible (GTK_WIDGET (self->more), left > 0);
  return G_SOURCE_REMOVE;
}

static void
want (MwPartsView *self,
      guint        n)
{
  self->wanted = MIN (self->made + n, self->detail->parts->len);
  gtk_widget_set_visible (GTK_WIDGET (self->more), FALSE);
  if (self->source == 0 && self->wanted > self->made)
    self->source = g_idle_add (make_part, self);
}

static void
more_cb (GtkButton   *button,
         MwPartsView *self)
{
  want (self, MORE_PARTS);
}

static gboolean
same_parts (const MwDetail *before,
            const MwDetail *after)
{
  if (before == NULL || before->id != after->id || before->is_item != after->is_item || before->parts->len != after->parts->len ||
      before->lines->len != after->lines->len)
    return FALSE;
  for (guint i = 0; i < after->parts->len; i++)
    {
      const MwPart    *one = g_ptr_array_index (before->parts, i);
      const MwPart    *other = g_ptr_array_index (after->parts, i);
      g_autofree char *one_version = mw_json_scalar (one->resource, "meta.versionId");
      g_autofree char *other_version = mw_json_scalar (other->resource, "meta.versionId");

      if (g_strcmp0 (one->reference, other->reference) != 0 || g_strcmp0 (one_version, other_version) != 0)
        return FALSE;
    }
  for (guint i = 0; i < after->lines->len; i++)
    if (g_strcmp0 (g_ptr_array_index (before->lines, i), g_ptr_array_index (after->lines, i)) != 0)
      return FALSE;
  return TRUE;
}

static void
add_line (MwPartsView *self,
          const char  *text)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "mw-line");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  mw_accessible_set_name (row, text);
  gtk_list_box_append (self->list, row);
}

static const char *
title_of (const MwDetail *detail)
{
  if (!detail->is_item)
    return _ ("What Came with It");
  return detail->item->handed_over > 0 ? _ ("What Was Handed Over") : _ ("What Will Be Sent");
}

static void
mw_parts_view_dispose (GObject *object)
{
  MwPartsView *self = MW_PARTS_VIEW (object);
  GtkWidget   *child;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->detail, mw_detail_unref);
  g_clear_object (&self->store);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (mw_parts_view_parent_class)->dispose (object);
}

static void
mw_parts_view_finalize (GObject *object)
{
  g_hash_table_unref (MW_PARTS_VIEW (object)->looked_up);
  G_OBJECT_CLASS (mw_parts_view_parent_class)->finalize (object);
}

static void
mw_parts_view_class_init (MwPartsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_parts_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_parts_view_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-parts-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPartsView, title);
  gtk_widget_class_bind_template_child (widget_class, MwPartsView, list);
  gtk_widget_class_bind_template_child (widget_class, MwPartsView, more);
  gtk_widget_class_bind_template_callback (widget_class, more_cb);
}

static void
free_node (gpointer node)
{
  g_clear_pointer (&node, json_node_unref);
}

static void
mw_parts_view_init (MwPartsView *self)
{
  self->looked_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_node);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
mw_parts_view_set_store (MwPartsView *self,
                         MwStore     *store)
{
  g_set_object (&self->store, store);
}

/**
 * mw_parts_view_show:
 *
 * Shows what @detail has. While that stays the same, rows and what is open in them stay.
 */
void
mw_parts_view_show (MwPartsView *self,
                    MwDetail    *detail)
{
  gboolean   same = same_parts (self->detail, detail);
  gboolean   any = detail->parts->len > 0 || detail->lines->len > 0;
  GtkWidget *child;

  g_clear_pointer (&self->detail, mw_detail_unref);
  self->detail = mw_detail_ref (detail);
  gtk_label_set_text (self->title, title_of (detail));
  mw_accessible_set_name (GTK_WIDGET (self->list), title_of (detail));
  gtk_widget_set_visible (GTK_WIDGET (self), any);
  if (same)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  self->made = 0;
  for (guint i = 0; i < detail->lines->len; i++)
    add_line (self, g_ptr_array_index (detail->lines, i));
  want (self, FIRST_PARTS);
}
