/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-bundle.h"

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return node;
}

static void
test_kinds (void)
{
  g_autoptr (JsonNode) message = parse (
      "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":[7,null,{\"fullUrl\":\"urn:uuid:1\",\"resource\":{\"resourceType\":\"MessageHeader\",\"id\":\"m\"}},"
      "{\"request\":{\"method\":\"DELETE\"}}],\"link\":[{\"relation\":\"self\",\"url\":\"a\"},{\"relation\":\"next\",\"url\":\"b\"},{\"relation\":\"prev\",\"url\":\"c\"}]}");
  g_autoptr (JsonNode) list = parse ("{\"resourceType\":\"List\",\"type\":\"message\",\"entry\":[{}]}");
  MwBundleIter iter;
  JsonNode    *entry, *resource;

  g_assert_cmpint (mw_bundle_get_kind (message), ==, MW_BUNDLE_MESSAGE);
  g_assert_true (mw_bundle_is_message (message));
  g_assert_cmpstr (mw_resource_id (mw_bundle_get_header (message)), ==, "m");
  g_assert_cmpstr (mw_bundle_get_link (message, "next"), ==, "b");
  g_assert_cmpstr (mw_bundle_get_link (message, "previous"), ==, "c");
  g_assert_null (mw_bundle_get_link (message, "last"));
  mw_bundle_iter_init (&iter, message);
  g_assert_true (mw_bundle_iter_next (&iter, &entry, &resource));
  g_assert_true (mw_resource_is (resource, "MessageHeader"));
  g_assert_true (mw_bundle_iter_next (&iter, &entry, &resource));
  g_assert_null (resource);
  g_assert_false (mw_bundle_iter_next (&iter, &entry, &resource));
  g_assert_cmpint (mw_bundle_get_kind (list), ==, MW_BUNDLE_NONE);
  mw_bundle_iter_init (&iter, list);
  g_assert_false (mw_bundle_iter_next (&iter, NULL, NULL));
}

static void
test_entries (void)
{
  g_autoptr (JsonNode) match = parse ("{\"search\":{\"mode\":\"match\"},\"response\":{\"status\":\"201 Created\"}}");
  g_autoptr (JsonNode) include = parse ("{\"search\":{\"mode\":\"include\"},\"response\":{\"status\":\"x\"}}");
  g_autoptr (JsonNode) bare = parse ("{}");

  g_assert_true (mw_bundle_entry_is_match (match));
  g_assert_true (mw_bundle_entry_is_match (bare));
  g_assert_false (mw_bundle_entry_is_match (include));
  g_assert_cmpint (mw_bundle_entry_get_status (match), ==, 201);
  g_assert_cmpint (mw_bundle_entry_get_status (include), ==, 0);
  g_assert_cmpint (mw_bundle_entry_get_status (bare), ==, 0);
}

static void
test_backport (void)
{
  g_autoptr (JsonNode) bundle = parse (
      "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"resource\":{\"resourceType\":\"Parameters\",\"parameter\":["
      "{\"name\":\"notification-event\",\"part\":[{\"name\":\"focus\",\"valueReference\":{\"reference\":\"https://s/fhir/Task/9\"}},"
      "{\"name\":\"event-number\",\"valueString\":\"17\"},{\"name\":\"timestamp\",\"valueInstant\":\"2026-01-05T10:00:00Z\"}]},"
      "{\"name\":\"notification-event\",\"part\":[{\"name\":\"event-number\",\"valueInteger\":18}]},"
      "{\"name\":\"type\",\"valueCode\":\"event-notification\"},{\"name\":\"status\",\"valueCode\":\"active\"},"
      "{\"name\":\"events-since-subscription-start\",\"valueString\":\"18\"},{\"name\":\"topic\",\"valueCanonical\":\"http://t\"},"
      "{\"name\":\"subscription\",\"valueReference\":{\"reference\":\"https://s/fhir/Subscription/abc\"}}]}}]}");
  g_autoptr (GPtrArray) all = mw_bundle_get_notifications (bundle);
  MwNotification      *one;
  MwNotificationEvent *event;

  g_assert_true (mw_bundle_is_notification (bundle));
  g_assert_cmpuint (all->len, ==, 1);
  one = all->pdata[0];
  g_assert_cmpint (one->type, ==, MW_NOTIFICATION_EVENT);
  g_assert_cmpint (one->events_since_start, ==, 18);
  g_assert_cmpstr (one->status, ==, "active");
  g_assert_cmpstr (one->topic, ==, "http://t");
  g_assert_true (mw_notification_is_for (one, "abc"));
  g_assert_false (mw_notification_is_for (one, "abd"));
  g_assert_cmpuint (one->events->len, ==, 2);
  event = one->events->pdata[0];
  g_assert_cmpint (event->number, ==, 17);
  g_assert_cmpstr (event->focus, ==, "https://s/fhir/Task/9");
  g_assert_cmpstr (event->timestamp, ==, "2026-01-05T10:00:00Z");
  event = one->events->pdata[1];
  g_assert_cmpint (event->number, ==, 18);
  g_assert_null (event->focus);
}

static void
test_status_resource (void)
{
  g_autoptr (JsonNode) bundle = parse (
      "{\"resourceType\":\"Bundle\",\"type\":\"subscription-notification\",\"entry\":[{\"resource\":{\"resourceType\":\"SubscriptionStatus\",\"status\":\"error\","
      "\"type\":\"handshake\",\"eventsSinceSubscriptionStart\":\"2\",\"subscription\":{\"reference\":\"Subscription/1\"},\"error\":[{\"text\":\"No route\"}]}}]}");
  g_autoptr (GPtrArray) all = mw_bundle_get_notifications (bundle);
  MwNotification *one = all->pdata[0];

  g_assert_cmpint (one->type, ==, MW_NOTIFICATION_HANDSHAKE);
  g_assert_cmpint (one->events_since_start, ==, 2);
  g_assert_cmpstr (one->status, ==, "error");
  g_assert_cmpstr (one->error, ==, "No route");
  g_assert_true (mw_notification_is_for (one, "1"));
}

static void
test_medplum (void)
{
  g_autoptr (JsonNode) bundle = parse (
      "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"resource\":{\"resourceType\":\"SubscriptionStatus\",\"type\":\"heartbeat\",\"subscription\":{\"reference\":\"Subscription/1\"}}},"
      "{\"resource\":{\"resourceType\":\"SubscriptionStatus\",\"type\":\"heartbeat\",\"subscription\":{\"reference\":\"Subscription/2\"}}}]}");
  g_autoptr (GPtrArray) all = mw_bundle_get_notifications (bundle);

  g_assert_true (mw_bundle_is_notification (bundle));
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpint (((MwNotification *) all->pdata[0])->events_since_start, ==, -1);
  g_assert_true (mw_notification_is_for (all->pdata[1], "2"));
}

static void
test_old_names (void)
{
  g_autoptr (JsonNode) parameters = parse (
      "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"subscription-url\",\"valueUri\":\"http://s/Subscription/5\"},"
      "{\"name\":\"subscription-topic-url\",\"valueUri\":\"http://t\"},{\"name\":\"subscription-event-count\",\"valueUnsignedInt\":310}]}");
  g_autoptr (JsonNode) other = parse ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"return\"}]}");
  g_autoptr (MwNotification) notification = mw_notification_new (parameters);

  g_assert_cmpint (notification->events_since_start, ==, 310);
  g_assert_cmpstr (notification->topic, ==, "http://t");
  g_assert_true (mw_notification_is_for (notification, "5"));
  g_assert_cmpint (notification->type, ==, MW_NOTIFICATION_UNKNOWN);
  g_assert_null (mw_notification_new (other));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/bundle/kinds", test_kinds);
  g_test_add_func ("/fhir/bundle/entries", test_entries);
  g_test_add_func ("/fhir/bundle/backport", test_backport);
  g_test_add_func ("/fhir/bundle/status-resource", test_status_resource);
  g_test_add_func ("/fhir/bundle/medplum", test_medplum);
  g_test_add_func ("/fhir/bundle/old-names", test_old_names);
  return g_test_run ();
}
