#include "fit/samples/belief.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/cholesky.h"
#include "chemistry/mechanism.h"
#include "data/conditions/conditions.h"
#include "data/prior/thetas.h"
#include "data/samples/sample.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

/* Of no data set that anyone is likely to have. */
enum { SEED = 1836215139 };

/* Of the inverse of a singular matrix, relative to its diagonal. */
static const double RIDGE = 1e-6;

/* The run that a theta's unit of time is taken from, the slowest of a sample: loading and share of conversion at their
 * middle. */
static const double LOADING = 0.02;

typedef struct window_search {
    const fit_parameters *p;
    const theta_pool *pool;
    double *windows; /* [pool->n] */
} window_search;

static bool next_theta(void *context, size_t problem, double *k, double *start, double *t_end) {
    const window_search *w = context;
    if (problem >= w->pool->n) return false;
    memcpy(k, w->pool->k + problem * w->p->n_k, w->p->n_k * sizeof *k);
    mech_start_run(w->p->mechanism, 1, 0, LOADING, w->pool->additive[problem], start);
    *t_end = LAST_TIME;
    return true;
}

static void take_window(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    const window_search *w = context;
    const double change = end[w->p->mechanism->substrate] - 1;
    w->windows[problem] = LAST_TIME;
    if (failed || !solution->n_steps || !mech_is_followed_to_share(change)) return;
    w->windows[problem] = mech_window_of_share(w->p->mechanism, 1, change, (LEAST_SHARE + MOST_SHARE) / 2, solution);
}

/* Thetas as parameters: ln of what the pool holds, in units of their windows. */
static mech_status scale_thetas(const theta_pool *pool, fit_belief *b, mech_error *error) {
    const fit_parameters *p = &b->p;
    const mech_solver_options solver = mech_solver_options_default();
    mech_solver_statistics statistics = {0};
    window_search w = {.p = p, .pool = pool, .windows = mech_allocate_array(pool->n, sizeof *w.windows)};
    if (!w.windows) return mech_fail_memory(error);
    const integration_job job = {.next = next_theta, .finished = take_window, .context = &w, .records = true};
    const mech_status status = mech_rosenbrock_run(p->mechanism, &solver, &job, &statistics, error);
    for (size_t i = 0; i < pool->n && status == MECH_OK; i++) {
        for (size_t j = 0; j < p->n_k; j++) b->thetas[i * p->n + j] = log(pool->k[i * p->n_k + j] * w.windows[i]);
        if (p->fits_additive) b->thetas[i * p->n + p->n_k] = log(pool->additive[i]);
    }
    mech_release_array(w.windows);
    return status;
}

/* Mean and inverse covariance of the thetas. */
static mech_status take_moments(fit_belief *b, mech_error *error) {
    const size_t n = b->p.n;
    double *covariance = mech_allocate_array(n * n, sizeof *covariance);
    if (!covariance) return mech_fail_memory(error);
    for (size_t i = 0; i < b->n_thetas; i++)
        for (size_t j = 0; j < n; j++) b->mean[j] += b->thetas[i * n + j] / (double)b->n_thetas;
    for (size_t i = 0; i < b->n_thetas; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++)
                covariance[j * n + k] += (b->thetas[i * n + j] - b->mean[j]) * (b->thetas[i * n + k] - b->mean[k]) /
                                         (double)(b->n_thetas - 1);
    for (size_t j = 0; j < n; j++) covariance[j * n + j] *= 1 + RIDGE;
    const bool regular = mech_cholesky(n, covariance);
    if (regular) {
        b->log_determinant = -mech_cholesky_log_determinant(n, covariance);
        for (size_t j = 0; j < n; j++) {
            b->precision[j * n + j] = 1;
            mech_cholesky_solve(n, covariance, b->precision + j * n);
        }
    }
    mech_release_array(covariance);
    return regular
               ? MECH_OK
               : mech_fail(error, MECH_NUMERICAL_FAILURE, "the rate constants of %s do not vary", b->p.mechanism->id);
}

mech_status mech_fit_belief_draw(const mech_mechanism *mechanism, size_t n_thetas, team *t, fit_belief *b,
                                 mech_error *error) {
    const fit_parameters p = mech_fit_parameters_of(mechanism, MECH_DESIGN_NATURE);
    *b = (fit_belief){.p = p, .n_thetas = n_thetas};
    b->thetas = mech_allocate_array(n_thetas, p.n * sizeof *b->thetas);
    b->mean = mech_allocate_array(p.n, sizeof *b->mean);
    b->precision = mech_allocate_array(p.n * p.n, sizeof *b->precision);
    if (!b->thetas || !b->mean || !b->precision) return mech_fail_memory(error);
    theta_pool pool = {0};
    mech_status status = mech_draw_wide_thetas(mechanism, MECH_DESIGN_NATURE, SEED, n_thetas, t, &pool, error);
    if (status == MECH_OK) status = scale_thetas(&pool, b, error);
    if (status == MECH_OK) status = take_moments(b, error);
    mech_theta_pool_free(&pool);
    return status;
}

void mech_fit_belief_free(fit_belief *b) {
    mech_release_array(b->thetas);
    mech_release_array(b->mean);
    mech_release_array(b->precision);
    *b = (fit_belief){0};
}
