/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwConnection:
 * @url: the FHIR base, normalised
 * @home: whether it holds the clinician's own inbox
 * @me: (nullable): the clinician's reference there, such as Practitioner/12
 * @auth: "open", "token", "secret", "key" or "smart"
 * @token_file: (nullable): the file of mode 0600 that holds the token, or in which those of a sign-in are kept; NULL:
 *   the secret service
 * @client_id: (nullable): what the server's registration calls Meanwhile
 * @scope: (nullable): what is asked for, as the server spells it
 * @granted: (nullable): what was granted; NULL while the server has not said
 * @secret_file: (nullable): the file of mode 0600 that holds the client's secret; NULL: the secret service
 * @key_file: (nullable): the file of mode 0600 that holds the client's key; NULL: the secret service
 * @token_endpoint: (nullable): as agreed when it was connected: secrets go there and nowhere else
 * @token_auth: (nullable): "client_secret_basic" or "client_secret_post"
 * @revocation_endpoint: (nullable): where a sign-in is ended
 * @redirect: (nullable): where the browser comes back to after a sign-in, as the server's registration has it; NULL: a
 *   fresh port on this computer
 * @issuer: (nullable): who signs what a sign-in says of the person
 * @cert_file: (nullable): the file of mode 0600 with the certificate and key that this computer shows
 * @directory: whether people and places are looked up there
 * @origin: (nullable): the administrator's file that it comes from; NULL: a person has added it
 * @removed: µs when it was removed; its inbox stays readable. 0 while it is in use
 * @status: "new", "ok", "offline", "sign-in", "trouble"
 * @status_text: (nullable): a sentence to go with it
 * @paused_until: µs; the sender leaves it alone until then
 * @clock_skew: µs that the server's clock is ahead of ours
 */
typedef struct
{
  gint64   id;
  char    *name;
  char    *url;
  gboolean home;
  char    *me;
  char    *auth;
  char    *token_file;
  char    *ca_file;
  char    *fhir_version;
  char    *software;
  gboolean enabled;
  gboolean sandbox;
  char    *status;
  char    *status_text;
  gint64   last_contact;
  gint64   last_attempt;
  gint64   paused_until;
  gint64   failures;
  gint64   clock_skew;
  char    *client_id;
  char    *scope;
  char    *granted;
  char    *secret_file;
  char    *key_file;
  char    *token_endpoint;
  char    *token_auth;
  char    *revocation_endpoint;
  char    *redirect;
  char    *issuer;
  char    *cert_file;
  gboolean directory;
  char    *origin;
  gint64   removed;
} MwConnection;

void          mw_connection_free (MwConnection *self);
MwConnection *mw_connection_copy (const MwConnection *self);
MwConnection *mw_connections_load (MwDb    *db,
                                   gint64   id,
                                   GError **error);
MwConnection *mw_connections_home (MwDb *db);
MwConnection *mw_connections_by_url (MwDb       *db,
                                     const char *url);
MwConnection *mw_connections_by_reference (MwDb       *db,
                                           const char *reference);
GPtrArray    *mw_connections_all (MwDb    *db,
                                  GError **error);
gint64        mw_connections_add (MwDb               *db,
                                  const MwConnection *connection,
                                  GError            **error);
gboolean      mw_connections_set_status (MwDb       *db,
                                         gint64      id,
                                         const char *status,
                                         const char *text,
                                         gint64      contact,
                                         gint64      now,
                                         GError    **error);
gboolean      mw_connections_set_enabled (MwDb    *db,
                                          gint64   id,
                                          gboolean enabled,
                                          GError **error);
gboolean      mw_connections_set_directory (MwDb    *db,
                                            gint64   id,
                                            gboolean directory,
                                            GError **error);
gboolean      mw_connections_rename (MwDb       *db,
                                     gint64      id,
                                     const char *name,
                                     GError    **error);
gboolean      mw_connections_set_granted (MwDb       *db,
                                          gint64      id,
                                          const char *granted,
                                          GError    **error);
gboolean      mw_connections_set_clock_skew (MwDb    *db,
                                             gint64   id,
                                             gint64   skew,
                                             GError **error);
gboolean      mw_connections_pause (MwDb    *db,
                                    gint64   id,
                                    gint64   until,
                                    gint64   failures,
                                    GError **error);
gboolean      mw_capabilities_store (MwDb       *db,
                                     gint64      connection,
                                     GBytes     *json,
                                     const char *fhir_version,
                                     const char *software,
                                     gint64      now,
                                     GError    **error);
GBytes       *mw_capabilities_load (MwDb   *db,
                                    gint64  connection,
                                    gint64 *fetched);
gboolean      mw_capabilities_set_versions (MwDb       *db,
                                            gint64      connection,
                                            const char *versions,
                                            GError    **error);
char         *mw_capabilities_dup_versions (MwDb  *db,
                                            gint64 connection);
gboolean      mw_capabilities_set_learned (MwDb       *db,
                                           gint64      connection,
                                           const char *learned,
                                           gboolean    surprise,
                                           gint64      now,
                                           GError    **error);
gint64        mw_capabilities_get_learned_at (MwDb  *db,
                                              gint64 connection);
char         *mw_capabilities_dup_learned (MwDb  *db,
                                           gint64 connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwConnection, mw_connection_free)

G_END_DECLS
