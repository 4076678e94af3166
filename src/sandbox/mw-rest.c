/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-rest-private.h"

#include "mw-json.h"
#include "mw-media.h"
#include "mw-definitions.h"
#include "mw-validate.h"

#include <string.h>

#define FHIR_JSON "application/fhir+json"

void
mw_reply_free (MwReply *self)
{
  g_clear_pointer (&self->resource, json_node_unref);
  g_clear_pointer (&self->raw, g_bytes_unref);
  g_free (self->content_type);
  g_free (self->location);
  g_free (self->etag);
  g_free (self->challenge);
  g_free (self);
}

static gboolean
prefers (const MwRequest *request,
         const char      *what)
{
  return request->prefer != NULL && strstr (request->prefer, what) != NULL;
}

/* The resource in the body, as a tree that can be written to */
JsonNode *
mw_exchange_read_body (MwExchange *x)
{
  g_autoptr (JsonNode) parsed = NULL;
  g_autoptr (GError) error = NULL;
  gsize       length = 0;
  const char *data = x->request->body != NULL ? g_bytes_get_data (x->request->body, &length) : NULL;

  if (length == 0)
    {
      mw_issues_add (x->issues, 400, "required", NULL, "The body is empty");
      return NULL;
    }
  if (x->request->content_type == NULL || !mw_media_is_fhir_json (x->request->content_type, x->site->version))
    {
      mw_issues_add (x->issues, 415, "not-supported", NULL, "The body has to be " FHIR_JSON " (FHIR %s)", x->site->version);
      return NULL;
    }
  parsed = mw_json_parse (data, (gssize) length, &error);
  if (parsed == NULL)
    {
      mw_issues_add (x->issues, 400, "structure", NULL, "%s", error->message);
      return NULL;
    }
  mw_validate_keys (data, length, x->issues);
  if (mw_resource_type (parsed) == NULL)
    mw_issues_add (x->issues, 400, "structure", NULL, "The body is no FHIR resource");
  return mw_issues_any (x->issues) ? NULL : mw_json_copy (parsed);
}

static void
set_headers (MwExchange *x,
             MwRecord   *record)
{
  x->reply->etag = g_strdup_printf ("W/\"%u\"", mw_record_version (record));
  x->reply->modified = mw_record_current (record)->updated;
}

/* What a write answers: the resource, nothing, or an OperationOutcome (FHIR R4 http.html#ops) */
static void
answer_write (MwExchange *x,
              MwRecord   *record,
              guint       status)
{
  x->reply->status = status;
  x->reply->location = g_strdup_printf ("%s/%s/%s/_history/%u", x->site->url, record->type, record->id, mw_record_version (record));
  set_headers (x, record);
  if (prefers (x->request, "return=OperationOutcome"))
    x->reply->resource = mw_outcome_new ("information", "informational", "Stored");
  else if (!prefers (x->request, "return=minimal"))
    x->reply->resource = json_node_ref (mw_record_resource (record));
}

static JsonNode *
read_binary_body (MwExchange *x)
{
  JsonNode        *binary = mw_resource_new ("Binary");
  gsize            length;
  const guchar    *data = g_bytes_get_data (x->request->body, &length);
  g_autofree char *base64 = g_base64_encode (data, length);
  g_auto (GStrv) type = g_strsplit (x->request->content_type, ";", 2);

  mw_json_set (binary, "contentType", g_strstrip (type[0]));
  mw_json_set (binary, "data", base64);
  return binary;
}

static JsonNode *
read_typed_body (MwExchange *x,
                 const char *type)
{
  gboolean raw = g_str_equal (type, "Binary") && x->request->body != NULL && g_bytes_get_size (x->request->body) > 0 &&
                 x->request->content_type != NULL && !mw_media_is_fhir_json (x->request->content_type, x->site->version);
  JsonNode *resource = raw ? read_binary_body (x) : mw_exchange_read_body (x);

  if (resource != NULL && !mw_resource_is (resource, type))
    {
      mw_issues_add (x->issues, 400, "invalid", "resourceType", "The body is no %s", type);
      g_clear_pointer (&resource, json_node_unref);
    }
  return resource;
}

static void
do_create (MwExchange *x,
           const char *type)
{
  g_autoptr (JsonNode) resource = NULL;
  MwRecord *record;
  gboolean  existed;

  if (!mw_auth_access_check (x->request->access, MW_ACTION_CREATE, type, NULL, x->issues))
    return;
  resource = read_typed_body (x, type);
  if (resource == NULL || !mw_auth_access_check_resource (x->request->access, MW_ACTION_CREATE, x->site, resource, NULL, x->issues))
    return;
  record = mw_site_create (x->site, g_steal_pointer (&resource), x->request->if_none_exist, &existed, x->issues);
  if (record != NULL)
    answer_write (x, record, existed ? 200 : 201);
}

