/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-arrivals.h"
#include "mw-day-private.h"

#include "mw-identity.h"
#include "mw-json.h"
#include "mw-search-private.h"
#include "mw-template.h"

#include <string.h>

static void
noticed_cb (MwSite     *site,
            MwRecord   *record,
            JsonNode   *before,
            const char *message,
            gpointer    user_data)
{
  MwDay    *self = user_data;
  JsonNode *resource = mw_record_resource (record);

  if (resource == NULL)
    return;
  if (mw_resource_is (resource, "Task"))
    mw_day_react_to_task (self, site, resource, before, message);
  else if (before != NULL)
    return; /* what is changed was answered when it came */
  else if (mw_resource_is (resource, "Communication"))
    mw_day_react_to_communication (self, site, resource);
  else if (mw_resource_is (resource, "CommunicationRequest"))
    mw_day_react_to_request (self, site, resource);
  else if (mw_resource_is (resource, "DocumentReference") || (mw_resource_is (resource, "Bundle") && message != NULL))
    mw_day_react_to_push (self, site, resource);
}

/**
 * mw_day_new:
 * @world: (transfer none): has to outlive the day
 *
 * From now on the others react to what the client writes.
 */
MwDay *
mw_day_new (MwWorld *world)
{
  MwDay  *self = g_new0 (MwDay, 1);
  MwSite *sites[] = { world->practice, world->hospital, world->plan };

  self->world = world;
  self->thanked = G_MININT64;
  mw_day_cast (self);
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      sites[i]->func = noticed_cb;
      sites[i]->user_data = self;
    }
  return self;
}

void
mw_day_free (MwDay *self)
{
  g_free (self);
}

/**
 * mw_day_between:
 * @key: what it is about
 *
 * Returns: a number from @from to @to (without it), the same for the same seed and key
 */
gint64
mw_day_between (MwDay      *self,
                const char *key,
                gint64      from,
                gint64      to)
{
  g_autofree char *urn = mw_world_urn (self->world, key);
  guint64          number = g_ascii_strtoull (urn + strlen ("urn:uuid:"), NULL, 16);

  return from + (gint64) (number % (guint64) MAX (to - from, 1));
}

/**
 * mw_day_resolve:
 * @reference: (nullable): a Reference as a client wrote it at @site: relative, with the base of any of
 *   the three, or with an identifier alone
 *
 * Returns: (transfer none) (nullable): what it means
 */
JsonNode *
mw_day_resolve (MwDay    *self,
                MwSite   *site,
                JsonNode *reference)
{
  static const char *const parties[] = { "Patient", "Organization", "Practitioner" };
  MwSite                  *sites[] = { site, self->world->practice, self->world->hospital, self->world->plan };
  const char              *literal = mw_json_string (reference, "reference");
  const char              *value = mw_json_string (reference, "identifier.value");

  for (guint i = 0; literal != NULL && i < G_N_ELEMENTS (sites); i++)
    if ((i == 0 || g_str_has_prefix (literal, sites[i]->url)) && mw_site_resolve (sites[i], literal) != NULL)
      return mw_site_resolve (sites[i], literal);
  for (guint i = 0; value != NULL && i < G_N_ELEMENTS (parties); i++)
    {
      g_autoptr (GPtrArray) found = mw_sandbox_store_by_identifier (site->store, parties[i], mw_json_string (reference, "identifier.system"), value);

      if (found->len > 0)
        return mw_record_resource (g_ptr_array_index (found, 0));
    }
  return NULL;
}

static char *
member_of_team (JsonNode *team)
{
  guint n = mw_json_length (team, "participant");

  for (guint i = n; i > 0; i--)
    {
      const char *member = mw_json_string (mw_json_item (team, "participant", i - 1), "member.reference");

      if (mw_world_staff_name (member) != NULL && !g_str_equal (member, MW_ME))
        return g_strdup (member);
    }
  return NULL;
}

/**
 * mw_day_doctor_of:
 * @reference: (nullable): a Reference at @site to a person, an organization, a service or a team
 *
 * Returns: (transfer full) (nullable): the Practitioner who answers for it, "Practitioner/id"; NULL
 *   when that is the clinician, or nobody
 */
char *
mw_day_doctor_of (MwDay    *self,
                  MwSite   *site,
                  JsonNode *reference)
{
  JsonNode *resource = mw_day_resolve (self, site, reference);

  if (mw_resource_is (resource, "CareTeam"))
    return member_of_team (resource);
  if (mw_resource_is (resource, "PractitionerRole"))
    return mw_day_doctor_of (self, site, mw_json_get (resource, "practitioner"));
  if (mw_resource_is (resource, "HealthcareService"))
    return mw_day_doctor_of (self, site, mw_json_get (resource, "providedBy"));
  if (mw_resource_is (resource, "Organization"))
    return g_strconcat ("Practitioner/", mw_world_department_doctor (mw_resource_id (resource)), NULL);
  if (!mw_resource_is (resource, "Practitioner") || g_str_equal (mw_resource_id (resource), MW_ME + strlen ("Practitioner/")))
    return NULL;
  return g_strconcat ("Practitioner/", mw_resource_id (resource), NULL);
}

