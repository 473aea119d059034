#include "data/stream/stream.h"

#include "base/interface.h"
#include "base/memory.h"
#include "data/conditions/conditions.h"
#include "data/prior/draw_report.h"
#include "data/samples/sample.h"
#include "data/samples/samples.h"
#include "data/stream/stream_options.h"
#include "data/stream/theta_groups.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Samples of a window and of a visit at most, about; of those, the ones that a thread simulates at a time. */
enum { A_WINDOW = 131072, A_VISIT = 4096, A_PIECE = 256 };

/* Samples that are used `reuse` times each come in blocks, a block in visits to groups of thetas; visit v of the stream
 * is the (v modulo visits)th of block v / visits and takes the same number of samples of each mechanism from its group.
 */
struct stream {
    mech_stream_options options;
    mech_sample_design design;
    stream_mechanisms set;
    uint64_t seed;
    prior *prior;
    mech_solver_options solver;
    team *team;
    theta_groups_plan plan;
    theta_groups *groups;
    theta_register held_out; /* thetas of the validation split */
    mech_samples *validation;
    stream_words words;
    mech_draw_counts drawn[MECH_MOST_LABELS]; /* [set.n]: all that was drawn, for who makes blocks */
    size_t a_visit, visits, a_block, window;  /* samples, visits of a block, samples, samples */
    mech_samples *ring;                       /* [(reuse + 1) blocks]: block b stands at place b modulo (reuse + 1) */

    pthread_t worker;
    bool has_worker;
    pthread_mutex_t mutex;
    pthread_cond_t made_changed, opened_changed;
    uint64_t made;   /* blocks below this number are made */
    uint64_t opened; /* the pass under way: blocks below this number are no longer needed */
    bool closing;
    mech_draw_counts counts[MECH_MOST_LABELS]; /* [set.n]: `drawn` when the last block was made, for all threads */
    mech_status status;                        /* of the worker */
    mech_error error;
};

