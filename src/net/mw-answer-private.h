/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-answer.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* From what libsoup has to an MwAnswer. */

MwAnswer *mw_answer_new (void);
void      mw_answer_read_headers (MwAnswer    *self,
                                  SoupMessage *message,
                                  const char  *page_url);
void      mw_answer_hide_token (GByteArray *body,
                                const char *token);
void      mw_answer_take_body (MwAnswer   *self,
                               GByteArray *body,
                               gboolean    complete);
void      mw_answer_read_detail (MwAnswer *self);
void      mw_answer_read_next (MwAnswer   *self,
                               const char *page_url,
                               const char *base_url);

G_END_DECLS
