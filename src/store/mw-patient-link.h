/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"

G_BEGIN_DECLS

/* The same patient on two servers. A link is what an item goes by until a person revokes it; revoked ones stay, for the
 * record. */

/* How it is known */
#define MW_LINK_CERTAIN "certain"       /* the server is certain, and name and birth date agree */
#define MW_LINK_IDENTIFIER "identifier" /* the only one with a number of the patient; name and birth date agree */
#define MW_LINK_PERSON "person"         /* a person has said so */
#define MW_LINK_MEMBER "member-match"   /* the plan says that this is its member (Da Vinci HRex, $member-match) */
#define MW_LINK_CREATED "created"       /* the server made the record from what was sent */

/**
 * MwPatientLink:
 * @patient: absolute, on the home connection; or the urn: of one who is known here only
 * @reference: absolute, on @connection
 * @how: one of the codes above
 * @revoked: µs; 0 while it is valid
 */
typedef struct
{
  gint64 id;
  char  *patient;
  gint64 connection;
  char  *reference;
  char  *how;
  gint64 made;
  gint64 revoked;
} MwPatientLink;

void           mw_patient_link_free (MwPatientLink *self);
gint64         mw_patient_links_make (MwDb       *db,
                                      const char *patient,
                                      gint64      connection,
                                      const char *reference,
                                      const char *how,
                                      gint64      item,
                                      gint64      now,
                                      GError    **error);
MwPatientLink *mw_patient_links_load (MwDb  *db,
                                      gint64 id);
MwPatientLink *mw_patient_links_find (MwDb       *db,
                                      const char *patient,
                                      gint64      connection);
GPtrArray     *mw_patient_links_list (MwDb    *db,
                                      GError **error);
gboolean       mw_patient_links_revoke (MwDb    *db,
                                        gint64   id,
                                        gint64   now,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPatientLink, mw_patient_link_free)

G_END_DECLS
