/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "seed.h"

#include "mw-audit-note.h"
#include "mw-connections.h"
#include "mw-draft.h"
#include "mw-entry.h"
#include "mw-item.h"
#include "mw-journal.h"
#include "mw-person.h"
#include "mw-resource-row.h"
#include "mw-threads.h"
#include "mw-watermark.h"

/* A day of made-up people, put into the store by its own functions. */

#define MINUTE (60 * (gint64) G_USEC_PER_SEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

typedef struct
{
  gint64 now;
  guint  n_entries;
} Input;

typedef struct
{
  const char *id, *name, *birth_date, *gender, *identifiers;
} Patient;

static const Patient patients[] = {
  { "p1", "Ada Meyer", "1980-02-01", "female", "MRN 00-4711 · Member 1EG4-TE5-MK73" },
  { "p2", "Tom Okafor", "1971-11-09", "male", "MRN 00-4712 · Member 884-22-1" },
  { "p3", "Maria de los Ángeles Santos y Fernández de Córdoba", "1958-06-30", "female", "MRN 00-4713 · Member 771-03-9" },
  { "p4", "John Smith", "1945-12-12", "male", "MRN 00-4714" },
  { "p5", "ليلى حداد", "1966-03-03", "female", "MRN 00-4715 · Member 102-55-0" },
};

typedef struct
{
  const char *kind, *state, *subject, *sender, *preview, *json, *warning;
  MwPriority  priority;
  int         patient;
  gint64      ago;
  gboolean    unread;
} Event;

#define COMMUNICATION(text) \
  "{\"resourceType\":\"Communication\",\"id\":\"%s\",\"status\":\"completed\",\"payload\":[{\"contentString\":\"" text "\"}]}"

static const Event events[] = {
  { "alert", NULL, "Admitted: emergency department", "St. Mary's Hospital", "Chest pain; sent by ambulance",
    "{\"resourceType\":\"Bundle\",\"type\":\"message\",\"entry\":["
    "{\"fullUrl\":\"urn:uuid:1\",\"resource\":{\"resourceType\":\"MessageHeader\",\"focus\":[{\"reference\":\"urn:uuid:2\"}]}},"
    "{\"fullUrl\":\"urn:uuid:2\",\"resource\":{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":\"in-progress\","
    "\"class\":{\"code\":\"EMER\",\"display\":\"emergency\"},\"period\":{\"start\":\"2026-11-22T13:51:00Z\"},"
    "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns='http://www.w3.org/1999/xhtml'>Ada Meyer was admitted to the emergency "
    "department today at 13:51 with chest pain. Admitting physician: Dr. Elena Rossi. Expected stay: observation, 24 hours.</div>\"}}},"
    "{\"fullUrl\":\"urn:uuid:3\",\"resource\":{\"resourceType\":\"Condition\",\"id\":\"c1\",\"code\":{\"text\":\"Chest pain\"},"
    "\"subject\":{\"display\":\"Ada Meyer\"}}},"
    "{\"fullUrl\":\"urn:uuid:4\",\"resource\":{\"resourceType\":\"Coverage\",\"id\":\"v1\",\"status\":\"active\","
    "\"subscriberId\":\"884-22-1\",\"payor\":[{\"display\":\"Plan North\"}],\"beneficiary\":{\"display\":\"Ada Meyer\"}}}]}",
    NULL, MW_PRIORITY_URGENT, 0, 5 * MINUTE, TRUE },
  { "message", NULL, "Echo results before discharge?", "Cardiology team", "Could you look at the echo before we let her go?",
    COMMUNICATION ("Could you look at the echo before we let her go? EF looks reduced to me, and she is on two QT-prolonging drugs."),
    NULL, MW_PRIORITY_ROUTINE, 0, 19 * MINUTE, TRUE },
  { "referral", "requested", "Referral: sleep study", "Dr. Lin, Lakeside Clinic", "Snoring with daytime sleepiness",
    "{\"resourceType\":\"Task\",\"id\":\"%s\",\"status\":\"requested\",\"intent\":\"order\",\"code\":{\"coding\":[{\"code\":\"fulfill\"}]},"
    "\"description\":\"Snoring with daytime sleepiness, Epworth 15. Please do a home sleep apnoea test.\","
    "\"owner\":{\"reference\":\"Practitioner/me\"}}",
    NULL, MW_PRIORITY_ROUTINE, 1, 47 * MINUTE, TRUE },
  { "request", "requested", "Asks for: progress notes since August", "Plan North", "Purpose: payment",
    "{\"resourceType\":\"Task\",\"id\":\"%s\",\"status\":\"requested\",\"intent\":\"order\",\"description\":\"Progress notes since "
    "August, for the knee replacement of 3 September.\"}",
    NULL, MW_PRIORITY_ROUTINE, 2, 3 * HOUR, FALSE },
  { "alert", NULL, "Discharged home", "St. Mary's Hospital", "Summary attached", COMMUNICATION ("Discharged home in good condition."),
    NULL, MW_PRIORITY_ROUTINE, 3, DAY + HOUR, FALSE },
  { "message", NULL, "Wound check moved to Thursday", "Care team of Maria Santos", "Thanks, that works for the family",
    COMMUNICATION ("Thanks, that works for the family."), NULL, MW_PRIORITY_ROUTINE, 2, DAY + 2 * HOUR, FALSE },
  { "referral", "completed", "Consult note: final", "Dr. Haddad, Nephrology", "CKD 3b, start SGLT2 inhibitor",
    COMMUNICATION ("CKD 3b, start an SGLT2 inhibitor, recheck in six weeks."),
    "The answer names another patient than the question. Check before you act on it.", MW_PRIORITY_STAT, 4, 4 * DAY, TRUE },
  { "push", NULL, "Discharge summary and medication plan of a very long stay with many transfers between wards", "St. Mary's Hospital",
    "", COMMUNICATION ("The summary of the stay."), NULL, MW_PRIORITY_ROUTINE, 3, 400 * DAY, FALSE },
};

