/* Curves that bear noise and outliers: local lines, rising curves, medians. */
#ifndef MECH_LEARN_INPUTS_LOCAL_LINES_H
#define MECH_LEARN_INPUTS_LOCAL_LINES_H

#include <stddef.h>

/* A line near a point. */
typedef struct local_line {
    double value, slope; /* at the point */
    double slope_error;  /* standard error, by what is left of the deviations; 0 where there is nothing to tell */
} local_line;

/* The line through n points (t ascending) around point `at` by least squares, repeated twice with Tukey's weights
 * (1 - (r / 6 m)^2)^2 of the deviations r, m being their median size. */
local_line mech_local_line(size_t n, const double *t, const double *x, size_t at);

/* The nearest curve in the sense of least squares that never falls, in place of x[n] (pool adjacent violators). */
void mech_make_rising(size_t n, double *x);

/* The median of x[n], which is reordered; 0 of none. */
double mech_median(size_t n, double *x);

/* Standard deviation of the noise of x[n] at t[n] ascending: from the medians of the distances of each point from the
 * line between its neighbours. Negative where there are fewer than three points. scratch[n]. */
double mech_curve_noise(size_t n, const double *t, const double *x, double *scratch);

#endif
