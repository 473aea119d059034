/* A network's probabilities and fits of the mechanisms that it hesitates between, taken together. */
#include "fit/samples/fitter.h"

#include "base/error.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "fit/samples/search.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)MECH_MOST_RATE_CONSTANTS >= (int)MAX_RATE_CONSTANTS, "a fit holds every network's rate constants");

/* What the network holds less probable is not fitted. */
static const double IN_QUESTION = 0.02;

/* Thetas of each mechanism, and how searches go. More starts find the best place more often, in proportionally more
 * time. */
enum { N_THETAS = 300 };
static const fit_search_options searching = {.n_starts = 12, .n_iterations = 80};

/* Both read the same data, so that neither counts in full: probabilities are the network's to the power NETWORK times
 * the evidence to the power EVIDENCE. MISSED is how likely a search is taken to have missed the best place; a fit that
 * is worse than another says no more than that. bench/fits weighs these against others. */
static const double NETWORK = 0.75, EVIDENCE = 0.2, MISSED = 0.05;

/* Mean square deviation of simulations that did not come to their end. */
static const double FAR_OFF = 1e4;

/* Samples between two reports of progress. */
enum { A_REPORT = 32 };

struct mech_fitter {
    size_t n_labels;
    const mech_mechanism **mechanisms; /* [n_labels] */
    fit_belief *beliefs;               /* [n_labels]; thetas NULL: not drawn yet */
    pthread_mutex_t drawing;
};

mech_status mech_fitter_new(size_t n_labels, const mech_mechanism *const *mechanisms, mech_fitter **fitter,
                            mech_error *error) {
    *fitter = NULL;
    if (n_labels < 1) return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no class to fit");
    mech_fitter *f = calloc(1, sizeof *f);
    if (!f || pthread_mutex_init(&f->drawing, NULL) != 0) {
        free(f);
        return mech_fail_memory(error);
    }
    f->n_labels = n_labels;
    f->mechanisms = mech_allocate_array(n_labels, sizeof(mech_mechanism *));
    f->beliefs = mech_allocate_array(n_labels, sizeof *f->beliefs);
    if (!f->mechanisms || !f->beliefs) {
        mech_fitter_free(f);
        return mech_fail_memory(error);
    }
    for (size_t i = 0; i < n_labels; i++) f->mechanisms[i] = mechanisms[i];
    *fitter = f;
    return MECH_OK;
}

void mech_fitter_free(mech_fitter *fitter) {
    if (!fitter) return;
    for (size_t i = 0; fitter->beliefs && i < fitter->n_labels; i++) mech_fit_belief_free(&fitter->beliefs[i]);
    mech_release_array(fitter->mechanisms);
    mech_release_array(fitter->beliefs);
    pthread_mutex_destroy(&fitter->drawing);
    free(fitter);
}

size_t mech_fitter_n_labels(const mech_fitter *f) { return f->n_labels; }

const mech_mechanism *mech_fitter_mechanism(const mech_fitter *f, size_t class) { return f->mechanisms[class]; }

/* What is believed of a class's mechanism. */
static mech_status find_belief(mech_fitter *f, size_t class, const fit_belief **b, mech_error *error) {
    mech_status status = MECH_OK;
    pthread_mutex_lock(&f->drawing);
    if (!f->beliefs[class].thetas) {
        team *alone = mech_team_new(1);
        status = alone ? mech_fit_belief_draw(f->mechanisms[class], N_THETAS, alone, &f->beliefs[class], error)
                       : mech_fail_memory(error);
        if (status != MECH_OK) mech_fit_belief_free(&f->beliefs[class]);
        mech_team_free(alone);
    }
    pthread_mutex_unlock(&f->drawing);
    *b = &f->beliefs[class];
    return status;
}

/* One sample and what is found of it. */
typedef struct opinion {
    fit_target target;
    mech_fit *fits;    /* [n_labels]; those in question are marked */
    fit_point *points; /* [n_labels] */
    double sigma;      /* of a reading, from the best fit */
    bool tells;        /* there are enough readings to tell fits from each other */
} opinion;

/* Which classes are to be fitted, and how many; weights may be NULL. */
static size_t choose(const mech_fitter *f, const double *probabilities, const double *weights, mech_fit *fits) {
    double sum = 0;
    size_t n = 0;
    memset(fits, 0, f->n_labels * sizeof *fits);
    for (size_t i = 0; i < f->n_labels; i++) sum += probabilities[i] * (weights ? weights[i] : 1);
    for (size_t i = 0; i < f->n_labels; i++) {
        fits[i].fitted = probabilities[i] * (weights ? weights[i] : 1) > IN_QUESTION * sum && f->mechanisms[i];
        n += fits[i].fitted;
    }
    return n;
}

