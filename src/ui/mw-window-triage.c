/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-window-private.h"

#include "mw-config.h"
#include "mw-snooze-dialog.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

/* How long the toast of a triage stays; Ctrl+Z works until the next one */
#define TRIAGE_TOAST_SECONDS 5

typedef struct
{
  MwWindow *window;
  MwTriage  verb;
  GArray   *ids;
  gboolean  told;
} Job;

static void
job_free (Job *job)
{
  g_object_unref (job->window);
  g_array_unref (job->ids);
  g_free (job);
}

static MwTriage
opposite (MwTriage verb)
{
  static const MwTriage table[] = {
    [MW_TRIAGE_READ] = MW_TRIAGE_UNREAD,
    [MW_TRIAGE_UNREAD] = MW_TRIAGE_READ,
    [MW_TRIAGE_FLAG] = MW_TRIAGE_UNFLAG,
    [MW_TRIAGE_UNFLAG] = MW_TRIAGE_FLAG,
    [MW_TRIAGE_ARCHIVE] = MW_TRIAGE_UNARCHIVE,
    [MW_TRIAGE_UNARCHIVE] = MW_TRIAGE_ARCHIVE,
    [MW_TRIAGE_ACKNOWLEDGE] = MW_TRIAGE_UNARCHIVE,
    [MW_TRIAGE_SNOOZE] = MW_TRIAGE_UNSNOOZE,
    [MW_TRIAGE_UNSNOOZE] = MW_TRIAGE_SNOOZE,
  };

  return table[verb];
}

static char *
told_words (MwTriage verb,
            guint    n)
{
  switch (verb)
    {
    case MW_TRIAGE_ARCHIVE:
      return g_strdup_printf (ngettext ("Entry archived", "%u entries archived", n), n);
    case MW_TRIAGE_UNARCHIVE:
      return g_strdup_printf (ngettext ("Entry is back in the inbox", "%u entries are back in the inbox", n), n);
    case MW_TRIAGE_ACKNOWLEDGE:
      return g_strdup_printf (ngettext ("Entry acknowledged", "%u entries acknowledged", n), n);
    case MW_TRIAGE_SNOOZE:
      return g_strdup_printf (ngettext ("Entry snoozed", "%u entries snoozed", n), n);
    case MW_TRIAGE_UNSNOOZE:
      return g_strdup_printf (ngettext ("Entry is back in the inbox", "%u entries are back in the inbox", n), n);
    case MW_TRIAGE_READ:
    case MW_TRIAGE_UNREAD:
    case MW_TRIAGE_FLAG:
    case MW_TRIAGE_UNFLAG:
    default:
      return NULL;
    }
}

static void
triage_done (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Job      *job = user_data;
  MwWindow *self = job->window;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  mw_triage_finish (MW_STORE (source), result, &error);
  if (self->store == NULL)
    {
      job_free (job);
      return;
    }
  if (error != NULL)
    mw_window_trouble (self, _ ("It stays as it was."), error);
  else if (job->told)
    {
      mw_window_forget_undo (self);
      self->undo.verb = opposite (job->verb);
      self->undo.ids = g_array_ref (job->ids);
      words = told_words (job->verb, job->ids->len);
      if (words != NULL)
        mw_window_toast_undo (self, words, TRIAGE_TOAST_SECONDS);
    }
  mw_window_update_actions (self);
  job_free (job);
}

static void
apply (MwWindow *self,
       MwTriage  verb,
       GArray   *ids,
       gint64    until,
       gboolean  told)
{
  Job *job = g_new0 (Job, 1);

  job->window = g_object_ref (self);
  job->verb = verb;
  job->ids = g_array_ref (ids);
  job->told = told;
  mw_triage_async (self->store, verb, (const gint64 *) (gpointer) ids->data, ids->len, until, g_get_real_time (), NULL, triage_done, job);
}

/* The entries that an action is about: those selected, else the one on the page */
static GArray *
targets (MwWindow *self)
{
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);
  GArray   *ids;

  if (mw_place_get (self->place)->content == MW_PLACE_OF_ENTRIES)
    {
      ids = mw_list_page_get_selected (self->list);
      if (ids->len > 0)
        return ids;
      g_array_unref (ids);
    }
  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (detail != NULL && !detail->is_item)
    g_array_append_val (ids, detail->id);
  return ids;
}

/**
 * mw_window_triage:
 * @until: µs, for a snooze
 * @told: whether it can be undone and a toast says so
 */
