/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "mw-window.h"

#include "mw-list-page.h"
#include "mw-outbox.h"
#include "mw-reading-pane.h"
#include "mw-settings.h"
#include "mw-sidebar.h"
#include "mw-triage.h"

G_BEGIN_DECLS

/**
 * MwUndo:
 * @verb: the opposite of what was done to @ids
 * @item: an item that was saved; 0 when it was a triage
 *
 * What Ctrl+Z takes back.
 */
typedef struct
{
  MwTriage verb;
  GArray  *ids;
  gint64   item;
} MwUndo;

struct _MwWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack        *root;
  AdwLeaflet      *outer;
  AdwLeaflet      *inner;
  GtkWidget       *sidebar_pane;
  AdwHeaderBar    *sidebar_header;
  GtkWidget       *sandbox_pill;
  MwSidebar       *sidebar;
  GtkStack        *content;
  AdwBin          *patients_slot;
  MwListPage      *list;
  MwReadingPane   *reading;
  GtkMenuButton   *menu_button;

  MwStore      *store;
  MwEngine     *engine;
  MwOverview   *overview;
  MwSettings   *settings;
  GCancellable *cancellable;
  MwPlaceId     place;
  GtkWidget    *patients;
  MwUndo        undo;
  AdwToast     *undo_toast;
  guint         read_source;
  gint64        kept_unread; /* an entry that the person marked as unread while reading it */
  guint         tick_source;
};

/* mw-window.c */
void mw_window_toast (MwWindow   *self,
                      const char *text);
void mw_window_toast_undo (MwWindow   *self,
                           const char *text,
                           guint       seconds);
void mw_window_trouble (MwWindow     *self,
                        const char   *what,
                        const GError *error);
void mw_window_go_to (MwWindow *self,
                      MwPlaceId place);
void mw_window_dismiss_undo (MwWindow *self);
void mw_window_forget_undo (MwWindow *self);

/* mw-window-actions.c */
void mw_window_install_actions (GtkWidgetClass *klass);
void mw_window_update_actions (MwWindow *self);

/* mw-window-triage.c */
void mw_window_triage (MwWindow *self,
                       MwTriage  verb,
                       gint64    until,
                       gboolean  told);
void mw_window_archive (MwWindow *self,
                        gboolean  acknowledge);
void mw_window_snooze (MwWindow   *self,
                       const char *when);
void mw_window_toggle_unread (MwWindow *self);
void mw_window_toggle_flag (MwWindow *self);
void mw_window_mark_read_soon (MwWindow *self);
void mw_window_undo (MwWindow *self);

/* mw-window-entry.c */
void mw_window_entry_action (MwWindow   *self,
                             const char *name);
void mw_window_item_verb (MwWindow   *self,
                          const char *verb);
void mw_window_act (MwWindow    *self,
                    MwOutboxVerb verb,
                    gint64       item);
void mw_window_delete (MwWindow *self);
void mw_window_item_saved (MwWindow *self,
                           gint64    item,
                           gboolean  scheduled);

/* mw-window-compose.c */
void mw_window_compose (MwWindow      *self,
                        gint64         item,
                        const MwDraft *draft,
                        gint64         entry);
void mw_window_show_patients (MwWindow *self);
void mw_window_show_record (MwWindow   *self,
                            const char *patient);

G_END_DECLS
