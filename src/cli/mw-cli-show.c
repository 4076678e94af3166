/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-describe.h"
#include "mw-entry.h"
#include "mw-fhir-date.h"
#include "mw-item.h"
#include "mw-journal.h"
#include "mw-me.h"
#include "mw-local-patient.h"
#include "mw-outbox.h"
#include "mw-person.h"
#include "mw-request.h"
#include "mw-resource-row.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static JsonNode *
new_list (void)
{
  JsonNode *list = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (list, json_array_new ());
  return list;
}

static void
append (JsonNode *list,
        JsonNode *node)
{
  if (node != NULL)
    json_array_add_element (json_node_get_array (list), node);
}

static char *
when (gint64 us)
{
  g_autofree char *text = mw_fhir_date_from_unix (us);

  return mw_fhir_date_to_display (text);
}

int
mw_cli_inbox (MwCli *cli,
              int    argc,
              char **argv)
{
  g_autofree char   *kind = NULL, *patient = NULL, *search = NULL, *absolute = NULL;
  gboolean           unread = FALSE, all = FALSE;
  int                limit = 0;
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, N_ ("Only alerts, referrals …"), N_ ("KIND") },
    { "unread", 0, 0, G_OPTION_ARG_NONE, &unread, N_ ("Only what is unread"), NULL },
    { "patient", 0, 0, G_OPTION_ARG_STRING, &patient, N_ ("Only about this patient"), N_ ("REF") },
    { "search", 0, 0, G_OPTION_ARG_STRING, &search, N_ ("Only what has these words"), N_ ("TEXT") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many"), N_ ("N") },
    { "archived", 0, 0, G_OPTION_ARG_NONE, &all, N_ ("What is done, instead of the inbox"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  MwDb         *db = mw_store_get_reader (cli->store, NULL);
  MwEntryFilter filter = { 0 };
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) list = new_list ();

  if (!mw_cli_parse (cli, "inbox", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (limit < 0 || (kind != NULL && mw_workflow_for_kind (kind) == NULL))
    {
      g_printerr (_ ("meanwhile: there is no such kind, or the limit is negative\n"));
      return MW_EXIT_USAGE;
    }
  filter.kind = kind;
  filter.unread = unread;
  filter.text = search;
  filter.archived = all;
  filter.limit = limit;
  filter.now = g_get_real_time ();
  if (patient != NULL)
    {
      g_autoptr (MwPerson) person = NULL;

      absolute = mw_cli_absolute (db, patient);
      person = mw_people_by_reference (db, absolute);
      if (person == NULL)
        return mw_cli_fail_text (_ ("This patient is not known here."));
      filter.patient = person->id;
    }
  if (!mw_entries_ids (db, &filter, ids, &error))
    return mw_cli_fail (error);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (MwEntry) entry = NULL;
      g_autofree char *time = NULL;

      if (cli->json)
        {
          append (list, mw_cli_entry_json (db, g_array_index (ids, gint64, i)));
          continue;
        }
      entry = mw_entries_load (db, g_array_index (ids, gint64, i), NULL);
      if (entry == NULL)
        continue;
      time = when (entry->received);
      mw_cli_print_line ("e%-5" G_GINT64_FORMAT " %s %-9s %s%s — %s%s%s  (%s)", entry->id, entry->unread ? "●" : " ", mw_kind_label (entry->kind),
                         entry->priority > 0 ? _ ("URGENT ") : "", entry->sender != NULL ? entry->sender : _ ("unknown sender"), entry->subject,
                         entry->patient_name != NULL ? " · " : "", entry->patient_name != NULL ? entry->patient_name : "", time);
    }
  if (cli->json)
    mw_cli_print (list);
  else if (ids->len == 0)
    mw_cli_print_line ("%s", _ ("Nothing is here."));
  return MW_EXIT_DONE;
}

int
mw_cli_outbox (MwCli *cli,
               int    argc,
               char **argv)
{
  g_autofree char   *state = NULL;
  const GOptionEntry entries[] = {
    { "state", 0, 0, G_OPTION_ARG_STRING, &state, N_ ("Only items in this state"), N_ ("STATE") },
    G_OPTION_ENTRY_NULL,
  };
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) list = new_list ();
  MwItemState wanted = MW_ITEM_DRAFT;
  guint       n = 0;

  if (!mw_cli_parse (cli, "outbox", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (state != NULL && !mw_item_state_from_word (state, &wanted))
    {
      g_printerr (_ ("meanwhile: there is no state %s\n"), state);
      return MW_EXIT_USAGE;
    }
  if (!mw_items_ids (db, MW_ITEM_VIEW_ALL, NULL, ids, &error) || !mw_items_ids (db, MW_ITEM_VIEW_DRAFTS, NULL, ids, &error))
    return mw_cli_fail (error);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (MwItem) item = mw_items_load (db, g_array_index (ids, gint64, i), NULL);
      g_autofree char *words = NULL;

      if (item == NULL || (state != NULL && item->state != wanted))
        continue;
      n++;
      if (cli->json)
        {
          append (list, mw_cli_item_json (db, item->id));
          continue;
        }
      words = mw_words_item_state (item, g_get_real_time ());
      mw_cli_print_line ("i%-5" G_GINT64_FORMAT " %-9s %s → %s%s%s: %s", item->id, mw_kind_label (item->kind), item->subject,
                         item->recipient != NULL ? item->recipient : "?", item->patient_name != NULL ? " · " : "",
                         item->patient_name != NULL ? item->patient_name : "", words);
    }
  if (cli->json)
    mw_cli_print (list);
  else if (n == 0)
    mw_cli_print_line ("%s", _ ("Nothing is here."));
  return MW_EXIT_DONE;
}

/* ---- show ------------------------------------------------------------ */

static void
add_journal (JsonNode *document,
             MwDb     *db,
             gint64    thread,
             gint64    item)
{
  g_autoptr (GPtrArray) lines = item > 0 ? mw_journal_of_item (db, item, NULL) : mw_journal_of_thread (db, thread, NULL);
  JsonNode *list = new_list ();

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      MwJournalLine   *line = g_ptr_array_index (lines, i);
      JsonNode        *node = mw_json_object_new ();
      g_autofree char *at = mw_cli_time (line->at);

      mw_cli_set (node, "at", at);
      mw_cli_set (node, "event", line->event);
      mw_cli_set (node, "detail", line->detail);
      append (list, node);
    }
  mw_json_take (document, "journal", list);
}

static void
add_thread (JsonNode *document,
            MwDb     *db,
            gint64    thread)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) resources = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) items = mw_items_of_thread (db, thread, NULL);
  JsonNode        *node = mw_json_object_new ();
  JsonNode        *entry_list = new_list (), *item_list = new_list (), *resource_list = new_list ();
  g_autofree char *id = g_strdup_printf ("t%" G_GINT64_FORMAT, thread);

  mw_entries_of_thread (db, thread, entries, NULL);
  mw_resources_of_thread (db, thread, resources, NULL);
  for (guint i = 0; i < entries->len; i++)
    append (entry_list, mw_cli_entry_json (db, g_array_index (entries, gint64, i)));
  for (guint i = 0; items != NULL && i < items->len; i++)
    append (item_list, mw_cli_item_json (db, g_array_index (items, gint64, i)));
  for (guint i = 0; i < resources->len; i++)
    {
      g_autoptr (MwResourceRow) row = mw_resources_load (db, g_array_index (resources, gint64, i));
      JsonNode *resource = row != NULL ? mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL) : NULL;

      append (resource_list, resource);
    }
  mw_cli_set (node, "id", id);
  mw_json_take (node, "entries", entry_list);
  mw_json_take (node, "items", item_list);
  mw_json_take (document, "thread", node);
  mw_json_take (document, "resources", resource_list);
}

