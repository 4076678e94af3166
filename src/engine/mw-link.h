/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-access.h"
#include "mw-client.h"
#include "mw-connections.h"
#include "mw-engine.h"
#include "mw-store.h"
#include "mw-versions.h"
#include "mw-workflow.h"

G_BEGIN_DECLS

typedef struct _MwCore MwCore;

/** MW_LINK_MAX_IN_FLIGHT: eight is the sweet spot for one server; more servers may have more together */
#define MW_LINK_MAX_IN_FLIGHT 8

/**
 * MwLink:
 * @row: the connection as it was last read
 * @client: (nullable): NULL when it could never be made: @problem says why
 * @access: (nullable): the way in, with the client
 * @capability: (nullable): what the server says it can do, but for what it has refused when it was tried
 * @versions: (nullable): the versions of FHIR that it offers, where it has said so
 * @learned: (nullable): what it has refused, as in mw-learned.h
 * @lost: when it was last asked what it can do, no FHIR server was there: it may have moved
 * @in_flight: exchanges of the sender under way
 * @asked: absolute references of organisations → µs when their endpoints were last searched for in this run
 * @patients: home patient's absolute reference → "Patient/77" there, "" for none, as far as looked up in this run
 *
 * A connection as the engine's thread works with it.
 */
typedef struct
{
  MwCore       *core;
  MwConnection *row;
  MwClient     *client;
  MwCapability *capability;
  gint64        capability_fetched;
  MwVersions   *versions;
  char         *learned;
  gboolean      lost;
  MwAccess     *access;
  gboolean      token_worked; /* the token in use has opened a door */
  guint         in_flight;
  GHashTable   *asked;
  GHashTable   *patients;
  char         *problem;
} MwLink;

/**
 * MwCore:
 *
 * What the parts of the engine share. All of it belongs to the engine's thread.
 */
struct _MwCore
{
  MwStore        *store;
  MwDb           *db;
  MwEngineOptions options;
  GCancellable   *cancellable;
  GHashTable     *links;
  GMainContext   *context;
  gint64          received;
  gint64          handed_over;
  void (*kick) (gpointer user_data); /* something changed: look at everything again soon */
  gpointer kick_data;
};

gint64   mw_core_now (MwCore *core);
gdouble  mw_core_jitter (MwCore *core);
gint64   mw_core_pace (MwCore *core,
                       gint64  delay);
void     mw_core_kick (MwCore *core);
MwLink  *mw_core_link (MwCore *core,
                       gint64  connection);
MwLink  *mw_core_home (MwCore *core);
void     mw_core_reload_links (MwCore *core);
gboolean mw_core_close_links (MwCore *core);

void        mw_link_free (MwLink *link);
gboolean    mw_link_is_open (MwLink *link);
gboolean    mw_link_is_paused (MwLink *link);
const char *mw_link_get_wait (MwLink *link);
gint64      mw_link_get_wait_until (MwLink *link);
const char *mw_link_get_wait_text (MwLink *link);
gboolean    mw_link_is_authorised (MwLink *link);
gboolean    mw_link_may_renew (MwLink *link);
const char *mw_link_trouble_words (const MwAnswer *answer);
void        mw_link_note_answer (MwLink         *link,
                                 const MwAnswer *answer);

/* Makes sure that a token is set where the connection needs one */
void     mw_link_authorise_async (MwLink             *link,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean mw_link_authorise_finish (MwLink       *link,
                                   GAsyncResult *result,
                                   GError      **error);

/* What the server can do, from the store while that is young, else asked */
void          mw_link_negotiate_async (MwLink             *link,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
MwCapability *mw_link_negotiate_finish (MwLink       *link,
                                        GAsyncResult *result,
                                        GError      **error);
MwFhirVersion mw_link_get_version (MwLink  *link,
                                   GError **error);
char         *mw_link_dup_media_type (MwLink *link);
void          mw_link_forget_capability (MwLink *link);
MwCapability *mw_negotiate_load (MwDb          *db,
                                 gint64         connection,
                                 MwFhirVersion *version);

G_END_DECLS
