/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "net-fixture.h"

#include "mw-client-certificate.h"

#include <libsoup/soup.h>
#include <string.h>

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

/* ---- a server that asks who calls ---------------------------------------- */

typedef struct
{
  SoupServer *server;
  char       *url;
  guint       n_requests;
  gboolean    shown; /* whether the last one came with a certificate */
  char       *moved; /* (nullable): where it says that everything is */
} Strict;

static void
strict_handle (SoupServer        *server,
               SoupServerMessage *message,
               const char        *path,
               GHashTable        *query,
               gpointer           user_data)
{
  Strict *strict = user_data;

  strict->n_requests++;
  strict->shown = soup_server_message_get_tls_peer_certificate (message) != NULL;
  if (strict->moved != NULL)
    {
      soup_server_message_set_redirect (message, 307, strict->moved);
      return;
    }
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_STATIC, TASK, sizeof TASK - 1);
}

/* libsoup 3.2 asks also about a certificate in which it has found no fault, and takes silence for a no */
static gboolean
accept_faultless (SoupServerMessage   *message,
                  GTlsCertificate     *certificate,
                  GTlsCertificateFlags errors,
                  gpointer             user_data)
{
  return errors == 0;
}

static void
request_started (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_faultless), NULL);
}

static void
strict_start (Strict                *strict,
              GTlsAuthenticationMode mode)
{
  g_autoptr (GTlsCertificate) certificate = load ("good.pem");
  g_autofree char *ca_file = find ("ca.pem");
  g_autoptr (GTlsDatabase) authorities = g_tls_file_database_new (ca_file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;

  strict->server = soup_server_new ("tls-certificate", certificate, "tls-database", authorities, "tls-auth-mode", mode, NULL);
  g_signal_connect (strict->server, "request-started", G_CALLBACK (request_started), NULL);
  soup_server_add_handler (strict->server, NULL, strict_handle, strict, NULL);
  soup_server_listen_local (strict->server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (strict->server);
  strict->url = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
}

static void
strict_stop (Strict *strict)
{
  soup_server_disconnect (strict->server);
  g_object_unref (strict->server);
  g_free (strict->url);
  g_free (strict->moved);
}

static MwClient *
client_of (const char *url,
           const char *certificate)
{
  g_autofree char *ca_file = find ("ca.pem");
  g_autoptr (GError) error = NULL;
  MwClient *client = mw_client_new (url, ca_file, &error);

  g_assert_no_error (error);
  if (certificate != NULL)
    {
      g_autoptr (GTlsCertificate) own = load (certificate);

      mw_client_set_certificate (client, own);
    }
  return client;
}

typedef struct
{
  const char   *certificate; /* (nullable) */
  MwAnswerClass answer_class;
  MwTrouble     trouble;
} Shown;

static const Shown shown_rows[] = {
  { "client.pem", MW_ANSWER_DONE, MW_TROUBLE_NONE },
  { NULL, MW_ANSWER_NOT_SENT, MW_TROUBLE_CERTIFICATE },
  { "client-expired.pem", MW_ANSWER_UNKNOWN, MW_TROUBLE_CERTIFICATE },
  { "client-stranger.pem", MW_ANSWER_UNKNOWN, MW_TROUBLE_CERTIFICATE },
};

/* Who is told that a certificate is needed has sent nothing: a write may be repeated. This server hangs up without a word
 * on one that it does not like */
static void
test_shown (gconstpointer data)
{
  const Shown *row = data;
  Strict       strict = { 0 };
  g_autoptr (GBytes) body = g_bytes_new_static (TASK, sizeof TASK - 1);
  MwHttpRequest request = { .method = "POST", .url = "Task", .body = body };

  strict_start (&strict, G_TLS_AUTHENTICATION_REQUIRED);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (MwClient) client = client_of (strict.url, row->certificate);
      g_autoptr (MwAnswer) answer = NULL;

      request.method = i == 0 ? "POST" : "GET";
      request.body = i == 0 ? body : NULL;
      answer = fixture_run (client, &request);
      g_assert_cmpint (answer->trouble, ==, row->trouble);
      g_assert_cmpint (answer->answer_class, ==, i == 1 && row->answer_class == MW_ANSWER_UNKNOWN ? MW_ANSWER_NOT_SENT : row->answer_class);
    }
  g_assert_cmpuint (strict.n_requests, ==, row->answer_class == MW_ANSWER_DONE ? 2 : 0);
  strict_stop (&strict);
}

/* Another origin asks, after a redirect or because a request names it: it is told nothing. The agreed place of tokens is */
static void
test_other_origin (void)
{
  Strict own = { 0 };
  Strict other = { 0 };
  g_autoptr (MwClient) client = NULL;
  MwHttpRequest get = { .method = "GET", .url = "Task/1" };
  MwHttpRequest there = { .method = "GET" };
  MwHttpRequest token = { .method = "GET", .show_certificate = TRUE, .own_secret = TRUE };

  strict_start (&own, G_TLS_AUTHENTICATION_REQUESTED);
  strict_start (&other, G_TLS_AUTHENTICATION_REQUESTED);
  client = client_of (own.url, "client.pem");
  there.url = token.url = g_strconcat (other.url, "/Task/1", NULL);
  {
    g_autoptr (MwAnswer) answer = fixture_run (client, &get);

    g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
    g_assert_true (own.shown);
  }
  {
    g_autoptr (MwAnswer) answer = fixture_run (client, &there);

    g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
    g_assert_false (other.shown);
  }
  own.moved = g_strdup (there.url);
  {
    g_autoptr (MwClient) fresh = client_of (own.url, "client.pem");
    g_autoptr (MwAnswer) answer = fixture_run (fresh, &get);

    g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
    g_assert_true (own.shown);
    g_assert_cmpuint (other.n_requests, ==, 2);
    g_assert_false (other.shown);
  }
  {
    g_autoptr (MwClient) fresh = client_of (own.url, "client.pem");
    g_autoptr (MwAnswer) answer = fixture_run (fresh, &token);

    g_assert_cmpint (answer->answer_class, ==, MW_ANSWER_DONE);
    g_assert_true (other.shown);
  }
  g_free ((char *) there.url);
  strict_stop (&own);
  strict_stop (&other);
}

static void
test_own_files (void)
{
  static const struct
  {
    const char *name;
    const char *sentence; /* (nullable): a part of it */
  } files[] = {
    { "client.pem", NULL },
    { "client-expired.pem", "has expired" },
    { "client-keyless.pem", "private key" },
    { "client-other-key.pem", "another certificate" },
    { "make-certificates", "does not hold a certificate" },
  };
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_test_build_filename (i + 1 < G_N_ELEMENTS (files) ? G_TEST_BUILT : G_TEST_DIST, "net", "tls", files[i].name, NULL);
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GTlsCertificate) certificate = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      certificate = mw_client_certificate_new (text, now, &error);
      if (files[i].sentence == NULL)
        g_assert_no_error (error);
      else
        g_assert_nonnull (strstr (error->message, files[i].sentence));
      g_assert_true ((certificate != NULL) == (files[i].sentence == NULL));
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
  for (guint i = 0; i < G_N_ELEMENTS (shown_rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/net/tls/shown/%s", shown_rows[i].certificate != NULL ? shown_rows[i].certificate : "nothing");

      g_test_add_data_func (path, &shown_rows[i], test_shown);
    }
  g_test_add_func ("/net/tls/other-origin", test_other_origin);
  g_test_add_func ("/net/tls/own-files", test_own_files);
  g_test_add_func ("/net/tls/cut", test_cut);
  g_test_add_func ("/net/tls/not-tls", test_not_tls);
  g_test_add_func ("/net/tls/handshake-hangs", test_handshake_hangs);
  g_test_add_func ("/net/tls/downgrade", test_downgrade);
  g_test_add_func ("/net/tls/bad-files", test_bad_files);
  return g_test_run ();
}