void mech_stream_options_init(mech_stream_options *options, size_t size) {
    const mech_stream_options defaults = {
        .n_train = 1000000, .n_validation = 20000, .n_thetas = 108208, .renew = 0.02, .reuse = 8, .prior = "wide"};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

/* The sizes that follow from the options. */
static void lay_out(stream *s) {
    const mech_stream_options *o = &s->options;
    const size_t n = s->set.n, window = o->n_train < A_WINDOW ? o->n_train : A_WINDOW;
    const size_t wanted = rounded_up(window, o->reuse);
    s->a_visit = rounded_up(wanted < A_VISIT ? wanted : A_VISIT, n) * n;
    s->visits = rounded_up(wanted, s->a_visit);
    s->a_block = s->visits * s->a_visit;
    s->window = o->reuse * s->a_block;
    const size_t n_groups = (o->n_thetas + s->a_visit / 2) / s->a_visit;
    theta_groups_plan *plan = &s->plan;
    plan->n_groups = n_groups ? n_groups : 1;
    plan->n_thetas = (o->n_thetas + plan->n_groups * n / 2) / (plan->n_groups * n);
    if (!plan->n_thetas) plan->n_thetas = 1;
    plan->renewed_a_visit = (double)s->a_visit * o->renew / (double)(plan->n_thetas * n);
}

/* Samples of all mechanisms in turn, from a pool of each. */
typedef struct simulation {
    const stream *s;
    const theta_pool *pools; /* [n_mechanisms] */
    dataset_split split;
    uint64_t seed;
    size_t n;           /* how many */
    size_t numbered;    /* number of the first sample of each mechanism */
    mech_samples *into; /* places place, ..., place + n - 1 */
    size_t place;
    mech_status *status; /* [pieces] */
    mech_error *errors;  /* [pieces] */
    uint64_t *failures;  /* [pieces]: draws of conditions that the solver failed on */
} simulation;

static size_t mech_share_of(const stream *s, size_t n, size_t mechanism) {
    return n / s->set.n + (mechanism < n % s->set.n);
}

static void simulate_piece(void *context, size_t piece, int member) {
    (void)member;
    const simulation *w = context;
    const stream *s = w->s;
    const size_t m = piece % s->set.n, from = piece / s->set.n * A_PIECE, all = mech_share_of(s, w->n, m);
    if (from >= all) return;
    const sample_series series = {.mechanism = s->set.of[m],
                                  .label = m,
                                  .split = w->split,
                                  .design = s->design,
                                  .seed = w->seed,
                                  .solver = &s->solver,
                                  .pool = &w->pools[m]};
    w->status[piece] =
        mech_simulate_samples(&series, w->numbered + from, all - from < A_PIECE ? all - from : A_PIECE, w->into,
                              w->place + m + from * s->set.n, s->set.n, &w->failures[piece], &w->errors[piece]);
}

/* Hands the samples and failures of each rank to all; each rank has those of its share of rounds, in which each
 * mechanism has its turn. */
static void exchange_samples(const simulation *w, size_t n_rounds, uint64_t *failures) {
    const stream *s = w->s;
    ranks *others = mech_team_ranks(s->team);
    const mech_samples *into = w->into;
    const size_t n = s->set.n, values = into->n_times * SAMPLE_COLUMNS;
    mech_ranks_gather(others, n_rounds, n * N_RUNS * sizeof *into->x1, into->x1 + w->place * N_RUNS);
    mech_ranks_gather(others, n_rounds, n * values * sizeof *into->x2, into->x2 + w->place * values);
    mech_ranks_gather(others, n_rounds, n * sizeof *into->y, into->y + w->place);
    mech_ranks_gather(others, n_rounds, n * into->n_theta * sizeof *into->theta,
                      into->theta + w->place * into->n_theta);
    mech_ranks_gather(others, n_rounds, n * sizeof *into->additive, into->additive + w->place);
    mech_ranks_gather(others, (size_t)mech_n_ranks(), n * sizeof *failures, failures);
}

/* Adds what failed to failures[mechanisms]. */
static mech_status simulate_own(stream *s, simulation *w, uint64_t *failures, mech_error *error) {
    const size_t n_pieces = rounded_up(mech_share_of(s, w->n, 0), A_PIECE) * s->set.n;
    mech_status status = MECH_OK;
    w->status = mech_allocate_array(n_pieces, sizeof *w->status);
    w->errors = mech_allocate_array(n_pieces, sizeof *w->errors);
    w->failures = mech_allocate_array(n_pieces, sizeof *w->failures);
    if (w->status && w->errors && w->failures)
        mech_team_share(s->team, n_pieces, simulate_piece, w);
    else
        status = mech_fail_memory(error);
    for (size_t p = 0; p < n_pieces && status == MECH_OK; p++) {
        failures[p % s->set.n] += w->failures[p];
        status = w->status[p];
        if (status != MECH_OK && error) *error = w->errors[p];
    }
    mech_release_array(w->status);
    mech_release_array(w->errors);
    mech_release_array(w->failures);
    return status;
}

/* Simulates, with the other ranks, and adds what was simulated to s->drawn. */
static mech_status simulate(stream *s, simulation *w, mech_error *error) {
    const size_t n = s->set.n, n_rounds = rounded_up(w->n, n), n_ranks = (size_t)mech_n_ranks();
    const rank_share own = mech_rank_share(mech_team_ranks(s->team), n_rounds);
    uint64_t *failures = mech_allocate_array(n_ranks * n, sizeof *failures);
    if (!failures) return mech_fail_memory(error);
    simulation mine = *w;
    mine.n = (own.end * n < w->n ? own.end * n : w->n) - own.begin * n;
    mine.numbered += own.begin;
    mine.place += own.begin * n;
    const mech_status status =
        own.begin < own.end ? simulate_own(s, &mine, failures + (size_t)mech_rank() * n, error) : MECH_OK;
    if (status == MECH_OK) exchange_samples(w, n_rounds, failures);
    for (size_t i = 0; i < n_ranks * n; i++) s->drawn[i % n].solver_failures += failures[i];
    for (size_t m = 0; m < n; m++) s->drawn[m].samples += mech_share_of(s, w->n, m);
    mech_release_array(failures);
    return status;
}

static void publish_counts(stream *s) {
    pthread_mutex_lock(&s->mutex);
    memcpy(s->counts, s->drawn, sizeof s->counts);
    pthread_mutex_unlock(&s->mutex);
}

/* Draws a theta for each validation sample, and simulates these. */
static mech_status make_validation(stream *s, const mech_progress *progress, mech_error *error) {
    const size_t n = s->options.n_validation;
    mech_status status = MECH_OK;
    size_t done = 0;
    theta_pool *pools = mech_allocate_array(s->set.n, sizeof *pools);
    if (!pools) return mech_fail_memory(error);
    for (size_t m = 0; m < s->set.n && status == MECH_OK; m++) {
        const size_t share = mech_share_of(s, n, m);
        const theta_draw draw = {.mechanism = s->set.of[m],
                                 .label = m,
                                 .split = SPLIT_VALIDATION,
                                 .design = s->design,
                                 .seed = s->seed,
                                 .prior = s->prior,
                                 .solver = &s->solver,
                                 .team = s->team,
                                 .progress = progress,
                                 .done_before = done,
                                 .total = n};
        if (share) status = mech_draw_thetas(&draw, share, &s->held_out, &pools[m], &s->drawn[m], error);
        done += share;
    }
    simulation w = {.s = s, .pools = pools, .split = SPLIT_VALIDATION, .seed = s->seed, .n = n, .into = s->validation};
    if (status == MECH_OK) status = simulate(s, &w, error);
    publish_counts(s);
    for (size_t m = 0; m < s->set.n; m++) mech_theta_pool_free(&pools[m]);
    mech_release_array(pools);
    return status;
}

/* Everything that takes memory but no time. */
static mech_status prepare(stream *s, int threads, mech_error *error) {
    const mech_stream_options *o = &s->options;
    mech_status status = mech_take_stream_mechanisms(o, &s->set, error);
    if (status != MECH_OK) return status;
    for (size_t m = 0; m < s->set.n; m++) s->drawn[m].mechanism = mech_mechanism_id(s->set.of[m]);
    s->team = mech_team_new(threads);
    if (!s->team) return mech_fail_memory(error);
    lay_out(s);
    mech_team_join_ranks(s->team);
    /* Room for whole rounds of the mechanisms, which ranks exchange. */
    s->validation = mech_samples_new(s->design, rounded_up(o->n_validation, s->set.n) * s->set.n,
                                     mech_measured_times(s->design, SPLIT_VALIDATION), s->set.n_theta, s->set.n);
    s->ring = mech_samples_new(s->design, (o->reuse + 1) * s->a_block, mech_measured_times(s->design, SPLIT_TRAIN),
                               s->set.n_theta, s->set.n);
    if (!s->validation || !s->ring) return mech_fail_memory(error);
    s->validation->n = o->n_validation;
    status = mech_prior_new(o->prior ? o->prior : "wide", s->set.of, s->set.n, &s->prior, error);
    if (status == MECH_OK)
        status = mech_describe_stream(o, s->design == MECH_DESIGN_NATURE ? "--design nature" : "--design fixed-window",
                                      &s->set, &s->words, error);
    s->plan.mechanisms = s->set.of;
    s->plan.n_mechanisms = s->set.n;
    s->plan.sample_design = s->design;
    s->plan.seed = s->seed;
    s->plan.prior = s->prior;
    s->plan.solver = &s->solver;
    s->plan.excluded = &s->held_out;
    s->plan.team = s->team;
    if (status == MECH_OK) status = mech_theta_groups_new(&s->plan, &s->groups, error);
    return status;
}

mech_status mech_stream_new(const mech_stream_options *chosen, uint64_t seed, int threads,
                            const mech_progress *progress, stream **s, mech_error *error) {
    *s = NULL;
    mech_stream_options own = mech_stream_options_default();
    const mech_stream_options *options = &own;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_stream_options", error);
    if (status == MECH_OK) status = mech_check_stream_options(options, "a sample", error);
    mech_sample_design design = MECH_DESIGN_NATURE;
    if (status == MECH_OK && options->design && !mech_find_sample_design(options->design, &design))
        status =
            mech_fail(error, MECH_INVALID_ARGUMENT,
                      "design: %s; expected one whose experiments are samples of four runs: fixed-window or nature",
                      options->design);
    if (status != MECH_OK) return status;
    stream *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->options = *options;
    made->design = design;
    made->seed = seed;
    made->solver = mech_solver_options_default();
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->made_changed, NULL);
    pthread_cond_init(&made->opened_changed, NULL);
    status = prepare(made, threads, error);
    if (status == MECH_OK) status = make_validation(made, progress, error);
    if (status == MECH_OK)
        *s = made;
    else
        mech_stream_free(made);
    return status;
}

