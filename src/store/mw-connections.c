/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-connections.h"

#include "mw-audit-note.h"

#include "mw-item.h"

#define COLUMNS                                                                                         \
  "id, name, url, home, me, auth, token_file, ca_file, fhir_version, software, enabled, sandbox, "      \
  "status, status_text, last_contact, last_attempt, paused_until, failures, clock_skew, "               \
  "client_id, scope, granted, secret_file, key_file, token_endpoint, token_auth, revocation_endpoint, " \
  "redirect, issuer, cert_file, directory, origin, removed"

void
mw_connection_free (MwConnection *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->url);
  g_free (self->me);
  g_free (self->auth);
  g_free (self->token_file);
  g_free (self->ca_file);
  g_free (self->fhir_version);
  g_free (self->software);
  g_free (self->status);
  g_free (self->status_text);
  g_free (self->client_id);
  g_free (self->scope);
  g_free (self->granted);
  g_free (self->secret_file);
  g_free (self->key_file);
  g_free (self->token_endpoint);
  g_free (self->token_auth);
  g_free (self->revocation_endpoint);
  g_free (self->redirect);
  g_free (self->issuer);
  g_free (self->cert_file);
  g_free (self->origin);
  g_free (self);
}

/**
 * mw_connection_copy:
 *
 * Returns: (transfer full): one of its own
 */
MwConnection *
mw_connection_copy (const MwConnection *self)
{
  MwConnection *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->url = g_strdup (self->url);
  copy->me = g_strdup (self->me);
  copy->auth = g_strdup (self->auth);
  copy->token_file = g_strdup (self->token_file);
  copy->ca_file = g_strdup (self->ca_file);
  copy->fhir_version = g_strdup (self->fhir_version);
  copy->software = g_strdup (self->software);
  copy->status = g_strdup (self->status);
  copy->status_text = g_strdup (self->status_text);
  copy->client_id = g_strdup (self->client_id);
  copy->scope = g_strdup (self->scope);
  copy->granted = g_strdup (self->granted);
  copy->secret_file = g_strdup (self->secret_file);
  copy->key_file = g_strdup (self->key_file);
  copy->token_endpoint = g_strdup (self->token_endpoint);
  copy->token_auth = g_strdup (self->token_auth);
  copy->revocation_endpoint = g_strdup (self->revocation_endpoint);
  copy->redirect = g_strdup (self->redirect);
  copy->issuer = g_strdup (self->issuer);
  copy->cert_file = g_strdup (self->cert_file);
  copy->origin = g_strdup (self->origin);
  return copy;
}

static void
connection_free (gpointer data)
{
  mw_connection_free (data);
}

static MwConnection *
read_row (MwQuery *query)
{
  MwConnection *self = g_new0 (MwConnection, 1);

  self->id = mw_query_int (query, 0);
  self->name = mw_query_dup (query, 1);
  self->url = mw_query_dup (query, 2);
  self->home = mw_query_int (query, 3) != 0;
  self->me = mw_query_dup (query, 4);
  self->auth = mw_query_dup (query, 5);
  self->token_file = mw_query_dup (query, 6);
  self->ca_file = mw_query_dup (query, 7);
  self->fhir_version = mw_query_dup (query, 8);
  self->software = mw_query_dup (query, 9);
  self->enabled = mw_query_int (query, 10) != 0;
  self->sandbox = mw_query_int (query, 11) != 0;
  self->status = mw_query_dup (query, 12);
  self->status_text = mw_query_dup (query, 13);
  self->last_contact = mw_query_int (query, 14);
  self->last_attempt = mw_query_int (query, 15);
  self->paused_until = mw_query_int (query, 16);
  self->failures = mw_query_int (query, 17);
  self->clock_skew = mw_query_int (query, 18);
  self->client_id = mw_query_dup (query, 19);
  self->scope = mw_query_dup (query, 20);
  self->granted = mw_query_dup (query, 21);
  self->secret_file = mw_query_dup (query, 22);
  self->key_file = mw_query_dup (query, 23);
  self->token_endpoint = mw_query_dup (query, 24);
  self->token_auth = mw_query_dup (query, 25);
  self->revocation_endpoint = mw_query_dup (query, 26);
  self->redirect = mw_query_dup (query, 27);
  self->issuer = mw_query_dup (query, 28);
  self->cert_file = mw_query_dup (query, 29);
  self->directory = mw_query_int (query, 30) != 0;
  self->origin = mw_query_dup (query, 31);
  self->removed = mw_query_int (query, 32);
  return self;
}

