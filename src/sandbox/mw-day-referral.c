/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-arrivals.h"
#include "mw-day-private.h"

#include "mw-json.h"
#include "mw-search-private.h"
#include "mw-template.h"

#include <string.h>

/* when, after it was sent, a referral gets how far */
#define RECEIVED_AFTER MW_SECONDS (30)
#define ACCEPTED_AFTER MW_MINUTES (2)
#define STARTED_AFTER MW_MINUTES (5)
#define COMPLETED_AFTER MW_MINUTES (10)

/* A referral under way */
typedef struct
{
  MwDay   *day;
  MwSite  *site;
  char    *task;
  char    *doctor;
  guint    step;
  gboolean by_message; /* the sender may have no way to see the Task */
} Referral;

static void
referral_free (gpointer data)
{
  Referral *referral = data;

  g_free (referral->task);
  g_free (referral->doctor);
  g_free (referral);
}

static gboolean
has_ended (const char *status)
{
  static const char *const ends[] = { "completed", "cancelled", "rejected", "failed", "entered-in-error", NULL };

  return status == NULL || g_strv_contains (ends, status);
}

/**
 * mw_day_move_task:
 * @business: (nullable): how far it is, for people
 * @reason: (nullable): why it ended so
 * @output: (transfer full) (nullable): one Task.output
 * @contained: (transfer full) (nullable): what @output points to, when that is in the Task
 *
 * Returns: whether the Task was still open and is now @status
 */
gboolean
mw_day_move_task (MwDay      *self,
                  MwSite     *site,
                  const char *id,
                  const char *status,
                  const char *business,
                  const char *reason,
                  JsonNode   *output,
                  JsonNode   *contained)
{
  JsonNode        *task = mw_sandbox_store_get (site->store, "Task", id);
  g_autofree char *now = mw_sandbox_instant (mw_sandbox_clock_now (self->world->clock));

  if (task == NULL || has_ended (mw_json_string (task, "status")))
    {
      g_clear_pointer (&output, json_node_unref);
      g_clear_pointer (&contained, json_node_unref);
      return FALSE;
    }
  task = mw_json_copy (task);
  mw_json_set (task, "status", status);
  /* inv-1: a sender whose clock is ahead may have written a later time */
  if (mw_json_string (task, "authoredOn") != NULL)
    {
      gint64 start, end;

      if (mw_search_parse_date (mw_json_string (task, "authoredOn"), &start, &end) && start > mw_sandbox_clock_now (self->world->clock))
        mw_json_set (task, "lastModified", mw_json_string (task, "authoredOn"));
      else
        mw_json_set (task, "lastModified", now);
    }
  else
    mw_json_set (task, "lastModified", now);
  if (business != NULL)
    mw_json_take (task, "businessStatus", mw_template ("{'text':'%s'}", business));
  if (reason != NULL)
    mw_json_take (task, "statusReason", mw_template ("{'text':'%s'}", reason));
  if (output != NULL)
    mw_json_take (task, "output[+]", output);
  if (contained != NULL)
    mw_json_take (task, "contained[+]", contained);
  mw_site_add (site, task);
  return TRUE;
}

static void
tell_by_message (Referral *referral,
                 JsonNode *letter,
                 JsonNode *task)
{
  MwDay    *self = referral->day;
  JsonNode *order = mw_site_resolve (referral->site, mw_json_string (task, "focus.reference"));
  g_autoptr (JsonNode) links = mw_json_object_new ();
  JsonNode        *subject = mw_day_subject_at_practice (self, referral->site, mw_json_get (task, "for"));
  JsonNode        *based_on = mw_day_reference_from_practice (self, referral->site, order != NULL ? order : task);
  g_autofree char *key = g_strconcat (referral->task, "/told", NULL);

  if (subject != NULL)
    mw_json_take (links, "subject", subject);
  if (based_on != NULL)
    mw_json_take (links, "basedOn[+]", based_on);
  for (guint i = 0; i < mw_json_length (letter, "content"); i++)
    mw_json_take (links, "payload[+]", mw_template ("{'contentAttachment':%j}", mw_json_get (mw_json_item (letter, "content", i), "attachment")));
  mw_day_tell (self, key, referral->doctor, "Consult note", "Your referral has been seen. The consult note is attached.", links, MW_SECONDS (1));
}

static void
complete (Referral *referral,
          JsonNode *task)
{
  MwDay           *self = referral->day;
  guint            person = mw_day_person_of (self, referral->site, mw_json_get (task, "for"));
  g_autofree char *patient = person != 0 ? mw_world_patient_id (referral->site, person) : g_strdup ("unknown");
  g_autofree char *key = g_strconcat (referral->task, "/letter", NULL);
  g_autofree char *reference = NULL;
  MwRecord        *letter;
  JsonNode        *document;

  document = mw_letter_new (self->world, referral->site, patient, key, referral->doctor, "11488-4", "Consult note",
                            "Thank you for referring this patient.\n\nHistory and findings were reviewed today. No sign of an acute problem.\n"
                            "Recommendation: continue the present treatment, laboratory control in four weeks, control here in three months.\n"
                            "Please call if symptoms get worse.");
  if (person == 0)
    mw_json_remove (document, "subject");
  letter = mw_site_add (referral->site, document);
  reference = g_strconcat ("DocumentReference/", letter->id, NULL);
  if (referral->by_message)
    tell_by_message (referral, mw_record_resource (letter), task);
  mw_day_move_task (self, referral->site, referral->task, "completed", "Seen", NULL,
                    mw_template ("{'type':{'coding':[{'system':'" MW_LOINC "','code':'11488-4','display':'Consult note'}],'text':'Consult note'},"
                                 "'valueReference':{'reference':'%s','display':'Consult note'}}",
                                 reference),
                    NULL);
}

