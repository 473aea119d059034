/* The figures, one file each. Every function here draws one to a target (canvas.h), whole or not at all. */
#ifndef MECH_DRAW_FIGURES_H
#define MECH_DRAW_FIGURES_H

#include "data/prior/prior_ranges.h"
#include "draw/canvas/canvas.h"
#include "draw/judgements/grid_reader.h"
#include "judge/metrics/scores.h"
#include "learn/network/graph.h"
#include "learn/training/history.h"

/* mechanism_diagram.c: one network on a page of its own; mech_draw_network() to any target. */
mech_status mech_draw_mechanism_to(const mech_mechanism *network, picture_target target, mech_error *error);

/* network_overview.c: all mechanisms of the library on one page, in their classes. */
mech_status mech_draw_mechanisms(picture_target target, mech_error *error);

/* experiment_figure.c: measured runs and the answer to them; mech_draw_experiment() to any target. */
mech_status mech_draw_experiment_to(const mech_experiment *experiment, const mech_answer *answer, picture_target target,
                                    mech_error *error);

/* history_figure.c: loss and accuracy by epoch, training and validation; h->n >= 1. */
mech_status mech_draw_history(const history *h, picture_target target, mech_error *error);

/* The learning curve of one training; trainings that differ in the seed alone have names that end in "-" and a number.
 */
typedef struct named_history {
    const char *name;
    const history *curves; /* n >= 1 */
} named_history;

/* histories_figure.c: loss and accuracy in validation of up to seven trainings, each with any number of seeds, against
 * the samples that were learned from. */
mech_status mech_draw_histories(const named_history *histories, size_t n, picture_target target, mech_error *error);

/* profiles_figure.c: the four runs of one sample, with its mechanism and rate constants. Fails with
 * MECH_INVALID_ARGUMENT where there is no such sample. */
mech_status mech_draw_profiles(const mech_samples *samples, size_t sample, picture_target target, mech_error *error);

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

/* How many samples of each mechanism a split holds. */
typedef struct split_counts {
    const char *name;       /* "training" */
    const uint64_t *counts; /* [n mechanisms] */
} split_counts;

/* counts_figure.c: samples by mechanism, a panel a split. */
mech_status mech_draw_sample_counts(const split_counts *splits, size_t n_splits,
                                    const mech_mechanism *const *mechanisms, size_t n, picture_target target,
                                    mech_error *error);

/* Thetas of one mechanism that were accepted. */
typedef struct accepted_thetas {
    const mech_mechanism *mechanism; /* of users' ones the names alone are looked at */
    size_t n, n_k;
    const double *k;           /* [n][n_k], above 0 */
    const prior_range *ranges; /* [n_k]: what they were drawn from; NULL: not known */
    double accepted_share;     /* of the candidates; NaN: not known */
} accepted_thetas;

/* prior_figure.c: the distribution of each rate constant of each mechanism, beside that which it was drawn from; `what`
 * says where the thetas come from. */
mech_status mech_draw_prior(const accepted_thetas *thetas, size_t n, const char *what, picture_target target,
                            mech_error *error);

/* prior_pairs_figure.c: the same of one mechanism, with how each two rate constants go together. */
mech_status mech_draw_prior_pairs(const accepted_thetas *thetas, const char *what, picture_target target,
                                  mech_error *error);

/* Distances of samples to the nearest of others. */
typedef struct distance_sample {
    size_t n;
    const double *distances;                 /* [n]; NaN: there is none to compare with */
    const uint8_t *labels;                   /* [n] */
    const mech_mechanism *const *mechanisms; /* [n_mechanisms], by label */
    size_t n_mechanisms;
} distance_sample;

/* distances_figure.c: distances by mechanism as violins, and of all mechanisms as a histogram; `what` says of which
 * samples. MECH_INVALID_INPUT where there are no distances. */
mech_status mech_draw_distances(const distance_sample *sample, const char *what, picture_target target,
                                mech_error *error);
/* architecture_figure.c: the layers of a network with their shapes, from its graph. */
mech_status mech_draw_architecture(const graph *g, const char *title, picture_target target, mech_error *error);

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

/* solver_figure.c: what the solver makes of five textbook reactions. */
mech_status mech_draw_solver(picture_target target, mech_error *error);

#endif