/**
 * mw_connections_load:
 *
 * Also one that was removed: what came from there, and the audit, name it.
 *
 * Returns: (transfer full): the connection, or NULL with MW_STORE_ERROR_NOT_FOUND
 */
MwConnection *
mw_connections_load (MwDb    *db,
                     gint64   id,
                     GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, error, "SELECT " COLUMNS " FROM connections WHERE id = ?1", "i", id))
    return NULL;
  if (mw_query_step (&query, error))
    return read_row (&query);
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such connection");
  return NULL;
}

/**
 * mw_connections_home:
 *
 * Returns: (transfer full) (nullable): the connection with the clinician's own inbox
 */
MwConnection *
mw_connections_home (MwDb *db)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM connections WHERE home = 1", "") && mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

MwConnection *
mw_connections_by_url (MwDb       *db,
                       const char *url)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM connections WHERE url = ?1 AND removed = 0", "s", url) && mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

/**
 * mw_connections_by_reference:
 * @reference: absolute
 *
 * Returns: (transfer full) (nullable): the connection on whose server the resource lives
 */
MwConnection *
mw_connections_by_reference (MwDb       *db,
                             const char *reference)
{
  gint64 id = mw_db_get_int (db, 0, "SELECT id FROM connections WHERE substr (?1, 1, length (url) + 1) = url || '/' AND removed = 0 ORDER BY length (url) DESC LIMIT 1", "s", reference);

  return id > 0 ? mw_connections_load (db, id, NULL) : NULL;
}

/**
 * mw_connections_all:
 *
 * Returns: (transfer full) (element-type MwConnection): every connection in use, the home one first
 */
GPtrArray *
mw_connections_all (MwDb    *db,
                    GError **error)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (connection_free);

  if (!mw_query_init (&query, db, error, "SELECT " COLUMNS " FROM connections WHERE removed = 0 ORDER BY home DESC, id", ""))
    return NULL;
  while (mw_query_step (&query, NULL))
    g_ptr_array_add (all, read_row (&query));
  return g_steal_pointer (&all);
}

/**
 * mw_connections_add:
 * @connection: what to add; id, status and times are ignored
 *
 * Adds a connection, or brings the one with the same URL up to date, so that connecting twice is
 * harmless. One that was removed is back, with what had come from there. A new home takes the place of the old one. What waited for the network or for a sign-in there is due.
 *
 * Returns: its id, or -1
 */
gint64
mw_connections_add (MwDb               *db,
                    const MwConnection *connection,
                    GError            **error)
{
  /* one that was removed is added again: the audit says so */
  gboolean is_new = mw_db_get_int (db, 0, "SELECT id FROM connections WHERE url = ?1 AND removed = 0", "s", connection->url) == 0;
  gint64   id;

  if (connection->home && !mw_db_run (db, error, "UPDATE connections SET home = 0, home_shipped = 0 WHERE home = 1 AND url <> ?1", "s", connection->url))
    return -1;
  if (!mw_db_run (db, error,
                  "INSERT INTO connections (name, url, home, me, auth, token_file, ca_file, fhir_version, software, sandbox, "
                  "client_id, scope, granted, secret_file, key_file, token_endpoint, token_auth, revocation_endpoint, "
                  "redirect, issuer, cert_file, directory, origin) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
                  "?19, ?20, ?21, ?22, ?23) "
                  "ON CONFLICT (url) DO UPDATE SET name = excluded.name, home = max (home, excluded.home), me = iif (removed > 0, excluded.me, coalesce (excluded.me, me)), "
                  "auth = excluded.auth, token_file = excluded.token_file, ca_file = excluded.ca_file, "
                  "fhir_version = coalesce(excluded.fhir_version, fhir_version), software = coalesce(excluded.software, software), "
                  "client_id = excluded.client_id, scope = excluded.scope, granted = excluded.granted, secret_file = excluded.secret_file, "
                  "key_file = excluded.key_file, token_endpoint = excluded.token_endpoint, token_auth = excluded.token_auth, "
                  "revocation_endpoint = excluded.revocation_endpoint, redirect = excluded.redirect, issuer = excluded.issuer, "
                  "cert_file = excluded.cert_file, directory = max (directory, excluded.directory), origin = excluded.origin, removed = 0, "
                  "sandbox = excluded.sandbox, enabled = 1, status = 'new', status_text = NULL, paused_until = 0, failures = 0",
                  "ssdssssssdsssssssssssds",
                  connection->name, connection->url, (int) connection->home, connection->me, connection->auth,
                  connection->token_file, connection->ca_file, connection->fhir_version, connection->software, (int) connection->sandbox,
                  connection->client_id, connection->scope, connection->granted, connection->secret_file, connection->key_file,
                  connection->token_endpoint, connection->token_auth, connection->revocation_endpoint, connection->redirect, connection->issuer,
                  connection->cert_file, (int) connection->directory, connection->origin))
    return -1;
  mw_db_touch (db, MW_CHANGE_CONNECTIONS | MW_CHANGE_ITEMS);
  if (!mw_db_run (db, error,
                  "UPDATE items SET next_attempt = min(next_attempt, 1) WHERE state IN (2, 4) AND wait IN ('" MW_WAIT_SIGN_IN "', '" MW_WAIT_NETWORK
                  "', '" MW_WAIT_PAUSE "') AND (connection IS NULL OR connection IN (SELECT id FROM connections WHERE url = ?1))",
                  "s", connection->url))
    return -1;
  id = mw_db_get_int (db, -1, "SELECT id FROM connections WHERE url = ?1", "s", connection->url);
  return mw_audit_note_connection (db, id, is_new ? MW_AUDIT_CONNECTION_ADDED : MW_AUDIT_CONNECTION_CHANGED, connection->origin != NULL ? "administrator" : is_new ? NULL
                                                                                                                                                                   : "again",
                                   g_get_real_time (), error)
             ? id
             : -1;
}

