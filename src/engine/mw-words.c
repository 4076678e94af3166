/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-words.h"

#include "mw-config.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

/* A countdown by the second is shown for waits up to this long */
#define COUNTDOWN_SECONDS 60
/* How long a journey to another time zone may go unnoticed */
#define ZONE_SECONDS 5

static void
zone_free (gpointer data)
{
  g_time_zone_unref (data);
}

/* GLib asks the file system for the zone each time, and a list has hundreds of times in it */
static GTimeZone *
local_zone (void)
{
  static GPrivate             cache = G_PRIVATE_INIT (zone_free);
  static _Thread_local gint64 until;
  gint64                      now = g_get_monotonic_time ();

  if (now >= until)
    {
      g_private_replace (&cache, g_time_zone_new_local ());
      until = now + ZONE_SECONDS * G_USEC_PER_SEC;
    }
  return g_private_get (&cache);
}

static GDateTime *
local_time (gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);

  /* a hostile server may name a year that no calendar has */
  if (utc == NULL)
    utc = g_date_time_new_from_unix_utc (0);
  return g_date_time_to_timezone (utc, local_zone ());
}

static char *
format_time (GDateTime  *time,
             const char *format)
{
  g_autofree char *text = g_date_time_format (time, format);

  return g_strdup (text != NULL ? text : "");
}

/* Whether the locale writes 2:02 PM: its own time format says so */
static gboolean
twelve_hours (void)
{
  const char *format = nl_langinfo (T_FMT);

  return strstr (format, "%I") != NULL || strstr (format, "%r") != NULL || strstr (format, "%l") != NULL;
}

static int
days_between (GDateTime *earlier,
              GDateTime *later)
{
  GDate from, to;

  g_date_clear (&from, 1);
  g_date_clear (&to, 1);
  g_date_set_dmy (&from, (GDateDay) g_date_time_get_day_of_month (earlier),
                  (GDateMonth) g_date_time_get_month (earlier), (GDateYear) g_date_time_get_year (earlier));
  g_date_set_dmy (&to, (GDateDay) g_date_time_get_day_of_month (later),
                  (GDateMonth) g_date_time_get_month (later), (GDateYear) g_date_time_get_year (later));
  return g_date_days_between (&from, &to);
}

/**
 * mw_words_clock:
 * @at: µs since 1970
 *
 * Returns: (transfer full): "14:02", or "2:02 PM" where the locale counts so
 */
char *
mw_words_clock (gint64 at)
{
  g_autoptr (GDateTime) time = local_time (at);

  /* Translators: a time of day for locales with a.m. and p.m. */
  return format_time (time, twelve_hours () ? C_ ("time", "%-l:%M %p") : "%H:%M");
}

/**
 * mw_words_day:
 *
 * Returns: (transfer full): "today", "yesterday", "tomorrow", "Monday", "3 November", "3 November 2025"
 */
char *
mw_words_day (gint64 at,
              gint64 now)
{
  g_autoptr (GDateTime) time = local_time (at);
  g_autoptr (GDateTime) today = local_time (now);
  int days = days_between (time, today);

  if (days == 0)
    return g_strdup (C_ ("day", "today"));
  if (days == 1)
    return g_strdup (C_ ("day", "yesterday"));
  if (days == -1)
    return g_strdup (C_ ("day", "tomorrow"));
  if (days > -7 && days < 7)
    return format_time (time, "%A");
  /* Translators: a day in this year, for g_date_time_format() */
  if (g_date_time_get_year (time) == g_date_time_get_year (today))
    return format_time (time, C_ ("date", "%-e %B"));
  /* Translators: a day in another year, for g_date_time_format() */
  return format_time (time, C_ ("date", "%-e %B %Y"));
}

/**
 * mw_words_age:
 *
 * The narrow form for lists.
 *
 * Returns: (transfer full): "14:02", "Yesterday", "Fri", "3 Nov", "3 Nov 2025"; "" for no time at all
 */