static void
do_update (MwExchange *x,
           const char *type,
           const char *id)
{
  JsonNode *before = mw_sandbox_store_get (x->site->store, type, id);
  g_autoptr (JsonNode) resource = NULL;
  MwRecord *record;
  gboolean  created;

  if (!mw_auth_access_check (x->request->access, MW_ACTION_UPDATE, type, NULL, x->issues))
    return;
  resource = read_typed_body (x, type);
  if (resource == NULL || !mw_auth_access_check_resource (x->request->access, MW_ACTION_UPDATE, x->site, resource, NULL, x->issues) ||
      (before != NULL && !mw_auth_access_check_resource (x->request->access, MW_ACTION_UPDATE, x->site, before, NULL, x->issues)))
    return;
  record = mw_site_update (x->site, type, id, g_steal_pointer (&resource), x->request->if_match, &created, x->issues);
  if (record != NULL)
    answer_write (x, record, created ? 201 : 200);
}

static void
do_delete (MwExchange *x,
           const char *type,
           const char *id)
{
  MwRecord *record = mw_sandbox_store_find (x->site->store, type, id);

  x->reply->status = 204;
  if (!mw_auth_access_check (x->request->access, MW_ACTION_DELETE, type, NULL, x->issues) || record == NULL || mw_record_resource (record) == NULL ||
      !mw_auth_access_check_resource (x->request->access, MW_ACTION_DELETE, x->site, mw_record_resource (record), NULL, x->issues))
    return;
  if (x->request->if_match == NULL || mw_site_check_version (record, x->request->if_match, x->issues))
    mw_sandbox_store_delete (x->site->store, record);
}

static void
answer_binary (MwExchange *x,
               JsonNode   *binary)
{
  const char *data = mw_json_string (binary, "data");
  const char *type = mw_json_string (binary, "contentType");
  gsize       length = 0;
  guchar     *bytes = data != NULL ? g_base64_decode (data, &length) : NULL;

  x->reply->raw = g_bytes_new_take (bytes, length);
  x->reply->content_type = g_strdup (type != NULL ? type : "application/octet-stream");
}

static void
answer_version (MwExchange *x,
                MwRecord   *record,
                guint       number)
{
  MwVersion *version = g_ptr_array_index (record->versions, number - 1);

  if (version->resource == NULL)
    {
      mw_issues_add (x->issues, 410, "deleted", NULL, "This resource was deleted");
      return;
    }
  if (!mw_auth_access_check_resource (x->request->access, MW_ACTION_READ, x->site, version->resource, NULL, x->issues))
    return;
  x->reply->etag = g_strdup_printf ("W/\"%u\"", number);
  x->reply->modified = version->updated;
  x->reply->status = 200;
  if (x->request->if_none_match != NULL && strstr (x->request->if_none_match, x->reply->etag + 2) != NULL)
    x->reply->status = 304;
  else if (mw_resource_is (version->resource, "Binary") && !mw_media_accepts (x->request->accept, x->site->version, FALSE))
    answer_binary (x, version->resource);
  else
    x->reply->resource = json_node_ref (version->resource);
}

static void
do_read (MwExchange *x,
         const char *type,
         const char *id,
         const char *version)
{
  MwRecord *record = mw_sandbox_store_find (x->site->store, type, id);
  guint64   number;

  if (!mw_auth_access_check (x->request->access, MW_ACTION_READ, type, NULL, x->issues))
    return;
  if (record == NULL)
    mw_issues_add (x->issues, 404, "not-found", NULL, "There is no %s of that id", type);
  else if (version == NULL)
    answer_version (x, record, mw_record_version (record));
  else if (!g_ascii_string_to_unsigned (version, 10, 1, mw_record_version (record), &number, NULL))
    mw_issues_add (x->issues, 404, "not-found", NULL, "There is no such version");
  else
    answer_version (x, record, (guint) number);
}

