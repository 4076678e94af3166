/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-client.h"
#include "mw-ledger.h"

G_BEGIN_DECLS

/* A client, and the server it talks to. */

typedef struct
{
  MwLedger      *ledger;
  MwFaultServer *server;
  MwClient      *client;
} Fixture;

#define TASK "{\"resourceType\":\"Task\",\"identifier\":[{\"system\":\"s\",\"value\":\"v\"}],\"status\":\"requested\"}"
#define TASK_IDENTITY "Task?identifier=s|v"
#define OUTCOME(code) "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"" code "\",\"details\":{\"text\":\"Because\"}}]}"
#define FHIR "Content-Type: application/fhir+json\r\n"

void      fixture_set_up (Fixture      *self,
                          gconstpointer data);
void      fixture_tear_down (Fixture      *self,
                             gconstpointer data);
void      fixture_shorten (Fixture *self,
                           guint    stall_seconds,
                           guint    total_seconds);
MwAnswer *fixture_run (MwClient            *client,
                       const MwHttpRequest *request);
MwAnswer *fixture_get (Fixture    *self,
                       const char *url);
MwAnswer *fixture_post (Fixture *self);
MwAnswer *fixture_post_minimal (Fixture    *self,
                                const char *url);
void      fixture_reply (Fixture    *self,
                         guint       status,
                         const char *headers,
                         const char *body);

#define fixture_add(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

G_END_DECLS
