#include "learn/inputs/run_inputs.h"

#include "learn/inputs/local_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = MOST_RUN_READINGS + 1, CARRIED_REACH = 2, LEAST_REACH = 2, MOST_REACH = 8 };

static const double conversion_levels[CONVERSION_LEVELS] = {0.03, 0.06, 0.1, 0.15, 0.2,  0.25, 0.3,  0.4,
                                                            0.5,  0.6,  0.7, 0.8,  0.85, 0.9,  0.95, 0.98};
static const double substrate_levels[SUBSTRATE_LEVELS] = {0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05};

/* What keeps logarithms and quotients finite. */
static const double LEAST_TIME = 0x1p-20, LEAST_LOADING = 0x1p-20, LEAST_SUBSTRATE = 0x1p-10, LEAST_NOISE = 0x1p-11,
                    LEAST_FREQUENCY = 0x1p-10, LEAST_CONVERSION = 0x1p-7, LARGEST = 1e6;

/* Starts that differ by no more are the same. */
static const double ALIKE = 0.02;

/* One run on its way to numbers. Row 0 of the arrays with a row for the start is t = 0, x = 0. */
typedef struct run_shape {
    size_t n;
    double s0, p0, cat;
    double time[MOST_ROWS], substrate[MOST_ROWS], product[MOST_ROWS], x[MOST_ROWS];
    double smoothed[MOST_ROWS], slope[MOST_ROWS], slope_error[MOST_ROWS], narrow[MOST_ROWS];
    size_t n_rising;                                          /* rows below */
    double rising_time[MOST_ROWS + 1], rising[MOST_ROWS + 1]; /* smoothed conversion that never falls */
    double noise;                                             /* of readings, in units of [S]0; negative: not known */
    double reached[CONVERSION_LEVELS], frequency[SUBSTRATE_LEVELS]; /* logarithms; NaN: not there */
} run_shape;

struct input_memory {
    run_shape runs[MECH_MOST_RUNS];
};

input_memory *mech_input_memory_new(void) { return calloc(1, sizeof(input_memory)); }

void mech_input_memory_free(input_memory *m) { free(m); }

size_t mech_input_rows(size_t n) { return n < MOST_RUN_READINGS ? n : MOST_RUN_READINGS; }

static double larger(double a, double b) { return a > b ? a : b; }

static double within(double x, double limit) { return x < -limit ? -limit : x > limit ? limit : x; }

static double signed_logarithm(double x) { return copysign(log1p(fabs(x)), x); }

static double log_time(double t) { return log(larger(t, LEAST_TIME)) / 4 + 0.75; }

static double log_turnover(double t_cat) { return (log(larger(t_cat, LEAST_TIME * LEAST_LOADING)) + 6) / 4; }

static double log_loading(double cat) { return (log(larger(cat, LEAST_LOADING)) + 4) / 3; }

static double log_error(double error) { return (log(error + LEAST_NOISE) + 5) / 2; }

/* The median of what was measured; NaN of nothing. */
static double measured_median(size_t n, const double *values, double *scratch) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) scratch[count++] = values[i];
    return count ? mech_median(count, scratch) : NAN;
}

/* Takes a run's readings, or the medians of stretches of them. Stretches are as long as memory allows: of very long
 * runs every so many readings. */
static void take_readings(const run_curve *c, run_shape *r) {
    enum { MOST_STRETCH = 64 };
    double chosen[MOST_STRETCH], scratch[MOST_STRETCH];
    r->n = mech_input_rows(c->n);
    r->s0 = c->s0;
    r->p0 = c->p0;
    r->cat = larger(c->cat, LEAST_LOADING);
    for (size_t k = 0; k < r->n; k++) {
        const size_t from = k * c->n / r->n, to = (k + 1) * c->n / r->n;
        const size_t every = (to - from + MOST_STRETCH - 1) / MOST_STRETCH;
        const double *columns[] = {c->time, c->substrate, c->product};
        double *const results[] = {r->time + k, r->substrate + k, r->product + k};
        for (int j = 0; j < 3; j++) {
            size_t count = 0;
            for (size_t i = from; i < to; i += every) chosen[count++] = columns[j][i];
            *results[j] = measured_median(count, chosen, scratch);
        }
    }
}

