/* A page to draw on: lengths in points (1/72 inch), the origin at the upper left, y downwards. */
#ifndef MECH_DRAW_CANVAS_CANVAS_H
#define MECH_DRAW_CANVAS_CANVAS_H

#include "base/error.h"

typedef struct canvas canvas;

/* Opens a white page. The title goes into the file, for readers that speak. What is drawn stays in memory until
 * mech_canvas_close(); same drawing, same bytes. */
mech_status mech_canvas_open(const mech_picture_target *target, double width, double height, const char *title,
                             canvas **c, mech_error *error);

/* Opens a canvas on which letters are only measured; it ends with mech_canvas_discard(). */
mech_status mech_canvas_open_measure(canvas **c, mech_error *error);

/* Delivers the page to its target, whole or not at all, and frees the canvas in either case. */
mech_status mech_canvas_close(canvas *c, mech_error *error);

/* Frees the canvas without delivering; accepts NULL. */
void mech_canvas_discard(canvas *c);

double mech_canvas_width(const canvas *c);

typedef struct point {
    double x, y;
} point;

typedef struct box {
    double left, top, right, bottom;
} box;

typedef struct colour {
    double red, green, blue;
} colour;

/* The palette of Okabe & Ito ("Color Universal Design", 2008), told apart with any colour vision, and greys. */
static const colour INK = {0.13, 0.13, 0.15}, GREY = {0.42, 0.44, 0.47}, PALE = {0.88, 0.89, 0.91}, WHITE = {1, 1, 1},
                    BLUE = {0, 0.447, 0.698}, VERMILLION = {0.835, 0.369, 0}, GREEN = {0, 0.620, 0.451},
                    PURPLE = {0.8, 0.475, 0.655}, ORANGE = {0.902, 0.624, 0}, SKY = {0.337, 0.706, 0.914};

/* `share` of the colour and the rest white: a light shade that needs no transparency. */
colour mech_tint(colour of, double share);

/* How the n-th of several series is told from the others: by colour and by shape. */
typedef enum marker {
    MARKER_CIRCLE,
    MARKER_SQUARE,
    MARKER_TRIANGLE,
    MARKER_DIAMOND,
    MARKER_INVERTED,
    N_MARKERS
} marker;
colour mech_series_colour(size_t series);
marker mech_series_marker(size_t series);

typedef struct stroke {
    colour ink;
    double width;
    double dash; /* length of dashes and of the gaps between them; 0: solid */
} stroke;

void mech_draw_line(canvas *c, point from, point to, stroke s);
void mech_draw_polyline(canvas *c, const point *points, size_t n, stroke s);
void mech_draw_rectangle(canvas *c, box b, double corner_radius, const colour *fill, const stroke *outline);
void mech_draw_polygon(canvas *c, const point *corners, size_t n, colour fill);
void mech_draw_marker(canvas *c, marker shape, point at, double radius, colour ink, bool hollow);

/* Everything drawn until the matching end is moved by `origin`, enlarged by `scale` and, with a clip, cut off at it. */
void mech_canvas_begin(canvas *c, point origin, double scale, const box *clip);
void mech_canvas_end(canvas *c);

#endif
