/* The times at which the solver's accuracy is measured, in the test and at greater length in the benchmark; the
 * runs are those of data/generation/prior_runs.h. */
#ifndef TESTS_ACCURACY_TIMES_H
#define TESTS_ACCURACY_TIMES_H

#include "data/generation/prior_runs.h"

#include <math.h>
#include <stdlib.h>

enum { N_UNIFORM = 101, N_LOGARITHMIC = 30, N_TIMES = N_UNIFORM + N_LOGARITHMIC };

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

#endif
