/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "mw-engine"

#include "mw-config.h"

#include "mw-managed.h"

#include "mw-connection-remove.h"
#include "mw-reference.h"
#include "mw-sign-out.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define GROUP "Connection"
#define SUFFIX ".connection"
/* A file of a few lines: what is larger is none of ours */
#define MAX_BYTES 65536
#define MAX_FILES 1000

static void
managed_free (gpointer data)
{
  MwManaged *managed = data;

  g_free (managed->file);
  g_free (managed->digest);
  g_free (managed->problem);
  mw_connection_free (managed->connection);
  g_free (managed);
}

static void
free_connection (gpointer data)
{
  mw_connection_free (data);
}

/* ---- one file -------------------------------------------------------- */

static const char *const known_keys[] = { "Url", "Name", "Home", "As", "Auth", "ClientId", "Scope", "Redirect",
                                          "CaFile", "TokenFile", "SecretFile", "KeyFile", "CertFile", "Directory", NULL };

/* What looks like a secret is not even shown as unknown: its value must go */
static gboolean
names_secret (const char *key)
{
  static const char *const words[] = { "secret", "token", "password", "privatekey", "key", "assertion" };
  g_autofree char         *lower = g_ascii_strdown (key, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static char *
check_keys (GKeyFile *file)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  if (keys == NULL || g_strv_length (groups) != 1)
    return g_strdup (_ ("It does not have one group, [Connection]."));
  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_string (file, GROUP, keys[i], NULL);

      if (!g_strv_contains (known_keys, keys[i]))
        /* Translators: %s is a word from a file */
        return g_strdup_printf (names_secret (keys[i]) ? _ ("“%s” names a secret, which must never stand in such a file. Remove it, and change the secret.")
                                                       : _ ("It says “%s”, which means nothing there."),
                                keys[i]);
      if (value == NULL)
        return g_strdup_printf (_ ("The value of “%s” cannot be read."), keys[i]);
      if (strstr (value, "-----BEGIN") != NULL)
        return g_strdup_printf (_ ("“%s” holds a key, which must never stand in such a file. Remove it, and change the key."), keys[i]);
    }
  return NULL;
}

