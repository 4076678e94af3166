/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-json-private.h"

#include <string.h>

typedef struct
{
  const char *at;
  const char *end;
  GString    *out;
} Scan;

static gboolean
is_number_char (char c)
{
  return g_ascii_isdigit (c) || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

/* json-glib keeps 64 bit integers exactly; whatever else a number can be is carried as text */
static void
scan_number (Scan *scan)
{
  const char *start = scan->at;
  gboolean    plain = TRUE;
  gsize       length;

  while (scan->at < scan->end && is_number_char (*scan->at))
    {
      if (*scan->at == '.' || *scan->at == 'e' || *scan->at == 'E')
        plain = FALSE;
      scan->at++;
    }
  length = (gsize) (scan->at - start);
  if (length > 18)
    plain = FALSE;

  if (!plain)
    g_string_append (scan->out, "\"" MW_JSON_DECIMAL_MARK);
  g_string_append_len (scan->out, start, (gssize) length);
  if (!plain)
    g_string_append_c (scan->out, '"');
}

static gint
hex4 (const char *at,
      const char *end)
{
  gint value = 0;

  if (end - at < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      gint digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

/* \u escapes can smuggle in NUL, lone surrogates and our own mark: they become U+FFFD */
static void
scan_unicode_escape (Scan *scan)
{
  gint unit = hex4 (scan->at + 2, scan->end);

  if (unit >= 0xd800 && unit <= 0xdbff && scan->end - scan->at >= 12 && scan->at[6] == '\\' && scan->at[7] == 'u')
    {
      gint low = hex4 (scan->at + 8, scan->end);

      if (low >= 0xdc00 && low <= 0xdfff)
        {
          g_string_append_len (scan->out, scan->at, 12);
          scan->at += 12;
          return;
        }
    }
  if (unit < 0)
    {
      /* no escape at all: let the parser complain */
      g_string_append_len (scan->out, scan->at, 2);
      scan->at += 2;
      return;
    }
  if (unit == 0 || (unit >= 0xd800 && unit <= 0xdfff) || unit == 0xfdd0)
    g_string_append (scan->out, "\\ufffd");
  else
    g_string_append_len (scan->out, scan->at, 6);
  scan->at += 6;
}

static gboolean
scan_string (Scan *scan)
{
  g_string_append_c (scan->out, *scan->at++);
  while (scan->at < scan->end)
    {
      char c = *scan->at;

      if (c == '"')
        {
          g_string_append_c (scan->out, c);
          scan->at++;
          return TRUE;
        }
      if (c == '\\' && scan->at + 1 < scan->end)
        {
          if (scan->at[1] == 'u')
            {
              scan_unicode_escape (scan);
              continue;
            }
          g_string_append_len (scan->out, scan->at, 2);
          scan->at += 2;
          continue;
        }
      /* the text need not end with NUL */
      if ((gsize) (scan->end - scan->at) >= strlen (MW_JSON_DECIMAL_MARK) && memcmp (scan->at, MW_JSON_DECIMAL_MARK, strlen (MW_JSON_DECIMAL_MARK)) == 0)
        {
          g_string_append (scan->out, "\xEF\xBF\xBD");
          scan->at += strlen (MW_JSON_DECIMAL_MARK);
          continue;
        }
      /* a raw control character breaks the standard but not the meaning */
      if ((guchar) c < 0x20)
        g_string_append_printf (scan->out, "\\u%04x", (guint) (guchar) c);
      else
        g_string_append_c (scan->out, c);
      scan->at++;
    }
  return FALSE;
}

static char *
prepare (const char *data,
         gsize       length,
         GError    **error)
{
  Scan  scan = { data, data + length, g_string_sized_new (length + length / 16 + 16) };
  guint depth = 0;

  while (scan.at < scan.end)
    {
      char c = *scan.at;

      if (c == '"')
        {
          if (!scan_string (&scan))
            {
              g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The JSON text ends inside a string");
              g_string_free (scan.out, TRUE);
              return NULL;
            }
          continue;
        }
      if (g_ascii_isdigit (c) || c == '-')
        {
          scan_number (&scan);
          continue;
        }
      if ((c == '{' || c == '[') && ++depth > MW_JSON_MAX_DEPTH)
        {
          g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_DEEP, "The JSON text is nested deeper than %d levels", MW_JSON_MAX_DEPTH);
          g_string_free (scan.out, TRUE);
          return NULL;
        }
      if ((c == '}' || c == ']') && depth > 0)
        depth--;
      g_string_append_c (scan.out, c);
      scan.at++;
    }
  return g_string_free (scan.out, FALSE);
}

/**
 * mw_json_parse:
 * @data: JSON text in UTF-8, with or without a byte order mark
 * @length: its length in bytes, or -1 when it ends with NUL
 *
 * Parses one JSON document (FHIR R4 json.html). Decimals keep their text; nesting is limited to
 * MW_JSON_MAX_DEPTH. The size is the caller's to limit. Any thread.
 *
 * Returns: (transfer full): the root, or NULL with MW_FHIR_ERROR_SYNTAX or MW_FHIR_ERROR_TOO_DEEP
 */
JsonNode *
mw_json_parse (const char *data,
               gssize      length,
               GError    **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  JsonNode        *root;

  g_return_val_if_fail (data != NULL, NULL);

  if (length < 0)
    length = (gssize) strlen (data);
  if (length >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    {
      data += 3;
      length -= 3;
    }
  if (!g_utf8_validate_len (data, (gsize) length, NULL))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The text is not valid UTF-8");
      return NULL;
    }
  text = prepare (data, (gsize) length, error);
  if (text == NULL)
    return NULL;

  /* json-glib 1.10 ends the program over some broken texts when its parser is asked for immutable nodes */
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, -1, &local))
    {
      /* json-glib's message quotes the text, which may hold patient data */
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The text is not JSON");
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_SYNTAX, "The text is empty");
      return NULL;
    }
  json_node_seal (root);
  return root;
}

