/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-parcel-private.h"

#include "mw-fhir-date.h"
#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
part_free (gpointer data)
{
  MwParcelPart *part = data;

  g_free (part->name);
  g_free (part->identity);
  g_free (part->urn);
  g_free (part->condition);
  g_free (part->source);
  json_node_unref (part->resource);
  g_clear_pointer (&part->sent, json_node_unref);
  g_free (part->words);
  g_free (part);
}

/**
 * mw_parcel_new:
 * @context: borrowed; must outlive the parcel
 */
MwParcel *
mw_parcel_new (const MwPlanContext *context)
{
  MwParcel *self = g_new0 (MwParcel, 1);

  self->context = context;
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->mentions = g_ptr_array_new_with_free_func (g_free);
  self->created = mw_fhir_date_from_unix (context->created);
  if (context->patient_reference != NULL)
    self->patient_home = g_strdup (context->patient_reference);
  else if (context->patient != NULL && mw_resource_id (context->patient) != NULL)
    self->patient_home = g_strdup_printf ("%s/Patient/%s", context->home_base, mw_resource_id (context->patient));
  return self;
}

void
mw_parcel_free (MwParcel *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->mentions);
  g_free (self->created);
  g_free (self->patient_home);
  g_free (self->patient_literal);
  g_free (self);
}

/**
 * mw_parcel_is_local:
 *
 * Returns: whether it goes to the home connection itself, where every reference of the draft holds
 */
gboolean
mw_parcel_is_local (MwParcel *self)
{
  return g_strcmp0 (self->context->base, self->context->home_base) == 0;
}

/**
 * mw_parcel_get_version:
 *
 * Returns: the version of FHIR in which it is sent
 */
MwFhirVersion
mw_parcel_get_version (MwParcel *self)
{
  return mw_plan_context_version (self->context);
}

/**
 * mw_parcel_takes:
 *
 * Returns: whether the receiver may let us create a @type: it says so, or says nothing about it
 */
gboolean
mw_parcel_takes (MwParcel   *self,
                 const char *type)
{
  return self->context->capability == NULL || mw_capability_supports (self->context->capability, type, "create") != MW_SUPPORT_NO;
}

/* The time the person saved it; every plan of the item writes the same */
const char *
mw_parcel_created (MwParcel *self)
{
  return self->created;
}

MwParcelPart *
mw_parcel_add_part (MwParcel   *self,
                    const char *name,
                    JsonNode   *resource,
                    const char *words)
{
  MwParcelPart *part = g_new0 (MwParcelPart, 1);

  part->name = g_strdup (name);
  part->identity = mw_identity_derive (self->context->identity, name);
  part->urn = mw_identity_link (part->identity);
  part->resource = resource;
  part->words = g_strdup (words);
  g_ptr_array_add (self->parts, part);
  return part;
}

/* Types whose identifier may occur once only, or not at all: stamped when that is free (R4) */
void
mw_parcel_stamp (MwParcelPart *part)
{
  static const char *const single[] = { "QuestionnaireResponse", "Composition", "Bundle", NULL };
  static const char *const none[] = { "Binary", "Provenance", "AuditEvent", "OperationOutcome", "Parameters", "Linkage", NULL };
  const char              *type = mw_resource_type (part->resource);
  g_autofree char         *urn = mw_identity_urn (part->identity);

  if (part->condition != NULL || g_strv_contains (none, type))
    return;
  if (g_strv_contains (single, type))
    {
      const char *system = mw_json_string (part->resource, "identifier.system");
      const char *value = mw_json_string (part->resource, "identifier.value");

      if (system != NULL && value != NULL)
        {
          g_autofree char *token = g_strconcat (system, "|", value, NULL);
          g_autofree char *escaped = g_uri_escape_string (token, NULL, FALSE);

          part->condition = g_strconcat ("identifier=", escaped, NULL);
          return;
        }
      mw_json_set (part->resource, "identifier.system", MW_URI_SYSTEM);
      mw_json_set (part->resource, "identifier.value", urn);
    }
  else
    mw_identity_stamp (part->resource, part->identity);
  part->condition = mw_identity_query (part->identity);
}

/**
 * mw_parcel_add:
 * @name: tells the parts of an item apart; its identity is derived from it
 * @resource: (transfer full): a new resource; gets our identity among its identifiers
 * @words: (nullable): what it is, for *What will be sent*
 *
 * Returns: (transfer none): its urn:uuid, for references to it
 */
const char *
mw_parcel_add (MwParcel   *self,
               const char *name,
               JsonNode   *resource,
               const char *words)
{
  MwParcelPart *part = mw_parcel_add_part (self, name, resource, words);

  mw_parcel_stamp (part);
  return part->urn;
}

/**
 * mw_parcel_watch:
 *
 * What the server makes of the part @name is followed up afterwards.
 */
void
mw_parcel_watch (MwParcel   *self,
                 const char *name)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      if (g_str_equal (part->name, name))
        part->watched = TRUE;
    }
}

/* ---- content --------------------------------------------------------- */

/* A copy of a home resource as another server may have it: without what the home server gave it */
JsonNode *
mw_parcel_strip_copy (JsonNode *resource)
{
  JsonNode *copy = mw_json_copy (resource);
  JsonNode *profile = mw_json_get (resource, "meta.profile");
  JsonNode *security = mw_json_get (resource, "meta.security");

  mw_json_remove (copy, "id");
  mw_json_remove (copy, "meta");
  if (profile != NULL)
    mw_json_take (copy, "meta.profile", mw_json_copy (profile));
  if (security != NULL)
    mw_json_take (copy, "meta.security", mw_json_copy (security));
  return copy;
}

