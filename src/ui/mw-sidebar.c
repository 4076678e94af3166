/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-sidebar.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-words.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkListBoxRow *row;
  GtkLabel      *badge;
} PlaceRow;

struct _MwSidebar
{
  GtkWidget parent_instance;

  GtkListBox *list;
  GtkBox     *connections;
  PlaceRow    rows[MW_N_PLACES];
  MwOverview *overview;
  char       *sender_note;
  char       *lines; /* what the connection lines say now */
};

enum
{
  PLACE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MwSidebar, mw_sidebar, GTK_TYPE_WIDGET)

static GtkWidget *
make_place_row (MwSidebar *self,
                MwPlaceId  id)
{
  const MwPlace *place = mw_place_get (id);
  GtkWidget     *row = gtk_list_box_row_new ();
  GtkWidget     *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget     *icon = gtk_image_new_from_icon_name (place->icon);
  GtkWidget     *label = gtk_label_new (mw_place_title (id));
  GtkWidget     *badge = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (badge, "mw-badge");
  gtk_widget_add_css_class (badge, "numeric");
  gtk_widget_set_visible (badge, FALSE);
  if (place->nested)
    gtk_widget_add_css_class (box, "mw-nested");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), badge);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_visible (row, !place->optional);
  g_object_set_data (G_OBJECT (row), "mw-place", GINT_TO_POINTER ((int) id));
  mw_accessible_set_name (row, mw_place_title (id));
  self->rows[id].row = GTK_LIST_BOX_ROW (row);
  self->rows[id].badge = GTK_LABEL (badge);
  return row;
}

static void
row_activated_cb (GtkListBox    *list,
                  GtkListBoxRow *row,
                  MwSidebar     *self)
{
  g_signal_emit (self, signals[PLACE], 0, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "mw-place")));
}

static char *
spoken_count (MwPlaceId id,
              gint64    count,
              gint64    attention)
{
  gulong n = (gulong) count;

  if (count == 0)
    return g_strdup (mw_place_title (id));
  if (id == MW_PLACE_OUTBOX && attention > 0)
    /* Translators: spoken: the outbox, and how many items need attention */
    return g_strdup_printf (ngettext ("%s, %d needs attention", "%s, %d need attention", (gulong) attention), mw_place_title (id), (int) attention);
  if (mw_place_get (id)->content == MW_PLACE_OF_ENTRIES)
    /* Translators: spoken: a place such as Inbox, and how many unread entries it has */
    return g_strdup_printf (ngettext ("%s, %d unread", "%s, %d unread", n), mw_place_title (id), (int) count);
  return g_strdup_printf ("%s, %d", mw_place_title (id), (int) count);
}

static void
show_count (MwSidebar *self,
            MwPlaceId  id)
{
  PlaceRow        *row = &self->rows[id];
  gint64           attention = mw_overview_get_attention (self->overview);
  gint64           count = mw_overview_get_count (self->overview, id);
  gboolean         alarmed = id == MW_PLACE_OUTBOX && attention > 0;
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;

  if (id == MW_PLACE_HANDED_OVER)
    count = 0;
  if (alarmed)
    count = attention;
  text = count > 9999 ? g_strdup ("9999+") : g_strdup_printf ("%" G_GINT64_FORMAT, count);
  spoken = spoken_count (id, count, attention);
  if (g_strcmp0 (spoken, g_object_get_data (G_OBJECT (row->row), "mw-spoken")) == 0 && !mw_place_get (id)->optional)
    return;
  g_object_set_data_full (G_OBJECT (row->row), "mw-spoken", g_strdup (spoken), g_free);
  gtk_label_set_text (row->badge, text);
  gtk_widget_set_visible (GTK_WIDGET (row->badge), count > 0);
  if (alarmed)
    gtk_widget_add_css_class (GTK_WIDGET (row->badge), "attention");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row->badge), "attention");
  mw_accessible_set_name (GTK_WIDGET (row->row), spoken);
  if (mw_place_get (id)->optional)
    gtk_widget_set_visible (GTK_WIDGET (row->row), mw_overview_has_any (self->overview, id) || gtk_list_box_row_is_selected (row->row));
}

static char *
connection_words (const MwConnectionLine *line,
                  const char            **icon)
{
  const MwConnection *connection = line->connection;
  gint64              now = g_get_real_time ();
  g_autofree char    *complete = line->complete > 0 ? mw_words_moment (line->complete, now) : NULL;

  if (!connection->enabled)
    {
      *icon = "action-unavailable-symbolic";
      return g_strdup_printf (_ ("%s · switched off"), connection->name);
    }
  *icon = "network-transmit-receive-symbolic";
  if (g_strcmp0 (connection->status, "sign-in") == 0)
    {
      *icon = "dialog-password-symbolic";
      return g_strdup_printf (_ ("%s · sign in again"), connection->name);
    }
  if (g_strcmp0 (connection->status, "trouble") == 0)
    {
      *icon = "dialog-warning-symbolic";
      return g_strdup_printf (_ ("%s · trouble"), connection->name);
    }
  if (g_strcmp0 (connection->status, "offline") == 0)
    {
      *icon = "network-offline-symbolic";
      if (complete != NULL)
        /* Translators: a server, and until when everything it had is here */
        return g_strdup_printf (_ ("%s · offline, complete up to %s"), connection->name, complete);
      return g_strdup_printf (_ ("%s · offline"), connection->name);
    }
  if (complete != NULL)
    {
      *icon = "object-select-symbolic";
      return g_strdup_printf (_ ("%s · complete up to %s"), connection->name, complete);
    }
  if (connection->home)
    return g_strdup_printf (_ ("%s · fetching the inbox"), connection->name);
  *icon = "object-select-symbolic";
  return g_strdup (connection->name);
}

