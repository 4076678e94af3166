/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-reach-private.h"

#include "mw-question.h"
#include "mw-reference.h"
#include "mw-resource-row.h"

/* How far up an organisation's parents an endpoint is looked for (wire notes 2.1) */
#define MAX_PARENTS 5

static void
free_person (gpointer data)
{
  mw_person_free (data);
}

static void
free_row (gpointer data)
{
  mw_endpoint_row_free (data);
}

static void
free_refusal (gpointer data)
{
  MwReachRefusal *refusal = data;

  g_free (refusal->name);
  g_free (refusal->reason);
  g_free (refusal);
}

void
mw_reach_free (MwReach *self)
{
  if (self == NULL)
    return;
  mw_person_free (self->person);
  g_ptr_array_unref (self->candidates);
  mw_connection_free (self->connection);
  mw_endpoint_row_free (self->endpoint);
  g_free (self->owner);
  g_free (self->owner_type);
  g_ptr_array_unref (self->equals);
  g_ptr_array_unref (self->refused);
  g_ptr_array_unref (self->used);
  g_ptr_array_unref (self->missing);
  g_ptr_array_unref (self->organizations);
  g_free (self);
}

static MwReach *
reach_new (void)
{
  MwReach *self = g_new0 (MwReach, 1);

  self->end = MW_REACH_NOWHERE;
  self->candidates = g_ptr_array_new_with_free_func (free_person);
  self->equals = g_ptr_array_new_with_free_func (free_row);
  self->refused = g_ptr_array_new_with_free_func (free_refusal);
  self->used = g_ptr_array_new_with_free_func (g_free);
  self->missing = g_ptr_array_new_with_free_func (g_free);
  self->organizations = g_ptr_array_new_with_free_func (g_free);
  self->oldest = G_MAXINT64;
  return self;
}

/* ---- what is here, and how old it is ----------------------------------- */

/**
 * mw_reach_load:
 *
 * Returns: (transfer full) (nullable): the resource as it was received
 */
JsonNode *
mw_reach_load (MwDb       *db,
               const char *reference)
{
  g_autoptr (MwResourceRow) row = mw_resources_by_reference (db, reference);

  return row != NULL ? mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL) : NULL;
}

/* The home connection tells what has changed, and only that: what has not is as young as the last whole look */
static gint64
swept_at (MwDb       *db,
          const char *reference)
{
  g_autoptr (MwReference) parsed = mw_reference_new_for_literal (reference);
  g_autofree char *query = parsed->type != NULL ? g_strconcat ("~", parsed->type, NULL) : NULL;
  gint64           home = query != NULL ? mw_db_get_int (db, 0, "SELECT id FROM connections WHERE home = 1 AND url = ?1", "s", parsed->base) : 0;

  return home > 0 ? mw_db_get_int (db, 0, "SELECT swept FROM watermarks WHERE connection = ?1 AND query = ?2 AND problem IS NULL AND next_page IS NULL", "is", home, query) : 0;
}

/**
 * mw_reach_read_at:
 * @reference: of somebody, or of an endpoint
 *
 * Returns: µs when the row was last known to say what its server says; 0 when that is not known
 */
gint64
mw_reach_read_at (MwDb       *db,
                  const char *reference)
{
  gint64 person = mw_db_get_int (db, 0, "SELECT fetched FROM people WHERE reference = ?1", "s", reference);
  gint64 endpoint = mw_db_get_int (db, 0, "SELECT max(fetched) FROM endpoints WHERE reference = ?1", "s", reference);

  return MAX (MAX (person, endpoint), swept_at (db, reference));
}

void
mw_reach_use (MwReachChain *chain,
              const char   *reference)
{
  MwReach *reach = chain->reach;

  if (g_ptr_array_find_with_equal_func (reach->used, reference, g_str_equal, NULL))
    return;
  g_ptr_array_add (reach->used, g_strdup (reference));
  reach->oldest = MIN (reach->oldest, mw_reach_read_at (chain->db, reference));
}

void
mw_reach_miss (MwReachChain *chain,
               const char   *reference)
{
  if (!g_ptr_array_find_with_equal_func (chain->reach->missing, reference, g_str_equal, NULL))
    g_ptr_array_add (chain->reach->missing, g_strdup (reference));
}