static void
print_text (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    mw_cli_print_line ("%s", lines[i]);
}

static void
print_journal (GPtrArray *lines)
{
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      MwJournalLine   *line = g_ptr_array_index (lines, i);
      g_autofree char *at = when (line->at);
      g_autofree char *words = mw_words_journal (line);

      mw_cli_print_line ("  %s  %s", at, words);
    }
}

/* With what tells the patient from a namesake, where it is known */
static void
print_patient (MwDb       *db,
               gint64      patient,
               const char *name)
{
  g_autoptr (MwPerson) person = patient > 0 ? mw_people_load (db, patient) : NULL;
  g_autofree char *born = person != NULL && person->birth_date != NULL ? mw_fhir_date_to_display (person->birth_date) : NULL;
  g_autofree char *known_by = person != NULL ? mw_local_patient_known_by (person) : NULL;
  g_autoptr (GString) words = g_string_new (name);

  if (name == NULL)
    return;
  if (born != NULL)
    g_string_append_printf (words, " · %s", born);
  if (person != NULL && person->identifiers != NULL)
    g_string_append_printf (words, " · %s", person->identifiers);
  mw_cli_print_line (_ ("Patient: %s"), words->str);
  if (known_by != NULL)
    mw_cli_print_line ("%s", known_by);
}

