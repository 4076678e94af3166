/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net-fixture.h"

#include "mw-json.h"

#include <string.h>

static const char big_header_name[] = "X-Big: ";

static void
test_create (Fixture      *self,
             gconstpointer data)
{
  g_autoptr (MwAnswer) answer = fixture_post (self);
  g_autofree char *location = g_strconcat (mw_fault_server_get_url (self->server), "/Task/L1/_history/1", NULL);

  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_NONE);
  g_assert_cmpuint (answer->status, ==, 201);
  g_assert_cmpstr (answer->content_type, ==, "application/fhir+json");
  g_assert_cmpstr (answer->location, ==, location);
  g_assert_cmpstr (answer->etag, ==, "W/\"1\"");
  g_assert_true (mw_resource_is (answer->resource, "Task"));
  g_assert_nonnull (answer->body);
  g_assert_null (answer->detail);
  g_assert_true (mw_answer_is_success (answer));
}

static void
test_headers (Fixture      *self,
              gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  MwHttpRequest request = {
    .method = "PUT",
    .url = "Task/1?x=a%7Cb",
    .body = body,
    .prefer = "return=minimal",
    .if_match = "W/\"3\"",
    .if_none_match = "W/\"4\"",
    .if_none_exist = "identifier=s%7Cv",
    .request_id = "r-1",
  };
  g_autoptr (MwAnswer) answer = NULL;
  g_autoptr (MwFaultRequest) seen = NULL;

  mw_client_set_token (self->client, " secret-token\n");
  answer = fixture_run (self->client, &request);
  seen = mw_fault_server_get_request (self->server, 0);
  g_assert_cmpstr (seen->method, ==, "PUT");
  g_assert_cmpstr (seen->target, ==, "/Task/1?x=a%7Cb");
  g_assert_cmpstr (mw_fault_request_header (seen, "Accept"), ==, "application/fhir+json");
  g_assert_cmpstr (mw_fault_request_header (seen, "Content-Type"), ==, "application/fhir+json");
  g_assert_cmpstr (mw_fault_request_header (seen, "Prefer"), ==, "return=minimal");
  g_assert_cmpstr (mw_fault_request_header (seen, "If-Match"), ==, "W/\"3\"");
  g_assert_cmpstr (mw_fault_request_header (seen, "If-None-Match"), ==, "W/\"4\"");
  g_assert_cmpstr (mw_fault_request_header (seen, "If-None-Exist"), ==, "identifier=s%7Cv");
  g_assert_cmpstr (mw_fault_request_header (seen, "X-Request-Id"), ==, "r-1");
  g_assert_cmpstr (mw_fault_request_header (seen, "Authorization"), ==, "Bearer secret-token");
  g_assert_true (g_str_has_prefix (mw_fault_request_header (seen, "User-Agent"), "Meanwhile/"));
  g_assert_null (mw_fault_request_header (seen, "Cookie"));
  g_assert_cmpuint (g_bytes_get_size (seen->body), ==, 2);
}

/* Nothing that could split a header leaves */
static void
test_injection (Fixture      *self,
                gconstpointer data)
{
  MwHttpRequest request = { .method = "GET", .url = "Task", .if_none_match = "x\r\nX-Evil: 1" };
  g_autoptr (MwAnswer) answer = fixture_run (self->client, &request);
  g_autoptr (MwAnswer) lost = fixture_get (self, "../x");
  g_autoptr (MwAnswer) without = NULL;
  g_autoptr (MwFaultRequest) seen = NULL;

  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_REJECTED);
  g_assert_cmpuint (answer->status, ==, 0);
  g_assert_cmpint (lost->answer_class, ==, MW_ANSWER_REJECTED);
  g_assert_cmpint (lost->trouble, ==, MW_TROUBLE_NO_ADDRESS);
  g_assert_cmpuint (mw_fault_server_n_requests (self->server), ==, 0);

  g_test_expect_message ("mw-net", G_LOG_LEVEL_WARNING, "*token*");
  mw_client_set_token (self->client, "a\r\nX-Evil: 1");
  g_test_assert_expected_messages ();
  without = fixture_get (self, "metadata");
  seen = mw_fault_server_get_request (self->server, 0);
  g_assert_null (mw_fault_request_header (seen, "Authorization"));
  g_assert_null (mw_fault_request_header (seen, "X-Evil"));
}

typedef struct
{
  const char   *name;
  guint         status;
  const char   *headers;
  const char   *body;
  MwAnswerClass read;
  MwAnswerClass write;
} Row;

