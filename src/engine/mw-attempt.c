/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-attempt.h"

#include "mw-attempt-record.h"
#include "mw-edit.h"
#include "mw-refusal.h"
#include "mw-request-links.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How often an edit is read and written again when others are faster (wire notes 7) */
#define MAX_EDIT_ROUNDS 5

typedef struct
{
  MwLink    *link;
  MwItem    *item;
  GPtrArray *requests;
  guint      index;
  gint64     attempt;
  gboolean   was_unknown; /* an earlier attempt may have taken effect */
  gboolean   learning;    /* it is done; only where is being found out */
  gboolean   looking;     /* what it did is being looked up */
  gboolean   renewed;     /* its token had ended, and it goes again with a new one */
  JsonNode  *edit;
  guint      rounds;
  MwAnswer  *refusal; /* that another way may get round */
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  mw_item_free (attempt->item);
  g_ptr_array_unref (attempt->requests);
  g_clear_pointer (&attempt->edit, json_node_unref);
  g_clear_pointer (&attempt->refusal, mw_answer_free);
  g_free (attempt);
}

static MwRequest *
request_of (Attempt *attempt)
{
  return g_ptr_array_index (attempt->requests, attempt->index);
}

static void begin_edit (GTask *task);
static void send_body (GTask *task);

static gboolean
is_last (Attempt *attempt)
{
  return attempt->index + 1 >= attempt->requests->len;
}

/* ---- the ends -------------------------------------------------------- */

static void
end (GTask                 *task,
     const MwAttemptRecord *record)
{
  Attempt *attempt = g_task_get_task_data (task);
  MwCore  *core = attempt->link->core;

  if (!mw_attempt_record_write (core, record))
    {
      /* the disk is full or worse: what was sent is found again by its identity once it can be written */
      g_task_return_int (task, MW_ATTEMPT_OVER);
      return;
    }
  if (record->end == MW_RECORD_DONE && is_last (attempt))
    core->handed_over++;
  if (record->word != NULL)
    mw_link_forget_capability (attempt->link);
  g_task_return_int (task, record->end == MW_RECORD_OTHER_WAY || (record->end == MW_RECORD_DONE && !is_last (attempt)) ? MW_ATTEMPT_NEXT : MW_ATTEMPT_OVER);
}

static MwAttemptRecord
record_of (Attempt        *attempt,
           const MwAnswer *answer)
{
  return (MwAttemptRecord){
    .item = attempt->item,
    .request = request_of (attempt),
    .requests = attempt->requests,
    .connection = attempt->link->row->id,
    .base = attempt->link->row->url,
    .attempt = attempt->attempt,
    .last = is_last (attempt),
    .was_unknown = attempt->was_unknown,
    .answer = answer,
  };
}

static void
end_done (GTask          *task,
          const MwAnswer *answer,
          const char     *location)
{
  Attempt        *attempt = g_task_get_task_data (task);
  MwAttemptRecord record = record_of (attempt, answer);

  record.end = MW_RECORD_DONE;
  record.location = location != NULL ? location : answer != NULL ? answer->location
                                                                 : NULL;
  end (task, &record);
}

static void
end_attention (GTask          *task,
               const MwAnswer *answer,
               const char     *code,
               const char     *sentence)
{
  Attempt         *attempt = g_task_get_task_data (task);
  MwAttemptRecord  record = record_of (attempt, answer);
  g_autofree char *word = answer != NULL && attempt->refusal == NULL && answer->answer_class == MW_ANSWER_TOO_LARGE
                              ? mw_refusal_word (request_of (attempt), attempt->requests->len, answer->answer_class)
                              : NULL;

  record.word = word;
  record.end = MW_RECORD_ATTENTION;
  record.code = code;
  record.sentence = sentence;
  end (task, &record);
}

/* Not now: nothing took effect, or (when it was uncertain before) it still is uncertain */
static void
end_later (GTask          *task,
           const MwAnswer *answer,
           const char     *wait,
           gboolean        uses_try)
{
  Attempt        *attempt = g_task_get_task_data (task);
  MwAttemptRecord record = record_of (attempt, answer);

  record.end = MW_RECORD_LATER;
  record.wait = wait;
  record.uses_try = uses_try;
  record.until = attempt->link->row->paused_until;
  record.sentence = answer->detail != NULL ? answer->detail : attempt->link->row->status_text;
  end (task, &record);
}

