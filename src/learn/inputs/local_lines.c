#include "learn/inputs/local_lines.h"

#include "base/numbers/spread.h"

#include <math.h>

enum { MOST_POINTS = 32, REPEATS = 2 };

/* Deviations of so many median sizes count no more. */
static const double OUTLYING = 6;

double mech_median(size_t n, double *x) {
    if (!n) return 0;
    for (size_t i = 1; i < n; i++) {
        const double v = x[i];
        size_t j = i;
        for (; j > 0 && x[j - 1] > v; j--) x[j] = x[j - 1];
        x[j] = v;
    }
    return n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

/* Sums of weighted least squares around the mean. */
typedef struct line_sums {
    double weight, t, x, tt, slope;
} line_sums;

static line_sums fit_line(size_t n, const double *t, const double *x, const double *weights) {
    line_sums s = {0};
    double tx = 0;
    for (size_t i = 0; i < n; i++) {
        s.weight += weights[i];
        s.t += weights[i] * t[i];
        s.x += weights[i] * x[i];
    }
    if (s.weight > 0) {
        s.t /= s.weight;
        s.x /= s.weight;
    }
    for (size_t i = 0; i < n; i++) {
        s.tt += weights[i] * (t[i] - s.t) * (t[i] - s.t);
        tx += weights[i] * (t[i] - s.t) * (x[i] - s.x);
    }
    s.slope = s.tt > 0 ? tx / s.tt : 0;
    return s;
}

local_line mech_local_line(size_t n, const double *t, const double *x, size_t at) {
    double weights[MOST_POINTS] = {0}, sizes[MOST_POINTS];
    if (n > MOST_POINTS) n = MOST_POINTS;
    for (size_t i = 0; i < n; i++) weights[i] = 1;
    line_sums s = fit_line(n, t, x, weights);
    for (int repeat = 0; repeat < REPEATS && n > 3; repeat++) {
        for (size_t i = 0; i < n; i++) sizes[i] = fabs(x[i] - s.x - s.slope * (t[i] - s.t));
        const double reach = OUTLYING * mech_median(n, sizes);
        if (!(reach > 0)) break;
        for (size_t i = 0; i < n; i++) {
            const double r = (x[i] - s.x - s.slope * (t[i] - s.t)) / reach;
            weights[i] = fabs(r) < 1 ? (1 - r * r) * (1 - r * r) : 0;
        }
        s = fit_line(n, t, x, weights);
    }
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        const double r = x[i] - s.x - s.slope * (t[i] - s.t);
        squares += weights[i] * r * r;
    }
    const double freedom = s.weight - 2;
    return (local_line){.value = s.x + s.slope * (t[at] - s.t),
                        .slope = s.slope,
                        .slope_error = freedom > 0 && s.tt > 0 ? sqrt(squares / freedom / s.tt) : 0};
}

void mech_make_rising(size_t n, double *x) {
    /* Blocks of equal values: where each begins; their means stand at their beginnings. */
    size_t begins[128], n_blocks = 0;
    for (size_t i = 0; i < n && n <= 128; i++) {
        begins[n_blocks++] = i;
        for (size_t end = i + 1; n_blocks > 1 && x[begins[n_blocks - 2]] > x[begins[n_blocks - 1]]; n_blocks--) {
            const size_t a = begins[n_blocks - 2], b = begins[n_blocks - 1];
            x[a] = (x[a] * (double)(b - a) + x[b] * (double)(end - b)) / (double)(end - a);
        }
    }
    for (size_t k = 0; k < n_blocks; k++) {
        const size_t end = k + 1 < n_blocks ? begins[k + 1] : n;
        for (size_t i = begins[k] + 1; i < end; i++) x[i] = x[begins[k]];
    }
}

double mech_curve_noise(size_t n, const double *t, const double *x, double *scratch) {
    if (n < 3) return -1;
    for (size_t i = 1; i + 1 < n; i++) {
        const double length = t[i + 1] - t[i - 1], share = length > 0 ? (t[i] - t[i - 1]) / length : 0.5;
        const double between = (1 - share) * x[i - 1] + share * x[i + 1];
        scratch[i - 1] = fabs(x[i] - between) / sqrt(1 + share * share + (1 - share) * (1 - share));
    }
    return mech_robust_deviation(n - 2, scratch);
}
