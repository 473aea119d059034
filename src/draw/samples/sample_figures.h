/* What was simulated: samples, priors, the solver. Every function here draws one figure to a target (canvas.h), whole
 * or not at all. */
#ifndef MECH_DRAW_SAMPLES_SAMPLE_FIGURES_H
#define MECH_DRAW_SAMPLES_SAMPLE_FIGURES_H

#include "base/numbers/setting.h"
#include "data/prior/prior_ranges.h"
#include "draw/canvas/canvas.h"
#include "mechanist.h"

/* The runs of one sample, of any shape, in units of the longest run's time and of the standard [S]0. */
typedef struct profiles_page {
    const char *title;
    const mech_mechanism *mechanism; /* NULL: not known */
    size_t n_k;
    const double *k;  /* [n_k], padded with NaN */
    double additive;  /* what the mechanism's additive starts with */
    size_t sample;    /* its number */
    const char *axis; /* what its times are in */
    const mech_run_set *runs;
} profiles_page;

/* profiles_figure.c: each run in a panel of its own. */
mech_status mech_draw_run_profiles(const profiles_page *page, const mech_picture_target *target, mech_error *error);

/* How many samples of each mechanism a split holds. */
typedef struct split_counts {
    const char *name;       /* "training" */
    const uint64_t *counts; /* [n mechanisms] */
} split_counts;

/* counts_figure.c: samples by mechanism, a panel a split. */
mech_status mech_draw_split_counts(const split_counts *splits, size_t n_splits, const mech_mechanism *const *mechanisms,
                                   size_t n, const mech_picture_target *target, mech_error *error);

/* Thetas of one mechanism: that were accepted, or draws of what readings say of it. */
typedef struct accepted_thetas {
    const mech_mechanism *mechanism; /* of users' ones the names alone are looked at */
    size_t n, n_k;
    const double *k;                 /* [n][n_k], above 0 */
    const prior_range *ranges;       /* [n_k]: what they were drawn from; NULL: not known */
    double accepted_share;           /* of the candidates; NaN: not known */
    const char *axis;                /* what rate constants are in; NULL: the units of the prior */
    const setting *names;            /* [n_k]: how they are set, with units; NULL: by the mechanism */
    const setting *values;           /* [n_k]: median, interval and unit as words; NULL: none */
    const mech_quantity *quantities; /* [n_k]: median and interval of each; NULL: none */
} accepted_thetas;

/* prior_figure.c: the distribution of each rate constant of each mechanism, beside that which it was drawn from; `what`
 * says where the thetas come from. */
mech_status mech_draw_prior(const accepted_thetas *thetas, size_t n, const char *what,
                            const mech_picture_target *target, mech_error *error);

/* prior_pairs_figure.c: the same of one mechanism, with how each two rate constants go together. */
mech_status mech_draw_prior_pairs(const accepted_thetas *thetas, const char *what, const mech_picture_target *target,
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
mech_status mech_draw_distance_sample(const distance_sample *sample, const char *what,
                                      const mech_picture_target *target, mech_error *error);

#endif