static gint64
add_person (MwDb          *db,
            gint64         connection,
            const Patient *patient,
            GError       **error)
{
  g_autofree char *reference = g_strdup_printf (SEED_BASE "/Patient/%s", patient->id);
  MwPerson         person = { .connection = connection, .reference = reference, .type = (char *) "Patient", .name = (char *) patient->name, .birth_date = (char *) patient->birth_date, .gender = (char *) patient->gender, .identifiers = (char *) patient->identifiers, .active = TRUE };

  return mw_people_put (db, &person, error);
}

static gint64
add_resource (MwDb       *db,
              gint64      connection,
              const char *json,
              const char *id,
              gint64      patient,
              gint64      thread,
              gint64      at,
              GError    **error)
{
  g_autoptr (GString) text = g_string_new (json);
  g_autofree char *reference = g_strdup_printf (SEED_BASE "/Communication/%s", id);
  g_autoptr (GBytes) raw = NULL;
  gboolean      changed;
  MwResourceRow row = { .connection = connection, .type = (char *) "Communication", .fhir_id = (char *) id, .reference = reference, .patient = patient, .thread = thread, .happened = at, .received = at };

  g_string_replace (text, "%s", id, 0);
  raw = g_bytes_new (text->str, text->len);
  row.raw = raw;
  return mw_resources_put (db, &row, &changed, error);
}

static gint64
add_event (MwDb         *db,
           gint64        connection,
           const Event  *event,
           guint         n,
           const gint64 *people,
           gint64        now,
           GError      **error)
{
  g_autofree char *id = g_strdup_printf ("seed-%u", n);
  g_autofree char *key = g_strdup_printf (SEED_BASE "/Communication/%s", id);
  char            *keys[] = { key, NULL };
  gint64           at = now - event->ago;
  gint64           patient = people[event->patient];
  gint64           thread = mw_threads_ensure (db, keys, event->subject, patient, at, error);
  gboolean         is_new;
  MwEntry          entry = { .thread = thread, .connection = connection, .identity = key, .kind = (char *) event->kind, .state = (char *) event->state, .priority = event->priority, .subject = (char *) event->subject, .sender = (char *) event->sender, .preview = (char *) event->preview, .patient = patient, .patient_name = (char *) patients[event->patient].name, .sent = at, .received = at, .changed = at, .unread = event->unread, .warning = (char *) event->warning };

  if (thread < 0)
    return -1;
  entry.resource = add_resource (db, connection, event->json, id, patient, thread, at, error);
  if (entry.resource < 0)
    return -1;
  return mw_entries_put (db, &entry, event->preview, &is_new, error);
}

