/* Drawing laid-out mechanisms; for the figures that show one or many. */
#ifndef MECH_DRAW_MECHANISM_DIAGRAM_H
#define MECH_DRAW_MECHANISM_DIAGRAM_H

#include "draw/mechanism/layout.h"

/* Draws the layout with the middle of its cycle at the origin. */
void mech_draw_layout(canvas *c, const mech_mechanism *mechanism, const mechanism_layout *layout);

/* The roles that a mechanism's species have, one bit each. */
unsigned mech_roles_of(const mech_mechanism *mechanism);

/* What the colours of forms mean, as far as `roles` occur, in a row that begins at `at`. */
void mech_draw_key(canvas *c, point at, unsigned roles);

colour mech_class_colour(mech_class mechanism_class);

#endif
