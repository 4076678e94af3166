/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-judge.h"

#include "mw-outcome.h"
#include "mw-url.h"

#include <libsoup/soup.h>
#include <string.h>

#define RETRY_AFTER_FLOOR G_TIME_SPAN_SECOND

/**
 * mw_judge_is_read:
 * @method: an HTTP method
 *
 * Returns: whether it changes nothing on the server, so that any failure may be repeated at will
 */
gboolean
mw_judge_is_read (const char *method)
{
  return g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
}

gboolean
mw_judge_is_success_status (guint status)
{
  return status >= 200 && status < 300;
}

gboolean
mw_judge_is_redirect_status (guint status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/**
 * mw_judge_may_follow:
 * @first: where the request was addressed to
 * @here: where it has got to
 * @target: (nullable): where it is sent on to
 *
 * What a person addressed to one server is not carried to another, and nothing leaves encryption (wire notes 0.2).
 */
gboolean
mw_judge_may_follow (const char *method,
                     const char *first,
                     const char *here,
                     const char *target)
{
  if (target == NULL || (mw_url_is_https (here) && !mw_url_is_https (target)))
    return FALSE;
  return mw_judge_is_read (method) || mw_url_same_origin (first, target);
}

static MwTrouble
judge_io_error (gint code)
{
  switch (code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return MW_TROUBLE_REFUSED;
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return MW_TROUBLE_OFFLINE;
    case G_IO_ERROR_HOST_NOT_FOUND:
      return MW_TROUBLE_NO_ADDRESS;
    case G_IO_ERROR_TIMED_OUT:
      return MW_TROUBLE_TIMED_OUT;
    default:
      return MW_TROUBLE_CUT_OFF;
    }
}

/**
 * mw_judge_error:
 * @error: how libsoup or GIO ended an exchange
 * @started: whether the request had begun to go out
 *
 * Returns: the same for a person's words; never MW_TROUBLE_NONE
 */
MwTrouble
mw_judge_error (const GError *error,
                gboolean      started)
{
  if (error->domain == G_RESOLVER_ERROR)
    return MW_TROUBLE_NO_ADDRESS;
  /* once the request runs, a TLS fault is a connection that broke: nobody's certificate is wrong */
  if (error->domain == G_TLS_ERROR)
    return started ? MW_TROUBLE_CUT_OFF : MW_TROUBLE_TLS;
  if (error->domain == G_IO_ERROR)
    return judge_io_error (error->code);
  return MW_TROUBLE_CUT_OFF;
}

/**
 * mw_judge_retry_after:
 * @value: (nullable): a Retry-After header (RFC 9110, 10.2.3)
 * @server_date: the answer's own Date in µs since 1970, 0 when it had none
 * @now: this computer's time in µs since 1970, used only without @server_date
 *
 * A date counts from the server's own clock, since ours may be wrong. What lies in the past or is
 * negative becomes a second; what is longer than a day becomes a day.
 *
 * Returns: the wait in µs, -1 when there is none to be read
 */
gint64
mw_judge_retry_after (const char *value,
                      gint64      server_date,
                      gint64      now)
{
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) date = NULL;
  const char *digits;
  gint64      wait;

  if (value == NULL)
    return -1;
  text = g_strstrip (g_strdup (value));
  digits = text + (*text == '-' || *text == '+');
  if (*digits != '\0' && strspn (digits, "0123456789") == strlen (digits))
    {
      /* g_ascii_strtoll() saturates, and the division keeps the product in range */
      gint64 seconds = g_ascii_strtoll (text, NULL, 10);

      wait = CLAMP (seconds, 0, MW_RETRY_AFTER_CAP / G_TIME_SPAN_SECOND) * G_TIME_SPAN_SECOND;
    }
  else
    {
      date = soup_date_time_new_from_http_string (text);
      if (date == NULL)
        return -1;
      wait = g_date_time_to_unix (date) * G_TIME_SPAN_SECOND - (server_date > 0 ? server_date : now);
    }
  return CLAMP (wait, RETRY_AFTER_FLOOR, MW_RETRY_AFTER_CAP);
}

/**
 * mw_judge_may_be_json:
 * @content_type: (nullable): a media type in lower case, without parameters
 *
 * Servers say application/json, application/json+fhir or nothing at all for FHIR; what the body says
 * decides (wire notes 0.1). Markup is never looked into.
 *
 * Returns: whether the body is worth parsing as JSON
 */
gboolean
mw_judge_may_be_json (const char *content_type)
{
  return content_type == NULL || strstr (content_type, "json") != NULL ||
         g_str_equal (content_type, "text/plain") || g_str_equal (content_type, "application/octet-stream");
}

static MwAnswerClass
judge_client_error (guint status)
{
  switch (status)
    {
    case 401:
      return MW_ANSWER_SIGN_IN;
    case 403:
      return MW_ANSWER_FORBIDDEN;
    case 404:
      return MW_ANSWER_NOT_FOUND;
    case 405:
    case 406:
    case 415:
      return MW_ANSWER_UNSUPPORTED;
    case 408:
    case 425:
    case 429:
      return MW_ANSWER_TEMPORARY;
    case 409:
    case 412:
    case 428:
      return MW_ANSWER_CONFLICT;
    case 410:
      return MW_ANSWER_GONE;
    case 413:
      return MW_ANSWER_TOO_LARGE;
    default:
      return MW_ANSWER_REJECTED;
    }
}

