/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-store"

#include "mw-thread-priority.h"

#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Above 0 gives way; 10 is about a tenth of a processor beside a thread that wants it all */
#define BACKGROUND_NICE 10
/* How long a thread may go on before another one's turn, in ns. Since Linux 6.12 whoever asks for short turns
 * gets the first of them soon after it wakes; before, a thread that draws waits for the turns of others to end.
 * Older kernels take no notice */
#define DRAWING_TURN 200000
#define BACKGROUND_TURN 10000000
/* SCHED_FLAG_RESET_ON_FORK */
#define NOT_FOR_CHILDREN 1

/* What sched_setattr(2) takes, of the first version; no C library before glibc 2.41 has a name for it */
typedef struct
{
  guint32 size;
  guint32 policy;
  guint64 flags;
  gint32  nice;
  guint32 priority;
  guint64 runtime;
  guint64 deadline;
  guint64 period;
} SchedulingAttributes;

static void
set_scheduling (guint32 policy,
                guint64 flags,
                int     nice_value,
                guint64 turn)
{
  SchedulingAttributes attributes = { .size = sizeof attributes, .policy = policy, .flags = flags, .nice = nice_value, .runtime = turn };

  /* 0 is the calling thread */
  if (syscall (SYS_sched_setattr, 0, &attributes, 0) != 0)
    g_debug ("A thread keeps its priority: %s", g_strerror (errno));
}

/**
 * mw_thread_priority_draw:
 *
 * For the thread that draws: has it go on soon after it wakes, also while others work. It takes no more of
 * the processor than before, and threads and programs that it starts have nothing of it.
 */
void
mw_thread_priority_draw (void)
{
  set_scheduling (SCHED_OTHER, NOT_FOR_CHILDREN, getpriority (PRIO_PROCESS, 0), DRAWING_TURN);
}

/**
 * mw_thread_priority_step_back:
 *
 * Lets the thread that draws go first from now on, where processors are few: for threads that work in
 * the background. Once in the life of a thread; later calls do nothing.
 */
void
mw_thread_priority_step_back (void)
{
  static GPrivate done = G_PRIVATE_INIT (NULL);

  if (g_private_get (&done) != NULL)
    return;
  g_private_set (&done, &done);
  set_scheduling (SCHED_BATCH, 0, MAX (getpriority (PRIO_PROCESS, 0), BACKGROUND_NICE), BACKGROUND_TURN);
}
