/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-plan-input.h"

#include "mw-file-row.h"
#include "mw-local-patient.h"
#include "mw-me.h"
#include "mw-reference.h"
#include "mw-resource-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (mw_stage_error, mw_stage_error)

struct _MwPlanInput
{
  MwDraft      *draft;
  char         *identity;
  gint64        created;
  MwConnection *home;
  MwConnection *connection;
  char         *me;
  JsonNode     *me_resource;
  JsonNode     *me_person; /* when she acts in a role */
  char         *me_title;
  JsonNode     *patient;
  JsonNode     *recipient;
  char         *recipient_name;
  JsonNode     *target;
  GPtrArray    *resources;
  GPtrArray    *rows;  /* MwFileRow */
  GPtrArray    *files; /* MwPlanFile, borrowed from rows */
};

static void
node_unref (gpointer data)
{
  json_node_unref (data);
}

static void
row_free (gpointer data)
{
  mw_file_row_free (data);
}

void
mw_plan_input_free (MwPlanInput *self)
{
  if (self == NULL)
    return;
  mw_draft_free (self->draft);
  g_free (self->identity);
  mw_connection_free (self->home);
  mw_connection_free (self->connection);
  g_free (self->me);
  g_clear_pointer (&self->me_resource, json_node_unref);
  g_clear_pointer (&self->me_person, json_node_unref);
  g_free (self->me_title);
  g_clear_pointer (&self->patient, json_node_unref);
  g_clear_pointer (&self->recipient, json_node_unref);
  g_free (self->recipient_name);
  g_clear_pointer (&self->target, json_node_unref);
  g_clear_pointer (&self->resources, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

static JsonNode *
load_resource (MwDb       *db,
               const char *reference)
{
  g_autoptr (MwResourceRow) row = mw_resources_by_reference (db, reference);

  return row != NULL ? mw_json_parse (g_bytes_get_data (row->raw, NULL), (gssize) g_bytes_get_size (row->raw), NULL) : NULL;
}

/* ---- identify -------------------------------------------------------- */

/* Who sends it: she herself, or she in the role that she has chosen, as long as it is hers */
static gboolean
take_me (MwPlanInput *self,
         MwDb        *db,
         GError     **error)
{
  g_auto (GStrv) me = mw_me_load (db, self->home);
  const char *role = g_strcmp0 (self->draft->acting_as, me[0]) != 0 ? self->draft->acting_as : NULL;

  self->me = g_strdup (role != NULL ? role : me[0]);
  if (self->me != NULL)
    self->me_resource = load_resource (db, self->me);
  if (role == NULL)
    return TRUE;
  if (self->me_resource == NULL || !mw_me_may_act_as (db, self->home, role))
    {
      g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_MISSING, _ ("You no longer act in the role that you chose. Edit the item and choose another."));
      return FALSE;
    }
  self->me_person = load_resource (db, me[0]);
  self->me_title = mw_me_title (db, self->home, role);
  return TRUE;
}

static gboolean
is_at_home (MwPlanInput *self,
            const char  *reference)
{
  return g_str_has_prefix (reference, self->home->url) && reference[strlen (self->home->url)] == '/';
}

static char *
write_whole (const char *literal,
             gpointer    user_data)
{
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (literal);

  return mw_reference_absolute (reference, user_data);
}

/* What was read from another server than the home one has an id, and mentions others by ids, that mean somebody else
 * on every other server: it has none in what is sent, and what it mentions is named whole */
static JsonNode *
load_from (MwPlanInput *self,
           MwDb        *db,
           const char  *reference)
{
  JsonNode *resource = load_resource (db, reference);
  g_autoptr (MwConnection) holder = NULL;
  JsonNode *copy;

  if (resource == NULL || is_at_home (self, reference) || mw_local_patient_is (reference))
    return resource;
  holder = mw_connections_by_reference (db, reference);
  copy = mw_json_copy (resource);
  json_node_unref (resource);
  mw_json_remove (copy, "id");
  if (holder != NULL)
    mw_reference_rewrite_all (copy, write_whole, holder->url);
  return copy;
}

static gboolean
identify (MwPlanInput *self,
          MwDb        *db,
          GError     **error)
{
  if (!take_me (self, db, error))
    return FALSE;
  if (self->draft->patient != NULL)
    {
      self->patient = load_from (self, db, self->draft->patient);
      if (self->patient == NULL)
        {
          g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_MISSING, _ ("The patient's data are not here yet."));
          return FALSE;
        }
    }
  if (self->draft->target != NULL)
    {
      self->target = load_resource (db, self->draft->target);
      if (self->target == NULL)
        {
          g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_MISSING, _ ("What this answers is not here any more."));
          return FALSE;
        }
    }
  return TRUE;
}

