/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-identify.h"

#include "mw-attempt-record.h"
#include "mw-identify-member.h"
#include "mw-identify-question.h"
#include "mw-match-decide.h"
#include "mw-member-match.h"
#include "mw-patient-link.h"
#include "mw-question.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FORM "application/x-www-form-urlencoded"

typedef struct
{
  MwLink   *link;
  gint64    item;
  gint64    revision;
  char     *home_reference;
  JsonNode *patient;
  gboolean  matching; /* the request under way is a $match */
  gboolean  member;   /* it is a $member-match */
  gboolean  in_url;   /* it is a search by a URL */
  GStrv     forms;    /* searches, where the server can search */
  guint     next_form;
  gboolean  heard;   /* some search was answered: the server knows nobody */
  guint     n_free;  /* numbers that nobody there has */
  gboolean  skipped; /* one was not made: it would have put a name into a URL */
  char     *refusal; /* why a plan does not say who its member is */
  gboolean  by_plan; /* a number that is searched for is the plan's own for its member */
} Identify;

static void
identify_free (gpointer data)
{
  Identify *identify = data;

  g_free (identify->home_reference);
  g_clear_pointer (&identify->patient, json_node_unref);
  g_strfreev (identify->forms);
  g_free (identify->refusal);
  g_free (identify);
}

void
mw_identified_free (MwIdentified *self)
{
  if (self == NULL)
    return;
  g_free (self->reference);
  g_free (self->words);
  g_free (self);
}

static void
free_identified (gpointer data)
{
  mw_identified_free (data);
}

/* @words: (transfer full) (nullable) */
static void
end (GTask        *task,
     MwIdentifyEnd how_it_ends,
     const char   *reference,
     const char   *how,
     char         *words)
{
  MwIdentified *result = g_new0 (MwIdentified, 1);

  result->end = how_it_ends;
  result->reference = g_strdup (reference);
  result->how = how;
  result->words = words;
  g_task_return_pointer (task, result, free_identified);
}

/* ---- what is known already ------------------------------------------- */

static gboolean
is_at (const char *reference,
       const char *base)
{
  g_autoptr (MwReference) literal = mw_reference_new_for_literal (reference);
  g_autofree char *relative = mw_reference_relative (literal, base);

  return relative != NULL && g_strcmp0 (literal->type, "Patient") == 0;
}

/* Returns: whether @task has ended with what a person decided, or was found out before */
static gboolean
end_by_what_is_known (GTask *task)
{
  Identify     *identify = g_task_get_task_data (task);
  MwConnection *row = identify->link->row;
  MwDb         *db = identify->link->core->db;
  g_autoptr (MwQuestion) decided = NULL;
  g_autoptr (MwPatientLink) known = NULL;

  if (is_at (identify->home_reference, row->url))
    {
      end (task, MW_IDENTIFY_THERE, identify->home_reference, NULL, NULL);
      return TRUE;
    }
  decided = mw_questions_answered (db, identify->item, MW_QUESTION_PATIENT_THERE, row->id);
  if (decided != NULL && g_strcmp0 (decided->answer, MW_QUESTION_NONE) == 0)
    {
      MwIdentified *none = g_new0 (MwIdentified, 1);

      none->end = MW_IDENTIFY_NONE;
      none->is_new = TRUE;
      /* Translators: %s is a server. Of a journal: "Patient identified: …" */
      none->words = g_strdup_printf (_ ("none of those at %s, as you decided; the data go along"), row->name);
      g_task_return_pointer (task, none, free_identified);
      return TRUE;
    }
  known = mw_patient_links_find (db, identify->home_reference, row->id);
  if (known == NULL || !is_at (known->reference, row->url))
    return FALSE;
  if (g_strcmp0 (known->how, MW_LINK_PERSON) == 0)
    /* Translators: %s is a server. Of a journal: "Patient identified: …" */
    end (task, MW_IDENTIFY_THERE, known->reference, NULL, g_strdup_printf (_ ("at %s, as you decided"), row->name));
  else if (g_strcmp0 (known->how, MW_LINK_CREATED) == 0)
    /* Translators: %s is a server. Of a journal: "Patient identified: …" */
    end (task, MW_IDENTIFY_THERE, known->reference, NULL, g_strdup_printf (_ ("at %s, where an earlier item brought them"), row->name));
  else
    /* Translators: %s is a server. Of a journal: "Patient identified: …" */
    end (task, MW_IDENTIFY_THERE, known->reference, NULL, g_strdup_printf (_ ("at %s, as found before"), row->name));
  return TRUE;
}

