/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The audit on the command line: list, verify, export, check */

#include "mw-config.h"

#include "mw-cli.h"

#include "mw-audit-bundle.h"
#include "mw-audit-verify.h"
#include "mw-audit-words.h"
#include "mw-audit.h"
#include "mw-fhir-date.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A proof bundle is read whole; one that this program writes is a tenth of this at most */
#define MAX_BUNDLE_BYTES (1024 * 1024 * 1024)

typedef struct
{
  char *item;
  char *from;
  char *to;
  int   limit;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->item);
  g_free (options->from);
  g_free (options->to);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
read_bound (const char *text,
            gint64     *at)
{
  if (text == NULL)
    return TRUE;
  *at = mw_cli_read_time (text);
  if (*at != 0)
    return TRUE;
  g_printerr (_ ("meanwhile: %s is no time\n"), text);
  return FALSE;
}

/* An item that was discarded has no id any more: its identity, which the list shows, still finds it */
static char *
identity_of (MwDb       *db,
             const char *text)
{
  char  *identity = NULL;
  gint64 id;

  if (mw_cli_read_id (text, 'i', &id))
    identity = mw_db_get_text (db, "SELECT identity FROM items WHERE id = ?1", "i", id);
  if (identity == NULL)
    identity = mw_db_get_text (db, "SELECT item FROM audit WHERE item = ?1 LIMIT 1", "s", text);
  return identity;
}

/* Takes the options of a list or an export, and leaves the other words; @code is the end when FALSE is returned */
static gboolean
read_scope (MwCli         *cli,
            guint          n_arguments,
            gboolean       with_limit,
            int           *argc,
            char        ***argv,
            MwAuditFilter *filter,
            char         **identity,
            int           *code)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry scope[] = {
    { "item", 0, 0, G_OPTION_ARG_STRING, &options.item, N_ ("Only of this item"), N_ ("ID") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_ ("Only at this time or later"), N_ ("TIME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("Only before this time"), N_ ("TIME") },
    { with_limit ? "limit" : NULL, 0, 0, G_OPTION_ARG_INT, &options.limit, N_ ("At most so many, the newest"), N_ ("N") },
    G_OPTION_ENTRY_NULL,
  };

  *code = MW_EXIT_USAGE;
  if (!mw_cli_parse (cli, "audit", scope, n_arguments, argc, argv) || !read_bound (options.from, &filter->from) || !read_bound (options.to, &filter->to))
    return FALSE;
  if (options.limit < 0)
    {
      g_printerr (_ ("meanwhile: the limit is negative\n"));
      return FALSE;
    }
  filter->limit = (guint) options.limit;
  if (options.item == NULL)
    return TRUE;
  *identity = identity_of (mw_store_get_reader (cli->store, NULL), options.item);
  filter->item = *identity;
  if (*identity != NULL)
    return TRUE;
  *code = mw_cli_fail_text (_ ("There is no item with this id."));
  return FALSE;
}

/* ---- list ------------------------------------------------------------ */

static void
print_row (MwDb             *db,
           const MwAuditRow *row)
{
  g_autofree char *time = mw_fhir_date_from_unix (row->at);
  g_autofree char *shown = mw_fhir_date_to_display (time);
  g_autofree char *event = mw_audit_words_event (db, row);
  g_autofree char *place = mw_audit_words_place (db, row);
  g_autofree char *who = mw_audit_words_who (db, row);
  g_autofree char *status = row->http_status != 0 ? g_strdup_printf (" (HTTP %d)", (int) row->http_status) : g_strdup ("");

  mw_cli_print_line ("%6" G_GINT64_FORMAT "  %s  %s%s%s%s · %s%s%s", row->id, shown, event, status, place != NULL ? " → " : "", place != NULL ? place : "", who,
                     row->request != NULL ? " · " : "", row->request != NULL ? row->request : "");
}

static int
list_rows (MwCli *cli,
           int    argc,
           char **argv)
{
  MwAuditFilter    filter = { 0 };
  g_autofree char *identity = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (JsonNode) list = json_node_new (JSON_NODE_ARRAY);
  g_autoptr (GError) error = NULL;
  MwDb *db = mw_store_get_reader (cli->store, NULL);
  int   code;

  json_node_take_array (list, json_array_new ());
  if (!read_scope (cli, 0, TRUE, &argc, &argv, &filter, &identity, &code))
    return code;
  if (!mw_audit_ids (db, &filter, ids, &error))
    return mw_cli_fail (error);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (MwAuditRow) row = mw_audit_load (db, g_array_index (ids, gint64, i), &error);

      if (row == NULL)
        return mw_cli_fail (error);
      if (cli->json)
        json_array_add_element (json_node_get_array (list), mw_audit_row_to_json (row));
      else
        print_row (db, row);
    }
  if (cli->json)
    mw_cli_print (list);
  else if (ids->len == 0)
    mw_cli_print_line ("%s", _ ("Nothing is here."));
  return MW_EXIT_DONE;
}

/* ---- verify and check ------------------------------------------------ */

/* A sentence where such a command says it: on stdout when all is well, else on stderr; or all in one document */
static int
tell (MwCli      *cli,
      JsonNode   *document,
      gboolean    is_sound,
      const char *text)
{
  mw_cli_set (document, "text", text);
  if (cli->json)
    mw_cli_print (document);
  else if (is_sound)
    mw_cli_print_line ("%s", text);
  else
    mw_cli_fail_text (text);
  return is_sound ? MW_EXIT_DONE : MW_EXIT_FAILED;
}

