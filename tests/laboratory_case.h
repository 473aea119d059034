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
    const double unit = sets->set_truths[TRUTH_TIME_UNIT][i];
    for (size_t j = 0; j < s->n_k; j++) theta[j] = log(sets->theta[i * sets->n_theta + j] * unit);
    if (s->fits_additive) theta[s->n_k] = log(sets->additive[i]);
}

/* The share of the posterior of parameter j that lies below x: uniform on [0, 1] if x and readings are drawn as the
 * posterior believes (Talts, Betancourt, Simpson, Vehtari & Gelman, arXiv:1804.06788). */
static double share_below(const fit_evidence *e, size_t j, double x) {
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
