/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-list-row.h"

#include "mw-accessible.h"
#include "mw-compat.h"
#include "mw-config.h"
#include "mw-place.h"
#include "mw-words.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* A list keeps some two hundred rows beside those that are seen. Made of widgets, each costs 0.8 ms
 * when it is made and measured; drawn by itself, it costs a twentieth, and its text nothing until it
 * is seen. So the rows draw themselves. Pixels: */
#define TILE 34
#define TILE_RADIUS 9
#define ICON 16
#define GAP 12
#define SMALL_GAP 6
#define LINE_GAP 2
#define PILL_PADDING 8
#define MINIMUM_WIDTH 180
#define CAPTION_SCALE 0.85
#define DIM 0.55f
#define DIM_HIGH_CONTRAST 0.9f

typedef enum
{
  TEXT_PARTY,
  TEXT_AGE,
  TEXT_SUBJECT,
  TEXT_PRIORITY,
  TEXT_STATE,
  TEXT_CONTEXT,
} Text;

#define N_TEXTS (TEXT_CONTEXT + 1)

struct _MwListRow
{
  GtkWidget parent_instance;

  MwRow         *row;
  gulong         handler;
  gboolean       has_state;
  PangoLayout   *layouts[N_TEXTS]; /* made when the row is first drawn */
  GskRenderNode *drawing;          /* of what the row was when there was time last */
  gboolean       stale;
  guint          later;
  int            width; /* that it was allocated */
  int            height;
};

G_DEFINE_FINAL_TYPE (MwListRow, mw_list_row, GTK_TYPE_WIDGET)

/* ---- sizes ------------------------------------------------------------------ */

static void
line_heights (GtkWidget *widget,
              int       *body,
              int       *caption)
{
  PangoContext     *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);

  *body = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));
  *caption = (int) (*body * CAPTION_SCALE + 0.999);
  pango_font_metrics_unref (metrics);
}

static GtkSizeRequestMode
mw_list_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
mw_list_row_measure (GtkWidget     *widget,
                     GtkOrientation orientation,
                     int            for_size,
                     int           *minimum,
                     int           *natural,
                     int           *minimum_baseline,
                     int           *natural_baseline)
{
  MwListRow *self = MW_LIST_ROW (widget);
  int        body, caption;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MINIMUM_WIDTH;
      *natural = MINIMUM_WIDTH + 100;
      return;
    }
  line_heights (widget, &body, &caption);
  *minimum = 2 * (body + LINE_GAP) + caption;
  if (self->has_state)
    *minimum += caption + LINE_GAP;
  *minimum = *natural = MAX (*minimum, TILE);
}

/* ---- texts -------------------------------------------------------------------- */

static void
forget_drawing (MwListRow *self)
{
  for (guint i = 0; i < N_TEXTS; i++)
    g_clear_object (&self->layouts[i]);
  self->stale = TRUE;
}

static char *
dup_text (MwListRow *self,
          Text       which)
{
  const MwRowData *data = mw_row_get_data (self->row);

  switch (which)
    {
    case TEXT_PARTY:
      if (data->party != NULL)
        return g_strdup (data->party);
      return g_strdup (data->item != NULL ? _ ("No recipient yet") : _ ("Unknown sender"));
    case TEXT_AGE:
      return g_strdup (mw_row_get_age (self->row));
    case TEXT_SUBJECT:
      return g_strdup (data->subject);
    case TEXT_PRIORITY:
      return g_strdup (mw_words_priority (data->priority));
    case TEXT_STATE:
      return g_strdup (mw_row_get_state (self->row));
    case TEXT_CONTEXT:
    default:
      return mw_row_dup_context (self->row);
    }
}

static void
add_attribute (PangoLayout    *layout,
               PangoAttribute *attribute)
{
  PangoAttrList *list = pango_layout_get_attributes (layout);

  if (list == NULL)
    {
      list = pango_attr_list_new ();
      pango_layout_set_attributes (layout, list);
      pango_attr_list_unref (list);
      list = pango_layout_get_attributes (layout);
    }
  pango_attr_list_insert (list, attribute);
}

