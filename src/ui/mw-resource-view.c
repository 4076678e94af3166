/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-resource-view.h"

#include "mw-attachment-row.h"
#include "mw-attachment.h"
#include "mw-compose-style.h"
#include "mw-config.h"
#include "mw-styled-view.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Rows of fields that are built for one resource; a hostile one has a hundred thousand */
#define MAX_FIELDS 400
#define INDENT 12

struct _MwResourceView
{
  AdwExpanderRow parent_instance;

  GtkBox  *body;
  GtkGrid *fields;

  JsonNode      *resource;
  MwDescription *description;
  GPtrArray     *sources; /* the element with the bytes of each attachment, or NULL */
  gboolean       filled;
};

G_DEFINE_FINAL_TYPE (MwResourceView, mw_resource_view, ADW_TYPE_EXPANDER_ROW)

static GtkWidget *
new_label (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_field (MwResourceView           *self,
           const MwDescriptionField *field,
           int                       row)
{
  gboolean   heading = field->value == NULL || field->value[0] == '\0';
  GtkWidget *label = new_label (field->label, heading ? "heading" : "dim-label");
  GtkWidget *value;

  gtk_widget_set_margin_start (label, INDENT * (int) MIN (field->level, 6));
  gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
  gtk_grid_attach (self->fields, label, 0, row, heading ? 2 : 1, 1);
  if (heading)
    return;
  value = new_label (field->value, field->loud ? "error" : NULL);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_widget_set_hexpand (value, TRUE);
  if (field->loud)
    gtk_widget_add_css_class (value, "loud");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_grid_attach (self->fields, value, 1, row, 1, 1);
}

static void
add_fields (MwResourceView *self)
{
  GPtrArray *fields = self->description->fields;
  guint      n = fields != NULL ? fields->len : 0;

  for (guint i = 0; i < MIN (n, MAX_FIELDS); i++)
    add_field (self, g_ptr_array_index (fields, i), (int) i);
  if (n > MAX_FIELDS)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u more field is not shown", "%u more fields are not shown", n - MAX_FIELDS), n - MAX_FIELDS);

      gtk_grid_attach (self->fields, new_label (text, "dim-label"), 0, MAX_FIELDS, 2, 1);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->fields), n > 0);
}

static void
fill (MwResourceView *self)
{
  MwDescription *description = self->description;

  self->filled = TRUE;
  add_fields (self);
  if (description->narrative != NULL && description->narrative->text != NULL && description->narrative->text[0] != '\0')
    {
      gtk_box_append (self->body, new_label (_ ("In the sender's words"), "heading"));
      gtk_box_append (self->body, mw_styled_view_new (description->narrative));
    }
  for (guint i = 0; description->attachments != NULL && i < description->attachments->len; i++)
    gtk_box_append (self->body, mw_attachment_row_new (g_ptr_array_index (description->attachments, i), g_ptr_array_index (self->sources, i)));
}

static void
expanded_cb (MwResourceView *self)
{
  if (!self->filled && self->description != NULL && adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    fill (self);
}

static void
unref_node (gpointer data)
{
  if (data != NULL)
    json_node_unref (data);
}

static void
mw_resource_view_dispose (GObject *object)
{
  MwResourceView *self = MW_RESOURCE_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_RESOURCE_VIEW);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->description, mw_description_free);
  g_clear_pointer (&self->resource, json_node_unref);
  G_OBJECT_CLASS (mw_resource_view_parent_class)->dispose (object);
}

static void
mw_resource_view_class_init (MwResourceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  mw_compose_style_ensure ();
  G_OBJECT_CLASS (klass)->dispose = mw_resource_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-resource-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MwResourceView, body);
  gtk_widget_class_bind_template_child (widget_class, MwResourceView, fields);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
}

static void
mw_resource_view_init (MwResourceView *self)
{
  self->sources = g_ptr_array_new_with_free_func (unref_node);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * mw_resource_view_new:
 * @resource: of mw_json_parse()
 * @ctx: (nullable): where what it refers to may be found; used before this returns only
 *
 * The fields are built when the row is opened for the first time.
 */
GtkWidget *
mw_resource_view_new (JsonNode                *resource,
                      const MwDescribeContext *ctx)
{
  MwResourceView  *self = g_object_new (MW_TYPE_RESOURCE_VIEW, NULL);
  MwDescription   *description = mw_describe (resource, ctx);
  g_autofree char *title = g_markup_escape_text (description->title, -1);
  g_autofree char *summary = g_markup_escape_text (description->summary != NULL ? description->summary : "", -1);

  self->resource = json_node_ref (resource);
  self->description = description;
  for (guint i = 0; description->attachments != NULL && i < description->attachments->len; i++)
    {
      JsonNode *source = mw_attachment_source (resource, g_ptr_array_index (description->attachments, i), ctx);

      g_ptr_array_add (self->sources, source != NULL ? json_node_ref (source) : NULL);
    }
  if (description->warning != NULL)
    {
      g_autofree char *warning = g_markup_escape_text (description->warning, -1);
      g_autofree char *both = summary[0] != '\0' ? g_strdup_printf ("<b>⚠ %s</b> · %s", warning, summary) : g_strdup_printf ("<b>⚠ %s</b>", warning);

      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), both);
    }
  else
    adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), summary);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  return GTK_WIDGET (self);
}