/* Returns: whether @task has ended: FALSE when there is nobody to choose from */
static gboolean
end_by_asking (GTask               *task,
               const MwMatchAnswer *answer,
               const char          *why)
{
  Identify     *identify = g_task_get_task_data (task);
  MwIdentifyEnd how_it_ends;

  if (!mw_identify_ask (identify->link, identify->item, identify->revision, identify->patient, answer, why, &how_it_ends))
    return FALSE;
  end (task, how_it_ends, NULL, NULL, NULL);
  return TRUE;
}

/* ---- asking the server ------------------------------------------------ */

static void ask_next (GTask *task);
static void search_by_url (GTask *task);

static gboolean
is_by_number (const char *form)
{
  return g_str_has_prefix (form, "identifier=");
}

/* Whether a number may tell the patient from others there: nobody had any of them when the server was asked. Where
 * somebody has one, or where that could not be asked, it may be a stranger's: then a condition by it would find them */
static gboolean
are_numbers_free (const Identify *identify)
{
  guint n = 0;

  for (guint i = 0; identify->forms != NULL && identify->forms[i] != NULL; i++)
    n += is_by_number (identify->forms[i]);
  return n > 0 && identify->n_free == n;
}

/* Returns: whether @task has ended with this answer */
static gboolean
end_by_answer (GTask    *task,
               JsonNode *resource)
{
  Identify     *identify = g_task_get_task_data (task);
  MwConnection *row = identify->link->row;
  g_autoptr (MwMatchAnswer) answer = mw_match_answer_new (resource, row->url, NULL);
  g_autofree char *why = NULL;
  MwCandidate     *chosen;

  if (answer == NULL)
    return FALSE;
  identify->heard = TRUE;
  if (!identify->matching && is_by_number (identify->forms[identify->next_form - 1]) && answer->candidates->len == 0 && answer->skipped == 0)
    identify->n_free++;
  switch (mw_match_decide (identify->patient, answer, &chosen, &why))
    {
    case MW_MATCH_TAKEN:
      if (answer->graded)
        /* Translators: %s is a server. Of a journal: "Patient identified: …" */
        end (task, MW_IDENTIFY_THERE, chosen->reference, MW_LINK_CERTAIN, g_strdup_printf (_ ("%s is certain, and name and birth date agree"), row->name));
      else
        end (task, MW_IDENTIFY_THERE, chosen->reference, identify->by_plan ? MW_LINK_MEMBER : MW_LINK_IDENTIFIER,
             /* Translators: %s is a server. Of a journal: "Patient identified: …" */
             g_strdup_printf (_ ("%s has one patient with this number, name and birth date"), row->name));
      return TRUE;
    case MW_MATCH_ASK:
      return end_by_asking (task, answer, why);
    case MW_MATCH_NOBODY:
    default:
      return FALSE;
    }
}

/* Whether to come back later. An operation that breaks down each time must not hold up what a search can do */
static gboolean
is_passing (const Identify *identify,
            const MwAnswer *answer)
{
  if (answer->status == 500 && (identify->matching || identify->member))
    return FALSE;
  return answer->status == 0 || answer->answer_class == MW_ANSWER_TEMPORARY || answer->answer_class == MW_ANSWER_SIGN_IN;
}

/* Some servers can search, but not with a form (FHIR R4 http.html#search wants both) */
static gboolean
is_form_refused (const Identify *identify,
                 const MwAnswer *answer)
{
  return !identify->matching && !identify->in_url && (answer->status == 400 || answer->status == 404 || answer->status == 405 || answer->status == 501);
}

/* Da Vinci HRex 1.2: where the member's record is, or only the member's number, with which it can be searched for. What
 * is refused is never asked again with other data: that would be trying people out */
