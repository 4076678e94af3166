/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-entry.h"
#include "mw-fhir-date.h"
#include "mw-me.h"
#include "mw-local-patient.h"
#include "mw-outbox.h"
#include "mw-triage.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * Options:
 *
 * The options of the commands that send something; each command offers those that mean something to it.
 */
typedef struct
{
  char    *patient;
  char    *patient_file;
  char    *to;
  char    *note;
  char    *note_file;
  char    *subject;
  char    *service;
  char    *reason;
  char    *urgency;
  char    *by;
  char    *at;
  char    *as;
  char   **resources;
  char   **files;
  char   **about;
  gboolean urgent;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->patient);
  g_free (options->patient_file);
  g_free (options->to);
  g_free (options->note);
  g_free (options->note_file);
  g_free (options->subject);
  g_free (options->service);
  g_free (options->reason);
  g_free (options->urgency);
  g_free (options->by);
  g_free (options->at);
  g_free (options->as);
  g_strfreev (options->resources);
  g_strfreev (options->files);
  g_strfreev (options->about);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

#define OPTION_PATIENT                                                                          \
  {                                                                                             \
    "patient", 0, 0, G_OPTION_ARG_STRING, &options.patient, N_ ("Whom it is about"), N_ ("REF") \
  }
#define OPTION_PATIENT_FILE                                                                                                                       \
  {                                                                                                                                               \
    "patient-file", 0, 0, G_OPTION_ARG_FILENAME, &options.patient_file, N_ ("What is known of a patient who is in no list; - is standard input"), \
        N_ ("FILE")                                                                                                                               \
  }
