/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-watchdog-private.h"

struct _MwWatchdog
{
  MwClientLimits limits;
  MwWatchdogFunc func;
  gpointer       user_data;
  GMainContext  *context;
  GSource       *total;
  GSource       *connect;
  GSource       *stall;
};

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
bite (MwWatchdog *self,
      MwTrouble   trouble)
{
  clear_source (&self->total);
  mw_watchdog_rest (self);
  self->func (trouble, self->user_data);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  bite (user_data, MW_TROUBLE_TIMED_OUT);
  return G_SOURCE_REMOVE;
}

static gboolean
stuck_cb (gpointer user_data)
{
  bite (user_data, MW_TROUBLE_STUCK);
  return G_SOURCE_REMOVE;
}

static GSource *
start (MwWatchdog *self,
       guint       seconds,
       GSourceFunc func,
       const char *name)
{
  /* not the _seconds variant: it rounds to whole seconds of the clock */
  GSource *source = g_timeout_source_new (seconds * 1000);

  g_source_set_static_name (source, name);
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
  return source;
}

/**
 * mw_watchdog_new:
 * @context: (nullable): where it runs
 * @limits: in seconds; copied
 * @func: what to do when a limit is passed
 * @user_data: for @func
 *
 * Starts the clock of the whole exchange.
 *
 * Returns: (transfer full): a watchdog
 */
MwWatchdog *
mw_watchdog_new (GMainContext         *context,
                 const MwClientLimits *limits,
                 MwWatchdogFunc        func,
                 gpointer              user_data)
{
  MwWatchdog *self = g_new0 (MwWatchdog, 1);

  self->limits = *limits;
  self->func = func;
  self->user_data = user_data;
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->total = start (self, limits->total_seconds, timed_out_cb, "mw-watchdog-total");
  return self;
}

void
mw_watchdog_free (MwWatchdog *self)
{
  if (self == NULL)
    return;
  clear_source (&self->total);
  mw_watchdog_rest (self);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

/**
 * mw_watchdog_connecting:
 * @self: a watchdog
 *
 * A connection is being opened: the first call after a rest starts its clock, later ones change
 * nothing.
 */
void
mw_watchdog_connecting (MwWatchdog *self)
{
  if (self->connect == NULL && self->stall == NULL && self->total != NULL)
    self->connect = start (self, self->limits.connect_seconds, timed_out_cb, "mw-watchdog-connect");
}

/**
 * mw_watchdog_progress:
 * @self: a watchdog
 *
 * The connection stands and bytes moved: what counts from here is that they go on moving.
 */
void
mw_watchdog_progress (MwWatchdog *self)
{
  if (self->total == NULL)
    return;
  clear_source (&self->connect);
  if (self->stall == NULL)
    self->stall = start (self, self->limits.stall_seconds, stuck_cb, "mw-watchdog-stall");
  else
    g_source_set_ready_time (self->stall,
                             g_get_monotonic_time () + self->limits.stall_seconds * G_TIME_SPAN_SECOND);
}

/**
 * mw_watchdog_rest:
 * @self: a watchdog
 *
 * Between two connections only the clock of the whole exchange runs.
 */
void
mw_watchdog_rest (MwWatchdog *self)
{
  clear_source (&self->connect);
  clear_source (&self->stall);
}
