#include "fit/likelihood/errors.h"

#include "base/memory.h"
#include "base/numbers/cholesky.h"

#include <math.h>
#include <string.h>

/* The design laboratory (docs/designs.md): log-uniform between two ends, and none at all in a share of experiments. */
typedef struct spread_prior {
    double least, most, none;
    size_t n; /* levels besides none: middles of as many parts of the range of the logarithm */
} spread_prior;

static const spread_prior catalyst_prior = {0.01, 0.2, 0.2, 4};
static const spread_prior clock_prior = {0.002, 0.05, 0.25, 3};
static const spread_prior start_prior = {0.003, 0.05, 0.25, 3};
static const spread_prior response_prior = {0.003, 0.05, 0.5, 2};

/* Of ln of what a file does not say of the second reactant's start. */
static const double UNTOLD_SECOND = 0.25;

/* In a fifth of experiments a share uniform on [0.7, 1] of what S becomes is P: mean and standard deviation of its ln.
 */
static const double SELECTIVITY_SHARE = 0.2, SELECTIVITY_MEAN = -0.166, SELECTIVITY_SPREAD = 0.103;

/* In a fifth an amount uniform on [0, 0.3] of the least loading is dead from the start. */
static const double DEAD_SHARE = 0.2, DEAD_MEAN = 0.15, DEAD_SPREAD = 0.0866;

enum { MOST_SPREADS = 6 };

typedef struct spread_list {
    size_t n;
    double spread[MOST_SPREADS], log_weight[MOST_SPREADS];
} spread_list;

static spread_list list_spreads(const spread_prior *p, double told) {
    spread_list list = {0};
    if (!isnan(told)) {
        list.spread[list.n++] = told;
        return list;
    }
    list.log_weight[list.n] = log(p->none);
    list.spread[list.n++] = 0;
    for (size_t i = 0; i < p->n; i++) {
        list.log_weight[list.n] = log((1 - p->none) / (double)p->n);
        list.spread[list.n++] = p->least * pow(p->most / p->least, ((double)i + 0.5) / (double)p->n);
    }
    return list;
}

void mech_error_levels(const told_errors *told, const observations *data, error_levels *levels) {
    const spread_list catalyst = list_spreads(&catalyst_prior, told->catalyst),
                      start = list_spreads(&start_prior, told->start), clock = list_spreads(&clock_prior, told->clock),
                      response = list_spreads(&response_prior, told->response);
    /* Who says that responses are exact says that all of S becomes P. */
    const size_t n_selectivities = data->measured[READING_P] && told->response != 0 ? 2 : 1;
    /* Who says that loadings are exact says that none of the catalyst is dead. One run alone cannot tell. */
    const size_t n_dead = told->catalyst == 0 || data->n_runs == 1 ? 1 : 2;
    levels->n = 0;
    levels->n_shared = response.n * n_selectivities * n_dead;
    for (size_t c = 0; c < catalyst.n; c++)
        for (size_t s = 0; s < start.n; s++)
            for (size_t t = 0; t < clock.n; t++)
                for (size_t r = 0; r < response.n; r++)
                    for (size_t of = 0; of < n_selectivities * n_dead; of++) {
                        const size_t o = of % n_selectivities, dead = of / n_selectivities;
                        error_spreads *level = &levels->level[levels->n++];
                        *level = (error_spreads){.log_weight = catalyst.log_weight[c] + start.log_weight[s] +
                                                               clock.log_weight[t] + response.log_weight[r]};
                        level->spread[ERROR_CATALYST] = catalyst.spread[c];
                        level->spread[ERROR_START] = level->spread[ERROR_PRODUCT] = start.spread[s];
                        level->spread[ERROR_CLOCK] = clock.spread[t];
                        level->spread[ERROR_SECOND] = data->tells_second ? start.spread[s] : UNTOLD_SECOND;
                        double *shared = level->spread + RUN_ERRORS;
                        shared[ERROR_RESPONSE_S] = data->measured[READING_S] ? response.spread[r] : 0;
                        shared[ERROR_RESPONSE_P] = data->measured[READING_P] ? response.spread[r] : 0;
                        shared[ERROR_RESPONSE_B] = data->measured[READING_B] ? response.spread[r] : 0;
                        shared[ERROR_RESPONSE_ACTIVE] = data->measured[READING_ACTIVE] ? response.spread[r] : 0;
                        if (o) {
                            shared[ERROR_SELECTIVITY] = SELECTIVITY_SPREAD;
                            level->mean[RUN_ERRORS + ERROR_SELECTIVITY] = SELECTIVITY_MEAN;
                        }
                        if (dead) {
                            shared[ERROR_DEAD] = DEAD_SPREAD;
                            level->mean[RUN_ERRORS + ERROR_DEAD] = DEAD_MEAN;
                        }
                        if (n_dead > 1) level->log_weight += log(dead ? DEAD_SHARE : 1 - DEAD_SHARE);
                        if (n_selectivities > 1)
                            level->log_weight += log(o ? SELECTIVITY_SHARE : 1 - SELECTIVITY_SHARE);
                    }
}

