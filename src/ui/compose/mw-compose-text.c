/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-compose-text.h"

#include "mw-compose-rules.h"
#include "mw-config.h"
#include "mw-db.h"
#include "mw-outbox.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

/**
 * mw_compose_title:
 *
 * Returns: what the window is for, without anything that names a patient
 */
const char *
mw_compose_title (const MwDraft *draft)
{
  if (g_strcmp0 (draft->action, "reply") == 0)
    return _ ("Reply");
  if (g_strcmp0 (draft->action, "forward") == 0)
    return _ ("Forward");
  if (g_strcmp0 (draft->kind, MW_KIND_PUSH) == 0)
    return _ ("Send Records");
  if (g_strcmp0 (draft->kind, MW_KIND_ASK) == 0)
    return _ ("New Question");
  if (g_strcmp0 (draft->kind, MW_KIND_REFERRAL) == 0)
    return _ ("New Referral");
  if (g_strcmp0 (draft->kind, MW_KIND_ALERT) == 0)
    return _ ("New Alert");
  return _ ("New Message");
}

/**
 * mw_compose_verb:
 *
 * Returns: what a person does who begins something of this kind, for a button
 */
const char *
mw_compose_verb (const char *kind)
{
  if (g_strcmp0 (kind, MW_KIND_PUSH) == 0)
    return _ ("Send Records");
  if (g_strcmp0 (kind, MW_KIND_ASK) == 0)
    return C_ ("begin a question", "Ask");
  if (g_strcmp0 (kind, MW_KIND_REFERRAL) == 0)
    return C_ ("begin a referral", "Refer");
  if (g_strcmp0 (kind, MW_KIND_ALERT) == 0)
    return C_ ("begin an alert", "Alert");
  return C_ ("begin a message", "Message");
}

/**
 * mw_compose_error_text:
 *
 * Returns: what happened, what is safe, and what to do
 */
const char *
mw_compose_error_text (const GError *error)
{
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_FULL))
    return _ ("The disk is full, so this text cannot be kept here. Everything saved before is safe. Make room, and it is saved by itself; or copy the text.");
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_READ_ONLY))
    return _ ("The data folder cannot be written, so this text cannot be kept here. Copy the text before you close the window.");
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_BUSY))
    return _ ("Another program holds the data at the moment. It is tried again by itself.");
  if (g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE))
    return _ ("This was changed or sent from elsewhere in the meantime. Look at it in the outbox.");
  return _ ("This text could not be saved. It is tried again by itself; copy the text to be safe.");
}

static void
add (GPtrArray  *pairs,
     const char *title,
     const char *value)
{
  if (value == NULL || value[0] == '\0')
    return;
  g_ptr_array_add (pairs, g_strdup (title));
  g_ptr_array_add (pairs, g_strdup (value));
}

/**
 * mw_compose_to_pairs:
 *
 * Returns: (transfer full) (element-type utf8): everything that a person typed: title, value, title, value …
 */
GPtrArray *
mw_compose_to_pairs (const MwDraft *draft)
{
  GPtrArray       *pairs = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *about = draft->about != NULL ? g_strjoinv ("; ", draft->about) : NULL;

  add (pairs, _ ("To"), draft->to_name);
  add (pairs, _ ("Patient"), draft->patient_name);
  add (pairs, _ ("Subject"), draft->subject);
  add (pairs, _ ("Service"), draft->service);
  add (pairs, _ ("Reason"), draft->reason);
  add (pairs, _ ("What is asked for"), about);
  add (pairs, _ ("Urgency"), mw_urgency_label (draft->urgency));
  add (pairs, _ ("Answer by"), draft->by);
  add (pairs, g_strcmp0 (draft->kind, MW_KIND_MESSAGE) == 0 ? mw_kind_label (draft->kind) : _ ("Note"), draft->note);
  return pairs;
}

/**
 * mw_compose_to_plain:
 *
 * Returns: (transfer full): the same as lines of text, for the clipboard
 */
char *
mw_compose_to_plain (const MwDraft *draft)
{
  g_autoptr (GPtrArray) pairs = mw_compose_to_pairs (draft);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i + 1 < pairs->len; i += 2)
    g_string_append_printf (text, "%s: %s\n", (char *) pairs->pdata[i], (char *) pairs->pdata[i + 1]);
  return g_string_free (text, FALSE);
}

/**
 * mw_undo_seconds:
 *
 * Returns: how long a sent item can be taken back: the person's setting, or MW_UNDO_SECONDS where the
 *   settings are not installed
 */
guint
mw_undo_seconds (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source != NULL ? g_settings_schema_source_lookup (source, MW_APP_ID, TRUE) : NULL;
  g_autoptr (GSettings) settings = NULL;

  if (schema == NULL || !g_settings_schema_has_key (schema, "undo-seconds"))
    return MW_UNDO_SECONDS;
  settings = g_settings_new (MW_APP_ID);
  return g_settings_get_uint (settings, "undo-seconds");
}
