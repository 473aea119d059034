#include "experiment/view/noise.h"

#include "base/memory.h"
#include "base/numbers/quantiles.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ORDER = 4, FEWEST_DIFFERENCES = 3 };

/* The median of the absolute value of a standard normal. */
static const double NORMAL_MEDIAN = 0.6744897501960817;

/* The scaled divided difference of `order` + 1 readings: sum of w_j y_j / sqrt(sum of w_j^2) with w_j = 1 / product of
 * (t_j - t_m) over the other m. NaN where two of them share a time or one was not measured. Only ratios of times
 * matter, so these are taken in units of the readings' span. */
static double scaled_difference(size_t order, const double *time, const double *values) {
    const double span = time[order] - time[0];
    double sum = 0, squares = 0;
    for (size_t j = 0; j <= order; j++) {
        double weight = 1;
        for (size_t m = 0; m <= order; m++)
            if (m != j) weight *= span / (time[j] - time[m]);
        if (!isfinite(weight)) return NAN;
        sum += weight * values[j];
        squares += weight * weight;
    }
    return sum / sqrt(squares);
}

/* Adds |scaled differences| / scale of one series to those at differences[n]. */
static size_t add_differences(size_t order, size_t n_readings, const double *time, const double *values, double scale,
                              double *differences, size_t n) {
    for (size_t i = 0; values && i + order < n_readings; i++) {
        const double difference = fabs(scaled_difference(order, time + i, values + i)) / scale;
        if (isfinite(difference)) differences[n++] = difference;
    }
    return n;
}

static double deviation_of(size_t n, double *differences) {
    if (n < FEWEST_DIFFERENCES) return INFINITY;
    mech_sort_numbers(n, differences);
    return mech_quantile(n, differences, 0.5) / NORMAL_MEDIAN;
}

double mech_noise_of_runs(size_t n_runs, const mech_run *runs) {
    size_t most = 0, n_readings = 0;
    for (size_t i = 0; i < n_runs; i++) {
        n_readings += runs[i].n_readings;
        if (runs[i].n_readings > most) most = runs[i].n_readings;
    }
    double *differences = mech_allocate_array(2 * n_readings + 1, sizeof *differences);
    double *sums = mech_allocate_array(most + 1, sizeof *sums);
    double least = INFINITY;
    for (size_t order = 1; order <= MOST_ORDER && differences && sums; order++) {
        size_t n = 0;
        for (size_t i = 0; i < n_runs; i++) {
            const mech_run *run = &runs[i];
            n = add_differences(order, run->n_readings, run->time, run->substrate, 1, differences, n);
            n = add_differences(order, run->n_readings, run->time, run->product, 1, differences, n);
        }
        least = fmin(least, deviation_of(n, differences));
    }
    size_t n = 0;
    for (size_t i = 0; i < n_runs && differences && sums; i++) {
        const mech_run *run = &runs[i];
        if (!run->substrate || !run->product) continue;
        for (size_t j = 0; j < run->n_readings; j++) sums[j] = run->substrate[j] + run->product[j];
        n = add_differences(1, run->n_readings, run->time, sums, sqrt(2), differences, n);
    }
    if (differences && sums) least = fmin(least, deviation_of(n, differences));
    mech_release_array(differences);
    mech_release_array(sums);
    return isfinite(least) ? least : 0;
}

double mech_noise_of(const mech_run *run) { return mech_noise_of_runs(1, run); }
