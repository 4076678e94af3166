/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-audit-note.h"

#include "mw-reference.h"

#include <string.h>

/* ---- who ------------------------------------------------------------- */

/**
 * mw_audit_agent:
 *
 * Returns: (transfer full): the user of this computer, as "login:NAME"
 */
char *
mw_audit_agent (void)
{
  g_autofree char *name = g_utf8_make_valid (g_get_user_name (), -1);

  return g_strconcat ("login:", name, NULL);
}

/* Who works here may be known by one of these. A patient's own program would say Patient/12: that is no word for the audit */
static gboolean
is_professional (const char *type)
{
  static const char *const types[] = { "Practitioner", "PractitionerRole", "Organization", "CareTeam", "Device", NULL };

  return type != NULL && g_strv_contains (types, type);
}

/**
 * mw_audit_actor:
 *
 * Returns: (transfer full): whose act it is when the person at this computer does something: her absolute reference on the
 *   home connection, or "login:NAME" as long as nobody has said who she is
 */
char *
mw_audit_actor (MwDb *db)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (MwReference) me = NULL;

  if (!mw_query_init (&query, db, NULL, "SELECT me, url FROM connections WHERE home = 1 AND me IS NOT NULL", "") || !mw_query_step (&query, NULL))
    return mw_audit_agent ();
  me = mw_reference_new_for_literal (mw_query_text (&query, 0));
  if (is_professional (me->type))
    {
      char *absolute = mw_reference_absolute (me, mw_query_text (&query, 1));

      if (absolute != NULL)
        return absolute;
    }
  return mw_audit_agent ();
}

/* The engine acts for whoever has last done something with the item */
static char *
author_of (MwDb       *db,
           const char *item)
{
  char *actor = mw_db_get_text (db, "SELECT actor FROM audit WHERE item = ?1 AND agent <> '" MW_AUDIT_ENGINE "' ORDER BY id DESC LIMIT 1", "s", item);

  return actor != NULL ? actor : mw_audit_actor (db);
}

/* ---- what ------------------------------------------------------------ */

static char *
digest_of (const char *text)
{
  return text != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1) : NULL;
}

/* A type of resource or an operation of FHIR: [A-Z][A-Za-z]*, or one of its own names after $ or _ */
static gboolean
is_word_of_fhir (const char *segment,
                 gboolean    first)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  static const char names[] = "abcdefghijklmnopqrstuvwxyz-";

  if (strlen (segment) > 60 || *segment == '\0')
    return FALSE;
  if (*segment == '$' || *segment == '_')
    return strspn (segment + 1, names) == strlen (segment) - 1;
  return first && g_ascii_isupper (*segment) && strspn (segment, letters) == strlen (segment);
}

/**
 * mw_audit_request:
 * @url: as it is requested, relative to @base or absolute
 * @base: (nullable): the connection's URL
 *
 * What a request is for, by position (FHIR R4 http.html#styleguide): the type and the operation stay; ids become [id], a
 * query [query], and an address that is not on the connection [other].
 *
 * Returns: (transfer full): such as "PUT Task/[id]" or "POST $process-message"
 */
