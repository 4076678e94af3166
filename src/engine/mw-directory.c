/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-directory.h"

#include "mw-attempt-record.h"
#include "mw-batch.h"
#include "mw-directory-query.h"
#include "mw-endpoint-row.h"
#include "mw-me.h"
#include "mw-npi.h"
#include "mw-reference.h"

#include <string.h>

/* Of one search */
#define PAGE_ROWS 50
#define MAX_PAGES 5
#define MAX_ROWS 500
/* How far along references a row is kept for the sake of another */
#define MAX_STEPS 6
#define MAX_READS 40

typedef struct
{
  JsonNode *resource;
  GBytes   *raw;
  char     *reference;
  gboolean  kept;
} Row;

typedef struct
{
  MwLink           *link;
  gint64            item;
  gint64            now;
  MwDirectoryWords *words;
  GStrv             organizations;
  GStrv             references;
  GPtrArray        *queries; /* (element-type utf8): what is left to ask, the next one last */
  GPtrArray        *rows;    /* (element-type Row): of the search under way */
  GHashTable       *pages;
  guint             n_pages;
  MwBatch          *batch;
  char             *reading; /* (nullable): the reference that the request under way reads */
  GPtrArray        *gone;    /* (element-type utf8): references that the server does not have any more */
  gboolean          broken;  /* the server cannot be asked any more just now */
} Ask;

static const char *const kept_types[] = { "Organization", "Practitioner", "PractitionerRole", "HealthcareService", "Location",
                                          "CareTeam", "Endpoint", "OrganizationAffiliation", NULL };

static void next_query (GTask *task);

static void
row_free (gpointer data)
{
  Row *row = data;

  json_node_unref (row->resource);
  g_bytes_unref (row->raw);
  g_free (row->reference);
  g_free (row);
}

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  mw_directory_words_free (ask->words);
  g_strfreev (ask->organizations);
  g_strfreev (ask->references);
  g_ptr_array_unref (ask->queries);
  g_ptr_array_unref (ask->rows);
  g_hash_table_unref (ask->pages);
  mw_batch_free (ask->batch);
  g_free (ask->reading);
  g_ptr_array_unref (ask->gone);
  g_free (ask);
}

/* ---- what is kept of an answer --------------------------------------------- */

/* Only people and places: a directory does not put anything into the inbox */
static void
add_row (Ask    *ask,
         GBytes *raw)
{
  gsize       size;
  const char *data = g_bytes_get_data (raw, &size);
  g_autoptr (JsonNode) resource = mw_json_parse (data, (gssize) size, NULL);
  const char *type = mw_resource_type (resource);
  const char *id = mw_resource_id (resource);
  Row        *row;

  if (type == NULL || id == NULL || !g_strv_contains (kept_types, type) || ask->rows->len >= MAX_ROWS)
    return;
  row = g_new0 (Row, 1);
  row->resource = g_steal_pointer (&resource);
  row->raw = g_bytes_ref (raw);
  row->reference = g_strdup_printf ("%s/%s/%s", ask->link->row->url, type, id);
  g_ptr_array_add (ask->rows, row);
}

static void
entry_read (MwBundleReader *reader,
            GBytes         *entry,
            const GError   *error,
            gpointer        user_data)
{
  Ask        *ask = user_data;
  gsize       size, length;
  const char *data = g_bytes_get_data (entry, &size);
  const char *start;

  if (error == NULL && ask->rows->len < MAX_ROWS && mw_json_slice (data, size, "resource", &start, &length))
    {
      g_autoptr (GBytes) raw = g_bytes_new (start, length);

      add_row (ask, raw);
    }
}

static gboolean
names_one_of (JsonNode   *resource,
              const char *path,
              GStrv       references,
              const char *base)
{
  g_autoptr (MwReference) reference = mw_reference_new (mw_json_get (resource, path));
  g_autofree char *absolute = mw_reference_absolute (reference, base);

  return absolute != NULL && references != NULL && g_strv_contains ((const char *const *) references, absolute);
}

/* Whether it is what was asked for, whatever the server made of that */
static gboolean
is_wanted (Ask *ask,
           Row *row)
{
  const char *base = ask->link->row->url;

  if (names_one_of (row->resource, "managingOrganization", mw_resource_is (row->resource, "Endpoint") ? ask->organizations : NULL, base) ||
      names_one_of (row->resource, "participatingOrganization", ask->organizations, base))
    return TRUE;
  if (ask->words == NULL)
    return FALSE;
  if (ask->words->npi != NULL)
    {
      g_autofree char *npi = mw_npi_of (row->resource, NULL);

      return g_strcmp0 (npi, ask->words->npi) == 0;
    }
  return mw_directory_matches (row->resource, ask->words->name) ||
         (ask->words->department != NULL && mw_directory_matches (row->resource, ask->words->department));
}

typedef struct
{
  GHashTable *named;
  const char *base;
} Naming;

static char *
note_name (const char *literal,
           gpointer    user_data)
{
  Naming *naming = user_data;
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (literal);
  char *absolute = mw_reference_absolute (reference, naming->base);

  if (absolute != NULL)
    g_hash_table_add (naming->named, absolute);
  return NULL;
}

