/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-sign-in.h"

#include "mw-client-auth.h"
#include "mw-jws.h"
#include "mw-loopback.h"
#include "mw-oauth.h"
#include "mw-pkce.h"
#include "mw-reference.h"
#include "mw-sign-out.h"
#include "mw-smart-discovery.h"
#include "mw-smart-launch.h"

#include <glib/gi18n-lib.h>

/* A person signs in with her browser: SMART App Launch 2.2, standalone launch, as a native app (RFC 8252): what the
 * server says of itself, a listener on this computer, the browser, a code, a token, and who it was. */

typedef struct
{
  MwConnection         *wanted; /* the caller's */
  MwClient             *client;
  MwCapability         *capability;
  MwBrowser             browser;
  char                 *secret;
  MwSmartConfiguration *configuration;
  GPtrArray            *scopes; /* to be tried, in this order */
  guint                 tried;
  MwClientAuth         *auth;
  MwLoopback           *loopback;
  GCancellable         *patience; /* ends the wait for the browser */
  GSource              *timer;
  GCancellable         *outer;
  gulong                chain;
  gboolean              late;
  char                 *verifier;
  char                 *state;
  char                 *nonce;
  char                 *id_token;
  gint64                asked;
  MwTokens             *tokens;
  const char           *sentence; /* why they are given back */
} SignIn;

static void
stop_waiting (SignIn *self)
{
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->chain);
  g_clear_object (&self->outer);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_object (&self->patience);
}

static void
sign_in_free (gpointer data)
{
  SignIn *self = data;

  stop_waiting (self);
  g_object_unref (self->client);
  mw_capability_unref (self->capability);
  g_clear_pointer (&self->browser.context, g_main_context_unref);
  g_free (self->secret);
  g_clear_pointer (&self->configuration, mw_smart_configuration_free);
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  g_clear_pointer (&self->auth, mw_client_auth_free);
  g_clear_pointer (&self->loopback, mw_loopback_free);
  g_free (self->verifier);
  g_free (self->state);
  g_free (self->nonce);
  g_free (self->id_token);
  mw_tokens_free (self->tokens);
  g_free (self);
}

static void
set_text (char      **place,
          const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
fail (GTask      *task,
      const char *sentence)
{
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, MW_ACCESS_ERROR, MW_ACCESS_ERROR_PERSON, "%s", sentence);
}

static void
free_tokens (gpointer data)
{
  mw_tokens_free (data);
}

/* By the server's clock, where that differs */
static gint64
server_time (SignIn *self)
{
  return g_get_real_time () + (ABS (self->wanted->clock_skew) > G_TIME_SPAN_MINUTE ? self->wanted->clock_skew : 0);
}

/* ---- who it was -------------------------------------------------------- */

static void
given_back (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn *self = g_task_get_task_data (task);

  mw_sign_in_revoke_finish (result);
  fail (task, self->sentence);
}

/* Nobody is to be signed in by this */
static void
give_back (GTask      *task,
           const char *sentence)
{
  SignIn *self = g_task_get_task_data (task);

  self->sentence = sentence;
  mw_sign_in_revoke_async (self->wanted, self->auth, self->client, self->tokens, NULL, given_back, g_object_ref (task));
}

static void
succeed (GTask *task)
{
  SignIn *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->tokens), free_tokens);
}

/* Somebody else, or nobody knows who: the connection stays hers */
static void
take_person (GTask *task,
             char  *who)
{
  SignIn          *self = g_task_get_task_data (task);
  g_autofree char *person = who;
  g_autofree char *own = NULL;

  if (self->wanted->me != NULL)
    {
      g_autoptr (MwReference) reference = mw_reference_new_for_literal (self->wanted->me);

      own = mw_reference_relative (reference, self->wanted->url);
    }
  if (own != NULL && person != NULL && !g_str_equal (own, person))
    {
      give_back (task, _ ("You signed in as somebody else than this connection belongs to, so nothing was changed. Sign in as yourself, or remove the connection first."));
      return;
    }
  if (own != NULL && person == NULL && self->id_token != NULL)
    {
      give_back (task, _ ("It cannot be made sure that you signed in as the one this connection belongs to, so nothing was changed. Try again later."));
      return;
    }
  if (self->wanted->me == NULL)
    self->wanted->me = g_steal_pointer (&person);
  succeed (task);
}

