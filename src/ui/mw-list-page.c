/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-list-page.h"

#include "mw-accessible.h"
#include "mw-config.h"
#include "mw-list-row.h"
#include "mw-tab-stop.h"

#include <glib/gi18n-lib.h>

struct _MwListPage
{
  GtkWidget parent_instance;

  AdwHeaderBar   *header;
  GtkWidget      *back;
  GtkSearchEntry *search;
  GtkRevealer    *offline;
  MwSignInCard   *sign_in;
  GtkStack       *stack;
  GtkListView    *view;
  AdwStatusPage  *empty;
  GtkWidget      *clear_search;
  GtkActionBar   *selection_bar;
  GtkLabel       *selection_label;
  GtkWidget      *selection_snooze;
  GtkWidget      *selection_unread;
  GtkWidget      *selection_archive;
  GtkWidget      *selection_delete;

  MwIdList          *model;
  GtkMultiSelection *selection;
  MwPlaceId          place;
  gint64             picked;
  guint              picked_position;
  guint              opened_source;
  guint              focus_source;
  gboolean           had_focus;
  guint              tick_source;
  gboolean           counting;
};

enum
{
  PICKED,
  OPENED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MwListPage, mw_list_page, GTK_TYPE_WIDGET)

/* ---- what is selected -------------------------------------------------- */

static void
set_picked (MwListPage *self,
            gint64      id)
{
  if (self->picked == id)
    return;
  self->picked = id;
  g_signal_emit (self, signals[PICKED], 0, id);
}

static void
show_selection_bar (MwListPage *self,
                    guint64     n)
{
  gboolean         entries = !mw_id_list_is_of_items (self->model);
  g_autofree char *text = NULL;

  gtk_action_bar_set_revealed (self->selection_bar, n > 1);
  if (n <= 1)
    return;
  text = g_strdup_printf (ngettext ("%d selected", "%d selected", (gulong) n), (int) n);
  gtk_label_set_text (self->selection_label, text);
  gtk_widget_set_visible (self->selection_snooze, entries);
  gtk_widget_set_visible (self->selection_unread, entries);
  gtk_widget_set_visible (self->selection_archive, entries);
  gtk_widget_set_visible (self->selection_delete, !entries);
}

static void
selection_changed (MwListPage *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint64 n = gtk_bitset_get_size (selected);

  show_selection_bar (self, n);
  if (n == 1)
    {
      self->picked_position = gtk_bitset_get_nth (selected, 0);
      set_picked (self, mw_id_list_get_id (self->model, self->picked_position));
    }
  else
    set_picked (self, 0);
}

static void
select_position (MwListPage *self,
                 guint       position)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
}

/* GTK 4.8 has no call that moves the focus to a row, only widgets that can take it */
static GtkWidget *
find_row_widget (MwListPage *self,
                 guint       position)
{
  GtkWidget *child;

  for (child = gtk_widget_get_first_child (GTK_WIDGET (self->view)); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget   *row = gtk_widget_get_first_child (child);
      GtkListItem *item = row != NULL ? g_object_get_data (G_OBJECT (row), "mw-list-item") : NULL;

      if (item != NULL && gtk_list_item_get_position (item) == position)
        return child;
    }
  return NULL;
}

static gboolean
focus_picked (gpointer user_data)
{
  MwListPage *self = user_data;
  GtkWidget  *row = self->picked != 0 ? find_row_widget (self, self->picked_position) : NULL;

  self->focus_source = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    gtk_widget_grab_focus (row != NULL ? row : GTK_WIDGET (self->view));
  return G_SOURCE_REMOVE;
}

/* The keyboard goes where the selection went, so that the arrows go on from there and a screen reader
 * says the row. A row that was far away has its widget only after the next layout */
static void
focus_picked_soon (MwListPage *self)
{
  if (find_row_widget (self, self->picked_position) != NULL)
    {
      g_clear_handle_id (&self->focus_source, g_source_remove);
      focus_picked (self);
    }
  else if (self->focus_source == 0)
    self->focus_source = g_idle_add_full (G_PRIORITY_LOW, focus_picked, self, NULL);
}

