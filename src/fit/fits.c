/* Fits of a run set: all mechanisms searched, weighed against each other, and what is said of them. */
#include "fit/fits.h"

#include "base/error.h"
#include "base/interface.h"
#include "base/machine/clock.h"
#include "fit/theta/warm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Accepted thetas that stand for what is known beforehand, and descents from them. */
enum { N_THETAS = 300, N_STARTS = 12, N_STARTS_OF_COMPOSITION = 32, N_STARTS_BESIDE_WARM = 3 };

/* Mechanisms that Laplace's approximation leaves so many nats below the best are not sampled. */
static const double OUT_OF_REACH = 16;

/* Mechanisms so near the best are sampled until they are worth so many independent samples: an error of 0.10 and of
 * 0.16 of ln of the evidence. */
static const struct nearness { double nats, worth; } NEAR[] = {{2.3, 100}, {5, 40}};
enum { N_NEAR = sizeof NEAR / sizeof NEAR[0] };

/* Mechanisms more probable than this are told with the errors of the runs, from so many draws. */
static const double WITHIN_REACH = 0.001;
enum { N_DRAWS = 100 };

/* Mechanisms of each thread between two reports of progress. */
enum { PIECES_A_MEMBER = 4 };

/* Compositions are looked at that are near so many of the best mechanisms, as far as these are within so many nats. */
enum { MOST_BEGINNINGS = 3 };
static const double WORTH_BEGINNING = 8;

/* Of the streams of random numbers that fits have, the one for doubts about evidences. */
enum { RANDOM_DOUBT = 4 };

/* A factor between two evidences that decides nothing. */
static const double ALIKE = 10;

