/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-access-private.h"

#include "mw-secret.h"

#include <glib/gi18n-lib.h>

/* From such a difference on the server's clock counts (wire notes 1.4) */
#define SKEW_MATTERS G_TIME_SPAN_MINUTE

G_DEFINE_QUARK (mw_access_error, mw_access_error)

static void
task_unref (gpointer data)
{
  g_object_unref (data);
}

/**
 * mw_access_new:
 * @connection: how to get in; copied
 * @client: the one that gets the token
 * @now: the clock, µs since 1970
 */
MwAccess *
mw_access_new (const MwConnection *connection,
               MwClient           *client,
               MwAccessNow         now,
               gpointer            now_data)
{
  MwAccess *self = g_new0 (MwAccess, 1);

  g_ref_count_init (&self->refs);
  self->row = mw_connection_copy (connection);
  self->client = g_object_ref (client);
  self->now = now;
  self->now_data = now_data;
  self->skew = connection->clock_skew;
  self->granted = g_strdup (connection->granted);
  self->waiters = g_ptr_array_new_with_free_func (task_unref);
  self->cancellable = g_cancellable_new ();
  return self;
}

static void
release (MwAccess *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  mw_connection_free (self->row);
  g_object_unref (self->client);
  g_free (self->secret);
  g_clear_pointer (&self->auth, mw_client_auth_free);
  g_clear_pointer (&self->tokens, mw_tokens_free);
  g_clear_pointer (&self->lock, mw_tokens_unlock);
  g_free (self->refused);
  g_free (self->spent);
  g_free (self->granted);
  g_ptr_array_unref (self->waiters);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->answer, mw_answer_free);
  g_free (self);
}

