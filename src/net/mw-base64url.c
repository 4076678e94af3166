/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-base64url.h"

#include <string.h>

#define ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/**
 * mw_base64url_encode:
 *
 * Returns: (transfer full): @data as text
 */
char *
mw_base64url_encode (gconstpointer data,
                     gsize         length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/**
 * mw_base64url_decode:
 * @text: (nullable)
 *
 * Returns: (transfer full) (nullable): what @text stands for; NULL where it is no such text, or empty
 */
GBytes *
mw_base64url_decode (const char *text)
{
  g_autoptr (GString) padded = NULL;
  gsize   length = text != NULL ? strlen (text) : 0;
  gsize   size;
  guchar *data;

  if (length == 0 || length % 4 == 1 || strspn (text, ALPHABET) != length)
    return NULL;
  padded = g_string_new_len (text, (gssize) length);
  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  data = g_base64_decode (padded->str, &size);
  return g_bytes_new_take (data, size);
}
