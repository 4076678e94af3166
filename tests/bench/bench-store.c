/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store costs: from a draft to a commit that survives a power cut, against a bare write and
 * fdatasync; and taking in a page of entries, against the same bytes put into SQLite with indexes and a
 * full-text index. */

#include "bench.h"

#include "mw-batch.h"
#include "mw-connections.h"
#include "mw-outbox.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define N_ENQUEUED 200
#define N_INGESTED 1000

typedef struct
{
  char         *folder;
  MwStore      *store;
  MwConnection *home;
  int           file;
  MwDb         *bare;
  guint         round;
} Data;

static gint64
write_home (MwDb    *db,
            gpointer data,
            GError **error)
{
  MwConnection base = { .name = (char *) "Home", .url = (char *) "http://home.invalid", .home = TRUE, .auth = (char *) "open" };

  return mw_connections_add (db, &base, error);
}

/* ---- enqueue --------------------------------------------------------- */

static gint64
write_item (MwDb    *db,
            gpointer data,
            GError **error)
{
  gint64 now = g_get_real_time ();

  return mw_outbox_post (db, data, 0, NULL, now, FALSE, now, error);
}

static MwDraft *
new_draft (void)
{
  MwDraft *draft = mw_draft_new (MW_KIND_MESSAGE);

  draft->to_name = g_strdup ("Dr Rossi");
  draft->note = g_strnfill (2000, 'x');
  return draft;
}

static double
enqueue (gpointer user_data)
{
  Data *data = user_data;
  g_autoptr (MwDraft) draft = new_draft ();
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < N_ENQUEUED; i++)
    if (mw_store_write (data->store, write_item, draft, NULL) < 0)
      g_error ("An item was not written");
  return (double) (g_get_monotonic_time () - start) / N_ENQUEUED;
}

static double
bare_write (gpointer user_data)
{
  Data  *data = user_data;
  char   bytes[2800];
  gint64 start = g_get_monotonic_time ();

  memset (bytes, 'x', sizeof bytes);
  for (guint i = 0; i < N_ENQUEUED; i++)
    if (write (data->file, bytes, sizeof bytes) != sizeof bytes || fdatasync (data->file) != 0)
      g_error ("The file was not written");
  return (double) (g_get_monotonic_time () - start) / N_ENQUEUED;
}

/* ---- ingest ---------------------------------------------------------- */

/* A message of about 2.8 KB */
static GBytes *
communication (guint round,
               guint number)
{
  g_autofree char *filler = g_strnfill (2300, 'y');
  char            *text = g_strdup_printf ("{\"resourceType\":\"Communication\",\"id\":\"c%u-%u\",\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"2026-01-01T10:00:00Z\"},"
                                                      "\"status\":\"completed\",\"sender\":{\"display\":\"Dr Rossi\"},\"sent\":\"2026-01-01T10:00:00Z\","
                                                      "\"payload\":[{\"contentString\":\"Potassium of number %u is high, please look at it today %s\"}]}",
                                           round, number, number, filler);

  return g_bytes_new_take (text, strlen (text));
}

static double
ingest (gpointer user_data)
{
  Data    *data = user_data;
  char    *me[] = { NULL };
  MwDb    *db = mw_store_get_reader (data->store, NULL);
  MwBatch *batch = mw_batch_new (data->store, db, data->home, me, g_get_real_time ());
  gint64   start = g_get_monotonic_time ();
  double   each;

  data->round++;
  for (guint i = 0; i < N_INGESTED; i++)
    {
      g_autoptr (GBytes) raw = communication (data->round, i);

      mw_batch_add_resource (batch, raw, "Communication");
    }
  mw_batch_recognise (batch);
  if (mw_store_write (data->store, mw_batch_write, batch, NULL) != N_INGESTED)
    g_error ("A page was not written");
  each = (double) (g_get_monotonic_time () - start) / N_INGESTED;
  mw_batch_free (batch);
  return each;
}

static double
bare_ingest (gpointer user_data)
{
  Data  *data = user_data;
  gint64 start = g_get_monotonic_time ();

  data->round++;
  mw_db_exec (data->bare, "BEGIN IMMEDIATE", NULL);
  for (guint i = 0; i < N_INGESTED; i++)
    {
      g_autoptr (GBytes) raw = communication (data->round, i);
      g_autofree char *reference = g_strdup_printf ("http://home.invalid/Communication/c%u-%u", data->round, i);
      const char      *text = g_bytes_get_data (raw, NULL);

      if (!mw_db_run (data->bare, NULL, "INSERT INTO bare (reference, received, unread, raw) VALUES (?1, ?2, 1, ?3)", "sib", reference, start + i, raw) ||
          !mw_db_run (data->bare, NULL, "INSERT INTO bare_search (subject, body) VALUES (?1, ?2)", "ss", reference, text))
        g_error ("A row was not written");
    }
  mw_db_exec (data->bare, "COMMIT", NULL);
  return (double) (g_get_monotonic_time () - start) / N_INGESTED;
}

int
main (int    argc,
      char **argv)
{
  Data             data = { .folder = bench_folder_new () };
  g_autofree char *file = g_build_filename (data.folder, "bare.bin", NULL);
  g_autofree char *bare = g_build_filename (data.folder, "bare.db", NULL);
  gint64           home;

  data.store = mw_store_open (data.folder, NULL);
  home = mw_store_write (data.store, write_home, NULL, NULL);
  data.home = mw_connections_load (mw_store_get_reader (data.store, NULL), home, NULL);
  data.file = open (file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  data.bare = mw_db_open (bare, MW_DB_READ_WRITE, NULL);
  if (!mw_db_exec (data.bare,
                   "CREATE TABLE bare (id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, received INTEGER NOT NULL, unread INTEGER NOT NULL, raw BLOB NOT NULL) STRICT;"
                   "CREATE INDEX bare_received ON bare (received DESC, unread); CREATE INDEX bare_unread ON bare (received DESC) WHERE unread = 1;"
                   "CREATE VIRTUAL TABLE bare_search USING fts5 (subject, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4')",
                   NULL))
    g_error ("The bare table was not made");

  bench_compare ("enqueue to durable", "store", enqueue, "write + fdatasync", bare_write, &data);
  bench_compare ("ingest of an entry", "read, recognise, store", ingest, "raw SQLite with full text", bare_ingest, &data);

  mw_db_close (data.bare);
  close (data.file);
  mw_connection_free (data.home);
  mw_store_close (data.store);
  g_object_unref (data.store);
  bench_folder_remove (data.folder);
  return 0;
}
