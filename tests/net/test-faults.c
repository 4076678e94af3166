/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net-fixture.h"

#include <string.h>

/* Each fault of the server, met by a read, by a write that may be repeated and by one that may not.
 * The connection is fresh, so that nothing is repeated by itself: what the ledger holds is what one
 * try did. */
typedef struct
{
  const char   *name;
  MwFaultKind   fault;
  guint         status;
  MwTrouble     trouble;
  MwAnswerClass read;
  MwAnswerClass write;
  guint         n_effects;
} Row;

static const Row rows[] = {
  { "reset-before-read", MW_FAULT_RESET_BEFORE_READ, 0, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 0 },
  { "reset-in-request", MW_FAULT_RESET_IN_REQUEST, 0, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 0 },
  { "reset-before-effect", MW_FAULT_RESET_BEFORE_EFFECT, 0, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 0 },
  { "reset-after-effect", MW_FAULT_RESET_AFTER_EFFECT, 0, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 1 },
  { "cut-headers", MW_FAULT_CUT_HEADERS, 0, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 1 },
  { "cut-body", MW_FAULT_CUT_BODY, 200, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_NOT_FHIR, 1 },
  { "cut-chunked", MW_FAULT_CUT_CHUNKED, 200, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_NOT_FHIR, 1 },
  { "long-length", MW_FAULT_LONG_LENGTH, 200, MW_TROUBLE_CUT_OFF, MW_ANSWER_NOT_SENT, MW_ANSWER_NOT_FHIR, 1 },
  { "short-length", MW_FAULT_SHORT_LENGTH, 200, MW_TROUBLE_NONE, MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR, 1 },
  { "silent", MW_FAULT_SILENT, 0, MW_TROUBLE_STUCK, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 0 },
  { "silent-after-effect", MW_FAULT_SILENT_AFTER_EFFECT, 0, MW_TROUBLE_STUCK, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 1 },
  { "stall-body", MW_FAULT_STALL_BODY, 200, MW_TROUBLE_STUCK, MW_ANSWER_NOT_SENT, MW_ANSWER_NOT_FHIR, 1 },
  { "slow-headers", MW_FAULT_SLOW_HEADERS, 0, MW_TROUBLE_STUCK, MW_ANSWER_NOT_SENT, MW_ANSWER_UNKNOWN, 1 },
  { "slow-body", MW_FAULT_SLOW_BODY, 200, MW_TROUBLE_TIMED_OUT, MW_ANSWER_NOT_SENT, MW_ANSWER_NOT_FHIR, 1 },
};

static void
assert_answer (const MwAnswer *answer,
               const Row      *row,
               MwAnswerClass   answer_class,
               guint           status)
{
  g_assert_cmpint (answer->answer_class, ==, answer_class);
  g_assert_cmpint (answer->trouble, ==, row->trouble);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_null (answer->resource);
  g_assert_cmpint (answer->retry_after, ==, -1);
  g_assert_false (mw_answer_is_success (answer));
}

static void
prepare (Fixture   *self,
         const Row *row)
{
  fixture_shorten (self, 1, 2);
  mw_fault_server_set_pace (self->server, 50);
  mw_fault_server_script (self->server, row->fault);
}

static void
test_read (Fixture      *self,
           gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MwAnswer) answer = NULL;

  prepare (self, row);
  answer = fixture_get (self, "metadata");
  assert_answer (answer, row, row->read, row->status);
}

static void
test_write (Fixture      *self,
            gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MwAnswer) answer = NULL;
  g_autoptr (MwAnswer) again = NULL;

  prepare (self, row);
  answer = fixture_post (self);
  assert_answer (answer, row, row->write, row->status == 200 ? 201 : 0);
  g_assert_cmpuint (mw_ledger_count (self->ledger, TASK_IDENTITY), ==, row->n_effects);

  /* with its identity the second try is the same thing, not another one */
  again = fixture_post (self);
  g_assert_cmpint (again->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpuint (again->status, ==, row->n_effects == 1 ? 200 : 201);
  g_assert_cmpuint (mw_ledger_n_effects (self->ledger), ==, 1);
}

/* libsoup may repeat a PUT by itself on a used connection: where the request is not repeatable, none
 * may go out twice */
