/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-world.h"

G_BEGIN_DECLS

/* What can arrive in the clinician's inbox at the practice. Each function writes it now, by the
 * world's clock. @person is a number of mw_world_person(). @key makes identities: the same key
 * means the same thing. */

char *mw_world_urn (MwWorld    *self,
                    const char *key);

/* Da Vinci notifications, as messages from the hospital */
typedef enum
{
  MW_ADT_ADMIT,
  MW_ADT_TRANSFER,
  MW_ADT_DISCHARGE,
} MwAdt;

void mw_arrive_adt (MwWorld    *self,
                    guint       person,
                    const char *key,
                    MwAdt       adt,
                    gboolean    emergency,
                    const char *reason);
void mw_arrive_lab_report (MwWorld    *self,
                           guint       person,
                           const char *key);
void mw_arrive_refill (MwWorld    *self,
                       guint       person,
                       const char *key,
                       const char *medication);
void mw_arrive_coverage_change (MwWorld    *self,
                                guint       person,
                                const char *key);
void mw_arrive_new_condition (MwWorld    *self,
                              guint       person,
                              const char *key,
                              const char *snomed,
                              const char *condition);

/* Other things */
void mw_arrive_critical_value (MwWorld    *self,
                               guint       person,
                               const char *key,
                               const char *loinc,
                               const char *name,
                               const char *value,
                               const char *unit);
void mw_arrive_referral (MwWorld    *self,
                         guint       person,
                         const char *key,
                         const char *from,
                         const char *what,
                         const char *why,
                         const char *priority);
void mw_arrive_data_request (MwWorld    *self,
                             guint       person,
                             const char *key,
                             const char *loinc,
                             const char *document);
void mw_arrive_data_query (MwWorld    *self,
                           guint       person,
                           const char *key,
                           const char *query);
void mw_arrive_message (MwWorld    *self,
                        guint       person,
                        const char *key,
                        const char *sender,
                        const char *recipient,
                        const char *topic,
                        const char *text,
                        const char *answer_to);
void mw_arrive_thread_header (MwWorld    *self,
                              guint       person,
                              const char *key,
                              const char *topic);
void mw_arrive_in_thread (MwWorld    *self,
                          guint       person,
                          const char *key,
                          const char *header,
                          const char *sender,
                          const char *text);
void mw_arrive_old_referral (MwWorld    *self,
                             guint       person,
                             const char *key,
                             gboolean    answered);
void mw_arrive_notification (MwWorld    *self,
                             const char *key,
                             const char *focus);
void mw_morning_fill (MwWorld *self);

/* A letter as DocumentReference with its text and its PDF in it, to be written to @site */
JsonNode *mw_letter_new (MwWorld    *self,
                         MwSite     *site,
                         const char *patient,
                         const char *key,
                         const char *author,
                         const char *loinc,
                         const char *type,
                         const char *text);

G_END_DECLS
