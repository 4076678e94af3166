/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-person.h"

#include <string.h>

#define COLUMNS "id, connection, reference, type, name, birth_date, gender, identifiers, tokens, detail, organization, endpoint, active, practitioner, source, fetched"

void
mw_person_free (MwPerson *self)
{
  if (self == NULL)
    return;
  g_free (self->reference);
  g_free (self->type);
  g_free (self->name);
  g_free (self->birth_date);
  g_free (self->gender);
  g_free (self->identifiers);
  g_free (self->tokens);
  g_free (self->detail);
  g_free (self->organization);
  g_free (self->endpoint);
  g_free (self->practitioner);
  g_free (self->source);
  g_free (self);
}

static MwPerson *
read_row (MwQuery *query)
{
  MwPerson *self = g_new0 (MwPerson, 1);

  self->id = mw_query_int (query, 0);
  self->connection = mw_query_int (query, 1);
  self->reference = mw_query_dup (query, 2);
  self->type = mw_query_dup (query, 3);
  self->name = mw_query_dup (query, 4);
  self->birth_date = mw_query_dup (query, 5);
  self->gender = mw_query_dup (query, 6);
  self->identifiers = mw_query_dup (query, 7);
  self->tokens = mw_query_dup (query, 8);
  self->detail = mw_query_dup (query, 9);
  self->organization = mw_query_dup (query, 10);
  self->endpoint = mw_query_dup (query, 11);
  self->active = mw_query_int (query, 12) != 0;
  self->practitioner = mw_query_dup (query, 13);
  self->source = mw_query_dup (query, 14);
  self->fetched = mw_query_int (query, 15);
  return self;
}

/**
 * mw_people_load:
 *
 * Returns: (transfer full) (nullable): the row with that id
 */
MwPerson *
mw_people_load (MwDb  *db,
                gint64 id)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM people WHERE id = ?1", "i", id) && mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

MwPerson *
mw_people_by_reference (MwDb       *db,
                        const char *reference)
{
  g_auto (MwQuery) query = MW_QUERY_INIT;

  if (reference != NULL && mw_query_init (&query, db, NULL, "SELECT " COLUMNS " FROM people WHERE reference = ?1", "s", reference) &&
      mw_query_step (&query, NULL))
    return read_row (&query);
  return NULL;
}

/**
 * mw_people_fold:
 *
 * Returns: (transfer full): @text without case and accents, for comparing
 */
char *
mw_people_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *decomposed = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autoptr (GString) bare = g_string_new (NULL);

  for (const char *at = decomposed; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_ismark (g_utf8_get_char (at)))
      g_string_append_unichar (bare, g_utf8_get_char (at));
  return g_utf8_casefold (bare->str, -1);
}

static char *
fold_of (const MwPerson *person)
{
  g_autofree char *all = g_strdup_printf (" %s %s %s %s", person->name, person->birth_date != NULL ? person->birth_date : "",
                                          person->identifiers != NULL ? person->identifiers : "",
                                          person->detail != NULL ? person->detail : "");

  return mw_people_fold (all);
}

/**
 * mw_people_put:
 *
 * Adds the person or brings the row with the same reference up to date.
 *
 * Returns: its id, or -1
 */
gint64
mw_people_put (MwDb           *db,
               const MwPerson *person,
               GError        **error)
{
  g_autofree char *fold = fold_of (person);

  if (!mw_db_run (db, error,
                  "INSERT INTO people (connection, reference, type, name, fold, birth_date, gender, identifiers, tokens, detail, organization, "
                  "endpoint, active, practitioner, source, fetched) "
                  "VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, coalesce(?15, ''), ?16) "
                  "ON CONFLICT (reference) DO UPDATE SET name = excluded.name, fold = excluded.fold, birth_date = excluded.birth_date, "
                  "gender = excluded.gender, identifiers = excluded.identifiers, tokens = excluded.tokens, detail = excluded.detail, "
                  "organization = excluded.organization, endpoint = excluded.endpoint, active = excluded.active, "
                  "practitioner = excluded.practitioner, source = excluded.source, fetched = max(fetched, excluded.fetched)",
                  "isssssssss"
                  "ssdssi",
                  person->connection, person->reference, person->type, person->name, fold, person->birth_date, person->gender,
                  person->identifiers, person->tokens, person->detail, person->organization, person->endpoint, (int) person->active,
                  person->practitioner, person->source, person->fetched))
    return -1;
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_get_int (db, -1, "SELECT id FROM people WHERE reference = ?1", "s", person->reference);
}

