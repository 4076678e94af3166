/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include "mw-bundle.h"
#include "mw-outcome.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>

/* What carries other resources between systems (FHIR R4 exchange-module.html) */

/* Entries of a Bundle and parameters that are named one by one */
#define MAX_ENTRIES 200

static const MwRow header_rows[] = {
  { "event[x]", N_ ("Event") },
  { "reason", N_ ("Reason") },
  { "focus", N_ ("About"), MW_ROW_EACH },
  { "author", N_ ("Author") },
  { "sender", N_ ("From") },
  { "enterer", N_ ("Entered by") },
  { "responsible", N_ ("Responsible") },
  { "destination", N_ ("To"), MW_ROW_PLAIN, NULL, "name|receiver|target" },
  { "source", N_ ("Sending system"), MW_ROW_PLAIN, NULL, "name|software;version" },
  { "response", N_ ("Answer"), MW_ROW_PLAIN, NULL, "code;details" },
  { "timestamp", N_ ("Date") },
  { "definition", NULL },
  { 0 },
};

static const MwRow subscription_rows[] = {
  { "status", N_ ("Status") },
  { "name", N_ ("Name") },
  { "reason", N_ ("Why") },
  { "error", N_ ("Error"), MW_ROW_LOUD },
  { "topic", N_ ("Topic"), MW_ROW_CANONICAL },
  { "criteria", N_ ("About") },
  { "_criteria.extension.value[x]", N_ ("Only") },
  { "filterBy", N_ ("Only"), MW_ROW_PLAIN, "filterParameter", "value" },
  { "channel.type|channelType", N_ ("Way") },
  { "channel", NULL },
  { "content", N_ ("Sends") },
  { "end", N_ ("Until") },
  { "contact", N_ ("Contact") },
  { "parameter", NULL },
  { "endpoint", NULL },
  { "heartbeatPeriod", NULL },
  { "timeout", NULL },
  { "contentType", NULL },
  { "maxCount", NULL },
  { 0 },
};

static const MwRow status_rows[] = {
  { "type", N_ ("Kind") },
  { "status", N_ ("Status") },
  { "error", N_ ("Error"), MW_ROW_LOUD },
  { "eventsSinceSubscriptionStart", N_ ("Events so far") },
  { "notificationEvent", N_ ("Event"), MW_ROW_PLAIN, NULL, "eventNumber;timestamp;focus" },
  { "subscription", N_ ("Subscription") },
  { "topic", N_ ("Topic"), MW_ROW_CANONICAL },
  { 0 },
};

static const MwRow topic_rows[] = {
  { "title", N_ ("Title") },
  { "description", N_ ("Description") },
  { "status", N_ ("Status") },
  { "resourceTrigger", N_ ("When"), MW_ROW_PLAIN, NULL, "description|resource;supportedInteraction" },
  { "eventTrigger", N_ ("When"), MW_ROW_PLAIN, NULL, "description|event" },
  { "canFilterBy", N_ ("Can be narrowed by"), MW_ROW_PLAIN, NULL, "description|filterParameter" },
  { 0 },
};

static const char *
method_text (const char *method)
{
  if (g_strcmp0 (method, "POST") == 0)
    return _ ("Create");
  if (g_strcmp0 (method, "PUT") == 0)
    return _ ("Replace");
  if (g_strcmp0 (method, "PATCH") == 0)
    return _ ("Change");
  if (g_strcmp0 (method, "DELETE") == 0)
    return _ ("Delete");
  if (g_strcmp0 (method, "GET") == 0)
    return _ ("Read");
  return NULL;
}

/* What an entry without a resource says: a deletion, an answer, something to fetch */
static char *
entry_text (MwDescribing *self,
            JsonNode     *entry,
            JsonNode     *resource)
{
  MwDescribeContext context = self->context;
  char             *text;

  if (resource != NULL)
    {
      context.container = resource;
      return mw_resource_title_in (resource, &context);
    }
  text = mw_outcome_to_text (mw_json_get (entry, "response.outcome"));
  if (text == NULL)
    text = mw_text_line (mw_json_string (entry, "response.status"));
  return text != NULL ? text : g_strdup (_ ("Not included"));
}

