/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-reference.h"

#include <gio/gio.h>
#include <string.h>

void
mw_reference_free (MwReference *self)
{
  if (self == NULL)
    return;
  g_free (self->literal);
  g_free (self->base);
  g_free (self->type);
  g_free (self->id);
  g_free (self->version);
  g_free (self->system);
  g_free (self->value);
  g_free (self->display);
  g_free (self);
}

/**
 * mw_reference_is_type_name:
 *
 * Returns: whether @text looks like a resource type: a capital, then letters. The list of types is
 *   the server's business, and newer versions add some.
 */
gboolean
mw_reference_is_type_name (const char *text,
                           gsize       length)
{
  if (length < 3 || length > 64 || !g_ascii_isupper (text[0]))
    return FALSE;
  for (gsize i = 1; i < length; i++)
    if (!g_ascii_isalpha (text[i]))
      return FALSE;
  return TRUE;
}

/* FHIR R4 datatypes.html#id */
static gboolean
is_id (const char *text,
       gsize       length)
{
  if (length < 1 || length > 64)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '.' && text[i] != '_')
      return FALSE;
  return TRUE;
}

/* Reads "Type/id" or "Type/id/_history/v" that ends at the end of @text */
static gboolean
split_tail (MwReference *self,
            const char  *text)
{
  const char *version = strstr (text, "/_history/");
  const char *end = version != NULL ? version : text + strlen (text);
  const char *id = end, *type;

  while (id > text && id[-1] != '/')
    id--;
  if (id == text)
    return FALSE;
  type = id - 1;
  while (type > text && type[-1] != '/')
    type--;
  if (!mw_reference_is_type_name (type, (gsize) (id - 1 - type)) || !is_id (id, (gsize) (end - id)))
    return FALSE;

  self->type = g_strndup (type, (gsize) (id - 1 - type));
  self->id = g_strndup (id, (gsize) (end - id));
  self->version = version != NULL ? g_strdup (version + strlen ("/_history/")) : NULL;
  if (type > text)
    self->base = g_strndup (text, (gsize) (type - 1 - text));
  return TRUE;
}

static void
parse_literal (MwReference *self)
{
  const char *text = self->literal;

  if (text == NULL)
    {
      self->kind = self->value != NULL ? MW_REFERENCE_LOGICAL : MW_REFERENCE_NONE;
      return;
    }
  if (text[0] == '#')
    {
      self->kind = MW_REFERENCE_CONTAINED;
      self->id = g_strdup (text + 1);
      return;
    }
  if (g_ascii_strncasecmp (text, "urn:", 4) == 0)
    {
      self->kind = MW_REFERENCE_URN;
      return;
    }
  if (g_ascii_strncasecmp (text, "http://", 7) == 0 || g_ascii_strncasecmp (text, "https://", 8) == 0)
    {
      self->kind = MW_REFERENCE_ABSOLUTE;
      split_tail (self, text);
      return;
    }
  if (strchr (text, '?') != NULL)
    {
      const char *query = strchr (text, '?');

      self->kind = MW_REFERENCE_CONDITIONAL;
      if (mw_reference_is_type_name (text, (gsize) (query - text)))
        {
          g_free (self->type);
          self->type = g_strndup (text, (gsize) (query - text));
        }
      return;
    }
  if (split_tail (self, text))
    {
      g_clear_pointer (&self->base, g_free);
      self->kind = MW_REFERENCE_RELATIVE;
      return;
    }
  self->kind = self->value != NULL ? MW_REFERENCE_LOGICAL : MW_REFERENCE_NONE;
}

/**
 * mw_reference_new:
 * @reference: (nullable): a Reference element, or a bare string as careless senders write it
 *
 * Returns: (transfer full): what it says; kind MW_REFERENCE_NONE when it says nothing usable
 */
