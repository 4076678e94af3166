/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-bundle-reader.h"

#include <string.h>

/* Bytes of everything but the entries: links, total, and a narrative nobody should write */
#define MAX_REST (4 * 1024 * 1024)
/* Bytes of a useless entry that are kept to say which one it was */
#define MAX_HEAD (64 * 1024)
/* A buffer that grew beyond this is given back after its entry */
#define KEEP_BUFFER (256 * 1024)

typedef enum
{
  STATE_START,   /* before the root's brace */
  STATE_ROOT,    /* in the root object or anything in it but the entries */
  STATE_ENTRIES, /* in the entry array, between elements */
  STATE_ELEMENT, /* in one entry */
  STATE_END,     /* after the root */
  STATE_FAILED,
} State;

struct _MwBundleReader
{
  GObject parent_instance;

  MwBundleEntryFunc func;
  gpointer          user_data;

  State       state;
  guint       bom;       /* bytes of a byte order mark seen */
  gboolean    in_string; /* of the root or of an entry */
  gboolean    escaped;
  gboolean    expect_key; /* at the root's own level */
  gboolean    expect_value;
  gboolean    lone;       /* the entry is an object of its own, not in an array */
  gboolean    not_bundle; /* resourceType came first and names something else */
  gboolean    finished;
  guint64     depth;         /* in the root: 1 is its own level */
  guint64     element_depth; /* in the entry: 0 is outside of it */
  char        word[16];      /* a string at the root's own level, as far as it matters */
  gsize       word_length;
  char        key[16];
  GByteArray *rest;
  GByteArray *entry;
  GError     *entry_error;
  GError     *error;
  JsonNode   *rest_node;
  guint       n_entries;
};

G_DEFINE_FINAL_TYPE (MwBundleReader, mw_bundle_reader, G_TYPE_OBJECT)

static void
mw_bundle_reader_finalize (GObject *object)
{
  MwBundleReader *self = MW_BUNDLE_READER (object);

  g_clear_pointer (&self->rest, g_byte_array_unref);
  g_clear_pointer (&self->entry, g_byte_array_unref);
  g_clear_pointer (&self->rest_node, json_node_unref);
  g_clear_error (&self->entry_error);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (mw_bundle_reader_parent_class)->finalize (object);
}

static void
mw_bundle_reader_class_init (MwBundleReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_bundle_reader_finalize;
}

static void
mw_bundle_reader_init (MwBundleReader *self)
{
  self->rest = g_byte_array_new ();
  self->entry = g_byte_array_new ();
}

