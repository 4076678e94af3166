/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-access-forget.h"
#include "mw-connections.h"
#include "mw-managed.h"
#include "mw-entry.h"
#include "mw-fhir-date.h"
#include "mw-file-row.h"
#include "mw-item.h"
#include "mw-outbox.h"
#include "mw-person.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <string.h>

static const MwCommand commands[] = {
  { "connect", N_ ("URL"), N_ ("Add a connection"), mw_cli_connect, NULL },
  { "connections", N_ ("[test|on|off|sign-in|sign-out|rename|remove|directory CONNECTION [NAME|on|off]]"), N_ ("List the connections, test one, switch one on or off, sign in or out, rename or remove it, or look people up there"), mw_cli_connections, NULL },
  { "directory", N_ ("[search TEXT|import FILE|URL|forget LIST]"), N_ ("List where people and places are looked up, search there, import a published list of endpoints, or forget one"), mw_cli_directory, NULL },
  { "key", N_ ("FILE"), N_ ("Make a key for access by key, or show its public part"), mw_cli_key },
  { "sync", "", N_ ("Receive and send without a window"), mw_cli_sync, NULL },
  { "inbox", "", N_ ("List the inbox"), mw_cli_inbox, NULL },
  { "outbox", "", N_ ("List the outbox"), mw_cli_outbox, NULL },
  { "show", N_ ("ID"), N_ ("Show one entry or item, whole"), mw_cli_show, NULL },
  { "push", "", N_ ("Send parts of a patient's record"), mw_cli_push, NULL },
  { "ask", "", N_ ("Ask for information"), mw_cli_ask, NULL },
  { "refer", "", N_ ("Refer a patient"), mw_cli_refer, NULL },
  { "message", "", N_ ("Send a message"), mw_cli_message, NULL },
  { "alert", "", N_ ("Alert somebody"), mw_cli_alert, NULL },
  { "act", N_ ("ID ACTION"), N_ ("Do what an entry offers"), mw_cli_act, NULL },
  { "answer", N_ ("ID CHOICE"), N_ ("Answer what an item asks, by the number of a choice"), mw_cli_answer, NULL },
  { "links", N_ ("[revoke ID]"), N_ ("List who a patient is on other servers, or take one back"), mw_cli_links, NULL },
  { "roles", "", N_ ("List the roles that you may send in, or choose the usual one"), mw_cli_roles, NULL },
  { "patient", "", N_ ("Name a patient who is in no list; what is known comes from a file"), mw_cli_patient, NULL },
  { "retry", N_ ("ID"), N_ ("Try an item again, now"), mw_cli_retry, NULL },
  { "cancel", N_ ("ID"), N_ ("Keep an item from leaving"), mw_cli_cancel, NULL },
  { "discard", N_ ("ID"), N_ ("Delete a draft or a withdrawn item"), mw_cli_discard, NULL },
  { "audit", N_ ("[verify|export FILE|check FILE]"), N_ ("List what was done and sent, check that record, or export a proof of it"), mw_cli_audit, mw_cli_audit_is_alone },
};

const MwCommand *
mw_cli_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

/**
 * mw_cli_help:
 *
 * Returns: (transfer full): a line for each command
 */
char *
mw_cli_help (void)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *call = g_strdup_printf ("%s %s", commands[i].name, *commands[i].arguments != '\0' ? _ (commands[i].arguments) : "");

      g_string_append_printf (text, "  %-14s %s\n", call, _ (commands[i].summary));
    }
  return g_string_free (text, FALSE);
}

/* What a server sent must not steer a terminal, nor turn the order of what is read around */
static char *
for_terminal (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *clean = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);

      g_string_append_unichar (clean, turns || (g_unichar_iscntrl (c) && c != '\n' && c != '\t') ? ' ' : c);
    }
  return g_string_free (clean, FALSE);
}

int
mw_cli_fail_text (const char *text)
{
  g_autofree char *clean = for_terminal (text);

  g_printerr ("meanwhile: %s\n", clean);
  return MW_EXIT_FAILED;
}