char *
mw_audit_request (const char *method,
                  const char *url,
                  const char *base)
{
  g_autoptr (GString) text = g_string_new (method);
  g_auto (GStrv) segments = NULL;
  const char      *query = strchr (url, '?');
  g_autofree char *path = query != NULL ? g_strndup (url, (gsize) (query - url)) : g_strdup (url);
  const char      *relative = path;

  g_string_append_c (text, ' ');
  if (base != NULL && g_str_has_prefix (path, base) && (path[strlen (base)] == '/' || path[strlen (base)] == '\0'))
    relative = path + strlen (base);
  while (*relative == '/')
    relative++;
  if (strstr (relative, "://") != NULL)
    {
      g_string_append (text, "[other]");
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  segments = g_strsplit (relative, "/", -1);
  if (segments[0] == NULL)
    g_string_append (text, "[base]");
  for (guint i = 0; segments[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "/" : "", is_word_of_fhir (segments[i], i == 0) ? segments[i] : i == 0 ? "[other]"
                                                                                                                         : "[id]");
  if (query != NULL)
    g_string_append (text, "?[query]");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* How the connection lets us in; and the role in which the clinician acts, of an item @i that goes to @c, where she chose one */
#define AUTHORITY                                                            \
  "nullif(trim(coalesce(c.auth || coalesce(':' || c.client_id, ''), '') || " \
  "coalesce(' as ' || CASE WHEN json_valid(i.content) THEN json_extract(i.content, '$.actingAs') END, '')), '')"

/* ---- the rows -------------------------------------------------------- */

/* Fails with MW_STORE_ERROR_NOT_FOUND when there is no such item */
static gboolean
step_to_item (MwQuery *query,
              GError **error)
{
  g_autoptr (GError) local = NULL;

  if (mw_query_step (query, &local))
    return TRUE;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND, "There is no such item");
  return FALSE;
}

static gboolean
note_of_person (MwDb         *db,
                MwAuditEvent *event,
                GError      **error)
{
  g_autofree char *actor = mw_audit_actor (db);
  g_autofree char *agent = mw_audit_agent ();

  event->actor = actor;
  event->agent = agent;
  return mw_audit_add (db, event, error);
}

/**
 * mw_audit_note:
 * @detail: (nullable): a code
 *
 * What a person does that belongs to no item, entry or connection.
 */
gboolean
mw_audit_note (MwDb       *db,
               const char *event,
               const char *detail,
               gint64      now,
               GError    **error)
{
  MwAuditEvent row = { .at = now, .event = event, .detail = detail };

  return note_of_person (db, &row, error);
}

/* @detail: (nullable): the item's kind with its action where NULL */
static gboolean
note_of_item (MwDb       *db,
              gint64      item,
              const char *event,
              const char *detail,
              gint64      now,
              GError    **error)
{
  g_autofree char *identity = NULL, *kind = NULL, *entry = NULL, *entry_digest = NULL, *connection = NULL, *authority = NULL;
  g_auto (MwQuery) query = MW_QUERY_INIT;
  MwAuditEvent row = { .at = now, .event = event };

  if (!mw_query_init (&query, db, error,
                      "SELECT i.identity, i.kind || coalesce('.' || i.action, ''), e.identity, c.url, " AUTHORITY " FROM items AS i "
                      "LEFT JOIN entries AS e ON e.id = i.entry LEFT JOIN connections AS c ON c.id = i.connection WHERE i.id = ?1",
                      "i", item) ||
      !step_to_item (&query, error))
    return FALSE;
  identity = mw_query_dup (&query, 0);
  kind = mw_query_dup (&query, 1);
  entry = mw_query_dup (&query, 2);
  connection = mw_query_dup (&query, 3);
  authority = mw_query_dup (&query, 4);
  entry_digest = digest_of (entry);
  row.item = identity;
  row.detail = detail != NULL ? detail : kind;
  row.entry = entry_digest;
  row.connection = connection;
  row.authority = authority;
  return note_of_person (db, &row, error);
}

/**
 * mw_audit_note_item:
 * @item: its row, before it is deleted
 *
 * What a person does with an item. The detail is the item's kind, with the action it is.
 */
gboolean
mw_audit_note_item (MwDb       *db,
                    gint64      item,
                    const char *event,
                    gint64      now,
                    GError    **error)
{
  return note_of_item (db, item, event, NULL, now, error);
}

/**
 * mw_audit_note_decision:
 * @stage: at which the person was asked
 *
 * A person has answered a question about an item.
 */
gboolean
mw_audit_note_decision (MwDb       *db,
                        gint64      item,
                        const char *stage,
                        gint64      now,
                        GError    **error)
{
  return note_of_item (db, item, MW_AUDIT_QUESTION_ANSWERED, stage, now, error);
}

/**
 * mw_audit_note_entry:
 * @action: a code
 *
 * What a person does with an entry here, without a word to its sender.
 */
gboolean
mw_audit_note_entry (MwDb       *db,
                     gint64      entry,
                     const char *action,
                     gint64      now,
                     GError    **error)
{
  g_autofree char *identity = mw_db_get_text (db, "SELECT identity FROM entries WHERE id = ?1", "i", entry);
  g_autofree char *digest = digest_of (identity);
  MwAuditEvent     row = { .at = now, .event = MW_AUDIT_ENTRY, .entry = digest, .detail = action };

  return note_of_person (db, &row, error);
}

/**
 * mw_audit_note_connection:
 * @connection: its row, before it is deleted
 *
 * What a person does with a connection.
 */
gboolean
mw_audit_note_connection (MwDb       *db,
                          gint64      connection,
                          const char *event,
                          const char *detail,
                          gint64      now,
                          GError    **error)
{
  g_autofree char *url = mw_db_get_text (db, "SELECT url FROM connections WHERE id = ?1", "i", connection);
  g_autofree char *authority = mw_db_get_text (db, "SELECT auth || coalesce(':' || client_id, '') FROM connections WHERE id = ?1", "i", connection);
  MwAuditEvent     row = { .at = now, .event = event, .connection = url, .authority = authority, .detail = detail };

  return note_of_person (db, &row, error);
}

static gboolean
note_of_send (MwDb              *db,
              const MwAuditSend *send,
              gboolean           by_person,
              GError           **error)
{
  g_autofree char *identity = NULL, *connection = NULL, *authority = NULL, *digest = NULL, *actor = NULL;
  g_auto (MwQuery) query = MW_QUERY_INIT;
  MwAuditEvent row = { .at = send->now, .agent = MW_AUDIT_ENGINE, .event = send->event };

  if (!mw_query_init (&query, db, error,
                      "SELECT i.identity, c.url, " AUTHORITY " FROM items AS i LEFT JOIN connections AS c ON c.id = coalesce(nullif(?2, 0), i.connection) "
                      "WHERE i.id = ?1",
                      "ii", send->item, send->connection) ||
      !step_to_item (&query, error))
    return FALSE;
  identity = mw_query_dup (&query, 0);
  connection = mw_query_dup (&query, 1);
  authority = mw_query_dup (&query, 2);
  if (send->body != NULL)
    digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, send->body);
  row.item = identity;
  row.connection = connection;
  row.authority = authority;
  row.request = send->request;
  row.body_digest = digest;
  row.http_status = send->http_status;
  row.detail = send->detail;
  if (by_person)
    return note_of_person (db, &row, error);
  actor = author_of (db, identity);
  row.actor = actor;
  return mw_audit_add (db, &row, error);
}

/**
 * mw_audit_note_send:
 *
 * What the engine does for an item.
 */
gboolean
mw_audit_note_send (MwDb              *db,
                    const MwAuditSend *send,
                    GError           **error)
{
  return note_of_send (db, send, FALSE, error);
}

/**
 * mw_audit_note_link:
 * @by_person: whether a person decided it; else the engine found out
 *
 * What becomes of a link between patients because of an item.
 */
gboolean
mw_audit_note_link (MwDb              *db,
                    const MwAuditSend *link,
                    gboolean           by_person,
                    GError           **error)
{
  return note_of_send (db, link, by_person, error);
}
