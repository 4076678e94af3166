/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who was found and where, in words for the timeline */

#include "mw-config.h"

#include "mw-reach.h"

#include "mw-source-words.h"

#include <glib/gi18n-lib.h>

static void
add_sentence (GString *text,
              char    *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

static char *
endpoint_name (const MwEndpoint *endpoint)
{
  return g_strdup (endpoint->name != NULL ? endpoint->name : endpoint->address);
}

/* An endpoint, its address, and whose it is */
static char *
endpoint_words (const MwReach *self)
{
  g_autofree char *name = endpoint_name (self->endpoint->endpoint);
  const char      *address = mw_reach_get_address (self);
  const char      *owner = self->owner != NULL ? self->owner : "?";

  if (g_strcmp0 (self->owner_type, "OrganizationAffiliation") == 0)
    return g_strdup_printf (_ ("It goes to “%s” (%s), the endpoint of a network: %s."), name, address, owner);
  if (g_strcmp0 (self->owner_type, self->person->type) == 0 && g_strcmp0 (self->owner, self->person->name) == 0)
    return g_strdup_printf (_ ("It goes to “%s” (%s), their own endpoint."), name, address);
  return g_strdup_printf (_ ("It goes to “%s” (%s), the endpoint of %s."), name, address, owner);
}

/**
 * mw_reach_refusals:
 * @max: how many
 *
 * Returns: (transfer full) (nullable): the endpoints that are not used, and why; NULL when there are none
 */
char *
mw_reach_refusals (const MwReach *self,
                   guint          max)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->refused->len && i < max; i++)
    {
      const MwReachRefusal *refusal = g_ptr_array_index (self->refused, i);

      /* Translators: an endpoint that is not used, and a sentence that says why */
      add_sentence (text, g_strdup_printf (_ ("“%s”: %s"), refusal->name, refusal->reason));
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/**
 * mw_reach_words:
 * @self: one that is ready
 *
 * Returns: (transfer full) (nullable): for the timeline: which directory, who was found, which endpoint and why, what is
 *   not used and why; NULL when there is no more to say than where it goes
 */
char *
mw_reach_words (const MwReach *self,
                MwDb          *db,
                const MwDraft *draft)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *refused = mw_reach_refusals (self, 3);
  g_autofree char *directory = NULL;

  if (self->person == NULL || self->connection == NULL || (self->endpoint == NULL && draft->to != NULL))
    return NULL;
  directory = mw_source_words_directory (db, self->person->connection, self->person->source);
  if (draft->to == NULL && self->by_person)
    /* Translators: a person, the words that were looked up, a directory */
    add_sentence (text, g_strdup_printf (_ ("%s, as you decided for “%s”, is listed by %s."), self->person->name, draft->to_name, directory != NULL ? directory : "?"));
  else if (draft->to == NULL)
    /* Translators: the words that were looked up, a person or place, a directory */
    add_sentence (text, g_strdup_printf (_ ("“%s” is %s, listed by %s."), draft->to_name, self->person->name, directory != NULL ? directory : "?"));
  else
    /* Translators: a person or place, a directory */
    add_sentence (text, g_strdup_printf (_ ("%s is listed by %s."), self->person->name, directory != NULL ? directory : "?"));
  if (self->endpoint != NULL)
    add_sentence (text, endpoint_words (self));
  else
    /* Translators: %s is a server */
    add_sentence (text, g_strdup_printf (_ ("It goes to %s, where they are listed."), self->connection->name));
  if (refused != NULL)
    add_sentence (text, g_strdup_printf (_ ("Not used: %s"), refused));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
