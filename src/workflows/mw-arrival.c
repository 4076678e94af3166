/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-fhir-date.h"
#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a list shows of a text */
#define PREVIEW_CHARACTERS 200

/**
 * mw_arrival_is_me:
 *
 * Returns: whether @reference names the clinician or one of her roles, teams or organisation
 */
gboolean
mw_arrival_is_me (const MwArrival *arrival,
                  JsonNode        *reference)
{
  g_autoptr (MwReference) ref = mw_reference_new (reference);
  g_autofree char *absolute = mw_reference_absolute (ref, arrival->base);

  return absolute != NULL && arrival->me != NULL && g_strv_contains ((const char *const *) arrival->me, absolute);
}

/**
 * mw_arrival_find:
 *
 * Returns: (transfer none) (nullable): what @reference names: inside the message, or among what is stored
 */
JsonNode *
mw_arrival_find (const MwArrival *arrival,
                 JsonNode        *reference,
                 JsonNode        *bundle)
{
  g_autoptr (MwReference) ref = mw_reference_new (reference);
  g_autofree char *absolute = NULL;
  JsonNode        *found = mw_reference_resolve (reference, arrival->resource, bundle);

  if (found != NULL || arrival->lookup == NULL)
    return found;
  absolute = mw_reference_absolute (ref, arrival->base);
  return absolute != NULL ? arrival->lookup (absolute, arrival->lookup_data) : NULL;
}

/**
 * mw_arrival_name:
 *
 * Returns: (transfer full) (nullable): who or what @reference names, for people
 */
char *
mw_arrival_name (const MwArrival *arrival,
                 JsonNode        *reference,
                 JsonNode        *bundle)
{
  JsonNode   *found = mw_arrival_find (arrival, reference, bundle);
  const char *display = mw_json_string (reference, "display");

  if (found != NULL)
    return mw_resource_title (found);
  if (display != NULL)
    return g_strdup (display);
  return g_strdup (mw_json_string (reference, "identifier.value"));
}

/**
 * mw_meaning_take_patient:
 *
 * Notes whom the resource is about, from a Reference and what can be found of it.
 */
void
mw_meaning_take_patient (MwMeaning       *self,
                         const MwArrival *arrival,
                         JsonNode        *reference,
                         JsonNode        *container,
                         JsonNode        *bundle)
{
  g_autoptr (MwReference) ref = mw_reference_new (reference);
  JsonNode *found;

  if (reference == NULL || self->patient != NULL || self->patient_resource != NULL)
    return;
  found = mw_reference_resolve (reference, container, bundle);
  if (found != NULL && !mw_resource_is (found, "Patient"))
    return;
  if (found == NULL && ref->type != NULL && !g_str_equal (ref->type, "Patient"))
    return;
  if (found != NULL)
    {
      self->patient_resource = json_node_ref (found);
      self->patient_name = mw_patient_name (found);
    }
  self->patient = mw_reference_absolute (ref, arrival->base);
  if (self->patient_name == NULL)
    self->patient_name = mw_arrival_name (arrival, reference, bundle);
}

void
mw_meaning_take_sender (MwMeaning       *self,
                        const MwArrival *arrival,
                        JsonNode        *reference,
                        JsonNode        *bundle)
{
  g_autoptr (MwReference) ref = mw_reference_new (reference);

  if (reference == NULL || self->sender != NULL)
    return;
  self->sender = mw_arrival_name (arrival, reference, bundle);
  g_free (self->sender_ref);
  self->sender_ref = mw_reference_absolute (ref, arrival->base);
}

/**
 * mw_meaning_add_reference:
 *
 * Ties the resource to the thread of what @reference names: by place, and by identifier when that is a
 * urn:uuid, as all of ours are.
 */
void
mw_meaning_add_reference (MwMeaning       *self,
                          const MwArrival *arrival,
                          JsonNode        *reference)
{
  g_autoptr (MwReference) ref = mw_reference_new (reference);
  g_autofree char *absolute = mw_reference_absolute (ref, arrival->base);

  mw_meaning_add_key (self, absolute);
  if (ref->value != NULL && g_ascii_strncasecmp (ref->value, "urn:uuid:", 9) == 0)
    {
      g_autofree char *key = g_ascii_strdown (ref->value, -1);

      mw_meaning_add_key (self, key);
    }
}

void
mw_meaning_add_references (MwMeaning       *self,
                           const MwArrival *arrival,
                           JsonNode        *resource,
                           const char      *path)
{
  guint n = mw_json_length (resource, path);

  for (guint i = 0; i < n; i++)
    mw_meaning_add_reference (self, arrival, mw_json_item (resource, path, i));
}

void
mw_meaning_add_identifiers (MwMeaning *self,
                            JsonNode  *resource)
{
  guint n = mw_json_length (resource, "identifier");

  for (guint i = 0; i < n; i++)
    {
      const char *value = mw_json_string (mw_json_item (resource, "identifier", i), "value");

      if (value != NULL && g_ascii_strncasecmp (value, "urn:uuid:", 9) == 0)
        {
          g_autofree char *key = g_ascii_strdown (value, -1);

          mw_meaning_add_key (self, key);
        }
    }
}

/**
 * mw_meaning_fetch:
 * @list: an array in @resource
 * @path: where in its elements a Reference stands
 *
 * Asks for resources that belong to this one and may still be on the server.
 */
void
mw_meaning_fetch (MwMeaning  *self,
                  JsonNode   *resource,
                  const char *list,
                  const char *path)
{
  guint n = mw_json_length (resource, list);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MwReference) ref = mw_reference_new (mw_json_get (mw_json_item (resource, list, i), path));

      if (ref->kind == MW_REFERENCE_RELATIVE || ref->kind == MW_REFERENCE_ABSOLUTE)
        g_strv_builder_add (self->fetch, ref->literal);
    }
}

guint
mw_priority_from_word (const char *word)
{
  static const char *const words[] = { "routine", "urgent", "asap", "stat" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (word, words[i]) == 0)
      return i;
  return 0;
}

/**
 * mw_one_line:
 *
 * Returns: (transfer full) (nullable): @text on one line, cut for a list
 */
char *
mw_one_line (const char *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gboolean space = FALSE;
  guint    n = 0;

  if (text == NULL)
    return NULL;
  for (const char *at = text; *at != '\0' && n < PREVIEW_CHARACTERS; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = line->len > 0;
          continue;
        }
      if (space)
        g_string_append_c (line, ' ');
      space = FALSE;
      g_string_append_unichar (line, c);
      n++;
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * mw_is_ours:
 * @identity: an item's
 * @name: the part of it, as given to mw_parcel_add()
 *
 * Returns: whether @resource carries the identity of that part
 */
gboolean
mw_is_ours (JsonNode   *resource,
            const char *identity,
            const char *name)
{
  g_autofree char *derived = mw_identity_derive (identity, name);
  g_autofree char *urn = mw_identity_urn (derived);
  guint            n = mw_json_length (resource, "identifier");

  for (guint i = 0; i < n; i++)
    {
      const char *value = mw_json_string (mw_json_item (resource, "identifier", i), "value");

      if (value != NULL && g_ascii_strcasecmp (value, urn) == 0)
        return TRUE;
    }
  return FALSE;
}
