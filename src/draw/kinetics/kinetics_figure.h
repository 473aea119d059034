/* A kinetic analysis drawn to a target (canvas.h), whole or not at all. */
#ifndef MECH_DRAW_KINETICS_KINETICS_FIGURE_H
#define MECH_DRAW_KINETICS_KINETICS_FIGURE_H

#include "draw/canvas/canvas.h"
#include "mechanist.h"

/* kinetics_figure.c: four panels: extents over time and over normalised time, rates against [S], rates with what the
 * orders say taken out against the extent. mech_draw_kinetics() to any target. */
mech_status mech_draw_kinetics_to(const mech_kinetics *kinetics, picture_target target, mech_error *error);

#endif
