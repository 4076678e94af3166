/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions about an item, and the links between patients that their answers make */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-connections.h"
#include "mw-decision.h"
#include "mw-item.h"
#include "mw-patient-link.h"
#include "mw-person.h"
#include "mw-question.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

static JsonNode *
new_list (void)
{
  JsonNode *list = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (list, json_array_new ());
  return list;
}

/**
 * mw_cli_question_json:
 *
 * Returns: (transfer full): the item's open question; JSON null when it has none
 */
JsonNode *
mw_cli_question_json (MwDb  *db,
                      gint64 item)
{
  g_autoptr (MwQuestion) question = mw_questions_open (db, item);
  JsonNode *node, *choices;
  guint     n;

  if (question == NULL)
    return json_node_init_null (json_node_alloc ());
  node = mw_json_object_new ();
  choices = new_list ();
  n = mw_json_length (question->choices, NULL);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *choice = mw_json_copy (mw_json_item (question->choices, NULL, i));

      mw_json_set_integer (choice, "choice", i + 1);
      json_array_add_element (json_node_get_array (choices), choice);
    }
  mw_cli_set (node, "about", question->about);
  mw_cli_set (node, "text", question->text);
  mw_json_take (node, "choices", choices);
  return node;
}

static void
print_line (JsonNode *line)
{
  const char *here = mw_json_string (line, "here");
  const char *there = mw_json_string (line, "there");
  const char *verdict = mw_decision_verdict_words (mw_json_string (line, "verdict"));

  /* nothing here to compare with: candidates beside each other */
  if (here == NULL && (verdict == NULL || g_strcmp0 (mw_json_string (line, "verdict"), "different") == 0))
    {
      if (verdict != NULL)
        /* Translators: of a comparison: what it is, what it says, and how it compares */
        mw_cli_print_line (_ ("     %s: %s (%s)"), mw_json_string (line, "label"), there != NULL ? there : "–", verdict);
      else
        mw_cli_print_line ("     %s: %s", mw_json_string (line, "label"), there != NULL ? there : "–");
      return;
    }
  /* Translators: of a comparison: what it is, how it compares, what stands here, what stands there */
  mw_cli_print_line (_ ("     %s: %s (here: %s, there: %s)"), mw_json_string (line, "label"), verdict != NULL ? verdict : "?", here != NULL ? here : "–",
                     there != NULL ? there : "–");
}

/**
 * mw_cli_print_question:
 *
 * Prints the item's open question, if it has one, and how to answer it.
 */
void
mw_cli_print_question (MwDb  *db,
                       gint64 item)
{
  g_autoptr (MwQuestion) question = mw_questions_open (db, item);
  guint n = question != NULL ? mw_json_length (question->choices, NULL) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *choice = mw_json_item (question->choices, NULL, i);
      guint     n_lines = mw_json_length (choice, "lines");

      mw_cli_print_line ("  %u. %s", i + 1, mw_json_string (choice, "title"));
      for (guint k = 0; k < n_lines; k++)
        print_line (mw_json_item (choice, "lines", k));
    }
  if (n > 0)
    {
      g_autofree char *id = g_strdup_printf ("i%" G_GINT64_FORMAT, item);

      /* Translators: a command to be typed as it stands, but for NUMBER */
      mw_cli_print_line (_ ("Answer with: meanwhile answer %s NUMBER"), id);
    }
}

typedef struct
{
  gint64      id;
  const char *value;
  gint64      now;
} Input;

static gint64
run_answer (MwDb    *db,
            gpointer data,
            GError **error)
{
  Input *input = data;

  return mw_decision_take (db, input->id, input->value, input->now, error) ? 0 : -1;
}

/* Returns: (nullable): the value of the choice that a person names by its number or its value */
static const char *
value_of (const MwQuestion *question,
          const char       *text)
{
  gint64 number;

  if (mw_question_choice (question, text) != NULL)
    return text;
  if (!g_ascii_string_to_signed (text, 10, 1, mw_json_length (question->choices, NULL), &number, NULL))
    return NULL;
  return mw_json_string (mw_json_item (question->choices, NULL, (guint) number - 1), "value");
}

