/* The scale beside a map of numbers as shades of one hue: lightness alone tells the order, with any colour vision and
 * in print. */
#ifndef MECH_DRAW_CANVAS_COLOUR_SCALE_H
#define MECH_DRAW_CANVAS_COLOUR_SCALE_H

#include "draw/canvas/canvas.h"

/* Draws the shades from depth `low` at the bottom to depth `high` at the top (as of mech_tint(), 0 to 1). */
void mech_draw_colour_scale(canvas *c, box b, double low, double high);

#endif
