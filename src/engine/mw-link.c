/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-link.h"

#include "mw-backoff.h"
#include "mw-connection-client.h"
#include "mw-item.h"

#include <glib/gi18n-lib.h>

#define CLOCK_MATTERS (30 * G_TIME_SPAN_SECOND)

gint64
mw_core_now (MwCore *core)
{
  return core->options.now != NULL ? core->options.now (core->options.user_data) : g_get_real_time ();
}

gdouble
mw_core_jitter (MwCore *core)
{
  return core->options.jitter != NULL ? core->options.jitter (core->options.user_data) : g_random_double ();
}

/**
 * mw_core_pace:
 *
 * Returns: @delay at the engine's pace: itself in earnest, shorter in the sandbox's fast day
 */
gint64
mw_core_pace (MwCore *core,
              gint64  delay)
{
  return (gint64) ((gdouble) delay / (core->options.pace > 0 ? core->options.pace : 1));
}

void
mw_core_kick (MwCore *core)
{
  core->kick (core->kick_data);
}

void
mw_link_free (MwLink *link)
{
  if (link == NULL)
    return;
  mw_connection_free (link->row);
  g_clear_pointer (&link->access, mw_access_unref);
  g_clear_object (&link->client);
  mw_link_forget_capability (link);
  g_hash_table_unref (link->asked);
  g_hash_table_unref (link->patients);
  g_free (link->problem);
  g_free (link);
}

static gint64
now_of_core (gpointer user_data)
{
  return mw_core_now (user_data);
}

/* A new client, and with it a new way in */
static void
open_link (MwLink             *link,
           const MwConnection *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MwAccess) before = g_steal_pointer (&link->access);
  g_autoptr (MwClient) old = g_steal_pointer (&link->client);

  g_clear_pointer (&link->problem, g_free);
  link->lost = FALSE;
  link->token_worked = FALSE;
  if (row->removed != 0)
    link->problem = g_strdup (_ ("This connection was removed."));
  else
    link->client = mw_connection_client_new (row, &error);
  if (link->client != NULL)
    {
      link->access = mw_access_new (row, link->client, now_of_core, link->core);
      if (before != NULL)
        mw_access_take_over (link->access, before);
    }
  else if (error != NULL)
    link->problem = g_strdup (error->message);
  /* whoever is in the middle of something asks the next question, and is told that it did not leave */
  if (link->client == NULL && old != NULL)
    {
      link->client = g_steal_pointer (&old);
      mw_client_close (link->client);
    }
}

/* Nothing leaves over it any more. What is under way may still hold on to the client */
static void
close_link (MwLink *link)
{
  if (link->client != NULL)
    mw_client_close (link->client);
  g_clear_pointer (&link->access, mw_access_unref);
  g_hash_table_remove_all (link->patients);
  mw_link_forget_capability (link);
  g_free (link->problem);
  link->problem = g_strdup (_ ("This connection was removed."));
}

static MwLink *
link_new (MwCore       *core,
          MwConnection *row)
{
  MwLink *link = g_new0 (MwLink, 1);

  link->core = core;
  link->row = row;
  link->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  link->patients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  open_link (link, row);
  return link;
}

/**
 * mw_core_link:
 *
 * Returns: (transfer none) (nullable): the connection to work with; NULL when there is no such row
 */
MwLink *
mw_core_link (MwCore *core,
              gint64  connection)
{
  MwLink       *link = g_hash_table_lookup (core->links, GINT_TO_POINTER ((int) connection));
  MwConnection *row;

  if (link != NULL)
    return link;
  row = mw_connections_load (core->db, connection, NULL);
  if (row == NULL)
    return NULL;
  link = link_new (core, row);
  g_hash_table_insert (core->links, GINT_TO_POINTER ((int) connection), link);
  return link;
}

MwLink *
mw_core_home (MwCore *core)
{
  gint64 id = mw_db_get_int (core->db, 0, "SELECT id FROM connections WHERE home = 1 AND enabled = 1", "");

  return id > 0 ? mw_core_link (core, id) : NULL;
}

static gboolean
same_access (const MwConnection *one,
             const MwConnection *other)
{
  return (one->removed != 0) == (other->removed != 0) && g_strcmp0 (one->url, other->url) == 0 && g_strcmp0 (one->auth, other->auth) == 0 &&
         g_strcmp0 (one->token_file, other->token_file) == 0 && g_strcmp0 (one->ca_file, other->ca_file) == 0 && g_strcmp0 (one->cert_file, other->cert_file) == 0 &&
         g_strcmp0 (one->client_id, other->client_id) == 0 && g_strcmp0 (one->scope, other->scope) == 0 &&
         g_strcmp0 (one->secret_file, other->secret_file) == 0 && g_strcmp0 (one->key_file, other->key_file) == 0 &&
         g_strcmp0 (one->token_endpoint, other->token_endpoint) == 0 && g_strcmp0 (one->token_auth, other->token_auth) == 0;
}