static PangoLayout *
get_layout (MwListRow *self,
            Text       which)
{
  const MwRowData *data = mw_row_get_data (self->row);
  g_autofree char *text = NULL;
  PangoLayout     *layout = self->layouts[which];

  if (layout != NULL)
    return layout;
  text = dup_text (self, which);
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text != NULL ? text : "");
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  /* the line runs as the window does, whatever script its first word has */
  pango_layout_set_auto_dir (layout, FALSE);
  if ((which == TEXT_PARTY || which == TEXT_SUBJECT) && data->unread)
    add_attribute (layout, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (which == TEXT_PRIORITY)
    add_attribute (layout, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  if (which != TEXT_PARTY && which != TEXT_SUBJECT)
    add_attribute (layout, pango_attr_scale_new (CAPTION_SCALE));
  self->layouts[which] = layout;
  return layout;
}

/* ---- drawing --------------------------------------------------------------------- */

typedef struct
{
  GtkWidget   *widget;
  GtkSnapshot *snapshot;
  gboolean     rtl;
  int          width;
  GdkRGBA      color;
  GdkRGBA      dim;
} Paint;

/* @x counts from the side where the text begins */
static void
draw_layout (Paint         *paint,
             PangoLayout   *layout,
             int            x,
             int            y,
             int            width,
             int            height,
             const GdkRGBA *color)
{
  int text_width, text_height;
  int left;

  pango_layout_set_width (layout, MAX (width, 0) * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  /* a layout with a width aligns its line by itself */
  left = paint->rtl ? paint->width - x - width : x;
  gtk_snapshot_save (paint->snapshot);
  gtk_snapshot_translate (paint->snapshot, &GRAPHENE_POINT_INIT ((float) left, (float) (y + (height - text_height) / 2)));
  gtk_snapshot_append_layout (paint->snapshot, layout, color);
  gtk_snapshot_restore (paint->snapshot);
}

static int
layout_width (PangoLayout *layout)
{
  int width;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static void
draw_icon (Paint         *paint,
           const char    *name,
           int            x,
           int            y,
           int            size,
           const GdkRGBA *color)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (paint->widget));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (theme, name, NULL, size, gtk_widget_get_scale_factor (paint->widget),
                                                                  paint->rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR, 0);
  int left = paint->rtl ? paint->width - x - size : x;

  gtk_snapshot_save (paint->snapshot);
  gtk_snapshot_translate (paint->snapshot, &GRAPHENE_POINT_INIT ((float) left, (float) y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), paint->snapshot, size, size, color, 1);
  gtk_snapshot_restore (paint->snapshot);
}

static void
draw_box (Paint         *paint,
          int            x,
          int            y,
          int            width,
          int            height,
          float          radius,
          const GdkRGBA *color)
{
  GskRoundedRect rect;
  int            left = paint->rtl ? paint->width - x - width : x;

  gsk_rounded_rect_init_from_rect (&rect, &GRAPHENE_RECT_INIT ((float) left, (float) y, (float) width, (float) height), radius);
  gtk_snapshot_push_rounded_clip (paint->snapshot, &rect);
  gtk_snapshot_append_color (paint->snapshot, color, &rect.bounds);
  gtk_snapshot_pop (paint->snapshot);
}

static void
draw_tile (Paint      *paint,
           const char *kind,
           int         height)
{
  GdkRGBA color = paint->color;
  GdkRGBA ground;
  int     top = (height - TILE) / 2;

  mw_compat_lookup_color (paint->widget, mw_kind_color (kind), &color);
  ground = color;
  ground.alpha *= 0.15f;
  draw_box (paint, 0, top, TILE, TILE, TILE_RADIUS, &ground);
  draw_icon (paint, mw_kind_icon (kind), (TILE - ICON) / 2, top + (TILE - ICON) / 2, ICON, &color);
}

/* The pill of an urgent row; returns the width that it takes */
static int
draw_priority (Paint     *paint,
               MwListRow *self,
               int        y,
               int        height)
{
  PangoLayout *layout = get_layout (self, TEXT_PRIORITY);
  GdkRGBA      ground = { 0.75f, 0.1f, 0.15f, 1 };
  GdkRGBA      color = { 1, 1, 1, 1 };
  int          width = layout_width (layout) + 2 * PILL_PADDING;

  mw_compat_lookup_color (paint->widget, "error_bg_color", &ground);
  mw_compat_lookup_color (paint->widget, "error_fg_color", &color);
  draw_box (paint, paint->width - width, y, width, height, (float) height / 2, &ground);
  draw_layout (paint, layout, paint->width - width + PILL_PADDING, y, width - 2 * PILL_PADDING, height, &color);
  return width + SMALL_GAP;
}

/* Age and marks at the end of the first line; returns the width that they take */
static int
draw_end (Paint           *paint,
          MwListRow       *self,
          const MwRowData *data,
          int              y,
          int              height)
{
  PangoLayout *age = get_layout (self, TEXT_AGE);
  int          used = layout_width (age);
  GdkRGBA      warning = paint->color;

  draw_layout (paint, age, paint->width - used, y, used, height, &paint->dim);
  if (data->flagged)
    {
      used += SMALL_GAP + ICON - 4;
      draw_icon (paint, "starred-symbolic", paint->width - used, y + (height - ICON + 4) / 2, ICON - 4, &paint->color);
    }
  if (data->warned)
    {
      mw_compat_lookup_color (paint->widget, "warning_color", &warning);
      used += SMALL_GAP + ICON - 4;
      draw_icon (paint, "dialog-warning-symbolic", paint->width - used, y + (height - ICON + 4) / 2, ICON - 4, &warning);
    }
  return used + SMALL_GAP;
}

static void
draw (MwListRow   *self,
      GtkSnapshot *snapshot)
{
  GtkWidget       *widget = GTK_WIDGET (self);
  const MwRowData *data = mw_row_get_data (self->row);
  Paint            paint = { .widget = widget, .snapshot = snapshot, .width = gtk_widget_get_width (widget) };
  int              x = TILE + GAP;
  int              height = gtk_widget_get_height (widget);
  int              body, caption, y, end;

  line_heights (widget, &body, &caption);
  paint.rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  mw_compat_get_color (widget, &paint.color);
  paint.dim = paint.color;
  paint.dim.alpha *= adw_style_manager_get_high_contrast (adw_style_manager_get_default ()) ? DIM_HIGH_CONTRAST : DIM;
  y = (height - 2 * (body + LINE_GAP) - caption - (self->has_state ? caption + LINE_GAP : 0)) / 2;

  draw_tile (&paint, data->kind, height);
  end = draw_end (&paint, self, data, y, body);
  draw_layout (&paint, get_layout (self, TEXT_PARTY), x, y, paint.width - x - end, body, &paint.color);
  y += body + LINE_GAP;
  end = data->priority != MW_PRIORITY_ROUTINE ? draw_priority (&paint, self, y, body) : 0;
  draw_layout (&paint, get_layout (self, TEXT_SUBJECT), x, y, paint.width - x - end, body, &paint.color);
  y += body + LINE_GAP;
  if (self->has_state)
    {
      GdkRGBA color = paint.color;

      if (data->warned)
        mw_compat_lookup_color (widget, "warning_color", &color);
      draw_layout (&paint, get_layout (self, TEXT_STATE), x, y, paint.width - x, caption, &color);
      y += caption + LINE_GAP;
    }
  draw_layout (&paint, get_layout (self, TEXT_CONTEXT), x, y, paint.width - x, caption, &paint.dim);
}

/* ---- what was drawn ---------------------------------------------------------------- */

/* What is drawn in one frame stays below this, in µs. A whole page of new rows, as when news come in at the
 * top, is spread over some frames then; meanwhile a row shows what it showed */
#define DRAW_PER_FRAME 1000

/* Whether there is time left in this frame to draw a row anew */
static gboolean
may_draw (GtkWidget *widget)
{
  static gint64 first = -1, frame = -1, spent_until;
  gint64        this_frame = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (widget));
  gint64        now = g_get_monotonic_time ();

  /* the first page of a window that opens is drawn whole: that frame is long anyway, and waited for */
  if (first < 0)
    first = this_frame;
  if (this_frame == first)
    return TRUE;
  if (frame != this_frame)
    {
      frame = this_frame;
      spent_until = now + DRAW_PER_FRAME;
    }
  return now < spent_until;
}