static void
next_step (gpointer user_data)
{
  Referral *referral = user_data;
  MwDay    *self = referral->day;
  JsonNode *task = mw_sandbox_store_get (referral->site->store, "Task", referral->task);

  if (task == NULL || has_ended (mw_json_string (task, "status")))
    return;
  switch (referral->step)
    {
    case 0:
      mw_day_move_task (self, referral->site, referral->task, "received", "In the inbox of the department", NULL, NULL, NULL);
      break;
    case 1:
      if (g_str_has_suffix (referral->doctor, "folake-adeyemi"))
        mw_day_move_task (self, referral->site, referral->task, "rejected", NULL,
                          "The emergency department takes no referrals. Please send the patient, or refer to a clinic.", NULL, NULL);
      else
        mw_day_move_task (self, referral->site, referral->task, "accepted", "Appointment made", NULL, NULL, NULL);
      break;
    case 2:
      mw_day_move_task (self, referral->site, referral->task, "in-progress", "Patient has arrived", NULL, NULL, NULL);
      break;
    default:
      complete (referral, task);
    }
}

static void
start_referral (MwDay      *self,
                MwSite     *site,
                JsonNode   *task,
                const char *doctor,
                gboolean    by_message)
{
  static const gint64 after[] = { RECEIVED_AFTER, ACCEPTED_AFTER, STARTED_AFTER, COMPLETED_AFTER };
  gint64              now = mw_sandbox_clock_now (self->world->clock);

  for (guint i = 0; i < G_N_ELEMENTS (after); i++)
    {
      Referral *referral = g_new0 (Referral, 1);

      referral->day = self;
      referral->site = site;
      referral->task = g_strdup (mw_resource_id (task));
      referral->doctor = g_strdup (doctor);
      referral->step = i;
      referral->by_message = by_message;
      mw_sandbox_clock_at (self->world->clock, now + after[i], next_step, referral, referral_free);
    }
}

/* The clinician moved a Task that others gave her: they are glad to hear it */
static void
answer_decision (MwDay      *self,
                 MwSite     *site,
                 JsonNode   *task,
                 const char *status)
{
  static const char *const answers[][2] = {
    { "accepted", "Thank you for taking over. The patient knows and will call you for an appointment." },
    { "rejected", "Understood. I will look for somebody else." },
    { "completed", "Thank you, the result has arrived here." },
  };
  g_autofree char *requester = mw_day_doctor_of (self, site, mw_json_get (task, "requester"));
  g_autofree char *key = g_strdup_printf ("%s/%s", mw_resource_id (task), status);
  g_autoptr (JsonNode) links = mw_json_object_new ();
  g_autofree char *reference = g_strconcat ("Task/", mw_resource_id (task), NULL);

  if (requester == NULL || g_strcmp0 (mw_json_string (task, "code.coding.code"), "fulfill") != 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_strcmp0 (answers[i][0], status) == 0)
      {
        mw_json_take (links, "basedOn[+]", mw_template ("{'reference':'%s'}", reference));
        mw_json_take (links, "subject", mw_json_copy (mw_json_get (task, "for")));
        mw_day_tell (self, key, requester, mw_json_string (task, "description"), answers[i][1], links,
                     mw_day_between (self, key, MW_SECONDS (45), MW_MINUTES (2)));
      }
}

static gboolean
is_referral (MwSite   *site,
             JsonNode *task)
{
  JsonNode *focus = mw_site_resolve (site, mw_json_string (task, "focus.reference"));

  return mw_resource_is (focus, "ServiceRequest");
}

/**
 * mw_day_react_to_task:
 * @before: (nullable): its version before
 */
void
mw_day_react_to_task (MwDay      *self,
                      MwSite     *site,
                      JsonNode   *task,
                      JsonNode   *before,
                      const char *message)
{
  const char      *status = mw_json_string (task, "status"), *was = mw_json_string (before, "status");
  const char      *owner = mw_json_string (task, "owner.reference");
  g_autofree char *local = owner != NULL ? mw_search_local_reference (owner, site->url) : NULL;
  g_autofree char *doctor = NULL;

  if (g_strcmp0 (status, was) == 0)
    return;
  if (site == self->world->practice && local != NULL && g_hash_table_contains (site->own, local) && !g_str_has_prefix (local, "CareTeam/"))
    {
      if (before != NULL)
        answer_decision (self, site, task, status);
      return;
    }
  if (g_strcmp0 (status, "requested") != 0)
    return;
  if (!is_referral (site, task))
    {
      mw_day_start_request (self, site, task, message);
      return;
    }
  doctor = mw_day_doctor_of (self, site, mw_json_get (task, "owner"));
  start_referral (self, site, task, doctor != NULL ? doctor : "Practitioner/elena-castellanos", message != NULL);
}
