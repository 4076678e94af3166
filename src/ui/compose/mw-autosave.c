/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-autosave.h"

/**
 * mw_autosave_touch:
 *
 * Something was changed. The write is put off while changes go on, but not for ever.
 */
void
mw_autosave_touch (MwAutosave *self,
                   gint64      now)
{
  if (!mw_autosave_is_dirty (self) || (self->busy && self->changed == self->writing))
    self->first = now;
  self->changed++;
  self->due = MIN (now + MW_AUTOSAVE_PAUSE, self->first + MW_AUTOSAVE_LONGEST);
}

/**
 * mw_autosave_is_dirty:
 *
 * Returns: whether there is something that no finished write contains
 */
gboolean
mw_autosave_is_dirty (const MwAutosave *self)
{
  return self->changed != self->written;
}

/**
 * mw_autosave_wait:
 *
 * Returns: µs until a write is due, 0 for now, or MW_AUTOSAVE_NEVER while there is nothing to write or
 *   a write is under way
 */
gint64
mw_autosave_wait (const MwAutosave *self,
                  gint64            now)
{
  if (self->busy || !mw_autosave_is_dirty (self))
    return MW_AUTOSAVE_NEVER;
  return MAX (0, self->due - now);
}

/**
 * mw_autosave_begin:
 *
 * Returns: FALSE while another write is under way: two could overtake each other
 */
gboolean
mw_autosave_begin (MwAutosave *self)
{
  if (self->busy)
    return FALSE;
  self->busy = TRUE;
  self->writing = self->changed;
  return TRUE;
}

/**
 * mw_autosave_end:
 * @written: whether the write was committed; when it was not, it is due again after a while
 */
void
mw_autosave_end (MwAutosave *self,
                 gboolean    written,
                 gint64      now)
{
  g_return_if_fail (self->busy);

  self->busy = FALSE;
  if (written)
    self->written = self->writing;
  else
    self->due = MAX (self->due, now + MW_AUTOSAVE_RETRY);
}
