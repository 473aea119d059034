/* What fits say once the evidence is known: rate constants with intervals, the errors of runs, the active catalyst. */
#ifndef MECH_FIT_POSTERIOR_POSTERIOR_H
#define MECH_FIT_POSTERIOR_POSTERIOR_H

#include "fit/evidence/evidence.h"

/* Whole points of the posterior, all alike in weight. */
typedef struct posterior_draws {
    size_t n;
    double *x;          /* [n][space->n] */
    noise_level *noise; /* [n] */
} posterior_draws;

/* Draws n from the samples of an evidence (systematic resampling). A function of seed and stream. Freed with
 * mech_posterior_draws_free() in any case. */
mech_status mech_posterior_draws_new(const fit_evidence *e, size_t n, uint64_t seed, size_t stream,
                                     posterior_draws *draws, mech_error *error);
void mech_posterior_draws_free(posterior_draws *draws);

/* Chooses n of the samples of an evidence that has some, by their weights: samples[n], ascending (systematic
 * resampling from `offset`, 0 to 1). */
mech_status mech_posterior_resample(const fit_evidence *e, size_t n, double offset, size_t *samples, mech_error *error);

/* Value (the median), and the interval that holds 95 %, of f(context, at) over the samples. */
typedef struct posterior_interval {
    double value, low, high;
} posterior_interval;

mech_status mech_posterior_interval(const fit_evidence *e, double (*f)(const void *context, const double *at),
                                    const void *context, posterior_interval *interval, mech_error *error);

/* The quantities of one draw that are looked at over all draws: median and 95 % of column j of values[n][stride]. */
mech_status mech_posterior_column(size_t n, size_t stride, const double *values, size_t j, posterior_interval *interval,
                                  mech_error *error);

/* Share of its catalyst that is on the cycle or resting beside it, of run number `run` at times by its clock:
 * share[n_times]; *ok as of mech_fit_species(). */
mech_status mech_posterior_active(const fit_space *s, const double *x, size_t run, size_t n_times, const double *times,
                                  double rtol, double *share, bool *ok, mech_error *error);

/* How the deviations of a point look: the quantities of mech_mechanism_fit. */
typedef struct posterior_deviations {
    double deviation, chi2, log_likelihood;
    size_t n;
} posterior_deviations;

mech_status mech_posterior_deviations(const fit_space *s, const double *x, const noise_level *noise, double rtol,
                                      posterior_deviations *d, mech_error *error);

/* *z: the standard score of a pattern in the deviations: where a mechanism misses the course of the readings neighbours
 * err together. Measured is sum(z_i z_(i+1)) over neighbouring readings of each run and species, in units of its own
 * spread; what it is for noise alone comes from simulated noise from which the same fit, to first order, was taken. x
 * is an optimum under `level`. */
mech_status mech_posterior_pattern(const fit_space *s, const theta_prior *known, const error_spreads *level,
                                   const double *x, const noise_level *noise, double rtol, double *z,
                                   mech_error *error);

/* How often the right mechanism leaves a pattern of a higher score than z, as measured on simulated experiments
 * (posterior/pattern_scores.h): between its entries the logarithm is linear, beyond the last as between the last two;
 * below the first it is that of the first. */
double mech_posterior_pattern_share(double z);

#endif
