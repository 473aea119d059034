/* Data sets from nothing but the seed: thetas from the prior, four runs of each sample, an HDF5 file. */
#include "base/error.h"
#include "base/interface.h"
#include "base/memory.h"
#include "data/conditions/conditions.h"
#include "data/generation/generation.h"
#include "data/laboratory/experiments.h"
#include "data/prior/draw_report.h"
#include "data/samples/byte_labels.h"
#include "data/samples/sample.h"
#include "data/samples/samples.h"

#include <math.h>
#include <string.h>

/* Samples of a block that a thread simulates at a time. */
enum { A_PIECE = 256 };

/* As published: 108,208 thetas for 4,950,000 training samples. */
static const double SAMPLES_A_THETA = 4950000.0 / 108208;

void mech_generate_options_init(mech_generate_options *options, size_t size) {
    const mech_generate_options defaults = {
        .n_train = 100000, .n_validation = 10000, .n_test = 10000, .seed = 1, .prior = "wide"};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

/* Draws the thetas of all splits. The test split comes first, then validation: a theta that comes twice is drawn again
 * for the later, so that neither of them depends on the size of the training split. */
static mech_status draw_all_thetas(generation *g, mech_error *error) {
    static const dataset_split order[N_SPLITS] = {SPLIT_TEST, SPLIT_VALIDATION, SPLIT_TRAIN};
    const size_t n_mechanisms = g->plan.n_mechanisms;
    const distribution *additive = g->plan.design ? &g->plan.design->of[DESIGN_FOR_TRAINING][DESIGN_ADDITIVE] : NULL;
    theta_register taken = {0};
    mech_status status = MECH_OK;
    size_t total = 0, done = 0;
    for (size_t i = 0; i < N_SPLITS; i++)
        for (size_t m = 0; m < n_mechanisms; m++) total += mech_thetas_wanted(g, order[i], m);
    for (size_t i = 0; i < N_SPLITS && status == MECH_OK; i++)
        for (size_t m = 0; m < n_mechanisms && status == MECH_OK; m++) {
            const size_t n = mech_thetas_wanted(g, order[i], m);
            const theta_draw draw = {.mechanism = g->plan.mechanisms[m],
                                     .label = m,
                                     .split = order[i],
                                     .design = g->plan.sample_design,
                                     .additive = additive,
                                     .seed = g->plan.seed,
                                     .prior = g->prior,
                                     .solver = &g->plan.solver,
                                     .team = g->team,
                                     .progress = g->progress,
                                     .done_before = done,
                                     .total = total,
                                     .keep = mech_generation_keep_thetas,
                                     .context = g};
            if (n) status = mech_draw_thetas(&draw, n, &taken, &g->pools[order[i]][m], &g->counts[m], error);
            done += n;
        }
    mech_theta_register_free(&taken);
    if (status == MECH_OK && g->progress && g->progress->report)
        g->progress->report(g->progress->context, "drawing thetas", (double)total, (double)total, "");
    return status;
}

/* A block of samples first, ..., first + block->n - 1 of a split, cut into pieces of one mechanism each. In the file
 * the mechanisms take turns: sample i is number i / n_mechanisms of mechanism i % n_mechanisms. */
typedef struct block_work {
    generation *g;
    dataset_split split;
    size_t first;
    mech_status *status;          /* [pieces] */
    uint64_t *failures;           /* [pieces] */
    mech_error *errors;           /* [pieces] */
    uint64_t *mechanism_failures; /* [n_mechanisms] */
} block_work;

static void simulate_piece(void *context, size_t piece, int member) {
    (void)member;
    block_work *w = context;
    generation *g = w->g;
    const size_t n_mechanisms = g->plan.n_mechanisms, m = piece % n_mechanisms, part = piece / n_mechanisms;
    /* The first sample of the block that is of this mechanism, and how many there are. */
    const size_t place = (m + n_mechanisms - w->first % n_mechanisms) % n_mechanisms;
    if (place >= g->block->n) return;
    const size_t all = (g->block->n - place + n_mechanisms - 1) / n_mechanisms, from = part * A_PIECE;
    if (from >= all) return;
    const sample_series series = {.mechanism = g->plan.mechanisms[m],
                                  .label = m,
                                  .split = w->split,
                                  .design = g->plan.sample_design,
                                  .seed = g->plan.seed,
                                  .solver = &g->plan.solver,
                                  .pool = &g->pools[w->split][m]};
    w->status[piece] = mech_simulate_samples(
        &series, (w->first + place) / n_mechanisms + from, all - from < A_PIECE ? all - from : A_PIECE, g->block,
        place + from * n_mechanisms, n_mechanisms, &w->failures[piece], &w->errors[piece]);
}

/* Simulates the block that begins at w->first. */
static mech_status simulate_block(block_work *w, mech_error *error) {
    generation *g = w->g;
    const size_t n_mechanisms = g->plan.n_mechanisms;
    const size_t parts = (g->block->n / n_mechanisms + 1 + A_PIECE - 1) / A_PIECE, n_pieces = parts * n_mechanisms;
    mech_status status = MECH_OK;
    w->status = mech_allocate_array(n_pieces, sizeof *w->status);
    w->failures = mech_allocate_array(n_pieces, sizeof *w->failures);
    w->errors = mech_allocate_array(n_pieces, sizeof *w->errors);
    if (!w->status || !w->failures || !w->errors) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    mech_team_share(g->team, n_pieces, simulate_piece, w);
    for (size_t p = 0; p < n_pieces; p++) {
        w->mechanism_failures[p % n_mechanisms] += w->failures[p];
        if (w->status[p] == MECH_OK || status != MECH_OK) continue;
        status = w->status[p];
        if (error) *error = w->errors[p];
    }
cleanup:
    mech_release_array(w->status);
    mech_release_array(w->failures);
    mech_release_array(w->errors);
    return status;
}

static size_t size_of_block(const generation *g, dataset_split s, size_t number) {
    const size_t left = g->plan.n_samples[s] - number * A_BLOCK;
    return left < A_BLOCK ? left : A_BLOCK;
}

static mech_status prepare_block(generation *g, dataset_split s, size_t number, mech_error *error) {
    (void)error;
    g->block->n = size_of_block(g, s, number);
    return MECH_OK;
}

/* `failures` is written through a context, which clang-tidy does not see.
 * NOLINTNEXTLINE(readability-non-const-parameter) */
static mech_status simulate_number(generation *g, dataset_split s, size_t number, uint64_t *failures,
                                   mech_error *error) {
    block_work work = {.g = g, .split = s, .first = number * A_BLOCK, .mechanism_failures = failures};
    return simulate_block(&work, error);
}

static size_t parts_of_block(generation *g, block_part parts[MOST_BLOCK_PARTS]) {
    const mech_samples *b = g->block;
    size_t n = 0;
    parts[n++] = (block_part){b->x1, b->n * N_RUNS * sizeof *b->x1};
    parts[n++] = (block_part){b->x2, b->n * b->n_times * SAMPLE_COLUMNS * sizeof *b->x2};
    parts[n++] = (block_part){b->y, b->n * sizeof *b->y};
    parts[n++] = (block_part){b->theta, b->n * b->n_theta * sizeof *b->theta};
    parts[n++] = (block_part){b->additive, b->n * sizeof *b->additive};
    return n;
}

static mech_status write_block(generation *g, dataset_split s, size_t number, uint64_t *sum, mech_error *error) {
    return mech_dataset_write(g->dataset, s, number * A_BLOCK, g->block, sum, error);
}

static mech_status simulate_split(generation *g, dataset_split s, size_t *done, mech_error *error) {
    static const block_kind samples = {size_of_block, prepare_block, simulate_number, parts_of_block, write_block};
    const size_t n = g->plan.n_samples[s], most = n < A_BLOCK ? n : A_BLOCK;
    if (!n) return MECH_OK;
    if (g->plan.design) return mech_make_blocks(g, s, &mech_experiment_blocks, done, error);
    g->block = mech_samples_new(g->plan.sample_design, most, g->plan.n_times[s], g->plan.n_theta, g->plan.n_mechanisms);
    const mech_status status = g->block ? mech_make_blocks(g, s, &samples, done, error) : mech_fail_memory(error);
    mech_samples_free(g->block);
    g->block = NULL;
    return status;
}

static mech_status check_options(const generation *g, mech_error *error) {
    const size_t *n = g->plan.n_samples;
    const size_t most = g->plan.design ? MOST_SET_LABELS : MECH_MOST_LABELS;
    if (g->plan.n_mechanisms > most)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the set has %zu mechanisms; expected at most %zu",
                         g->plan.n_mechanisms, most);
    mech_status status = mech_check_distinct(g->plan.mechanisms, g->plan.n_mechanisms, error);
    if (status != MECH_OK) return status;
    for (int s = 0; s < N_SPLITS; s++)
        if (n[s] > UINT32_MAX)
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "%zu samples were asked for; expected at most %lu in a split", n[s],
                             (unsigned long)UINT32_MAX);
    if (n[SPLIT_TRAIN] + n[SPLIT_VALIDATION] + n[SPLIT_TEST] == 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "no samples were asked for");
    return MECH_OK;
}

