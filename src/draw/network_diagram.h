/* Diagrams of reaction networks. */
#ifndef MECH_DRAW_NETWORK_DIAGRAM_H
#define MECH_DRAW_NETWORK_DIAGRAM_H

#include "draw/canvas.h"

/* One network on a page of its own: mech_draw_network() to any target. */
mech_status draw_network(const mech_network *network, picture_target target, mech_error *error);

/* All mechanisms of the library on one page, in their classes. */
mech_status draw_mechanisms(picture_target target, mech_error *error);

#endif
