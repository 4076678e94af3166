/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-fhir-error.h"

G_DEFINE_QUARK (mw_fhir_error, mw_fhir_error)
