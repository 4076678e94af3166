/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-media.h"

#include <string.h>

/**
 * mw_media_is_fhir_json:
 * @type: a media type, with or without parameters
 * @version: what is spoken here: "4.0"
 *
 * Returns: whether it is JSON, and of no other version
 */
gboolean
mw_media_is_fhir_json (const char *type,
                       const char *version)
{
  static const char *const names[] = { "application/fhir+json", "application/json", "application/json+fhir", "text/json", NULL };
  g_autofree char         *lower = g_ascii_strdown (type, -1);
  g_auto (GStrv) part = g_strsplit (lower, ";", -1);

  for (guint i = 1; part[0] != NULL && part[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (g_strstrip (part[i]), "=", 2);

      if (g_strv_length (pair) == 2 && g_str_equal (pair[0], "fhirversion") &&
          !g_str_equal (g_strstrip (g_strdelimit (pair[1], "\"", ' ')), version))
        return FALSE;
    }
  return part[0] != NULL && g_strv_contains (names, g_strstrip (part[0]));
}

/**
 * mw_media_accepts:
 * @accept: (nullable): an Accept header
 * @wildcard: whether anything that was not named counts too
 *
 * Returns: whether the JSON spoken here is welcome
 */
gboolean
mw_media_accepts (const char *accept,
                  const char *version,
                  gboolean    wildcard)
{
  g_auto (GStrv) types = NULL;

  if (accept == NULL || *accept == '\0')
    return wildcard;
  types = g_strsplit (accept, ",", -1);
  for (char **type = types; *type != NULL; type++)
    {
      g_strstrip (*type);
      if (mw_media_is_fhir_json (*type, version) || (wildcard && (g_str_has_prefix (*type, "*/*") || g_str_has_prefix (*type, "application/*"))))
        return TRUE;
    }
  return FALSE;
}
