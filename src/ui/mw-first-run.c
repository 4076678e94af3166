/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-first-run.h"

#include "mw-accessible.h"
#include "mw-config.h"

struct _MwFirstRun
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (MwFirstRun, mw_first_run, ADW_TYPE_BIN)

static void
mw_first_run_class_init (MwFirstRunClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), MW_APP_PATH "/ui/mw-first-run.ui");
}

static void
mw_first_run_init (MwFirstRun *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (GTK_WIDGET (self));
}
