/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The endpoints of one level of a chain: which of them is used, and why the others are not */

#include "mw-config.h"

#include "mw-reach-private.h"

#include "mw-question.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>

static void
free_row (gpointer data)
{
  mw_endpoint_row_free (data);
}

/**
 * mw_reach_connection_of:
 * @address: (nullable): a FHIR base
 *
 * Returns: (transfer full) (nullable): the connection that leads there, unless it was removed
 */
MwConnection *
mw_reach_connection_of (MwDb       *db,
                        const char *address)
{
  g_autoptr (MwConnection) connection = address != NULL ? mw_connections_by_url (db, address) : NULL;

  return connection != NULL && connection->removed == 0 ? g_steal_pointer (&connection) : NULL;
}

static gboolean
is_told_on_loopback (MwDb                *db,
                     const MwEndpointRow *row)
{
  g_autoptr (MwConnection) directory = row->connection > 0 ? mw_connections_load (db, row->connection, NULL) : NULL;

  if (row->connection == 0)
    return row->source != NULL && mw_base_url_is_loopback (row->source);
  return directory != NULL && mw_base_url_is_loopback (directory->url);
}

static void
refuse (MwReach          *reach,
        const MwEndpoint *endpoint,
        const char       *reason)
{
  MwReachRefusal *refusal = g_new0 (MwReachRefusal, 1);

  refusal->name = g_strdup (endpoint->name != NULL ? endpoint->name : endpoint->raw_address != NULL ? endpoint->raw_address
                                                                                                    : _ ("An endpoint without a name"));
  refusal->reason = g_strdup (reason);
  g_ptr_array_add (reach->refused, refusal);
}

/**
 * mw_reach_refuse_person:
 *
 * Who it is for is not active any more: nothing is sent there, unless their server says otherwise by now.
 */
void
mw_reach_refuse_person (MwReachChain *chain)
{
  const MwPerson *person = chain->reach->person;
  MwReachRefusal *refusal = g_new0 (MwReachRefusal, 1);

  refusal->name = g_strdup (person->name);
  refusal->reason = g_strdup (_ ("The record found is no longer in use."));
  g_ptr_array_add (chain->reach->refused, refusal);
  mw_reach_miss (chain, person->reference);
}

static MwEndpointRow *
row_of (GPtrArray        *rows,
        const MwEndpoint *endpoint)
{
  for (guint i = 0; i < rows->len; i++)
    if (((MwEndpointRow *) g_ptr_array_index (rows, i))->endpoint == endpoint)
      return g_ptr_array_index (rows, i);
  return NULL;
}

/* Takes the row out of @rows */
static MwEndpointRow *
steal_row (GPtrArray     *rows,
           MwEndpointRow *row)
{
  guint index;

  return g_ptr_array_find (rows, row, &index) ? g_ptr_array_steal_index_fast (rows, index) : NULL;
}

static void
settle_on (MwReachChain  *chain,
           MwEndpointRow *row)
{
  MwReach *reach = chain->reach;

  reach->endpoint = row;
  mw_reach_use (chain, row->reference);
  reach->connection = mw_reach_connection_of (chain->db, row->endpoint->address);
  reach->end = reach->connection != NULL ? MW_REACH_READY : MW_REACH_CONNECT;
}

/* Equals that lead to different places: a person says which, and that holds as long as it is still one of them */
static void
settle_between (MwReachChain     *chain,
                MwEndpointChoice *choice,
                GPtrArray        *rows)
{
  MwReach *reach = chain->reach;
  g_autoptr (MwQuestion) answered = chain->item > 0 ? mw_questions_answered (chain->db, chain->item, MW_QUESTION_ENDPOINT, 0) : NULL;

  for (guint i = 0; i < choice->usable->len; i++)
    {
      const MwEndpoint *endpoint = g_ptr_array_index (choice->usable, i);

      if (answered != NULL && g_strcmp0 (answered->answer, endpoint->address) == 0)
        {
          reach->by_person = TRUE;
          settle_on (chain, steal_row (rows, row_of (rows, endpoint)));
          return;
        }
    }
  reach->end = MW_REACH_UNDECIDED;
  for (guint i = 0; i < choice->usable->len; i++)
    {
      MwEndpointRow *row = steal_row (rows, row_of (rows, g_ptr_array_index (choice->usable, i)));

      mw_reach_use (chain, row->reference);
      g_ptr_array_add (reach->equals, row);
    }
}

