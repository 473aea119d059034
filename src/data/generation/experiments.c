/* Data sets of experiments of any shape (format 2). What each has of runs and readings depends on the seed alone, and
 * is known before anything is simulated: so the file can be laid out, and blocks written in any order. */
#include "base/error.h"
#include "base/memory.h"
#include "data/generation/generation.h"
#include "data/laboratory/blocks.h"

static experiment_source source_of(const generation *g, dataset_split s) {
    return (experiment_source){.mechanisms = g->plan.mechanisms,
                               .n_mechanisms = g->plan.n_mechanisms,
                               .pools = g->pools[s],
                               .split = s,
                               .design = g->plan.design,
                               .seed = g->plan.seed,
                               .solver = &g->plan.solver,
                               .n_theta = g->plan.n_theta};
}

/* Fills starts[number + 1] with the extent of block `number`, which is no place yet. */
typedef struct measuring {
    experiment_source source;
    size_t n;
    run_set_place *starts;
} measuring;

static void measure_block(void *context, size_t number, int member) {
    (void)member;
    const measuring *m = context;
    const size_t first = number * A_BLOCK, left = m->n - first;
    run_set_place *extent = &m->starts[number + 1];
    extent->set = left < A_BLOCK ? left : A_BLOCK;
    mech_experiments_extent(&m->source, first, extent->set, &extent->run, &extent->reading);
}

mech_status mech_lay_out_experiments(generation *g, mech_error *error) {
    g->plan.has_b = mech_any_reactant(g->plan.mechanisms, g->plan.n_mechanisms);
    for (int s = 0; s < N_SPLITS; s++) {
        const size_t n = g->plan.n_samples[s], n_blocks = (n + A_BLOCK - 1) / A_BLOCK;
        run_set_place *starts = mech_allocate_array(n_blocks + 1, sizeof *starts);
        if (!starts) return mech_fail_memory(error);
        g->starts[s] = starts;
        measuring m = {.source = source_of(g, (dataset_split)s), .n = n, .starts = starts};
        mech_team_share(g->team, n_blocks, measure_block, &m);
        for (size_t b = 0; b < n_blocks; b++) {
            starts[b + 1].set += starts[b].set;
            starts[b + 1].run += starts[b].run;
            starts[b + 1].reading += starts[b].reading;
        }
        g->plan.n_runs[s] = starts[n_blocks].run;
        g->plan.n_readings[s] = starts[n_blocks].reading;
    }
    return MECH_OK;
}

static mech_status make_block(generation *g, dataset_split s, size_t number, uint64_t *failures, mech_error *error) {
    const run_set_place *from = &g->starts[s][number];
    const experiment_source source = source_of(g, s);
    run_sets *sets = NULL;
    uint64_t sum = 0;
    for (size_t m = 0; m < g->plan.n_mechanisms; m++) failures[m] = 0;
    mech_status status =
        mech_simulate_block(&source, from->set, from[1].set - from->set, g->team, &sets, failures, error);
    if (status == MECH_OK) status = mech_dataset_write_runs(g->dataset, s, from, sets, &sum, error);
    if (status == MECH_OK) status = mech_generation_keep_block(g, s, number, sum, failures, error);
    for (size_t m = 0; m < g->plan.n_mechanisms; m++) g->counts[m].solver_failures += failures[m];
    mech_run_sets_free(sets);
    return status;
}

mech_status mech_generate_experiments(generation *g, dataset_split s, size_t *done, mech_error *error) {
    const run_set_place *starts = g->starts[s];
    uint64_t *failures = mech_allocate_array(g->plan.n_mechanisms, sizeof *failures);
    mech_status status = failures ? MECH_OK : mech_fail_memory(error);
    for (size_t b = 0; starts[b].set < g->plan.n_samples[s] && status == MECH_OK; b++) {
        const size_t n = starts[b + 1].set - starts[b].set;
        status = mech_report_samples(g, *done, error);
        if (status == MECH_OK && !mech_generation_has_block(g, s, b, n)) status = make_block(g, s, b, failures, error);
        *done += n;
    }
    mech_release_array(failures);
    return status;
}
