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

static size_t size_of_block(const generation *g, dataset_split s, size_t number) {
    return g->starts[s][number + 1].set - g->starts[s][number].set;
}

static mech_status prepare_block(generation *g, dataset_split s, size_t number, mech_error *error) {
    const experiment_source source = source_of(g, s);
    mech_run_sets_free(g->sets);
    g->sets = mech_lay_out_block(&source, g->starts[s][number].set, size_of_block(g, s, number));
    return g->sets ? MECH_OK : mech_fail_memory(error);
}

static mech_status simulate_block(generation *g, dataset_split s, size_t number, uint64_t *failures,
                                  mech_error *error) {
    const experiment_source source = source_of(g, s);
    return mech_fill_block(&source, g->starts[s][number].set, g->team, g->sets, failures, error);
}

static size_t parts_of_block(generation *g, block_part parts[MOST_BLOCK_PARTS]) {
    const run_sets *s = g->sets;
    size_t n = 0;
    parts[n++] = (block_part){s->label, s->n * sizeof *s->label};
    parts[n++] = (block_part){s->theta, s->n * s->n_theta * sizeof *s->theta};
    parts[n++] = (block_part){s->additive, s->n * sizeof *s->additive};
    for (int t = 0; t < N_SET_TRUTHS; t++) parts[n++] = (block_part){s->set_truths[t], s->n * sizeof(double)};
    float *const of_runs[] = {s->s0, s->p0, s->cat0, s->b0};
    for (size_t i = 0; i < sizeof of_runs / sizeof of_runs[0]; i++)
        if (of_runs[i]) parts[n++] = (block_part){of_runs[i], s->n_runs * sizeof(float)};
    for (int t = 0; t < N_RUN_TRUTHS; t++) parts[n++] = (block_part){s->run_truths[t], s->n_runs * sizeof(float)};
    float *const of_readings[] = {s->time, s->substrate, s->product, s->b};
    for (size_t i = 0; i < sizeof of_readings / sizeof of_readings[0]; i++)
        if (of_readings[i]) parts[n++] = (block_part){of_readings[i], s->n_readings * sizeof(float)};
    return n;
}

static mech_status write_block(generation *g, dataset_split s, size_t number, uint64_t *sum, mech_error *error) {
    return mech_dataset_write_runs(g->dataset, s, &g->starts[s][number], g->sets, sum, error);
}

const block_kind mech_experiment_blocks = {size_of_block, prepare_block, simulate_block, parts_of_block, write_block};
