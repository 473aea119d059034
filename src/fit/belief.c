#include "fit/belief.h"

#include "base/error.h"
#include "base/memory.h"
#include "chemistry/network.h"
#include "data/conditions.h"
#include "data/sample.h"
#include "data/thetas.h"
#include "fit/cholesky.h"
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
    start_run(w->p->network, 1, 0, LOADING, w->pool->additive[problem], start);
    *t_end = LAST_TIME;
    return true;
}

static void take_window(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    const window_search *w = context;
    const double change = end[w->p->network->substrate] - 1;
    w->windows[problem] = LAST_TIME;
    if (failed || !solution->n_steps || !is_followed_to_share(change)) return;
    w->windows[problem] = window_of_share(w->p->network, 1, change, (LEAST_SHARE + MOST_SHARE) / 2, solution);
}

/* Thetas as parameters: ln of what the pool holds, in units of their windows. */
static mech_status scale_thetas(const theta_pool *pool, fit_belief *b, mech_error *error) {
    const fit_parameters *p = &b->p;
    const mech_solver_options solver = mech_solver_options_default();
    mech_solver_statistics statistics = {0};
    window_search w = {.p = p, .pool = pool, .windows = allocate_array(pool->n, sizeof *w.windows)};
    if (!w.windows) return fail_memory(error);
    const integration_job job = {.next = next_theta, .finished = take_window, .context = &w, .records = true};
    const mech_status status = rosenbrock_run(p->network, &solver, &job, &statistics, error);
    for (size_t i = 0; i < pool->n && status == MECH_OK; i++) {
        for (size_t j = 0; j < p->n_k; j++) b->thetas[i * p->n + j] = log(pool->k[i * p->n_k + j] * w.windows[i]);
        if (p->fits_additive) b->thetas[i * p->n + p->n_k] = log(pool->additive[i]);
    }
    release_array(w.windows);
    return status;
}

/* Mean and inverse covariance of the thetas. */
static mech_status take_moments(fit_belief *b, mech_error *error) {
    const size_t n = b->p.n;
    double *covariance = allocate_array(n * n, sizeof *covariance);
    if (!covariance) return fail_memory(error);
    for (size_t i = 0; i < b->n_thetas; i++)
        for (size_t j = 0; j < n; j++) b->mean[j] += b->thetas[i * n + j] / (double)b->n_thetas;
    for (size_t i = 0; i < b->n_thetas; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++)
                covariance[j * n + k] += (b->thetas[i * n + j] - b->mean[j]) * (b->thetas[i * n + k] - b->mean[k]) /
                                         (double)(b->n_thetas - 1);
    for (size_t j = 0; j < n; j++) covariance[j * n + j] *= 1 + RIDGE;
    const bool regular = cholesky(n, covariance);
    if (regular) {
        b->log_determinant = -cholesky_log_determinant(n, covariance);
        for (size_t j = 0; j < n; j++) {
            b->precision[j * n + j] = 1;
            cholesky_solve(n, covariance, b->precision + j * n);
        }
    }
    release_array(covariance);
    return regular ? MECH_OK
                   : fail(error, MECH_NUMERICAL_FAILURE, "the rate constants of %s do not vary", b->p.network->id);
}

mech_status fit_belief_draw(const mech_network *network, size_t n_thetas, team *t, fit_belief *b, mech_error *error) {
    const fit_parameters p = fit_parameters_of(network, MECH_PROTOCOL_NATURE);
    *b = (fit_belief){.p = p, .n_thetas = n_thetas};
    b->thetas = allocate_array(n_thetas, p.n * sizeof *b->thetas);
    b->mean = allocate_array(p.n, sizeof *b->mean);
    b->precision = allocate_array(p.n * p.n, sizeof *b->precision);
    if (!b->thetas || !b->mean || !b->precision) return fail_memory(error);
    theta_pool pool = {0};
    mech_status status = draw_wide_thetas(network, MECH_PROTOCOL_NATURE, SEED, n_thetas, t, &pool, error);
    if (status == MECH_OK) status = scale_thetas(&pool, b, error);
    if (status == MECH_OK) status = take_moments(b, error);
    theta_pool_free(&pool);
    return status;
}

void fit_belief_free(fit_belief *b) {
    release_array(b->thetas);
    release_array(b->mean);
    release_array(b->precision);
    *b = (fit_belief){0};
}
