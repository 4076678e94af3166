/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-window-private.h"

#include "mw-audit-export.h"
#include "mw-audit-window.h"
#include "mw-compat.h"
#include "mw-config.h"
#include "mw-connect-window.h"
#include "mw-preferences.h"

#include <glib/gi18n-lib.h>

static void
new_cb (GtkWidget  *widget,
        const char *name,
        GVariant   *parameter)
{
  mw_window_compose (MW_WINDOW (widget), 0, NULL, 0);
}

static void
reply_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  mw_window_entry_action (MW_WINDOW (widget), "reply");
}

static void
archive_cb (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  mw_window_archive (MW_WINDOW (widget), TRUE);
}

static void
archive_only_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  mw_window_archive (MW_WINDOW (widget), FALSE);
}

static void
snooze_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  mw_window_snooze (MW_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
snooze_menu_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);
  g_autoptr (GArray) selected = mw_list_page_get_selected (self->list);

  if (selected->len > 1)
    mw_list_page_popup_snooze (self->list);
  else
    mw_reading_pane_popup_snooze (self->reading);
}

static void
unread_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  mw_window_toggle_unread (MW_WINDOW (widget));
}

static void
flag_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  mw_window_toggle_flag (MW_WINDOW (widget));
}

static void
next_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  mw_list_page_step (MW_WINDOW (widget)->list, 1);
}

static void
previous_cb (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  mw_list_page_step (MW_WINDOW (widget)->list, -1);
}

static void
search_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);

  if (mw_place_get (self->place)->content == MW_PLACE_OF_PATIENTS)
    mw_window_go_to (self, MW_PLACE_INBOX);
  adw_leaflet_set_visible_child_name (self->outer, "content");
  adw_leaflet_set_visible_child_name (self->inner, "list");
  mw_list_page_focus_search (self->list);
}

static void
delete_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  mw_window_delete (MW_WINDOW (widget));
}

static void
undo_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  mw_window_undo (MW_WINDOW (widget));
}

static void
look_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);

  if (self->engine != NULL)
    mw_engine_wake (self->engine);
}

static void
back_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);
  gboolean  mail = mw_place_get (self->place)->content != MW_PLACE_OF_PATIENTS;

  if (mail && adw_leaflet_get_folded (self->inner) && g_strcmp0 (adw_leaflet_get_visible_child_name (self->inner), "reading") == 0)
    adw_leaflet_set_visible_child_name (self->inner, "list");
  else if (mail && mw_list_page_clear_search (self->list))
    return;
  else if (adw_leaflet_get_folded (self->outer))
    adw_leaflet_set_visible_child_name (self->outer, "places");
  else if (mail)
    mw_list_page_clear_selection (self->list);
}

static void
unselect_cb (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  mw_list_page_clear_selection (MW_WINDOW (widget)->list);
}

static void
place_action_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);

  mw_window_show_place (self, g_variant_get_string (parameter, NULL));
  /* who came by a key goes on by keys */
  if (mw_place_get (self->place)->content != MW_PLACE_OF_PATIENTS)
    mw_list_page_focus_list (self->list);
}

static void
entry_action_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  mw_window_entry_action (MW_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
item_verb_cb (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  mw_window_item_verb (MW_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
show_entry_cb (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  mw_window_show_entry (MW_WINDOW (widget), g_variant_get_int64 (parameter));
}

static void
show_item_cb (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  mw_window_show_item (MW_WINDOW (widget), g_variant_get_int64 (parameter));
}

static void
record_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);
  MwDetail *detail = mw_reading_pane_get_detail (self->reading);

  if (detail != NULL && detail->patient != NULL)
    mw_window_show_record (self, detail->patient->reference);
}

static void
connect_cb (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);

  mw_connect_window_present (GTK_WINDOW (self), self->store, mw_overview_get_home (self->overview) == NULL);
}

static void
sandbox_cb (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  /* a folder and a process of its own: practice and real patients never meet */
  if (!mw_compat_start_again ("--sandbox", &error))
    mw_window_trouble (self, _ ("The sandbox could not be started."), error);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
audit_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  mw_audit_window_present (GTK_WINDOW (widget), MW_WINDOW (widget)->store);
}

static void
proof_told (const char *text,
            gpointer    window)
{
  mw_window_toast (window, text);
}