/**
 * mw_reach_is_old:
 *
 * Returns: whether what it rests on should be read again
 */
gboolean
mw_reach_is_old (const MwReach *self,
                 gint64         now)
{
  return self->used->len > 0 && now - self->oldest >= MW_REACH_MAX_AGE;
}

/* ---- the chain ---------------------------------------------------------- */

static gboolean
try_one (MwReachChain *chain,
         const char   *owner)
{
  g_autoptr (GPtrArray) level = g_ptr_array_new ();

  g_ptr_array_add (level, (gpointer) owner);
  return mw_reach_try_level (chain, level);
}

static void
add_around (MwReachChain *chain,
            JsonNode     *resource,
            const char   *path,
            const char   *base,
            GPtrArray    *level)
{
  guint n = MIN (mw_json_length (resource, path), MW_REACH_MAX_AROUND);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MwReference) reference = mw_reference_new (mw_json_item (resource, path, i));
      g_autofree char *absolute = mw_reference_absolute (reference, base);

      if (absolute == NULL)
        continue;
      if (mw_db_get_int (chain->db, 0, "SELECT count(*) FROM people WHERE reference = ?1", "s", absolute) == 0)
        mw_reach_miss (chain, absolute);
      else if (g_hash_table_add (chain->seen, g_strdup (absolute)))
        g_ptr_array_add (level, g_steal_pointer (&absolute));
    }
}

/* Where a role or a service is: its places and services */
static gboolean
try_around (MwReachChain *chain,
            const char   *reference)
{
  g_autoptr (GPtrArray) level = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) resource = mw_reach_load (chain->db, reference);
  g_autoptr (MwReference) parsed = mw_reference_new_for_literal (reference);

  if (parsed->base == NULL)
    return FALSE;
  add_around (chain, resource, "location", parsed->base, level);
  add_around (chain, resource, "healthcareService", parsed->base, level);
  return level->len > 0 && mw_reach_try_level (chain, level);
}

/* Only those that its own server lists: another server could say anything of it, and put its own endpoint in its place */
static gboolean
try_affiliations (MwReachChain *chain,
                  const char   *organization)
{
  g_autoptr (GPtrArray) level = g_ptr_array_new_with_free_func (g_free);
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, chain->db, NULL, "SELECT reference FROM people WHERE organization = ?1 AND type = 'OrganizationAffiliation' AND active = 1 "
                                              "AND (connection, source) IS (SELECT connection, source FROM people WHERE reference = ?1) ORDER BY id LIMIT ?2",
                     "sd", organization, MW_REACH_MAX_AROUND))
    while (mw_query_step (&query, NULL))
      g_ptr_array_add (level, mw_query_dup (&query, 0));
  return level->len > 0 && mw_reach_try_level (chain, level);
}

/* An organisation, the networks that it takes part in, and then the one that it is part of */
static gboolean
try_organizations (MwReachChain *chain,
                   const char   *first)
{
  g_autofree char *at = g_strdup (first);

  for (guint depth = 0; at != NULL && depth <= MAX_PARENTS && g_hash_table_add (chain->seen, g_strdup (at)); depth++)
    {
      g_autoptr (MwPerson) organization = mw_people_by_reference (chain->db, at);

      if (organization == NULL)
        {
          mw_reach_miss (chain, at);
          chain->unread = TRUE;
          return FALSE;
        }
      g_ptr_array_add (chain->reach->organizations, g_strdup (at));
      if (try_one (chain, at) || try_affiliations (chain, at))
        return TRUE;
      g_free (at);
      at = g_strdup (organization->organization);
    }
  return FALSE;
}

/* The roles of a person: active ones, of the server that lists that person */
static GPtrArray *
roles_of (MwDb       *db,
          const char *practitioner)
{
  GPtrArray *roles = g_ptr_array_new_with_free_func (free_person);
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT id FROM people WHERE practitioner = ?1 AND type = 'PractitionerRole' AND active = 1 "
                                       "AND (connection, source) IS (SELECT connection, source FROM people WHERE reference = ?1) ORDER BY id LIMIT ?2",
                     "sd", practitioner, MW_REACH_MAX_AROUND))
    while (mw_query_step (&query, NULL))
      {
        MwPerson *role = mw_people_load (db, mw_query_int (&query, 0));

        if (role != NULL)
          g_ptr_array_add (roles, role);
      }
  return roles;
}

