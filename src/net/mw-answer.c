/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-answer-private.h"

/**
 * mw_answer_new:
 *
 * Returns: (transfer full): an answer that says nothing yet
 */
MwAnswer *
mw_answer_new (void)
{
  MwAnswer *self = g_new0 (MwAnswer, 1);

  self->answer_class = MW_ANSWER_NOT_SENT;
  self->retry_after = -1;
  return self;
}

/**
 * mw_answer_free:
 * @self: (nullable) (transfer full): an answer
 *
 * Frees @self and all it holds.
 */
void
mw_answer_free (MwAnswer *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->resource, json_node_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->content_type);
  g_free (self->location);
  g_free (self->content_location);
  g_free (self->etag);
  g_free (self->detail);
  g_free (self->next);
  g_free (self);
}

/**
 * mw_answer_is_success:
 * @self: an answer
 *
 * Returns: whether the server did it, took it into custody, or has nothing newer
 */
gboolean
mw_answer_is_success (const MwAnswer *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->answer_class == MW_ANSWER_DONE || self->answer_class == MW_ANSWER_TAKEN || self->answer_class == MW_ANSWER_UNCHANGED;
}