/* A role is one person's at one place; the inbox is the person's */
static void
role_read (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn *self = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);
  const char *practitioner = answer != NULL ? mw_json_string (answer->resource, "practitioner.reference") : NULL;

  g_autoptr (MwReference) reference = practitioner != NULL ? mw_reference_new_for_literal (practitioner) : NULL;

  take_person (task, reference != NULL ? mw_reference_relative (reference, self->wanted->url) : NULL);
}

static void
take_user (GTask *task,
           char  *user)
{
  SignIn          *self = g_task_get_task_data (task);
  g_autofree char *who = user;

  if (who != NULL && (g_str_has_prefix (who, "Patient/") || g_str_has_prefix (who, "RelatedPerson/")))
    give_back (task, _ ("You signed in as a patient. Meanwhile is for clinicians: sign in as one."));
  else if (who != NULL && g_str_has_prefix (who, "PractitionerRole/") && g_strcmp0 (self->wanted->me, who) != 0)
    {
      MwHttpRequest request = { .method = "GET", .url = who, .repeatable = TRUE };

      mw_client_send_async (self->client, &request, g_task_get_cancellable (task), role_read, g_object_ref (task));
    }
  else if (who != NULL && !g_str_has_prefix (who, "Person/"))
    take_person (task, g_steal_pointer (&who));
  else
    take_person (task, NULL);
}

static void
keys_read (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn *self = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);
  g_autoptr (JsonNode) claims = answer != NULL ? mw_jws_verify (self->id_token, answer->resource) : NULL;

  if (claims == NULL)
    g_debug ("Who signed in is not proved");
  take_user (task, claims != NULL ? mw_smart_user (claims, self->configuration->issuer, self->wanted->client_id, self->nonce, server_time (self), self->wanted->url) : NULL);
}

static void
find_user (GTask *task)
{
  SignIn       *self = g_task_get_task_data (task);
  MwHttpRequest request = { .method = "GET", .url = self->configuration->jwks_uri, .accept = "application/json", .own_secret = TRUE, .repeatable = TRUE, .max_body = 1024 * 1024 };

  if (self->id_token == NULL || request.url == NULL)
    take_user (task, NULL);
  else
    mw_client_send_async (self->client, &request, g_task_get_cancellable (task), keys_read, g_object_ref (task));
}

/* ---- the code ----------------------------------------------------------- */

