/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-ledger.h"

#include "mw-json.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char     *type;
  char     *id;
  guint     version;
  JsonNode *content;
} Stored;

struct _MwLedger
{
  GMutex      mutex;
  GHashTable *stored; /* "Type/id" -> Stored */
  GPtrArray  *order;  /* of Stored, borrowed */
  GHashTable *messages;
  GPtrArray  *effects;
  guint       last_id;
  int         file;
};

typedef struct
{
  guint   status;
  Stored *stored;
} Result;

static void
stored_free (gpointer data)
{
  Stored *self = data;

  g_free (self->type);
  g_free (self->id);
  json_node_unref (self->content);
  g_free (self);
}

/**
 * mw_ledger_new:
 * @effects_file: (nullable): one line is appended for each effect, at once, so that it can be read
 *   while the server runs and after it was killed
 */
MwLedger *
mw_ledger_new (const char *effects_file)
{
  MwLedger *self = g_new0 (MwLedger, 1);

  g_mutex_init (&self->mutex);
  self->stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stored_free);
  self->order = g_ptr_array_new ();
  self->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->effects = g_ptr_array_new_with_free_func (g_free);
  self->file = -1;
  if (effects_file != NULL)
    {
      self->file = open (effects_file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
      if (self->file < 0)
        g_error ("Cannot write the file of effects");
    }
  return self;
}

void
mw_ledger_free (MwLedger *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->stored);
  g_ptr_array_unref (self->order);
  g_hash_table_unref (self->messages);
  g_ptr_array_unref (self->effects);
  if (self->file >= 0)
    close (self->file);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
note_effect (MwLedger   *self,
             const char *identity)
{
  g_autofree char *line = g_strdelimit (g_strdup (identity), "\r\n", ' ');

  g_ptr_array_add (self->effects, g_strdup (line));
  if (self->file >= 0)
    {
      g_autofree char *whole = g_strconcat (line, "\n", NULL);

      if (write (self->file, whole, strlen (whole)) != (gssize) strlen (whole))
        g_error ("Cannot write the file of effects");
    }
}

static void
reply_json (MwFaultReply *reply,
            guint         status,
            const char   *text)
{
  reply->status = status;
  mw_fault_reply_header (reply, "Content-Type", "application/fhir+json;charset=utf-8");
  g_string_assign (reply->body, text);
}

static void
reply_outcome (MwFaultReply *reply,
               guint         status,
               const char   *code,
               const char   *text)
{
  g_autoptr (JsonNode) outcome = mw_resource_new ("OperationOutcome");
  g_autofree char *json = NULL;

  mw_json_set (outcome, "issue[0].severity", status < 300 ? "information" : "error");
  mw_json_set (outcome, "issue[0].code", code);
  mw_json_set (outcome, "issue[0].details.text", text);
  json = mw_json_to_text (outcome, FALSE);
  reply_json (reply, status, json);
}

static void
reply_stored (MwFaultReply *reply,
              guint         status,
              Stored       *stored)
{
  g_autofree char *etag = g_strdup_printf ("W/\"%u\"", stored->version);
  g_autofree char *location = g_strdup_printf ("/%s/%s/_history/%u", stored->type, stored->id, stored->version);
  g_autofree char *json = mw_json_to_text (stored->content, FALSE);

  mw_fault_reply_header (reply, "ETag", etag);
  mw_fault_reply_header (reply, "Location", location);
  reply_json (reply, status, json);
}

/* "identifier=sys%7Cval" or nothing */
static char *
identifier_of_query (const char *query)
{
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    if (g_str_has_prefix (pairs[i], "identifier="))
      return g_uri_unescape_string (pairs[i] + strlen ("identifier="), NULL);
  return NULL;
}

static char *
join_identifier (JsonNode *identifier)
{
  const char *system = mw_json_string (identifier, "system");
  const char *value = mw_json_string (identifier, "value");

  return g_strconcat (system != NULL ? system : "", "|", value != NULL ? value : "", NULL);
}

static gboolean
has_identifier (JsonNode   *content,
                const char *wanted)
{
  guint n = mw_json_length (content, "identifier");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = join_identifier (mw_json_item (content, "identifier", i));

      if (g_str_equal (text, wanted))
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
find (MwLedger   *self,
      const char *type,
      const char *identifier)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < self->order->len; i++)
    {
      Stored *stored = self->order->pdata[i];

      if (g_str_equal (stored->type, type) && (identifier == NULL || has_identifier (stored->content, identifier)))
        g_ptr_array_add (found, stored);
    }
  return found;
}

