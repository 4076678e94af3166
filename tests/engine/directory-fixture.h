/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine-fixture.h"

#include "mw-question.h"

G_BEGIN_DECLS

/* A directory that takes no notice of what is asked but for the type, and includes nobody but the
 * practitioners of roles */
typedef struct
{
  EngineFixture *fixture;
  MwFaultServer *server;
  GMutex         lock;
  GPtrArray     *resources; /* JSON texts */
  char          *url;
  gint64         connection;
  gboolean       lying;  /* answers each search with everything, for ever */
  gboolean       broken; /* 503 */
  const char    *deaf;   /* (nullable): 503 for searches of this type */
  guint          n_requests;
} Directory;

/* A receiver that says what it can do */
typedef struct
{
  Peer *peer;
  guint status; /* of /metadata; 0: 200 */
  guint n_metadata;
} Receiver;

void receiver_begin (Receiver *self, EngineFixture *f);
/* JSON with ' for ", and the place of %s */
void        directory_add (Directory *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void        directory_clear (Directory *self);
void        directory_add_organization (Directory *self, const char *id, const char *name, const char *more);
void        directory_add_endpoint (Directory *self, const char *id, const char *status, const char *address);
void        directory_begin (Directory *self, EngineFixture *f);
void        directory_end (Directory *self);
gint64      discover_message (EngineFixture *f, const char *who);
void        discover_take (EngineFixture *f, gint64 item, const char *value);
MwQuestion *discover_await_question (EngineFixture *f, gint64 item, const char *about);
void        discover_assert_says (const char *text, const char *words);
void        discover_assert_journal (EngineFixture *f, const char *words);
void        discover_assert_attention (EngineFixture *f, gint64 item, const char *words);

G_END_DECLS
