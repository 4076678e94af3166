/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which version of FHIR to speak with a server (FHIR R4 capabilitystatement-operation-versions.html,
 * http.html#version-parameter; wire notes 3). */

#include "mw-config.h"

#include "mw-versions.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MEDIA_TYPE "application/fhir+json"
#define MAX_VERSIONS 100
/* What of a stranger's word comes into a sentence */
#define MAX_WORD 20

struct _MwVersions
{
  GPtrArray *declared; /* "4.0": the first two numbers, each once */
};

/* The published versions that Meanwhile speaks; drafts of R5 differ from it in what is sent */
static MwFhirVersion
spoken (const char *text)
{
  MwFhirVersion version = mw_fhir_version_parse (text);

  switch (version)
    {
    case MW_FHIR_VERSION_R4:
      return g_str_has_prefix (text, "4.0") ? version : MW_FHIR_VERSION_UNKNOWN;
    case MW_FHIR_VERSION_R4B:
      return version;
    case MW_FHIR_VERSION_R5:
      return g_str_has_prefix (text, "5.0") ? version : MW_FHIR_VERSION_UNKNOWN;
    case MW_FHIR_VERSION_DSTU2:
    case MW_FHIR_VERSION_STU3:
    case MW_FHIR_VERSION_R6:
    case MW_FHIR_VERSION_UNKNOWN:
    default:
      return MW_FHIR_VERSION_UNKNOWN;
    }
}

/* "4.0.1" → "4.0"; anything but digits and a dot is no version */
static char *
major_minor (const char *text)
{
  gsize major, minor;

  if (text == NULL)
    return NULL;
  major = strspn (text, "0123456789");
  if (major == 0 || major > 3 || text[major] != '.')
    return NULL;
  minor = strspn (text + major + 1, "0123456789");
  if (minor == 0 || minor > 3)
    return NULL;
  return g_strndup (text, major + 1 + minor);
}

/**
 * mw_versions_new:
 * @answer: what $versions answered: Parameters with "version" as code or, by the specification's own example, as string
 *
 * Returns: (transfer full): or NULL with MW_FHIR_ERROR_NOT_FHIR when it is something else, or says no version; then
 *   the CapabilityStatement counts
 */
MwVersions *
mw_versions_new (JsonNode *answer,
                 GError  **error)
{
  g_autoptr (MwVersions) self = g_new0 (MwVersions, 1);
  guint n = MIN (mw_json_length (answer, "parameter"), MAX_VERSIONS);

  self->declared = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; mw_resource_is (answer, "Parameters") && i < n; i++)
    {
      JsonNode   *parameter = mw_json_item (answer, "parameter", i);
      const char *name = mw_json_string (parameter, "name");
      char       *version;

      /* the default is among them by rule, and says itself when it is not */
      if (g_strcmp0 (name, "version") != 0 && g_strcmp0 (name, "default") != 0)
        continue;
      version = major_minor (mw_json_string (mw_json_choice (parameter, "value", NULL), NULL));
      if (version != NULL && !g_ptr_array_find_with_equal_func (self->declared, version, g_str_equal, NULL))
        g_ptr_array_add (self->declared, version);
      else
        g_free (version);
    }
  if (self->declared->len == 0)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, "The answer names no version of FHIR");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * mw_versions_new_from_text:
 * @text: (nullable): of mw_versions_to_text()
 *
 * Returns: (transfer full) (nullable): NULL when it names no version
 */
MwVersions *
mw_versions_new_from_text (const char *text)
{
  g_autoptr (MwVersions) self = g_new0 (MwVersions, 1);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", MAX_VERSIONS);

  self->declared = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *version = major_minor (lines[i]);

      if (version != NULL)
        g_ptr_array_add (self->declared, version);
    }
  return self->declared->len > 0 ? g_steal_pointer (&self) : NULL;
}

/** mw_versions_to_text: Returns: (transfer full): what the server declares, a version a line */
char *
mw_versions_to_text (const MwVersions *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; self != NULL && i < self->declared->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *) g_ptr_array_index (self->declared, i));
  return g_string_free (text, FALSE);
}

void
mw_versions_free (MwVersions *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->declared);
  g_free (self);
}

/** mw_versions_count: Returns: how many versions the server declares; 0 when it was not asked, or does not say */
guint
mw_versions_count (const MwVersions *self)
{
  return self != NULL ? self->declared->len : 0;
}

static const char *
find_declared (const MwVersions *self,
               MwFhirVersion     version)
{
  for (guint i = 0; self != NULL && i < self->declared->len; i++)
    if (spoken (g_ptr_array_index (self->declared, i)) == version)
      return g_ptr_array_index (self->declared, i);
  return NULL;
}

/* "R3 is too old": the name people know, and the number where it says more */
static char *
name_versions (const MwVersions *self,
               const char       *stated)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint n = mw_versions_count (self);

  for (guint i = 0; i < MAX (n, 1); i++)
    {
      const char      *text = n > 0 ? g_ptr_array_index (self->declared, i) : stated;
      MwFhirVersion    version = mw_fhir_version_parse (text);
      g_autofree char *line = mw_text_line (text);
      g_autofree char *shortened = line != NULL ? g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), MAX_WORD)) : NULL;

      if (version != MW_FHIR_VERSION_UNKNOWN)
        g_string_append_printf (names, "%s%s (%s)", names->len > 0 ? ", " : "", mw_fhir_version_to_text (version), shortened);
      else if (shortened != NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", shortened);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/**
 * mw_versions_choose:
 * @self: (nullable): what $versions said; NULL when the server does not know it
 * @stated: (nullable): fhirVersion of the CapabilityStatement
 *
 * Returns: the version to speak: R4 where it is offered, then R4B, then R5. MW_FHIR_VERSION_UNKNOWN with
 *   MW_FHIR_ERROR_VERSION and a sentence for a person when it is none of them
 */
MwFhirVersion
mw_versions_choose (const MwVersions *self,
                    const char       *stated,
                    GError          **error)
{
  static const MwFhirVersion preferred[] = { MW_FHIR_VERSION_R4, MW_FHIR_VERSION_R4B, MW_FHIR_VERSION_R5 };
  g_autofree char           *names = NULL;

  if (self == NULL && stated != NULL && spoken (stated) != MW_FHIR_VERSION_UNKNOWN)
    return spoken (stated);
  for (gsize i = 0; i < G_N_ELEMENTS (preferred); i++)
    if (find_declared (self, preferred[i]) != NULL)
      return preferred[i];
  if (self == NULL && stated == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION,
                           _ ("The server does not say which version of FHIR it speaks. Ask the people who run it."));
      return MW_FHIR_VERSION_UNKNOWN;
    }
  names = name_versions (self, stated);
  /* Translators: %s is one version of FHIR or several, such as "STU3 (3.0.2)" */
  g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION, _ ("The server speaks FHIR %s. Meanwhile speaks R4, R4B and R5, so nothing can be sent there or fetched."), names);
  return MW_FHIR_VERSION_UNKNOWN;
}

/**
 * mw_versions_media_type:
 * @version: that was chosen
 *
 * Returns: (transfer full): the media type for Accept and Content-Type. It names the version only where the server
 *   declares several: some gateways refuse parameters that they do not know
 */
char *
mw_versions_media_type (const MwVersions *self,
                        MwFhirVersion     version)
{
  const char *declared = find_declared (self, version);

  if (mw_versions_count (self) < 2 || declared == NULL || version == MW_FHIR_VERSION_UNKNOWN)
    return g_strdup (MEDIA_TYPE);
  return g_strdup_printf (MEDIA_TYPE "; fhirVersion=%s", declared);
}