int
mw_cli_answer (MwCli *cli,
               int    argc,
               char **argv)
{
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwItem) item = NULL;
  g_autoptr (MwQuestion) question = NULL;
  g_autofree char *words = NULL;
  Input            input = { 0, NULL, g_get_real_time () };
  gint64           id;

  if (!mw_cli_parse (cli, "answer", NULL, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  if (!mw_cli_read_id (argv[1], 'i', &id) || mw_db_get_int (db, 0, "SELECT count(*) FROM items WHERE id = ?1", "i", id) == 0)
    return mw_cli_fail_text (_ ("There is no item with this id."));
  question = mw_questions_open (db, id);
  if (question == NULL)
    return mw_cli_fail_text (_ ("This item asks nothing, or not any more."));
  input.id = question->id;
  input.value = value_of (question, argv[2]);
  if (input.value == NULL)
    return mw_cli_fail_text (_ ("There is no such choice. “meanwhile show” lists them."));
  if (mw_store_write (cli->store, run_answer, &input, &error) < 0)
    return mw_cli_fail (error);
  if (cli->json)
    {
      g_autoptr (JsonNode) node = mw_cli_item_json (db, id);

      mw_cli_print (node);
      return MW_EXIT_DONE;
    }
  item = mw_items_load (db, id, &error);
  if (item == NULL)
    return mw_cli_fail (error);
  words = mw_words_item_state (item, g_get_real_time ());
  mw_cli_print_line ("i%" G_GINT64_FORMAT ": %s", id, words);
  return MW_EXIT_DONE;
}

/* ---- answers about another patient ------------------------------------ */

/**
 * mw_cli_check_json:
 * @check: (nullable): what there is to decide about an answer, or was decided
 *
 * Returns: (transfer full): its document; JSON null for none
 */
JsonNode *
mw_cli_check_json (const MwPatientCheck *check)
{
  JsonNode        *node;
  g_autofree char *entry = NULL;

  if (check == NULL)
    return json_node_init_null (json_node_alloc ());
  node = mw_json_object_new ();
  entry = g_strdup_printf ("e%" G_GINT64_FORMAT, check->entry);
  mw_cli_set (node, "entry", entry);
  mw_cli_set (node, "text", check->text);
  mw_json_take (node, "lines", mw_json_copy (check->lines));
  mw_cli_set (node, "decision", check->decision);
  return node;
}

/**
 * mw_cli_print_check:
 * @check: (nullable): as for mw_cli_check_json()
 *
 * Prints what there is to decide, if there is, and how to.
 */
void
mw_cli_print_check (const MwPatientCheck *check)
{
  guint            n = check != NULL && check->decision == NULL ? mw_json_length (check->lines, NULL) : 0;
  g_autofree char *id = NULL;

  if (check == NULL || check->decision != NULL)
    return;
  mw_cli_print_line ("%s", check->text);
  for (guint i = 0; i < n; i++)
    {
      JsonNode   *line = mw_json_item (check->lines, NULL, i);
      const char *here = mw_json_string (line, "here");
      const char *there = mw_json_string (line, "there");
      const char *verdict = mw_decision_verdict_words (mw_json_string (line, "verdict"));

      /* Translators: of a comparison: what it is, how it compares, what the request's patient has, what the other has */
      mw_cli_print_line (_ ("     %s: %s (request: %s, this: %s)"), mw_json_string (line, "label"), verdict != NULL ? verdict : "?",
                         here != NULL ? here : "–", there != NULL ? there : "–");
    }
  id = g_strdup_printf ("e%" G_GINT64_FORMAT, check->entry);
  /* Translators: two commands to be typed as they stand */
  mw_cli_print_line (_ ("Decide with: meanwhile act %s belongs, or: meanwhile act %s does-not-belong"), id, id);
}

static gint64
run_decide (MwDb    *db,
            gpointer data,
            GError **error)
{
  Input *input = data;

  return mw_decision_take_check (db, input->id, input->value, input->now, error) ? 0 : -1;
}

/**
 * mw_cli_decide:
 * @entry: its id
 * @decision: MW_CHECK_BELONGS or MW_CHECK_DOES_NOT_BELONG
 *
 * Decides whether an answer about another patient belongs to its request, and prints the entry.
 */
int
mw_cli_decide (MwCli      *cli,
               gint64      entry,
               const char *decision)
{
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (MwPatientCheck) check = mw_patient_checks_of_entry (db, entry);
  g_autoptr (GError) error = NULL;
  Input input = { check != NULL ? check->id : 0, decision, g_get_real_time () };

  if (check == NULL || check->decision != NULL)
    return mw_cli_fail_text (_ ("There is nothing to decide about this entry, or not any more."));
  if (mw_store_write (cli->store, run_decide, &input, &error) < 0)
    return mw_cli_fail (error);
  if (cli->json)
    {
      g_autoptr (JsonNode) node = mw_cli_entry_json (db, entry);

      mw_cli_print (node);
    }
  else
    mw_cli_print_line ("%s", _ ("Done."));
  return MW_EXIT_DONE;
}

/* ---- links ----------------------------------------------------------- */

static JsonNode *
link_json (MwDb                *db,
           const MwPatientLink *link)
{
  JsonNode *node = mw_json_object_new ();
  g_autoptr (MwPerson) patient = mw_people_by_reference (db, link->patient);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, link->id);
  g_autofree char *connection = mw_db_get_text (db, "SELECT name FROM connections WHERE id = ?1", "i", link->connection);
  g_autofree char *made = mw_cli_time (link->made);
  g_autofree char *revoked = mw_cli_time (link->revoked);

  mw_cli_set (node, "id", id);
  mw_cli_set (node, "patient", link->patient);
  mw_cli_set (node, "patientName", patient != NULL ? patient->name : NULL);
  mw_cli_set (node, "connection", connection);
  mw_cli_set (node, "reference", link->reference);
  mw_cli_set (node, "how", link->how);
  mw_cli_set (node, "made", made);
  mw_cli_set (node, "revoked", revoked);
  return node;
}

