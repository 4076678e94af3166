/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-published-private.h"

#include "mw-datatypes.h"
#include "mw-npi.h"
#include "mw-reference.h"
#include "mw-text.h"

#define MAX_REPEATS 20

void
mw_published_organization_free (MwPublishedOrganization *self)
{
  if (self == NULL)
    return;
  g_free (self->key);
  g_free (self->name);
  g_strfreev (self->aliases);
  g_strfreev (self->identifiers);
  g_free (self->npi);
  g_free (self->address);
  g_free (self->part_of);
  g_free (self);
}

/* Returns: (transfer full) (nullable): the key of what a Reference names; logical ones have their identifier for one */
char *
mw_published_key (JsonNode               *node,
                  const MwPublishedPlace *place)
{
  g_autoptr (MwReference) reference = mw_reference_new (node);

  if (reference->kind == MW_REFERENCE_CONTAINED)
    return *reference->id != '\0' ? g_strconcat (place->key, "#", reference->id, NULL) : g_strdup (place->key);
  if (reference->kind == MW_REFERENCE_RELATIVE && place->base == NULL)
    return g_strdup_printf ("%s/%s", reference->type, reference->id);
  if (reference->kind == MW_REFERENCE_LOGICAL && reference->system != NULL)
    return g_strconcat (reference->system, "|", reference->value, NULL);
  return mw_reference_absolute (reference, place->base);
}

static GStrv
read_lines (JsonNode   *node,
            const char *path)
{
  GPtrArray *lines = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (node, path), MAX_REPEATS);

  for (guint i = 0; i < n; i++)
    {
      char *line = mw_text_line (mw_json_string (mw_json_item (node, path, i), NULL));

      if (line != NULL)
        g_ptr_array_add (lines, line);
    }
  g_ptr_array_add (lines, NULL);
  return (GStrv) g_ptr_array_free (lines, FALSE);
}

static GStrv
read_identifiers (JsonNode *resource)
{
  GPtrArray *identifiers = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (resource, "identifier"), MAX_REPEATS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *identifier = mw_json_item (resource, "identifier", i);
      g_autofree char *system = mw_text_line (mw_json_string (identifier, "system"));
      g_autofree char *raw = mw_json_scalar (identifier, "value");
      g_autofree char *value = mw_text_line (raw);

      if (system != NULL && value != NULL)
        g_ptr_array_add (identifiers, g_strconcat (system, "|", value, NULL));
    }
  g_ptr_array_add (identifiers, NULL);
  return (GStrv) g_ptr_array_free (identifiers, FALSE);
}

/* Returns: (transfer full): what an Organization says; its name may be NULL */
MwPublishedOrganization *
mw_published_organization_new (JsonNode               *resource,
                               const MwPublishedPlace *place)
{
  MwPublishedOrganization *self = g_new0 (MwPublishedOrganization, 1);
  gboolean                 valid;

  self->key = g_strdup (place->key);
  self->name = mw_text_line (mw_json_string (resource, "name"));
  self->aliases = read_lines (resource, "alias");
  self->identifiers = read_identifiers (resource);
  self->npi = mw_npi_of (resource, &valid);
  if (!valid)
    g_clear_pointer (&self->npi, g_free);
  self->address = mw_address_text (mw_json_item (resource, "address", 0));
  /* R5 has addresses only within contacts */
  if (self->address == NULL)
    self->address = mw_address_text (mw_json_get (mw_json_item (resource, "contact", 0), "address"));
  if (mw_json_has (resource, "partOf"))
    self->part_of = mw_published_key (mw_json_get (resource, "partOf"), place);
  self->inactive = !mw_json_boolean (resource, "active", TRUE);
  return self;
}
