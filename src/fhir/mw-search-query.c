/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-search-query.h"

#include <string.h>

/**
 * mw_search_query_escape:
 * @text: what is searched for, to the letter
 *
 * Returns: (transfer full): it as part of a search value, where "," "$" and "|" mean something (FHIR R4
 *   search.html#escaping); not yet percent-encoded
 */
char *
mw_search_query_escape (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      if (strchr ("\\,$|", *at) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at);
    }
  return g_string_free (out, FALSE);
}

/**
 * mw_search_query_add:
 * @query: the parameters so far, as a URL's query and a POSTed form write them
 * @name: with its modifiers and chains: "organization.name:contains"
 * @value: (nullable): escaped as needed, not percent-encoded; NULL adds nothing
 */
void
mw_search_query_add (GString    *query,
                     const char *name,
                     const char *value)
{
  g_autofree char *encoded = NULL;

  if (value == NULL)
    return;
  encoded = g_uri_escape_string (value, NULL, FALSE);
  g_string_append_printf (query, "%s%s=%s", query->len > 0 ? "&" : "", name, encoded);
}
