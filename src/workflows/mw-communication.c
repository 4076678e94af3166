/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What messages, alerts and covering notes have in common: the Communication (FHIR R4
 * communication.html; wire notes 9). */

#include "mw-config.h"

#include "mw-workflow-private.h"

#include "mw-fhir-date.h"
#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* R5 has no contentString: its texts come as concepts, or as text/plain attachments */
static void
append_payload_text (GString  *text,
                     JsonNode *payload)
{
  const char      *string = mw_json_string (payload, "contentString");
  g_autofree char *concept = mw_concept_text (mw_json_get (payload, "contentCodeableConcept"));
  const char      *type = mw_json_string (payload, "contentAttachment.contentType");
  const char      *data = mw_json_string (payload, "contentAttachment.data");

  if (string == NULL)
    string = concept;
  if (string != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", string);
  else if (data != NULL && type != NULL && g_str_has_prefix (type, "text/plain"))
    {
      gsize              size = 0;
      g_autofree guchar *decoded = g_base64_decode (data, &size);
      g_autofree char   *valid = g_utf8_make_valid ((const char *) decoded, (gssize) size);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", valid);
    }
}

static char *
payload_text (JsonNode *communication)
{
  GString *text = g_string_new (NULL);
  guint    n = mw_json_length (communication, "payload");

  for (guint i = 0; i < n; i++)
    append_payload_text (text, mw_json_item (communication, "payload", i));
  return g_string_free (text, FALSE);
}

static char *
first_attachment_title (JsonNode *communication)
{
  guint n = mw_json_length (communication, "payload");

  for (guint i = 0; i < n; i++)
    {
      const char *title = mw_json_string (mw_json_item (communication, "payload", i), "contentAttachment.title");

      if (title != NULL)
        return g_strdup (title);
    }
  return NULL;
}

/**
 * mw_communication_meaning:
 *
 * Fills in what a Communication or CommunicationRequest says, whatever its kind.
 */
void
mw_communication_meaning (MwMeaning       *meaning,
                          const MwArrival *arrival)
{
  JsonNode        *resource = arrival->resource;
  g_autofree char *text = payload_text (resource);
  g_autofree char *topic = mw_concept_text (mw_json_get (resource, "topic"));
  g_autofree char *category = mw_concept_text (mw_json_item (resource, "category", 0));
  g_autofree char *reason = mw_resource_reason (resource);
  g_autofree char *attachment = first_attachment_title (resource);
  g_autofree char *line = mw_one_line (text);
  const char      *sent = mw_json_string (resource, "sent");

  if (sent == NULL)
    sent = mw_json_string (resource, "authoredOn");
  if (sent == NULL)
    sent = mw_json_string (resource, "received");
  meaning->identity = g_strdup (arrival->reference);
  meaning->priority = mw_priority_from_word (mw_json_string (resource, "priority"));
  meaning->sent = mw_fhir_date_to_unix (sent, 0);
  mw_meaning_take_patient (meaning, arrival, mw_json_get (resource, "subject"), resource, NULL);
  mw_meaning_take_sender (meaning, arrival, mw_json_get (resource, "sender"), NULL);
  mw_meaning_take_sender (meaning, arrival, mw_json_get (resource, "requester"), NULL);

  if (topic != NULL)
    meaning->subject = g_steal_pointer (&topic);
  else if (line != NULL && *line != '\0')
    meaning->subject = g_strdup (line);
  else if (reason != NULL)
    meaning->subject = g_steal_pointer (&reason);
  else if (attachment != NULL)
    meaning->subject = g_steal_pointer (&attachment);
  else if (category != NULL)
    meaning->subject = g_steal_pointer (&category);
  else
    meaning->subject = g_strdup (_ ("Message"));
  meaning->preview = g_steal_pointer (&line);
  meaning->body = g_steal_pointer (&text);

  mw_meaning_add_key (meaning, arrival->reference);
  mw_meaning_add_identifiers (meaning, resource);
  mw_meaning_add_references (meaning, arrival, resource, "partOf");
  mw_meaning_add_references (meaning, arrival, resource, "inResponseTo");
  mw_meaning_add_references (meaning, arrival, resource, "basedOn");
  mw_meaning_add_references (meaning, arrival, resource, "replaces");
  mw_meaning_fetch (meaning, resource, "payload", "contentReference");
}

/**
 * mw_communication_new:
 *
 * Returns: (transfer full): a Communication with what the clinician wrote; files go inside
 */
JsonNode *
mw_communication_new (MwParcel            *parcel,
                      const MwDraft       *draft,
                      const MwPlanContext *context)
{
  JsonNode *communication = mw_resource_new ("Communication");

  mw_json_set (communication, "status", "completed");
  mw_json_set (communication, "priority", draft->urgency);
  mw_parcel_about_patient_lightly (parcel, communication, "subject");
  mw_json_set (communication, "topic.text", draft->subject);
  if (context->target != NULL && mw_resource_is (context->target, "Communication") && mw_resource_id (context->target) != NULL)
    {
      g_autofree char *literal = g_strdup_printf ("%s/Communication/%s", context->home_base, mw_resource_id (context->target));

      mw_json_set (communication, "inResponseTo[0].reference", mw_parcel_is_local (parcel) ? literal + strlen (context->home_base) + 1 : literal);
      if (mw_parcel_is_local (parcel) && mw_json_has (context->target, "partOf[0].reference"))
        mw_json_set (communication, "partOf[0].reference", mw_json_string (context->target, "partOf[0].reference"));
    }
  mw_json_set (communication, "sent", mw_parcel_created (parcel));
  mw_parcel_name_recipient (parcel, communication, "recipient[0]");
  mw_parcel_name_me (parcel, communication, "sender");
  if (draft->note != NULL && *draft->note != '\0')
    mw_json_set (communication, "payload[0].contentString", draft->note);
  for (guint i = 0; context->files != NULL && i < context->files->len; i++)
    {
      const MwPlanFile *file = g_ptr_array_index (context->files, i);
      JsonNode         *payload = mw_json_object_new ();
      gsize             size = 0;
      const guchar     *bytes = g_bytes_get_data (file->data, &size);
      g_autofree char  *base64 = g_base64_encode (bytes, size);

      mw_json_set (payload, "contentAttachment.contentType", file->content_type);
      mw_json_set (payload, "contentAttachment.data", base64);
      mw_json_set_integer (payload, "contentAttachment.size", (gint64) size);
      mw_json_set (payload, "contentAttachment.title", file->title);
      mw_json_take (communication, "payload[+]", payload);
    }
  return communication;
}

/**
 * mw_communication_settle:
 *
 * Returns: TRUE when the arrival is somebody's reply to what we sent
 */
gboolean
mw_communication_settle (const char      *identity,
                         const MwArrival *arrival,
                         MwSettlement    *settlement)
{
  g_autofree char *from = NULL;

  if (!mw_resource_is (arrival->resource, "Communication") || mw_is_ours (arrival->resource, identity, "communication") ||
      mw_arrival_is_me (arrival, mw_json_get (arrival->resource, "sender")))
    return FALSE;
  from = mw_arrival_name (arrival, mw_json_get (arrival->resource, "sender"), NULL);
  settlement->answered = TRUE;
  /* Translators: a line of a timeline; %s is who replied */
  settlement->detail = from != NULL ? g_strdup_printf (_ ("Reply from %s"), from) : g_strdup (_ ("A reply came"));
  return TRUE;
}
