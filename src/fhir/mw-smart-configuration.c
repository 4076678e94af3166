/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-smart-configuration.h"

#include "mw-scope.h"

#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ASSOCIATED 100

void
mw_smart_configuration_free (MwSmartConfiguration *self)
{
  if (self == NULL)
    return;
  g_free (self->issuer);
  g_free (self->authorization_endpoint);
  g_free (self->token_endpoint);
  g_free (self->revocation_endpoint);
  g_free (self->introspection_endpoint);
  g_free (self->registration_endpoint);
  g_free (self->management_endpoint);
  g_free (self->jwks_uri);
  g_free (self->brand_bundle);
  g_free (self->brand_identifier);
  g_strfreev (self->capabilities);
  g_strfreev (self->grant_types);
  g_strfreev (self->scopes);
  g_strfreev (self->auth_methods);
  g_strfreev (self->signing_algs);
  g_strfreev (self->challenge_methods);
  g_strfreev (self->associated_endpoints);
  g_strfreev (self->notes);
  g_free (self);
}

static gboolean
has_scheme (GUri       *uri,
            const char *scheme)
{
  return g_ascii_strcasecmp (g_uri_get_scheme (uri), scheme) == 0;
}

/* What is being read: the base that relative URLs stand on, and what there is to say about it */
typedef struct
{
  GUri      *base;
  gboolean   loopback;
  GPtrArray *notes;
} Reading;

/* Returns: (transfer full) (nullable): @text as an absolute URL to which secrets may go; NULL with @unusable set
 *   when there is one that may not be used */
static char *
resolve (const Reading *reading,
         const char    *text,
         gboolean      *unusable)
{
  g_autofree char *stripped = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GUri) uri = NULL;

  *unusable = FALSE;
  if (text == NULL)
    return NULL;
  *unusable = TRUE;
  if (strlen (text) > MW_SMART_MAX_TEXT)
    return NULL;
  stripped = g_strstrip (g_strdup (text));
  uri = g_uri_parse_relative (reading->base, stripped, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  /* RFC 6749, 3.1 and 3.2 forbid a fragment; a user part only serves to deceive */
  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return NULL;
  /* A server elsewhere has no business with this computer's own services */
  url = g_uri_to_string (uri);
  if (!has_scheme (uri, "https") && !(has_scheme (uri, "http") && reading->loopback && mw_base_url_is_loopback (url)))
    return NULL;
  *unusable = FALSE;
  return g_steal_pointer (&url);
}

/* An endpoint without which one can still sign in: left out and noted when it may not be used */
static char *
read_url (const Reading *reading,
          JsonNode      *document,
          const char    *member)
{
  gboolean unusable;
  char    *url = resolve (reading, mw_json_string (document, member), &unusable);

  if (unusable)
    /* Translators: %s is the technical name of an address, such as "revocation_endpoint" */
    g_ptr_array_add (reading->notes, g_strdup_printf (_ ("The server’s address “%s” is not a safe one (https), so it is not used."), member));
  return url;
}

/* An endpoint that secrets or the person have to go to */
static gboolean
read_needed_url (const Reading *reading,
                 const char    *text,
                 const char    *member,
                 char         **url,
                 GError       **error)
{
  gboolean unusable;

  *url = resolve (reading, text, &unusable);
  if (unusable)
    g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_INSECURE,
                 /* Translators: %s is the technical name of an address, such as "token_endpoint" */
                 _ ("The server’s address for signing in (“%s”) is not a safe one (https), so nothing is sent there. Tell the server’s administrator."), member);
  return !unusable;
}

static char *
read_text (JsonNode   *document,
           const char *member)
{
  const char *text = mw_json_string (document, member);

  return text != NULL && strlen (text) <= MW_SMART_MAX_TEXT ? g_strdup (text) : NULL;
}

