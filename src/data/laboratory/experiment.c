/* One experiment at a time, for whoever wants to try something on it. */
#include "base/error.h"
#include "data/laboratory/blocks.h"

/* A seed of its own for each number. */
static uint64_t seed_of_number(uint64_t seed, uint64_t number) {
    random_stream r = mech_random_open(seed ^ number >> 32, RANDOM_GROUP, 1, number & UINT32_MAX);
    const uint64_t high = mech_random_bits(&r);
    return high << 32 | mech_random_bits(&r);
}

mech_status mech_simulate_experiment(const mech_mechanism *mechanism, const char *design_name, uint64_t seed,
                                     uint64_t number, mech_run_set **runs, mech_truth **truth, mech_error *error) {
    const mech_solver_options solver = mech_solver_options_default();
    const uint64_t own_seed = seed_of_number(seed, number);
    const size_t n_k = mech_mechanism_n_rate_constants(mechanism);
    theta_pool pool = {0};
    design *d = NULL;
    run_sets *sets = NULL;
    uint64_t failures = 0;
    *runs = NULL;
    if (truth) *truth = NULL;
    team *t = mech_team_new(1);
    mech_status status = t ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = mech_design_open(design_name ? design_name : "laboratory", &d, error);
    if (status == MECH_OK)
        status = mech_draw_designed_thetas(mechanism, &d->of[DESIGN_FOR_TRAINING][DESIGN_ADDITIVE], own_seed, 1, t,
                                           &pool, error);
    const experiment_source source = {.mechanisms = &mechanism,
                                      .n_mechanisms = 1,
                                      .pools = &pool,
                                      .split = SPLIT_TRAIN,
                                      .design = d,
                                      .seed = own_seed,
                                      .solver = &solver,
                                      .n_theta = n_k};
    if (status == MECH_OK) status = mech_simulate_block(&source, 0, 1, t, &sets, &failures, error);
    if (status == MECH_OK) status = mech_run_sets_get(sets, 0, runs, error);
    if (status == MECH_OK && truth) status = mech_run_sets_truth(sets, 0, n_k, truth, error);
    if (status != MECH_OK) {
        mech_run_set_free(*runs);
        *runs = NULL;
    }
    mech_run_sets_free(sets);
    mech_theta_pool_free(&pool);
    mech_design_free(d);
    mech_team_free(t);
    return status;
}
