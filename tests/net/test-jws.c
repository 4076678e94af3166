/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-base64url.h"
#include "mw-jws.h"
#include "mw-key.h"
#include "mw-pkce.h"

#include <string.h>

/* RFC 7636, appendix B, and one of the longest verifiers */
static void
test_challenge (void)
{
  g_autofree char *one = mw_pkce_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  g_autofree char *other = mw_pkce_challenge ("o28xyrYY7-lGYfnKwRjHEZWlFIPlzVnFPYMWbH-g_BsNnQNem-IAg9fDh92X0KtvHCPO5_C-RJd2QhApKQ-2cRp-S_W3qmTidTEPkeWyniKQSF9Q_k10Q5wMc8fGzoyF");

  g_assert_cmpstr (one, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  g_assert_cmpstr (other, ==, "YPXe7B8ghKrj8PsT4L6ltupgI12NQJ5vblB07F4rGaw");
}

static void
test_secret (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      char *secret = mw_pkce_new_secret ();

      g_assert_cmpuint (strlen (secret), ==, 43);
      g_assert_cmpuint (strspn (secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), ==, 43);
      g_assert_true (g_hash_table_add (seen, secret));
    }
}

static char *
make_jws (MwKey      *key,
          const char *header,
          const char *claims)
{
  g_autofree char *first = mw_base64url_encode (header, strlen (header));
  g_autofree char *second = mw_base64url_encode (claims, strlen (claims));
  g_autofree char *input = g_strconcat (first, ".", second, NULL);
  g_autofree char *signature = mw_key_sign (key, input);

  return g_strconcat (input, ".", signature, NULL);
}

static void
check (const char *jws,
       JsonNode   *keys,
       gboolean    good)
{
  g_autoptr (JsonNode) claims = mw_jws_verify (jws, keys);

  g_assert_cmpstr (mw_json_string (claims, "sub"), ==, good ? "me" : NULL);
}

static void
test_verify (gconstpointer data)
{
  const char *algorithm = data;
  g_autoptr (MwKey) key = mw_key_generate (algorithm);
  g_autoptr (MwKey) other = mw_key_generate (algorithm);
  g_autoptr (JsonNode) keys = mw_key_to_public_set (key);
  g_autoptr (JsonNode) others = mw_key_to_public_set (other);
  g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\"}", algorithm);
  g_autofree char *extended = g_strdup_printf ("{\"alg\":\"%s\",\"crit\":[\"exp\"]}", algorithm);
  g_autofree char *wrong = g_strdup_printf ("{\"alg\":\"%s\"}", g_str_equal (algorithm, MW_KEY_ES384) ? "RS384" : "ES256");
  g_autofree char *jws = make_jws (key, header, "{\"sub\":\"me\"}");
  g_autofree char *critical = make_jws (key, extended, "{\"sub\":\"me\"}");
  g_autofree char *none = make_jws (key, "{\"alg\":\"none\"}", "{\"sub\":\"me\"}");
  g_autofree char *shared = make_jws (key, "{\"alg\":\"HS256\"}", "{\"sub\":\"me\"}");
  g_autofree char *confused = make_jws (key, wrong, "{\"sub\":\"me\"}");

  check (jws, keys, TRUE);
  check (jws, others, FALSE);
  check (jws, NULL, FALSE);
  check (critical, keys, FALSE);
  check (none, keys, FALSE);
  check (shared, keys, FALSE);
  check (confused, keys, FALSE);
  /* every part counts */
  for (gsize i = 0; i < strlen (jws); i += 7)
    {
      g_autofree char *bent = g_strdup (jws);

      bent[i] = bent[i] == 'A' ? 'E' : 'A';
      check (bent, keys, FALSE);
      bent[i] = '\0';
      check (bent, keys, FALSE);
    }
}

static void
test_key_is_chosen_by_id (void)
{
  g_autoptr (MwKey) key = mw_key_generate (MW_KEY_ES384);
  g_autoptr (JsonNode) keys = mw_key_to_public_set (key);
  g_autofree char *right = g_strdup_printf ("{\"alg\":\"ES384\",\"kid\":\"%s\"}", mw_key_get_id (key));
  g_autofree char *named = make_jws (key, right, "{\"sub\":\"me\"}");
  g_autofree char *other = make_jws (key, "{\"alg\":\"ES384\",\"kid\":\"another\"}", "{\"sub\":\"me\"}");

  check (named, keys, TRUE);
  check (other, keys, FALSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pkce/challenge", test_challenge);
  g_test_add_func ("/pkce/secret", test_secret);
  g_test_add_data_func ("/jws/verify-es384", MW_KEY_ES384, test_verify);
  g_test_add_data_func ("/jws/verify-rs384", MW_KEY_RS384, test_verify);
  g_test_add_func ("/jws/key-is-chosen-by-id", test_key_is_chosen_by_id);
  return g_test_run ();
}