/* Connected to anew, perhaps with another token in the same file; or signed out by a person */
static gboolean
was_changed (const MwConnection *one,
             const MwConnection *other)
{
  gboolean changed = g_strcmp0 (one->status, other->status) != 0;

  return changed && (g_strcmp0 (other->status, "new") == 0 || g_strcmp0 (other->status, "sign-in") == 0);
}

/**
 * mw_core_reload_links:
 *
 * Reads the rows of the connections again. One whose access has changed gets a new client with its next
 * exchange; those under way end with the old one. One that was removed is closed.
 */
void
mw_core_reload_links (MwCore *core)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, core->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MwLink       *link = value;
      MwConnection *row = mw_connections_load (core->db, link->row->id, NULL);

      if (row == NULL)
        continue;
      if (row->removed != 0 && link->row->removed == 0)
        close_link (link);
      else if (!same_access (link->row, row) || was_changed (link->row, row))
        {
          open_link (link, row);
          mw_link_forget_capability (link);
        }
      /* exchanges under way point to the link: only its row is exchanged */
      mw_connection_free (link->row);
      link->row = row;
    }
}

/* Off, or gone: until somebody changes that */
static gboolean
is_out_of_use (MwLink *link)
{
  return !link->row->enabled || link->row->removed != 0;
}

/**
 * mw_core_close_links:
 *
 * Before the engine ends: nobody gets in any more. May be called again.
 *
 * Returns: whether a sign-in is still being renewed; cut off there, it may be lost
 */
gboolean
mw_core_close_links (MwCore *core)
{
  GHashTableIter iter;
  gpointer       value;
  gboolean       renewing = FALSE;

  g_hash_table_iter_init (&iter, core->links);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MwLink *link = value;

      if (link->access == NULL)
        continue;
      mw_access_stop (link->access);
      renewing = renewing || mw_access_is_renewing (link->access);
    }
  return renewing;
}

/**
 * mw_link_is_open:
 *
 * Returns: whether there is a way to the server; else its problem says what stands in the way, and what is sent all the
 *   same does not leave
 */
gboolean
mw_link_is_open (MwLink *link)
{
  return link->access != NULL;
}

gboolean
mw_link_is_paused (MwLink *link)
{
  return is_out_of_use (link) || link->row->paused_until > mw_core_now (link->core);
}

/**
 * mw_link_get_wait_until:
 *
 * Returns: µs; when an item that waits for a paused connection is looked at again. Switching it on comes before that
 */
gint64
mw_link_get_wait_until (MwLink *link)
{
  if (link->row->removed != 0)
    return 0;
  return link->row->enabled ? link->row->paused_until : mw_core_now (link->core) + G_TIME_SPAN_DAY;
}

/**
 * mw_link_get_wait_text:
 *
 * Returns: (nullable): what stands in the way, where somebody has said it
 */
const char *
mw_link_get_wait_text (MwLink *link)
{
  return is_out_of_use (link) ? NULL : link->row->status_text;
}

/**
 * mw_link_get_wait:
 *
 * Returns: what an item waits for while the connection is paused: a MW_WAIT code
 */
const char *
mw_link_get_wait (MwLink *link)
{
  if (is_out_of_use (link))
    return MW_WAIT_OFF;
  if (g_strcmp0 (link->row->status, "offline") == 0)
    return MW_WAIT_NETWORK;
  if (g_strcmp0 (link->row->status, "sign-in") == 0)
    return MW_WAIT_SIGN_IN;
  return MW_WAIT_PAUSE;
}

/* ---- how the connection is ------------------------------------------- */

typedef struct
{
  gint64      id;
  const char *status;
  const char *text;
  gint64      contact;
  gint64      now;
  gint64      until;
  gint64      failures;
} Health;

static gint64
write_health (MwDb    *db,
              gpointer data,
              GError **error)
{
  Health *health = data;

  return mw_connections_set_status (db, health->id, health->status, health->text, health->contact, health->now, error) &&
         mw_connections_pause (db, health->id, health->until, health->failures, error);
}

