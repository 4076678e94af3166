/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who an item is for and where that one is reached: looked up, asked about once, never guessed */

#include "engine-fixture.h"

#include "mw-connections.h"
#include "mw-decision.h"
#include "mw-endpoint-row.h"
#include "mw-json.h"
#include "mw-person.h"
#include "mw-question.h"
#include "mw-reach.h"

#include <string.h>

#define DAY G_TIME_SPAN_DAY

/* A directory that takes no notice of what is asked but for the type, and includes nobody but the
 * practitioners of roles */
typedef struct
{
  EngineFixture *fixture;
  MwFaultServer *server;
  GMutex         lock;
  GPtrArray     *resources; /* JSON texts */
  char          *url;
  gint64         connection;
  gboolean       lying;  /* answers each search with everything, for ever */
  gboolean       broken; /* 503 */
  guint          n_requests;
} Directory;

/* A receiver that says what it can do */
typedef struct
{
  Peer *peer;
  guint status; /* of /metadata; 0: 200 */
  guint n_metadata;
} Receiver;

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

static void
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
  if (self->broken)
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

/* JSON with ' for ", and the place of %s */
static void add (Directory  *self,
                 const char *format,
                 ...) G_GNUC_PRINTF (2, 3);

static void
add (Directory  *self,
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

static void
clear (Directory *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->resources, 0);
  g_mutex_unlock (&self->lock);
}

static void
add_organization (Directory  *self,
                  const char *id,
                  const char *name,
                  const char *more)
{
  add (self, "{'resourceType':'Organization','id':'%s','active':true,'name':'%s'%s%s}", id, name, *more != '\0' ? "," : "", more);
}