/* Takes the content to itself, as version @version */
static void
set_content (Stored   *stored,
             JsonNode *content,
             guint     version)
{
  g_autofree char *number = g_strdup_printf ("%u", version);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  JsonNode        *copy = mw_json_copy (content);

  mw_json_set (copy, "id", stored->id);
  mw_json_set (copy, "meta.versionId", number);
  mw_json_set (copy, "meta.lastUpdated", stamp);
  g_clear_pointer (&stored->content, json_node_unref);
  stored->content = copy;
  stored->version = version;
}

static Stored *
store (MwLedger   *self,
       const char *type,
       const char *id,
       JsonNode   *content)
{
  Stored *stored = g_new0 (Stored, 1);

  stored->type = g_strdup (type);
  stored->id = id != NULL ? g_strdup (id) : g_strdup_printf ("L%u", ++self->last_id);
  set_content (stored, content, 1);
  g_hash_table_replace (self->stored, g_strdup_printf ("%s/%s", stored->type, stored->id), stored);
  g_ptr_array_add (self->order, stored);
  return stored;
}

/* Named by the identifier it carries, with or without a condition, so that a second one shows */
static char *
identity_of (const char *type,
             JsonNode   *content)
{
  g_autofree char *identifier = join_identifier (mw_json_item (content, "identifier", 0));

  return g_strdup_printf ("%s?identifier=%s", type, identifier);
}

static Result
create (MwLedger   *self,
        const char *type,
        const char *if_none_exist,
        JsonNode   *content)
{
  g_autofree char *identifier = identifier_of_query (if_none_exist);
  g_autofree char *identity = identity_of (type, content);

  if (if_none_exist != NULL)
    {
      g_autoptr (GPtrArray) found = NULL;

      if (identifier == NULL)
        return (Result){ 400, NULL };
      found = find (self, type, identifier);
      if (found->len > 0)
        return (Result){ found->len == 1 ? 200 : 412, found->pdata[0] };
    }
  note_effect (self, identity);
  return (Result){ 201, store (self, type, NULL, content) };
}

static gboolean
same_but_for_meta (JsonNode *a,
                   JsonNode *b)
{
  g_autoptr (JsonNode) copy_a = mw_json_copy (a);
  g_autoptr (JsonNode) copy_b = mw_json_copy (b);

  mw_json_remove (copy_a, "meta");
  mw_json_remove (copy_b, "meta");
  return json_node_equal (copy_a, copy_b);
}

static Result
update (MwLedger   *self,
        const char *type,
        const char *id,
        const char *if_match,
        JsonNode   *content)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", type, id);
  g_autofree char *identity = g_strdup_printf ("PUT %s", key);
  Stored          *stored = g_hash_table_lookup (self->stored, key);

  if (stored == NULL)
    {
      if (if_match != NULL)
        return (Result){ 412, NULL };
      note_effect (self, identity);
      return (Result){ 201, store (self, type, id, content) };
    }
  if (if_match != NULL)
    {
      g_autofree char *etag = g_strdup_printf ("W/\"%u\"", stored->version);

      if (!g_str_equal (etag, if_match))
        return (Result){ 412, stored };
    }
  if (!same_but_for_meta (stored->content, content))
    {
      note_effect (self, identity);
      set_content (stored, content, stored->version + 1);
    }
  return (Result){ 200, stored };
}

static void
reply_result (MwFaultReply *reply,
              Result        result)
{
  if (result.status < 300)
    reply_stored (reply, result.status, result.stored);
  else
    reply_outcome (reply, result.status, result.status == 412 ? "conflict" : "invalid", "The condition does not hold");
}

static void
process_message (MwLedger     *self,
                 JsonNode     *bundle,
                 MwFaultReply *reply)
{
  JsonNode        *header = mw_json_get (bundle, "entry[0].resource");
  const char      *id = mw_resource_id (header);
  g_autofree char *identity = g_strdup_printf ("message:%s", id != NULL ? id : "");

  if (!mw_resource_is (header, "MessageHeader") || id == NULL)
    {
      reply_outcome (reply, 422, "required", "A message begins with a MessageHeader that has an id");
      return;
    }
  if (g_hash_table_add (self->messages, g_strdup (id)))
    note_effect (self, identity);
  reply_outcome (reply, 200, "informational", "The message was taken");
}