static double conversion_of(const run_shape *r, size_t i) {
    const double by_s = (r->s0 - r->substrate[i]) / r->s0, by_p = (r->product[i] - r->p0) / r->s0;
    if (isnan(by_p)) return isnan(by_s) ? 0 : by_s;
    return isnan(by_s) ? by_p : 0.5 * (by_s + by_p);
}

/* Slopes, noise and the curve that never falls. */
static void smooth(run_shape *r) {
    double t[MOST_ROWS + 1] = {0}, x[MOST_ROWS + 1] = {0}, scratch[MOST_ROWS + 1];
    /* The start is a point where no reading is there. */
    const size_t start = r->time[0] > 0 ? 1 : 0, n = r->n + start;
    for (size_t i = 0; i < r->n; i++) {
        r->x[i] = within(conversion_of(r, i), 10);
        t[i + start] = r->time[i];
        x[i + start] = r->x[i];
    }
    size_t reach = n / 8;
    reach = reach < LEAST_REACH ? LEAST_REACH : reach > MOST_REACH ? MOST_REACH : reach;
    for (size_t i = 0; i < r->n; i++) {
        const size_t at = i + start;
        const size_t from = at > reach ? at - reach : 0, to = at + reach < n ? at + reach + 1 : n;
        const size_t near_from = at > 0 ? at - 1 : 0, near_to = at + 1 < n ? at + 2 : n;
        const local_line wide = mech_local_line(to - from, t + from, x + from, at - from);
        r->smoothed[i] = within(wide.value, 10);
        r->slope[i] = within(wide.slope, LARGEST);
        r->slope_error[i] = within(wide.slope_error, LARGEST);
        r->narrow[i] =
            within(mech_local_line(near_to - near_from, t + near_from, x + near_from, at - near_from).slope, LARGEST);
    }
    const double noise = mech_curve_noise(n, t, x, scratch);
    r->noise = noise < 0 ? noise : noise * r->s0;
    r->n_rising = r->n + 1;
    r->rising_time[0] = 0;
    r->rising[0] = 0;
    for (size_t i = 0; i < r->n; i++) {
        r->rising_time[i + 1] = r->time[i];
        r->rising[i + 1] = larger(r->smoothed[i], 0);
    }
    mech_make_rising(r->n_rising, r->rising);
}

/* The row from which the rising curve comes to x or beyond with the next one, and how far on the way; false where it
 * does not come to it. */
static bool find_crossing(const run_shape *r, double x, size_t *row, double *share) {
    size_t low = 0, high = r->n_rising - 1;
    if (!(x > r->rising[0]) || r->rising[high] < x) return false;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (r->rising[middle] < x)
            low = middle;
        else
            high = middle;
    }
    *row = low;
    *share = (x - r->rising[low]) / (r->rising[high] - r->rising[low]);
    return true;
}

/* When a conversion was reached, NaN where it was not. */
static double time_at(const run_shape *r, double x) {
    size_t row;
    double share;
    if (!find_crossing(r, x, &row, &share)) return NAN;
    return r->rising_time[row] + share * (r->rising_time[row + 1] - r->rising_time[row]);
}

static double frequency_of(const run_shape *r, double slope) { return r->s0 * slope / r->cat; }

/* ln of the turnover frequency at an amount of S, NaN where S was never that; by the wide lines, of the first stretch
 * by that of the first reading. */
static double frequency_at(const run_shape *r, double s) {
    size_t row;
    double share;
    if (!find_crossing(r, 1 - s / r->s0, &row, &share)) return NAN;
    const double before = r->slope[row ? row - 1 : 0], after = r->slope[row];
    return log(larger(frequency_of(r, before + share * (after - before)), LEAST_FREQUENCY));
}

static bool same_start(const run_shape *a, const run_shape *b) {
    return fabs(a->s0 - b->s0) <= ALIKE && fabs(a->p0 - b->p0) <= ALIKE;
}

