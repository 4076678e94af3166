/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-settings.h"

#include "mw-config.h"

#define KEY_UNDO_SECONDS "undo-seconds"
#define KEY_HIDE_CONTENT "notifications-hide-content"
#define KEY_BACKGROUND "background"
#define KEY_WINDOW_SIZE "window-size"

struct _MwSettings
{
  GObject parent_instance;

  GSettings *settings; /* NULL: the schema is not installed */
  guint      undo_seconds;
  gboolean   hide_content;
  gboolean   background;
  int        width;
  int        height;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MwSettings, mw_settings, G_TYPE_OBJECT)

static void
read_all (MwSettings *self)
{
  self->undo_seconds = g_settings_get_uint (self->settings, KEY_UNDO_SECONDS);
  self->hide_content = g_settings_get_boolean (self->settings, KEY_HIDE_CONTENT);
  self->background = g_settings_get_boolean (self->settings, KEY_BACKGROUND);
  g_settings_get (self->settings, KEY_WINDOW_SIZE, "(ii)", &self->width, &self->height);
}

static void
key_changed (GSettings  *settings,
             const char *key,
             MwSettings *self)
{
  read_all (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
mw_settings_dispose (GObject *object)
{
  MwSettings *self = MW_SETTINGS (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (mw_settings_parent_class)->dispose (object);
}

static void
mw_settings_class_init (MwSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_settings_dispose;
  signals[CHANGED] = g_signal_new ("changed", MW_TYPE_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_settings_init (MwSettings *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source != NULL ? g_settings_schema_source_lookup (source, MW_APP_ID, TRUE) : NULL;

  self->undo_seconds = 5;
  self->hide_content = TRUE;
  self->background = TRUE;
  self->width = 1200;
  self->height = 800;
  /* a key that an older installed schema lacks would abort the program */
  if (schema == NULL || !g_settings_schema_has_key (schema, KEY_UNDO_SECONDS) || !g_settings_schema_has_key (schema, KEY_HIDE_CONTENT) ||
      !g_settings_schema_has_key (schema, KEY_BACKGROUND) || !g_settings_schema_has_key (schema, KEY_WINDOW_SIZE))
    return;
  self->settings = g_settings_new (MW_APP_ID);
  read_all (self);
  g_signal_connect (self->settings, "changed", G_CALLBACK (key_changed), self);
}

MwSettings *
mw_settings_new (void)
{
  return g_object_new (MW_TYPE_SETTINGS, NULL);
}

guint
mw_settings_get_undo_seconds (MwSettings *self)
{
  return self->undo_seconds;
}

void
mw_settings_set_undo_seconds (MwSettings *self,
                              guint       seconds)
{
  if (self->undo_seconds == seconds)
    return;
  self->undo_seconds = seconds;
  if (self->settings != NULL)
    g_settings_set_uint (self->settings, KEY_UNDO_SECONDS, seconds);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
mw_settings_get_hide_content (MwSettings *self)
{
  return self->hide_content;
}

void
mw_settings_set_hide_content (MwSettings *self,
                              gboolean    hide)
{
  if (self->hide_content == hide)
    return;
  self->hide_content = hide;
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, KEY_HIDE_CONTENT, hide);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
mw_settings_get_background (MwSettings *self)
{
  return self->background;
}

void
mw_settings_set_background (MwSettings *self,
                            gboolean    background)
{
  if (self->background == background)
    return;
  self->background = background;
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, KEY_BACKGROUND, background);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mw_settings_get_window_size:
 * @width: (out): pixels
 * @height: (out): pixels
 */
void
mw_settings_get_window_size (MwSettings *self,
                             int        *width,
                             int        *height)
{
  *width = CLAMP (self->width, 360, 10000);
  *height = CLAMP (self->height, 294, 10000);
}

void
mw_settings_set_window_size (MwSettings *self,
                             int         width,
                             int         height)
{
  self->width = width;
  self->height = height;
  if (self->settings != NULL)
    g_settings_set (self->settings, KEY_WINDOW_SIZE, "(ii)", width, height);
}
