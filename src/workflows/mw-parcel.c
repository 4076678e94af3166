/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-parcel.h"

#include "mw-fhir-date.h"
#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char     *name;
  char     *identity;
  char     *urn;       /* by which the other parts refer to it */
  char     *condition; /* If-None-Exist by an identifier of its own, instead of our identity */
  char     *source;    /* absolute reference of the resource on the home connection that it copies */
  JsonNode *resource;
  char     *words;
  gboolean  watched;
} Part;

struct _MwParcel
{
  const MwPlanContext *context;
  GPtrArray           *parts;
  GPtrArray           *mentions; /* words of what is only referred to, since it is there already */
  char                *created;
  char                *patient_home; /* absolute */
  char                *patient_literal;
};

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->name);
  g_free (part->identity);
  g_free (part->urn);
  g_free (part->condition);
  g_free (part->source);
  json_node_unref (part->resource);
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
  if (context->patient != NULL && mw_resource_id (context->patient) != NULL)
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

gboolean
mw_parcel_takes_messages (MwParcel *self)
{
  return mw_capability_supports_operation (self->context->capability, NULL, "process-message") == MW_SUPPORT_YES;
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

static Part *
add_part (MwParcel   *self,
          const char *name,
          JsonNode   *resource,
          const char *words)
{
  Part *part = g_new0 (Part, 1);

  part->name = g_strdup (name);
  part->identity = mw_identity_derive (self->context->identity, name);
  part->urn = mw_identity_link (part->identity);
  part->resource = resource;
  part->words = g_strdup (words);
  g_ptr_array_add (self->parts, part);
  return part;
}

/* Types whose identifier may occur once only, or not at all: stamped when that is free (R4) */
static void
stamp (Part *part)
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
  Part *part = add_part (self, name, resource, words);

  stamp (part);
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
      Part *part = g_ptr_array_index (self->parts, i);

      if (g_str_equal (part->name, name))
        part->watched = TRUE;
    }
}

/* ---- people ---------------------------------------------------------- */

/* The identifier by which another system may know somebody: one with a system and a value */
static JsonNode *
public_identifier (JsonNode *resource)
{
  guint n = mw_json_length (resource, "identifier");

  for (guint i = 0; i < n; i++)
    {
      JsonNode *identifier = mw_json_item (resource, "identifier", i);

      if (mw_json_string (identifier, "system") != NULL && mw_json_string (identifier, "value") != NULL &&
          g_strcmp0 (mw_json_string (identifier, "use"), "old") != 0)
        return identifier;
    }
  return NULL;
}

static void
set_logical (JsonNode   *resource,
             const char *path,
             JsonNode   *who)
{
  JsonNode        *identifier = public_identifier (who);
  g_autofree char *name = mw_resource_title (who);
  JsonNode        *reference = mw_json_object_new ();

  if (identifier != NULL)
    {
      mw_json_set (reference, "type", mw_resource_type (who));
      mw_json_set (reference, "identifier.system", mw_json_string (identifier, "system"));
      mw_json_set (reference, "identifier.value", mw_json_string (identifier, "value"));
    }
  mw_json_set (reference, "display", name);
  mw_json_take (resource, path, reference);
}

static void
set_literal (JsonNode   *resource,
             const char *path,
             const char *literal,
             const char *display)
{
  JsonNode *reference = mw_json_object_new ();

  mw_json_set (reference, "reference", literal);
  mw_json_set (reference, "display", display);
  mw_json_take (resource, path, reference);
}

/* A copy of a home resource as another server may have it: without what the home server gave it */
static JsonNode *
strip_copy (JsonNode *resource)
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

static const char *
patient_literal (MwParcel *self)
{
  const MwPlanContext *context = self->context;

  if (self->patient_literal != NULL)
    return self->patient_literal;
  if (mw_parcel_is_local (self))
    self->patient_literal = g_strdup_printf ("Patient/%s", mw_resource_id (context->patient));
  else if (context->patient_there != NULL)
    self->patient_literal = g_strdup (context->patient_there);
  else
    {
      JsonNode        *copy = strip_copy (context->patient);
      JsonNode        *identifier = public_identifier (context->patient);
      g_autofree char *name = mw_patient_name (context->patient);
      /* Translators: a line of "what will be sent"; %s is a patient's name */
      g_autofree char *words = g_strdup_printf (_ ("Patient %s"), name);
      Part            *part;

      mw_json_remove (copy, "generalPractitioner");
      mw_json_remove (copy, "managingOrganization");
      mw_json_remove (copy, "link");
      part = add_part (self, "patient", copy, words);
      if (identifier != NULL)
        {
          g_autofree char *token = g_strconcat (mw_json_string (identifier, "system"), "|", mw_json_string (identifier, "value"), NULL);
          g_autofree char *escaped = g_uri_escape_string (token, NULL, FALSE);

          part->condition = g_strconcat ("identifier=", escaped, NULL);
        }
      else
        stamp (part);
      self->patient_literal = g_strdup (part->urn);
    }
  return self->patient_literal;
}

