/* Measured runs and the answer to them. Every function here draws one figure to a target (canvas.h), whole or not at
 * all. */
#ifndef MECH_DRAW_EXPERIMENT_EXPERIMENT_FIGURE_H
#define MECH_DRAW_EXPERIMENT_EXPERIMENT_FIGURE_H

#include "draw/canvas/canvas.h"
#include "mechanist.h"

/* experiment_figure.c: measured runs and the answer to them; mech_draw_experiment() to any target. */
mech_status mech_draw_experiment_to(const mech_experiment *experiment, const mech_answer *answer, picture_target target,
                                    mech_error *error);

#endif
