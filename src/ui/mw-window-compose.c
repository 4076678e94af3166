/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-window-private.h"

#include "mw-compose-window.h"
#include "mw-config.h"
#include "mw-patients-page.h"

/* Where the window meets the forms: everything that opens one, and what they tell back. */

static void
saved_cb (MwComposeWindow *compose,
          gint64           item,
          gboolean         scheduled,
          MwWindow        *self)
{
  if (self->store != NULL)
    mw_window_item_saved (self, item, scheduled);
}

/**
 * mw_window_compose:
 * @item: the draft to go on with; 0 for something new
 * @draft: (nullable): what the form is filled in with
 * @entry: the entry it answers; 0 for none
 */
void
mw_window_compose (MwWindow      *self,
                   gint64         item,
                   const MwDraft *draft,
                   gint64         entry)
{
  MwComposeWindow *compose = mw_compose_window_new (self->store, GTK_WINDOW (self), item, draft, entry);

  g_signal_connect_object (compose, "saved", G_CALLBACK (saved_cb), self, 0);
  gtk_window_present (GTK_WINDOW (compose));
}

static void
open_entry_cb (GtkWidget *page,
               gint64     entry,
               MwWindow  *self)
{
  mw_window_show_entry (self, entry);
}

static void
open_item_cb (GtkWidget *page,
              gint64     item,
              MwWindow  *self)
{
  mw_window_show_item (self, item);
}

static void
compose_cb (GtkWidget  *page,
            const char *kind,
            const char *patient,
            MwWindow   *self)
{
  g_autoptr (MwDraft) draft = mw_draft_new (kind);

  draft->patient = g_strdup (patient);
  mw_window_compose (self, 0, draft, 0);
}

/**
 * mw_window_show_patients:
 *
 * Makes the patients' page when it is asked for the first time.
 */
void
mw_window_show_patients (MwWindow *self)
{
  if (self->patients != NULL)
    return;
  self->patients = mw_patients_page_new (self->store);
  g_signal_connect_object (self->patients, "open-entry", G_CALLBACK (open_entry_cb), self, 0);
  g_signal_connect_object (self->patients, "open-item", G_CALLBACK (open_item_cb), self, 0);
  g_signal_connect_object (self->patients, "compose", G_CALLBACK (compose_cb), self, 0);
  adw_bin_set_child (self->patients_slot, self->patients);
}

/**
 * mw_window_show_record:
 * @patient: absolute reference
 */
void
mw_window_show_record (MwWindow   *self,
                       const char *patient)
{
  mw_window_go_to (self, MW_PLACE_PATIENTS);
  mw_patients_page_show (self->patients, patient);
}
