/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-connections.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MwCheckResult:
 * @MW_CHECK_PASSED: as it should be
 * @MW_CHECK_WARNED: works, but not for everything or not as it should
 * @MW_CHECK_FAILED: does not work
 * @MW_CHECK_SKIPPED: was not tried, because of what failed before
 */
typedef enum
{
  MW_CHECK_PASSED,
  MW_CHECK_WARNED,
  MW_CHECK_FAILED,
  MW_CHECK_SKIPPED,
} MwCheckResult;

/**
 * MwCheckStep:
 * @name: "address", "reach", "certificate", "fhir", "clock", "access", "permissions", "directory", or the kind of a
 *   workflow
 * @text: what was found, a sentence for a person
 *
 * One step of the test of a connection.
 */
typedef struct
{
  const char   *name;
  MwCheckResult result;
  char         *text;
} MwCheckStep;

const char *mw_check_result_word (MwCheckResult result);
void        mw_connection_check_async (const MwConnection *connection,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
GPtrArray  *mw_connection_check_finish (GAsyncResult *result,
                                        GError      **error);

G_END_DECLS