/**
 * mw_people_mark_gone:
 * @reference: absolute
 * @now: µs
 *
 * Their own server does not have them any more: they are not active, until it lists them again.
 */
gboolean
mw_people_mark_gone (MwDb       *db,
                     const char *reference,
                     gint64      now,
                     GError    **error)
{
  mw_db_touch (db, MW_CHANGE_PEOPLE);
  return mw_db_run (db, error, "UPDATE people SET active = 0, fetched = max(fetched, ?2) WHERE reference = ?1 AND source = ''", "si", reference, now);
}

/* -1 for several */
static gint64
find_by_tokens (MwDb       *db,
                const char *type,
                const char *tokens,
                gboolean    from_messages)
{
  g_auto (GStrv) lines = tokens != NULL ? g_strsplit (tokens, "\n", -1) : NULL;
  gint64 found = 0;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      g_auto (MwQuery) query = MW_QUERY_INIT;

      /* only a value within a system identifies somebody */
      if (lines[i][0] == '\0' || lines[i][0] == '|' || g_str_has_suffix (lines[i], "|"))
        continue;
      if (!mw_query_init (&query, db, NULL,
                          "SELECT id FROM people WHERE type = ?1 AND instr(char(10) || tokens || char(10), char(10) || ?2 || char(10)) > 0 "
                          "AND connection IN (SELECT id FROM connections WHERE home = 1) AND (instr(reference, '#') > 0) = ?3 LIMIT 2",
                          "ssd", type, lines[i], (int) from_messages))
        continue;
      while (mw_query_step (&query, NULL))
        {
          gint64 id = mw_query_int (&query, 0);

          if (found != 0 && found != id)
            return -1;
          found = id;
        }
    }
  return found;
}

/**
 * mw_people_find_by_tokens:
 * @tokens: (nullable): "system|value", one a line
 *
 * Those whom the home server lists come before those who are known from messages only.
 *
 * Returns: the one person of @type that shares an identifier; 0 for none or for several, since a
 *   patient is never guessed
 */
gint64
mw_people_find_by_tokens (MwDb       *db,
                          const char *type,
                          const char *tokens)
{
  gint64 found = find_by_tokens (db, type, tokens, FALSE);

  if (found == 0)
    found = find_by_tokens (db, type, tokens, TRUE);
  return MAX (found, 0);
}

/**
 * mw_people_search:
 * @words: beginnings of words of name, identifiers or birth date, in any order
 * @types: (array zero-terminated=1): resource types
 * @ids: (element-type gint64): the ids are appended: lately used first, then whose name begins so, then by name
 */
gboolean
mw_people_search (MwDb              *db,
                  const char        *words,
                  const char *const *types,
                  guint              limit,
                  GArray            *ids,
                  GError           **error)
{
  g_autofree char *folded = mw_people_fold (words != NULL ? words : "");
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t", -1);
  g_autofree char *type_list = g_strjoinv ("\n", (char **) types);
  const char      *part[4] = { "", "", "", "" };
  guint            n = 0;
  g_auto (MwQuery) query = MW_QUERY_INIT;
  g_autoptr (GError) local = NULL;

  for (guint i = 0; parts[i] != NULL && n < G_N_ELEMENTS (part); i++)
    if (parts[i][0] != '\0')
      part[n++] = parts[i];
  if (!mw_query_init (&query, db, error,
                      "SELECT id FROM people WHERE instr(char(10) || ?1 || char(10), char(10) || type || char(10)) > 0 AND active = 1 "
                      "AND instr(fold, ' ' || ?2) > 0 AND instr(fold, ' ' || ?3) > 0 AND instr(fold, ' ' || ?4) > 0 AND instr(fold, ' ' || ?5) > 0 "
                      "ORDER BY used DESC, instr(fold, ' ' || ?2) > 1, name COLLATE NOCASE, id LIMIT ?6",
                      "sssssi", type_list, part[0], part[1], part[2], part[3], (gint64) limit))
    return FALSE;
  while (mw_query_step (&query, &local))
    {
      gint64 id = mw_query_int (&query, 0);

      g_array_append_val (ids, id);
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
mw_people_mark_used (MwDb    *db,
                     gint64   id,
                     gint64   now,
                     GError **error)
{
  return mw_db_run (db, error, "UPDATE people SET used = ?2 WHERE id = ?1", "ii", id, now);
}