/* @error: (nullable) */
static void
tell_all (MwAccess     *self,
          const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (task_unref);
  for (guint i = 0; i < waiters->len; i++)
    {
      GTask *task = g_ptr_array_index (waiters, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

/**
 * mw_access_stop:
 *
 * Nobody gets in any more: what is under way is cancelled, and those who wait are told so at once. The renewal of a
 * sign-in goes on to its end: the server has perhaps spent the old token already.
 */
void
mw_access_stop (MwAccess *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The way in was closed");

  g_cancellable_cancel (self->cancellable);
  self->stopped = TRUE;
  tell_all (self, error);
}

/**
 * mw_access_unref:
 *
 * By its owner: mw_access_stop().
 */
void
mw_access_unref (MwAccess *self)
{
  mw_access_stop (self);
  release (self);
}

/**
 * mw_access_is_renewing:
 *
 * Returns: whether the answer about a new sign-in, or the keeping of it, is under way
 */
gboolean
mw_access_is_renewing (MwAccess *self)
{
  return self->renewing;
}

/**
 * mw_access_take_over:
 * @before: the way into the same server until now
 *
 * Takes what @before could not keep yet: it is the only good one.
 */
void
mw_access_take_over (MwAccess *self,
                     MwAccess *before)
{
  if (!before->unkept || before->renewing || g_strcmp0 (self->row->url, before->row->url) != 0 || g_strcmp0 (self->row->client_id, before->row->client_id) != 0)
    return;
  self->tokens = g_steal_pointer (&before->tokens);
  self->spent = g_steal_pointer (&before->spent);
  self->unkept = TRUE;
  before->unkept = FALSE;
}

/**
 * mw_access_take_secret:
 * @secret: (nullable): the token, secret or key that a person just gave, before it is kept anywhere
 */
void
mw_access_take_secret (MwAccess   *self,
                       const char *secret)
{
  g_free (self->secret);
  self->secret = g_strdup (secret);
}

static gboolean
uses (MwAccess   *self,
      const char *auth)
{
  return g_strcmp0 (self->row->auth, auth) == 0;
}

/**
 * mw_access_is_ready:
 *
 * Returns: whether the client carries what the server asks for, and will for a while
 */
gboolean
mw_access_is_ready (MwAccess *self)
{
  return uses (self, "open") || (self->ready && (self->renew_at == 0 || self->now (self->now_data) < self->renew_at));
}

/**
 * mw_access_may_renew:
 *
 * Returns: whether a new token can be had without a person
 */
gboolean
mw_access_may_renew (MwAccess *self)
{
  return uses (self, "secret") || uses (self, "key") || (uses (self, "smart") && self->tokens != NULL && self->tokens->refresh_token != NULL);
}

/**
 * mw_access_is_new:
 *
 * Returns: whether the token was just issued, so that a server which refuses it would refuse the next one, too
 */
gboolean
mw_access_is_new (MwAccess *self)
{
  return !self->old;
}

/**
 * mw_access_get_end:
 *
 * Returns: when the sign-in in use ends for good, µs; 0 where it is renewed, or nobody knows
 */
gint64
mw_access_get_end (MwAccess *self)
{
  return self->tokens != NULL && self->tokens->refresh_token == NULL ? self->tokens->expires : 0;
}

/**
 * mw_access_forget:
 *
 * The server refuses the token: the next call gets a new one, or reads it again.
 */
void
mw_access_forget (MwAccess *self)
{
  self->ready = FALSE;
  if (uses (self, "smart") && self->tokens != NULL)
    {
      g_free (self->refused);
      self->refused = g_strdup (self->tokens->access_token);
    }
  /* somebody may have put another one into the file */
  if (uses (self, "token"))
    g_clear_pointer (&self->secret, g_free);
}

/**
 * mw_access_get_granted:
 *
 * Returns: (nullable): the scopes of the last token; NULL when the server has not said, which means as asked for
 */
const char *
mw_access_get_granted (MwAccess *self)
{
  return self->granted;
}

/**
 * mw_access_get_answer:
 *
 * Returns: (nullable): what the token endpoint said last, for the conclusions about the connection
 */
const MwAnswer *
mw_access_get_answer (MwAccess *self)
{
  return self->answer;
}

/* ---- the ends ------------------------------------------------------- */

/* @error: (transfer full) (nullable) */
static void
finish_all (MwAccess *self,
            GError   *error)
{
  g_clear_pointer (&self->lock, mw_tokens_unlock);
  self->renewing = FALSE;
  self->under_way = FALSE;
  tell_all (self, error);
  g_clear_error (&error);
  release (self);
}

/* @error: (transfer full) */
void
mw_access_fail_with (MwAccess *self,
                     GError   *error)
{
  finish_all (self, error);
}

void
mw_access_fail (MwAccess     *self,
                MwAccessError code,
                const char   *sentence)
{
  /* what a person mends is read anew: another key may stand in the same file */
  if (code == MW_ACCESS_ERROR_PERSON)
    {
      g_clear_pointer (&self->secret, g_free);
      g_clear_pointer (&self->auth, mw_client_auth_free);
    }
  finish_all (self, g_error_new_literal (MW_ACCESS_ERROR, (gint) code, sentence));
}

/* @end: µs; @lifetime: that it was given, µs; G_MAXINT64 for one that was kept */
void
mw_access_succeed (MwAccess   *self,
                   const char *token,
                   gint64      end,
                   gint64      lifetime,
                   const char *scope)
{
  mw_client_set_token (self->client, token);
  self->ready = TRUE;
  self->old = lifetime == G_MAXINT64;
  self->renew_at = MAX (end - MIN (MW_ACCESS_MARGIN, lifetime / 4), 1);
  g_free (self->granted);
  self->granted = g_strdup (scope);
  finish_all (self, NULL);
}

/* ---- what a token endpoint says ----------------------------------------- */

static void ask_for_client (MwAccess *self);

static void
refuse_client (MwAccess *self)
{
  const char *kind = mw_client_auth_kind (self->row);
  gint64      minutes = ABS (self->skew) / G_TIME_SPAN_MINUTE;

  if (g_strcmp0 (kind, MW_SECRET_KEY) == 0 && ABS (self->skew) > SKEW_MATTERS)
    {
      g_autofree char *sentence =
          g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The server refuses the key. This computer's clock and the server's differ by %u minute; set the clock, then try again.",
                                        "The server refuses the key. This computer's clock and the server's differ by %u minutes; set the clock, then try again.",
                                        (gulong) minutes),
                           (guint) minutes);

      mw_access_fail (self, MW_ACCESS_ERROR_PERSON, sentence);
    }
  else if (g_strcmp0 (kind, MW_SECRET_KEY) == 0)
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON,
                    _ ("The server does not accept this key. Is its public part registered there, under this client id?"));
  else if (kind != NULL)
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("The server does not accept this client id and secret. Check both."));
  else
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("The server does not know Meanwhile under this client id, or does not let it in. Check it."));
}

/* What a token endpoint's refusal means (RFC 6749, 5.2; wire notes 1.6), and everything else that is no token */
void
mw_access_refuse (MwAccess            *self,
                  const MwOauthAnswer *answer)
{
  if (answer->error != NULL && (self->answer->status == 400 || self->answer->status == 401))
    {
      if (g_str_equal (answer->error, "invalid_scope"))
        mw_access_fail (self, MW_ACCESS_ERROR_SCOPE, _ ("The server does not grant Meanwhile the permissions that it asks for. Ask those who run it."));
      else if (uses (self, "key") && ABS (self->skew) > SKEW_MATTERS && !self->asked_again)
        {
          self->asked_again = TRUE;
          ask_for_client (self);
        }
      else if (uses (self, "smart") && g_str_equal (answer->error, "invalid_grant"))
        mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("Your sign-in at this server has ended. Sign in again."));
      else
        refuse_client (self);
    }
  else if (self->answer->trouble == MW_TROUBLE_CERTIFICATE)
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("The place where the server gives out its tokens asks for a certificate, and accepts none or not this one."));
  else if (self->answer->trouble == MW_TROUBLE_REDIRECT || self->answer->trouble == MW_TROUBLE_TLS)
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("The place where the server gives out its tokens cannot be trusted. Nothing was sent there. Test the connection."));
  else if (self->answer->status == 0 || self->answer->answer_class == MW_ANSWER_TEMPORARY)
    mw_access_fail (self, MW_ACCESS_ERROR_LATER, _ ("The server cannot give a token at the moment."));
  else
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("Where the server should give a token, it answers something else. Test the connection."));
}

