/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/* Splits a Bundle into its entries while it streams in, so that a Bundle of any size takes the
 * memory of its largest entry (a 95 MB Bundle as one tree takes 637 MB). */

/** MW_BUNDLE_MAX_ENTRY: bytes of one entry; a larger one is skipped and reported */
#define MW_BUNDLE_MAX_ENTRY (32 * 1024 * 1024)
/** MW_BUNDLE_MAX_ENTRIES: entries of one Bundle */
#define MW_BUNDLE_MAX_ENTRIES 1000000

#define MW_TYPE_BUNDLE_READER (mw_bundle_reader_get_type ())
G_DECLARE_FINAL_TYPE (MwBundleReader, mw_bundle_reader, MW, BUNDLE_READER, GObject)

/**
 * MwBundleEntryFunc:
 * @entry: the JSON text of one Bundle.entry, exactly as it came
 * @error: (nullable): why the entry cannot be used (too large, too deep); @entry then holds its first 64 KiB
 *
 * Called for each entry in order, from mw_bundle_reader_push().
 */
typedef void (*MwBundleEntryFunc) (MwBundleReader *self,
                                   GBytes         *entry,
                                   const GError   *error,
                                   gpointer        user_data);

MwBundleReader *mw_bundle_reader_new (MwBundleEntryFunc func,
                                      gpointer          user_data);
gboolean        mw_bundle_reader_push (MwBundleReader *self,
                                       const char     *data,
                                       gsize           length,
                                       GError        **error);
gboolean        mw_bundle_reader_finish (MwBundleReader *self,
                                         GError        **error);
JsonNode       *mw_bundle_reader_get_rest (MwBundleReader *self);
guint           mw_bundle_reader_get_n_entries (MwBundleReader *self);

G_END_DECLS
