/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-connection-check.h"

#include "mw-connection-client.h"

#include "mw-capability.h"
#include "mw-client.h"
#include "mw-connect.h"
#include "mw-draft.h"
#include "mw-own-thread.h"
#include "mw-access.h"
#include "mw-scope.h"
#include "mw-workflow.h"

#include "mw-words.h"

#include <glib/gi18n-lib.h>

/* The test of a connection, step by step: it reads, and changes nothing, neither here nor there. */

#define STEP_ADDRESS "address"
#define STEP_REACH "reach"
#define STEP_CERTIFICATE "certificate"
#define STEP_FHIR "fhir"
#define STEP_ACCESS "access"
#define STEP_PERMISSIONS "permissions"
#define STEP_CLOCK "clock"
#define STEP_DIRECTORY "directory"

/* A Date header may be a little old when it is read */
#define CLOCK_MATTERS G_TIME_SPAN_MINUTE

/* What the inbox is made of; each is asked for once */
static const char *const inbox_types[] = { "Task", "Communication", "ServiceRequest", "Bundle" };

typedef struct
{
  MwConnection *connection;
  MwClient     *client;
  MwAccess     *access;
  MwCapability *capability;
  GPtrArray    *steps;
  GString      *forbidden; /* types that may not be read */
  guint         asked;     /* of inbox_types */
} Check;

static void
step_free (gpointer data)
{
  MwCheckStep *step = data;

  g_free (step->text);
  g_free (step);
}

static void
check_free (gpointer data)
{
  Check *check = data;

  mw_connection_free (check->connection);
  g_clear_pointer (&check->access, mw_access_unref);
  g_clear_object (&check->client);
  g_clear_pointer (&check->capability, mw_capability_unref);
  g_clear_pointer (&check->steps, g_ptr_array_unref);
  g_string_free (check->forbidden, TRUE);
  g_free (check);
}

/**
 * mw_check_result_word:
 *
 * Returns: the result in JSON
 */
const char *
mw_check_result_word (MwCheckResult result)
{
  static const char *const words[] = { "passed", "warned", "failed", "skipped" };

  return words[result];
}

static void
add_step (Check        *check,
          const char   *name,
          MwCheckResult result,
          const char   *text)
{
  MwCheckStep *step = g_new0 (MwCheckStep, 1);

  step->name = name;
  step->result = result;
  step->text = g_strdup (text);
  g_ptr_array_add (check->steps, step);
}

static void
free_steps (gpointer data)
{
  g_ptr_array_unref (data);
}

static void
finish (GTask *task)
{
  Check *check = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&check->steps), free_steps);
}

/* ---- what can be done there ------------------------------------------------------- */

static gboolean
takes (MwCapability *capability,
       const char   *type)
{
  return mw_capability_supports (capability, type, "create") != MW_SUPPORT_NO;
}

static gboolean
takes_records (MwCapability *capability)
{
  return mw_capability_supports_operation (capability, NULL, "process-message") == MW_SUPPORT_YES ||
         mw_capability_supports_system (capability, "transaction") == MW_SUPPORT_YES || takes (capability, "DocumentReference");
}

static void
add_workflow (Check      *check,
              const char *kind,
              gboolean    works,
              const char *missing)
{
  g_autofree char *text = NULL;

  if (works)
    text = g_strdup_printf (_ ("%s: can be sent there"), mw_kind_label (kind));
  else
    /* Translators: a kind of item, and what the server does not take, such as Task */
    text = g_strdup_printf (_ ("%s: cannot be sent there, since the server says that it takes no %s"), mw_kind_label (kind), missing);
  add_step (check, kind, works ? MW_CHECK_PASSED : MW_CHECK_WARNED, text);
}

/* A server that people and places are looked up on, and that need not be good for anything else */
static gboolean
is_directory_only (Check *check)
{
  return check->connection->directory && !check->connection->home;
}

static gboolean
lists (Check      *check,
       const char *type)
{
  return mw_capability_supports (check->capability, type, "search-type") != MW_SUPPORT_NO;
}

static void
add_directory (Check *check)
{
  const struct
  {
    const char *type;
    const char *words;
  } kinds[] = {
    { "Organization", _ ("organisations") },
    { "PractitionerRole", _ ("people with their roles") },
    { "HealthcareService", _ ("services") },
    { "Location", _ ("places") },
    { "CareTeam", _ ("care teams") },
  };
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (lists (check, kinds[i].type))
      g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", kinds[i].words);
  if (words->len == 0)
    {
      add_step (check, STEP_DIRECTORY, MW_CHECK_WARNED, _ ("Nobody can be looked up there: the server says that it lists neither organisations nor people."));
      return;
    }
  if (lists (check, "Endpoint"))
    /* Translators: %s is a list such as "organisations, people with their roles, services" */
    text = g_strdup_printf (_ ("Good for looking up %s, and where they are reached"), words->str);
  else
    text = g_strdup_printf (_ ("Good for looking up %s, but the server does not list where they are reached"), words->str);
  add_step (check, STEP_DIRECTORY, lists (check, "Endpoint") ? MW_CHECK_PASSED : MW_CHECK_WARNED, text);
}

