/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-access-private.h"

#include <glib/gi18n-lib.h>

/* A sign-in is renewed by its refresh token, which most servers take once: what is kept is read under the lock, since
 * another process may have renewed it, and the new tokens are kept before the first of them is used (SMART App Launch 2.2,
 * app-launch, refresh; RFC 9700, 4.14.2). */

static void renew (MwAccess *self);

static void
use_tokens (MwAccess *self,
            gint64    lifetime)
{
  mw_access_succeed (self, self->tokens->access_token, self->tokens->expires, lifetime, self->tokens->scope);
}

/* ---- new ones --------------------------------------------------------- */

static void
kept (GObject      *source,
      GAsyncResult *result,
      gpointer      user_data)
{
  MwAccess *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!mw_tokens_keep_finish (result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        mw_access_fail_with (self, g_steal_pointer (&error));
      else
        mw_access_fail (self, MW_ACCESS_ERROR_PERSON, error->message);
      return;
    }
  self->unkept = FALSE;
  /* a keyring may have been locked for longer than the token lives */
  if (self->tokens->expires <= self->now (self->now_data))
    renew (self);
  else
    use_tokens (self, self->tokens->expires - self->now (self->now_data));
}

static void
keep (MwAccess *self)
{
  self->renewing = TRUE;
  mw_tokens_keep_async (self->row, self->tokens, NULL, kept, self);
}

static void
renewed (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  MwAccess *self = user_data;
  GError   *error = NULL;
  MwTokens *tokens;
  g_autoptr (MwOauthAnswer) answer = mw_oauth_token_finish (result, &error);

  if (answer == NULL)
    {
      mw_access_fail_with (self, error);
      return;
    }
  mw_access_note (self, answer);
  if (answer->access_token == NULL)
    {
      mw_access_refuse (self, answer);
      return;
    }
  tokens = g_new0 (MwTokens, 1);
  tokens->access_token = g_steal_pointer (&answer->access_token);
  /* a server that sends none leaves the old one good (RFC 6749, 6) */
  tokens->refresh_token = g_strdup (answer->refresh_token != NULL ? answer->refresh_token : self->tokens->refresh_token);
  tokens->scope = g_strdup (answer->scope != NULL ? answer->scope : self->tokens->scope);
  tokens->expires = self->asked + answer->lifetime;
  g_free (self->spent);
  self->spent = g_strdup (self->tokens->refresh_token);
  mw_tokens_free (self->tokens);
  self->tokens = tokens;
  self->unkept = TRUE;
  keep (self);
}

static void
renew (MwAccess *self)
{
  if (self->tokens->refresh_token == NULL)
    {
      mw_access_fail (self, MW_ACCESS_ERROR_PERSON, _ ("Your sign-in at this server has ended, and the server lets nobody stay signed in. Sign in again."));
      return;
    }
  self->renewing = TRUE;
  mw_access_ask (self, "refresh_token", "refresh_token", self->tokens->refresh_token, renewed);
}

/* ---- those that are kept ------------------------------------------------ */

static gboolean
are_good (MwAccess       *self,
          const MwTokens *tokens)
{
  return tokens->access_token != NULL && g_strcmp0 (tokens->access_token, self->refused) != 0 &&
         tokens->expires - MW_ACCESS_MARGIN > self->now (self->now_data);
}

static void
loaded (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  MwAccess *self = user_data;
  g_autoptr (GError) error = NULL;
  MwTokens *tokens = mw_tokens_load_finish (result, &error);

  /* ours take the place of those that they were got with; not of none, after a sign-out, nor of another sign-in's */
  if (self->unkept && tokens != NULL && g_strcmp0 (tokens->refresh_token, self->spent) == 0)
    {
      mw_tokens_free (tokens);
      keep (self);
      return;
    }
  if (tokens != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    self->unkept = FALSE;
  if (tokens == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        mw_access_fail_with (self, g_steal_pointer (&error));
      else
        mw_access_fail (self, MW_ACCESS_ERROR_PERSON, error->message);
      return;
    }
  g_clear_pointer (&self->tokens, mw_tokens_free);
  self->tokens = tokens;
  if (are_good (self, tokens))
    use_tokens (self, G_MAXINT64);
  else
    renew (self);
}

static void
locked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  MwAccess *self = user_data;
  g_autoptr (GError) error = NULL;

  self->lock = mw_tokens_lock_finish (result, &error);
  if (self->lock != NULL)
    mw_tokens_load_async (self->row, self->cancellable, loaded, self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mw_access_fail_with (self, g_steal_pointer (&error));
  else
    mw_access_fail (self, MW_ACCESS_ERROR_PERSON, error->message);
}

/* Goes in with what a person's sign-in gave */
void
mw_access_use_sign_in (MwAccess *self)
{
  mw_tokens_lock_async (self->row, self->cancellable, locked, self);
}
