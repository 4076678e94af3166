/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-endpoint.h"

#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
mw_endpoint_choice_free (MwEndpointChoice *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->usable);
  g_ptr_array_unref (self->refused);
  g_free (self);
}

static void
free_refusal (gpointer data)
{
  MwEndpointRefusal *refusal = data;

  g_free (refusal->reason);
  g_free (refusal);
}

/* Returns: (nullable): why an endpoint of this status is not used; an unknown one may be anything */
static const char *
status_reason (const char *status)
{
  if (status == NULL || g_str_equal (status, "active") || g_str_equal (status, "limited"))
    return NULL;
  if (g_str_equal (status, "suspended"))
    return _ ("It is suspended for now.");
  if (g_str_equal (status, "error"))
    return _ ("Its owner says that it is out of order.");
  if (g_str_equal (status, "off"))
    return _ ("It is no longer in use.");
  if (g_str_equal (status, "entered-in-error"))
    return _ ("It was published by mistake.");
  if (g_str_equal (status, "test"))
    return _ ("It is for tests, not for real patients.");
  return _ ("Its owner does not say that it is in use.");
}

/* Returns: -1 not for real patients, 1 for them, 0 not told */
static int
environment (const MwEndpoint *endpoint)
{
  static const char *const others[] = { "test", "dev", "staging", "stagging", "train", NULL };
  int                      result = 0;

  for (gsize i = 0; endpoint->environments[i] != NULL; i++)
    {
      if (g_str_equal (endpoint->environments[i], "prod"))
        return 1;
      if (g_strv_contains (others, endpoint->environments[i]))
        result = -1;
    }
  return result;
}

static const char *
kind_reason (const MwEndpoint     *endpoint,
             const MwEndpointWish *wish)
{
  if ((endpoint->kinds & wish->kinds) != 0)
    return NULL;
  if ((endpoint->kinds & MW_ENDPOINT_MAIL) != 0)
    return _ ("It is an address for Direct or secure e-mail. What shall be sent can be saved as a file instead.");
  if (endpoint->kinds == 0)
    return _ ("It does not say what kind of connection it is.");
  if ((endpoint->kinds & (MW_ENDPOINT_REST | MW_ENDPOINT_MESSAGE)) != 0)
    return (endpoint->kinds & MW_ENDPOINT_REST) != 0 ? _ ("It does not say that it takes messages.") : _ ("It only takes messages.");
  return _ ("It is a kind of connection that Meanwhile does not speak.");
}

static const char *
address_reason (const MwEndpoint     *endpoint,
                const MwEndpointWish *wish)
{
  gboolean loopback;

  if (endpoint->address == NULL)
    return _ ("Its address is not a web address.");
  loopback = mw_base_url_is_loopback (endpoint->address);
  if (loopback && !wish->allow_loopback)
    return _ ("Its address leads to this computer itself.");
  if (!loopback && !g_str_has_prefix (endpoint->address, "https:"))
    return _ ("Its address is not protected (https).");
  return NULL;
}

static const char *
payload_reason (const MwEndpoint     *endpoint,
                const MwEndpointWish *wish)
{
  if (wish->payload == NULL)
    return NULL;
  if (endpoint->takes_nothing)
    return _ ("It says that it takes no content.");
  if (endpoint->payloads[0] != NULL && !g_strv_contains ((const char *const *) endpoint->payloads, wish->payload))
    return _ ("It does not take this kind of content.");
  return NULL;
}

/* Returns: (nullable): why @endpoint cannot be used, the most telling reason first */
static const char *
find_reason (const MwEndpoint     *endpoint,
             const MwEndpointWish *wish)
{
  const char *reason = status_reason (endpoint->status);

  if (reason == NULL)
    reason = kind_reason (endpoint, wish);
  if (reason == NULL && environment (endpoint) < 0)
    reason = _ ("It is for tests, not for real patients.");
  if (reason == NULL && wish->now < endpoint->start)
    reason = _ ("It is not in use yet.");
  if (reason == NULL && wish->now >= endpoint->end)
    reason = _ ("Its time is over.");
  if (reason == NULL)
    reason = address_reason (endpoint, wish);
  if (reason == NULL)
    reason = payload_reason (endpoint, wish);
  return reason;
}

