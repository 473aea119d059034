#include "judge/distances/principal_axes.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

enum { ITERATIONS = 20 };

/* The covariance [length][length] of the points; row[length] is working memory. */
static void find_covariance(size_t n, size_t length, const double *points, const double *mean, double *row,
                            double *covariance) {
    for (size_t i = 0; i < n; i++) {
        for (size_t a = 0; a < length; a++) row[a] = points[i * length + a] - mean[a];
        for (size_t a = 0; a < length; a++)
            for (size_t b = 0; b <= a; b++) covariance[a * length + b] += row[a] * row[b];
    }
    for (size_t a = 0; a < length; a++)
        for (size_t b = 0; b < a; b++) covariance[b * length + a] = covariance[a * length + b];
}

static double column_product(size_t length, size_t n_axes, const double *axes, size_t a, size_t b) {
    double sum = 0;
    for (size_t i = 0; i < length; i++) sum += axes[i * n_axes + a] * axes[i * n_axes + b];
    return sum;
}

/* Makes the columns orthonormal one after the other; a column that is left with nothing but rounding becomes 0. */
static void orthonormalise(size_t length, size_t n_axes, double *axes) {
    for (size_t c = 0; c < n_axes; c++) {
        const double before = sqrt(column_product(length, n_axes, axes, c, c));
        /* Twice, and what rounding leaves of the first time is gone. */
        for (int pass = 0; pass < 2; pass++)
            for (size_t earlier = 0; earlier < c; earlier++) {
                const double share = column_product(length, n_axes, axes, earlier, c);
                for (size_t i = 0; i < length; i++) axes[i * n_axes + c] -= share * axes[i * n_axes + earlier];
            }
        const double left = sqrt(column_product(length, n_axes, axes, c, c));
        const double scale = left > 1e-9 * before && left > 1e-150 ? 1 / left : 0;
        for (size_t i = 0; i < length; i++) axes[i * n_axes + c] *= scale;
    }
}

bool mech_principal_axes(size_t n, size_t length, const double *points, size_t n_axes, double *mean, double *axes) {
    double *covariance = mech_allocate_array(length, length * sizeof *covariance);
    double *next = mech_allocate_array(length, n_axes * sizeof *next), *row = mech_allocate_array(length, sizeof *row);
    const bool memory = covariance && next && row;
    if (memory) {
        memset(mean, 0, length * sizeof *mean);
        for (size_t i = 0; i < n; i++)
            for (size_t a = 0; a < length; a++) mean[a] += points[i * length + a] / (double)n;
        find_covariance(n, length, points, mean, row, covariance);
        random_stream r = mech_random_open(0, RANDOM_SUBSET, 1, 0);
        for (size_t i = 0; i < length * n_axes; i++) axes[i] = mech_random_normal(&r);
    }
    for (int iteration = 0; memory && iteration < ITERATIONS; iteration++) {
        memset(next, 0, length * n_axes * sizeof *next);
        for (size_t a = 0; a < length; a++)
            for (size_t b = 0; b < length; b++)
                for (size_t c = 0; c < n_axes; c++)
                    next[a * n_axes + c] += covariance[a * length + b] * axes[b * n_axes + c];
        memcpy(axes, next, length * n_axes * sizeof *axes);
        orthonormalise(length, n_axes, axes);
    }
    mech_release_array(covariance);
    mech_release_array(next);
    mech_release_array(row);
    return memory;
}
