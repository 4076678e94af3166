/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-discover.h"

#include "mw-connect.h"
#include "mw-directory.h"
#include "mw-item.h"
#include "mw-probe.h"
#include "mw-question.h"
#include "mw-reference.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

/* Times that servers are asked for one item in one go: a chain of references has an end */
#define MAX_ROUNDS 12
/* Of those who fit: as many as a person is asked about */
#define MAX_CANDIDATES 8
/* Until a server that wants a sign-in is looked at again by itself */
#define SIGN_IN_WAIT (15 * G_TIME_SPAN_MINUTE)

typedef struct
{
  MwCore     *core;
  gint64      item;
  gint64      revision;
  MwDraft    *draft;
  MwReach    *reach;
  GHashTable *lost;        /* FHIR base → why nothing can be sent there */
  GHashTable *tried;       /* references that were asked for in this run */
  GQueue      directories; /* ids of connections that are still to be asked by words */
  GString    *silent;      /* names of servers that could not be asked */
  gboolean    by_words;    /* the directories were asked by words */
  gboolean    looked_again;
  guint       rounds;
  gint64      asking;     /* connection */
  gboolean    searching;  /* that one for endpoints of organisations */
  gboolean    unsearched; /* such a search came to no end */
} Discover;

static void step (GTask *task);

static void
discover_free (gpointer data)
{
  Discover *self = data;

  mw_draft_free (self->draft);
  mw_reach_free (self->reach);
  g_hash_table_unref (self->lost);
  g_hash_table_unref (self->tried);
  g_queue_clear (&self->directories);
  g_string_free (self->silent, TRUE);
  g_free (self);
}

void
mw_discovered_free (MwDiscovered *self)
{
  if (self == NULL)
    return;
  mw_reach_free (self->reach);
  g_free (self->words);
  g_free (self->sentence);
  g_free (self);
}

static void
free_discovered (gpointer data)
{
  mw_discovered_free (data);
}

/* ---- how it ends ------------------------------------------------------------ */

static void
end_with (GTask       *task,
          MwDiscovered result)
{
  g_task_return_pointer (task, g_memdup2 (&result, sizeof result), free_discovered);
}

/* @sentence: (transfer full) (nullable) */
static void
end (GTask        *task,
     MwDiscoverEnd how,
     char         *sentence)
{
  end_with (task, (MwDiscovered){ .end = how, .sentence = sentence });
}

static void
end_held (GTask      *task,
          const char *wait,
          char       *sentence,
          gint64      until)
{
  end_with (task, (MwDiscovered){ .end = MW_DISCOVER_HELD, .wait = wait, .sentence = sentence, .until = until });
}

static gint64
write_forget (MwDb    *db,
              gpointer data,
              GError **error)
{
  return mw_questions_forget (db, *(gint64 *) data, error) ? 0 : -1;
}

/* A person said no; with the next try she may say otherwise */
static void
end_refused (GTask *task,
             char  *sentence)
{
  Discover *self = g_task_get_task_data (task);

  mw_store_write (self->core->store, write_forget, &self->item, NULL);
  end (task, MW_DISCOVER_ATTENTION, sentence);
}

static void
end_found (GTask *task)
{
  Discover        *self = g_task_get_task_data (task);
  MwDiscovered    *result = g_new0 (MwDiscovered, 1);
  gint64           now = mw_core_now (self->core);
  g_autofree char *words = mw_reach_words (self->reach, self->core->db, self->draft);

  result->end = MW_DISCOVER_FOUND;
  if (words != NULL && self->silent->len > 0 && mw_reach_is_old (self->reach, now))
    {
      g_autofree char *age = self->reach->oldest > 0 ? mw_words_age (self->reach->oldest, now) : g_strdup (_ ("an unknown day"));

      /* Translators: the first %s is a sentence; then the day of the data, and names of servers */
      result->words = g_strdup_printf (_ ("%s By what was read on %s: %s could not be asked now."), words, age, self->silent->str);
    }
  else
    result->words = g_steal_pointer (&words);
  result->reach = g_steal_pointer (&self->reach);
  g_task_return_pointer (task, result, free_discovered);
}

