/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-describe-private.h"

#include "mw-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Values that one row collects; fields of one description; levels of elements within elements */
#define MAX_VALUES 200
#define MAX_FIELDS 600
#define MAX_LEVEL 8

static const MwTypeSpec *const families[] = {
  mw_describe_people,
  mw_describe_clinical,
  mw_describe_medication,
  mw_describe_work,
  mw_describe_finance,
  mw_describe_forms,
  mw_describe_exchange,
};

/* What every resource may carry, after its own rows */
static const MwRow note_rows[] = {
  { "note", N_ ("Note"), MW_ROW_EACH },
  { 0 },
};

static const MwRow identifier_rows[] = {
  { "identifier", N_ ("Identifiers") },
  { 0 },
};

/* Elements whose primitive values are codes of FHIR's own, in any resource */
static const char *const code_elements[] = {
  "accept", "action", "assemblyOrder", "clinicalStatus", "code", "content", "criticality", "daysOfWeek", "docStatus",
  "gender", "intent", "kind", "lifecycleStatus", "mode", "outcome", "participantStatus", "priority", "required",
  "severity", "status", "subjectType", "type", "use", "verificationStatus", NULL
};

typedef struct
{
  JsonNode   *node;
  const char *type;
} Found;

static void
field_free (gpointer data)
{
  MwDescriptionField *field = data;

  g_free (field->label);
  g_free (field->value);
  g_free (field);
}

static void
attachment_free (gpointer data)
{
  MwDescriptionAttachment *attachment = data;

  g_free (attachment->title);
  g_free (attachment->content_type);
  g_free (attachment->url);
  g_free (attachment->path);
  g_free (attachment);
}

void
mw_description_free (MwDescription *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->summary);
  g_free (self->warning);
  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->attachments);
  mw_styled_text_free (self->narrative);
  g_free (self);
}

/* Takes @value; a NULL one adds nothing, "" adds a heading */
void
mw_describing_add (MwDescribing *self,
                   guint         level,
                   const char   *label,
                   char         *value,
                   gboolean      loud)
{
  MwDescriptionField *field;

  if (value == NULL || label == NULL || self->result->fields->len >= MAX_FIELDS)
    {
      g_free (value);
      return;
    }
  field = g_new0 (MwDescriptionField, 1);
  field->label = g_strdup (label);
  field->value = value;
  field->level = level;
  field->loud = loud;
  g_ptr_array_add (self->result->fields, field);
}

/* Collects what stands at the rest of a path, each element of each array */
static void
find (JsonNode   *node,
      const char *path,
      gsize       length,
      GArray     *out)
{
  const char *dot = memchr (path, '.', length);
  gsize       name_length = dot != NULL ? (gsize) (dot - path) : length;
  const char *type = NULL;
  JsonNode   *value;
  char        name[64];
  guint       n;

  if (name_length >= sizeof name || name_length == 0)
    return;
  memcpy (name, path, name_length);
  name[name_length] = '\0';
  if (g_str_has_suffix (name, "[x]"))
    {
      name[name_length - 3] = '\0';
      value = mw_json_choice (node, name, &type);
    }
  else
    value = mw_json_get (node, name);
  n = MIN (mw_json_length (value, NULL), MAX_VALUES);
  for (guint i = 0; i < n && out->len < MAX_VALUES; i++)
    {
      JsonNode *item = mw_json_item (value, NULL, i);

      if (item == NULL)
        continue;
      if (dot != NULL)
        find (item, dot + 1, length - name_length - 1, out);
      else
        {
          Found found = { item, type };

          if (type == NULL && JSON_NODE_HOLDS_VALUE (item) && g_strv_contains (code_elements, name))
            found.type = "code";
          /* a month alone looks like many another number */
          else if (type == NULL && JSON_NODE_HOLDS_VALUE (item) && (g_str_has_suffix (name, "Date") || g_str_equal (name, "date")))
            found.type = "date";
          g_array_append_val (out, found);
        }
    }
}

/* The places of "a|b", all of them or the first that holds something */
static GArray *
find_all (JsonNode   *node,
          const char *paths,
          gsize       length,
          gboolean    first_only)
{
  GArray     *out = g_array_new (FALSE, FALSE, sizeof (Found));
  const char *end = paths + length;

  while (paths < end)
    {
      const char *bar = memchr (paths, '|', (gsize) (end - paths));
      const char *stop = bar != NULL ? bar : end;

      find (node, paths, (gsize) (stop - paths), out);
      if (first_only && out->len > 0)
        break;
      paths = stop + 1;
    }
  return out;
}