/* What the options come to. builtin[MECH_MOST_LABELS] has room for the library's mechanisms. */
static dataset_plan make_plan(const mech_generate_options *options, mech_sample_design sample_design,
                              const design *designed, const mech_mechanism **builtin) {
    dataset_plan plan = {.sample_design = sample_design,
                         .has_runs = designed != NULL,
                         .design = designed,
                         .seed = options->seed,
                         .n_samples = {options->n_train, options->n_validation, options->n_test},
                         .mechanisms = options->mechanisms ? options->mechanisms : builtin,
                         .n_mechanisms = options->mechanisms ? options->n_mechanisms : mech_builtin_count(),
                         .n_thetas = options->n_thetas,
                         .n_theta = LEAST_THETA,
                         .solver = mech_solver_options_default()};
    for (size_t m = 0; m < mech_builtin_count(); m++) builtin[m] = mech_builtin(m);
    for (int s = 0; s < N_SPLITS; s++) plan.n_times[s] = mech_measured_times(plan.sample_design, (dataset_split)s);
    if (!plan.n_thetas) plan.n_thetas = (size_t)nearbyint((double)options->n_train / SAMPLES_A_THETA);
    if (plan.n_thetas < plan.n_mechanisms) plan.n_thetas = plan.n_mechanisms;
    if (plan.n_thetas > options->n_train) plan.n_thetas = options->n_train;
    for (size_t m = 0; m < plan.n_mechanisms; m++) {
        const size_t n_k = mech_mechanism_n_rate_constants(plan.mechanisms[m]);
        if (n_k > plan.n_theta) plan.n_theta = n_k;
        plan.has_b |= mech_reactant_species(plan.mechanisms[m]) >= 0;
    }
    return plan;
}

