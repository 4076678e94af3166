/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-ui"

#include "mw-application.h"

#include "mw-config.h"
#include "mw-engine.h"
#include "mw-first-frame.h"
#include "mw-frame-meter.h"
#include "mw-notifier.h"
#include "mw-overview.h"
#include "mw-settings.h"
#include "mw-store-error-window.h"
#include "mw-thread-priority.h"
#include "mw-window.h"

#include <glib/gi18n-lib.h>

struct _MwApplication
{
  AdwApplication parent_instance;

  char         *folder;
  gboolean      with_engine;
  MwStore      *store;
  MwEngine     *engine;
  MwOverview   *overview;
  MwSettings   *settings;
  MwNotifier   *notifier;
  MwWindow     *window;
  MwFrameMeter *meter;
  guint         watch;
  gboolean      held;
};

G_DEFINE_FINAL_TYPE (MwApplication, mw_application, ADW_TYPE_APPLICATION)

/* ---- in the background ------------------------------------------------------- */

/* Without a window the program stays as long as the settings say that it goes on sending */
static void
update_hold (MwApplication *self)
{
  gboolean hold = self->engine != NULL && mw_settings_get_background (self->settings);

  if (hold == self->held)
    return;
  self->held = hold;
  if (hold)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}

static void
update_sender_note (MwApplication *self)
{
  if (self->window == NULL || self->engine == NULL)
    return;
  mw_window_set_sender_note (self->window, mw_engine_is_sender (self->engine) ? NULL : _ ("Another Meanwhile is sending"));
}

static void
store_changed (MwStore *store,
               MwChange changes,
               gpointer user_data)
{
  /* the one that sends tells of every change, and so does its end */
  update_sender_note (user_data);
}

/* ---- windows ------------------------------------------------------------------- */

static void
window_active_cb (GtkWindow     *window,
                  GParamSpec    *pspec,
                  MwApplication *self)
{
  if (self->engine != NULL)
    mw_engine_set_active (self->engine, gtk_window_is_active (window));
}

static void
window_gone (gpointer data,
             GObject *where_it_was)
{
  MwApplication *self = data;

  self->window = NULL;
  if (self->engine != NULL)
    mw_engine_set_active (self->engine, FALSE);
}

static gboolean
window_is_filled (GtkWindow *window)
{
  return mw_window_is_filled (MW_WINDOW (window));
}

static void
show_window (MwApplication *self)
{
  gboolean is_new = self->window == NULL;

  if (is_new)
    {
      self->window = mw_window_new (ADW_APPLICATION (self), self->store, self->engine, self->overview);
      g_object_weak_ref (G_OBJECT (self->window), window_gone, self);
      g_signal_connect_object (self->window, "notify::is-active", G_CALLBACK (window_active_cb), self, 0);
      update_sender_note (self);
    }
  gtk_window_present (GTK_WINDOW (self->window));
  if (!is_new)
    return;
  /* GTK begins in the first field; letters are commands until a person goes to one */
  gtk_window_set_focus (GTK_WINDOW (self->window), NULL);
  mw_first_frame_watch_from_environment (GTK_WINDOW (self->window), window_is_filled);
}

static void
start (MwApplication *self)
{
  MwEngineOptions options = { .pace = mw_engine_pace_from_environment (), .managed = TRUE };

  self->overview = mw_overview_new (self->store);
  self->notifier = mw_notifier_new (G_APPLICATION (self), self->store, self->settings);
  if (self->with_engine)
    {
      self->engine = mw_engine_new (self->store, &options);
      self->watch = mw_store_watch (self->store, store_changed, self);
      mw_engine_start (self->engine);
    }
  update_hold (self);
}

static void
begin_anew (gpointer user_data)
{
  g_application_activate (G_APPLICATION (user_data));
}

static void
mw_application_activate (GApplication *application)
{
  MwApplication *self = MW_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    {
      GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

      if (window != NULL)
        {
          gtk_window_present (window);
          return;
        }
      self->store = mw_store_open (self->folder, &error);
      if (self->store == NULL)
        {
          mw_store_error_window_present (ADW_APPLICATION (self), self->folder, error, begin_anew, self);
          return;
        }
      start (self);
    }
  show_window (self);
}

/* ---- actions --------------------------------------------------------------------- */

static void
show_entry_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  MwApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  if (self->window != NULL)
    mw_window_show_entry (self->window, g_variant_get_int64 (parameter));
}