/* Whether somebody who may know more could not be asked: then there is no end yet */
static gboolean
end_if_silent (GTask *task)
{
  Discover *self = g_task_get_task_data (task);

  if (self->silent->len == 0)
    return FALSE;
  /* Translators: %s is one or more servers */
  end_held (task, MW_WAIT_NETWORK, g_strdup_printf (_ ("Where to send it is not known yet, and %s cannot be asked now."), self->silent->str), 0);
  return TRUE;
}

static void
end_nowhere (GTask *task)
{
  Discover        *self = g_task_get_task_data (task);
  g_autofree char *reasons = mw_reach_refusals (self->reach, 2);

  if (reasons != NULL)
    /* Translators: a name, and sentences on each endpoint: “Old server”: It is suspended for now. */
    end (task, MW_DISCOVER_ATTENTION, g_strdup_printf (_ ("%s cannot be reached. %s Edit the recipient, or retry when the directory knows more."), self->reach->person->name, reasons));
  else
    end (task, MW_DISCOVER_ATTENTION,
         g_strdup_printf (_ ("The directory does not say where %s is reached. Edit the recipient, or retry when the directory knows more."), self->reach->person->name));
}

/* ---- asking the servers ------------------------------------------------------- */

static void
note_silent (Discover *self,
             MwLink   *link)
{
  if (g_strstr_len (self->silent->str, -1, link->row->name) == NULL)
    g_string_append_printf (self->silent, "%s%s", self->silent->len > 0 ? ", " : "", link->row->name);
}

static void
asked (GObject      *source,
       GAsyncResult *result,
       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Discover *self = g_task_get_task_data (task);
  gboolean  whole = mw_directory_ask_finish (result);
  MwLink   *link = mw_core_link (self->core, self->asking);

  if (g_cancellable_is_cancelled (self->core->cancellable))
    {
      end (task, MW_DISCOVER_STOPPED, NULL);
      return;
    }
  self->unsearched = self->unsearched || (self->searching && !whole);
  if (!whole && link != NULL)
    note_silent (self, link);
  step (task);
}

/* Returns: FALSE when the connection is not asked at all */
static gboolean
ask (GTask                 *task,
     gint64                 connection,
     const MwDirectoryWish *wish)
{
  Discover *self = g_task_get_task_data (task);
  MwLink   *link = connection > 0 ? mw_core_link (self->core, connection) : NULL;

  if (link == NULL || !link->row->enabled || link->row->removed != 0 || self->rounds >= MAX_ROUNDS)
    return FALSE;
  self->rounds++;
  self->asking = connection;
  self->searching = wish->organizations != NULL;
  mw_directory_ask_async (link, self->item, wish, asked, g_object_ref (task));
  return TRUE;
}

/* The home connection, and those that are marked as a directory */
static void
queue_directories (Discover *self)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, self->core->db, NULL, "SELECT id FROM connections WHERE enabled = 1 AND removed = 0 AND (home = 1 OR directory = 1) ORDER BY home DESC, id", ""))
    while (mw_query_step (&query, NULL))
      g_queue_push_tail (&self->directories, GINT_TO_POINTER ((int) mw_query_int (&query, 0)));
}

static gboolean
ask_by_words (GTask *task)
{
  Discover       *self = g_task_get_task_data (task);
  MwDirectoryWish wish = { .words = self->draft->to_name };
  gboolean        unsure = self->reach->end == MW_REACH_NOBODY || (self->reach->end == MW_REACH_SEVERAL && self->reach->candidates->len == 1) || mw_reach_is_old (self->reach, mw_core_now (self->core));

  if (self->draft->to != NULL || self->draft->to_name == NULL || self->reach->by_person)
    return FALSE;
  if (!self->by_words && unsure)
    queue_directories (self);
  self->by_words = self->by_words || unsure;
  while (!g_queue_is_empty (&self->directories))
    if (ask (task, GPOINTER_TO_INT (g_queue_pop_head (&self->directories)), &wish))
      return TRUE;
  return FALSE;
}

