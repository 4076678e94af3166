/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-role-row.h"

#include "mw-connections.h"
#include "mw-me.h"

struct _MwRoleRow
{
  AdwComboRow parent_instance;

  MwStore   *store;
  GPtrArray *roles; /* (element-type MwMeRole): none where there is nothing to choose */
  char      *only;  /* (nullable): what the draft says where there is nothing to choose */
  gboolean   filling;
};

G_DEFINE_FINAL_TYPE (MwRoleRow, mw_role_row, ADW_TYPE_COMBO_ROW)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *
selected (MwRoleRow *self)
{
  guint position = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  return self->roles != NULL && position < self->roles->len ? ((MwMeRole *) g_ptr_array_index (self->roles, position))->reference : NULL;
}

static gint64
write_usual (MwDb    *db,
             gpointer reference,
             GError **error)
{
  return mw_me_set_default (db, reference, error) ? 0 : -1;
}

/* What she chooses is what she begins with the next time */
static void
selected_cb (MwRoleRow *self)
{
  const char *role = selected (self);

  if (self->filling || role == NULL)
    return;
  mw_store_write_async (self->store, write_usual, g_strdup (role), g_free, NULL, NULL, NULL);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
mw_role_row_dispose (GObject *object)
{
  MwRoleRow *self = MW_ROLE_ROW (object);

  self->filling = TRUE;
  g_clear_object (&self->store);
  G_OBJECT_CLASS (mw_role_row_parent_class)->dispose (object);
}

static void
mw_role_row_finalize (GObject *object)
{
  MwRoleRow *self = MW_ROLE_ROW (object);

  g_clear_pointer (&self->roles, g_ptr_array_unref);
  g_free (self->only);
  G_OBJECT_CLASS (mw_role_row_parent_class)->finalize (object);
}

static void
mw_role_row_class_init (MwRoleRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mw_role_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_role_row_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
mw_role_row_init (MwRoleRow *self)
{
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
}

/**
 * mw_role_row_set_store:
 *
 * To be called once: lists the roles.
 */
void
mw_role_row_set_store (MwRoleRow *self,
                       MwStore   *store)
{
  MwDb *db = mw_store_get_reader (store, NULL);
  g_autoptr (MwConnection) home = mw_connections_home (db);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  self->store = g_object_ref (store);
  self->roles = mw_me_roles (db, home);
  for (guint i = 0; i < self->roles->len; i++)
    gtk_string_list_append (titles, ((MwMeRole *) g_ptr_array_index (self->roles, i))->title);
  self->filling = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (titles));
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self), self->roles->len > 0);
}

/**
 * mw_role_row_set:
 * @reference: (nullable): what the draft says; NULL for what she has chosen before, or else herself
 *
 * Shows a role; "chosen" is not emitted. One that has ended cannot be kept.
 */
void
mw_role_row_set (MwRoleRow  *self,
                 const char *reference)
{
  MwDb *db = mw_store_get_reader (self->store, NULL);
  g_autoptr (MwConnection) home = mw_connections_home (db);
  g_autofree char *usual = mw_me_default (db, home);
  gboolean         hers = mw_me_may_act_as (db, home, reference);
  const char      *wanted = hers ? reference : usual;

  g_free (self->only);
  self->only = hers ? g_strdup (reference) : NULL;
  self->filling = TRUE;
  for (guint i = 0; i < self->roles->len; i++)
    if (i == 0 || g_strcmp0 (((MwMeRole *) g_ptr_array_index (self->roles, i))->reference, wanted) == 0)
      adw_combo_row_set_selected (ADW_COMBO_ROW (self), i);
  self->filling = FALSE;
}

/**
 * mw_role_row_dup:
 *
 * Returns: (transfer full) (nullable): in what it is sent; NULL when there is nothing to say
 */
char *
mw_role_row_dup (MwRoleRow *self)
{
  const char *role = selected (self);

  return g_strdup (role != NULL ? role : self->only);
}
