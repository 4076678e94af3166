/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-question-card.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-decision.h"
#include "mw-wrap-layout.h"

#include <glib/gi18n-lib.h>

/* A candidate's column: two fit beside each other in the pane, one on a telephone */
#define COLUMN_WIDTH 236
#define COLUMN_CHARS 24

struct _MwQuestionCard
{
  GtkWidget parent_instance;

  GtkWidget    *box;
  GtkWidget    *trouble;
  MwStore      *store;
  GCancellable *cancellable;
  gint64        question; /* the one that is shown: its buttons stay, and with them the focus */
  gint64        check;    /* the same, when it is a patient check that is shown */
};

G_DEFINE_FINAL_TYPE (MwQuestionCard, mw_question_card, GTK_TYPE_WIDGET)

static GtkWidget *
append_label (GtkWidget  *box,
              const char *text,
              const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

/* ---- answering --------------------------------------------------------- */

static void
answer_written (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (MwQuestionCard) self = user_data;
  g_autoptr (GError) error = NULL;

  if (mw_decision_take_finish (MW_STORE (source), result, &error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->trouble == NULL)
    return;
  gtk_widget_set_sensitive (self->box, TRUE);
  gtk_label_set_text (GTK_LABEL (self->trouble), g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE)
                                                     ? _ ("This question is not open any more.")
                                                     : _ ("Your answer could not be saved. Try again."));
  gtk_widget_set_visible (self->trouble, TRUE);
}

static void
button_clicked (GtkButton *button,
                gpointer   user_data)
{
  MwQuestionCard *self = user_data;
  const char     *value = g_object_get_data (G_OBJECT (button), "mw-value");

  /* one answer, however often the button is hit */
  gtk_widget_set_sensitive (self->box, FALSE);
  if (self->check != 0)
    mw_decision_take_check_async (self->store, self->check, value, g_get_real_time (), self->cancellable, answer_written, g_object_ref (self));
  else
    mw_decision_take_async (self->store, self->question, value, g_get_real_time (), self->cancellable, answer_written, g_object_ref (self));
}

/* @about: (nullable): whom it is for, for those who do not see where it stands */
static GtkWidget *
make_button (MwQuestionCard *self,
             const char     *label,
             const char     *value,
             const char     *about)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_object_set_data_full (G_OBJECT (button), "mw-value", g_strdup (value), g_free);
  if (about != NULL)
    {
      /* Translators: what a button does, and whom it is about */
      g_autofree char *name = g_strdup_printf (C_ ("button", "%s: %s"), label, about);

      mw_accessible_set_name (button, name);
    }
  g_signal_connect_object (button, "clicked", G_CALLBACK (button_clicked), self, 0);
  return button;
}

/* ---- the candidates ----------------------------------------------------- */

static void
append_line (GtkWidget *column,
             JsonNode  *line)
{
  GtkWidget  *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  const char *verdict = mw_json_string (line, "verdict");
  const char *words = mw_decision_verdict_words (verdict);
  const char *label = mw_json_string (line, "label");
  const char *here = mw_json_string (line, "here");
  const char *there = mw_json_string (line, "there");
  gboolean    differs = g_strcmp0 (verdict, "different") == 0;
  /* Translators: what is compared, and how it compares: "Birth date: Differs" */
  g_autofree char *head = words != NULL ? g_strdup_printf (C_ ("comparison", "%s: %s"), label, words) : g_strdup (label);

  gtk_widget_add_css_class (box, "mw-compared");
  if (differs)
    gtk_widget_add_css_class (box, "different");
  gtk_label_set_max_width_chars (GTK_LABEL (append_label (box, head, "mw-compared-head")), COLUMN_CHARS);
  if (here == NULL || there == NULL || g_strcmp0 (verdict, "same") == 0)
    gtk_label_set_max_width_chars (GTK_LABEL (append_label (box, there != NULL ? there : here, NULL)), COLUMN_CHARS);
  else
    {
      /* Translators: of a comparison: %s is what this computer knows */
      g_autofree char *one = g_strdup_printf (C_ ("comparison", "Here: %s"), here != NULL ? here : "–");
      /* Translators: of a comparison: %s is what the other server knows */
      g_autofree char *other = g_strdup_printf (C_ ("comparison", "There: %s"), there != NULL ? there : "–");

      gtk_label_set_max_width_chars (GTK_LABEL (append_label (box, one, NULL)), COLUMN_CHARS);
      gtk_label_set_max_width_chars (GTK_LABEL (append_label (box, other, NULL)), COLUMN_CHARS);
    }
  gtk_box_append (GTK_BOX (column), box);
}

static GtkWidget *
make_candidate (MwQuestionCard *self,
                const char     *about,
                JsonNode       *choice)
{
  GtkWidget  *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  const char *title = mw_json_string (choice, "title");
  guint       n = mw_json_length (choice, "lines");
  const char *does = mw_decision_choice_words (about);
  GtkWidget  *button = make_button (self, does != NULL ? does : title, mw_json_string (choice, "value"), does != NULL ? title : NULL);

  gtk_widget_set_size_request (column, COLUMN_WIDTH, -1);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_widget_add_css_class (column, "mw-candidate");
  mw_accessible_set_name (column, title);
  if (does != NULL)
    gtk_label_set_max_width_chars (GTK_LABEL (append_label (column, title, "heading")), COLUMN_CHARS);
  for (guint i = 0; i < n; i++)
    append_line (column, mw_json_item (choice, "lines", i));
  gtk_widget_set_margin_top (button, 4);
  gtk_box_append (GTK_BOX (column), button);
  return column;
}

/* ---- two patients beside each other ------------------------------------- */