/**
 * mw_connections_set_status:
 * @contact: µs when the server last answered; 0 leaves that time as it is
 * @now: µs; when this was tried
 */
gboolean
mw_connections_set_status (MwDb       *db,
                           gint64      id,
                           const char *status,
                           const char *text,
                           gint64      contact,
                           gint64      now,
                           GError    **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error,
                    "UPDATE connections SET status = ?2, status_text = ?3, last_contact = max(last_contact, ?4), last_attempt = ?5 WHERE id = ?1 AND removed = 0",
                    "issii", id, status, text, contact, now);
}

/**
 * mw_connections_pause:
 * @until: µs; 0 ends a pause
 * @failures: how many exchanges have failed in a row
 */
gboolean
mw_connections_pause (MwDb    *db,
                      gint64   id,
                      gint64   until,
                      gint64   failures,
                      GError **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error, "UPDATE connections SET paused_until = ?2, failures = ?3 WHERE id = ?1 AND removed = 0", "iii", id, until, failures);
}

/**
 * mw_connections_set_granted:
 * @granted: (nullable): the scopes that came with the last token; NULL: as asked for
 */
gboolean
mw_connections_set_granted (MwDb       *db,
                            gint64      id,
                            const char *granted,
                            GError    **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error, "UPDATE connections SET granted = ?2 WHERE id = ?1 AND removed = 0", "is", id, granted);
}

/**
 * mw_connections_set_clock_skew:
 * @skew: µs that the server's clock is ahead of ours
 */
gboolean
mw_connections_set_clock_skew (MwDb    *db,
                               gint64   id,
                               gint64   skew,
                               GError **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error, "UPDATE connections SET clock_skew = ?2 WHERE id = ?1", "ii", id, skew);
}

/**
 * mw_connections_set_enabled:
 *
 * Switches a connection on or off. Nothing is received or sent over one that is off: its items wait, and are due when it
 * is switched on.
 */
gboolean
mw_connections_set_enabled (MwDb    *db,
                            gint64   id,
                            gboolean enabled,
                            GError **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS | MW_CHANGE_ITEMS);
  if (!mw_db_run (db, error,
                  "UPDATE connections SET enabled = ?2, paused_until = 0, failures = 0, status = iif (?2, 'new', status) WHERE id = ?1 AND enabled <> ?2 AND removed = 0",
                  "id", id, (int) enabled) ||
      (mw_db_n_changed (db) > 0 && !mw_audit_note_connection (db, id, MW_AUDIT_CONNECTION_CHANGED, enabled ? "on" : "off", g_get_real_time (), error)))
    return FALSE;
  /* where an item goes may have been found out without being written yet: each looks for itself */
  return !enabled || mw_db_run (db, error, "UPDATE items SET next_attempt = min(next_attempt, 1) WHERE state IN (2, 4) AND wait = '" MW_WAIT_OFF "'", "");
}

/**
 * mw_connections_set_directory:
 * @directory: whether people and places are looked up there from now on
 */