/* Returns: whether any row is kept now that was not before */
static gboolean
keep_what_is_named (Ask        *ask,
                    GHashTable *named)
{
  gboolean any = FALSE;

  for (guint i = 0; i < ask->rows->len; i++)
    {
      Row *row = g_ptr_array_index (ask->rows, i);
      g_autoptr (MwReference) practitioner = mw_reference_new (mw_json_get (row->resource, "practitioner"));
      g_autofree char *who = mw_reference_absolute (practitioner, ask->link->row->url);

      /* and the roles of those who are kept: a name is the person's, who does not name them */
      if (row->kept || (!g_hash_table_contains (named, row->reference) && (who == NULL || !g_hash_table_contains (named, who))))
        continue;
      row->kept = TRUE;
      any = TRUE;
    }
  return any;
}

static void
keep_rows (Ask *ask)
{
  g_autoptr (GHashTable) named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Naming naming = { named, ask->link->row->url };

  for (guint i = 0; i < ask->rows->len; i++)
    {
      Row *row = g_ptr_array_index (ask->rows, i);

      if (is_wanted (ask, row))
        g_hash_table_add (named, g_strdup (row->reference));
    }
  for (guint step = 0; step < MAX_STEPS && keep_what_is_named (ask, named); step++)
    for (guint i = 0; i < ask->rows->len; i++)
      {
        Row *row = g_ptr_array_index (ask->rows, i);

        if (row->kept)
          {
            g_autoptr (JsonNode) copy = mw_json_copy (row->resource);

            mw_reference_rewrite_all (copy, note_name, &naming);
          }
      }
  for (guint i = 0; i < ask->rows->len; i++)
    {
      Row *row = g_ptr_array_index (ask->rows, i);

      if (row->kept)
        mw_batch_add_resource (ask->batch, row->raw, "directory");
    }
  g_ptr_array_set_size (ask->rows, 0);
}

/* ---- asking ----------------------------------------------------------------- */

/* A MwStoreFunc: what was read, and with it what is not there any more */
static gint64
write_all (MwDb    *db,
           gpointer data,
           GError **error)
{
  Ask   *ask = data;
  gint64 n = mw_batch_write (db, ask->batch, error);

  for (guint i = 0; n >= 0 && i < ask->gone->len; i++)
    {
      const char *reference = g_ptr_array_index (ask->gone, i);

      if (!mw_people_mark_gone (db, reference, ask->now, error) ||
          !mw_endpoint_rows_mark_gone (db, reference, ask->now, error))
        return -1;
    }
  return n;
}

static void
finish (GTask *task)
{
  Ask *ask = g_task_get_task_data (task);

  /* a search that came to no end is made again the next time */
  for (guint i = 0; !ask->broken && ask->organizations != NULL && ask->organizations[i] != NULL; i++)
    g_hash_table_insert (ask->link->asked, g_strdup (ask->organizations[i]), g_memdup2 (&ask->now, sizeof ask->now));
  g_task_return_boolean (task, !ask->broken);
}

static void
written (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (mw_store_write_finish (MW_STORE (source), result, &error) < 0)
    g_debug ("What a directory said was not written: %s", error->message);
  finish (task);
}

static void
end (GTask *task)
{
  Ask *ask = g_task_get_task_data (task);

  if (mw_batch_get_n_read (ask->batch) == 0 && ask->gone->len == 0)
    {
      finish (task);
      return;
    }
  mw_batch_recognise (ask->batch);
  /* the task keeps all of it until the commit */
  mw_store_write_async (ask->link->core->store, write_all, ask, NULL, NULL, written, g_object_ref (task));
}

static gboolean
is_passing (const MwAnswer *answer)
{
  return answer->status == 0 || answer->answer_class == MW_ANSWER_SIGN_IN || answer->answer_class == MW_ANSWER_TEMPORARY;
}

static void
page_read (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Ask *ask = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = ask->reading != NULL ? mw_client_send_finish (MW_CLIENT (source), result, NULL)
                                                     : mw_client_search_finish (MW_CLIENT (source), result, NULL);

  if (answer == NULL)
    {
      ask->broken = TRUE;
      end (task);
      return;
    }
  mw_link_note_answer (ask->link, answer);
  if (is_passing (answer))
    {
      /* what it said before it broke off holds */
      ask->broken = TRUE;
      keep_rows (ask);
      end (task);
      return;
    }
  if (ask->reading != NULL && (answer->status == 404 || answer->status == 410))
    g_ptr_array_add (ask->gone, g_strdup (ask->reading));
  if (ask->reading != NULL && answer->answer_class == MW_ANSWER_DONE && answer->body != NULL)
    {
      add_row (ask, answer->body);
      for (guint i = 0; i < ask->rows->len; i++)
        {
          Row *row = g_ptr_array_index (ask->rows, i);

          if (g_strv_contains ((const char *const *) ask->references, row->reference))
            mw_batch_add_resource (ask->batch, row->raw, "read");
        }
      g_ptr_array_set_size (ask->rows, 0);
    }
  else if (ask->reading == NULL && answer->next != NULL && ++ask->n_pages < MAX_PAGES && ask->rows->len < MAX_ROWS && mw_client_is_same_origin (ask->link->client, answer->next) &&
           g_hash_table_add (ask->pages, g_strdup (answer->next)))
    {
      mw_client_search_async (ask->link->client, answer->next, entry_read, ask, ask->link->core->cancellable, page_read, g_steal_pointer (&task));
      return;
    }
  keep_rows (ask);
  next_query (task);
}

