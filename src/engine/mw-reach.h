/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"
#include "mw-draft.h"
#include "mw-endpoint-row.h"
#include "mw-person.h"

G_BEGIN_DECLS

/* Who a draft is for and where that one is reached, as far as the store knows: it asks no server. What a person has
 * answered about the item counts; what is not certain is left open, never guessed. */

/** MW_REACH_MAX_AGE: what was read longer ago than this is read again before it is relied on, where that can be done */
#define MW_REACH_MAX_AGE G_TIME_SPAN_DAY

/**
 * MwReachEnd:
 * @MW_REACH_READY: a connection leads there
 * @MW_REACH_CONNECT: its address is known, and is not that of a connection
 * @MW_REACH_UNDECIDED: endpoints of equal standing lead to different places
 * @MW_REACH_NOWHERE: no endpoint can be used
 * @MW_REACH_SEVERAL: several fit the words, or one of whom that is not certain
 * @MW_REACH_NOBODY: nobody here fits the words
 * @MW_REACH_MISSING: who is referred to is not here
 * @MW_REACH_UNNAMED: the draft names nobody
 */
typedef enum
{
  MW_REACH_READY,
  MW_REACH_CONNECT,
  MW_REACH_UNDECIDED,
  MW_REACH_NOWHERE,
  MW_REACH_SEVERAL,
  MW_REACH_NOBODY,
  MW_REACH_MISSING,
  MW_REACH_UNNAMED,
} MwReachEnd;

/**
 * MwReachRefusal:
 * @name: of the endpoint, safe to show
 * @reason: why it is not used, a sentence for a person
 */
typedef struct
{
  char *name;
  char *reason;
} MwReachRefusal;

/**
 * MwReach:
 * @person: (nullable): who it is for
 * @candidates: (element-type MwPerson): of SEVERAL
 * @connection: (nullable): of READY
 * @endpoint: (nullable): the one chosen; NULL when it goes to where @person is listed
 * @owner: (nullable): whose endpoint that is
 * @owner_type: (nullable): what that one is: "Organization", "OrganizationAffiliation" …
 * @equals: (element-type MwEndpointRow): of UNDECIDED
 * @refused: (element-type MwReachRefusal): endpoints that were looked at and not used
 * @used: (element-type utf8): references of all that this rests on
 * @missing: (element-type utf8): references of what is named and is not here
 * @organizations: (element-type utf8): references of the organisations whose endpoints were looked at
 * @oldest: µs when the oldest of @used was last read; 0 when that is not known
 * @by_person: a person has said who, or which endpoint
 */
typedef struct
{
  MwReachEnd     end;
  MwPerson      *person;
  GPtrArray     *candidates;
  MwConnection  *connection;
  MwEndpointRow *endpoint;
  char          *owner;
  char          *owner_type;
  GPtrArray     *equals;
  GPtrArray     *refused;
  GPtrArray     *used;
  GPtrArray     *missing;
  GPtrArray     *organizations;
  gint64         oldest;
  gboolean       by_person;
} MwReach;

MwReach      *mw_reach_new (MwDb          *db,
                            const MwDraft *draft,
                            gint64         item,
                            gint64         now,
                            GHashTable    *lost);
MwReach      *mw_reach_of_person (MwDb           *db,
                                  const MwPerson *person,
                                  gint64          now);
void          mw_reach_free (MwReach *self);
const char   *mw_reach_get_address (const MwReach *self);
gint64        mw_reach_read_at (MwDb       *db,
                                const char *reference);
MwConnection *mw_reach_connection_of (MwDb       *db,
                                      const char *address);
JsonNode     *mw_reach_load (MwDb       *db,
                             const char *reference);
gboolean      mw_reach_is_old (const MwReach *self,
                               gint64         now);
char         *mw_reach_words (const MwReach *self,
                              MwDb          *db,
                              const MwDraft *draft);
char         *mw_reach_refusals (const MwReach *self,
                                 guint          max);

/* By words */
GPtrArray *mw_reach_find (MwDb       *db,
                          const char *text,
                          gint64      now,
                          gboolean   *sure);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwReach, mw_reach_free)

G_END_DECLS