static gint64
add_item (MwDb       *db,
          const char *kind,
          const char *subject,
          const char *recipient,
          gint64      patient,
          const char *patient_name,
          MwPriority  priority,
          gint64      thread,
          gint64      at,
          GError    **error)
{
  g_autoptr (MwDraft) draft = mw_draft_new (kind);
  g_autofree char *identity = g_uuid_string_random ();
  g_autofree char *content = NULL;
  MwItem           item = { .identity = identity, .kind = (char *) kind, .subject = (char *) subject, .recipient = (char *) recipient, .patient = patient, .patient_name = (char *) patient_name, .priority = priority, .thread = thread };

  draft->subject = g_strdup (subject);
  draft->to_name = g_strdup (recipient);
  draft->patient_name = g_strdup (patient_name);
  draft->note = g_strdup ("Please see below, and call if anything is unclear.");
  content = mw_draft_to_text (draft);
  item.content = content;
  return mw_items_create (db, &item, at, error);
}

/* As if it had been sent for real */
static gboolean
audit_sent (MwDb    *db,
            gint64   item,
            gint64   at,
            GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  MwAuditSend left = { .event = MW_AUDIT_LEFT, .item = item, .connection = 1, .request = "POST Communication", .body = body, .now = at };
  MwAuditSend taken = { .event = MW_AUDIT_TAKEN, .item = item, .connection = 1, .request = "POST Communication", .http_status = 201, .now = at };

  return mw_audit_note_send (db, &left, error) && mw_audit_note_send (db, &taken, error);
}

static gboolean
add_items (MwDb         *db,
           const gint64 *people,
           gint64        thread,
           gint64        now,
           GError      **error)
{
  gint64 id;
  gint64 at = now - 2 * HOUR;

#define ADD(...) ((id = add_item (db, __VA_ARGS__, error)) > 0)
  return ADD (MW_KIND_MESSAGE, "About the echo", "Cardiology team", people[0], patients[0].name, MW_PRIORITY_ROUTINE, 0, at) &&
         ADD (MW_KIND_PUSH, "Summary of care", "St. Mary's Hospital", people[0], patients[0].name, MW_PRIORITY_ROUTINE, thread, at) &&
         mw_items_save (db, id, at, FALSE, at, error) && mw_items_move (db, id, MW_ITEM_SAVED, MW_ITEM_PREPARING, at, error) &&
         mw_items_move (db, id, MW_ITEM_PREPARING, MW_ITEM_SENDING, at, error) && audit_sent (db, id, at, error) &&
         mw_items_hand_over (db, id, FALSE, at + MINUTE, error) &&
         ADD (MW_KIND_ASK, "Discharge plan", "St. Mary's Hospital", people[0], patients[0].name, MW_PRIORITY_URGENT, thread, at) &&
         mw_items_save (db, id, at, FALSE, at, error) && mw_items_move (db, id, MW_ITEM_SAVED, MW_ITEM_PREPARING, at, error) &&
         mw_items_move (db, id, MW_ITEM_PREPARING, MW_ITEM_SENDING, at, error) && mw_items_hand_over (db, id, TRUE, at + 2 * MINUTE, error) &&
         ADD (MW_KIND_REFERRAL, "Referral: nephrology", "Dr. Haddad, Nephrology", people[4], patients[4].name, MW_PRIORITY_ROUTINE, 0, at) &&
         mw_items_save (db, id, at, FALSE, at, error) && mw_items_move (db, id, MW_ITEM_SAVED, MW_ITEM_PREPARING, at, error) &&
         mw_items_hold (db, id, now + MINUTE, NULL, MW_WAIT_NETWORK, NULL, at, error) &&
         ADD (MW_KIND_MESSAGE, "Wound check", "Care team of Maria Santos", people[2], patients[2].name, MW_PRIORITY_ROUTINE, 0, at) &&
         mw_items_save (db, id, now + DAY, TRUE, at, error) &&
         ADD (MW_KIND_PUSH, "Progress notes since August", "Plan North", people[2], patients[2].name, MW_PRIORITY_ROUTINE, 0, at) &&
         mw_items_save (db, id, at, FALSE, at, error) && mw_items_move (db, id, MW_ITEM_SAVED, MW_ITEM_PREPARING, at, error) &&
         mw_items_need_attention (db, id, NULL, "rejected", "Plan North did not accept it: the member number is not known there. Edit it, or withdraw it.", at, error);
#undef ADD
}