static void
do_history (MwExchange *x,
            const char *type,
            const char *id)
{
  MwRecord *record = mw_sandbox_store_find (x->site->store, type, id);
  JsonNode *bundle;

  if (!mw_auth_access_check (x->request->access, MW_ACTION_READ, type, NULL, x->issues))
    return;
  for (guint i = 0; record != NULL && i < record->versions->len; i++)
    {
      MwVersion *version = g_ptr_array_index (record->versions, i);

      if (version->resource != NULL && !mw_auth_access_check_resource (x->request->access, MW_ACTION_READ, x->site, version->resource, NULL, x->issues))
        return;
    }
  if (record == NULL)
    {
      mw_issues_add (x->issues, 404, "not-found", NULL, "There is no %s of that id", type);
      return;
    }
  bundle = mw_resource_new ("Bundle");
  mw_json_set (bundle, "type", "history");
  mw_json_set_integer (bundle, "total", record->versions->len);
  for (guint i = record->versions->len; i > 0; i--)
    {
      MwVersion       *version = g_ptr_array_index (record->versions, i - 1);
      JsonNode        *entry = mw_json_object_new ();
      g_autofree char *url = g_strdup_printf ("%s/%s/%s", x->site->url, type, id);
      g_autofree char *etag = g_strdup_printf ("W/\"%u\"", i);
      g_autofree char *when = mw_sandbox_instant (version->updated);

      mw_json_set (entry, "fullUrl", url);
      if (version->resource != NULL)
        mw_json_take (entry, "resource", json_node_ref (version->resource));
      mw_json_set (entry, "request.method", version->resource == NULL ? "DELETE" : i == 1 ? "POST"
                                                                                          : "PUT");
      mw_json_set (entry, "request.url", i == 1 ? type : url + strlen (x->site->url) + 1);
      mw_json_set (entry, "response.status", version->resource == NULL ? "204" : i == 1 ? "201"
                                                                                        : "200");
      mw_json_set (entry, "response.etag", etag);
      mw_json_set (entry, "response.lastModified", when);
      mw_json_take (bundle, "entry[+]", entry);
    }
  x->reply->resource = bundle;
  x->reply->status = 200;
}

static void
do_search (MwExchange *x,
           const char *type,
           const char *query)
{
  if (!mw_auth_access_check (x->request->access, MW_ACTION_SEARCH, type, NULL, x->issues))
    return;
  x->reply->resource = mw_site_search (x->site, type, query, prefers (x->request, "handling=lenient"), x->request->access, x->issues);
  x->reply->status = 200;
}

static void
do_search_by_post (MwExchange *x,
                   const char *type)
{
  gsize            length = 0;
  const char      *data = x->request->body != NULL ? g_bytes_get_data (x->request->body, &length) : NULL;
  g_autofree char *form = g_strndup (data != NULL ? data : "", length);
  g_autofree char *query = g_strjoin (length > 0 && x->request->query != NULL ? "&" : "", form, x->request->query, NULL);

  if (length > 0 && (x->request->content_type == NULL || !g_str_has_prefix (x->request->content_type, "application/x-www-form-urlencoded")))
    mw_issues_add (x->issues, 415, "not-supported", NULL, "A search by POST has to be a form");
  else
    do_search (x, type, query);
}

void
mw_exchange_wrong_method (MwExchange *x)
{
  mw_issues_add (x->issues, 405, "not-supported", NULL, "%s is not possible here", x->request->method);
}

gboolean
mw_exchange_is_method (MwExchange *x,
                       const char *method)
{
  return g_str_equal (x->request->method, method) || (g_str_equal (method, "GET") && g_str_equal (x->request->method, "HEAD"));
}

static char *
query_value (const char *query,
             const char *key)
{
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);
  gsize length = strlen (key);

  for (char **pair = pairs; *pair != NULL; pair++)
    if (strncmp (*pair, key, length) == 0 && (*pair)[length] == '=')
      return g_uri_unescape_string (*pair + length + 1, NULL);
  return NULL;
}

static void
do_page (MwExchange *x)
{
  g_autofree char *token = query_value (x->request->query, "_getpages");
  g_autofree char *offset = query_value (x->request->query, "_offset");
  g_autofree char *count = query_value (x->request->query, "_count");
  guint64          from = 0, number = 50;

  if (token == NULL)
    {
      mw_issues_add (x->issues, 400, "not-supported", NULL, "A search over all types is not possible here");
      return;
    }
  if (offset != NULL)
    g_ascii_string_to_unsigned (offset, 10, 0, G_MAXINT32, &from, NULL);
  if (count != NULL)
    g_ascii_string_to_unsigned (count, 10, 1, 500, &number, NULL);
  x->reply->resource = mw_site_page (x->site, token, (guint) from, (guint) number, x->request->access, x->issues);
  x->reply->status = 200;
}

static void
do_base (MwExchange *x)
{
  g_autoptr (JsonNode) bundle = NULL;

  if (mw_exchange_is_method (x, "GET"))
    {
      do_page (x);
      return;
    }
  if (!mw_exchange_is_method (x, "POST"))
    {
      mw_exchange_wrong_method (x);
      return;
    }
  if ((x->site->abilities & MW_SITE_TRANSACTIONS) == 0)
    {
      mw_issues_add (x->issues, 405, "not-supported", NULL, "This server takes no batch and no transaction");
      return;
    }
  bundle = mw_exchange_read_body (x);
  if (bundle == NULL)
    return;
  x->reply->resource = mw_site_process_bundle (x->site, bundle, prefers (x->request, "return=minimal"), x->request->access, x->issues);
  x->reply->status = 200;
}

