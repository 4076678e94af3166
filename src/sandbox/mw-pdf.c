/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-world.h"

#include "mw-json.h"

#include <string.h>

#define LINES_PER_PAGE 48

/* PDF's own fonts know Latin letters; a sandbox document need not look perfect, only open */
static void
append_line (GString    *out,
             const char *text)
{
  g_autofree char *ascii = g_str_to_ascii (text, "C");

  g_string_append_c (out, '(');
  for (const char *at = ascii; *at != '\0'; at++)
    {
      if (strchr ("()\\", *at) != NULL)
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at);
    }
  g_string_append (out, ") Tj T*\n");
}

static char *
page_content (const char *title,
              const char *text)
{
  GString *out = g_string_new ("BT /F1 16 Tf 56 780 Td 20 TL\n");
  g_auto (GStrv) lines = g_strsplit (text, "\n", LINES_PER_PAGE);

  append_line (out, title);
  g_string_append (out, "/F1 11 Tf 15 TL T*\n");
  for (char **line = lines; *line != NULL; line++)
    append_line (out, *line);
  g_string_append (out, "ET");
  return g_string_free (out, FALSE);
}

/**
 * mw_pdf_new:
 * @text: lines of it become lines of the page
 *
 * Returns: (transfer full): a PDF 1.4 of one page (ISO 32000-1 7.5)
 */
GBytes *
mw_pdf_new (const char *title,
            const char *text)
{
  g_autofree char *content = page_content (title, text);
  g_autofree char *stream = g_strdup_printf ("<< /Length %u >>\nstream\n%s\nendstream", (guint) strlen (content), content);
  const char      *objects[] = {
         "<< /Type /Catalog /Pages 2 0 R >>",
         "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
         "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
         stream,
         "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  };
  gsize    offsets[G_N_ELEMENTS (objects)];
  GString *out = g_string_new ("%PDF-1.4\n");
  gsize    xref, length;

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      offsets[i] = out->len;
      g_string_append_printf (out, "%u 0 obj\n%s\nendobj\n", i + 1, objects[i]);
    }
  xref = out->len;
  g_string_append_printf (out, "xref\n0 %u\n0000000000 65535 f \n", (guint) G_N_ELEMENTS (objects) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    g_string_append_printf (out, "%010" G_GSIZE_FORMAT " 00000 n \n", offsets[i]);
  g_string_append_printf (out, "trailer\n<< /Size %u /Root 1 0 R >>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n",
                          (guint) G_N_ELEMENTS (objects) + 1, xref);
  length = out->len;
  return g_bytes_new_take (g_string_free (out, FALSE), length);
}

/**
 * mw_world_attachment:
 *
 * Returns: (transfer full): an Attachment with the bytes in it, their size and their SHA-1 (R4 says base64 of it)
 */
JsonNode *
mw_world_attachment (GBytes     *bytes,
                     const char *type,
                     const char *title)
{
  JsonNode     *attachment = mw_json_object_new ();
  gsize         length, hash_length = 20;
  const guchar *data = g_bytes_get_data (bytes, &length);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8           hash[20];
  g_autofree char *base64 = g_base64_encode (data, length);
  g_autofree char *hash64 = NULL;

  g_checksum_update (sum, data, (gssize) length);
  g_checksum_get_digest (sum, hash, &hash_length);
  hash64 = g_base64_encode (hash, hash_length);
  mw_json_set (attachment, "contentType", type);
  mw_json_set (attachment, "data", base64);
  mw_json_set_integer (attachment, "size", (gint64) length);
  mw_json_set (attachment, "hash", hash64);
  mw_json_set (attachment, "title", title);
  return attachment;
}
