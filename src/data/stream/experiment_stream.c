#include "data/stream/experiment_stream.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "chemistry/library/library.h"
#include "data/laboratory/blocks.h"
#include "data/samples/byte_labels.h"
#include "data/samples/samples.h"
#include "data/stream/theta_groups.h"

#include <stdlib.h>
#include <string.h>

/* Experiments that a pass goes through at most, about. */
enum { A_WINDOW = 32768, LEAST_THETA = 6, MOST_REUSE = 1000 };

/* Block b visits group b of the thetas, so that a group has as many experiments as a block. */
struct experiment_stream {
    mech_stream_options options;
    design *design;
    const mech_mechanism *mechanisms[MOST_BYTE_LABELS]; /* [n_mechanisms] */
    size_t n_mechanisms, n_theta, a_block;
    uint64_t seed;
    prior *prior;
    mech_solver_options solver;
    team *team;
    theta_groups_plan plan;
    theta_groups *groups;
    theta_register held_out; /* thetas of the validation split */
    run_sets *validation;
    char *names, *origin, *library;
    mech_draw_counts drawn[MOST_BYTE_LABELS];
    const mech_progress *progress;
};

static size_t ceiling(size_t n, size_t divisor) { return (n + divisor - 1) / divisor; }

static mech_status check_options(const mech_stream_options *o, mech_error *error) {
    const struct {
        const char *name;
        size_t n;
    } sizes[] = {
        {"training experiments", o->n_train}, {"validation experiments", o->n_validation}, {"thetas", o->n_thetas}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i].n < 1 || sizes[i].n > UINT32_MAX)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: %zu; expected 1 to %lu", sizes[i].name, sizes[i].n,
                             (unsigned long)UINT32_MAX);
    if (!(o->renew >= 0 && o->renew <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "renewed thetas: %g; expected 0 to 1 for each experiment",
                         o->renew);
    if (o->reuse < 1 || o->reuse > MOST_REUSE)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "uses of an experiment: %zu; expected 1 to %d", o->reuse,
                         MOST_REUSE);
    return MECH_OK;
}

static mech_status describe(experiment_stream *s, mech_error *error) {
    const mech_stream_options *o = &s->options;
    text names = {0}, origin = {0};
    for (size_t m = 0; m < s->n_mechanisms; m++)
        mech_text_format(&names, "%s%s", m ? "," : "", mech_mechanism_id(s->mechanisms[m]));
    mech_text_format(&origin, "--stream --design %s --train %zu --validation %zu --thetas %zu --renew ",
                     s->design->name, o->n_train, o->n_validation, o->n_thetas);
    mech_text_number(&origin, o->renew);
    mech_text_format(&origin, " --reuse %zu", o->reuse);
    if (o->mechanisms) mech_text_format(&origin, " --mechanisms %s", names.failed ? "" : names.characters);
    mech_status status = mech_text_take(&names, &s->names, error);
    if (status == MECH_OK) status = mech_text_take(&origin, &s->origin, error);
    if (status == MECH_OK) status = mech_library_text_of(s->mechanisms, s->n_mechanisms, &s->library, error);
    mech_text_free(&names);
    mech_text_free(&origin);
    return status;
}

