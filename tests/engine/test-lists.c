/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Published lists on their way into the store: their limits, their progress, and that nothing half done is left */

#include "engine-fixture.h"

#include "mw-list-import.h"

#include <glib/gstdio.h>

#define ORGANIZATION "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"o%u\",\"name\":\"Centre %u\",\"endpoint\":[{\"reference\":\"Endpoint/e%u\"}]}}"
#define ENDPOINT "{\"resource\":{\"resourceType\":\"Endpoint\",\"id\":\"e%u\",\"status\":\"active\",\"address\":\"https://c%u.example/fhir\"}}"

typedef struct
{
  EngineFixture engine;
  char         *file;
  GCancellable *cancellable;
  gboolean      ended;
  char         *report;
  GError       *error;
  guint         n_told;
  guint64       bytes;
  guint         written;
  guint         total;
  guint         cancel_at; /* records written */
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  engine_fixture_set_up (&f->engine, data);
  f->file = g_build_filename (f->engine.folder, "list.json", NULL);
  f->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_unlink (f->file);
  g_free (f->file);
  g_object_unref (f->cancellable);
  g_free (f->report);
  g_clear_error (&f->error);
  engine_fixture_tear_down (&f->engine, data);
}

static void
write_list (Fixture *f,
            guint    first,
            guint    n)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[");
  g_autoptr (GError) error = NULL;

  for (guint i = first; i < first + n; i++)
    {
      g_string_append_printf (text, "%s" ORGANIZATION ",", i > first ? "," : "", i, i, i);
      g_string_append_printf (text, ENDPOINT, i, i);
    }
  g_string_append (text, "]}");
  g_file_set_contents (f->file, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
}

static void
progress_cb (guint64  bytes,
             guint    written,
             guint    total,
             gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_false (f->ended);
  g_assert_cmpuint (bytes, >=, f->bytes);
  g_assert_cmpuint (written, <=, total);
  f->n_told++;
  f->bytes = bytes;
  f->written = written;
  f->total = total;
  if (f->cancel_at > 0 && written >= f->cancel_at)
    g_cancellable_cancel (f->cancellable);
}

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Fixture *f = user_data;

  f->report = mw_list_import_finish (MW_STORE (source), result, &f->error);
  f->ended = TRUE;
}

static void
import (Fixture    *f,
        const char *place,
        guint64     max_bytes)
{
  MwListImportOptions options = { .max_bytes = max_bytes, .progress = progress_cb, .progress_data = f };

  g_clear_pointer (&f->report, g_free);
  g_clear_error (&f->error);
  f->ended = FALSE;
  f->bytes = 0;
  mw_list_import_async (f->engine.store, place, &options, f->cancellable, imported_cb, f);
  while (!f->ended)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_known (Fixture *f,
              gint64   n)
{
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM people WHERE type = 'Organization' AND source <> ''"), ==, n);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM people WHERE type = 'Organization' AND source <> '' AND active = 1"), ==, n);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM endpoints WHERE source <> ''"), ==, n);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM endpoint_links WHERE source <> ''"), ==, n);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM published_imports"), ==, 0);
}

static void
test_progress (Fixture      *f,
               gconstpointer data)
{
  write_list (f, 0, 5000);
  import (f, f->file, 0);
  g_assert_no_error (f->error);
  assert_known (f, 5000);
  g_assert_cmpuint (f->n_told, >, 0);
  g_assert_cmpuint (f->bytes, >, 0);
}

static void
test_cancelled (Fixture      *f,
                gconstpointer data)
{
  write_list (f, 0, 10);
  import (f, f->file, 0);
  g_assert_no_error (f->error);
  write_list (f, 0, 20000);
  f->cancel_at = 1;
  import (f, f->file, 0);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (f->report);
  assert_known (f, 10);
  /* before it has begun */
  import (f, f->file, 0);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_known (f, 10);
}

static void
reply (MwFaultRequest *request,
       MwFaultReply   *reply,
       gpointer        user_data)
{
  reply->status = 200;
  mw_fault_reply_header (reply, "Content-Type", "application/json");
  g_string_append (reply->body, "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"a\",\"name\":\"A\",\"x\":\"");
}

static void
test_endless (Fixture      *f,
              gconstpointer data)
{
  g_autoptr (MwFaultServer) server = mw_fault_server_new (reply, NULL, NULL);

  write_list (f, 0, 10);
  import (f, f->file, 0);
  g_assert_no_error (f->error);
  mw_fault_server_script (server, MW_FAULT_ENDLESS_BODY);
  import (f, mw_fault_server_get_url (server), 4 * 1024 * 1024);
  g_assert_error (f->error, MW_LIST_ERROR, MW_LIST_ERROR_TOO_BIG);
  assert_known (f, 10);
  /* a file too */
  import (f, f->file, 1000);
  g_assert_error (f->error, MW_LIST_ERROR, MW_LIST_ERROR_TOO_BIG);
  assert_known (f, 10);
}

static void
test_broken_line (Fixture      *f,
                  gconstpointer data)
{
  static const MwFaultKind faults[] = { MW_FAULT_RESET_AFTER_EFFECT, MW_FAULT_CUT_BODY, MW_FAULT_CUT_CHUNKED, MW_FAULT_CUT_HEADERS };
  g_autoptr (MwFaultServer) server = mw_fault_server_new (reply, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      /* what may be asked again is asked again */
      mw_fault_server_script (server, faults[i]);
      mw_fault_server_script (server, faults[i]);
      import (f, mw_fault_server_get_url (server), 0);
      g_assert_nonnull (f->error);
      g_assert_true (f->error->domain == MW_LIST_ERROR);
      assert_known (f, 0);
    }
}

static void
forgotten_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fixture *f = user_data;

  g_assert_true (mw_list_forget_finish (MW_STORE (source), result, &f->error));
  f->ended = TRUE;
}

static void
test_forget (Fixture      *f,
             gconstpointer data)
{
  g_autofree char *source = NULL;

  write_list (f, 0, 5000);
  import (f, f->file, 0);
  g_assert_no_error (f->error);
  source = engine_fixture_get_text (&f->engine, "SELECT source FROM published_lists");
  f->ended = FALSE;
  mw_list_forget_async (f->engine.store, source, NULL, forgotten_cb, f);
  while (!f->ended)
    g_main_context_iteration (NULL, TRUE);
  assert_known (f, 0);
  g_assert_cmpint (engine_fixture_get (&f->engine, "SELECT count(*) FROM published_lists"), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/engine/lists/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("progress", test_progress);
  ADD ("cancelled", test_cancelled);
  ADD ("endless", test_endless);
  ADD ("broken-line", test_broken_line);
  ADD ("forget", test_forget);
  return g_test_run ();
}