static void
add_line (MwSidebar  *self,
          const char *icon,
          const char *text,
          const char *tooltip)
{
  g_auto (GStrv) name_and_state = g_strsplit (text, " · ", 2);
  g_autofree char *two_lines = g_strjoinv ("\n", name_and_state);
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget       *image = gtk_image_new_from_icon_name (icon);
  GtkWidget       *label = gtk_label_new (two_lines);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  /* each line is cut off by itself; a label that wraps takes 20 ms to find its size within the window's boxes */
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (box, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_tooltip_text (box, tooltip != NULL ? tooltip : text);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (self->connections, box);
}

static void
show_connections (MwSidebar *self)
{
  GPtrArray *lines = self->overview != NULL ? mw_overview_get_connections (self->overview) : NULL;
  g_autoptr (GString) all = g_string_new (self->sender_note);
  gboolean   none = lines != NULL && lines->len == 0;
  GtkWidget *child;

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      const char      *icon;
      g_autofree char *words = connection_words (g_ptr_array_index (lines, i), &icon);

      g_string_append_printf (all, "\n%s", words);
    }
  if (none)
    g_string_append (all, "\n-");
  if (g_strcmp0 (all->str, self->lines) == 0)
    return;
  g_free (self->lines);
  self->lines = g_string_free (g_steal_pointer (&all), FALSE);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->connections))) != NULL)
    gtk_box_remove (self->connections, child);
  if (self->sender_note != NULL)
    add_line (self, "dialog-information-symbolic", self->sender_note, NULL);
  if (none)
    add_line (self, "network-offline-symbolic", _ ("Not connected to a server"), NULL);
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      MwConnectionLine *line = g_ptr_array_index (lines, i);
      const char       *icon;
      g_autofree char  *words = connection_words (line, &icon);

      add_line (self, icon, words, line->connection->status_text);
    }
}

static void
overview_changed (MwOverview *overview,
                  MwSidebar  *self)
{
  for (guint i = 0; i < MW_N_PLACES; i++)
    show_count (self, (MwPlaceId) i);
  show_connections (self);
}

static void
mw_sidebar_dispose (GObject *object)
{
  MwSidebar *self = MW_SIDEBAR (object);
  GtkWidget *child;

  if (self->overview != NULL)
    g_signal_handlers_disconnect_by_data (self->overview, self);
  g_clear_object (&self->overview);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (mw_sidebar_parent_class)->dispose (object);
}

static void
mw_sidebar_finalize (GObject *object)
{
  MwSidebar *self = MW_SIDEBAR (object);

  g_free (self->lines);
  g_free (self->sender_note);
  G_OBJECT_CLASS (mw_sidebar_parent_class)->finalize (object);
}

static void
mw_sidebar_class_init (MwSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_sidebar_dispose;
  G_OBJECT_CLASS (klass)->finalize = mw_sidebar_finalize;
  signals[PLACE] = g_signal_new ("place", MW_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, MwSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, MwSidebar, connections);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
mw_sidebar_init (MwSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < MW_N_PLACES; i++)
    gtk_list_box_append (self->list, make_place_row (self, (MwPlaceId) i));
}

void
mw_sidebar_set_overview (MwSidebar  *self,
                         MwOverview *overview)
{
  g_return_if_fail (self->overview == NULL);
  self->overview = g_object_ref (overview);
  g_signal_connect (overview, "changed", G_CALLBACK (overview_changed), self);
}

/**
 * mw_sidebar_set_sender_note:
 * @note: (nullable): a quiet line, such as that another copy of the program sends
 */
void
mw_sidebar_set_sender_note (MwSidebar  *self,
                            const char *note)
{
  g_free (self->sender_note);
  self->sender_note = g_strdup (note);
  show_connections (self);
}

void
mw_sidebar_select (MwSidebar *self,
                   MwPlaceId  place)
{
  gtk_widget_set_visible (GTK_WIDGET (self->rows[place].row), TRUE);
  gtk_list_box_select_row (self->list, self->rows[place].row);
}

/**
 * mw_sidebar_tick:
 *
 * Brings the times in the connection lines up to date.
 */
void
mw_sidebar_tick (MwSidebar *self)
{
  show_connections (self);
}
