/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-endpoint-row.h"

#define COLUMNS                                                                                               \
  "e.id, e.connection, e.source, e.reference, e.fetched, e.probed, e.worked, e.trouble, e.fhir_id, e.name, "  \
  "e.status, e.kinds, e.raw_address, e.address, e.message_address, e.manager, e.starts, e.ends, e.payloads, " \
  "e.takes_nothing, e.environments, e.guides, e.fhir_version, e.rank"

void
mw_endpoint_row_free (MwEndpointRow *self)
{
  if (self == NULL)
    return;
  g_free (self->source);
  g_free (self->reference);
  mw_endpoint_free (self->endpoint);
  g_free (self->trouble);
  g_free (self);
}

static void
free_row (gpointer data)
{
  mw_endpoint_row_free (data);
}

/* ---- reading --------------------------------------------------------- */

static GStrv
lines_of (MwQuery *query,
          int      column)
{
  const char *text = mw_query_text (query, column);

  return text != NULL && text[0] != '\0' ? g_strsplit (text, "\n", -1) : g_new0 (char *, 1);
}

static MwEndpoint *
read_endpoint (MwQuery *query)
{
  MwEndpoint *self = g_new0 (MwEndpoint, 1);

  self->id = mw_query_dup (query, 8);
  self->name = mw_query_dup (query, 9);
  self->status = mw_query_dup (query, 10);
  self->kinds = (guint) mw_query_int (query, 11);
  self->raw_address = mw_query_dup (query, 12);
  self->address = mw_query_dup (query, 13);
  self->message_address = mw_query_dup (query, 14);
  self->owner = mw_query_dup (query, 15);
  self->start = mw_query_is_null (query, 16) ? G_MININT64 : mw_query_int (query, 16);
  self->end = mw_query_is_null (query, 17) ? G_MAXINT64 : mw_query_int (query, 17);
  self->payloads = lines_of (query, 18);
  self->takes_nothing = mw_query_int (query, 19) != 0;
  self->environments = lines_of (query, 20);
  self->guides = lines_of (query, 21);
  self->fhir_version = mw_query_dup (query, 22);
  self->rank = (int) mw_query_int (query, 23);
  return self;
}

static MwEndpointRow *
read_row (MwQuery *query)
{
  MwEndpointRow *self = g_new0 (MwEndpointRow, 1);

  self->id = mw_query_int (query, 0);
  self->connection = mw_query_int (query, 1);
  self->source = mw_query_dup (query, 2);
  self->reference = mw_query_dup (query, 3);
  self->fetched = mw_query_int (query, 4);
  self->probed = mw_query_int (query, 5);
  self->worked = mw_query_int (query, 6);
  self->trouble = mw_query_dup (query, 7);
  self->endpoint = read_endpoint (query);
  return self;
}

/**
 * mw_endpoint_rows_load:
 * @source: (nullable): the published list; NULL for a directory
 *
 * Returns: (transfer full) (nullable): the endpoint that is called so
 */
MwEndpointRow *
mw_endpoint_rows_load (MwDb       *db,
                       const char *source,
                       const char *reference)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM endpoints AS e WHERE e.source = coalesce(?1, '') AND e.reference = ?2", "ss", source, reference) &&
      mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

/**
 * mw_endpoint_rows_of_owner:
 * @owner: the reference of an Organization, PractitionerRole, Location, HealthcareService or OrganizationAffiliation
 *
 * The endpoints that @owner names and those that name it, of one source: that of @owner. Their MwEndpoints are for
 * mw_endpoints_choose().
 *
 * Returns: (transfer full) (element-type MwEndpointRow): at most MW_ENDPOINT_ROWS_MAX, or NULL with an error
 */