gboolean
mw_connections_set_directory (MwDb    *db,
                              gint64   id,
                              gboolean directory,
                              GError **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error, "UPDATE connections SET directory = ?2 WHERE id = ?1 AND origin IS NULL AND directory <> ?2", "id", id, (int) directory) &&
         (mw_db_n_changed (db) == 0 || mw_audit_note_connection (db, id, MW_AUDIT_CONNECTION_CHANGED, directory ? "directory" : "no-directory",
                                                                 g_get_real_time (), error));
}

/**
 * mw_connections_rename:
 * @name: what it is called from now on
 */
gboolean
mw_connections_rename (MwDb       *db,
                       gint64      id,
                       const char *name,
                       GError    **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error, "UPDATE connections SET name = ?2 WHERE id = ?1 AND removed = 0 AND origin IS NULL", "is", id, name) &&
         (mw_db_n_changed (db) == 0 || mw_audit_note_connection (db, id, MW_AUDIT_CONNECTION_CHANGED, "renamed", g_get_real_time (), error));
}

gboolean
mw_capabilities_store (MwDb       *db,
                       gint64      connection,
                       GBytes     *json,
                       const char *fhir_version,
                       const char *software,
                       gint64      now,
                       GError    **error)
{
  mw_db_touch (db, MW_CHANGE_CONNECTIONS);
  return mw_db_run (db, error,
                    "INSERT INTO capabilities (connection, fetched, json) VALUES (?1, ?2, ?3) "
                    "ON CONFLICT (connection) DO UPDATE SET fetched = excluded.fetched, json = excluded.json",
                    "iib", connection, now, json) &&
         mw_db_run (db, error, "UPDATE connections SET fhir_version = ?2, software = ?3 WHERE id = ?1", "iss", connection, fhir_version, software);
}

/**
 * mw_capabilities_load:
 * @fetched: (out) (optional): µs when it was read from the server
 *
 * Returns: (transfer full) (nullable): the CapabilityStatement as received
 */
GBytes *
mw_capabilities_load (MwDb   *db,
                      gint64  connection,
                      gint64 *fetched)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, NULL, "SELECT json, fetched FROM capabilities WHERE connection = ?1", "i", connection) ||
      !mw_query_step (&query, NULL))
    return NULL;
  if (fetched != NULL)
    *fetched = mw_query_int (&query, 1);
  return mw_query_bytes (&query, 0);
}

/**
 * mw_capabilities_set_versions:
 * @versions: what $versions lists, one a line; empty when the server does not know it
 */
gboolean
mw_capabilities_set_versions (MwDb       *db,
                              gint64      connection,
                              const char *versions,
                              GError    **error)
{
  return mw_db_run (db, error, "UPDATE capabilities SET versions = ?2 WHERE connection = ?1", "is", connection, versions);
}

/** mw_capabilities_dup_versions: Returns: (transfer full) (nullable): as it was set */
char *
mw_capabilities_dup_versions (MwDb  *db,
                              gint64 connection)
{
  return mw_db_get_text (db, "SELECT versions FROM capabilities WHERE connection = ?1", "i", connection);
}

/**
 * mw_capabilities_set_learned:
 * @learned: (nullable): the words of mw-learned.h, one a line
 * @surprise: whether the statement has promised what was refused: then it counts as old, and is read again
 * @now: µs
 */
gboolean
mw_capabilities_set_learned (MwDb       *db,
                             gint64      connection,
                             const char *learned,
                             gboolean    surprise,
                             gint64      now,
                             GError    **error)
{
  return mw_db_run (db, error, "UPDATE capabilities SET learned = ?2, fetched = CASE WHEN ?3 THEN 0 ELSE fetched END, learned_at = ?4 WHERE connection = ?1",
                    "isdi", connection, learned, (int) surprise, now);
}

/** mw_capabilities_get_learned_at: Returns: µs when it was set last; 0 for never */
gint64
mw_capabilities_get_learned_at (MwDb  *db,
                                gint64 connection)
{
  return mw_db_get_int (db, 0, "SELECT learned_at FROM capabilities WHERE connection = ?1", "i", connection);
}

/** mw_capabilities_dup_learned: Returns: (transfer full) (nullable): as it was set */
char *
mw_capabilities_dup_learned (MwDb  *db,
                             gint64 connection)
{
  return mw_db_get_text (db, "SELECT learned FROM capabilities WHERE connection = ?1", "i", connection);
}
