/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-narrative.h"

#include "mw-text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <string.h>

/* Open elements; a narrative that nests deeper ends there */
#define MAX_DEPTH 200

typedef enum
{
  ELEMENT_INLINE = 0,
  ELEMENT_BLOCK = 1 << 0,     /* begins and ends a line */
  ELEMENT_PARAGRAPH = 1 << 1, /* a block with an empty line around it */
  ELEMENT_DROP = 1 << 2,      /* nothing in it is for a reader */
  ELEMENT_LIST = 1 << 3,
  ELEMENT_ORDERED = 1 << 4,
  ELEMENT_ITEM = 1 << 5,
  ELEMENT_ROW = 1 << 6,
  ELEMENT_CELL = 1 << 7,
  ELEMENT_BREAK = 1 << 8,
  ELEMENT_PICTURE = 1 << 9,
  ELEMENT_LITERAL = 1 << 10, /* blanks and line breaks are meant */
  ELEMENT_INDENT = 1 << 11,
} ElementFlags;

/* The elements that mean something here (FHIR R4 narrative.html#xhtml). The text of any other one is kept
 * without style, so that nothing a sender wrote is lost; no attribute but "alt" is ever read. */
static const struct
{
  const char  *name;
  ElementFlags flags;
  MwStyleFlags style;
} elements[] = {
  { "address", ELEMENT_BLOCK, MW_STYLE_NONE },
  { "b", ELEMENT_INLINE, MW_STYLE_BOLD },
  { "blockquote", ELEMENT_PARAGRAPH, MW_STYLE_QUOTE },
  { "br", ELEMENT_BREAK, MW_STYLE_NONE },
  { "caption", ELEMENT_BLOCK, MW_STYLE_BOLD },
  { "cite", ELEMENT_INLINE, MW_STYLE_ITALIC },
  { "code", ELEMENT_INLINE, MW_STYLE_CODE },
  { "dd", ELEMENT_BLOCK | ELEMENT_INDENT, MW_STYLE_NONE },
  { "del", ELEMENT_INLINE, MW_STYLE_STRIKE },
  { "dfn", ELEMENT_INLINE, MW_STYLE_ITALIC },
  { "div", ELEMENT_BLOCK, MW_STYLE_NONE },
  { "dl", ELEMENT_PARAGRAPH, MW_STYLE_NONE },
  { "dt", ELEMENT_BLOCK, MW_STYLE_BOLD },
  { "em", ELEMENT_INLINE, MW_STYLE_ITALIC },
  { "h1", ELEMENT_PARAGRAPH, MW_STYLE_HEADING },
  { "h2", ELEMENT_PARAGRAPH, MW_STYLE_HEADING },
  { "h3", ELEMENT_PARAGRAPH, MW_STYLE_HEADING },
  { "h4", ELEMENT_PARAGRAPH, MW_STYLE_HEADING },
  { "h5", ELEMENT_PARAGRAPH, MW_STYLE_HEADING },
  { "h6", ELEMENT_PARAGRAPH, MW_STYLE_HEADING },
  { "hr", ELEMENT_PARAGRAPH, MW_STYLE_NONE },
  { "i", ELEMENT_INLINE, MW_STYLE_ITALIC },
  { "img", ELEMENT_PICTURE, MW_STYLE_NONE },
  { "ins", ELEMENT_INLINE, MW_STYLE_UNDERLINE },
  { "kbd", ELEMENT_INLINE, MW_STYLE_CODE },
  { "li", ELEMENT_BLOCK | ELEMENT_ITEM, MW_STYLE_NONE },
  { "ol", ELEMENT_BLOCK | ELEMENT_LIST | ELEMENT_ORDERED, MW_STYLE_NONE },
  { "p", ELEMENT_PARAGRAPH, MW_STYLE_NONE },
  { "pre", ELEMENT_PARAGRAPH | ELEMENT_LITERAL, MW_STYLE_CODE },
  { "q", ELEMENT_INLINE, MW_STYLE_ITALIC },
  { "s", ELEMENT_INLINE, MW_STYLE_STRIKE },
  { "samp", ELEMENT_INLINE, MW_STYLE_CODE },
  { "small", ELEMENT_INLINE, MW_STYLE_SMALL },
  { "strike", ELEMENT_INLINE, MW_STYLE_STRIKE },
  { "strong", ELEMENT_INLINE, MW_STYLE_BOLD },
  { "sub", ELEMENT_INLINE, MW_STYLE_SUBSCRIPT },
  { "sup", ELEMENT_INLINE, MW_STYLE_SUPERSCRIPT },
  { "table", ELEMENT_PARAGRAPH, MW_STYLE_NONE },
  { "tbody", ELEMENT_BLOCK, MW_STYLE_NONE },
  { "td", ELEMENT_CELL, MW_STYLE_NONE },
  { "tfoot", ELEMENT_BLOCK, MW_STYLE_NONE },
  { "th", ELEMENT_CELL, MW_STYLE_BOLD },
  { "thead", ELEMENT_BLOCK, MW_STYLE_NONE },
  { "tr", ELEMENT_BLOCK | ELEMENT_ROW, MW_STYLE_NONE },
  { "tt", ELEMENT_INLINE, MW_STYLE_CODE },
  { "u", ELEMENT_INLINE, MW_STYLE_UNDERLINE },
  { "ul", ELEMENT_BLOCK | ELEMENT_LIST, MW_STYLE_NONE },
  { "var", ELEMENT_INLINE, MW_STYLE_ITALIC },
  /* content for machines, or that needs a machine to be seen */
  { "applet", ELEMENT_DROP, MW_STYLE_NONE },
  { "audio", ELEMENT_DROP, MW_STYLE_NONE },
  { "button", ELEMENT_DROP, MW_STYLE_NONE },
  { "canvas", ELEMENT_DROP, MW_STYLE_NONE },
  { "embed", ELEMENT_DROP, MW_STYLE_NONE },
  { "frame", ELEMENT_DROP, MW_STYLE_NONE },
  { "frameset", ELEMENT_DROP, MW_STYLE_NONE },
  { "head", ELEMENT_DROP, MW_STYLE_NONE },
  { "iframe", ELEMENT_DROP, MW_STYLE_NONE },
  { "input", ELEMENT_DROP, MW_STYLE_NONE },
  { "math", ELEMENT_DROP, MW_STYLE_NONE },
  { "noscript", ELEMENT_DROP, MW_STYLE_NONE },
  { "object", ELEMENT_DROP, MW_STYLE_NONE },
  { "script", ELEMENT_DROP, MW_STYLE_NONE },
  { "select", ELEMENT_DROP, MW_STYLE_NONE },
  { "style", ELEMENT_DROP, MW_STYLE_NONE },
  { "svg", ELEMENT_DROP, MW_STYLE_NONE },
  { "template", ELEMENT_DROP, MW_STYLE_NONE },
  { "textarea", ELEMENT_DROP, MW_STYLE_NONE },
  { "title", ELEMENT_DROP, MW_STYLE_NONE },
  { "video", ELEMENT_DROP, MW_STYLE_NONE },
};