static void
take_member (GTask          *task,
             const MwAnswer *answer)
{
  Identify     *identify = g_task_get_task_data (task);
  MwConnection *row = identify->link->row;
  g_autoptr (GError) why = NULL;
  g_autoptr (MwMemberMatch) member = mw_member_match_new (answer->resource, &why);
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (member != NULL ? member->reference : NULL);
  g_autofree char *absolute = mw_reference_absolute (reference, row->url);

  if (answer->status == 422)
    identify->refusal = g_strdup (member == NULL ? why->message : "");
  else if (answer->answer_class == MW_ANSWER_DONE && absolute != NULL && is_at (absolute, row->url))
    {
      /* Translators: %s is a health plan. Of a journal: "Patient identified: …" */
      end (task, MW_IDENTIFY_THERE, absolute, MW_LINK_MEMBER, g_strdup_printf (_ ("%s knows its member by the coverage"), row->name));
      return;
    }
  else if (answer->answer_class == MW_ANSWER_DONE && member != NULL && member->system != NULL && identify->forms != NULL)
    {
      JsonNode *numbered = mw_json_copy (identify->patient);
      JsonNode *number = mw_json_object_new ();

      mw_json_set (number, "system", member->system);
      mw_json_set (number, "value", member->value);
      mw_json_take (numbered, "identifier[+]", number);
      json_node_unref (identify->patient);
      identify->patient = numbered;
      identify->by_plan = TRUE;
      g_strfreev (identify->forms);
      identify->forms = mw_match_search_forms (numbered, MW_MATCH_MAX_OFFERED);
    }
  ask_next (task);
}

static void
answered (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Identify *identify = g_task_get_task_data (task);
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, NULL);

  if (answer == NULL)
    {
      end (task, MW_IDENTIFY_STOPPED, NULL, NULL, NULL);
      return;
    }
  mw_link_note_answer (identify->link, answer);
  if (is_passing (identify, answer))
    {
      end (task, MW_IDENTIFY_HELD, NULL, NULL, NULL);
      return;
    }
  if (identify->member)
    {
      identify->member = FALSE;
      take_member (task, answer);
      return;
    }
  if (answer->answer_class == MW_ANSWER_DONE && end_by_answer (task, answer->resource))
    return;
  if (is_form_refused (identify, answer))
    {
      search_by_url (task);
      return;
    }
  /* who answers a $match has said all there is to say */
  if (identify->matching && identify->heard)
    g_clear_pointer (&identify->forms, g_strfreev);
  identify->matching = FALSE;
  ask_next (task);
}

/* @body: (transfer full) (nullable): NULL for a GET */
static void
send_request (GTask      *task,
              const char *url,
              const char *content_type,
              char       *body)
{
  Identify   *identify = g_task_get_task_data (task);
  MwLink     *link = identify->link;
  const char *method = body != NULL ? "POST" : "GET";
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new_take (body, strlen (body)) : NULL;
  MwHttpRequest request = { .method = method, .url = url, .content_type = content_type, .body = bytes, .repeatable = TRUE };

  identify->in_url = body == NULL;
  if (!mw_attempt_record_query (link, identify->item, method, url))
    {
      end (task, MW_IDENTIFY_HELD, NULL, NULL, NULL);
      return;
    }
  mw_client_send_async (link->client, &request, link->core->cancellable, answered, g_object_ref (task));
}

/* The search that was refused as a form, once more: with a number, which other requests have in their URLs too; names
 * and birth dates never go there */
static void
search_by_url (GTask *task)
{
  Identify        *identify = g_task_get_task_data (task);
  const char      *form = identify->forms[identify->next_form - 1];
  g_autofree char *url = g_strconcat ("Patient?", form, NULL);

  if (is_by_number (form))
    {
      send_request (task, url, NULL, NULL);
      return;
    }
  identify->skipped = TRUE;
  ask_next (task);
}

static char *
nobody_words (const Identify *identify)
{
  const char *name = identify->link->row->name;

  if (!identify->heard)
    return NULL;
  if (identify->skipped)
    /* Translators: %s is a server. Of a journal: "Patient identified: …" */
    return g_strdup_printf (_ ("nobody with this number at %s, which can be asked for no name; the data go along"), name);
  /* Translators: %s is a server. Of a journal: "Patient identified: …" */
  return g_strdup_printf (_ ("nobody at %s yet; the data go along"), name);
}

