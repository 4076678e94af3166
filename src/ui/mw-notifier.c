/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-notifier.h"

#include "mw-config.h"
#include "mw-entry.h"

#include <glib/gi18n-lib.h>

#define NOTIFICATION_ID "urgent"
/* Urgent entries looked at for news: more at once are told as a number anyway */
#define MAX_NEWS 50

struct _MwNotifier
{
  GObject parent_instance;

  GApplication *application;
  MwStore      *store;
  MwSettings   *settings;
  guint         watch;
  gint64        known; /* the newest entry that was told or was there at the start; -1 before the first look */
  gboolean      looking;
  gboolean      dirty;
};

typedef struct
{
  MwNotifier *notifier;
  gint64      known;
  gint64      newest;
  guint       n;
  gint64      first;
  char       *subject;
  char       *sender;
} Look;

static void look (MwNotifier *self);

G_DEFINE_FINAL_TYPE (MwNotifier, mw_notifier, G_TYPE_OBJECT)

static gint64
run_look (MwDb    *db,
          gpointer input,
          GError **error)
{
  Look         *news = input;
  MwEntryFilter filter = { .text = "is:urgent is:unread", .now = g_get_real_time (), .limit = MAX_NEWS };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  news->newest = MAX (news->known, 0);
  if (!mw_entries_ids (db, &filter, ids, error))
    return -1;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      news->newest = MAX (news->newest, id);
      if (news->known < 0 || id <= news->known)
        continue;
      if (news->n++ == 0)
        {
          g_autoptr (MwEntry) entry = mw_entries_load (db, id, NULL);

          news->first = id;
          news->subject = entry != NULL ? g_strdup (entry->subject) : NULL;
          news->sender = entry != NULL ? g_strdup (entry->sender) : NULL;
        }
    }
  return news->n;
}

static void
tell (MwNotifier *self,
      const Look *news)
{
  g_autofree char *title = g_strdup_printf (ngettext ("%u urgent alert", "%u urgent alerts", news->n), news->n);
  g_autoptr (GNotification) notification = NULL;

  if (mw_settings_get_hide_content (self->settings) || news->subject == NULL || news->n > 1)
    notification = g_notification_new (title);
  else
    {
      notification = g_notification_new (news->subject);
      if (news->sender != NULL)
        g_notification_set_body (notification, news->sender);
    }
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_URGENT);
  if (news->n == 1)
    g_notification_set_default_action_and_target (notification, "app.show-entry", "x", news->first);
  else
    g_notification_set_default_action (notification, "app.show-inbox");
  g_application_send_notification (self->application, NOTIFICATION_ID, notification);
}

static void
looked (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Look *news = user_data;
  g_autoptr (MwNotifier) self = news->notifier;
  g_autoptr (GError) error = NULL;

  mw_store_read_finish (MW_STORE (source), result, &error);
  self->looking = FALSE;
  if (error == NULL && self->store != NULL)
    {
      self->known = news->newest;
      if (news->n > 0)
        tell (self, news);
      if (self->dirty)
        look (self);
    }
  g_free (news->subject);
  g_free (news->sender);
  g_free (news);
}

static void
look (MwNotifier *self)
{
  Look *news;

  self->dirty = TRUE;
  if (self->looking)
    return;
  self->dirty = FALSE;
  self->looking = TRUE;
  news = g_new0 (Look, 1);
  news->notifier = g_object_ref (self);
  news->known = self->known;
  mw_store_read_async (self->store, run_look, news, NULL, NULL, looked, news);
}

static void
store_changed (MwStore *store,
               MwChange changes,
               gpointer user_data)
{
  if ((changes & MW_CHANGE_ENTRIES) != 0)
    look (user_data);
}

static void
mw_notifier_dispose (GObject *object)
{
  MwNotifier *self = MW_NOTIFIER (object);

  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (mw_notifier_parent_class)->dispose (object);
}

static void
mw_notifier_class_init (MwNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_notifier_dispose;
}

static void
mw_notifier_init (MwNotifier *self)
{
  self->known = -1;
}

/**
 * mw_notifier_new:
 * @application: (transfer none): outlives the notifier
 *
 * What is in the inbox already is no news; what arrives from now on is.
 */
MwNotifier *
mw_notifier_new (GApplication *application,
                 MwStore      *store,
                 MwSettings   *settings)
{
  MwNotifier *self = g_object_new (MW_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  self->watch = mw_store_watch (store, store_changed, self);
  look (self);
  return self;
}
