/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sandbox-private.h"

#include "mw-arrivals.h"

#define PRACTICE_ABILITIES (MW_SITE_MESSAGES | MW_SITE_TRANSACTIONS | MW_SITE_CLIENT_IDS | MW_SITE_HOME)
#define HOSPITAL_ABILITIES (MW_SITE_MESSAGES | MW_SITE_TRANSACTIONS)
#define COUNTY_ABILITIES (MW_SITE_MESSAGES | MW_SITE_TRANSACTIONS | MW_SITE_VERSIONS | MW_SITE_R5)
#define LIMITED_ABILITIES (MW_SITE_NO_CONDITIONS | MW_SITE_NO_MATCH)
#define DIRECTORY_ABILITIES (MW_SITE_READ_ONLY | MW_SITE_NO_MATCH)
#define PLAN_ABILITIES (MW_SITE_FEW_WRITES | MW_SITE_MEMBER_MATCH)

static const struct
{
  const char   *name;
  const char   *title;
  MwSiteAbility abilities;
  glong         slot; /* in MwWorld */
  const char   *user; /* (nullable): who signs in; NULL where nobody has to */
} sites[] = {
  { "practice", "Lakeside Family Practice", PRACTICE_ABILITIES, G_STRUCT_OFFSET (MwWorld, practice), NULL },
  { "hospital", "St. Mary’s Hospital", HOSPITAL_ABILITIES, G_STRUCT_OFFSET (MwWorld, hospital), NULL },
  { "plan", "Plan North", PLAN_ABILITIES, G_STRUCT_OFFSET (MwWorld, plan), NULL },
  { "clinic", "Harbour Clinic", PRACTICE_ABILITIES | MW_SITE_VERSIONS, G_STRUCT_OFFSET (MwWorld, clinic), MW_CLINIC_ME },
  { "directory", "Amberly Provider Directory", DIRECTORY_ABILITIES, G_STRUCT_OFFSET (MwWorld, directory), NULL },
  { "county", "County General Hospital", COUNTY_ABILITIES, G_STRUCT_OFFSET (MwWorld, county), NULL },
  { "limited", "Riverside Urgent Care", LIMITED_ABILITIES, G_STRUCT_OFFSET (MwWorld, limited), NULL },
};

/**
 * mw_sandbox_build:
 * @port: where the sites can be reached
 *
 * Makes the world, once: the servers' URLs are written into it, so they have to be known.
 */
void
mw_sandbox_build (MwSandbox *self,
                  guint      port)
{
  if (self->world.practice != NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      g_autofree char *root = g_strdup_printf ("http://127.0.0.1:%u/%s", port, sites[i].name);
      g_autofree char *url = g_strconcat (root, "/fhir", NULL);
      MwSite          *site = mw_site_new (sites[i].name, sites[i].title, url, sites[i].abilities, self->world.clock);

      if (sites[i].user != NULL)
        site->auth = mw_auth_server_new (site, root, sites[i].user);
      G_STRUCT_MEMBER (MwSite *, &self->world, sites[i].slot) = site;
    }
  self->world.random = g_rand_new_with_seed ((guint32) (self->seed ^ (self->seed >> 32)));
  self->world.seed = self->seed;
  self->world.start = mw_sandbox_clock_now (self->world.clock);
  mw_world_fill (&self->world);
  mw_morning_fill (&self->world);
  mw_world_fill_clinic (&self->world);
  mw_world_add_receiver (&self->world, self->world.county, "county", "ruth-abara", 700);
  mw_world_add_receiver (&self->world, self->world.limited, "riverside", "sam-whitaker", 710);
  mw_world_add_namesakes (&self->world);
  mw_world_fill_directory (&self->world);
  self->day = mw_day_new (&self->world);
}

void
mw_sandbox_clear_world (MwSandbox *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    {
      MwSite **site = G_STRUCT_MEMBER_P (&self->world, sites[i].slot);

      if (*site != NULL)
        g_clear_pointer (&(*site)->auth, mw_auth_server_free);
      g_clear_pointer (site, mw_site_free);
    }
  g_clear_pointer (&self->world.random, g_rand_free);
}

/**
 * mw_sandbox_find_site:
 * @name: (nullable): "practice"
 *
 * Returns: (transfer none) (nullable)
 */
MwSite *
mw_sandbox_find_site (MwSandbox  *self,
                      const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    if (g_strcmp0 (sites[i].name, name) == 0)
      return G_STRUCT_MEMBER (MwSite *, &self->world, sites[i].slot);
  return NULL;
}

/**
 * mw_sandbox_get_site_names:
 *
 * Returns: (transfer full) (array zero-terminated=1): every site, for mw_sandbox_get_url()
 */
char **
mw_sandbox_get_site_names (MwSandbox *self)
{
  char **names = g_new0 (char *, G_N_ELEMENTS (sites) + 1);

  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    names[i] = g_strdup (sites[i].name);
  return names;
}

/**
 * mw_sandbox_get_user:
 * @site: one that is protected
 *
 * Returns: (transfer none) (nullable): who signs in there unless the person chooses another, relative to
 *   its base; NULL where nobody has to
 */
const char *
mw_sandbox_get_user (MwSandbox  *self,
                     const char *site)
{
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++)
    if (g_strcmp0 (sites[i].name, site) == 0)
      return sites[i].user;
  return NULL;
}