static void
next_query (GTask *task)
{
  Ask             *ask = g_task_get_task_data (task);
  g_autofree char *query = ask->queries->len > 0 ? g_ptr_array_steal_index (ask->queries, ask->queries->len - 1) : NULL;
  MwHttpRequest    request = { .method = "GET", .url = query, .repeatable = TRUE };

  if (query == NULL)
    {
      end (task);
      return;
    }
  ask->n_pages = 0;
  g_clear_pointer (&ask->reading, g_free);
  if (strchr (query, '?') == NULL)
    ask->reading = g_strdup_printf ("%s/%s", ask->link->row->url, query);
  if (!mw_link_is_authorised (ask->link) || (ask->item != 0 && !mw_attempt_record_query (ask->link, ask->item, "GET", query)))
    {
      ask->broken = TRUE;
      end (task);
    }
  else if (ask->reading != NULL)
    mw_client_send_async (ask->link->client, &request, ask->link->core->cancellable, page_read, g_object_ref (task));
  else
    mw_client_search_async (ask->link->client, query, entry_read, ask, ask->link->core->cancellable, page_read, g_object_ref (task));
}

/* The next one last */
static void
push_all (GPtrArray *queries,
          GStrv      more)
{
  for (guint i = g_strv_length (more); i > 0; i--)
    g_ptr_array_add (queries, g_strdup (more[i - 1]));
}

static void
make_queries (Ask          *ask,
              MwCapability *capability)
{
  for (guint i = 0; ask->references != NULL && ask->references[i] != NULL && i < MAX_READS; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (ask->references[i]);
      char *relative = mw_reference_relative (reference, ask->link->row->url);

      if (relative != NULL && strpbrk (relative, "?#") == NULL)
        g_ptr_array_add (ask->queries, relative);
      else
        g_free (relative);
    }
  for (guint i = 0; ask->organizations != NULL && ask->organizations[i] != NULL; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (ask->organizations[i]);
      g_autofree char *relative = mw_reference_relative (reference, ask->link->row->url);
      g_auto (GStrv) queries = relative != NULL ? mw_directory_query_endpoints (relative, capability, PAGE_ROWS) : NULL;

      if (queries != NULL)
        push_all (ask->queries, queries);
    }
  if (ask->words != NULL)
    {
      g_auto (GStrv) queries = mw_directory_queries (ask->words, capability, PAGE_ROWS);

      push_all (ask->queries, queries);
    }
}

static void
negotiated (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Ask *ask = g_task_get_task_data (task);
  g_autoptr (MwCapability) capability = mw_link_negotiate_finish (ask->link, result, NULL);

  if (capability == NULL)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }
  make_queries (ask, capability);
  next_query (task);
}

static void
authorised (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Ask *ask = g_task_get_task_data (task);

  if (mw_link_authorise_finish (ask->link, result, NULL))
    mw_link_negotiate_async (ask->link, negotiated, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, FALSE);
}

/**
 * mw_directory_ask_async:
 * @link: a directory
 * @item: for whose sake; every question is noted in the audit before it leaves. 0 for a person who only looks: that says
 *   nothing about anybody
 *
 * See the header. One that is paused or switched off is not asked.
 */
void
mw_directory_ask_async (MwLink                *link,
                        gint64                 item,
                        const MwDirectoryWish *wish,
                        GAsyncReadyCallback    callback,
                        gpointer               user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, link->core->cancellable, callback, user_data);
  g_auto (GStrv) me = mw_me_load (link->core->db, link->row);
  Ask *ask = g_new0 (Ask, 1);

  /* what was read is on disk, and counts */
  g_task_set_check_cancellable (task, FALSE);
  ask->link = link;
  ask->item = item;
  ask->now = mw_core_now (link->core);
  ask->words = mw_directory_words_new (wish->words);
  ask->organizations = g_strdupv (wish->organizations);
  ask->references = g_strdupv (wish->references);
  ask->queries = g_ptr_array_new_with_free_func (g_free);
  ask->rows = g_ptr_array_new_with_free_func (row_free);
  ask->gone = g_ptr_array_new_with_free_func (g_free);
  ask->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ask->batch = mw_batch_new (link->core->store, link->core->db, link->row, me, mw_core_now (link->core));
  g_task_set_task_data (task, ask, ask_free);
  if (!mw_link_is_open (link) || mw_link_is_paused (link))
    g_task_return_boolean (task, FALSE);
  else
    mw_link_authorise_async (link, authorised, g_steal_pointer (&task));
}

/**
 * mw_directory_ask_finish:
 *
 * Returns: whether the server was asked all of it; if not, what it did say is stored all the same
 */
gboolean
mw_directory_ask_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
