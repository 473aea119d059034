/* What `mechanist bench` can measure, one file a kind: bench_KIND.c. */
#ifndef MECH_CLI_BENCH_H
#define MECH_CLI_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "mechanist.h"

/* Measures and prints, as text or as JSON; returns the exit status. */
int bench_simulate(bool as_json);

/* Problems of one mechanism over the whole prior: four runs of each theta, on shared times. */
typedef struct bench_problems {
    const mech_network *network;
    mech_problems problems;
} bench_problems;

/* Trajectories a second of SciPy's solve_ivp with LSODA for the end states of the first `n` problems of each of the
 * n_sets sets, at the tolerances of `options`; NaN where /usr/bin/python3 has no SciPy. */
double lsoda_rate(const bench_problems *sets, size_t n_sets, size_t n, const mech_solver_options *options);

#endif
