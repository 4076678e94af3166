/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Who a parcel is about, who sends it and to whom, said so that the receiver can follow it. */

#include "mw-config.h"

#include "mw-parcel-private.h"

#include "mw-identity.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>

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

/* @title: (nullable): what to call them; NULL as they call themselves */
static void
set_logical (JsonNode   *resource,
             const char *path,
             JsonNode   *who,
             const char *title)
{
  JsonNode        *identifier = public_identifier (who);
  g_autofree char *name = title != NULL ? g_strdup (title) : mw_resource_title (who);
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

/* Whether the receiver has the very record that the draft means */
static gboolean
is_at_receiver (MwParcel *self)
{
  return mw_parcel_is_local (self) && mw_resource_id (self->context->patient) != NULL;
}

/* One record on the receiver, however many items bring it: by a number of the patient, else by our own identity */
static void
set_condition (MwParcel     *self,
               MwParcelPart *part)
{
  const MwPlanContext *context = self->context;
  JsonNode            *identifier = context->patient_is_new ? NULL : public_identifier (context->patient);

  /* in every record that is made, whatever it is made by: two items that find out different things meet in one */
  if (context->patient_identity != NULL)
    mw_identity_stamp (part->resource, context->patient_identity);
  if (identifier != NULL)
    {
      g_autofree char *token = g_strconcat (mw_json_string (identifier, "system"), "|", mw_json_string (identifier, "value"), NULL);
      g_autofree char *escaped = g_uri_escape_string (token, NULL, FALSE);

      part->condition = g_strconcat ("identifier=", escaped, NULL);
      return;
    }
  if (context->patient_identity != NULL)
    {
      part->condition = mw_identity_query (context->patient_identity);
      return;
    }
  mw_parcel_stamp (part);
}

/* How other resources refer to the patient. Where the receiver does not know them, they become a part when first
 * mentioned */
const char *
mw_parcel_patient_literal (MwParcel *self)
{
  const MwPlanContext *context = self->context;

  if (self->patient_literal != NULL)
    return self->patient_literal;
  if (is_at_receiver (self))
    self->patient_literal = g_strdup_printf ("Patient/%s", mw_resource_id (context->patient));
  else if (context->patient_there != NULL)
    self->patient_literal = g_strdup (context->patient_there);
  else
    {
      JsonNode        *copy = mw_parcel_strip_copy (context->patient);
      g_autofree char *name = mw_resource_title (context->patient);
      /* Translators: a line of "what will be sent"; %s is a patient's name */
      g_autofree char *words = g_strdup_printf (_ ("Patient %s"), name);
      MwParcelPart    *part;

      mw_json_remove (copy, "generalPractitioner");
      mw_json_remove (copy, "managingOrganization");
      mw_json_remove (copy, "link");
      part = mw_parcel_add_part (self, "patient", copy, words);
      part->version = mw_resource_id (context->patient) != NULL ? context->home_version : MW_FHIR_VERSION_R4;
      set_condition (self, part);
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
  set_literal (resource, path, mw_parcel_patient_literal (self), name);
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
  if (mw_parcel_is_local (self) || self->context->patient_there != NULL || self->context->patient_is_new || public_identifier (self->context->patient) == NULL)
    mw_parcel_about_patient (self, resource, path);
  else
    set_logical (resource, path, self->context->patient, NULL);
}

/**
 * mw_parcel_name_me:
 *
 * Says who sends, in the role that she has chosen: on the home connection by reference, elsewhere by identifier and name.
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
      g_autofree char *name = context->me_title != NULL ? g_strdup (context->me_title) : context->me_resource != NULL ? mw_resource_title (context->me_resource)
                                                                                                                      : NULL;

      if (relative != NULL)
        {
          set_literal (resource, path, relative, name);
          return;
        }
    }
  /* a role that nobody elsewhere knows by a number: she herself may be known by hers */
  if (context->me_person != NULL && public_identifier (context->me_resource) == NULL)
    set_logical (resource, path, context->me_person, context->me_title);
  else if (context->me_resource != NULL)
    set_logical (resource, path, context->me_resource, context->me_title);
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
    set_logical (resource, path, recipient, NULL);
}
