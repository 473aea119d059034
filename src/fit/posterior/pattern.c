/* Whether deviations leave a pattern. */
#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/cholesky.h"
#include "base/random.h"
#include "fit/posterior/pattern_scores.h"
#include "fit/posterior/posterior.h"

#include <math.h>
#include <string.h>

/* Deviations count for no more than so many times the noise. */
static const double MOST = 3;

typedef struct pattern {
    const fit_space *s;
    size_t n, n_columns;
    double *values, *pull, *weight, *derivatives;
    double *precision; /* [n][n]: of the whole point, then its factor */
    const error_spreads *level;
} pattern;

static size_t column_place(const fit_space *s, size_t r, size_t column) {
    if (column < s->n_theta) return column;
    if (column < s->n_theta + RUN_ERRORS) return mech_fit_run_errors(s, r) + column - s->n_theta;
    return mech_fit_shared_errors(s) + column - s->n_theta - RUN_ERRORS;
}

/* Whether a column's parameter may move: an error without spread may not. */
static bool moves(const pattern *p, size_t column) {
    return column < p->s->n_theta || p->level->spread[column - p->s->n_theta] > 0;
}

/* The row of a reading's derivatives by the whole point. */
static void spread_row(const pattern *p, size_t r, size_t i, double *row) {
    memset(row, 0, p->n * sizeof *row);
    for (size_t j = 0; j < p->n_columns; j++)
        if (moves(p, j)) row[column_place(p->s, r, j)] = p->derivatives[i * p->n_columns + j];
}

/* J'WJ and the prior's part. False where it cannot be factorised. */
static bool find_precision(pattern *p, const theta_prior *known, const double *x) {
    const fit_space *s = p->s;
    const size_t n = p->n, own = RUN_ERRORS * s->data->n_runs;
    double curvature[FIT_MOST_THETA * FIT_MOST_THETA], row[FIT_MOST_POINT];
    memset(p->precision, 0, n * n * sizeof *p->precision);
    mech_theta_kernel_log(known, x, x, NULL, curvature);
    for (size_t j = 0; j < s->n_theta; j++)
        for (size_t k = 0; k < s->n_theta; k++) p->precision[j * n + k] = curvature[j * s->n_theta + k];
    for (size_t r = 0; r < s->data->n_runs; r++)
        for (size_t i = s->data->runs[r].first; i < s->data->runs[r].first + s->data->runs[r].n; i++) {
            spread_row(p, r, i, row);
            for (size_t j = 0; j < n; j++)
                for (size_t k = 0; k <= j && row[j] != 0; k++)
                    p->precision[j * n + k] += p->weight[i] * row[j] * row[k];
        }
    for (size_t e = 0; e < s->n_errors; e++) {
        const double spread = p->level->spread[e < own ? e % RUN_ERRORS : e - own + RUN_ERRORS];
        const size_t j = s->n_theta + e;
        p->precision[j * n + j] += spread > 0 ? 1 / (spread * spread) : 1;
    }
    return mech_cholesky(n, p->precision);
}

/* The score of deviations e[data->n]: sum(z_i z_(i+1)) over neighbouring readings of each run and species by the root
 * of sum(z_i^2 z_(i+1)^2), z being deviations in units of the noise. */
static double score(const pattern *p, const double *scale, const double *e) {
    const observations *data = p->s->data;
    double sum = 0, variance = 0;
    for (size_t r = 0; r < data->n_runs; r++) {
        double previous[READING_KINDS] = {0};
        for (size_t i = data->runs[r].first; i < data->runs[r].first + data->runs[r].n; i++) {
            const double z = fmin(fmax(e[i] / scale[i], -MOST), MOST);
            double *before = &previous[data->all[i].of];
            sum += z * *before;
            variance += z * z * *before * *before;
            *before = z;
        }
    }
    return variance > 0 ? sum / sqrt(variance) : 0;
}

