/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-engine.h"
#include "mw-item.h"
#include "mw-ledger.h"
#include "mw-outbox.h"

G_BEGIN_DECLS

typedef struct _EngineFixture EngineFixture;

/* What a peer says that it can do */
typedef enum
{
  PEER_PLAIN = 0,
  PEER_CONDITIONAL = 1 << 0,
  PEER_CLIENT_IDS = 1 << 1,
  PEER_TRANSACTION = 1 << 2,
  PEER_MESSAGE = 1 << 3,
  PEER_SEARCH = 1 << 4,
  PEER_TOKEN = 1 << 5,        /* the connection needs a bearer token */
  PEER_IGNORES_IF = 1 << 6,   /* whatever it says, a condition does nothing */
  PEER_ANSWERS_ALL = 1 << 7,  /* a search it does not know is answered with everything */
  PEER_MATCH = 1 << 8,        /* offers Patient/$match */
  PEER_MEMBER_MATCH = 1 << 9, /* offers Patient/$member-match */
} PeerFlags;

/* A receiving server: a ledger behind a server that misbehaves, a connection to it, and an organisation
 * that is reached there */
typedef struct
{
  EngineFixture *fixture;
  PeerFlags      flags;
  MwLedger      *ledger;
  MwFaultServer *server;
  char          *url;
  gint64         connection;
  char          *organization;
  MwFaultHandler hook; /* (nullable): instead of the ledger */
  gpointer       hook_data;
} Peer;

struct _EngineFixture
{
  char           *folder;
  MwStore        *store;
  MwDb           *db;
  MwEngine       *engine;
  MwEngineOptions options;
  gint64          offset; /* of the fixture's clock from the computer's */
  GPtrArray      *peers;
  char           *home_url;
  gint64          home;
  gboolean        changed;
  guint           watch;
};

void     engine_fixture_set_up (EngineFixture *f,
                                gconstpointer  user_data);
void     engine_fixture_tear_down (EngineFixture *f,
                                   gconstpointer  user_data);
Peer    *engine_fixture_add_peer (EngineFixture *f,
                                  PeerFlags      flags);
void     engine_fixture_set_home (EngineFixture *f,
                                  const char    *url,
                                  const char    *me);
void     engine_fixture_start (EngineFixture *f);
void     engine_fixture_stop (EngineFixture *f);
gint64   engine_fixture_now (EngineFixture *f);
gint64   engine_fixture_post (EngineFixture *f,
                              Peer          *peer,
                              gint64         thread,
                              const MwDraft *draft);
gint64   engine_fixture_message (EngineFixture *f,
                                 Peer          *peer,
                                 gint64         thread,
                                 const char    *text);
gint64   engine_fixture_thread (EngineFixture *f,
                                gint64         item);
gboolean engine_fixture_act (EngineFixture *f,
                             MwOutboxVerb   verb,
                             gint64         item,
                             GError       **error);
void     engine_fixture_sql (EngineFixture *f,
                             const char    *sql);
void     engine_fixture_wait (EngineFixture *f,
                              const char    *sql,
                              gint64         value);
void     engine_fixture_wait_state (EngineFixture *f,
                                    gint64         item,
                                    const char    *word);
void     engine_fixture_wait_held (EngineFixture *f,
                                   gint64         item,
                                   const char    *wait);
gint64   engine_fixture_get (EngineFixture *f,
                             const char    *sql);
char    *engine_fixture_get_text (EngineFixture *f,
                                  const char    *sql);
char    *engine_fixture_journal (EngineFixture *f,
                                 gint64         item);
void     engine_fixture_assert_once (EngineFixture *f,
                                     Peer          *peer);

G_END_DECLS