int
mw_cli_fail (const GError *error)
{
  const char *text = error->message;

  if (error->domain == MW_STORE_ERROR)
    switch ((MwStoreError) error->code)
      {
      case MW_STORE_ERROR_FULL:
        text = _ ("The disk is full. Nothing was saved; what was there before can still be read.");
        break;
      case MW_STORE_ERROR_READ_ONLY:
        text = _ ("The data folder cannot be written.");
        break;
      case MW_STORE_ERROR_BUSY:
        text = _ ("Another program holds the database. Try again in a moment.");
        break;
      case MW_STORE_ERROR_DAMAGED:
        text = _ ("The database is damaged. It was left as it is.");
        break;
      case MW_STORE_ERROR_NEWER:
        text = _ ("The database was written by a newer version of Meanwhile. It was left as it is.");
        break;
      case MW_STORE_ERROR_STATE:
        text = _ ("It is too late for this: the item has moved on.");
        break;
      case MW_STORE_ERROR_NOT_FOUND:
      case MW_STORE_ERROR_FAILED:
      default:
        break;
      }
  return mw_cli_fail_text (text);
}

static void
forgotten (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  guint *open = user_data;
  g_autoptr (GError) error = NULL;

  (*open)--;
  if (!mw_access_forget_finish (result, &error))
    g_warning ("What an administrator's connection was let in with is still kept: %s", error->message);
}

/* @open: (out): how much is under way then */
static void
take_up_managed (MwCli *cli,
                 guint *open)
{
  g_autoptr (GPtrArray) past = mw_managed_take_up (cli->store, FALSE);

  *open = past->len;
  for (guint i = 0; i < past->len; i++)
    mw_access_forget_async (cli->store, past->pdata[i], NULL, forgotten, open);
}

/**
 * mw_cli_run:
 * @argv: the command's own arguments, its name first
 *
 * Opens the store, runs the command, closes it.
 */
int
mw_cli_run (const MwCommand *command,
            const char      *folder,
            int              argc,
            char           **argv)
{
  g_autoptr (GError) error = NULL;
  MwCli cli = { .folder = (char *) folder };
  guint open = 0;
  int   code;

  if (command->is_alone != NULL && command->is_alone (argc, argv))
    return command->func (&cli, argc, argv);
  cli.store = mw_store_open (folder, &error);
  if (cli.store == NULL)
    return mw_cli_fail (error);
  take_up_managed (&cli, &open);
  code = command->func (&cli, argc, argv);
  /* what is not forgotten before the program ends would never be */
  while (open > 0)
    g_main_context_iteration (NULL, TRUE);
  mw_store_close (cli.store);
  g_clear_object (&cli.store);
  return code;
}

/**
 * mw_cli_parse:
 * @n_arguments: how many must be left after the options
 *
 * Returns: FALSE when the words do not fit; what is wrong has been printed
 */
gboolean
mw_cli_parse (MwCli              *cli,
              const char         *name,
              const GOptionEntry *entries,
              guint               n_arguments,
              int                *argc,
              char             ***argv)
{
  const MwCommand *command = mw_cli_find (name);
  g_autofree char *parameters = g_strdup_printf ("%s %s", name, *command->arguments != '\0' ? _ (command->arguments) : "");
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *prgname = g_strdup (g_get_prgname ());
  g_autofree char *full = g_strdup_printf ("meanwhile %s", parameters);
  GOptionEntry     common[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_ ("Print one JSON document"), NULL },
        G_OPTION_ENTRY_NULL,
  };

  g_set_prgname (full);
  g_option_context_set_summary (context, _ (command->summary));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      g_set_prgname (prgname);
      g_printerr ("meanwhile: %s\n", error->message);
      return FALSE;
    }
  g_set_prgname (prgname);
  if ((guint) *argc - 1 != n_arguments)
    {
      g_printerr (_ ("Usage: meanwhile %s\n"), parameters);
      return FALSE;
    }
  return TRUE;
}

/* ---- printing -------------------------------------------------------- */

void
mw_cli_print (JsonNode *document)
{
  g_autofree char *text = mw_json_to_text (document, TRUE);

  g_print ("%s\n", text);
}

void
mw_cli_print_line (const char *format,
                   ...)
{
  va_list          args;
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = for_terminal (text);
  g_print ("%s\n", clean);
}

/**
 * mw_cli_set:
 * @value: (nullable)
 *
 * Sets a member of a document, to null when there is no value: a script finds every member every time.
 */
void
mw_cli_set (JsonNode   *node,
            const char *member,
            const char *value)
{
  if (value != NULL)
    mw_json_set (node, member, value);
  else
    mw_json_take (node, member, json_node_init_null (json_node_alloc ()));
}

