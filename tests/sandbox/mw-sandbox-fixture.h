/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "mw-json.h"
#include "mw-sandbox.h"

G_BEGIN_DECLS

/* 2026-03-02 08:00 UTC, a Monday */
#define FIXTURE_START (G_GINT64_CONSTANT (1772438400) * G_USEC_PER_SEC)
#define FHIR "application/fhir+json"

/* A sandbox whose clock only the test moves, and what it answered last */
typedef struct
{
  MwSandbox   *sandbox;
  SoupSession *session;
  SoupMessage *message; /* the last exchange */
  GBytes      *body;
  JsonNode    *json; /* (nullable): the body, when it is JSON */
  guint        status;
} Fixture;

void        fixture_set_up (Fixture      *self,
                            gconstpointer data);
void        fixture_tear_down (Fixture      *self,
                               gconstpointer data);
guint       fixture_send_to (Fixture    *self,
                             const char *url,
                             const char *method,
                             const char *body,
                             const char *type,
                             const char *header,
                             const char *value);
guint       fixture_send (Fixture    *self,
                          const char *site,
                          const char *method,
                          const char *path,
                          const char *body,
                          const char *header,
                          const char *value);
guint       fixture_get (Fixture    *self,
                         const char *site,
                         const char *path);
guint       fixture_post (Fixture    *self,
                          const char *site,
                          const char *path,
                          const char *body);
const char *fixture_header (Fixture    *self,
                            const char *name);
guint       fixture_total (Fixture *self);
char       *fixture_ids (Fixture *self);
void        fixture_assert_refused (Fixture    *self,
                                    guint       status,
                                    const char *expression);
char       *fixture_quote (const char *text);

#define fixture_add(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

G_END_DECLS
