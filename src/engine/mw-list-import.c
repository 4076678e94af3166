/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-list-import.h"

#include "mw-client.h"
#include "mw-connect.h"
#include "mw-list-write.h"
#include "mw-own-thread.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (mw_list_error, mw_list_error)

#define CHUNK (256 * 1024)
#define LIST_TYPES "application/fhir+json, application/json;q=0.9"
#define TELL_EVERY (200 * G_TIME_SPAN_MILLISECOND)

/* A vendor's server may build the list while it sends it */
static const MwClientLimits limits = { .connect_seconds = 15, .stall_seconds = 60, .total_seconds = 1800 };

typedef struct
{
  MwStore            *store;
  char               *place;
  MwListImportOptions options;
  GMainContext       *context; /* of the caller */

  char            *source;
  char            *name;
  MwPublishedRow  *before; /* (nullable): what is known of it since the last time */
  MwClient        *client;
  char            *etag;
  MwPublishedList *list;
  MwListWriter    *writer;
  guint64          bytes;
  gint64           told; /* when progress was last told, monotonic */
  GError          *problem;
} Import;

static void
import_free (gpointer data)
{
  Import *import = data;

  g_object_unref (import->store);
  g_free (import->place);
  g_main_context_unref (import->context);
  g_free (import->source);
  g_free (import->name);
  mw_published_row_free (import->before);
  g_clear_object (&import->client);
  g_free (import->etag);
  g_clear_pointer (&import->writer, mw_list_writer_free);
  g_clear_pointer (&import->list, mw_published_list_free);
  g_clear_error (&import->problem);
  g_free (import);
}

/* ---- progress -------------------------------------------------------- */

typedef struct
{
  MwListImportOptions options;
  guint64             bytes;
  guint               written;
  guint               total;
} Progress;

static gboolean
tell_progress (gpointer data)
{
  const Progress *progress = data;

  progress->options.progress (progress->bytes, progress->written, progress->total, progress->options.progress_data);
  return G_SOURCE_REMOVE;
}

static void
tell (guint    written,
      guint    total,
      gpointer user_data)
{
  Import   *import = user_data;
  gint64    now = g_get_monotonic_time ();
  Progress *progress;

  if (import->options.progress == NULL || now - import->told < TELL_EVERY)
    return;
  import->told = now;
  progress = g_new0 (Progress, 1);
  progress->options = import->options;
  progress->bytes = import->bytes;
  progress->written = written;
  progress->total = total;
  g_main_context_invoke_full (import->context, G_PRIORITY_DEFAULT, tell_progress, progress, g_free);
  /* the source owns it now */
  /* cppcheck-suppress memleak */
}

/* ---- what is wrong --------------------------------------------------- */

static void
set_problem (const Import *import,
             GError      **error,
             MwListError   code,
             const char   *sentence)
{
  if (import->before != NULL)
    g_set_error (error, MW_LIST_ERROR, (gint) code, "%s %s", sentence, _ ("What was imported from there before stays as it is."));
  else
    g_set_error_literal (error, MW_LIST_ERROR, (gint) code, sentence);
}

static void
set_content_problem (const Import *import,
                     GError      **error,
                     const GError *cause)
{
  if (g_error_matches (cause, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_LARGE))
    set_problem (import, error, MW_LIST_ERROR_TOO_BIG, _ ("This list is too long to be read."));
  else if (g_error_matches (cause, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR))
    set_problem (import, error, MW_LIST_ERROR_CONTENT, _ ("This is not a list of organisations and their addresses (no FHIR Bundle)."));
  else
    set_problem (import, error, MW_LIST_ERROR_CONTENT, _ ("This is not a whole list: it is no JSON, or breaks off before its end."));
}

/* ---- reading --------------------------------------------------------- */

static gboolean
take (const char *data,
      gsize       length,
      gpointer    user_data,
      GError    **error)
{
  Import *import = user_data;
  g_autoptr (GError) local = NULL;

  import->bytes += length;
  if (import->bytes > import->options.max_bytes)
    {
      set_problem (import, error, MW_LIST_ERROR_TOO_BIG, _ ("This list is too long to be read."));
      return FALSE;
    }
  if (!mw_published_list_push (import->list, data, length, &local))
    {
      set_content_problem (import, error, local);
      return FALSE;
    }
  tell (0, 0, import);
  return TRUE;
}

/* As MwDownloadFunc: why it was not taken is kept, since the answer cannot say it */
static gboolean
take_download (const char *data,
               gsize       length,
               gpointer    user_data,
               GError    **error)
{
  Import *import = user_data;

  return take (data, length, import, &import->problem);
}