/* What no server could carry out is found before anything is done */
static gboolean
entry_is_good (JsonNode *entry)
{
  const char *method = mw_json_string (entry, "request.method");
  const char *url = mw_json_string (entry, "request.url");

  if (method == NULL || url == NULL || mw_resource_type (mw_json_get (entry, "resource")) == NULL)
    return FALSE;
  return g_str_equal (method, "POST") || (g_str_equal (method, "PUT") && strchr (url, '/') != NULL);
}

static Result
do_entry (MwLedger *self,
          JsonNode *entry)
{
  JsonNode *content = mw_json_get (entry, "resource");
  g_auto (GStrv) path = g_strsplit (mw_json_string (entry, "request.url"), "/", 2);

  if (g_str_equal (mw_json_string (entry, "request.method"), "POST"))
    return create (self, path[0], mw_json_string (entry, "request.ifNoneExist"), content);
  return update (self, path[0], path[1], mw_json_string (entry, "request.ifMatch"), content);
}

static void
transaction (MwLedger     *self,
             JsonNode     *bundle,
             MwFaultReply *reply)
{
  g_autoptr (JsonNode) answer = mw_resource_new ("Bundle");
  g_autofree char *json = NULL;
  guint            n = mw_json_length (bundle, "entry");

  for (guint i = 0; i < n; i++)
    if (!entry_is_good (mw_json_item (bundle, "entry", i)))
      {
        reply_outcome (reply, 422, "invalid", "An entry of the transaction cannot be carried out");
        return;
      }
  mw_json_set (answer, "type", "transaction-response");
  for (guint i = 0; i < n; i++)
    {
      Result           result = do_entry (self, mw_json_item (bundle, "entry", i));
      g_autofree char *status_path = g_strdup_printf ("entry[%u].response.status", i);
      g_autofree char *location_path = g_strdup_printf ("entry[%u].response.location", i);
      g_autofree char *status = g_strdup_printf ("%u", result.status);

      mw_json_set (answer, status_path, status);
      if (result.stored != NULL)
        {
          g_autofree char *location = g_strdup_printf ("%s/%s/_history/%u", result.stored->type, result.stored->id, result.stored->version);

          mw_json_set (answer, location_path, location);
        }
    }
  json = mw_json_to_text (answer, FALSE);
  reply_json (reply, 200, json);
}

static void
search_type (MwLedger     *self,
             const char   *type,
             const char   *query,
             MwFaultReply *reply)
{
  g_autofree char *identifier = identifier_of_query (query);
  g_autoptr (GPtrArray) found = find (self, type, identifier);
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\"");

  g_string_append_printf (text, ",\"total\":%u,\"entry\":[", found->len);
  for (guint i = 0; i < found->len; i++)
    {
      Stored          *stored = found->pdata[i];
      g_autofree char *json = mw_json_to_text (stored->content, FALSE);

      g_string_append_printf (text, "%s{\"search\":{\"mode\":\"match\"},\"resource\":%s}", i > 0 ? "," : "", json);
    }
  g_string_append (text, "]}");
  reply_json (reply, 200, text->str);
}

static void
read_stored (MwLedger       *self,
             MwFaultRequest *request,
             const char     *path,
             MwFaultReply   *reply)
{
  Stored          *stored = g_hash_table_lookup (self->stored, path);
  g_autofree char *etag = stored != NULL ? g_strdup_printf ("W/\"%u\"", stored->version) : NULL;

  if (stored == NULL)
    reply_outcome (reply, 404, "not-found", "No such resource");
  else if (g_strcmp0 (mw_fault_request_header (request, "If-None-Match"), etag) == 0)
    reply->status = 304;
  else
    reply_stored (reply, 200, stored);
}

static const char capabilities[] =
    "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"date\":\"2026-01-01\",\"kind\":\"instance\","
    "\"software\":{\"name\":\"Ledger\"},\"implementation\":{\"description\":\"Counts effects\"},"
    "\"fhirVersion\":\"4.0.1\",\"format\":[\"json\"],\"rest\":[{\"mode\":\"server\","
    "\"interaction\":[{\"code\":\"transaction\"}],"
    "\"operation\":[{\"name\":\"process-message\",\"definition\":\"http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message\"}],"
    "\"resource\":[%s]}]}";

