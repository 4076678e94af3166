/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-arrivals.h"
#include "mw-day-private.h"

#include "mw-json.h"

#include <string.h>

/* Turns the clock back for what came before the day began */
static void
before (MwWorld *self,
        gint64   ago)
{
  mw_sandbox_clock_set_now (self->clock, self->start - ago);
}

/**
 * mw_morning_fill:
 *
 * The inbox as the clinician finds it: what came since yesterday.
 */
void
mw_morning_fill (MwWorld *self)
{
  g_autofree char *request = NULL;
  g_autofree char *focus = NULL;

  before (self, MW_HOURS (27));
  mw_arrive_old_referral (self, 4, "referral-nephrology", FALSE);
  before (self, MW_HOURS (26));
  mw_arrive_message (self, 2, "weight-1", "Practitioner/chidi-okafor", "CareTeam/lakeside-team", "Weight of Mr. Whitcombe",
                     "Mr. Whitcombe called: 2.4 kg more since Monday, ankles swollen. Shall he take the second furosemide?", NULL);
  before (self, MW_HOURS (25));
  mw_arrive_message (self, 2, "weight-2", "Practitioner/minh-anh-tran", "CareTeam/lakeside-team", "Weight of Mr. Whitcombe",
                     "He has one repeat left, so enough tablets. Potassium was 5.1 last time, please keep an eye on it.", "weight-1");
  before (self, MW_HOURS (22));
  mw_arrive_refill (self, 5, "refill", "Lisinopril 10 mg tablet");
  before (self, MW_HOURS (20));
  mw_arrive_adt (self, 11, "stay-hightower", MW_ADT_ADMIT, TRUE, "Fall at the care home, hip pain");
  before (self, MW_HOURS (19));
  mw_arrive_message (self, 1, "prior-auth", "Organization/plan-north", MW_ME, "Prior authorization approved",
                     "The continuous glucose monitor for this member is approved for twelve months. Reference PA-20417.", NULL);
  before (self, MW_HOURS (17));
  mw_arrive_data_request (self, 1, "request-progress-note", "11506-3", "Progress note");
  before (self, MW_HOURS (16));
  mw_arrive_lab_report (self, 4, "lab-1");
  before (self, MW_HOURS (14));
  mw_arrive_adt (self, 11, "stay-hightower", MW_ADT_TRANSFER, FALSE, "Fracture of neck of femur");
  before (self, MW_HOURS (9));
  mw_arrive_adt (self, 9, "stay-zoe", MW_ADT_ADMIT, TRUE, "Acute asthma attack");
  before (self, MW_HOURS (5));
  mw_arrive_adt (self, 9, "stay-zoe", MW_ADT_DISCHARGE, TRUE, "Acute asthma attack");
  before (self, MW_HOURS (3));
  mw_arrive_message (self, 7, "patient-question", "Patient/p07", MW_ME, "Question of a patient",
                     "Dear Dr. Lindqvist, may I fly to my sister’s wedding in week 30? Do I need a letter?", NULL);
  before (self, MW_MINUTES (150));
  mw_arrive_referral (self, 12, "referral-in-1", "Practitioner/folake-adeyemi", "Diabetes follow-up after emergency visit",
                      "Seen in the emergency department with glucose 412 mg/dL, no ketones. Please take over and adjust treatment.", "urgent");
  before (self, MW_MINUTES (120));
  mw_arrive_old_referral (self, 2, "referral-cardiology", TRUE);
  before (self, MW_MINUTES (100));
  request = mw_world_urn (self, "request-progress-note");
  focus = g_strconcat ("Task/", request + strlen ("urn:uuid:"), NULL);
  mw_arrive_notification (self, "notification-1", focus);
  before (self, MW_MINUTES (80));
  mw_arrive_thread_header (self, 8, "home-visit", "Home visit for Grace Okonkwo");
  before (self, MW_MINUTES (79));
  mw_arrive_in_thread (self, 8, "home-visit-1", "home-visit", "Practitioner/lucia-ramos",
                       "Mrs. Okonkwo cannot manage the stairs any more. I could visit on Thursday. Is there anything you want me to look at?");
  before (self, MW_MINUTES (55));
  mw_arrive_coverage_change (self, 10, "coverage-1");
  before (self, MW_MINUTES (25));
  mw_arrive_critical_value (self, 4, "critical-potassium", "2823-3", "Potassium", "6.4", "mmol/L");
  before (self, MW_MINUTES (12));
  mw_arrive_data_query (self, 4, "request-medications", "MedicationRequest");
  before (self, MW_MINUTES (5));
  mw_arrive_message (self, 2, "question-cardiology", "Practitioner/elena-castellanos", MW_ME, "Dapagliflozin for Mr. Whitcombe",
                     "My note went out this morning. Could you start dapagliflozin once the new eGFR is there? What was the last one?", NULL);
  mw_sandbox_clock_set_now (self->clock, self->start);
}

typedef enum
{
  ADMIT,
  TRANSFER,
  DISCHARGE,
  LAB,
  CRITICAL,
  REQUEST,
  QUERY,
  REFERRAL,
  TEAM,
  COVERAGE,
  CONDITION,
  REFILL,
} Kind;

/* The hours that follow. @slot stands for a patient whom the seed chooses, so that what belongs
 * together happens to the same person. */
