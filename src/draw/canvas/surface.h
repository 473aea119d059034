/* Inside the canvas: what its page is drawn by, Cairo (cairo/) or, in builds without it, the library's own SVG (svg/).
 * Either defines all functions below and those of canvas.h that draw. */
#ifndef MECH_DRAW_CANVAS_SURFACE_H
#define MECH_DRAW_CANVAS_SURFACE_H

#include "base/files/text.h"
#include "draw/canvas/canvas.h"
#include "draw/canvas/lettering.h"

typedef struct surface surface;

struct canvas {
    surface *surface;
    mech_picture_format format;
    mech_picture_target target;
    double width, height;
    char *title;  /* owned */
    text content; /* the bytes of the page */
    text words;   /* every text of the drawing, for readers that speak */
};

/* Gives the canvas, whose other members are filled, an open white page. */
mech_status mech_surface_open(canvas *c, mech_error *error);

/* Ends the page; its bytes are then in c->content, whole but for what `content.failed` says. */
mech_status mech_surface_finish(canvas *c, mech_error *error);

/* Accepts NULL. */
void mech_surface_free(surface *s);

/* How far valid UTF-8 without marks reaches in a font of that size, and writing it from the baseline `at`. */
double mech_surface_width(canvas *c, const char *words, lettering style, double size);
void mech_surface_write(canvas *c, point at, const char *words, lettering style, double size);

/* What is drawn until mech_canvas_end() is turned a quarter to the left about the origin, which it starts from. */
void mech_surface_turn(canvas *c, point origin);

/* Appends words as XML has them. */
void mech_canvas_add_escaped(text *t, const char *words);

/* The corners of a marker, clockwise; returns their number, 0 for a circle. */
enum { MOST_CORNERS = 4 };
size_t mech_marker_corners(marker shape, point at, double radius, point corners[MOST_CORNERS]);

#endif
