/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-rest-private.h"

#include "mw-json.h"
#include "mw-template.h"

static void
process_message (MwExchange *x)
{
  g_autoptr (JsonNode) bundle = mw_exchange_read_body (x);

  if (bundle == NULL || !mw_site_process_message (x->site, bundle, x->issues))
    return;
  x->reply->resource = mw_outcome_new ("information", "informational", "The message was received and can be processed");
}

static void
match (MwExchange *x)
{
  g_autoptr (JsonNode) parameters = mw_exchange_read_body (x);

  if (parameters != NULL)
    x->reply->resource = mw_site_match_patient (x->site, parameters, x->request->access, x->issues);
}

static void
member_match (MwExchange *x)
{
  g_autoptr (JsonNode) parameters = mw_exchange_read_body (x);

  if (parameters != NULL)
    x->reply->resource = mw_site_match_member (x->site, parameters, x->issues);
}

static void
everything (MwExchange *x)
{
  x->reply->resource = mw_site_everything (x->site, x->part[1], x->request->query, x->request->access, x->issues);
}

/* (FHIR R4 capabilitystatement-operation-versions.html) */
static void
versions (MwExchange *x)
{
  x->reply->resource = mw_template ("{'resourceType':'Parameters','parameter':[{'name':'version','valueCode':'%s'},{'name':'default','valueCode':'%s'}]}",
                                    x->site->version, x->site->version);
}

/**
 * MwOperation:
 * @type: (nullable): NULL for the whole server
 * @instance: whether it goes to one resource
 * @ability: what the site needs to have it; 0 for nothing
 * @inability: what the site may not have
 * @action: what the token has to allow; 0 for no token
 */
typedef struct
{
  const char   *name;
  const char   *type;
  gboolean      instance;
  const char   *method;
  MwSiteAbility ability;
  MwSiteAbility inability;
  MwAction      action;
  const char   *on;
  void (*run) (MwExchange *x);
} MwOperation;

/* SMART has no scopes for operations; what each is likened to is ours */
static const MwOperation operations[] = {
  { "$process-message", NULL, FALSE, "POST", MW_SITE_MESSAGES, 0, MW_ACTION_CREATE, "MessageHeader", process_message },
  { "$versions", NULL, FALSE, "GET", MW_SITE_VERSIONS, 0, 0, NULL, versions },
  { "$match", "Patient", FALSE, "POST", 0, MW_SITE_NO_MATCH, MW_ACTION_SEARCH, "Patient", match },
  { "$member-match", "Patient", FALSE, "POST", MW_SITE_MEMBER_MATCH, 0, MW_ACTION_SEARCH, "Patient", member_match },
  { "$everything", "Patient", TRUE, "GET", 0, MW_SITE_NO_MATCH, MW_ACTION_READ, "Patient", everything },
};

static const MwOperation *
find (MwExchange *x)
{
  const char *last = x->part[x->n_parts - 1];

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      const MwOperation *operation = &operations[i];
      guint              n_parts = 1 + (operation->type != NULL) + (guint) operation->instance;

      if (x->n_parts == n_parts && g_str_equal (last, operation->name) && (operation->type == NULL || g_str_equal (x->part[0], operation->type)) &&
          (operation->ability == 0 || (x->site->abilities & operation->ability) != 0) && (x->site->abilities & operation->inability) == 0)
        return operation;
    }
  return NULL;
}

/**
 * mw_exchange_do_operation:
 *
 * Answers a request whose path ends with “$…”.
 */
void
mw_exchange_do_operation (MwExchange *x)
{
  const MwOperation *operation = find (x);

  if (operation == NULL)
    mw_issues_add (x->issues, 404, "not-supported", NULL, "This server has no operation %s here", x->part[x->n_parts - 1]);
  else if (!mw_exchange_is_method (x, operation->method))
    mw_exchange_wrong_method (x);
  else if (operation->action == 0 || mw_auth_access_check (x->request->access, operation->action, operation->on, NULL, x->issues))
    {
      x->reply->status = 200;
      operation->run (x);
    }
}
