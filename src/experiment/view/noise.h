/* How noisy a run is, by its readings alone. */
#ifndef MECH_EXPERIMENT_VIEW_NOISE_H
#define MECH_EXPERIMENT_VIEW_NOISE_H

#include "mechanist.h"

/* The standard deviation of a reading of S or P of these runs together, in their unit of concentration; 0 where there
 * are too few readings to tell.
 *
 * The estimate is a median of differences. The divided difference of k + 1 readings in a row, scaled to the variance of
 * one reading, is noise and what a polynomial of degree k - 1 leaves of the curve. The median of their absolute values,
 * divided by that of a standard normal (0.6745; Hampel, J. Am. Stat. Assoc. 69 (1974) 383), is what the noise is at
 * most; a stray reading does not move it. The curve can only add to it, so the smallest over k = 1 to 4 counts.
 * Where a run has S and P, S + P changes by noise alone and its differences count as one more k. */
double mech_noise_of_runs(size_t n_runs, const mech_run *runs);

/* The same of one run. */
double mech_noise_of(const mech_run *run);

/* Noise below this share of [S]0 is that of tables, which are rounded: nothing is measured better. */
static const double LEAST_NOISE = 1e-4;

#endif