void mech_stream_free(stream *s) {
    if (!s) return;
    if (s->has_worker) {
        pthread_mutex_lock(&s->mutex);
        s->closing = true;
        pthread_cond_signal(&s->opened_changed);
        pthread_mutex_unlock(&s->mutex);
        pthread_join(s->worker, NULL);
    }
    pthread_cond_destroy(&s->opened_changed);
    pthread_cond_destroy(&s->made_changed);
    pthread_mutex_destroy(&s->mutex);
    mech_samples_free(s->ring);
    mech_samples_free(s->validation);
    mech_theta_groups_free(s->groups);
    mech_theta_register_free(&s->held_out);
    mech_prior_free(s->prior);
    mech_team_free(s->team);
    mech_stream_words_free(&s->words);
    free(s);
}

const mech_samples *mech_stream_validation(const stream *s) { return s->validation; }

const char *mech_stream_mechanisms(const stream *s) { return s->words.names; }

const char *mech_stream_library(const stream *s) { return s->words.library; }

const char *mech_stream_prior(const stream *s) { return mech_prior_text(s->prior); }

const char *mech_stream_origin(const stream *s) { return s->words.origin; }

void mech_stream_loadings(const stream *s, double range[2]) {
    (void)s;
    range[0] = LEAST_LOADING;
    range[1] = MOST_LOADING;
}

