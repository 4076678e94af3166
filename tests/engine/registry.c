/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "registry.h"

#include "mw-decision.h"
#include "mw-question.h"

#include <string.h>

static void
registry_handle (MwFaultRequest *request,
                 MwFaultReply   *reply,
                 gpointer        user_data)
{
  Registry *self = user_data;
  gboolean  match = strstr (request->target, "Patient/$match") != NULL || strstr (request->target, "Patient/%24match") != NULL;
  gboolean  search = strstr (request->target, "Patient/_search") != NULL;

  gboolean get = g_str_equal (request->method, "GET") && strstr (request->target, "Patient?identifier=") != NULL;

  g_atomic_int_add (&self->n_in_url, (strstr (request->target, "4711") != NULL && !get) || strstr (request->target, "Muster") != NULL ||
                                         strstr (request->target, "1957") != NULL);
  if (strstr (request->target, "member-match") != NULL)
    {
      gsize            size;
      const char      *data = g_bytes_get_data (request->body, &size);
      g_autofree char *text = g_strndup (data, size);

      g_assert_nonnull (strstr (text, "CoverageToMatch"));
      g_atomic_int_inc (&self->n_member);
      reply->status = self->member_status != 0 ? self->member_status : 200;
      mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
      g_string_append (reply->body, self->member);
      return;
    }
  if (!match && !search && !get)
    {
      mw_ledger_handle (request, reply, self->peer->ledger);
      return;
    }
  g_atomic_int_inc (match ? &self->n_match : get ? &self->n_get
                                                 : &self->n_search);
  reply->status = match && self->match_status != 0 ? self->match_status : search && self->form_status != 0 ? self->form_status
                                                                                                           : 200;
  mw_fault_reply_header (reply, "Content-Type", "application/fhir+json");
  if (search && self->form_status != 0)
    g_string_append (reply->body, "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"not-supported\"}]}");
  else
    g_string_append (reply->body, match ? self->match : self->found);
}

void
registry_begin (Registry      *self,
                EngineFixture *f,
                PeerFlags      flags,
                const char    *match,
                const char    *found)
{
  memset (self, 0, sizeof *self);
  self->match = g_strdup (match);
  self->found = g_strdup (found);
  self->peer = engine_fixture_add_peer (f, PEER_CONDITIONAL | PEER_CLIENT_IDS | flags);
  self->peer->hook_data = self;
  self->peer->hook = registry_handle;
}

void
registry_end (Registry      *self,
              EngineFixture *f)
{
  engine_fixture_stop (f);
  g_assert_cmpuint (self->n_in_url, ==, 0);
  g_free (self->match);
  g_free (self->found);
  g_free (self->member);
}

MwDraft *
registry_draft (EngineFixture *f,
                Registry      *registry)
{
  MwDraft *draft = mw_draft_new (MW_KIND_MESSAGE);

  draft->to = g_strdup (registry->peer->organization);
  draft->to_name = g_strdup ("Peer");
  draft->patient = g_strconcat (f->home_url, "/Patient/p1", NULL);
  draft->note = g_strdup ("Hello");
  return draft;
}

gint64
registry_message (EngineFixture *f,
                  Registry      *registry)
{
  g_autoptr (MwDraft) draft = registry_draft (f, registry);

  return engine_fixture_post (f, registry->peer, 0, draft);
}

/* Whom the item is about, in what left this computer */
gboolean
registry_is_about (EngineFixture *f,
                   gint64         item,
                   const char    *reference)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM requests WHERE item = %" G_GINT64_FORMAT " AND instr(CAST(body AS TEXT), '\"%s\"') > 0", item, reference);

  return engine_fixture_get (f, sql) > 0;
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
registry_take (EngineFixture *f,
               gint64         item,
               const char    *value)
{
  g_autoptr (MwQuestion) question = mw_questions_open (f->db, item);
  g_autoptr (GError) error = NULL;
  Answer answer = { question->id, value, engine_fixture_now (f) };

  mw_store_write (f->store, write_answer, &answer, &error);
  g_assert_no_error (error);
}
