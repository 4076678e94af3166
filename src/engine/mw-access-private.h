/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-access.h"

#include "mw-client-auth.h"
#include "mw-oauth.h"
#include "mw-tokens.h"

G_BEGIN_DECLS

/* Between the parts of a way in */

/* A token is renewed so long before its end (wire notes 1.4), or in its last quarter when it lives shorter */
#define MW_ACCESS_MARGIN (30 * G_TIME_SPAN_SECOND)

struct _MwAccess
{
  grefcount     refs;
  MwConnection *row;
  MwClient     *client;
  MwAccessNow   now;
  gpointer      now_data;

  char         *secret; /* the token, the client's secret or its key, once it was read */
  MwClientAuth *auth;
  gboolean      ready;
  gint64        renew_at; /* µs; 0 for never */
  gint64        skew;     /* of the server's clock, as the last answer showed it */
  char         *granted;

  MwTokens     *tokens;   /* of a sign-in: those to be used */
  MwTokensLock *lock;     /* while they are looked at and renewed */
  char         *refused;  /* the token that the server did not take any more */
  gboolean      old;      /* the token in use was kept before: the server may have ended it meanwhile */
  gboolean      unkept;   /* they are newer than what is kept: not to be used before that is done */
  char         *spent;    /* the refresh token that they were got with */
  gboolean      renewing; /* its answer, or the keeping of it, is under way: not to be cut off */

  GPtrArray    *waiters;   /* GTasks */
  gboolean      under_way; /* a token is being got */
  gboolean      stopped;
  GCancellable *cancellable;
  gint64        asked;
  gboolean      asked_again; /* by the server's clock */
  MwAnswer     *answer;      /* the last one of the token endpoint */
};

/* Each takes the request's own hold on @self, too */
void mw_access_succeed (MwAccess   *self,
                        const char *token,
                        gint64      end,
                        gint64      lifetime,
                        const char *scope);
void mw_access_fail (MwAccess     *self,
                     MwAccessError code,
                     const char   *sentence);
void mw_access_fail_with (MwAccess *self,
                          GError   *error);
void mw_access_refuse (MwAccess            *self,
                       const MwOauthAnswer *answer);

void mw_access_ask (MwAccess           *self,
                    const char         *grant_type,
                    const char         *name,
                    const char         *value,
                    GAsyncReadyCallback callback);
void mw_access_note (MwAccess      *self,
                     MwOauthAnswer *answer);
void mw_access_use_sign_in (MwAccess *self);

G_END_DECLS