/* Returns: (transfer full): the strings of a list, which careless servers also write as one string with blanks */
static GStrv
read_list (JsonNode   *document,
           const char *member)
{
  JsonNode  *node = mw_json_get (document, member);
  GPtrArray *list = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (document, member), MW_SMART_MAX_LIST);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    {
      const char *text = mw_json_string (node, NULL);
      g_auto (GStrv) words = g_strsplit_set (text != NULL ? text : "", " \t\r\n", MW_SMART_MAX_LIST);

      for (gsize i = 0; words[i] != NULL; i++)
        if (*words[i] != '\0' && strlen (words[i]) <= MW_SMART_MAX_TEXT)
          g_ptr_array_add (list, g_strdup (words[i]));
      n = 0;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode   *item = mw_json_item (document, member, i);
      const char *text = item != NULL && JSON_NODE_HOLDS_VALUE (item) ? mw_json_string (item, NULL) : NULL;

      if (text != NULL && strlen (text) <= MW_SMART_MAX_TEXT)
        g_ptr_array_add (list, g_strdup (text));
    }
  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (list, FALSE);
}

static GStrv
read_associated (const Reading *reading,
                 JsonNode      *document)
{
  GPtrArray *list = g_ptr_array_new ();
  guint      n = MIN (mw_json_length (document, "associated_endpoints"), MAX_ASSOCIATED);

  for (guint i = 0; i < n; i++)
    {
      gboolean unusable;
      char    *url = resolve (reading, mw_json_string (mw_json_item (document, "associated_endpoints", i), "url"), &unusable);

      if (url != NULL)
        g_ptr_array_add (list, url);
    }
  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (list, FALSE);
}

static gboolean
lists (GStrv       list,
       const char *word)
{
  return g_strv_contains ((const char *const *) list, word);
}

static void
note_oddities (const MwSmartConfiguration *self,
               const Reading              *reading)
{
  if (self->challenge_methods[0] != NULL && !lists (self->challenge_methods, "S256"))
    g_ptr_array_add (reading->notes, g_strdup (_ ("The server does not say that it supports the protected way of signing in (PKCE with S256).")));
  if (lists (self->challenge_methods, "plain"))
    g_ptr_array_add (reading->notes, g_strdup (_ ("The server also allows an unprotected way of signing in (PKCE “plain”), which Meanwhile never uses.")));
  if (self->authorization_endpoint == NULL &&
      (lists (self->capabilities, "launch-standalone") || lists (self->capabilities, "launch-ehr")))
    g_ptr_array_add (reading->notes, g_strdup (_ ("The server says that people can sign in, but not where.")));
}

static GStrv
steal_notes (Reading *reading)
{
  g_ptr_array_add (reading->notes, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&reading->notes), FALSE);
}

static gboolean
reading_init (Reading    *reading,
              const char *base,
              GError    **error)
{
  g_autofree char *folder = g_strconcat (base, g_str_has_suffix (base, "/") ? "" : "/", NULL);

  reading->notes = NULL;
  reading->base = g_uri_parse (folder, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, error);
  if (reading->base == NULL)
    return FALSE;
  reading->loopback = mw_base_url_is_loopback (folder);
  reading->notes = g_ptr_array_new_with_free_func (g_free);
  return TRUE;
}

static void
reading_clear (Reading *reading)
{
  g_clear_pointer (&reading->base, g_uri_unref);
  g_clear_pointer (&reading->notes, g_ptr_array_unref);
}

static gboolean
read_document (MwSmartConfiguration *self,
               const Reading        *reading,
               JsonNode             *document,
               GError              **error)
{
  if (!read_needed_url (reading, mw_json_string (document, "token_endpoint"), "token_endpoint", &self->token_endpoint, error) ||
      !read_needed_url (reading, mw_json_string (document, "authorization_endpoint"), "authorization_endpoint",
                        &self->authorization_endpoint, error))
    return FALSE;
  if (self->token_endpoint == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR,
                           _ ("The server publishes no address where a program can sign in (no “token_endpoint”)."));
      return FALSE;
    }
  self->issuer = read_text (document, "issuer");
  self->revocation_endpoint = read_url (reading, document, "revocation_endpoint");
  self->introspection_endpoint = read_url (reading, document, "introspection_endpoint");
  self->registration_endpoint = read_url (reading, document, "registration_endpoint");
  self->management_endpoint = read_url (reading, document, "management_endpoint");
  self->jwks_uri = read_url (reading, document, "jwks_uri");
  self->brand_bundle = read_url (reading, document, "user_access_brand_bundle");
  self->brand_identifier = read_text (document, "user_access_brand_identifier");
  self->capabilities = read_list (document, "capabilities");
  self->grant_types = read_list (document, "grant_types_supported");
  self->scopes = read_list (document, "scopes_supported");
  self->auth_methods = read_list (document, "token_endpoint_auth_methods_supported");
  self->signing_algs = read_list (document, "token_endpoint_auth_signing_alg_values_supported");
  self->challenge_methods = read_list (document, "code_challenge_methods_supported");
  self->associated_endpoints = read_associated (reading, document);
  return TRUE;
}

