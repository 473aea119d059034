/* The shape of a sample of fixed shape: four runs side by side, t, S, P of each. What lies above src/data takes samples
 * apart with the functions below and does not count runs or columns. */
#ifndef MECH_DATA_CONDITIONS_LAYOUT_H
#define MECH_DATA_CONDITIONS_LAYOUT_H

#include <stddef.h>

enum { N_RUNS = 4, RUN_COLUMNS = 3, SAMPLE_COLUMNS = N_RUNS * RUN_COLUMNS };

/* What a network of samples reads beside the series, and at each time: numbers of x1 and of a row of x2. */
enum { SAMPLE_LOADINGS = N_RUNS, SAMPLE_ROW = SAMPLE_COLUMNS, SAMPLE_CURVES = 2 * N_RUNS };

/* Numbers of the readings of n samples. */
static inline size_t sample_size(size_t n, size_t n_times) { return n * n_times * SAMPLE_ROW; }

/* The loadings, and the readings [n_times][SAMPLE_ROW], of sample i. */
static inline const float *loadings_of_sample(const float *x1, size_t i) { return x1 + i * SAMPLE_LOADINGS; }
static inline const float *readings_of_sample(const float *x2, size_t n_times, size_t i) {
    return x2 + sample_size(i, n_times);
}

/* t, S and P of a run of these at t = 0; those of the next time stand SAMPLE_ROW further. */
static inline const float *run_of_sample(const float *readings, size_t run) { return readings + run * RUN_COLUMNS; }

#endif
