/* How well models answer. Every function here draws one figure to a target (canvas.h), whole or not at all. */
#ifndef MECH_DRAW_JUDGEMENTS_JUDGEMENT_FIGURES_H
#define MECH_DRAW_JUDGEMENTS_JUDGEMENT_FIGURES_H

#include "draw/canvas/canvas.h"
#include "draw/judgements/grid_reader.h"
#include "judge/metrics/scores.h"

/* confusion_figure.c: how often each class was taken for each. names[n_classes] label the classes; `title` says of
 * what. */
mech_status mech_draw_confusion(const mech_metrics *metrics, const char *const *names, const char *title,
                                picture_target target, mech_error *error);

/* grid_figure.c: a figure of a model by number of points and noise, as a heat map. `unit`: "%" for shares,
 * which are shown in it, or that of the numbers, "" where they have none. */
mech_status mech_draw_grid(const figure_grid *grid, const char *title, const char *unit, picture_target target,
                           mech_error *error);

/* One curve of a reliability diagram. */
typedef struct reliability_series {
    const char *name; /* "calibrated" */
    const mech_metrics *metrics;
    const mech_metrics *lower, *upper; /* ends of the intervals; NULL: none */
} reliability_series;

/* reliability_figure.c: how often the most probable class is right against its probability, for one or two series;
 * `what` says of which samples. */
mech_status mech_draw_reliability(const reliability_series *series, size_t n, const char *title, const char *what,
                                  picture_target target, mech_error *error);

/* One of several models that were judged on the same samples. */
typedef struct judged_model {
    const char *name;
    const scores *scores;
    const mech_metrics *metrics;
} judged_model;

/* entropy_figure.c: how the entropies of the right and of the wrong answers lie, a panel a model; `what` says of which
 * samples. */
mech_status mech_draw_entropy(const judged_model *models, size_t n, const char *what, picture_target target,
                              mech_error *error);

/* credible_sets_figure.c: how many samples have a 95 % and a 99 % credible set of 1, 2, ... mechanisms, and how often
 * the truth is in it. */
mech_status mech_draw_credible_sets(const judged_model *models, size_t n, const char *what, picture_target target,
                                    mech_error *error);

#endif
