/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "mw-sign-in-card.h"
#include "mw-id-list.h"

G_BEGIN_DECLS

/* The middle pane: search field, rows, and what can be done with several of them.
 *
 * "picked" (gint64): the one row that is selected now; 0 when none or several are
 * "opened" (): a person wants to read the row that is selected */

#define MW_TYPE_LIST_PAGE (mw_list_page_get_type ())
G_DECLARE_FINAL_TYPE (MwListPage, mw_list_page, MW, LIST_PAGE, GtkWidget)

void          mw_list_page_set_store (MwListPage *self,
                                      MwStore    *store);
MwIdList     *mw_list_page_get_model (MwListPage *self);
void          mw_list_page_show (MwListPage *self,
                                 MwPlaceId   place);
MwPlaceId     mw_list_page_get_place (MwListPage *self);
void          mw_list_page_set_folded (MwListPage *self,
                                       gboolean    show_back,
                                       gboolean    show_end_buttons);
MwSignInCard *mw_list_page_get_sign_in_card (MwListPage *self);
void          mw_list_page_set_offline (MwListPage *self,
                                        gboolean    offline);
gboolean      mw_list_page_is_filled (MwListPage *self);
void          mw_list_page_focus_search (MwListPage *self);
void          mw_list_page_focus_list (MwListPage *self);
gboolean      mw_list_page_clear_search (MwListPage *self);
gint64        mw_list_page_get_picked (MwListPage *self);
GArray       *mw_list_page_get_selected (MwListPage *self);
void          mw_list_page_clear_selection (MwListPage *self);
gboolean      mw_list_page_pick (MwListPage *self,
                                 gint64      id);
void          mw_list_page_popup_snooze (MwListPage *self);
void          mw_list_page_step (MwListPage *self,
                                 int         by);

G_END_DECLS