/* What other runs say of reading i of run r: the columns from READING_AHEAD on. */
static void compare_reading(const run_shape *runs, size_t n_runs, size_t r, size_t i, float *to) {
    const run_shape *own = &runs[r];
    const double x = own->rising[i + 1], t = larger(own->time[i], LEAST_TIME);
    const double s = own->s0 * (1 - x), frequency = log(larger(frequency_of(own, own->slope[i]), LEAST_FREQUENCY));
    double ahead = 0, compared = 0, loading_square = 0, along = 0, faster = 0, faster_compared = 0;
    for (size_t k = 0; k < n_runs; k++) {
        if (k == r) continue;
        const run_shape *other = &runs[k];
        if (same_start(own, other)) {
            const double there = time_at(other, x);
            if (isnan(there) || x < LEAST_CONVERSION) continue;
            const double by_time = within(log(larger(there, LEAST_TIME) / t), 6),
                         by_loading = log(other->cat / own->cat);
            ahead += within(by_time + by_loading, 2);
            loading_square += by_loading * by_loading;
            along += by_loading * by_time;
            compared++;
        } else {
            const double there = frequency_at(other, s);
            if (isnan(there)) continue;
            faster += within(there - frequency, 2);
            faster_compared++;
        }
    }
    to[READING_AHEAD] = (float)(compared > 0 ? ahead / compared : 0);
    /* Of loadings that differ by little the slope is not known, and goes to that of first order. */
    to[READING_ORDER] = (float)within((along + loading_square) / (loading_square + 0.02), 2);
    to[READING_COMPARED] = (float)(compared / 8);
    to[READING_FASTER] = (float)(faster_compared > 0 ? faster / faster_compared : 0);
    to[READING_FASTER_COMPARED] = (float)(faster_compared / 8);
}

static double missing_of(const run_shape *r, size_t i) { return r->s0 + r->p0 - r->substrate[i] - r->product[i]; }

/* The median of the differences near reading i; NaN where S and P were nowhere measured together. */
static double missing_median(const run_shape *r, size_t i, size_t reach) {
    double differences[MOST_ROWS];
    size_t count = 0;
    const size_t from = i > reach ? i - reach : 0, to = i + reach < r->n ? i + reach + 1 : r->n;
    for (size_t k = from; k < to; k++)
        if (!isnan(missing_of(r, k))) differences[count++] = missing_of(r, k);
    return count ? mech_median(count, differences) : NAN;
}

static double carried(const run_shape *r, double missing) {
    return isnan(missing) ? 0 : signed_logarithm(within(missing / r->cat, LARGEST));
}

static void fill_reading(const run_shape *r, size_t i, double set_noise, float *to) {
    const double t = r->time[i], before = i ? r->time[i - 1] : 0;
    const double frequency = frequency_of(r, r->slope[i]), error = frequency_of(r, r->slope_error[i]);
    const bool has_s = !isnan(r->substrate[i]), has_p = !isnan(r->product[i]);
    to[READING_TIME] = (float)t;
    to[READING_SUBSTRATE] = has_s ? (float)within(r->substrate[i], 10) : 0;
    to[READING_HAS_SUBSTRATE] = has_s;
    to[READING_PRODUCT] = has_p ? (float)within(r->product[i], 10) : 0;
    to[READING_HAS_PRODUCT] = has_p;
    to[READING_CONVERSION] = (float)r->x[i];
    to[READING_SMOOTHED] = (float)r->smoothed[i];
    to[READING_LOG_TIME] = (float)log_time(t);
    to[READING_LOG_TURNOVER] = (float)log_turnover(t * r->cat);
    to[READING_LOG_STEP] = (float)log_time(t - before);
    to[READING_LOG_LOADING] = (float)log_loading(r->cat);
    to[READING_S0] = (float)within(r->s0, 10);
    to[READING_P0] = (float)within(r->p0, 10);
    to[READING_LOG_SUBSTRATE] = (float)(log(larger(r->s0 * (1 - r->smoothed[i]), LEAST_SUBSTRATE)) / 4 + 0.75);
    to[READING_FREQUENCY] = (float)(signed_logarithm(frequency) / 4);
    to[READING_NARROW] = (float)(signed_logarithm(frequency_of(r, r->narrow[i])) / 4);
    to[READING_LOG_UNCERTAIN] = (float)(log1p(error) / 4);
    to[READING_SHAPE] = (float)within(t * r->slope[i] / larger(r->smoothed[i], LEAST_CONVERSION), 4);
    to[READING_CARRIED] = (float)carried(r, missing_of(r, i));
    to[READING_CARRIED_MEDIAN] = (float)carried(r, missing_median(r, i, CARRIED_REACH));
    to[READING_RESIDUAL] = (float)(signed_logarithm(r->s0 * (r->x[i] - r->smoothed[i]) / (set_noise + 0x1p-10)) / 2);
    to[READING_LOG_NOISE] = (float)log_error(larger(r->noise, 0));
}

