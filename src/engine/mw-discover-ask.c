/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What only a person can decide about where an item goes: who is meant, which of two servers, whether to a new host */

#include "mw-config.h"

#include "mw-discover.h"

#include "mw-datatypes.h"
#include "mw-item.h"
#include "mw-npi.h"
#include "mw-question.h"
#include "mw-source-words.h"
#include "mw-text.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

/* More do not help a person to choose */
#define MAX_CHOICES 8

typedef struct
{
  gint64     item;
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

  /* taken back while the directories were asked: nobody needs to answer */
  if (mw_db_get_int (db, -1, "SELECT revision FROM items WHERE id = ?1 AND state = 2", "i", ask->item) != ask->revision)
    {
      g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_STATE, "The item has moved on meanwhile");
      return -1;
    }
  return mw_questions_ask (db, &ask->question, ask->now, error) ? 0 : -1;
}

static gboolean
put_question (MwCore     *core,
              gint64      item,
              gint64      revision,
              const char *about,
              const char *text,
              JsonNode   *choices)
{
  Ask ask = { .item = item,
              .revision = revision,
              .question = { .item = item, .stage = (char *) "discover", .about = (char *) about, .text = (char *) text, .choices = choices },
              .now = mw_core_now (core) };

  return mw_store_write (core->store, write_question, &ask, NULL) >= 0;
}

static JsonNode *
new_array (void)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, json_array_new ());
  return node;
}

static JsonNode *
add_choice (JsonNode   *choices,
            const char *value,
            const char *title)
{
  JsonNode *choice = mw_json_object_new ();
  JsonNode *lines = new_array ();

  mw_json_set (choice, "value", value);
  mw_json_set (choice, "title", title);
  mw_json_take (choice, "lines", lines);
  json_array_add_element (json_node_get_array (choices), choice);
  return lines;
}

static void
add_line (JsonNode   *lines,
          const char *label,
          const char *text)
{
  g_autofree char *safe = mw_text_line (text);
  JsonNode        *line;

  if (safe == NULL)
    return;
  line = mw_json_object_new ();
  mw_json_set (line, "label", label);
  mw_json_set (line, "there", safe);
  mw_json_set (line, "verdict", "unknown");
  json_array_add_element (json_node_get_array (lines), line);
}

/* Returns: (nullable): what the choice says under @label */
static const char *
line_of (JsonNode   *choice,
         const char *label)
{
  guint n = mw_json_length (choice, "lines");

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (mw_json_string (mw_json_item (choice, "lines", i), "label"), label) == 0)
      return mw_json_string (mw_json_item (choice, "lines", i), "there");
  return NULL;
}

/* Marks what tells the choices apart */
static void
mark_differences (JsonNode *choices)
{
  guint n = mw_json_length (choices, NULL);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *choice = mw_json_item (choices, NULL, i);
      guint     n_lines = mw_json_length (choice, "lines");

      for (guint k = 0; k < n_lines; k++)
        {
          JsonNode *line = mw_json_item (choice, "lines", k);
          gboolean  differs = FALSE;

          for (guint j = 0; j < n; j++)
            differs = differs || g_strcmp0 (mw_json_string (line, "there"), line_of (mw_json_item (choices, NULL, j), mw_json_string (line, "label"))) != 0;
          if (differs)
            mw_json_set (line, "verdict", "different");
        }
    }
}

/* ---- who is meant ------------------------------------------------------------- */

static char *
place_of (JsonNode *resource)
{
  g_autofree char *address = mw_address_text (mw_json_item (resource, "address", 0));

  return address != NULL ? g_steal_pointer (&address) : g_strdup (mw_json_string (resource, "location[0].display"));
}

static char *
reached_words (const MwReach *reach)
{
  if (mw_reach_get_address (reach) != NULL)
    return g_strdup (mw_reach_get_address (reach));
  if (reach->connection != NULL)
    return g_strdup (reach->connection->name);
  return g_strdup (reach->end == MW_REACH_UNDECIDED ? _ ("At one of several places") : _ ("Not known"));
}

