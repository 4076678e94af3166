/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is wrong with a request: an HTTP status and the issues of an OperationOutcome. */
typedef struct
{
  guint     status;
  JsonNode *outcome;
  gboolean  insufficient_scope; /* the token does not allow it */
} MwIssues;

MwIssues *mw_issues_new (void);
void      mw_issues_free (MwIssues *self);
gboolean  mw_issues_any (const MwIssues *self);
void      mw_issues_add (MwIssues   *self,
                         guint       status,
                         const char *code,
                         const char *expression,
                         const char *format,
                         ...) G_GNUC_PRINTF (5, 6);
void      mw_issues_merge (MwIssues   *self,
                           MwIssues   *other,
                           const char *prefix);
JsonNode *mw_issues_outcome (MwIssues *self);
JsonNode *mw_outcome_new (const char *severity,
                          const char *code,
                          const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwIssues, mw_issues_free)

G_END_DECLS
