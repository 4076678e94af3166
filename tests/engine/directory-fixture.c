/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "directory-fixture.h"

#include "mw-connections.h"
#include "mw-decision.h"

#include <string.h>

static const char statement[] = "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\",\"resource\":["
                                "{\"type\":\"Communication\",\"conditionalCreate\":true,\"interaction\":[{\"code\":\"create\"},{\"code\":\"read\"}]}]}]}";

static void
receiver_handle (MwFaultRequest *request,
                 MwFaultReply   *reply,
                 gpointer        user_data)
{
  Receiver *self = user_data;

  if (strstr (request->target, "/metadata") != NULL)
    {
      g_atomic_int_inc (&self->n_metadata);
      reply->status = self->status != 0 ? self->status : 200;
      mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
      g_string_append (reply->body, self->status != 0 ? "{}" : statement);
    }
  else
    mw_ledger_handle (request, reply, self->peer->ledger);
}

void
receiver_begin (Receiver      *self,
                EngineFixture *f)
{
  memset (self, 0, sizeof *self);
  self->peer = engine_fixture_add_peer (f, PEER_CONDITIONAL);
  self->peer->hook_data = self;
  self->peer->hook = receiver_handle;
}

static const char *
id_in (const char *text,
       char       *buffer,
       gsize       size)
{
  const char *id = strstr (text, "\"id\":\"") + strlen ("\"id\":\"");

  g_strlcpy (buffer, id, MIN (size, (gsize) (strchr (id, '"') - id) + 1));
  return buffer;
}

static void
append_entries (Directory  *self,
                GString    *body,
                const char *type,
                gboolean    with_people)
{
  g_autofree char *wanted = g_strdup_printf ("\"resourceType\":\"%s\"", type);
  guint            n = 0;

  for (guint i = 0; i < self->resources->len; i++)
    if (self->lying || strstr (g_ptr_array_index (self->resources, i), wanted) != NULL ||
        (with_people && strstr (g_ptr_array_index (self->resources, i), "\"resourceType\":\"Practitioner\"") != NULL))
      g_string_append_printf (body, "%s{\"resource\":%s}", n++ > 0 ? "," : "", (char *) g_ptr_array_index (self->resources, i));
}

static void
answer_read (Directory    *self,
             const char   *target,
             MwFaultReply *reply)
{
  reply->status = 404;
  for (guint i = 0; i < self->resources->len; i++)
    {
      const char      *text = g_ptr_array_index (self->resources, i);
      char             id[80];
      const char      *type = text + strlen ("{\"resourceType\":\"");
      g_autofree char *path = g_strdup_printf ("/%.*s/%s", (int) (strchr (type, '"') - type), type, id_in (text, id, sizeof id));

      if (g_str_has_suffix (target, path))
        {
          reply->status = 200;
          g_string_assign (reply->body, text);
          return;
        }
    }
}

static void
directory_handle (MwFaultRequest *request,
                  MwFaultReply   *reply,
                  gpointer        user_data)
{
  Directory       *self = user_data;
  g_autofree char *path = g_strndup (request->target, strcspn (request->target, "?"));
  const char      *last = strrchr (path, '/') + 1;

  g_atomic_int_inc (&self->n_requests);
  g_mutex_lock (&self->lock);
  reply->status = 200;
  mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
  if (self->broken || (strchr (request->target, '?') != NULL && g_strcmp0 (self->deaf, last) == 0))
    reply->status = 503;
  else if (g_str_equal (last, "metadata"))
    g_string_append (reply->body, "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\",\"rest\":[{\"mode\":\"server\"}]}");
  else if (strchr (request->target, '?') != NULL)
    {
      g_string_append (reply->body, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",");
      if (self->lying)
        g_string_append_printf (reply->body, "\"link\":[{\"relation\":\"next\",\"url\":\"%s/%s?page=%u\"}],", self->url, last, self->n_requests);
      g_string_append (reply->body, "\"entry\":[");
      append_entries (self, reply->body, last, strstr (request->target, "_include=PractitionerRole:practitioner") != NULL);
      g_string_append (reply->body, "]}");
    }
  else
    answer_read (self, path, reply);
  g_mutex_unlock (&self->lock);
}

void
directory_add (Directory  *self,
               const char *format,
               ...)
{
  va_list args;
  char   *text;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_strdelimit (text, "'", '"');
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->resources, text);
  g_mutex_unlock (&self->lock);
}

