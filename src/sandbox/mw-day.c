/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-day.h"

struct _MwDay
{
  MwWorld *world;
};

MwDay *
mw_day_new (MwWorld *world)
{
  MwDay *self = g_new0 (MwDay, 1);

  self->world = world;
  return self;
}

void
mw_day_free (MwDay *self)
{
  g_free (self);
}

void
mw_day_play (MwDay *self)
{
}