/* @side: the member of each line that this patient has */
static GtkWidget *
make_side (const char *caption,
           const char *side,
           JsonNode   *lines)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  guint      n = mw_json_length (lines, NULL);

  gtk_widget_set_size_request (column, COLUMN_WIDTH, -1);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_widget_add_css_class (column, "mw-candidate");
  mw_accessible_set_name (column, caption);
  gtk_label_set_max_width_chars (GTK_LABEL (append_label (column, caption, "heading")), COLUMN_CHARS);
  for (guint i = 0; i < n; i++)
    {
      JsonNode        *line = mw_json_item (lines, NULL, i);
      GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
      const char      *verdict = mw_json_string (line, "verdict");
      gboolean         differs = g_strcmp0 (verdict, "different") == 0;
      const char      *label = mw_json_string (line, "label");
      const char      *value = mw_json_string (line, side);
      g_autofree char *head = differs ? g_strdup_printf (C_ ("comparison", "%s: %s"), label, mw_decision_verdict_words (verdict)) : g_strdup (label);

      gtk_widget_add_css_class (box, "mw-compared");
      if (differs)
        gtk_widget_add_css_class (box, "different");
      gtk_label_set_max_width_chars (GTK_LABEL (append_label (box, head, "mw-compared-head")), COLUMN_CHARS);
      gtk_label_set_max_width_chars (GTK_LABEL (append_label (box, value != NULL ? value : _ ("Not said"), value != NULL ? NULL : "dim-label")), COLUMN_CHARS);
      gtk_box_append (GTK_BOX (column), box);
    }
  return column;
}

static void
fill_check (MwQuestionCard       *self,
            const MwPatientCheck *check)
{
  static const char *const decisions[] = { MW_CHECK_BELONGS, MW_CHECK_DOES_NOT_BELONG };
  GtkWidget               *sides = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget               *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (sides, mw_wrap_layout_new ());
  gtk_widget_set_layout_manager (buttons, mw_wrap_layout_new ());
  append_label (self->box, check->text, "heading");
  append_label (self->box, _ ("Until you decide it is in nobody’s record, and it answers nothing."), "dim-label");
  gtk_box_append (GTK_BOX (sides), make_side (_ ("The request is about"), "here", check->lines));
  gtk_box_append (GTK_BOX (sides), make_side (_ ("This is about"), "there", check->lines));
  gtk_box_append (GTK_BOX (self->box), sides);
  for (gsize i = 0; i < G_N_ELEMENTS (decisions); i++)
    gtk_box_append (GTK_BOX (buttons), make_button (self, mw_decision_label (decisions[i]), decisions[i], NULL));
  gtk_box_append (GTK_BOX (self->box), buttons);
}

static void
clear (MwQuestionCard *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  self->trouble = NULL;
}

static void
fill (MwQuestionCard   *self,
      const MwQuestion *question)
{
  GtkWidget *candidates = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  guint      n = mw_json_length (question->choices, NULL);

  gtk_widget_set_layout_manager (candidates, mw_wrap_layout_new ());
  append_label (self->box, question->text, "heading");
  gtk_box_append (GTK_BOX (self->box), candidates);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *choice = mw_json_item (question->choices, NULL, i);

      if (g_strcmp0 (mw_json_string (choice, "value"), MW_QUESTION_NONE) != 0)
        {
          gtk_box_append (GTK_BOX (candidates), make_candidate (self, question->about, choice));
          continue;
        }
      /* where the button says it all, the line above it would say it twice */
      if (mw_decision_choice_words (question->about) != NULL)
        append_label (self->box, mw_json_string (choice, "title"), "dim-label");
      gtk_box_append (GTK_BOX (self->box), make_button (self, mw_decision_none_words (question->about), MW_QUESTION_NONE, NULL));
      gtk_widget_set_halign (gtk_widget_get_last_child (self->box), GTK_ALIGN_START);
    }
}

/* ---- object ------------------------------------------------------------- */

static void
mw_question_card_dispose (GObject *object)
{
  MwQuestionCard *self = MW_QUESTION_CARD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  self->trouble = NULL;
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (mw_question_card_parent_class)->dispose (object);
}

static void
mw_question_card_finalize (GObject *object)
{
  g_clear_object (&MW_QUESTION_CARD (object)->cancellable);
  G_OBJECT_CLASS (mw_question_card_parent_class)->finalize (object);
}

static void
mw_question_card_class_init (MwQuestionCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_question_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_question_card_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
mw_question_card_init (MwQuestionCard *self)
{
  self->cancellable = g_cancellable_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_widget_add_css_class (self->box, "mw-question");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
mw_question_card_set_store (MwQuestionCard *self,
                            MwStore        *store)
{
  g_set_object (&self->store, store);
}

/**
 * mw_question_card_show:
 * @question: (nullable): an open question
 * @check: (nullable): an open check of whom an answer is about; shown when there is no question
 *
 * With neither the card is hidden.
 */
void
mw_question_card_show (MwQuestionCard       *self,
                       const MwQuestion     *question,
                       const MwPatientCheck *check)
{
  gint64 id = question != NULL ? question->id : 0;
  gint64 check_id = question == NULL && check != NULL && check->decision == NULL ? check->id : 0;

  gtk_widget_set_visible (GTK_WIDGET (self), id != 0 || check_id != 0);
  if (id == self->question && check_id == self->check)
    return;
  self->question = id;
  self->check = check_id;
  clear (self);
  if (id != 0)
    fill (self, question);
  else if (check_id != 0)
    fill_check (self, check);
  else
    return;
  self->trouble = append_label (self->box, "", "error");
  gtk_widget_set_visible (self->trouble, FALSE);
  gtk_widget_set_sensitive (self->box, TRUE);
}
