/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-probe.h"

#include "mw-endpoint-row.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *address;
  const char *trouble;
  gint64      at;
} Probe;

static gint64
write_probe (MwDb    *db,
             gpointer data,
             GError **error)
{
  Probe *probe = data;

  return mw_endpoint_rows_set_probe (db, probe->address, probe->trouble, probe->at, error) ? 0 : -1;
}

/**
 * mw_probe_note:
 * @trouble: (nullable): a sentence; NULL when a FHIR server is there
 * @at: µs
 *
 * Keeps what was found at an address, unless that is known to be newer.
 */
void
mw_probe_note (MwCore     *core,
               const char *address,
               const char *trouble,
               gint64      at)
{
  Probe probe = { address, trouble, at };

  if (address != NULL && mw_endpoint_rows_probed (core->db, address, NULL, NULL) < at)
    mw_store_write (core->store, write_probe, &probe, NULL);
}

/** mw_probe_lost_words: Returns: what stands in the way where no FHIR server is any more */
const char *
mw_probe_lost_words (void)
{
  return _ ("No FHIR server answers there any more.");
}