static const struct
{
  guint       minute;
  Kind        kind;
  guint       slot;
  const char *text;
} script[] = {
  { 2, TEAM, 0, "The patient is on the phone and asks whether the blood test has to be fasting. What shall I say?" },
  { 5, LAB, 1, NULL },
  { 9, ADMIT, 2, "Chest pain" },
  { 14, CRITICAL, 3, "Glucose" },
  { 20, REQUEST, 4, "Discharge summary" },
  { 28, REFERRAL, 5, "Removal of sutures and wound control" },
  { 36, TRANSFER, 2, "Acute coronary syndrome" },
  { 47, REFILL, 6, "Salbutamol inhaler" },
  { 60, TEAM, 7, "The home oxygen arrived. I showed the patient how to use it; saturation 93 % at rest." },
  { 75, QUERY, 8, "Condition" },
  { 95, LAB, 0, NULL },
  { 120, ADMIT, 9, "Dehydration" },
  { 140, CONDITION, 2, "Myocardial infarction" },
  { 165, COVERAGE, 3, NULL },
  { 190, REFERRAL, 10, "Follow-up after pneumonia" },
  { 220, DISCHARGE, 9, "Dehydration" },
  { 260, CRITICAL, 1, "Potassium" },
  { 300, TEAM, 4, "Please look at the wound photo when you have a minute, I am not happy with it." },
  { 350, REQUEST, 5, "Progress note" },
  { 400, LAB, 6, NULL },
  { 450, DISCHARGE, 2, "Myocardial infarction" },
};

typedef struct
{
  MwDay *day;
  guint  index;
} Scene;

static void
play_alert (MwWorld    *world,
            Kind        kind,
            guint       person,
            const char *key,
            const char *stay,
            const char *text)
{
  switch (kind)
    {
    case ADMIT:
      mw_arrive_adt (world, person, stay, MW_ADT_ADMIT, TRUE, text);
      break;
    case TRANSFER:
      mw_arrive_adt (world, person, stay, MW_ADT_TRANSFER, FALSE, text);
      break;
    case DISCHARGE:
      mw_arrive_adt (world, person, stay, MW_ADT_DISCHARGE, FALSE, text);
      break;
    case LAB:
      mw_arrive_lab_report (world, person, key);
      break;
    case COVERAGE:
      mw_arrive_coverage_change (world, person, key);
      break;
    case CONDITION:
      mw_arrive_new_condition (world, person, key, "22298006", text);
      break;
    case REFILL:
      mw_arrive_refill (world, person, key, text);
      break;
    case CRITICAL:
    case REQUEST:
    case QUERY:
    case REFERRAL:
    case TEAM:
    default:
      g_assert_not_reached ();
    }
}

static void
play_scene (gpointer user_data)
{
  Scene           *scene = user_data;
  MwWorld         *world = scene->day->world;
  Kind             kind = script[scene->index].kind;
  const char      *text = script[scene->index].text;
  guint            person = scene->day->slots[script[scene->index].slot];
  g_autofree char *key = g_strdup_printf ("scene-%u", scene->index);
  g_autofree char *stay = g_strdup_printf ("stay-%u", script[scene->index].slot);

  switch (kind)
    {
    case CRITICAL:
      if (g_str_equal (text, "Glucose"))
        mw_arrive_critical_value (world, person, key, "2345-7", text, "487", "mg/dL");
      else
        mw_arrive_critical_value (world, person, key, "2823-3", text, "6.2", "mmol/L");
      break;
    case REQUEST:
      mw_arrive_data_request (world, person, key, g_str_equal (text, "Progress note") ? "11506-3" : "18842-5", text);
      break;
    case QUERY:
      mw_arrive_data_query (world, person, key, text);
      break;
    case REFERRAL:
      mw_arrive_referral (world, person, key, "Practitioner/folake-adeyemi", text, "Treated here; please take over.", "routine");
      break;
    case TEAM:
      mw_arrive_message (world, person, key, "Practitioner/chidi-okafor", "CareTeam/lakeside-team", "Care team", text, NULL);
      break;
    case ADMIT:
    case TRANSFER:
    case DISCHARGE:
    case LAB:
    case COVERAGE:
    case CONDITION:
    case REFILL:
    default:
      play_alert (world, kind, person, key, stay, text);
    }
}

/**
 * mw_day_cast:
 *
 * Lets the seed choose who gets which part.
 */
void
mw_day_cast (MwDay *self)
{
  guint n = mw_world_n_people ();

  g_assert (n <= G_N_ELEMENTS (self->slots));
  for (guint i = 0; i < n; i++)
    self->slots[i] = i + 1;
  for (guint i = n - 1; i > 0; i--)
    {
      guint j = (guint) g_rand_int_range (self->world->random, 0, (gint32) i + 1);
      guint kept = self->slots[i];

      self->slots[i] = self->slots[j];
      self->slots[j] = kept;
    }
}

/**
 * mw_day_play:
 *
 * Starts the day: from now on things arrive by the script, eight hours long.
 */
void
mw_day_play (MwDay *self)
{
  gint64 now = mw_sandbox_clock_now (self->world->clock);

  if (self->playing)
    return;
  self->playing = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (script); i++)
    {
      Scene *scene = g_new0 (Scene, 1);

      scene->day = self;
      scene->index = i;
      mw_sandbox_clock_at (self->world->clock, now + MW_MINUTES (script[i].minute), play_scene, scene, g_free);
    }
}
