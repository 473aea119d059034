#include "data/stream/experiment_stream.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/laboratory/blocks.h"
#include "data/prior/prior.h"
#include "data/samples/classes.h"
#include "data/stream/theta_groups.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { LEAST_THETA = 6 };

/* A block that is simulated in the background, or was. */
typedef struct ahead {
    bool there;   /* it was begun and not asked for yet */
    bool running; /* its thread has not been joined */
    pthread_t thread;
    uint64_t number;
    run_sets *sets;
    mech_status status;
    mech_error error;
} ahead;

struct experiment_stream {
    experiment_stream_options options;
    const mech_mechanism **mechanisms; /* [n_mechanisms] */
    size_t n_theta;
    prior *prior;
    mech_solver_options solver;
    team *team;
    theta_groups_plan plan;
    theta_groups *groups;
    theta_register held_out; /* thetas of the validation split */
    run_sets *validation;
    mech_draw_counts *counts; /* [n_mechanisms] */
    ahead next;
    atomic_bool closing;
};

experiment_stream_options mech_experiment_stream_options_default(void) {
    return (experiment_stream_options){
        .prior = "wide", .seed = 1, .n_validation = 20000, .a_block = 4096, .n_thetas = 108208, .renew = 0.02};
}

static mech_status check_options(const experiment_stream_options *o, mech_error *error) {
    if (!o->design) return mech_fail(error, MECH_INVALID_ARGUMENT, "the stream has no design");
    if (o->mechanisms && (o->n_mechanisms < 1 || o->n_mechanisms > MOST_LABELS))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the set has %zu mechanisms; expected 1 to %d", o->n_mechanisms,
                         MOST_LABELS);
    if (o->a_block < 1 || o->a_block > 1 << 20 || o->n_thetas < 1 || o->n_thetas > UINT32_MAX ||
        o->n_validation > UINT32_MAX)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "blocks of %zu from %zu thetas, %zu for validation; expected 1 to a million, and 32 bits",
                         o->a_block, o->n_thetas, o->n_validation);
    if (!(o->renew >= 0 && o->renew <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "renewed thetas: %g; expected 0 to 1 for each experiment",
                         o->renew);
    return MECH_OK;
}

/* The sizes that follow from the options: a block is a visit to a group of thetas. */
static void lay_out(experiment_stream *s) {
    experiment_stream_options *o = &s->options;
    const size_t n = o->n_mechanisms;
    o->a_block = (o->a_block + n - 1) / n * n;
    theta_groups_plan *plan = &s->plan;
    plan->n_groups = (o->n_thetas + o->a_block / 2) / o->a_block;
    if (!plan->n_groups) plan->n_groups = 1;
    plan->n_thetas = (o->n_thetas + plan->n_groups * n / 2) / (plan->n_groups * n);
    if (!plan->n_thetas) plan->n_thetas = 1;
    plan->renewed_a_visit = (double)o->a_block * o->renew / (double)(plan->n_thetas * n);
}

static mech_status prepare(experiment_stream *s, mech_error *error) {
    experiment_stream_options *o = &s->options;
    if (!o->mechanisms) o->n_mechanisms = mech_builtin_count();
    const size_t n = o->n_mechanisms;
    s->mechanisms = mech_allocate_array(n, sizeof(const mech_mechanism *));
    s->counts = mech_allocate_array(n, sizeof *s->counts);
    s->team = mech_team_new(o->threads);
    if (!s->mechanisms || !s->counts || !s->team) return mech_fail_memory(error);
    s->n_theta = LEAST_THETA;
    for (size_t m = 0; m < n; m++) {
        s->mechanisms[m] = o->mechanisms ? o->mechanisms[m] : mech_builtin(m);
        s->counts[m].mechanism = mech_mechanism_id(s->mechanisms[m]);
        const size_t n_k = mech_mechanism_n_rate_constants(s->mechanisms[m]);
        if (n_k > s->n_theta) s->n_theta = n_k;
    }
    mech_status status = mech_check_distinct(s->mechanisms, n, error);
    if (status == MECH_OK) status = mech_prior_new(o->prior ? o->prior : "wide", s->mechanisms, n, &s->prior, error);
    if (status != MECH_OK) return status;
    lay_out(s);
    s->plan.mechanisms = s->mechanisms;
    s->plan.n_mechanisms = n;
    s->plan.additive = &o->design->of[DESIGN_FOR_TRAINING][DESIGN_ADDITIVE];
    s->plan.seed = o->seed;
    s->plan.prior = s->prior;
    s->plan.solver = &s->solver;
    s->plan.excluded = &s->held_out;
    s->plan.team = s->team;
    return mech_theta_groups_new(&s->plan, &s->groups, error);
}

static experiment_source source_of(const experiment_stream *s, const theta_pool *pools, dataset_split split,
                                   uint64_t seed) {
    return (experiment_source){.mechanisms = s->mechanisms,
                               .n_mechanisms = s->options.n_mechanisms,
                               .pools = pools,
                               .split = split,
                               .design = s->options.design,
                               .seed = seed,
                               .solver = &s->solver,
                               .n_theta = s->n_theta};
}

