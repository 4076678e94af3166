/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-smart-launch.h"

#include "mw-reference.h"

#include <string.h>

#define MAX_VALUE 8192
/* Clocks differ; an id_token is used once, at the moment it comes */
#define CLOCK_SECONDS 300

static void
add (GString    *url,
     const char *name,
     const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  g_string_append_printf (url, "%s%s=%s", strchr (url->str, '?') == NULL ? "?" : "&", name, escaped);
}

/**
 * mw_smart_launch_url:
 *
 * Returns: (transfer full): what the browser is to open (SMART App Launch 2.2, app-launch, obtain authorization code)
 */
char *
mw_smart_launch_url (const MwSmartLaunch *self)
{
  GString *url = g_string_new (self->endpoint);

  add (url, "response_type", "code");
  add (url, "client_id", self->client_id);
  add (url, "redirect_uri", self->redirect);
  add (url, "scope", self->scope);
  add (url, "state", self->state);
  add (url, "nonce", self->nonce);
  add (url, "aud", self->audience);
  add (url, "code_challenge", self->challenge);
  add (url, "code_challenge_method", "S256");
  return g_string_free (url, FALSE);
}

void
mw_smart_callback_free (MwSmartCallback *self)
{
  if (self == NULL)
    return;
  g_free (self->code);
  g_free (self->error);
  g_free (self->issuer);
  g_free (self);
}

/* Takes as long for a wrong first letter as for a wrong last one */
static gboolean
is_same_secret (const char *one,
                const char *other)
{
  gsize  length = strlen (one);
  guchar difference = 0;

  if (strlen (other) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= (guchar) (one[i] ^ other[i]);
  return difference == 0;
}

static gboolean
take (char **place,
      char  *value)
{
  gboolean first = *place == NULL && *value != '\0' && strlen (value) <= MAX_VALUE;

  if (first)
    *place = value;
  else
    g_free (value);
  return first;
}

/**
 * mw_smart_callback_new:
 * @query: (nullable): what came after the "?"
 * @state: that of the sign-in
 *
 * Returns: (transfer full) (nullable): what the browser brought; NULL when it does not belong to this sign-in, says
 *   nothing, or says something twice (RFC 6749, 3.1)
 */
MwSmartCallback *
mw_smart_callback_new (const char *query,
                       const char *state)
{
  g_autoptr (MwSmartCallback) self = g_new0 (MwSmartCallback, 1);
  g_autofree char *brought = NULL;
  GUriParamsIter   iter;
  char            *name, *value;
  gboolean         good = TRUE;

  if (query == NULL || strlen (query) > 4 * MAX_VALUE)
    return NULL;
  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (good && g_uri_params_iter_next (&iter, &name, &value, NULL))
    {
      if (g_str_equal (name, "state"))
        good = take (&brought, value);
      else if (g_str_equal (name, "code"))
        good = take (&self->code, value);
      else if (g_str_equal (name, "error"))
        good = take (&self->error, value);
      else if (g_str_equal (name, "iss"))
        good = take (&self->issuer, value);
      else
        g_free (value);
      g_free (name);
    }
  if (!good || brought == NULL || !is_same_secret (state, brought) || (self->code == NULL) == (self->error == NULL))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
is_for (JsonNode   *claims,
        const char *client_id)
{
  if (g_strcmp0 (mw_json_string (claims, "aud"), client_id) == 0)
    return TRUE;
  for (guint i = 0; i < mw_json_length (claims, "aud"); i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (claims, "aud", i), NULL), client_id) == 0)
      return TRUE;
  return FALSE;
}

/**
 * mw_smart_user:
 * @claims: of an id_token whose signature was verified
 * @issuer: as the server's configuration writes it
 * @now: µs since 1970
 * @base: the FHIR base
 *
 * Who signed in (SMART App Launch 2.2, scopes-and-launch-context, fhirUser; OpenID Connect Core 3.1.3.7).
 *
 * Returns: (transfer full) (nullable): "Practitioner/12"; NULL when the claims are not for this program, not for this
 *   sign-in, too old, or do not name anybody on this server
 */
char *
mw_smart_user (JsonNode   *claims,
               const char *issuer,
               const char *client_id,
               const char *nonce,
               gint64      now,
               const char *base)
{
  const char *user = mw_json_string (claims, "fhirUser");
  gint64      end = mw_json_integer (claims, "exp", 0);
  g_autoptr (MwReference) reference = NULL;

  /* what servers of SMART 1.0 call it */
  if (user == NULL)
    user = mw_json_string (claims, "profile");
  if (user == NULL || issuer == NULL || g_strcmp0 (mw_json_string (claims, "iss"), issuer) != 0 || !is_for (claims, client_id) ||
      g_strcmp0 (mw_json_string (claims, "nonce"), nonce) != 0 || end < now / G_TIME_SPAN_SECOND - CLOCK_SECONDS)
    return NULL;
  reference = mw_reference_new_for_literal (user);
  if (reference->id == NULL || reference->type == NULL)
    return NULL;
  return mw_reference_relative (reference, base);
}
