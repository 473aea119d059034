#include "data/runs/noise.h"

#include "base/memory.h"
#include "base/numbers/spread.h"

#include <math.h>

enum { MOST_ORDER = 4, FEWEST_DIFFERENCES = 3, MOST_DIFFERENCES = 1000 };

/* A sum of S and P this much smoother than they are was not measured. */
static const double COMPUTED = 0.01;

/* The readings of a series that were measured, and room for the sizes of their differences. */
typedef struct noise_work {
    const double *time, *x, *y; /* [n]: x, or x + y where there are both */
    size_t n;
    double *packed;            /* [3][most]: time, x and y of a series with gaps; NULL before there is one */
    size_t most;               /* readings of a run */
    double *sizes[MOST_ORDER]; /* of the differences of each order */
    size_t n_sizes[MOST_ORDER];
    bool failed; /* memory was short */
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

/* Takes x, or x + y where both are given, of one run. What has no gaps is looked at where it stands. */
static void take_series(noise_work *w, const mech_run *run, const double *x, const double *y) {
    size_t n_gaps = 0;
    for (size_t i = 0; x && i < run->n_readings; i++) n_gaps += isnan(x[i]) || (y && isnan(y[i]));
    w->time = run->time;
    w->x = x;
    w->y = y;
    w->n = x ? run->n_readings : 0;
    if (!n_gaps) return;
    if (!w->packed) w->packed = mech_allocate_array(3 * w->most, sizeof *w->packed);
    w->n = 0;
    if (!w->packed) {
        w->failed = true;
        return;
    }
    double *time = w->packed, *of_x = time + w->most, *of_y = of_x + w->most;
    for (size_t i = 0; i < run->n_readings; i++) {
        if (isnan(x[i]) || (y && isnan(y[i]))) continue;
        time[w->n] = run->time[i];
        of_x[w->n] = x[i];
        of_y[w->n++] = y ? y[i] : 0;
    }
    w->time = time;
    w->x = of_x;
    w->y = y ? of_y : NULL;
}

/* Adds |scaled differences| / scale of the series taken. */
static void add_differences(noise_work *w, size_t order, double scale) {
    const size_t step = 1 + w->n / MOST_DIFFERENCES;
    for (size_t i = 0; i + order < w->n; i += step) {
        double values[MOST_ORDER + 1];
        for (size_t k = 0; k <= order; k++) values[k] = w->y ? w->x[i + k] + w->y[i + k] : w->x[i + k];
        const double size = fabs(scaled_difference(order, w->time + i, values)) / scale;
        if (isfinite(size)) w->sizes[order - 1][w->n_sizes[order - 1]++] = size;
    }
}

static double deviation_of(noise_work *w, size_t order) {
    const size_t n = w->n_sizes[order - 1];
    w->n_sizes[order - 1] = 0;
    return n < FEWEST_DIFFERENCES ? NAN : mech_robust_deviation(n, w->sizes[order - 1]);
}

static double find_noise(noise_work *w, size_t n_runs, const mech_run *runs) {
    double least = NAN;
    for (size_t i = 0; i < n_runs; i++) {
        take_series(w, &runs[i], runs[i].substrate, NULL);
        for (size_t order = 1; order <= MOST_ORDER; order++) add_differences(w, order, 1);
        take_series(w, &runs[i], runs[i].product, NULL);
        for (size_t order = 1; order <= MOST_ORDER; order++) add_differences(w, order, 1);
    }
    for (size_t order = 1; order <= MOST_ORDER; order++) least = fmin(least, deviation_of(w, order));
    for (size_t i = 0; i < n_runs; i++) {
        if (!runs[i].substrate || !runs[i].product) continue;
        take_series(w, &runs[i], runs[i].substrate, runs[i].product);
        add_differences(w, 1, sqrt(2));
    }
    const double of_sums = deviation_of(w, 1);
    return of_sums < COMPUTED * least ? least : fmin(least, of_sums);
}

double mech_noise_of_runs(size_t n_runs, const mech_run *runs) {
    size_t most = 1, room = 1;
    for (size_t i = 0; i < n_runs; i++) {
        const size_t n = runs[i].n_readings;
        room += 2 * (n < MOST_DIFFERENCES ? n : MOST_DIFFERENCES);
        if (n > most) most = n;
    }
    noise_work w = {.most = most};
    double *sizes = mech_allocate_array(MOST_ORDER * room, sizeof *sizes);
    for (size_t order = 0; sizes && order < MOST_ORDER; order++) w.sizes[order] = sizes + order * room;
    const double found = sizes ? find_noise(&w, n_runs, runs) : NAN;
    mech_release_array(w.packed);
    mech_release_array(sizes);
    return w.failed ? NAN : found;
}

double mech_noise_of(const mech_run *run) { return mech_noise_of_runs(1, run); }