static void
metadata (MwFaultReply *reply)
{
  static const char *const types[] = { "Binary", "Bundle", "Communication", "CommunicationRequest", "DocumentReference",
                                       "Observation", "Organization", "Patient", "Practitioner", "ServiceRequest", "Task" };
  g_autoptr (GString) resources = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_string_append_printf (resources, "%s{\"type\":\"%s\",\"versioning\":\"versioned\",\"conditionalCreate\":true,\"updateCreate\":true,"
                                       "\"interaction\":[{\"code\":\"create\"},{\"code\":\"read\"},{\"code\":\"update\"},{\"code\":\"search-type\"}],"
                                       "\"searchParam\":[{\"name\":\"identifier\",\"type\":\"token\"}]}",
                            i > 0 ? "," : "", types[i]);
  text = g_strdup_printf (capabilities, resources->str);
  reply_json (reply, 200, text);
}

static void
handle_get (MwLedger       *self,
            MwFaultRequest *request,
            const char     *path,
            const char     *query,
            MwFaultReply   *reply)
{
  if (g_str_equal (path, "metadata"))
    metadata (reply);
  else if (strchr (path, '/') != NULL)
    read_stored (self, request, path, reply);
  else
    search_type (self, path, query, reply);
}

static void
handle_write (MwLedger       *self,
              MwFaultRequest *request,
              const char     *path,
              MwFaultReply   *reply)
{
  gsize       length;
  const char *data = g_bytes_get_data (request->body, &length);
  g_autoptr (JsonNode) content = mw_json_parse (data, (gssize) length, NULL);
  g_auto (GStrv) parts = g_strsplit (path, "/", 2);
  gboolean is_post = g_str_equal (request->method, "POST");

  if (mw_resource_type (content) == NULL)
    reply_outcome (reply, 400, "structure", "The body is no FHIR resource");
  else if (is_post && *path == '\0')
    transaction (self, content, reply);
  else if (is_post && g_str_equal (path, "$process-message"))
    process_message (self, content, reply);
  else if (is_post && parts[1] == NULL && mw_resource_is (content, parts[0]))
    reply_result (reply, create (self, parts[0], mw_fault_request_header (request, "If-None-Exist"), content));
  else if (g_str_equal (request->method, "PUT") && parts[1] != NULL && mw_resource_is (content, parts[0]) && g_strcmp0 (mw_resource_id (content), parts[1]) == 0)
    reply_result (reply, update (self, parts[0], parts[1], mw_fault_request_header (request, "If-Match"), content));
  else
    reply_outcome (reply, 400, "not-supported", "Not something that this server does");
}

/**
 * mw_ledger_handle:
 *
 * Has the effect of a request, once by its identity where FHIR lets a server see it. An
 * MwFaultHandler whose user_data is the ledger.
 */
void
mw_ledger_handle (MwFaultRequest *request,
                  MwFaultReply   *reply,
                  gpointer        user_data)
{
  MwLedger *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_auto (GStrv) halves = g_strsplit (request->target, "?", 2);
  const char *path = halves[0] + (*halves[0] == '/');

  if (g_str_equal (request->method, "GET"))
    handle_get (self, request, path, halves[1], reply);
  else
    handle_write (self, request, path, reply);
}

guint
mw_ledger_n_effects (MwLedger *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->effects->len;
}

/**
 * mw_ledger_count:
 *
 * Returns: how often the effect @identity was had
 */
guint
mw_ledger_count (MwLedger   *self,
                 const char *identity)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint count = 0;

  for (guint i = 0; i < self->effects->len; i++)
    count += g_str_equal (self->effects->pdata[i], identity);
  return count;
}

/**
 * mw_ledger_n_doubled:
 *
 * Returns: how many effects were had that had been had before
 */
guint
mw_ledger_n_doubled (MwLedger *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = 0;

  for (guint i = 0; i < self->effects->len; i++)
    n += !g_hash_table_add (seen, self->effects->pdata[i]);
  return n;
}

/**
 * mw_ledger_dup_effects:
 *
 * Returns: (transfer full): all effects, in order
 */
char **
mw_ledger_dup_effects (MwLedger *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  char **copy = g_new0 (char *, self->effects->len + 1);

  for (guint i = 0; i < self->effects->len; i++)
    copy[i] = g_strdup (self->effects->pdata[i]);
  return copy;
}