/* Whether the stream is about to be freed, on any rank: what the workers do is then stopped where it is. */
static bool is_closing(void *context) {
    stream *s = context;
    pthread_mutex_lock(&s->mutex);
    const bool closing = s->closing;
    pthread_mutex_unlock(&s->mutex);
    return mech_ranks_one_says(mech_team_ranks(s->team), closing);
}

mech_status mech_stream_report(stream *s, mech_draw_report **report, mech_error *error) {
    pthread_mutex_lock(&s->mutex);
    const mech_status status = mech_draw_report_new(s->counts, s->set.n, report, error);
    pthread_mutex_unlock(&s->mutex);
    return status;
}

uint64_t mech_stream_failures(stream *s) {
    uint64_t failures = 0;
    pthread_mutex_lock(&s->mutex);
    for (size_t m = 0; m < s->set.n; m++) failures += s->counts[m].solver_failures;
    pthread_mutex_unlock(&s->mutex);
    return failures;
}

/* Simulates a block into its place of the ring. */
static mech_status make_block(stream *s, uint64_t block, mech_error *error) {
    const mech_progress quiet = {.should_stop = is_closing, .context = s};
    const size_t at = (size_t)(block % (s->options.reuse + 1)) * s->a_block;
    for (size_t i = 0; i < s->visits; i++) {
        const uint64_t visit = block * s->visits + i;
        const theta_group *group = NULL;
        mech_status status = mech_theta_groups_visit(s->groups, visit, &quiet, 0, 0, &group, s->drawn, error);
        if (status != MECH_OK) return status;
        simulation w = {.s = s,
                        .pools = group->pools,
                        .split = SPLIT_TRAIN,
                        .seed = group->seed,
                        .n = s->a_visit,
                        /* Each round of visits goes on where the one before ended. */
                        .numbered = (size_t)(visit / s->plan.n_groups) * (s->a_visit / s->set.n),
                        .into = s->ring,
                        .place = at + i * s->a_visit};
        status = simulate(s, &w, error);
        if (status == MECH_OK && is_closing(s)) status = mech_fail(error, MECH_STOPPED, "stopped");
        if (status != MECH_OK) return status;
    }
    publish_counts(s);
    return MECH_OK;
}

