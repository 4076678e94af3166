/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-item.h"
#include "mw-link.h"
#include "mw-request.h"

G_BEGIN_DECLS

typedef enum
{
  MW_RECORD_DONE,
  MW_RECORD_LATER,
  MW_RECORD_UNKNOWN,
  MW_RECORD_ATTENTION,
  MW_RECORD_OTHER_WAY, /* refused as it was: nothing took effect, and it is planned anew */
} MwRecordEnd;

/**
 * MwAttemptRecord:
 * @last: whether it is the item's last request
 * @was_unknown: whether an earlier attempt may have taken effect
 * @answer: (nullable): NULL when nothing was sent this time
 * @location: (nullable): of what was made
 * @uses_try: of LATER: whether it counts as a try
 * @until: of LATER: µs when the connection's pause ends
 * @word: (nullable): what the refusal taught about the server, a word of mw-learned.h
 * @way_sentence: of OTHER_WAY: why, for the timeline
 *
 * How an attempt ended, to be written in one transaction.
 */
typedef struct
{
  MwItem         *item;
  MwRequest      *request;
  GPtrArray      *requests;
  gint64          connection;
  const char     *base;
  gint64          attempt;
  gboolean        last;
  gboolean        was_unknown;
  const MwAnswer *answer;
  MwRecordEnd     end;
  const char     *location;
  const char     *wait;
  gboolean        uses_try;
  gint64          until;
  const char     *code;
  const char     *sentence;
  const char     *word;
  const char     *way_sentence;
} MwAttemptRecord;

gint64   mw_attempt_record_begin (MwLink    *link,
                                  MwItem    *item,
                                  MwRequest *request,
                                  GBytes    *body,
                                  gint64     attempt);
gboolean mw_attempt_record_query (MwLink     *link,
                                  gint64      item,
                                  const char *method,
                                  const char *url);
gboolean mw_attempt_record_write (MwCore                *core,
                                  const MwAttemptRecord *record);
void     mw_attempt_record_looked_up (MwCore  *core,
                                      MwItem  *item,
                                      gboolean found);

G_END_DECLS
