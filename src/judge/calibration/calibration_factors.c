/* What the temperature of an adaptive calibration follows: how sure the network is, how many points it saw, and how
 * noisy they look. */
#include "data/samples/augment.h"
#include "judge/calibration/calibration.h"

#include <math.h>

static const double entropy_knots[ENTROPY_KNOTS] = {0, 0.5, 1.5, 2.5};           /* nats */
static const double points_knots[POINTS_KNOTS] = {0.693147, 1.791759, 2.995732}; /* ln 2, ln 6, ln 20 */
static const double noise_levels[NOISE_LEVELS] = {0, 0.005, 0.01, 0.02, 0.05};   /* of [S]0 */

/* Of run sets: readings of all runs together, ln 8, ln 40, ln 200; ln of the noise in units of the standard [S]0,
 * 0.001, 0.0025, 0.006, 0.015, 0.04 and 0.1. */
static const double readings_knots[POINTS_KNOTS] = {2.079442, 3.688879, 5.298317};
static const double set_noise_knots[NOISE_STATES] = {-6.907755, -5.991465, -5.115996, -4.199705, -3.218876, -2.302585};

/* A run's imbalances may be anything once in so many times: no single one decides. */
static const double STRAY = 0.05;

/* Less than this, in units of [S]0, is rounding: S or P was computed from the other. */
static const double ROUNDING = 1e-5;

/* A number between two knots and the share of the upper one; outside, the nearest knot. */
typedef struct between {
    size_t lower, n; /* knots lower, ..., lower + n - 1 */
    double share[2];
} between;

static between find_between(size_t n_knots, const double *knots, double x) {
    size_t i = 0;
    if (!(x > knots[0])) return (between){0, 1, {1, 0}};
    while (i + 1 < n_knots && x >= knots[i + 1]) i++;
    if (i + 1 == n_knots) return (between){i, 1, {1, 0}};
    const double above = (x - knots[i]) / (knots[i + 1] - knots[i]);
    return (between){i, 2, {1 - above, above}};
}

/* (S + P) at a time minus (S + P) at t = 0. */
static double imbalance(const float *run, size_t time) {
    const float *at = run + time * SAMPLE_ROW;
    return (double)at[1] + (double)at[2] - (double)run[1] - (double)run[2];
}

/* Whether a run tells of its noise: S and P were measured, and neither was computed from the other. */
static bool tells_noise(size_t n_times, const float *run) {
    double largest = 0;
    for (size_t i = 1; i < n_times; i++) {
        const double off = imbalance(run, i);
        if (!isfinite(off)) return false;
        largest = fmax(largest, fabs(off));
    }
    return largest > ROUNDING;
}

static double gauss_above(double x) { return 0.5 * erfc(x / 1.4142135623730951); }

/* The chance density of an imbalance: the catalyst holds some substrate, any amount up to its loading, and S and P each
 * add their noise; a uniform number folded with a Gaussian. */
static double density(double off, double loading, double noise) {
    const double spread = sqrt(2) * fmax(noise, 1e-3), wide = loading + spread;
    const double folded = (gauss_above(off / spread) - gauss_above((off + loading) / spread)) / loading;
    const double stray = exp(-0.5 * off * off / (wide * wide)) / (wide * 2.5066282746310002);
    return (1 - STRAY) * folded + STRAY * stray;
}

bool mech_judge_noise(size_t n_times, const float *x1, const float *x2, double probabilities[NOISE_LEVELS]) {
    bool tells = false;
    double highest = -INFINITY, sum = 0;
    for (int level = 0; level < NOISE_LEVELS; level++) probabilities[level] = 0;
    for (size_t run = 0; run < SAMPLE_LOADINGS; run++) {
        const float *series = run_of_sample(x2, run);
        const double loading = fmin(fmax((double)x1[run], 1e-3), 1);
        if (!tells_noise(n_times, series)) continue;
        tells = true;
        for (int level = 0; level < NOISE_LEVELS; level++)
            for (size_t i = 1; i < n_times; i++)
                probabilities[level] += log(density(imbalance(series, i), loading, noise_levels[level]) + 1e-300);
    }
    for (int level = 0; level < NOISE_LEVELS; level++) highest = fmax(highest, probabilities[level]);
    for (int level = 0; level < NOISE_LEVELS; level++) {
        probabilities[level] = exp(probabilities[level] - highest);
        sum += probabilities[level];
    }
    for (int level = 0; level < NOISE_LEVELS; level++) probabilities[level] /= sum;
    return tells;
}

static double entropy_of(size_t n_labels, const double *z) {
    double entropy = 0;
    for (size_t c = 0; c < n_labels; c++) entropy -= exp(z[c]) * z[c];
    return entropy;
}

void mech_find_factors(const calibration *c, const double *z, size_t n_times, const float *x1, const float *x2,
                       bool hide_noise, factors *f) {
    f->n = 0;
    if (c->method == MECH_CALIBRATION_TEMPERATURE) f->of[f->n++] = (factor){0, 1};
    if (c->method != MECH_CALIBRATION_ADAPTIVE) return;
    double noise[NOISE_STATES] = {0};
    const bool tells = !hide_noise && mech_judge_noise(n_times, x1, x2, noise);
    const between sure = find_between(ENTROPY_KNOTS, entropy_knots, entropy_of(c->n_labels, z));
    const between points = find_between(POINTS_KNOTS, points_knots, n_times > 1 ? log((double)(n_times - 1)) : 0);
    for (size_t e = 0; e < sure.n; e++)
        for (size_t p = 0; p < points.n; p++)
            for (size_t state = tells ? 0 : NOISE_LEVELS; state < (tells ? NOISE_LEVELS : NOISE_STATES); state++) {
                const size_t place = ((sure.lower + e) * POINTS_KNOTS + points.lower + p) * NOISE_STATES + state;
                f->of[f->n++] = (factor){place, sure.share[e] * points.share[p] * (tells ? noise[state] : 1)};
            }
}

void mech_find_set_factors(const calibration *c, const double *z, size_t n_readings, double noise, factors *f) {
    f->n = 0;
    if (c->method == MECH_CALIBRATION_TEMPERATURE) f->of[f->n++] = (factor){0, 1};
    if (c->method != MECH_CALIBRATION_ADAPTIVE) return;
    const between sure = find_between(ENTROPY_KNOTS, entropy_knots, entropy_of(c->n_labels, z));
    const between readings = find_between(POINTS_KNOTS, readings_knots, log(fmax((double)n_readings, 1)));
    const between noises = find_between(NOISE_STATES, set_noise_knots, log(fmax(noise, 1e-6)));
    for (size_t e = 0; e < sure.n; e++)
        for (size_t r = 0; r < readings.n; r++)
            for (size_t s = 0; s < noises.n; s++) {
                const size_t knot = (sure.lower + e) * POINTS_KNOTS + readings.lower + r;
                f->of[f->n++] = (factor){knot * NOISE_STATES + noises.lower + s,
                                         sure.share[e] * readings.share[r] * noises.share[s]};
            }
}