static int
show_entry (MwCli *cli,
            MwDb  *db,
            gint64 id)
{
  g_autoptr (MwEntry) entry = mw_entries_load (db, id, NULL);
  g_autoptr (JsonNode) resource = NULL;
  g_autoptr (MwDescription) description = NULL;
  g_autoptr (MwPatientCheck) check = mw_patient_checks_of_entry (db, id);
  g_autofree char *text = NULL;
  const MwAction  *actions;

  if (entry == NULL)
    return mw_cli_fail_text (_ ("There is nothing with this id."));
  resource = mw_outbox_entry_resource (db, entry);
  actions = mw_outbox_entry_actions (db, entry);
  description = resource != NULL ? mw_describe (resource, NULL) : NULL;
  text = description != NULL ? mw_description_to_plain (description) : g_strdup ("");
  if (cli->json)
    {
      g_autoptr (JsonNode) document = mw_cli_entry_json (db, id);

      mw_cli_set (document, "description", text);
      mw_json_take (document, "actions", new_list ());
      for (const MwAction *action = actions; action != NULL && action->name != NULL; action++)
        mw_json_set (document, "actions[+]", action->name);
      mw_json_take (document, "patientCheck", mw_cli_check_json (check));
      add_thread (document, db, entry->thread);
      add_journal (document, db, entry->thread, 0);
      mw_cli_print (document);
      return MW_EXIT_DONE;
    }
  mw_cli_print_line ("%s: %s", mw_kind_label (entry->kind), entry->subject);
  if (entry->warning != NULL)
    mw_cli_print_line (_ ("Warning: %s"), entry->warning);
  mw_cli_print_check (check);
  mw_cli_print_line (_ ("From: %s"), entry->sender != NULL ? entry->sender : _ ("unknown sender"));
  print_patient (db, entry->patient, entry->patient_name);
  print_text (text);
  for (const MwAction *action = actions; action != NULL && action->name != NULL; action++)
    mw_cli_print_line (_ ("Action: %s (%s)"), action->name, mw_action_label (action));
  {
    g_autoptr (GPtrArray) lines = mw_journal_of_thread (db, entry->thread, NULL);

    print_journal (lines);
  }
  return MW_EXIT_DONE;
}

static void
add_requests (JsonNode *document,
              MwDb     *db,
              gint64    item)
{
  static const char *const states[] = { "pending", "under-way", "done", "unknown", "failed" };
  g_autoptr (GPtrArray) requests = mw_requests_of_item (db, item, NULL);
  JsonNode *list = new_list ();

  for (guint i = 0; requests != NULL && i < requests->len; i++)
    {
      MwRequest *request = g_ptr_array_index (requests, i);
      JsonNode  *node = mw_json_object_new ();

      mw_cli_set (node, "method", request->method);
      mw_cli_set (node, "url", request->url);
      mw_cli_set (node, "state", states[CLAMP ((int) request->state, 0, 4)]);
      mw_cli_set (node, "identity", request->identity);
      mw_json_set_integer (node, "status", request->http_status);
      mw_cli_set (node, "location", request->location);
      append (list, node);
    }
  mw_json_take (document, "requests", list);
}

static void
print_role (MwDb         *db,
            const MwItem *item)
{
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (item->content, NULL);
  g_autoptr (MwConnection) home = mw_connections_home (db);
  g_autofree char *title = draft != NULL && draft->acting_as != NULL && home != NULL ? mw_me_title (db, home, draft->acting_as) : NULL;

  if (title != NULL)
    mw_cli_print_line (_ ("Sent as: %s"), title);
}

static int
show_item (MwCli *cli,
           MwDb  *db,
           gint64 id)
{
  g_autoptr (MwItem) item = mw_items_load (db, id, NULL);
  g_autoptr (MwPatientCheck) check = NULL;
  g_autofree char *words = NULL;

  if (item == NULL)
    return mw_cli_fail_text (_ ("There is nothing with this id."));
  check = mw_patient_checks_open_in_thread (db, item->thread);
  if (cli->json)
    {
      g_autoptr (JsonNode) document = mw_cli_item_json (db, id);
      JsonNode *content = mw_json_parse (item->content, -1, NULL);

      if (content != NULL)
        mw_json_take (document, "content", content);
      mw_json_take (document, "question", mw_cli_question_json (db, id));
      mw_json_take (document, "patientCheck", mw_cli_check_json (check));
      add_requests (document, db, id);
      add_thread (document, db, item->thread);
      add_journal (document, db, item->thread, id);
      mw_cli_print (document);
      return MW_EXIT_DONE;
    }
  words = mw_words_item_state (item, g_get_real_time ());
  mw_cli_print_line ("%s: %s", mw_kind_label (item->kind), item->subject);
  mw_cli_print_line (_ ("To: %s"), item->recipient != NULL ? item->recipient : "?");
  print_role (db, item);
  print_patient (db, item->patient, item->patient_name);
  mw_cli_print_line ("%s", words);
  if (item->error_text != NULL)
    mw_cli_print_line ("%s", item->error_text);
  mw_cli_print_question (db, id);
  mw_cli_print_check (check);
  {
    g_autoptr (GPtrArray) lines = mw_journal_of_item (db, id, NULL);

    print_journal (lines);
  }
  return MW_EXIT_DONE;
}

int
mw_cli_show (MwCli *cli,
             int    argc,
             char **argv)
{
  MwDb  *db = mw_store_get_reader (cli->store, NULL);
  gint64 id;

  if (!mw_cli_parse (cli, "show", NULL, 1, &argc, &argv))
    return MW_EXIT_USAGE;
  if (argv[1][0] == 'i' && mw_cli_read_id (argv[1], 'i', &id))
    return show_item (cli, db, id);
  if (mw_cli_read_id (argv[1], 'e', &id))
    return show_entry (cli, db, id);
  return mw_cli_fail_text (_ ("There is nothing with this id."));
}
