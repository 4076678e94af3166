/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-private.h"

#include "mw-json.h"

#include <string.h>

/* SMART asks for 122 bits; this many characters of base64url hold 96, and fewer cannot be meant well */
#define MIN_STATE 16
/* how long a person may think, and how long a code lasts (SMART App Launch 2.2: about a minute) */
#define PERSON_SECONDS 600
#define CODE_SECONDS 60
/* pages that were shown and never answered */
#define MAX_ASKED 256
/* patients and people on offer */
#define MAX_CHOICES 200

static MwReply *
reply_page (guint       status,
            const char *title,
            const char *body)
{
  MwReply         *reply = g_new0 (MwReply, 1);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  char            *html = g_strdup_printf ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
                                                      "<title>%s</title>\n<style>body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}"
                                                      "button{font:inherit;padding:.4rem 1.2rem;margin-right:1rem}li{font-family:monospace}</style>\n</head>\n<body>\n<h1>%s</h1>\n%s</body>\n</html>\n",
                                           escaped, escaped, body);

  reply->status = status;
  reply->no_store = TRUE;
  reply->content_type = g_strdup ("text/html; charset=utf-8");
  reply->raw = g_bytes_new_take (html, strlen (html));
  return reply;
}

/* Where it is not certain whom to tell, the person is told and nobody is sent anywhere (RFC 6749 4.1.2.1) */
static MwReply *
reply_refused (MwAuthServer *self,
               const char   *why)
{
  g_autofree char *escaped = g_markup_escape_text (why, -1);
  g_autofree char *body = g_strdup_printf ("<p>%s</p>\n", escaped);

  self->counts.refused++;
  return reply_page (400, "This request cannot be answered", body);
}

/* Sends the browser back with @name=@value (RFC 6749 4.1.2; iss: RFC 9207) */
static MwReply *
reply_back (MwAuthServer *self,
            const char   *redirect,
            const char   *state,
            const char   *name,
            const char   *value,
            const char   *description)
{
  MwReply *reply = g_new0 (MwReply, 1);
  g_autoptr (GString) url = g_string_new (redirect);

  g_string_append_printf (url, "%c%s=", strchr (redirect, '?') != NULL ? '&' : '?', name);
  g_string_append_uri_escaped (url, value, NULL, FALSE);
  if (description != NULL)
    {
      g_string_append (url, "&error_description=");
      g_string_append_uri_escaped (url, description, NULL, FALSE);
    }
  if (state != NULL)
    {
      g_string_append (url, "&state=");
      g_string_append_uri_escaped (url, state, NULL, FALSE);
    }
  g_string_append (url, "&iss=");
  g_string_append_uri_escaped (url, self->issuer, NULL, FALSE);
  reply->status = 303;
  reply->no_store = TRUE;
  reply->location = g_string_free (g_steal_pointer (&url), FALSE);
  return reply;
}

static gboolean
is_challenge (const char *text)
{
  return text != NULL && strlen (text) == 43 && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_") == 43;
}

static gboolean
check_request (MwAuthServer *self,
               GHashTable   *query,
               GError      **error)
{
  const char *state = g_hash_table_lookup (query, "state"), *audience = g_hash_table_lookup (query, "aud");
  MwAuthError code = MW_AUTH_ERROR_INVALID_REQUEST;
  const char *wrong = NULL;

  if (g_strcmp0 (g_hash_table_lookup (query, "response_type"), "code") != 0)
    {
      code = MW_AUTH_ERROR_UNSUPPORTED_RESPONSE_TYPE;
      wrong = "response_type has to be code";
    }
  else if (state == NULL || strlen (state) < MIN_STATE)
    wrong = "state has to be there, and too long to be guessed";
  else if (g_strcmp0 (g_hash_table_lookup (query, "code_challenge_method"), "S256") != 0 || !is_challenge (g_hash_table_lookup (query, "code_challenge")))
    wrong = "PKCE is required: code_challenge with code_challenge_method S256";
  else if (g_strcmp0 (audience, self->site->url) != 0)
    wrong = "aud has to be the base URL of the FHIR server";
  if (wrong != NULL)
    g_set_error_literal (error, MW_AUTH_ERROR, (gint) code, wrong);
  return wrong == NULL;
}

