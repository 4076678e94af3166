/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The requests that carry a parcel: one by one, as a transaction or as a message. */

#include "mw-config.h"

#include "mw-parcel-private.h"

#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * mw_parcel_best_way:
 *
 * Returns: the surest way for several resources that belong together. A server that says nothing about
 *   transactions gets creates.
 */
MwParcelWay
mw_parcel_best_way (MwParcel *self)
{
  if (self->parts->len > 1 && mw_capability_supports_system (self->context->capability, "transaction") == MW_SUPPORT_YES)
    return MW_PARCEL_TRANSACTION;
  return MW_PARCEL_SINGLE;
}

static MwPlannedRequest *
add_request (MwPlan     *plan,
             const char *method,
             const char *url,
             const char *identity,
             JsonNode   *body)
{
  MwPlannedRequest *request = g_new0 (MwPlannedRequest, 1);

  request->method = g_strdup (method);
  request->url = g_strdup (url);
  request->identity = g_strdup (identity);
  if (body != NULL)
    {
      char *text = mw_json_to_text (body, FALSE);

      request->body = g_bytes_new_take (text, strlen (text));
    }
  g_ptr_array_add (plan->requests, request);
  return request;
}

/* One create. Whether a repeat is known for one decides how an uncertain attempt is treated:
 * conditional create where the server promises it, our own id where it takes that, a look-up before
 * every repeat where it does neither (wire notes 0.5) */
static void
plan_create (MwParcel     *self,
             MwParcelPart *part,
             MwPlan       *plan)
{
  const char       *type = mw_resource_type (part->resource);
  MwCapability     *capability = self->context->capability;
  MwPlannedRequest *request;

  if (part->condition != NULL && mw_capability_conditional_create (capability, type) != MW_SUPPORT_YES &&
      mw_capability_update_create (capability, type) == MW_SUPPORT_YES && !g_str_equal (type, "Patient"))
    {
      g_autofree char *url = g_strdup_printf ("%s/%s", type, part->identity);

      mw_json_set (part->resource, "id", part->identity);
      request = add_request (plan, "PUT", url, part->identity, part->resource);
      request->repeatable = TRUE;
    }
  else
    {
      request = add_request (plan, "POST", type, part->identity, part->resource);
      request->if_none_exist = g_strdup (part->condition);
      request->repeatable = part->condition != NULL && mw_capability_conditional_create (capability, type) == MW_SUPPORT_YES;
    }
  request->lookup = part->condition != NULL ? g_strdup_printf ("%s?%s", type, part->condition) : NULL;
  request->watch = part->watched ? g_strdup (type) : NULL;
  request->words = g_strdup (part->words);
}

static void
add_bundle_identity (MwParcel   *self,
                     JsonNode   *bundle,
                     const char *identity)
{
  g_autofree char *urn = mw_identity_urn (identity);

  mw_json_set (bundle, "id", identity);
  mw_json_set (bundle, "identifier.system", MW_URI_SYSTEM);
  mw_json_set (bundle, "identifier.value", urn);
  mw_json_set (bundle, "timestamp", self->created);
}

/* FHIR R4 http.html#transaction; every POST is conditional, so that the whole may be repeated */
static void
plan_transaction (MwParcel *self,
                  MwPlan   *plan)
{
  g_autofree char *identity = mw_identity_derive (self->context->identity, "bundle");
  g_autoptr (JsonNode) bundle = mw_resource_new ("Bundle");
  MwPlannedRequest *request;
  gboolean          repeatable = TRUE;
  const char       *lookup_type = NULL, *lookup = NULL, *watch = NULL;

  mw_json_set (bundle, "type", "transaction");
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);
      const char   *type = mw_resource_type (part->resource);
      JsonNode     *entry = mw_json_object_new ();

      mw_json_set (entry, "fullUrl", part->urn);
      mw_json_take (entry, "resource", json_node_ref (part->resource));
      mw_json_set (entry, "request.method", "POST");
      mw_json_set (entry, "request.url", type);
      mw_json_set (entry, "request.ifNoneExist", part->condition);
      mw_json_take (bundle, "entry[+]", entry);
      if (part->condition == NULL || mw_capability_conditional_create (self->context->capability, type) != MW_SUPPORT_YES)
        repeatable = FALSE;
      /* the last of ours that can be searched for proves the whole: all or nothing */
      if (part->condition != NULL && !g_str_equal (part->name, "patient"))
        {
          lookup_type = type;
          lookup = part->condition;
        }
      if (part->watched)
        watch = type;
    }
  request = add_request (plan, "POST", "", identity, bundle);
  request->repeatable = repeatable;
  request->lookup = lookup != NULL ? g_strdup_printf ("%s?%s", lookup_type, lookup) : NULL;
  request->watch = g_strdup (watch);
  /* Translators: how an item is sent: all its parts in one transaction, all or nothing */
  request->words = g_strdup (_ ("Everything in one transaction"));
}