/* The server that a reference leads to, when it may be asked for it */
static gint64
holder_of (Discover   *self,
           const char *reference)
{
  g_autoptr (MwConnection) holder = mw_connections_by_reference (self->core->db, reference);

  return holder != NULL && holder->enabled && holder->removed == 0 ? holder->id : 0;
}

/* Adds what is on the server of the first of them, so that one question asks for all of that */
static void
collect (Discover     *self,
         GPtrArray    *references,
         gboolean      all,
         gint64       *holder,
         GStrvBuilder *list)
{
  for (guint i = 0; i < references->len; i++)
    {
      const char *reference = g_ptr_array_index (references, i);
      gint64      its = holder_of (self, reference);

      if (its == 0 || (*holder != 0 && its != *holder) || g_hash_table_contains (self->tried, reference))
        continue;
      if (!all && mw_core_now (self->core) - mw_reach_read_at (self->core->db, reference) < MW_REACH_MAX_AGE)
        continue;
      *holder = its;
      g_hash_table_add (self->tried, g_strdup (reference));
      g_strv_builder_add (list, reference);
    }
}

/* Where each of those who fit is reached tells them apart */
static void
collect_of_candidates (Discover     *self,
                       gint64       *holder,
                       GStrvBuilder *list)
{
  for (guint i = 0; i < self->reach->candidates->len && i < MAX_CANDIDATES; i++)
    {
      g_autoptr (MwReach) reach = mw_reach_of_person (self->core->db, g_ptr_array_index (self->reach->candidates, i), mw_core_now (self->core));

      collect (self, reach->missing, TRUE, holder, list);
    }
}

/* What is named and not here, and what is too old to be relied on */
static gboolean
ask_for_references (GTask *task)
{
  Discover *self = g_task_get_task_data (task);
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  g_auto (GStrv) references = NULL;
  gint64          holder = 0;
  MwDirectoryWish wish = { NULL };

  collect_of_candidates (self, &holder, list);
  collect (self, self->reach->missing, TRUE, &holder, list);
  if (self->reach->person != NULL)
    collect (self, self->reach->used, FALSE, &holder, list);
  references = g_strv_builder_end (list);
  wish.references = references;
  return holder != 0 && ask (task, holder, &wish);
}

/* Whether the endpoints of @organization are to be searched for at its server now: each day, or when nothing else helps */
static gboolean
is_to_be_searched (Discover   *self,
                   const char *organization,
                   gint64      holder)
{
  MwLink          *link = mw_core_link (self->core, holder);
  gint64           now = mw_core_now (self->core);
  gint64          *last = link != NULL ? g_hash_table_lookup (link->asked, organization) : NULL;
  g_autofree char *key = g_strconcat ("endpoints of ", organization, NULL);

  if (link == NULL || g_hash_table_contains (self->tried, key) || (self->reach->end != MW_REACH_NOWHERE && last != NULL && now - *last < MW_REACH_MAX_AGE))
    return FALSE;
  g_hash_table_add (self->tried, g_steal_pointer (&key));
  return TRUE;
}

/* Organisations whose own record names no endpoint that can be used: of those that name them, and of the networks that
 * they take part in. The home connection is read whole anyway */
static gboolean
ask_for_endpoints (GTask *task)
{
  Discover *self = g_task_get_task_data (task);
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  g_auto (GStrv) organizations = NULL;
  gint64          holder = 0;
  gint64          home = mw_db_get_int (self->core->db, 0, "SELECT id FROM connections WHERE home = 1", "");
  guint           n = self->reach->organizations->len;
  MwDirectoryWish wish = { NULL };

  if (self->reach->end != MW_REACH_NOWHERE && n > 0)
    n--;
  for (guint i = 0; i < n; i++)
    {
      const char *reference = g_ptr_array_index (self->reach->organizations, i);
      gint64      its = holder_of (self, reference);

      if (its == 0 || (its == home && self->reach->end != MW_REACH_NOWHERE) || (holder != 0 && its != holder) || !is_to_be_searched (self, reference, its))
        continue;
      holder = its;
      g_strv_builder_add (list, reference);
    }
  organizations = g_strv_builder_end (list);
  wish.organizations = organizations;
  return holder != 0 && ask (task, holder, &wish);
}

