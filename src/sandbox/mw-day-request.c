/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-arrivals.h"
#include "mw-day-private.h"

#include "mw-json.h"
#include "mw-search-private.h"
#include "mw-template.h"

#include <string.h>

#define HREX "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp"
#define ACCEPTED_AFTER MW_SECONDS (45)
#define ANSWERED_AFTER MW_MINUTES (3)
/* what one answer holds at most */
#define MAX_RESULTS 50

/* A request for information under way */
typedef struct
{
  MwDay   *day;
  MwSite  *site;
  char    *task;
  gboolean last;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->task);
  g_free (request);
}

static JsonNode *
find_input (JsonNode   *task,
            const char *code)
{
  guint n = mw_json_length (task, "input");

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (task, "input", i), "type.coding.code"), code) == 0)
      return mw_json_item (task, "input", i);
  return NULL;
}

static JsonNode *
output_new (const char *reference)
{
  return mw_template ("{'type':{'coding':[{'system':'" HREX "','code':'data-value'}],'text':'Answer'},'valueReference':{'reference':'%s'}}", reference);
}

static char *
answerer (MwDay    *self,
          MwSite   *site,
          JsonNode *task)
{
  char *doctor = mw_day_doctor_of (self, site, mw_json_get (task, "owner"));

  if (doctor != NULL)
    return doctor;
  return g_strdup (site == self->world->plan ? "Practitioner/karen-hughes" : "Practitioner/elena-castellanos");
}

/* The patient compartment of what a data query found: nothing of anybody else leaves */
static void
add_results (MwSite    *site,
             GPtrArray *found,
             char      *patient,
             JsonNode  *bundle)
{
  char *values[] = { patient, NULL };
  guint total = 0;

  for (guint i = 0; i < found->len && total < MAX_RESULTS; i++)
    {
      MwRecord            *record = g_ptr_array_index (found, i);
      const MwSearchParam *param = mw_definitions_param (site->definitions, record->type, "patient");
      MwTerm               term;
      JsonNode            *entry;
      g_autofree char     *url = g_strdup_printf ("%s/%s/%s", site->url, record->type, record->id);

      if (param == NULL)
        continue;
      term = (MwTerm){ *param, NULL, NULL, values };
      if (!mw_term_matches (&term, mw_record_resource (record), site->store, site->url))
        continue;
      entry = mw_json_object_new ();
      mw_json_set (entry, "fullUrl", url);
      mw_json_take (entry, "resource", mw_json_copy (mw_record_resource (record)));
      mw_json_set (entry, "search.mode", "match");
      mw_json_take (bundle, "entry[+]", entry);
      total++;
    }
  mw_json_set_integer (bundle, "total", total);
}

static char *
patient_reference (MwDay    *self,
                   MwSite   *site,
                   JsonNode *task)
{
  guint            person = mw_day_person_of (self, site, mw_json_get (task, "for"));
  g_autofree char *id = person != 0 ? mw_world_patient_id (site, person) : NULL;

  return id != NULL ? g_strconcat ("Patient/", id, NULL) : NULL;
}

/* Whom it is about, the Task says; the query may name them by an id of the asker's own */
static char *
without_patient (const char *query)
{
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);
  GString *out = g_string_new (NULL);

  for (char **pair = pairs; *pair != NULL; pair++)
    if (!g_str_has_prefix (*pair, "patient") && !g_str_has_prefix (*pair, "subject"))
      g_string_append_printf (out, "%s%s", out->len > 0 ? "&" : "", *pair);
  return g_string_free (out, FALSE);
}

/* CDex lets the answer travel inside the Task */
static gboolean
answer_query (Request    *request,
              JsonNode   *task,
              const char *query)
{
  MwSite *site = request->site;
  g_autoptr (MwIssues) issues = mw_issues_new ();
  g_autoptr (MwSearch) search = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_auto (GStrv) part = g_strsplit (*query == '/' ? query + 1 : query, "?", 2);
  g_autofree char *patient = patient_reference (request->day, site, task);
  g_autofree char *rest = NULL;
  JsonNode        *bundle;

  if (patient == NULL || part[0] == NULL || !mw_site_knows (site, part[0]))
    return FALSE;
  rest = without_patient (part[1]);
  search = mw_search_new (site->store, site->url, part[0], rest, TRUE, issues);
  if (mw_issues_any (issues))
    return FALSE;
  found = mw_search_run (search);
  bundle = mw_template ("{'resourceType':'Bundle','id':'results','type':'searchset'}");
  add_results (site, found, patient, bundle);
  return mw_day_move_task (request->day, site, request->task, "completed", "Answered", NULL, output_new ("#results"), bundle);
}