static char *
get_text (GKeyFile   *file,
          const char *key)
{
  char *text = g_key_file_get_string (file, GROUP, key, NULL);

  if (text != NULL && *g_strstrip (text) == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static char *
get_path (GKeyFile   *file,
          const char *key,
          const char *folder)
{
  g_autofree char *text = get_text (file, key);

  if (text == NULL)
    return NULL;
  if (g_str_has_prefix (text, "~/"))
    return g_build_filename (g_get_home_dir (), text + 2, NULL);
  return g_canonicalize_filename (text, folder);
}

/* Each kind of access has what it needs: nobody can add it later */
static const char *
check_access (const MwConnection *connection)
{
  const struct
  {
    const char *auth;
    gboolean    complete;
    const char *sentence;
  } kinds[] = {
    { "open", TRUE, NULL },
    { "token", connection->token_file != NULL, _ ("Access by token needs TokenFile.") },
    { "secret", connection->secret_file != NULL && connection->client_id != NULL, _ ("Access by secret needs SecretFile and ClientId.") },
    { "key", connection->key_file != NULL && connection->client_id != NULL, _ ("Access by key needs KeyFile and ClientId.") },
    { "smart", connection->client_id != NULL, _ ("Access by sign-in needs ClientId.") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (connection->auth, kinds[i].auth))
      return kinds[i].complete ? NULL : kinds[i].sentence;
  return _ ("Auth is open, token, secret, key or smart.");
}

static char *
read_flag (GKeyFile   *file,
           const char *key,
           gboolean   *value)
{
  g_autoptr (GError) error = NULL;

  *value = g_key_file_get_boolean (file, GROUP, key, &error);
  if (error == NULL || g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
    return NULL;
  return g_strdup_printf (_ ("“%s” is true or false."), key);
}

/* Returns: what is wrong */
static char *
read_connection (GKeyFile     *file,
                 const char   *path,
                 MwConnection *connection)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *url = get_text (file, "Url");
  char            *problem = read_flag (file, "Home", &connection->home);

  if (problem == NULL)
    problem = read_flag (file, "Directory", &connection->directory);
  if (problem != NULL)
    return problem;
  connection->url = mw_base_url_normalise (url != NULL ? url : "");
  if (connection->url == NULL)
    return g_strdup (_ ("Url is not a web address. It begins with https:// and has no user name in it."));
  connection->name = get_text (file, "Name");
  connection->me = get_text (file, "As");
  connection->auth = get_text (file, "Auth");
  if (connection->auth == NULL)
    connection->auth = g_strdup ("open");
  connection->client_id = get_text (file, "ClientId");
  connection->scope = get_text (file, "Scope");
  connection->redirect = get_text (file, "Redirect");
  connection->ca_file = get_path (file, "CaFile", folder);
  connection->token_file = get_path (file, "TokenFile", folder);
  connection->secret_file = get_path (file, "SecretFile", folder);
  connection->key_file = get_path (file, "KeyFile", folder);
  connection->cert_file = get_path (file, "CertFile", folder);
  connection->origin = g_strdup (path);
  if (connection->me != NULL)
    {
      g_autoptr (MwReference) me = mw_reference_new_for_literal (connection->me);

      if (me->id == NULL)
        return g_strdup_printf (_ ("“%s” does not say who you are. It looks like Practitioner/12."), connection->me);
    }
  return g_strdup (check_access (connection));
}

/* Returns: (transfer full) (nullable): no more of it than is looked at, whatever it is */
static char *
read_text (const char *path,
           gsize      *length,
           GError    **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *text = stream != NULL ? g_malloc0 (MAX_BYTES + 2) : NULL;

  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_BYTES + 1, length, NULL, error))
    return NULL;
  return g_steal_pointer (&text);
}

static MwManaged *
read_file (const char *path)
{
  MwManaged *managed = g_new0 (MwManaged, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (MwConnection) connection = g_new0 (MwConnection, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize            length = 0;

  managed->file = g_strdup (path);
  text = read_text (path, &length, &error);
  if (text == NULL)
    managed->problem = g_strdup_printf (_ ("It cannot be read: %s"), error->message);
  else if (length > MAX_BYTES || !g_utf8_validate (text, (gssize) length, NULL) || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL))
    managed->problem = g_strdup (_ ("It is not a key file."));
  else
    managed->problem = check_keys (file);
  if (managed->problem == NULL)
    managed->problem = read_connection (file, path, connection);
  if (managed->problem != NULL)
    return managed;
  managed->digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
  managed->connection = g_steal_pointer (&connection);
  return managed;
}

/* ---- the folders ----------------------------------------------------- */

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* @whole: (out): whether the folder is there and all of it was seen
 * Returns: (element-type filename): the names, sorted; empty where there is no such folder */
static GPtrArray *
list_folder (const char *folder,
             gboolean   *whole,
             GError    **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
  const char *name;

  if (dir == NULL && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT) && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  while (dir != NULL && names->len < MAX_FILES && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, SUFFIX) && *name != '.')
      g_ptr_array_add (names, g_strdup (name));
  *whole = dir != NULL && names->len < MAX_FILES;
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/**
 * mw_managed_read:
 * @folders: in the order in which they count
 * @seen: (element-type filename): a set, to which the folders are added that are there: only what came from one of them
 *   can have been taken away
 *
 * Reads the files. A few, and small: not for the GTK thread.
 *
 * Returns: (transfer full) (element-type MwManaged): what each says, or what is wrong with it; NULL when a folder is there
 *   and cannot be looked into: then nothing is known
 */
GPtrArray *
mw_managed_read (const char *const *folders,
                 GHashTable        *seen,
                 GError           **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (managed_free);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) urls = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; folders[i] != NULL; i++)
    {
      gboolean whole = FALSE;
      g_autoptr (GPtrArray) found = list_folder (folders[i], &whole, error);

      if (found == NULL)
        return NULL;
      if (whole)
        g_hash_table_add (seen, g_strdup (folders[i]));
      for (guint k = 0; k < found->len; k++)
        {
          g_autofree char *path = g_build_filename (folders[i], found->pdata[k], NULL);
          MwManaged       *managed;

          if (!g_hash_table_add (names, g_strdup (found->pdata[k])))
            continue;
          managed = read_file (path);
          g_ptr_array_add (all, managed);
          if (managed->connection != NULL && !g_hash_table_add (urls, managed->connection->url))
            managed->problem = g_strdup (_ ("Another file names the same server. Remove one of them."));
        }
    }
  return g_steal_pointer (&all);
}

/**
 * mw_managed_read_system:
 *
 * As mw_managed_read(), from the system's configuration directories.
 */