static void
end_unknown (GTask          *task,
             const MwAnswer *answer)
{
  Attempt        *attempt = g_task_get_task_data (task);
  MwAttemptRecord record = record_of (attempt, answer);

  record.end = MW_RECORD_UNKNOWN;
  end (task, &record);
}

static void
end_other_way (GTask *task)
{
  Attempt         *attempt = g_task_get_task_data (task);
  MwAnswerClass    refused = attempt->refusal->answer_class;
  const char      *name = attempt->link->row->name;
  MwAttemptRecord  record = record_of (attempt, attempt->refusal);
  g_autofree char *word = mw_refusal_word (request_of (attempt), attempt->requests->len, refused);
  g_autofree char *sentence = mw_refusal_sentence (name, attempt->refusal);
  g_autofree char *way_sentence = mw_refusal_way_sentence (name, word);

  record.end = MW_RECORD_OTHER_WAY;
  record.code = mw_refusal_code (refused);
  record.word = word;
  record.sentence = sentence;
  record.way_sentence = way_sentence;
  end (task, &record);
}

/* ---- what an answer means -------------------------------------------- */

static void begin_look_up (GTask *task);

/* A conditional create that found its resource there need not say where (wire notes 7.2): a later request that
 * refers to it must know */
static void
take_success (GTask          *task,
              const MwAnswer *answer)
{
  Attempt         *attempt = g_task_get_task_data (task);
  MwRequest       *request = request_of (attempt);
  const char      *id = mw_resource_id (answer->resource);
  g_autofree char *location = NULL;

  if (answer->location == NULL && attempt->edit == NULL && id != NULL && !mw_resource_is (answer->resource, "Bundle") &&
      !mw_resource_is (answer->resource, "OperationOutcome"))
    location = g_strdup_printf ("%s/%s/%s", attempt->link->row->url, mw_resource_type (answer->resource), id);
  if (answer->location == NULL && location == NULL && (!is_last (attempt) || request->watch != NULL) && request->lookup != NULL &&
      !mw_resource_is (answer->resource, "Bundle") && !attempt->learning)
    {
      attempt->learning = TRUE;
      begin_look_up (task);
      return;
    }
  end_done (task, answer, location);
}

/* A gateway that gave up, or a server that failed half way, says nothing about the effect. Where a repeat is not
 * known for one, that is as uncertain as a cut line */
static gboolean
may_have_worked (Attempt        *attempt,
                 const MwAnswer *answer)
{
  return attempt->attempt != 0 && !request_of (attempt)->repeatable &&
         (answer->status == 408 || answer->status == 500 || answer->status == 502 || answer->status == 504);
}

static void
go_again (GTask *task)
{
  Attempt *attempt = g_task_get_task_data (task);

  if (attempt->edit != NULL)
    begin_edit (task);
  else if (attempt->looking)
    begin_look_up (task);
  else
    send_body (task);
}

static void
renewed (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *attempt = g_task_get_task_data (task);
  MwAnswer refused = { .answer_class = MW_ANSWER_SIGN_IN, .status = 401 };
  g_autoptr (GError) error = NULL;

  if (mw_link_authorise_finish (attempt->link, result, &error))
    go_again (task);
  else if (g_cancellable_is_cancelled (attempt->link->core->cancellable))
    g_task_return_int (task, MW_ATTEMPT_OVER);
  else
    end_later (task, &refused, mw_link_get_wait (attempt->link), FALSE);
}

/* Who is refused with 401 has had no effect: the same request goes again as soon as there is a new token */
static void
renew (GTask *task)
{
  Attempt *attempt = g_task_get_task_data (task);

  attempt->renewed = TRUE;
  mw_link_authorise_async (attempt->link, renewed, g_object_ref (task));
}