/* Fits the classes in question and sets the rest. A class of which no simulation comes to its end is none of them. */
static mech_status search_all(mech_fitter *f, opinion *o, search_memory *w, mech_error *error) {
    double least = INFINITY;
    mech_status status = MECH_OK;
    for (size_t i = 0; i < f->n_labels && status == MECH_OK; i++) {
        const fit_belief *b = NULL;
        if (!o->fits[i].fitted) continue;
        status = find_belief(f, i, &b, error);
        if (status == MECH_OK) status = mech_fit_search(b, &o->target, &searching, w, &o->points[i], error);
        if (status != MECH_OK) break;
        const double sum = o->points[i].sum_of_squares;
        o->fits[i].fitted = sum < FAR_OFF * (double)o->target.n_readings;
        o->fits[i].deviation = sqrt(sum / (double)o->target.n_readings);
        if (!o->fits[i].fitted) continue;
        o->tells &= mech_fit_tells_noise(&o->target, b->p.n);
        if (!(sum < least)) continue;
        least = sum;
        o->sigma = mech_fit_sigma(&o->target, b->p.n, sum);
    }
    return status;
}

/* Evidence and rate constants of the fits, whose beliefs are there since the search. */
static mech_status judge_all(const mech_fitter *f, const opinion *o, search_memory *w, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < f->n_labels && status == MECH_OK; i++) {
        const fit_belief *b = &f->beliefs[i];
        mech_fit *fit = &o->fits[i];
        double spread[FIT_MOST_PARAMETERS];
        if (!fit->fitted) continue;
        status = mech_fit_judge(b, &o->target, &o->points[i], o->sigma, mech_search_descent_memory(w),
                                &fit->log_evidence, spread, error);
        for (size_t j = 0; j < b->p.n_k && status == MECH_OK; j++) {
            fit->k[j] = exp(o->points[i].x[j]);
            fit->spread[j] = spread[j];
        }
        if (status != MECH_OK || !b->p.fits_additive) continue;
        fit->additive = exp(o->points[i].x[b->p.n_k]);
        fit->additive_spread = spread[b->p.n_k];
    }
    return status;
}

/* Network and fits together: what the fitted classes have in common is shared out among them anew. Of the others there
 * is nothing to say, and they keep their probability. */
static void weigh(size_t n_labels, const mech_fit *fits, double *probabilities) {
    double best = -INFINITY, before = 0, after = 0;
    for (size_t i = 0; i < n_labels; i++)
        if (fits[i].fitted) best = fmax(best, fits[i].log_evidence);
    if (!(best > -INFINITY)) return;
    for (size_t i = 0; i < n_labels; i++) {
        if (!fits[i].fitted) continue;
        const double evidence = exp(EVIDENCE * (fits[i].log_evidence - best));
        before += probabilities[i];
        probabilities[i] = pow(probabilities[i], NETWORK) * (MISSED + (1 - MISSED) * evidence);
        after += probabilities[i];
    }
    for (size_t i = 0; i < n_labels; i++)
        if (fits[i].fitted) probabilities[i] *= before / after;
}

/* The classes that are marked in fits[n_labels], n of them, are fitted and their probabilities replaced. */
static mech_status give_opinion(mech_fitter *f, size_t n, size_t n_times, const float *x1, const float *x2,
                                search_memory *w, fit_point *points, double *probabilities, mech_fit *fits,
                                mech_error *error) {
    opinion o = {mech_fit_target_of(n_times, x1, x2), fits, points, LEAST_SIGMA, true};
    for (size_t i = 0; !o.target.n_readings && i < f->n_labels; i++) fits[i].fitted = false;
    mech_status status = search_all(f, &o, w, error);
    if (status == MECH_OK) status = judge_all(f, &o, w, error);
    if (status == MECH_OK && n > 1 && o.tells) weigh(f->n_labels, fits, probabilities);
    return status;
}

static mech_status check_times(size_t n_times, mech_error *error) {
    if (n_times >= 2 && n_times <= FIT_MOST_TIMES) return MECH_OK;
    return mech_fail(error, MECH_INVALID_ARGUMENT, "a fit takes 2 to %d times of each run, t = 0 included, not %zu",
                     (int)FIT_MOST_TIMES, n_times);
}