GPtrArray *
mw_managed_read_system (GHashTable *seen,
                        GError    **error)
{
  const char *const *dirs = g_get_system_config_dirs ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) folders = NULL;

  for (guint i = 0; dirs[i] != NULL; i++)
    {
      g_autofree char *folder = g_build_filename (dirs[i], "meanwhile", "connections.d", NULL);

      g_strv_builder_add (builder, folder);
    }
  folders = g_strv_builder_end (builder);
  return mw_managed_read ((const char *const *) folders, seen, error);
}

/* ---- taking up ------------------------------------------------------- */

typedef struct
{
  GPtrArray  *managed;
  GHashTable *seen;
  GPtrArray  *past; /* (out): connections as they were, whose access is to be forgotten */
} TakeUp;

static gboolean
take_up_one (MwDb            *db,
             const TakeUp    *take_up,
             const MwManaged *managed,
             GError         **error)
{
  MwConnection wanted = *managed->connection;
  g_autoptr (MwConnection) was = NULL;
  g_autofree char *host = NULL;
  gboolean         enabled, by_file;
  gint64           id;

  id = mw_db_get_int (db, 0, "SELECT id FROM connections WHERE url = ?1 AND removed = 0", "s", wanted.url);
  /* the same as last time: nothing is written, and nothing is said in the audit */
  if (id != 0 && mw_db_get_int (db, 0, "SELECT origin IS ?2 AND origin_digest IS ?3 FROM connections WHERE id = ?1", "iss", id, managed->file, managed->digest) != 0)
    return TRUE;
  was = id != 0 ? mw_connections_load (db, id, NULL) : NULL;
  enabled = id == 0 || mw_db_get_int (db, 1, "SELECT enabled FROM connections WHERE id = ?1", "i", id) != 0;
  if (wanted.home && mw_db_get_int (db, 0, "SELECT count(*) FROM connections WHERE home = 1 AND home_shipped = 0 AND url <> ?1", "s", wanted.url) > 0)
    wanted.home = FALSE;
  /* the inbox that a person has chosen stays hers, whatever the file of its server says */
  by_file = mw_db_get_int (db, 0, "SELECT home = 1 AND home_shipped = 0 FROM connections WHERE id = ?1", "i", id) == 0;
  if (wanted.name == NULL)
    {
      g_autoptr (GUri) uri = g_uri_parse (wanted.url, G_URI_FLAGS_ENCODED, NULL);

      host = g_strdup (g_uri_get_host (uri));
      wanted.name = host;
    }
  id = mw_connections_add (db, &wanted, error);
  if (id > 0 && was != NULL && mw_access_use (db, was) == MW_ACCESS_REPLACED)
    g_ptr_array_add (take_up->past, g_steal_pointer (&was));
  return id > 0 &&
         mw_db_run (db, error,
                    "UPDATE connections SET origin_digest = ?2, enabled = ?3, directory = ?4, status = iif (auth = 'smart', 'sign-in', status), "
                    "status_text = iif (auth = 'smart', ?5, status_text), home = iif (?6, ?7, home), home_shipped = (?6 AND ?7) WHERE id = ?1",
                    "isddsdd", id, managed->digest, (int) enabled, (int) wanted.directory, _ ("Sign in to use this connection."), (int) by_file, (int) wanted.home);
}

/* Whether the connection of this row is still in a file; one that has become unreadable takes nothing away, nor does a
 * folder that is not there: another environment has others, and a disk may not be mounted */