static void
fail (MwBundleReader *self,
      MwFhirError     code,
      const char     *message)
{
  if (self->error == NULL)
    self->error = g_error_new_literal (MW_FHIR_ERROR, code, message);
  self->state = STATE_FAILED;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
keep_rest (MwBundleReader *self,
           const char     *data,
           gsize           length)
{
  if (self->rest->len + length > MAX_REST)
    fail (self, MW_FHIR_ERROR_TOO_LARGE, "The answer is larger than this program can take");
  else
    g_byte_array_append (self->rest, (const guint8 *) data, (guint) length);
}

static void
spoil_entry (MwBundleReader *self,
             MwFhirError     code,
             const char     *message)
{
  if (self->entry_error != NULL)
    return;
  self->entry_error = g_error_new_literal (MW_FHIR_ERROR, code, message);
  if (self->entry->len > MAX_HEAD)
    g_byte_array_set_size (self->entry, MAX_HEAD);
}

static void
keep_entry (MwBundleReader *self,
            const char     *data,
            gsize           length)
{
  if (self->entry_error == NULL && self->entry->len + length > MW_BUNDLE_MAX_ENTRY)
    spoil_entry (self, MW_FHIR_ERROR_TOO_LARGE, "The entry is too large");
  if (self->entry_error != NULL)
    length = MIN (length, (gsize) (MAX_HEAD - MIN (self->entry->len, MAX_HEAD)));
  if (length > 0)
    g_byte_array_append (self->entry, (const guint8 *) data, (guint) length);
}

static void
emit_entry (MwBundleReader *self)
{
  g_autoptr (GBytes) bytes = g_bytes_new (self->entry->data, self->entry->len);
  g_autoptr (GError) error = g_steal_pointer (&self->entry_error);

  if (self->entry->len > KEEP_BUFFER)
    {
      g_byte_array_unref (self->entry);
      self->entry = g_byte_array_new ();
    }
  else
    g_byte_array_set_size (self->entry, 0);

  if (self->n_entries >= MW_BUNDLE_MAX_ENTRIES)
    {
      fail (self, MW_FHIR_ERROR_TOO_LARGE, "The Bundle has too many entries");
      return;
    }
  self->n_entries++;
  if (self->lone)
    self->state = STATE_ROOT;
  else
    self->state = STATE_ENTRIES;
  self->lone = FALSE;
  self->func (self, bytes, error, self->user_data);
}

/* Consumes from @at to the end of the string or of the data; says where it stopped */
static const char *
skip_string (MwBundleReader *self,
             const char     *at,
             const char     *end)
{
  for (; at < end; at++)
    {
      if (self->escaped)
        self->escaped = FALSE;
      else if (*at == '\\')
        self->escaped = TRUE;
      else if (*at == '"')
        {
          self->in_string = FALSE;
          return at + 1;
        }
    }
  return at;
}

static const char *
push_element (MwBundleReader *self,
              const char     *start,
              const char     *end)
{
  const char *at = start;

  while (at < end)
    {
      char c = *at;

      if (self->in_string)
        {
          at = skip_string (self, at, end);
          continue;
        }
      if (self->element_depth == 0 && (c == ',' || c == ']'))
        {
          /* the end of something that is no object: it is the array's character */
          keep_entry (self, start, (gsize) (at - start));
          spoil_entry (self, MW_FHIR_ERROR_NOT_FHIR, "The entry is not an object");
          emit_entry (self);
          return at;
        }
      at++;
      if (c == '"')
        self->in_string = TRUE;
      else if (c == '{' || c == '[')
        {
          if (++self->element_depth > MW_JSON_MAX_DEPTH)
            {
              keep_entry (self, start, (gsize) (at - start));
              spoil_entry (self, MW_FHIR_ERROR_TOO_DEEP, "The entry is nested too deep");
              start = at;
            }
        }
      else if ((c == '}' || c == ']') && self->element_depth > 0 && --self->element_depth == 0)
        {
          keep_entry (self, start, (gsize) (at - start));
          if (self->entry->len > 0 && self->entry->data[0] != '{')
            spoil_entry (self, MW_FHIR_ERROR_NOT_FHIR, "The entry is not an object");
          emit_entry (self);
          return at;
        }
    }
  keep_entry (self, start, (gsize) (at - start));
  return at;
}

static const char *
push_entries (MwBundleReader *self,
              const char     *at,
              const char     *end)
{
  while (at < end && (is_blank (*at) || *at == ','))
    at++;
  if (at == end)
    return at;
  if (*at == ']')
    {
      self->depth--;
      self->state = STATE_ROOT;
      keep_rest (self, at, 1);
      return at + 1;
    }
  if (*at == '}')
    {
      fail (self, MW_FHIR_ERROR_SYNTAX, "The text is not JSON");
      return end;
    }
  self->element_depth = 0;
  self->state = STATE_ELEMENT;
  return at;
}

/* A string at the root's own level has ended: a key, or the value of one */
static void
end_word (MwBundleReader *self)
{
  self->word[MIN (self->word_length, sizeof self->word - 1)] = '\0';
  if (self->expect_key)
    {
      memcpy (self->key, self->word, sizeof self->key);
      self->expect_key = FALSE;
    }
  else if (self->expect_value && g_str_equal (self->key, "resourceType") && !g_str_equal (self->word, "Bundle"))
    self->not_bundle = TRUE;
  self->expect_value = FALSE;
}

/* Returns: whether the value that begins with @c is one to be split */
static gboolean
begin_value (MwBundleReader *self,
             char            c)
{
  gboolean wanted = self->expect_value && !self->not_bundle && (c == '[' || c == '{') && g_str_equal (self->key, "entry");

  self->expect_value = FALSE;
  return wanted;
}

static void
push_structure (MwBundleReader *self,
                char            c)
{
  if (c == '{' || c == '[')
    {
      self->expect_value = FALSE;
      self->depth++;
    }
  else if (c == '}' || c == ']')
    {
      if (--self->depth == 0)
        self->state = STATE_END;
    }
  else if (self->depth == 1 && c == ',')
    {
      self->expect_key = TRUE;
      self->expect_value = FALSE;
    }
  else if (self->depth == 1 && c == ':')
    self->expect_value = TRUE;
  else if (!is_blank (c))
    self->expect_value = FALSE;
}

static const char *
push_root (MwBundleReader *self,
           const char     *start,
           const char     *end)
{
  const char *at = start;

  while (at < end && self->state == STATE_ROOT)
    {
      char c = *at;

      if (self->in_string)
        {
          const char *from = at;

          at = skip_string (self, at, end);
          for (; self->depth == 1 && from < at && self->word_length < sizeof self->word - 1; from++)
            if (self->in_string || from < at - 1)
              self->word[self->word_length++] = *from;
          if (!self->in_string && self->depth == 1)
            end_word (self);
          continue;
        }
      if (self->depth == 1 && (c == '[' || c == '{') && begin_value (self, c))
        {
          keep_rest (self, start, (gsize) (at - start));
          if (self->state == STATE_FAILED)
            return end;
          self->lone = c == '{';
          keep_rest (self, self->lone ? "[]" : "[", self->lone ? 2 : 1);
          self->element_depth = 0;
          if (self->lone)
            {
              self->state = STATE_ELEMENT;
              return at;
            }
          self->depth++;
          self->state = STATE_ENTRIES;
          return at + 1;
        }
      at++;
      if (c == '"')
        {
          self->in_string = TRUE;
          self->word_length = 0;
        }
      else
        push_structure (self, c);
    }
  keep_rest (self, start, (gsize) (at - start));
  return at;
}

static const char *
push_start (MwBundleReader *self,
            const char     *at,
            const char     *end)
{
  static const char bom[] = "\xEF\xBB\xBF";

  for (; at < end; at++)
    {
      if (self->bom < 3 && *at == bom[self->bom])
        {
          self->bom++;
          continue;
        }
      if (self->bom == 0)
        self->bom = 3;
      if (is_blank (*at) && self->bom == 3)
        continue;
      if (*at != '{' || self->bom != 3)
        {
          fail (self, MW_FHIR_ERROR_NOT_FHIR, "The answer is no JSON object");
          return end;
        }
      keep_rest (self, at, 1);
      self->depth = 1;
      self->expect_key = TRUE;
      self->state = STATE_ROOT;
      return at + 1;
    }
  return at;
}

static const char *
push_end (MwBundleReader *self,
          const char     *at,
          const char     *end)
{
  while (at < end && is_blank (*at))
    at++;
  if (at < end)
    fail (self, MW_FHIR_ERROR_SYNTAX, "There is more after the end of the answer");
  return end;
}

/**
 * mw_bundle_reader_new:
 * @func: gets each entry
 *
 * A root object whose resourceType comes first and is not Bundle is not split (List has an "entry"
 * too). Where resourceType comes after the entries, mw_bundle_reader_get_rest() tells what it was.
 *
 * Returns: (transfer full): a reader for one Bundle
 */
MwBundleReader *
mw_bundle_reader_new (MwBundleEntryFunc func,
                      gpointer          user_data)
{
  MwBundleReader *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (MW_TYPE_BUNDLE_READER, NULL);
  self->func = func;
  self->user_data = user_data;
  return self;
}

/**
 * mw_bundle_reader_push:
 * @data: the next bytes, cut wherever the network cut them
 * @length: how many
 *
 * Calls the reader's function for each entry that is now complete. Holds no more than one entry and
 * what is not entries, at most MW_BUNDLE_MAX_ENTRY and 4 MiB.
 *
 * Returns: FALSE with MW_FHIR_ERROR_SYNTAX, _NOT_FHIR (no object) or _TOO_LARGE; then all later calls fail
 *   with the same, and the entries that came before remain good
 */
gboolean
mw_bundle_reader_push (MwBundleReader *self,
                       const char     *data,
                       gsize           length,
                       GError        **error)
{
  const char *at = data, *end = data + length;

  g_return_val_if_fail (MW_IS_BUNDLE_READER (self), FALSE);
  g_return_val_if_fail (!self->finished, FALSE);

  while (at < end && self->state != STATE_FAILED)
    switch (self->state)
      {
      case STATE_START:
        at = push_start (self, at, end);
        break;
      case STATE_ROOT:
        at = push_root (self, at, end);
        break;
      case STATE_ENTRIES:
        at = push_entries (self, at, end);
        break;
      case STATE_ELEMENT:
        at = push_element (self, at, end);
        break;
      case STATE_END:
        at = push_end (self, at, end);
        break;
      case STATE_FAILED:
      default:
        at = end;
        break;
      }
  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }
  return TRUE;
}