/**
 * mw_json_to_text:
 * @pretty: whether to indent it for people
 *
 * Returns: (transfer full): the JSON text of @node, decimals as they came
 */
char *
mw_json_to_text (JsonNode *node,
                 gboolean  pretty)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;
  const char      *mark = "\"" MW_JSON_DECIMAL_MARK;
  const char      *at, *hit;
  GString         *out;

  g_return_val_if_fail (node != NULL, NULL);

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, pretty);
  text = json_generator_to_data (generator, NULL);
  if (strstr (text, mark) == NULL)
    return g_steal_pointer (&text);

  out = g_string_sized_new (strlen (text));
  for (at = text; (hit = strstr (at, mark)) != NULL;)
    {
      const char *number = hit + strlen (mark);
      const char *close = strchr (number, '"');

      g_string_append_len (out, at, hit - at);
      g_string_append_len (out, number, close - number);
      at = close + 1;
    }
  g_string_append (out, at);
  return g_string_free (out, FALSE);
}

/* Past the string that begins at @at, with its quotes; @end when it does not end */
static const char *
skip_string (const char *at,
             const char *end)
{
  for (at++; at < end && *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at < end ? at + 1 : end;
}

/**
 * mw_json_slice:
 * @data: the text of a JSON object that mw_json_parse() has taken
 * @member: a member of it
 * @start: (out): where its value begins in @data
 * @size: (out): how many bytes it has
 *
 * Finds the bytes of a member exactly as they were sent, which a written tree would not give back.
 *
 * Returns: FALSE when @data has no such member at its top level
 */
gboolean
mw_json_slice (const char  *data,
               gsize        length,
               const char  *member,
               const char **start,
               gsize       *size)
{
  const char *end = data + length;
  const char *key = NULL, *value = NULL;
  gsize       key_length = 0;
  guint       depth = 0;

  for (const char *at = data; at < end;)
    {
      const char *next = at + 1;

      if (*at == '"')
        {
          next = skip_string (at, end);
          if (depth == 1 && value == NULL)
            {
              key = at + 1;
              key_length = (gsize) (next - at) - 2;
            }
        }
      else if (*at == ':' && depth == 1 && value == NULL && key != NULL && key_length == strlen (member) && strncmp (key, member, key_length) == 0)
        value = at + 1;
      else if (*at == '{' || *at == '[')
        depth++;
      else if ((*at == '}' || *at == ']') && depth > 0)
        depth--;
      if (value != NULL && ((*at == ',' && depth == 1) || depth == 0))
        {
          while (value < at && g_ascii_isspace (*value))
            value++;
          while (at > value && g_ascii_isspace (at[-1]))
            at--;
          *start = value;
          *size = (gsize) (at - value);
          return TRUE;
        }
      if (*at == ',' && depth == 1)
        key = NULL;
      at = next;
    }
  return FALSE;
}
