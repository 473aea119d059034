/* How fast experiments of the design `laboratory` are simulated, beside samples of design nature from the same
 * thetas: trajectories a second of processor time of one thread, without what thetas cost. Usage: generation
 * [EXPERIMENTS] */
#include "base/error.h"
#include "base/machine/clock.h"
#include "base/memory.h"
#include "data/laboratory/blocks.h"
#include "data/samples/sample.h"
#include "data/samples/samples.h"

#include <stdio.h>
#include <stdlib.h>

enum { THETAS = 64 };

static void stop(const mech_error *error) {
    fprintf(stderr, "generation: %s\n", error->message);
    exit(1);
}

static void draw_pools(team *t, theta_pool *pools) {
    mech_error error;
    for (size_t m = 0; m < mech_builtin_count(); m++)
        if (mech_draw_wide_thetas(mech_builtin(m), MECH_DESIGN_NATURE, 7, THETAS, t, &pools[m], &error) != MECH_OK)
            stop(&error);
}

/* Trajectories a second of n samples of design nature. */
static double time_nature(const theta_pool *pools, const mech_solver_options *solver, size_t n) {
    mech_samples *block = mech_samples_new(MECH_DESIGN_NATURE, n, 21, LEAST_THETA, mech_builtin_count());
    const size_t n_mechanisms = mech_builtin_count();
    mech_error error;
    uint64_t failures = 0;
    if (!block) exit(1);
    const double start = mech_thread_time_s();
    for (size_t m = 0; m < n_mechanisms; m++) {
        const sample_series series = {.mechanism = mech_builtin(m),
                                      .label = m,
                                      .split = SPLIT_TRAIN,
                                      .design = MECH_DESIGN_NATURE,
                                      .seed = 1,
                                      .solver = solver,
                                      .pool = &pools[m]};
        if (mech_simulate_samples(&series, 0, n / n_mechanisms, block, m, n_mechanisms, &failures, &error) != MECH_OK)
            stop(&error);
    }
    const double seconds = mech_thread_time_s() - start;
    mech_samples_free(block);
    return (double)(n / n_mechanisms * n_mechanisms * N_RUNS) / seconds;
}

/* The same of a design, with readings a second. */
static double time_design(const char *name, const theta_pool *pools, const mech_solver_options *solver, team *t,
                          size_t n, double *readings) {
    const mech_mechanism *mechanisms[64] = {0};
    uint64_t failures[64] = {0};
    mech_error error;
    design *d;
    run_sets *sets;
    for (size_t m = 0; m < mech_builtin_count(); m++) mechanisms[m] = mech_builtin(m);
    if (mech_design_open(name, &d, &error) != MECH_OK) stop(&error);
    const experiment_source source = {.mechanisms = mechanisms,
                                      .n_mechanisms = mech_builtin_count(),
                                      .pools = pools,
                                      .split = SPLIT_TRAIN,
                                      .design = d,
                                      .seed = 1,
                                      .solver = solver,
                                      .n_theta = LEAST_THETA};
    const double start = mech_thread_time_s();
    if (mech_simulate_block(&source, 0, n, t, &sets, failures, &error) != MECH_OK) stop(&error);
    const double seconds = mech_thread_time_s() - start, runs = (double)sets->n_runs;
    *readings = (double)sets->n_readings / seconds;
    mech_run_sets_free(sets);
    mech_design_free(d);
    return runs / seconds;
}

int main(int argc, char **argv) {
    const size_t n = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 20000;
    const mech_solver_options solver = mech_solver_options_default();
    theta_pool pools[64] = {0};
    team *t = mech_team_new(1);
    if (!t || n < mech_builtin_count()) return 1;
    draw_pools(t, pools);
    double best_nature = 0, best[2] = {0}, readings = 0;
    const char *const designs[] = {"nature", "laboratory"};
    for (int round = 0; round < 3; round++) {
        const double nature = time_nature(pools, &solver, n);
        if (nature > best_nature) best_nature = nature;
        for (int d = 0; d < 2; d++) {
            double these = 0;
            const double rate = time_design(designs[d], pools, &solver, t, n, &these);
            if (rate > best[d]) best[d] = rate;
            if (d == 1 && these > readings) readings = these;
        }
    }
    printf("protocol nature    %10.0f trajectories/s\n", best_nature);
    printf("design nature      %10.0f trajectories/s, %.2f of it\n", best[0], best[0] / best_nature);
    printf("design laboratory  %10.0f trajectories/s, %.2f of it; %.0f readings/s\n", best[1], best[1] / best_nature,
           readings);
    for (size_t m = 0; m < mech_builtin_count(); m++) mech_theta_pool_free(&pools[m]);
    mech_team_free(t);
    return 0;
}