static void
judge (GTask          *task,
       const MwAnswer *answer)
{
  Attempt         *attempt = g_task_get_task_data (task);
  g_autofree char *sentence = NULL;

  switch (answer->answer_class)
    {
    case MW_ANSWER_DONE:
    case MW_ANSWER_TAKEN:
    case MW_ANSWER_UNCHANGED:
      take_success (task, answer);
      return;
    case MW_ANSWER_NOT_SENT:
      end_later (task, answer, MW_WAIT_NETWORK, FALSE);
      return;
    case MW_ANSWER_TEMPORARY:
      if (may_have_worked (attempt, answer))
        {
          end_unknown (task, answer);
          return;
        }
      end_later (task, answer, answer->status == 429 || answer->status == 503 || answer->retry_after >= 0 ? MW_WAIT_PAUSE : MW_WAIT_BACK_OFF, TRUE);
      return;
    case MW_ANSWER_SIGN_IN:
      if (!attempt->renewed && mw_link_may_renew (attempt->link))
        renew (task);
      else
        end_later (task, answer, MW_WAIT_SIGN_IN, FALSE);
      return;
    case MW_ANSWER_UNKNOWN:
    case MW_ANSWER_NOT_FHIR:
      end_unknown (task, answer);
      return;
    case MW_ANSWER_CONFLICT:
      if (attempt->edit != NULL)
        {
          /* somebody was faster: read it again and see */
          if (++attempt->rounds < MAX_EDIT_ROUNDS)
            begin_edit (task);
          else
            end_later (task, answer, MW_WAIT_BACK_OFF, TRUE);
          return;
        }
      if (answer->status == 409 && request_of (attempt)->repeatable)
        {
          /* two writers at once on the server's side: the same request may well pass in a moment */
          end_later (task, answer, MW_WAIT_BACK_OFF, TRUE);
          return;
        }
      break;
    case MW_ANSWER_FORBIDDEN:
    case MW_ANSWER_NOT_FOUND:
    case MW_ANSWER_GONE:
    case MW_ANSWER_UNSUPPORTED:
    case MW_ANSWER_TOO_LARGE:
    case MW_ANSWER_REJECTED:
    default:
      break;
    }
  sentence = mw_refusal_sentence (attempt->link->row->name, answer);
  end_attention (task, answer, mw_refusal_code (answer->answer_class), sentence);
}

/* Before another way is tried it is certain that the first one had no effect (G2). An edit is read before each attempt */
static gboolean
is_uncertain (Attempt *attempt)
{
  return attempt->edit == NULL &&
         (attempt->was_unknown || mw_requests_may_have_worked (attempt->link->core->db, request_of (attempt)->id, attempt->attempt));
}

/* Whether a refusal may be got round; then the attempt ends by that */
static gboolean
takes_other_way (GTask    *task,
                 MwAnswer *answer)
{
  Attempt         *attempt = g_task_get_task_data (task);
  MwRequest       *request = request_of (attempt);
  g_autofree char *word = mw_refusal_word (request, attempt->requests->len, answer->answer_class);

  if (word == NULL || !mw_refusal_leaves_way (request, answer->answer_class))
    return FALSE;
  attempt->refusal = answer;
  if (!answer->resent && !is_uncertain (attempt))
    end_other_way (task);
  else if (request->lookup != NULL)
    {
      attempt->was_unknown = TRUE;
      begin_look_up (task);
    }
  else
    {
      attempt->was_unknown = TRUE;
      end_attention (task, answer, "unknown",
                     _ ("It is not known whether this arrived, and the server cannot be asked. Find out from the recipient, then retry or edit it."));
    }
  return TRUE;
}

static void
answered (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);

  if (answer == NULL)
    {
      /* the engine stops: the start-up check will find the open attempt */
      g_task_return_int (task, MW_ATTEMPT_OVER);
      return;
    }
  mw_link_note_answer (attempt->link, answer);
  if (takes_other_way (task, answer))
    g_steal_pointer (&answer);
  else
    judge (task, answer);
}

/* ---- sending --------------------------------------------------------- */

/* What was planned for one version of FHIR is spoken about in that version */
static const char *
accept_of (MwRequest *request)
{
  return request->content_type != NULL && g_str_has_prefix (request->content_type, "application/fhir+json") ? request->content_type : NULL;
}