static void
export_proof_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  MwWindow     *self = MW_WINDOW (widget);
  MwDetail     *detail = mw_reading_pane_get_detail (self->reading);
  MwAuditFilter scope = { 0 };

  if (detail == NULL || !detail->is_item)
    return;
  scope.item = detail->item->identity;
  mw_audit_export_present (GTK_WINDOW (self), self->store, &scope, proof_told);
}

static void
preferences_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  MwWindow *self = MW_WINDOW (widget);

  mw_preferences_present (GTK_WINDOW (self), self->store, self->settings, self->overview);
}

static void
about_cb (GtkWidget  *widget,
          const char *name,
          GVariant   *parameter)
{
  mw_compat_show_about (GTK_WINDOW (widget));
}

/**
 * mw_window_install_actions:
 *
 * Every command of the window, shared by buttons, menus and keys.
 */
void
mw_window_install_actions (GtkWidgetClass *klass)
{
  static const struct
  {
    const char                 *name;
    const char                 *type;
    GtkWidgetActionActivateFunc func;
  } table[] = {
    { "win.new", NULL, new_cb },
    { "win.reply", NULL, reply_cb },
    { "win.archive", NULL, archive_cb },
    { "win.archive-only", NULL, archive_only_cb },
    { "win.snooze", "s", snooze_cb },
    { "win.snooze-menu", NULL, snooze_menu_cb },
    { "win.unread", NULL, unread_cb },
    { "win.flag", NULL, flag_cb },
    { "win.next", NULL, next_cb },
    { "win.previous", NULL, previous_cb },
    { "win.search", NULL, search_cb },
    { "win.delete", NULL, delete_cb },
    { "win.undo", NULL, undo_cb },
    { "win.look", NULL, look_cb },
    { "win.back", NULL, back_cb },
    { "win.unselect", NULL, unselect_cb },
    { "win.place", "s", place_action_cb },
    { "win.entry-action", "s", entry_action_cb },
    { "win.item-verb", "s", item_verb_cb },
    { "win.show-entry", "x", show_entry_cb },
    { "win.show-item", "x", show_item_cb },
    { "win.record", NULL, record_cb },
    { "win.connect", NULL, connect_cb },
    { "win.sandbox", NULL, sandbox_cb },
    { "win.audit", NULL, audit_cb },
    { "win.export-proof", NULL, export_proof_cb },
    { "win.preferences", NULL, preferences_cb },
    { "win.about", NULL, about_cb },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_widget_class_install_action (klass, table[i].name, table[i].type, table[i].func);
}

/**
 * mw_window_update_actions:
 *
 * Switches on what can be done with what is selected now.
 */
void
mw_window_update_actions (MwWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  MwDetail  *detail = mw_reading_pane_get_detail (self->reading);
  g_autoptr (GArray) selected = mw_list_page_get_selected (self->list);
  gboolean entries = mw_place_get (self->place)->content == MW_PLACE_OF_ENTRIES && selected->len > 0;
  gboolean entry = detail != NULL && !detail->is_item;
  gboolean item = detail != NULL && detail->is_item;

  gtk_widget_action_set_enabled (widget, "win.reply", entry && detail->actions != NULL && mw_action_find (detail->actions, "reply") != NULL);
  gtk_widget_action_set_enabled (widget, "win.archive", entry || entries);
  gtk_widget_action_set_enabled (widget, "win.archive-only", entry || entries);
  gtk_widget_action_set_enabled (widget, "win.snooze", entry || entries);
  gtk_widget_action_set_enabled (widget, "win.snooze-menu", entry || entries);
  gtk_widget_action_set_enabled (widget, "win.unread", entry || entries);
  gtk_widget_action_set_enabled (widget, "win.flag", entry);
  gtk_widget_action_set_enabled (widget, "win.delete", entry || item || selected->len > 0);
  gtk_widget_action_set_enabled (widget, "win.undo", self->undo.ids != NULL || self->undo.item > 0);
  gtk_widget_action_set_enabled (widget, "win.record", detail != NULL && detail->patient != NULL);
  gtk_widget_action_set_enabled (widget, "win.export-proof", item && detail->item->saved > 0);
  gtk_widget_action_set_enabled (widget, "win.look", self->engine != NULL);
}
