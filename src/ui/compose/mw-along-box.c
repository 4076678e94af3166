/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-along-box.h"

#include "mw-accessible.h"
#include "mw-attachment.h"
#include "mw-config.h"
#include "mw-datatypes.h"
#include "mw-resource-row.h"
#include "mw-when.h"
#include "mw-wrap-layout.h"

#include <glib/gi18n-lib.h>

struct _MwAlongBox
{
  AdwBin parent_instance;

  GtkListBox *list;
  GtkLabel   *news;
  GtkLabel   *hint;
  GtkWidget  *records;
  GtkWidget  *files;

  MwStore *store;
  gint64   patient;
  GStrv    references;
  guint    n_files;
};

G_DEFINE_FINAL_TYPE (MwAlongBox, mw_along_box, ADW_TYPE_BIN)

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
update_list (MwAlongBox *self)
{
  guint n = self->references != NULL ? g_strv_length (self->references) : 0;

  gtk_widget_set_visible (GTK_WIDGET (self->list), n + self->n_files > 0);
}

static GtkWidget *
new_row (const char *title,
         const char *detail,
         const char *icon,
         GtkWidget **remove)
{
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *button = gtk_button_new_from_icon_name ("edit-delete-symbolic");
  g_autofree char *spoken = g_strdup_printf (_ ("Remove “%s”"), title);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), icon);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Remove"));
  mw_accessible_set_name (button, spoken);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  *remove = button;
  return row;
}

static void
take_out (MwAlongBox *self,
          const char *reference)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; self->references != NULL && self->references[i] != NULL; i++)
    if (g_strcmp0 (self->references[i], reference) != 0)
      g_strv_builder_add (builder, self->references[i]);
  g_strfreev (self->references);
  self->references = g_strv_builder_end (builder);
}

static void
remove_resource_cb (MwAlongBox *self,
                    GtkWidget  *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);

  take_out (self, g_object_get_data (G_OBJECT (row), "reference"));
  gtk_widget_grab_focus (self->records);
  gtk_list_box_remove (self->list, row);
  update_list (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
remove_file_cb (MwAlongBox *self,
                GtkWidget  *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);
  gint64    *id = g_object_get_data (G_OBJECT (row), "file");

  gtk_widget_grab_focus (self->files);
  g_signal_emit (self, signals[REMOVE_FILE], 0, *id);
}

static char *
resource_detail (const MwResourceRow *row)
{
  g_autofree char *type = mw_resource_type_text (row->type);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) time = row->happened != 0 ? g_date_time_new_from_unix_local (row->happened / G_USEC_PER_SEC) : NULL;
  g_autofree char *when = time != NULL ? mw_when_text (time, now, FALSE) : NULL;

  return when != NULL ? g_strdup_printf ("%s · %s", type, when) : g_steal_pointer (&type);
}

static void
add_resource (MwAlongBox *self,
              const char *reference,
              int         position)
{
  MwDb *db = self->store != NULL ? mw_store_get_reader (self->store, NULL) : NULL;
  g_autoptr (MwResourceRow) stored = db != NULL ? mw_resources_by_reference (db, reference) : NULL;
  g_autofree char *detail = stored != NULL ? resource_detail (stored) : g_strdup (_ ("It is not on this computer"));
  const char      *title = stored != NULL && stored->title != NULL ? stored->title : _ ("Part of the record");
  GtkWidget       *remove;
  GtkWidget       *row = new_row (title, detail, "text-x-generic-symbolic", &remove);

  g_object_set_data_full (G_OBJECT (row), "reference", g_strdup (reference), g_free);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_resource_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_insert (self->list, row, position);
}

static void
add_file (MwAlongBox      *self,
          const MwFileRow *file)
{
  g_autofree char *size = g_format_size ((guint64) file->size);
  g_autofree char *kind = mw_attachment_kind_text (file->content_type);
  g_autofree char *detail = kind[0] != '\0' ? g_strdup_printf ("%s · %s", kind, size) : g_strdup (size);
  gint64          *id = g_new (gint64, 1);
  GtkWidget       *remove;
  GtkWidget       *row = new_row (file->title, detail, "mail-attachment-symbolic", &remove);

  *id = file->id;
  g_object_set_data_full (G_OBJECT (row), "file", id, g_free);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (remove_file_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->list, row);
}

static void
remove_rows (MwAlongBox *self,
             const char *data)
{
  GtkWidget *next;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL; row = next)
    {
      next = gtk_widget_get_next_sibling (row);
      if (g_object_get_data (G_OBJECT (row), data) != NULL)
        gtk_list_box_remove (self->list, row);
    }
}

