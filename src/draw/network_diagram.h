/* Drawing laid-out networks; for the figures that show one or many. */
#ifndef MECH_DRAW_NETWORK_DIAGRAM_H
#define MECH_DRAW_NETWORK_DIAGRAM_H

#include "draw/network_layout.h"

/* Draws the layout with the middle of its cycle at the origin. */
void draw_layout(canvas *c, const mech_network *network, const network_layout *layout);

/* The roles that a network's species have, one bit each. */
unsigned roles_of(const mech_network *network);

/* What the colours of forms mean, as far as `roles` occur, in a row that begins at `at`. */
void draw_key(canvas *c, point at, unsigned roles);

colour class_colour(mech_class mechanism_class);

#endif
