/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-config.h"

#include "mw-me.h"

#include "mw-person.h"
#include "mw-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Who the clinician is on a connection: herself and, as the receiver finds them, her roles, teams and
 * organisations. Kept as a setting, one absolute reference a line. */

/**
 * mw_me_load:
 * @home: (nullable): the connection
 *
 * Returns: (transfer full): her absolute references there, herself first; empty when nobody has said who she is
 */
GStrv
mw_me_load (MwDb               *db,
            const MwConnection *home)
{
  g_autofree char *key = NULL;
  g_autofree char *known = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) lines = NULL;
  g_autofree char *self = NULL;

  if (home == NULL || home->me == NULL)
    return g_strv_builder_end (builder);
  {
    g_autoptr (MwReference) reference = mw_reference_new_for_literal (home->me);

    self = mw_reference_absolute (reference, home->url);
  }
  if (self == NULL)
    return g_strv_builder_end (builder);
  g_strv_builder_add (builder, self);
  key = g_strdup_printf ("me.%" G_GINT64_FORMAT, home->id);
  known = mw_db_get_text (db, "SELECT value FROM settings WHERE key = ?1", "s", key);
  lines = g_strsplit (known != NULL ? known : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !g_str_equal (lines[i], self))
      g_strv_builder_add (builder, lines[i]);
  return g_strv_builder_end (builder);
}

gboolean
mw_me_store (MwDb    *db,
             gint64   connection,
             GStrv    references,
             GError **error)
{
  g_autofree char *key = g_strdup_printf ("me.%" G_GINT64_FORMAT, connection);
  g_autofree char *value = g_strjoinv ("\n", references);

  return mw_db_run (db, error, "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", "ss", key, value);
}

/* ---- acting as ------------------------------------------------------- */

static void
role_free (gpointer data)
{
  MwMeRole *role = data;

  g_free (role->reference);
  g_free (role->title);
  g_free (role);
}

/* Returns: (transfer full): what she is there, and where: the directory's line, which may lack the place */
static char *
role_title (MwDb           *db,
            const MwPerson *role)
{
  g_autoptr (MwPerson) where = mw_people_by_reference (db, role->organization);
  const char *place = where != NULL ? where->name : NULL;

  if (role->detail == NULL)
    return g_strdup (place != NULL ? place : _ ("A role without a name"));
  if (place == NULL || strstr (role->detail, place) != NULL)
    return g_strdup (role->detail);
  return g_strdup_printf ("%s · %s", role->detail, place);
}

/**
 * mw_me_roles:
 * @home: (nullable): the home connection
 *
 * Returns: (transfer full) (element-type MwMeRole): in what she may send: her active roles, and first herself. Empty when
 *   there are no two roles to choose between
 */
GPtrArray *
mw_me_roles (MwDb               *db,
             const MwConnection *home)
{
  GPtrArray *roles = g_ptr_array_new_with_free_func (role_free);
  g_auto (GStrv) me = mw_me_load (db, home);

  for (guint i = 0; me[i] != NULL; i++)
    {
      g_autoptr (MwPerson) person = mw_people_by_reference (db, me[i]);
      MwMeRole *role;

      if (i > 0 && (person == NULL || !person->active || !g_str_equal (person->type, "PractitionerRole")))
        continue;
      role = g_new0 (MwMeRole, 1);
      role->reference = g_strdup (me[i]);
      if (i > 0)
        role->title = role_title (db, person);
      else
        /* Translators: of a choice of roles: she herself, in none of them; %s is her name */
        role->title = person != NULL ? g_strdup_printf (_ ("Myself, %s"), person->name) : g_strdup (_ ("Myself"));
      g_ptr_array_add (roles, role);
    }
  /* one role is no choice */
  if (roles->len < 3)
    g_ptr_array_set_size (roles, 0);
  return roles;
}

/**
 * mw_me_may_act_as:
 * @reference: (nullable): absolute
 *
 * Returns: whether @reference is she or an active role of hers
 */
gboolean
mw_me_may_act_as (MwDb               *db,
                  const MwConnection *home,
                  const char         *reference)
{
  g_auto (GStrv) me = mw_me_load (db, home);
  g_autoptr (MwPerson) person = mw_people_by_reference (db, reference);

  if (reference == NULL || me[0] == NULL)
    return FALSE;
  return g_str_equal (reference, me[0]) || (g_strv_contains ((const char *const *) me, reference) && person != NULL && person->active &&
                                            g_str_equal (person->type, "PractitionerRole"));
}

/**
 * mw_me_title:
 * @role: absolute: one of hers
 *
 * Returns: (transfer full): what others read: "Ada Quist, Cardiologist · Heart House"
 */
char *
mw_me_title (MwDb               *db,
             const MwConnection *home,
             const char         *role)
{
  g_auto (GStrv) me = mw_me_load (db, home);
  g_autoptr (MwPerson) self = mw_people_by_reference (db, me[0]);
  g_autoptr (MwPerson) person = mw_people_by_reference (db, role);
  g_autofree char *title = person != NULL ? role_title (db, person) : g_strdup (_ ("A role without a name"));

  if (self == NULL)
    return g_steal_pointer (&title);
  if (g_strcmp0 (role, me[0]) == 0)
    return g_strdup (self->name);
  /* Translators: a clinician's name, and her role: "Ada Quist, Cardiologist · Heart House" */
  return g_strdup_printf (C_ ("role", "%s, %s"), self->name, title);
}

#define DEFAULT_KEY "acting-as"

/**
 * mw_me_default:
 *
 * Returns: (transfer full) (nullable): in what she sends when she does not say; NULL while there is no choice, or when she
 *   has never chosen
 */
char *
mw_me_default (MwDb               *db,
               const MwConnection *home)
{
  g_autoptr (GPtrArray) roles = mw_me_roles (db, home);
  g_autofree char *chosen = mw_db_get_text (db, "SELECT value FROM settings WHERE key = '" DEFAULT_KEY "'", "");

  return roles->len > 0 && mw_me_may_act_as (db, home, chosen) ? g_steal_pointer (&chosen) : NULL;
}

/**
 * mw_me_set_default:
 * @reference: absolute: she, or a role of hers
 *
 * Remembers in what she sends from now on when she does not say.
 */
gboolean
mw_me_set_default (MwDb       *db,
                   const char *reference,
                   GError    **error)
{
  return mw_db_run (db, error, "INSERT INTO settings (key, value) VALUES ('" DEFAULT_KEY "', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", "s", reference);
}