/* All of it is here: nothing was written until now */
static char *
end (Import       *import,
     GCancellable *cancellable,
     GError      **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *report = NULL;
  MwPublishedRow   row = { .source = import->source, .name = import->name, .etag = import->etag };

  if (!mw_published_list_finish (import->list, &local))
    {
      set_content_problem (import, error, local);
      return NULL;
    }
  row.organizations = mw_list_writer_get_n_organizations (import->writer);
  row.endpoints = mw_list_writer_get_n_endpoints (import->writer);
  if (row.organizations == 0 && row.endpoints == 0)
    {
      set_problem (import, error, MW_LIST_ERROR_CONTENT, _ ("There are no organisations and no addresses in this list."));
      return NULL;
    }
  report = mw_published_list_report (import->list);
  row.report = report;
  row.published = (char *) mw_published_list_get_timestamp (import->list);
  row.fetched = import->options.now != 0 ? import->options.now : g_get_real_time ();
  if (!mw_list_writer_run (import->writer, import->store, &row, tell, import, cancellable, error))
    return NULL;
  return g_steal_pointer (&report);
}

static void
finish (GTask  *task,
        Import *import)
{
  GError *error = NULL;
  char   *report = end (import, g_task_get_cancellable (task), &error);

  if (report != NULL)
    g_task_return_pointer (task, report, g_free);
  else
    g_task_return_error (task, error);
}

/* ---- a file ---------------------------------------------------------- */

static gboolean
read_file (Import       *import,
           GFile        *file,
           GCancellable *cancellable,
           GError      **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, cancellable, NULL);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree char *chunk = g_malloc (CHUNK);
  gssize           n = 0;

  /* what is no file may have no end, or wait for ever */
  if (info != NULL && g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    stream = g_file_read (file, cancellable, NULL);
  while (stream != NULL && (n = g_input_stream_read (G_INPUT_STREAM (stream), chunk, CHUNK, cancellable, NULL)) > 0)
    if (!take (chunk, (gsize) n, import, error))
      return FALSE;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (stream != NULL && n == 0)
    return TRUE;
  set_problem (import, error, MW_LIST_ERROR_UNREACHABLE, _ ("The file cannot be read."));
  return FALSE;
}

static void
import_file (GTask  *task,
             Import *import,
             GFile  *file)
{
  GError *error = NULL;

  import->source = g_file_get_uri (file);
  import->name = g_file_get_basename (file);
  import->before = mw_published_rows_by_source (mw_store_get_reader (import->store, NULL), import->source);
  if (read_file (import, file, g_task_get_cancellable (task), &error))
    finish (task, import);
  else
    g_task_return_error (task, error);
}

/* ---- an address ------------------------------------------------------ */

static gint64
write_unchanged (MwDb    *db,
                 gpointer data,
                 GError **error)
{
  const Import *import = data;
  gint64        now = import->options.now != 0 ? import->options.now : g_get_real_time ();

  return mw_published_rows_set_fetched (db, import->source, now, error) ? 0 : -1;
}

static void
set_answer_problem (const Import   *import,
                    const MwAnswer *answer,
                    GError        **error)
{
  MwConnectError code;

  if (answer->trouble == MW_TROUBLE_TOO_BIG)
    set_problem (import, error, MW_LIST_ERROR_TOO_BIG, _ ("This list is too long to be read."));
  else if (import->bytes > 0)
    set_problem (import, error, MW_LIST_ERROR_UNREACHABLE, _ ("The list broke off before its end. Try again."));
  else if (answer->trouble != MW_TROUBLE_NONE || answer->answer_class == MW_ANSWER_TEMPORARY)
    set_problem (import, error, MW_LIST_ERROR_UNREACHABLE, mw_connect_trouble_text (answer, &code));
  else if (answer->answer_class == MW_ANSWER_SIGN_IN || answer->answer_class == MW_ANSWER_FORBIDDEN)
    set_problem (import, error, MW_LIST_ERROR_UNREACHABLE, _ ("The server does not give this list to everybody. Get it as a file, and import that."));
  else if (answer->answer_class == MW_ANSWER_NOT_FOUND || answer->answer_class == MW_ANSWER_GONE)
    set_problem (import, error, MW_LIST_ERROR_UNREACHABLE, _ ("There is nothing at this address. Check the address for a slip."));
  else
    set_problem (import, error, MW_LIST_ERROR_CONTENT, _ ("What is at this address is not a list of organisations and their addresses."));
}

static void
downloaded (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Import *import = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_download_finish (MW_CLIENT (source), result, &error);

  if (answer != NULL && import->problem != NULL)
    error = g_steal_pointer (&import->problem);
  else if (answer != NULL && answer->answer_class == MW_ANSWER_UNCHANGED && import->before != NULL)
    mw_store_write (import->store, write_unchanged, import, &error);
  else if (answer != NULL && answer->answer_class == MW_ANSWER_DONE && answer->status == 200)
    {
      import->etag = g_strdup (answer->etag);
      finish (task, import);
      return;
    }
  else if (answer != NULL)
    set_answer_problem (import, answer, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (_ ("The list has not changed since it was last imported.")), g_free);
}

/* Everything that belongs to an address, without the path: a list may lie anywhere on its host */
static MwClient *
client_for (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_autofree char *origin = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  origin = g_uri_join (G_URI_FLAGS_ENCODED, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri), "", NULL, NULL);
  return mw_client_new (origin, NULL, NULL);
}