static void
add_endpoint (Directory  *self,
              const char *id,
              const char *status,
              const char *address)
{
  add (self,
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

static void
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

static void
directory_end (Directory *self)
{
  engine_fixture_stop (self->fixture);
  mw_fault_server_free (self->server);
  g_ptr_array_unref (self->resources);
  g_free (self->url);
  g_mutex_clear (&self->lock);
}

static gint64
message (EngineFixture *f,
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

static void
take (EngineFixture *f,
      gint64         item,
      const char    *value)
{
  g_autoptr (MwQuestion) question = mw_questions_open (f->db, item);
  g_autoptr (GError) error = NULL;
  Answer answer = { question->id, value, engine_fixture_now (f) };

  mw_store_write (f->store, write_answer, &answer, &error);
  g_assert_no_error (error);
}

static MwQuestion *
await_question (EngineFixture *f,
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

static void
assert_says (const char *text,
             const char *words)
{
  if (text == NULL || strstr (text, words) == NULL)
    g_error ("“%s” is not in “%s”", words, text);
}

static void
assert_journal (EngineFixture *f,
                const char    *words)
{
  g_autofree char *all = engine_fixture_get_text (f, "SELECT group_concat(detail, ' | ') FROM journal WHERE event = 'discovered'");

  assert_says (all, words);
}

static void
assert_attention (EngineFixture *f,
                  gint64         item,
                  const char    *words)
{
  g_autoptr (MwItem) row = NULL;

  engine_fixture_wait_state (f, item, "attention");
  row = mw_items_load (f->db, item, NULL);
  g_assert_cmpstr (row->stage, ==, "discover");
  g_assert_cmpstr (row->error, !=, MW_QUESTION_CODE);
  assert_says (row->error_text, words);
}

/* ---- without a question --------------------------------------------------- */

static void
test_one (EngineFixture *f,
          gconstpointer  user_data)
{
  Directory directory;
  Receiver  receiver;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  add_organization (&directory, "marys", "St. Mary’s Hospital", "");
  add_organization (&directory, "heart", "Cardiology", "'partOf':{'reference':'Organization/marys'},'endpoint':[{'reference':'Endpoint/old'},{'reference':'Endpoint/new'}]");
  add_organization (&directory, "kidney", "Nephrology", "'partOf':{'reference':'Organization/marys'}");
  add_organization (&directory, "other", "Cardiology", "'partOf':{'reference':'Organization/county'}");
  add_organization (&directory, "county", "County Hospital", "");
  add_endpoint (&directory, "old", "off", "https://old.example/fhir");
  add_endpoint (&directory, "new", "active", receiver.peer->url);
  item = message (f, "cardiology at St. Mary's");
  engine_fixture_start (f);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, receiver.peer);
  assert_journal (f, "“cardiology at St. Mary's” is Cardiology, listed by National Directory.");
  assert_journal (f, "Server new");
  assert_journal (f, "“Server old”: It is no longer in use.");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE event = 'queried'"), >, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM audit WHERE event = 'queried' AND instr(request, 'ary') > 0"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM endpoints WHERE name LIKE 'Server%' AND worked > 0 AND trouble IS NULL"), ==, 1);

  /* the second one goes by what is here */
  directory.n_requests = 0;
  item = message (f, "cardiology at St. Mary's");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (directory.n_requests, ==, 0);
  directory_end (&directory);
}

/* Each step of the chain: role, its place, its organisation, a network, a parent */
static void
test_chain (EngineFixture *f,
            gconstpointer  user_data)
{
  static const struct
  {
    const char *role, *place, *organization, *affiliation, *parent;
  } steps[] = {
    { ",'endpoint':[{'reference':'Endpoint/good'}]", ",'endpoint':[{'reference':'Endpoint/bad'}]", "", "", "" },
    { "", ",'endpoint':[{'reference':'Endpoint/good'}]", "'endpoint':[{'reference':'Endpoint/bad'}]", "", "" },
    { "", "", "'endpoint':[{'reference':'Endpoint/good'}]", ",'endpoint':[{'reference':'Endpoint/bad'}]", "" },
    { "", "", "", ",'endpoint':[{'reference':'Endpoint/good'}]", "'endpoint':[{'reference':'Endpoint/bad'}]" },
    { "", "", "", "", "'endpoint':[{'reference':'Endpoint/good'}]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      Directory        directory;
      Receiver         good, bad;
      gint64           item;
      g_autofree char *organization = g_strdup_printf ("'partOf':{'reference':'Organization/top'}%s%s", *steps[i].organization != '\0' ? "," : "", steps[i].organization);

      engine_fixture_stop (f);
      engine_fixture_sql (f, "DELETE FROM items; DELETE FROM endpoint_links; DELETE FROM people; DELETE FROM connections WHERE home = 0");
      directory_begin (&directory, f);
      receiver_begin (&good, f);
      receiver_begin (&bad, f);
      engine_fixture_sql (f, "DELETE FROM people; DELETE FROM endpoints; DELETE FROM endpoint_links");
      add (&directory, "{'resourceType':'Practitioner','id':'p','active':true,'name':[{'family':'Falk','given':['Ada']}],'identifier':[{'system':'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}]}");
      add (&directory, "{'resourceType':'PractitionerRole','id':'r','active':true,'practitioner':{'reference':'Practitioner/p'},'organization':{'reference':'Organization/o'},"
                       "'location':[{'reference':'Location/l'}]%s}",
           steps[i].role);
      add (&directory, "{'resourceType':'Location','id':'l','status':'active','name':'Main Street'%s}", steps[i].place);
      add_organization (&directory, "o", "Clinic", organization);
      add_organization (&directory, "net", "Network", "");
      add (&directory, "{'resourceType':'OrganizationAffiliation','id':'a','active':true,'organization':{'reference':'Organization/net'},'participatingOrganization':{'reference':'Organization/o'}%s}",
           steps[i].affiliation);
      add_organization (&directory, "top", "Group", steps[i].parent);
      add_endpoint (&directory, "good", "active", good.peer->url);
      add_endpoint (&directory, "bad", "active", bad.peer->url);
      item = message (f, i % 2 == 0 ? "Ada Falk" : "1234567893");
      engine_fixture_start (f);
      engine_fixture_wait_state (f, item, "handed-over");
      engine_fixture_assert_once (f, good.peer);
      g_assert_cmpuint (mw_ledger_n_effects (bad.peer->ledger), ==, 0);
      directory_end (&directory);
    }
}

static void
test_none (EngineFixture *f,
           gconstpointer  user_data)
{
  Directory directory;
  Receiver  receiver;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'},{'reference':'Endpoint/two'}]");
  add_organization (&directory, "quiet", "Quiet House", "");
  add_endpoint (&directory, "one", "suspended", receiver.peer->url);
  add (&directory, "{'resourceType':'Endpoint','id':'two','status':'active','name':'By mail','connectionType':{'code':'direct-project'},'address':'mailto:a@direct.example'}");
  engine_fixture_start (f);
  item = message (f, "Lung House");
  assert_attention (f, item, "Nobody called “Lung House” is in the directory.");
  item = message (f, "Heart House");
  assert_attention (f, item, "“Server one”: It is suspended for now.");
  assert_attention (f, item, "“By mail”: It is an address for Direct");
  item = message (f, "Quiet House");
  assert_attention (f, item, "does not say where Quiet House is reached");
  g_assert_cmpuint (mw_ledger_n_effects (receiver.peer->ledger), ==, 0);
  /* the directory learns of them */
  add_organization (&directory, "lung", "Lung House", "'endpoint':[{'reference':'Endpoint/three'}]");
  add_endpoint (&directory, "three", "active", receiver.peer->url);
  item = message (f, "Lung House");
  engine_fixture_wait_state (f, item, "handed-over");
  directory_end (&directory);
}

/* ---- with a question -------------------------------------------------------- */

static void
test_several (EngineFixture *f,
              gconstpointer  user_data)
{
  Directory        directory;
  Receiver         north, south;
  gint64           item, second;
  g_autofree char *value = NULL;
  g_autoptr (MwQuestion) question = NULL;

  directory_begin (&directory, f);
  receiver_begin (&north, f);
  receiver_begin (&south, f);
  add_organization (&directory, "north", "Heart House North", "'address':[{'city':'Norwick'}],'endpoint':[{'reference':'Endpoint/n'}]");
  add_organization (&directory, "south", "Heart House South", "'address':[{'city':'Sudbury'}],'endpoint':[{'reference':'Endpoint/s'}]");
  add_endpoint (&directory, "n", "active", north.peer->url);
  add_endpoint (&directory, "s", "active", south.peer->url);
  item = message (f, "Heart House");
  second = message (f, "Heart House");
  engine_fixture_start (f);
  question = await_question (f, item, MW_QUESTION_RECIPIENT);
  value = g_strconcat (directory.url, "/Organization/south", NULL);
  assert_says (question->text, "“Heart House”");
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 3);
  {
    JsonNode        *choice = mw_question_choice (question, value);
    g_autofree char *text = mw_json_to_text (choice, FALSE);

    g_assert_cmpstr (mw_json_string (choice, "title"), ==, "Heart House South");
    assert_says (text, "\"there\":\"Sudbury\",\"verdict\":\"different\"");
    assert_says (text, south.peer->url);
    assert_says (text, "National Directory (");
    assert_says (text, "\"there\":\"Organisation\",\"verdict\":\"unknown\"");
  }
  take (f, item, value);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, south.peer);
  g_assert_cmpuint (mw_ledger_n_effects (north.peer->ledger), ==, 0);
  assert_journal (f, "Heart House South, as you decided for “Heart House”");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM items WHERE recipient = 'Heart House South'"), ==, 1);

  /* the other one's answer is its own; and a no is not for ever */
  engine_fixture_wait_state (f, second, "attention");
  take (f, second, MW_QUESTION_NONE);
  assert_attention (f, second, "None of those who were found is meant.");
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, second, NULL));
  engine_fixture_wait (f, "SELECT count(*) FROM questions WHERE answered = 0", 1);
  g_assert_cmpuint (mw_ledger_n_effects (north.peer->ledger), ==, 0);
  directory_end (&directory);
}