void mech_fit_options_init(mech_fit_options *options, size_t size) {
    const mech_fit_options defaults = {
        .loading_error = NAN, .start_error = NAN, .clock_error = NAN, .noise = NAN, .seed = 1, .response_error = NAN};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

const char *mech_verdict_name(mech_verdict verdict) {
    static const char *const names[] = {"determined", "bounded", "undetermined"};
    return (unsigned)verdict < sizeof names / sizeof names[0] ? names[verdict] : "unknown";
}

static void case_free(mechanism_case *c) {
    mech_fit_evidence_free(&c->evidence);
    mech_theta_prior_free(&c->prior);
    mech_theta_draws_free(&c->draws);
    mech_posterior_draws_free(&c->points);
}

void mech_fits_free(mech_fits *fits) {
    fit_result *r = (fit_result *)fits;
    if (!r) return;
    for (size_t i = 0; r->cases && i < r->n_cases; i++) case_free(&r->cases[i]);
    mech_release_array(r->cases);
    mech_release_array(r->order);
    mech_prior_free(r->ranges);
    mech_observations_free(&r->data);
    mech_composition_list_free(&r->found);
    mech_composition_list_free(&r->beyond);
    mech_run_set_free(r->set);
    mech_arena_free(r->memory);
    free(r);
}

/* The work of a team: one case a piece. */
typedef struct fit_work {
    fit_result *r;
    const mech_fit_options *options;
    error_levels *levels;
    optima_request request;
    size_t most;   /* samples of one mechanism */
    bool leftover; /* what is not sampled yet is not going to be */
    double best;   /* evidence */
    size_t first;  /* piece of this share */
    double begun;  /* by the clock */
} fit_work;

/* Work that takes less, in seconds, is not reported. */
static const double WORTH_REPORTING = 1;

/* Sampling replaces what Laplace's approximation found. */
static void keep_approximate(mechanism_case *c) {
    const fit_evidence *e = &c->evidence;
    size_t best = 0;
    for (size_t i = 1; i < e->n_optima; i++)
        if (e->modes[i].at.log_posterior > e->modes[best].at.log_posterior) best = i;
    c->approximate = e->log_evidence;
    memcpy(c->approximate_best, e->modes[best].at.x, c->space.n_theta * sizeof *c->approximate_best);
}

static void search_piece(void *context, size_t piece, int member) {
    (void)member;
    const fit_work *work = context;
    mechanism_case *c = &work->r->cases[work->first + piece];
    c->space = mech_fit_space(c->mechanism, &work->r->data);
    c->status =
        mech_theta_draws_new(c->mechanism, work->r->ranges, work->first + piece, N_THETAS, NULL, &c->draws, &c->error);
    if (c->status == MECH_OK) c->status = mech_theta_prior_new(&c->draws, &c->space, &c->prior, &c->error);
    if (c->status != MECH_OK) return;
    optima_request q = work->request;
    q.space = &c->space;
    q.prior = &c->prior;
    q.warm = c->warm;
    q.n_warm = c->warm ? 1 : 0;
    if (!mech_theta_on_record(c->mechanism)) q.n_starts = N_STARTS_OF_COMPOSITION;
    if (c->warm) q.n_starts = N_STARTS_BESIDE_WARM;
    c->status = mech_fit_evidence_new(&q, work->levels, &c->evidence, &c->error);
    c->approximate = -INFINITY;
    if (c->status == MECH_OK && c->evidence.found) keep_approximate(c);
}

/* Whether a composition has all parts of another mechanism and more. */
static bool contains(const mechanism_case *whole, const mechanism_case *within) {
    const part *more[N_ROWS], *less[N_ROWS];
    size_t n_more = 0;
    if (!mech_decompose(whole->mechanism, more) || !mech_decompose(within->mechanism, less)) return false;
    for (int row = 0; row < N_ROWS; row++) {
        if (less[row] && less[row] != more[row]) return false;
        n_more += more[row] && !less[row];
    }
    return n_more > 0;
}

/* Fits a composition once more, from the optimum of the best mechanism that it contains, and keeps the better fit. */
static void search_from_within(void *context, size_t piece, int member) {
    (void)member;
    const fit_work *work = context;
    mechanism_case *c = &work->r->cases[work->first + piece];
    const mechanism_case *within = NULL;
    if (c->status != MECH_OK || c->warm || mech_theta_on_record(c->mechanism)) return;
    for (size_t i = 0; i < work->r->n_cases; i++) {
        const mechanism_case *other = &work->r->cases[i];
        if (other->approximate > (within ? within->approximate : -INFINITY) && contains(c, other)) within = other;
    }
    if (!within) return;
    double warm[FIT_MOST_THETA];
    const warm_start start = {within->mechanism, within->space.n_theta, within->approximate_best};
    fit_evidence again = {0};
    optima_request q = work->request;
    q.space = &c->space;
    q.prior = &c->prior;
    q.warm = warm;
    q.n_warm = 1;
    q.n_starts = N_STARTS_BESIDE_WARM;
    c->status = mech_warm_starts(&c->space, &c->prior, &start, 1, warm, &c->error);
    if (c->status == MECH_OK) c->status = mech_fit_evidence_new(&q, work->levels, &again, &c->error);
    const bool better =
        c->status == MECH_OK && again.found && (!c->evidence.found || again.log_evidence > c->evidence.log_evidence);
    if (better) {
        const fit_evidence before = c->evidence;
        c->evidence = again;
        again = before;
    }
    mech_fit_evidence_free(&again);
}

static void sample_piece(void *context, size_t piece, int member) {
    (void)member;
    const fit_work *work = context;
    const size_t number = work->first + piece;
    mechanism_case *c = &work->r->cases[number];
    if (c->status != MECH_OK || !c->evidence.found || c->evidence.samples) return;
    if (work->options->fast || work->leftover)
        c->status = mech_fit_evidence_approximate(&c->evidence, work->options->seed, number, &c->error);
    else if (c->evidence.log_evidence + log(c->odds) > work->best - OUT_OF_REACH) {
        optima_request q = work->request;
        q.space = &c->space;
        q.prior = &c->prior;
        c->status = mech_fit_evidence_scout(&q, &c->evidence, &c->error);
        if (c->status == MECH_OK)
            c->status = mech_fit_evidence_sample(&c->evidence, FIT_RTOL, 0, 0, work->options->seed, number, &c->error);
    }
}

/* Samples that a mechanism so many nats behind the best should be worth. */
static double worth_of(double behind) {
    for (size_t i = 0; i < N_NEAR; i++)
        if (behind < NEAR[i].nats) return NEAR[i].worth;
    return 0;
}

static void refine_piece(void *context, size_t piece, int member) {
    (void)member;
    const fit_work *work = context;
    const size_t number = work->first + piece;
    mechanism_case *c = &work->r->cases[number];
    if (c->status != MECH_OK || !c->evidence.found || !c->evidence.n_rounds) return;
    const double worth = worth_of(work->best - c->evidence.log_evidence - log(c->odds));
    if (!(worth > 0)) return;
    c->status =
        mech_fit_evidence_sample(&c->evidence, FIT_RTOL, worth, work->most, work->options->seed, number, &c->error);
    if (c->status == MECH_OK)
        c->status = mech_fit_evidence_move(&c->evidence, FIT_RTOL, work->options->seed, number, &c->error);
}

static mech_status first_failure(const fit_result *r, mech_error *error) {
    for (size_t i = 0; i < r->n_cases; i++)
        if (r->cases[i].status != MECH_OK) {
            if (error) *error = r->cases[i].error;
            return r->cases[i].status;
        }
    return MECH_OK;
}

/* Tells the progress object how far the work has come; MECH_STOPPED where it asks for that. */
static mech_status report(const mech_progress *progress, double begun, const char *phase, double done, double total,
                          mech_error *error) {
    if (!progress) return MECH_OK;
    if (progress->report && mech_clock_s() > begun + WORTH_REPORTING)
        progress->report(progress->context, phase, done, total, "");
    if (progress->should_stop && progress->should_stop(progress->context))
        return mech_fail(error, MECH_STOPPED, "stopped while %s", phase);
    return MECH_OK;
}

/* Shares out all cases in pieces small enough for progress to be told in between. */
static mech_status share_out(fit_work *work, team *t, void (*piece)(void *, size_t, int), const char *phase,
                             const mech_progress *progress, mech_error *error) {
    const size_t n = work->r->n_cases, together = PIECES_A_MEMBER * (size_t)mech_team_size(t);
    mech_status status = MECH_OK;
    for (work->first = 0; work->first < n && status == MECH_OK; work->first += together) {
        const size_t left = n - work->first, count = left < together ? left : together;
        mech_team_share(t, count, piece, work);
        status = first_failure(work->r, error);
        if (status == MECH_OK)
            status = report(progress, work->begun, phase, (double)(work->first + count), (double)n, error);
    }
    return status;
}

static double best_evidence(const fit_result *r) {
    double best = -INFINITY;
    for (size_t i = 0; i < r->n_cases; i++)
        if (r->cases[i].evidence.found) best = fmax(best, r->cases[i].evidence.log_evidence + log(r->cases[i].odds));
    return best;
}

/* The fewer mechanisms are near the best, the more samples each can have. */
static size_t most_samples(const fit_result *r, double best) {
    enum { OF_ALL = 12000, FEWEST = 2000, MOST = 6000 };
    size_t n = 0;
    for (size_t i = 0; i < r->n_cases; i++)
        n += r->cases[i].evidence.found &&
             worth_of(best - r->cases[i].evidence.log_evidence - log(r->cases[i].odds)) > 0;
    const size_t most = OF_ALL / (n ? n : 1);
    return most < FEWEST ? FEWEST : most > MOST ? MOST : most;
}

static int by_probability(const void *a, const void *b) {
    const mechanism_case *const *p = a, *const *q = b;
    const double a_first = (*p)->fit.probability, b_first = (*q)->fit.probability;
    if (a_first != b_first) return (a_first < b_first) - (a_first > b_first);
    const double x = (*p)->evidence.found ? (*p)->evidence.log_evidence + log((*p)->odds) : -INFINITY;
    const double y = (*q)->evidence.found ? (*q)->evidence.log_evidence + log((*q)->odds) : -INFINITY;
    return x != y ? (x < y) - (x > y) : (*p > *q) - (*p < *q);
}

/* How far ln of an evidence may be off where its samples are worth few: twice what they know of themselves. */
static double doubt_of(const fit_evidence *e) {
    return e->n_rounds && e->effective < FEW_EFFECTIVE && isfinite(e->error) ? 2 * e->error : 0;
}

/* Probabilities over what badly known evidences may be: the mean of so many draws. Where all are known well, nothing
 * changes. */
static void average_over_doubt(fit_result *r, uint64_t seed) {
    enum { DRAWS = 512 };
    double farthest = 0;
    for (size_t i = 0; i < r->n_cases; i++)
        if (r->cases[i].fit.probability > 0) farthest = fmax(farthest, doubt_of(&r->cases[i].evidence));
    if (!(farthest > 0)) return;
    random_stream random = mech_random_open(seed, RANDOM_FIT, 0, RANDOM_DOUBT);
    for (size_t i = 0; i < r->n_cases; i++) r->cases[i].fit.probability = 0;
    for (size_t k = 0; k < DRAWS; k++) {
        double best = -INFINITY, sum = 0;
        for (size_t i = 0; i < r->n_cases; i++) {
            mechanism_case *c = &r->cases[i];
            if (!c->evidence.found) continue;
            c->drawn = c->evidence.log_evidence + log(c->odds) + doubt_of(&c->evidence) * mech_random_normal(&random);
            best = fmax(best, c->drawn);
        }
        for (size_t i = 0; i < r->n_cases; i++) {
            mechanism_case *c = &r->cases[i];
            c->drawn = c->evidence.found ? exp(c->drawn - best) : 0;
            sum += c->drawn;
        }
        for (size_t i = 0; i < r->n_cases; i++) r->cases[i].fit.probability += r->cases[i].drawn / sum / DRAWS;
    }
}

/* Evidence times prior odds, normalised, and the order that follows. */
static mech_status weigh(fit_result *r, uint64_t seed, mech_error *error) {
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    const mechanism_case **order = mech_allocate_array(r->n_cases, sizeof *order);
    if (!order) return mech_fail_memory(error);
    double best = -INFINITY, sum = 0;
    for (size_t i = 0; i < r->n_cases; i++) {
        mechanism_case *c = &r->cases[i];
        order[i] = c;
        if (c->evidence.found) best = fmax(best, c->evidence.log_evidence + log(c->odds));
    }
    for (size_t i = 0; i < r->n_cases && best > -INFINITY; i++) {
        mechanism_case *c = &r->cases[i];
        c->fit = (mech_mechanism_fit){.mechanism = c->mechanism,
                                      .fitted = c->evidence.found,
                                      .log_evidence = c->evidence.found ? c->evidence.log_evidence : -INFINITY,
                                      .log_evidence_error = c->evidence.error,
                                      .effective_samples = isfinite(c->evidence.error) ? c->evidence.effective : 0};
        if (!c->evidence.found) continue;
        c->fit.probability = exp(c->evidence.log_evidence + log(c->odds) - best);
        sum += c->fit.probability;
    }
    for (size_t i = 0; i < r->n_cases; i++) r->cases[i].fit.probability /= sum;
    average_over_doubt(r, seed);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    qsort(order, r->n_cases, sizeof *order, by_probability);
    for (size_t i = 0; i < r->n_cases; i++) r->order[i] = (size_t)(order[i] - r->cases);
    mech_release_array(order);
    return best > -INFINITY
               ? MECH_OK
               : mech_fail(error, MECH_NUMERICAL_FAILURE, "no mechanism could be simulated for these runs");
}

/* The best point that was found: an optimum. */
static void choose_best(mechanism_case *c) {
    const fit_evidence *e = &c->evidence;
    size_t best = 0;
    for (size_t i = 1; i < e->n_optima; i++)
        if (e->modes[i].at.log_posterior > e->modes[best].at.log_posterior) best = i;
    c->best = e->modes[best].at.x;
    c->noise = e->modes[best].at.noise;
    c->level = e->modes[best].likeliest;
}

mech_status mech_add_up_classes(size_t n, const mech_mechanism *const *mechanisms, const double *probabilities,
                                arena *memory, const mech_class_probability **classes, size_t *n_classes,
                                mech_error *error) {
    mech_class_probability *all = mech_arena_allocate(memory, MECH_CLASS_COMPOSED + 1, sizeof *all);
    if (!all) return mech_fail_memory(error);
    size_t occur = 0;
    for (size_t i = 0; i < n; i++) {
        const mech_class of = mech_mechanism_class(mechanisms[i]);
        size_t at = 0;
        while (at < occur && all[at].mechanism_class != of) at++;
        if (at == occur) all[occur++] = (mech_class_probability){of, 0};
        all[at].probability += probabilities[i];
    }
    for (size_t i = 1; i < occur; i++)
        for (size_t j = i; j > 0 && all[j].probability > all[j - 1].probability; j--) {
            const mech_class_probability other = all[j];
            all[j] = all[j - 1];
            all[j - 1] = other;
        }
    *classes = all;
    *n_classes = occur;
    return MECH_OK;
}

static mech_status collect_classes(fit_result *r, mech_error *error) {
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    const mech_mechanism **mechanisms = mech_arena_allocate(r->memory, r->n_cases, sizeof *mechanisms);
    double *probabilities = mech_arena_allocate(r->memory, r->n_cases, sizeof *probabilities);
    if (!mechanisms || !probabilities) return mech_fail_memory(error);
    for (size_t i = 0; i < r->n_cases; i++) {
        mechanisms[i] = r->cases[i].mechanism;
        probabilities[i] = r->cases[i].fit.probability;
    }
    return mech_add_up_classes(r->n_cases, mechanisms, probabilities, r->memory, &r->fits.classes, &r->fits.n_classes,
                               error);
}

/* Those within a factor of ten of the best evidence, in order of probability. */
static mech_status collect_alike(fit_result *r, mech_error *error) {
    const char **alike = mech_arena_allocate(r->memory, r->n_cases, sizeof *alike);
    if (!alike) return mech_fail_memory(error);
    double best = -INFINITY;
    for (size_t i = 0; i < r->n_cases; i++)
        if (r->cases[i].evidence.found && r->cases[i].odds > 0) best = fmax(best, r->cases[i].evidence.log_evidence);
    size_t n = 0;
    for (size_t i = 0; i < r->n_cases; i++) {
        const mechanism_case *c = &r->cases[r->order[i]];
        if (c->evidence.found && c->odds > 0 && c->evidence.log_evidence > best - log(ALIKE))
            alike[n++] = mech_mechanism_id(c->mechanism);
    }
    r->fits.alike = alike;
    r->fits.n_alike = n > 1 ? n : 0;
    return MECH_OK;
}

/* A reactant in less than so many times its share of S runs out where a chemist would see it. */
static const double GREAT_EXCESS = 10;

enum { LONGEST_WARNING = 480 };

static mech_status add_warning(fit_result *r, char **sentence, mech_error *error) {
    *sentence = mech_arena_allocate(r->memory, LONGEST_WARNING, 1);
    if (!*sentence) return mech_fail_memory(error);
    r->warnings[r->fits.n_warnings++] = *sentence;
    r->fits.warnings = r->warnings;
    return MECH_OK;
}

/* Whether M1 to M20 and their like are all there is where a second reactant runs out: then they are not offered
 * without a word. */
static mech_status warn_of_second(fit_result *r, mech_error *error) {
    const observed_run *scarce = NULL;
    double least = GREAT_EXCESS;
    for (size_t i = 0; i < r->n_cases; i++)
        if (r->cases[i].space.second >= 0) return MECH_OK;
    for (size_t i = 0; i < r->data.n_runs; i++) {
        const observed_run *run = &r->data.runs[i];
        const double excess = run->b0 / r->data.second_coefficient / run->s0;
        if (!(run->s0 > 0 && excess < least)) continue;
        least = excess;
        scarce = run;
    }
    char *sentence = NULL;
    if (!scarce) return MECH_OK;
    const mech_status status = add_warning(r, &sentence, error);
    if (status == MECH_OK)
        snprintf(sentence, LONGEST_WARNING,
                 "run %.40s starts with only %.3g times as much of the second reactant B as S takes, and none of these "
                 "mechanisms has it: they may blame the catalyst for what B does (--among B1,B2,B2+M9 or --composed)",
                 scarce->run->name, least);
    return status;
}

/* Whether a composition that was not asked for explains the readings as well. */
static mech_status warn_of_better(fit_result *r, mech_error *error) {
    const mech_better_composition *b = r->fits.better;
    char *sentence = NULL;
    if (!b || b->log_bayes_factor > MECH_CLEARLY_BETTER) return MECH_OK;
    const mech_status status = add_warning(r, &sentence, error);
    if (status == MECH_OK)
        snprintf(
            sentence, LONGEST_WARNING,
            "%.40s, which is not among these mechanisms, explains the readings as well (%.120s; ln of its evidence "
            "is %.1f above that of the best of them; --composed weighs all of its kind)",
            b->mechanism, b->title, b->log_bayes_factor);
    return status;
}

/* Whether evidences of mechanisms that matter are known badly. */
static mech_status warn_of_doubt(fit_result *r, mech_error *error) {
    static const double MATTERS = 0.01;
    const mechanism_case *worst = NULL;
    for (size_t i = 0; i < r->n_cases; i++) {
        const mechanism_case *c = &r->cases[i];
        if (c->fit.probability > MATTERS && c->evidence.n_rounds && c->evidence.effective < FEW_EFFECTIVE &&
            (!worst || c->evidence.effective < worst->evidence.effective))
            worst = c;
    }
    char *sentence = NULL;
    if (!worst) return MECH_OK;
    const mech_status status = add_warning(r, &sentence, error);
    if (status == MECH_OK)
        snprintf(
            sentence, LONGEST_WARNING,
            "the evidence of %.40s is known badly (its samples are worth %.0f independent ones): its ln may be off "
            "by %.1f, which the probabilities take into account, and its intervals are rough",
            mech_mechanism_id(worst->mechanism), worst->evidence.effective, 2 * doubt_of(&worst->evidence));
    return status;
}

static mech_status describe(fit_result *r, const mech_fit_options *options, mech_error *error) {
    mech_status status = MECH_OK;
    mech_mechanism_fit *all = mech_arena_allocate(r->memory, r->n_cases, sizeof *all);
    if (!all) return mech_fail_memory(error);
    for (size_t i = 0; i < r->n_cases && status == MECH_OK; i++) {
        mechanism_case *c = &r->cases[r->order[i]];
        if (c->evidence.found) {
            choose_best(c);
            status = mech_fit_report(c, c->fit.probability > WITHIN_REACH ? N_DRAWS : 0, mech_run_set_time_unit(r->set),
                                     options->seed, r->order[i], r->memory, error);
        }
        all[i] = c->fit;
    }
    r->fits.mechanisms = all;
    r->fits.n_mechanisms = r->n_cases;
    r->fits.n_readings = r->data.n;
    if (status == MECH_OK) status = collect_classes(r, error);
    if (status == MECH_OK) status = collect_alike(r, error);
    if (status == MECH_OK) status = mech_fit_active(r, options->seed, error);
    if (status == MECH_OK) status = mech_fit_check(r, options->noise, error);
    if (status == MECH_OK) status = mech_fit_presence(r, error);
    if (status == MECH_OK) status = warn_of_second(r, error);
    if (status == MECH_OK) status = warn_of_better(r, error);
    if (status == MECH_OK) status = warn_of_doubt(r, error);
    return status;
}

static mech_status copy_set(const mech_run_set *set, mech_run_set **copy, mech_error *error) {
    mech_status status =
        mech_run_set_new(mech_run_set_time_unit(set), mech_run_set_concentration_unit(set), copy, error);
    for (size_t i = 0; i < set->n_runs && status == MECH_OK; i++)
        status = mech_run_set_add(*copy, &set->runs[i], error);
    return status;
}

static mech_status check_number(double number, const char *what, mech_error *error) {
    if (isnan(number) || (number >= 0 && number <= 1)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_ARGUMENT, "%s is %g; expected a share from 0 to 1", what, number);
}

static bool says_ranges(const mech_fit_options *o) { return o->prior && strcmp(o->prior, "wide") != 0; }

static mech_status check_options(const mech_fit_options *o, mech_error *error) {
    mech_status status = check_number(o->loading_error, "the error of loadings", error);
    if (status == MECH_OK) status = check_number(o->start_error, "the error of starts", error);
    if (status == MECH_OK) status = check_number(o->clock_error, "the error of clocks", error);
    if (status == MECH_OK) status = check_number(o->response_error, "the error of responses", error);
    if (status == MECH_OK) status = check_number(o->noise, "the noise", error);
    if (status == MECH_OK && o->noise == 0)
        status = mech_fail(error, MECH_INVALID_ARGUMENT, "the noise is 0; expected more, or nothing for an estimate");
    if (status == MECH_OK && o->composed && says_ranges(o))
        status =
            mech_fail(error, MECH_INVALID_ARGUMENT,
                      "ranges of rate constants are of mechanisms that are named; of compositions the prior is wide");
    double sum = 0;
    for (size_t i = 0; o->prior_odds && i < o->n_mechanisms; i++) {
        if (!(o->prior_odds[i] >= 0 && isfinite(o->prior_odds[i])))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "prior odds are %g; expected 0 or more", o->prior_odds[i]);
        sum += o->prior_odds[i];
    }
    if (status == MECH_OK && o->prior_odds && !(sum > 0))
        status = mech_fail(error, MECH_INVALID_ARGUMENT, "all mechanisms have prior odds of 0");
    return status;
}