static void
send_bytes (GTask      *task,
            GBytes     *body,
            const char *if_match)
{
  Attempt      *attempt = g_task_get_task_data (task);
  MwRequest    *request = request_of (attempt);
  gint64        begun = mw_attempt_record_begin (attempt->link, attempt->item, request, body, attempt->attempt);
  MwHttpRequest http = {
    .method = request->method,
    .url = request->url,
    .content_type = request->content_type,
    .accept = accept_of (request),
    .body = body,
    .prefer = request->prefer,
    .if_none_exist = request->if_none_exist,
    .if_match = if_match,
    .request_id = request->identity,
    .repeatable = request->repeatable && if_match == NULL,
  };

  if (begun < 0)
    {
      /* one that goes on with other bytes stays open: the start-up check finds it */
      g_task_return_int (task, MW_ATTEMPT_OVER);
      return;
    }
  attempt->attempt = begun;
  mw_client_send_async (attempt->link->client, &http, attempt->link->core->cancellable, answered, g_object_ref (task));
}

static void
send_body (GTask *task)
{
  Attempt    *attempt = g_task_get_task_data (task);
  MwRequest  *request = request_of (attempt);
  gsize       size = 0;
  const char *data = request->body != NULL ? g_bytes_get_data (request->body, &size) : "";

  if (attempt->index == 0 || request->body == NULL)
    {
      send_bytes (task, request->body, NULL);
      return;
    }
  {
    g_autofree char *text = g_strndup (data, size);
    char            *substituted = mw_request_links_fill (attempt->requests, attempt->index, attempt->link->row->url, text);
    g_autoptr (GBytes) body = g_bytes_new_take (substituted, strlen (substituted));

    send_bytes (task, body, NULL);
  }
}

/* ---- version-aware edits --------------------------------------------- */

static void
edit_read (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);
  g_autoptr (JsonNode) edited = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *if_match = NULL;
  char            *text;

  if (answer == NULL)
    {
      g_task_return_int (task, MW_ATTEMPT_OVER);
      return;
    }
  mw_link_note_answer (attempt->link, answer);
  if (answer->answer_class != MW_ANSWER_DONE || answer->resource == NULL)
    {
      judge (task, answer);
      return;
    }
  if (mw_edit_is_applied (attempt->edit, answer->resource))
    {
      end_done (task, answer, NULL);
      return;
    }
  edited = mw_edit_apply (attempt->edit, answer->resource, &error);
  if (edited == NULL)
    {
      end_attention (task, answer, "conflict",
                     _ ("Somebody else has decided this meanwhile. Look at it again before you do anything."));
      return;
    }
  if (mw_json_string (answer->resource, "meta.versionId") != NULL)
    if_match = g_strdup_printf ("W/\"%s\"", mw_json_string (answer->resource, "meta.versionId"));
  else
    if_match = g_strdup (answer->etag);
  text = mw_json_to_text (edited, FALSE);
  body = g_bytes_new_take (text, strlen (text));
  send_bytes (task, body, if_match);
}

static void
begin_edit (GTask *task)
{
  Attempt      *attempt = g_task_get_task_data (task);
  MwHttpRequest http = { .method = "GET", .url = request_of (attempt)->url, .accept = accept_of (request_of (attempt)), .repeatable = TRUE };

  mw_client_send_async (attempt->link->client, &http, attempt->link->core->cancellable, edit_read, g_object_ref (task));
}

/* ---- looking up what an uncertain attempt did ------------------------ */

/* A lenient server leaves out of a search what it does not know, and answers with all it has (FHIR R4
 * search.html#errors): what it found must carry the identifier that was asked for */
static gboolean
is_looked_for (MwRequest *request,
               JsonNode  *resource)
{
  const char      *query = strstr (request->lookup, "identifier=");
  g_autofree char *token = query != NULL ? g_uri_unescape_string (query + strlen ("identifier="), NULL) : NULL;
  const char      *value = token != NULL && strchr (token, '|') != NULL ? strchr (token, '|') + 1 : token;
  guint            n = mw_json_length (resource, "identifier");

  if (mw_resource_id (resource) == NULL || value == NULL || !g_str_has_prefix (request->lookup, mw_resource_type (resource)))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (resource, "identifier", i), "value"), value) == 0)
      return TRUE;
  return g_strcmp0 (mw_json_string (resource, "identifier.value"), value) == 0;
}

