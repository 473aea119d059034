/* Learning curves. Every function here draws one figure to a target (canvas.h), whole or not at all. */
#ifndef MECH_DRAW_LEARNING_LEARNING_FIGURES_H
#define MECH_DRAW_LEARNING_LEARNING_FIGURES_H

#include "draw/canvas/canvas.h"
#include "learn/training/history.h"

/* history_figure.c: loss and accuracy by epoch, training and validation; h->n >= 1. */
mech_status mech_draw_history(const history *h, const mech_picture_target *target, mech_error *error);

/* The learning curve of one training; trainings that differ in the seed alone have names that end in "-" and a number.
 */
typedef struct named_history {
    const char *name;
    const history *curves; /* n >= 1 */
} named_history;

/* histories_figure.c: loss and accuracy in validation of up to seven trainings, each with any number of seeds, against
 * the samples that were learned from. */
mech_status mech_draw_histories(const named_history *histories, size_t n, const mech_picture_target *target,
                                mech_error *error);

#endif