/* Da Vinci Alerts 1.1.0, MessageHeader and Bundle profiles; FHIR R4 messaging.html. The message id is
 * the same for every attempt, by which the receiver knows a repeat */
static void
plan_message (MwParcel   *self,
              MwPlan     *plan,
              const char *event_code,
              const char *event_display,
              const char *focus)
{
  g_autofree char *header_id = mw_identity_derive (self->context->identity, "header");
  g_autofree char *header_urn = mw_identity_urn (header_id);
  g_autofree char *bundle_id = mw_identity_derive (self->context->identity, "bundle");
  g_autofree char *destination = g_strdup_printf ("%s/$process-message", self->context->base);
  g_autofree char *name = self->context->recipient != NULL ? mw_resource_title (self->context->recipient) : NULL;
  g_autoptr (JsonNode) bundle = mw_resource_new ("Bundle");
  JsonNode         *header = mw_resource_new ("MessageHeader");
  JsonNode         *entry = mw_json_object_new ();
  MwPlannedRequest *request;

  mw_json_set (header, "id", header_id);
  mw_json_set (header, "eventCoding.system", "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event");
  mw_json_set (header, "eventCoding.code", event_code);
  mw_json_set (header, "eventCoding.display", event_display);
  mw_json_set (header, "destination[0].name", name);
  mw_json_set (header, "destination[0].endpoint", destination);
  mw_parcel_name_me (self, header, "author");
  mw_json_set (header, "source.name", "Meanwhile");
  mw_json_set (header, "source.software", "Meanwhile");
  mw_json_set (header, "source.version", MW_VERSION);
  mw_json_set (header, "source.endpoint", self->context->home_base);
  mw_json_set (header, "focus[0].reference", focus);
  mw_json_set (bundle, "type", "message");
  add_bundle_identity (self, bundle, bundle_id);
  mw_json_set (entry, "fullUrl", header_urn);
  mw_json_take (entry, "resource", header);
  mw_json_take (bundle, "entry[+]", entry);
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      entry = mw_json_object_new ();
      /* inside a message a part is what its fullUrl says (FHIR R4 bundle.html#bundle-unique) */
      mw_json_set (part->resource, "id", part->urn + strlen ("urn:uuid:"));
      mw_json_set (entry, "fullUrl", part->urn);
      mw_json_take (entry, "resource", json_node_ref (part->resource));
      mw_json_take (bundle, "entry[+]", entry);
    }
  request = add_request (plan, "POST", "$process-message", header_id, bundle);
  request->repeatable = TRUE;
  /* Translators: how an item is sent: as one FHIR message */
  request->words = g_strdup (_ ("Everything in one message"));
}

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
static void
link_parts (MwParcel *self)
{
  for (guint i = 0; i < self->parts->len; i++)
    mw_reference_rewrite_all (((MwParcelPart *) g_ptr_array_index (self->parts, i))->resource, rewrite_to_part, self);
}

/**
 * mw_parcel_to_plan:
 * @event_code: (nullable): of a message
 * @focus: (nullable): of a message: the reference of what it is about
 *
 * Returns: (transfer full): the requests that carry the parcel
 */
MwPlan *
mw_parcel_to_plan (MwParcel   *self,
                   MwParcelWay way,
                   const char *event_code,
                   const char *event_display,
                   const char *focus)
{
  MwPlan *plan = mw_plan_new ();

  for (guint i = 0; i < self->mentions->len; i++)
    g_ptr_array_add (plan->lines, g_strdup (g_ptr_array_index (self->mentions, i)));
  if (way != MW_PARCEL_SINGLE)
    link_parts (self);
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      if (part->words != NULL)
        g_ptr_array_add (plan->lines, g_strdup (part->words));
    }
  switch (way)
    {
    case MW_PARCEL_MESSAGE:
      plan->way = g_strdup (_ ("as one message"));
      plan_message (self, plan, event_code, event_display, focus);
      break;
    case MW_PARCEL_TRANSACTION:
      plan->way = g_strdup (_ ("as one transaction"));
      plan_transaction (self, plan);
      break;
    case MW_PARCEL_SINGLE:
    default:
      plan->way = g_strdup (self->parts->len == 1 ? _ ("as one resource") : _ ("resource by resource"));
      for (guint i = 0; i < self->parts->len; i++)
        plan_create (self, g_ptr_array_index (self->parts, i), plan);
    }
  return plan;
}

/**
 * mw_plan_add_edit:
 * @url: relative to the receiver's base
 * @edit: (transfer full): see mw-edit.h
 */
void
mw_plan_add_edit (MwPlan     *plan,
                  const char *url,
                  JsonNode   *edit,
                  const char *words)
{
  MwPlannedRequest *request = add_request (plan, "PUT", url, mw_json_string (edit, "identity"), NULL);

  request->edit = edit;
  request->repeatable = TRUE;
  request->words = g_strdup (words);
  if (words != NULL)
    g_ptr_array_add (plan->lines, g_strdup (words));
}
