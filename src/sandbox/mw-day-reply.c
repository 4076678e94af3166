/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-day-private.h"

#include "mw-json.h"
#include "mw-search-private.h"
#include "mw-template.h"

#include <string.h>

#define THANKS_AFTER MW_SECONDS (90)
#define THANKS_PAUSE MW_MINUTES (2)

static const char *const answers[] = {
  "Yes, that is fine with me. I have noted it in the record.",
  "I have looked at it: nothing against it. Please go ahead.",
  "Not yet, I will know more this afternoon and write again.",
};
static const char *const thanks[] = {
  "Thank you, I have seen it and will take care of it.",
  "Thanks for letting me know. I will call the patient today.",
  "Seen, thank you.",
};

/* Who will answer: the first recipient who is not the clinician herself */
static char *
find_answerer (MwDay    *self,
               MwSite   *site,
               JsonNode *communication)
{
  guint n = mw_json_length (communication, "recipient");

  for (guint i = 0; i < n; i++)
    {
      JsonNode *reference = mw_json_item (communication, "recipient", i);
      char     *doctor = mw_day_doctor_of (self, site, reference);

      if (doctor != NULL)
        return doctor;
      if (site == self->world->practice && mw_resource_is (mw_day_resolve (self, site, reference), "Patient"))
        return g_strconcat ("Patient/", mw_resource_id (mw_day_resolve (self, site, reference)), NULL);
    }
  if (site == self->world->practice)
    return NULL;
  return g_strdup (site == self->world->plan ? "Practitioner/karen-hughes" : "Practitioner/elena-castellanos");
}

static gboolean
asks_something (JsonNode *communication)
{
  guint n = mw_json_length (communication, "payload");

  for (guint i = 0; i < n; i++)
    {
      const char *text = mw_json_string (mw_json_item (communication, "payload", i), "contentString");

      if (text != NULL && strchr (text, '?') != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
copy_links (MwDay    *self,
            MwSite   *site,
            JsonNode *communication,
            JsonNode *links)
{
  static const char *const kept[] = { "partOf", "basedOn", "category" };
  JsonNode                *original = mw_day_reference_from_practice (self, site, communication);
  JsonNode                *subject = mw_day_subject_at_practice (self, site, mw_json_get (communication, "subject"));
  const char              *sender = mw_json_string (communication, "sender.reference");

  if (original != NULL)
    mw_json_take (links, "inResponseTo[+]", original);
  if (subject != NULL)
    mw_json_take (links, "subject", subject);
  if (site != self->world->practice)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (mw_json_has (communication, kept[i]))
      mw_json_take (links, kept[i], mw_json_copy (mw_json_get (communication, kept[i])));
  if (mw_site_resolve (site, sender) != NULL && !mw_resource_is (mw_site_resolve (site, sender), "HealthcareService"))
    mw_json_take (links, "recipient[+]", mw_json_copy (mw_json_get (communication, "sender")));
}

/**
 * mw_day_react_to_communication:
 *
 * Who gets a message answers it within three minutes.
 */
void
mw_day_react_to_communication (MwDay    *self,
                               MwSite   *site,
                               JsonNode *communication)
{
  static const char *const silent[] = { "preparation", "on-hold", "not-done", "stopped", "entered-in-error", NULL };
  const char              *status = mw_json_string (communication, "status");
  g_autofree char         *answerer = NULL;
  g_autofree char         *key = g_strconcat (mw_resource_id (communication), "/reply", NULL);
  g_autoptr (JsonNode) links = NULL;
  const char *text;

  /* without a payload it opens a thread, or acknowledges an alert: nothing to say to that */
  if (mw_json_length (communication, "payload") == 0 || status == NULL || g_strv_contains (silent, status))
    return;
  answerer = find_answerer (self, site, communication);
  if (answerer == NULL)
    return;
  links = mw_json_object_new ();
  copy_links (self, site, communication, links);
  text = asks_something (communication) ? answers[mw_day_between (self, key, 0, G_N_ELEMENTS (answers))]
                                        : thanks[mw_day_between (self, key, 0, G_N_ELEMENTS (thanks))];
  mw_day_tell (self, key, answerer, mw_json_string (communication, "topic.text"), text, links,
               mw_day_between (self, key, MW_SECONDS (45), MW_MINUTES (3)));
}

static gboolean
carries_a_question (JsonNode *bundle)
{
  static const char *const types[] = { "Task", "ServiceRequest", "Communication", "CommunicationRequest", NULL };
  guint                    n = mw_json_length (bundle, "entry");

  for (guint i = 0; i < n; i++)
    {
      const char *type = mw_resource_type (mw_json_get (mw_json_item (bundle, "entry", i), "resource"));

      if (type != NULL && g_strv_contains (types, type))
        return TRUE;
    }
  return FALSE;
}

/**
 * mw_day_react_to_push:
 * @resource: a message Bundle, or a document that came without one
 *
 * Nobody owes an answer to a push; now and then somebody says thanks.
 */
void
mw_day_react_to_push (MwDay    *self,
                      MwSite   *site,
                      JsonNode *resource)
{
  gint64           now = mw_sandbox_clock_now (self->world->clock);
  g_autofree char *key = g_strconcat (mw_resource_id (resource), "/thanks", NULL);
  g_autoptr (JsonNode) links = NULL;
  JsonNode *about, *subject;

  if (site == self->world->practice || carries_a_question (resource) || mw_day_between (self, key, 0, 2) == 0)
    return;
  if (self->thanked != G_MININT64 && now - self->thanked < THANKS_PAUSE)
    return;
  self->thanked = now;
  links = mw_json_object_new ();
  about = mw_day_reference_from_practice (self, site, resource);
  subject = mw_day_subject_at_practice (self, site, mw_json_get (resource, "subject"));
  if (about != NULL)
    mw_json_take (links, "about[+]", about);
  if (subject != NULL)
    mw_json_take (links, "subject", subject);
  mw_day_tell (self, key, site == self->world->plan ? "Practitioner/karen-hughes" : "Practitioner/folake-adeyemi", "Thank you",
               "Thank you for the documents, they have arrived in the record.", links, THANKS_AFTER);
}