/* Drops those that were found to lead nowhere, and says so */
static void
drop_lost (MwReachChain *chain,
           GPtrArray    *rows)
{
  for (guint i = rows->len; chain->lost != NULL && i > 0; i--)
    {
      MwEndpointRow *row = g_ptr_array_index (rows, i - 1);
      const char    *reason = row->endpoint->address != NULL ? g_hash_table_lookup (chain->lost, row->endpoint->address) : NULL;

      if (reason == NULL)
        continue;
      refuse (chain->reach, row->endpoint, reason);
      mw_reach_use (chain, row->reference);
      g_ptr_array_remove_index (rows, i - 1);
    }
}

/* Adds the endpoints of @owner to @rows; those that are named and are not here are noted */
static void
add_rows (MwReachChain *chain,
          const char   *owner,
          GPtrArray    *rows)
{
  g_autoptr (GPtrArray) some = mw_endpoint_rows_of_owner (chain->db, owner, NULL);
  g_auto (MwQuery) query = MW_QUERY_INIT;

  while (some != NULL && some->len > 0)
    g_ptr_array_add (rows, g_ptr_array_steal_index (some, 0));
  if (mw_query_init (&query, chain->db, NULL,
                     "SELECT endpoint FROM endpoint_links AS l WHERE owner = ?1 AND source = '' AND NOT EXISTS "
                     "(SELECT 1 FROM endpoints AS e WHERE e.source = l.source AND e.reference = l.endpoint) LIMIT ?2",
                     "sd", owner, MW_REACH_MAX_AROUND))
    while (mw_query_step (&query, NULL))
      {
        mw_reach_miss (chain, mw_query_text (&query, 0));
        chain->unread = TRUE;
      }
}

/**
 * mw_reach_try_level:
 * @owners: (element-type utf8): who stand on one level: a role's places, or one organisation
 *
 * Returns: whether their endpoints decide where it goes, or leave it to a person
 */
gboolean
mw_reach_try_level (MwReachChain *chain,
                    GPtrArray    *owners)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new ();
  g_autoptr (MwEndpointChoice) choice = NULL;
  MwEndpointWish wish = { .kinds = MW_ENDPOINT_REST | MW_ENDPOINT_MESSAGE, .now = chain->now, .allow_loopback = TRUE };
  MwReach       *reach = chain->reach;

  for (guint i = 0; i < owners->len; i++)
    {
      mw_reach_use (chain, g_ptr_array_index (owners, i));
      add_rows (chain, g_ptr_array_index (owners, i), rows);
    }
  drop_lost (chain, rows);
  for (guint i = 0; i < rows->len; i++)
    {
      MwEndpointRow *row = g_ptr_array_index (rows, i);

      g_ptr_array_add (endpoints, row->endpoint);
      wish.allow_loopback = wish.allow_loopback && is_told_on_loopback (chain->db, row);
    }
  choice = mw_endpoints_choose (endpoints, &wish);
  for (guint i = 0; i < choice->refused->len; i++)
    {
      MwEndpointRefusal *refusal = g_ptr_array_index (choice->refused, i);

      refuse (reach, refusal->endpoint, refusal->reason);
      mw_reach_use (chain, row_of (rows, refusal->endpoint)->reference);
    }
  if (choice->usable->len == 0)
    return FALSE;
  reach->owner = mw_db_get_text (chain->db, "SELECT name FROM people WHERE reference = ?1", "s", g_ptr_array_index (owners, 0));
  reach->owner_type = mw_db_get_text (chain->db, "SELECT type FROM people WHERE reference = ?1", "s", g_ptr_array_index (owners, 0));
  if (choice->ambiguous)
    settle_between (chain, choice, rows);
  else
    settle_on (chain, steal_row (rows, row_of (rows, g_ptr_array_index (choice->usable, 0))));
  return TRUE;
}
