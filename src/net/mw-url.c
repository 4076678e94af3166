/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-url.h"

#include "mw-config.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

/* Path and query stay as they are written: a server may give another meaning to an escaped form */
#define URL_FLAGS (SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_PARSE_RELAXED)

/* What RFC 3986 leaves no place for goes out escaped; some servers reject a raw '|' */
static char *
tidy (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  GString         *out = g_string_new (NULL);

  for (const guchar *at = (const guchar *) stripped; *at != '\0'; at++)
    {
      if (*at <= 0x20 || *at >= 0x7f || strchr ("\"<>\\^`{|}", *at) != NULL)
        g_string_append_printf (out, "%%%02X", *at);
      else
        g_string_append_c (out, (char) *at);
    }
  return g_string_free (out, FALSE);
}

static gboolean
is_http (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);

  return (g_str_equal (scheme, "https") || g_str_equal (scheme, "http")) && host != NULL && *host != '\0';
}

static char *
to_string (GUri *uri)
{
  /* names and passwords in a URL are a way to make one host look like another */
  if (uri == NULL || !is_http (uri) || g_uri_get_userinfo (uri) != NULL)
    return NULL;
  return g_uri_to_string_partial (uri, G_URI_HIDE_FRAGMENT);
}

/* Also in the escaped forms, which a server may unescape before it looks */
static gboolean
climbs (const char *path)
{
  g_auto (GStrv) segments = g_strsplit (path, "/", -1);

  for (guint i = 0; segments[i] != NULL; i++)
    {
      g_autofree char *plain = g_uri_unescape_string (segments[i], NULL);

      if (plain == NULL || g_str_equal (plain, "..") || g_str_equal (plain, ".") || strchr (plain, '/') != NULL)
        return TRUE;
    }
  return FALSE;
}

/**
 * mw_url_base:
 * @text: what a person or a directory gave as a server's address
 *
 * Normalises the base URL of a FHIR server: http or https, with a host, without name and password,
 * query, fragment and trailing slash; the path is kept (wire notes 0.1).
 *
 * Returns: (transfer full): the base URL, or NULL with a G_IO_ERROR_INVALID_ARGUMENT
 */
char *
mw_url_base (const char *text,
             GError    **error)
{
  g_autofree char *clean = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  clean = tidy (text);
  uri = g_uri_parse (clean, URL_FLAGS, NULL);
  if (uri != NULL && g_uri_get_query (uri) == NULL)
    url = to_string (uri);
  if (url == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("This is not the web address of a server"));
      return NULL;
    }
  for (gsize length = strlen (url); url[length - 1] == '/'; length--)
    url[length - 1] = '\0';
  return g_steal_pointer (&url);
}

/**
 * mw_url_below:
 * @base: from mw_url_base()
 * @url: (nullable): relative to @base, or absolute
 *
 * Joins as FHIR does (http.html#root): "Task/1" lies below the whole path of @base, other than RFC
 * 3986 would have it. Nothing relative leads out of the base.
 *
 * Returns: (transfer full) (nullable): an absolute URL; NULL when it is not http or https, carries a
 *   name or password, starts at the root of the host or climbs out of the base
 */
char *
mw_url_below (const char *base,
              const char *url)
{
  g_autofree char *clean = NULL;
  g_autofree char *joined = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (base != NULL, NULL);

  if (url == NULL)
    return NULL;
  clean = tidy (url);
  if (*clean == '\0')
    return g_strdup (base);
  if (g_uri_peek_scheme (clean) != NULL)
    {
      uri = g_uri_parse (clean, URL_FLAGS, NULL);
      return to_string (uri);
    }
  path = g_strndup (clean, strcspn (clean, "?#"));
  if (*clean == '/' || *clean == '#' || climbs (path))
    return NULL;
  joined = g_strconcat (base, *clean == '?' ? "" : "/", clean, NULL);
  uri = g_uri_parse (joined, URL_FLAGS, NULL);
  return to_string (uri);
}

/**
 * mw_url_join:
 * @page: the absolute URL of what was fetched
 * @reference: (nullable): a link found there: Location, Content-Location, a next link
 *
 * Joins as the web does (RFC 3986, 5.2).
 *
 * Returns: (transfer full) (nullable): an absolute http or https URL without fragment
 */
char *
mw_url_join (const char *page,
             const char *reference)
{
  g_autofree char *clean = NULL;
  g_autoptr (GUri) from = NULL;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (page != NULL, NULL);

  if (reference == NULL)
    return NULL;
  clean = tidy (reference);
  from = g_uri_parse (page, URL_FLAGS, NULL);
  if (*clean == '\0' || from == NULL)
    return NULL;
  uri = g_uri_parse_relative (from, clean, URL_FLAGS, NULL);
  return to_string (uri);
}

/**
 * mw_url_same_origin:
 * @a: (nullable): an absolute URL
 * @b: (nullable): another
 *
 * Returns: whether both are http or https URLs with the same scheme, host and port (RFC 6454)
 */
gboolean
mw_url_same_origin (const char *a,
                    const char *b)
{
  g_autoptr (GUri) uri_a = a != NULL ? g_uri_parse (a, URL_FLAGS, NULL) : NULL;
  g_autoptr (GUri) uri_b = b != NULL ? g_uri_parse (b, URL_FLAGS, NULL) : NULL;

  return uri_a != NULL && uri_b != NULL && is_http (uri_a) && is_http (uri_b) &&
         g_str_equal (g_uri_get_scheme (uri_a), g_uri_get_scheme (uri_b)) &&
         g_ascii_strcasecmp (g_uri_get_host (uri_a), g_uri_get_host (uri_b)) == 0 &&
         g_uri_get_port (uri_a) == g_uri_get_port (uri_b);
}

/**
 * mw_url_is_https:
 * @url: an absolute URL
 *
 * Returns: whether it is encrypted on the way
 */
gboolean
mw_url_is_https (const char *url)
{
  return g_strcmp0 (g_uri_peek_scheme (url), "https") == 0;
}