static void
print_link (MwDb                *db,
            const MwPatientLink *link)
{
  g_autoptr (JsonNode) node = link_json (db, link);
  const char *name = mw_json_string (node, "patientName");

  mw_cli_print_line ("%-5" G_GINT64_FORMAT " %s → %s (%s)%s%s", link->id, name != NULL ? name : link->patient, link->reference, link->how,
                     link->revoked > 0 ? " · " : "", link->revoked > 0 ? _ ("revoked") : "");
}

static gint64
run_revoke (MwDb    *db,
            gpointer data,
            GError **error)
{
  Input *input = data;

  return mw_patient_links_revoke (db, input->id, input->now, error) ? 0 : -1;
}

static int
revoke_link (MwCli *cli,
             int    argc,
             char **argv)
{
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwPatientLink) link = NULL;
  Input input = { 0, NULL, g_get_real_time () };

  if (!mw_cli_parse (cli, "links", NULL, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  if (g_ascii_string_to_signed (argv[2], 10, 1, G_MAXINT64, &input.id, NULL))
    link = mw_patient_links_load (db, input.id);
  if (link == NULL)
    return mw_cli_fail_text (_ ("There is no link with this id."));
  if (mw_store_write (cli->store, run_revoke, &input, &error) < 0)
    return g_error_matches (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE) ? mw_cli_fail_text (_ ("This link was revoked before.")) : mw_cli_fail (error);
  link->revoked = input.now;
  if (cli->json)
    {
      g_autoptr (JsonNode) node = link_json (db, link);

      mw_cli_print (node);
    }
  else
    print_link (db, link);
  return MW_EXIT_DONE;
}

int
mw_cli_links (MwCli *cli,
              int    argc,
              char **argv)
{
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) links = NULL;
  g_autoptr (JsonNode) list = new_list ();

  if (argc > 1 && g_str_equal (argv[1], "revoke"))
    return revoke_link (cli, argc, argv);
  if (!mw_cli_parse (cli, "links", NULL, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  links = mw_patient_links_list (db, &error);
  if (links == NULL)
    return mw_cli_fail (error);
  for (guint i = 0; i < links->len; i++)
    if (cli->json)
      json_array_add_element (json_node_get_array (list), link_json (db, g_ptr_array_index (links, i)));
    else
      print_link (db, g_ptr_array_index (links, i));
  if (cli->json)
    mw_cli_print (list);
  else if (links->len == 0)
    mw_cli_print_line ("%s", _ ("Nothing is here."));
  return MW_EXIT_DONE;
}
