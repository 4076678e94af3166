/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-bundle.h"

#include "mw-datatypes.h"
#include "mw-reference.h"

#include <string.h>

/* Events of one notification that are read; the rest is caught up by search */
#define MAX_EVENTS 10000

static void
event_free (gpointer data)
{
  MwNotificationEvent *event = data;

  g_free (event->timestamp);
  g_free (event->focus);
  g_free (event);
}

void
mw_notification_free (MwNotification *self)
{
  if (self == NULL)
    return;
  g_free (self->status);
  g_free (self->subscription);
  g_free (self->topic);
  g_free (self->error);
  g_ptr_array_unref (self->events);
  g_free (self);
}

static MwNotificationType
parse_type (const char *code)
{
  if (g_strcmp0 (code, "handshake") == 0)
    return MW_NOTIFICATION_HANDSHAKE;
  if (g_strcmp0 (code, "heartbeat") == 0)
    return MW_NOTIFICATION_HEARTBEAT;
  if (g_strcmp0 (code, "event-notification") == 0)
    return MW_NOTIFICATION_EVENT;
  if (g_strcmp0 (code, "query-status") == 0)
    return MW_NOTIFICATION_QUERY_STATUS;
  if (g_strcmp0 (code, "query-event") == 0)
    return MW_NOTIFICATION_QUERY_EVENT;
  return MW_NOTIFICATION_UNKNOWN;
}

static MwNotificationEvent *
add_event (MwNotification *self)
{
  MwNotificationEvent *event = g_new0 (MwNotificationEvent, 1);

  event->number = -1;
  g_ptr_array_add (self->events, event);
  return event;
}

/* A reference in a parameter's value, whatever type the sender gave it */
static const char *
value_reference (JsonNode *parameter)
{
  JsonNode *value = mw_json_choice (parameter, "value", NULL);

  return mw_json_is_object (value) ? mw_json_string (value, "reference") : mw_json_string (value, NULL);
}

static void
read_event_parameter (MwNotification *self,
                      JsonNode       *parameter)
{
  guint                n = mw_json_length (parameter, "part");
  MwNotificationEvent *event = add_event (self);

  for (guint i = 0; i < n; i++)
    {
      JsonNode   *part = mw_json_item (parameter, "part", i);
      const char *name = mw_json_string (part, "name");

      if (g_strcmp0 (name, "event-number") == 0)
        event->number = MAX (mw_json_integer (mw_json_choice (part, "value", NULL), NULL, -1), -1);
      else if (g_strcmp0 (name, "timestamp") == 0 && event->timestamp == NULL)
        event->timestamp = g_strdup (value_reference (part));
      else if (g_strcmp0 (name, "focus") == 0 && event->focus == NULL)
        event->focus = g_strdup (value_reference (part));
    }
}

/* R4: Parameters, told apart by name only. The second names are those of guides before 1.0. */
static void
read_parameter (MwNotification *self,
                JsonNode       *parameter)
{
  const char *name = mw_json_string (parameter, "name");
  JsonNode   *value = mw_json_choice (parameter, "value", NULL);

  if (name == NULL)
    return;
  if (self->subscription == NULL && (g_str_equal (name, "subscription") || g_str_equal (name, "subscription-url")))
    self->subscription = g_strdup (value_reference (parameter));
  else if (self->topic == NULL && (g_str_equal (name, "topic") || g_str_equal (name, "subscription-topic-url") || g_str_equal (name, "subscription-topic")))
    self->topic = g_strdup (mw_json_string (value, NULL));
  else if (self->status == NULL && (g_str_equal (name, "status") || g_str_equal (name, "subscription-status")))
    self->status = g_strdup (mw_json_string (value, NULL));
  else if (g_str_equal (name, "type") || g_str_equal (name, "notification-type"))
    self->type = parse_type (mw_json_string (value, NULL));
  else if (g_str_equal (name, "events-since-subscription-start") || g_str_equal (name, "subscription-event-count"))
    self->events_since_start = MAX (mw_json_integer (value, NULL, -1), -1);
  else if (g_str_equal (name, "notification-event") && self->events->len < MAX_EVENTS)
    read_event_parameter (self, parameter);
  else if (self->error == NULL && g_str_equal (name, "error"))
    self->error = mw_concept_text (value);
}

static void
read_parameters (MwNotification *self,
                 JsonNode       *parameters)
{
  guint n = mw_json_length (parameters, "parameter");

  for (guint i = 0; i < n; i++)
    read_parameter (self, mw_json_item (parameters, "parameter", i));
}