GPtrArray *
mw_endpoint_rows_of_owner (MwDb       *db,
                           const char *owner,
                           GError    **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
  g_autoptr (GError) local = NULL;
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (!mw_query_init (&query, db, error,
                      "SELECT " COLUMNS " FROM endpoints AS e WHERE (e.source, e.reference) IN "
                      "(SELECT l.source, l.endpoint FROM endpoint_links AS l WHERE l.owner = ?1 AND "
                      "l.source = coalesce((SELECT p.source FROM people AS p WHERE p.reference = ?1), '')) ORDER BY e.id LIMIT ?2",
                      "sd", owner, MW_ENDPOINT_ROWS_MAX))
    return NULL;
  while (mw_query_step (&query, &local))
    g_ptr_array_add (rows, read_row (&query));
  if (local == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/**
 * mw_endpoint_rows_probed:
 * @worked: (out) (optional): µs when a FHIR server was last found there; 0 when none ever was
 * @trouble: (out) (optional) (transfer full) (nullable): what stood in the way the last time
 *
 * Returns: µs when @address was last looked at; 0 when it never was
 */
gint64
mw_endpoint_rows_probed (MwDb       *db,
                         const char *address,
                         gint64     *worked,
                         char      **trouble)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;
  gboolean found = mw_query_init (&query, db, NULL, "SELECT probed, worked, trouble FROM endpoints WHERE address = ?1 ORDER BY probed DESC LIMIT 1", "s", address) &&
                   mw_query_step (&query, NULL);

  if (worked != NULL)
    *worked = found ? mw_query_int (&query, 1) : 0;
  if (trouble != NULL)
    *trouble = found ? mw_query_dup (&query, 2) : NULL;
  return found ? mw_query_int (&query, 0) : 0;
}

/* ---- writing --------------------------------------------------------- */

static char *
join (GStrv lines)
{
  return lines != NULL ? g_strjoinv ("\n", lines) : g_strdup ("");
}

/* What was found at an address is true of the address: it comes along from another row that leads to the same place */
static gboolean
carry_probe (MwDb                *db,
             const MwEndpointRow *row,
             GError             **error)
{
  g_autofree char *trouble = NULL;
  gint64           worked = 0;
  gint64           probed = row->endpoint->address != NULL ? mw_endpoint_rows_probed (db, row->endpoint->address, &worked, &trouble) : 0;

  return probed == 0 || mw_db_run (db, error, "UPDATE endpoints SET probed = ?3, worked = ?4, trouble = ?5 WHERE source = coalesce(?1, '') AND reference = ?2",
                                   "ssiis", row->source, row->reference, probed, worked, trouble);
}

/**
 * mw_endpoint_rows_put:
 * @row: connection or source, reference, endpoint and fetched
 *
 * Adds the endpoint or brings the row up to date. What was found at its address stays with the address.
 *
 * Returns: its id, or -1
 */
gint64
mw_endpoint_rows_put (MwDb                *db,
                      const MwEndpointRow *row,
                      GError             **error)
{
  const MwEndpoint *endpoint = row->endpoint;
  g_autofree char  *payloads = join (endpoint->payloads);
  g_autofree char  *environments = join (endpoint->environments);
  g_autofree char  *guides = join (endpoint->guides);
  g_autofree char  *old = mw_db_get_text (db, "SELECT address FROM endpoints WHERE source = coalesce(?1, '') AND reference = ?2", "ss", row->source, row->reference);

  if (!mw_db_run (db, error,
                  "INSERT INTO endpoints (connection, source, reference, fhir_id, name, status, kinds, raw_address, address, message_address, manager, "
                  "starts, ends, payloads, takes_nothing, environments, guides, fhir_version, rank, fetched) "
                  "VALUES (nullif(?1, 0), coalesce(?2, ''), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, nullif(?12, ?21), nullif(?13, ?22), ?14, ?15, ?16, ?17, ?18, ?19, ?20) "
                  "ON CONFLICT (source, reference) DO UPDATE SET connection = excluded.connection, fhir_id = excluded.fhir_id, name = excluded.name, "
                  "status = excluded.status, kinds = excluded.kinds, raw_address = excluded.raw_address, address = excluded.address, "
                  "message_address = excluded.message_address, manager = excluded.manager, starts = excluded.starts, ends = excluded.ends, "
                  "payloads = excluded.payloads, takes_nothing = excluded.takes_nothing, environments = excluded.environments, guides = excluded.guides, "
                  "fhir_version = excluded.fhir_version, rank = excluded.rank, fetched = excluded.fetched, "
                  "probed = CASE WHEN address IS excluded.address THEN probed ELSE 0 END, worked = CASE WHEN address IS excluded.address THEN worked ELSE 0 END, "
                  "trouble = CASE WHEN address IS excluded.address THEN trouble END",
                  "isssssdssssiisdsssdiii",
                  row->connection, row->source, row->reference, endpoint->id, endpoint->name, endpoint->status, (int) endpoint->kinds,
                  endpoint->raw_address, endpoint->address, endpoint->message_address, endpoint->owner, endpoint->start, endpoint->end, payloads,
                  (int) endpoint->takes_nothing, environments, guides, endpoint->fhir_version, endpoint->rank, row->fetched,
                  G_MININT64, G_MAXINT64))
    return -1;
  if (g_strcmp0 (old, endpoint->address) != 0 && !carry_probe (db, row, error))
    return -1;
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_get_int (db, -1, "SELECT id FROM endpoints WHERE source = coalesce(?1, '') AND reference = ?2", "ss", row->source, row->reference);
}

static gboolean
add_link (MwDb       *db,
          const char *source,
          const char *owner,
          const char *endpoint,
          const char *said_by,
          GError    **error)
{
  return mw_db_run (db, error, "INSERT OR IGNORE INTO endpoint_links (source, owner, endpoint, said_by) VALUES (coalesce(?1, ''), ?2, ?3, ?4)",
                    "ssss", source, owner, endpoint, said_by);
}

static gboolean
drop_links (MwDb       *db,
            const char *source,
            const char *said_by,
            GError    **error)
{
  return mw_db_run (db, error, "DELETE FROM endpoint_links WHERE source = coalesce(?1, '') AND said_by = ?2", "ss", source, said_by);
}

/**
 * mw_endpoint_rows_link:
 * @source: (nullable): the published list; NULL for a directory
 * @endpoints: (nullable): references of the endpoints that @owner names, all of them; MW_ENDPOINT_ROWS_MAX are kept
 *
 * What @owner named before and does not name any more is forgotten.
 */
gboolean
mw_endpoint_rows_link (MwDb              *db,
                       const char        *source,
                       const char        *owner,
                       const char *const *endpoints,
                       GError           **error)
{
  if (!drop_links (db, source, owner, error))
    return FALSE;
  for (guint i = 0; endpoints != NULL && endpoints[i] != NULL && i < MW_ENDPOINT_ROWS_MAX; i++)
    if (!add_link (db, source, owner, endpoints[i], owner, error))
      return FALSE;
  return TRUE;
}

/**
 * mw_endpoint_rows_claim:
 * @source: (nullable): the published list; NULL for a directory
 * @owner: (nullable): reference of its managingOrganization
 *
 * The endpoint says whose it is.
 */
gboolean
mw_endpoint_rows_claim (MwDb       *db,
                        const char *source,
                        const char *endpoint,
                        const char *owner,
                        GError    **error)
{
  return drop_links (db, source, endpoint, error) && (owner == NULL || add_link (db, source, owner, endpoint, endpoint, error));
}

/**
 * mw_endpoint_rows_set_probe:
 * @address: a FHIR base, normalised
 * @trouble: (nullable): what stood in the way, a sentence for a person; NULL when a FHIR server is there
 *
 * Keeps what was found at an address with every endpoint that leads there.
 */
gboolean
mw_endpoint_rows_set_probe (MwDb       *db,
                            const char *address,
                            const char *trouble,
                            gint64      now,
                            GError    **error)
{
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_run (db, error, "UPDATE endpoints SET probed = ?2, worked = CASE WHEN ?3 IS NULL THEN ?2 ELSE worked END, trouble = ?3 WHERE address = ?1",
                    "sis", address, now, trouble);
}

/**
 * mw_endpoint_rows_mark_gone:
 * @reference: absolute; of an endpoint, or of somebody who names endpoints
 * @now: µs
 *
 * Its own server does not have it any more: it is off, and what it said of others does not hold. Who names it still does
 * so: that there is none is not known.
 */
gboolean
mw_endpoint_rows_mark_gone (MwDb       *db,
                            const char *reference,
                            gint64      now,
                            GError    **error)
{
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_run (db, error, "UPDATE endpoints SET status = 'off', fetched = max(fetched, ?2) WHERE source = '' AND reference = ?1", "si", reference, now) &&
         drop_links (db, NULL, reference, error);
}

/**
 * mw_endpoint_rows_forget:
 * @source: a published list
 *
 * Forgets its endpoints and who names them; its rows of people are their own table's.
 */
gboolean
mw_endpoint_rows_forget (MwDb       *db,
                         const char *source,
                         GError    **error)
{
  g_return_val_if_fail (source != NULL && source[0] != '\0', FALSE);
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_run (db, error, "DELETE FROM endpoint_links WHERE source = ?1", "s", source) &&
         mw_db_run (db, error, "DELETE FROM endpoints WHERE source = ?1", "s", source);
}