static gboolean
is_limited (const MwEndpoint *endpoint)
{
  return g_strcmp0 (endpoint->status, "active") != 0;
}

/* What the directory says of the order; 0 is no difference */
static int
compare_worth (const MwEndpoint *one,
               const MwEndpoint *other)
{
  if (is_limited (one) != is_limited (other))
    return is_limited (one) ? 1 : -1;
  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;
  return environment (other) - environment (one);
}

/* Among equals a plain server goes first, which can be asked what it can do; then any fixed order */
static int
compare_endpoints (gconstpointer a,
                   gconstpointer b)
{
  const MwEndpoint *one = *(MwEndpoint *const *) a, *other = *(MwEndpoint *const *) b;
  int               worth = compare_worth (one, other);
  int               rest = (int) (other->kinds & MW_ENDPOINT_REST) - (int) (one->kinds & MW_ENDPOINT_REST);

  if (worth != 0)
    return worth;
  return rest != 0 ? rest : strcmp (one->address, other->address);
}

static gboolean
same_origin (const char *one,
             const char *other)
{
  g_autoptr (GUri) a = g_uri_parse (one, G_URI_FLAGS_SCHEME_NORMALIZE | G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) b = g_uri_parse (other, G_URI_FLAGS_SCHEME_NORMALIZE | G_URI_FLAGS_ENCODED, NULL);

  return a != NULL && b != NULL && g_strcmp0 (g_uri_get_host (a), g_uri_get_host (b)) == 0 && g_uri_get_port (a) == g_uri_get_port (b);
}

/* Their addresses differ: on one host they may be those of two tenants, unless the one is only another way in */
static gboolean
is_ambiguous (GPtrArray *usable)
{
  for (guint i = 1; i < usable->len; i++)
    {
      const MwEndpoint *first = g_ptr_array_index (usable, 0);
      const MwEndpoint *other = g_ptr_array_index (usable, i);

      if (compare_worth (first, other) == 0 &&
          ((first->kinds & MW_ENDPOINT_REST) == (other->kinds & MW_ENDPOINT_REST) || !same_origin (first->address, other->address)))
        return TRUE;
    }
  return FALSE;
}

/**
 * mw_endpoints_choose:
 * @endpoints: (element-type MwEndpoint): those of one owner, or of one level of owners
 * @wish: what they are needed for
 *
 * Orders by status, by the directory's rank, and production first. Of two with one address the better one stays.
 *
 * Returns: (transfer full): those that can be used, and why the others cannot; it lends from @endpoints
 */
MwEndpointChoice *
mw_endpoints_choose (GPtrArray            *endpoints,
                     const MwEndpointWish *wish)
{
  MwEndpointChoice *self = g_new0 (MwEndpointChoice, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) good = g_ptr_array_new ();

  self->usable = g_ptr_array_new ();
  self->refused = g_ptr_array_new_with_free_func (free_refusal);
  for (guint i = 0; i < endpoints->len; i++)
    {
      MwEndpoint        *endpoint = g_ptr_array_index (endpoints, i);
      const char        *reason = find_reason (endpoint, wish);
      MwEndpointRefusal *refusal;

      if (reason == NULL)
        {
          g_ptr_array_add (good, endpoint);
          continue;
        }
      refusal = g_new0 (MwEndpointRefusal, 1);
      refusal->endpoint = endpoint;
      refusal->reason = g_strdup (reason);
      g_ptr_array_add (self->refused, refusal);
    }
  g_ptr_array_sort (good, compare_endpoints);
  for (guint i = 0; i < good->len; i++)
    {
      MwEndpoint *endpoint = g_ptr_array_index (good, i);

      if (g_hash_table_add (seen, endpoint->address))
        g_ptr_array_add (self->usable, endpoint);
    }
  self->ambiguous = is_ambiguous (self->usable);
  return self;
}
