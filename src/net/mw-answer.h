/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MwAnswerClass:
 * @MW_ANSWER_DONE: 200, 201, 204: the server did it
 * @MW_ANSWER_TAKEN: 202: the server took it into custody; with a content_location a job was begun
 * @MW_ANSWER_UNCHANGED: 304
 * @MW_ANSWER_TEMPORARY: 408, 425, 429, 500, 502, 503, 504: worth another try, after retry_after
 * @MW_ANSWER_NOT_SENT: no network, no address, refused, TLS fault, a time-out before the body went
 *   out: nothing reached the server, a repeat is safe
 * @MW_ANSWER_UNKNOWN: the connection ended after the body may have gone out: it may have taken effect
 * @MW_ANSWER_SIGN_IN: 401
 * @MW_ANSWER_FORBIDDEN: 403
 * @MW_ANSWER_NOT_FOUND: 404
 * @MW_ANSWER_GONE: 410
 * @MW_ANSWER_CONFLICT: 409, 412, 428
 * @MW_ANSWER_UNSUPPORTED: 405, 406, 415, 501, or a 400/404 whose outcome says not-supported: another
 *   way of sending may work
 * @MW_ANSWER_TOO_LARGE: 413
 * @MW_ANSWER_REJECTED: 400, 422 and every other final refusal
 * @MW_ANSWER_NOT_FHIR: a 2xx whose body is not what was asked for: HTML, cut short, another type
 *
 * What an answer means for the sender (wire notes 0.2). The body speaks before the number: an
 * OperationOutcome moves a 4xx to the stricter reading and a 5xx to the milder one.
 */
typedef enum
{
  MW_ANSWER_DONE,
  MW_ANSWER_TAKEN,
  MW_ANSWER_UNCHANGED,
  MW_ANSWER_TEMPORARY,
  MW_ANSWER_NOT_SENT,
  MW_ANSWER_UNKNOWN,
  MW_ANSWER_SIGN_IN,
  MW_ANSWER_FORBIDDEN,
  MW_ANSWER_NOT_FOUND,
  MW_ANSWER_GONE,
  MW_ANSWER_CONFLICT,
  MW_ANSWER_UNSUPPORTED,
  MW_ANSWER_TOO_LARGE,
  MW_ANSWER_REJECTED,
  MW_ANSWER_NOT_FHIR,
} MwAnswerClass;

/**
 * MwTrouble:
 *
 * Why nothing usable came back, for the words a person sees; MW_TROUBLE_NONE with any HTTP status.
 * MW_TROUBLE_CERTIFICATE: the server asks for a certificate of this computer, or hangs up after it was shown one.
 */
typedef enum
{
  MW_TROUBLE_NONE,
  MW_TROUBLE_OFFLINE,
  MW_TROUBLE_NO_ADDRESS,
  MW_TROUBLE_REFUSED,
  MW_TROUBLE_TIMED_OUT,
  MW_TROUBLE_CUT_OFF,
  MW_TROUBLE_TLS,
  MW_TROUBLE_REDIRECT,
  MW_TROUBLE_TOO_BIG,
  MW_TROUBLE_STUCK,
  MW_TROUBLE_CERTIFICATE,
} MwTrouble;

/**
 * MwAnswer:
 * @answer_class: what it means
 * @status: the HTTP status, 0 when there was none
 * @trouble: what went wrong below HTTP
 * @resent: the request went out a second time, since a connection that had served before was dead: the first time may
 *   have had its effect
 * @tls_errors: with MW_TROUBLE_TLS, what is wrong with the server's certificate, as far as that is known
 * @resource: (nullable): the body when it is FHIR JSON (or plain JSON of a job status)
 * @body: (nullable): the body as it came, within the cap of the request
 * @content_type: (nullable): its media type without parameters, lower case
 * @location: (nullable): absolute
 * @content_location: (nullable): absolute
 * @etag: (nullable): as it came
 * @retry_after: µs from now, floor 1 s, cap 24 h; -1 when the server said nothing
 * @server_date: the Date header in µs since 1970; 0 when absent
 * @detail: (nullable): one line for a person from the OperationOutcome, else NULL. May hold patient data:
 *   for the item's journal and the screen, never for a log
 * @token_serial: of the token that the request went with, see mw_client_get_token_serial()
 * @next: (nullable): of a searchset: Bundle.link[next], absolute
 *
 * How one exchange ended.
 */
typedef struct
{
  MwAnswerClass answer_class;
  guint         status;
  MwTrouble     trouble;
  gboolean      resent;

  GTlsCertificateFlags tls_errors;

  JsonNode *resource;
  GBytes   *body;
  char     *content_type;
  char     *location;
  char     *content_location;
  char     *etag;
  gint64    retry_after;
  gint64    server_date;
  char     *detail;
  guint     token_serial;
  char     *next;
} MwAnswer;

void     mw_answer_free (MwAnswer *self);
gboolean mw_answer_is_success (const MwAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwAnswer, mw_answer_free)

G_END_DECLS