/* ---- discover -------------------------------------------------------- */

/* What cannot be settled from here alone; the stage itself asks the directories, or a person */
static void
set_open_error (const MwReach *reach,
                const MwDraft *draft,
                GError       **error)
{
  const char *who = reach->person != NULL ? reach->person->name : draft->to_name;

  switch (reach->end)
    {
    case MW_REACH_UNNAMED:
      g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("Nobody is named as the recipient. Edit the item and choose one."));
      return;
    case MW_REACH_MISSING:
      g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_MISSING, _ ("The recipient is not in the directory."));
      return;
    case MW_REACH_NOBODY:
      g_set_error (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("Nobody called “%s” is known here yet. They are looked up when it is sent."), who);
      return;
    case MW_REACH_SEVERAL:
      g_set_error (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("Several fit “%s”. When it is sent you are asked who is meant."), who != NULL ? who : "?");
      return;
    case MW_REACH_CONNECT:
      /* data never go to a host that the clinician has not agreed to (wire notes 2.4) */
      g_set_error (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("%s is reached at %s, which is not one of your connections. When it is sent you are asked about that."),
                   who, mw_reach_get_address (reach));
      return;
    case MW_REACH_UNDECIDED:
      g_set_error (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("Several servers say that they are those of %s. When it is sent you are asked which."), who);
      return;
    case MW_REACH_NOWHERE:
    case MW_REACH_READY:
    default:
      g_set_error (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("Where %s is reached is not known here yet. It is looked up when it is sent."), who);
    }
}

/* Of one from a published list only a line is here: enough to be named by */
static JsonNode *
listed_recipient (const MwPerson *person)
{
  JsonNode *resource = mw_resource_new (person->type);
  g_auto (GStrv) tokens = g_strsplit (person->tokens != NULL ? person->tokens : "", "\n", -1);

  mw_json_set (resource, "name", person->name);
  for (guint i = 0; tokens[i] != NULL; i++)
    {
      const char      *bar = strchr (tokens[i], '|');
      g_autofree char *system = bar != NULL ? g_strndup (tokens[i], (gsize) (bar - tokens[i])) : NULL;
      JsonNode        *identifier;

      if (bar == NULL || *system == '\0')
        continue;
      identifier = mw_json_object_new ();
      mw_json_set (identifier, "system", system);
      mw_json_set (identifier, "value", bar + 1);
      mw_json_take (resource, "identifier[+]", identifier);
    }
  return resource;
}

static gboolean
discover_recipient (MwPlanInput   *self,
                    MwDb          *db,
                    const MwReach *reach,
                    GError       **error)
{
  if (reach->end != MW_REACH_READY)
    {
      set_open_error (reach, self->draft, error);
      return FALSE;
    }
  self->recipient = load_resource (db, reach->person->reference);
  if (self->recipient == NULL && reach->person->source != NULL && *reach->person->source != '\0')
    self->recipient = listed_recipient (reach->person);
  self->recipient_name = g_strdup (reach->person->name);
  self->connection = mw_connection_copy (reach->connection);
  return TRUE;
}

static gboolean
discover (MwPlanInput   *self,
          MwDb          *db,
          gint64         item,
          const MwReach *reach,
          GError       **error)
{
  g_autoptr (MwReach) known = NULL;

  /* an action changes something where it is */
  if (mw_plan_input_is_action (self->draft))
    self->connection = mw_connections_by_reference (db, self->draft->target);
  else
    {
      if (reach == NULL)
        known = mw_reach_new (db, self->draft, item, g_get_real_time (), NULL);
      if (!discover_recipient (self, db, reach != NULL ? reach : known, error))
        return FALSE;
    }
  if (self->connection == NULL)
    {
      g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("There is no connection that leads to the recipient."));
      return FALSE;
    }
  return TRUE;
}

