#include "data/stream/experiment_stream.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "data/laboratory/blocks.h"
#include "data/prior/draw_report.h"
#include "data/stream/stream_options.h"
#include "data/stream/theta_groups.h"

#include <stdlib.h>
#include <string.h>

/* Experiments that a pass goes through at most, about. */
enum { A_WINDOW = 32768 };

/* Block b visits group b of the thetas, so that a group has as many experiments as a block. */
struct experiment_stream {
    mech_stream_options options;
    design *design;
    stream_mechanisms set;
    size_t a_block;
    uint64_t seed;
    prior *prior;
    mech_solver_options solver;
    team *team;
    theta_groups_plan plan;
    theta_groups *groups;
    theta_register held_out; /* thetas of the validation split */
    run_sets *validation;
    stream_words words;
    mech_draw_counts drawn[MECH_MOST_LABELS]; /* [set.n] */
    const mech_progress *progress;
};

/* Everything that takes memory but no time. */
static mech_status prepare(experiment_stream *s, int threads, mech_error *error) {
    const mech_stream_options *o = &s->options;
    text named = {0};
    mech_status status = mech_take_stream_mechanisms(o, &s->set, error);
    if (status != MECH_OK) return status;
    for (size_t m = 0; m < s->set.n; m++) s->drawn[m].mechanism = mech_mechanism_id(s->set.of[m]);
    s->team = mech_team_new(threads);
    if (!s->team) return mech_fail_memory(error);
    status = mech_design_open(o->design, &s->design, error);
    if (status == MECH_OK) status = mech_prior_new(o->prior ? o->prior : "wide", s->set.of, s->set.n, &s->prior, error);
    if (status == MECH_OK) mech_text_format(&named, "--design %s", s->design->name);
    if (status == MECH_OK)
        status = named.failed ? mech_fail_memory(error)
                              : mech_describe_stream(o, named.characters, &s->set, &s->words, error);
    mech_text_free(&named);
    if (status != MECH_OK) return status;
    const size_t window = o->n_train < A_WINDOW ? o->n_train : A_WINDOW;
    s->a_block = rounded_up(rounded_up(window, o->reuse), s->set.n) * s->set.n;
    const size_t n_groups = (o->n_thetas + s->a_block / 2) / s->a_block, groups = n_groups ? n_groups : 1;
    const size_t n_thetas = (o->n_thetas + groups * s->set.n / 2) / (groups * s->set.n);
    s->plan = (theta_groups_plan){.mechanisms = s->set.of,
                                  .n_mechanisms = s->set.n,
                                  .sample_design = MECH_DESIGN_NATURE,
                                  .additive = &s->design->of[DESIGN_FOR_TRAINING][DESIGN_ADDITIVE],
                                  .seed = s->seed,
                                  .prior = s->prior,
                                  .solver = &s->solver,
                                  .excluded = &s->held_out,
                                  .team = s->team,
                                  .n_groups = groups,
                                  .n_thetas = n_thetas ? n_thetas : 1};
    s->plan.renewed_a_visit = (double)s->a_block * o->renew / (double)(s->plan.n_thetas * s->set.n);
    return mech_theta_groups_new(&s->plan, &s->groups, error);
}

static mech_status simulate(experiment_stream *s, const theta_pool *pools, dataset_split split, uint64_t seed,
                            size_t first, size_t n, run_sets **sets, mech_error *error) {
    const experiment_source source = {.mechanisms = s->set.of,
                                      .n_mechanisms = s->set.n,
                                      .pools = pools,
                                      .split = split,
                                      .design = s->design,
                                      .seed = seed,
                                      .solver = &s->solver,
                                      .n_theta = s->set.n_theta};
    uint64_t *failures = mech_allocate_array(s->set.n, sizeof *failures);
    if (!failures) return mech_fail_memory(error);
    const mech_status status = mech_simulate_block(&source, first, n, s->team, sets, failures, error);
    for (size_t m = 0; m < s->set.n && status == MECH_OK; m++) {
        s->drawn[m].solver_failures += failures[m];
        s->drawn[m].samples += n / s->set.n + (m < n % s->set.n);
    }
    mech_release_array(failures);
    return status;
}

