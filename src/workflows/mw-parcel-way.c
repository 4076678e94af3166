/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The way in which a parcel travels: what the receiver can do, what it has refused before, what it has room for, and
 * which version of FHIR it reads. Whatever the way, the parts keep their identities. */

#include "mw-config.h"

#include "mw-parcel-private.h"

#include "mw-adapt.h"
#include "mw-describe.h"
#include "mw-learned.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * mw_plan_context_version:
 *
 * Returns: the version of FHIR that is spoken with the receiver
 */
MwFhirVersion
mw_plan_context_version (const MwPlanContext *context)
{
  if (context->version != MW_FHIR_VERSION_UNKNOWN || context->capability == NULL)
    return context->version;
  return mw_capability_get_version (context->capability);
}

/**
 * mw_parcel_best_way:
 *
 * Returns: the surest way for several resources that belong together. A server that says nothing about
 *   transactions, or has refused one, gets creates.
 */
MwParcelWay
mw_parcel_best_way (MwParcel *self)
{
  if (self->parts->len > 1 && mw_capability_supports_system (self->context->capability, "transaction") == MW_SUPPORT_YES)
    return MW_PARCEL_TRANSACTION;
  return MW_PARCEL_SINGLE;
}

/**
 * mw_plan_message_first:
 * @plan_by: plans the draft in one way or the other
 *
 * Sends as one message where the receiver takes messages and has room for it, else as @plan_by sends what is none.
 * To the home connection nothing goes as a message: what it is about is there already.
 */
MwPlan *
mw_plan_message_first (const MwDraft       *draft,
                       const MwPlanContext *context,
                       MwPlanByFunc         plan_by,
                       GError             **error)
{
  g_autoptr (GError) why = NULL;
  MwPlan *plan = NULL;

  if (g_strcmp0 (context->base, context->home_base) == 0 ||
      mw_capability_supports_operation (context->capability, NULL, "process-message") != MW_SUPPORT_YES)
    return plan_by (draft, context, FALSE, error);
  plan = plan_by (draft, context, TRUE, &why);
  if (plan == NULL && g_error_matches (why, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_LARGE))
    return plan_by (draft, context, FALSE, error);
  if (plan == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return plan;
}

/* ---- what is sent of each part ---------------------------------------- */

static char *
rewrite_to_part (const char *literal,
                 gpointer    user_data)
{
  MwParcel *self = user_data;

  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      if (g_strcmp0 (part->source, literal) == 0)
        return g_strdup (part->urn);
    }
  return NULL;
}

/* In one Bundle the order does not matter: what refers to a later part can refer to it there, too */
static gboolean
make_sent (MwParcel   *self,
           MwParcelWay way,
           GError    **error)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      g_clear_pointer (&part->sent, json_node_unref);
      part->sent = mw_adapt_resource (part->resource, part->version, mw_parcel_get_version (self), error);
      if (part->sent == NULL)
        return FALSE;
      if (way != MW_PARCEL_SINGLE)
        mw_reference_rewrite_all (part->sent, rewrite_to_part, self);
    }
  return TRUE;
}

/* ---- what the receiver has room for ------------------------------------ */

/* The first request that is too large for the receiver */
static MwPlannedRequest *
find_too_large (MwParcel *self,
                MwPlan   *plan)
{
  gint64 limit = mw_capability_get_max_body (self->context->capability);

  for (guint i = 0; limit > 0 && i < plan->requests->len; i++)
    {
      MwPlannedRequest *request = g_ptr_array_index (plan->requests, i);

      if (request->body != NULL && g_bytes_get_size (request->body) > (gsize) limit)
        return request;
    }
  return NULL;
}

static void
set_too_large (GError                **error,
               MwParcel               *self,
               const MwPlannedRequest *request)
{
  g_autofree char *size = g_format_size (g_bytes_get_size (request->body));
  g_autofree char *limit = g_format_size ((guint64) mw_capability_get_max_body (self->context->capability));
  g_autofree char *type = g_strndup (request->url, strcspn (request->url, "/?"));
  g_autofree char *kind = request->words == NULL ? mw_resource_type_text (type) : g_strdup (request->words);

  /* Translators: what is too large, its size, and the largest size that is taken: "File: Letter.pdf", "3.1 MB", "1.0 MB" */
  g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_LARGE, _ ("%s is too large for the receiver: it has %s, and no more than %s is taken. Leave it out, or send it another way."),
               kind, size, limit);
}

/* ---- the plan ----------------------------------------------------------- */

static char *
way_words (MwParcel   *self,
           MwParcelWay way)
{
  MwFhirVersion version = mw_parcel_get_version (self);
  const char   *words;

  switch (way)
    {
    case MW_PARCEL_MESSAGE:
      words = _ ("as one message");
      break;
    case MW_PARCEL_TRANSACTION:
      words = _ ("as one transaction");
      break;
    case MW_PARCEL_SINGLE:
    default:
      words = self->parts->len == 1 ? _ ("as one resource") : _ ("resource by resource");
    }
  if (!mw_adapt_needed (MW_FHIR_VERSION_R4, version))
    return g_strdup (words);
  /* Translators: how an item is sent, and in which version of FHIR: "as one transaction, in FHIR R5" */
  return g_strdup_printf (_ ("%s, in FHIR %s"), words, mw_fhir_version_to_text (version));
}

