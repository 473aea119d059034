/* How well models answer. Every function here draws one figure to a target (canvas.h), whole or not at all. */
#ifndef MECH_DRAW_JUDGEMENTS_JUDGEMENT_FIGURES_H
#define MECH_DRAW_JUDGEMENTS_JUDGEMENT_FIGURES_H

#include "draw/canvas/canvas.h"
#include "judge/grid/grid.h"
#include "judge/metrics/scores.h"

/* grid_figure.c: a figure of a model by number of points and noise, as a heat map. `unit`: "%" for shares,
 * which are shown in it, or that of the numbers, "" where they have none. */
mech_status mech_draw_figure_grid(const figure_grid *grid, const char *title, const char *unit,
                                  const mech_picture_target *target, mech_error *error);

/* One of several models that were judged on the same samples. */
typedef struct scored_model {
    const char *name;
    const scores *scores;
    const mech_metrics *metrics;
} scored_model;

/* entropy_figure.c: how the entropies of the right and of the wrong answers lie, a panel a model; `what` says of which
 * samples. */
mech_status mech_draw_scored_entropy(const scored_model *models, size_t n, const char *what,
                                     const mech_picture_target *target, mech_error *error);

/* credible_sets_figure.c: how many samples have a 95 % and a 99 % credible set of 1, 2, ... mechanisms, and how often
 * the truth is in it. */
mech_status mech_draw_scored_sets(const scored_model *models, size_t n, const char *what,
                                  const mech_picture_target *target, mech_error *error);

#endif
