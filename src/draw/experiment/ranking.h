/* Ranked mechanisms as bars. */
#ifndef MECH_DRAW_EXPERIMENT_RANKING_H
#define MECH_DRAW_EXPERIMENT_RANKING_H

#include "draw/canvas/canvas.h"

/* Draws the ranking of an answer into `frame`, as many mechanisms as have room: id, title, a bar for the probability,
 * those of the credible set in full colour and bracketed. Returns the height that was used. */
double mech_draw_ranking(canvas *c, const mech_answer *answer, box frame);

#endif
