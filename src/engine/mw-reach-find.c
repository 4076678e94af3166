/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom words mean, among those who are here: "cardiology at St. Mary's", a name, or an NPI */

#include "mw-config.h"

#include "mw-reach.h"

#include "mw-directory-query.h"
#include "mw-fold.h"
#include "mw-npi.h"

#include <string.h>

/* Rows that are looked at closely; whom so many fit has to be named more closely */
#define MAX_ROWS 1000
#define MAX_FOUND 40
#define MAX_PARENTS 5
#define PROBE_LETTERS 4

typedef struct
{
  MwPerson *person;
  MwReach  *reach; /* found out when it is needed */
  gboolean  whole; /* fits by whole words */
  gboolean  dropped;
} Found;

typedef enum
{
  FIT_NONE,
  FIT_BEGINNING, /* a word is the beginning of one in a name: "Mayer" of "Mayerhofer" */
  FIT_WHOLE,
} Fit;

static void
free_found (gpointer data)
{
  Found *found = data;

  mw_person_free (found->person);
  mw_reach_free (found->reach);
  g_free (found);
}

static void
free_person (gpointer data)
{
  mw_person_free (data);
}

/* ---- whether somebody fits ----------------------------------------------- */

/* What somebody says of themselves; of one from a published list only a line is here */
static JsonNode *
resource_of (MwDb           *db,
             const MwPerson *person)
{
  JsonNode *resource = mw_reach_load (db, person->reference);

  if (resource != NULL)
    return resource;
  resource = mw_resource_new ("Organization");
  mw_json_set (resource, "alias[0]", person->name);
  if (person->detail != NULL)
    mw_json_set (resource, "alias[1]", person->detail);
  return resource;
}

static Fit
fit_of (JsonNode   *resource,
        const char *text)
{
  if (!mw_directory_matches (resource, text))
    return FIT_NONE;
  return mw_directory_matches_whole (resource, text) ? FIT_WHOLE : FIT_BEGINNING;
}

/* Without the names of those that it belongs to: a hospital's name is not that of everybody who works there */
static Fit
is_called (JsonNode   *resource,
           const char *text)
{
  static const char *const others[] = { "organization", "providedBy", "partOf", "managingOrganization" };
  g_autoptr (JsonNode) own = mw_json_copy (resource);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    mw_json_remove (own, others[i]);
  return fit_of (own, text);
}

/* Whether @person, or one that it belongs to, has the name of the place */
static Fit
is_at (MwDb           *db,
       const MwPerson *person,
       JsonNode       *resource,
       const char     *place)
{
  g_autofree char *at = g_strdup (person->organization);
  Fit              best = fit_of (resource, place);

  for (guint depth = 0; at != NULL && best != FIT_WHOLE && depth < MAX_PARENTS; depth++)
    {
      g_autoptr (MwPerson) organization = mw_people_by_reference (db, at);
      g_autoptr (JsonNode) its = organization != NULL ? resource_of (db, organization) : NULL;

      if (its == NULL)
        return best;
      best = MAX (best, fit_of (its, place));
      g_free (at);
      at = g_strdup (organization->organization);
    }
  return best;
}

static Fit
fits (MwDb                   *db,
      const MwPerson         *person,
      const MwDirectoryWords *words)
{
  g_autoptr (JsonNode) resource = resource_of (db, person);
  g_autofree char *npi = words->npi != NULL ? mw_npi_of (resource, NULL) : NULL;

  if (words->npi != NULL)
    return g_strcmp0 (npi, words->npi) == 0 ? FIT_WHOLE : FIT_NONE;
  if (words->department != NULL)
    {
      Fit department = is_called (resource, words->department);

      return department != FIT_NONE ? MIN (department, is_at (db, person, resource, words->name)) : FIT_NONE;
    }
  return is_called (resource, words->name);
}

/* ---- looking through those who are here ---------------------------------- */

/* Returns: (transfer full) (nullable): the beginning of the longest word, as the column "fold" has it, however its end is
 * written: without apostrophes, and before a letter that may be spelt out */
