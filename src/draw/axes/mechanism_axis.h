/* An axis on which mechanisms stand side by side, in the colours of their classes. */
#ifndef MECH_DRAW_AXES_MECHANISM_AXIS_H
#define MECH_DRAW_AXES_MECHANISM_AXIS_H

#include "draw/canvas/lettering.h"

/* Writes the names of mechanisms below a frame, each in the middle of its share of the width, and below them bars that
 * name their classes. Takes up MECHANISM_AXIS_HEIGHT. */
static const double MECHANISM_AXIS_HEIGHT = 38;
void mech_draw_mechanism_axis(canvas *c, box frame, const mech_mechanism *const *mechanisms, size_t n);

/* How many mechanisms from number `first` on are of one class. */
size_t mech_mechanisms_of_class(const mech_mechanism *const *mechanisms, size_t n, size_t first);

#endif