static void
add_entries (MwDescribing *self,
             JsonNode     *bundle)
{
  MwBundleIter iter;
  JsonNode    *entry, *resource;
  guint        n = 0;

  mw_bundle_iter_init (&iter, bundle);
  while (n < MAX_ENTRIES && mw_bundle_iter_next (&iter, &entry, &resource))
    {
      g_autofree char *noun = resource != NULL ? mw_resource_type_text (mw_resource_type (resource)) : g_strdup (_ ("Entry"));
      const char      *method = method_text (mw_json_string (entry, "request.method"));
      g_autofree char *label = method != NULL && mw_bundle_get_kind (bundle) != MW_BUNDLE_NOTIFICATION && mw_bundle_get_kind (bundle) != MW_BUNDLE_HISTORY
                                   ? g_strdup_printf ("%s: %s", method, noun)
                                   : g_strdup (noun);

      n++;
      mw_describing_add (self, 0, label, entry_text (self, entry, resource), FALSE);
    }
  if (iter.next < iter.length)
    mw_describing_add (self, 0, _ ("More"),
                       g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more entry", "%u more entries", iter.length - iter.next), iter.length - iter.next), FALSE);
}

static void
bundle_extra (MwDescribing *self,
              JsonNode     *resource)
{
  if (self->context.bundle == NULL)
    self->context.bundle = resource;
  mw_describing_add (self, 0, _ ("Kind"), g_strdup (mw_bundle_type_to_text (mw_bundle_get_kind (resource))), FALSE);
  mw_describing_add (self, 0, _ ("Date"), mw_describing_line (self, resource, "timestamp"), FALSE);
  mw_describing_add (self, 0, _ ("Found in all"), mw_describing_line (self, resource, "total"), FALSE);
  add_entries (self, resource);
}

static char *
bundle_title (MwDescribing *self,
              JsonNode     *resource)
{
  const char      *kind = mw_bundle_type_to_text (mw_bundle_get_kind (resource));
  JsonNode        *head = mw_bundle_get_header (resource);
  g_autofree char *text = NULL;

  if (head == NULL && mw_bundle_get_kind (resource) == MW_BUNDLE_DOCUMENT)
    head = mw_bundle_first (resource, "Composition");
  if (mw_bundle_is_notification (resource))
    return g_strdup (_ ("Notification"));
  if (head == NULL || (mw_bundle_get_kind (resource) != MW_BUNDLE_MESSAGE && mw_bundle_get_kind (resource) != MW_BUNDLE_DOCUMENT))
    return g_strdup (kind);
  text = mw_resource_title (head);
  /* Translators: what kind of record, and what it is about: "Message: Admission" */
  return g_strdup_printf (_ ("%s: %s"), kind, text);
}

static char *
bundle_summary (MwDescribing *self,
                JsonNode     *resource)
{
  JsonNode        *patient = mw_bundle_first (resource, "Patient");
  g_autofree char *name = patient != NULL ? mw_patient_name (patient) : NULL;
  guint            n = mw_json_length (resource, "entry");
  g_autofree char *count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u entry", "%u entries", n), n);
  g_autofree char *when = mw_describing_line (self, resource, "timestamp");

  return g_strconcat (name != NULL ? name : "", name != NULL ? " · " : "", count, when != NULL ? " · " : NULL, when, NULL);
}

static void
add_parameters (MwDescribing *self,
                JsonNode     *node,
                const char   *member,
                guint         level)
{
  guint n = MIN (mw_json_length (node, member), MAX_ENTRIES);

  for (guint i = 0; i < n && level < 6; i++)
    {
      JsonNode        *parameter = mw_json_item (node, member, i);
      JsonNode        *resource = mw_json_get (parameter, "resource");
      g_autofree char *label = mw_text_humanise (mw_json_string (parameter, "name"));
      const char      *type;
      JsonNode        *value = mw_json_choice (parameter, "value", &type);
      char            *text = NULL;

      if (mw_resource_type (resource) != NULL)
        {
          MwDescribeContext context = self->context;

          context.container = resource;
          text = mw_resource_title_in (resource, &context);
        }
      else if (value != NULL)
        text = mw_datatype_to_text_in (value, type, &self->context);
      mw_describing_add (self, level, label != NULL ? label : _ ("Parameter"), text != NULL ? text : g_strdup (""), FALSE);
      add_parameters (self, parameter, "part", level + 1);
    }
}

static void
parameters_extra (MwDescribing *self,
                  JsonNode     *resource)
{
  add_parameters (self, resource, "parameter", 0);
}

static char *
parameters_title (MwDescribing *self,
                  JsonNode     *resource)
{
  g_autoptr (MwNotification) notification = mw_notification_new (resource);

  return notification != NULL ? g_strdup (_ ("Notification")) : NULL;
}

static char *
parameters_summary (MwDescribing *self,
                    JsonNode     *resource)
{
  guint n = mw_json_length (resource, "parameter");

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u parameter", "%u parameters", n), n);
}

static const MwRow parameters_rows[] = {
  { "parameter", NULL },
  { 0 },
};

static const MwRow outcome_rows[] = {
  { "issue", N_ ("Issue"), MW_ROW_PLAIN, "severity", "details|diagnostics|code;expression|location" },
  { 0 },
};

static char *
outcome_summary (MwDescribing *self,
                 JsonNode     *resource)
{
  return mw_outcome_to_text (resource);
}

static const MwRow bundle_rows[] = {
  { "type|timestamp|total|entry|link|signature|issues", NULL },
  { 0 },
};

static char *
status_title (MwDescribing *self,
              JsonNode     *resource)
{
  g_autofree char *topic = mw_describing_all (self, resource, "topic", MW_ROW_CANONICAL);

  if (topic == NULL)
    return g_strdup (_ ("Notification"));
  /* Translators: %s is the topic of a subscription */
  return g_strdup_printf (_ ("Notification: %s"), topic);
}

const MwTypeSpec mw_describe_exchange[] = {
  { "Bundle", MW_TYPE_PLAIN, NULL, bundle_rows, bundle_title, bundle_summary, bundle_extra },
  { "MessageHeader", MW_TYPE_PREFIX, "sender|source.name;author;focus", header_rows },
  { "OperationOutcome", MW_TYPE_CLOSED, NULL, outcome_rows, NULL, outcome_summary },
  { "Parameters", MW_TYPE_PLAIN, NULL, parameters_rows, parameters_title, parameters_summary, parameters_extra },
  { "Subscription", MW_TYPE_PREFIX, "status;criteria|topic;channel.type|channelType;end", subscription_rows },
  { "SubscriptionStatus", MW_TYPE_PLAIN, "type;status;eventsSinceSubscriptionStart;notificationEvent.timestamp", status_rows, status_title },
  { "SubscriptionTopic", MW_TYPE_PREFIX, "status;description", topic_rows },
  { 0 },
};
