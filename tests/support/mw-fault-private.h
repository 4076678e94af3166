/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-fault-server.h"

G_BEGIN_DECLS

typedef struct
{
  MwFaultKind fault;
  guint       status; /* 0: the handler replies */
  char       *headers;
  GBytes     *body;
} MwFaultStep;

struct _MwFaultServer
{
  MwFaultHandler   handler;
  gpointer         user_data;
  GTlsCertificate *certificate;
  char            *url;

  GThread      *thread;
  GMainContext *context;
  GMainLoop    *loop;
  GCancellable *stop;

  GMutex     mutex;
  GCond      cond;
  gboolean   ready;
  guint      n_running;
  guint      n_connections;
  guint      n_faults;
  GPtrArray *requests;
  GQueue     script;
  GRand     *random;
  double     rate;
  guint      pace_ms;
  int        hold_ms; /* how long silence lasts; -1: until the client goes */

  GMutex handling;
};

MwFaultStep *mw_fault_server_next_step (MwFaultServer *self);
void         mw_fault_step_free (gpointer data);
void         mw_fault_peer_serve (MwFaultServer *self, GSocketConnection *connection, guint number);

G_END_DECLS