static char *
probe_of (const char *text)
{
  g_autofree char *folded = mw_people_fold (text);
  const char      *best = NULL;
  gsize            length = 0;

  for (const char *at = folded; *at != '\0';)
    {
      const char *begin = at;
      gsize       n = 0;

      for (; *at != '\0' && g_unichar_isalnum (g_utf8_get_char (at)); at = g_utf8_next_char (at))
        n++;
      if (n > length)
        {
          best = begin;
          length = n;
        }
      if (n == 0)
        at = g_utf8_next_char (at);
    }
  if (best == NULL)
    return NULL;
  length = MIN (length, PROBE_LETTERS);
  for (gsize i = 1; i < length; i++)
    if (best[i] == 'e' && strchr ("aou", best[i - 1]) != NULL)
      length = i;
  return g_utf8_substring (best, 0, (glong) length);
}

static void
add_found (GPtrArray *list,
           MwPerson  *person,
           gboolean   whole)
{
  Found *found;

  for (guint i = 0; i < list->len; i++)
    {
      found = g_ptr_array_index (list, i);
      if (g_str_equal (found->person->reference, person->reference))
        {
          found->whole = found->whole || whole;
          mw_person_free (person);
          return;
        }
    }
  found = g_new0 (Found, 1);
  found->person = person;
  found->whole = whole;
  g_ptr_array_add (list, found);
}

/* A person is written to in a role, where one is known; a place through those who run it */
static void
add_as_addressed (MwDb      *db,
                  GPtrArray *list,
                  MwPerson  *person,
                  gboolean   whole)
{
  g_autoptr (MwPerson) owned = person;

  if (g_str_equal (person->type, "Practitioner"))
    {
      g_auto (MwQuery) query = MW_QUERY_INIT;
      gboolean any = FALSE;

      if (mw_query_init (&query, db, NULL, "SELECT id FROM people WHERE practitioner = ?1 AND type = 'PractitionerRole' AND active = 1 "
                                           "AND (connection, source) IS (SELECT connection, source FROM people WHERE reference = ?1) LIMIT 20",
                         "s", person->reference))
        while (mw_query_step (&query, NULL))
          {
            add_found (list, mw_people_load (db, mw_query_int (&query, 0)), whole);
            any = TRUE;
          }
      if (any)
        return;
    }
  if (g_str_equal (person->type, "Location"))
    {
      MwPerson *organization = mw_people_by_reference (db, person->organization);

      if (organization != NULL)
        add_found (list, organization, whole);
      return;
    }
  add_found (list, g_steal_pointer (&owned), whole);
}

/* Returns: whether all that may fit were looked at */
static gboolean
look_through (MwDb                   *db,
              GPtrArray              *list,
              const MwDirectoryWords *words,
              const char             *types)
{
  g_autofree char *word = words->npi != NULL ? g_strconcat ("|", words->npi, NULL) : probe_of (words->department != NULL ? words->department : words->name);
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  /* specialties and other names are in the resource only */
  if (word == NULL ||
      !mw_query_init (&query, db, NULL,
                      "SELECT p.id FROM people AS p LEFT JOIN connections AS c ON c.id = p.connection LEFT JOIN resources AS r ON r.reference = p.reference "
                      "WHERE instr(' ' || ?1 || ' ', ' ' || p.type || ' ') > 0 AND p.active = 1 AND coalesce(c.removed, 0) = 0 AND "
                      "(instr(p.fold, ?2) > 0 OR instr(p.tokens, ?2) > 0 OR instr(lower(CAST(r.raw AS TEXT)), ?2) > 0) "
                      "ORDER BY coalesce(c.home, 0) DESC, p.used DESC, p.id LIMIT ?3",
                      "ssd", types, word, MAX_ROWS))
    return TRUE;
  while (mw_query_step (&query, NULL))
    {
      gint64 id = mw_query_int (&query, 0);

      g_array_append_val (ids, id);
    }
  for (guint i = 0; i < ids->len && list->len < MAX_FOUND; i++)
    {
      g_autoptr (MwPerson) person = mw_people_load (db, g_array_index (ids, gint64, i));

      Fit fit = person != NULL ? fits (db, person, words) : FIT_NONE;

      if (fit != FIT_NONE)
        add_as_addressed (db, list, g_steal_pointer (&person), fit == FIT_WHOLE);
    }
  return ids->len < MAX_ROWS && list->len < MAX_FOUND;
}

