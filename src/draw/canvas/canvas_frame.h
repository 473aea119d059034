/* Inside the canvas; for canvas.c and lettering.c. */
#ifndef MECH_DRAW_CANVAS_CANVAS_FRAME_H
#define MECH_DRAW_CANVAS_CANVAS_FRAME_H

#include "base/files/text.h"
#include "draw/canvas/canvas.h"

#include <cairo.h>

struct canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    mech_picture_format format;
    mech_picture_target target;
    double width, height;
    char *title;  /* owned */
    text content; /* what Cairo has written */
    text words;   /* every text of the drawing, for readers that speak */
};

#endif