/**
 * mw_smart_configuration_new:
 * @document: (nullable): the answer of .well-known/smart-configuration, parsed
 * @base: the FHIR base it was asked of; relative URLs of older servers stand on it
 *
 * Reads SMART App Launch 2.2, and what 1.0 servers leave out of it. Lists that are missing are empty, which means
 * "not told". An optional address that may not be used is left out and noted.
 *
 * Returns: (transfer full): or NULL with MW_FHIR_ERROR_NOT_FHIR (no object, or no token_endpoint) or
 *   MW_FHIR_ERROR_INSECURE (an address for signing in is neither https nor loopback); the sentence is for a person
 */
MwSmartConfiguration *
mw_smart_configuration_new (JsonNode   *document,
                            const char *base,
                            GError    **error)
{
  g_autoptr (MwSmartConfiguration) self = g_new0 (MwSmartConfiguration, 1);
  Reading  reading;
  gboolean good;

  g_return_val_if_fail (base != NULL, NULL);

  if (!mw_json_is_object (document))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR,
                           _ ("What the server publishes about signing in cannot be read."));
      return NULL;
    }
  if (!reading_init (&reading, base, error))
    return NULL;
  good = read_document (self, &reading, document, error);
  if (good)
    {
      note_oddities (self, &reading);
      self->notes = steal_notes (&reading);
    }
  reading_clear (&reading);
  return good ? g_steal_pointer (&self) : NULL;
}

/* The extension's names and today's */
static const struct
{
  const char *old_name;
  const char *name;
} oauth_uris[] = {
  { "authorize", "authorization_endpoint" },
  { "token", "token_endpoint" },
  { "register", "registration_endpoint" },
  { "manage", "management_endpoint" },
  { "introspect", "introspection_endpoint" },
  { "revoke", "revocation_endpoint" },
};

/**
 * mw_smart_configuration_new_from_capability:
 * @capability: what the server says at /metadata
 * @base: its FHIR base
 *
 * The fallback for a server without .well-known/smart-configuration: the extension "oauth-uris". It lists no
 * capabilities, so scopes are spelt in version 1.
 *
 * Returns: (transfer full) (nullable): NULL without an error when the server publishes nothing there, as an
 *   open server does; else as mw_smart_configuration_new()
 */
MwSmartConfiguration *
mw_smart_configuration_new_from_capability (MwCapability *capability,
                                            const char   *base,
                                            GError      **error)
{
  g_autoptr (JsonNode) document = mw_json_object_new ();
  gboolean any = FALSE;

  g_return_val_if_fail (capability != NULL && base != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (oauth_uris); i++)
    {
      const char *uri = mw_capability_get_oauth_uri (capability, oauth_uris[i].old_name);

      any |= uri != NULL;
      mw_json_set (document, oauth_uris[i].name, uri);
    }
  return any ? mw_smart_configuration_new (document, base, error) : NULL;
}

/**
 * mw_smart_configuration_url:
 * @base: a FHIR base
 *
 * Returns: (transfer full): where it publishes this. Unlike other well-known places it is below the base's path
 */
char *
mw_smart_configuration_url (const char *base)
{
  return g_strconcat (base, g_str_has_suffix (base, "/") ? "" : "/", ".well-known/smart-configuration", NULL);
}