static void
show_inbox_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  MwApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  if (self->window != NULL)
    mw_window_show_place (self->window, "inbox");
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

static const GActionEntry entries[] = {
  { .name = "show-entry", .activate = show_entry_cb, .parameter_type = "x" },
  { .name = "show-inbox", .activate = show_inbox_cb },
  { .name = "quit", .activate = quit_cb },
};

static void
set_keys (MwApplication *self)
{
  static const struct
  {
    const char *action;
    const char *keys[3];
  } table[] = {
    { "win.new", { "<Control>n" } },
    { "win.search", { "<Control>f" } },
    { "win.look", { "F5" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "win.preferences", { "<Control>comma" } },
    { "win.place::inbox", { "<Alt>1" } },
    { "win.place::waiting", { "<Alt>2" } },
    { "win.place::outbox", { "<Alt>3" } },
    { "win.place::drafts", { "<Alt>4" } },
    { "win.place::patients", { "<Alt>5" } },
    { "window.close", { "<Control>w" } },
    { "app.quit", { "<Control>q" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), table[i].action, table[i].keys);
}

/* ---- object ------------------------------------------------------------------------ */

static void
mw_application_startup (GApplication *application)
{
  MwApplication *self = MW_APPLICATION (application);

  G_APPLICATION_CLASS (mw_application_parent_class)->startup (application);
  mw_thread_priority_draw ();
  self->settings = mw_settings_new ();
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (update_hold), self, G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  set_keys (self);
  self->meter = mw_frame_meter_start_from_environment ();
}

static void
mw_application_shutdown (GApplication *application)
{
  MwApplication *self = MW_APPLICATION (application);

  mw_frame_meter_finish (g_steal_pointer (&self->meter));
  G_APPLICATION_CLASS (mw_application_parent_class)->shutdown (application);
  if (self->watch != 0)
    mw_store_unwatch (self->store, self->watch);
  self->watch = 0;
  if (self->engine != NULL)
    mw_engine_stop (self->engine);
  g_clear_object (&self->engine);
  g_clear_object (&self->notifier);
  g_clear_object (&self->overview);
  g_clear_object (&self->settings);
  if (self->store != NULL)
    mw_store_close (self->store);
}

static void
mw_application_finalize (GObject *object)
{
  MwApplication *self = MW_APPLICATION (object);

  if (self->window != NULL)
    g_object_weak_unref (G_OBJECT (self->window), window_gone, self);
  g_clear_object (&self->store);
  g_free (self->folder);
  G_OBJECT_CLASS (mw_application_parent_class)->finalize (object);
}

static void
mw_application_class_init (MwApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = mw_application_finalize;
  application_class->startup = mw_application_startup;
  application_class->activate = mw_application_activate;
  application_class->shutdown = mw_application_shutdown;
}

static void
mw_application_init (MwApplication *self)
{
}

/**
 * mw_application_new:
 * @folder: the data folder; its store is opened when the window is first wanted, so that a second copy
 *   on the same folder only brings the first one's window forward
 * @standard: whether it is the person's usual data folder; another one, such as the sandbox's, runs
 *   beside it
 * @with_engine: whether this process sends and receives; tests of the window do without
 *
 * Returns: (transfer full): the program; for g_application_run()
 */
MwApplication *
mw_application_new (const char *folder,
                    gboolean    standard,
                    gboolean    with_engine)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, folder, -1);
  g_autofree char *other = g_strdup_printf (MW_APP_ID ".Folder%.12s", digest);
  MwApplication   *self = g_object_new (MW_TYPE_APPLICATION,
                                        "application-id", standard ? MW_APP_ID : other,
                                        "resource-base-path", MW_APP_PATH,
                                        "flags", G_APPLICATION_DEFAULT_FLAGS,
                                        NULL);

  self->folder = g_strdup (folder);
  self->with_engine = with_engine;
  return self;
}

/**
 * mw_application_get_store:
 *
 * Returns: (transfer none) (nullable): NULL before the first activation, or when it could not be opened
 */
MwStore *
mw_application_get_store (MwApplication *self)
{
  return self->store;
}

/**
 * mw_application_get_window:
 *
 * Returns: (transfer none) (nullable): the main window while there is one
 */
GtkWindow *
mw_application_get_window (MwApplication *self)
{
  return self->window != NULL ? GTK_WINDOW (self->window) : NULL;
}
