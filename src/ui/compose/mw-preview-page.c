/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-preview-page.h"

#include "mw-accessible.h"
#include "mw-compose-rules.h"
#include "mw-compose-text.h"
#include "mw-config.h"
#include "mw-file-row.h"
#include "mw-outbox.h"
#include "mw-patient-banner.h"
#include "mw-person.h"
#include "mw-resource-row.h"

#include <glib/gi18n-lib.h>

/* Characters of one body that are shown; with a file inside it has millions */
#define MAX_BODY 200000
#define MAX_REQUESTS 60

/* One request as text, made off the GTK thread */
typedef struct
{
  char *head;
  char *words;
  char *body;
} Shown;

typedef struct
{
  gint64         item;
  MwDraft       *draft;
  char          *way;
  gboolean       awaits;
  GPtrArray     *lines;
  GPtrArray     *requests;
  char          *trouble;
  MwPreviewPage *page;
  guint          serial;
} Job;

struct _MwPreviewPage
{
  AdwBin parent_instance;

  GtkLabel            *problem;
  AdwPreferencesGroup *words;
  GtkBox              *requests;

  GPtrArray    *rows; /* in words */
  GCancellable *cancellable;
  guint         serial;
};

G_DEFINE_FINAL_TYPE (MwPreviewPage, mw_preview_page, ADW_TYPE_BIN)

static void
free_shown (gpointer data)
{
  Shown *shown = data;

  g_free (shown->head);
  g_free (shown->words);
  g_free (shown->body);
  g_free (shown);
}

static void
clear_job (gpointer data)
{
  Job *job = data;

  mw_draft_free (job->draft);
  g_free (job->way);
  g_free (job->trouble);
  g_ptr_array_unref (job->lines);
  g_ptr_array_unref (job->requests);
}

static void
unref_job (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

static char *
body_text (const MwPlannedRequest *request)
{
  gsize       length = 0;
  const char *bytes = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;
  g_autoptr (JsonNode) node = bytes != NULL ? mw_json_parse (bytes, (gssize) length, NULL) : NULL;
  g_autofree char *text = NULL;

  if (node == NULL && request->edit != NULL)
    node = json_node_ref (request->edit);
  if (node == NULL)
    return NULL;
  text = mw_json_to_text (node, TRUE);
  if (g_utf8_strlen (text, -1) > MAX_BODY)
    {
      g_autofree char *part = g_utf8_substring (text, 0, MAX_BODY);

      return g_strconcat (part, "\n…", NULL);
    }
  return g_steal_pointer (&text);
}

static void
take_name (MwDb       *db,
           char      **name,
           const char *reference)
{
  g_autoptr (MwPerson) person = mw_people_by_reference (db, reference);

  if (person == NULL)
    return;
  g_free (*name);
  *name = g_strdup (person->name);
}

/* What the person chose, when the plan does not say it in words of its own */
static void
add_choices (MwDb *db,
             Job  *job)
{
  g_autoptr (GPtrArray) files = job->item != 0 ? mw_files_of_item (db, job->item, FALSE, NULL) : NULL;

  for (guint i = 0; job->draft->resources != NULL && job->draft->resources[i] != NULL; i++)
    {
      g_autoptr (MwResourceRow) row = mw_resources_by_reference (db, job->draft->resources[i]);

      if (row != NULL)
        /* Translators: a part of the record that goes along */
        g_ptr_array_add (job->lines, g_strdup_printf (_ ("Goes along: %s"), row->title != NULL ? row->title : row->type));
    }
  for (guint i = 0; files != NULL && i < files->len; i++)
    g_ptr_array_add (job->lines, g_strdup_printf (_ ("Goes along: %s"), ((MwFileRow *) g_ptr_array_index (files, i))->title));
}

/* A name is not enough to know by that it is the right one */
static void
take_patient (MwDb    *db,
              MwDraft *draft)
{
  g_autoptr (MwPerson) person = mw_people_by_reference (db, draft->patient);
  g_autofree char *summary = person != NULL ? mw_person_summary (person, g_get_real_time ()) : NULL;

  if (summary == NULL || summary[0] == '\0')
    return;
  g_free (draft->patient_name);
  draft->patient_name = g_strdup_printf ("%s · %s", person->name, summary);
}

static gint64
run (MwDb    *db,
     gpointer input,
     GError **error)
{
  Job *job = input;
  g_autoptr (GError) local = NULL;
  g_autoptr (MwPlan) plan = mw_outbox_preview (db, job->draft, job->item, &local);

  take_name (db, &job->draft->to_name, job->draft->to);
  take_name (db, &job->draft->patient_name, job->draft->patient);
  take_patient (db, job->draft);
  if (plan == NULL || plan->lines == NULL || plan->lines->len == 0)
    add_choices (db, job);
  if (plan == NULL)
    {
      job->trouble = g_strdup (local != NULL ? local->message : NULL);
      return 0;
    }
  job->way = g_strdup (plan->way);
  job->awaits = plan->awaits;
  for (guint i = 0; plan->lines != NULL && i < plan->lines->len; i++)
    g_ptr_array_add (job->lines, g_strdup (g_ptr_array_index (plan->lines, i)));
  for (guint i = 0; plan->requests != NULL && i < MIN (plan->requests->len, MAX_REQUESTS); i++)
    {
      const MwPlannedRequest *request = g_ptr_array_index (plan->requests, i);
      Shown                  *shown = g_new0 (Shown, 1);

      shown->head = g_strdup_printf ("%s %s", request->method, request->url);
      shown->words = g_strdup (request->words);
      shown->body = body_text (request);
      g_ptr_array_add (job->requests, shown);
    }
  return 1;
}

static void
add_words (MwPreviewPage *self,
           const char    *title,
           const char    *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_row_set_title_selectable (ADW_PREFERENCES_ROW (row), TRUE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text != NULL ? text : "");
  adw_preferences_group_add (self->words, row);
  g_ptr_array_add (self->rows, row);
}

static void
copy_cb (GtkWidget *button)
{
  const char *text = g_object_get_data (G_OBJECT (button), "text");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), text);
  gtk_button_set_label (GTK_BUTTON (button), _ ("Copied"));
}