/* The median over the runs of a number that not all have. */
static double median_over_runs(const run_shape *runs, size_t n_runs, size_t offset) {
    double values[MECH_MOST_RUNS], scratch[MECH_MOST_RUNS];
    for (size_t k = 0; k < n_runs; k++) memcpy(&values[k], (const char *)&runs[k] + offset, sizeof values[k]);
    return measured_median(n_runs, values, scratch);
}

static void fill_run(const run_shape *runs, size_t n_runs, size_t number, float *to) {
    const run_shape *r = &runs[number];
    double has_s = 0, has_p = 0;
    for (size_t i = 0; i < r->n; i++) {
        has_s += !isnan(r->substrate[i]);
        has_p += !isnan(r->product[i]);
    }
    to[RUN_LOG_LOADING] = (float)log_loading(r->cat);
    to[RUN_S0] = (float)within(r->s0, 10);
    to[RUN_P0] = (float)within(r->p0, 10);
    to[RUN_STANDARD] = fabs(r->s0 - 1) <= ALIKE && r->p0 <= ALIKE;
    to[RUN_LOG_READINGS] = (float)(log((double)r->n) / 4);
    to[RUN_LOG_END] = (float)log_time(r->time[r->n - 1]);
    to[RUN_LAST_CONVERSION] = (float)r->smoothed[r->n - 1];
    to[RUN_SUBSTRATE_SHARE] = (float)(has_s / (double)r->n);
    to[RUN_PRODUCT_SHARE] = (float)(has_p / (double)r->n);
    to[RUN_LOG_NOISE] = (float)log_error(larger(r->noise, 0));
    to[RUN_HAS_NOISE] = r->noise >= 0;
    to[RUN_FIRST_FREQUENCY] = (float)(signed_logarithm(frequency_of(r, r->slope[0])) / 4);
    to[RUN_LAST_FREQUENCY] = (float)(signed_logarithm(frequency_of(r, r->slope[r->n - 1])) / 4);
    to[RUN_CARRIED] = (float)carried(r, missing_median(r, 0, r->n));
    for (size_t j = 0; j < CONVERSION_LEVELS; j++) {
        const bool has = !isnan(r->reached[j]);
        const double median = median_over_runs(runs, n_runs, offsetof(run_shape, reached) + j * sizeof(double));
        to[RUN_REACHED + j] = has ? (float)((r->reached[j] + 6) / 4) : 0;
        to[RUN_HAS_REACHED + j] = has;
        to[RUN_BEHIND + j] = has ? (float)within(r->reached[j] - median, 4) : 0;
    }
    for (size_t j = 0; j < SUBSTRATE_LEVELS; j++) {
        const bool has = !isnan(r->frequency[j]);
        const double median = median_over_runs(runs, n_runs, offsetof(run_shape, frequency) + j * sizeof(double));
        to[RUN_FREQUENCY + j] = has ? (float)((r->frequency[j] + 2) / 4) : 0;
        to[RUN_HAS_FREQUENCY + j] = has;
        to[RUN_FASTER + j] = has ? (float)within(r->frequency[j] - median, 4) : 0;
    }
}

