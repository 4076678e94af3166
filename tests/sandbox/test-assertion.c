/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-fixture.h"

#include <string.h>

#define SCOPE "system/Patient.rs"

/* Registers a client with @key, and asserts with what @what says */
static void
assert_refused (Fixture         *self,
                gnutls_privkey_t key,
                const char      *client,
                Assertion        what)
{
  g_autofree char *assertion = fixture_assertion (self, key, client, &what);

  fixture_assert_client (self, assertion, SCOPE);
  fixture_assert_error (self, 401, "invalid_client");
}

static void
check_good (Fixture              *self,
            gnutls_pk_algorithm_t kind)
{
  gnutls_privkey_t key = fixture_key (kind);
  g_autofree char *client = fixture_register (self, key, SCOPE " system/Task.cruds");
  g_autofree char *assertion = fixture_assertion (self, key, client, &(Assertion){ 0 });
  g_autofree char *longest = fixture_assertion (self, key, client, &(Assertion){ .expires_in = 300 });
  g_autofree char *token = NULL;

  g_assert_cmpuint (fixture_assert_client (self, assertion, SCOPE " system/Organization.rs"), ==, 200);
  g_assert_cmpstr (mw_json_string (self->json, "scope"), ==, SCOPE);
  token = fixture_member (self, "access_token");
  g_assert_cmpuint (fixture_get_with (self, token, "Patient/c01"), ==, 200);
  g_assert_cmpuint (fixture_get_with (self, token, "Organization/harbour"), ==, 403);
  /* the same one again */
  fixture_assert_client (self, assertion, SCOPE);
  fixture_assert_error (self, 401, "invalid_client");
  g_assert_cmpuint (fixture_assert_client (self, longest, SCOPE), ==, 200);
  gnutls_privkey_deinit (key);
}

static void
test_es384 (Fixture      *self,
            gconstpointer data)
{
  check_good (self, GNUTLS_PK_ECDSA);
}

static void
test_rs384 (Fixture      *self,
            gconstpointer data)
{
  check_good (self, GNUTLS_PK_RSA);
}

static void
test_refused (Fixture      *self,
              gconstpointer data)
{
  gnutls_privkey_t key = fixture_key (GNUTLS_PK_ECDSA);
  gnutls_privkey_t other = fixture_key (GNUTLS_PK_ECDSA);
  g_autofree char *client = fixture_register (self, key, SCOPE);

  assert_refused (self, other, client, (Assertion){ 0 });
  assert_refused (self, key, client, (Assertion){ .kid = "k2" });
  assert_refused (self, key, client, (Assertion){ .algorithm = "none" });
  assert_refused (self, key, client, (Assertion){ .algorithm = "RS384" });
  assert_refused (self, key, client, (Assertion){ .algorithm = "ES256" });
  assert_refused (self, key, client, (Assertion){ .audience = mw_sandbox_get_url (self->sandbox, "clinic") });
  assert_refused (self, key, client, (Assertion){ .subject = "meanwhile-sandbox" });
  assert_refused (self, key, client, (Assertion){ .expires_in = -1 });
  assert_refused (self, key, client, (Assertion){ .expires_in = 301 });
  assert_refused (self, key, "nobody", (Assertion){ 0 });
  g_assert_cmpuint (mw_sandbox_count_tokens (self->sandbox, "clinic", "client_credentials"), ==, 0);
  g_assert_cmpuint (mw_sandbox_count_tokens (self->sandbox, "clinic", "refused"), ==, 10);
  gnutls_privkey_deinit (key);
  gnutls_privkey_deinit (other);
}

static void
test_jti_again (Fixture      *self,
                gconstpointer data)
{
  gnutls_privkey_t key = fixture_key (GNUTLS_PK_ECDSA);
  g_autofree char *client = fixture_register (self, key, SCOPE);
  g_autofree char *first = fixture_assertion (self, key, client, &(Assertion){ .id = "once" });

  g_assert_cmpuint (fixture_assert_client (self, first, SCOPE), ==, 200);
  assert_refused (self, key, client, (Assertion){ .id = "once", .expires_in = 100 });
  gnutls_privkey_deinit (key);
}

/* A server whose clock is an hour ahead takes only what is signed by its own time */
static void
test_skew (Fixture      *self,
           gconstpointer data)
{
  gnutls_privkey_t key = fixture_key (GNUTLS_PK_ECDSA);
  g_autofree char *client = fixture_register (self, key, SCOPE);
  g_autofree char *corrected = NULL;

  mw_sandbox_set_skew (self->sandbox, G_TIME_SPAN_HOUR);
  assert_refused (self, key, client, (Assertion){ 0 });
  g_assert_nonnull (strstr (fixture_header (self, "Date"), "09:00:00"));
  corrected = fixture_assertion (self, key, client, &(Assertion){ .expires_in = 3600 + 240 });
  g_assert_cmpuint (fixture_assert_client (self, corrected, SCOPE), ==, 200);
  gnutls_privkey_deinit (key);
}

static void
test_garbage (Fixture      *self,
              gconstpointer data)
{
  static const char *const texts[] = { "", "a", "a.b", "a.b.c", "e30.e30.e30", "....", "eyJhbGciOiJFUzM4NCJ9.e30.AAAA", "W10.W10.AAAA" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      fixture_assert_client (self, texts[i], SCOPE);
      fixture_assert_error (self, 401, "invalid_client");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/sandbox/assertion/es384", test_es384);
  fixture_add ("/sandbox/assertion/rs384", test_rs384);
  fixture_add ("/sandbox/assertion/refused", test_refused);
  fixture_add ("/sandbox/assertion/jti-again", test_jti_again);
  fixture_add ("/sandbox/assertion/skew", test_skew);
  fixture_add ("/sandbox/assertion/garbage", test_garbage);

  return g_test_run ();
}
