/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/**
 * MwBundleType:
 *
 * FHIR R4 valueset-bundle-type.html, and R5's subscription-notification.
 */
typedef enum
{
  MW_BUNDLE_NONE,
  MW_BUNDLE_UNKNOWN,
  MW_BUNDLE_DOCUMENT,
  MW_BUNDLE_MESSAGE,
  MW_BUNDLE_TRANSACTION,
  MW_BUNDLE_TRANSACTION_RESPONSE,
  MW_BUNDLE_BATCH,
  MW_BUNDLE_BATCH_RESPONSE,
  MW_BUNDLE_HISTORY,
  MW_BUNDLE_SEARCHSET,
  MW_BUNDLE_COLLECTION,
  MW_BUNDLE_NOTIFICATION,
} MwBundleType;

/**
 * MwBundleIter:
 *
 * Walks the entries of a Bundle; on the stack, no need to free.
 */
typedef struct
{
  JsonNode *bundle;
  guint     next;
  guint     length;
} MwBundleIter;

MwBundleType mw_bundle_get_kind (JsonNode *bundle);
const char  *mw_bundle_type_to_text (MwBundleType type);
void         mw_bundle_iter_init (MwBundleIter *iter,
                                  JsonNode     *bundle);
gboolean     mw_bundle_iter_next (MwBundleIter *iter,
                                  JsonNode    **entry,
                                  JsonNode    **resource);
gboolean     mw_bundle_is_message (JsonNode *bundle);
JsonNode    *mw_bundle_get_header (JsonNode *bundle);
JsonNode    *mw_bundle_first (JsonNode   *bundle,
                              const char *type);
const char  *mw_bundle_get_link (JsonNode   *bundle,
                                 const char *relation);
gboolean     mw_bundle_entry_is_match (JsonNode *entry);
int          mw_bundle_entry_get_status (JsonNode *entry);

/**
 * MwNotificationType:
 *
 * Subscriptions R5 Backport, valueset subscription-notification-type
 */
typedef enum
{
  MW_NOTIFICATION_UNKNOWN,
  MW_NOTIFICATION_HANDSHAKE,
  MW_NOTIFICATION_HEARTBEAT,
  MW_NOTIFICATION_EVENT,
  MW_NOTIFICATION_QUERY_STATUS,
  MW_NOTIFICATION_QUERY_EVENT,
} MwNotificationType;

/**
 * MwNotificationEvent:
 * @number: the event's number since the subscription began, or -1 when none was told
 * @timestamp: (nullable): as it came
 * @focus: (nullable): the literal reference of what happened
 */
typedef struct
{
  gint64 number;
  char  *timestamp;
  char  *focus;
} MwNotificationEvent;

/**
 * MwNotification:
 * @status: (nullable): requested, active, error, off
 * @events_since_start: how many events there were since the subscription began, or -1
 * @events: (element-type MwNotificationEvent): in the order they came
 * @subscription: (nullable): its reference as it came: absolute, relative or on another host
 * @topic: (nullable): canonical URL
 * @error: (nullable): what the server says is wrong, for a person
 */
typedef struct
{
  MwNotificationType type;
  char              *status;
  gint64             events_since_start;
  GPtrArray         *events;
  char              *subscription;
  char              *topic;
  char              *error;
} MwNotification;

gboolean        mw_bundle_is_notification (JsonNode *bundle);
GPtrArray      *mw_bundle_get_notifications (JsonNode *bundle);
MwNotification *mw_notification_new (JsonNode *status);
void            mw_notification_free (MwNotification *self);
gboolean        mw_notification_is_for (const MwNotification *self,
                                        const char           *subscription_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwNotification, mw_notification_free)

G_END_DECLS