static double noise_of_set(const run_shape *runs, size_t n_runs) {
    double noises[MECH_MOST_RUNS];
    size_t count = 0;
    for (size_t k = 0; k < n_runs; k++)
        if (runs[k].noise >= 0) noises[count++] = runs[k].noise;
    return mech_median(count, noises);
}

static void fill_set(const run_shape *runs, size_t n_runs, const float *of_runs, const mech_told_errors *told,
                     double set_noise, float *to) {
    double squares = 0, count = 0, least = INFINITY, largest = 0, has_s = 0, has_p = 0;
    double distances[MECH_MOST_RUNS];
    size_t n_distances = 0;
    for (size_t k = 0; k < n_runs; k++) {
        const run_shape *r = &runs[k];
        least = r->cat < least ? r->cat : least;
        largest = larger(r->cat, largest);
        for (size_t i = 0; i < r->n; i++) {
            const double missing = missing_of(r, i);
            has_s += !isnan(r->substrate[i]);
            has_p += !isnan(r->product[i]);
            if (isnan(missing)) continue;
            const double outside = missing < 0 ? missing : missing > r->cat ? missing - r->cat : 0;
            squares += within(outside * outside, 100);
            count++;
        }
        double levels[CONVERSION_LEVELS];
        size_t n_levels = 0;
        for (size_t j = 0; j < CONVERSION_LEVELS; j++)
            if (!isnan(r->reached[j])) levels[n_levels++] = (double)of_runs[k * RUN_INPUTS + RUN_BEHIND + j];
        if (n_levels) distances[n_distances++] = fabs(mech_median(n_levels, levels));
    }
    to[SET_RUNS] = (float)n_runs / 8;
    to[SET_LOG_NOISE] = (float)log_error(set_noise);
    to[SET_LOG_BALANCE] = count > 0 ? (float)log_error(sqrt(squares / count)) : 0;
    to[SET_HAS_BALANCE] = count > 0;
    to[SET_HAS_SUBSTRATE] = has_s > 0;
    to[SET_HAS_PRODUCT] = has_p > 0;
    to[SET_SCATTER] = (float)mech_median(n_distances, distances);
    to[SET_LOADINGS] = (float)(log(largest / least) / 2);
    const mech_told_errors nothing = {.loading = NAN, .clock = NAN, .start = NAN, .noise = NAN};
    const mech_told_errors *t = told ? told : &nothing;
    const double errors[] = {t->loading, t->clock, t->start, t->noise};
    for (size_t j = 0; j < sizeof errors / sizeof errors[0]; j++) {
        const bool known = !isnan(errors[j]);
        to[SET_TOLD + j] = known ? (float)log_error(larger(errors[j], 0)) : 0;
        to[SET_IS_TOLD + j] = known;
    }
}

void mech_fill_inputs(input_memory *m, size_t n_runs, const run_curve *runs, const mech_told_errors *told,
                      float *of_set, float *of_runs, float *of_readings) {
    for (size_t k = 0; k < n_runs; k++) {
        run_shape *r = &m->runs[k];
        take_readings(&runs[k], r);
        smooth(r);
        for (size_t j = 0; j < CONVERSION_LEVELS; j++) {
            const double t = time_at(r, conversion_levels[j] / r->s0);
            r->reached[j] = isnan(t) ? NAN : log(larger(t, LEAST_TIME) * r->cat);
        }
        for (size_t j = 0; j < SUBSTRATE_LEVELS; j++) r->frequency[j] = frequency_at(r, substrate_levels[j]);
    }
    const double set_noise = noise_of_set(m->runs, n_runs);
    for (size_t k = 0; k < n_runs; k++) {
        fill_run(m->runs, n_runs, k, of_runs + k * RUN_INPUTS);
        for (size_t i = 0; i < m->runs[k].n; i++, of_readings += READING_INPUTS) {
            fill_reading(&m->runs[k], i, set_noise, of_readings);
            compare_reading(m->runs, n_runs, k, i, of_readings);
        }
    }
    fill_set(m->runs, n_runs, of_runs, told, set_noise, of_set);
}