/* A copy of a mechanism of the library, as collections of mechanisms hold them, is that mechanism: solver and prior are
 * ready for it. */
static const mech_mechanism *original_of(const mech_mechanism *mechanism) {
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (mech_mechanism_equal(mechanism, mech_builtin(i))) return mech_builtin(i);
    return mechanism;
}

/* Room for n mechanisms on their way. */
static mech_status make_cases(fit_result *r, size_t n, mech_error *error) {
    if (!n) return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no mechanism to fit");
    r->n_cases = n;
    r->cases = mech_allocate_array(n, sizeof *r->cases);
    r->order = mech_allocate_array(n, sizeof *r->order);
    return r->cases && r->order ? MECH_OK : mech_fail_memory(error);
}

/* The ranges of the rate constants of each mechanism, as the prior says. */
static mech_status take_prior(fit_result *r, const char *source, mech_error *error) {
    const size_t n = r->n_cases;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    r->mechanisms = mech_arena_allocate(r->memory, n, sizeof *r->mechanisms);
    if (!r->mechanisms) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) r->mechanisms[i] = r->cases[i].mechanism;
    return strchr(source, '\n') ? mech_prior_parse(source, "prior", r->mechanisms, n, &r->ranges, error)
                                : mech_prior_new(source, r->mechanisms, n, &r->ranges, error);
}