static void
looked_up (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);
  JsonNode *found = NULL;
  guint     n;

  if (answer == NULL)
    {
      g_task_return_int (task, MW_ATTEMPT_OVER);
      return;
    }
  mw_link_note_answer (attempt->link, answer);
  if (answer->answer_class != MW_ANSWER_DONE || !mw_resource_is (answer->resource, "Bundle"))
    {
      if (answer->answer_class == MW_ANSWER_NOT_SENT || answer->answer_class == MW_ANSWER_TEMPORARY || answer->answer_class == MW_ANSWER_SIGN_IN ||
          answer->answer_class == MW_ANSWER_NOT_FHIR)
        {
          if (answer->answer_class == MW_ANSWER_SIGN_IN && !attempt->renewed && mw_link_may_renew (attempt->link))
            {
              renew (task);
              return;
            }
          end_later (task, answer, answer->answer_class == MW_ANSWER_SIGN_IN ? MW_WAIT_SIGN_IN : MW_WAIT_NETWORK, FALSE);
        }
      else
        end_attention (task, answer, "unknown",
                       _ ("It is not known whether this arrived, and the server cannot be asked. Find out from the recipient, then retry or edit it."));
      return;
    }
  n = mw_json_length (answer->resource, "entry");
  for (guint i = 0; i < n && found == NULL; i++)
    {
      JsonNode *entry = mw_json_item (answer->resource, "entry", i);

      if (is_looked_for (request_of (attempt), mw_json_get (entry, "resource")))
        found = mw_json_get (entry, "resource");
    }
  if (!attempt->learning)
    mw_attempt_record_looked_up (attempt->link->core, attempt->item, found != NULL);
  if (found == NULL && attempt->refusal != NULL)
    {
      end_other_way (task);
      return;
    }
  if (found != NULL)
    {
      g_autofree char *location = g_strdup_printf ("%s/%s/%s", attempt->link->row->url, mw_resource_type (found), mw_resource_id (found));

      end_done (task, NULL, location);
      return;
    }
  attempt->looking = FALSE;
  if (attempt->learning)
    end_done (task, answer, NULL);
  else
    send_body (task);
}

static void
begin_look_up (GTask *task)
{
  Attempt      *attempt = g_task_get_task_data (task);
  MwHttpRequest http = { .method = "GET", .url = request_of (attempt)->lookup, .accept = accept_of (request_of (attempt)), .repeatable = TRUE };

  attempt->looking = TRUE;
  mw_client_send_async (attempt->link->client, &http, attempt->link->core->cancellable, looked_up, g_object_ref (task));
}

/**
 * mw_attempt_async:
 * @item: (transfer full): preparing or unknown, with its requests on disk
 * @requests: (element-type MwRequest): all of them
 * @index: which one
 *
 * Tries one request. An uncertain one that the receiver would not know for a repeat is looked up first (G2).
 */
void
mw_attempt_async (MwLink             *link,
                  MwItem             *item,
                  GPtrArray          *requests,
                  guint               index,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, link->core->cancellable, callback, user_data);
  Attempt   *attempt = g_new0 (Attempt, 1);
  MwRequest *request;

  g_task_set_check_cancellable (task, FALSE);
  attempt->link = link;
  attempt->item = item;
  attempt->requests = g_ptr_array_ref (requests);
  attempt->index = index;
  g_task_set_task_data (task, attempt, attempt_free);
  request = request_of (attempt);
  attempt->was_unknown = request->state == MW_REQUEST_UNKNOWN;

  if (request->edit != NULL)
    {
      g_autofree char *text = mw_request_links_fill (attempt->requests, attempt->index, link->row->url, request->edit);

      attempt->edit = mw_json_parse (text, -1, NULL);
      begin_edit (task);
    }
  else if (attempt->was_unknown && !request->repeatable && request->lookup != NULL)
    begin_look_up (task);
  else if (attempt->was_unknown && !request->repeatable)
    end_attention (task, NULL, "unknown",
                   _ ("It is not known whether this arrived, and the server cannot be asked. Find out from the recipient, then retry or edit it."));
  else
    send_body (task);
}

MwAttemptEnd
mw_attempt_finish (GAsyncResult *result)
{
  return (MwAttemptEnd) g_task_propagate_int (G_TASK (result), NULL);
}
