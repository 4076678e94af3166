/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-attachment.h"

#include "mw-text.h"

#include <glib/gstdio.h>
#include <string.h>

/* The largest attachment that is decoded for a person; base64 is a third longer */
#define MAX_BYTES (64 * 1024 * 1024)
#define MAX_NAME 80

/* What is safe to hand to a viewer, with the ending it expects. Nothing here can be run. */
static const struct
{
  const char *content_type;
  const char *ending;
} VIEWABLE[] = {
  { "application/pdf", ".pdf" },
  { "text/plain", ".txt" },
  { "text/csv", ".csv" },
  { "text/rtf", ".rtf" },
  { "application/rtf", ".rtf" },
  { "image/jpeg", ".jpg" },
  { "image/png", ".png" },
  { "image/gif", ".gif" },
  { "image/tiff", ".tiff" },
  { "image/webp", ".webp" },
  { "image/bmp", ".bmp" },
  { "application/dicom", ".dcm" },
  { "audio/mpeg", ".mp3" },
  { "audio/wav", ".wav" },
  { "video/mp4", ".mp4" },
};

static const char *
ending_of (const char *content_type)
{
  gsize length = content_type != NULL ? strcspn (content_type, "; ") : 0;

  for (guint i = 0; length > 0 && i < G_N_ELEMENTS (VIEWABLE); i++)
    if (strlen (VIEWABLE[i].content_type) == length && g_ascii_strncasecmp (VIEWABLE[i].content_type, content_type, length) == 0)
      return VIEWABLE[i].ending;
  return NULL;
}

/**
 * mw_attachment_source:
 * @context: (nullable): where a Binary that the attachment names may be found
 *
 * Returns: (transfer none) (nullable): the element that has the bytes, when they are on this computer
 */
JsonNode *
mw_attachment_source (JsonNode                      *resource,
                      const MwDescriptionAttachment *attachment,
                      const MwDescribeContext       *context)
{
  if (attachment->has_data)
    return attachment->path != NULL && attachment->path[0] != '\0' ? mw_json_get (resource, attachment->path) : resource;
  if (attachment->url != NULL && context != NULL)
    {
      g_autoptr (JsonNode) reference = mw_json_object_new ();
      JsonNode *binary;

      mw_json_set (reference, "reference", attachment->url);
      binary = mw_reference_find (reference, context);
      if (mw_resource_is (binary, "Binary") && mw_json_has (binary, "data"))
        return binary;
    }
  return NULL;
}

/**
 * mw_attachment_decode:
 * @source: of mw_attachment_source()
 *
 * Returns: (transfer full) (nullable): the bytes; NULL when there are none, or too many to be decoded
 */
GBytes *
mw_attachment_decode (JsonNode *source)
{
  const char *base64 = mw_json_string (source, "data");
  guchar     *data;
  gsize       length = 0;

  if (base64 == NULL || base64[0] == '\0' || strlen (base64) / 4 * 3 > MAX_BYTES)
    return NULL;
  data = g_base64_decode (base64, &length);
  return g_bytes_new_take (data, length);
}

/**
 * mw_attachment_file_name:
 * @title: (nullable): what the sender calls it: never trusted as a path
 *
 * Returns: (transfer full): a plain file name that fits the type, without folders, leading dots,
 *   control or direction-changing characters
 */
char *
mw_attachment_file_name (const char *title,
                         const char *content_type)
{
  g_autofree char *clean = mw_text_clean (title != NULL ? title : "", MAX_NAME, FALSE);
  const char      *ending = ending_of (content_type);
  GString         *name = g_string_new (NULL);

  for (const char *at = clean; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (strchr ("/\\:*?\"<>|", (int) (c < 128 ? c : 'x')) != NULL || c < 32)
        c = '_';
      if (name->len == 0 && (c == '.' || c == '-' || c == ' '))
        continue;
      g_string_append_unichar (name, c);
    }
  if (name->len == 0)
    g_string_append (name, "document");
  if (ending != NULL && !g_str_has_suffix (name->str, ending))
    g_string_append (name, ending);
  return g_string_free (name, FALSE);
}

/**
 * mw_attachment_kind_text:
 *
 * Returns: (transfer full): "PDF document", as the desktop calls that type
 */
char *
mw_attachment_kind_text (const char *content_type)
{
  g_autofree char *clean = mw_text_clean (content_type != NULL ? content_type : "", 60, FALSE);
  g_autofree char *type = clean != NULL && clean[0] != '\0' ? g_content_type_from_mime_type (clean) : NULL;

  if (type == NULL)
    return g_strdup ("");
  return g_content_type_get_description (type);
}

/**
 * mw_attachment_is_viewable:
 *
 * Whether the sender's type is one that a viewer shows and nobody runs.
 */
gboolean
mw_attachment_is_viewable (const char *content_type)
{
  return ending_of (content_type) != NULL;
}

/**
 * mw_attachment_may_open:
 *
 * Whether the desktop may be asked to show it: the sender's type is one that cannot be run, and the
 * bytes do not look like a program whatever the sender says.
 */
gboolean
mw_attachment_may_open (const char *content_type,
                        GBytes     *data)
{
  gsize            length = 0;
  const guchar    *bytes = data != NULL ? g_bytes_get_data (data, &length) : NULL;
  g_autofree char *guess = NULL;

  if (ending_of (content_type) == NULL || length == 0)
    return FALSE;
  guess = g_content_type_guess (NULL, bytes, MIN (length, 4096), NULL);
  return !g_content_type_can_be_executable (guess) || g_content_type_is_a (guess, "text/plain");
}

static char *
viewing_folder (void)
{
  /* in memory and wiped at log-out; never the disk's temporary folder */
  if (g_getenv ("XDG_RUNTIME_DIR") == NULL)
    return NULL;
  return g_build_filename (g_get_user_runtime_dir (), "meanwhile-viewing", NULL);
}

/**
 * mw_attachment_put_aside:
 *
 * Writes a read-only copy that only this user can read, into memory-backed storage, for a viewer.
 *
 * Returns: (transfer full) (nullable): the copy; NULL with an error when there is no such storage
 */
GFile *
mw_attachment_put_aside (const char *title,
                         const char *content_type,
                         GBytes     *data,
                         GError    **error)
{
  g_autofree char *folder = viewing_folder ();
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *own = folder != NULL ? g_build_filename (folder, uuid, NULL) : NULL;
  g_autofree char *name = mw_attachment_file_name (title, content_type);
  g_autofree char *path = own != NULL ? g_build_filename (own, name, NULL) : NULL;
  gsize            length = 0;
  const char      *bytes = g_bytes_get_data (data, &length);

  if (path == NULL || g_mkdir_with_parents (own, 0700) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "There is no private place to show it from");
      return NULL;
    }
  if (!g_file_set_contents_full (path, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0400, error))
    return NULL;
  return g_file_new_for_path (path);
}

/**
 * mw_attachment_wipe:
 *
 * Removes the copies that were made for viewers. To be called when the program ends.
 */
void
mw_attachment_wipe (void)
{
  g_autofree char *folder = viewing_folder ();
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *own = g_build_filename (folder, name, NULL);
      g_autoptr (GDir) inner = g_dir_open (own, 0, NULL);
      const char *file;

      while (inner != NULL && (file = g_dir_read_name (inner)) != NULL)
        {
          g_autofree char *path = g_build_filename (own, file, NULL);

          (void) g_unlink (path);
        }
      (void) g_rmdir (own);
    }
  if (dir != NULL)
    (void) g_rmdir (folder);
}