/* wire notes 0.2 and 0.3, and what a network in between makes up */
static const Row rows[] = {
  { "resource", 200, FHIR, TASK, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "old-type", 200, "Content-Type: application/json+fhir; charset=utf-8\r\n", TASK, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "plain-type", 200, "Content-Type: application/json\r\n", TASK, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "upper-type", 200, "Content-Type: Application/FHIR+JSON\r\n", TASK, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "no-type", 200, "", TASK, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "byte-order-mark", 200, FHIR, "\xEF\xBB\xBF" TASK, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "created-without-location", 201, FHIR, TASK, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "created-empty", 201, "Location: /Task/1\r\n", NULL, MW_ANSWER_NOT_FHIR, MW_ANSWER_DONE },
  { "empty", 200, "", NULL, MW_ANSWER_NOT_FHIR, MW_ANSWER_DONE },
  { "no-content", 204, "", NULL, MW_ANSWER_DONE, MW_ANSWER_DONE },
  { "accepted", 202, "", NULL, MW_ANSWER_TAKEN, MW_ANSWER_TAKEN },
  { "accepted-text", 202, "Content-Type: text/plain\r\n", "working", MW_ANSWER_TAKEN, MW_ANSWER_TAKEN },
  { "accepted-html", 202, "Content-Type: text/html\r\n", "<html>", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "html", 200, "Content-Type: text/html\r\n", "<html>Welcome to the guest network</html>", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "html-as-json", 200, FHIR, "<html>Welcome to the guest network</html>", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "json-as-html", 200, "Content-Type: text/html\r\n", TASK, MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "xml", 200, "Content-Type: application/fhir+xml\r\n", "<Task/>", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "text", 200, "Content-Type: text/plain\r\n", "OK", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "other-json", 200, "Content-Type: application/json\r\n", "{\"ok\":true}", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "json-array", 200, FHIR, "[" TASK "]", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "half-json", 200, FHIR, "{\"resourceType\":\"Task\"", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "bad-utf8", 200, FHIR, "{\"resourceType\":\"Task\",\"id\":\"\xff\"}", MW_ANSWER_NOT_FHIR, MW_ANSWER_NOT_FHIR },
  { "not-modified", 304, "ETag: W/\"1\"\r\n", NULL, MW_ANSWER_UNCHANGED, MW_ANSWER_UNCHANGED },
  { "bad-request", 400, FHIR, OUTCOME ("invalid"), MW_ANSWER_REJECTED, MW_ANSWER_REJECTED },
  { "unknown-operation", 400, FHIR, OUTCOME ("not-supported"), MW_ANSWER_UNSUPPORTED, MW_ANSWER_UNSUPPORTED },
  { "sign-in", 401, "WWW-Authenticate: Basic realm=x\r\n", NULL, MW_ANSWER_SIGN_IN, MW_ANSWER_SIGN_IN },
  { "sign-in-bearer", 401, "WWW-Authenticate: Bearer\r\n" FHIR, OUTCOME ("login"), MW_ANSWER_SIGN_IN, MW_ANSWER_SIGN_IN },
  { "forbidden", 403, "Content-Type: text/html\r\n", "<html>", MW_ANSWER_FORBIDDEN, MW_ANSWER_FORBIDDEN },
  { "not-found", 404, "", NULL, MW_ANSWER_NOT_FOUND, MW_ANSWER_NOT_FOUND },
  { "method", 405, "", NULL, MW_ANSWER_UNSUPPORTED, MW_ANSWER_UNSUPPORTED },
  { "conflict", 409, "", NULL, MW_ANSWER_CONFLICT, MW_ANSWER_CONFLICT },
  { "lock", 409, FHIR, OUTCOME ("lock-error"), MW_ANSWER_CONFLICT, MW_ANSWER_TEMPORARY },
  { "gone", 410, "", NULL, MW_ANSWER_GONE, MW_ANSWER_GONE },
  { "precondition", 412, FHIR, OUTCOME ("multiple-matches"), MW_ANSWER_CONFLICT, MW_ANSWER_CONFLICT },
  { "too-large", 413, "", NULL, MW_ANSWER_TOO_LARGE, MW_ANSWER_TOO_LARGE },
  { "unprocessable", 422, FHIR, OUTCOME ("business-rule"), MW_ANSWER_REJECTED, MW_ANSWER_REJECTED },
  { "too-many", 429, "", NULL, MW_ANSWER_TEMPORARY, MW_ANSWER_TEMPORARY },
  { "server-error", 500, "Content-Type: text/html\r\n", "<html>", MW_ANSWER_TEMPORARY, MW_ANSWER_TEMPORARY },
  { "not-implemented", 501, "", NULL, MW_ANSWER_UNSUPPORTED, MW_ANSWER_UNSUPPORTED },
  { "bad-gateway", 502, "", NULL, MW_ANSWER_TEMPORARY, MW_ANSWER_TEMPORARY },
  { "unavailable", 503, "", NULL, MW_ANSWER_TEMPORARY, MW_ANSWER_TEMPORARY },
};

