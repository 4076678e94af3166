/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net-fixture.h"

static char *
find (const char *name)
{
  return g_test_build_filename (G_TEST_BUILT, "net", "tls", name, NULL);
}

static GTlsCertificate *
load (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find (name);
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

typedef struct
{
  const char   *certificate;
  const char   *authority; /* (nullable): the ca_file */
  MwAnswerClass answer_class;
  MwTrouble     trouble;
} Row;

static const Row rows[] = {
  { "good.pem", "ca.pem", MW_ANSWER_DONE, MW_TROUBLE_NONE },
  { "good.pem", NULL, MW_ANSWER_NOT_SENT, MW_TROUBLE_TLS },
  { "good.pem", "wrong-name.pem", MW_ANSWER_NOT_SENT, MW_TROUBLE_TLS },
  { "expired.pem", "ca.pem", MW_ANSWER_NOT_SENT, MW_TROUBLE_TLS },
  { "wrong-name.pem", "ca.pem", MW_ANSWER_NOT_SENT, MW_TROUBLE_TLS },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GTlsCertificate) certificate = load (row->certificate);
  g_autofree char *ca_file = row->authority != NULL ? find (row->authority) : NULL;
  g_autoptr (MwLedger) ledger = mw_ledger_new (NULL);
  g_autoptr (MwFaultServer) server = mw_fault_server_new (mw_ledger_handle, ledger, certificate);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwClient) client = mw_client_new (mw_fault_server_get_url (server), ca_file, &error);
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "Task", .body = body };
  g_autoptr (MwAnswer) answer = NULL;

  g_assert_no_error (error);
  mw_client_set_token (client, "secret");
  answer = fixture_run (client, &request);
  g_assert_cmpint (answer->answer_class, ==, row->answer_class);
  g_assert_cmpint (answer->trouble, ==, row->trouble);
  /* where the server is not who it says, nothing is said to it */
  g_assert_cmpuint (mw_fault_server_n_requests (server), ==, row->answer_class == MW_ANSWER_DONE ? 1 : 0);
}

/* A cut connection under TLS is a cut connection, not a bad certificate */
static void
test_cut (void)
{
  g_autoptr (GTlsCertificate) certificate = load ("good.pem");
  g_autofree char *ca_file = find ("ca.pem");
  g_autoptr (MwLedger) ledger = mw_ledger_new (NULL);
  g_autoptr (MwFaultServer) server = mw_fault_server_new (mw_ledger_handle, ledger, certificate);
  g_autoptr (MwClient) client = mw_client_new (mw_fault_server_get_url (server), ca_file, NULL);
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "Task", .body = body };
  g_autoptr (MwAnswer) reset = NULL;
  g_autoptr (MwAnswer) cut = NULL;

  mw_fault_server_script (server, MW_FAULT_RESET_AFTER_EFFECT);
  reset = fixture_run (client, &request);
  g_assert_cmpint (reset->answer_class, ==, MW_ANSWER_UNKNOWN);
  g_assert_cmpint (reset->trouble, ==, MW_TROUBLE_CUT_OFF);

  mw_fault_server_script (server, MW_FAULT_CUT_BODY);
  cut = fixture_run (client, &request);
  g_assert_cmpint (cut->answer_class, ==, MW_ANSWER_NOT_FHIR);
  g_assert_cmpint (cut->trouble, ==, MW_TROUBLE_CUT_OFF);
}

/* Plain HTTP where TLS was expected, as behind a captive portal */
static void
test_not_tls (void)
{
  g_autoptr (MwLedger) ledger = mw_ledger_new (NULL);
  g_autoptr (MwFaultServer) server = mw_fault_server_new (mw_ledger_handle, ledger, NULL);
  g_autofree char *url = g_strconcat ("https", mw_fault_server_get_url (server) + 4, NULL);
  g_autoptr (MwClient) client = mw_client_new (url, NULL, NULL);
  MwHttpRequest request = { .method = "DELETE", .url = "Task/1" };
  g_autoptr (MwAnswer) answer = fixture_run (client, &request);

  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_NOT_SENT);
  g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_TLS);
}

/* A connection that stands, and a handshake that does not come: nothing was sent yet */
static void
test_handshake_hangs (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16          port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u", port);
  g_autoptr (MwClient) client = mw_client_new (url, NULL, NULL);
  MwClientLimits limits = { .connect_seconds = 1, .stall_seconds = 60, .total_seconds = 60 };
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "Task", .body = body };
  g_autoptr (MwAnswer) answer = NULL;

  mw_client_set_limits (client, &limits);
  answer = fixture_run (client, &request);
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_NOT_SENT);
  g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_TIMED_OUT);
}

/* Never from https to http, not even for a GET on the same host */
static void
test_downgrade (void)
{
  g_autoptr (GTlsCertificate) certificate = load ("good.pem");
  g_autofree char *ca_file = find ("ca.pem");
  g_autoptr (MwLedger) ledger = mw_ledger_new (NULL);
  g_autoptr (MwFaultServer) safe = mw_fault_server_new (mw_ledger_handle, ledger, certificate);
  g_autoptr (MwFaultServer) open = mw_fault_server_new (mw_ledger_handle, ledger, NULL);
  g_autoptr (MwClient) client = mw_client_new (mw_fault_server_get_url (safe), ca_file, NULL);
  g_autofree char *headers = g_strdup_printf ("Location: %s/metadata\r\n", mw_fault_server_get_url (open));
  MwHttpRequest    request = { .method = "GET", .url = "metadata" };
  g_autoptr (MwAnswer) answer = NULL;

  mw_fault_server_script_reply (safe, MW_FAULT_NONE, 302, headers, NULL, -1);
  answer = fixture_run (client, &request);
  g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_REJECTED);
  g_assert_cmpint (answer->trouble, ==, MW_TROUBLE_REDIRECT);
  g_assert_cmpuint (mw_fault_server_n_connections (open), ==, 0);
}

static void
test_bad_files (void)
{
  static const char *const names[] = { "missing.pem", "make-certificates" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = find (names[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (mw_client_new ("https://h.example", path, &error));
      g_assert_nonnull (error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/tls/%s/%s", rows[i].certificate, rows[i].authority != NULL ? rows[i].authority : "system");

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/net/tls/cut", test_cut);
  g_test_add_func ("/net/tls/not-tls", test_not_tls);
  g_test_add_func ("/net/tls/handshake-hangs", test_handshake_hangs);
  g_test_add_func ("/net/tls/downgrade", test_downgrade);
  g_test_add_func ("/net/tls/bad-files", test_bad_files);
  return g_test_run ();
}