void
directory_clear (Directory *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->resources, 0);
  g_mutex_unlock (&self->lock);
}

void
directory_add_organization (Directory  *self,
                            const char *id,
                            const char *name,
                            const char *more)
{
  directory_add (self, "{'resourceType':'Organization','id':'%s','active':true,'name':'%s'%s%s}", id, name, *more != '\0' ? "," : "", more);
}

void
directory_add_endpoint (Directory  *self,
                        const char *id,
                        const char *status,
                        const char *address)
{
  directory_add (self,
                 "{'resourceType':'Endpoint','id':'%s','status':'%s','name':'Server %s','connectionType':{'system':'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',"
                 "'code':'hl7-fhir-rest'},'payloadType':[{'text':'any'}],'address':'%s'}",
                 id, status, id, address);
}

static gint64
write_directory (MwDb    *db,
                 gpointer data,
                 GError **error)
{
  Directory   *self = data;
  MwConnection connection = { .name = (char *) "National Directory", .url = self->url, .auth = (char *) "open", .directory = TRUE };

  return mw_connections_add (db, &connection, error);
}

void
directory_begin (Directory     *self,
                 EngineFixture *f)
{
  memset (self, 0, sizeof *self);
  g_mutex_init (&self->lock);
  self->fixture = f;
  self->resources = g_ptr_array_new_with_free_func (g_free);
  self->server = mw_fault_server_new (directory_handle, self, NULL);
  self->url = g_strdup (mw_fault_server_get_url (self->server));
  self->connection = mw_store_write (f->store, write_directory, self, NULL);
  g_assert_cmpint (self->connection, >, 0);
}

void
directory_end (Directory *self)
{
  engine_fixture_stop (self->fixture);
  mw_fault_server_free (self->server);
  g_ptr_array_unref (self->resources);
  g_free (self->url);
  g_mutex_clear (&self->lock);
}

gint64
discover_message (EngineFixture *f,
                  const char    *who)
{
  g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);

  draft->to_name = g_strdup (who);
  draft->note = g_strdup ("Hello");
  return engine_fixture_post (f, NULL, 0, draft);
}

typedef struct
{
  gint64      question;
  const char *value;
  gint64      now;
} Answer;

static gint64
write_answer (MwDb    *db,
              gpointer data,
              GError **error)
{
  Answer *answer = data;

  return mw_decision_take (db, answer->question, answer->value, answer->now, error) ? 0 : -1;
}

void
discover_take (EngineFixture *f,
               gint64         item,
               const char    *value)
{
  g_autoptr (MwQuestion) question = mw_questions_open (f->db, item);
  g_autoptr (GError) error = NULL;
  Answer answer = { question->id, value, engine_fixture_now (f) };

  mw_store_write (f->store, write_answer, &answer, &error);
  g_assert_no_error (error);
}

MwQuestion *
discover_await_question (EngineFixture *f,
                         gint64         item,
                         const char    *about)
{
  MwQuestion *question;

  engine_fixture_wait_state (f, item, "attention");
  question = mw_questions_open (f->db, item);
  if (question == NULL)
    {
      g_autofree char *text = engine_fixture_get_text (f, "SELECT group_concat(error_text) FROM items");

      g_error ("No question, but: %s", text);
    }
  g_assert_cmpstr (question->about, ==, about);
  g_assert_cmpstr (question->stage, ==, "discover");
  return question;
}

void
discover_assert_says (const char *text,
                      const char *words)
{
  if (text == NULL || strstr (text, words) == NULL)
    g_error ("“%s” is not in “%s”", words, text != NULL ? text : "");
}

void
discover_assert_journal (EngineFixture *f,
                         const char    *words)
{
  g_autofree char *all = engine_fixture_get_text (f, "SELECT group_concat(detail, ' | ') FROM journal WHERE event = 'discovered'");

  discover_assert_says (all, words);
}

void
discover_assert_attention (EngineFixture *f,
                           gint64         item,
                           const char    *words)
{
  g_autoptr (MwItem) row = NULL;

  engine_fixture_wait_state (f, item, "attention");
  row = mw_items_load (f->db, item, NULL);
  g_assert_cmpstr (row->stage, ==, "discover");
  g_assert_cmpstr (row->error, !=, MW_QUESTION_CODE);
  discover_assert_says (row->error_text, words);
}