/**
 * mw_day_person_of:
 *
 * Returns: the number of the patient whom the Reference means at @site; 0 for nobody we know
 */
guint
mw_day_person_of (MwDay    *self,
                  MwSite   *site,
                  JsonNode *reference)
{
  MwSite   *sites[] = { self->world->practice, self->world->hospital, self->world->plan };
  JsonNode *resource = mw_day_resolve (self, site, reference);

  if (!mw_resource_is (resource, "Patient"))
    return 0;
  for (guint i = 1; i <= mw_world_n_people (); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sites); j++)
      {
        g_autofree char *id = mw_world_patient_id (sites[j], i);

        if (g_strcmp0 (mw_resource_id (resource), id) == 0)
          return i;
      }
  return 0;
}

/**
 * mw_day_subject_at_practice:
 * @subject: (nullable): a Reference to a patient, at @site
 *
 * Returns: (transfer full) (nullable): a Reference to the same person at the practice
 */
JsonNode *
mw_day_subject_at_practice (MwDay    *self,
                            MwSite   *site,
                            JsonNode *subject)
{
  guint person = mw_day_person_of (self, site, subject);

  if (person == 0)
    return NULL;
  {
    g_autofree char *id = mw_world_patient_id (self->world->practice, person);
    g_autofree char *name = mw_world_patient_name (person);

    return mw_template ("{'reference':'Patient/%s','display':'%s'}", id, name);
  }
}

/**
 * mw_day_reference_from_practice:
 * @resource: what was sent to @site
 *
 * Returns: (transfer full) (nullable): how something at the practice refers to it: by its literal
 *   reference when it is there too, else by the sender's own identifier
 */
JsonNode *
mw_day_reference_from_practice (MwDay    *self,
                                MwSite   *site,
                                JsonNode *resource)
{
  guint n = mw_json_length (resource, "identifier");

  if (site == self->world->practice)
    {
      g_autofree char *literal = g_strdup_printf ("%s/%s", mw_resource_type (resource), mw_resource_id (resource));

      return mw_template ("{'reference':'%s'}", literal);
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode *identifier = mw_json_item (resource, "identifier", i);

      if (mw_json_string (identifier, "value") != NULL)
        {
          g_autoptr (JsonNode) reference = mw_json_object_new ();

          mw_json_set (reference, "type", mw_resource_type (resource));
          mw_json_take (reference, "identifier", mw_json_copy (identifier));
          return g_steal_pointer (&reference);
        }
    }
  return NULL;
}

typedef struct
{
  MwDay    *day;
  JsonNode *communication;
} Said;

static void
said_free (gpointer data)
{
  Said *said = data;

  g_clear_pointer (&said->communication, json_node_unref);
  g_free (said);
}

static void
say (gpointer user_data)
{
  Said            *said = user_data;
  g_autofree char *now = mw_sandbox_instant (mw_sandbox_clock_now (said->day->world->clock));

  mw_json_set (said->communication, "sent", now);
  mw_site_add (said->day->world->practice, g_steal_pointer (&said->communication));
}

/**
 * mw_day_tell:
 * @sender: a reference at the practice
 * @links: (transfer none): members that go into the Communication as they are: subject, inResponseTo,
 *   partOf, basedOn, about, recipient, category, payload
 * @delay: microseconds
 */
void
mw_day_tell (MwDay      *self,
             const char *key,
             const char *sender,
             const char *topic,
             const char *text,
             JsonNode   *links,
             gint64      delay)
{
  Said            *said = g_new0 (Said, 1);
  g_autofree char *urn = mw_world_urn (self->world, key);
  const char      *name = mw_world_staff_name (sender);
  JsonNode        *communication = mw_template (
             "{'resourceType':'Communication','identifier':[{'system':'" MW_URI_SYSTEM "','value':'%s'}],'status':'completed',"
                    "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/communication-category','code':'notification'}]}],'priority':'routine',"
                    "'recipient':[{'reference':'" MW_ME "','display':'Dr. Maren Lindqvist'}],'sender':{'reference':'%s'},'payload':[{'contentString':'%s'}]}",
             urn, sender, text);
  static const char *const members[] = { "subject", "inResponseTo", "partOf", "basedOn", "about", "recipient", "category" };

  if (name != NULL)
    mw_json_set (communication, "sender.display", name);
  mw_json_set (communication, "topic.text", topic);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (mw_json_has (links, members[i]))
      mw_json_take (communication, members[i], mw_json_copy (mw_json_get (links, members[i])));
  for (guint i = 0; i < mw_json_length (links, "payload"); i++)
    mw_json_take (communication, "payload[+]", mw_json_copy (mw_json_item (links, "payload", i)));
  said->day = self;
  said->communication = communication;
  mw_sandbox_clock_at (self->world->clock, mw_sandbox_clock_now (self->world->clock) + delay, say, said, said_free);
}