bool mech_error_normal_new(const fit_space *s, error_normal *normal) {
    const size_t n = FIT_ERRORS + s->n_theta;
    *normal = (error_normal){.n = n};
    normal->slope = mech_allocate_array(s->data->n_runs * n, sizeof *normal->slope);
    normal->curvature = mech_allocate_array(s->data->n_runs * n * n, sizeof *normal->curvature);
    return normal->slope && normal->curvature;
}

void mech_error_normal_free(error_normal *normal) {
    mech_release_array(normal->slope);
    mech_release_array(normal->curvature);
    *normal = (error_normal){0};
}

void mech_error_normal_fill(const fit_space *s, const double *pull, const double *weight, const double *derivatives,
                            fit_derivatives columns, error_normal *normal) {
    const observations *data = s->data;
    const size_t n = mech_fit_n_columns(s, columns), n_theta = n - FIT_ERRORS;
    normal->n = n;
    memset(normal->slope, 0, data->n_runs * n * sizeof *normal->slope);
    memset(normal->curvature, 0, data->n_runs * n * n * sizeof *normal->curvature);
    for (size_t r = 0; r < data->n_runs; r++) {
        double *slope = normal->slope + r * n, *curvature = normal->curvature + r * n * n;
        for (size_t i = data->runs[r].first; i < data->runs[r].first + data->runs[r].n; i++) {
            double row[FIT_ERRORS + FIT_MOST_THETA];
            memcpy(row, derivatives + i * n + n_theta, FIT_ERRORS * sizeof *row);
            memcpy(row + FIT_ERRORS, derivatives + i * n, n_theta * sizeof *row);
            for (size_t j = 0; j < n; j++) {
                slope[j] += pull[i] * row[j];
                const double weighted = weight[i] * row[j];
                for (size_t k = 0; k <= j; k++) curvature[j * n + k] += weighted * row[k];
            }
        }
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < j; k++) curvature[k * n + j] = curvature[j * n + k];
    }
}

/* With errors = m + D u, u normal with variance 1, minus ln of likelihood and prior is const + g'u + u'A u / 2 with
 * A = 1 + D G D, g = D (b + G d), d = m - errors at the point; b, G: slope and curvature. The integral is
 * exp(-b'd - d'G d / 2 + g'A^-1 g / 2) / sqrt(det A). Theta joins with D = 1, d = 0, its own curvature in place of 1
 * and its own slope added to b. */
typedef struct displacement {
    double run[MECH_MOST_RUNS][RUN_ERRORS], shared[SHARED_ERRORS];
} displacement;

static void find_displacement(const fit_space *s, const double *errors, const error_spreads *level, displacement *d) {
    const size_t n_runs = s->data->n_runs;
    for (size_t r = 0; r < n_runs; r++)
        for (size_t j = 0; j < RUN_ERRORS; j++) d->run[r][j] = -errors[r * RUN_ERRORS + j];
    for (size_t j = 0; j < SHARED_ERRORS; j++)
        d->shared[j] = level->mean[RUN_ERRORS + j] - errors[n_runs * RUN_ERRORS + j];
}

/* Cholesky factor of a small matrix in place, lower triangle; ln of its determinant, NaN where there is none. */
static double factorise(size_t n, double *a) {
    double determinant = 1, logarithm = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
            if (i == j) {
                if (!(sum > 0)) return NAN;
                determinant *= sum;
                if (determinant > 1e200 || determinant < 1e-200) {
                    logarithm += log(determinant);
                    determinant = 1;
                }
                a[i * n + i] = sqrt(sum);
            } else {
                a[i * n + j] = sum / a[j * n + j];
            }
        }
    return logarithm + log(determinant);
}