/* ---- a host that is no connection yet ------------------------------------------- */

/* What stands for an address where nothing was found: it is looked up again, once */
static void
lose (GTask      *task,
      const char *address,
      const char *sentence)
{
  Discover *self = g_task_get_task_data (task);

  mw_probe_note (self->core, address, sentence, mw_core_now (self->core));
  g_hash_table_insert (self->lost, g_strdup (address), g_strdup (sentence));
  if (!self->looked_again)
    {
      g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
      g_auto (GStrv) again = NULL;
      gint64          holder = 0;
      MwDirectoryWish wish = { NULL };

      self->looked_again = TRUE;
      g_hash_table_remove_all (self->tried);
      collect (self, self->reach->used, TRUE, &holder, list);
      again = g_strv_builder_end (list);
      wish.references = again;
      if (holder != 0 && ask (task, holder, &wish))
        return;
    }
  step (task);
}

static void
connect_failed (GTask        *task,
                const GError *error)
{
  Discover        *self = g_task_get_task_data (task);
  g_autofree char *address = g_strdup (mw_reach_get_address (self->reach));

  if (error->domain != MW_CONNECT_ERROR)
    {
      end (task, MW_DISCOVER_STOPPED, NULL);
      return;
    }
  switch ((MwConnectError) error->code)
    {
    case MW_CONNECT_ERROR_SIGN_IN:
    case MW_CONNECT_ERROR_TOKEN:
      mw_probe_note (self->core, address, NULL, mw_core_now (self->core));
      end_held (task, MW_WAIT_SIGN_IN,
                /* Translators: %s is a web address */
                g_strdup_printf (_ ("%s wants to know who you are. Add it as a connection, with a way to sign in: then this goes on by itself."), address),
                mw_core_now (self->core) + mw_core_pace (self->core, SIGN_IN_WAIT));
      return;
    case MW_CONNECT_ERROR_UNREACHABLE:
      end_held (task, MW_WAIT_NETWORK, g_strdup (error->message), 0);
      return;
    case MW_CONNECT_ERROR_NOT_FHIR:
    case MW_CONNECT_ERROR_URL:
      lose (task, address, mw_probe_lost_words ());
      return;
    default:
      end (task, MW_DISCOVER_ATTENTION, g_strdup (error->message));
      return;
    }
}

static void
connected (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Discover *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (mw_connect_finish (MW_STORE (source), result, &error) < 0)
    {
      connect_failed (task, error);
      return;
    }
  mw_probe_note (self->core, mw_reach_get_address (self->reach), NULL, mw_core_now (self->core));
  step (task);
}

static void
connect_to (GTask *task)
{
  Discover    *self = g_task_get_task_data (task);
  MwConnection wanted = { .url = (char *) mw_reach_get_address (self->reach),
                          .auth = (char *) "open",
                          /* practice and real patients never meet */
                          .sandbox = mw_db_get_int (self->core->db, 0, "SELECT sandbox FROM connections WHERE home = 1", "") != 0 };

  mw_connect_async (self->core->store, &wanted, NULL, self->core->cancellable, connected, g_object_ref (task));
}

/* Nothing goes to a host before a person has agreed to it */
static void
settle_connect (GTask *task)
{
  Discover *self = g_task_get_task_data (task);
  g_autoptr (MwQuestion) answered = mw_questions_answered (self->core->db, self->item, MW_QUESTION_CONNECT, 0);

  if (answered != NULL && g_strcmp0 (answered->answer, mw_reach_get_address (self->reach)) == 0)
    connect_to (task);
  else if (answered != NULL && g_strcmp0 (answered->answer, MW_QUESTION_NONE) == 0)
    end_refused (task, g_strdup_printf (_ ("%s is reached at %s, and you chose not to send there. Edit the recipient, or retry."), self->reach->person->name,
                                        mw_reach_get_address (self->reach)));
  else
    end (task, mw_discover_ask_connect (self->core, self->item, self->revision, self->reach) ? MW_DISCOVER_ASKED : MW_DISCOVER_STOPPED, NULL);
}