/* The exchange of @answer stays with @self */
void
mw_access_note (MwAccess      *self,
                MwOauthAnswer *answer)
{
  if (answer->answer->server_date > 0)
    self->skew = answer->answer->server_date - self->now (self->now_data);
  g_clear_pointer (&self->answer, mw_answer_free);
  self->answer = g_steal_pointer (&answer->answer);
}

static void
token_answered (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  MwAccess *self = user_data;
  GError   *error = NULL;
  g_autoptr (MwOauthAnswer) answer = mw_oauth_token_finish (result, &error);

  if (answer == NULL)
    {
      mw_access_fail_with (self, error);
      return;
    }
  mw_access_note (self, answer);
  if (answer->access_token != NULL)
    mw_access_succeed (self, answer->access_token, self->asked + answer->lifetime, answer->lifetime, answer->scope);
  else
    mw_access_refuse (self, answer);
}

/* ---- asking -------------------------------------------------------------- */

/* @name, @value: (nullable): one more field */
void
mw_access_ask (MwAccess           *self,
               const char         *grant_type,
               const char         *name,
               const char         *value,
               GAsyncReadyCallback callback)
{
  gint64           now = self->now (self->now_data);
  g_autofree char *authorization = NULL;
  g_autoptr (GPtrArray) fields = NULL;

  self->asked = now;
  if (ABS (self->skew) > SKEW_MATTERS)
    now += self->skew;
  fields = mw_client_auth_begin (self->auth, grant_type, now, &authorization);
  if (name != NULL)
    mw_form_add (fields, name, value);
  mw_oauth_token_async (self->client, self->row->token_endpoint, authorization, (const char *const *) fields->pdata, self->renewing ? NULL : self->cancellable, callback, self);
}

static void
ask_for_client (MwAccess *self)
{
  gboolean scope = self->row->scope != NULL && *self->row->scope != '\0';

  mw_access_ask (self, "client_credentials", scope ? "scope" : NULL, self->row->scope, token_answered);
}

/* The secret is known, where there is one */
static void
use_secret (MwAccess *self)
{
  g_autoptr (GError) error = NULL;

  if (uses (self, "token"))
    {
      mw_client_set_token (self->client, self->secret);
      self->ready = TRUE;
      finish_all (self, NULL);
      return;
    }
  if (self->row->client_id == NULL || self->row->token_endpoint == NULL)
    {
      mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("This connection was not set up to the end. Connect to it again."));
      return;
    }
  if (self->auth == NULL)
    self->auth = mw_client_auth_new (self->row, self->secret, &error);
  if (self->auth == NULL)
    {
      mw_access_fail (self, MW_ACCESS_ERROR_PERSON, error->message);
      return;
    }
  self->asked_again = FALSE;
  if (uses (self, "smart"))
    mw_access_use_sign_in (self);
  else
    ask_for_client (self);
}

static void
secret_found (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  MwAccess *self = user_data;
  g_autoptr (GError) error = NULL;

  self->secret = mw_secret_lookup_finish (result, &error);
  if (self->secret != NULL)
    use_secret (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mw_access_fail_with (self, g_steal_pointer (&error));
  else
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, error->message);
}

static void
begin (MwAccess *self)
{
  gboolean    token = uses (self, "token");
  const char *kind = token ? MW_SECRET_TOKEN : mw_client_auth_kind (self->row);
  const char *file = token ? self->row->token_file : mw_client_auth_file (self->row);
  g_autoptr (GError) error = NULL;

  self->under_way = TRUE;
  g_ref_count_inc (&self->refs);
  if (self->secret == NULL && kind != NULL && file == NULL)
    {
      mw_secret_lookup_async (kind, self->row->url, self->cancellable, secret_found, self);
      return;
    }
  if (self->secret == NULL && kind != NULL)
    self->secret = mw_secret_read_file (file, kind, &error);
  if (self->secret == NULL && kind != NULL)
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, error->message);
  else
    use_secret (self);
}

/**
 * mw_access_get_async:
 * @cancellable: (nullable): the caller gives up waiting; the token is got for the others all the same
 *
 * Makes sure that the client carries a token that is good for a while, where the server asks for one.
 */
void
mw_access_get_async (MwAccess           *self,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  if (mw_access_is_ready (self))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  if (self->stopped)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The way in was closed");
      g_object_unref (task);
      return;
    }
  g_ptr_array_add (self->waiters, task);
  if (!self->under_way)
    begin (self);
}

gboolean
mw_access_get_finish (GAsyncResult *result,
                      GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