static void
test_row (Fixture      *self,
          gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MwAnswer) read = NULL;
  g_autoptr (MwAnswer) write = NULL;

  fixture_reply (self, row->status, row->headers, row->body);
  fixture_reply (self, row->status, row->headers, row->body);
  read = fixture_get (self, "Task/1");
  write = fixture_post_minimal (self, "Task");
  g_assert_cmpint (read->answer_class, ==, row->read);
  g_assert_cmpint (write->answer_class, ==, row->write);
  g_assert_cmpuint (read->status, ==, row->status);
  g_assert_cmpuint (write->status, ==, row->status);
  g_assert_cmpint (read->trouble, ==, MW_TROUBLE_NONE);
  g_assert_cmpint (write->trouble, ==, MW_TROUBLE_NONE);
  g_assert_cmpint (write->retry_after, ==, -1);
  g_assert_true ((write->body != NULL) == (row->body != NULL));
  g_assert_cmpuint (mw_fault_server_n_requests (self->server), ==, 2);
}

/* What is cut short after a refusal is a refusal all the same */
static void
test_refusal_cut_short (Fixture      *self,
                        gconstpointer data)
{
  static const MwFaultKind faults[] = { MW_FAULT_CUT_BODY, MW_FAULT_CUT_CHUNKED, MW_FAULT_STALL_BODY };

  fixture_shorten (self, 1, 2);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (MwAnswer) answer = NULL;

      mw_fault_server_script_reply (self->server, faults[i], 422, FHIR, OUTCOME ("invalid"), -1);
      answer = fixture_post_minimal (self, "Task");
      g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_REJECTED);
      g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_NONE);
      g_assert_null (answer->resource);
    }
}

/* The header alone says where the job is, and no second way leads there */
static void
test_job_cut_short (Fixture      *self,
                    gconstpointer data)
{
  g_autofree char *expected = g_strconcat (mw_fault_server_get_url (self->server), "/jobs/1", NULL);
  g_autoptr (MwAnswer) answer = NULL;

  mw_fault_server_script_reply (self->server, MW_FAULT_CUT_BODY, 202, "Content-Location: /jobs/1\r\nRetry-After: 7\r\n", "working", -1);
  answer = fixture_post_minimal (self, "Task");
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_TAKEN);
  g_assert_cmpstr (answer->content_location, ==, expected);
  g_assert_cmpint (answer->retry_after, ==, 7 * G_TIME_SPAN_SECOND);
}

static void
test_job_status (Fixture      *self,
                 gconstpointer data)
{
  MwHttpRequest request = { .method = "GET", .url = "jobs/1", .accept = "application/json, application/fhir+json" };
  g_autoptr (MwAnswer) manifest = NULL;
  g_autoptr (MwAnswer) html = NULL;

  fixture_reply (self, 200, "Content-Type: application/json\r\n", "{\"transactionTime\":\"2026-01-01T00:00:00Z\",\"output\":[]}");
  fixture_reply (self, 200, "Content-Type: text/html\r\n", "<html>");
  manifest = fixture_run (self->client, &request);
  html = fixture_run (self->client, &request);
  g_assert_cmpint (manifest->answer_class, ==, MW_ANSWER_DONE);
  g_assert_nonnull (mw_json_string (manifest->resource, "transactionTime"));
  g_assert_cmpint (html->answer_class, ==, MW_ANSWER_NOT_FHIR);
}

static void
test_other_types (Fixture      *self,
                  gconstpointer data)
{
  MwHttpRequest request = { .method = "GET", .url = "Binary/1", .accept = "application/pdf" };
  g_autoptr (MwAnswer) pdf = NULL;
  g_autoptr (MwAnswer) html = NULL;

  fixture_reply (self, 200, "Content-Type: application/pdf\r\n", "%PDF");
  fixture_reply (self, 200, "Content-Type: text/html\r\n", "<html>");
  pdf = fixture_run (self->client, &request);
  html = fixture_run (self->client, &request);
  g_assert_cmpint (pdf->answer_class, ==, MW_ANSWER_DONE);
  g_assert_null (pdf->resource);
  g_assert_cmpmem (g_bytes_get_data (pdf->body, NULL), g_bytes_get_size (pdf->body), "%PDF", 4);
  g_assert_cmpint (html->answer_class, ==, MW_ANSWER_NOT_FHIR);
}