/* Everything that takes memory but no time. */
static mech_status prepare(experiment_stream *s, int threads, mech_error *error) {
    const mech_stream_options *o = &s->options;
    s->n_mechanisms = o->mechanisms ? o->n_mechanisms : mech_builtin_count();
    if (s->n_mechanisms < 1 || s->n_mechanisms > MOST_BYTE_LABELS)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the set has %zu mechanisms; expected 1 to %d", s->n_mechanisms,
                         MOST_BYTE_LABELS);
    s->team = mech_team_new(threads);
    if (!s->team) return mech_fail_memory(error);
    s->n_theta = LEAST_THETA;
    for (size_t m = 0; m < s->n_mechanisms; m++) {
        s->mechanisms[m] = o->mechanisms ? o->mechanisms[m] : mech_builtin(m);
        s->drawn[m].mechanism = mech_mechanism_id(s->mechanisms[m]);
        const size_t n_k = mech_mechanism_n_rate_constants(s->mechanisms[m]);
        if (n_k > s->n_theta) s->n_theta = n_k;
    }
    mech_status status = mech_check_distinct(s->mechanisms, s->n_mechanisms, error);
    if (status == MECH_OK) status = mech_design_open(o->design, &s->design, error);
    if (status == MECH_OK)
        status = mech_prior_new(o->prior ? o->prior : "wide", s->mechanisms, s->n_mechanisms, &s->prior, error);
    if (status == MECH_OK) status = describe(s, error);
    if (status != MECH_OK) return status;
    const size_t window = o->n_train < A_WINDOW ? o->n_train : A_WINDOW;
    s->a_block = ceiling(ceiling(window, o->reuse), s->n_mechanisms) * s->n_mechanisms;
    const size_t n_groups = (o->n_thetas + s->a_block / 2) / s->a_block, groups = n_groups ? n_groups : 1;
    const size_t n_thetas = (o->n_thetas + groups * s->n_mechanisms / 2) / (groups * s->n_mechanisms);
    s->plan = (theta_groups_plan){.mechanisms = s->mechanisms,
                                  .n_mechanisms = s->n_mechanisms,
                                  .protocol = o->protocol,
                                  .additive = &s->design->of[DESIGN_FOR_TRAINING][DESIGN_ADDITIVE],
                                  .seed = s->seed,
                                  .prior = s->prior,
                                  .solver = &s->solver,
                                  .excluded = &s->held_out,
                                  .team = s->team,
                                  .n_groups = groups,
                                  .n_thetas = n_thetas ? n_thetas : 1};
    s->plan.renewed_a_visit = (double)s->a_block * o->renew / (double)(s->plan.n_thetas * s->n_mechanisms);
    return mech_theta_groups_new(&s->plan, &s->groups, error);
}

static mech_status simulate(experiment_stream *s, const theta_pool *pools, dataset_split split, uint64_t seed,
                            size_t first, size_t n, run_sets **sets, mech_error *error) {
    const experiment_source source = {.mechanisms = s->mechanisms,
                                      .n_mechanisms = s->n_mechanisms,
                                      .pools = pools,
                                      .split = split,
                                      .design = s->design,
                                      .seed = seed,
                                      .solver = &s->solver,
                                      .n_theta = s->n_theta};
    uint64_t *failures = mech_allocate_array(s->n_mechanisms, sizeof *failures);
    if (!failures) return mech_fail_memory(error);
    const mech_status status = mech_simulate_block(&source, first, n, s->team, sets, failures, error);
    for (size_t m = 0; m < s->n_mechanisms && status == MECH_OK; m++) {
        s->drawn[m].solver_failures += failures[m];
        s->drawn[m].samples += n / s->n_mechanisms + (m < n % s->n_mechanisms);
    }
    mech_release_array(failures);
    return status;
}

/* A theta for each experiment. */
static mech_status make_validation(experiment_stream *s, mech_error *error) {
    const size_t n = s->options.n_validation;
    mech_status status = MECH_OK;
    size_t done = 0;
    theta_pool *pools = mech_allocate_array(s->n_mechanisms, sizeof *pools);
    if (!pools) return mech_fail_memory(error);
    for (size_t m = 0; m < s->n_mechanisms && status == MECH_OK; m++) {
        const size_t share = n / s->n_mechanisms + (m < n % s->n_mechanisms);
        const theta_draw draw = {.mechanism = s->mechanisms[m],
                                 .label = m,
                                 .split = SPLIT_VALIDATION,
                                 .protocol = s->options.protocol,
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
    for (size_t m = 0; m < s->n_mechanisms; m++) mech_theta_pool_free(&pools[m]);
    mech_release_array(pools);
    return status;
}

mech_status mech_experiment_stream_new(const mech_stream_options *options, uint64_t seed, int threads,
                                       const mech_progress *progress, experiment_stream **s, mech_error *error) {
    *s = NULL;
    mech_status status = check_options(options, error);
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
    mech_free(s->names);
    mech_free(s->origin);
    mech_free(s->library);
    free(s);
}

static mech_status make_block(void *context, uint64_t block, run_sets **sets, mech_error *error) {
    experiment_stream *s = context;
    const size_t a_group = s->plan.n_thetas * s->n_mechanisms;
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
                            .n_labels = s->n_mechanisms,
                            .validation = s->validation,
                            .design = s->design->text,
                            .library = s->library,
                            .make = make_block,
                            .context = s};
}

const char *mech_experiment_stream_mechanisms(const experiment_stream *s) { return s->names; }

const char *mech_experiment_stream_prior(const experiment_stream *s) { return mech_prior_text(s->prior); }

const char *mech_experiment_stream_origin(const experiment_stream *s) { return s->origin; }

void mech_experiment_stream_counts(const experiment_stream *s, mech_draw_counts *counts) {
    memcpy(counts, s->drawn, s->n_mechanisms * sizeof *counts);
}
