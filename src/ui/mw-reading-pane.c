/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-reading-pane.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-parts-view.h"
#include "mw-patient-banner.h"
#include "mw-place.h"
#include "mw-question-card.h"
#include "mw-timeline.h"
#include "mw-words.h"
#include "mw-wrap-layout.h"

#include <glib/gi18n-lib.h>

/* Between two readings while commits keep coming in */
#define REFRESH_MILLISECONDS 500

struct _MwReadingPane
{
  GtkWidget parent_instance;

  AdwHeaderBar      *header;
  AdwWindowTitle    *title;
  GtkWidget         *back;
  GtkWidget         *done;
  GtkWidget         *reply;
  GtkWidget         *snooze;
  GtkWidget         *more;
  GtkStack          *stack;
  AdwStatusPage     *nothing;
  GtkScrolledWindow *scroller;
  AdwBin            *banner_slot;
  GtkWidget         *warning;
  GtkLabel          *warning_label;
  GtkLabel          *subject;
  GtkLabel          *priority;
  GtkLabel          *meta;
  GtkWidget         *state;
  GtkLabel          *state_label;
  GtkLabel          *state_next;
  GtkLabel          *state_trouble;
  GtkLabel          *words;
  MwQuestionCard    *question;
  GtkBox            *actions;
  MwPartsView       *parts;
  GtkWidget         *thread_title;
  MwTimeline        *moments;

  MwStore      *store;
  guint         watch;
  GCancellable *cancellable;
  gint64        id;
  gboolean      is_item;
  MwDetail     *detail;
  guint         refresh_source;
  gboolean      loading;
  gboolean      dirty;
};

enum
{
  LOADED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MwReadingPane, mw_reading_pane, GTK_TYPE_WIDGET)

static void load (MwReadingPane *self);

/* ---- actions --------------------------------------------------------------- */

static void
add_button (MwReadingPane *self,
            const char    *label,
            const char    *action,
            const char    *target,
            const char    *style)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (style != NULL)
    gtk_widget_add_css_class (button, style);
  gtk_box_append (self->actions, button);
}

static void
add_entry_actions (MwReadingPane *self)
{
  const MwEntry *entry = self->detail->entry;

  if (entry->archived > 0)
    add_button (self, _ ("Back to Inbox"), "win.archive-only", NULL, NULL);
  for (const MwAction *action = self->detail->actions; action != NULL && action->name != NULL; action++)
    {
      gboolean asks = action->effect == MW_EFFECT_COMPOSE || action->note > 0;
      /* Translators: %s is a verb on a button that opens a form */
      g_autofree char *label = asks ? g_strdup_printf (C_ ("button", "%s…"), action->label) : g_strdup (action->label);

      if (action->effect == MW_EFFECT_LOCAL && entry->archived > 0)
        continue;
      add_button (self, label, "win.entry-action", action->name, action->suggested ? "suggested-action" : action->destructive ? "mw-destructive"
                                                                                                                              : NULL);
    }
}

static void
add_item_actions (MwReadingPane *self)
{
  gint64 now = g_get_real_time ();

  switch (self->detail->item->state)
    {
    case MW_ITEM_DRAFT:
      add_button (self, _ ("Go on Writing…"), "win.item-verb", "edit", "suggested-action");
      add_button (self, _ ("Discard"), "win.item-verb", "discard", "mw-destructive");
      break;
    case MW_ITEM_SAVED:
      if (self->detail->item->not_before > now && !self->detail->item->scheduled)
        add_button (self, _ ("Undo"), "win.item-verb", "undo", "suggested-action");
      else
        add_button (self, _ ("Edit…"), "win.item-verb", "edit", NULL);
      add_button (self, _ ("Send Now"), "win.item-verb", "send-now", NULL);
      add_button (self, _ ("Withdraw"), "win.item-verb", "withdraw", "mw-destructive");
      break;
    case MW_ITEM_PREPARING:
      add_button (self, _ ("Try Now"), "win.item-verb", "retry", NULL);
      add_button (self, _ ("Edit…"), "win.item-verb", "edit", NULL);
      add_button (self, _ ("Withdraw"), "win.item-verb", "withdraw", "mw-destructive");
      break;
    case MW_ITEM_UNKNOWN:
      add_button (self, _ ("Look Now"), "win.item-verb", "retry", NULL);
      break;
    case MW_ITEM_ATTENTION:
      add_button (self, _ ("Edit…"), "win.item-verb", "edit", self->detail->question == NULL ? "suggested-action" : NULL);
      add_button (self, _ ("Try Again"), "win.item-verb", "retry", NULL);
      add_button (self, _ ("Withdraw"), "win.item-verb", "withdraw", "mw-destructive");
      break;
    case MW_ITEM_WITHDRAWN:
      add_button (self, _ ("Discard"), "win.item-verb", "discard", "mw-destructive");
      break;
    case MW_ITEM_SENDING:
    case MW_ITEM_HANDED_OVER:
    case MW_ITEM_WAITING:
    case MW_ITEM_ANSWERED:
    case MW_ITEM_OVERDUE:
    default:
      break;
    }
}

