/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* When a window's first frame is on the screen, and when the first one that shows its content: what a
 * person waits for at start. */

/**
 * MwFilledFunc:
 *
 * Returns: whether the frame that was drawn just now shows the content of @window
 */
typedef gboolean (*MwFilledFunc) (GtkWindow *window);

void mw_first_frame_watch_from_environment (GtkWindow   *window,
                                            MwFilledFunc is_filled);

G_END_DECLS