/* Solves L x = b with the factor of a matrix of n rows, for b of which a number stands every `step`. */
static void solve_lower(size_t n, const double *a, double *b, size_t step) {
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) b[i * step] -= a[i * n + k] * b[k * step];
        b[i * step] /= a[i * n + i];
    }
}

enum { MOST_SHARED = SHARED_ERRORS + FIT_MOST_THETA };

/* What is left of the system once the runs' own errors are eliminated: of shared errors and theta. */
typedef struct shared_system {
    size_t n;
    double spread[MOST_SHARED];
    double a[MOST_SHARED * MOST_SHARED], g[MOST_SHARED];
} shared_system;

/* Eliminates the errors of one run; what that adds to ln of the integral. */
static double eliminate_run(const error_normal *normal, size_t r, const displacement *d, const double *spread,
                            shared_system *left) {
    const size_t n = normal->n, m = left->n;
    const double *b = normal->slope + r * n, *g = normal->curvature + r * n * n;
    double log_integral = 0, all[FIT_ERRORS], moved[FIT_ERRORS + FIT_MOST_THETA];
    for (size_t j = 0; j < FIT_ERRORS; j++) all[j] = j < RUN_ERRORS ? d->run[r][j] : d->shared[j - RUN_ERRORS];
    for (size_t j = 0; j < n; j++) {
        double sum = 0;
        for (size_t k = 0; k < FIT_ERRORS; k++) sum += g[j * n + k] * all[k];
        if (j < FIT_ERRORS) log_integral -= b[j] * all[j] + all[j] * sum / 2;
        moved[j] = b[j] + sum;
    }
    double a[RUN_ERRORS * RUN_ERRORS], pull[RUN_ERRORS], coupling[RUN_ERRORS * MOST_SHARED];
    for (size_t j = 0; j < RUN_ERRORS; j++) {
        pull[j] = spread[j] * moved[j];
        for (size_t k = 0; k <= j; k++) a[j * RUN_ERRORS + k] = spread[j] * g[j * n + k] * spread[k] + (j == k);
    }
    log_integral -= factorise(RUN_ERRORS, a) / 2;
    solve_lower(RUN_ERRORS, a, pull, 1);
    for (size_t j = 0; j < RUN_ERRORS; j++) log_integral += pull[j] * pull[j] / 2;
    for (size_t k = 0; k < m; k++) {
        for (size_t j = 0; j < RUN_ERRORS; j++) coupling[j * m + k] = 0;
        if (!(left->spread[k] > 0)) continue; /* an error that there is none of stays what it is */
        for (size_t j = 0; j < RUN_ERRORS; j++)
            coupling[j * m + k] = spread[j] * g[j * n + RUN_ERRORS + k] * left->spread[k];
        solve_lower(RUN_ERRORS, a, coupling + k, m);
        left->g[k] += left->spread[k] * moved[RUN_ERRORS + k];
        for (size_t j = 0; j < RUN_ERRORS; j++) left->g[k] -= coupling[j * m + k] * pull[j];
        for (size_t l = 0; l <= k; l++) {
            if (!(left->spread[l] > 0)) continue;
            double sum = left->spread[k] * g[(RUN_ERRORS + k) * n + RUN_ERRORS + l] * left->spread[l];
            for (size_t j = 0; j < RUN_ERRORS; j++) sum -= coupling[j * m + k] * coupling[j * m + l];
            left->a[k * m + l] += sum;
        }
    }
    return log_integral;
}

/* From L x = b on: x that solves L'x = b. */
static void solve_upper(size_t n, const double *a, double *b) {
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
}

