/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The requests that carry a parcel: one by one, as a transaction or as a message. What stands in them is each part's
 * "sent": mw-parcel-way.c has put it into the receiver's version. */

#include "mw-config.h"

#include "mw-parcel-private.h"

#include "mw-adapt.h"
#include "mw-describe.h"
#include "mw-identity.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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
  const char       *type = mw_resource_type (part->sent);
  MwCapability     *capability = self->context->capability;
  MwSupport         conditional = mw_capability_conditional_create (capability, type);
  MwPlannedRequest *request;

  if (part->condition != NULL && conditional != MW_SUPPORT_YES &&
      mw_capability_update_create (capability, type) == MW_SUPPORT_YES && !g_str_equal (type, "Patient"))
    {
      g_autofree char *url = g_strdup_printf ("%s/%s", type, part->identity);

      mw_json_set (part->sent, "id", part->identity);
      request = add_request (plan, "PUT", url, part->identity, part->sent);
      request->repeatable = TRUE;
    }
  else
    {
      request = add_request (plan, "POST", type, part->identity, part->sent);
      /* a server that says it has no conditions may refuse the whole for one */
      request->if_none_exist = conditional != MW_SUPPORT_NO ? g_strdup (part->condition) : NULL;
      request->repeatable = part->condition != NULL && conditional == MW_SUPPORT_YES;
    }
  request->lookup = part->condition != NULL ? g_strdup_printf ("%s?%s", type, part->condition) : NULL;
  request->watch = part->watched ? g_strdup (type) : NULL;
  request->words = g_strdup (part->words);
}

/* create after create */
gboolean
mw_parcel_plan_creates (MwParcel *self,
                        MwPlan   *plan,
                        GError  **error)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart     *part = g_ptr_array_index (self->parts, i);
      const char       *type = mw_resource_type (part->sent);
      g_autofree char  *word = g_strconcat ("create:", type, NULL);
      MwPlannedRequest *request;

      plan_create (self, part, plan);
      request = g_ptr_array_index (plan->requests, plan->requests->len - 1);
      /* it has been tried: there is no other way for this one */
      if (g_str_equal (request->method, "POST") && mw_capability_was_refused (self->context->capability, word))
        {
          g_autofree char *kind = mw_resource_type_text (type);

          /* Translators: %s is a kind of record, such as "Message" or "Task" */
          g_set_error (error, MW_FHIR_ERROR, MW_FHIR_ERROR_NOT_FHIR, _ ("The receiver does not take this kind of record: %s. Send it another way."), kind);
          return FALSE;
        }
    }
  return TRUE;
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
void
mw_parcel_plan_transaction (MwParcel *self,
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
      const char   *type = mw_resource_type (part->sent);
      MwSupport     conditional = mw_capability_conditional_create (self->context->capability, type);
      JsonNode     *entry = mw_json_object_new ();

      mw_json_set (entry, "fullUrl", part->urn);
      mw_json_take (entry, "resource", json_node_ref (part->sent));
      mw_json_set (entry, "request.method", "POST");
      mw_json_set (entry, "request.url", type);
      mw_json_set (entry, "request.ifNoneExist", conditional != MW_SUPPORT_NO ? part->condition : NULL);
      mw_json_take (bundle, "entry[+]", entry);
      if (part->condition == NULL || conditional != MW_SUPPORT_YES)
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
static JsonNode *
new_header (MwParcel   *self,
            const char *header_id,
            const char *event_code,
            const char *event_display,
            const char *focus)
{
  g_autofree char *destination = g_strdup_printf ("%s/$process-message", self->context->base);
  g_autofree char *name = self->context->recipient != NULL ? mw_resource_title (self->context->recipient) : NULL;
  JsonNode        *header = mw_resource_new ("MessageHeader");

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
  return header;
}

gboolean
mw_parcel_plan_message (MwParcel   *self,
                        MwPlan     *plan,
                        const char *event_code,
                        const char *event_display,
                        const char *focus,
                        GError    **error)
{
  g_autofree char *header_id = mw_identity_derive (self->context->identity, "header");
  g_autofree char *header_urn = mw_identity_urn (header_id);
  g_autofree char *bundle_id = mw_identity_derive (self->context->identity, "bundle");
  g_autoptr (JsonNode) bundle = mw_resource_new ("Bundle");
  g_autoptr (JsonNode) header = new_header (self, header_id, event_code, event_display, focus);
  JsonNode         *adapted = mw_adapt_resource (header, MW_FHIR_VERSION_R4, mw_parcel_get_version (self), error);
  JsonNode         *entry;
  MwPlannedRequest *request;

  if (adapted == NULL)
    return FALSE;

  mw_json_set (bundle, "type", "message");
  add_bundle_identity (self, bundle, bundle_id);
  entry = mw_json_object_new ();
  mw_json_set (entry, "fullUrl", header_urn);
  mw_json_take (entry, "resource", adapted);
  mw_json_take (bundle, "entry[+]", entry);
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      entry = mw_json_object_new ();
      /* inside a message a part is what its fullUrl says (FHIR R4 bundle.html#bundle-unique) */
      mw_json_set (part->sent, "id", part->urn + strlen ("urn:uuid:"));
      mw_json_set (entry, "fullUrl", part->urn);
      mw_json_take (entry, "resource", json_node_ref (part->sent));
      mw_json_take (bundle, "entry[+]", entry);
    }
  request = add_request (plan, "POST", "$process-message", header_id, bundle);
  request->repeatable = TRUE;
  /* Translators: how an item is sent: as one FHIR message */
  request->words = g_strdup (_ ("Everything in one message"));
  return TRUE;
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