/* ---- one step after the other ------------------------------------------------------ */

static gboolean
was_answered_none (Discover   *self,
                   const char *about)
{
  g_autoptr (MwQuestion) answered = mw_questions_answered (self->core->db, self->item, about, 0);

  return answered != NULL && g_strcmp0 (answered->answer, MW_QUESTION_NONE) == 0;
}

static void
end_asked (GTask   *task,
           gboolean written)
{
  end (task, written ? MW_DISCOVER_ASKED : MW_DISCOVER_STOPPED, NULL);
}

static void
settle (GTask *task)
{
  Discover *self = g_task_get_task_data (task);

  /* what was not found may stand nearer than what was */
  if (self->unsearched && self->reach->end <= MW_REACH_UNDECIDED && end_if_silent (task))
    return;
  switch (self->reach->end)
    {
    case MW_REACH_READY:
    case MW_REACH_MISSING:
    case MW_REACH_UNNAMED:
      end_found (task);
      return;
    case MW_REACH_CONNECT:
      settle_connect (task);
      return;
    case MW_REACH_UNDECIDED:
      if (was_answered_none (self, MW_QUESTION_ENDPOINT))
        end_refused (task, g_strdup_printf (_ ("You chose none of the places where %s may be reached. Edit the recipient, or retry."), self->reach->person->name));
      else
        end_asked (task, mw_discover_ask_endpoint (self->core, self->item, self->revision, self->reach));
      return;
    case MW_REACH_SEVERAL:
      if (was_answered_none (self, MW_QUESTION_RECIPIENT))
        end_refused (task, g_strdup (_ ("None of those who were found is meant. Edit the recipient.")));
      else
        end_asked (task, mw_discover_ask_recipient (self->core, self->item, self->revision, self->draft, self->reach));
      return;
    case MW_REACH_NOBODY:
      if (!end_if_silent (task))
        end (task, MW_DISCOVER_ATTENTION,
             g_strdup_printf (_ ("Nobody called “%s” is in the directory. Edit the recipient, or wait until the directory knows them and retry."), self->draft->to_name));
      return;
    case MW_REACH_NOWHERE:
    default:
      if (!end_if_silent (task))
        end_nowhere (task);
    }
}

static void
step (GTask *task)
{
  Discover *self = g_task_get_task_data (task);

  g_clear_pointer (&self->reach, mw_reach_free);
  self->reach = mw_reach_new (self->core->db, self->draft, self->item, mw_core_now (self->core), self->lost);
  if (!ask_by_words (task) && !ask_for_references (task) && !ask_for_endpoints (task))
    settle (task);
}

/**
 * mw_discover_async:
 * @item: one that is preparing
 * @revision: of the text that is prepared
 * @lost: (nullable): the FHIR base that it was to go to, where no FHIR server was found just now: it is looked up again,
 *   once, and if it has moved the item goes where it is now
 *
 * The discover stage: who the draft is for and where that one is reached. By what is here while that is young; else the
 * directories are asked. What several fit, or would lead to a new host, becomes a question.
 */
void
mw_discover_async (MwCore             *core,
                   gint64              item,
                   gint64              revision,
                   const MwDraft      *draft,
                   const char         *lost,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, core->cancellable, callback, user_data);
  g_autofree char *text = mw_draft_to_text (draft);
  Discover        *self = g_new0 (Discover, 1);

  /* what was asked is on disk, and must be told */
  g_task_set_check_cancellable (task, FALSE);
  self->core = core;
  self->item = item;
  self->revision = revision;
  self->draft = mw_draft_new_from_text (text, NULL);
  self->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->silent = g_string_new (NULL);
  g_queue_init (&self->directories);
  g_task_set_task_data (task, self, discover_free);
  if (lost != NULL)
    {
      self->reach = mw_reach_new (core->db, self->draft, item, mw_core_now (core), NULL);
      lose (task, lost, mw_probe_lost_words ());
    }
  else
    step (task);
}

/**
 * mw_discover_finish:
 *
 * Returns: (transfer full): how it ended; never NULL
 */
MwDiscovered *
mw_discover_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
