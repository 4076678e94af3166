/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-published-stage.h"

#include "mw-identity.h"

/* Other names that are searched for and shown */
#define MAX_ALIASES 3

/**
 * mw_published_stage_begin:
 * @token: "import:" and something that nothing else is called
 * @now: µs
 */
gboolean
mw_published_stage_begin (MwDb       *db,
                          const char *token,
                          gint64      now,
                          GError    **error)
{
  return mw_db_run (db, error, "INSERT INTO published_imports (token, begun) VALUES (?1, ?2)", "si", token, now);
}

/**
 * mw_published_stage_stale:
 * @before: µs
 *
 * Returns: (transfer full) (nullable): the token of an import that was begun before then, or replaced, and so is none any
 *   more: its rows are for mw_published_rows_forget()
 */
char *
mw_published_stage_stale (MwDb  *db,
                          gint64 before)
{
  return mw_db_get_text (db, "SELECT token FROM published_imports WHERE begun < ?1 LIMIT 1", "i", before);
}

/**
 * mw_published_reference:
 * @source: a list
 * @key: what it calls one of its organisations
 *
 * Whatever a list calls its organisations, none of them is ever taken for somebody on a server, and none of another list
 * for one of its own: their references are made here, the same each time.
 *
 * Returns: (transfer full): a urn:uuid
 */
char *
mw_published_reference (const char *source,
                        const char *key)
{
  g_autofree char *name = g_strdup_printf ("%s\n%s", source, key);
  g_autofree char *identity = mw_identity_derive ("published list", name);

  return mw_identity_urn (identity);
}

/* Under which nobody looks for it */
static char *
staged_reference (const char *token,
                  const char *reference)
{
  return g_strdup_printf ("%s:%s", token, reference);
}

/* Other names, then where it is */
static char *
detail_of (const MwPublishedOrganization *organization)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; organization->aliases != NULL && organization->aliases[i] != NULL && i < MAX_ALIASES; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", organization->aliases[i]);
  if (organization->address != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", organization->address);
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/**
 * mw_published_stage_organization:
 * @source: the list
 * @endpoints: (nullable): references of those that it is reached at
 */
gboolean
mw_published_stage_organization (MwDb                          *db,
                                 const char                    *token,
                                 const char                    *source,
                                 const MwPublishedOrganization *organization,
                                 const char *const             *endpoints,
                                 gint64                         now,
                                 GError                       **error)
{
  g_autofree char *reference = mw_published_reference (source, organization->key);
  g_autofree char *staged = staged_reference (token, reference);
  g_autofree char *parent = organization->part_of != NULL ? mw_published_reference (source, organization->part_of) : NULL;
  g_autofree char *identifiers = organization->npi != NULL ? g_strconcat ("NPI ", organization->npi, NULL) : NULL;
  g_autofree char *tokens = organization->identifiers != NULL && organization->identifiers[0] != NULL ? g_strjoinv ("\n", organization->identifiers) : NULL;
  g_autofree char *detail = detail_of (organization);
  MwPerson         person = {
            .reference = staged,
            .type = (char *) "Organization",
            .name = organization->name,
            .identifiers = identifiers,
            .tokens = tokens,
            .detail = detail,
            .organization = parent,
            .active = FALSE, /* nobody finds it yet */
            .source = (char *) token,
            .fetched = now,
  };

  return mw_people_put (db, &person, error) >= 0 && mw_endpoint_rows_link (db, token, reference, endpoints, error);
}

/**
 * mw_published_stage_endpoint:
 * @reference: what it is called in this list
 */
gboolean
mw_published_stage_endpoint (MwDb             *db,
                             const char       *token,
                             const char       *reference,
                             const MwEndpoint *endpoint,
                             gint64            now,
                             GError          **error)
{
  MwEndpointRow row = { .source = (char *) token, .reference = (char *) reference, .endpoint = (MwEndpoint *) endpoint, .fetched = now };

  return mw_endpoint_rows_put (db, &row, error) >= 0;
}

/* When somebody was last written to is ours, not the list's */
static gboolean
keep_used (MwDb       *db,
           const char *token,
           const char *old,
           GError    **error)
{
  return mw_db_run (db, error,
                    "UPDATE people SET used = (SELECT o.used FROM people AS o WHERE ?1 || ':' || o.reference = people.reference) "
                    "WHERE reference IN (SELECT ?1 || ':' || o.reference FROM people AS o WHERE o.source = ?2 AND o.used > 0)",
                    "ss", token, old);
}

/* Nobody finds it any more; to be deleted at leisure */
static gboolean
retire (MwDb       *db,
        const char *old,
        GError    **error)
{
  return mw_db_run (db, error, "UPDATE people SET reference = ?1 || ':' || reference, active = 0 WHERE source = ?1", "s", old) &&
         mw_db_run (db, error, "INSERT INTO published_imports (token, begun) VALUES (?1, 0)", "s", old);
}

/**
 * mw_published_stage_swap:
 * @list: what is told of the list; its id and token do not matter
 *
 * What was written under @token takes the place of what the list had before, all at once. What it had before is then
 * stale: see mw_published_stage_stale().
 */
gboolean
mw_published_stage_swap (MwDb                 *db,
                         const char           *token,
                         const MwPublishedRow *list,
                         GError              **error)
{
  g_autofree char *old = mw_db_get_text (db, "SELECT token FROM published_lists WHERE source = ?1", "s", list->source);

  if (old != NULL && (!keep_used (db, token, old, error) || !retire (db, old, error)))
    return FALSE;
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_run (db, error, "UPDATE people SET reference = substr(reference, length(?1) + 2), active = 1 WHERE source = ?1", "s", token) &&
         mw_db_run (db, error, "DELETE FROM published_imports WHERE token = ?1", "s", token) &&
         mw_db_run (db, error,
                    "INSERT INTO published_lists (source, token, name, fetched, published, etag, organizations, endpoints, report) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (source) DO UPDATE SET token = excluded.token, name = excluded.name, "
                    "fetched = excluded.fetched, published = excluded.published, etag = excluded.etag, organizations = excluded.organizations, "
                    "endpoints = excluded.endpoints, report = excluded.report",
                    "sssissiis", list->source, token, list->name, list->fetched, list->published, list->etag, list->organizations, list->endpoints,
                    list->report);
}