/* The mechanisms that were asked for. */
static mech_status take_mechanisms(fit_result *r, const mech_fit_options *o, mech_error *error) {
    const mech_status status = make_cases(r, o->mechanisms ? o->n_mechanisms : mech_builtin_count(), error);
    for (size_t i = 0; i < r->n_cases && status == MECH_OK; i++) {
        r->cases[i].mechanism = o->mechanisms ? original_of(o->mechanisms[i]) : mech_builtin(i);
        r->cases[i].odds = o->prior_odds ? o->prior_odds[i] : 1;
    }
    return status == MECH_OK && says_ranges(o) ? take_prior(r, o->prior, error) : status;
}

/* The compositions that a search finds. */
static mech_status find_mechanisms(fit_result *r, const fit_work *work, team *t, const mech_progress *progress,
                                   mech_error *error) {
    enum { MOST_FOUND = 16 };
    mech_status status = mech_search_compositions(&r->data, &work->request, work->levels, work->options->parts, t,
                                                  progress, MOST_FOUND, &r->found, error);
    if (status == MECH_OK) status = make_cases(r, r->found.n, error);
    for (size_t i = 0; i < r->n_cases && status == MECH_OK; i++) {
        const composition *c = &r->found.all[i];
        r->cases[i].mechanism = original_of(c->mechanism);
        r->cases[i].odds = c->odds;
        r->cases[i].choice = c->choice;
        r->cases[i].warm = c->theta;
    }
    return status;
}