/* wire notes 0.3 */
static void
test_detail (Fixture      *self,
             gconstpointer data)
{
  g_autoptr (MwAnswer) error = NULL;
  g_autoptr (MwAnswer) warning = NULL;
  g_autoptr (MwAnswer) information = NULL;
  g_autoptr (MwAnswer) refused = NULL;

  fixture_reply (self, 200, FHIR, OUTCOME ("invalid"));
  fixture_reply (self, 200, FHIR, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"warning\",\"code\":\"processing\",\"diagnostics\":\"Mind\"}]}");
  fixture_reply (self, 200, FHIR, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"information\",\"code\":\"informational\",\"diagnostics\":\"Fine\"}]}");
  fixture_reply (self, 422, FHIR, OUTCOME ("invalid"));
  error = fixture_post_minimal (self, "Task");
  warning = fixture_post_minimal (self, "Task");
  information = fixture_post_minimal (self, "Task");
  refused = fixture_post_minimal (self, "Task");
  g_assert_cmpint (error->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpstr (error->detail, ==, "Because");
  g_assert_cmpint (warning->answer_class, ==, MW_ANSWER_DONE);
  g_assert_cmpstr (warning->detail, ==, "Mind");
  g_assert_cmpint (information->answer_class, ==, MW_ANSWER_DONE);
  g_assert_null (information->detail);
  g_assert_cmpstr (refused->detail, ==, "Because");
}

static void
test_retry_after (Fixture      *self,
                  gconstpointer data)
{
  static const struct
  {
    guint       status;
    const char *headers;
    gint64      seconds;
  } cases[] = {
    { 503, "Retry-After: 120\r\n", 120 },
    { 429, "Retry-After: 0\r\n", 1 },
    { 429, "Retry-After: -3\r\n", 1 },
    { 202, "Retry-After: 31536000\r\n", 24 * 3600 },
    { 503, "Date: Fri, 31 Dec 1999 23:59:00 GMT\r\nRetry-After: Fri, 31 Dec 1999 23:59:30 GMT\r\n", 30 },
    { 503, "Retry-After: Fri, 31 Dec 1999 23:59:30 GMT\r\n", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MwAnswer) answer = NULL;

      fixture_reply (self, cases[i].status, cases[i].headers, NULL);
      answer = fixture_post_minimal (self, "Task");
      g_assert_cmpint (answer->retry_after, ==, cases[i].seconds * G_TIME_SPAN_SECOND);
      g_assert_cmpint (answer->server_date, ==, i == 4 ? G_GINT64_CONSTANT (946684740) * G_TIME_SPAN_SECOND : 0);
    }
}

static void
test_hostile_headers (Fixture      *self,
                      gconstpointer data)
{
  g_autofree char *filler = g_strnfill (4 * 1024 * 1024, 'a');
  g_autofree char *giant = g_strconcat (big_header_name, filler, "\r\n", FHIR, NULL);
  g_autoptr (MwAnswer) odd = NULL;
  g_autoptr (MwAnswer) big = NULL;
  g_autoptr (MwAnswer) after = NULL;

  fixture_reply (self, 201, "ETag: W/\"\xff\xfe\"\r\nLocation: javascript:alert(1)\r\nContent-Location: https://a@b/\r\nContent-Type: \x80\r\nDate: never\r\n", TASK);
  odd = fixture_post_minimal (self, "Task");
  g_assert_cmpint (odd->answer_class, ==, MW_ANSWER_DONE);
  g_assert_null (odd->etag);
  g_assert_null (odd->location);
  g_assert_null (odd->content_location);
  g_assert_null (odd->content_type);
  g_assert_cmpint (odd->server_date, ==, 0);

  fixture_reply (self, 200, giant, TASK);
  big = fixture_post_minimal (self, "Task");
  g_assert_cmpint (big->answer_class, ==, MW_ANSWER_UNKNOWN);
  g_assert_cmpint (big->trouble, ==, MW_TROUBLE_CUT_OFF);

  after = fixture_get (self, "metadata");
  g_assert_cmpint (after->answer_class, ==, MW_ANSWER_DONE);
}

static GBytes *
gzip (gsize length)
{
  g_autofree char *zeros = g_malloc0 (length);
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) output = g_converter_output_stream_new (memory, G_CONVERTER (compressor));

  g_assert_true (g_output_stream_write_all (output, zeros, length, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (output, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
test_caps (Fixture      *self,
           gconstpointer data)
{
  g_autoptr (GBytes) bomb = gzip (256 * 1024 * 1024);
  g_autofree char *large = g_strnfill (2000, ' ');
  MwHttpRequest    small = { .method = "GET", .url = "Task/1", .max_body = 1000 };
  g_autoptr (MwAnswer) inflated = NULL;
  g_autoptr (MwAnswer) over = NULL;
  g_autoptr (MwAnswer) refused = NULL;
  g_autoptr (MwAnswer) endless = NULL;
  g_autoptr (MwAnswer) written = NULL;

  g_assert_cmpuint (g_bytes_get_size (bomb), <, 1024 * 1024);
  mw_fault_server_script_reply (self->server, MW_FAULT_NONE, 200, FHIR "Content-Encoding: gzip\r\n", g_bytes_get_data (bomb, NULL), (gssize) g_bytes_get_size (bomb));
  inflated = fixture_get (self, "Task/1");
  g_assert_cmpint (inflated->answer_class, ==, MW_ANSWER_NOT_FHIR);
  g_assert_cmpint (inflated->trouble, ==, MW_TROUBLE_TOO_BIG);
  g_assert_cmpuint (g_bytes_get_size (inflated->body), <=, 16 * 1024 * 1024);

  fixture_reply (self, 200, FHIR, large);
  over = fixture_run (self->client, &small);
  g_assert_cmpint (over->answer_class, ==, MW_ANSWER_NOT_FHIR);
  g_assert_cmpint (over->trouble, ==, MW_TROUBLE_TOO_BIG);

  fixture_reply (self, 403, FHIR, large);
  refused = fixture_run (self->client, &small);
  g_assert_cmpint (refused->answer_class, ==, MW_ANSWER_FORBIDDEN);
  g_assert_cmpint (refused->trouble, ==, MW_TROUBLE_NONE);

  mw_fault_server_script_reply (self->server, MW_FAULT_ENDLESS_BODY, 200, FHIR, NULL, -1);
  endless = fixture_get (self, "Task/1");
  g_assert_cmpint (endless->trouble, ==, MW_TROUBLE_TOO_BIG);

  mw_fault_server_script (self->server, MW_FAULT_ENDLESS_BODY);
  written = fixture_post_minimal (self, "Task");
  g_assert_cmpint (written->answer_class, ==, MW_ANSWER_NOT_FHIR);
  g_assert_cmpint (written->trouble, ==, MW_TROUBLE_TOO_BIG);
  g_assert_cmpuint (written->status, ==, 201);
}

static void
test_gzip (Fixture      *self,
           gconstpointer data)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  char  packed[1024];
  gsize n_read, n_written;
  g_autoptr (MwAnswer) good = NULL;
  g_autoptr (MwAnswer) cut = NULL;

  g_assert_cmpint (g_converter_convert (G_CONVERTER (compressor), TASK, sizeof TASK - 1, packed, sizeof packed, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL), ==, G_CONVERTER_FINISHED);
  mw_fault_server_script_reply (self->server, MW_FAULT_NONE, 200, FHIR "Content-Encoding: gzip\r\n", packed, (gssize) n_written);
  mw_fault_server_script_reply (self->server, MW_FAULT_NONE, 200, FHIR "Content-Encoding: gzip\r\n", packed, (gssize) n_written / 2);
  good = fixture_get (self, "Task/1");
  cut = fixture_get (self, "Task/1");
  g_assert_cmpint (good->answer_class, ==, MW_ANSWER_DONE);
  g_assert_true (mw_resource_is (good->resource, "Task"));
  g_assert_false (mw_answer_is_success (cut));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/net/client/create", test_create);
  fixture_add ("/net/client/headers", test_headers);
  fixture_add ("/net/client/injection", test_injection);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/net/client/answers/", rows[i].name, NULL);

      g_test_add (path, Fixture, &rows[i], fixture_set_up, test_row, fixture_tear_down);
    }
  fixture_add ("/net/client/refusal-cut-short", test_refusal_cut_short);
  fixture_add ("/net/client/job-cut-short", test_job_cut_short);
  fixture_add ("/net/client/job-status", test_job_status);
  fixture_add ("/net/client/other-types", test_other_types);
  fixture_add ("/net/client/detail", test_detail);
  fixture_add ("/net/client/retry-after", test_retry_after);
  fixture_add ("/net/client/hostile-headers", test_hostile_headers);
  fixture_add ("/net/client/caps", test_caps);
  fixture_add ("/net/client/gzip", test_gzip);
  return g_test_run ();
}
