/* The runs and times on which the solver's accuracy is measured, in the test and at greater length in the benchmark. */
#ifndef TESTS_PRIOR_RUNS_H
#define TESTS_PRIOR_RUNS_H

#include "base/random.h"
#include "chemistry/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_RUNS = 4, N_UNIFORM = 101, N_LOGARITHMIC = 30, N_TIMES = N_UNIFORM + N_LOGARITHMIC };

static const double T_END = 100, T_FIRST = 1e-4;

static int compare_numbers(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Uniform times from 0 to T_END and logarithmic ones from T_FIRST on, ascending: times[N_TIMES]. */
static void fill_times(double *times) {
    for (size_t i = 0; i < N_UNIFORM; i++) times[i] = T_END * (double)i / (N_UNIFORM - 1);
    for (size_t i = 0; i < N_LOGARITHMIC; i++)
        times[N_UNIFORM + i] = fmin(T_FIRST * pow(T_END / T_FIRST, (double)i / (N_LOGARITHMIC - 1)), T_END);
    qsort(times, N_TIMES, sizeof *times, compare_numbers);
}

/* Rate constants log-uniform on [1e-5, 1e5]; for each, three catalyst loadings, then one of them again with part of the
 * substrate turned into product: k[n_thetas * N_RUNS][n_rate_constants], start[n_thetas * N_RUNS][n_species]. */
static void draw_runs(const mech_network *network, uint64_t seed, uint64_t mechanism, size_t n_thetas, double *k,
                      double *start) {
    const size_t n_k = mech_network_n_rate_constants(network), n_species = mech_network_n_species(network);
    for (size_t theta = 0; theta < n_thetas; theta++) {
        random_stream r = random_open(seed, RANDOM_TEST, mechanism, theta);
        double drawn[MAX_RATE_CONSTANTS], loadings[3];
        for (size_t i = 0; i < n_k; i++) drawn[i] = pow(10, 10 * random_uniform(&r) - 5);
        for (size_t i = 0; i < 3; i++) loadings[i] = 0.01 + 0.03 * ((double)i + random_uniform(&r));
        const double part = 0.4 + 0.4 * random_uniform(&r);
        for (size_t run = 0; run < N_RUNS; run++) {
            const size_t problem = theta * N_RUNS + run;
            memcpy(k + problem * n_k, drawn, n_k * sizeof *drawn);
            mech_network_start(network, run < 3 ? 1 : part, run < 3 ? 0 : 1 - part, loadings[run % 3],
                               start + problem * n_species);
        }
    }
}

#endif
