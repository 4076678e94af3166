/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-compose-rules.h"
#include "mw-store.h"

G_BEGIN_DECLS

/* The fields of the compose window: a draft goes in, a draft comes out; nothing is written here.
 *
 * Signals: "changed"; "choose-records"; "choose-files"; "remove-file" (gint64 id). */

#define MW_TYPE_COMPOSE_FORM (mw_compose_form_get_type ())
G_DECLARE_FINAL_TYPE (MwComposeForm, mw_compose_form, MW, COMPOSE_FORM, AdwBin)

void     mw_compose_form_set_store (MwComposeForm *self,
                                    MwStore       *store);
void     mw_compose_form_set_draft (MwComposeForm *self,
                                    const MwDraft *draft);
MwDraft *mw_compose_form_get_draft (MwComposeForm *self);
void     mw_compose_form_set_kind (MwComposeForm *self,
                                   const char    *kind);
void     mw_compose_form_set_resources (MwComposeForm     *self,
                                        const char *const *references);
void     mw_compose_form_set_files (MwComposeForm *self,
                                    GPtrArray     *files);
void     mw_compose_form_set_quote (MwComposeForm *self,
                                    const char    *title,
                                    const char    *text);
void     mw_compose_form_show_problem (MwComposeForm *self,
                                       MwComposeField field,
                                       const char    *sentence);
void     mw_compose_form_focus_first (MwComposeForm *self);
gint64   mw_compose_form_get_patient (MwComposeForm *self);

G_END_DECLS
