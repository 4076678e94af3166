/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-request-links.h"

#include "mw-identity.h"
#include "mw-reference.h"
#include "mw-request.h"

#include <string.h>

static char *
relative_location (const char *location,
                   const char *base)
{
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (location);
  char *relative = mw_reference_relative (reference, base);

  return relative != NULL ? relative : mw_reference_absolute (reference, base);
}

/**
 * mw_request_links_fill:
 * @requests: (element-type MwRequest): of an item
 * @index: of the one that is about to leave
 * @base: of the receiver
 *
 * A later request refers to an earlier one by its link; only the server can say what became of it.
 *
 * Returns: (transfer full): @text, with what is known to have become of the earlier ones
 */
char *
mw_request_links_fill (GPtrArray  *requests,
                       guint       index,
                       const char *base,
                       const char *text)
{
  g_autofree char *result = g_strdup (text);

  for (guint i = 0; i < index; i++)
    {
      MwRequest       *earlier = g_ptr_array_index (requests, i);
      g_autofree char *link = mw_identity_link (earlier->identity);
      g_autofree char *urn = g_strdup_printf ("\"%s\"", link);
      g_autofree char *relative = earlier->location != NULL ? relative_location (earlier->location, base) : NULL;
      g_autofree char *quoted = NULL;
      g_auto (GStrv) parts = NULL;

      if (relative == NULL || strstr (result, urn) == NULL)
        continue;
      quoted = g_strdup_printf ("\"%s\"", relative);
      parts = g_strsplit (result, urn, -1);
      g_free (result);
      result = g_strjoinv (quoted, parts);
    }
  return g_steal_pointer (&result);
}