/* Whether the patient goes along to a receiver who adds none. A message is read as a whole: it has room for the patient */
static gboolean
brings_unwanted_patient (MwParcel   *self,
                         MwParcelWay way)
{
  if (way == MW_PARCEL_MESSAGE || mw_parcel_takes (self, "Patient"))
    return FALSE;
  for (guint i = 0; i < self->parts->len; i++)
    if (g_str_equal (((MwParcelPart *) g_ptr_array_index (self->parts, i))->name, "patient"))
      return TRUE;
  return FALSE;
}

static MwPlan *
plan_by (MwParcel   *self,
         MwParcelWay way,
         const char *event_code,
         const char *event_display,
         const char *focus,
         GError    **error)
{
  g_autoptr (MwPlan) plan = mw_plan_new ();
  MwPlannedRequest *too_large;

  if (brings_unwanted_patient (self, way))
    {
      g_set_error_literal (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR,
                           _ ("The receiver does not know this patient, and lets nobody add patients from outside. Ask them to add the patient, then retry."));
      return NULL;
    }
  if (!make_sent (self, way, error))
    return NULL;
  for (guint i = 0; i < self->mentions->len; i++)
    g_ptr_array_add (plan->lines, g_strdup (g_ptr_array_index (self->mentions, i)));
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      if (part->words != NULL)
        g_ptr_array_add (plan->lines, g_strdup (part->words));
    }
  plan->way = way_words (self, way);
  if (way == MW_PARCEL_MESSAGE)
    {
      if (!mw_parcel_plan_message (self, plan, event_code, event_display, focus, error))
        return NULL;
    }
  else if (way == MW_PARCEL_TRANSACTION)
    mw_parcel_plan_transaction (self, plan);
  else if (!mw_parcel_plan_creates (self, plan, error))
    return NULL;
  too_large = find_too_large (self, plan);
  if (too_large != NULL)
    {
      set_too_large (error, self, too_large);
      return NULL;
    }
  return g_steal_pointer (&plan);
}

/**
 * mw_parcel_to_plan:
 * @way: how to send it; a transaction for which the receiver has no room becomes creates
 * @event_code: (nullable): of a message
 * @focus: (nullable): of a message: the reference of what it is about
 *
 * Returns: (transfer full) (nullable): the requests that carry the parcel, in the receiver's version. NULL with a
 *   sentence for a person: MW_FHIR_ERROR_VERSION when that version cannot say it, MW_FHIR_ERROR_TOO_LARGE when the
 *   receiver has no room for it, MW_FHIR_ERROR_NOT_FHIR when it does not take such records
 */
MwPlan *
mw_parcel_to_plan (MwParcel   *self,
                   MwParcelWay way,
                   const char *event_code,
                   const char *event_display,
                   const char *focus,
                   GError    **error)
{
  g_autoptr (GError) why = NULL;
  MwPlan *plan = plan_by (self, way, event_code, event_display, focus, &why);

  if (plan == NULL && way == MW_PARCEL_TRANSACTION && g_error_matches (why, MW_FHIR_ERROR, MW_FHIR_ERROR_TOO_LARGE))
    return plan_by (self, MW_PARCEL_SINGLE, NULL, NULL, NULL, error);
  if (plan == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return plan;
}

/* ---- what a refusal teaches --------------------------------------------- */

static char *
refused_post (const MwPlannedRequest *request,
              const char             *type)
{
  if (*request->url == '\0')
    return g_strdup ("transaction");
  if (g_str_equal (request->url, "$process-message"))
    return g_strdup ("process-message");
  if (strchr (request->url, '$') != NULL)
    return g_strconcat ("operation:", request->url, NULL);
  return g_strconcat (request->if_none_exist != NULL ? "conditional-create:" : "create:", type, NULL);
}

/**
 * mw_planned_request_refused_word:
 * @request: that the receiver refused as unsupported, so that nothing took effect
 * @too_large: it was refused for its size (413), and for nothing else
 *
 * What is learned is less than it may be: of a conditional create, that there is no condition; when the create
 * without it is refused too, that is learned then. So planning again after each refusal ends.
 *
 * Returns: (transfer full) (nullable): the word of mw-learned.h to keep for the connection; NULL when there is none,
 *   and no other way either
 */
char *
mw_planned_request_refused_word (const MwPlannedRequest *request,
                                 gboolean                too_large)
{
  g_autofree char *type = g_strndup (request->url, strcspn (request->url, "/?"));

  if (too_large)
    return request->body != NULL ? mw_learned_max_body_word (g_bytes_get_size (request->body)) : NULL;
  if (g_str_equal (request->method, "POST"))
    return refused_post (request, type);
  if (g_str_equal (request->method, "PUT"))
    return g_strconcat (request->edit != NULL ? "update:" : "update-create:", type, NULL);
  return NULL;
}
