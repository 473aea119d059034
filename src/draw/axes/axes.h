/* Panels with axes: where data stand on a canvas, and what surrounds them. */
#ifndef MECH_DRAW_AXES_AXES_H
#define MECH_DRAW_AXES_AXES_H

#include "draw/canvas/lettering.h"

#include <math.h>

/* What an axis shows. low < high. */
typedef struct range {
    double low, high;
} range;

/* Starts empty; takes in numbers, of which those that are not finite count for nothing. */
static const range EMPTY_RANGE = {INFINITY, -INFINITY};
void mech_range_include(range *r, double number);

/* The range from 0 (or the lowest number, if that lies below) to a little above the highest; one that is empty or has
 * no width becomes a range around it. */
range mech_range_from_zero(range r);

/* Both ends moved outwards by `share` of the width. */
range mech_range_padded(range r, double share);

typedef enum axis_kind {
    AXIS_LINEAR,
    AXIS_LOGARITHMIC, /* the range and the data are decimal logarithms of what the axis names */
    AXIS_BARE         /* neither ticks nor numbers: whoever draws the panel says what is where */
} axis_kind;

typedef struct panel {
    box frame; /* where the data stand */
    range x, y;
    axis_kind x_kind, y_kind;
    const char *x_title, *y_title; /* NULL: none */
    bool hide_x_numbers;           /* where a panel below shows them */
} panel;

point mech_panel_point(const panel *p, double x, double y);

/* Ticks at 1, 2 or 5 times a power of ten within r, at most `most` of them; returns how many. Each tick is a multiple
 * of *spacing. */
size_t mech_nice_ticks(range r, size_t most, double *ticks, double *spacing);

/* The same for a logarithmic axis, whose range is one of decimal logarithms: ticks at powers of ten (there may be none)
 * or, where there is room, also at 2 and 5 times a power. */
size_t mech_log_ticks(range r, size_t most, double *ticks);

/* Draws grid, frame, ticks, numbers and titles; the data come on top. */
void mech_draw_panel(canvas *c, const panel *p);

/* A series within a panel. Points that are not finite are gaps. */
void mech_draw_series_line(canvas *c, const panel *p, size_t n, const double *x, const double *y, stroke s);
void mech_draw_series_markers(canvas *c, const panel *p, size_t n, const double *x, const double *y, marker shape,
                              double radius, colour ink, bool hollow);

/* How large the markers of a series of n points should be. */
double mech_marker_radius(size_t n);

/* "Time / min", or "Time" where the unit is "". */
void mech_axis_title(const char *quantity, const char *unit, char *title, size_t room);

#endif