char *
mw_words_age (gint64 at,
              gint64 now)
{
  g_autoptr (GDateTime) time = local_time (at);
  g_autoptr (GDateTime) today = local_time (now);
  int days = days_between (time, today);

  if (at <= 0)
    return g_strdup ("");
  if (days == 0)
    return mw_words_clock (at);
  if (days == 1)
    return g_strdup (C_ ("list", "Yesterday"));
  if (days == -1)
    return g_strdup (C_ ("list", "Tomorrow"));
  if (days > -7 && days < 7)
    return format_time (time, "%a");
  /* Translators: a short day in this year, for g_date_time_format() */
  if (g_date_time_get_year (time) == g_date_time_get_year (today))
    return format_time (time, C_ ("date", "%-e %b"));
  /* Translators: a short day in another year, for g_date_time_format() */
  return format_time (time, C_ ("date", "%-e %b %Y"));
}

/**
 * mw_words_moment:
 *
 * Returns: (transfer full): "10:02" for today, else "tomorrow 08:00", "Monday 10:02", "3 November 10:02"
 */
char *
mw_words_moment (gint64 at,
                 gint64 now)
{
  g_autoptr (GDateTime) time = local_time (at);
  g_autoptr (GDateTime) today = local_time (now);
  g_autofree char *clock = mw_words_clock (at);
  g_autofree char *day = NULL;

  if (days_between (time, today) == 0)
    return g_steal_pointer (&clock);
  day = mw_words_day (at, now);
  /* Translators: a day and a time: "tomorrow 08:00" */
  return g_strdup_printf (C_ ("day and time", "%s %s"), day, clock);
}

/**
 * mw_words_size:
 *
 * Returns: (transfer full): "240 kB"
 */
char *
mw_words_size (gint64 bytes)
{
  return g_format_size ((guint64) MAX (bytes, 0));
}

/**
 * mw_words_priority:
 *
 * Returns: (nullable): the word of FHIR R4 request-priority; NULL for routine, which needs none
 */
const char *
mw_words_priority (MwPriority priority)
{
  switch (priority)
    {
    case MW_PRIORITY_URGENT:
      return C_ ("priority", "Urgent");
    case MW_PRIORITY_ASAP:
      return C_ ("priority", "As soon as possible");
    case MW_PRIORITY_STAT:
      return C_ ("priority", "Immediately");
    case MW_PRIORITY_ROUTINE:
    default:
      return NULL;
    }
}

/**
 * mw_words_counts_down:
 *
 * Returns: whether the words of mw_words_item_state() change every second now
 */
gboolean
mw_words_counts_down (const MwItem *item,
                      gint64        now)
{
  return item->state == MW_ITEM_SAVED && !item->scheduled && item->not_before > now &&
         item->not_before - now <= COUNTDOWN_SECONDS * G_USEC_PER_SEC;
}

