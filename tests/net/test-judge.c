/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-judge.h"
#include "mw-json.h"

#define SECOND G_TIME_SPAN_SECOND

/* wire notes 0.2: by number alone, then with what the body says */
static void
test_status (void)
{
  static const struct
  {
    guint         status;
    const char   *code;
    MwAnswerClass answer_class;
  } cases[] = {
    { 304, NULL, MW_ANSWER_UNCHANGED },
    { 300, NULL, MW_ANSWER_REJECTED },
    { 400, NULL, MW_ANSWER_REJECTED },
    { 401, NULL, MW_ANSWER_SIGN_IN },
    { 402, NULL, MW_ANSWER_REJECTED },
    { 403, NULL, MW_ANSWER_FORBIDDEN },
    { 404, NULL, MW_ANSWER_NOT_FOUND },
    { 405, NULL, MW_ANSWER_UNSUPPORTED },
    { 406, NULL, MW_ANSWER_UNSUPPORTED },
    { 408, NULL, MW_ANSWER_TEMPORARY },
    { 409, NULL, MW_ANSWER_CONFLICT },
    { 410, NULL, MW_ANSWER_GONE },
    { 412, NULL, MW_ANSWER_CONFLICT },
    { 413, NULL, MW_ANSWER_TOO_LARGE },
    { 415, NULL, MW_ANSWER_UNSUPPORTED },
    { 422, NULL, MW_ANSWER_REJECTED },
    { 425, NULL, MW_ANSWER_TEMPORARY },
    { 428, NULL, MW_ANSWER_CONFLICT },
    { 429, NULL, MW_ANSWER_TEMPORARY },
    { 451, NULL, MW_ANSWER_REJECTED },
    { 500, NULL, MW_ANSWER_TEMPORARY },
    { 501, NULL, MW_ANSWER_UNSUPPORTED },
    { 502, NULL, MW_ANSWER_TEMPORARY },
    { 503, NULL, MW_ANSWER_TEMPORARY },
    { 504, NULL, MW_ANSWER_TEMPORARY },
    { 511, NULL, MW_ANSWER_TEMPORARY },
    { 522, NULL, MW_ANSWER_TEMPORARY },
    /* the stricter reading for a 4xx */
    { 400, "transient", MW_ANSWER_REJECTED },
    { 422, "timeout", MW_ANSWER_REJECTED },
    { 403, "throttled", MW_ANSWER_FORBIDDEN },
    { 429, "throttled", MW_ANSWER_TEMPORARY },
    { 429, "processing", MW_ANSWER_TEMPORARY },
    { 429, "too-costly", MW_ANSWER_REJECTED },
    { 408, "invalid", MW_ANSWER_REJECTED },
    { 429, "not-supported", MW_ANSWER_UNSUPPORTED },
    /* the milder one for a 5xx */
    { 500, "invalid", MW_ANSWER_TEMPORARY },
    { 500, "transient", MW_ANSWER_TEMPORARY },
    { 503, "forbidden", MW_ANSWER_TEMPORARY },
    { 501, "not-supported", MW_ANSWER_UNSUPPORTED },
    { 501, "transient", MW_ANSWER_TEMPORARY },
    /* HAPI answers 400 to an operation it does not know */
    { 400, "not-supported", MW_ANSWER_UNSUPPORTED },
    { 404, "not-supported", MW_ANSWER_UNSUPPORTED },
    { 404, "not-found", MW_ANSWER_NOT_FOUND },
    { 403, "not-supported", MW_ANSWER_FORBIDDEN },
    { 409, "duplicate", MW_ANSWER_CONFLICT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) outcome = NULL;

      if (cases[i].code != NULL)
        {
          outcome = mw_resource_new ("OperationOutcome");
          mw_json_set (outcome, "issue[0].severity", "error");
          mw_json_set (outcome, "issue[0].code", cases[i].code);
        }
      g_test_message ("%u %s", cases[i].status, cases[i].code);
      g_assert_cmpint (mw_judge_status ("POST", cases[i].status, outcome), ==, cases[i].answer_class);
    }
}

