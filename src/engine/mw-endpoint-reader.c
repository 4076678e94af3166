/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-endpoint-reader.h"

#include "mw-reference.h"

void
mw_endpoint_reading_free (MwEndpointReading *self)
{
  if (self == NULL)
    return;
  mw_endpoint_row_free (self->row);
  g_free (self->claimed);
  g_strfreev (self->named);
  g_free (self);
}

static void
read_endpoint (MwEndpointReading *self,
               JsonNode          *resource,
               const char        *reference,
               const char        *base,
               gint64             connection,
               gint64             now)
{
  g_autoptr (MwReference) manager = mw_reference_new (mw_json_get (resource, "managingOrganization"));
  g_autofree char *owner = mw_reference_absolute (manager, base);
  g_autofree char *prefix = g_strconcat (base, "/", NULL);

  self->row = g_new0 (MwEndpointRow, 1);
  self->row->connection = connection;
  self->row->reference = g_strdup (reference);
  self->row->endpoint = mw_endpoint_new (resource);
  self->row->fetched = now;
  /* a server speaks for those whom it lists itself: else any directory could put its address on another's hospital */
  if (owner != NULL && g_str_has_prefix (owner, prefix))
    self->claimed = g_steal_pointer (&owner);
}

static void
read_owner (MwEndpointReading *self,
            JsonNode          *resource,
            const char        *base)
{
  g_autoptr (GStrvBuilder) named = g_strv_builder_new ();
  guint n = MIN (mw_json_length (resource, "endpoint"), MW_ENDPOINT_ROWS_MAX);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MwReference) endpoint = mw_reference_new (mw_json_item (resource, "endpoint", i));
      g_autofree char *absolute = mw_reference_absolute (endpoint, base);

      if (absolute != NULL)
        g_strv_builder_add (named, absolute);
    }
  self->named = g_strv_builder_end (named);
}

/**
 * mw_endpoint_reading_new:
 * @reference: its absolute reference
 * @base: of the server that it was read from
 * @now: µs
 *
 * Returns: (transfer full) (nullable): NULL when @resource can have no endpoint and is none
 */
MwEndpointReading *
mw_endpoint_reading_new (JsonNode   *resource,
                         const char *reference,
                         const char *base,
                         gint64      connection,
                         gint64      now)
{
  static const char *const owners[] = { "Organization", "PractitionerRole", "Location", "HealthcareService", "OrganizationAffiliation", NULL };
  const char              *type = mw_resource_type (resource);
  MwEndpointReading       *self;

  if (type == NULL || (!g_str_equal (type, "Endpoint") && !g_strv_contains (owners, type)))
    return NULL;
  self = g_new0 (MwEndpointReading, 1);
  if (g_str_equal (type, "Endpoint"))
    read_endpoint (self, resource, reference, base, connection, now);
  else
    read_owner (self, resource, base);
  return self;
}

/**
 * mw_endpoint_reading_write:
 * @reference: of the resource that was read
 *
 * Part of a transaction on the store's writer.
 */
gboolean
mw_endpoint_reading_write (MwDb                    *db,
                           const MwEndpointReading *self,
                           const char              *reference,
                           GError                 **error)
{
  if (self->row != NULL)
    return mw_endpoint_rows_put (db, self->row, error) >= 0 && mw_endpoint_rows_claim (db, NULL, reference, self->claimed, error);
  return mw_endpoint_rows_link (db, NULL, reference, (const char *const *) self->named, error);
}