static char *
saved_words (const MwItem *item,
             gint64        now)
{
  g_autofree char *when = NULL;
  gint64           left = (item->not_before - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  if (mw_words_counts_down (item, now))
    /* Translators: the item is on disk and can still be taken back */
    return g_strdup_printf (ngettext ("Saved, leaves in %d s", "Saved, leaves in %d s", (gulong) left), (int) left);
  if (item->not_before > now)
    {
      when = mw_words_moment (item->not_before, now);
      /* Translators: %s is a time that the person chose, such as "tomorrow 08:00" */
      return g_strdup_printf (_ ("Waits for its time: %s"), when);
    }
  return g_strdup (_ ("Saved"));
}

/* Why the sender has put the item aside for the moment; NULL when it is simply at work on it */
static char *
held_words (const MwItem *item,
            gint64        now)
{
  g_autofree char *when = item->next_attempt > now ? mw_words_moment (item->next_attempt, now) : NULL;

  if (item->wait == NULL)
    return NULL;
  if (g_str_equal (item->wait, MW_WAIT_NETWORK))
    return g_strdup (_ ("Waiting for network"));
  if (g_str_equal (item->wait, MW_WAIT_SIGN_IN))
    return g_strdup (_ ("Waiting for you to sign in"));
  if (g_str_equal (item->wait, MW_WAIT_OFF))
    return g_strdup (_ ("Waiting for its connection to be switched on"));
  if (g_str_equal (item->wait, MW_WAIT_HOME))
    return g_strdup (_ ("Waiting for a connection"));
  if (g_str_equal (item->wait, MW_WAIT_ORDER))
    return g_strdup (_ ("Waiting for the one before it"));
  if (g_str_equal (item->wait, MW_WAIT_PAUSE) && when != NULL)
    /* Translators: the server asked for a pause; %s is a time */
    return g_strdup_printf (_ ("The server asked to wait until %s"), when);
  if (g_str_equal (item->wait, MW_WAIT_PAUSE))
    return g_strdup (_ ("The server asked to wait"));
  if (g_str_equal (item->wait, MW_WAIT_BACK_OFF) && when != NULL)
    return g_strdup_printf (_ ("Not handed over yet, next try at %s"), when);
  if (g_str_equal (item->wait, MW_WAIT_BACK_OFF))
    return g_strdup (_ ("Not handed over yet, tries again"));
  if (g_str_equal (item->wait, MW_WAIT_TIME) && when != NULL)
    return g_strdup_printf (_ ("Waits for its time: %s"), when);
  return NULL;
}

static char *
preparing_words (const MwItem *item,
                 gint64        now)
{
  char *held = held_words (item, now);

  if (held != NULL)
    return held;
  if (g_strcmp0 (item->stage, "identify") == 0)
    return g_strdup (_ ("Identifying the patient…"));
  if (g_strcmp0 (item->stage, "discover") == 0)
    return g_strdup (_ ("Finding out where to send it…"));
  if (g_strcmp0 (item->stage, "negotiate") == 0)
    return g_strdup (_ ("Asking the server what it can take…"));
  if (g_strcmp0 (item->stage, "authorise") == 0)
    return g_strdup (_ ("Signing in…"));
  return g_strdup (_ ("Getting ready…"));
}

static char *
waiting_words (const MwItem *item,
               gint64        now)
{
  g_autoptr (GDateTime) since = local_time (item->handed_over);
  g_autoptr (GDateTime) today = local_time (now);
  g_autofree char *when = NULL;

  if (item->handed_over <= 0)
    return g_strdup (_ ("Waiting for an answer"));
  when = days_between (since, today) == 0 ? mw_words_clock (item->handed_over) : mw_words_day (item->handed_over, now);
  /* Translators: %s is a time of today, or a day: "14:02", "Monday" */
  return g_strdup_printf (_ ("Waiting for an answer since %s"), when);
}

static char *
overdue_words (const MwItem *item,
               gint64        now)
{
  g_autofree char *when = NULL;

  if (item->answer_by <= 0)
    return g_strdup (_ ("Overdue"));
  when = mw_words_day (item->answer_by, now);
  /* Translators: %s is the day by which the answer was wanted */
  return g_strdup_printf (_ ("Overdue: the answer was wanted by %s"), when);
}

/**
 * mw_words_item_state:
 * @now: µs
 *
 * Where an item is, for a list: *Saved, leaves in 4 s*, *Waiting for network*, *Handed over: 10:02*.
 *
 * Returns: (transfer full): a few words
 */
char *
mw_words_item_state (const MwItem *item,
                     gint64        now)
{
  g_autofree char *when = NULL;
  char            *held = NULL;

  switch (item->state)
    {
    case MW_ITEM_DRAFT:
      return g_strdup (_ ("Draft"));
    case MW_ITEM_SAVED:
      held = item->not_before <= now ? held_words (item, now) : NULL;
      return held != NULL ? held : saved_words (item, now);
    case MW_ITEM_PREPARING:
      return preparing_words (item, now);
    case MW_ITEM_SENDING:
      /* tried once already: until it gets through, that is all that is known */
      held = g_strcmp0 (item->wait, MW_WAIT_NETWORK) == 0 ? held_words (item, now) : NULL;
      return held != NULL ? held : g_strdup (_ ("Sending…"));
    case MW_ITEM_UNKNOWN:
      return g_strdup (_ ("Checking whether it arrived"));
    case MW_ITEM_HANDED_OVER:
      when = mw_words_moment (item->handed_over, now);
      /* Translators: the addressed server took it; %s is a time or a day and a time */
      return g_strdup_printf (_ ("Handed over: %s"), when);
    case MW_ITEM_WAITING:
      return waiting_words (item, now);
    case MW_ITEM_ANSWERED:
      return g_strdup (_ ("Answered"));
    case MW_ITEM_OVERDUE:
      return overdue_words (item, now);
    case MW_ITEM_ATTENTION:
      if (item->error_text == NULL)
        return g_strdup (_ ("Needs attention"));
      /* Translators: %s is a sentence */
      return g_strdup_printf (_ ("Needs attention: %s"), item->error_text);
    case MW_ITEM_WITHDRAWN:
    default:
      return g_strdup (_ ("Withdrawn"));
    }
}

/**
 * mw_words_wait:
 *
 * What will happen next with an unfinished item, as a sentence for its page.
 *
 * Returns: (transfer full) (nullable): NULL when nothing more will happen by itself
 */
char *
mw_words_wait (const MwItem *item,
               gint64        now)
{
  g_autofree char *when = item->next_attempt > now ? mw_words_moment (item->next_attempt, now) : NULL;

  switch (item->state)
    {
    case MW_ITEM_SAVED:
      if (item->not_before > now && !item->scheduled)
        return g_strdup (_ ("It is saved on this computer and leaves by itself. Until then you can take it back."));
      if (item->not_before > now)
        return g_strdup (_ ("It is saved on this computer and leaves at that time, also when the program was closed in between."));
      return g_strdup (_ ("It is saved on this computer and leaves by itself."));
    case MW_ITEM_PREPARING:
      if (g_strcmp0 (item->wait, MW_WAIT_NETWORK) == 0)
        return g_strdup (_ ("It is saved on this computer and leaves when the network is back."));
      if (when != NULL)
        return g_strdup_printf (_ ("It is saved on this computer. Next try at %s."), when);
      return g_strdup (_ ("It is saved on this computer and is being made ready."));
    case MW_ITEM_SENDING:
      if (g_strcmp0 (item->wait, MW_WAIT_NETWORK) == 0)
        return g_strdup (_ ("It is saved on this computer and leaves when the network is back."));
      return g_strdup (_ ("It is on its way."));
    case MW_ITEM_UNKNOWN:
      if (when != NULL)
        return g_strdup_printf (_ ("The connection broke before the server said whether it took it. Meanwhile looks at %s, and never sends it twice."), when);
      return g_strdup (_ ("The connection broke before the server said whether it took it. Meanwhile looks before it does anything, and never sends it twice."));
    case MW_ITEM_WAITING:
      if (item->answer_by > 0)
        {
          g_autofree char *day = mw_words_day (item->answer_by, now);

          /* Translators: %s is a day */
          return g_strdup_printf (_ ("The server took it. An answer is wanted by %s."), day);
        }
      return g_strdup (_ ("The server took it. An answer will show up in this thread."));
    case MW_ITEM_HANDED_OVER:
      return g_strdup (_ ("The server took it. No answer is expected."));
    case MW_ITEM_ATTENTION:
      return g_strdup (_ ("Nothing more happens until you decide what to do."));
    case MW_ITEM_DRAFT:
    case MW_ITEM_ANSWERED:
    case MW_ITEM_OVERDUE:
    case MW_ITEM_WITHDRAWN:
    default:
      return NULL;
    }
}

/**
 * mw_words_trouble:
 *
 * Returns: (transfer full) (nullable): the last trouble with an unfinished item, as a sentence
 */
char *
mw_words_trouble (const MwItem *item)
{
  if (item->error_text == NULL || *item->error_text == '\0')
    return NULL;
  return g_strdup (item->error_text);
}

typedef struct
{
  const char *event;
  const char *words;
  gboolean    detail; /* whether the words are followed by the line's own */
} EventWords;

static const EventWords event_words[] = {
  { MW_EVENT_DRAFTED, N_ ("Draft begun"), FALSE },
  { MW_EVENT_SAVED, N_ ("Saved on this computer"), FALSE },
  { MW_EVENT_SCHEDULED, N_ ("Saved, to leave at a set time"), TRUE },
  { MW_EVENT_UNDONE, N_ ("Taken back"), FALSE },
  { MW_EVENT_PREPARING, N_ ("Getting ready"), TRUE },
  { MW_EVENT_IDENTIFIED, N_ ("Patient identified"), TRUE },
  { MW_EVENT_DISCOVERED, N_ ("Found where to send it"), TRUE },
  { MW_EVENT_NEGOTIATED, N_ ("Agreed how to send it"), TRUE },
  { MW_EVENT_OTHER_WAY, N_ ("Not taken this way"), TRUE },
  { MW_EVENT_AUTHORISED, N_ ("Access granted"), TRUE },
  { MW_EVENT_ATTEMPT, N_ ("Sending begun"), TRUE },
  { MW_EVENT_TROUBLE, N_ ("Not handed over yet"), TRUE },
  { MW_EVENT_UNKNOWN, N_ ("The connection broke; not known whether it arrived"), TRUE },
  { MW_EVENT_LOOKED_UP, N_ ("Looked whether it arrived"), TRUE },
  { MW_EVENT_REQUEST_DONE, N_ ("A part was taken by the server"), TRUE },
  { MW_EVENT_HANDED_OVER, N_ ("Handed over"), TRUE },
  { MW_EVENT_WAITING, N_ ("Waiting for an answer"), TRUE },
  { MW_EVENT_PROGRESS, N_ ("News from the recipient"), TRUE },
  { MW_EVENT_ANSWERED, N_ ("Answered"), TRUE },
  { MW_EVENT_OTHER_PATIENT, N_ ("An answer about another patient came, and was not taken"), TRUE },
  { MW_EVENT_OVERDUE, N_ ("The answer is overdue"), FALSE },
  { MW_EVENT_ATTENTION, N_ ("Needs attention"), TRUE },
  { MW_EVENT_DECIDED, N_ ("You answered"), TRUE },
  { MW_EVENT_DISCONNECTED, N_ ("The answer is not fetched any more"), TRUE },
  { MW_EVENT_RETRIED, N_ ("You asked for another try"), FALSE },
  { MW_EVENT_WITHDRAWN, N_ ("Withdrawn"), FALSE },
  { MW_EVENT_RECEIVED, N_ ("Received"), TRUE },
  { MW_EVENT_CHANGED, N_ ("Changed by the sender"), TRUE },
  { MW_EVENT_ACKNOWLEDGED, N_ ("You acknowledged it"), FALSE },
  { MW_EVENT_ARCHIVED, N_ ("You archived it"), FALSE },
  { MW_EVENT_SNOOZED, N_ ("You snoozed it"), FALSE },
  { MW_EVENT_RETURNED, N_ ("Back in the inbox"), FALSE },
};

/**
 * mw_words_journal:
 *
 * Returns: (transfer full): what happened, for a timeline: "Handed over: 201 Created"
 */
char *
mw_words_journal (const MwJournalLine *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (event_words); i++)
    if (g_strcmp0 (event_words[i].event, line->event) == 0)
      {
        if (!event_words[i].detail || line->detail == NULL || *line->detail == '\0')
          return g_strdup (_ (event_words[i].words));
        /* Translators: an event and its details: "Handed over: 201 Created" */
        return g_strdup_printf (C_ ("timeline", "%s: %s"), _ (event_words[i].words), line->detail);
      }
  /* a code of a newer version: its own words are better than nothing */
  return g_strdup (line->detail != NULL ? line->detail : line->event);
}
