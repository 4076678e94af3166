/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-row.h"

#include "mw-config.h"
#include "mw-fhir-date.h"
#include "mw-person.h"
#include "mw-place.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

struct _MwRow
{
  GObject parent_instance;

  gint64     id;
  MwRowData *data;
  char      *age;
  char      *state;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MwRow, mw_row, G_TYPE_OBJECT)

void
mw_row_data_free (MwRowData *self)
{
  if (self == NULL)
    return;
  mw_item_free (self->item);
  g_free (self->party);
  g_free (self->subject);
  g_free (self->patient);
  g_free (self->birth_date);
  g_free (self->preview);
  g_free (self->kind);
  g_free (self);
}

static void
load_birth_date (MwDb      *db,
                 MwRowData *data,
                 gint64     patient)
{
  g_autoptr (MwPerson) person = patient > 0 ? mw_people_load (db, patient) : NULL;

  if (person != NULL && person->birth_date != NULL)
    data->birth_date = mw_fhir_date_to_display (person->birth_date);
}

static MwRowData *
load_item (MwDb  *db,
           gint64 id)
{
  g_autoptr (MwItem) item = mw_items_load (db, id, NULL);
  g_autoptr (MwRowData) data = NULL;

  if (item == NULL)
    return NULL;
  mw_items_note_order (db, item);
  data = g_new0 (MwRowData, 1);
  data->id = id;
  data->party = g_strdup (item->recipient);
  data->subject = g_strdup (item->subject);
  data->patient = g_strdup (item->patient_name);
  data->kind = g_strdup (item->kind);
  data->priority = item->priority;
  data->at = item->state == MW_ITEM_DRAFT ? item->changed : item->handed_over > 0 ? item->handed_over
                                                                                  : item->saved;
  data->warned = item->state == MW_ITEM_ATTENTION || item->state == MW_ITEM_OVERDUE;
  load_birth_date (db, data, item->patient);
  data->item = g_steal_pointer (&item);
  return g_steal_pointer (&data);
}

/**
 * mw_row_data_load:
 *
 * Returns: (transfer full) (nullable): the row; NULL when it is gone
 */
MwRowData *
mw_row_data_load (MwDb    *db,
                  gint64   id,
                  gboolean is_item)
{
  g_autoptr (MwEntry) entry = NULL;
  MwRowData *data;

  if (is_item)
    return load_item (db, id);
  entry = mw_entries_load (db, id, NULL);
  if (entry == NULL)
    return NULL;
  data = g_new0 (MwRowData, 1);
  data->id = id;
  data->party = g_strdup (entry->sender);
  data->subject = g_strdup (entry->subject);
  data->patient = g_strdup (entry->patient_name);
  data->preview = g_strdup (entry->preview);
  data->kind = g_strdup (entry->kind);
  data->priority = entry->priority;
  data->at = entry->received;
  data->snoozed_until = entry->snoozed_until;
  data->unread = entry->unread;
  data->flagged = entry->flagged;
  data->warned = entry->warning != NULL;
  load_birth_date (db, data, entry->patient);
  return data;
}

static void
mw_row_finalize (GObject *object)
{
  MwRow *self = MW_ROW (object);

  g_clear_pointer (&self->data, mw_row_data_free);
  g_free (self->age);
  g_free (self->state);
  G_OBJECT_CLASS (mw_row_parent_class)->finalize (object);
}