/* Before the view hears of it: the row that has the keyboard may be about to go, and would hand it on to whatever
 * stands next in the window */
static void
items_will_change (GListModel *model,
                   guint       position,
                   guint       removed,
                   guint       added,
                   MwListPage *self)
{
  if (removed > 0 && gtk_widget_get_focus_child (GTK_WIDGET (self->view)) != NULL)
    self->had_focus = TRUE;
}

static void
show_empty (MwListPage *self)
{
  const MwPlace *place = mw_place_get (self->place);
  const char    *text = mw_id_list_get_text (self->model);

  adw_status_page_set_icon_name (self->empty, text != NULL ? "system-search-symbolic" : place->icon);
  adw_status_page_set_title (self->empty, text != NULL ? _ ("No Results") : _ (place->empty_title));
  adw_status_page_set_description (self->empty, text != NULL ? _ ("Nothing here has all of these words.") : _ (place->empty_text));
  gtk_widget_set_visible (self->clear_search, text != NULL);
}

/* Who looks at the top of the list sees what comes in there. The view keeps the row in place that was the
 * first one, and what is new would come in above it, out of sight */
static void
items_changed (GListModel *model,
               guint       position,
               guint       removed,
               guint       added,
               MwListPage *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  if (position == 0 && added > 0 && gtk_adjustment_get_value (adjustment) <= 0)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", 0u);
}

/* The list agrees with the store again. The row that was read may have moved, or gone: then the one
 * that took its place is next. */
static void
list_settled (MwIdList   *model,
              MwListPage *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  guint    n = g_list_model_get_n_items (G_LIST_MODEL (model));
  guint    position;
  gboolean had_focus = self->had_focus;

  self->had_focus = FALSE;
  if (n == 0)
    show_empty (self);
  gtk_stack_set_visible_child_name (self->stack, n == 0 ? "empty" : "list");
  if (gtk_bitset_get_size (selected) > 1 || self->picked == 0)
    {
      selection_changed (self);
      return;
    }
  if (mw_id_list_find (model, self->picked, &position))
    {
      self->picked_position = position;
      if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
        gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
    }
  else if (n > 0 && mw_id_list_get_text (model) == NULL)
    {
      select_position (self, MIN (self->picked_position, n - 1));
      if (had_focus)
        focus_picked_soon (self);
    }
  else
    selection_changed (self);
}

/* ---- time passes ------------------------------------------------------- */

static gboolean tick (gpointer user_data);

static void
schedule_tick (MwListPage *self)
{
  gint64 now = g_get_real_time ();
  guint  wait = self->counting ? 1000u - (guint) (now / 1000 % 1000) : 60000u - (guint) (now / 1000 % 60000);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && self->model != NULL)
    self->tick_source = g_timeout_add (wait + 5, tick, self);
}

static gboolean
tick (gpointer user_data)
{
  MwListPage *self = user_data;

  self->tick_source = 0;
  self->counting = mw_id_list_tick (self->model, g_get_real_time ());
  schedule_tick (self);
  return G_SOURCE_REMOVE;
}

static void
start_ticking (MwListPage *self)
{
  if (self->model == NULL)
    return;
  self->counting = mw_id_list_tick (self->model, g_get_real_time ());
  schedule_tick (self);
}

/* ---- rows -------------------------------------------------------------- */

static void
row_setup_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              MwListPage               *self)
{
  GtkWidget *row = mw_list_row_new ();

  g_object_set_data (G_OBJECT (row), "mw-list-item", item);
  gtk_list_item_set_child (item, row);
}

static void
row_bind_cb (GtkSignalListItemFactory *factory,
             GtkListItem              *item,
             MwListPage               *self)
{
  MwRow *row = gtk_list_item_get_item (item);

  mw_list_row_set_row (MW_LIST_ROW (gtk_list_item_get_child (item)), row);
  if (!self->counting && mw_id_list_is_of_items (self->model))
    {
      self->counting = TRUE;
      schedule_tick (self);
    }
}