static gboolean
draw_later (GtkWidget     *widget,
            GdkFrameClock *clock,
            gpointer       user_data)
{
  MW_LIST_ROW (widget)->later = 0;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

/* Where the processor draws (a remote desktop, a machine without OpenGL), glyphs and clips cost ten times
 * as much as copying what they came to, and a list that is scrolled shows the same rows again and again. */
static GskRenderNode *
copy_to_picture (GskRenderNode *node,
                 int            width,
                 int            height)
{
  graphene_rect_t  area = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t         *cr = cairo_create (surface);
  GskRenderNode   *picture = gsk_cairo_node_new (&area);

  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cr = gsk_cairo_node_get_draw_context (picture);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return picture;
}

static void
draw_anew (MwListRow *self)
{
  GtkWidget     *widget = GTK_WIDGET (self);
  GskRenderer   *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  GtkSnapshot   *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  g_clear_pointer (&self->drawing, gsk_render_node_unref);
  self->stale = FALSE;
  draw (self, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  /* a factor of one is exact; a fraction of a pixel would blur the copy */
  if (node != NULL && GSK_IS_CAIRO_RENDERER (renderer) && gtk_widget_get_scale_factor (widget) == 1)
    {
      self->drawing = copy_to_picture (node, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
      gsk_render_node_unref (node);
    }
  else
    self->drawing = node;
}

static void
mw_list_row_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  MwListRow *self = MW_LIST_ROW (widget);

  /* nothing is known of a row before it is read */
  if (self->row == NULL || mw_row_get_data (self->row) == NULL)
    return;
  if (self->stale && may_draw (widget))
    draw_anew (self);
  else if (self->stale && self->later == 0)
    self->later = gtk_widget_add_tick_callback (widget, draw_later, NULL, NULL);
  if (self->drawing != NULL)
    gtk_snapshot_append_node (snapshot, self->drawing);
}

static void
mw_list_row_size_allocate (GtkWidget *widget,
                           int        width,
                           int        height,
                           int        baseline)
{
  MwListRow *self = MW_LIST_ROW (widget);

  if (self->width != width || self->height != height)
    self->stale = TRUE;
  self->width = width;
  self->height = height;
  GTK_WIDGET_CLASS (mw_list_row_parent_class)->size_allocate (widget, width, height, baseline);
}

/* ---- what is shown ----------------------------------------------------------------- */

static void
show_spoken (MwListRow *self)
{
  g_autofree char *spoken = mw_row_dup_spoken (self->row);
  GtkWidget       *item = gtk_widget_get_parent (GTK_WIDGET (self));

  /* the focus and the role of a row are at the widget that the list puts around this one */
  if (item != NULL)
    mw_accessible_set_name (item, spoken);
}

static void
update (MwListRow *self)
{
  gboolean has_state = mw_row_get_state (self->row) != NULL;

  forget_drawing (self);
  if (has_state != self->has_state)
    {
      self->has_state = has_state;
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
  show_spoken (self);
}

static void
row_changed (MwRow     *row,
             MwListRow *self)
{
  update (self);
}

static void
mw_list_row_css_changed (GtkWidget         *widget,
                         GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (mw_list_row_parent_class)->css_changed (widget, change);
  forget_drawing (MW_LIST_ROW (widget));
  gtk_widget_queue_draw (widget);
}

static void
mw_list_row_direction_changed (GtkWidget       *widget,
                               GtkTextDirection before)
{
  forget_drawing (MW_LIST_ROW (widget));
  GTK_WIDGET_CLASS (mw_list_row_parent_class)->direction_changed (widget, before);
}

static void
mw_list_row_system_setting_changed (GtkWidget       *widget,
                                    GtkSystemSetting setting)
{
  forget_drawing (MW_LIST_ROW (widget));
  GTK_WIDGET_CLASS (mw_list_row_parent_class)->system_setting_changed (widget, setting);
}

static void
mw_list_row_dispose (GObject *object)
{
  MwListRow *self = MW_LIST_ROW (object);

  mw_list_row_set_row (self, NULL);
  forget_drawing (self);
  g_clear_pointer (&self->drawing, gsk_render_node_unref);
  G_OBJECT_CLASS (mw_list_row_parent_class)->dispose (object);
}

static void
mw_list_row_class_init (MwListRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = mw_list_row_dispose;
  widget_class->get_request_mode = mw_list_row_get_request_mode;
  widget_class->measure = mw_list_row_measure;
  widget_class->snapshot = mw_list_row_snapshot;
  widget_class->size_allocate = mw_list_row_size_allocate;
  widget_class->css_changed = mw_list_row_css_changed;
  widget_class->direction_changed = mw_list_row_direction_changed;
  widget_class->system_setting_changed = mw_list_row_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "mwlistrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
mw_list_row_init (MwListRow *self)
{
}

GtkWidget *
mw_list_row_new (void)
{
  return g_object_new (MW_TYPE_LIST_ROW, NULL);
}

/**
 * mw_list_row_set_row:
 * @row: (nullable): what to show from now on; followed as it changes
 */
void
mw_list_row_set_row (MwListRow *self,
                     MwRow     *row)
{
  if (self->row != NULL)
    g_clear_signal_handler (&self->handler, self->row);
  /* what was drawn of another row is not shown for a moment even */
  if (self->row != row)
    {
      forget_drawing (self);
      g_clear_pointer (&self->drawing, gsk_render_node_unref);
    }
  g_set_object (&self->row, row);
  if (row == NULL)
    return;
  self->handler = g_signal_connect (row, "changed", G_CALLBACK (row_changed), self);
  update (self);
}

/**
 * mw_list_row_is_drawn:
 *
 * Returns: whether it shows all that its row says now: a row is there before what it says is read, and that is
 *   read before there is time to draw it
 */
gboolean
mw_list_row_is_drawn (MwListRow *self)
{
  return self->drawing != NULL && !self->stale;
}