static gboolean
is_shipped (const TakeUp *take_up,
            const char   *origin,
            const char   *url)
{
  GPtrArray       *managed = take_up->managed;
  g_autofree char *folder = g_path_get_dirname (origin);

  if (!g_hash_table_contains (take_up->seen, folder))
    return TRUE;
  for (guint i = 0; i < managed->len; i++)
    {
      const MwManaged *one = g_ptr_array_index (managed, i);

      if (one->connection != NULL ? g_str_equal (one->connection->url, url) : g_str_equal (one->file, origin))
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_away (MwDb         *db,
           const TakeUp *take_up,
           GError      **error)
{
  g_autoptr (GPtrArray) all = mw_connections_all (db, error);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const MwConnection *row = g_ptr_array_index (all, i);
      MwRemoval           removal = mw_connection_removal (MW_WAITING_KEEP);
      g_autoptr (GError) local = NULL;

      if (row->origin == NULL || is_shipped (take_up, row->origin, row->url))
        continue;
      removal.by_engine = TRUE;
      removal.waiting_text = _ ("The administrator took the connection away before this left. Edit it to choose another recipient, or ask your administrator.");
      if (mw_connections_remove (db, row->id, &removal, g_get_real_time (), &local))
        g_ptr_array_add (take_up->past, mw_connection_copy (row));
      /* what is on the wire comes to its end first: it is taken away at the next start */
      else if (!g_error_matches (local, MW_STORE_ERROR, MW_STORE_ERROR_STATE))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return all != NULL;
}

static gint64
write_managed (MwDb    *db,
               gpointer data,
               GError **error)
{
  const TakeUp *take_up = data;
  GPtrArray    *managed = take_up->managed;

  /* the sandbox's made-up world is no place for real servers */
  if (mw_db_get_int (db, 0, "SELECT count(*) FROM connections WHERE sandbox = 1", "") > 0)
    return 0;
  for (guint i = 0; i < managed->len; i++)
    {
      const MwManaged *one = g_ptr_array_index (managed, i);

      if (one->problem == NULL && !take_up_one (db, take_up, one, error))
        return -1;
    }
  return take_away (db, take_up, error) ? 0 : -1;
}

/**
 * mw_managed_apply:
 * @managed: (element-type MwManaged): all that there are
 * @seen: from mw_managed_read()
 * @past: (element-type MwConnection): to which the connections are added, as they were, that were removed or got another way
 *   in: mw_access_forget_async() is the caller's
 *
 * Makes the connections of the store what the files say: adds what is new, changes what has changed, and removes what has
 * gone, in the safe way of mw_connections_remove(). A person's own connection to the same server becomes the
 * administrator's. Whether one is switched off is the person's.
 */
gboolean
mw_managed_apply (MwStore    *store,
                  GPtrArray  *managed,
                  GHashTable *seen,
                  GPtrArray  *past,
                  GError    **error)
{
  TakeUp take_up = { managed, seen, past };

  return mw_store_write (store, write_managed, &take_up, error) >= 0;
}

/* A line for a person: where, and what is wrong */
static GPtrArray *
list_problems (GPtrArray    *managed,
               const GError *error)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func (g_free);

  if (managed == NULL)
    g_ptr_array_add (problems, g_strdup_printf (_ ("The administrator's connections cannot be read: %s"), error->message));
  for (guint i = 0; managed != NULL && i < managed->len; i++)
    {
      const MwManaged *one = g_ptr_array_index (managed, i);
      g_autofree char *shown = g_filename_display_name (one->file);

      if (one->problem != NULL)
        /* Translators: an administrator's file, and a sentence that says what is wrong with it */
        g_ptr_array_add (problems, g_strdup_printf (_ ("The administrator's file %s is not used. %s"), shown, one->problem));
    }
  return problems;
}

/**
 * mw_managed_take_up:
 * @warn: whether what is wrong is said in the log; no secret comes to stand there
 *
 * Reads the files and applies them, at the start of a program. It never stops the program. Not for the GTK thread.
 *
 * Returns: (transfer full) (element-type MwConnection): connections as they were, see mw_managed_apply()
 */
GPtrArray *
mw_managed_take_up (MwStore *store,
                    gboolean warn)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) managed = mw_managed_read_system (seen, &error);
  GPtrArray *past = g_ptr_array_new_with_free_func (free_connection);
  g_autoptr (GPtrArray) problems = list_problems (managed, error);

  for (guint i = 0; warn && i < problems->len; i++)
    g_warning ("%s", (const char *) problems->pdata[i]);
  if (managed != NULL && !mw_managed_apply (store, managed, seen, past, &error))
    {
      g_warning ("The administrator's connections were not taken up: %s", error->message);
      /* nothing was written */
      g_ptr_array_set_size (past, 0);
    }
  return past;
}

/**
 * mw_managed_problems:
 *
 * Returns: (transfer full) (element-type utf8): what is wrong with the files, one sentence each. Not for the GTK thread
 */
GPtrArray *
mw_managed_problems (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) managed = mw_managed_read_system (seen, &error);

  return list_problems (managed, error);
}

static void
free_problems (gpointer data)
{
  g_ptr_array_unref (data);
}

static void
read_problems (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  g_task_return_pointer (task, mw_managed_problems (), free_problems);
}

/**
 * mw_managed_problems_async:
 *
 * As mw_managed_problems(), on a thread of its own.
 */
void
mw_managed_problems_async (GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_run_in_thread (task, read_problems);
}

GPtrArray *
mw_managed_problems_finish (GAsyncResult *result,
                            GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
