/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net-fixture.h"

void
fixture_set_up (Fixture      *self,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->ledger = mw_ledger_new (NULL);
  self->server = mw_fault_server_new (mw_ledger_handle, self->ledger, NULL);
  self->client = mw_client_new (mw_fault_server_get_url (self->server), NULL, &error);
  g_assert_no_error (error);
}

void
fixture_tear_down (Fixture      *self,
                   gconstpointer data)
{
  g_assert_finalize_object (self->client);
  mw_fault_server_free (self->server);
  mw_ledger_free (self->ledger);
}

void
fixture_shorten (Fixture *self,
                 guint    stall_seconds,
                 guint    total_seconds)
{
  MwClientLimits limits = { .connect_seconds = 5, .stall_seconds = stall_seconds, .total_seconds = total_seconds };

  mw_client_set_limits (self->client, &limits);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  MwAnswer **answer = user_data;

  *answer = mw_client_send_finish (MW_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

MwAnswer *
fixture_run (MwClient            *client,
             const MwHttpRequest *request)
{
  MwAnswer *answer = NULL;

  mw_client_send_async (client, request, NULL, sent_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return answer;
}

MwAnswer *
fixture_get (Fixture    *self,
             const char *url)
{
  MwHttpRequest request = { .method = "GET", .url = url };

  return fixture_run (self->client, &request);
}

/* A conditional create: what most of the outbox is made of */
MwAnswer *
fixture_post (Fixture *self)
{
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "Task", .body = body, .if_none_exist = "identifier=s%7Cv", .repeatable = TRUE };

  return fixture_run (self->client, &request);
}

/* One that may not be repeated by itself */
MwAnswer *
fixture_post_minimal (Fixture    *self,
                      const char *url)
{
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = url, .body = body, .prefer = "return=minimal", .if_none_exist = "identifier=s%7Cv" };

  return fixture_run (self->client, &request);
}

void
fixture_reply (Fixture    *self,
               guint       status,
               const char *headers,
               const char *body)
{
  mw_fault_server_script_reply (self->server, MW_FAULT_NONE, status, headers, body, -1);
}
