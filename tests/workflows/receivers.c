/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "receivers.h"

#include <string.h>

const Sending push = { "{'kind':'push','note':'As promised','subject':'Records'}", { PROCEDURE, OBSERVATION }, NULL, 8, FALSE, MW_FHIR_VERSION_R4 };

JsonNode *
parse (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (quoted, -1, &error);

  g_assert_no_error (error);
  return node;
}

/* A statement with all of TYPES */
MwCapability *
statement (const char *version,
           const char *system,   /* of rest */
           const char *resource) /* of each type */
{
  g_auto (GStrv) types = g_strsplit (TYPES, " ", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;

  g_string_append_printf (text, "{'resourceType':'CapabilityStatement','fhirVersion':'%s','rest':[{'mode':'server',%s'resource':[", version, system);
  for (guint i = 0; types[i] != NULL; i++)
    g_string_append_printf (text, "%s{'type':'%s','interaction':[{'code':'create'},{'code':'update'}]%s}", i > 0 ? "," : "", types[i], resource);
  g_string_append (text, "]}]}");
  node = parse (text->str);
  return mw_capability_new (node, NULL);
}

MwPlan *
plan_with (const Sending *sending,
           MwCapability  *capability,
           GError       **error)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (sending->draft), "'", '"');
  g_autoptr (MwDraft) draft = mw_draft_new_from_text (quoted, NULL);
  g_autoptr (GPtrArray) resources = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autofree char *content = g_strnfill (sending->file, 'x');
  g_autoptr (GBytes) data = g_bytes_new (content, sending->file);
  g_autoptr (JsonNode) patient = parse (sending->patient != NULL ? sending->patient : PATIENT);
  g_autoptr (JsonNode) me = parse (ME);
  g_autoptr (JsonNode) recipient = parse (ORGANIZATION);
  g_autoptr (JsonNode) target = sending->target != NULL ? parse (sending->target) : NULL;
  MwPlanFile    file = { "Letter.pdf", "application/pdf", data };
  MwPlanContext context = { .identity = IDENTITY,
                            .created = CREATED,
                            .base = sending->at_home ? HOME : THERE,
                            .capability = capability,
                            .home_base = HOME,
                            .home_version = sending->home_version,
                            .me = HOME "/Practitioner/me",
                            .me_resource = me,
                            .patient = patient,
                            .patient_identity = PATIENT_IDENTITY,
                            .patient_is_new = sending->patient_is_new,
                            .recipient = recipient,
                            .target = target,
                            .resources = resources,
                            .files = files };

  g_assert_nonnull (draft);
  for (guint i = 0; i < G_N_ELEMENTS (sending->records) && sending->records[i] != NULL; i++)
    g_ptr_array_add (resources, parse (sending->records[i]));
  if (sending->file > 0)
    g_ptr_array_add (files, &file);
  return mw_workflow_for_kind (draft->kind)->plan (draft, &context, error);
}

const MwPlannedRequest *
request_at (MwPlan *plan,
            guint   index)
{
  g_assert_cmpuint (index, <, plan->requests->len);
  return g_ptr_array_index (plan->requests, index);
}

JsonNode *
body_of (const MwPlannedRequest *request)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = mw_json_parse (g_bytes_get_data (request->body, NULL), (gssize) g_bytes_get_size (request->body), &error);

  g_assert_no_error (error);
  return node;
}

/* The part of @type in a plan, however it travels */
JsonNode *
find_part (MwPlan     *plan,
           const char *type)
{
  for (guint i = 0; i < plan->requests->len; i++)
    {
      g_autoptr (JsonNode) body = body_of (request_at (plan, i));
      guint n = mw_json_length (body, "entry");

      if (mw_resource_is (body, type))
        return g_steal_pointer (&body);
      for (guint k = 0; k < n; k++)
        {
          JsonNode *resource = mw_json_get (mw_json_item (body, "entry", k), "resource");

          if (mw_resource_is (resource, type))
            return mw_json_copy (resource);
        }
    }
  return NULL;
}
