/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-auth-server.h"

#include "mw-json.h"
#include "mw-definitions.h"
#include "mw-template.h"

static void
add_interaction (JsonNode   *node,
                 const char *code)
{
  JsonNode *interaction = mw_json_object_new ();

  mw_json_set (interaction, "code", code);
  mw_json_take (node, "interaction[+]", interaction);
}

static void
add_operation (JsonNode   *node,
               const char *name,
               const char *definition)
{
  JsonNode *operation = mw_json_object_new ();

  mw_json_set (operation, "name", name);
  mw_json_set (operation, "definition", definition);
  mw_json_take (node, "operation[+]", operation);
}

static void
add_search_param (JsonNode   *node,
                  const char *name,
                  const char *kind)
{
  JsonNode *param = mw_json_object_new ();

  mw_json_set (param, "name", name);
  mw_json_set (param, "type", kind);
  mw_json_take (node, "searchParam[+]", param);
}

static void
add_search_params (MwSite *self, JsonNode *node, const char *type)
{
  GPtrArray *params = mw_definitions_params (self->definitions, type);

  add_search_param (node, "_id", "token");
  add_search_param (node, "_lastUpdated", "date");
  for (guint i = 0; params != NULL && i < params->len; i++)
    {
      const MwSearchParam *param = g_ptr_array_index (params, i);

      add_search_param (node, param->name, mw_definitions_kind_name (param->kind));
      if (param->kind == MW_SEARCH_REFERENCE)
        {
          g_autofree char *include = g_strconcat (type, ":", param->name, NULL);

          mw_json_take (node, "searchInclude[+]", json_node_init_string (json_node_alloc (), include));
        }
    }
}

static JsonNode *
type_capability (MwSite     *self,
                 const char *type)
{
  JsonNode *node = mw_json_object_new ();
  gboolean  takes = mw_site_takes (self, type);

  mw_json_set (node, "type", type);
  add_interaction (node, "read");
  add_interaction (node, "vread");
  add_interaction (node, "history-instance");
  add_interaction (node, "search-type");
  if (takes)
    {
      add_interaction (node, "create");
      add_interaction (node, "update");
      add_interaction (node, "delete");
    }
  mw_json_set (node, "versioning", g_str_equal (type, "Task") ? "versioned-update" : "versioned");
  mw_json_set_boolean (node, "readHistory", TRUE);
  mw_json_set_boolean (node, "updateCreate", takes && (self->abilities & MW_SITE_CLIENT_IDS) != 0);
  mw_json_set_boolean (node, "conditionalCreate", takes && (self->abilities & MW_SITE_NO_CONDITIONS) == 0);
  mw_json_set (node, "conditionalRead", "not-match");
  mw_json_set_boolean (node, "conditionalUpdate", FALSE);
  mw_json_set (node, "conditionalDelete", "not-supported");
  add_search_params (self, node, type);
  if (g_str_equal (type, "Patient") && (self->abilities & MW_SITE_MEMBER_MATCH) != 0)
    add_operation (node, "member-match", "http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match");
  if (g_str_equal (type, "Patient") && (self->abilities & MW_SITE_NO_MATCH) == 0)
    {
      add_operation (node, "match", "http://hl7.org/fhir/OperationDefinition/Patient-match");
      add_operation (node, "everything", "http://hl7.org/fhir/OperationDefinition/Patient-everything");
    }
  return node;
}

/**
 * mw_site_capabilities:
 *
 * Returns: (transfer full): the CapabilityStatement of the site (FHIR R4 http.html#capabilities)
 */
JsonNode *
mw_site_capabilities (MwSite *self)
{
  g_autofree char *now = mw_sandbox_instant (mw_sandbox_clock_now (self->clock));
  JsonNode        *statement = mw_template (
             "{'resourceType':'CapabilityStatement','status':'active','date':'%s','kind':'instance','fhirVersion':'%s',"
                    "'software':{'name':'Meanwhile sandbox','version':'1'},'format':['json','application/fhir+json'],"
                    "'implementation':{'description':'%s, a sandbox with invented people. Never for real patients.','url':'%s'},"
                    "'rest':[{'mode':'server'}]}",
             now, mw_definitions_full_version (self->definitions), self->title, self->url);
  JsonNode  *rest = mw_json_get (statement, "rest[0]");
  GPtrArray *types = mw_definitions_resource_types (self->definitions);

  for (guint i = 0; i < types->len; i++)
    {
      const char *type = g_ptr_array_index (types, i);

      if (mw_site_knows (self, type) && !g_str_equal (type, "Parameters") && !g_str_equal (type, "OperationOutcome"))
        mw_json_take (rest, "resource[+]", type_capability (self, type));
    }
  if ((self->abilities & MW_SITE_TRANSACTIONS) != 0)
    {
      add_interaction (rest, "transaction");
      add_interaction (rest, "batch");
    }
  if ((self->abilities & MW_SITE_MESSAGES) != 0)
    add_operation (rest, "process-message", "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message");
  if ((self->abilities & MW_SITE_VERSIONS) != 0)
    add_operation (rest, "versions", "http://hl7.org/fhir/OperationDefinition/CapabilityStatement-versions");
  if (self->auth != NULL)
    mw_json_take (rest, "security", mw_auth_server_security (self->auth));
  return statement;
}