static void
test_equal (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory directory;
  Receiver  east, west;
  gint64    item;
  g_autoptr (MwQuestion) question = NULL;

  directory_begin (&directory, f);
  receiver_begin (&east, f);
  receiver_begin (&west, f);
  add_organization (&directory, "twin", "Twin Pines", "'endpoint':[{'reference':'Endpoint/e'},{'reference':'Endpoint/w'}]");
  add_endpoint (&directory, "e", "active", east.peer->url);
  add_endpoint (&directory, "w", "active", west.peer->url);
  item = message (f, "Twin Pines");
  engine_fixture_start (f);
  question = await_question (f, item, MW_QUESTION_ENDPOINT);
  g_assert_cmpuint (mw_json_length (question->choices, NULL), ==, 3);
  g_assert_cmpuint (mw_ledger_n_effects (east.peer->ledger) + mw_ledger_n_effects (west.peer->ledger), ==, 0);
  take (f, item, west.peer->url);
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_assert_once (f, west.peer);
  g_assert_cmpuint (mw_ledger_n_effects (east.peer->ledger), ==, 0);
  directory_end (&directory);
}

static void
forget_connection (EngineFixture *f,
                   Peer          *peer)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM connections WHERE id = %" G_GINT64_FORMAT, peer->connection);

  engine_fixture_sql (f, sql);
}