/* R4B, R5 and Medplum */
static void
read_status (MwNotification *self,
             JsonNode       *status)
{
  guint n = MIN (mw_json_length (status, "notificationEvent"), MAX_EVENTS);

  self->type = parse_type (mw_json_string (status, "type"));
  self->status = g_strdup (mw_json_string (status, "status"));
  self->events_since_start = MAX (mw_json_integer (status, "eventsSinceSubscriptionStart", -1), -1);
  self->subscription = g_strdup (mw_json_string (status, "subscription.reference"));
  self->topic = g_strdup (mw_json_string (status, "topic"));
  self->error = mw_json_has (status, "error") ? mw_concept_text (mw_json_get (status, "error")) : NULL;
  for (guint i = 0; i < n; i++)
    {
      JsonNode            *item = mw_json_item (status, "notificationEvent", i);
      MwNotificationEvent *event = add_event (self);

      event->number = MAX (mw_json_integer (item, "eventNumber", -1), -1);
      event->timestamp = g_strdup (mw_json_string (item, "timestamp"));
      event->focus = g_strdup (mw_json_string (item, "focus.reference"));
    }
}

static gboolean
is_status (JsonNode *resource)
{
  guint n;

  if (mw_resource_is (resource, "SubscriptionStatus"))
    return TRUE;
  if (!mw_resource_is (resource, "Parameters"))
    return FALSE;
  n = mw_json_length (resource, "parameter");
  for (guint i = 0; i < n; i++)
    {
      const char *name = mw_json_string (mw_json_item (resource, "parameter", i), "name");

      if (g_strcmp0 (name, "subscription") == 0 || g_strcmp0 (name, "subscription-url") == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * mw_notification_new:
 * @status: (nullable): a Parameters of the R4 backport or a SubscriptionStatus
 *
 * Reads what a server says about a subscription (Subscriptions R5 Backport 1.1.0; older parameter names
 * too), by name and never by position; numbers as string or number.
 *
 * Returns: (transfer full) (nullable): NULL when @status is neither
 */
MwNotification *
mw_notification_new (JsonNode *status)
{
  MwNotification *self;

  if (!is_status (status))
    return NULL;
  self = g_new0 (MwNotification, 1);
  self->events_since_start = -1;
  self->events = g_ptr_array_new_with_free_func (event_free);
  if (mw_resource_is (status, "Parameters"))
    read_parameters (self, status);
  else
    read_status (self, status);
  return self;
}

static void
notification_destroy (gpointer data)
{
  mw_notification_free (data);
}

/**
 * mw_bundle_get_notifications:
 * @bundle: (nullable): what came over a channel, or from $status or $events
 *
 * Returns: (transfer full) (element-type MwNotification): one for each status resource in it: Medplum
 *   packs the heartbeats of several subscriptions into one Bundle
 */
GPtrArray *
mw_bundle_get_notifications (JsonNode *bundle)
{
  GPtrArray   *result = g_ptr_array_new_with_free_func (notification_destroy);
  MwBundleIter iter;
  JsonNode    *resource;

  mw_bundle_iter_init (&iter, bundle);
  while (mw_bundle_iter_next (&iter, NULL, &resource))
    {
      MwNotification *notification = mw_notification_new (resource);

      if (notification != NULL)
        g_ptr_array_add (result, notification);
    }
  return result;
}

/**
 * mw_bundle_is_notification:
 *
 * Returns: whether @bundle begins with the status of a subscription, in any dialect
 */
gboolean
mw_bundle_is_notification (JsonNode *bundle)
{
  MwBundleIter iter;
  JsonNode    *resource;

  if (mw_bundle_get_kind (bundle) == MW_BUNDLE_NOTIFICATION)
    return TRUE;
  mw_bundle_iter_init (&iter, bundle);
  return mw_bundle_get_kind (bundle) == MW_BUNDLE_HISTORY && mw_bundle_iter_next (&iter, NULL, &resource) && is_status (resource);
}

/**
 * mw_notification_is_for:
 *
 * Returns: whether @self is about the subscription with this id. Only the last part of the reference is
 *   compared: servers behind proxies write another host.
 */
gboolean
mw_notification_is_for (const MwNotification *self,
                        const char           *subscription_id)
{
  g_autoptr (MwReference) reference = NULL;

  if (self->subscription == NULL)
    return FALSE;
  reference = mw_reference_new_for_literal (self->subscription);
  return g_strcmp0 (reference->id, subscription_id) == 0 || g_strcmp0 (self->subscription, subscription_id) == 0;
}