/* A lock on our own POST passes; on a PUT somebody else changed the resource */
static void
test_conflict (void)
{
  static const char *const codes[] = { "conflict", "lock-error" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (JsonNode) outcome = mw_resource_new ("OperationOutcome");

      mw_json_set (outcome, "issue[0].severity", "error");
      mw_json_set (outcome, "issue[0].code", codes[i]);
      g_assert_cmpint (mw_judge_status ("POST", 409, outcome), ==, MW_ANSWER_TEMPORARY);
      g_assert_cmpint (mw_judge_status ("PUT", 409, outcome), ==, MW_ANSWER_CONFLICT);
      g_assert_cmpint (mw_judge_status ("POST", 412, outcome), ==, MW_ANSWER_CONFLICT);
    }
}

static void
test_retry_after (void)
{
  /* 1999-12-31T23:59:00Z */
  const gint64 server = G_GINT64_CONSTANT (946684740) * SECOND;
  const gint64 ours = G_GINT64_CONSTANT (1800000000) * SECOND;
  static const struct
  {
    const char *value;
    gint64      wait;
  } cases[] = {
    { NULL, -1 },
    { "", -1 },
    { "soon", -1 },
    { "1.5", -1 },
    { "12 seconds", -1 },
    { "Fri, 99 Foo 1999", -1 },
    { "0", SECOND },
    { "1", SECOND },
    { "-5", SECOND },
    { " 120 ", 120 * SECOND },
    { "86400", MW_RETRY_AFTER_CAP },
    { "86401", MW_RETRY_AFTER_CAP },
    { "31536000", MW_RETRY_AFTER_CAP },
    { "99999999999999999999999999", MW_RETRY_AFTER_CAP },
    { "-99999999999999999999999999", SECOND },
    { "Fri, 31 Dec 1999 23:59:59 GMT", 59 * SECOND },
    { "Friday, 31-Dec-99 23:59:59 GMT", 59 * SECOND },
    { "Fri, 31 Dec 1999 23:58:00 GMT", SECOND },
    { "Sun, 31 Dec 2000 23:59:59 GMT", MW_RETRY_AFTER_CAP },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].value);
      g_assert_cmpint (mw_judge_retry_after (cases[i].value, server, ours), ==, cases[i].wait);
    }
  /* without a Date there is only our clock */
  g_assert_cmpint (mw_judge_retry_after ("Fri, 31 Dec 1999 23:59:59 GMT", 0, server), ==, 59 * SECOND);
}

static void
test_errors (void)
{
  const struct
  {
    GQuark    domain;
    gint      code;
    gboolean  started;
    MwTrouble trouble;
  } cases[] = {
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, FALSE, MW_TROUBLE_NO_ADDRESS },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, FALSE, MW_TROUBLE_NO_ADDRESS },
    { G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, FALSE, MW_TROUBLE_NO_ADDRESS },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, FALSE, MW_TROUBLE_REFUSED },
    { G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED, FALSE, MW_TROUBLE_REFUSED },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, FALSE, MW_TROUBLE_OFFLINE },
    { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, FALSE, MW_TROUBLE_OFFLINE },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, FALSE, MW_TROUBLE_TIMED_OUT },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, TRUE, MW_TROUBLE_CUT_OFF },
    { G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, TRUE, MW_TROUBLE_CUT_OFF },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, FALSE, MW_TROUBLE_TLS },
    { G_TLS_ERROR, G_TLS_ERROR_EOF, TRUE, MW_TROUBLE_CUT_OFF },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (cases[i].domain, cases[i].code, "x");

      g_assert_cmpint (mw_judge_error (error, cases[i].started), ==, cases[i].trouble);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/judge/status", test_status);
  g_test_add_func ("/net/judge/conflict", test_conflict);
  g_test_add_func ("/net/judge/retry-after", test_retry_after);
  g_test_add_func ("/net/judge/errors", test_errors);
  return g_test_run ();
}
