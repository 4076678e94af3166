/* SPDX-FileCopyrightText: 2026 The Meanwhile developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "mw-wrap-layout.h"

/* Pixels between children, in both directions */
#define SPACING 8

struct _MwWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (MwWrapLayout, mw_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
mw_wrap_layout_get_request_mode (GtkLayoutManager *manager,
                                 GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* A line of children: from @first up to and without @end */
typedef struct
{
  GtkWidget *first;
  GtkWidget *end;
  int        left;   /* of the width */
  guint      n_wide; /* children that take what is left */
} Line;

static int
child_width (GtkWidget *child,
             int        width)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, width));
}

static Line
line_at (GtkWidget *first,
         int        width)
{
  Line line = { first, first, width, 0 };

  for (; line.end != NULL; line.end = gtk_widget_get_next_sibling (line.end))
    {
      int wanted;

      if (!gtk_widget_should_layout (line.end))
        continue;
      wanted = child_width (line.end, width) + (line.left < width ? SPACING : 0);
      if (wanted > line.left && line.left < width)
        break;
      line.left -= wanted;
      line.n_wide += gtk_widget_compute_expand (line.end, GTK_ORIENTATION_HORIZONTAL) ? 1 : 0;
    }
  return line;
}

/* What a child of this line is given */
static int
width_in (const Line *line,
          GtkWidget  *child,
          int         width)
{
  int own = child_width (child, width);

  if (line->left > 0 && gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL))
    own += line->left / (int) line->n_wide;
  return own;
}

static int
height_of (const Line *line,
           int         width)
{
  int height = 0;

  for (GtkWidget *child = line->first; child != line->end; child = gtk_widget_get_next_sibling (child))
    {
      int natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width_in (line, child, width), NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  return height;
}

static void
allocate_line (const Line *line,
               gboolean    rtl,
               int         width,
               int         y,
               int         height)
{
  int x = 0;

  for (GtkWidget *child = line->first; child != line->end; child = gtk_widget_get_next_sibling (child))
    {
      GtkAllocation place = { x, y, 0, height };

      if (!gtk_widget_should_layout (child))
        continue;
      place.width = width_in (line, child, width);
      if (rtl)
        place.x = width - x - place.width;
      gtk_widget_size_allocate (child, &place, -1);
      x += place.width + SPACING;
    }
}

/* Walks the children; gives them their places when @allocate, and returns the height used */
static int
lay_out (GtkWidget *widget,
         int        width,
         gboolean   allocate)
{
  gboolean   rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *child = gtk_widget_get_first_child (widget);
  int        y = 0;

  while (child != NULL)
    {
      Line line = line_at (child, width);
      int  height = height_of (&line, width);

      if (allocate)
        allocate_line (&line, rtl, width, y, height);
      child = line.end;
      y += height + (height > 0 && child != NULL ? SPACING : 0);
    }
  return y;
}

static void
mw_wrap_layout_measure (GtkLayoutManager *manager,
                        GtkWidget        *widget,
                        GtkOrientation    orientation,
                        int               for_size,
                        int              *minimum,
                        int              *natural,
                        int              *minimum_baseline,
                        int              *natural_baseline)
{
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = lay_out (widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? SPACING : 0);
    }
}

static void
mw_wrap_layout_allocate (GtkLayoutManager *manager,
                         GtkWidget        *widget,
                         int               width,
                         int               height,
                         int               baseline)
{
  lay_out (widget, width, TRUE);
}

static void
mw_wrap_layout_class_init (MwWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = mw_wrap_layout_get_request_mode;
  layout_class->measure = mw_wrap_layout_measure;
  layout_class->allocate = mw_wrap_layout_allocate;
}

static void
mw_wrap_layout_init (MwWrapLayout *self)
{
}

GtkLayoutManager *
mw_wrap_layout_new (void)
{
  return g_object_new (MW_TYPE_WRAP_LAYOUT, NULL);
}
