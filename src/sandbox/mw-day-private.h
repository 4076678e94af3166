/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-day.h"

G_BEGIN_DECLS

#define MW_DAY_MAX_PEOPLE 12

struct _MwDay
{
  MwWorld *world;
  guint    slots[MW_DAY_MAX_PEOPLE];
  gboolean playing;
  gint64   thanked; /* when somebody last said thanks for a push */
};

void      mw_day_cast (MwDay *self);
gint64    mw_day_between (MwDay      *self,
                          const char *key,
                          gint64      from,
                          gint64      to);
char     *mw_day_doctor_of (MwDay    *self,
                            MwSite   *site,
                            JsonNode *reference);
JsonNode *mw_day_resolve (MwDay    *self,
                          MwSite   *site,
                          JsonNode *reference);
guint     mw_day_person_of (MwDay    *self,
                            MwSite   *site,
                            JsonNode *reference);
/* who the patient of @site is at the practice: a Reference, or NULL */
JsonNode *mw_day_subject_at_practice (MwDay    *self,
                                      MwSite   *site,
                                      JsonNode *subject);
JsonNode *mw_day_reference_from_practice (MwDay    *self,
                                          MwSite   *site,
                                          JsonNode *resource);
/* Says something to the clinician: a Communication at the practice, @delay from now */
void mw_day_tell (MwDay      *self,
                  const char *key,
                  const char *sender,
                  const char *topic,
                  const char *text,
                  JsonNode   *links,
                  gint64      delay);

/* Each looks at what a client wrote, and starts what follows from it */
void mw_day_react_to_task (MwDay      *self,
                           MwSite     *site,
                           JsonNode   *task,
                           JsonNode   *before,
                           const char *message);
void mw_day_start_request (MwDay      *self,
                           MwSite     *site,
                           JsonNode   *task,
                           const char *message);
void mw_day_react_to_request (MwDay    *self,
                              MwSite   *site,
                              JsonNode *request);
void mw_day_react_to_communication (MwDay    *self,
                                    MwSite   *site,
                                    JsonNode *communication);
void mw_day_react_to_push (MwDay    *self,
                           MwSite   *site,
                           JsonNode *resource);
/* Writes the next version of a Task for its owner; FALSE when it ended meanwhile */
gboolean mw_day_move_task (MwDay      *self,
                           MwSite     *site,
                           const char *id,
                           const char *status,
                           const char *business,
                           const char *reason,
                           JsonNode   *output,
                           JsonNode   *contained);

G_END_DECLS