static gboolean
is_about_patient (const char *scope)
{
  g_autofree char *padded = g_strconcat (" ", scope, NULL);

  return strstr (padded, " patient/") != NULL || strstr (padded, " launch/patient") != NULL;
}

static void
add_choices (GString      *html,
             MwAuthServer *self,
             const char   *type,
             const char   *name,
             const char   *label,
             const char   *selected)
{
  GPtrArray *list = mw_sandbox_store_list (self->site->store, type);

  g_string_append_printf (html, "<p><label>%s <select name=\"%s\">\n", label, name);
  for (guint i = 0; list != NULL && i < MIN (list->len, MAX_CHOICES); i++)
    {
      MwRecord        *record = g_ptr_array_index (list, i);
      JsonNode        *resource = mw_record_resource (record);
      const char      *given = mw_json_string (resource, "name.given"), *family = mw_json_string (resource, "name.family");
      g_autofree char *text = NULL;

      if (resource == NULL)
        continue;
      text = g_markup_printf_escaped ("%s %s", given != NULL ? given : "", family != NULL ? family : record->id);
      g_string_append_printf (html, "<option value=\"%s\"%s>%s</option>\n", record->id, g_strcmp0 (record->id, selected) == 0 ? " selected" : "", text);
    }
  g_string_append (html, "</select></label></p>\n");
}

static MwReply *
show_form (MwAuthServer *self,
           MwAuthAsked  *asked,
           const char   *ticket)
{
  g_autoptr (GString) html = g_string_new (NULL);
  g_autofree char *title = g_strdup_printf ("Sign in to %s", self->site->title);
  g_autofree char *action = mw_auth_url (self, "authorize");
  g_autofree char *intro = g_markup_printf_escaped ("<p>A sandbox with invented people. The program “%s” asks for:</p>\n<ul>\n", asked->client->id);
  g_auto (GStrv) words = g_strsplit (asked->scope, " ", -1);

  g_string_append (html, intro);
  for (char **word = words; *word != NULL; word++)
    g_string_append_printf (html, "<li>%s</li>\n", *word);
  g_string_append_printf (html, "</ul>\n<form method=\"post\" action=\"%s\">\n<input type=\"hidden\" name=\"ticket\" value=\"%s\">\n", action, ticket);
  add_choices (html, self, "Practitioner", "user", "You are", strchr (self->user, '/') + 1);
  if (is_about_patient (asked->scope))
    add_choices (html, self, "Patient", "patient", "About", NULL);
  g_string_append (html, "<p><button name=\"decision\" value=\"allow\">Allow</button><button name=\"decision\" value=\"deny\">Deny</button></p>\n</form>\n");
  return reply_page (200, title, html->str);
}

static void
forget_old (MwAuthServer *self)
{
  gint64         now = mw_sandbox_clock_now (self->site->clock);
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((MwAuthAsked *) value)->expires <= now)
      g_hash_table_iter_remove (&iter);
  if (g_hash_table_size (self->asked) >= MAX_ASKED)
    g_hash_table_remove_all (self->asked);
}

/* The first step: an app sent the browser here */
static MwReply *
ask (MwAuthServer *self,
     GHashTable   *query)
{
  const char      *id = g_hash_table_lookup (query, "client_id"), *redirect = g_hash_table_lookup (query, "redirect_uri");
  const char      *state = g_hash_table_lookup (query, "state");
  MwAuthClient    *client = id != NULL ? g_hash_table_lookup (self->clients, id) : NULL;
  g_autofree char *scope = NULL;
  g_autofree char *ticket = NULL;
  g_autoptr (GError) error = NULL;
  MwAuthAsked *asked;

  if (client == NULL)
    return reply_refused (self, "The program that sent you here is not known.");
  if (!mw_auth_client_redirects (client, redirect))
    return reply_refused (self, "The program that sent you here wants you back at an address that it did not register.");
  if (check_request (self, query, &error))
    scope = mw_auth_grant_scope (client, g_hash_table_lookup (query, "scope"), TRUE, &error);
  if (scope == NULL)
    {
      self->counts.refused++;
      return reply_back (self, redirect, state, "error", mw_auth_error_name (error), error->message);
    }
  forget_old (self);
  asked = g_new0 (MwAuthAsked, 1);
  asked->client = client;
  asked->redirect = g_strdup (redirect);
  asked->state = g_strdup (state);
  asked->scope = g_steal_pointer (&scope);
  asked->challenge = g_strdup (g_hash_table_lookup (query, "code_challenge"));
  asked->nonce = g_strdup (g_hash_table_lookup (query, "nonce"));
  asked->expires = mw_sandbox_clock_now (self->site->clock) + MW_SECONDS (PERSON_SECONDS);
  ticket = mw_auth_random ();
  g_hash_table_insert (self->asked, g_strdup (ticket), asked);
  return show_form (self, asked, ticket);
}