static mech_status simulate(experiment_stream *s, const experiment_source *source, size_t first, size_t n,
                            run_sets **sets, mech_error *error) {
    const size_t n_mechanisms = s->options.n_mechanisms;
    uint64_t *failures = mech_allocate_array(n_mechanisms, sizeof *failures);
    if (!failures) return mech_fail_memory(error);
    const mech_status status = mech_simulate_block(source, first, n, s->team, sets, failures, error);
    for (size_t m = 0; m < n_mechanisms; m++) {
        s->counts[m].solver_failures += failures[m];
        s->counts[m].samples += n / n_mechanisms + (m < n % n_mechanisms);
    }
    mech_release_array(failures);
    return status;
}

static mech_status make_validation(experiment_stream *s, const mech_progress *progress, mech_error *error) {
    const size_t n = s->options.n_validation, n_mechanisms = s->options.n_mechanisms;
    mech_status status = MECH_OK;
    size_t done = 0;
    theta_pool *pools = mech_allocate_array(n_mechanisms, sizeof *pools);
    if (!pools) return mech_fail_memory(error);
    for (size_t m = 0; m < n_mechanisms && status == MECH_OK; m++) {
        const size_t share = n / n_mechanisms + (m < n % n_mechanisms);
        const theta_draw draw = {.mechanism = s->mechanisms[m],
                                 .label = m,
                                 .split = SPLIT_VALIDATION,
                                 .additive = s->plan.additive,
                                 .seed = s->options.seed,
                                 .prior = s->prior,
                                 .solver = &s->solver,
                                 .team = s->team,
                                 .progress = progress,
                                 .done_before = done,
                                 .total = n};
        if (share) status = mech_draw_thetas(&draw, share, &s->held_out, &pools[m], &s->counts[m], error);
        done += share;
    }
    const experiment_source source = source_of(s, pools, SPLIT_VALIDATION, s->options.seed);
    if (status == MECH_OK) status = simulate(s, &source, 0, n, &s->validation, error);
    for (size_t m = 0; m < n_mechanisms; m++) mech_theta_pool_free(&pools[m]);
    mech_release_array(pools);
    return status;
}

mech_status mech_experiment_stream_new(const experiment_stream_options *options, const mech_progress *progress,
                                       experiment_stream **s, mech_error *error) {
    *s = NULL;
    mech_status status = check_options(options, error);
    if (status != MECH_OK) return status;
    experiment_stream *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->options = *options;
    made->solver = mech_solver_options_default();
    status = prepare(made, error);
    if (status == MECH_OK && options->n_validation) status = make_validation(made, progress, error);
    if (status == MECH_OK)
        *s = made;
    else
        mech_experiment_stream_free(made);
    return status;
}

static mech_status make_block(experiment_stream *s, uint64_t number, const mech_progress *progress, run_sets **sets,
                              mech_error *error) {
    const theta_group *group = NULL;
    const size_t n = s->options.a_block;
    *sets = NULL;
    const mech_status status = mech_theta_groups_visit(
        s->groups, number, progress, 0, s->plan.n_thetas * s->options.n_mechanisms, &group, s->counts, error);
    if (status != MECH_OK) return status;
    const experiment_source source = source_of(s, group->pools, SPLIT_TRAIN, group->seed);
    /* Each round of visits goes on where the one before ended. */
    return simulate(s, &source, (size_t)(number / s->plan.n_groups) * n, n, sets, error);
}

static bool is_closing(void *context) {
    experiment_stream *s = context;
    return atomic_load(&s->closing);
}

static void *work(void *context) {
    experiment_stream *s = context;
    const mech_progress quiet = {.should_stop = is_closing, .context = s};
    s->next.status = make_block(s, s->next.number, &quiet, &s->next.sets, &s->next.error);
    return NULL;
}

static void wait_for_next(experiment_stream *s) {
    if (s->next.running) pthread_join(s->next.thread, NULL);
    s->next.running = false;
}

/* Begins a block in the background; where there is no thread to be had, it is made when it is asked for. */
static void begin(experiment_stream *s, uint64_t number) {
    s->next = (ahead){.number = number};
    s->next.running = s->next.there = pthread_create(&s->next.thread, NULL, work, s) == 0;
}

mech_status mech_experiment_stream_block(experiment_stream *s, uint64_t number, const mech_progress *progress,
                                         run_sets **sets, mech_error *error) {
    const bool begun = s->next.there && s->next.number == number;
    wait_for_next(s);
    mech_status status = s->next.status;
    *sets = s->next.sets;
    if (begun && status != MECH_OK && error) *error = s->next.error;
    if (!begun) {
        mech_run_sets_free(s->next.sets);
        status = make_block(s, number, progress, sets, error);
    }
    s->next = (ahead){0};
    if (status == MECH_OK && mech_team_size(s->team) > 1) begin(s, number + 1);
    return status;
}

const run_sets *mech_experiment_stream_validation(const experiment_stream *s) { return s->validation; }

void mech_experiment_stream_counts(experiment_stream *s, mech_draw_counts *counts) {
    wait_for_next(s);
    for (size_t m = 0; m < s->options.n_mechanisms; m++) counts[m] = s->counts[m];
}

void mech_experiment_stream_free(experiment_stream *s) {
    if (!s) return;
    atomic_store(&s->closing, true);
    wait_for_next(s);
    mech_run_sets_free(s->next.sets);
    mech_run_sets_free(s->validation);
    mech_theta_groups_free(s->groups);
    mech_theta_register_free(&s->held_out);
    mech_prior_free(s->prior);
    mech_team_free(s->team);
    mech_release_array(s->mechanisms);
    mech_release_array(s->counts);
    free(s);
}