static char *
rewrite_for_receiver (const char *literal,
                      gpointer    user_data)
{
  MwParcel *self = user_data;
  g_autoptr (MwReference) reference = mw_reference_new_for_literal (literal);
  g_autofree char *absolute = mw_reference_absolute (reference, self->context->home_base);

  if (absolute == NULL || reference->kind == MW_REFERENCE_URN)
    return NULL;
  if (g_strcmp0 (absolute, self->patient_home) == 0)
    return g_strdup (mw_parcel_patient_literal (self));
  for (guint i = 0; i < self->parts->len; i++)
    {
      MwParcelPart *part = g_ptr_array_index (self->parts, i);

      if (g_strcmp0 (part->source, absolute) == 0)
        return g_strdup (part->urn);
    }
  return g_steal_pointer (&absolute);
}

/**
 * mw_parcel_add_record:
 * @resource: a resource of the patient's record on the home connection
 *
 * Takes a copy along. On the home connection itself nothing is copied.
 *
 * Returns: (transfer full): a literal reference to it that holds at the receiver
 */
char *
mw_parcel_add_record (MwParcel *self,
                      JsonNode *resource)
{
  const char      *type = mw_resource_type (resource);
  const char      *id = mw_resource_id (resource);
  g_autofree char *title = mw_resource_title (resource);
  g_autofree char *kind = mw_resource_type_text (type);
  g_autofree char *words = g_strdup_printf ("%s: %s", kind, title);
  g_autofree char *name = g_strdup_printf ("%s/%s", type, id != NULL ? id : title);
  MwParcelPart    *part;

  if (mw_parcel_is_local (self) && id != NULL)
    {
      g_ptr_array_add (self->mentions, g_steal_pointer (&words));
      return g_steal_pointer (&name);
    }
  /* the patient goes along anyway, and only once: a second one would be a danger */
  if (self->context->patient != NULL && g_strcmp0 (type, "Patient") == 0 && id != NULL && g_strcmp0 (id, mw_resource_id (self->context->patient)) == 0)
    {
      if (self->context->patient_there != NULL)
        g_ptr_array_add (self->mentions, g_steal_pointer (&words));
      return g_strdup (mw_parcel_patient_literal (self));
    }
  /* the patient first: what refers to it must come after it */
  if (self->context->patient != NULL)
    mw_parcel_patient_literal (self);
  part = mw_parcel_add_part (self, name, mw_parcel_strip_copy (resource), words);
  part->version = self->context->home_version;
  part->source = id != NULL ? g_strdup_printf ("%s/%s/%s", self->context->home_base, type, id) : NULL;
  mw_reference_rewrite_all (part->resource, rewrite_for_receiver, self);
  mw_parcel_stamp (part);
  return g_strdup (part->urn);
}

static JsonNode *
new_document (MwParcel   *self,
              const char *title,
              const char *content_type,
              const char *loinc,
              GBytes     *data)
{
  JsonNode        *document = mw_resource_new ("DocumentReference");
  gsize            size = 0;
  const guchar    *bytes = g_bytes_get_data (data, &size);
  g_autofree char *base64 = g_base64_encode (bytes, size);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8           digest[20];
  gsize            digest_size = sizeof digest;
  g_autofree char *hash = NULL;

  g_checksum_update (sum, bytes, (gssize) size);
  g_checksum_get_digest (sum, digest, &digest_size);
  hash = g_base64_encode (digest, digest_size);
  mw_json_set (document, "status", "current");
  if (loinc != NULL)
    {
      mw_json_set (document, "type.coding[0].system", "http://loinc.org");
      mw_json_set (document, "type.coding[0].code", loinc);
    }
  mw_json_set (document, "type.text", title);
  mw_parcel_about_patient (self, document, "subject");
  mw_json_set (document, "date", self->created);
  mw_parcel_name_me (self, document, "author[0]");
  mw_json_set (document, "content[0].attachment.contentType", content_type);
  mw_json_set (document, "content[0].attachment.data", base64);
  mw_json_set_integer (document, "content[0].attachment.size", (gint64) size);
  mw_json_set (document, "content[0].attachment.hash", hash);
  mw_json_set (document, "content[0].attachment.title", title);
  mw_json_set (document, "content[0].attachment.creation", self->created);
  return document;
}

/**
 * mw_parcel_add_file:
 *
 * Takes a file along as a DocumentReference with its data inside.
 *
 * Returns: (transfer full): a reference to it
 */
char *
mw_parcel_add_file (MwParcel         *self,
                    guint             index,
                    const MwPlanFile *file)
{
  g_autofree char *name = g_strdup_printf ("file-%u", index);
  g_autofree char *size = g_format_size (g_bytes_get_size (file->data));
  /* Translators: a line of "what will be sent": the title of a file and its size */
  g_autofree char *words = g_strdup_printf (_ ("File: %s, %s"), file->title, size);

  return g_strdup (mw_parcel_add (self, name, new_document (self, file->title, file->content_type, NULL, file->data), words));
}

/**
 * mw_parcel_add_text:
 * @loinc: (nullable): the document type
 *
 * Takes a text along as a document: a consult note, an answer.
 *
 * Returns: (transfer full): a reference to it
 */
char *
mw_parcel_add_text (MwParcel   *self,
                    const char *name,
                    const char *title,
                    const char *text,
                    const char *loinc)
{
  g_autoptr (GBytes) data = g_bytes_new (text, strlen (text));

  return g_strdup (mw_parcel_add (self, name, new_document (self, title, "text/plain; charset=utf-8", loinc, data), title));
}