static void
test_connect (EngineFixture *f,
              gconstpointer  user_data)
{
  Directory        directory;
  Receiver         receiver;
  gint64           item;
  g_autofree char *sql = NULL;
  g_autoptr (MwQuestion) question = NULL;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  forget_connection (f, receiver.peer);
  add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&directory, "one", "active", receiver.peer->url);
  item = message (f, "Heart House");
  engine_fixture_start (f);
  question = await_question (f, item, MW_QUESTION_CONNECT);
  assert_says (question->text, "Heart House is reached at 127.0.0.1, which is not one of your connections.");
  /* nothing went there before a person has agreed, not even a question */
  g_assert_cmpuint (receiver.n_metadata, ==, 0);
  take (f, item, MW_QUESTION_NONE);
  assert_attention (f, item, "you chose not to send there");
  g_assert_cmpuint (receiver.n_metadata, ==, 0);

  /* one that wants a sign-in: the item waits, and says so */
  receiver.status = 401;
  g_assert_true (engine_fixture_act (f, MW_OUTBOX_RETRY, item, NULL));
  engine_fixture_wait (f, "SELECT count(*) FROM questions WHERE answered = 0", 1);
  take (f, item, receiver.peer->url);
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'sign-in' AND stage = 'discover' AND instr(error_text, 'wants to know who you are') > 0", 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM connections WHERE home = 0"), ==, 1);

  /* it lets everybody in now */
  receiver.status = 0;
  engine_fixture_sql (f, "UPDATE items SET next_attempt = 1");
  engine_fixture_wait_state (f, item, "handed-over");
  sql = g_strdup_printf ("SELECT count(*) FROM connections WHERE url = '%s' AND home = 0", receiver.peer->url);
  g_assert_cmpint (engine_fixture_get (f, sql), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (receiver.peer->ledger), ==, 1);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM questions"), ==, 1);
  directory_end (&directory);
}

/* ---- directories that are down, or lie -------------------------------------------- */

static void
test_dead (EngineFixture *f,
           gconstpointer  user_data)
{
  Directory dead, alive;
  Receiver  receiver;
  gint64    item;

  directory_begin (&dead, f);
  directory_begin (&alive, f);
  receiver_begin (&receiver, f);
  dead.broken = TRUE;
  engine_fixture_start (f);
  /* nobody else knows: that is no end, since the silent one may */
  item = message (f, "Heart House");
  engine_fixture_wait (f, "SELECT count(*) FROM items WHERE state = 2 AND wait = 'network' AND instr(error_text, 'National Directory cannot be asked now') > 0", 1);
  add_organization (&alive, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&alive, "one", "active", receiver.peer->url);
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM journal WHERE event = 'attention'"), ==, 0);
  directory_end (&alive);
  directory_end (&dead);
}