/* "http://example.org/Questionnaire/phq-9|1.0" is called "Phq 9" when nobody says better */
static char *
canonical_text (JsonNode *value)
{
  const char      *url = mw_json_string (value, NULL);
  g_autofree char *plain = url != NULL ? g_strndup (url, strcspn (url, "|#?")) : NULL;
  const char      *slash = plain != NULL ? strrchr (plain, '/') : NULL;

  if (plain == NULL || g_str_has_prefix (plain, "urn:"))
    return NULL;
  return mw_text_humanise (slash != NULL ? slash + 1 : plain);
}

static char *
found_text (MwDescribing *self,
            const Found  *found,
            guint         flags)
{
  if ((flags & MW_ROW_CANONICAL) != 0 && JSON_NODE_HOLDS_VALUE (found->node))
    return canonical_text (found->node);
  if ((flags & MW_ROW_IF_TRUE) != 0 && JSON_NODE_HOLDS_VALUE (found->node) && !mw_json_boolean (found->node, NULL, TRUE))
    return NULL;
  return mw_datatype_to_text_in (found->node, found->type, &self->context);
}

/* Returns: (nullable): the texts without repeats; longer ones each on its own line */
static char *
join_found (MwDescribing *self,
            GArray       *all,
            guint         flags)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;
  gboolean         lines = FALSE;

  for (guint i = 0; i < all->len; i++)
    {
      char *text = found_text (self, &g_array_index (all, Found, i), flags);

      if (text == NULL || g_ptr_array_find_with_equal_func (texts, text, g_str_equal, NULL))
        {
          g_free (text);
          continue;
        }
      lines |= strchr (text, '\n') != NULL || strlen (text) > 60;
      g_ptr_array_add (texts, text);
    }
  if (texts->len == 0)
    return NULL;
  g_ptr_array_add (texts, NULL);
  joined = g_strjoinv (lines ? "\n" : ", ", (char **) texts->pdata);
  return mw_text_clean (joined, MW_TEXT_BLOCK, TRUE);
}

/* Returns: (nullable): all values at all @paths in words */
char *
mw_describing_all (MwDescribing *self,
                   JsonNode     *node,
                   const char   *paths,
                   guint         flags)
{
  g_autoptr (GArray) all = find_all (node, paths, strlen (paths), FALSE);

  return join_found (self, all, flags);
}

/* Returns: (nullable): the line */
char *
mw_describing_line (MwDescribing *self,
                    JsonNode     *node,
                    const char   *line)
{
  GString    *out = g_string_new (NULL);
  const char *end = line + strlen (line);

  while (line < end)
    {
      const char *semicolon = memchr (line, ';', (gsize) (end - line));
      const char *stop = semicolon != NULL ? semicolon : end;
      g_autoptr (GArray) found = find_all (node, line, (gsize) (stop - line), TRUE);
      g_autofree char *text = join_found (self, found, MW_ROW_PLAIN);

      if (text != NULL)
        g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", text);
      line = stop + 1;
    }
  if (out->len == 0)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  return g_string_free (out, FALSE);
}

/* The fields of the elements of one row; an element that turns out empty leaves no trace */
static void
add_elements (MwDescribing *self,
              GArray       *all,
              const MwRow  *row,
              guint         level)
{
  for (guint i = 0; i < all->len && level < MAX_LEVEL; i++)
    {
      JsonNode        *element = g_array_index (all, Found, i).node;
      g_autofree char *key = row->key != NULL ? mw_describing_line (self, element, row->key) : NULL;
      g_autofree char *label = key != NULL ? mw_text_clean (key, MW_TEXT_LINE * 2, FALSE) : g_strdup (row->label != NULL ? _ (row->label) : NULL);
      char            *value = row->value != NULL ? mw_describing_line (self, element, row->value) : NULL;
      guint            before = self->result->fields->len;

      mw_describing_add (self, level, label, value != NULL ? value : g_strdup (""), (row->flags & MW_ROW_LOUD) != 0);
      if (row->rows != NULL)
        mw_describing_rows (self, element, row->rows, level + 1);
      if ((row->flags & MW_ROW_NESTED) != 0)
        {
          const char *dot = strrchr (row->paths, '.');
          const char *name = dot != NULL ? dot + 1 : row->paths;
          g_autoptr (GArray) inner = find_all (element, name, strlen (name), FALSE);

          add_elements (self, inner, row, level + 1);
        }
      if (self->result->fields->len == before + 1 && value == NULL && (key == NULL || row->value == NULL))
        g_ptr_array_remove_index (self->result->fields, before);
    }
}