static void
row_unbind_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               MwListPage               *self)
{
  mw_list_row_set_row (MW_LIST_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
row_activate_cb (GtkListView *view,
                 guint        position,
                 MwListPage  *self)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  g_signal_emit (self, signals[OPENED], 0);
}

static gboolean
opened_by_click (gpointer user_data)
{
  MwListPage *self = user_data;

  self->opened_source = 0;
  if (self->picked != 0)
    g_signal_emit (self, signals[OPENED], 0);
  return G_SOURCE_REMOVE;
}

static void
row_clicked_cb (GtkGestureClick *gesture,
                int              n_press,
                double           x,
                double           y,
                MwListPage      *self)
{
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if ((modifiers & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0)
    return;
  /* the row selects itself after this; only then is it known what to open */
  if (self->opened_source == 0)
    self->opened_source = g_idle_add (opened_by_click, self);
}

/* ---- search ------------------------------------------------------------ */

static void
search_changed_cb (GtkSearchEntry *entry,
                   MwListPage     *self)
{
  if (self->model != NULL)
    mw_id_list_show (self->model, self->place, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
stop_search_cb (GtkSearchEntry *entry,
                MwListPage     *self)
{
  mw_list_page_clear_search (self);
  mw_list_page_focus_list (self);
}

static void
search_activate_cb (GtkSearchEntry *entry,
                    MwListPage     *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return;
  if (self->picked == 0)
    select_position (self, 0);
  mw_list_page_focus_list (self);
}

static void
clear_clicked_cb (GtkButton  *button,
                  MwListPage *self)
{
  mw_list_page_clear_search (self);
}

/* ---- object ------------------------------------------------------------ */

static void
mw_list_page_dispose (GObject *object)
{
  MwListPage *self = MW_LIST_PAGE (object);
  GtkWidget  *child;

  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_handle_id (&self->opened_source, g_source_remove);
  g_clear_handle_id (&self->focus_source, g_source_remove);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->view = NULL;
  G_OBJECT_CLASS (mw_list_page_parent_class)->dispose (object);
}

static void
mw_list_page_class_init (MwListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_list_page_dispose;
  signals[PICKED] = g_signal_new ("picked", MW_TYPE_LIST_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[OPENED] = g_signal_new ("opened", MW_TYPE_LIST_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (MW_TYPE_TAB_STOP);
  g_type_ensure (MW_TYPE_SIGN_IN_CARD);
  gtk_widget_class_set_template_from_resource (widget_class, MW_APP_PATH "/ui/mw-list-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MwListPage, header);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, back);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, search);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, offline);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, sign_in);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, view);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, empty);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, clear_search);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, selection_bar);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, selection_label);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, selection_snooze);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, selection_unread);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, selection_archive);
  gtk_widget_class_bind_template_child (widget_class, MwListPage, selection_delete);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_clicked_cb);
}

static void
mw_list_page_init (MwListPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  mw_accessible_name_buttons (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (start_ticking), NULL);
}

void
mw_list_page_set_store (MwListPage *self,
                        MwStore    *store)
{
  g_return_if_fail (self->model == NULL);
  self->model = mw_id_list_new (store);
  g_signal_connect (self->model, "items-changed", G_CALLBACK (items_will_change), self);
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (selection_changed), self);
  /* after the view's own, which comes through the selection */
  g_signal_connect (self->model, "items-changed", G_CALLBACK (items_changed), self);
  g_signal_connect (self->model, "settled", G_CALLBACK (list_settled), self);
}

/**
 * mw_list_page_get_model:
 *
 * Returns: (transfer none):
 */
MwIdList *
mw_list_page_get_model (MwListPage *self)
{
  return self->model;
}

void
mw_list_page_show (MwListPage *self,
                   MwPlaceId   place)
{
  g_autofree char *label = NULL;

  self->place = place;
  self->picked_position = 0;
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  set_picked (self, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  mw_id_list_show (self->model, place, NULL);
  label = g_strdup (mw_place_title (place));
  mw_accessible_set_name (GTK_WIDGET (self->view), label);
}

MwPlaceId
mw_list_page_get_place (MwListPage *self)
{
  return self->place;
}

/**
 * mw_list_page_set_folded:
 * @show_back: whether the sidebar is another page now
 * @show_end_buttons: whether the window's buttons belong to this pane
 */
void
mw_list_page_set_folded (MwListPage *self,
                         gboolean    show_back,
                         gboolean    show_end_buttons)
{
  gtk_widget_set_visible (self->back, show_back);
  adw_header_bar_set_show_end_title_buttons (self->header, show_end_buttons);
}

MwSignInCard *
mw_list_page_get_sign_in_card (MwListPage *self)
{
  return self->sign_in;
}

void
mw_list_page_set_offline (MwListPage *self,
                          gboolean    offline)
{
  gtk_revealer_set_reveal_child (self->offline, offline);
}

/**
 * mw_list_page_is_filled:
 *
 * Returns: whether it is on screen, and has drawn every row in sight or says that there are none; what
 *   lies further down may still be coming in
 */
gboolean
mw_list_page_is_filled (MwListPage *self)
{
  float           bottom = 0;
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return FALSE;
  for (GtkWidget *item = gtk_widget_get_first_child (GTK_WIDGET (self->view)); item != NULL; item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);

      /* the view makes more widgets than it shows */
      if (!gtk_widget_get_child_visible (item) || !MW_IS_LIST_ROW (row))
        continue;
      if (!mw_list_row_is_drawn (MW_LIST_ROW (row)))
        return FALSE;
      if (gtk_widget_compute_bounds (item, GTK_WIDGET (self->view), &bounds))
        bottom = MAX (bottom, bounds.origin.y + bounds.size.height);
    }
  if (mw_id_list_is_settled (self->model))
    return bottom > 0 || g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0;
  return bottom >= (float) gtk_widget_get_height (GTK_WIDGET (self->view)) && bottom > 0;
}

void
mw_list_page_focus_search (MwListPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

void
mw_list_page_focus_list (MwListPage *self)
{
  focus_picked_soon (self);
}

/**
 * mw_list_page_clear_search:
 *
 * Returns: whether there was something to clear
 */
gboolean
mw_list_page_clear_search (MwListPage *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) == '\0')
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  return TRUE;
}

gint64
mw_list_page_get_picked (MwListPage *self)
{
  return self->picked;
}

/**
 * mw_list_page_get_selected:
 *
 * Returns: (transfer full) (element-type gint64): the ids of all rows that are selected
 */
GArray *
mw_list_page_get_selected (MwListPage *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GArray       *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GtkBitsetIter iter;
  guint         position;

  if (!gtk_bitset_iter_init_first (&iter, selected, &position))
    return ids;
  do
    {
      gint64 id = mw_id_list_get_id (self->model, position);

      if (id != 0)
        g_array_append_val (ids, id);
    }
  while (gtk_bitset_iter_next (&iter, &position));
  return ids;
}

void
mw_list_page_clear_selection (MwListPage *self)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
}

/**
 * mw_list_page_pick:
 *
 * Selects the row of @id and no other.
 *
 * Returns: whether the list has it
 */
gboolean
mw_list_page_pick (MwListPage *self,
                   gint64      id)
{
  guint position;

  if (!mw_id_list_find (self->model, id, &position))
    return FALSE;
  select_position (self, position);
  return TRUE;
}

/**
 * mw_list_page_step:
 * @by: 1 for the next row, -1 for the one before
 */
void
mw_list_page_step (MwListPage *self,
                   int         by)
{
  guint  n = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gint64 to;

  if (n == 0)
    return;
  to = self->picked == 0 ? 0 : (gint64) self->picked_position + by;
  select_position (self, (guint) CLAMP (to, 0, (gint64) n - 1));
  focus_picked_soon (self);
}

void
mw_list_page_popup_snooze (MwListPage *self)
{
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->selection_snooze));
}