static void
add_workflows (Check *check)
{
  MwCapability *capability = check->capability;
  gboolean      task = takes (capability, "Task");
  gboolean      order = takes (capability, "ServiceRequest");

  if (check->connection->directory)
    add_directory (check);
  /* a directory is not there to be sent to: that it takes nothing is no fault of it */
  if (is_directory_only (check) && !task && !order && !takes (capability, "Communication") && !takes_records (capability))
    return;
  add_workflow (check, MW_KIND_MESSAGE, takes (capability, "Communication"), "Communication");
  add_workflow (check, MW_KIND_REFERRAL, task && order, task ? "ServiceRequest" : "Task");
  add_workflow (check, MW_KIND_ASK, task, "Task");
  add_workflow (check, MW_KIND_PUSH, takes_records (capability), "DocumentReference");
}

/* What was granted is less than what was asked for: said before something fails for it */
static gboolean
add_scopes (Check *check)
{
  const char *granted = check->access != NULL ? mw_access_get_granted (check->access) : NULL;
  g_auto (GStrv) missing = NULL;
  g_autofree char *words = NULL;

  if (granted == NULL || check->connection->scope == NULL)
    return FALSE;
  missing = mw_scope_missing (granted, check->connection->scope);
  if (missing == NULL || missing[0] == NULL)
    return FALSE;
  words = mw_scope_missing_text (missing);
  add_step (check, STEP_PERMISSIONS, MW_CHECK_WARNED, words);
  return TRUE;
}

/* Tokens and keys are refused when clocks differ, and nobody thinks of that */
static void
add_clock (Check          *check,
           const MwAnswer *answer)
{
  gint64           skew = answer->server_date - g_get_real_time ();
  guint            minutes = (guint) (ABS (skew) / G_TIME_SPAN_MINUTE);
  g_autofree char *text = NULL;

  if (answer->server_date == 0 || ABS (skew) < CLOCK_MATTERS)
    return;
  if (skew > 0)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "This computer's clock is %u minute behind the server's. Set it.",
                                         "This computer's clock is %u minutes behind the server's. Set it.", minutes),
                            minutes);
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "This computer's clock is %u minute ahead of the server's. Set it.",
                                         "This computer's clock is %u minutes ahead of the server's. Set it.", minutes),
                            minutes);
  add_step (check, STEP_CLOCK, MW_CHECK_WARNED, text);
}

/* ---- permissions ------------------------------------------------------------------- */

static void ask_next (GTask *task);

static void
inbox_asked (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Check *check = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (answer->answer_class == MW_ANSWER_FORBIDDEN || answer->answer_class == MW_ANSWER_SIGN_IN)
    g_string_append_printf (check->forbidden, "%s%s", check->forbidden->len > 0 ? ", " : "", inbox_types[check->asked - 1]);
  ask_next (task);
}

static void
ask_next (GTask *task)
{
  Check           *check = g_task_get_task_data (task);
  g_autofree char *url = NULL;

  /* what a server does not have it need not permit */
  while (check->asked < G_N_ELEMENTS (inbox_types) &&
         mw_capability_supports (check->capability, inbox_types[check->asked], "search-type") == MW_SUPPORT_NO)
    check->asked++;
  if (!check->connection->home || check->asked == G_N_ELEMENTS (inbox_types))
    {
      if (check->forbidden->len > 0)
        {
          g_autofree char *text = g_strdup_printf (_ ("You may not read %s there, so what comes as that does not arrive. Ask those who run the server."),
                                                   check->forbidden->str);

          add_step (check, STEP_PERMISSIONS, MW_CHECK_WARNED, text);
        }
      else if (!add_scopes (check) && check->connection->home)
        add_step (check, STEP_PERMISSIONS, MW_CHECK_PASSED, _ ("Your inbox may be read"));
      add_workflows (check);
      finish (task);
      return;
    }
  url = g_strdup_printf ("%s?_count=1", inbox_types[check->asked++]);
  {
    MwHttpRequest request = { .method = "GET", .url = url, .repeatable = TRUE };

    mw_client_send_async (check->client, &request, g_task_get_cancellable (task), inbox_asked, g_object_ref (task));
  }
}

