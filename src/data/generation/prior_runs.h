/* Runs over the whole prior, accepted or not: what a solver's accuracy and speed are measured on. */
#ifndef MECH_DATA_GENERATION_PRIOR_RUNS_H
#define MECH_DATA_GENERATION_PRIOR_RUNS_H

#include "mechanist.h"

enum { RUNS_A_THETA = 4 };

/* Rate constants log-uniform on [1e-5, 1e5]; for each theta three catalyst loadings, one from each third of [0.01,
 * 0.10], then the first of them again with part of the substrate turned into product:
 * k[n_thetas * RUNS_A_THETA][n_rate_constants], start[n_thetas * RUNS_A_THETA][n_species]. `mechanism` numbers the
 * stream of random numbers. */
void mech_draw_prior_runs(const mech_mechanism *mechanism, uint64_t seed, uint64_t label, size_t n_thetas, double *k,
                          double *start);

#endif