static GtkWidget *
new_json_view (const Shown *shown)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), shown->body, -1);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 8);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 8);
  gtk_widget_add_css_class (view, "mw-plain");
  gtk_widget_set_direction (view, GTK_TEXT_DIR_LTR);
  mw_accessible_set_name (view, shown->head);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 160);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 360);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_widget_add_css_class (scroller, "card");
  return scroller;
}

static void
add_request (MwPreviewPage *self,
             const Shown   *shown)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *head = gtk_label_new (shown->head);

  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_label_set_wrap (GTK_LABEL (head), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (head), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (head), TRUE);
  gtk_widget_set_hexpand (head, TRUE);
  gtk_widget_add_css_class (head, "monospace");
  gtk_box_append (GTK_BOX (top), head);
  gtk_box_append (GTK_BOX (box), top);
  if (shown->body != NULL)
    {
      GtkWidget *copy = gtk_button_new_with_label (_ ("Copy"));

      gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (copy), "text", g_strdup (shown->body), g_free);
      g_signal_connect (copy, "clicked", G_CALLBACK (copy_cb), NULL);
      gtk_box_append (GTK_BOX (top), copy);
      gtk_box_append (GTK_BOX (box), new_json_view (shown));
    }
  gtk_box_append (self->requests, box);
}

static void
clear (MwPreviewPage *self)
{
  GtkWidget *child;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->words, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->requests))) != NULL)
    gtk_box_remove (self->requests, child);
}

static void
fill (MwPreviewPage *self,
      const Job     *job)
{
  g_autoptr (GPtrArray) pairs = mw_compose_to_pairs (job->draft);

  clear (self);
  for (guint i = 0; i + 1 < pairs->len; i += 2)
    add_words (self, pairs->pdata[i], pairs->pdata[i + 1]);
  for (guint i = 0; i < job->lines->len; i++)
    add_words (self, g_ptr_array_index (job->lines, i), NULL);
  if (job->way != NULL)
    add_words (self, _ ("How it is sent"), job->way);
  if (job->requests->len > 0)
    add_words (self, _ ("What comes back"),
               job->awaits ? _ ("An answer is expected, and its absence is noticed") : _ ("No answer is expected; when one comes, it is filed here"));
  else if (job->trouble != NULL)
    add_words (self, _ ("It cannot be shown yet"), job->trouble);
  else
    add_words (self, _ ("It cannot be shown yet"), _ ("How it is written is decided once it is known where it goes. That happens in the background."));
  for (guint i = 0; i < job->requests->len; i++)
    add_request (self, g_ptr_array_index (job->requests, i));
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Job *job = user_data;
  g_autoptr (MwPreviewPage) self = job->page;
  g_autoptr (GError) error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && job->serial == self->serial && self->rows != NULL)
    fill (self, job);
  unref_job (job);
}

static void
mw_preview_page_dispose (GObject *object)
{
  MwPreviewPage *self = MW_PREVIEW_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), MW_TYPE_PREVIEW_PAGE);
  G_OBJECT_CLASS (mw_preview_page_parent_class)->dispose (object);
}

static void
mw_preview_page_class_init (MwPreviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_preview_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-preview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwPreviewPage, problem);
  gtk_widget_class_bind_template_child (widget_class, MwPreviewPage, words);
  gtk_widget_class_bind_template_child (widget_class, MwPreviewPage, requests);
}

static void
mw_preview_page_init (MwPreviewPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * mw_preview_page_show:
 * @draft: as it is to be sent
 * @item: the stored draft whose files go along; 0 for none
 * @problem: (nullable): what is still missing
 *
 * Works out, off the GTK thread, what would leave, and shows it.
 */
void
mw_preview_page_show (MwPreviewPage *self,
                      MwStore       *store,
                      const MwDraft *draft,
                      gint64         item,
                      const char    *problem)
{
  Job *job = g_atomic_rc_box_new0 (Job);

  g_return_if_fail (MW_IS_PREVIEW_PAGE (self));

  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  job->item = item;
  job->draft = mw_compose_copy (draft);
  job->lines = g_ptr_array_new_with_free_func (g_free);
  job->requests = g_ptr_array_new_with_free_func (free_shown);
  job->page = g_object_ref (self);
  job->serial = ++self->serial;
  mw_store_read_async (store, run, g_atomic_rc_box_acquire (job), unref_job, self->cancellable, done_cb, job);
}
