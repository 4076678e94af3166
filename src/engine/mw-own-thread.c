/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-own-thread.h"

typedef struct
{
  MwOwnThreadFunc begin;
  GDestroyNotify  result_free;
  GMainLoop      *loop;
  gpointer        result;
  GError         *error;
} Own;

static void
ended (GObject      *source,
       GAsyncResult *result,
       gpointer      user_data)
{
  Own *own = user_data;

  own->result = g_task_propagate_pointer (G_TASK (result), &own->error);
  g_main_loop_quit (own->loop);
}

static void
run (GTask        *task,
     gpointer      source,
     gpointer      data,
     GCancellable *cancellable)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Own   *own = g_object_get_data (G_OBJECT (task), "mw-own-thread");
  GTask *inner;

  own->loop = g_main_loop_new (context, FALSE);
  g_main_context_push_thread_default (context);
  inner = g_task_new (NULL, cancellable, ended, own);
  own->begin (inner, data);
  g_object_unref (inner);
  g_main_loop_run (own->loop);
  g_main_context_pop_thread_default (context);
  g_main_loop_unref (own->loop);
  if (own->error != NULL)
    g_task_return_error (task, own->error);
  else
    g_task_return_pointer (task, own->result, own->result_free);
}

/**
 * mw_own_thread_run:
 * @task: what is waited for; its data goes to @begin
 * @begin: begins the work there
 * @result_free: for a result that nobody takes
 *
 * Runs asynchronous calls, such as those of a client, on a thread with a main context of their own, so that what they
 * read is not taken apart on the caller's. Ends @task with their result.
 */
void
mw_own_thread_run (GTask          *task,
                   MwOwnThreadFunc begin,
                   GDestroyNotify  result_free)
{
  Own *own = g_new0 (Own, 1);

  own->begin = begin;
  own->result_free = result_free;
  g_object_set_data_full (G_OBJECT (task), "mw-own-thread", own, g_free);
  g_task_run_in_thread (task, run);
}