typedef struct
{
  ElementFlags flags;
  MwStyleFlags style; /* with that of all outer elements */
  guint        count; /* of a list: items so far; of a row: cells */
} Open;

typedef struct
{
  xmlParserCtxtPtr parser;
  GString         *text;
  GArray          *runs;
  Open             open[MAX_DEPTH + 1]; /* [0] is the document */
  guint            depth;
  guint            dropping; /* open elements that drop their content */
  guint            cells;
  guint            literal;
  guint            breaks; /* line feeds due before the next character */
  gboolean         blank;  /* a blank is due before it */
  MwStyleFlags     blank_style;
  gboolean         separator;
  guint            indent;
  guint            number; /* of the list item that begins: 0 none, 1 bullet, else number + 1 */
  gboolean         stopped;
} Builder;

static void
stop (Builder *builder)
{
  builder->stopped = TRUE;
  xmlStopParser (builder->parser);
}

static void
need_break (Builder *builder,
            guint    lines)
{
  /* a paragraph in a cell must not tear its row apart */
  if (builder->cells > 0)
    builder->blank = TRUE;
  else
    builder->breaks = MAX (builder->breaks, lines);
}

static void
append_styled (Builder     *builder,
               const char  *bytes,
               gsize        length,
               MwStyleFlags style)
{
  guint        start = (guint) builder->text->len;
  MwStyledRun *last = builder->runs->len > 0 ? &g_array_index (builder->runs, MwStyledRun, builder->runs->len - 1) : NULL;

  g_string_append_len (builder->text, bytes, (gssize) length);
  if (style == MW_STYLE_NONE)
    return;
  if (last != NULL && last->style == style && last->end == start)
    last->end = (guint) builder->text->len;
  else
    {
      MwStyledRun run = { start, (guint) builder->text->len, style };

      g_array_append_val (builder->runs, run);
    }
}