static void
test_lying (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory directory;
  Receiver  receiver;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&receiver, f);
  directory.lying = TRUE;
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("x%u", i);

      add_organization (&directory, id, "Somebody Else", "");
    }
  add (&directory, "{'resourceType':'Task','id':'t','status':'requested','intent':'order','owner':{'reference':'Practitioner/me'}}");
  add_organization (&directory, "a", "Round House", "'partOf':{'reference':'Organization/b'}");
  add_organization (&directory, "b", "Upper House", "'partOf':{'reference':'Organization/a'}");
  add_organization (&directory, "heart", "Heart House", "'partOf':{'reference':'Organization/b'},'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&directory, "one", "active", receiver.peer->url);
  engine_fixture_start (f);
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  /* a loop of parents ends */
  item = message (f, "Round House");
  assert_attention (f, item, "does not say where Round House is reached");
  /* what does not fit is not kept, and nothing of it is in the inbox */
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM people WHERE name = 'Somebody Else'"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM entries"), ==, 0);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM resources WHERE type = 'Task'"), ==, 0);
  g_assert_cmpuint (directory.n_requests, <, 100);
  directory_end (&directory);
}

/* A directory that puts its own address on somebody whom another server lists */
static void
test_claim (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory honest, rogue;
  Receiver  receiver, thief;
  gint64    item;

  directory_begin (&honest, f);
  directory_begin (&rogue, f);
  receiver_begin (&receiver, f);
  receiver_begin (&thief, f);
  add_organization (&honest, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&honest, "one", "active", receiver.peer->url);
  add_organization (&rogue, "lung", "Heart Thief", "");
  add (&rogue, "{'resourceType':'Endpoint','id':'x','status':'active','connectionType':{'code':'hl7-fhir-rest'},'managingOrganization':{'reference':'%s/Organization/heart'},'address':'%s',"
               "'extension':[{'url':'http://hl7.org/fhir/us/ndh/StructureDefinition/base-ext-endpoint-rank','valuePositiveInt':1}]}",
       honest.url, thief.peer->url);
  engine_fixture_start (f);
  item = message (f, "Heart Thief");
  assert_attention (f, item, "does not say where");
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (receiver.peer->ledger), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (thief.peer->ledger), ==, 0);
  directory_end (&rogue);
  directory_end (&honest);
}

/* ---- what changes --------------------------------------------------------------------- */

static void
test_moved (EngineFixture *f,
            gconstpointer  user_data)
{
  Directory        directory;
  Receiver         before, after;
  gint64           item;
  g_autofree char *sql = NULL;

  directory_begin (&directory, f);
  receiver_begin (&before, f);
  receiver_begin (&after, f);
  add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&directory, "one", "active", before.peer->url);
  engine_fixture_start (f);
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");

  /* half a day later what is known of people is still young; the server is asked again, and is gone */
  before.status = 410;
  clear (&directory);
  add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&directory, "one", "active", after.peer->url);
  engine_fixture_stop (f);
  engine_fixture_sql (f, "UPDATE capabilities SET fetched = 0");
  engine_fixture_start (f);
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (before.peer->ledger), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (after.peer->ledger), ==, 1);

  /* only its description is gone, and the directory, asked once more, knows no other place: it goes there as before */
  after.status = 404;
  engine_fixture_stop (f);
  engine_fixture_sql (f, "UPDATE capabilities SET fetched = 0");
  directory.n_requests = 0;
  engine_fixture_start (f);
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (directory.n_requests, >, 0);
  g_assert_cmpuint (directory.n_requests, <, 10);
  g_assert_cmpint (engine_fixture_get (f, "SELECT count(*) FROM endpoints WHERE name LIKE 'Server%' AND trouble IS NOT NULL AND worked > 0"), ==, 1);
  g_assert_cmpuint (mw_ledger_n_effects (after.peer->ledger), ==, 2);
  directory_end (&directory);
}