static JsonNode *
read_bundle (const char *path,
             GError    **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, error);
  g_autofree char *text = NULL;
  gsize            length;

  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) > MAX_BUNDLE_BYTES)
    {
      g_set_error_literal (error, MW_AUDIT_BUNDLE_ERROR, MW_AUDIT_BUNDLE_ERROR_FORMAT, _ ("This file is too large for a proof bundle."));
      return NULL;
    }
  if (!g_file_load_contents (file, NULL, &text, &length, NULL, error))
    return NULL;
  return mw_audit_bundle_parse (text, length, error);
}

static int
verify (MwCli *cli,
        int    argc,
        char **argv)
{
  g_autofree char   *against = NULL;
  const GOptionEntry entries[] = {
    { "against", 0, 0, G_OPTION_ARG_FILENAME, &against, N_ ("Also look whether this proof was exported from it"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (JsonNode) document = mw_json_object_new ();
  g_autoptr (JsonNode) bundle = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  MwAuditHead      copy;
  MwAuditReport    report;

  if (!mw_cli_parse (cli, "audit", entries, 1, &argc, &argv))
    return MW_EXIT_USAGE;
  if (against != NULL)
    {
      bundle = read_bundle (against, &error);
      if (bundle == NULL || !mw_audit_bundle_check (bundle, NULL, &error))
        return mw_cli_fail (error);
      if (!mw_audit_bundle_head (bundle, &copy))
        return mw_cli_fail_text (_ ("This file does not say which audit it belongs to."));
    }
  if (!mw_audit_verify (mw_store_get_reader (cli->store, NULL), mw_store_get_folder (cli->store), bundle != NULL ? &copy : NULL, &report, &error))
    return mw_cli_fail (error);
  mw_cli_set (document, "verdict", mw_audit_verdict_word (report.verdict));
  if (report.row > 0)
    mw_json_set_integer (document, "row", report.row);
  else
    mw_cli_set (document, "row", NULL);
  mw_json_set_integer (document, "rows", report.count);
  mw_cli_set (document, "head", report.head.count > 0 ? report.head.hash : NULL);
  text = mw_audit_words_report (&report);
  return tell (cli, document, report.verdict == MW_AUDIT_WHOLE, text);
}

static int
check (MwCli *cli,
       int    argc,
       char **argv)
{
  g_autoptr (JsonNode) document = mw_json_object_new ();
  g_autoptr (JsonNode) bundle = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;
  guint            n_rows = 0;
  gboolean         is_sound;

  if (!mw_cli_parse (cli, "audit", NULL, 2, &argc, &argv))
    return MW_EXIT_USAGE;
  bundle = read_bundle (argv[2], &error);
  if (bundle == NULL)
    return mw_cli_fail (error);
  is_sound = mw_audit_bundle_check (bundle, &n_rows, &error);
  number = g_strdup_printf ("%u", n_rows);
  text = is_sound ? g_strdup_printf (_ ("The file is as it was exported: each of its rows (%s) has the hash it was recorded with."), number)
                  : g_strdup (error->message);
  mw_json_set_boolean (document, "sound", is_sound);
  mw_json_set_integer (document, "rows", n_rows);
  return tell (cli, document, is_sound, text);
}

/* ---- export ---------------------------------------------------------- */

static int export(MwCli *cli,
                  int    argc,
                  char **argv)
{
  MwAuditFilter    filter = { 0 };
  g_autofree char *identity = NULL;
  g_autoptr (JsonNode) bundle = NULL;
  g_autoptr (JsonNode) document = mw_json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *number = NULL;
  int              code;

  if (!read_scope (cli, 2, FALSE, &argc, &argv, &filter, &identity, &code))
    return code;
  bundle = mw_audit_bundle_new (mw_store_get_reader (cli->store, NULL), mw_store_get_folder (cli->store), &filter, g_get_real_time (), &error);
  if (bundle == NULL)
    return mw_cli_fail (error);
  if (g_str_equal (argv[2], "-"))
    mw_cli_print (bundle);
  else
    {
      text = mw_json_to_text (bundle, TRUE);
      if (!g_file_set_contents_full (argv[2], text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
        return mw_cli_fail (error);
    }
  if (mw_store_write (cli->store, mw_audit_bundle_note_export, &filter, &error) < 0)
    return mw_cli_fail (error);
  if (g_str_equal (argv[2], "-"))
    return MW_EXIT_DONE;
  number = g_strdup_printf ("%u", mw_json_length (bundle, "rows"));
  mw_cli_set (document, "file", argv[2]);
  mw_json_set_integer (document, "rows", mw_json_length (bundle, "rows"));
  mw_cli_set (document, "digest", mw_json_string (bundle, "digest"));
  if (cli->json)
    mw_cli_print (document);
  else
    /* Translators: a number and a file */
    mw_cli_print_line (_ ("%s rows are in %s. There is no patient data in it."), number, argv[2]);
  return MW_EXIT_DONE;
}

/**
 * mw_cli_audit_is_alone:
 *
 * Whoever is given a proof bundle can check it without having anything of Meanwhile's but the program.
 */
gboolean
mw_cli_audit_is_alone (int    argc,
                       char **argv)
{
  return argc > 1 && g_str_equal (argv[1], "check");
}

int
mw_cli_audit (MwCli *cli,
              int    argc,
              char **argv)
{
  const char *verb = argc > 1 ? argv[1] : "";

  if (g_str_equal (verb, "verify"))
    return verify (cli, argc, argv);
  if (g_str_equal (verb, "export"))
    return export(cli, argc, argv);
  if (g_str_equal (verb, "check"))
    return check (cli, argc, argv);
  return list_rows (cli, argc, argv);
}