/* Writes what is due before a visible character */
static void
settle (Builder *builder)
{
  if (builder->breaks > 0)
    {
      if (builder->text->len > 0)
        g_string_append (builder->text, builder->breaks > 1 ? "\n\n" : "\n");
      builder->blank = builder->separator = FALSE;
      for (guint i = 1; i < MIN (builder->indent, 10); i++)
        g_string_append (builder->text, "    ");
    }
  if (builder->number == 1)
    g_string_append (builder->text, "• ");
  else if (builder->number > 1)
    g_string_append_printf (builder->text, "%u. ", builder->number - 1);
  if (builder->number > 0)
    builder->blank = FALSE;
  if (builder->separator)
    g_string_append (builder->text, " · ");
  else if (builder->blank && builder->text->len > 0 && !g_str_has_suffix (builder->text->str, "\n"))
    /* a blank between two styles belongs to what they share */
    append_styled (builder, " ", 1, builder->blank_style & builder->open[builder->depth].style);
  builder->breaks = 0;
  builder->number = 0;
  builder->blank = builder->separator = FALSE;
}

static void
add_character (Builder *builder,
               gunichar c,
               gboolean literal)
{
  char bytes[6];

  if (mw_text_is_deceptive (c))
    return;
  if (literal && c == '\n')
    {
      if (builder->breaks > 0 || builder->number > 0)
        settle (builder);
      g_string_append_c (builder->text, '\n');
      builder->blank = FALSE;
      return;
    }
  if (g_unichar_isspace (c) || c == 0x85)
    {
      if (literal)
        append_styled (builder, " ", 1, builder->open[builder->depth].style);
      else if (!builder->blank)
        {
          builder->blank = TRUE;
          builder->blank_style = builder->open[builder->depth].style;
        }
      return;
    }
  if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_PRIVATE_USE)
    return;
  settle (builder);
  append_styled (builder, bytes, (gsize) g_unichar_to_utf8 (c, bytes), builder->open[builder->depth].style);
}

static void
add_text (Builder    *builder,
          const char *text,
          gsize       length)
{
  g_autofree char *valid = NULL;

  if (builder->dropping > 0 || builder->stopped)
    return;
  valid = g_utf8_make_valid (text, (gssize) length);
  for (const char *at = valid; *at != '\0' && !builder->stopped; at = g_utf8_next_char (at))
    {
      add_character (builder, g_utf8_get_char (at), builder->literal > 0);
      if (builder->text->len >= MW_NARRATIVE_MAX_TEXT)
        {
          g_string_append (builder->text, "…");
          stop (builder);
        }
    }
}

static gsize
find_element (const char *name)
{
  const char *colon = strrchr (name, ':');
  gsize       i;

  if (colon != NULL)
    name = colon + 1;
  for (i = 0; i < G_N_ELEMENTS (elements); i++)
    if (g_ascii_strcasecmp (elements[i].name, name) == 0)
      break;
  return i;
}