#define OPTION_TO                                                                              \
  {                                                                                            \
    "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("A reference, or name:TEXT"), N_ ("WHO") \
  }
#define OPTION_NOTE                                                                                                  \
  {                                                                                                                  \
    "note", 0, 0, G_OPTION_ARG_STRING, &options.note, N_ ("What you write (visible to other programs)"), N_ ("TEXT") \
  }
#define OPTION_NOTE_FILE                                                                                                        \
  {                                                                                                                             \
    "note-file", 0, 0, G_OPTION_ARG_FILENAME, &options.note_file, N_ ("The same from a file; - is standard input"), N_ ("FILE") \
  }
#define OPTION_SUBJECT                                                                  \
  {                                                                                     \
    "subject", 0, 0, G_OPTION_ARG_STRING, &options.subject, N_ ("A title"), N_ ("TEXT") \
  }
#define OPTION_URGENT                                                             \
  {                                                                               \
    "urgent", 0, 0, G_OPTION_ARG_NONE, &options.urgent, N_ ("It is urgent"), NULL \
  }
#define OPTION_AT                                                                          \
  {                                                                                        \
    "at", 0, 0, G_OPTION_ARG_STRING, &options.at, N_ ("Not before this time"), N_ ("TIME") \
  }
#define OPTION_AS                                                                                                         \
  {                                                                                                                       \
    "as", 0, 0, G_OPTION_ARG_STRING, &options.as, N_ ("In which of your roles; “meanwhile roles” lists them"), N_ ("REF") \
  }
#define OPTION_BY                                                                              \
  {                                                                                            \
    "by", 0, 0, G_OPTION_ARG_STRING, &options.by, N_ ("When an answer is wanted"), N_ ("DATE") \
  }
#define OPTION_RESOURCE                                                                                      \
  {                                                                                                          \
    "resource", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.resources, N_ ("A part of the record"), N_ ("REF") \
  }
#define OPTION_FILE                                                                                   \
  {                                                                                                   \
    "file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.files, N_ ("A file to go along"), N_ ("FILE") \
  }

static gboolean
fill_draft (MwDraft *draft,
            Options *options,
            MwDb    *db)
{
  static const char *const urgencies[] = { "routine", "urgent", "asap", "stat", NULL };

  if (options->patient != NULL && options->patient_file != NULL)
    {
      g_printerr (_ ("meanwhile: --patient and --patient-file both say whom it is about\n"));
      return FALSE;
    }
  if (g_strcmp0 (options->patient_file, "-") == 0 && g_strcmp0 (options->note_file, "-") == 0)
    {
      g_printerr (_ ("meanwhile: only one file can be standard input\n"));
      return FALSE;
    }
  if (options->patient != NULL)
    {
      draft->patient = mw_cli_absolute (db, options->patient);
      if (draft->patient == NULL)
        {
          g_printerr (_ ("meanwhile: %s is no reference\n"), options->patient);
          return FALSE;
        }
    }
  if (options->to != NULL && g_str_has_prefix (options->to, "name:"))
    draft->to_name = g_strdup (options->to + strlen ("name:"));
  else if (options->to != NULL)
    {
      draft->to = mw_cli_absolute (db, options->to);
      if (draft->to == NULL)
        {
          g_printerr (_ ("meanwhile: %s is no reference; a name is written name:TEXT\n"), options->to);
          return FALSE;
        }
    }
  if (options->as != NULL)
    {
      g_autoptr (MwConnection) home = mw_connections_home (db);

      draft->acting_as = mw_cli_absolute (db, options->as);
      if (!mw_me_may_act_as (db, home, draft->acting_as))
        {
          g_printerr (_ ("meanwhile: %s is not you, nor an active role of yours; “meanwhile roles” lists them\n"), options->as);
          return FALSE;
        }
    }
  for (guint i = 0; options->resources != NULL && options->resources[i] != NULL; i++)
    {
      g_autofree char *reference = mw_cli_absolute (db, options->resources[i]);

      if (reference == NULL)
        {
          g_printerr (_ ("meanwhile: %s is no reference\n"), options->resources[i]);
          return FALSE;
        }
      mw_draft_add_resource (draft, reference);
    }
  for (guint i = 0; options->about != NULL && options->about[i] != NULL; i++)
    mw_draft_add_about (draft, options->about[i]);
  if (options->urgency != NULL && !g_strv_contains (urgencies, options->urgency))
    {
      g_printerr (_ ("meanwhile: the urgency is routine, urgent, asap or stat\n"));
      return FALSE;
    }
  if (options->by != NULL && mw_fhir_date_to_unix (options->by, 0) == 0)
    {
      g_printerr (_ ("meanwhile: %s is no date\n"), options->by);
      return FALSE;
    }
  if (options->at != NULL && mw_cli_read_time (options->at) == 0)
    {
      g_printerr (_ ("meanwhile: %s is no time\n"), options->at);
      return FALSE;
    }
  draft->urgency = g_strdup (options->urgency != NULL ? options->urgency : options->urgent ? "urgent"
                                                                                           : NULL);
  draft->subject = g_steal_pointer (&options->subject);
  draft->service = g_steal_pointer (&options->service);
  draft->reason = g_steal_pointer (&options->reason);
  draft->by = g_steal_pointer (&options->by);
  return TRUE;
}

typedef struct
{
  MwDemographics *known; /* (nullable): of a patient who is in no list */

  MwDraft   *draft;
  gint64     entry;
  GPtrArray *files;
  gint64     not_before;
  gboolean   scheduled;
  gint64     now;
} Post;

static gint64
run_post (MwDb    *db,
          gpointer data,
          GError **error)
{
  Post *post = data;

  if (post->known != NULL)
    {
      gint64 patient = mw_local_patients_put (db, post->known, post->now, error);

      if (patient < 0)
        return -1;
      g_free (post->draft->patient);
      post->draft->patient = mw_db_get_text (db, "SELECT reference FROM people WHERE id = ?1", "i", patient);
    }
  return mw_outbox_post (db, post->draft, post->entry, post->files, post->not_before, post->scheduled, post->now, error);
}

static int
post_draft (MwCli   *cli,
            MwDraft *draft,
            Options *options,
            gint64   entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = mw_cli_read_files (options->files, &error);
  gint64 at = options->at != NULL ? mw_cli_read_time (options->at) : 0;
  g_autoptr (MwDemographics) known = NULL;
  Post   post = { NULL, draft, entry, files, 0, at > 0, g_get_real_time () };
  gint64 id;

  if (files == NULL)
    return mw_cli_fail (error);
  if (options->patient_file != NULL)
    {
      known = mw_cli_read_patient (options->patient_file, &error);
      if (known == NULL)
        return mw_cli_fail (error);
      post.known = known;
    }
  if (draft->note == NULL)
    draft->note = mw_cli_read_note (options->note, options->note_file, &error);
  if (error != NULL)
    return mw_cli_fail (error);
  if (mw_db_get_int (mw_store_get_reader (cli->store, NULL), 0, "SELECT count(*) FROM connections WHERE home = 1", "") == 0)
    return mw_cli_fail_text (_ ("There is no home connection yet. Connect to your server first."));
  post.not_before = at > 0 ? at : post.now;
  id = mw_store_write (cli->store, run_post, &post, &error);
  return id < 0 ? mw_cli_fail (error) : mw_cli_print_item (cli, id);
}

static int
send_draft (MwCli      *cli,
            const char *kind,
            Options    *options)
{
  g_autoptr (MwDraft) draft = mw_draft_new (kind);
  MwDb *db = mw_store_get_reader (cli->store, NULL);

  if (options->to == NULL)
    {
      g_printerr (_ ("meanwhile: --to says who gets it\n"));
      return MW_EXIT_USAGE;
    }
  if (!fill_draft (draft, options, db))
    return MW_EXIT_USAGE;
  return post_draft (cli, draft, options, 0);
}

static int
missing (const char *option)
{
  g_printerr (_ ("meanwhile: %s is needed\n"), option);
  return MW_EXIT_USAGE;
}

int
mw_cli_push (MwCli *cli,
             int    argc,
             char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { OPTION_PATIENT, OPTION_PATIENT_FILE, OPTION_TO, OPTION_RESOURCE, OPTION_FILE, OPTION_NOTE, OPTION_NOTE_FILE,
                                   OPTION_SUBJECT, OPTION_URGENT, OPTION_AS, OPTION_AT, G_OPTION_ENTRY_NULL };

  if (!mw_cli_parse (cli, "push", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (options.patient == NULL && options.patient_file == NULL)
    return missing ("--patient");
  return send_draft (cli, MW_KIND_PUSH, &options);
}

int
mw_cli_ask (MwCli *cli,
            int    argc,
            char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { OPTION_PATIENT,
                                   OPTION_PATIENT_FILE,
                                   OPTION_TO,
                                   { "about", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.about, N_ ("What is asked for: words, a code, a FHIR query"), N_ ("TEXT") },
                                   OPTION_NOTE,
                                   OPTION_NOTE_FILE,
                                   OPTION_SUBJECT,
                                   OPTION_BY,
                                   OPTION_URGENT,
                                   OPTION_AS,
                                   OPTION_AT,
                                   G_OPTION_ENTRY_NULL };

  if (!mw_cli_parse (cli, "ask", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (options.patient == NULL && options.patient_file == NULL)
    return missing ("--patient");
  if (options.about == NULL && options.note == NULL && options.note_file == NULL)
    return missing ("--about");
  return send_draft (cli, MW_KIND_ASK, &options);
}

int
mw_cli_refer (MwCli *cli,
              int    argc,
              char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { OPTION_PATIENT,
                                   OPTION_PATIENT_FILE,
                                   OPTION_TO,
                                   { "service", 0, 0, G_OPTION_ARG_STRING, &options.service, N_ ("What is to be done"), N_ ("TEXT") },
                                   { "reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, N_ ("Why"), N_ ("TEXT") },
                                   { "urgency", 0, 0, G_OPTION_ARG_STRING, &options.urgency, N_ ("routine, urgent, asap or stat"), N_ ("WORD") },
                                   OPTION_RESOURCE,
                                   OPTION_FILE,
                                   OPTION_NOTE,
                                   OPTION_NOTE_FILE,
                                   OPTION_BY,
                                   OPTION_AS,
                                   OPTION_AT,
                                   G_OPTION_ENTRY_NULL };

  if (!mw_cli_parse (cli, "refer", entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (options.patient == NULL && options.patient_file == NULL)
    return missing ("--patient");
  if (options.service == NULL)
    return missing ("--service");
  return send_draft (cli, MW_KIND_REFERRAL, &options);
}

static int
send_words (MwCli      *cli,
            const char *name,
            const char *kind,
            int         argc,
            char      **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { OPTION_TO, OPTION_PATIENT, OPTION_PATIENT_FILE, OPTION_NOTE, OPTION_NOTE_FILE, OPTION_SUBJECT, OPTION_RESOURCE, OPTION_FILE,
                                   OPTION_URGENT, OPTION_BY, OPTION_AS, OPTION_AT, G_OPTION_ENTRY_NULL };

  if (!mw_cli_parse (cli, name, entries, 0, &argc, &argv))
    return MW_EXIT_USAGE;
  if (options.note == NULL && options.note_file == NULL && options.files == NULL)
    return missing ("--note");
  return send_draft (cli, kind, &options);
}

int
mw_cli_message (MwCli *cli,
                int    argc,
                char **argv)
{
  return send_words (cli, "message", MW_KIND_MESSAGE, argc, argv);
}

int
mw_cli_alert (MwCli *cli,
              int    argc,
              char **argv)
{
  return send_words (cli, "alert", MW_KIND_ALERT, argc, argv);
}

/* ---- acting on entries ----------------------------------------------- */

typedef struct
{
  MwTriage verb;
  gint64   id;
} TriageInput;

static gint64
run_triage (MwDb    *db,
            gpointer data,
            GError **error)
{
  TriageInput *input = data;

  return mw_triage_apply (db, input->verb, &input->id, 1, 0, g_get_real_time (), error);
}

static int
triage (MwCli   *cli,
        MwTriage verb,
        gint64   id)
{
  TriageInput input = { verb, id };
  MwDb       *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (GError) error = NULL;

  if (mw_store_write (cli->store, run_triage, &input, &error) < 0)
    return mw_cli_fail (error);
  if (cli->json)
    {
      g_autoptr (JsonNode) node = mw_cli_entry_json (db, id);

      mw_cli_print (node);
    }
  else
    mw_cli_print_line ("%s", _ ("Done."));
  return MW_EXIT_DONE;
}

static int
list_actions (MwDb           *db,
              gint64          entry,
              const MwAction *actions)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (MwPatientCheck) check = mw_patient_checks_of_entry (db, entry);

  for (const MwAction *action = actions; action != NULL && action->name != NULL; action++)
    g_string_append_printf (names, " %s", action->name);
  if (check != NULL && check->decision == NULL)
    g_string_append (names, " " MW_CHECK_BELONGS " " MW_CHECK_DOES_NOT_BELONG);
  g_printerr (_ ("meanwhile: this entry does not offer that now. It offers:%s archive unarchive read unread flag unflag\n"), names->str);
  return MW_EXIT_FAILED;
}

int
mw_cli_act (MwCli *cli,
            int    argc,
            char **argv)
{
  static const struct
  {
    const char *word;
    MwTriage    verb;
  } verbs[] = {
    { "acknowledge", MW_TRIAGE_ACKNOWLEDGE },
    { "archive", MW_TRIAGE_ARCHIVE },
    { "unarchive", MW_TRIAGE_UNARCHIVE },
    { "read", MW_TRIAGE_READ },
    { "unread", MW_TRIAGE_UNREAD },
    { "flag", MW_TRIAGE_FLAG },
    { "unflag", MW_TRIAGE_UNFLAG },
  };
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = { OPTION_NOTE, OPTION_NOTE_FILE, OPTION_FILE, OPTION_TO, OPTION_PATIENT, OPTION_PATIENT_FILE, OPTION_RESOURCE, { "about", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.about, N_ ("What is asked for"), N_ ("TEXT") }, OPTION_BY, OPTION_URGENT, OPTION_AS, OPTION_AT, G_OPTION_ENTRY_NULL };
  MwDb              *db = mw_store_get_reader (cli->store, NULL);
  g_autoptr (MwEntry) entry = NULL;
  g_autoptr (MwDraft) draft = NULL;
  g_autoptr (GError) error = NULL;
  const MwAction *actions, *action;
  gint64          id;

  if (!mw_cli_parse (cli, "act", entries, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  entry = mw_cli_read_id (argv[1], 'e', &id) ? mw_entries_load (db, id, NULL) : NULL;
  if (entry == NULL)
    return mw_cli_fail_text (_ ("There is no entry with this id."));
  if (g_str_equal (argv[2], MW_CHECK_BELONGS) || g_str_equal (argv[2], MW_CHECK_DOES_NOT_BELONG))
    return mw_cli_decide (cli, entry->id, argv[2]);
  actions = mw_outbox_entry_actions (db, entry);
  action = mw_action_find (actions, argv[2]);
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].word, argv[2]) && (action == NULL || action->effect == MW_EFFECT_LOCAL))
      return triage (cli, verbs[i].verb, entry->id);
  if (action == NULL)
    return list_actions (db, entry->id, actions);

  draft = mw_outbox_draft_for_action (db, entry, action, &error);
  if (draft == NULL)
    return mw_cli_fail (error);
  if (options.to != NULL)
    {
      g_clear_pointer (&draft->to, g_free);
      g_clear_pointer (&draft->to_name, g_free);
    }
  if (options.patient != NULL || options.patient_file != NULL)
    g_clear_pointer (&draft->patient, g_free);
  if (!fill_draft (draft, &options, db))
    return MW_EXIT_USAGE;
  if (options.note != NULL || options.note_file != NULL)
    {
      g_free (draft->note);
      draft->note = mw_cli_read_note (options.note, options.note_file, &error);
      if (draft->note == NULL)
        return mw_cli_fail (error);
    }
  if (action->note == 2 && draft->note == NULL && options.files == NULL)
    return missing ("--note");
  if (draft->to == NULL && draft->to_name == NULL && action->effect == MW_EFFECT_COMPOSE)
    return missing ("--to");
  if (g_str_equal (argv[2], "decline"))
    draft->reason = g_strdup (draft->note);
  return post_draft (cli, draft, &options, entry->id);
}