/* 409 on our own POST may only mean that another one held the lock (wire notes 0.2) */
static gboolean
is_passing_conflict (const char *method,
                     JsonNode   *outcome)
{
  return g_str_equal (method, "POST") &&
         (mw_outcome_has_code (outcome, "conflict") || mw_outcome_has_code (outcome, "lock-error") ||
          mw_outcome_has_code (outcome, "concurrency"));
}

/**
 * mw_judge_status:
 * @method: the request's method
 * @status: an HTTP status that is no success
 * @resource: (nullable): the body, when it was JSON
 *
 * The body speaks first: where it and the number disagree, the stricter reading counts for a 4xx and
 * the milder one for a 5xx (wire notes 0.2).
 *
 * Returns: what it means
 */
MwAnswerClass
mw_judge_status (const char *method,
                 guint       status,
                 JsonNode   *resource)
{
  MwOutcomeClass outcome = mw_outcome_classify (resource);
  MwAnswerClass  answer_class;

  if (status == 304)
    return MW_ANSWER_UNCHANGED;
  if (status >= 500)
    {
      if (status != 501)
        return MW_ANSWER_TEMPORARY;
      return outcome == MW_OUTCOME_TEMPORARY ? MW_ANSWER_TEMPORARY : MW_ANSWER_UNSUPPORTED;
    }
  answer_class = status >= 400 ? judge_client_error (status) : MW_ANSWER_REJECTED;
  if (status == 409 && is_passing_conflict (method, resource))
    return MW_ANSWER_TEMPORARY;
  if ((status == 400 || status == 404) && outcome == MW_OUTCOME_UNSUPPORTED)
    return MW_ANSWER_UNSUPPORTED;
  if (answer_class == MW_ANSWER_TEMPORARY && outcome == MW_OUTCOME_UNSUPPORTED)
    return MW_ANSWER_UNSUPPORTED;
  if (answer_class == MW_ANSWER_TEMPORARY && outcome == MW_OUTCOME_PERMANENT)
    return MW_ANSWER_REJECTED;
  return answer_class;
}

static gboolean
accepts (const char *accept,
         const char *what)
{
  return strstr (accept, what) != NULL;
}

static gboolean
is_markup (const char *content_type)
{
  return content_type != NULL && (g_str_equal (content_type, "text/html") || g_str_equal (content_type, "application/xhtml+xml"));
}

/**
 * mw_judge_body:
 * @method: the request's method
 * @accept: what was asked for
 * @answer: a complete 2xx with its body, resource and content_type
 *
 * A 2xx counts only when its body is what was asked for: a captive portal answers 200 to everything.
 * A write may be answered with nothing; a read may not, but for 204.
 *
 * Returns: MW_ANSWER_DONE, MW_ANSWER_TAKEN or MW_ANSWER_NOT_FHIR
 */
MwAnswerClass
mw_judge_body (const char     *method,
               const char     *accept,
               const MwAnswer *answer)
{
  gboolean empty = answer->body == NULL || g_bytes_get_size (answer->body) == 0;
  gboolean fits;

  if (answer->status == 202)
    return !empty && is_markup (answer->content_type) ? MW_ANSWER_NOT_FHIR : MW_ANSWER_TAKEN;
  if (empty)
    return answer->status == 204 || !mw_judge_is_read (method) ? MW_ANSWER_DONE : MW_ANSWER_NOT_FHIR;

  if (accepts (accept, "application/json"))
    fits = answer->resource != NULL;
  else if (accepts (accept, "application/fhir+json"))
    fits = mw_resource_type (answer->resource) != NULL;
  else
    fits = !is_markup (answer->content_type) || accepts (accept, "text/html");
  return fits ? MW_ANSWER_DONE : MW_ANSWER_NOT_FHIR;
}

/**
 * mw_judge_broken:
 * @method: the request's method
 * @started: whether the request may have reached the server, in part or whole
 * @answer: one that did not come, or came in part: as much of it as is known, with its trouble
 *
 * Returns: what it means
 */
MwAnswerClass
mw_judge_broken (const char     *method,
                 gboolean        started,
                 const MwAnswer *answer)
{
  gboolean is_read = mw_judge_is_read (method);

  if (answer->status == 0)
    return is_read || !started ? MW_ANSWER_NOT_SENT : MW_ANSWER_UNKNOWN;
  /* the headers alone tell where the job is */
  if (answer->status == 202 && answer->content_location != NULL)
    return MW_ANSWER_TAKEN;
  /* the server acted, but what it said is lost: to be looked up */
  if (!is_read || answer->trouble == MW_TROUBLE_TOO_BIG)
    return MW_ANSWER_NOT_FHIR;
  return MW_ANSWER_NOT_SENT;
}
