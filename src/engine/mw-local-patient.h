/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-demographics.h"
#include "mw-person.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* A patient who is on no server that is known here: a Patient without an id and without a connection, made from what a
 * person knows. It has a reference all the same, a urn:uuid, by which drafts, threads and links name it as they name any
 * other; who it is on a server is found out when something is sent there. */

gboolean mw_local_patient_is (const char *reference);
char    *mw_local_patient_identity (const char *reference,
                                    const char *base);
gint64   mw_local_patients_put (MwDb                 *db,
                                const MwDemographics *known,
                                gint64                now,
                                GError              **error);
void     mw_local_patients_put_async (MwStore              *store,
                                      const MwDemographics *known,
                                      gint64                now,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
gint64   mw_local_patients_put_finish (MwStore      *store,
                                       GAsyncResult *result,
                                       GError      **error);
char    *mw_local_patient_known_by (const MwPerson *person);

G_END_DECLS