/* Makes blocks while there is room: the block of the pass before the one under way may be overwritten. */
static void *work(void *argument) {
    stream *s = argument;
    mech_status status = MECH_OK;
    while (status == MECH_OK) {
        mech_error error;
        pthread_mutex_lock(&s->mutex);
        while (!s->closing && s->made > s->opened + s->options.reuse) pthread_cond_wait(&s->opened_changed, &s->mutex);
        const uint64_t block = s->made;
        pthread_mutex_unlock(&s->mutex);
        if (is_closing(s)) break;
        status = make_block(s, block, &error);
        pthread_mutex_lock(&s->mutex);
        s->status = status;
        if (status == MECH_OK)
            s->made = block + 1;
        else
            s->error = error;
        pthread_cond_signal(&s->made_changed);
        pthread_mutex_unlock(&s->mutex);
    }
    return NULL;
}

mech_status mech_stream_start(stream *s, uint64_t pass, const mech_progress *progress, mech_error *error) {
    const uint64_t visits = s->visits * s->options.reuse, first = pass * s->visits;
    const uint64_t drawn = visits < s->plan.n_groups ? visits : s->plan.n_groups;
    const size_t a_group = s->plan.n_thetas * s->set.n;
    const theta_group *group = NULL;
    mech_status status = MECH_OK;
    s->made = s->opened = pass;
    for (uint64_t i = 0; i < drawn && status == MECH_OK; i++)
        status = mech_theta_groups_visit(s->groups, first + i, progress, (size_t)i * a_group, (size_t)drawn * a_group,
                                         &group, s->drawn, error);
    for (; s->made < pass + s->options.reuse && status == MECH_OK; s->made++) {
        if (progress && progress->report)
            progress->report(progress->context, "simulating samples", (double)((s->made - pass) * s->a_block),
                             (double)s->window, "");
        if (progress && progress->should_stop && progress->should_stop(progress->context))
            return mech_fail(error, MECH_STOPPED, "stopped");
        status = make_block(s, s->made, error);
        if (status != MECH_OK) break;
    }
    if (status == MECH_OK && mech_team_size(s->team) > 1) {
        s->has_worker = pthread_create(&s->worker, NULL, work, s) == 0;
        if (!s->has_worker) status = mech_fail_memory(error);
    }
    return status;
}

static mech_status open_pass(void *context, uint64_t pass, size_t *first, mech_error *error) {
    stream *s = context;
    const uint64_t reuse = s->options.reuse;
    mech_status status = MECH_OK;
    *first = (size_t)(pass % (reuse + 1)) * s->a_block;
    pthread_mutex_lock(&s->mutex);
    s->opened = pass;
    pthread_cond_signal(&s->opened_changed);
    while (s->has_worker && s->made < pass + reuse && s->status == MECH_OK)
        pthread_cond_wait(&s->made_changed, &s->mutex);
    if (s->has_worker && s->made < pass + reuse) {
        status = s->status;
        if (error) *error = s->error;
    }
    pthread_mutex_unlock(&s->mutex);
    while (!s->has_worker && s->made < pass + reuse && status == MECH_OK) {
        status = make_block(s, s->made, error);
        if (status == MECH_OK) s->made++;
    }
    return status;
}

sample_source mech_stream_source(stream *s) {
    return (sample_source){.samples = s->ring, .n = s->window, .used = s->window, .open = open_pass, .context = s};
}