/* ---- content --------------------------------------------------------- */

/* The receiver cannot follow "Binary/5" on our home server: data that is here goes inside */
static JsonNode *
with_attachments (MwPlanInput *self,
                  MwDb        *db,
                  JsonNode    *document)
{
  JsonNode *copy;
  guint     n = mw_json_length (document, "content");

  if (!mw_resource_is (document, "DocumentReference"))
    return document;
  copy = mw_json_copy (document);
  for (guint i = 0; i < n; i++)
    {
      JsonNode        *attachment = mw_json_get (mw_json_item (copy, "content", i), "attachment");
      const char      *url = mw_json_string (attachment, "url");
      g_autofree char *absolute = NULL;
      g_autoptr (JsonNode) binary = NULL;

      if (url == NULL || mw_json_has (attachment, "data"))
        continue;
      absolute = strstr (url, "://") != NULL ? g_strdup (url) : g_strdup_printf ("%s/%s", self->home->url, url);
      binary = load_resource (db, absolute);
      if (mw_json_string (binary, "data") != NULL)
        {
          mw_json_set (attachment, "data", mw_json_string (binary, "data"));
          mw_json_remove (attachment, "url");
        }
      else
        mw_json_set (attachment, "url", absolute);
    }
  json_node_unref (document);
  return copy;
}

static gboolean
gather (MwPlanInput *self,
        MwDb        *db,
        gint64       item,
        GError     **error)
{
  self->resources = g_ptr_array_new_with_free_func (node_unref);
  for (guint i = 0; self->draft->resources != NULL && self->draft->resources[i] != NULL; i++)
    {
      JsonNode *resource;

      /* goes along anyway, and once */
      if (g_strcmp0 (self->draft->resources[i], self->draft->patient) == 0 && !is_at_home (self, self->draft->patient))
        continue;
      resource = load_from (self, db, self->draft->resources[i]);
      if (resource == NULL)
        {
          g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_MISSING, _ ("A part of the record that was chosen is not here any more."));
          return FALSE;
        }
      g_ptr_array_add (self->resources, with_attachments (self, db, resource));
    }
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->rows = item > 0 ? mw_files_of_item (db, item, TRUE, error) : g_ptr_array_new_with_free_func (row_free);
  if (self->rows == NULL)
    return FALSE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      MwFileRow  *row = g_ptr_array_index (self->rows, i);
      MwPlanFile *file = g_new0 (MwPlanFile, 1);

      file->title = row->title;
      file->content_type = row->content_type;
      file->data = row->data;
      g_ptr_array_add (self->files, file);
    }
  return TRUE;
}

/**
 * mw_plan_input_is_action:
 *
 * Returns: whether the draft changes something where it is, and has no recipient to be found
 */
gboolean
mw_plan_input_is_action (const MwDraft *draft)
{
  return draft->action != NULL && draft->target != NULL && draft->to == NULL && draft->to_name == NULL;
}

/**
 * mw_plan_input_new:
 * @identity: the item's UUID
 * @created: µs, when it was saved
 * @item: whose files go along; 0 for none
 * @reach: (nullable): what the discover stage has found; NULL looks at what is here
 *
 * The stages identify and discover, as far as the store knows, and the content.
 *
 * Returns: (transfer full): the input; NULL with a MwStageError
 */
