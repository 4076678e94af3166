/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-audit-export.h"

#include "mw-audit-bundle.h"
#include "mw-error-text.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GWeakRef              parent;
  MwStore              *store;
  MwAuditFilter         scope;
  char                 *item;
  GtkFileChooserNative *chooser;
  MwAuditExportFunc     func;
} Export;

static void
export_free (Export *export)
{
  g_weak_ref_clear (&export->parent);
  g_object_unref (export->store);
  g_clear_object (&export->chooser);
  g_free (export->item);
  g_free (export);
}

static void
exported (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GtkWindow) parent = g_weak_ref_get (&export->parent);
  gint64           n = mw_audit_bundle_export_finish (result, &error);
  g_autofree char *text = NULL;

  if (n >= 0)
    text = g_strdup_printf (ngettext ("Exported %u row. There is no patient data in it", "Exported %u rows. There is no patient data in them", (guint) n),
                            (guint) n);
  else if (error->domain == MW_AUDIT_BUNDLE_ERROR)
    text = g_strdup (error->message);
  else if (error->domain == MW_STORE_ERROR)
    text = mw_error_text (error);
  else
    text = g_strdup (_ ("It could not be saved there. Choose another folder."));
  if (parent != NULL)
    export->func (text, parent);
  export_free (export);
}

static void
chosen (GtkNativeDialog *dialog,
        int              response,
        Export *export)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  if (file == NULL)
    export_free (export);
  else
    mw_audit_bundle_export_async (export->store, &export->scope, file, NULL, exported, export);
}

/**
 * mw_audit_export_present:
 * @scope: an item or a period; copied
 * @func: told once, unless the person thinks better of it
 *
 * Asks for a file and writes a proof bundle there, off the GTK thread.
 */
void
mw_audit_export_present (GtkWindow           *parent,
                         MwStore             *store,
                         const MwAuditFilter *scope,
                         MwAuditExportFunc    func)
{
  Export *export = g_new0 (Export, 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "meanwhile-proof-%Y-%m-%d.json");

  g_weak_ref_init (&export->parent, parent);
  export->store = g_object_ref (store);
  export->scope = *scope;
  export->item = g_strdup (scope->item);
  export->scope.item = export->item;
  /* the period that is on the screen, however many rows of it the list had been asked for */
  export->scope.limit = 0;
  export->func = func;
  export->chooser = gtk_file_chooser_native_new (_ ("Export Proof"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (export->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (export->chooser), name);
  g_signal_connect (export->chooser, "response", G_CALLBACK (chosen), export);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (export->chooser));
}
