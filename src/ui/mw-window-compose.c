/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-window-private.h"

#include "mw-compose-window.h"
#include "mw-config.h"

#if __has_include("mw-patients-page.h")
#include "mw-patients-page.h"
#define HAVE_PATIENTS
#endif

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

#ifdef HAVE_PATIENTS
static void
open_entry_cb (GtkWidget *page,
               gint64     entry,
               MwWindow  *self)
{
  mw_window_show_entry (self, entry);
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

#endif

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
#ifdef HAVE_PATIENTS
  self->patients = mw_patients_page_new (self->store);
  g_signal_connect_object (self->patients, "open-entry", G_CALLBACK (open_entry_cb), self, 0);
  g_signal_connect_object (self->patients, "compose", G_CALLBACK (compose_cb), self, 0);
  adw_bin_set_child (self->patients_slot, self->patients);
#endif
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
#ifdef HAVE_PATIENTS
  mw_patients_page_show (self->patients, patient);
#endif
}