/**
 * mw_bundle_reader_finish:
 *
 * Says that no more bytes come. Must be called once.
 *
 * Returns: FALSE with MW_FHIR_ERROR_SYNTAX when the Bundle was cut off or is not JSON; entries that came
 *   before it broke off have been handed out
 */
gboolean
mw_bundle_reader_finish (MwBundleReader *self,
                         GError        **error)
{
  g_return_val_if_fail (MW_IS_BUNDLE_READER (self), FALSE);

  self->finished = TRUE;
  if (self->state != STATE_END && self->state != STATE_FAILED)
    fail (self, MW_FHIR_ERROR_SYNTAX, "The answer ends too early");
  if (self->state == STATE_END && self->rest_node == NULL)
    {
      self->rest_node = mw_json_parse ((const char *) self->rest->data, (gssize) self->rest->len, &self->error);
      if (self->rest_node == NULL)
        self->state = STATE_FAILED;
    }
  g_byte_array_set_size (self->rest, 0);
  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }
  return TRUE;
}

/**
 * mw_bundle_reader_get_rest:
 *
 * Returns: (transfer none) (nullable): after a good mw_bundle_reader_finish(), the root object with an
 *   empty array where its entries stood
 */
JsonNode *
mw_bundle_reader_get_rest (MwBundleReader *self)
{
  g_return_val_if_fail (MW_IS_BUNDLE_READER (self), NULL);

  return self->rest_node;
}

/**
 * mw_bundle_reader_get_n_entries:
 *
 * Returns: how many entries were handed out so far, useless ones included
 */
guint
mw_bundle_reader_get_n_entries (MwBundleReader *self)
{
  g_return_val_if_fail (MW_IS_BUNDLE_READER (self), 0);

  return self->n_entries;
}
