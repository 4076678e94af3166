/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-bundle.h"

#include "mw-datatypes.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char  *code;
  MwBundleType type;
  const char  *words;
} bundle_types[] = {
  { "document", MW_BUNDLE_DOCUMENT, N_ ("Document") },
  { "message", MW_BUNDLE_MESSAGE, N_ ("Message") },
  { "transaction", MW_BUNDLE_TRANSACTION, N_ ("Changes to make together") },
  { "transaction-response", MW_BUNDLE_TRANSACTION_RESPONSE, N_ ("Answer to changes") },
  { "batch", MW_BUNDLE_BATCH, N_ ("Changes to make") },
  { "batch-response", MW_BUNDLE_BATCH_RESPONSE, N_ ("Answer to changes") },
  { "history", MW_BUNDLE_HISTORY, N_ ("History") },
  { "searchset", MW_BUNDLE_SEARCHSET, N_ ("Search result") },
  { "collection", MW_BUNDLE_COLLECTION, N_ ("Collection of records") },
  { "subscription-notification", MW_BUNDLE_NOTIFICATION, N_ ("Notification") },
};

/**
 * mw_bundle_get_kind:
 *
 * Returns: what kind of Bundle @bundle is; MW_BUNDLE_NONE when it is none
 */
MwBundleType
mw_bundle_get_kind (JsonNode *bundle)
{
  const char *code = mw_json_string (bundle, "type");

  if (!mw_resource_is (bundle, "Bundle"))
    return MW_BUNDLE_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (bundle_types); i++)
    if (g_strcmp0 (bundle_types[i].code, code) == 0)
      return bundle_types[i].type;
  return MW_BUNDLE_UNKNOWN;
}

/**
 * mw_bundle_type_to_text:
 *
 * Returns: (transfer none): what a clinician would call it, translated
 */
const char *
mw_bundle_type_to_text (MwBundleType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bundle_types); i++)
    if (bundle_types[i].type == type)
      return _ (bundle_types[i].words);
  return _ ("Collection of records");
}

/**
 * mw_bundle_iter_init:
 * @bundle: (nullable): must live as long as @iter is used
 */
void
mw_bundle_iter_init (MwBundleIter *iter,
                     JsonNode     *bundle)
{
  iter->bundle = bundle;
  iter->next = 0;
  iter->length = mw_resource_is (bundle, "Bundle") ? mw_json_length (bundle, "entry") : 0;
}

/**
 * mw_bundle_iter_next:
 * @entry: (out) (optional) (transfer none): the entry
 * @resource: (out) (optional) (transfer none) (nullable): its resource; NULL for a deletion or a reference
 *
 * Returns: FALSE after the last one; things that are no objects are passed over
 */
gboolean
mw_bundle_iter_next (MwBundleIter *iter,
                     JsonNode    **entry,
                     JsonNode    **resource)
{
  while (iter->next < iter->length)
    {
      JsonNode *found = mw_json_item (iter->bundle, "entry", iter->next++);

      if (!mw_json_is_object (found))
        continue;
      if (entry != NULL)
        *entry = found;
      if (resource != NULL)
        {
          *resource = mw_json_get (found, "resource");
          if (mw_resource_type (*resource) == NULL)
            *resource = NULL;
        }
      return TRUE;
    }
  return FALSE;
}

/**
 * mw_bundle_first:
 *
 * Returns: (transfer none) (nullable): the first resource of @type in @bundle
 */
JsonNode *
mw_bundle_first (JsonNode   *bundle,
                 const char *type)
{
  MwBundleIter iter;
  JsonNode    *resource;

  mw_bundle_iter_init (&iter, bundle);
  while (mw_bundle_iter_next (&iter, NULL, &resource))
    if (mw_resource_is (resource, type))
      return resource;
  return NULL;
}

/**
 * mw_bundle_get_header:
 *
 * Returns: (transfer none) (nullable): the MessageHeader of a message: the first entry (FHIR R4
 *   messaging.html), or wherever a careless sender put it
 */
JsonNode *
mw_bundle_get_header (JsonNode *bundle)
{
  return mw_bundle_first (bundle, "MessageHeader");
}

/**
 * mw_bundle_is_message:
 *
 * Returns: whether @bundle says that it is a message and has a MessageHeader
 */
gboolean
mw_bundle_is_message (JsonNode *bundle)
{
  return mw_bundle_get_kind (bundle) == MW_BUNDLE_MESSAGE && mw_bundle_get_header (bundle) != NULL;
}

/**
 * mw_bundle_get_link:
 * @bundle: (nullable): a Bundle, or the rest of one that was split
 * @relation: "next", "self" …; "previous" also finds "prev" and the other way round
 *
 * Returns: (transfer none) (nullable): the URL as given; it may lead anywhere
 */
const char *
mw_bundle_get_link (JsonNode   *bundle,
                    const char *relation)
{
  guint n = mw_json_length (bundle, "link");

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *link = mw_json_item (bundle, "link", i);
      const char *its = mw_json_string (link, "relation");

      if (its != NULL && (g_str_equal (its, relation) || (g_str_has_prefix (its, "prev") && g_str_has_prefix (relation, "prev"))))
        return mw_json_string (link, "url");
    }
  return NULL;
}

/**
 * mw_bundle_entry_is_match:
 *
 * Returns: whether an entry of a search result was searched for: not included by another one, and no
 *   warning about the search. Without search.mode it was.
 */
gboolean
mw_bundle_entry_is_match (JsonNode *entry)
{
  const char *mode = mw_json_string (entry, "search.mode");

  return mode == NULL || g_str_equal (mode, "match");
}

/**
 * mw_bundle_entry_get_status:
 *
 * Returns: the HTTP status in entry.response.status ("201 Created"), or 0
 */
int
mw_bundle_entry_get_status (JsonNode *entry)
{
  g_autofree char *status = mw_json_scalar (entry, "response.status");

  if (status == NULL || !g_ascii_isdigit (status[0]))
    return 0;
  return (int) MIN (g_ascii_strtoull (status, NULL, 10), 999);
}
