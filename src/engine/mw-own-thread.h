/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MwOwnThreadFunc:
 * @task: to be ended with a pointer or an error, in the course of asynchronous calls
 * @data: the task data of the outer task
 *
 * Begins work on the thread and the thread-default main context that were made for it.
 */
typedef void (*MwOwnThreadFunc) (GTask   *task,
                                 gpointer data);

void mw_own_thread_run (GTask          *task,
                        MwOwnThreadFunc begin,
                        GDestroyNotify  result_free);

G_END_DECLS
