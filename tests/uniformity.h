/* Tests of distributions, for test programs. All draws are fixed by a seed, so that a test either always passes or
 * always fails; the levels say how unlikely a right program would have been to fail when the test was written. */
#ifndef MECH_TESTS_UNIFORMITY_H
#define MECH_TESTS_UNIFORMITY_H

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static inline int compare_doubles(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov & Smirnov: sqrt(n) times the largest distance between the distribution of values[n], which are sorted, and
 * the uniform one on [low, high]. Beyond 1.95 with probability 0.001. */
static inline double uniformity_distance(double *values, size_t n, double low, double high) {
    double largest = 0;
    qsort(values, n, sizeof *values, compare_doubles);
    for (size_t i = 0; i < n; i++) {
        const double expected = (values[i] - low) / (high - low);
        largest = fmax(largest, fmax(expected - (double)i / (double)n, (double)(i + 1) / (double)n - expected));
    }
    return sqrt((double)n) * largest;
}

static const double UNIFORM_AT_0_001 = 1.95;

/* Kolmogorov & Smirnov for two samples: the largest distance between the distributions of a[n] and b[m], which are
 * sorted, times sqrt(n m / (n + m)). Beyond x with a probability of about 2 exp(-2 x²). */
static inline double distribution_distance(double *a, size_t n, double *b, size_t m) {
    double largest = 0;
    qsort(a, n, sizeof *a, compare_doubles);
    qsort(b, m, sizeof *b, compare_doubles);
    for (size_t i = 0, j = 0; i < n && j < m;) {
        const double x = fmin(a[i], b[j]);
        while (i < n && a[i] <= x) i++;
        while (j < m && b[j] <= x) j++;
        largest = fmax(largest, fabs((double)i / (double)n - (double)j / (double)m));
    }
    return sqrt((double)n * (double)m / (double)(n + m)) * largest;
}

/* Pearson's statistic of counts[n_bins] that should all be alike. Its mean is n_bins - 1 and its standard deviation
 * sqrt(2 (n_bins - 1)). */
static inline double chi_squared(const size_t *counts, size_t n_bins) {
    double sum = 0, statistic = 0;
    for (size_t i = 0; i < n_bins; i++) sum += (double)counts[i];
    for (size_t i = 0; i < n_bins; i++) {
        const double expected = sum / (double)n_bins, difference = (double)counts[i] - expected;
        statistic += difference * difference / expected;
    }
    return statistic;
}

#endif