static void
begin_structure (Builder *builder,
                 Open    *open,
                 Open    *parent)
{
  if ((open->flags & ELEMENT_BREAK) != 0)
    need_break (builder, builder->breaks > 0 ? builder->breaks + 1 : 1);
  if ((open->flags & (ELEMENT_LIST | ELEMENT_INDENT)) != 0)
    builder->indent++;
  if ((open->flags & ELEMENT_LITERAL) != 0)
    builder->literal++;
  if ((open->flags & ELEMENT_ITEM) != 0)
    {
      parent->count++;
      builder->number = (parent->flags & ELEMENT_ORDERED) != 0 ? parent->count + 1 : 1;
    }
  if ((open->flags & ELEMENT_CELL) != 0)
    {
      builder->separator = parent->count > 0;
      builder->cells++;
    }
}

static void
start_element (void           *user_data,
               const xmlChar  *name,
               const xmlChar **attributes)
{
  Builder *builder = user_data;
  Open    *parent = &builder->open[builder->depth];
  Open    *open;
  gsize    element;

  if (builder->stopped)
    return;
  if (builder->depth >= MAX_DEPTH)
    {
      stop (builder);
      return;
    }
  element = find_element ((const char *) name);
  open = &builder->open[++builder->depth];
  *open = (Open){ ELEMENT_INLINE, parent->style, 0 };
  if (element == G_N_ELEMENTS (elements))
    return;
  open->flags = elements[element].flags;
  open->style |= elements[element].style;
  if ((open->flags & ELEMENT_DROP) != 0)
    builder->dropping++;
  if (builder->dropping > 0)
    return;
  /* rows of a table inside a cell begin lines of their own */
  if ((open->flags & (ELEMENT_ROW | ELEMENT_ITEM)) != 0 && builder->cells > 0 && parent->count == 0)
    builder->blank = TRUE;
  if ((open->flags & ELEMENT_PARAGRAPH) != 0)
    need_break (builder, 2);
  else if ((open->flags & ELEMENT_BLOCK) != 0)
    need_break (builder, 1);
  begin_structure (builder, open, parent);
  for (guint i = 0; (open->flags & ELEMENT_PICTURE) != 0 && attributes != NULL && attributes[i] != NULL; i += 2)
    if (g_ascii_strcasecmp ((const char *) attributes[i], "alt") == 0 && attributes[i + 1] != NULL)
      add_text (builder, (const char *) attributes[i + 1], strlen ((const char *) attributes[i + 1]));
}

static void
end_element (void          *user_data,
             const xmlChar *name)
{
  Builder *builder = user_data;
  Open    *open = &builder->open[builder->depth];

  if (builder->stopped || builder->depth == 0)
    return;
  builder->depth--;
  if (builder->dropping > 0)
    {
      if ((open->flags & ELEMENT_DROP) != 0)
        builder->dropping--;
      return;
    }
  if ((open->flags & (ELEMENT_LIST | ELEMENT_INDENT)) != 0)
    builder->indent--;
  if ((open->flags & ELEMENT_LITERAL) != 0)
    builder->literal--;
  if ((open->flags & ELEMENT_ITEM) != 0)
    builder->number = 0;
  if ((open->flags & ELEMENT_CELL) != 0)
    {
      builder->cells--;
      builder->open[builder->depth].count++;
      builder->blank = FALSE;
    }
  if ((open->flags & ELEMENT_PARAGRAPH) != 0)
    need_break (builder, 2);
  else if ((open->flags & ELEMENT_BLOCK) != 0)
    need_break (builder, 1);
}

static void
characters (void          *user_data,
            const xmlChar *text,
            int            length)
{
  add_text (user_data, (const char *) text, (gsize) MAX (length, 0));
}

/* Whatever can declare, load or expand something is absent here: no entity but the five of XML exists */
static void
set_handlers (xmlSAXHandler *sax)
{
  memset (sax, 0, sizeof *sax);
  sax->startElement = start_element;
  sax->endElement = end_element;
  sax->characters = characters;
  sax->ignorableWhitespace = characters;
  sax->cdataBlock = characters;
  sax->initialized = 1;
}

static void
builder_init (Builder *builder)
{
  memset (builder, 0, sizeof *builder);
  builder->text = g_string_new (NULL);
  builder->runs = g_array_new (FALSE, FALSE, sizeof (MwStyledRun));
}

static void
builder_clear (Builder *builder)
{
  g_string_free (builder->text, TRUE);
  g_array_unref (builder->runs);
}

