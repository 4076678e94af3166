/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/**
 * MwPerson:
 * @reference: absolute
 * @type: Patient, Practitioner, PractitionerRole, Organization, CareTeam, Endpoint …
 * @identifiers: (nullable): for the banner: "MRN 00-4711 · Member 884-22-1"
 * @tokens: (nullable): "system|value", one a line
 * @detail: (nullable): what tells namesakes apart
 * @organization: (nullable): absolute reference
 * @endpoint: (nullable): of an Endpoint its address, else the absolute reference of one
 * @practitioner: (nullable): of a PractitionerRole the absolute reference of who has it
 * @source: (nullable): the published list that it comes from; NULL or empty for a server
 * @fetched: µs when it was last read from its server; 0 when it never was
 *
 * Somebody or something that can be written about or to.
 */
typedef struct
{
  gint64   id;
  gint64   connection;
  char    *reference;
  char    *type;
  char    *name;
  char    *birth_date;
  char    *gender;
  char    *identifiers;
  char    *tokens;
  char    *detail;
  char    *organization;
  char    *endpoint;
  gboolean active;
  char    *practitioner;
  char    *source;
  gint64   fetched;
} MwPerson;

void      mw_person_free (MwPerson *self);
MwPerson *mw_people_load (MwDb  *db,
                          gint64 id);
MwPerson *mw_people_by_reference (MwDb       *db,
                                  const char *reference);
gint64    mw_people_put (MwDb           *db,
                         const MwPerson *person,
                         GError        **error);
gint64    mw_people_find_by_tokens (MwDb       *db,
                                    const char *type,
                                    const char *tokens);
gboolean  mw_people_mark_gone (MwDb       *db,
                               const char *reference,
                               gint64      now,
                               GError    **error);
gboolean  mw_people_search (MwDb              *db,
                            const char        *words,
                            const char *const *types,
                            guint              limit,
                            GArray            *ids,
                            GError           **error);
gboolean  mw_people_mark_used (MwDb    *db,
                               gint64   id,
                               gint64   now,
                               GError **error);
char     *mw_people_fold (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPerson, mw_person_free)

G_END_DECLS
