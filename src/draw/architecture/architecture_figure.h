/* Networks as diagrams; drawn to a target (canvas.h), whole or not at all. */
#ifndef MECH_DRAW_ARCHITECTURE_ARCHITECTURE_FIGURE_H
#define MECH_DRAW_ARCHITECTURE_ARCHITECTURE_FIGURE_H

#include "draw/canvas/canvas.h"
#include "learn/network/graph.h"

/* architecture_figure.c: the layers of a network with their shapes, from its graph. */
mech_status mech_draw_graph(const graph *g, const char *title, const mech_picture_target *target, mech_error *error);

#endif
