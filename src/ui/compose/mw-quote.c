/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-quote.h"

#include "mw-config.h"
#include "mw-describe.h"
#include "mw-outbox.h"
#include "mw-text.h"

#include <glib/gi18n-lib.h>

/* What a person reads again before she answers; the whole stands in the main window */
#define MAX_CHARACTERS 4000

typedef struct
{
  gint64        entry;
  char         *title;
  char         *text;
  GCancellable *cancellable;
  MwQuoteFunc   func;
  gpointer      user_data;
} Quote;

static void
clear_quote (gpointer data)
{
  Quote *quote = data;

  g_free (quote->title);
  g_free (quote->text);
  g_object_unref (quote->cancellable);
}

static void
unref_quote (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_quote);
}

/* What somebody wrote is quoted as she wrote it; of anything else, what it says in words */
static char *
words_of (JsonNode *resource)
{
  g_autoptr (GString) written = g_string_new (NULL);
  g_autoptr (MwDescription) description = NULL;
  guint n = MIN (mw_json_length (resource, "payload"), 20);

  for (guint i = 0; i < n; i++)
    {
      const char *text = mw_json_string (mw_json_item (resource, "payload", i), "contentString");

      if (text != NULL)
        g_string_append_printf (written, "%s%s", written->len > 0 ? "\n\n" : "", text);
    }
  if (written->len > 0)
    return g_strdup (written->str);
  description = mw_describe (resource, NULL);
  return mw_description_to_plain (description);
}

static gint64
run (MwDb    *db,
     gpointer input,
     GError **error)
{
  Quote *quote = input;
  g_autoptr (MwEntry) entry = mw_entries_load (db, quote->entry, error);
  g_autoptr (JsonNode) resource = entry != NULL ? mw_outbox_entry_resource (db, entry) : NULL;
  g_autofree char *plain = resource != NULL ? words_of (resource) : NULL;

  if (entry == NULL)
    return -1;
  /* Translators: who wrote, and the subject */
  quote->title = entry->sender != NULL ? g_strdup_printf (_ ("%s: %s"), entry->sender, entry->subject) : g_strdup (entry->subject);
  quote->text = mw_text_clean (plain != NULL ? plain : entry->preview, MAX_CHARACTERS, TRUE);
  return 1;
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Quote *quote = user_data;

  if (mw_store_read_finish (MW_STORE (source), result, NULL) > 0 && !g_cancellable_is_cancelled (quote->cancellable))
    quote->func (quote->title, quote->text, quote->user_data);
  unref_quote (quote);
}

/**
 * mw_quote_load:
 * @entry: what is answered
 * @func: called when it could be read, unless cancelled
 *
 * Reads the entry in words, off the GTK thread.
 */
void
mw_quote_load (MwStore      *store,
               gint64        entry,
               GCancellable *cancellable,
               MwQuoteFunc   func,
               gpointer      user_data)
{
  Quote *quote = g_atomic_rc_box_new0 (Quote);

  quote->entry = entry;
  quote->cancellable = g_object_ref (cancellable);
  quote->func = func;
  quote->user_data = user_data;
  mw_store_read_async (store, run, g_atomic_rc_box_acquire (quote), unref_quote, cancellable, done_cb, quote);
}
