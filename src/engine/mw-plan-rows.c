/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-plan-rows.h"

#include "mw-request.h"

static void
request_free (gpointer data)
{
  mw_request_free (data);
}

/**
 * mw_plan_rows:
 * @media_type: (nullable): of bodies for which the plan names none
 *
 * Returns: (transfer full) (element-type MwRequest): the requests of @plan as the store keeps them
 */
GPtrArray *
mw_plan_rows (MwPlan     *plan,
              const char *media_type)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (request_free);

  for (guint i = 0; i < plan->requests->len; i++)
    {
      MwPlannedRequest *planned = g_ptr_array_index (plan->requests, i);
      MwRequest        *row = g_new0 (MwRequest, 1);

      row->method = g_strdup (planned->method);
      row->url = g_strdup (planned->url);
      row->content_type = g_strdup (planned->content_type != NULL ? planned->content_type : media_type);
      row->if_none_exist = g_strdup (planned->if_none_exist);
      row->prefer = g_strdup (planned->prefer);
      row->identity = g_strdup (planned->identity);
      row->repeatable = planned->repeatable;
      row->lookup = g_strdup (planned->lookup);
      row->edit = planned->edit != NULL ? mw_json_to_text (planned->edit, FALSE) : NULL;
      row->body = planned->body != NULL ? g_bytes_ref (planned->body) : NULL;
      row->watch = g_strdup (planned->watch);
      row->words = g_strdup (planned->words);
      g_ptr_array_add (rows, row);
    }
  return rows;
}