/* Nobody names an endpoint: they are reached where they are listed. Not so in a directory, which knows of many and
 * holds nobody's inbox, nor where an endpoint is named that cannot be used now or has not been read */
static void
settle_where_listed (MwReachChain *chain)
{
  MwReach *reach = chain->reach;
  g_autoptr (MwConnection) listed = mw_connections_by_reference (chain->db, reach->person->reference);

  if (listed == NULL || listed->removed != 0 || (listed->directory && !listed->home))
    return;
  reach->connection = g_steal_pointer (&listed);
  reach->end = MW_REACH_READY;
}

static gboolean
was_refused_fhir (MwReachChain *chain)
{
  for (guint i = 0; i < chain->reach->used->len; i++)
    {
      g_autoptr (MwEndpointRow) row = mw_endpoint_rows_load (chain->db, NULL, g_ptr_array_index (chain->reach->used, i));

      if (row != NULL && (row->endpoint->kinds & (MW_ENDPOINT_REST | MW_ENDPOINT_MESSAGE)) != 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
try_from (MwReachChain   *chain,
          const MwPerson *person)
{
  if (g_str_equal (person->type, "Organization"))
    return try_organizations (chain, person->reference);
  g_hash_table_add (chain->seen, g_strdup (person->reference));
  return try_one (chain, person->reference) || try_around (chain, person->reference) ||
         (person->organization != NULL && try_organizations (chain, person->organization));
}

static gboolean
is_same_place (const MwReach *one,
               const MwReach *other)
{
  gint64 here = one->connection != NULL ? one->connection->id : 0;
  gint64 there = other->connection != NULL ? other->connection->id : 0;

  return one->end == other->end && here == there && g_strcmp0 (mw_reach_get_address (one), mw_reach_get_address (other)) == 0 &&
         (one->end == MW_REACH_READY || one->end == MW_REACH_CONNECT);
}

/* Whether it makes no difference in which of her roles somebody is reached */
static gboolean
lead_to_one_place (MwReachChain *chain,
                   GPtrArray    *roles)
{
  g_autoptr (MwReach) first = mw_reach_of_person (chain->db, g_ptr_array_index (roles, 0), chain->now);

  for (guint i = 1; i < roles->len; i++)
    {
      g_autoptr (MwReach) other = mw_reach_of_person (chain->db, g_ptr_array_index (roles, i), chain->now);

      if (!is_same_place (first, other))
        return FALSE;
    }
  return TRUE;
}

static void
follow (MwReachChain *chain)
{
  MwPerson *person = chain->reach->person;

  if (g_str_equal (person->type, "Practitioner"))
    {
      g_autoptr (GPtrArray) roles = roles_of (chain->db, person->reference);

      mw_reach_use (chain, person->reference);
      if ((roles->len > 1 && !lead_to_one_place (chain, roles)) || (roles->len == 1 && chain->undone))
        {
          chain->reach->end = MW_REACH_SEVERAL;
          while (roles->len > 0)
            g_ptr_array_add (chain->reach->candidates, g_ptr_array_steal_index (roles, 0));
          return;
        }
      if (roles->len > 0 && try_from (chain, g_ptr_array_index (roles, 0)))
        return;
    }
  else if (try_from (chain, person))
    return;
  if (!chain->unread && !was_refused_fhir (chain))
    settle_where_listed (chain);
}

/* Who is answered is answered where they wrote, and not in whichever role they may have elsewhere */
static gboolean
is_answered_here (MwDb           *db,
                  const MwDraft  *draft,
                  const MwPerson *person)
{
  g_autoptr (MwConnection) asked = draft->target != NULL && g_str_equal (person->type, "Practitioner") ? mw_connections_by_reference (db, draft->target) : NULL;
  g_autoptr (MwConnection) listed = asked != NULL ? mw_connections_by_reference (db, person->reference) : NULL;

  return listed != NULL && listed->id == asked->id;
}

static void
run (MwReach    *reach,
     MwDb       *db,
     gint64      item,
     gint64      now,
     GHashTable *lost,
     gboolean    undone)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  MwReachChain chain = { .db = db, .reach = reach, .now = now, .item = item, .lost = lost, .seen = seen, .undone = undone };

  follow (&chain);
}

/**
 * mw_reach_of_person:
 *
 * Returns: (transfer full): where @person is reached, for telling namesakes apart
 */
MwReach *
mw_reach_of_person (MwDb           *db,
                    const MwPerson *person,
                    gint64          now)
{
  MwReach *self = reach_new ();

  self->person = mw_people_load (db, person->id);
  if (self->person != NULL)
    run (self, db, 0, now, NULL, FALSE);
  return self;
}

/* Somebody named in words only: taken when exactly one fits and that is certain, since a guess could send it to a stranger */
static gboolean
find_by_words (MwReach    *self,
               MwDb       *db,
               const char *words,
               gint64      now,
               gboolean    undone)
{
  gboolean sure;
  g_autoptr (GPtrArray) found = mw_reach_find (db, words, now, &sure);

  if (found->len == 1 && sure && !undone)
    {
      self->person = g_ptr_array_steal_index (found, 0);
      return TRUE;
    }
  self->end = found->len == 0 ? MW_REACH_NOBODY : MW_REACH_SEVERAL;
  for (guint i = 0; i < found->len; i++)
    {
      const MwPerson *person = g_ptr_array_index (found, i);

      g_ptr_array_add (self->used, g_strdup (person->reference));
      self->oldest = MIN (self->oldest, mw_reach_read_at (db, person->reference));
    }
  while (found->len > 0)
    g_ptr_array_add (self->candidates, g_ptr_array_steal_index (found, 0));
  return FALSE;
}

/**
 * mw_reach_new:
 * @item: whose answered questions count; 0 for none
 * @lost: (nullable): FHIR base → a sentence: addresses where nothing was found just now
 *
 * Returns: (transfer full): who it is for and where that one is reached
 */
MwReach *
mw_reach_new (MwDb          *db,
              const MwDraft *draft,
              gint64         item,
              gint64         now,
              GHashTable    *lost)
{
  MwReach *self = reach_new ();
  g_autoptr (MwQuestion) answered = item > 0 ? mw_questions_answered (db, item, MW_QUESTION_RECIPIENT, 0) : NULL;
  gboolean undone = FALSE;

  if (answered != NULL && g_strcmp0 (answered->answer, MW_QUESTION_NONE) != 0)
    {
      self->person = mw_people_by_reference (db, answered->answer);
      if (self->person != NULL && !self->person->active)
        g_clear_pointer (&self->person, mw_person_free);
      self->by_person = self->person != NULL;
      undone = self->person == NULL;
    }
  if (self->person == NULL && draft->to != NULL)
    {
      self->person = mw_people_by_reference (db, draft->to);
      self->end = self->person == NULL ? MW_REACH_MISSING : self->end;
    }
  else if (self->person == NULL && draft->to_name == NULL)
    self->end = MW_REACH_UNNAMED;
  else if (self->person == NULL && !find_by_words (self, db, draft->to_name, now, undone))
    return self;
  if (self->person != NULL && !self->person->active)
    {
      MwReachChain chain = { .db = db, .reach = self, .now = now };

      mw_reach_refuse_person (&chain);
    }
  else if (self->person != NULL && is_answered_here (db, draft, self->person))
    {
      MwReachChain chain = { .db = db, .reach = self, .now = now };

      mw_reach_use (&chain, self->person->reference);
      settle_where_listed (&chain);
    }
  else if (self->person != NULL)
    run (self, db, item, now, lost, undone);
  return self;
}

/**
 * mw_reach_get_address:
 *
 * Returns: (nullable): the FHIR base of the endpoint that was chosen
 */
const char *
mw_reach_get_address (const MwReach *self)
{
  return self->endpoint != NULL ? self->endpoint->endpoint->address : NULL;
}