/* Takes out of e[data->n] what fitting takes: e - J (J'WJ + prior)^-1 J'W e, to first order. */
static void fit_away(const pattern *p, double *e) {
    const observations *data = p->s->data;
    double step[FIT_MOST_POINT] = {0}, row[FIT_MOST_POINT];
    for (size_t r = 0; r < data->n_runs; r++)
        for (size_t i = data->runs[r].first; i < data->runs[r].first + data->runs[r].n; i++) {
            spread_row(p, r, i, row);
            for (size_t j = 0; j < p->n; j++) step[j] += p->weight[i] * e[i] * row[j];
        }
    mech_cholesky_solve(p->n, p->precision, step);
    for (size_t r = 0; r < data->n_runs; r++)
        for (size_t i = data->runs[r].first; i < data->runs[r].first + data->runs[r].n; i++) {
            spread_row(p, r, i, row);
            for (size_t j = 0; j < p->n; j++) e[i] -= row[j] * step[j];
        }
}

/* The score in units of what it is for noise alone, fitted in the same way: mean and standard deviation of so many
 * simulated ones. work[2 * data->n]. */
static double standard_score(const pattern *p, const noise_level *noise, double *work) {
    enum { N_SIMULATED = 200 };
    const observations *data = p->s->data;
    const double unit = mech_noise_deviation(noise) / noise->additive;
    double *scale = work, *e = work + data->n, mean = 0, square = 0;
    for (size_t i = 0; i < data->n; i++) {
        scale[i] = unit * hypot(noise->additive, noise->proportional * data->all[i].value);
        e[i] = p->values[i] - data->all[i].value;
    }
    const double measured = score(p, scale, e);
    random_stream r = mech_random_open(0, RANDOM_FIT, 0, 2);
    for (size_t k = 0; k < N_SIMULATED; k++) {
        for (size_t i = 0; i < data->n; i++) e[i] = scale[i] * mech_random_normal(&r);
        fit_away(p, e);
        const double simulated = score(p, scale, e);
        mean += simulated / N_SIMULATED;
        square += simulated * simulated / N_SIMULATED;
    }
    const double spread = sqrt(fmax(square - mean * mean, 0));
    return spread > 0 ? (measured - mean) / spread : 0;
}

mech_status mech_posterior_pattern(const fit_space *s, const theta_prior *known, const error_spreads *level,
                                   const double *x, const noise_level *noise, double rtol, double *z,
                                   mech_error *error) {
    const size_t rows = s->data->n;
    pattern p = {.s = s, .n = s->n, .n_columns = mech_fit_n_columns(s, DERIVATIVES_BY_ALL), .level = level};
    bool ok = false;
    *z = 0;
    p.values = mech_allocate_array(rows * (5 + p.n_columns) + p.n * p.n, sizeof *p.values);
    if (!p.values) return mech_fail_memory(error);
    p.pull = p.values + rows;
    p.weight = p.pull + rows;
    p.derivatives = p.weight + rows;
    p.precision = p.derivatives + rows * p.n_columns;
    const mech_status status = mech_fit_curves(s, 1, x, DERIVATIVES_BY_ALL, rtol, p.values, p.derivatives, &ok, error);
    if (status == MECH_OK && ok) {
        mech_noise_log(s->data, noise, p.values, p.pull, p.weight);
        if (find_precision(&p, known, x)) *z = standard_score(&p, noise, p.precision + p.n * p.n);
    }
    mech_release_array(p.values);
    return status;
}

double mech_posterior_pattern_share(double z) {
    enum { N = sizeof PATTERN_SCORES / sizeof PATTERN_SCORES[0] };
    const struct pattern_score *at = PATTERN_SCORES;
    if (z <= at[0].score) return at[0].share;
    size_t i = 0;
    while (i + 2 < N && z > at[i + 1].score) i++;
    const double steps = (z - at[i].score) / (at[i + 1].score - at[i].score);
    return at[i].share * pow(at[i + 1].share / at[i].share, steps);
}