static void
answer_with_letter (Request  *request,
                    JsonNode *task)
{
  MwDay           *self = request->day;
  MwSite          *site = request->site;
  g_autofree char *author = answerer (self, site, task);
  g_autofree char *key = g_strconcat (request->task, "/answer", NULL);
  g_autofree char *reference = NULL;
  guint            person = mw_day_person_of (self, site, mw_json_get (task, "for"));
  g_autofree char *patient = person != 0 ? mw_world_patient_id (site, person) : g_strdup ("unknown");
  const char      *text = site == self->world->plan
                              ? "The service is covered. Prior authorization is not needed up to six visits a year; the member pays 20 dollars a visit."
                              : "Here is what we have on file. The last stay was uneventful; no medication was changed.";
  JsonNode        *letter = mw_letter_new (self->world, site, patient, key, author,
                                    site == self->world->plan ? "64290-0" : "34133-9", site == self->world->plan ? "Answer of the plan" : "Summary of care", text);

  if (person == 0)
    mw_json_remove (letter, "subject");
  reference = g_strconcat ("DocumentReference/", mw_site_add (site, letter)->id, NULL);
  mw_day_move_task (self, site, request->task, "completed", "Answered", NULL, output_new (reference), NULL);
}

static void
next_step (gpointer user_data)
{
  Request    *request = user_data;
  JsonNode   *task = mw_sandbox_store_get (request->site->store, "Task", request->task);
  const char *query = mw_json_string (find_input (task, "data-query"), "valueString");

  if (!request->last)
    {
      mw_day_move_task (request->day, request->site, request->task, "accepted", "Being looked up", NULL, NULL, NULL);
      return;
    }
  /* withdrawn meanwhile */
  if (task == NULL || g_strcmp0 (mw_json_string (task, "status"), "accepted") != 0)
    return;
  if (query == NULL || !answer_query (request, task, query))
    answer_with_letter (request, task);
}

static void
later (MwDay    *self,
       MwSite   *site,
       JsonNode *task,
       gint64    delay,
       gboolean  last)
{
  Request *request = g_new0 (Request, 1);

  request->day = self;
  request->site = site;
  request->task = g_strdup (mw_resource_id (task));
  request->last = last;
  mw_sandbox_clock_at (self->world->clock, mw_sandbox_clock_now (self->world->clock) + delay, next_step, request, request_free);
}

/**
 * mw_day_start_request:
 *
 * A Task that asks for something: it is accepted, and then answered with an output.
 */
void
mw_day_start_request (MwDay      *self,
                      MwSite     *site,
                      JsonNode   *task,
                      const char *message)
{
  later (self, site, task, ACCEPTED_AFTER, FALSE);
  later (self, site, task, ANSWERED_AFTER, TRUE);
  if (message != NULL)
    {
      g_autoptr (JsonNode) links = mw_json_object_new ();
      g_autofree char *author = answerer (self, site, task);
      g_autofree char *key = g_strconcat (mw_resource_id (task), "/told", NULL);
      JsonNode        *based_on = mw_day_reference_from_practice (self, site, task);
      JsonNode        *subject = mw_day_subject_at_practice (self, site, mw_json_get (task, "for"));

      if (based_on != NULL)
        mw_json_take (links, "basedOn[+]", based_on);
      if (subject != NULL)
        mw_json_take (links, "subject", subject);
      mw_day_tell (self, key, author, "Answer to your request", "Here is what we have on file: the last stay was uneventful; no medication was changed.", links, ANSWERED_AFTER);
    }
}

/**
 * mw_day_react_to_request:
 *
 * A CommunicationRequest is fulfilled by a Communication that is based on it.
 */
void
mw_day_react_to_request (MwDay    *self,
                         MwSite   *site,
                         JsonNode *request)
{
  g_autofree char *author = NULL;
  g_autofree char *key = g_strconcat (mw_resource_id (request), "/fulfilled", NULL);
  g_autoptr (JsonNode) links = mw_json_object_new ();
  JsonNode *based_on, *subject;

  if (g_strcmp0 (mw_json_string (request, "status"), "active") != 0)
    return;
  /* R4 calls sender who shall tell, and recipient who shall be told; some write it the other way */
  author = mw_day_doctor_of (self, site, mw_json_get (request, "sender"));
  if (author == NULL)
    author = mw_day_doctor_of (self, site, mw_json_item (request, "recipient", 0));
  if (author == NULL && site == self->world->practice)
    return;
  if (author == NULL)
    author = g_strdup (site == self->world->plan ? "Practitioner/karen-hughes" : "Practitioner/elena-castellanos");
  based_on = mw_day_reference_from_practice (self, site, request);
  subject = mw_day_subject_at_practice (self, site, mw_json_get (request, "subject"));
  if (based_on != NULL)
    mw_json_take (links, "basedOn[+]", based_on);
  if (subject != NULL)
    mw_json_take (links, "subject", subject);
  mw_day_tell (self, key, author, "Answer to your request", "You asked us. The record shows no contraindication; the last values are within the agreed range.",
               links, mw_day_between (self, key, MW_MINUTES (1), MW_MINUTES (3)));
}