static char *
kind_words (const char *type)
{
  static const struct
  {
    const char *type;
    const char *words;
  } kinds[] = {
    { "Organization", NC_ ("recipient", "Organisation") },
    { "PractitionerRole", NC_ ("recipient", "Person in a role") },
    { "Practitioner", NC_ ("recipient", "Person") },
    { "CareTeam", NC_ ("recipient", "Care team") },
    { "HealthcareService", NC_ ("recipient", "Service") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].type, type) == 0)
      return g_strdup (g_dpgettext2 (GETTEXT_PACKAGE, "recipient", kinds[i].words));
  return NULL;
}

static char *
npi_of (MwDb           *db,
        const MwPerson *person,
        JsonNode       *resource)
{
  g_autoptr (JsonNode) practitioner = person->practitioner != NULL ? mw_reach_load (db, person->practitioner) : NULL;
  char *npi = mw_npi_of (resource, NULL);

  return npi != NULL ? npi : mw_npi_of (practitioner, NULL);
}

static char *
directory_words (MwDb           *db,
                 const MwPerson *person,
                 gint64          now)
{
  gint64           read = mw_reach_read_at (db, person->reference);
  g_autofree char *age = mw_words_age (read, now);
  g_autofree char *name = mw_source_words_directory (db, person->connection, person->source);

  if (name == NULL || read == 0)
    return g_steal_pointer (&name);
  /* Translators: a directory, and when it was read: "National Directory (14:02)" */
  return g_strdup_printf (_ ("%s (%s)"), name, age);
}

static void
add_candidate (MwCore         *core,
               JsonNode       *choices,
               const MwPerson *person)
{
  gint64 now = mw_core_now (core);
  g_autoptr (JsonNode) resource = mw_reach_load (core->db, person->reference);
  g_autoptr (MwReach) reach = mw_reach_of_person (core->db, person, now);
  g_autofree char *kind = kind_words (person->type);
  g_autofree char *organization = person->organization != NULL ? mw_db_get_text (core->db, "SELECT name FROM people WHERE reference = ?1", "s", person->organization) : NULL;
  g_autofree char *specialty = mw_concept_text (mw_json_item (resource, "specialty", 0));
  g_autofree char *place = place_of (resource);
  g_autofree char *npi = npi_of (core->db, person, resource);
  g_autofree char *reached = reached_words (reach);
  g_autofree char *directory = directory_words (core->db, person, now);
  JsonNode        *lines = add_choice (choices, person->reference, person->name);

  add_line (lines, _ ("Kind"), kind);
  add_line (lines, _ ("Organisation"), organization);
  add_line (lines, _ ("Specialty"), specialty);
  /* of a person in a role: the role and where */
  add_line (lines, _ ("Role"), g_str_has_prefix (person->type, "Practitioner") ? person->detail : NULL);
  add_line (lines, _ ("Place"), place);
  add_line (lines, _ ("NPI"), npi);
  add_line (lines, _ ("Reached at"), reached);
  add_line (lines, _ ("Listed by"), directory);
}

/**
 * mw_discover_ask_recipient:
 * @reach: several fit
 *
 * Returns: whether the question is on disk; not so when the item has moved on
 */
gboolean
mw_discover_ask_recipient (MwCore        *core,
                           gint64         item,
                           gint64         revision,
                           const MwDraft *draft,
                           const MwReach *reach)
{
  g_autoptr (JsonNode) choices = new_array ();
  const char      *who = draft->to_name != NULL ? draft->to_name : reach->person != NULL ? reach->person->name
                                                                                         : "?";
  g_autofree char *text = NULL;

  for (guint i = 0; i < reach->candidates->len && i < MAX_CHOICES; i++)
    add_candidate (core, choices, g_ptr_array_index (reach->candidates, i));
  mark_differences (choices);
  add_choice (choices, MW_QUESTION_NONE, _ ("None of these: I will name somebody else"));
  if (reach->candidates->len > MAX_CHOICES)
    /* Translators: %s is a name; %d a number */
    text = g_strdup_printf (_ ("Several in the directory fit “%s”. Who is meant? These are the first %d: a longer name finds fewer."), who, MAX_CHOICES);
  else
    text = g_strdup_printf (_ ("Several in the directory fit “%s”. Who is meant?"), who);
  return put_question (core, item, revision, MW_QUESTION_RECIPIENT, text, choices);
}