static void
test_old (EngineFixture *f,
          gconstpointer  user_data)
{
  Directory directory;
  Receiver  before, after;
  gint64    item;

  directory_begin (&directory, f);
  receiver_begin (&before, f);
  receiver_begin (&after, f);
  add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&directory, "one", "active", before.peer->url);
  engine_fixture_start (f);
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  engine_fixture_stop (f);

  /* three days later the directory is down: it goes by what is here, and says how old that is */
  f->offset += 3 * DAY;
  directory.broken = TRUE;
  engine_fixture_start (f);
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (before.peer->ledger), ==, 2);
  assert_journal (f, "National Directory could not be asked now.");
  engine_fixture_stop (f);

  /* it is back, and knows another address */
  directory.broken = FALSE;
  clear (&directory);
  add_organization (&directory, "heart", "Heart House", "'endpoint':[{'reference':'Endpoint/one'}]");
  add_endpoint (&directory, "one", "active", after.peer->url);
  engine_fixture_sql (f, "UPDATE connections SET paused_until = 0, failures = 0");
  engine_fixture_start (f);
  item = message (f, "Heart House");
  engine_fixture_wait_state (f, item, "handed-over");
  g_assert_cmpuint (mw_ledger_n_effects (before.peer->ledger), ==, 2);
  g_assert_cmpuint (mw_ledger_n_effects (after.peer->ledger), ==, 1);
  directory_end (&directory);
}

/* ---- what a directory may name ----------------------------------------------------------- */

typedef struct
{
  const char *directory;
  const char *address;
} Place;

static gint64
write_place (MwDb    *db,
             gpointer data,
             GError **error)
{
  Place           *place = data;
  g_autofree char *organization = g_strconcat (place->directory, "/Organization/1", NULL);
  g_autofree char *endpoint = g_strconcat (place->directory, "/Endpoint/1", NULL);
  MwConnection     connection = { .name = (char *) "Directory", .url = (char *) place->directory, .auth = (char *) "open", .directory = TRUE };
  gint64           id = mw_connections_add (db, &connection, error);
  MwPerson         who = { .connection = id, .reference = organization, .type = (char *) "Organization", .name = (char *) "Place", .active = TRUE };
  MwEndpoint       address = { .status = (char *) "active", .kinds = MW_ENDPOINT_REST, .address = (char *) place->address, .start = G_MININT64, .end = G_MAXINT64, .rank = 1 };
  MwEndpointRow    row = { .connection = id, .reference = endpoint, .endpoint = &address, .fetched = 1 };

  return mw_people_put (db, &who, error) > 0 && mw_endpoint_rows_put (db, &row, error) > 0 && mw_endpoint_rows_claim (db, NULL, endpoint, organization, error) ? 0 : -1;
}

static void
test_addresses (EngineFixture *f,
                gconstpointer  user_data)
{
  static const struct
  {
    Place      place;
    MwReachEnd end;
  } cases[] = {
    { { "https://one.example/fhir", "https://there.example/fhir" }, MW_REACH_CONNECT },
    { { "https://two.example/fhir", "http://there.example/fhir" }, MW_REACH_NOWHERE },
    { { "https://three.example/fhir", "http://127.0.0.1:9/fhir" }, MW_REACH_NOWHERE },
    { { "https://four.example/fhir", "http://localhost:9/fhir" }, MW_REACH_NOWHERE },
    { { "http://127.0.0.1:10/fhir", "http://127.0.0.1:9/fhir" }, MW_REACH_CONNECT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MwDraft) draft = mw_draft_new (MW_KIND_MESSAGE);
      g_autoptr (MwReach) reach = NULL;
      Place place = cases[i].place;

      g_assert_cmpint (mw_store_write (f->store, write_place, &place, NULL), ==, 0);
      draft->to = g_strconcat (place.directory, "/Organization/1", NULL);
      reach = mw_reach_new (f->db, draft, 0, engine_fixture_now (f), NULL);
      g_assert_cmpint (reach->end, ==, cases[i].end);
      g_assert_cmpuint (reach->refused->len, ==, cases[i].end == MW_REACH_NOWHERE ? 1 : 0);
    }
}

#define ADD(path, func) g_test_add ("/engine/discover/" path, EngineFixture, NULL, engine_fixture_set_up, func, engine_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("one", test_one);
  ADD ("chain", test_chain);
  ADD ("none", test_none);
  ADD ("several", test_several);
  ADD ("equal", test_equal);
  ADD ("connect", test_connect);
  ADD ("dead", test_dead);
  ADD ("lying", test_lying);
  ADD ("claim", test_claim);
  ADD ("moved", test_moved);
  ADD ("old", test_old);
  ADD ("addresses", test_addresses);
  return g_test_run ();
}