/* What the buttons depend on; while it stays, they stay, and with them the focus */
static char *
actions_key (const MwDetail *detail)
{
  if (detail->is_item)
    return g_strdup_printf ("i%" G_GINT64_FORMAT " %d %d %d", detail->id, detail->item->state, detail->item->scheduled,
                            detail->item->not_before > g_get_real_time ());
  return g_strdup_printf ("e%" G_GINT64_FORMAT " %p %d", detail->id, (gconstpointer) detail->actions, detail->entry->archived > 0);
}

static void
show_actions (MwReadingPane *self)
{
  g_autofree char *key = actions_key (self->detail);
  GtkWidget       *child;

  if (g_strcmp0 (key, g_object_get_data (G_OBJECT (self->actions), "mw-key")) == 0)
    return;
  g_object_set_data_full (G_OBJECT (self->actions), "mw-key", g_steal_pointer (&key), g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->actions))) != NULL)
    gtk_box_remove (self->actions, child);
  if (self->detail->is_item)
    add_item_actions (self);
  else
    add_entry_actions (self);
  gtk_widget_set_visible (GTK_WIDGET (self->actions), gtk_widget_get_first_child (GTK_WIDGET (self->actions)) != NULL);
}

/* ---- the rest ---------------------------------------------------------------- */

static void
set_label (GtkLabel   *label,
           const char *text)
{
  /* setting the same text lays it out again */
  if (g_strcmp0 (gtk_label_get_text (label), text != NULL ? text : "") != 0)
    gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static gboolean
same_person (const MwPerson *one,
             const MwPerson *other)
{
  if (one == NULL || other == NULL)
    return one == other;
  return one->id == other->id && g_strcmp0 (one->name, other->name) == 0 && g_strcmp0 (one->birth_date, other->birth_date) == 0 &&
         g_strcmp0 (one->gender, other->gender) == 0 && g_strcmp0 (one->identifiers, other->identifiers) == 0;
}

static void
show_banner (MwReadingPane *self)
{
  const MwDetail *detail = self->detail;
  const char     *name = detail->is_item ? detail->item->patient_name : detail->entry->patient_name;
  GtkWidget      *banner = adw_bin_get_child (self->banner_slot);
  gboolean        known = detail->patient != NULL || name != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->banner_slot), known);
  if (!known)
    return;
  if (banner == NULL)
    {
      GtkWidget *record = gtk_button_new_with_label (_ ("Record"));

      gtk_actionable_set_action_name (GTK_ACTIONABLE (record), "win.record");
      gtk_widget_set_tooltip_text (record, _ ("Open the patient’s record"));
      banner = mw_patient_banner_new ();
      mw_patient_banner_set_action (MW_PATIENT_BANNER (banner), record);
      adw_bin_set_child (self->banner_slot, banner);
    }
  mw_patient_banner_set_person (MW_PATIENT_BANNER (banner), detail->patient, name);
}

static void
add_meta (GString    *text,
          const char *words)
{
  if (words == NULL || *words == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, words);
}

static void
show_times (MwReadingPane *self)
{
  const MwDetail *detail = self->detail;
  gint64          now = g_get_real_time ();
  g_autoptr (GString) meta = g_string_new (NULL);
  g_autofree char *when = NULL;

  add_meta (meta, mw_kind_word (detail->is_item ? detail->item->kind : detail->entry->kind));
  if (detail->is_item)
    {
      g_autofree char *state = mw_words_item_state (detail->item, now);
      g_autofree char *next = mw_words_wait (detail->item, now);
      g_autofree char *trouble = detail->item->state == MW_ITEM_ATTENTION ? NULL : mw_words_trouble (detail->item);

      if (detail->item->recipient != NULL)
        {
          /* Translators: %s is a recipient */
          g_autofree char *to = g_strdup_printf (_ ("to %s"), detail->item->recipient);

          add_meta (meta, to);
        }
      add_meta (meta, detail->item->way);
      set_label (self->state_label, state);
      set_label (self->state_next, next);
      set_label (self->state_trouble, trouble);
    }
  else
    {
      when = mw_words_moment (detail->entry->sent > 0 ? detail->entry->sent : detail->entry->received, now);
      add_meta (meta, detail->entry->sender);
      add_meta (meta, when);
      if (detail->entry->acknowledged > 0)
        add_meta (meta, _ ("acknowledged"));
      if (detail->entry->snoozed_until > now)
        {
          g_autofree char *until = mw_words_moment (detail->entry->snoozed_until, now);
          g_autofree char *words = g_strdup_printf (_ ("snoozed until %s"), until);

          add_meta (meta, words);
        }
    }
  set_label (self->meta, meta->str);
}

