/* Experiments of the design `laboratory` of one mechanism, with what is true of them, for tests and benches of fits. */
#ifndef MECH_TESTS_LABORATORY_CASE_H
#define MECH_TESTS_LABORATORY_CASE_H

#include "data/laboratory/blocks.h"
#include "fit/fits.h"

#include <math.h>
#include <string.h>

/* n experiments of a mechanism, thetas of their own each: *sets is the caller's to free. */
static mech_status simulate_laboratory(const mech_mechanism *m, size_t n, uint64_t seed, run_sets **sets,
                                       mech_error *error) {
    theta_pool pool = {0};
    design *laboratory = NULL;
    uint64_t failures[1] = {0};
    const mech_solver_options solver = mech_solver_options_default();
    team *alone = mech_team_new(1);
    *sets = NULL;
    mech_status status = alone ? MECH_OK : MECH_OUT_OF_MEMORY;
    if (status == MECH_OK) status = mech_draw_wide_thetas(m, MECH_DESIGN_NATURE, seed, n, alone, &pool, error);
    if (status == MECH_OK) status = mech_design_open("laboratory", &laboratory, error);
    const experiment_source source = {.mechanisms = &m,
                                      .n_mechanisms = 1,
                                      .pools = &pool,
                                      .split = SPLIT_TRAIN,
                                      .design = laboratory,
                                      .seed = seed,
                                      .solver = &solver,
                                      .n_theta = mech_mechanism_n_rate_constants(m)};
    if (status == MECH_OK) status = mech_simulate_block(&source, 0, n, alone, sets, failures, error);
    mech_team_free(alone);
    mech_design_free(laboratory);
    mech_theta_pool_free(&pool);
    return status;
}

/* ln of the true theta of experiment i in the units of its run set. */
static void true_theta(const run_sets *sets, size_t i, const fit_space *s, double *theta) {
    /* Fits count in the run set's most common [S]0, which need not be the standard one. */
    const double unit = sets->set_truths[TRUTH_TIME_UNIT][i] * s->data->time_unit, amount = s->data->concentration_unit;
    for (size_t j = 0; j < s->n_k; j++)
        theta[j] =
            log(sets->theta[i * sets->n_theta + j] * unit) + (mech_mechanism_order(s->mechanism, j) - 1) * log(amount);
    if (s->fits_additive) theta[s->n_k] = log(sets->additive[i] / amount);
}

/* The whole true point of experiment i: x[s->n], errors included. */
static inline void true_point(const run_sets *sets, size_t i, const fit_space *s, double *x) {
    true_theta(sets, i, s, x);
    for (size_t r = 0; r < s->data->n_runs; r++) {
        const size_t run = sets->run_offset[i] + r;
        double *errors = x + mech_fit_run_errors(s, r);
        errors[ERROR_CATALYST] = log((double)sets->run_truths[TRUTH_CATALYST_FACTOR][run]);
        errors[ERROR_START] = log((double)sets->run_truths[TRUTH_START_FACTOR][run]);
        errors[ERROR_PRODUCT] = log((double)sets->run_truths[TRUTH_START_P_FACTOR][run]);
        errors[ERROR_CLOCK] =
            (double)sets->run_truths[TRUTH_CLOCK_OFFSET][run] / (s->data->runs[r].length * s->data->time_unit);
    }
    double *shared = x + mech_fit_shared_errors(s);
    shared[ERROR_RESPONSE_S] = log(sets->set_truths[TRUTH_SUBSTRATE_FACTOR][i]);
    shared[ERROR_RESPONSE_P] = log(sets->set_truths[TRUTH_PRODUCT_FACTOR][i]);
    shared[ERROR_SELECTIVITY] = log(sets->set_truths[TRUTH_PRODUCT_SHARE][i]);
    shared[ERROR_DEAD] = sets->set_truths[TRUTH_DEAD_CATALYST][i] / (s->least_loading * s->data->concentration_unit);
}

/* How many points of the active catalyst's bands of all runs, and how many of them hold what is true. Points where the
 * band is narrower than what a curve can be read to, 0.1 %, count as wide as that. */
static inline mech_status count_active(const run_sets *sets, size_t i, const fit_space *truth, const mech_fits *fits,
                                       size_t *n, size_t *held, mech_error *error) {
    enum { MOST_TIMES = 64 };
    double x[FIT_MOST_POINT], times[MOST_TIMES], share[MOST_TIMES];
    true_point(sets, i, truth, x);
    for (size_t r = 0; r < fits->n_runs; r++) {
        const mech_active_catalyst *a = &fits->active[r];
        bool ok = false;
        for (size_t k = 0; k < a->n_times && k < MOST_TIMES; k++) times[k] = a->time[k] / truth->data->time_unit;
        const mech_status status = mech_posterior_active(truth, x, r, a->n_times, times, FIT_RTOL, share, &ok, error);
        if (status != MECH_OK) return status;
        for (size_t k = 0; k < a->n_times && ok; k++) {
            *n += 1;
            *held += share[k] >= a->share[k].low - 0.001 && share[k] <= a->share[k].high + 0.001;
        }
    }
    return MECH_OK;
}

/* The share of the posterior of parameter j that lies below x: uniform on [0, 1] if x and readings are drawn as the
 * posterior believes (Talts, Betancourt, Simpson, Vehtari & Gelman, arXiv:1804.06788). */
static inline double share_below(const fit_evidence *e, size_t j, double x) {
    double most = -INFINITY, below = 0, all = 0;
    for (size_t i = 0; i < e->n_samples; i++) most = fmax(most, e->samples[i].log_weight);
    for (size_t i = 0; i < e->n_samples; i++) {
        const double weight = exp(e->samples[i].log_weight - most);
        all += weight;
        if (e->samples[i].at[j] < x) below += weight;
    }
    return below / all;
}

#endif
