/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A data folder as it is after years: entries that came in as any do, through the engine's batches.
 *
 * usage: large-store FOLDER URL ENTRIES
 * URL is where their server is said to be. */

#include "mw-batch.h"
#include "mw-connections.h"

#include <string.h>

#define PAGE 1000

static gint64
write_home (MwDb    *db,
            gpointer data,
            GError **error)
{
  MwConnection home = { .name = (char *) "Home", .url = data, .home = TRUE, .auth = (char *) "open", .fhir_version = (char *) "4.0.1" };

  return mw_connections_add (db, &home, error);
}

/* Every fifth an alert, every fiftieth urgent, a minute apart */
static GBytes *
communication (guint  number,
               gint64 now)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC - (gint64) number * 60);
  g_autofree char *time = g_date_time_format (at, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *filler = g_strnfill (600, 'y');
  char            *text = g_strdup_printf ("{\"resourceType\":\"Communication\",\"id\":\"c%u\",\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"%s\"},"
                                                      "\"status\":\"completed\",%s\"priority\":\"%s\",\"topic\":{\"text\":\"Values of number %u\"},\"sent\":\"%s\","
                                                      "\"subject\":{\"display\":\"Patient Number %u\"},\"sender\":{\"display\":\"Sender Number %u\"},"
                                                      "\"payload\":[{\"contentString\":\"Potassium of number %u is high, please look at it today %s\"}]}",
                                           number, time,
                                number % 5 == 0 ? "\"category\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/communication-category\",\"code\":\"alert\"}]}]," : "",
                                number % 50 == 0 ? "urgent" : "routine", number, time, number % 700, number % 90, number, filler);

  return g_bytes_new_take (text, strlen (text));
}

static void
write_page (MwStore            *store,
            const MwConnection *home,
            guint               first,
            guint               n,
            gint64              now)
{
  char    *me[] = { NULL };
  MwBatch *batch = mw_batch_new (store, mw_store_get_reader (store, NULL), home, me, now);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) raw = communication (first - i, now);

      mw_batch_add_resource (batch, raw, "Communication");
    }
  mw_batch_recognise (batch);
  if (mw_store_write (store, mw_batch_write, batch, NULL) != n)
    g_error ("A page was not written");
  mw_batch_free (batch);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (MwStore) store = NULL;
  g_autoptr (MwConnection) home = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time ();
  gint64 id;
  guint  left;

  if (argc != 4)
    return 2;
  store = mw_store_open (argv[1], &error);
  if (store == NULL || (id = mw_store_write (store, write_home, argv[2], &error)) < 0)
    g_error ("%s", error->message);
  home = mw_connections_load (mw_store_get_reader (store, NULL), id, NULL);
  for (left = (guint) g_ascii_strtoull (argv[3], NULL, 10); left > 0; left -= MIN (left, PAGE))
    write_page (store, home, left, MIN (left, PAGE), now);
  mw_store_close (store);
  return 0;
}