char *
mw_cli_time (gint64 us)
{
  return us > 0 ? mw_fhir_date_from_unix (us) : NULL;
}

static void
set_time (JsonNode   *node,
          const char *path,
          gint64      us)
{
  g_autofree char *text = mw_cli_time (us);

  mw_cli_set (node, path, text);
}

static void
set_id (JsonNode   *node,
        const char *path,
        char        kind,
        gint64      id)
{
  g_autofree char *text = id > 0 ? g_strdup_printf ("%c%" G_GINT64_FORMAT, kind, id) : NULL;

  mw_cli_set (node, path, text);
}

static const char *
priority_word (MwPriority priority)
{
  static const char *const words[] = { "routine", "urgent", "asap", "stat" };

  return words[CLAMP ((int) priority, 0, 3)];
}

static char *
patient_reference (MwDb  *db,
                   gint64 id)
{
  g_autoptr (MwPerson) person = mw_people_load (db, id);
  g_autoptr (MwConnection) home = NULL;
  g_autoptr (MwReference) reference = NULL;
  char *relative;

  if (person == NULL)
    return NULL;
  home = mw_connections_home (db);
  reference = mw_reference_new_for_literal (person->reference);
  relative = home != NULL ? mw_reference_relative (reference, home->url) : NULL;
  return relative != NULL ? relative : g_strdup (person->reference);
}

/**
 * mw_cli_entry_json:
 *
 * Returns: (transfer full) (nullable): the entry's document; its members are a promise, see the README
 */
JsonNode *
mw_cli_entry_json (MwDb  *db,
                   gint64 id)
{
  g_autoptr (MwEntry) entry = mw_entries_load (db, id, NULL);
  g_autofree char *patient = NULL;
  JsonNode        *node;

  if (entry == NULL)
    return NULL;
  patient = patient_reference (db, entry->patient);
  node = mw_json_object_new ();
  set_id (node, "id", 'e', entry->id);
  mw_cli_set (node, "kind", entry->kind);
  mw_cli_set (node, "state", entry->state != NULL ? entry->state : entry->acknowledged > 0 ? "acknowledged"
                                                                                           : "received");
  mw_cli_set (node, "priority", priority_word (entry->priority));
  mw_cli_set (node, "subject", entry->subject);
  mw_cli_set (node, "sender", entry->sender);
  mw_cli_set (node, "patient", patient);
  mw_cli_set (node, "patientName", entry->patient_name);
  mw_cli_set (node, "preview", entry->preview);
  set_time (node, "sent", entry->sent);
  set_time (node, "received", entry->received);
  set_id (node, "thread", 't', entry->thread);
  mw_json_set_boolean (node, "unread", entry->unread);
  mw_json_set_boolean (node, "flagged", entry->flagged);
  set_time (node, "acknowledged", entry->acknowledged);
  set_time (node, "archived", entry->archived);
  set_time (node, "snoozedUntil", entry->snoozed_until);
  mw_cli_set (node, "warning", entry->warning);
  return node;
}

/**
 * mw_cli_item_json:
 *
 * Returns: (transfer full) (nullable): the item's document
 */
JsonNode *
mw_cli_item_json (MwDb  *db,
                  gint64 id)
{
  g_autoptr (MwItem) item = mw_items_load (db, id, NULL);
  g_autofree char *patient = NULL;
  g_autofree char *connection = NULL;
  JsonNode        *node;

  if (item == NULL)
    return NULL;
  patient = patient_reference (db, item->patient);
  connection = mw_db_get_text (db, "SELECT name FROM connections WHERE id = ?1", "i", item->connection);
  node = mw_json_object_new ();
  set_id (node, "id", 'i', item->id);
  mw_cli_set (node, "kind", item->kind);
  mw_cli_set (node, "action", item->action);
  mw_cli_set (node, "state", mw_item_state_word (item->state));
  mw_cli_set (node, "priority", priority_word (item->priority));
  mw_cli_set (node, "subject", item->subject);
  mw_cli_set (node, "recipient", item->recipient);
  mw_cli_set (node, "patient", patient);
  mw_cli_set (node, "patientName", item->patient_name);
  set_time (node, "created", item->created);
  mw_json_set_integer (node, "attempts", item->attempts);
  set_time (node, "nextAttempt", item->next_attempt);
  mw_cli_set (node, "lastError", item->error_text);
  mw_cli_set (node, "errorCode", item->error);
  mw_cli_set (node, "wait", item->wait);
  mw_cli_set (node, "connection", connection);
  mw_cli_set (node, "way", item->way);
  set_time (node, "saved", item->saved);
  set_time (node, "answerBy", item->answer_by);
  set_time (node, "handedOver", item->handed_over);
  set_id (node, "thread", 't', item->thread);
  set_id (node, "entry", 'e', item->entry);
  return node;
}