static void
mw_row_class_init (MwRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", MW_TYPE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_row_init (MwRow *self)
{
}

MwRow *
mw_row_new (gint64 id)
{
  MwRow *self = g_object_new (MW_TYPE_ROW, NULL);

  self->id = id;
  return self;
}

gint64
mw_row_get_id (MwRow *self)
{
  return self->id;
}

/**
 * mw_row_get_data:
 *
 * Returns: (transfer none) (nullable): NULL until it was read
 */
const MwRowData *
mw_row_get_data (MwRow *self)
{
  return self->data;
}

static gboolean
same_words (const MwRowData *a,
            const MwRowData *b)
{
  return g_strcmp0 (a->party, b->party) == 0 && g_strcmp0 (a->subject, b->subject) == 0 &&
         g_strcmp0 (a->patient, b->patient) == 0 && g_strcmp0 (a->birth_date, b->birth_date) == 0 &&
         g_strcmp0 (a->preview, b->preview) == 0 && g_strcmp0 (a->kind, b->kind) == 0 && a->priority == b->priority &&
         a->at == b->at && a->snoozed_until == b->snoozed_until && a->unread == b->unread && a->flagged == b->flagged &&
         a->warned == b->warned;
}

static gboolean
update_words (MwRow *self,
              gint64 now)
{
  g_autofree char *age = mw_words_age (self->data->at, now);
  g_autofree char *state = self->data->item != NULL ? mw_words_item_state (self->data->item, now) : NULL;
  gboolean         changed = g_strcmp0 (age, self->age) != 0 || g_strcmp0 (state, self->state) != 0;

  if (changed)
    {
      g_free (self->age);
      g_free (self->state);
      self->age = g_steal_pointer (&age);
      self->state = g_steal_pointer (&state);
    }
  return changed;
}

/**
 * mw_row_take_data:
 * @data: (transfer full):
 * @now: µs
 */
void
mw_row_take_data (MwRow     *self,
                  MwRowData *data,
                  gint64     now)
{
  gboolean same = self->data != NULL && same_words (self->data, data);

  mw_row_data_free (self->data);
  self->data = data;
  if (update_words (self, now) || !same)
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mw_row_tick:
 *
 * Brings the words that depend on the time up to @now.
 *
 * Returns: whether they will change again within the next second
 */
gboolean
mw_row_tick (MwRow *self,
             gint64 now)
{
  if (self->data == NULL)
    return FALSE;
  if (update_words (self, now))
    g_signal_emit (self, signals[CHANGED], 0);
  return self->data->item != NULL && mw_words_counts_down (self->data->item, now);
}

const char *
mw_row_get_age (MwRow *self)
{
  return self->age != NULL ? self->age : "";
}

/**
 * mw_row_get_state:
 *
 * Returns: (nullable): the words of an item's state; NULL for an entry
 */
const char *
mw_row_get_state (MwRow *self)
{
  return self->state;
}

/**
 * mw_row_dup_context:
 *
 * Returns: (transfer full): the quiet third line: "Ada Meyer · 1 Feb 1980 — Chest pain"
 */
char *
mw_row_dup_context (MwRow *self)
{
  const MwRowData *data = self->data;
  g_autoptr (GString) text = g_string_new (NULL);

  if (data == NULL)
    return g_strdup ("");
  /* a name in another script must not turn the line around: Unicode's first strong isolate */
  if (data->patient != NULL)
    g_string_append_printf (text, "\u2068%s\u2069", data->patient);
  if (data->patient != NULL && data->birth_date != NULL)
    g_string_append_printf (text, " · \u2068%s\u2069", data->birth_date);
  if (data->preview != NULL && *data->preview != '\0')
    g_string_append_printf (text, "%s\u2068%s\u2069", text->len > 0 ? " — " : "", data->preview);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_spoken (GString    *text,
            const char *words)
{
  if (words == NULL || *words == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, ", ");
  g_string_append (text, words);
}

/**
 * mw_row_dup_spoken:
 *
 * Returns: (transfer full): what a screen reader says of the row: sender, subject, patient, kind,
 *   urgency, unread, time
 */
char *
mw_row_dup_spoken (MwRow *self)
{
  const MwRowData *data = self->data;
  g_autoptr (GString) text = g_string_new (NULL);

  if (data == NULL)
    return g_strdup ("");
  add_spoken (text, data->party);
  add_spoken (text, data->subject);
  add_spoken (text, data->patient);
  add_spoken (text, mw_kind_word (data->kind));
  add_spoken (text, mw_words_priority (data->priority));
  if (data->unread)
    add_spoken (text, C_ ("spoken", "unread"));
  if (data->flagged)
    add_spoken (text, C_ ("spoken", "flagged"));
  if (data->warned)
    add_spoken (text, C_ ("spoken", "with a warning"));
  add_spoken (text, self->state);
  add_spoken (text, self->age);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
