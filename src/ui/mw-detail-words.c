/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-detail-private.h"

#include "mw-datatypes.h"
#include "mw-narrative.h"
#include "mw-reference.h"
#include "mw-text.h"

#include <string.h>

/* What a person wrote, in a resource and in the Bundle around it. */

static void
append_block (GString    *text,
              const char *words)
{
  g_autofree char *clean = words != NULL ? mw_text_clean (words, MW_TEXT_BLOCK, TRUE) : NULL;

  if (clean == NULL || *g_strstrip (clean) == '\0' || strstr (text->str, clean) != NULL)
    return;
  if (text->len > 0)
    g_string_append (text, "\n\n");
  g_string_append (text, clean);
}

static void
append_notes (GString    *text,
              JsonNode   *resource,
              const char *path,
              const char *inner)
{
  for (guint i = 0; i < mw_json_length (resource, path); i++)
    append_block (text, mw_json_string (mw_json_item (resource, path, i), inner));
}

static void
append_reasons (GString  *text,
                JsonNode *resource)
{
  for (guint i = 0; i < mw_json_length (resource, "reasonCode"); i++)
    {
      g_autofree char *reason = mw_concept_text (mw_json_item (resource, "reasonCode", i));

      append_block (text, reason);
    }
}

static void
append_narrative (GString  *text,
                  JsonNode *resource)
{
  g_autoptr (MwStyledText) narrative = mw_narrative_for_resource (resource);

  if (narrative != NULL)
    append_block (text, narrative->text);
}

static void
append_words (GString  *text,
              JsonNode *resource)
{
  if (mw_resource_is (resource, "Communication") || mw_resource_is (resource, "CommunicationRequest"))
    append_notes (text, resource, "payload", "contentString");
  else if (mw_resource_is (resource, "Task"))
    append_block (text, mw_json_string (resource, "description"));
  else if (mw_resource_is (resource, "ServiceRequest"))
    append_reasons (text, resource);
  append_notes (text, resource, "note", "text");
  if (text->len == 0)
    append_narrative (text, resource);
}

/* The resource that a message is about, else the first that is no envelope */
static JsonNode *
focus_of (JsonNode *bundle)
{
  JsonNode *header = mw_json_get (bundle, "entry[0].resource");
  JsonNode *focus = NULL;

  if (mw_resource_is (header, "MessageHeader"))
    {
      focus = mw_reference_resolve (mw_json_get (header, "focus[0]"), header, bundle);
      if (focus == NULL)
        focus = mw_json_get (bundle, "entry[1].resource");
    }
  return focus != NULL ? focus : header;
}

/**
 * mw_detail_words:
 * @focus: (nullable): what @resource, a Task, is about: why somebody is referred stands there
 *
 * Returns: (transfer full) (nullable): what the sender says happened, as plain text of several lines
 */
char *
mw_detail_words (JsonNode *resource,
                 JsonNode *focus)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (mw_resource_is (resource, "Bundle"))
    append_words (text, focus_of (resource));
  else
    append_words (text, resource);
  if (mw_resource_is (focus, "ServiceRequest"))
    append_words (text, focus);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