/**
 * mw_parcel_about_patient:
 * @path: where the Reference goes
 *
 * Says whom @resource is about in a way that the receiver can follow: its own patient where it is
 * known, else the patient goes along, to be created unless an identifier is known there.
 */
void
mw_parcel_about_patient (MwParcel   *self,
                         JsonNode   *resource,
                         const char *path)
{
  g_autofree char *name = NULL;

  if (self->context->patient == NULL)
    return;
  name = mw_patient_name (self->context->patient);
  set_literal (resource, path, patient_literal (self), name);
}

/**
 * mw_parcel_about_patient_lightly:
 *
 * The same for what needs no patient record over there: the patient is named by identifier.
 */
void
mw_parcel_about_patient_lightly (MwParcel   *self,
                                 JsonNode   *resource,
                                 const char *path)
{
  if (self->context->patient == NULL)
    return;
  if (mw_parcel_is_local (self) || self->context->patient_there != NULL || public_identifier (self->context->patient) == NULL)
    mw_parcel_about_patient (self, resource, path);
  else
    set_logical (resource, path, self->context->patient);
}

/**
 * mw_parcel_name_me:
 *
 * Says who sends: on the home connection by reference, elsewhere by identifier and name.
 */
void
mw_parcel_name_me (MwParcel   *self,
                   JsonNode   *resource,
                   const char *path)
{
  const MwPlanContext *context = self->context;

  if (mw_parcel_is_local (self) && context->me != NULL)
    {
      g_autoptr (MwReference) me = mw_reference_new_for_literal (context->me);
      g_autofree char *relative = mw_reference_relative (me, context->home_base);
      g_autofree char *name = context->me_resource != NULL ? mw_resource_title (context->me_resource) : NULL;

      if (relative != NULL)
        {
          set_literal (resource, path, relative, name);
          return;
        }
    }
  if (context->me_resource != NULL)
    set_logical (resource, path, context->me_resource);
}

/**
 * mw_parcel_name_recipient:
 *
 * Says to whom: by reference where the recipient lives on the receiving server, else by identifier and name.
 */
void
mw_parcel_name_recipient (MwParcel   *self,
                          JsonNode   *resource,
                          const char *path)
{
  JsonNode *recipient = self->context->recipient;

  if (recipient == NULL)
    return;
  if (mw_parcel_is_local (self) && mw_resource_id (recipient) != NULL)
    {
      g_autofree char *literal = g_strdup_printf ("%s/%s", mw_resource_type (recipient), mw_resource_id (recipient));
      g_autofree char *name = mw_resource_title (recipient);

      set_literal (resource, path, literal, name);
    }
  else
    set_logical (resource, path, recipient);
}

/* ---- content --------------------------------------------------------- */

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
    return g_strdup (patient_literal (self));
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

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
  Part            *part;

  if (mw_parcel_is_local (self) && id != NULL)
    {
      g_ptr_array_add (self->mentions, g_steal_pointer (&words));
      return g_steal_pointer (&name);
    }
  /* the patient goes along anyway, and only once: a second one would be a danger */
  if (self->context->patient != NULL && g_strcmp0 (type, "Patient") == 0 && g_strcmp0 (id, mw_resource_id (self->context->patient)) == 0)
    {
      if (self->context->patient_there != NULL)
        g_ptr_array_add (self->mentions, g_steal_pointer (&words));
      return g_strdup (patient_literal (self));
    }
  /* the patient first: what refers to it must come after it */
  if (self->context->patient != NULL)
    patient_literal (self);
  part = add_part (self, name, strip_copy (resource), words);
  part->source = id != NULL ? g_strdup_printf ("%s/%s/%s", self->context->home_base, type, id) : NULL;
  mw_reference_rewrite_all (part->resource, rewrite_for_receiver, self);
  stamp (part);
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

/* ---- plans ----------------------------------------------------------- */

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
plan_create (MwParcel *self,
             Part     *part,
             MwPlan   *plan)
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
      Part       *part = g_ptr_array_index (self->parts, i);
      const char *type = mw_resource_type (part->resource);
      JsonNode   *entry = mw_json_object_new ();

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
      Part *part = g_ptr_array_index (self->parts, i);

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
      Part *part = g_ptr_array_index (self->parts, i);

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
    mw_reference_rewrite_all (((Part *) g_ptr_array_index (self->parts, i))->resource, rewrite_to_part, self);
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
      Part *part = g_ptr_array_index (self->parts, i);

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
