/* Between data sets and the evidence: test samples as observations, thetas of the prior as first populations. */
#ifndef MECH_BENCH_SAMPLE_H
#define MECH_BENCH_SAMPLE_H

#include "base/machine/team.h"
#include "data/prior/thetas.h"
#include "observation.h"

/* Sample i of `samples`, whose S and P after t = 0 are known to within a standard deviation of sigma, in units of
 * [S]0. Samples have at most MOST_READINGS times. */
observation observe(const mech_samples *samples, size_t i, double sigma);

/* n accepted thetas of a mechanism from the wide prior, with a seed that no data set is likely to have. The caller
 * frees *pool with mech_theta_pool_free(). */
mech_status draw_pool(const mech_mechanism *mechanism, mech_sample_design sample_design, size_t n, team *t,
                      theta_pool *pool, mech_error *error);

#endif
