/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MwFileAdderFunc:
 * @title: the file's name, for a person
 * @problem: (nullable): a sentence, when the file cannot go along; then the rest is NULL
 *
 * Called once for each file, unless it was cancelled.
 */
typedef void (*MwFileAdderFunc) (const char *title,
                                 const char *content_type,
                                 GBytes     *data,
                                 const char *problem,
                                 gpointer    user_data);

void mw_file_adder_choose (GtkWindow      *parent,
                           GCancellable   *cancellable,
                           MwFileAdderFunc func,
                           gpointer        user_data);
void mw_file_adder_read (GFile          *file,
                         GCancellable   *cancellable,
                         MwFileAdderFunc func,
                         gpointer        user_data);

G_END_DECLS