static void
show_header (MwReadingPane *self)
{
  const MwDetail *detail = self->detail;
  gboolean        entry = !detail->is_item;

  gtk_widget_set_visible (self->done, entry && detail->entry->archived == 0);
  gtk_widget_set_visible (self->reply, entry);
  gtk_widget_set_visible (self->snooze, entry && detail->entry->archived == 0);
  /* a draft that was never saved has nothing to prove */
  gtk_widget_set_visible (self->more, entry || detail->item->saved > 0);
}

static void
show_detail (MwReadingPane *self,
             MwDetail      *before)
{
  MwDetail  *detail = self->detail;
  gboolean   is_new = before == NULL || before->id != detail->id || before->is_item != detail->is_item;
  MwPriority priority = detail->is_item ? detail->item->priority : detail->entry->priority;
  gboolean   checking = detail->check != NULL && detail->check->decision == NULL;
  /* the card says it, with both side by side */
  const char *warning = detail->is_item || checking ? NULL : detail->entry->warning;

  show_header (self);
  if (is_new || !same_person (before->patient, detail->patient))
    show_banner (self);
  set_label (self->warning_label, warning);
  gtk_widget_set_visible (self->warning, warning != NULL);
  set_label (self->subject, detail->is_item ? detail->item->subject : detail->entry->subject);
  set_label (self->priority, mw_words_priority (priority));
  /* the card of a question says it all */
  gtk_widget_set_visible (self->state, detail->is_item && detail->question == NULL);
  if (detail->is_item && (detail->item->state == MW_ITEM_ATTENTION || detail->item->state == MW_ITEM_OVERDUE))
    gtk_widget_add_css_class (self->state, "attention");
  else
    gtk_widget_remove_css_class (self->state, "attention");
  set_label (self->words, detail->words);
  show_times (self);
  mw_question_card_show (self->question, detail->question, detail->check);
  show_actions (self);
  mw_parts_view_show (self->parts, detail);
  mw_timeline_show (self->moments, detail);
  gtk_widget_set_visible (self->thread_title, detail->moments->len > 0);
  if (is_new)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
show_nothing (MwReadingPane *self)
{
  g_clear_pointer (&self->detail, mw_detail_unref);
  gtk_widget_set_visible (self->done, FALSE);
  gtk_widget_set_visible (self->reply, FALSE);
  gtk_widget_set_visible (self->snooze, FALSE);
  gtk_widget_set_visible (self->more, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

/* ---- loading ------------------------------------------------------------------ */

static gboolean
refresh_again (gpointer user_data)
{
  MwReadingPane *self = user_data;

  self->refresh_source = 0;
  if (self->dirty)
    load (self);
  return G_SOURCE_REMOVE;
}

static void
detail_loaded (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (MwReadingPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MwDetail) detail = mw_detail_load_finish (MW_STORE (source), result, &error);
  g_autoptr (MwDetail) before = NULL;

  self->loading = FALSE;
  if (self->store == NULL)
    return;
  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add (REFRESH_MILLISECONDS, refresh_again, self);
  if (detail == NULL && g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND) && !self->dirty)
    {
      show_nothing (self);
      g_signal_emit (self, signals[LOADED], 0);
      return;
    }
  if (detail == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !self->dirty)
    g_warning ("An entry could not be read: %s", error->message);
  if (detail == NULL || detail->id != self->id || detail->is_item != self->is_item)
    {
      if (self->id != 0 && self->dirty)
        load (self);
      return;
    }
  before = g_steal_pointer (&self->detail);
  self->detail = g_steal_pointer (&detail);
  show_detail (self, before);
  g_signal_emit (self, signals[LOADED], 0);
}

/* What is shown stays until the next is read: nothing flickers, nothing spins */
static void
load (MwReadingPane *self)
{
  self->dirty = TRUE;
  if (self->loading || self->id == 0)
    return;
  self->loading = TRUE;
  self->dirty = FALSE;
  mw_detail_load_async (self->store, self->id, self->is_item, self->cancellable, detail_loaded, g_object_ref (self));
}

static void
store_changed (MwStore *store,
               MwChange changes,
               gpointer user_data)
{
  MwReadingPane *self = user_data;

  if (self->id == 0 || (changes & (MW_CHANGE_ENTRIES | MW_CHANGE_ITEMS | MW_CHANGE_JOURNAL | MW_CHANGE_RESOURCES | MW_CHANGE_PEOPLE)) == 0)
    return;
  self->dirty = TRUE;
  if (self->refresh_source == 0)
    load (self);
}

/* ---- object -------------------------------------------------------------------- */

static void
mw_reading_pane_dispose (GObject *object)
{
  MwReadingPane *self = MW_READING_PANE (object);
  GtkWidget     *child;

  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_pointer (&self->detail, mw_detail_unref);
  g_clear_object (&self->store);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (mw_reading_pane_parent_class)->dispose (object);
}

static void
mw_reading_pane_finalize (GObject *object)
{
  MwReadingPane *self = MW_READING_PANE (object);

  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (mw_reading_pane_parent_class)->finalize (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, MwReadingPane, name)

static void
mw_reading_pane_class_init (MwReadingPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_reading_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_reading_pane_finalize;
  signals[LOADED] = g_signal_new ("loaded", MW_TYPE_READING_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (MW_TYPE_WRAP_LAYOUT);
  g_type_ensure (MW_TYPE_PARTS_VIEW);
  g_type_ensure (MW_TYPE_QUESTION_CARD);
  g_type_ensure (MW_TYPE_TIMELINE);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-reading-pane.ui");
  BIND (header);
  BIND (title);
  BIND (back);
  BIND (done);
  BIND (reply);
  BIND (snooze);
  BIND (more);
  BIND (stack);
  BIND (nothing);
  BIND (scroller);
  BIND (banner_slot);
  BIND (warning);
  BIND (warning_label);
  BIND (subject);
  BIND (priority);
  BIND (meta);
  BIND (state);
  BIND (state_label);
  BIND (state_next);
  BIND (state_trouble);
  BIND (words);
  BIND (question);
  BIND (actions);
  BIND (parts);
  BIND (thread_title);
  BIND (moments);
}

static void
mw_reading_pane_init (MwReadingPane *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (GTK_WIDGET (self));
  show_nothing (self);
}

void
mw_reading_pane_set_store (MwReadingPane *self,
                           MwStore       *store)
{
  g_return_if_fail (self->store == NULL);
  self->store = g_object_ref (store);
  mw_parts_view_set_store (self->parts, store);
  mw_question_card_set_store (self->question, store);
  self->watch = mw_store_watch (store, store_changed, self);
}

/**
 * mw_reading_pane_show:
 * @id: 0 for nothing
 */
void
mw_reading_pane_show (MwReadingPane *self,
                      gint64         id,
                      gboolean       is_item)
{
  if (self->id == id && self->is_item == is_item && (id == 0) == (self->detail == NULL))
    return;
  self->id = id;
  self->is_item = is_item;
  adw_status_page_set_title (self->nothing, _ ("Nothing Selected"));
  adw_status_page_set_description (self->nothing, _ ("Choose something from the list to read it here."));
  if (id == 0)
    show_nothing (self);
  else
    load (self);
}

/**
 * mw_reading_pane_show_several:
 *
 * Says how many rows are selected instead of showing one of them.
 */
void
mw_reading_pane_show_several (MwReadingPane *self,
                              guint          n)
{
  g_autofree char *title = g_strdup_printf (ngettext ("%u Selected", "%u Selected", n), n);

  self->id = 0;
  show_nothing (self);
  adw_status_page_set_title (self->nothing, title);
  adw_status_page_set_description (self->nothing, _ ("What you do now happens to all of them."));
}

/**
 * mw_reading_pane_get_detail:
 *
 * Returns: (transfer none) (nullable): what is shown; NULL while it is nothing, or not yet what was asked for
 */
MwDetail *
mw_reading_pane_get_detail (MwReadingPane *self)
{
  if (self->detail == NULL || self->detail->id != self->id || self->detail->is_item != self->is_item)
    return NULL;
  return self->detail;
}

void
mw_reading_pane_set_folded (MwReadingPane *self,
                            gboolean       folded)
{
  gtk_widget_set_visible (self->back, folded);
}

/**
 * mw_reading_pane_tick:
 *
 * Brings the words that depend on the time up to date.
 */
void
mw_reading_pane_tick (MwReadingPane *self)
{
  if (self->detail == NULL)
    return;
  show_times (self);
  show_actions (self);
}

void
mw_reading_pane_popup_snooze (MwReadingPane *self)
{
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->snooze));
}