static void
do_type (MwExchange *x)
{
  const char *type = x->part[0];

  if (mw_exchange_is_method (x, "GET"))
    do_search (x, type, x->request->query);
  else if (!mw_exchange_is_method (x, "POST"))
    mw_exchange_wrong_method (x);
  else if (!mw_site_takes (x->site, type))
    mw_issues_add (x->issues, 405, "not-supported", NULL, "This server takes no %s", type);
  else
    do_create (x, type);
}

static void
do_instance (MwExchange *x)
{
  const char *type = x->part[0], *id = x->part[1];

  if (x->n_parts >= 3 && g_str_equal (x->part[2], "_history") && mw_exchange_is_method (x, "GET"))
    {
      if (x->n_parts == 3)
        do_history (x, type, id);
      else
        do_read (x, type, id, x->part[3]);
    }
  else if (x->n_parts > 2)
    mw_exchange_wrong_method (x);
  else if (g_str_equal (id, "_search") && mw_exchange_is_method (x, "POST"))
    do_search_by_post (x, type);
  else if (mw_exchange_is_method (x, "GET"))
    do_read (x, type, id, NULL);
  else if (!mw_site_takes (x->site, type) || !(mw_exchange_is_method (x, "PUT") || mw_exchange_is_method (x, "DELETE")))
    mw_exchange_wrong_method (x);
  else if (mw_exchange_is_method (x, "PUT"))
    do_update (x, type, id);
  else
    do_delete (x, type, id);
}

static void
route (MwExchange *x)
{
  if (x->n_parts == 0)
    do_base (x);
  else if (x->n_parts == 1 && g_str_equal (x->part[0], "metadata"))
    {
      x->reply->resource = mw_site_capabilities (x->site);
      x->reply->status = 200;
    }
  else if (*x->part[x->n_parts - 1] == '$')
    mw_exchange_do_operation (x);
  else if (!mw_site_knows (x->site, x->part[0]))
    mw_issues_add (x->issues, 404, "not-supported", NULL, "This server knows nothing called “%s”", x->part[0]);
  else if (x->n_parts == 1)
    do_type (x);
  else if (x->n_parts <= 4)
    do_instance (x);
  else
    mw_issues_add (x->issues, 404, "not-found", NULL, "There is nothing here");
}

static void
check_accept (MwExchange *x)
{
  g_autofree char *format = query_value (x->request->query, "_format");
  gboolean         binary = x->n_parts == 2 && g_str_equal (x->part[0], "Binary") && mw_exchange_is_method (x, "GET");

  if (format != NULL && !mw_media_is_fhir_json (format, x->site->version) && !g_str_equal (format, "json"))
    mw_issues_add (x->issues, 406, "not-supported", NULL, "Only JSON is spoken here");
  else if (format == NULL && !binary && !mw_media_accepts (x->request->accept, x->site->version, TRUE))
    mw_issues_add (x->issues, 406, "not-supported", NULL, "Only " FHIR_JSON " (FHIR %s) is spoken here", x->site->version);
}

/**
 * mw_rest_handle:
 *
 * Answers one request as FHIR R4 http.html has it. What the client wrote is told to the site's
 * listener once the whole request has succeeded.
 *
 * Returns: (transfer full): the answer; with an error status it always carries an OperationOutcome
 */
MwReply *
mw_rest_handle (MwSite          *site,
                const MwRequest *request)
{
  g_autoptr (MwIssues) issues = mw_issues_new ();
  g_auto (GStrv) part = NULL;
  g_autofree char *path = g_strdup (request->path);
  MwExchange       x = { site, request, NULL, 0, issues, NULL };

  if (g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';
  part = g_strsplit (path, "/", -1);
  x.part = part;
  x.n_parts = g_strv_length (part);
  x.reply = g_new0 (MwReply, 1);

  check_accept (&x);
  if (!mw_issues_any (issues))
    route (&x);
  if (mw_issues_any (issues))
    {
      mw_reply_free (x.reply);
      x.reply = g_new0 (MwReply, 1);
      x.reply->status = issues->status;
      if (issues->insufficient_scope)
        x.reply->challenge = g_strdup ("Bearer error=\"insufficient_scope\"");
      x.reply->resource = mw_issues_outcome (issues);
    }
  mw_site_tell (site);
  return g_steal_pointer (&x.reply);
}