static gboolean
parse_xml (Builder    *builder,
           const char *text,
           gsize       length)
{
  gboolean good;

  builder->parser = xmlNewParserCtxt ();
  set_handlers (builder->parser->sax);
  builder->parser->userData = builder;
  xmlFreeDoc (xmlCtxtReadMemory (builder->parser, text, (int) length, NULL, "UTF-8",
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  good = builder->parser->wellFormed || builder->stopped;
  xmlFreeParserCtxt (builder->parser);
  return good;
}

static void
parse_html (Builder    *builder,
            const char *text,
            gsize       length)
{
  builder->parser = htmlNewParserCtxt ();
  set_handlers (builder->parser->sax);
  builder->parser->userData = builder;
  xmlFreeDoc (htmlCtxtReadMemory (builder->parser, text, (int) length, NULL, "UTF-8",
                                  HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING));
  htmlFreeParserCtxt (builder->parser);
}

static void
initialise_library (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      xmlInitParser ();
      g_once_init_leave (&once, 1);
    }
}

static MwStyledText *
builder_end (Builder *builder)
{
  MwStyledText *result;

  while (builder->text->len > 0 && g_ascii_isspace (builder->text->str[builder->text->len - 1]))
    g_string_truncate (builder->text, builder->text->len - 1);
  while (builder->runs->len > 0)
    {
      MwStyledRun *last = &g_array_index (builder->runs, MwStyledRun, builder->runs->len - 1);

      last->end = MIN (last->end, (guint) builder->text->len);
      if (last->start < last->end)
        break;
      g_array_set_size (builder->runs, builder->runs->len - 1);
    }
  if (builder->text->len == 0)
    {
      builder_clear (builder);
      return NULL;
    }
  result = g_new0 (MwStyledText, 1);
  result->text = g_string_free (builder->text, FALSE);
  result->runs = builder->runs;
  return result;
}

/**
 * mw_narrative_to_text:
 * @xhtml: (nullable): the XHTML of a narrative, of any origin
 *
 * Turns a narrative into plain text with styles (FHIR R4 narrative.html). What is no XHTML is read as HTML.
 * Nothing is loaded, no entity is expanded, no link or attribute survives; what is longer than
 * MW_NARRATIVE_MAX_INPUT or nested deeper than 200 elements is cut there.
 *
 * Returns: (transfer full) (nullable): NULL when there is nothing to read
 */
MwStyledText *
mw_narrative_to_text (const char *xhtml)
{
  Builder     builder;
  gsize       length;
  const char *end;

  if (xhtml == NULL)
    return NULL;
  initialise_library ();
  length = strnlen (xhtml, MW_NARRATIVE_MAX_INPUT);
  if (!g_utf8_validate_len (xhtml, length, &end))
    length = (gsize) (end - xhtml);
  if (length == 0)
    return NULL;

  builder_init (&builder);
  if (!parse_xml (&builder, xhtml, length))
    {
      builder_clear (&builder);
      builder_init (&builder);
      parse_html (&builder, xhtml, length);
    }
  return builder_end (&builder);
}

/**
 * mw_narrative_for_resource:
 *
 * Returns: (transfer full) (nullable): the narrative of @resource; NULL when it has none, or says itself
 *   that it is empty
 */
MwStyledText *
mw_narrative_for_resource (JsonNode *resource)
{
  if (g_strcmp0 (mw_json_string (resource, "text.status"), "empty") == 0)
    return NULL;
  return mw_narrative_to_text (mw_json_string (resource, "text.div"));
}

/**
 * mw_narrative_to_plain:
 *
 * Returns: (transfer full) (nullable): the narrative as one line of at most @max_characters
 */
char *
mw_narrative_to_plain (const char *xhtml,
                       gsize       max_characters)
{
  g_autoptr (MwStyledText) styled = mw_narrative_to_text (xhtml);

  return styled != NULL ? mw_text_clean (styled->text, max_characters, FALSE) : NULL;
}

void
mw_styled_text_free (MwStyledText *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_array_unref (self->runs);
  g_free (self);
}
