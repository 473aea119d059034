/* Mechanisms as diagrams. Every function here draws one figure to a target (canvas.h), whole or not at all. */
#ifndef MECH_DRAW_MECHANISM_MECHANISM_FIGURES_H
#define MECH_DRAW_MECHANISM_MECHANISM_FIGURES_H

#include "draw/canvas/canvas.h"
#include "mechanist.h"

/* diagram.c: one mechanism on a page of its own; mech_draw_mechanism() to any target. */
mech_status mech_draw_mechanism_to(const mech_mechanism *mechanism, picture_target target, mech_error *error);

/* overview.c: all mechanisms of the library on one page, in their classes. */
mech_status mech_draw_mechanisms(picture_target target, mech_error *error);

#endif
