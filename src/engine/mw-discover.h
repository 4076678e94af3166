/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-link.h"
#include "mw-reach.h"

G_BEGIN_DECLS

/**
 * MwDiscoverEnd:
 * @MW_DISCOVER_FOUND: who it is for and where that one is reached is known, or it is somebody who is yet to be read
 * @MW_DISCOVER_HELD: what is needed cannot be asked for now
 * @MW_DISCOVER_ASKED: a person has to say; the question is on disk
 * @MW_DISCOVER_ATTENTION: there is no way, and a sentence says why
 * @MW_DISCOVER_STOPPED: the engine stops, or the item has moved on
 */
typedef enum
{
  MW_DISCOVER_FOUND,
  MW_DISCOVER_HELD,
  MW_DISCOVER_ASKED,
  MW_DISCOVER_ATTENTION,
  MW_DISCOVER_STOPPED,
} MwDiscoverEnd;

/**
 * MwDiscovered:
 * @reach: (nullable): of FOUND
 * @words: (nullable): of FOUND: what was found and how, for the journal
 * @sentence: (nullable): of HELD and ATTENTION
 * @wait: (nullable): of HELD: a MW_WAIT code
 * @until: of HELD: µs; 0: by back-off
 */
typedef struct
{
  MwDiscoverEnd end;
  MwReach      *reach;
  char         *words;
  char         *sentence;
  const char   *wait;
  gint64        until;
} MwDiscovered;

void          mw_discovered_free (MwDiscovered *self);
void          mw_discover_async (MwCore             *core,
                                 gint64              item,
                                 gint64              revision,
                                 const MwDraft      *draft,
                                 const char         *lost,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
MwDiscovered *mw_discover_finish (GAsyncResult *result);

/* The questions: each is asked once, with the item waiting for the answer */
gboolean mw_discover_ask_recipient (MwCore        *core,
                                    gint64         item,
                                    gint64         revision,
                                    const MwDraft *draft,
                                    const MwReach *reach);
gboolean mw_discover_ask_endpoint (MwCore        *core,
                                   gint64         item,
                                   gint64         revision,
                                   const MwReach *reach);
gboolean mw_discover_ask_connect (MwCore        *core,
                                  gint64         item,
                                  gint64         revision,
                                  const MwReach *reach);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwDiscovered, mw_discovered_free)

G_END_DECLS
