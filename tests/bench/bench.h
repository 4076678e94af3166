/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BenchFunc:
 *
 * One round of one contestant.
 *
 * Returns: µs for one operation
 */
typedef double (*BenchFunc) (gpointer data);

void  bench_compare (const char *what,
                     const char *ours_name,
                     BenchFunc   ours,
                     const char *bare_name,
                     BenchFunc   bare,
                     gpointer    data);
char *bench_folder_new (void);
void  bench_folder_remove (char *folder);

G_END_DECLS