static gint64
add_connection (MwDb    *db,
                gint64   now,
                GError **error)
{
  /* cppcheck-suppress legacyUninitvar */
  MwConnection home = { .name = (char *) "St. Mary's", .url = (char *) SEED_BASE, .home = TRUE, .me = (char *) "Practitioner/me", .auth = (char *) "open", .fhir_version = (char *) "4.0.1", .enabled = TRUE };
  MwWatermark  mark = { .query = (char *) "Task?owner=Practitioner/me", .complete = now - MINUTE, .swept = now - MINUTE };
  gint64       id = mw_connections_add (db, &home, error);

  mark.connection = id;
  if (id < 0 || !mw_connections_set_status (db, id, "ok", NULL, now, now, error) || !mw_watermarks_store (db, &mark, error))
    return -1;
  return id;
}

static gint64
write_day (MwDb    *db,
           gpointer data,
           GError **error)
{
  Input *input = data;
  gint64 people[G_N_ELEMENTS (patients)];
  gint64 connection = add_connection (db, input->now, error);
  gint64 first = 0;

  if (connection < 0)
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS (patients); i++)
    if ((people[i] = add_person (db, connection, &patients[i], error)) < 0)
      return -1;
  for (guint i = G_N_ELEMENTS (events); i > 0; i--)
    if ((first = add_event (db, connection, &events[i - 1], i - 1, people, input->now, error)) < 0)
      return -1;
  return add_items (db, people, mw_db_get_int (db, 0, "SELECT thread FROM entries WHERE id = ?1", "i", first), input->now, error) ? 0 : -1;
}

static gint64
write_many (MwDb    *db,
            gpointer data,
            GError **error)
{
  static const char *const kinds[] = { "alert", "message", "referral", "request" };
  Input                   *input = data;
  gint64                   thread = mw_threads_ensure (db, NULL, NULL, 0, input->now, error);

  for (guint i = 0; thread > 0 && i < input->n_entries; i++)
    {
      g_autofree char *identity = g_strdup_printf ("many-%u", i);
      g_autofree char *subject = g_strdup_printf ("Something of note, number %u", i);
      gint64           at = input->now - (gint64) (input->n_entries - i) * MINUTE;
      gboolean         is_new;
      MwEntry          entry = { .thread = thread, .identity = identity, .kind = (char *) kinds[i % 4], .subject = subject, .sender = (char *) "Lakeside Clinic", .preview = (char *) "One of many", .patient_name = (char *) patients[i % 5].name, .sent = at, .received = at, .changed = at, .unread = i % 7 == 0 };

      if (mw_entries_put (db, &entry, NULL, &is_new, error) < 0)
        return -1;
    }
  return thread;
}

/**
 * seed_day:
 *
 * A believable inbox and outbox.
 */
gboolean
seed_day (MwStore *store,
          gint64   now,
          GError **error)
{
  Input input = { .now = now };

  return mw_store_write (store, write_day, &input, error) >= 0;
}

/**
 * seed_many:
 *
 * @n_entries plain entries, a minute apart, the newest a minute old.
 */
gboolean
seed_many (MwStore *store,
           guint    n_entries,
           gint64   now,
           GError **error)
{
  Input input = { .now = now, .n_entries = n_entries };

  return mw_store_write (store, write_many, &input, error) >= 0;
}