static const char *
access_text (const MwConnection *connection)
{
  const char *auth = connection->auth;

  if (g_strcmp0 (auth, "open") == 0 && connection->cert_file != NULL)
    return _ ("Your certificate is accepted");
  if (g_strcmp0 (auth, "open") == 0)
    return _ ("Open to everybody");
  if (g_strcmp0 (auth, "key") == 0)
    return _ ("The key is accepted");
  if (g_strcmp0 (auth, "secret") == 0)
    return _ ("The client id and its secret are accepted");
  if (g_strcmp0 (auth, "smart") == 0)
    return _ ("You are signed in");
  return _ ("The token is accepted");
}

/* Said in time: afterwards nothing leaves */
static const char *
end_text (gint64 end,
          char **text)
{
  g_autofree char *when = mw_words_moment (end, g_get_real_time ());

  /* Translators: %s is a time, or a day */
  *text = g_strdup_printf (_ ("You are signed in up to %s: this server lets nobody stay signed in. What goes there later waits until you sign in again."), when);
  return *text;
}

/* ---- access ------------------------------------------------------------------------- */

static void let_in (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data);

static void
access_tried (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Check *check = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *end = NULL;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (answer->answer_class == MW_ANSWER_SIGN_IN && !mw_access_is_new (check->access) && mw_access_may_renew (check->access))
    {
      mw_access_forget (check->access);
      mw_access_get_async (check->access, g_task_get_cancellable (task), let_in, g_object_ref (task));
      return;
    }
  if (answer->answer_class == MW_ANSWER_SIGN_IN)
    {
      add_step (check, STEP_ACCESS, MW_CHECK_FAILED, mw_connect_refused_text (check->connection->auth));
      add_step (check, STEP_PERMISSIONS, MW_CHECK_SKIPPED, _ ("Not tried"));
      add_workflows (check);
      finish (task);
      return;
    }
  if (answer->answer_class == MW_ANSWER_FORBIDDEN && is_directory_only (check))
    add_step (check, STEP_ACCESS, MW_CHECK_WARNED, _ ("The server lets us in, but not to its organisations. Ask those who run it for this permission."));
  else if (answer->answer_class == MW_ANSWER_FORBIDDEN)
    add_step (check, STEP_ACCESS, MW_CHECK_WARNED, _ ("The server lets us in, but not to its patients. Ask those who run it for this permission."));
  else if (answer->answer_class == MW_ANSWER_DONE && mw_access_get_end (check->access) > 0)
    add_step (check, STEP_ACCESS, MW_CHECK_WARNED, end_text (mw_access_get_end (check->access), &end));
  else if (answer->answer_class == MW_ANSWER_DONE)
    add_step (check, STEP_ACCESS, MW_CHECK_PASSED, access_text (check->connection));
  else if (is_directory_only (check))
    add_step (check, STEP_ACCESS, MW_CHECK_WARNED, _ ("Its organisations cannot be searched for, so no place can be looked up there."));
  else
    add_step (check, STEP_ACCESS, MW_CHECK_WARNED, _ ("Its patients cannot be searched for, so nobody can be looked up there."));
  ask_next (task);
}

static void
try_access (GTask *task)
{
  Check        *check = g_task_get_task_data (task);
  MwHttpRequest request = { .method = "GET", .url = is_directory_only (check) ? "Organization?_count=1" : "Patient?_count=1", .repeatable = TRUE };

  mw_client_send_async (check->client, &request, g_task_get_cancellable (task), access_tried, g_object_ref (task));
}

static void
let_in (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Check *check = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (mw_access_get_finish (result, &error))
    {
      try_access (task);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  add_step (check, STEP_ACCESS, MW_CHECK_FAILED, error->message);
  add_step (check, STEP_PERMISSIONS, MW_CHECK_SKIPPED, _ ("Not tried"));
  add_workflows (check);
  finish (task);
}

static gint64
real_time (gpointer user_data)
{
  return g_get_real_time ();
}

static void
authorise (GTask *task)
{
  Check *check = g_task_get_task_data (task);

  check->access = mw_access_new (check->connection, check->client, real_time, NULL);
  mw_access_get_async (check->access, g_task_get_cancellable (task), let_in, g_object_ref (task));
}

/* ---- the way there ------------------------------------------------------------------- */

/* The steps up to the one that failed have passed, those after it were not tried */
static void
add_way (Check      *check,
         const char *failed,
         const char *text)
{
  gboolean                 secure = g_str_has_prefix (check->connection->url, "https:");
  static const char *const names[] = { STEP_ADDRESS, STEP_REACH, STEP_CERTIFICATE, STEP_FHIR };
  const char              *good[] = { _ ("The address is known"), _ ("Something answers there"),
                         secure ? _ ("The server proves who it is, and the connection is encrypted") : NULL, NULL };
  gboolean                 past = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gboolean here = g_strcmp0 (failed, names[i]) == 0;

      if (here)
        add_step (check, names[i], MW_CHECK_FAILED, text);
      else if (past)
        add_step (check, names[i], MW_CHECK_SKIPPED, _ ("Not tried"));
      else if (good[i] != NULL)
        add_step (check, names[i], MW_CHECK_PASSED, good[i]);
      else if (g_str_equal (names[i], STEP_CERTIFICATE))
        add_step (check, names[i], MW_CHECK_WARNED, _ ("The connection is not encrypted. Use it for a server on this computer only."));
      past = past || here;
    }
}

