/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-access.h"

#include "mw-key.h"
#include "mw-oauth.h"
#include "mw-secret.h"

#include <glib/gi18n-lib.h>

/* A token is renewed so long before its end (wire notes 1.4), or in its last quarter when it lives shorter */
#define MARGIN (30 * G_TIME_SPAN_SECOND)
/* From such a difference on the server's clock counts (wire notes 1.4) */
#define SKEW_MATTERS G_TIME_SPAN_MINUTE
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

G_DEFINE_QUARK (mw_access_error, mw_access_error)

struct _MwAccess
{
  grefcount     refs;
  MwConnection *row;
  MwClient     *client;
  MwAccessNow   now;
  gpointer      now_data;

  char    *secret; /* the token, the client's secret or its key, once it was read */
  MwKey   *key;
  gboolean ready;
  gint64   renew_at; /* µs; 0 for never */
  gint64   skew;     /* of the server's clock, as the last answer showed it */
  char    *granted;

  GPtrArray    *waiters; /* GTasks; not empty while a token is being got */
  GCancellable *cancellable;
  gint64        asked;
  gboolean      asked_again; /* by the server's clock */
  MwAnswer     *answer;      /* the last one of the token endpoint */
};

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
  g_clear_pointer (&self->key, mw_key_free);
  g_free (self->granted);
  g_ptr_array_unref (self->waiters);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->answer, mw_answer_free);
  g_free (self);
}

/**
 * mw_access_unref:
 *
 * By its owner. A request under way is cancelled, and those who wait for it are told so.
 */
void
mw_access_unref (MwAccess *self)
{
  g_cancellable_cancel (self->cancellable);
  release (self);
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
  return uses (self, "secret") || uses (self, "key");
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
  /* somebody may have put another one into the file */
  if (!mw_access_may_renew (self))
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

/* Takes the request's own hold on @self, too */
static void
finish_all (MwAccess *self,
            GError   *error)
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
  g_clear_error (&error);
  release (self);
}

static void
fail_all (MwAccess     *self,
          MwAccessError code,
          const char   *sentence)
{
  finish_all (self, g_error_new_literal (MW_ACCESS_ERROR, (gint) code, sentence));
}

static void ask_by_key (MwAccess *self);

/* What a token endpoint's refusal means (RFC 6749, 5.2; wire notes 1.6) */
static void
refuse_all (MwAccess            *self,
            const MwOauthAnswer *answer)
{
  gint64 skew = ABS (self->skew);

  if (g_strcmp0 (answer->error, "invalid_scope") == 0)
    fail_all (self, MW_ACCESS_ERROR_SCOPE, _ ("The server does not grant Meanwhile the permissions that it asks for. Ask those who run it."));
  else if (uses (self, "key") && skew > SKEW_MATTERS && !self->asked_again)
    {
      self->asked_again = TRUE;
      ask_by_key (self);
    }
  else if (uses (self, "key") && skew > SKEW_MATTERS)
    {
      g_autofree char *sentence =
          g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The server refuses the key. This computer's clock and the server's differ by %u minute; set the clock, then try again.",
                                        "The server refuses the key. This computer's clock and the server's differ by %u minutes; set the clock, then try again.",
                                        (gulong) (skew / G_TIME_SPAN_MINUTE)),
                           (guint) (skew / G_TIME_SPAN_MINUTE));

      fail_all (self, MW_ACCESS_ERROR_PERSON, sentence);
    }
  else if (uses (self, "key"))
    fail_all (self, MW_ACCESS_ERROR_PERSON,
              _ ("The server does not accept this key. Is its public part registered there, under this client id?"));
  else
    fail_all (self, MW_ACCESS_ERROR_PERSON, _ ("The server does not accept this client id and secret. Check both."));
}

static void
take_token (MwAccess            *self,
            const MwOauthAnswer *answer)
{
  gint64 margin = MIN (MARGIN, answer->lifetime / 4);

  mw_client_set_token (self->client, answer->access_token);
  self->ready = TRUE;
  self->renew_at = MAX (self->asked + answer->lifetime - margin, 1);
  g_free (self->granted);
  self->granted = g_strdup (answer->scope);
  finish_all (self, NULL);
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
      finish_all (self, error);
      return;
    }
  if (answer->answer->server_date > 0)
    self->skew = answer->answer->server_date - self->now (self->now_data);
  g_clear_pointer (&self->answer, mw_answer_free);
  self->answer = g_steal_pointer (&answer->answer);
  if (answer->access_token != NULL)
    take_token (self, answer);
  else if (answer->error != NULL && (self->answer->status == 400 || self->answer->status == 401))
    refuse_all (self, answer);
  else if (self->answer->trouble == MW_TROUBLE_REDIRECT || self->answer->trouble == MW_TROUBLE_TLS)
    fail_all (self, MW_ACCESS_ERROR_PERSON, _ ("The place where the server gives out its tokens cannot be trusted. Nothing was sent there. Test the connection."));
  else if (self->answer->status == 0 || self->answer->answer_class == MW_ANSWER_TEMPORARY)
    fail_all (self, MW_ACCESS_ERROR_LATER, _ ("The server cannot give a token at the moment."));
  else
    fail_all (self, MW_ACCESS_ERROR_PERSON, _ ("Where the server should give a token, it answers something else. Test the connection."));
}