MwReference *
mw_reference_new (JsonNode *reference)
{
  MwReference *self = g_new0 (MwReference, 1);
  const char  *type = mw_json_string (reference, "type");

  if (reference != NULL && JSON_NODE_HOLDS_ARRAY (reference))
    reference = mw_json_item (reference, NULL, 0);
  self->literal = g_strdup (reference != NULL && JSON_NODE_HOLDS_VALUE (reference)
                                ? mw_json_string (reference, NULL)
                                : mw_json_string (reference, "reference"));
  self->system = g_strdup (mw_json_string (reference, "identifier.system"));
  self->value = g_strdup (mw_json_string (reference, "identifier.value"));
  self->display = g_strdup (mw_json_string (reference, "display"));
  parse_literal (self);
  if (self->type == NULL && type != NULL && mw_reference_is_type_name (type, strlen (type)))
    self->type = g_strdup (type);
  return self;
}

MwReference *
mw_reference_new_for_literal (const char *literal)
{
  MwReference *self = g_new0 (MwReference, 1);

  self->literal = g_strdup (literal);
  parse_literal (self);
  return self;
}

/**
 * mw_reference_absolute:
 * @base: (nullable): the base of the server that the reference came from
 *
 * Returns: (transfer full) (nullable): "base/Type/id" without the version, the same for every way of
 *   writing it; urn: as it is; NULL for contained, conditional and logical ones
 */
char *
mw_reference_absolute (const MwReference *self,
                       const char        *base)
{
  switch (self->kind)
    {
    case MW_REFERENCE_RELATIVE:
      return base != NULL ? g_strdup_printf ("%s/%s/%s", base, self->type, self->id) : NULL;
    case MW_REFERENCE_ABSOLUTE:
      if (self->id == NULL || self->base == NULL)
        return g_strdup (self->literal);
      return g_strdup_printf ("%s/%s/%s", self->base, self->type, self->id);
    case MW_REFERENCE_URN:
      return g_ascii_strdown (self->literal, -1);
    case MW_REFERENCE_NONE:
    case MW_REFERENCE_CONTAINED:
    case MW_REFERENCE_CONDITIONAL:
    case MW_REFERENCE_LOGICAL:
    default:
      return NULL;
    }
}

/**
 * mw_reference_relative:
 *
 * Returns: (transfer full) (nullable): "Type/id" when @self lives on the server at @base, NULL when it does not
 */
char *
mw_reference_relative (const MwReference *self,
                       const char        *base)
{
  if (self->id == NULL || self->type == NULL)
    return NULL;
  if (self->kind == MW_REFERENCE_RELATIVE || (self->kind == MW_REFERENCE_ABSOLUTE && g_strcmp0 (self->base, base) == 0))
    return g_strdup_printf ("%s/%s", self->type, self->id);
  return NULL;
}

/**
 * mw_reference_same:
 *
 * Returns: whether two literals that came from the server at @base name the same resource
 */
gboolean
mw_reference_same (const char *one,
                   const char *other,
                   const char *base)
{
  g_autoptr (MwReference) a = mw_reference_new_for_literal (one);
  g_autoptr (MwReference) b = mw_reference_new_for_literal (other);
  g_autofree char *x = mw_reference_absolute (a, base != NULL ? base : "");
  g_autofree char *y = mw_reference_absolute (b, base != NULL ? base : "");

  return x != NULL && g_strcmp0 (x, y) == 0;
}

static JsonNode *
resolve_contained (JsonNode   *container,
                   const char *id)
{
  guint n = mw_json_length (container, "contained");

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *contained = mw_json_item (container, "contained", i);
      const char *its = mw_resource_id (contained);

      if (its != NULL && g_strcmp0 (*its == '#' ? its + 1 : its, id) == 0)
        return contained;
    }
  return *id == '\0' ? container : NULL;
}

/**
 * mw_reference_resolve:
 * @reference: (nullable): a Reference element
 * @container: (nullable): the resource it stands in, for contained ones
 * @bundle: (nullable): the Bundle that @container came in
 *
 * Finds the resource a reference means without leaving the message: contained, then by fullUrl,
 * then by type and id, since senders mix urn:uuid fullUrls with relative references
 * (FHIR R4 bundle.html#references).
 *
 * Returns: (transfer none) (nullable): the resource
 */