MwPlanInput *
mw_plan_input_new (MwDb          *db,
                   const MwDraft *draft,
                   const char    *identity,
                   gint64         created,
                   gint64         item,
                   const MwReach *reach,
                   GError       **error)
{
  g_autoptr (MwPlanInput) self = g_new0 (MwPlanInput, 1);
  g_autofree char *text = mw_draft_to_text (draft);

  self->draft = mw_draft_new_from_text (text, error);
  self->identity = g_strdup (identity);
  self->created = created;
  self->home = mw_connections_home (db);
  if (self->draft == NULL)
    return NULL;
  if (self->home == NULL)
    {
      g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_DISCOVER, _ ("There is no home connection yet. Connect to your server first."));
      return NULL;
    }
  if (!identify (self, db, error) || !discover (self, db, item, reach, error) || !gather (self, db, item, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * mw_plan_input_missing_of:
 *
 * Returns: (transfer full) (nullable): the first absolute reference that the draft names and that is not here
 */
char *
mw_plan_input_missing_of (MwDb          *db,
                          const MwDraft *draft)
{
  const char *candidates[] = { draft->patient, draft->target, draft->to };

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (candidates[i] != NULL && mw_db_get_int (db, 0, "SELECT count(*) FROM resources WHERE reference = ?1", "s", candidates[i]) == 0)
      return g_strdup (candidates[i]);
  for (guint i = 0; draft->resources != NULL && draft->resources[i] != NULL; i++)
    if (mw_db_get_int (db, 0, "SELECT count(*) FROM resources WHERE reference = ?1", "s", draft->resources[i]) == 0)
      return g_strdup (draft->resources[i]);
  return NULL;
}

const MwConnection *
mw_plan_input_get_connection (MwPlanInput *self)
{
  return self->connection;
}

const char *
mw_plan_input_get_recipient_name (MwPlanInput *self)
{
  return self->recipient_name;
}

/**
 * mw_plan_input_get_patient:
 *
 * Returns: (transfer none) (nullable): the patient, whom the receiving server may know too; NULL when nothing is about a
 *   patient, or when it is the home connection, and the patient is one of its own
 */
JsonNode *
mw_plan_input_get_patient (MwPlanInput *self)
{
  return self->connection->id != self->home->id || (self->draft->patient != NULL && !is_at_home (self, self->draft->patient)) ? self->patient : NULL;
}

/**
 * mw_plan_input_get_patient_reference:
 *
 * Returns: (nullable): the patient's absolute reference
 */
const char *
mw_plan_input_get_patient_reference (MwPlanInput *self)
{
  return self->draft->patient;
}

/**
 * mw_plan_input_plan:
 * @capability: (nullable): what the receiving server can do
 * @version: that is spoken with it
 * @patient_there: (nullable): the patient on it
 * @patient_is_new: whether a person has said that the patient is none of those on it
 *
 * Returns: (transfer full): the requests, or NULL with a translated sentence
 */
MwPlan *
mw_plan_input_plan (MwPlanInput  *self,
                    MwCapability *capability,
                    MwFhirVersion version,
                    const char   *patient_there,
                    gboolean      patient_is_new,
                    GError      **error)
{
  const MwWorkflow *workflow = mw_workflow_for_kind (self->draft->kind);
  g_autoptr (GError) local = NULL;
  g_autofree char *patient_identity = self->draft->patient != NULL ? mw_local_patient_identity (self->draft->patient, self->connection->url) : NULL;
  MwPlan          *plan;
  MwPlanContext    context = {
       .identity = self->identity,
       .created = self->created,
       .base = self->connection->url,
       .capability = capability,
       .version = version,
       .home_base = self->home->url,
       .home_version = mw_fhir_version_parse (self->home->fhir_version),
       .me = self->me,
       .me_resource = self->me_resource,
       .me_person = self->me_person,
       .me_title = self->me_title,
       .patient = self->patient,
       .patient_there = patient_there,
       .patient_reference = self->draft->patient,
       .patient_identity = patient_identity,
       .patient_is_new = patient_is_new,
       .recipient = self->recipient,
       .target = self->target,
       .resources = self->resources,
       .files = self->files,
  };

  if (workflow == NULL)
    {
      g_set_error_literal (error, MW_STAGE_ERROR, MW_STAGE_ERROR_CONTENT, _ ("This version does not know how to send this."));
      return NULL;
    }
  plan = workflow->plan (self->draft, &context, &local);
  if (plan == NULL)
    g_set_error_literal (error, MW_STAGE_ERROR, g_error_matches (local, MW_FHIR_ERROR, MW_FHIR_ERROR_VERSION) ? MW_STAGE_ERROR_NEGOTIATE : MW_STAGE_ERROR_CONTENT, local->message);
  else if (self->me_title != NULL)
    /* Translators: a line of "what will be sent"; %s is the clinician in one of her roles */
    g_ptr_array_insert (plan->lines, 0, g_strdup_printf (_ ("Sent as %s"), self->me_title));
  return plan;
}