static void
code_exchanged (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (MwOauthAnswer) answer = mw_oauth_token_finish (result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (answer->access_token == NULL && g_strcmp0 (answer->error, "invalid_client") == 0)
    fail (task, _ ("The server does not know Meanwhile under this client id, or does not let it in. Check it."));
  else if (answer->access_token == NULL && answer->error != NULL)
    fail (task, _ ("The server does not take what the browser brought back. Sign in again."));
  else if (answer->access_token == NULL)
    fail (task, _ ("The server cannot finish the sign-in at the moment. Try again later."));
  if (answer->access_token == NULL)
    return;
  self->tokens = g_new0 (MwTokens, 1);
  self->tokens->access_token = g_strdup (answer->access_token);
  self->tokens->refresh_token = g_strdup (answer->refresh_token);
  self->tokens->scope = g_strdup (answer->scope);
  self->tokens->expires = self->asked + answer->lifetime;
  self->id_token = g_strdup (answer->id_token);
  set_text (&self->wanted->granted, answer->scope);
  mw_client_set_token (self->client, answer->access_token);
  find_user (task);
}

static void
exchange_code (GTask      *task,
               const char *code)
{
  SignIn          *self = g_task_get_task_data (task);
  g_autofree char *authorization = NULL;
  g_autoptr (GPtrArray) fields = NULL;

  self->asked = g_get_real_time ();
  fields = mw_client_auth_begin (self->auth, "authorization_code", server_time (self), &authorization);
  mw_form_add (fields, "code", code);
  mw_form_add (fields, "redirect_uri", mw_loopback_get_redirect (self->loopback));
  mw_form_add (fields, "code_verifier", self->verifier);
  mw_oauth_token_async (self->client, self->wanted->token_endpoint, authorization, (const char *const *) fields->pdata, g_task_get_cancellable (task), code_exchanged,
                        g_object_ref (task));
}

/* ---- the browser -------------------------------------------------------- */

static void try_next (GTask *task);

static const char *
refusal_words (const char *error)
{
  if (g_str_equal (error, "access_denied"))
    return _ ("The sign-in was refused in the browser. Nothing was changed.");
  if (g_str_equal (error, "unauthorized_client") || g_str_equal (error, "invalid_client"))
    return _ ("The server does not let Meanwhile sign people in under this client id. Check it.");
  if (g_str_equal (error, "server_error") || g_str_equal (error, "temporarily_unavailable"))
    return _ ("The server cannot sign anybody in at the moment. Try again later.");
  if (g_str_equal (error, "invalid_scope"))
    return _ ("The server does not grant Meanwhile the permissions that it asks for. Ask those who run it.");
  return _ ("The server does not take the sign-in that Meanwhile asks for. Those who run it can see why.");
}

static void
browser_back (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (MwSmartCallback) callback = mw_loopback_wait_finish (result, &error);

  stop_waiting (self);
  if (callback == NULL && self->late)
    {
      g_error_free (error);
      fail (task, _ ("The browser did not come back in time. Nothing was changed; sign in when you are ready."));
    }
  else if (callback == NULL)
    g_task_return_error (task, error);
  /* another server's answer, slipped in (RFC 9207) */
  else if (callback->issuer != NULL && self->configuration->issuer != NULL && !g_str_equal (callback->issuer, self->configuration->issuer))
    fail (task, _ ("The browser brought an answer of another server. It was not used. Sign in again."));
  else if (callback->code != NULL)
    exchange_code (task, callback->code);
  else if (g_str_equal (callback->error, "invalid_scope") && self->tried < self->scopes->len)
    try_next (task);
  else
    fail (task, refusal_words (callback->error));
}

static gboolean
too_late (gpointer user_data)
{
  SignIn *self = user_data;

  self->late = TRUE;
  g_cancellable_cancel (self->patience);
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled (GCancellable *outer,
                 gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static void
wait_for_browser (GTask *task)
{
  SignIn *self = g_task_get_task_data (task);

  self->patience = g_cancellable_new ();
  self->timer = g_timeout_source_new_seconds (self->browser.seconds > 0 ? self->browser.seconds : MW_SIGN_IN_SECONDS);
  g_source_set_callback (self->timer, too_late, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  if (g_task_get_cancellable (task) != NULL)
    {
      self->outer = g_object_ref (g_task_get_cancellable (task));
      self->chain = g_cancellable_connect (self->outer, G_CALLBACK (outer_cancelled), g_object_ref (self->patience), g_object_unref);
    }
  mw_loopback_wait_async (self->loopback, self->patience, browser_back, g_object_ref (task));
}

typedef struct
{
  MwBrowser browser;
  char     *url;
} Show;

static gboolean
run_show (gpointer user_data)
{
  Show *show = user_data;

  show->browser.func (show->url, show->browser.user_data);
  return G_SOURCE_REMOVE;
}

static void
show_free (gpointer data)
{
  Show *show = data;

  g_free (show->url);
  g_free (show);
}

static void
try_next (GTask *task)
{
  SignIn          *self = g_task_get_task_data (task);
  g_autofree char *challenge = NULL;
  GError          *error = NULL;
  Show            *show;

  g_clear_pointer (&self->loopback, mw_loopback_free);
  g_free (self->verifier);
  g_free (self->state);
  g_free (self->nonce);
  self->verifier = mw_pkce_new_secret ();
  self->state = mw_pkce_new_secret ();
  self->nonce = mw_pkce_new_secret ();
  self->loopback = mw_loopback_new (self->wanted->redirect, self->state, &error);
  if (self->loopback == NULL)
    {
      fail (task, error->message);
      g_error_free (error);
      return;
    }
  challenge = mw_pkce_challenge (self->verifier);
  set_text (&self->wanted->scope, g_ptr_array_index (self->scopes, self->tried++));
  show = g_new0 (Show, 1);
  show->browser = self->browser;
  show->url = mw_smart_launch_url (&(MwSmartLaunch){
      .endpoint = self->configuration->authorization_endpoint,
      .client_id = self->wanted->client_id,
      .redirect = mw_loopback_get_redirect (self->loopback),
      .scope = self->wanted->scope,
      .state = self->state,
      .nonce = self->nonce,
      .audience = self->wanted->url,
      .challenge = challenge });
  wait_for_browser (task);
  g_main_context_invoke_full (self->browser.context, G_PRIORITY_DEFAULT, run_show, show, show_free);
  /* show_free() frees it */
  /* cppcheck-suppress memleak */
}

/* ---- what the server says of itself --------------------------------------- */

static const char *
stands_in_the_way (const MwSmartConfiguration *configuration)
{
  const char *const *methods = (const char *const *) configuration->challenge_methods;

  if (configuration->authorization_endpoint == NULL || mw_smart_configuration_supports_grant (configuration, "authorization_code") == MW_SUPPORT_NO)
    return _ ("At this server nobody signs in with a browser. Choose another kind of access.");
  if (methods != NULL && methods[0] != NULL && !g_strv_contains (methods, "S256"))
    return _ ("This server does not protect a sign-in as SMART demands (PKCE), so nobody was sent there. Ask those who run it.");
  return NULL;
}

static void
discovered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn     *self = g_task_get_task_data (task);
  GError     *error = NULL;
  const char *sentence;

  self->configuration = mw_smart_discover_finish (result, &error);
  if (self->configuration == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  sentence = stands_in_the_way (self->configuration);
  if (sentence != NULL)
    {
      fail (task, sentence);
      return;
    }
  set_text (&self->wanted->token_endpoint, self->configuration->token_endpoint);
  set_text (&self->wanted->revocation_endpoint, self->configuration->revocation_endpoint);
  set_text (&self->wanted->issuer, self->configuration->issuer);
  set_text (&self->wanted->token_auth,
            mw_smart_configuration_supports_auth (self->configuration, "client_secret_basic") == MW_SUPPORT_NO ? "client_secret_post" : "client_secret_basic");
  self->auth = mw_client_auth_new (self->wanted, self->secret, &error);
  if (self->auth == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->scopes = mw_smart_configuration_scope_choices (self->configuration, self->wanted->scope, FALSE);
  try_next (task);
}

/**
 * mw_sign_in_async:
 * @wanted: one with auth "smart" and a client id; what is found out is written into it: endpoints, scopes, and @me where
 *   that is not known. Must live until @callback
 * @secret: (nullable): of a client that has one, see mw_client_auth_kind()
 * @client: carries the token afterwards
 * @browser: copied
 *
 * Lets a person sign in. Nothing is kept by it: that is the caller's, before anything else is done with the tokens.
 */
void
mw_sign_in_async (MwConnection       *wanted,
                  const char         *secret,
                  MwClient           *client,
                  MwCapability       *capability,
                  const MwBrowser    *browser,
                  GCancellable       *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  GTask  *task = g_task_new (NULL, cancellable, callback, user_data);
  SignIn *self = g_new0 (SignIn, 1);

  self->wanted = wanted;
  self->secret = g_strdup (secret);
  self->client = g_object_ref (client);
  self->capability = mw_capability_ref (capability);
  self->browser = *browser;
  if (self->browser.context != NULL)
    g_main_context_ref (self->browser.context);
  g_task_set_task_data (task, self, sign_in_free);
  mw_smart_discover_async (client, capability, cancellable, discovered, task);
}

/**
 * mw_sign_in_finish:
 *
 * Returns: (transfer full): what the sign-in gave; NULL with a translated sentence
 */
MwTokens *
mw_sign_in_finish (GAsyncResult *result,
                   GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
