/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-identity.h"

#include "mw-json.h"

#include <string.h>

/**
 * mw_identity_new:
 *
 * Returns: (transfer full): a fresh random UUID (version 4), lower case
 */
char *
mw_identity_new (void)
{
  return g_uuid_string_random ();
}

/**
 * mw_identity_derive:
 * @identity: the UUID of the item
 * @name: which part of it: "task", "patient", "bundle"
 *
 * The identity of a part of an item: the same whenever the item is planned again, so that a repeat
 * is known for one (RFC 4122 4.3, version 5).
 *
 * Returns: (transfer full): a UUID
 */
char *
mw_identity_derive (const char *identity,
                    const char *name)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 d[20];
  gsize  length = sizeof d;

  g_return_val_if_fail (identity != NULL && name != NULL, NULL);

  g_checksum_update (sum, (const guchar *) identity, (gssize) strlen (identity));
  g_checksum_update (sum, (const guchar *) "/", 1);
  g_checksum_update (sum, (const guchar *) name, (gssize) strlen (name));
  g_checksum_get_digest (sum, d, &length);
  d[6] = (guint8) ((d[6] & 0x0f) | 0x50);
  d[8] = (guint8) ((d[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7],
                          d[8], d[9], d[10], d[11], d[12], d[13], d[14], d[15]);
}

char *
mw_identity_urn (const char *identity)
{
  return g_strconcat ("urn:uuid:", identity, NULL);
}

/**
 * mw_identity_link:
 *
 * Servers replace a urn:uuid that is the fullUrl of an entry wherever it stands (FHIR R4 http.html#trules asks for
 * references and uris; some do it in every text). A resource whose identifier is its own fullUrl would lose the
 * identity by which a repeat is known, so parts refer to each other by another one.
 *
 * Returns: (transfer full): the urn:uuid that stands for the resource with @identity until a server has placed it
 */
char *
mw_identity_link (const char *identity)
{
  g_autofree char *derived = mw_identity_derive (identity, "link");

  return mw_identity_urn (derived);
}

/**
 * mw_identity_stamp:
 *
 * Adds @identity to the identifiers of @resource, by which a lost answer is looked up.
 */
void
mw_identity_stamp (JsonNode   *resource,
                   const char *identity)
{
  g_autofree char *urn = mw_identity_urn (identity);
  JsonNode        *identifier = mw_json_object_new ();

  mw_json_set (identifier, "system", MW_URI_SYSTEM);
  mw_json_set (identifier, "value", urn);
  mw_json_take (resource, "identifier[+]", identifier);
}

/**
 * mw_identity_query:
 *
 * Returns: (transfer full): the search that finds a resource by @identity, as If-None-Exist wants
 *   it: no question mark, no type, percent-encoded (FHIR R4 http.html#ccreate)
 */
char *
mw_identity_query (const char *identity)
{
  g_autofree char *urn = mw_identity_urn (identity);
  g_autofree char *token = g_strconcat (MW_URI_SYSTEM, "|", urn, NULL);
  g_autofree char *escaped = g_uri_escape_string (token, NULL, FALSE);

  return g_strconcat ("identifier=", escaped, NULL);
}