/* ---- arguments ------------------------------------------------------- */

/**
 * mw_cli_read_id:
 * @kind: 'e' for an entry, 'i' for an item
 *
 * Takes "e12" and, where only one kind makes sense, "12".
 */
gboolean
mw_cli_read_id (const char *text,
                char        kind,
                gint64     *id)
{
  if (*text == kind)
    text++;
  return g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, id, NULL);
}

/**
 * mw_cli_read_time:
 * @text: a time as in ISO 8601, or a day, which begins at midnight here
 *
 * Returns: µs since 1970, or 0 when it is none
 */
gint64
mw_cli_read_time (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *full = strchr (text, 'T') != NULL ? g_strdup (text) : g_strconcat (text, "T00:00:00", NULL);

  time = g_date_time_new_from_iso8601 (full, zone);
  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

/**
 * mw_cli_read_input:
 * @file: "-" is standard input
 * @length: (out): in bytes
 *
 * Returns: (transfer full) (nullable): what is in it, with a NUL behind
 */
char *
mw_cli_read_input (const char *file,
                   gsize      *length,
                   GError    **error)
{
  char *contents = NULL;

  if (g_str_equal (file, "-"))
    {
      g_autoptr (GIOChannel) channel = g_io_channel_unix_new (0);

      /* the bytes as they are: they are looked at afterwards */
      g_io_channel_set_encoding (channel, NULL, NULL);
      return g_io_channel_read_to_end (channel, &contents, length, error) == G_IO_STATUS_NORMAL ? contents : NULL;
    }
  return g_file_get_contents (file, &contents, length, error) ? contents : NULL;
}

/**
 * mw_cli_read_note:
 * @text: (nullable): --note
 * @file: (nullable): --note-file; "-" is standard input
 *
 * Returns: (transfer full) (nullable): the note; NULL without @error when none was given
 */
char *
mw_cli_read_note (const char *text,
                  const char *file,
                  GError    **error)
{
  g_autofree char *contents = NULL;
  gsize            length;

  if (file == NULL)
    return g_strdup (text);
  contents = mw_cli_read_input (file, &length, error);
  if (contents == NULL)
    return NULL;
  if (!g_utf8_validate (contents, (gssize) length, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("The note is not text in UTF-8."));
      return NULL;
    }
  return g_strdup (g_strchomp (contents));
}

static void
new_file_free (gpointer data)
{
  mw_new_file_free (data);
}

/**
 * mw_cli_read_files:
 * @paths: (nullable) (array zero-terminated=1)
 *
 * Returns: (transfer full) (element-type MwNewFile): the files' contents, or NULL with @error set
 */
GPtrArray *
mw_cli_read_files (char   **paths,
                   GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (new_file_free);

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autofree char *contents = NULL;
      g_autofree char *title = g_path_get_basename (paths[i]);
      g_autofree char *guess = NULL;
      g_autofree char *type = NULL;
      g_autoptr (GBytes) data = NULL;
      gsize length;

      if (!g_file_get_contents (paths[i], &contents, &length, error))
        return NULL;
      guess = g_content_type_guess (title, (const guchar *) contents, MIN (length, 4096), NULL);
      type = g_content_type_get_mime_type (guess);
      data = g_bytes_new_take (g_steal_pointer (&contents), length);
      g_ptr_array_add (files, mw_new_file_new (title, type, data));
    }
  return g_steal_pointer (&files);
}

/**
 * mw_cli_absolute:
 * @reference: (nullable): "Patient/1" on the home connection, or an absolute URL
 *
 * Returns: (transfer full) (nullable): the absolute reference
 */
char *
mw_cli_absolute (MwDb       *db,
                 const char *reference)
{
  g_autoptr (MwConnection) home = mw_connections_home (db);
  g_autoptr (MwReference) ref = reference != NULL ? mw_reference_new_for_literal (reference) : NULL;

  return ref != NULL ? mw_reference_absolute (ref, home != NULL ? home->url : NULL) : NULL;
}
