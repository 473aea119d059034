#include "data/runs/noise.h"

#include "base/memory.h"
#include "base/numbers/spread.h"

#include <math.h>

enum { MOST_ORDER = 4, FEWEST_DIFFERENCES = 3, MOST_DIFFERENCES = 5000 };

/* A sum of S and P this much smoother than they are was not measured. */
static const double COMPUTED = 0.01;

/* The readings of a series that were measured, and room for the sizes of their differences. */
typedef struct noise_work {
    double *time, *values;
    size_t n;
    double *sizes;
    size_t n_sizes;
} noise_work;

/* The scaled divided difference of `order` + 1 readings: sum of w_j y_j / sqrt(sum of w_j^2) with w_j = 1 / product of
 * (t_j - t_m) over the other m. NaN where two of them share a time. Only ratios of times matter, so these are taken in
 * units of the readings' span. */
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

/* Takes x, or x + y where both are given, of one run. */
static void take_series(noise_work *w, const mech_run *run, const double *x, const double *y) {
    w->n = 0;
    for (size_t i = 0; x && i < run->n_readings; i++) {
        const double value = y ? x[i] + y[i] : x[i];
        if (isnan(value)) continue;
        w->time[w->n] = run->time[i];
        w->values[w->n++] = value;
    }
}

/* Adds |scaled differences| / scale of the series taken. */
static void add_differences(noise_work *w, size_t order, double scale) {
    const size_t step = 1 + w->n / MOST_DIFFERENCES;
    for (size_t i = 0; i + order < w->n; i += step) {
        const double size = fabs(scaled_difference(order, w->time + i, w->values + i)) / scale;
        if (isfinite(size)) w->sizes[w->n_sizes++] = size;
    }
}

static double deviation_of(noise_work *w) {
    const double found = w->n_sizes < FEWEST_DIFFERENCES ? NAN : mech_robust_deviation(w->n_sizes, w->sizes);
    w->n_sizes = 0;
    return found;
}

static double find_noise(noise_work *w, size_t n_runs, const mech_run *runs) {
    double least = NAN;
    for (size_t order = 1; order <= MOST_ORDER; order++) {
        for (size_t i = 0; i < n_runs; i++) {
            take_series(w, &runs[i], runs[i].substrate, NULL);
            add_differences(w, order, 1);
            take_series(w, &runs[i], runs[i].product, NULL);
            add_differences(w, order, 1);
        }
        least = fmin(least, deviation_of(w));
    }
    for (size_t i = 0; i < n_runs; i++) {
        if (!runs[i].substrate || !runs[i].product) continue;
        take_series(w, &runs[i], runs[i].substrate, runs[i].product);
        add_differences(w, 1, sqrt(2));
    }
    const double of_sums = deviation_of(w);
    return of_sums < COMPUTED * least ? least : fmin(least, of_sums);
}

double mech_noise_of_runs(size_t n_runs, const mech_run *runs) {
    size_t most = 1, room = 1;
    for (size_t i = 0; i < n_runs; i++) {
        const size_t n = runs[i].n_readings;
        room += 2 * (n < MOST_DIFFERENCES ? n : MOST_DIFFERENCES);
        if (n > most) most = n;
    }
    noise_work w = {.time = mech_allocate_array(most, sizeof *w.time),
                    .values = mech_allocate_array(most, sizeof *w.values),
                    .sizes = mech_allocate_array(room, sizeof *w.sizes)};
    const double found = w.time && w.values && w.sizes ? find_noise(&w, n_runs, runs) : NAN;
    mech_release_array(w.time);
    mech_release_array(w.values);
    mech_release_array(w.sizes);
    return found;
}

double mech_noise_of(const mech_run *run) { return mech_noise_of_runs(1, run); }