/* ---- which of two servers ------------------------------------------------------- */

static char *
worked_words (MwCore     *core,
              const char *address)
{
  gint64 worked;

  mw_endpoint_rows_probed (core->db, address, &worked, NULL);
  return worked > 0 ? mw_words_age (worked, mw_core_now (core)) : g_strdup (_ ("Never tried from here"));
}

static void
add_endpoint (MwCore              *core,
              JsonNode            *choices,
              const MwEndpointRow *row)
{
  const MwEndpoint *endpoint = row->endpoint;
  g_autofree char  *worked = worked_words (core, endpoint->address);
  g_autofree char  *directory = mw_source_words_directory (core->db, row->connection, row->source);
  g_autofree char  *age = mw_words_age (row->fetched, mw_core_now (core));
  g_autoptr (MwConnection) connection = mw_reach_connection_of (core->db, endpoint->address);
  JsonNode *lines = add_choice (choices, endpoint->address, endpoint->name != NULL ? endpoint->name : endpoint->address);

  add_line (lines, _ ("Address"), endpoint->address);
  add_line (lines, _ ("Your connection"), connection != NULL ? connection->name : _ ("No"));
  add_line (lines, _ ("FHIR version"), endpoint->fhir_version);
  add_line (lines, _ ("Last worked"), worked);
  add_line (lines, _ ("Listed by"), directory);
  add_line (lines, C_ ("date", "Read"), age);
}

/**
 * mw_discover_ask_endpoint:
 * @reach: undecided
 *
 * Returns: whether the question is on disk
 */
gboolean
mw_discover_ask_endpoint (MwCore        *core,
                          gint64         item,
                          gint64         revision,
                          const MwReach *reach)
{
  g_autoptr (JsonNode) choices = new_array ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < reach->equals->len && i < MAX_CHOICES; i++)
    add_endpoint (core, choices, g_ptr_array_index (reach->equals, i));
  mark_differences (choices);
  add_choice (choices, MW_QUESTION_NONE, _ ("Do not send it"));
  /* Translators: %s is a person or place */
  text = g_strdup_printf (_ ("Servers in different places say that they are those of %s. Where shall it go?"), reach->person->name);
  return put_question (core, item, revision, MW_QUESTION_ENDPOINT, text, choices);
}

/* ---- a new host ------------------------------------------------------------------- */

/**
 * mw_discover_ask_connect:
 * @reach: with an endpoint that is not at one of the connections
 *
 * Returns: whether the question is on disk
 */
gboolean
mw_discover_ask_connect (MwCore        *core,
                         gint64         item,
                         gint64         revision,
                         const MwReach *reach)
{
  g_autoptr (JsonNode) choices = new_array ();
  const char *address = mw_reach_get_address (reach);
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *directory = mw_source_words_directory (core->db, reach->endpoint->connection, reach->endpoint->source);
  g_autofree char *text = NULL;
  JsonNode        *lines = add_choice (choices, address, _ ("Connect to it and send"));

  add_line (lines, _ ("Address"), address);
  add_line (lines, _ ("Endpoint"), reach->endpoint->endpoint->name);
  add_line (lines, _ ("Listed by"), directory);
  add_choice (choices, MW_QUESTION_NONE, _ ("Do not send there"));
  /* Translators: a person or place, and a host: "fhir.example.org" */
  text = g_strdup_printf (_ ("%s is reached at %s, which is not one of your connections."), reach->person->name, uri != NULL ? g_uri_get_host (uri) : address);
  return put_question (core, item, revision, MW_QUESTION_CONNECT, text, choices);
}
