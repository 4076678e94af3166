/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-exchange-private.h"

static gboolean
add (GPtrArray  *headers,
     const char *name,
     const char *value)
{
  if (value == NULL)
    return TRUE;
  for (const char *at = value; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  g_ptr_array_add (headers, g_strdup (name));
  g_ptr_array_add (headers, g_strdup (value));
  return TRUE;
}

/**
 * mw_exchange_headers_new:
 * @accept: the media type that is wanted
 *
 * The header fields that a request has wherever it goes.
 *
 * Returns: (transfer full) (nullable) (element-type utf8): names and values by turns; NULL when a value could end its
 *   field and begin another one
 */
GPtrArray *
mw_exchange_headers_new (const MwExchangePlan *plan,
                         const char           *accept)
{
  const MwHttpRequest *request = plan->request;
  g_autoptr (GPtrArray) headers = g_ptr_array_new_with_free_func (g_free);

  if (add (headers, "Accept", accept) &&
      add (headers, "Prefer", request->prefer) &&
      add (headers, "If-None-Exist", request->if_none_exist) &&
      add (headers, "If-Match", request->if_match) &&
      add (headers, "If-None-Match", request->if_none_match) &&
      add (headers, "X-Request-Id", request->request_id) &&
      add (headers, "Authorization", request->authorization) &&
      add (headers, "Cache-Control", plan->no_cache ? "no-cache" : NULL))
    return g_steal_pointer (&headers);
  return NULL;
}

/**
 * mw_exchange_headers_drop:
 *
 * Takes the field @name out, where it is there.
 */
void
mw_exchange_headers_drop (GPtrArray  *headers,
                          const char *name)
{
  for (guint i = 0; i + 1 < headers->len; i += 2)
    if (g_str_equal (headers->pdata[i], name))
      {
        g_ptr_array_remove_range (headers, i, 2);
        return;
      }
}

/**
 * mw_exchange_headers_put:
 * @token: (nullable): a bearer token that is for where @message goes; it takes the place of another authorization
 * @message: gets the fields
 */
void
mw_exchange_headers_put (GPtrArray   *headers,
                         const char  *token,
                         SoupMessage *message)
{
  SoupMessageHeaders *fields = soup_message_get_request_headers (message);
  g_autofree char    *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;

  for (guint i = 0; i + 1 < headers->len; i += 2)
    soup_message_headers_replace (fields, headers->pdata[i], headers->pdata[i + 1]);
  if (bearer != NULL)
    soup_message_headers_replace (fields, "Authorization", bearer);
}
