/* How noisy a run is, by its readings alone. */
#ifndef MECH_DATA_RUNS_NOISE_H
#define MECH_DATA_RUNS_NOISE_H

#include "mechanist.h"

/* The standard deviation of a reading of S or P of these runs together, in their unit of concentration; NaN where there
 * are too few readings to tell.
 *
 * The estimate is a median of differences. The divided difference of k + 1 readings in a row, scaled to the variance of
 * one reading, is noise and what a polynomial of degree k - 1 leaves of the curve. Their robust deviation
 * (base/numbers/spread.h) is what the noise is at most; a stray reading does not move it. The curve can only add to it,
 * so the smallest over k = 1 to 4 counts. Where a run has S and P, S + P changes by noise alone and its differences
 * count as one more k, unless one of the two was computed from the other: then the sum is far smoother than both.
 * Of a long series every so many differences are taken. */
double mech_noise_of_runs(size_t n_runs, const mech_run *runs);

/* The same of one run. */
double mech_noise_of(const mech_run *run);

#endif