static const char *
failed_step (const MwAnswer *answer)
{
  switch (answer->trouble)
    {
    case MW_TROUBLE_NO_ADDRESS:
      return STEP_ADDRESS;
    case MW_TROUBLE_TLS:
    case MW_TROUBLE_CERTIFICATE:
      return STEP_CERTIFICATE;
    case MW_TROUBLE_NONE:
    case MW_TROUBLE_REDIRECT:
    case MW_TROUBLE_TOO_BIG:
      return STEP_FHIR;
    case MW_TROUBLE_OFFLINE:
    case MW_TROUBLE_REFUSED:
    case MW_TROUBLE_TIMED_OUT:
    case MW_TROUBLE_CUT_OFF:
    case MW_TROUBLE_STUCK:
    default:
      return STEP_REACH;
    }
}

static void
metadata_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Check *check = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (MwAnswer) answer = mw_client_send_finish (MW_CLIENT (source), result, &error);
  g_autofree char *text = NULL;

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (mw_connect_old_version (answer->resource) != NULL)
    {
      text = g_strdup_printf (_ ("This server speaks FHIR %s. Meanwhile needs R4 or newer."), mw_connect_old_version (answer->resource));
      add_way (check, STEP_FHIR, text);
      finish (task);
      return;
    }
  if (mw_resource_is (answer->resource, "CapabilityStatement"))
    check->capability = mw_capability_new (answer->resource, NULL);
  if (check->capability == NULL)
    {
      MwConnectError code;

      add_way (check, failed_step (answer), mw_connect_trouble_text (answer, &code));
      finish (task);
      return;
    }
  add_way (check, NULL, NULL);
  if (mw_capability_get_software (check->capability) != NULL)
    /* Translators: a version of FHIR, and the name of a server's software */
    text = g_strdup_printf (_ ("It speaks FHIR %s (%s)"), mw_capability_get_version_text (check->capability), mw_capability_get_software (check->capability));
  else
    text = g_strdup_printf (_ ("It speaks FHIR %s"), mw_capability_get_version_text (check->capability));
  add_step (check, STEP_FHIR, MW_CHECK_PASSED, text);
  add_clock (check, answer);
  authorise (task);
}

static void
begin (GTask   *task,
       gpointer data)
{
  Check *check = g_new0 (Check, 1);
  g_autoptr (GError) error = NULL;
  MwHttpRequest request = { .method = "GET", .url = "metadata", .repeatable = TRUE };

  g_task_set_task_data (task, check, check_free);
  check->connection = mw_connection_copy (data);
  check->steps = g_ptr_array_new_with_free_func (step_free);
  check->forbidden = g_string_new (NULL);
  check->client = mw_connection_client_new (check->connection, &error);
  if (check->client != NULL)
    {
      mw_client_send_async (check->client, &request, g_task_get_cancellable (task), metadata_read, g_object_ref (task));
      return;
    }
  add_way (check, STEP_CERTIFICATE, error->message);
  finish (task);
}

static void
free_connection (gpointer data)
{
  mw_connection_free (data);
}

/**
 * mw_connection_check_async:
 * @connection: what to test; also one that is switched off
 *
 * Tests a connection step by step: the address, the way there, the certificate, FHIR and its version, access, what may be
 * read, and what each workflow finds there. Nothing is written, here or there. All of it happens on a thread of its own.
 */
void
mw_connection_check_async (const MwConnection *connection,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, mw_connection_copy (connection), free_connection);
  mw_own_thread_run (task, begin, free_steps);
}

/**
 * mw_connection_check_finish:
 *
 * Returns: (transfer full) (element-type MwCheckStep): the steps in their order; NULL only with G_IO_ERROR_CANCELLED
 */
GPtrArray *
mw_connection_check_finish (GAsyncResult *result,
                            GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