/** mw_link_trouble_words: Returns: (nullable): what went wrong below HTTP, in words */
const char *
mw_link_trouble_words (const MwAnswer *answer)
{
  switch (answer->trouble)
    {
    case MW_TROUBLE_OFFLINE:
      return _ ("There is no network.");
    case MW_TROUBLE_NO_ADDRESS:
      return _ ("The server's name is not known. Is the network up, and the address right?");
    case MW_TROUBLE_REFUSED:
      return _ ("The server does not take calls at the moment.");
    case MW_TROUBLE_TIMED_OUT:
    case MW_TROUBLE_STUCK:
      return _ ("The server takes too long to answer.");
    case MW_TROUBLE_CUT_OFF:
      return _ ("The connection was cut off.");
    case MW_TROUBLE_TLS:
      return _ ("The server's identity cannot be verified. Nothing was sent to it.");
    case MW_TROUBLE_CERTIFICATE:
      return _ ("The server asks for a certificate of this computer, and accepts none or not this one.");
    case MW_TROUBLE_REDIRECT:
      return _ ("The server points to another place. Nothing was sent there.");
    case MW_TROUBLE_TOO_BIG:
      return _ ("The server's answer is too large.");
    case MW_TROUBLE_NONE:
    default:
      return NULL;
    }
}

/* Several exchanges that were under way when the line broke are one failure: the wait does not double with each */
static void
count_failure (MwLink *link,
               Health *health,
               gint64  wait)
{
  gboolean paused = link->row->paused_until > health->now;

  health->failures = paused ? link->row->failures : link->row->failures + 1;
  health->until = MAX (health->now + wait, paused ? link->row->paused_until : 0);
}

/* What is found out about the connection, on disk first */
static void
keep_health (MwLink       *link,
             const Health *health)
{
  MwConnection *row = link->row;

  if (mw_store_write (link->core->store, write_health, (gpointer) health, NULL) < 0)
    return;
  row->failures = health->failures;
  row->paused_until = health->until;
  row->last_contact = MAX (row->last_contact, health->contact);
  g_free (row->status);
  row->status = g_strdup (health->status);
  g_free (row->status_text);
  row->status_text = g_strdup (health->text);
}

typedef struct
{
  gint64 id;
  gint64 skew;
} Clock;

static gint64
write_clock (MwDb    *db,
             gpointer data,
             GError **error)
{
  Clock *clock = data;

  return mw_connections_set_clock_skew (db, clock->id, clock->skew, error) ? 0 : -1;
}

/* A Date header has whole seconds and may have waited in a queue: only a difference that matters is worth a commit */
static void
note_clock (MwLink         *link,
            const MwAnswer *answer,
            gint64          now)
{
  Clock clock = { link->row->id, answer->server_date - now };

  if (answer->server_date == 0 || ABS (clock.skew - link->row->clock_skew) < CLOCK_MATTERS)
    return;
  if (mw_store_write (link->core->store, write_clock, &clock, NULL) >= 0)
    link->row->clock_skew = clock.skew;
}

/* What a server is and can do it tells anybody; everything else that it gives out shows that the token is good */
static void
note_token (MwLink         *link,
            const MwAnswer *answer)
{
  if (link->client != NULL && answer->token_serial == mw_client_get_token_serial (link->client) && mw_answer_is_success (answer) &&
      !mw_resource_is (answer->resource, "CapabilityStatement"))
    link->token_worked = TRUE;
}

/* Whether a 401 is news: not when it came for a token that has been replaced since, and not when a token that was
 * good until now can be had anew without anybody */
static gboolean
takes_refusal (MwLink         *link,
               const MwAnswer *answer)
{
  gboolean worked;

  if (link->access == NULL)
    return TRUE;
  worked = link->token_worked || !mw_access_is_new (link->access);
  if (answer->token_serial != mw_client_get_token_serial (link->client))
    return FALSE;
  mw_access_forget (link->access);
  link->token_worked = FALSE;
  return !worked || !mw_access_may_renew (link->access);
}

static gboolean
asks_to_wait (const MwAnswer *answer)
{
  return answer->answer_class == MW_ANSWER_TEMPORARY && (answer->retry_after >= 0 || answer->status == 429 || answer->status == 503);
}

/**
 * mw_link_note_answer:
 *
 * Draws the conclusions of an answer for the whole connection: its status, and a pause when the server
 * asks for one or cannot be reached. One such pause never touches another connection.
 */
