/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-json.h"

G_BEGIN_DECLS

/** MW_NARRATIVE_MAX_INPUT: bytes of XHTML; a longer one is cut before it is read */
#define MW_NARRATIVE_MAX_INPUT (1024 * 1024)
/** MW_NARRATIVE_MAX_TEXT: bytes of the text made of it */
#define MW_NARRATIVE_MAX_TEXT (256 * 1024)

typedef enum
{
  MW_STYLE_NONE = 0,
  MW_STYLE_BOLD = 1 << 0,
  MW_STYLE_ITALIC = 1 << 1,
  MW_STYLE_UNDERLINE = 1 << 2,
  MW_STYLE_STRIKE = 1 << 3,
  MW_STYLE_CODE = 1 << 4,
  MW_STYLE_SUPERSCRIPT = 1 << 5,
  MW_STYLE_SUBSCRIPT = 1 << 6,
  MW_STYLE_SMALL = 1 << 7,
  MW_STYLE_HEADING = 1 << 8,
  MW_STYLE_QUOTE = 1 << 9,
} MwStyleFlags;

/**
 * MwStyledRun:
 * @start: byte offset into the text
 * @end: byte offset after the last byte
 */
typedef struct
{
  guint        start;
  guint        end;
  MwStyleFlags style;
} MwStyledRun;

/**
 * MwStyledText:
 * @text: valid UTF-8, lines end with a line feed; no control or direction-changing characters
 * @runs: (element-type MwStyledRun): in order, never overlapping; unstyled text has no run
 */
typedef struct
{
  char   *text;
  GArray *runs;
} MwStyledText;

MwStyledText *mw_narrative_to_text (const char *xhtml);
MwStyledText *mw_narrative_for_resource (JsonNode *resource);
char         *mw_narrative_to_plain (const char *xhtml,
                                     gsize       max_characters);
void          mw_styled_text_free (MwStyledText *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwStyledText, mw_styled_text_free)

G_END_DECLS
