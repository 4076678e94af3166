/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-template.h"

#include "mw-json.h"

#include <string.h>

static void
append_escaped (GString    *out,
                const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"' || *at == '\\')
        g_string_append_printf (out, "\\%c", *at);
      else if ((guchar) *at < 0x20)
        g_string_append_printf (out, "\\u%04x", (guint) (guchar) *at);
      else
        g_string_append_c (out, *at);
    }
}

static void
append_node (GString  *out,
             JsonNode *node)
{
  g_autofree char *text = mw_json_to_text (node, FALSE);

  g_string_append (out, text);
}

/**
 * mw_template:
 * @template: JSON, with ' for " so that it reads well in C; in it %s is the text of a string (to
 *   stand between quotes), %i a gint64 without them, %j a JsonNode (transfer none)
 *
 * Makes a resource of the sandbox. The template is the programmer's: one that is no JSON aborts.
 *
 * Returns: (transfer full): the JSON, which can be written to
 */
JsonNode *
mw_template (const char *template,
             ...)
{
  g_autoptr (GString) out = g_string_sized_new (strlen (template) * 2);
  g_autoptr (JsonNode) parsed = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, template);
  for (const char *at = template; *at != '\0'; at++)
    {
      if (*at == '\'')
        g_string_append_c (out, '"');
      else if (*at == '%' && at[1] == 's')
        append_escaped (out, va_arg (args, const char *));
      else if (*at == '%' && at[1] == 'i')
        g_string_append_printf (out, "%" G_GINT64_FORMAT, va_arg (args, gint64));
      else if (*at == '%' && at[1] == 'j')
        append_node (out, va_arg (args, JsonNode *));
      else
        {
          g_string_append_c (out, *at);
          continue;
        }
      if (*at == '%')
        at++;
    }
  va_end (args);
  parsed = mw_json_parse (out->str, (gssize) out->len, &error);
  if (parsed == NULL)
    g_error ("template: %s: %s", error->message, out->str);
  return mw_json_copy (parsed);
}