void
mw_link_note_answer (MwLink         *link,
                     const MwAnswer *answer)
{
  MwConnection *row = link->row;
  gint64        now = mw_core_now (link->core);
  gboolean      paused = row->paused_until > now;
  Health        health = { row->id, "ok", NULL, now, now, 0, 0 };

  note_clock (link, answer, now);
  /* what had left before somebody signed out says nothing of how it is now */
  if (g_strcmp0 (row->status, "sign-in") == 0 && link->client != NULL && answer->token_serial != mw_client_get_token_serial (link->client))
    return;
  note_token (link, answer);
  if (answer->status == 0)
    {
      health.status = answer->trouble == MW_TROUBLE_TLS || answer->trouble == MW_TROUBLE_CERTIFICATE || answer->trouble == MW_TROUBLE_REDIRECT ? "trouble" : "offline";
      health.text = mw_link_trouble_words (answer);
      health.contact = 0;
      count_failure (link, &health, mw_core_pace (link->core, mw_backoff_delay (row->failures + 1, mw_core_jitter (link->core))));
    }
  else if (answer->answer_class == MW_ANSWER_SIGN_IN)
    {
      if (!takes_refusal (link, answer))
        return;
      health.status = "sign-in";
      health.text = _ ("The server does not accept the access token. Sign in again.");
      count_failure (link, &health, mw_core_pace (link->core, 15 * G_TIME_SPAN_MINUTE));
    }
  else if (asks_to_wait (answer))
    {
      health.text = _ ("The server asks to wait.");
      count_failure (link, &health,
                     mw_core_pace (link->core, answer->retry_after >= 0 ? answer->retry_after : mw_backoff_delay (row->failures + 1, mw_core_jitter (link->core))));
    }
  else if (paused && g_strcmp0 (row->status, "ok") == 0)
    return; /* this one had left before the server asked for quiet: the quiet stays */
  else if (g_strcmp0 (row->status, "ok") == 0 && row->failures == 0 && row->paused_until == 0 && now - row->last_contact < G_TIME_SPAN_MINUTE)
    return; /* nothing new worth a commit */

  keep_health (link, &health);
}

/**
 * mw_link_is_authorised:
 *
 * Returns: whether the client carries what the server asks for; not so after the access has changed
 */
gboolean
mw_link_is_authorised (MwLink *link)
{
  return link->access != NULL && mw_access_is_ready (link->access);
}

/**
 * mw_link_may_renew:
 *
 * Returns: after a 401: whether a new token can be had at once, without a person
 */
gboolean
mw_link_may_renew (MwLink *link)
{
  return link->access != NULL && mw_access_may_renew (link->access) && !mw_link_is_paused (link);
}

/* ---- authorise ------------------------------------------------------- */

/* Nothing is let in before a person has helped: one card says so, and the items wait */
static void
note_no_access (MwLink     *link,
                const char *sentence)
{
  gint64 now = mw_core_now (link->core);
  Health health = { link->row->id, "sign-in", sentence, 0, now, 0, 0 };

  count_failure (link, &health, mw_core_pace (link->core, 15 * G_TIME_SPAN_MINUTE));
  keep_health (link, &health);
}

/* A place for tokens that is broken for a while: everything that needs one waits, longer each time */
static void
note_no_token_yet (MwLink     *link,
                   const char *sentence)
{
  gint64 now = mw_core_now (link->core);
  Health health = { link->row->id, "trouble", sentence, 0, now, 0, 0 };

  /* all who waited for the same token are told the same */
  if (mw_link_is_paused (link))
    return;
  count_failure (link, &health, mw_core_pace (link->core, mw_backoff_delay (link->row->failures + 1, mw_core_jitter (link->core))));
  keep_health (link, &health);
}

static void
access_got (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  MwLink         *link = g_task_get_task_data (task);
  GError         *error = NULL;
  const MwAnswer *answer;

  if (mw_access_get_finish (result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  answer = link->access != NULL ? mw_access_get_answer (link->access) : NULL;
  if (g_error_matches (error, MW_ACCESS_ERROR, MW_ACCESS_ERROR_LATER) && answer != NULL)
    {
      if (answer->status == 0 || asks_to_wait (answer))
        mw_link_note_answer (link, answer);
      else
        note_no_token_yet (link, error->message);
    }
  else if (error->domain == MW_ACCESS_ERROR && !mw_link_is_paused (link))
    note_no_access (link, error->message);
  g_task_return_error (task, error);
}

/**
 * mw_link_authorise_async:
 *
 * The authorise stage: an open server needs nothing; else a token is read from where it is kept, or got with the
 * client's secret or key, and got anew before it ends. When there is no way in, the connection is paused and says why.
 */
void
mw_link_authorise_async (MwLink             *link,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, link->core->cancellable, callback, user_data);

  g_task_set_task_data (task, link, NULL);
  if (link->access == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", link->problem != NULL ? link->problem : _ ("The connection cannot be used."));
  else
    mw_access_get_async (link->access, link->core->cancellable, access_got, g_steal_pointer (&task));
}

gboolean
mw_link_authorise_finish (MwLink       *link,
                          GAsyncResult *result,
                          GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