/* ---- who of them are one --------------------------------------------------- */

static MwReach *
reach_of (MwDb  *db,
          Found *found,
          gint64 now)
{
  if (found->reach == NULL)
    found->reach = mw_reach_of_person (db, found->person, now);
  return found->reach;
}

static char *
npi_of (MwDb           *db,
        const MwPerson *person)
{
  g_autoptr (JsonNode) resource = mw_reach_load (db, person->reference);
  gboolean         valid = FALSE;
  g_autofree char *npi = mw_npi_of (resource, &valid);

  return valid ? g_steal_pointer (&npi) : NULL;
}

static gboolean
lead_to_one_place (MwDb  *db,
                   Found *one,
                   Found *other,
                   gint64 now)
{
  const MwReach *here = reach_of (db, one, now);
  const MwReach *there = reach_of (db, other, now);
  gint64         first = here->connection != NULL ? here->connection->id : 0;
  gint64         second = there->connection != NULL ? there->connection->id : 0;

  return first == second && g_strcmp0 (mw_reach_get_address (here), mw_reach_get_address (there)) == 0;
}

/* Two directories list the same one; or one is a service of the other, reached at the same place */
static gboolean
are_one (MwDb  *db,
         Found *one,
         Found *other,
         gint64 now)
{
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;

  if (!lead_to_one_place (db, one, other, now))
    return FALSE;
  if (g_strcmp0 (other->person->organization, one->person->reference) == 0 && g_str_equal (other->person->type, "HealthcareService"))
    return TRUE;
  if (!g_str_equal (one->person->type, other->person->type))
    return FALSE;
  here = npi_of (db, one->person);
  there = npi_of (db, other->person);
  if (here != NULL && there != NULL)
    return g_str_equal (here, there);
  /* a name alone is no proof, but of the same name at the same server there is only one */
  return one->person->connection != other->person->connection && mw_fold_equal (one->person->name, other->person->name);
}

static void
drop_doubles (MwDb      *db,
              GPtrArray *list,
              gint64     now)
{
  for (guint i = 0; i < list->len; i++)
    for (guint j = 0; j < list->len; j++)
      {
        Found *one = g_ptr_array_index (list, i);
        Found *other = g_ptr_array_index (list, j);

        if (i != j && !one->dropped && !other->dropped && are_one (db, one, other, now))
          {
            one->whole = one->whole || other->whole;
            other->dropped = TRUE;
          }
      }
}

static gboolean
find_by (MwDb                   *db,
         GPtrArray              *list,
         const MwDirectoryWords *words)
{
  gboolean all;

  if (words->department == NULL)
    return look_through (db, list, words, "Organization PractitionerRole CareTeam HealthcareService Practitioner Location");
  /* who names a department means it, and not somebody who works in it, unless there are only those */
  all = look_through (db, list, words, "Organization CareTeam HealthcareService");
  return list->len == 0 ? look_through (db, list, words, "PractitionerRole") && all : all;
}

/**
 * mw_reach_find:
 * @text: what a person wrote
 * @sure: (out): whether a single one who fits is meant for certain: all were looked at, and the words are whole ones of a
 *   name and not its beginning
 *
 * Returns: (transfer full) (element-type MwPerson): all who fit, those of the home connection first
 */
GPtrArray *
mw_reach_find (MwDb       *db,
               const char *text,
               gint64      now,
               gboolean   *sure)
{
  g_autoptr (MwDirectoryWords) words = mw_directory_words_new (text);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free_found);
  GPtrArray *people = g_ptr_array_new_with_free_func (free_person);

  *sure = words == NULL || find_by (db, list, words);
  if (words != NULL && list->len == 0 && words->department != NULL)
    {
      /* the little word may belong to a name */
      MwDirectoryWords whole = { .name = (char *) text };

      *sure = find_by (db, list, &whole) && *sure;
    }
  drop_doubles (db, list, now);
  for (guint i = 0; i < list->len; i++)
    {
      Found *found = g_ptr_array_index (list, i);

      *sure = *sure && (found->dropped || found->whole);
      if (!found->dropped)
        g_ptr_array_add (people, g_steal_pointer (&found->person));
    }
  return people;
}
