/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox.h"

int
main (int    argc,
      char **argv)
{
  return mw_sandbox_main (argc, argv);
}