/* What the options say of the design: one of samples, or another, of which the caller frees *designed. */
static mech_status find_design(const mech_generate_options *options, mech_sample_design *of_samples, design **designed,
                               mech_error *error) {
    *designed = NULL;
    *of_samples = MECH_DESIGN_NATURE;
    if (!options->design || mech_find_sample_design(options->design, of_samples)) return MECH_OK;
    return mech_design_open(options->design, designed, error);
}

mech_status mech_generated_options(const mech_generate_options *chosen, char **normalised, mech_error *error) {
    const mech_mechanism *builtin[MECH_MOST_LABELS] = {0};
    mech_generate_options options = mech_generate_options_default();
    mech_sample_design sample_design;
    design *designed = NULL;
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_generate_options", error);
    if (status == MECH_OK) status = find_design(&options, &sample_design, &designed, error);
    if (status != MECH_OK) return status;
    dataset_plan plan = make_plan(&options, sample_design, designed, builtin);
    plan.prior = options.prior ? options.prior : "wide";
    status = mech_dataset_options(&plan, normalised, error);
    mech_design_free(designed);
    return status;
}

mech_status mech_generate(const mech_generate_options *chosen, const char *path, const mech_progress *progress,
                          mech_draw_report **report, mech_error *error) {
    if (report) *report = NULL;
    const mech_mechanism *builtin[MECH_MOST_LABELS] = {0};
    mech_generate_options own = mech_generate_options_default();
    const mech_generate_options *options = &own;
    mech_sample_design sample_design;
    design *designed = NULL;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_generate_options", error);
    if (status == MECH_OK) status = find_design(options, &sample_design, &designed, error);
    if (status != MECH_OK) return status;
    generation g = {.plan = make_plan(options, sample_design, designed, builtin), .progress = progress};
    const size_t n_mechanisms = g.plan.n_mechanisms;
    size_t done = 0;
    status = check_options(&g, error);
    if (status == MECH_OK)
        status =
            mech_prior_new(options->prior ? options->prior : "wide", g.plan.mechanisms, n_mechanisms, &g.prior, error);
    if (status != MECH_OK) goto cleanup;
    g.plan.prior = mech_prior_text(g.prior);
    g.counts = mech_allocate_array(n_mechanisms, sizeof *g.counts);
    bool memory = g.counts != NULL;
    for (int s = 0; s < N_SPLITS; s++) {
        g.pools[s] = mech_allocate_array(n_mechanisms, sizeof *g.pools[s]);
        memory &= g.pools[s] != NULL;
    }
    g.team = mech_team_new(options->threads);
    if (!memory || !g.team) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    mech_team_join_ranks(g.team);
    for (size_t m = 0; m < n_mechanisms; m++) {
        g.counts[m].mechanism = mech_mechanism_id(g.plan.mechanisms[m]);
        for (int s = 0; s < N_SPLITS; s++) g.counts[m].samples += mech_share_of(&g, g.plan.n_samples[s], m);
    }
    if (designed) status = mech_lay_out_experiments(&g, error);
    if (status != MECH_OK) goto cleanup;
    status = mech_generation_open(&g, path, options->resume, error);
    if (status == MECH_OK) status = draw_all_thetas(&g, error);
    for (int s = 0; s < N_SPLITS && status == MECH_OK; s++) status = simulate_split(&g, (dataset_split)s, &done, error);
    if (status == MECH_OK) status = mech_report_samples(&g, done, error);
    status = mech_generation_close(&g, status, error);
    mech_ranks_settle(status, error);
    if (status == MECH_OK) status = mech_draw_report_new(g.counts, n_mechanisms, report, error);
cleanup:
    for (int s = 0; s < N_SPLITS; s++) {
        for (size_t m = 0; g.pools[s] && m < n_mechanisms; m++) mech_theta_pool_free(&g.pools[s][m]);
        mech_release_array(g.pools[s]);
        mech_release_array(g.starts[s]);
    }
    mech_run_sets_free(g.sets);
    mech_design_free(designed);
    mech_team_free(g.team);
    mech_release_array(g.counts);
    mech_prior_free(g.prior);
    return status;
}
