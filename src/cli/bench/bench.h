/* What `mechanist bench` can measure: bench_simulate.c and bench_learning.c, with the peers beside them. */
#ifndef MECH_CLI_BENCH_BENCH_H
#define MECH_CLI_BENCH_BENCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "mechanist.h"

typedef struct bench_options {
    bool json, quick;
    const char *network; /* NULL: all */
} bench_options;

/* Each measures and prints, as text or as JSON; returns the exit status. */
int bench_simulate(const bench_options *options);
int bench_train(const bench_options *options);
int bench_infer(const bench_options *options);

/* null where x is NaN: what could not be measured. */
json_t *number_or_null(double x);

/* Prints a result as one line of JSON and gives the object up; returns the exit status. */
int print_object(json_t *object);

/* Problems of one mechanism over the whole prior: four runs of each theta, on shared times. */
typedef struct bench_problems {
    const mech_mechanism *mechanism;
    mech_problems problems;
} bench_problems;

/* Trajectories a second of SciPy's solve_ivp with LSODA for the end states of the first `n` problems of each of the
 * n_sets sets, at the tolerances of `options`; NaN where /usr/bin/python3 has no SciPy. */
double lsoda_rate(const bench_problems *sets, size_t n_sets, size_t n, const mech_solver_options *options);

#endif