/* A field for each value; the same words are not said twice */
static void
add_each (MwDescribing *self,
          GArray       *all,
          const MwRow  *row,
          guint         level)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < all->len; i++)
    {
      char *text = found_text (self, &g_array_index (all, Found, i), row->flags);

      if (text == NULL || !g_hash_table_add (seen, g_strdup (text)))
        g_free (text);
      else
        mw_describing_add (self, level, _ (row->label), text, (row->flags & MW_ROW_LOUD) != 0);
    }
}

void
mw_describing_rows (MwDescribing *self,
                    JsonNode     *node,
                    const MwRow  *rows,
                    guint         level)
{
  for (const MwRow *row = rows; row->paths != NULL; row++)
    {
      gboolean loud = (row->flags & MW_ROW_LOUD) != 0;
      guint    before = self->result->fields->len;
      g_autoptr (GArray) all = NULL;

      if (row->label == NULL && row->key == NULL)
        continue;
      all = find_all (node, row->paths, strlen (row->paths), FALSE);
      if (all->len == 0)
        continue;
      if ((row->flags & MW_ROW_GROUP) != 0)
        {
          mw_describing_add (self, level, _ (row->label), g_strdup (""), loud);
          if (row->key != NULL || row->value != NULL)
            add_elements (self, all, row, level + 1);
          else
            for (guint i = 0; i < all->len && level < MAX_LEVEL; i++)
              mw_describing_rows (self, g_array_index (all, Found, i).node, row->rows, level + 1);
          if (self->result->fields->len == before + 1)
            g_ptr_array_remove_index (self->result->fields, before);
        }
      else if (row->key != NULL || row->value != NULL)
        add_elements (self, all, row, level);
      else if ((row->flags & MW_ROW_EACH) != 0)
        add_each (self, all, row, level);
      else
        mw_describing_add (self, level, _ (row->label), join_found (self, all, row->flags), loud);
    }
}

static const MwTypeSpec *
find_spec (const char *type)
{
  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS (families); i++)
    for (const MwTypeSpec *spec = families[i]; spec->type != NULL; spec++)
      if (g_str_equal (spec->type, type))
        return spec;
  return NULL;
}

static char *
make_title (MwDescribing     *self,
            JsonNode         *resource,
            const MwTypeSpec *spec)
{
  g_autofree char *noun = mw_resource_type_text (mw_resource_type (resource));
  g_autofree char *title = NULL;
  g_autofree char *folded = NULL, *folded_noun = NULL;

  if (spec != NULL && spec->title != NULL)
    title = spec->title (self, resource);
  if (title != NULL)
    return mw_text_line (title);
  title = mw_resource_title_in (resource, &self->context);
  if (title == NULL)
    return g_steal_pointer (&noun);
  folded = g_utf8_casefold (title, -1);
  folded_noun = g_utf8_casefold (noun, -1);
  if (spec == NULL || (spec->flags & MW_TYPE_PREFIX) == 0 || strstr (folded, folded_noun) != NULL)
    return g_steal_pointer (&title);
  /* Translators: what kind of record, and what it is about: "Task: Call the patient" */
  return g_strdup_printf (_ ("%s: %s"), noun, title);
}

/* What must be known before anything else is read (FHIR R4 resource definitions: "is modifier") */
static char *
make_warning (JsonNode *resource)
{
  static const char *const statuses[] = { "status", "verificationStatus", "docStatus", "lifecycleStatus", "participantStatus" };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (mw_concept_has_code (resource, statuses[i], NULL, "entered-in-error"))
      return g_strdup (_ ("Entered in error"));
  if (mw_json_boolean (resource, "doNotPerform", FALSE))
    return g_strdup (_ ("Must not be done"));
  if (mw_concept_has_code (resource, "verificationStatus", NULL, "refuted"))
    return g_strdup (_ ("Refuted"));
  if (mw_concept_has_code (resource, "meta.security", NULL, "HTEST") || mw_concept_has_code (resource, "meta.tag", NULL, "HTEST"))
    return g_strdup (_ ("Test data, not a real person"));
  return NULL;
}

static void
add_modifiers (MwDescribing *self,
               JsonNode     *resource)
{
  guint n = MIN (mw_json_length (resource, "modifierExtension"), 20);

  for (guint i = 0; i < n; i++)
    {
      JsonNode        *extension = mw_json_item (resource, "modifierExtension", i);
      const char      *type;
      JsonNode        *value = mw_json_choice (extension, "value", &type);
      g_autofree char *name = canonical_text (mw_json_get (extension, "url"));
      char            *text = value != NULL ? mw_datatype_to_text_in (value, type, &self->context) : NULL;

      /* Translators: an addition that changes what the whole record means; %s is its name */
      g_autofree char *label = g_strdup_printf (_ ("Changes the meaning: %s"), name != NULL ? name : _ ("unknown addition"));

      mw_describing_add (self, 0, label, text != NULL ? text : g_strdup (_ ("See the sender’s own text")), TRUE);
    }
}