static void
import_address (GTask  *task,
                Import *import)
{
  gboolean         secure = g_ascii_strncasecmp (import->place, "https:", 6) == 0;
  MwHttpRequest    request = { .method = "GET", .accept = LIST_TYPES, .repeatable = TRUE };
  g_autofree char *file = NULL;
  g_autoptr (GUri) uri = NULL;

  import->client = client_for (import->place);
  import->source = import->client != NULL ? mw_client_resolve (import->client, import->place) : NULL;
  if (import->source == NULL)
    {
      g_task_return_new_error (task, MW_LIST_ERROR, MW_LIST_ERROR_PLACE, _ ("This is not a web address. It begins with https:// and has no user name in it."));
      return;
    }
  if (!secure && !mw_base_url_is_loopback (import->source))
    {
      g_task_return_new_error (task, MW_LIST_ERROR, MW_LIST_ERROR_PLACE,
                               _ ("A list is only fetched from an address that begins with https://, so that nobody on the way can change it."));
      return;
    }
  uri = g_uri_parse (import->source, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
  file = g_path_get_basename (g_uri_get_path (uri));
  import->name = g_str_equal (file, "/") || g_str_equal (file, ".") ? g_strdup (g_uri_get_host (uri)) : g_strdup_printf ("%s/%s", g_uri_get_host (uri), file);
  import->before = mw_published_rows_by_source (mw_store_get_reader (import->store, NULL), import->source);
  mw_client_set_limits (import->client, &limits);
  request.url = import->source;
  request.if_none_match = import->before != NULL ? import->before->etag : NULL;
  request.max_body = import->options.max_bytes;
  /* from this computer itself nothing is followed to elsewhere without protection */
  request.own_secret = !secure;
  mw_client_download_async (import->client, &request, take_download, import, g_task_get_cancellable (task), downloaded, g_object_ref (task));
}

static void
begin (GTask   *task,
       gpointer data)
{
  const Import    *wish = data;
  Import          *import = g_new0 (Import, 1);
  g_autofree char *scheme = NULL;
  g_autoptr (GFile) file = NULL;

  import->store = g_object_ref (wish->store);
  import->place = g_strstrip (g_strdup (wish->place));
  import->options = wish->options;
  import->context = g_main_context_ref (wish->context);
  import->writer = mw_list_writer_new ();
  import->list = mw_published_list_new (mw_list_writer_add, import->writer);
  g_task_set_task_data (task, import, import_free);
  scheme = g_uri_parse_scheme (import->place);
  if (scheme != NULL && (g_ascii_strcasecmp (scheme, "https") == 0 || g_ascii_strcasecmp (scheme, "http") == 0))
    {
      import_address (task, import);
      return;
    }
  if (*import->place == '\0' || (scheme != NULL && g_ascii_strcasecmp (scheme, "file") != 0))
    {
      g_task_return_new_error (task, MW_LIST_ERROR, MW_LIST_ERROR_PLACE, _ ("This is neither a file nor an address that begins with https://."));
      return;
    }
  file = scheme != NULL ? g_file_new_for_uri (import->place) : g_file_new_for_path (import->place);
  import_file (task, import, file);
}

/**
 * mw_list_import_async:
 * @place: a file, or an address: https, or http on this computer
 * @options: (nullable): copied
 *
 * Reads a Bundle of organisations and endpoints while it comes in, and writes them when it is whole: they take the place
 * of what the same file or address had brought before. An address is asked without any credentials, and only for what
 * has changed since. When it fails or is cancelled, everything is as it was. All of it happens on a thread of its own.
 */
void
mw_list_import_async (MwStore                   *store,
                      const char                *place,
                      const MwListImportOptions *options,
                      GCancellable              *cancellable,
                      GAsyncReadyCallback        callback,
                      gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Import *wish = g_new0 (Import, 1);

  wish->store = g_object_ref (store);
  wish->place = g_strdup (place);
  wish->options = options != NULL ? *options : (MwListImportOptions){ 0 };
  if (wish->options.max_bytes == 0)
    wish->options.max_bytes = MW_LIST_MAX_BYTES;
  wish->context = g_main_context_ref_thread_default ();
  g_task_set_task_data (task, wish, import_free);
  mw_own_thread_run (task, begin, g_free);
}

/**
 * mw_list_import_finish:
 *
 * Returns: (transfer full): what was read and what could not be, in sentences for a person; NULL with a MwListError, a
 *   MwStoreError or G_IO_ERROR_CANCELLED
 */
char *
mw_list_import_finish (MwStore      *store,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- forgetting ------------------------------------------------------ */

static void
forget (GTask        *task,
        gpointer      source,
        gpointer      data,
        GCancellable *cancellable)
{
  g_autoptr (MwPublishedRow) row = mw_published_rows_by_source (mw_store_get_reader (MW_STORE (source), NULL), data);
  GError *error = NULL;

  if (row == NULL || mw_list_write_forget (MW_STORE (source), row->token, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * mw_list_forget_async:
 * @source: of a MwPublishedRow
 *
 * Removes a list and all that it brought.
 */
void
mw_list_forget_async (MwStore            *store,
                      const char         *source,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (source), g_free);
  g_task_run_in_thread (task, forget);
}

gboolean
mw_list_forget_finish (MwStore      *store,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
