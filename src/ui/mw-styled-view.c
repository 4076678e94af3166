/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-styled-view.h"

#include "mw-accessible.h"
#include "mw-config.h"

#include <glib/gi18n-lib.h>

static const struct
{
  MwStyleFlags flag;
  const char  *name;
} STYLES[] = {
  { MW_STYLE_BOLD, "bold" },
  { MW_STYLE_ITALIC, "italic" },
  { MW_STYLE_UNDERLINE, "underline" },
  { MW_STYLE_STRIKE, "strike" },
  { MW_STYLE_CODE, "code" },
  { MW_STYLE_SUPERSCRIPT, "superscript" },
  { MW_STYLE_SUBSCRIPT, "subscript" },
  { MW_STYLE_SMALL, "small" },
  { MW_STYLE_HEADING, "heading" },
  { MW_STYLE_QUOTE, "quote" },
};

static void
add_tags (GtkTextBuffer *buffer)
{
  gtk_text_buffer_create_tag (buffer, "bold", "weight", PANGO_WEIGHT_BOLD, NULL);
  gtk_text_buffer_create_tag (buffer, "italic", "style", PANGO_STYLE_ITALIC, NULL);
  gtk_text_buffer_create_tag (buffer, "underline", "underline", PANGO_UNDERLINE_SINGLE, NULL);
  gtk_text_buffer_create_tag (buffer, "strike", "strikethrough", TRUE, NULL);
  gtk_text_buffer_create_tag (buffer, "code", "family", "monospace", NULL);
  gtk_text_buffer_create_tag (buffer, "superscript", "rise", 4 * PANGO_SCALE, "scale", 0.8, NULL);
  gtk_text_buffer_create_tag (buffer, "subscript", "rise", -3 * PANGO_SCALE, "scale", 0.8, NULL);
  gtk_text_buffer_create_tag (buffer, "small", "scale", 0.85, NULL);
  gtk_text_buffer_create_tag (buffer, "heading", "weight", PANGO_WEIGHT_BOLD, "scale", 1.15, NULL);
  gtk_text_buffer_create_tag (buffer, "quote", "left-margin", 24, "style", PANGO_STYLE_ITALIC, NULL);
}

static void
style_run (GtkTextBuffer     *buffer,
           const char        *text,
           gsize              length,
           const MwStyledRun *run)
{
  GtkTextIter start, end;

  if (run->start > run->end || run->end > length)
    return;
  gtk_text_buffer_get_iter_at_offset (buffer, &start, g_utf8_pointer_to_offset (text, text + run->start));
  gtk_text_buffer_get_iter_at_offset (buffer, &end, g_utf8_pointer_to_offset (text, text + run->end));
  for (guint i = 0; i < G_N_ELEMENTS (STYLES); i++)
    if (run->style & STYLES[i].flag)
      gtk_text_buffer_apply_tag_by_name (buffer, STYLES[i].name, &start, &end);
}

/**
 * mw_styled_view_new:
 *
 * A view of the sender's own text. It can be selected and copied, and does nothing else: no link is
 * followed and nothing is fetched.
 */
GtkWidget *
mw_styled_view_new (const MwStyledText *text)
{
  GtkWidget     *view = gtk_text_view_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gsize          length = strlen (text->text);

  add_tags (buffer);
  gtk_text_buffer_set_text (buffer, text->text, (int) length);
  for (guint i = 0; text->runs != NULL && i < text->runs->len; i++)
    style_run (buffer, text->text, length, &g_array_index (text->runs, MwStyledRun, i));
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (view, "mw-plain");
  mw_accessible_set_name (view, _ ("Text of the sender"));
  return view;
}