static void
records_cb (MwAlongBox *self)
{
  g_signal_emit (self, signals[CHOOSE_RECORDS], 0);
}

static void
files_cb (MwAlongBox *self)
{
  g_signal_emit (self, signals[CHOOSE_FILES], 0);
}

static void
mw_along_box_dispose (GObject *object)
{
  MwAlongBox *self = MW_ALONG_BOX (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_ALONG_BOX);
  g_clear_object (&self->store);
  g_clear_pointer (&self->references, g_strfreev);
  G_OBJECT_CLASS (mw_along_box_parent_class)->dispose (object);
}

static void
mw_along_box_class_init (MwAlongBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType           type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_along_box_dispose;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOOSE_RECORDS] = g_signal_new ("choose-records", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOOSE_FILES] = g_signal_new ("choose-files", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE_FILE] = g_signal_new ("remove-file", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  g_type_ensure (MW_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-along-box.ui");
  gtk_widget_class_bind_template_child (widget_class, MwAlongBox, list);
  gtk_widget_class_bind_template_child (widget_class, MwAlongBox, news);
  gtk_widget_class_bind_template_child (widget_class, MwAlongBox, hint);
  gtk_widget_class_bind_template_child (widget_class, MwAlongBox, records);
  gtk_widget_class_bind_template_child (widget_class, MwAlongBox, files);
  gtk_widget_class_bind_template_callback (widget_class, records_cb);
  gtk_widget_class_bind_template_callback (widget_class, files_cb);
}

static void
mw_along_box_init (MwAlongBox *self)
{
  g_autofree char *hint = g_strdup_printf (_ ("Files of up to %u MB can also be dropped here. They are copied at once."),
                                           (guint) (MW_FILE_MAX_BYTES / 1024 / 1024));

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_text (self->hint, hint);
  mw_along_box_set_patient (self, 0);
}

void
mw_along_box_set_store (MwAlongBox *self,
                        MwStore    *store)
{
  g_set_object (&self->store, store);
}

/**
 * mw_along_box_set_resources:
 * @references: (nullable) (array zero-terminated=1): absolute references
 *
 * Does not emit "changed".
 */
void
mw_along_box_set_resources (MwAlongBox        *self,
                            const char *const *references)
{
  GStrv own = g_strdupv ((GStrv) references);

  g_strfreev (self->references);
  self->references = own;
  remove_rows (self, "reference");
  for (int i = 0; own != NULL && own[i] != NULL; i++)
    add_resource (self, own[i], i);
  update_list (self);
}

/**
 * mw_along_box_get_resources:
 *
 * Returns: (transfer none) (nullable): absolute references
 */
const char *const *
mw_along_box_get_resources (MwAlongBox *self)
{
  return (const char *const *) self->references;
}

/**
 * mw_along_box_set_files:
 * @files: (element-type MwFileRow):
 */
void
mw_along_box_set_files (MwAlongBox *self,
                        GPtrArray  *files)
{
  remove_rows (self, "file");
  self->n_files = files->len;
  for (guint i = 0; i < files->len; i++)
    add_file (self, g_ptr_array_index (files, i));
  update_list (self);
}

static guint
drop_others (MwAlongBox *self)
{
  MwDb *db = self->store != NULL ? mw_store_get_reader (self->store, NULL) : NULL;
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  guint dropped = 0;

  for (guint i = 0; db != NULL && self->references != NULL && self->references[i] != NULL; i++)
    {
      g_autoptr (MwResourceRow) row = mw_resources_by_reference (db, self->references[i]);

      if (row != NULL && row->patient != 0 && row->patient != self->patient)
        dropped++;
      else
        g_strv_builder_add (kept, self->references[i]);
    }
  if (dropped == 0)
    return 0;
  list = g_strv_builder_end (kept);
  mw_along_box_set_resources (self, (const char *const *) list);
  return dropped;
}

/**
 * mw_along_box_set_patient:
 * @patient: people row of the patient that it is about; 0 for none
 *
 * What belongs to another patient's record is taken out, and the box says so.
 */
void
mw_along_box_set_patient (MwAlongBox *self,
                          gint64      patient)
{
  guint dropped;

  self->patient = patient;
  gtk_widget_set_sensitive (self->records, patient != 0);
  gtk_widget_set_tooltip_text (self->records, patient != 0 ? NULL : _ ("Choose the patient first"));
  if (patient == 0)
    return;
  dropped = drop_others (self);
  if (dropped > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u part of another patient's record was taken out.",
                                                         "%u parts of another patient's record were taken out.", dropped),
                                               dropped);

      gtk_label_set_text (self->news, text);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->news), dropped > 0);
}
