/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-audit-verify.h"
#include "mw-audit.h"
#include "mw-json.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* The proof bundle: what the audit and the histories say about one item or a period, as one JSON document without patient
 * data, for somebody else's eyes: a help desk, an auditor, a court. It can be checked without this program: each row has
 * all that its hash is made of (mw-audit.h), and "digest" is the SHA-256 of the document without that member, in the form
 * of RFC 8785. The rows are bound to the chain; the digest only finds what happened to the file by accident, because
 * whoever changes the file can compute another. */

/** MW_AUDIT_BUNDLE_FORMAT: its member "format" */
#define MW_AUDIT_BUNDLE_FORMAT "meanwhile-proof-1"

/** MW_AUDIT_BUNDLE_MAX_ROWS: one with more is refused: nobody could read it, and it would not fit into memory twice */
#define MW_AUDIT_BUNDLE_MAX_ROWS 200000

/**
 * MwAuditBundleError:
 * @MW_AUDIT_BUNDLE_ERROR_EMPTY: there is nothing to prove
 * @MW_AUDIT_BUNDLE_ERROR_LARGE: there are more than MW_AUDIT_BUNDLE_MAX_ROWS rows
 * @MW_AUDIT_BUNDLE_ERROR_FORMAT: the document is no proof bundle of a known format
 * @MW_AUDIT_BUNDLE_ERROR_CHANGED: the document is not as it was written
 *
 * The message is a sentence for a person.
 */
typedef enum
{
  MW_AUDIT_BUNDLE_ERROR_EMPTY,
  MW_AUDIT_BUNDLE_ERROR_LARGE,
  MW_AUDIT_BUNDLE_ERROR_FORMAT,
  MW_AUDIT_BUNDLE_ERROR_CHANGED,
} MwAuditBundleError;

#define MW_AUDIT_BUNDLE_ERROR (mw_audit_bundle_error_quark ())
GQuark mw_audit_bundle_error_quark (void);

JsonNode *mw_audit_bundle_new (MwDb                *db,
                               const char          *folder,
                               const MwAuditFilter *scope,
                               gint64               now,
                               GError             **error);
JsonNode *mw_audit_bundle_parse (const char *text,
                                 gsize       length,
                                 GError    **error);
gboolean  mw_audit_bundle_check (JsonNode *bundle,
                                 guint    *n_rows,
                                 GError  **error);
gboolean  mw_audit_bundle_head (JsonNode    *bundle,
                                MwAuditHead *head);
JsonNode *mw_audit_row_to_json (const MwAuditRow *row);

/* Writes a proof bundle to a file and that in the audit. Finishes with the number of rows, or -1 */
void   mw_audit_bundle_export_async (MwStore             *store,
                                     const MwAuditFilter *scope,
                                     GFile               *file,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data);
gint64 mw_audit_bundle_export_finish (GAsyncResult *result,
                                      GError      **error);
gint64 mw_audit_bundle_note_export (MwDb    *db,
                                    gpointer scope,
                                    GError **error);

G_END_DECLS
