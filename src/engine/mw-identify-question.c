/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-identify-question.h"

#include "mw-comparison.h"
#include "mw-match-decide.h"
#include "mw-question.h"

#include <glib/gi18n-lib.h>

static JsonNode *
new_array (void)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, json_array_new ());
  return node;
}

static JsonNode *
choice_of (JsonNode          *here,
           const MwCandidate *candidate)
{
  JsonNode        *choice = mw_json_object_new ();
  g_autofree char *title = mw_comparison_title (candidate->patient);

  mw_json_set (choice, "value", candidate->reference);
  mw_json_set (choice, "title", title);
  mw_json_take (choice, "lines", mw_comparison_lines (here, candidate->patient));
  return choice;
}

/* Returns: (transfer full) (nullable): NULL when nobody of @answer could be chosen: the server does not say where any of
 * them is */
static JsonNode *
choices_of (JsonNode            *patient,
            const MwMatchAnswer *answer)
{
  g_autoptr (GPtrArray) offered = answer != NULL ? mw_match_offer (patient, answer) : NULL;
  g_autoptr (JsonNode) choices = new_array ();
  JsonArray *array = json_node_get_array (choices);
  JsonNode  *none;

  for (guint i = 0; offered != NULL && i < offered->len; i++)
    {
      const MwCandidate *candidate = g_ptr_array_index (offered, i);

      if (candidate->reference != NULL)
        json_array_add_element (array, choice_of (patient, candidate));
    }
  if (answer != NULL && json_array_get_length (array) == 0)
    return NULL;
  none = mw_json_object_new ();
  mw_json_set (none, "value", MW_QUESTION_NONE);
  mw_json_set (none, "title", answer != NULL ? _ ("None of these: send the patient’s data along") : _ ("Send the patient’s data along"));
  mw_json_take (none, "lines", new_array ());
  json_array_add_element (array, none);
  return g_steal_pointer (&choices);
}

typedef struct
{
  gint64     revision;
  MwQuestion question;
  gint64     now;
} Ask;

static gint64
write_question (MwDb    *db,
                gpointer data,
                GError **error)
{
  Ask *ask = data;

  /* taken back while the server was asked: nobody needs to answer */
  if (mw_db_get_int (db, -1, "SELECT revision FROM items WHERE id = ?1 AND state = 2", "i", ask->question.item) != ask->revision)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item has moved on meanwhile");
      return -1;
    }
  return mw_questions_ask (db, &ask->question, ask->now, error) ? 0 : -1;
}

/**
 * mw_identify_ask:
 * @item: one that is preparing
 * @revision: of the text that is prepared
 * @patient: whom it is about
 * @answer: (nullable): whom the server offers; NULL when it has refused to say, and only sending the data along is left
 * @why: a whole sentence on why a person has to say
 * @end: (out): whether the question is on disk
 *
 * Asks a person who @patient is at @link's server.
 *
 * Returns: FALSE when there is nobody in @answer to choose from; nothing is asked then
 */
gboolean
mw_identify_ask (MwLink              *link,
                 gint64               item,
                 gint64               revision,
                 JsonNode            *patient,
                 const MwMatchAnswer *answer,
                 const char          *why,
                 MwIdentifyEnd       *end)
{
  MwCore *core = link->core;
  g_autoptr (JsonNode) choices = choices_of (patient, answer);
  g_autofree char *title = mw_comparison_title (patient);
  g_autofree char *text = NULL;
  Ask              ask;

  if (choices == NULL)
    return FALSE;
  /* Translators: the patient with birth date, the server, and a sentence on why it must be asked */
  text = g_strdup_printf (_ ("Who is %s at %s? %s"), title, link->row->name, why);
  ask = (Ask){ .revision = revision,
               .question = { .item = item,
                             .stage = (char *) "identify",
                             .about = (char *) MW_QUESTION_PATIENT_THERE,
                             .connection = link->row->id,
                             .text = text,
                             .choices = choices },
               .now = mw_core_now (core) };
  *end = mw_store_write (core->store, write_question, &ask, NULL) >= 0 ? MW_IDENTIFY_ASKED : MW_IDENTIFY_STOPPED;
  return TRUE;
}