static gboolean
exists (MwAuthServer *self,
        const char   *type,
        const char   *id)
{
  return id != NULL && mw_sandbox_store_get (self->site->store, type, id) != NULL;
}

static MwAuthGrant *
grant_new (MwAuthServer *self,
           MwAuthAsked  *asked,
           GHashTable   *form)
{
  MwAuthGrant *grant = g_rc_box_new0 (MwAuthGrant);
  const char  *user = g_hash_table_lookup (form, "user");

  grant->client = g_strdup (asked->client->id);
  grant->scope = g_strdup (asked->scope);
  grant->user = user != NULL ? g_strconcat ("Practitioner/", user, NULL) : g_strdup (self->user);
  grant->patient = is_about_patient (asked->scope) ? g_strdup (g_hash_table_lookup (form, "patient")) : NULL;
  grant->nonce = g_strdup (asked->nonce);
  return grant;
}

/* The second step: the person pressed a button */
static MwReply *
decide (MwAuthServer *self,
        GHashTable   *form)
{
  const char      *ticket = g_hash_table_lookup (form, "ticket"), *decision = g_hash_table_lookup (form, "decision");
  const char      *user = g_hash_table_lookup (form, "user");
  g_autofree char *key = NULL;
  g_autofree char *code = NULL;
  MwAuthAsked     *asked = NULL;
  MwReply         *reply;

  if (!g_hash_table_steal_extended (self->asked, ticket, (gpointer *) &key, (gpointer *) &asked))
    return reply_refused (self, "This page was answered before, or too long ago. Start again in the program that sent you here.");
  if (asked->expires <= mw_sandbox_clock_now (self->site->clock))
    reply = reply_refused (self, "This page was answered too late. Start again in the program that sent you here.");
  else if (g_strcmp0 (decision, "allow") != 0)
    reply = reply_back (self, asked->redirect, asked->state, "error", "access_denied", "The person said no");
  else if ((user != NULL && !exists (self, "Practitioner", user)) ||
           (is_about_patient (asked->scope) && !exists (self, "Patient", g_hash_table_lookup (form, "patient"))))
    reply = reply_refused (self, "Nobody of that name is known here.");
  else
    {
      code = mw_auth_random ();
      asked->grant = grant_new (self, asked, form);
      asked->expires = mw_sandbox_clock_now (self->site->clock) + MW_SECONDS (CODE_SECONDS);
      reply = reply_back (self, asked->redirect, asked->state, "code", code, NULL);
      /* it is kept when it was used, to notice when that happens twice */
      g_hash_table_insert (self->codes, g_steal_pointer (&code), g_steal_pointer (&asked));
    }
  g_clear_pointer (&asked, mw_auth_asked_free);
  return reply;
}

/**
 * mw_auth_authorize:
 *
 * The authorization endpoint (RFC 6749 3.1, SMART App Launch 2.2): a page with a form, whose buttons
 * post back here. An app may also post its request (authorize-post).
 */
MwReply *
mw_auth_authorize (MwAuthServer    *self,
                   const MwRequest *request)
{
  g_autoptr (GError) error = NULL;
  gboolean post = g_str_equal (request->method, "POST");
  g_autoptr (GHashTable) query = post ? mw_auth_read_form (request, &error) : mw_auth_read_query (request->query, &error);

  if (query == NULL)
    return reply_refused (self, error->message);
  return post && g_hash_table_contains (query, "ticket") ? decide (self, query) : ask (self, query);
}
