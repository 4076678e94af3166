/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-db.h"
#include "mw-json.h"

G_BEGIN_DECLS

/* An answer about another patient than its request. While nobody has decided, it is filed in no record and answers
 * nothing. */

/* What a person may decide */
#define MW_CHECK_BELONGS "belongs"
#define MW_CHECK_DOES_NOT_BELONG "does-not-belong"

/**
 * MwPatientCheck:
 * @entry: where it is shown
 * @resource: the row of what arrived
 * @expected: the row of whom the request is about
 * @found: whom the answer says it is about: an absolute reference, or what else identifies them
 * @patient: the row of that one; 0 when not known here
 * @who: that one, with birth date
 * @text: the warning, in the person's language
 * @document: it is a document that came along which says so; the answer itself does not
 * @own: of a document's check: the row of whose record the answer itself goes to; 0 for none
 * @lines: an array of what is known of both, each line as in a question's choice: "here" is the request's patient
 * @decision: (nullable): one of the codes above; NULL while it is open
 * @decided: µs; 0 while it is open
 */
typedef struct
{
  gint64    id;
  gint64    thread;
  gint64    entry;
  gint64    resource;
  gint64    expected;
  char     *found;
  gint64    patient;
  char     *who;
  char     *text;
  gboolean  document;
  gint64    own;
  JsonNode *lines;
  gint64    raised;
  char     *decision;
  gint64    decided;
} MwPatientCheck;

void            mw_patient_check_free (MwPatientCheck *self);
gint64          mw_patient_check_filed (const MwPatientCheck *self);
MwPatientCheck *mw_patient_checks_load (MwDb  *db,
                                        gint64 id);
MwPatientCheck *mw_patient_checks_find (MwDb       *db,
                                        gint64      resource,
                                        const char *found);
MwPatientCheck *mw_patient_checks_of_entry (MwDb  *db,
                                            gint64 entry);
MwPatientCheck *mw_patient_checks_open_in_thread (MwDb  *db,
                                                  gint64 thread);
gint64          mw_patient_checks_raise (MwDb                 *db,
                                         const MwPatientCheck *check,
                                         gint64                now,
                                         GError              **error);
gboolean        mw_patient_checks_drop_open (MwDb      *db,
                                             gint64     resource,
                                             GPtrArray *but,
                                             GError   **error);
gboolean        mw_patient_checks_hold (MwDb    *db,
                                        gint64   id,
                                        gint64   resource,
                                        GError **error);
gboolean        mw_patient_checks_file (MwDb    *db,
                                        gint64   resource,
                                        gint64   patient,
                                        GError **error);
gboolean        mw_patient_checks_decide (MwDb       *db,
                                          gint64      id,
                                          const char *decision,
                                          gint64      now,
                                          GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPatientCheck, mw_patient_check_free)

G_END_DECLS
