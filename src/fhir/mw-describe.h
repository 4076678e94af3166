/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-datatypes.h"
#include "mw-narrative.h"

G_BEGIN_DECLS

/**
 * MwDescriptionField:
 * @label: translated
 * @value: text of one or several lines; "" when the field is a heading over the deeper ones below it
 * @level: 0 for the resource's own elements, deeper for what belongs to the field above
 * @loud: whether it must not be overlooked (entered in error, a modifier)
 */
typedef struct
{
  char    *label;
  char    *value;
  guint    level;
  gboolean loud;
} MwDescriptionField;

/**
 * MwDescriptionAttachment:
 * @title: what to call it; never a path
 * @content_type: (nullable): as the sender says
 * @url: (nullable): where it is, when it is not here
 * @path: the element path of the Attachment in the resource, for mw_json_get(); of a Binary ""
 * @size: bytes, or -1 when nobody said
 * @has_data: whether the data is in the resource, base64 at "data" below @path
 */
typedef struct
{
  char    *title;
  char    *content_type;
  char    *url;
  char    *path;
  gint64   size;
  gboolean has_data;
} MwDescriptionAttachment;

/**
 * MwDescription:
 * @title: short, never empty: "Emergency encounter"
 * @summary: one line, may be "": "In progress since 13:51 · St. Mary's, ED 2"
 * @warning: (nullable): what must be shown before all else: "Entered in error"
 * @fields: (element-type MwDescriptionField): in clinical order
 * @narrative: (nullable): the sender's own text
 * @attachments: (element-type MwDescriptionAttachment):
 *
 * A resource in words.
 */
typedef struct
{
  char         *title;
  char         *summary;
  char         *warning;
  GPtrArray    *fields;
  MwStyledText *narrative;
  GPtrArray    *attachments;
} MwDescription;

MwDescription *mw_describe (JsonNode                *resource,
                            const MwDescribeContext *context);
void           mw_description_free (MwDescription *self);
char          *mw_description_to_plain (const MwDescription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwDescription, mw_description_free)

G_END_DECLS