static void
test_put (Fixture      *self,
          gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"resourceType\":\"Task\",\"id\":\"a\"}", 32);
  MwHttpRequest request = { .method = "PUT", .url = "Task/a", .body = body };
  g_autoptr (MwAnswer) warm = fixture_get (self, "metadata");
  g_autoptr (MwAnswer) answer = NULL;
  guint arrived = row->fault == MW_FAULT_RESET_BEFORE_READ || row->fault == MW_FAULT_RESET_IN_REQUEST ? 0 : 1;

  g_assert_cmpint (warm->answer_class, ==, MW_ANSWER_DONE);
  prepare (self, row);
  answer = fixture_run (self->client, &request);
  assert_answer (answer, row, row->write, row->status == 200 ? 201 : 0);
  g_assert_cmpuint (mw_ledger_n_effects (self->ledger), ==, row->n_effects);
  if (row->fault != MW_FAULT_RESET_IN_REQUEST)
    g_assert_cmpuint (mw_fault_server_n_requests (self->server), ==, 1 + arrived);
  g_assert_cmpuint (mw_fault_server_n_connections (self->server), ==, 2);
}

/* What libsoup sends again on a used connection arrives whole */
static void
test_put_again (Fixture      *self,
                gconstpointer data)
{
  static const char text[] = "{\"resourceType\":\"Task\",\"id\":\"a\"}";
  g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
  MwHttpRequest request = { .method = "PUT", .url = "Task/a", .body = body, .repeatable = TRUE };
  g_autoptr (MwAnswer) warm = fixture_get (self, "metadata");
  g_autoptr (MwAnswer) answer = NULL;

  g_assert_cmpint (warm->answer_class, ==, MW_ANSWER_DONE);
  mw_fault_server_script (self->server, MW_FAULT_RESET_AFTER_EFFECT);
  answer = fixture_run (self->client, &request);
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpuint (mw_fault_server_n_requests (self->server), ==, 3);
  for (guint i = 1; i < 3; i++)
    {
      g_autoptr (MwFaultRequest) sent = mw_fault_server_get_request (self->server, i);

      g_assert_true (g_bytes_equal (sent->body, body));
    }
  g_assert_cmpuint (mw_ledger_n_effects (self->ledger), ==, 1);
}

/* Many faults of every kind, each item tried until it is through: what the engine will do */
static void
test_random (Fixture      *self,
             gconstpointer data)
{
  guint n_tries = 0;

  mw_fault_server_set_random (self->server, 7, 0.5);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Task\",\"identifier\":[{\"system\":\"s\",\"value\":\"%u\"}]}", i);
      g_autofree char *condition = g_strdup_printf ("identifier=s%%7C%u", i);
      g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
      MwHttpRequest request = { .method = "POST", .url = "Task", .body = body, .if_none_exist = condition, .repeatable = TRUE };
      gboolean      done = FALSE;

      while (!done)
        {
          g_autoptr (MwAnswer) answer = fixture_run (self->client, &request);

          done = answer->answer_class == MW_ANSWER_DONE;
          n_tries++;
          g_assert_cmpint (answer->answer_class, !=, MW_ANSWER_REJECTED);
        }
    }
  g_assert_cmpuint (n_tries, >, 60);
  g_assert_cmpuint (mw_fault_server_n_faults (self->server), >, 20);
  g_assert_cmpuint (mw_ledger_n_effects (self->ledger), ==, 60);
  g_assert_cmpuint (mw_ledger_n_doubled (self->ledger), ==, 0);
}

/* The ledger must be able to see what the test above says does not happen */
static void
test_ledger_sees_doubles (Fixture      *self,
                          gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "Task", .body = body };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MwAnswer) answer = fixture_run (self->client, &request);

      g_assert_cmpuint (answer->status, ==, 201);
    }
  g_assert_cmpuint (mw_ledger_count (self->ledger, TASK_IDENTITY), ==, 2);
  g_assert_cmpuint (mw_ledger_n_doubled (self->ledger), ==, 1);
}

static void
add_rows (const char *what,
          gboolean    with_slow,
          void (*func) (Fixture *, gconstpointer))
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = NULL;

      if (!with_slow && (rows[i].trouble == MW_TROUBLE_STUCK || rows[i].trouble == MW_TROUBLE_TIMED_OUT))
        continue;
      path = g_strdup_printf ("/net/faults/%s/%s", what, rows[i].name);
      g_test_add (path, Fixture, &rows[i], fixture_set_up, func, fixture_tear_down);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("read", TRUE, test_read);
  add_rows ("write", TRUE, test_write);
  add_rows ("put", FALSE, test_put);
  fixture_add ("/net/faults/put-again", test_put_again);
  fixture_add ("/net/faults/random", test_random);
  fixture_add ("/net/faults/ledger-sees-doubles", test_ledger_sees_doubles);
  return g_test_run ();
}
