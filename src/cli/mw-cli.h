/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "mw-connections.h"
#include "mw-demographics.h"
#include "mw-json.h"
#include "mw-patient-check.h"
#include "mw-store.h"

G_BEGIN_DECLS

#define MW_EXIT_DONE 0
#define MW_EXIT_FAILED 1
#define MW_EXIT_USAGE 2

/**
 * MwCli:
 * @folder: the data folder
 * @json: whether to print one JSON document instead of lines
 * @store: open while a command runs
 */
typedef struct
{
  char    *folder;
  gboolean json;
  MwStore *store;
} MwCli;

/**
 * MwCommandFunc:
 *
 * Returns: the exit code; for 1 a sentence has been printed to stderr
 */
typedef int (*MwCommandFunc) (MwCli *cli,
                              int    argc,
                              char **argv);

/**
 * MwCommand:
 * @is_alone: (nullable): whether the command, with these words, needs no data folder; it then gets no store
 */
typedef struct
{
  const char   *name;
  const char   *arguments;
  const char   *summary;
  MwCommandFunc func;
  gboolean (*is_alone) (int    argc,
                        char **argv);
} MwCommand;

const MwCommand *mw_cli_find (const char *name);
int              mw_cli_run (const MwCommand *command,
                             const char      *folder,
                             int              argc,
                             char           **argv);
char            *mw_cli_help (void);

/* What the commands share */
gboolean   mw_cli_parse (MwCli              *cli,
                         const char         *name,
                         const GOptionEntry *entries,
                         guint               n_arguments,
                         int                *argc,
                         char             ***argv);
int        mw_cli_fail (const GError *error);
int        mw_cli_fail_text (const char *text);
void       mw_cli_print (JsonNode *document);
void       mw_cli_print_line (const char *format,
                              ...) G_GNUC_PRINTF (1, 2);
void       mw_cli_set (JsonNode   *node,
                       const char *member,
                       const char *value);
char      *mw_cli_time (gint64 us);
JsonNode  *mw_cli_entry_json (MwDb  *db,
                              gint64 id);
JsonNode  *mw_cli_item_json (MwDb  *db,
                             gint64 id);
gboolean   mw_cli_read_id (const char *text,
                           char        kind,
                           gint64     *id);
int        mw_cli_print_item (MwCli *cli,
                              gint64 id);
JsonNode  *mw_cli_question_json (MwDb  *db,
                                 gint64 item);
void       mw_cli_print_question (MwDb  *db,
                                  gint64 item);
JsonNode  *mw_cli_check_json (const MwPatientCheck *check);
void       mw_cli_print_check (const MwPatientCheck *check);
int        mw_cli_decide (MwCli      *cli,
                          gint64      entry,
                          const char *decision);
gint64     mw_cli_read_time (const char *text);
char      *mw_cli_read_input (const char *file,
                              gsize      *length,
                              GError    **error);
char      *mw_cli_read_note (const char *text,
                             const char *file,
                             GError    **error);
GPtrArray *mw_cli_read_files (char   **paths,
                              GError **error);
char      *mw_cli_absolute (MwDb       *db,
                            const char *reference);

/* in mw-cli-patient.c */
MwDemographics *mw_cli_read_patient (const char *file,
                                     GError    **error);

int mw_cli_connect (MwCli *cli, int argc, char **argv);
int mw_cli_connections (MwCli *cli, int argc, char **argv);
int mw_cli_remove_connection (MwCli *cli, int argc, char **argv);
int mw_cli_directory (MwCli *cli, int argc, char **argv);
int mw_cli_directory_search (MwCli *cli, int argc, char **argv);
int mw_cli_key (MwCli *cli, int argc, char **argv);
int mw_cli_sync (MwCli *cli, int argc, char **argv);
int mw_cli_inbox (MwCli *cli, int argc, char **argv);
int mw_cli_outbox (MwCli *cli, int argc, char **argv);
int mw_cli_show (MwCli *cli, int argc, char **argv);
int mw_cli_push (MwCli *cli, int argc, char **argv);
int mw_cli_ask (MwCli *cli, int argc, char **argv);
int mw_cli_refer (MwCli *cli, int argc, char **argv);
int mw_cli_message (MwCli *cli, int argc, char **argv);
int mw_cli_alert (MwCli *cli, int argc, char **argv);
int mw_cli_act (MwCli *cli, int argc, char **argv);
int mw_cli_retry (MwCli *cli, int argc, char **argv);
int mw_cli_cancel (MwCli *cli, int argc, char **argv);
int mw_cli_discard (MwCli *cli, int argc, char **argv);
int mw_cli_answer (MwCli *cli, int argc, char **argv);
int mw_cli_patient (MwCli *cli, int argc, char **argv);
int mw_cli_links (MwCli *cli, int argc, char **argv);
int mw_cli_roles (MwCli *cli, int argc, char **argv);
int mw_cli_audit (MwCli *cli, int argc, char **argv);

gboolean mw_cli_audit_is_alone (int argc, char **argv);

gint64   mw_cli_sign_in (MwCli              *cli,
                         const MwConnection *wanted,
                         gboolean            open,
                         guint               seconds);
gboolean mw_cli_sign_out (MwCli              *cli,
                          const MwConnection *connection);

G_END_DECLS