double mech_error_integral(const fit_space *s, const error_normal *normal, const double *errors,
                           const error_spreads *level, const double *slope, const double *curvature, double *precision,
                           double *shift) {
    const size_t n_theta = normal->n - FIT_ERRORS, m = SHARED_ERRORS + n_theta;
    displacement d;
    find_displacement(s, errors, level, &d);
    shared_system left = {.n = m};
    for (size_t k = 0; k < m; k++) left.spread[k] = k < SHARED_ERRORS ? level->spread[RUN_ERRORS + k] : 1;
    for (size_t k = 0; k < SHARED_ERRORS; k++) left.a[k * m + k] = 1;
    for (size_t k = 0; k < n_theta; k++) {
        left.g[SHARED_ERRORS + k] = slope[k];
        for (size_t l = 0; l < n_theta; l++)
            left.a[(SHARED_ERRORS + k) * m + SHARED_ERRORS + l] = curvature[k * n_theta + l];
    }
    double log_integral = 0;
    for (size_t r = 0; r < s->data->n_runs; r++) log_integral += eliminate_run(normal, r, &d, level->spread, &left);
    log_integral -= factorise(m, left.a) / 2;
    solve_lower(m, left.a, left.g, 1);
    for (size_t k = 0; k < m; k++) log_integral += left.g[k] * left.g[k] / 2;
    log_integral += 0.5 * (double)n_theta * log(2 * acos(-1));
    if (!isfinite(log_integral)) return -INFINITY;
    for (size_t k = 0; k < n_theta && precision; k++)
        for (size_t l = 0; l < n_theta; l++)
            precision[k * n_theta + l] = l <= k ? left.a[(SHARED_ERRORS + k) * m + SHARED_ERRORS + l] : 0;
    solve_upper(m, left.a, left.g);
    for (size_t k = 0; k < n_theta && shift; k++) shift[k] = -left.g[SHARED_ERRORS + k];
    return log_integral;
}

/* Where error number j of run r stands among all. */
static size_t place(const fit_space *s, size_t r, size_t j) {
    return j < RUN_ERRORS ? r * RUN_ERRORS + j : s->data->n_runs * RUN_ERRORS + j - RUN_ERRORS;
}

double mech_error_normal_log(const fit_space *s, const error_normal *normal, const double *errors, const double *to) {
    const size_t n = normal->n;
    double sum = 0;
    for (size_t r = 0; r < s->data->n_runs; r++)
        for (size_t j = 0; j < FIT_ERRORS; j++) {
            const double *curvature = normal->curvature + (r * n + j) * n;
            double slope = normal->slope[r * n + j];
            for (size_t k = 0; k < FIT_ERRORS; k++)
                slope += curvature[k] * (to[place(s, r, k)] - errors[place(s, r, k)]) / 2;
            sum -= slope * (to[place(s, r, j)] - errors[place(s, r, j)]);
        }
    return sum;
}

bool mech_error_draw(const fit_space *s, const error_normal *normal, const double *errors, const error_spreads *level,
                     const double *away, random_stream *r, double *to) {
    const size_t n = s->n_errors, n_runs = s->data->n_runs, width = normal->n;
    double a[FIT_MOST_ERRORS * FIT_MOST_ERRORS], g[FIT_MOST_ERRORS] = {0}, spread[FIT_MOST_ERRORS];
    displacement d;
    find_displacement(s, errors, level, &d);
    memset(a, 0, n * n * sizeof *a);
    for (size_t i = 0; i < n; i++) {
        a[i * n + i] = 1;
        spread[i] = level->spread[i < n_runs * RUN_ERRORS ? i % RUN_ERRORS : i - n_runs * RUN_ERRORS + RUN_ERRORS];
    }
    for (size_t run = 0; run < n_runs; run++)
        for (size_t j = 0; j < FIT_ERRORS; j++) {
            const double *curvature = normal->curvature + (run * width + j) * width;
            const size_t at = place(s, run, j);
            double sum = normal->slope[run * width + j];
            for (size_t k = FIT_ERRORS; k < width && away; k++) sum += curvature[k] * away[k - FIT_ERRORS];
            for (size_t k = 0; k < FIT_ERRORS; k++) {
                sum += curvature[k] * (k < RUN_ERRORS ? d.run[run][k] : d.shared[k - RUN_ERRORS]);
                a[at * n + place(s, run, k)] += spread[at] * curvature[k] * spread[place(s, run, k)];
            }
            g[at] -= spread[at] * sum;
        }
    if (!mech_cholesky(n, a)) return false;
    mech_cholesky_solve(n, a, g);
    double z[FIT_MOST_ERRORS] = {0};
    for (size_t i = 0; i < n && r; i++) z[i] = mech_random_normal(r);
    solve_upper(n, a, z);
    for (size_t i = 0; i < n; i++) to[i] = spread[i] * (g[i] + z[i]);
    for (size_t j = 0; j < SHARED_ERRORS; j++) to[n_runs * RUN_ERRORS + j] += level->mean[RUN_ERRORS + j];
    return true;
}
