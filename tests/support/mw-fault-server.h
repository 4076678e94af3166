/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A loopback HTTP server that misbehaves at the level of bytes, by script or at random. It accepts
 * on a thread of its own; each connection has one too. All functions may be called from any thread.
 */

/**
 * MwFaultKind:
 * @MW_FAULT_NONE: a whole reply
 * @MW_FAULT_RESET_BEFORE_READ: reset as soon as a byte of the request can be read
 * @MW_FAULT_RESET_IN_REQUEST: reset with the header and a part of the body read
 * @MW_FAULT_RESET_BEFORE_EFFECT: reset with the whole request read, and nothing done
 * @MW_FAULT_RESET_AFTER_EFFECT: reset after the effect, with no byte of a reply
 * @MW_FAULT_CUT_HEADERS: after the effect, half of the reply's header
 * @MW_FAULT_CUT_BODY: after the effect, half of the reply's body
 * @MW_FAULT_CUT_CHUNKED: after the effect, a chunked body without its end
 * @MW_FAULT_LONG_LENGTH: after the effect, the whole body, but a Content-Length that promises more
 * @MW_FAULT_SHORT_LENGTH: after the effect, a Content-Length of half the body
 * @MW_FAULT_SILENT: reads the request, does nothing, says nothing
 * @MW_FAULT_SILENT_AFTER_EFFECT: does it and says nothing
 * @MW_FAULT_STALL_BODY: after the effect, half of the body and then nothing
 * @MW_FAULT_SLOW_HEADERS: after the effect, the reply byte by byte, from the first
 * @MW_FAULT_SLOW_BODY: after the effect, the body byte by byte
 * @MW_FAULT_ENDLESS_BODY: after the effect, a body that has no end
 *
 * What goes wrong with one request. "Effect" is what the handler does with it.
 */
typedef enum
{
  MW_FAULT_NONE,
  MW_FAULT_RESET_BEFORE_READ,
  MW_FAULT_RESET_IN_REQUEST,
  MW_FAULT_RESET_BEFORE_EFFECT,
  MW_FAULT_RESET_AFTER_EFFECT,
  MW_FAULT_CUT_HEADERS,
  MW_FAULT_CUT_BODY,
  MW_FAULT_CUT_CHUNKED,
  MW_FAULT_LONG_LENGTH,
  MW_FAULT_SHORT_LENGTH,
  MW_FAULT_SILENT,
  MW_FAULT_SILENT_AFTER_EFFECT,
  MW_FAULT_STALL_BODY,
  MW_FAULT_SLOW_HEADERS,
  MW_FAULT_SLOW_BODY,
  MW_FAULT_ENDLESS_BODY,
} MwFaultKind;

/**
 * MwFaultRequest:
 * @method: as it came
 * @target: path and query, as they came
 * @headers: by lower-case name
 * @body: what came of it
 * @connection: on which accepted connection, from 1
 *
 * A request that arrived, at least with its header.
 */
typedef struct
{
  gatomicrefcount references;
  char           *method;
  char           *target;
  GHashTable     *headers;
  GBytes         *body;
  guint           connection;
} MwFaultRequest;

MwFaultRequest *mw_fault_request_ref (MwFaultRequest *self);
void            mw_fault_request_unref (MwFaultRequest *self);
const char     *mw_fault_request_header (MwFaultRequest *self,
                                         const char     *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwFaultRequest, mw_fault_request_unref)

/**
 * MwFaultReply:
 * @status: HTTP status
 * @headers: whole lines, each ended by CR LF; Content-Length is added
 * @body: what to say
 */
typedef struct
{
  guint    status;
  GString *headers;
  GString *body;
} MwFaultReply;

void mw_fault_reply_header (MwFaultReply *self,
                            const char   *name,
                            const char   *value);

/**
 * MwFaultHandler:
 *
 * Has the effect of a request and says what to reply. Called from the threads of the connections,
 * one at a time.
 */
typedef void (*MwFaultHandler) (MwFaultRequest *request,
                                MwFaultReply   *reply,
                                gpointer        user_data);

typedef struct _MwFaultServer MwFaultServer;

MwFaultServer  *mw_fault_server_new (MwFaultHandler   handler,
                                     gpointer         user_data,
                                     GTlsCertificate *certificate);
void            mw_fault_server_free (MwFaultServer *self);
const char     *mw_fault_server_get_url (MwFaultServer *self);
void            mw_fault_server_script (MwFaultServer *self,
                                        MwFaultKind    fault);
void            mw_fault_server_script_reply (MwFaultServer *self,
                                              MwFaultKind    fault,
                                              guint          status,
                                              const char    *headers,
                                              const char    *body,
                                              gssize         length);
void            mw_fault_server_set_random (MwFaultServer *self,
                                            guint32        seed,
                                            double         rate);
void            mw_fault_server_set_pace (MwFaultServer *self,
                                          guint          milliseconds);
guint           mw_fault_server_n_connections (MwFaultServer *self);
guint           mw_fault_server_n_requests (MwFaultServer *self);
guint           mw_fault_server_n_faults (MwFaultServer *self);
MwFaultRequest *mw_fault_server_get_request (MwFaultServer *self,
                                             guint          index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwFaultServer, mw_fault_server_free)

G_END_DECLS
