/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-draft.h"

MwDraft *
mw_draft_new (const char *kind)
{
  MwDraft *self = g_new0 (MwDraft, 1);

  self->kind = g_strdup (kind);
  return self;
}

void
mw_draft_free (MwDraft *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->action);
  g_free (self->patient);
  g_free (self->patient_name);
  g_free (self->to);
  g_free (self->to_name);
  g_free (self->subject);
  g_free (self->note);
  g_free (self->service);
  g_free (self->reason);
  g_free (self->urgency);
  g_free (self->by);
  g_free (self->target);
  g_free (self->acting_as);
  g_strfreev (self->about);
  g_strfreev (self->resources);
  g_free (self);
}

static GStrv
read_list (JsonNode   *node,
           const char *path)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = mw_json_length (node, path);

  for (guint i = 0; i < n; i++)
    {
      const char *text = mw_json_string (mw_json_item (node, path, i), NULL);

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return n > 0 ? g_strv_builder_end (builder) : NULL;
}

/**
 * mw_draft_new_from_text:
 * @text: what mw_draft_to_text() gave
 *
 * Returns: (transfer full): the draft, or NULL with a MwFhirError
 */
MwDraft *
mw_draft_new_from_text (const char *text,
                        GError    **error)
{
  g_autoptr (JsonNode) node = mw_json_parse (text, -1, error);
  MwDraft *self;

  if (node == NULL)
    return NULL;
  self = mw_draft_new (mw_json_string (node, "kind"));
  self->action = g_strdup (mw_json_string (node, "action"));
  self->patient = g_strdup (mw_json_string (node, "patient"));
  self->patient_name = g_strdup (mw_json_string (node, "patientName"));
  self->to = g_strdup (mw_json_string (node, "to"));
  self->to_name = g_strdup (mw_json_string (node, "toName"));
  self->subject = g_strdup (mw_json_string (node, "subject"));
  self->note = g_strdup (mw_json_string (node, "note"));
  self->service = g_strdup (mw_json_string (node, "service"));
  self->reason = g_strdup (mw_json_string (node, "reason"));
  self->urgency = g_strdup (mw_json_string (node, "urgency"));
  self->by = g_strdup (mw_json_string (node, "by"));
  self->target = g_strdup (mw_json_string (node, "target"));
  self->acting_as = g_strdup (mw_json_string (node, "actingAs"));
  self->about = read_list (node, "about");
  self->resources = read_list (node, "resources");
  return self;
}

static void
write_list (JsonNode   *node,
            const char *path,
            GStrv       list)
{
  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    mw_json_set (node, path, list[i]);
}

/**
 * mw_draft_to_text:
 *
 * Returns: (transfer full): the draft as JSON, for items.content
 */
char *
mw_draft_to_text (const MwDraft *self)
{
  g_autoptr (JsonNode) node = mw_json_object_new ();

  mw_json_set (node, "kind", self->kind);
  mw_json_set (node, "action", self->action);
  mw_json_set (node, "patient", self->patient);
  mw_json_set (node, "patientName", self->patient_name);
  mw_json_set (node, "to", self->to);
  mw_json_set (node, "toName", self->to_name);
  mw_json_set (node, "subject", self->subject);
  mw_json_set (node, "note", self->note);
  mw_json_set (node, "service", self->service);
  mw_json_set (node, "reason", self->reason);
  mw_json_set (node, "urgency", self->urgency);
  mw_json_set (node, "by", self->by);
  mw_json_set (node, "target", self->target);
  mw_json_set (node, "actingAs", self->acting_as);
  write_list (node, "about[+]", self->about);
  write_list (node, "resources[+]", self->resources);
  return mw_json_to_text (node, FALSE);
}

static GStrv
with (GStrv       list,
      const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (list != NULL)
    g_strv_builder_addv (builder, (const char **) list);
  g_strv_builder_add (builder, text);
  g_strfreev (list);
  return g_strv_builder_end (builder);
}

void
mw_draft_add_resource (MwDraft    *self,
                       const char *reference)
{
  self->resources = with (self->resources, reference);
}

void
mw_draft_add_about (MwDraft    *self,
                    const char *about)
{
  self->about = with (self->about, about);
}

/**
 * mw_draft_priority:
 *
 * Returns: the urgency as a number, 0 (routine) to 3 (stat)
 */
guint
mw_draft_priority (const MwDraft *self)
{
  static const char *const words[] = { "routine", "urgent", "asap", "stat" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (self->urgency, words[i]) == 0)
      return i;
  return 0;
}