static mech_status prepare(const mech_run_set *set, const mech_fit_options *o, fit_result **result, mech_error *error) {
    fit_result *r = calloc(1, sizeof *r);
    *result = r;
    if (!r) return mech_fail_memory(error);
    r->memory = mech_arena_new();
    if (!r->memory) return mech_fail_memory(error);
    mech_status status = copy_set(set, &r->set, error);
    if (status == MECH_OK) status = mech_observe(r->set, &r->data, error);
    r->data.second_coefficient = mech_parts_coefficient(o->parts);
    return status;
}

/* Whether the cases are M1 to M20. */
static bool is_library(const fit_result *r) {
    bool same = r->n_cases == mech_builtin_count() && !r->ranges;
    for (size_t i = 0; i < r->n_cases && same; i++) same = r->cases[i].mechanism == mech_builtin(i);
    return same;
}

/* The most probable cases by Laplace's approximation; how many. */
static size_t best_cases(const fit_result *r, search_start from[MOST_BEGINNINGS]) {
    size_t n = 0;
    double last = INFINITY;
    while (n < MOST_BEGINNINGS) {
        const mechanism_case *next = NULL;
        for (size_t i = 0; i < r->n_cases; i++) {
            const mechanism_case *c = &r->cases[i];
            if (c->evidence.found && c->approximate < last && (!next || c->approximate > next->approximate)) next = c;
        }
        if (!next || (n && next->approximate < from[0].log_evidence - WORTH_BEGINNING)) break;
        last = next->approximate;
        from[n++] = (search_start){next->mechanism, last, next->space.n_theta, next->approximate_best};
    }
    return n;
}