/* A theta for each experiment. */
static mech_status make_validation(experiment_stream *s, mech_error *error) {
    const size_t n = s->options.n_validation;
    mech_status status = MECH_OK;
    size_t done = 0;
    theta_pool *pools = mech_allocate_array(s->set.n, sizeof *pools);
    if (!pools) return mech_fail_memory(error);
    for (size_t m = 0; m < s->set.n && status == MECH_OK; m++) {
        const size_t share = n / s->set.n + (m < n % s->set.n);
        const theta_draw draw = {.mechanism = s->set.of[m],
                                 .label = m,
                                 .split = SPLIT_VALIDATION,
                                 .design = MECH_DESIGN_NATURE,
                                 .additive = s->plan.additive,
                                 .seed = s->seed,
                                 .prior = s->prior,
                                 .solver = &s->solver,
                                 .team = s->team,
                                 .progress = s->progress,
                                 .done_before = done,
                                 .total = n};
        if (share) status = mech_draw_thetas(&draw, share, &s->held_out, &pools[m], &s->drawn[m], error);
        done += share;
    }
    if (status == MECH_OK) status = simulate(s, pools, SPLIT_VALIDATION, s->seed, 0, n, &s->validation, error);
    for (size_t m = 0; m < s->set.n; m++) mech_theta_pool_free(&pools[m]);
    mech_release_array(pools);
    return status;
}

mech_status mech_experiment_stream_new(const mech_stream_options *options, uint64_t seed, int threads,
                                       const mech_progress *progress, experiment_stream **s, mech_error *error) {
    *s = NULL;
    mech_status status = mech_check_stream_options(options, "an experiment", error);
    if (status != MECH_OK) return status;
    experiment_stream *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->options = *options;
    made->seed = seed;
    made->progress = progress;
    made->solver = mech_solver_options_default();
    status = prepare(made, threads, error);
    if (status == MECH_OK) status = make_validation(made, error);
    if (status == MECH_OK)
        *s = made;
    else
        mech_experiment_stream_free(made);
    return status;
}

void mech_experiment_stream_free(experiment_stream *s) {
    if (!s) return;
    mech_run_sets_free(s->validation);
    mech_theta_groups_free(s->groups);
    mech_theta_register_free(&s->held_out);
    mech_prior_free(s->prior);
    mech_design_free(s->design);
    mech_team_free(s->team);
    mech_stream_words_free(&s->words);
    free(s);
}

static mech_status make_block(void *context, uint64_t block, run_sets **sets, mech_error *error) {
    experiment_stream *s = context;
    const size_t a_group = s->plan.n_thetas * s->set.n;
    const theta_group *group = NULL;
    mech_status status = mech_theta_groups_visit(s->groups, block, s->progress, 0, a_group, &group, s->drawn, error);
    if (status != MECH_OK) return status;
    /* Each round of visits goes on where the one before ended. */
    const size_t first = (size_t)(block / s->plan.n_groups) * s->a_block;
    return simulate(s, group->pools, SPLIT_TRAIN, group->seed, first, s->a_block, sets, error);
}

run_set_source mech_experiment_stream_source(experiment_stream *s) {
    return (run_set_source){.a_block = s->a_block,
                            .reuse = s->options.reuse,
                            .n_labels = s->set.n,
                            .validation = s->validation,
                            .design = s->design->text,
                            .library = s->words.library,
                            .make = make_block,
                            .context = s};
}

const char *mech_experiment_stream_mechanisms(const experiment_stream *s) { return s->words.names; }

const char *mech_experiment_stream_prior(const experiment_stream *s) { return mech_prior_text(s->prior); }

const char *mech_experiment_stream_origin(const experiment_stream *s) { return s->words.origin; }

mech_status mech_experiment_stream_report(const experiment_stream *s, mech_draw_report **report, mech_error *error) {
    return mech_draw_report_new(s->drawn, s->set.n, report, error);
}