JsonNode *
mw_reference_resolve (JsonNode *reference,
                      JsonNode *container,
                      JsonNode *bundle)
{
  g_autoptr (MwReference) ref = mw_reference_new (reference);
  JsonNode *by_id = NULL;
  guint     n;

  if (ref->kind == MW_REFERENCE_CONTAINED)
    return resolve_contained (container, ref->id);
  if (ref->kind == MW_REFERENCE_NONE || ref->literal == NULL)
    return NULL;

  n = mw_json_length (bundle, "entry");
  for (guint i = 0; i < n; i++)
    {
      JsonNode   *entry = mw_json_item (bundle, "entry", i);
      JsonNode   *resource = mw_json_get (entry, "resource");
      const char *full_url = mw_json_string (entry, "fullUrl");

      if (full_url != NULL && g_ascii_strcasecmp (full_url, ref->literal) == 0)
        return resource;
      if (by_id == NULL && ref->id != NULL && g_strcmp0 (mw_resource_id (resource), ref->id) == 0 &&
          (ref->type == NULL || mw_resource_is (resource, ref->type)))
        by_id = resource;
    }
  return by_id;
}

typedef struct
{
  MwReferenceRewriteFunc func;
  gpointer               user_data;
} Rewrite;

static void rewrite_node (JsonNode *node,
                          Rewrite  *rewrite);

static void
rewrite_member (JsonObject *object,
                const char *name,
                JsonNode   *member,
                gpointer    user_data)
{
  rewrite_node (member, user_data);
}

static void
rewrite_element (JsonArray *array,
                 guint      index,
                 JsonNode  *element,
                 gpointer   user_data)
{
  rewrite_node (element, user_data);
}

static void
rewrite_node (JsonNode *node,
              Rewrite  *rewrite)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), rewrite_element, rewrite);
  if (!mw_json_is_object (node))
    return;
  if (mw_json_string (node, "reference") != NULL)
    {
      g_autofree char *literal = rewrite->func (mw_json_string (node, "reference"), rewrite->user_data);

      mw_json_set (node, "reference", literal);
    }
  json_object_foreach_member (json_node_get_object (node), rewrite_member, rewrite);
}

/**
 * mw_reference_rewrite_all:
 * @resource: a mutable resource, as mw_json_copy() gives it
 *
 * Asks @func about every literal reference in @resource, however deep.
 */
void
mw_reference_rewrite_all (JsonNode              *resource,
                          MwReferenceRewriteFunc func,
                          gpointer               user_data)
{
  Rewrite rewrite = { func, user_data };

  rewrite_node (resource, &rewrite);
}

/**
 * mw_base_url_normalise:
 *
 * Returns: (transfer full) (nullable): @url as a FHIR base: scheme and host in lower case, no trailing
 *   slash, no "/metadata", no query; NULL when it is no http or https URL with a host, or carries a password
 */
char *
mw_base_url_normalise (const char *url)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *stripped = g_strstrip (g_strdup (url));
  g_autofree char *path = NULL;
  g_autofree char *host = NULL;
  gsize            length;

  uri = g_uri_parse (stripped, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' || g_uri_get_userinfo (uri) != NULL)
    return NULL;
  if (!g_str_equal (g_uri_get_scheme (uri), "http") && !g_str_equal (g_uri_get_scheme (uri), "https"))
    return NULL;

  path = g_strdup (g_uri_get_path (uri));
  if (g_str_has_suffix (path, "/metadata"))
    path[strlen (path) - strlen ("/metadata")] = '\0';
  /* an empty path stays empty: GLib would make "/" of it when asked to normalise */
  for (length = strlen (path); length > 0 && path[length - 1] == '/'; length--)
    path[length - 1] = '\0';
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  return g_uri_join (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL, host,
                     g_uri_get_port (uri), path, NULL, NULL);
}

/**
 * mw_base_url_is_loopback:
 * @url: (nullable): a URL
 *
 * Returns: whether it leads to this computer itself, told by the name alone
 */
gboolean
mw_base_url_is_loopback (const char *url)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost"))
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && (g_inet_address_get_is_loopback (address) || g_inet_address_get_is_any (address));
}