void
mw_window_triage (MwWindow *self,
                  MwTriage  verb,
                  gint64    until,
                  gboolean  told)
{
  g_autoptr (GArray) ids = targets (self);

  if (ids->len > 0)
    apply (self, verb, ids, until, told);
}

/**
 * mw_window_archive:
 * @acknowledge: whether what can be acknowledged is, before it leaves the inbox
 */
void
mw_window_archive (MwWindow *self,
                   gboolean  acknowledge)
{
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);
  gboolean  archived = self->place == MW_PLACE_ARCHIVE || (detail != NULL && !detail->is_item && detail->entry->archived > 0);

  if (archived)
    mw_window_triage (self, MW_TRIAGE_UNARCHIVE, 0, TRUE);
  else if (acknowledge && detail != NULL && !detail->is_item && detail->entry->acknowledged == 0 && detail->actions != NULL &&
           mw_action_find (detail->actions, "acknowledge") != NULL)
    mw_window_triage (self, MW_TRIAGE_ACKNOWLEDGE, 0, TRUE);
  else
    mw_window_triage (self, MW_TRIAGE_ARCHIVE, 0, TRUE);
}

static gint64
at_clock (int days,
          int hour)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = g_date_time_add_days (now, days);
  g_autoptr (GDateTime) then = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                                      g_date_time_get_day_of_month (day), hour, 0, 0);

  return g_date_time_to_unix (then) * G_USEC_PER_SEC;
}

static void
snooze_picked (gint64   until,
               gpointer user_data)
{
  mw_window_triage (MW_WINDOW (user_data), MW_TRIAGE_SNOOZE, until, TRUE);
}

/**
 * mw_window_snooze:
 * @when: later, tomorrow, week or pick
 */
void
mw_window_snooze (MwWindow   *self,
                  const char *when)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (g_strcmp0 (when, "pick") == 0)
    {
      mw_snooze_dialog_present (GTK_WINDOW (self), snooze_picked, GTK_WINDOW (self));
      return;
    }
  if (g_strcmp0 (when, "tomorrow") == 0)
    mw_window_triage (self, MW_TRIAGE_SNOOZE, at_clock (1, 8), TRUE);
  else if (g_strcmp0 (when, "week") == 0)
    mw_window_triage (self, MW_TRIAGE_SNOOZE, at_clock (8 - g_date_time_get_day_of_week (now), 8), TRUE);
  else
    mw_window_triage (self, MW_TRIAGE_SNOOZE, g_get_real_time () + 3 * G_TIME_SPAN_HOUR, TRUE);
}

void
mw_window_toggle_unread (MwWindow *self)
{
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);

  g_clear_handle_id (&self->read_source, g_source_remove);
  self->kept_unread = detail != NULL && !detail->is_item && !detail->entry->unread ? detail->id : 0;
  if (detail != NULL && !detail->is_item)
    mw_window_triage (self, detail->entry->unread ? MW_TRIAGE_READ : MW_TRIAGE_UNREAD, 0, FALSE);
  else
    mw_window_triage (self, MW_TRIAGE_READ, 0, TRUE);
}

void
mw_window_toggle_flag (MwWindow *self)
{
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);

  if (detail != NULL && !detail->is_item)
    mw_window_triage (self, detail->entry->flagged ? MW_TRIAGE_UNFLAG : MW_TRIAGE_FLAG, 0, FALSE);
}

/**
 * mw_window_mark_read_soon:
 *
 * The entry on the page has been there long enough to count as read.
 */
void
mw_window_mark_read_soon (MwWindow *self)
{
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (detail == NULL || detail->is_item || !detail->entry->unread)
    return;
  g_array_append_val (ids, detail->id);
  apply (self, MW_TRIAGE_READ, ids, 0, FALSE);
}

/**
 * mw_window_undo:
 *
 * Takes back the last triage, or the item that was saved last while it has not left.
 */
void
mw_window_undo (MwWindow *self)
{
  g_autoptr (GArray) ids = g_steal_pointer (&self->undo.ids);

  mw_window_dismiss_undo (self);
  if (ids != NULL)
    apply (self, self->undo.verb, ids, 0, FALSE);
  else if (self->undo.item > 0)
    mw_window_act (self, MW_OUTBOX_UNDO, self->undo.item);
  self->undo.item = 0;
  mw_window_update_actions (self);
}