mech_status mech_fit_sample(mech_fitter *fitter, size_t n_times, const float *x1, const float *x2,
                            const double *weights, double *probabilities, mech_fit *fits, mech_error *error) {
    mech_status status = check_times(n_times, error);
    if (status != MECH_OK) return status;
    search_memory *w = mech_search_memory_new(n_times, N_THETAS);
    fit_point *points = mech_allocate_array(fitter->n_labels, sizeof *points);
    status = w && points ? MECH_OK : mech_fail_memory(error);
    const size_t n = choose(fitter, probabilities, weights, fits);
    if (status == MECH_OK) status = give_opinion(fitter, n, n_times, x1, x2, w, points, probabilities, fits, error);
    mech_search_memory_free(w);
    mech_release_array(points);
    return status;
}

/* What a member of the team works in. */
typedef struct member_memory {
    search_memory *search;
    fit_point *points;
    mech_fit *fits;
    double *probabilities; /* [n_labels] */
    mech_status status;
    mech_error error;
} member_memory;

static void member_free(member_memory *m) {
    mech_search_memory_free(m->search);
    mech_release_array(m->points);
    mech_release_array(m->fits);
    mech_release_array(m->probabilities);
}

static bool member_new(const mech_fitter *f, size_t n_times, member_memory *m) {
    m->search = mech_search_memory_new(n_times, N_THETAS);
    m->points = mech_allocate_array(f->n_labels, sizeof *m->points);
    m->fits = mech_allocate_array(f->n_labels, sizeof *m->fits);
    m->probabilities = mech_allocate_array(f->n_labels, sizeof *m->probabilities);
    return m->search && m->points && m->fits && m->probabilities;
}

typedef struct fit_work {
    mech_fitter *fitter;
    size_t n_times, from; /* the first sample of this share */
    const float *x1, *x2;
    float *probabilities;
    member_memory *members;
} fit_work;

static void fit_piece(void *context, size_t piece, int member) {
    const fit_work *work = context;
    member_memory *m = &work->members[member];
    const size_t n_labels = work->fitter->n_labels, i = work->from + piece;
    float *probabilities = work->probabilities + i * n_labels;
    if (m->status != MECH_OK) return;
    for (size_t j = 0; j < n_labels; j++) m->probabilities[j] = (double)probabilities[j];
    const size_t n = choose(work->fitter, m->probabilities, NULL, m->fits);
    if (n < 2) return;
    m->status = give_opinion(work->fitter, n, work->n_times, work->x1 + i * N_RUNS,
                             work->x2 + i * work->n_times * SAMPLE_COLUMNS, m->search, m->points, m->probabilities,
                             m->fits, &m->error);
    for (size_t j = 0; j < n_labels && m->status == MECH_OK; j++) probabilities[j] = (float)m->probabilities[j];
}

static mech_status report(const mech_progress *progress, size_t done, size_t n, mech_error *error) {
    if (!progress) return MECH_OK;
    if (progress->report) progress->report(progress->context, "fitting", (double)done, (double)n, "");
    if (progress->should_stop && progress->should_stop(progress->context))
        return mech_fail(error, MECH_STOPPED, "stopped after %zu of %zu samples were fitted", done, n);
    return MECH_OK;
}

static mech_status fit_all(fit_work *work, team *t, size_t n, const mech_progress *progress, mech_error *error) {
    mech_status status = MECH_OK;
    for (work->from = 0; work->from < n && status == MECH_OK; work->from += A_REPORT) {
        const size_t count = n - work->from < A_REPORT ? n - work->from : A_REPORT;
        mech_team_share(t, count, fit_piece, work);
        for (int i = 0; i < mech_team_size(t) && status == MECH_OK; i++) {
            status = work->members[i].status;
            if (status != MECH_OK && error) *error = work->members[i].error;
        }
        if (status == MECH_OK) status = report(progress, work->from + count, n, error);
    }
    return status;
}

mech_status mech_fit_samples(mech_fitter *fitter, size_t n, size_t n_times, const float *x1, const float *x2,
                             int threads, float *probabilities, const mech_progress *progress, mech_error *error) {
    mech_status status = check_times(n_times, error);
    if (status != MECH_OK) return status;
    team *t = mech_team_new(threads);
    const size_t n_members = t ? (size_t)mech_team_size(t) : 0;
    member_memory *members = mech_allocate_array(n_members, sizeof *members);
    status = t && members ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < n_members && status == MECH_OK; i++)
        if (!member_new(fitter, n_times, &members[i])) status = mech_fail_memory(error);
    fit_work work = {.fitter = fitter, .n_times = n_times, .x1 = x1, .x2 = x2, .members = members};
    work.probabilities = probabilities;
    if (status == MECH_OK) status = fit_all(&work, t, n, progress, error);
    for (size_t i = 0; members && i < n_members; i++) member_free(&members[i]);
    mech_release_array(members);
    mech_team_free(t);
    return status;
}