/* ---- asking -------------------------------------------------------------- */

static void
add_fields (MwAccess   *self,
            GPtrArray  *fields,
            const char *name,
            const char *value)
{
  g_ptr_array_add (fields, (gpointer) "grant_type");
  g_ptr_array_add (fields, (gpointer) "client_credentials");
  if (self->row->scope != NULL && *self->row->scope != '\0')
    {
      g_ptr_array_add (fields, (gpointer) "scope");
      g_ptr_array_add (fields, self->row->scope);
    }
  if (name != NULL)
    {
      g_ptr_array_add (fields, (gpointer) name);
      g_ptr_array_add (fields, (gpointer) value);
    }
}

/* SMART App Launch 2.2, backend-services: a new assertion each time, since a server takes each once */
static void
ask_by_key (MwAccess *self)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  g_autofree char *assertion = NULL;
  gint64           now = self->now (self->now_data);

  if (ABS (self->skew) > SKEW_MATTERS)
    now += self->skew;
  assertion = mw_key_make_assertion (self->key, self->row->client_id, self->row->token_endpoint, now);
  add_fields (self, fields, "client_assertion_type", ASSERTION_TYPE);
  g_ptr_array_add (fields, (gpointer) "client_assertion");
  g_ptr_array_add (fields, assertion);
  g_ptr_array_add (fields, NULL);
  mw_oauth_token_async (self->client, self->row->token_endpoint, NULL, (const char *const *) fields->pdata, self->cancellable, token_answered, self);
}

static void
ask_by_secret (MwAccess *self)
{
  gboolean         post = g_strcmp0 (self->row->token_auth, "client_secret_post") == 0;
  g_autofree char *basic = post ? NULL : mw_oauth_basic (self->row->client_id, self->secret);
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();

  add_fields (self, fields, post ? "client_id" : NULL, self->row->client_id);
  if (post)
    {
      g_ptr_array_add (fields, (gpointer) "client_secret");
      g_ptr_array_add (fields, self->secret);
    }
  g_ptr_array_add (fields, NULL);
  mw_oauth_token_async (self->client, self->row->token_endpoint, basic, (const char *const *) fields->pdata, self->cancellable, token_answered, self);
}

static void
use_secret (MwAccess *self)
{
  GError *error = NULL;

  if (uses (self, "token"))
    {
      mw_client_set_token (self->client, self->secret);
      self->ready = TRUE;
      finish_all (self, NULL);
      return;
    }
  if (self->row->client_id == NULL || self->row->token_endpoint == NULL)
    {
      fail_all (self, MW_ACCESS_ERROR_PERSON, _ ("This connection was not set up to the end. Connect to it again."));
      return;
    }
  if (uses (self, "key") && self->key == NULL)
    self->key = mw_key_new (self->secret, &error);
  if (error != NULL)
    {
      fail_all (self, MW_ACCESS_ERROR_PERSON, error->message);
      g_error_free (error);
      return;
    }
  self->asked = self->now (self->now_data);
  self->asked_again = FALSE;
  if (uses (self, "key"))
    ask_by_key (self);
  else
    ask_by_secret (self);
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
    finish_all (self, g_steal_pointer (&error));
  else
    fail_all (self, MW_ACCESS_ERROR_PERSON, error->message);
}

static void
begin (MwAccess *self)
{
  const char *kind = uses (self, "token") ? MW_SECRET_TOKEN : uses (self, "key") ? MW_SECRET_KEY
                                                                                 : MW_SECRET_CLIENT;
  const char *file = uses (self, "token") ? self->row->token_file : uses (self, "key") ? self->row->key_file
                                                                                       : self->row->secret_file;
  g_autoptr (GError) error = NULL;

  g_ref_count_inc (&self->refs);
  if (self->secret == NULL && file == NULL)
    {
      mw_secret_lookup_async (kind, self->row->url, self->cancellable, secret_found, self);
      return;
    }
  if (self->secret == NULL)
    self->secret = mw_secret_read_file (file, kind, &error);
  if (self->secret == NULL)
    fail_all (self, MW_ACCESS_ERROR_PERSON, error->message);
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
  g_ptr_array_add (self->waiters, task);
  if (self->waiters->len == 1)
    begin (self);
}

gboolean
mw_access_get_finish (GAsyncResult *result,
                      GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