gboolean
mw_smart_configuration_has_capability (const MwSmartConfiguration *self,
                                       const char                 *capability)
{
  return lists (self->capabilities, capability);
}

static MwSupport
supports (GStrv       list,
          const char *word)
{
  if (list[0] == NULL)
    return MW_SUPPORT_UNKNOWN;
  return lists (list, word) ? MW_SUPPORT_YES : MW_SUPPORT_NO;
}

/**
 * mw_smart_configuration_supports_grant:
 * @grant_type: "authorization_code" or "client_credentials"
 *
 * Returns: UNKNOWN when the server lists none, as those of version 1; but NO for the code when there is no
 *   address to sign in at
 */
MwSupport
mw_smart_configuration_supports_grant (const MwSmartConfiguration *self,
                                       const char                 *grant_type)
{
  if (self->authorization_endpoint == NULL && g_str_equal (grant_type, "authorization_code"))
    return MW_SUPPORT_NO;
  return supports (self->grant_types, grant_type);
}

/**
 * mw_smart_configuration_supports_auth:
 * @method: "client_secret_basic", "client_secret_post" or "private_key_jwt"
 */
MwSupport
mw_smart_configuration_supports_auth (const MwSmartConfiguration *self,
                                      const char                 *method)
{
  return supports (self->auth_methods, method);
}

/** mw_smart_configuration_scopes_v1: whether scopes must be spelt in version 1, as "permission-v2" is not listed */
gboolean
mw_smart_configuration_scopes_v1 (const MwSmartConfiguration *self)
{
  return !lists (self->capabilities, "permission-v2");
}

/* What a server lists of what is wanted: some grant no more than they list */
static char *
listed_scopes (const MwSmartConfiguration *self,
               const char                 *wanted,
               gboolean                    system)
{
  GString *listed = g_string_new (NULL);

  for (guint i = 0; self->scopes != NULL && self->scopes[i] != NULL; i++)
    {
      const char *scope = self->scopes[i];
      gboolean    resource = strchr (scope, '/') != NULL;

      if (resource ? g_str_has_prefix (scope, system ? "system/" : "user/") && mw_scope_covers (wanted, scope) : mw_scope_covers (wanted, scope))
        g_string_append_printf (listed, "%s%s", listed->len > 0 ? " " : "", scope);
    }
  return g_string_free (listed, listed->len == 0);
}

/* @choice: (transfer full). Nobody is asked twice for the same */
static void
add_choice (GPtrArray *choices,
            char      *choice)
{
  if (g_ptr_array_find_with_equal_func (choices, choice, g_str_equal, NULL))
    g_free (choice);
  else
    g_ptr_array_add (choices, choice);
}

/**
 * mw_smart_configuration_scope_choices:
 * @asked: (nullable): what an administrator wants to be asked for; NULL: what a clinician's inbox and outbox need
 * @system: see mw_scope_clinician()
 *
 * What is asked for first stands first: as it was given, as the server spells it, the other way, then only what the
 * server lists (wire notes 1.6, invalid_scope); for a program that signs in by itself at last NULL: whatever it gives to
 * who asks for nothing in particular (RFC 6749, 3.3).
 *
 * Returns: (transfer full) (element-type utf8): at least one
 */
GPtrArray *
mw_smart_configuration_scope_choices (const MwSmartConfiguration *self,
                                      const char                 *asked,
                                      gboolean                    system)
{
  GPtrArray       *choices = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *wanted = asked != NULL ? g_strdup (asked) : mw_scope_clinician (system);
  gboolean         v1 = mw_smart_configuration_scopes_v1 (self);
  char            *listed;

  if (asked != NULL)
    g_ptr_array_add (choices, g_strdup (asked));
  add_choice (choices, mw_scope_spell (wanted, v1));
  add_choice (choices, mw_scope_spell (wanted, !v1));
  listed = listed_scopes (self, wanted, system);
  if (listed != NULL)
    add_choice (choices, listed);
  if (asked != NULL)
    return choices;
  if (system)
    g_ptr_array_add (choices, NULL);
  return choices;
}