static void
add_summary (MwDescribing     *self,
             JsonNode         *resource,
             const MwTypeSpec *spec)
{
  g_autofree char *summary = NULL;

  if (spec != NULL && spec->make_summary != NULL)
    summary = spec->make_summary (self, resource);
  if (summary == NULL)
    summary = mw_describing_line (self, resource, spec != NULL && spec->summary != NULL ? spec->summary : "status;subject|patient;date|period|effective[x]|recorded");
  self->result->summary = mw_text_clean (summary, MW_TEXT_LINE * 2, FALSE);
  if (self->result->summary == NULL)
    self->result->summary = g_strdup ("");
}

/**
 * mw_describe:
 * @resource: any resource, of any version of FHIR
 * @context: (nullable): where the resources that it refers to may be found
 *
 * Puts a resource into words. Known types have a designed description; elements without a row, and types
 * that nobody designed, follow as a tree of named elements. Ids, extensions and base64 data never show.
 *
 * Returns: (transfer full): the description
 */
MwDescription *
mw_describe (JsonNode                *resource,
             const MwDescribeContext *context)
{
  const MwTypeSpec *spec = find_spec (mw_resource_type (resource));
  MwDescribing      self = { g_new0 (MwDescription, 1), { 0 } };

  if (context != NULL)
    self.context = *context;
  if (self.context.container == NULL)
    self.context.container = resource;
  self.result->fields = g_ptr_array_new_with_free_func (field_free);
  self.result->attachments = g_ptr_array_new_with_free_func (attachment_free);

  self.result->title = make_title (&self, resource, spec);
  self.result->warning = make_warning (resource);
  self.result->narrative = mw_narrative_for_resource (resource);
  add_summary (&self, resource, spec);
  if (self.result->warning != NULL)
    mw_describing_add (&self, 0, _ ("Attention"), g_strdup (self.result->warning), TRUE);
  add_modifiers (&self, resource);
  if (spec != NULL && spec->rows != NULL)
    mw_describing_rows (&self, resource, spec->rows, 0);
  if (spec != NULL && spec->extra != NULL)
    spec->extra (&self, resource);
  if (spec == NULL)
    mw_describing_tree (&self, resource, NULL, 0);
  else if ((spec->flags & MW_TYPE_CLOSED) == 0)
    mw_describing_tree (&self, resource, spec->rows, 0);
  mw_describing_rows (&self, resource, note_rows, 0);
  if (spec == NULL || !mw_describing_knows (spec->rows, "identifier"))
    mw_describing_rows (&self, resource, identifier_rows, 0);
  mw_describing_attachments (&self, resource);
  if (self.result->fields->len == 0 && self.result->narrative == NULL)
    {
      g_autofree char *noun = mw_resource_type_text (mw_resource_type (resource));

      mw_describing_add (&self, 0, _ ("Kind"), g_steal_pointer (&noun), FALSE);
    }
  return self.result;
}

/**
 * mw_description_to_plain:
 *
 * Returns: (transfer full): the whole description as text of several lines, for the command line, for
 *   printing and for the search index
 */
char *
mw_description_to_plain (const MwDescription *self)
{
  GString *out = g_string_new (self->title);

  g_string_append_c (out, '\n');
  if (*self->summary != '\0')
    g_string_append_printf (out, "%s\n", self->summary);
  for (guint i = 0; i < self->fields->len; i++)
    {
      MwDescriptionField *field = self->fields->pdata[i];
      g_auto (GStrv) lines = g_strsplit (field->value, "\n", -1);
      g_autofree char *gap = g_strnfill (field->level * 2 + 4, ' ');
      g_autofree char *joined = NULL;

      g_string_append_printf (out, "%*s%s:", (int) field->level * 2, "", field->label);
      joined = g_strjoinv ("\n", lines);
      if (*joined != '\0')
        {
          g_string_append_printf (out, " %s", lines[0]);
          for (guint j = 1; lines[j] != NULL; j++)
            g_string_append_printf (out, "\n%s%s", gap, lines[j]);
        }
      g_string_append_c (out, '\n');
    }
  for (guint i = 0; i < self->attachments->len; i++)
    g_string_append_printf (out, "%s: %s\n", _ ("File"), ((MwDescriptionAttachment *) self->attachments->pdata[i])->title);
  if (self->narrative != NULL)
    g_string_append_printf (out, "\n%s\n", self->narrative->text);
  return g_string_free (out, FALSE);
}