/* A plan that refuses to say, and a search that finds nobody: a person says whether the data go along all the same */
static gboolean
end_by_refusal (GTask *task)
{
  Identify        *identify = g_task_get_task_data (task);
  g_autofree char *why = NULL;

  if (identify->refusal == NULL)
    return FALSE;
  /* Translators: %s is what a health plan answered when asked which of its members a patient is */
  why = g_strdup_printf (_ ("The plan does not say that this is one of its members. %s"), identify->refusal);
  return end_by_asking (task, NULL, why);
}

static void
end_by_nobody (GTask *task)
{
  Identify     *identify = g_task_get_task_data (task);
  MwIdentified *none = g_new0 (MwIdentified, 1);

  none->end = MW_IDENTIFY_NONE;
  none->is_new = !are_numbers_free (identify);
  none->words = nobody_words (identify);
  g_task_return_pointer (task, none, free_identified);
}

static void
ask_next (GTask *task)
{
  Identify *identify = g_task_get_task_data (task);

  if (identify->forms != NULL && identify->forms[identify->next_form] != NULL)
    send_request (task, "Patient/_search", FORM, g_strdup (identify->forms[identify->next_form++]));
  else if (!end_by_refusal (task))
    end_by_nobody (task);
}

static void
begin (GTask        *task,
       MwCapability *capability)
{
  Identify *identify = g_task_get_task_data (task);
  g_autoptr (JsonNode) parameters = NULL;

  identify->matching = mw_capability_supports_operation (capability, "Patient", "match") == MW_SUPPORT_YES;
  if (identify->matching)
    {
      parameters = mw_match_parameters_new (identify->patient, FALSE, MW_MATCH_MAX_OFFERED);
      send_request (task, "Patient/$match", NULL, mw_json_to_text (parameters, FALSE));
      return;
    }
  if (mw_capability_supports_operation (capability, "Patient", "member-match") == MW_SUPPORT_YES)
    parameters = mw_identify_member_parameters (identify->link->core->db, identify->home_reference, identify->patient, identify->link->row->url);
  identify->member = parameters != NULL;
  if (identify->member)
    send_request (task, "Patient/$member-match", NULL, mw_json_to_text (parameters, FALSE));
  else
    ask_next (task);
}

/**
 * mw_identify_async:
 * @link: authorised
 * @item: one that is preparing
 * @revision: of the text that is prepared
 * @patient_reference: (nullable): absolute, or a local patient's; NULL when nothing is about a patient
 * @patient: (nullable): that one
 * @capability: what the server can do
 *
 * Finds out who the item's patient is on the server that it goes to: by a link that is known, else by Patient/$match,
 * else by the Patient/$member-match of the plan that covers the patient, else by searches with what identifies the patient in the body, not in a URL. Never a guess: what is not certain
 * becomes a question, with the item waiting for its answer.
 */
void
mw_identify_async (MwLink             *link,
                   gint64              item,
                   gint64              revision,
                   const char         *patient_reference,
                   JsonNode           *patient,
                   MwCapability       *capability,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, link->core->cancellable, callback, user_data);
  Identify *identify = g_new0 (Identify, 1);

  /* what was asked is on disk, and must be told */
  g_task_set_check_cancellable (task, FALSE);
  identify->link = link;
  identify->item = item;
  identify->revision = revision;
  identify->home_reference = g_strdup (patient_reference);
  identify->patient = patient != NULL ? json_node_ref (patient) : NULL;
  g_task_set_task_data (task, identify, identify_free);
  if (patient == NULL || patient_reference == NULL)
    {
      end (task, MW_IDENTIFY_NONE, NULL, NULL, NULL);
      return;
    }
  if (end_by_what_is_known (task))
    return;
  if (mw_capability_supports (capability, "Patient", "search-type") == MW_SUPPORT_YES)
    identify->forms = mw_match_search_forms (patient, MW_MATCH_MAX_OFFERED);
  begin (task, capability);
}

/**
 * mw_identify_finish:
 *
 * Returns: (transfer full): how it ended; never NULL
 */
MwIdentified *
mw_identify_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