/* Whether a composition that is near the best mechanisms explains the readings better: both weighed by Laplace's
 * approximation, the mechanisms from more beginnings. */
static mech_status look_beyond(fit_result *r, const fit_work *work, team *t, const mech_progress *progress,
                               mech_error *error) {
    search_start from[MOST_BEGINNINGS];
    const size_t n = best_cases(r, from);
    if (!n) return MECH_OK;
    const mech_status status =
        mech_search_beyond(&r->data, &work->request, work->levels, n, from, t, progress, &r->beyond, error);
    if (status != MECH_OK || !r->beyond.n || r->beyond.all[0].log_evidence <= from[0].log_evidence) return status;
    r->better = (mech_better_composition){.mechanism = mech_mechanism_id(r->beyond.all[0].mechanism),
                                          .title = mech_mechanism_title(r->beyond.all[0].mechanism),
                                          .log_bayes_factor = r->beyond.all[0].log_evidence - from[0].log_evidence};
    r->fits.better = &r->better;
    return MECH_OK;
}

/* Searches and samples all mechanisms, which are `options` to the end, and weighs them against each other. */
static mech_status weigh_all(fit_result *r, const mech_fit_options *options, team *t, const mech_progress *progress,
                             mech_error *error) {
    fit_work work = {.r = r,
                     .options = options,
                     .begun = mech_clock_s(),
                     .levels = mech_arena_allocate(r->memory, 1, sizeof *work.levels)};
    if (!work.levels) return mech_fail_memory(error);
    const told_errors told = {options->loading_error, options->start_error, options->clock_error,
                              options->response_error};
    mech_error_levels(&told, &r->data, work.levels);
    work.request = (optima_request){.noise = {.additive = isnan(options->noise) ? 0.02 : options->noise,
                                              .proportional = isnan(options->noise) ? LEAST_PROPORTIONAL : 0,
                                              .gaussian = options->gaussian},
                                    .noise_is_told = !isnan(options->noise),
                                    .n_starts = N_STARTS,
                                    .rtol = FIT_RTOL};
    /* What is told is a standard deviation. */
    if (work.request.noise_is_told && !options->gaussian) work.request.noise.additive /= NOISE_DEVIATION;
    mech_status status =
        options->composed ? find_mechanisms(r, &work, t, progress, error) : take_mechanisms(r, options, error);
    if (status == MECH_OK) status = share_out(&work, t, search_piece, "fitting", progress, error);
    if (status == MECH_OK) status = share_out(&work, t, search_from_within, "fitting", NULL, error);
    for (size_t i = 0; i < r->n_cases; i++)
        if (r->cases[i].evidence.found) keep_approximate(&r->cases[i]);
    /* Where sampling finds the best evidence less than it seemed, others come into reach. */
    const mech_progress *told_of = progress;
    bool more = true;
    while (status == MECH_OK && more && !options->fast) {
        work.best = best_evidence(r);
        status = share_out(&work, t, sample_piece, "sampling", told_of, error);
        told_of = NULL; /* the rest is little */
        more = status == MECH_OK && best_evidence(r) < work.best;
    }
    if (status == MECH_OK) work.best = best_evidence(r);
    if (status == MECH_OK) work.most = most_samples(r, work.best);
    if (status == MECH_OK) status = share_out(&work, t, refine_piece, "sampling", told_of, error);
    work.leftover = true;
    if (status == MECH_OK) status = share_out(&work, t, sample_piece, "sampling", told_of, error);
    if (status == MECH_OK) status = weigh(r, options->seed, error);
    if (status == MECH_OK && !options->fast && is_library(r)) status = look_beyond(r, &work, t, progress, error);
    return status;
}

mech_status mech_fit_weigh(const mech_run_set *set, const mech_fit_options *options, team *t,
                           const mech_progress *progress, fit_result **result, mech_error *error) {
    mech_status status = check_options(options, error);
    if (status == MECH_OK) status = prepare(set, options, result, error);
    if (status == MECH_OK) status = weigh_all(*result, options, t, progress, error);
    if (status != MECH_OK && *result) {
        mech_fits_free(&(*result)->fits);
        *result = NULL;
    }
    return status;
}

mech_status mech_fit_run_set(const mech_run_set *set, const mech_fit_options *chosen, const mech_progress *progress,
                             mech_fits **fits, mech_error *error) {
    *fits = NULL;
    mech_fit_options options = mech_fit_options_default();
    fit_result *r = NULL;
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_fit_options", error);
    if (status != MECH_OK) return status;
    team *t = mech_team_new(options.threads);
    if (!t) return mech_fail_memory(error);
    status = mech_fit_weigh(set, &options, t, progress, &r, error);
    if (status == MECH_OK) status = describe(r, &options, error);
    mech_team_free(t);
    if (status == MECH_OK)
        *fits = &r->fits;
    else if (r)
        mech_fits_free(&r->fits);
    return status;
}
