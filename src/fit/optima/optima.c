#include "fit/optima/optima.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Scale beyond which a deviation, in units of [S]0, counts less and less in the screening, and its solver's rtol. */
static const double SCREENING_SCALE = 0.03, SCREENING_RTOL = 1e-4;

/* Factors on all rate constants that are tried. */
enum { N_STRETCHES = 13, SCOUT_STRIDE = 10 };

static const double FIRST_DAMPING = 1e-2, EASIER = 0.2, HARDER = 6, MOST_DAMPING = 1e7, LEAST_DAMPING = 1e-9;

/* The longest step of one iteration, of ln of a rate constant and of an error in units of its spread. */
static const double LONGEST_STEP = 2;

/* Descents end when they gain less than so many nats so many times in a row. */
static const double LEAST_GAIN = 0.02;
enum { MOST_IN_VAIN = 2, MOST_ITERATIONS = 60, SCOUT_ITERATIONS = 12, QUICK_ITERATIONS = 16 };

/* After so many iterations only the best so many go on. */
enum { N_CUTS = 2 };
typedef struct search_cut {
    int after;
    size_t keep;
} search_cut;
static const search_cut cuts[N_CUTS] = {{6, 6}, {14, 3}}, quick_cuts[N_CUTS] = {{4, 2}, {8, 1}};

/* Optima as close as this in all of theta are one, and one so many nats below the best is none. */
static const double ALIKE = 0.2, FAR_BELOW = 12;

/* Parts of the noise that grow with the reading, tried one after the other. */
static const double PROPORTIONS[] = {0.001, 0.004, 0.012, 0.035};

/* One descent on its way. */
typedef struct descent {
    double *x, *trial, *values; /* [space->n], the same, [data->n] */
    double *slope, *curvature;  /* of minus ln of the posterior at x: [space->n], [space->n][space->n] */
    double objective, damping;
    const double *anchor; /* the kernel that holds it; NULL: the whole prior */
    noise_level noise;
    int in_vain;
    bool active, failed;
} descent;

typedef struct search {
    const optima_request *q;
    size_t n, n_rows, n_columns;
    descent *d;
    double *points, *values, *derivatives; /* of all active descents */
    bool *ok;
    double *pull, *weight, *step, *factor;
} search;

/* The spread of each parameter behind theta, 0 where it may not move. */
static double spread_of(const optima_request *q, size_t i) {
    const size_t e = i - q->space->n_theta, own = RUN_ERRORS * q->space->data->n_runs;
    return q->spreads.spread[e < own ? e % RUN_ERRORS : e - own + RUN_ERRORS];
}

static double mean_of(const optima_request *q, size_t i) {
    const size_t e = i - q->space->n_theta, own = RUN_ERRORS * q->space->data->n_runs;
    return q->spreads.mean[e < own ? e % RUN_ERRORS : e - own + RUN_ERRORS];
}

/* Readings less fitted parameters: theta, and about one of each run. */
static double freedom(const fit_space *s) {
    const double used = (double)(s->n_theta + s->data->n_runs), n = (double)s->data->n;
    return fmax(n - used, n / 4);
}

static double prior_of(const search *w, const double *anchor, const double *x, double *gradient, double *curvature) {
    return anchor ? mech_theta_kernel_log(w->q->prior, anchor, x, gradient, curvature)
                  : mech_theta_prior_log(w->q->prior, x, gradient, curvature);
}

static double objective_of(const search *w, const double *anchor, const double *x, const double *values,
                           const noise_level *noise) {
    const optima_request *q = w->q;
    double sum = -mech_noise_log(q->space->data, noise, values, NULL, NULL) - prior_of(w, anchor, x, NULL, NULL);
    for (size_t i = q->space->n_theta; i < w->n; i++) {
        const double spread = spread_of(q, i), away = spread > 0 ? (x[i] - mean_of(q, i)) / spread : 0;
        sum += away * away / 2;
    }
    return sum;
}

/* Where the columns of a reading of run r stand in a point. */
static size_t column_place(const fit_space *s, size_t r, size_t column) {
    if (column < s->n_theta) return column;
    if (column < s->n_theta + RUN_ERRORS) return mech_fit_run_errors(s, r) + column - s->n_theta;
    return mech_fit_shared_errors(s) + column - s->n_theta - RUN_ERRORS;
}

/* Slope and curvature at d->x from the derivatives there. */
static void differentiate(const search *w, descent *d, const double *derivatives) {
    const optima_request *q = w->q;
    const fit_space *s = q->space;
    const size_t n = w->n, c = w->n_columns;
    double prior_slope[FIT_MOST_THETA], prior_curvature[FIT_MOST_THETA * FIT_MOST_THETA];
    memset(d->slope, 0, n * sizeof *d->slope);
    memset(d->curvature, 0, n * n * sizeof *d->curvature);
    mech_noise_log(s->data, &d->noise, d->values, w->pull, w->weight);
    for (size_t r = 0; r < s->data->n_runs; r++) {
        size_t places[FIT_ERRORS + FIT_MOST_THETA];
        for (size_t j = 0; j < c; j++) places[j] = column_place(s, r, j);
        for (size_t i = s->data->runs[r].first; i < s->data->runs[r].first + s->data->runs[r].n; i++) {
            const double *row = derivatives + i * c;
            for (size_t j = 0; j < c; j++) {
                d->slope[places[j]] += w->pull[i] * row[j];
                const double weighted = w->weight[i] * row[j];
                for (size_t k = 0; k <= j; k++) d->curvature[places[j] * n + places[k]] += weighted * row[k];
            }
        }
    }
    prior_of(w, d->anchor, d->x, prior_slope, prior_curvature);
    for (size_t i = 0; i < s->n_theta; i++) {
        d->slope[i] -= prior_slope[i];
        for (size_t j = 0; j <= i; j++) d->curvature[i * n + j] += prior_curvature[i * s->n_theta + j];
    }
    for (size_t i = s->n_theta; i < n; i++) {
        const double spread = spread_of(q, i);
        if (spread > 0) {
            d->slope[i] += (d->x[i] - mean_of(q, i)) / (spread * spread);
            d->curvature[i * n + i] += 1 / (spread * spread);
            continue;
        }
        d->slope[i] = 0;
        for (size_t j = 0; j < n; j++) d->curvature[(i > j ? i : j) * n + (i > j ? j : i)] = i == j;
    }
}

static void take_step(const search *w, descent *d) {
    const size_t n = w->n;
    memcpy(w->factor, d->curvature, n * n * sizeof *w->factor);
    for (size_t i = 0; i < n; i++) {
        w->factor[i * n + i] *= 1 + d->damping;
        w->step[i] = -d->slope[i];
    }
    if (mech_cholesky(n, w->factor))
        mech_cholesky_solve(n, w->factor, w->step);
    else
        memset(w->step, 0, n * sizeof *w->step);
    double longest = LONGEST_STEP;
    for (size_t i = 0; i < n; i++) {
        const double unit = i < w->q->space->n_theta ? 1 : spread_of(w->q, i);
        if (unit > 0) longest = fmax(longest, fabs(w->step[i]) / unit);
    }
    for (size_t i = 0; i < n; i++) d->trial[i] = d->x[i] + w->step[i] * LONGEST_STEP / longest;
}

/* Takes the values at a trial: moves there, or tries more carefully. */
static void judge_trial(const search *w, descent *d, bool first, bool ok, const double *values,
                        const double *derivatives) {
    const fit_space *s = w->q->space;
    if (first && !ok) {
        d->active = false;
        d->failed = true;
        return;
    }
    const double objective = ok ? objective_of(w, d->anchor, d->trial, values, &d->noise) : INFINITY;
    if (!first && !(objective < d->objective)) {
        d->damping *= HARDER;
        if (d->damping > MOST_DAMPING) d->active = false;
        return;
    }
    const double gain = first ? INFINITY : d->objective - objective;
    memcpy(d->x, d->trial, w->n * sizeof *d->x);
    memcpy(d->values, values, s->data->n * sizeof *d->values);
    d->damping = fmax(d->damping * EASIER, LEAST_DAMPING);
    const double before = d->noise.additive;
    if (!w->q->noise_is_told) d->noise.additive = mech_noise_estimate(s->data, &d->noise, d->values, freedom(s));
    d->in_vain = gain < LEAST_GAIN && fabs(log(d->noise.additive / before)) < 0.02 ? d->in_vain + 1 : 0;
    if (d->in_vain >= MOST_IN_VAIN) d->active = false;
    d->objective = objective_of(w, d->anchor, d->x, d->values, &d->noise);
    differentiate(w, d, derivatives);
}

static mech_status try_steps(search *w, size_t n_descents, bool first, mech_error *error) {
    const fit_space *s = w->q->space;
    size_t n_active = 0;
    for (size_t i = 0; i < n_descents; i++) {
        descent *d = &w->d[i];
        if (!d->active) continue;
        if (first)
            memcpy(d->trial, d->x, w->n * sizeof *d->trial);
        else
            take_step(w, d);
        memcpy(w->points + n_active++ * w->n, d->trial, w->n * sizeof *d->trial);
    }
    const mech_status status = mech_fit_curves(s, n_active, w->points, DERIVATIVES_BY_ALL, w->q->rtol, w->values,
                                               w->derivatives, w->ok, error);
    n_active = 0;
    for (size_t i = 0; i < n_descents && status == MECH_OK; i++) {
        if (!w->d[i].active) continue;
        judge_trial(w, &w->d[i], first, w->ok[n_active], w->values + n_active * s->data->n,
                    w->derivatives + n_active * s->data->n * w->n_columns);
        n_active++;
    }
    return status;
}

/* Leaves only the best `keep` of the descents on their way; those that came to an end count. */
static void cut_descents(search *w, size_t n_descents, size_t keep) {
    for (size_t i = 0; i < n_descents; i++) {
        size_t better = 0;
        for (size_t j = 0; j < n_descents; j++)
            better += !w->d[j].failed &&
                      (w->d[j].objective < w->d[i].objective || (w->d[j].objective == w->d[i].objective && j < i));
        if (better >= keep) w->d[i].active = false;
    }
}

static mech_status descend(search *w, size_t n_descents, int most_iterations, bool cut, mech_error *error) {
    mech_status status = try_steps(w, n_descents, true, error);
    for (int iteration = 1; iteration < most_iterations && status == MECH_OK; iteration++) {
        const search_cut *at = w->q->quick ? quick_cuts : cuts;
        for (size_t c = 0; c < N_CUTS && cut; c++)
            if (at[c].after == iteration) cut_descents(w, n_descents, at[c].keep);
        bool any = false;
        for (size_t i = 0; i < n_descents; i++) any |= w->d[i].active;
        if (!any) break;
        status = try_steps(w, n_descents, false, error);
    }
    return status;
}

static void search_free(search *w, size_t n_descents) {
    for (size_t i = 0; w->d && i < n_descents; i++) mech_release_array(w->d[i].x);
    mech_release_array(w->d);
    mech_release_array(w->points);
    mech_release_array(w->values);
    mech_release_array(w->derivatives);
    mech_release_array(w->ok);
    mech_release_array(w->pull);
}

static mech_status search_new(const optima_request *q, size_t n_descents, search *w, mech_error *error) {
    const size_t n = q->space->n, rows = q->space->data->n;
    *w = (search){.q = q, .n = n, .n_rows = rows, .n_columns = mech_fit_n_columns(q->space, DERIVATIVES_BY_ALL)};
    w->d = mech_allocate_array(n_descents, sizeof *w->d);
    w->points = mech_allocate_array(n_descents * n, sizeof *w->points);
    w->values = mech_allocate_array(n_descents * rows, sizeof *w->values);
    w->derivatives = mech_allocate_array(n_descents * rows * w->n_columns, sizeof *w->derivatives);
    w->ok = mech_allocate_array(n_descents, sizeof *w->ok);
    w->pull = mech_allocate_array(2 * rows + n + n * n, sizeof *w->pull);
    bool complete = w->d && w->points && w->values && w->derivatives && w->ok && w->pull;
    for (size_t i = 0; i < n_descents && complete; i++) {
        descent *d = &w->d[i];
        d->x = mech_allocate_array(3 * n + rows + n * n, sizeof *d->x);
        if (!d->x) complete = false;
        if (!complete) break;
        d->trial = d->x + n;
        d->slope = d->trial + n;
        d->values = d->slope + n;
        d->curvature = d->values + rows;
        d->damping = FIRST_DAMPING;
        d->noise = q->noise;
        d->active = true;
    }
    if (!complete) return mech_fail_memory(error);
    w->weight = w->pull + rows;
    w->step = w->weight + rows;
    w->factor = w->step + n;
    return MECH_OK;
}

/* How much of the noise is proportional to what was measured: the share with which deviations are most likely. */
static void divide_noise(const search *w, descent *d) {
    const observations *data = w->q->space->data;
    double best = -INFINITY;
    for (size_t i = 0; i < sizeof PROPORTIONS / sizeof PROPORTIONS[0] && !w->q->noise_is_told; i++) {
        noise_level at = d->noise;
        at.proportional = PROPORTIONS[i];
        at.additive = mech_noise_estimate(data, &at, d->values, freedom(w->q->space));
        const double likely = mech_noise_log(data, &at, d->values, NULL, NULL);
        if (!(likely > best)) continue;
        best = likely;
        d->noise = at;
    }
    d->objective = objective_of(w, d->anchor, d->x, d->values, &d->noise);
}

static int by_sum(const void *a, const void *b) {
    const double *const *p = a, *const *q = b;
    if (**p != **q) return **p > **q ? 1 : -1;
    return (*p > *q) - (*p < *q);
}

/* The closest of all draws and stretches: starts[n_starts][n_theta]. Of each draw only its best stretch counts. */
static mech_status screen(const optima_request *q, double *starts, mech_error *error) {
    const theta_prior *p = q->prior;
    const size_t d = p->n_theta;
    double stretch[N_STRETCHES];
    for (size_t k = 0; k < N_STRETCHES; k++) stretch[k] = exp(MOST_STRETCH * (2 * (double)k / (N_STRETCHES - 1) - 1));
    double *sums = mech_allocate_array(p->n * N_STRETCHES, sizeof *sums);
    double *best = mech_allocate_array(p->n, sizeof *best);
    const double **order = mech_allocate_array(p->n, sizeof *order);
    mech_status status = sums && best && order ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK)
        status = mech_fit_screen(q->space, p->n, p->theta, N_STRETCHES, stretch, SCREENING_SCALE, SCREENING_RTOL, sums,
                                 error);
    for (size_t i = 0; i < p->n && status == MECH_OK; i++) {
        best[i] = INFINITY;
        for (size_t k = 0; k < N_STRETCHES; k++) best[i] = fmin(best[i], sums[i * N_STRETCHES + k]);
        order[i] = &best[i];
    }
    if (status == MECH_OK) qsort(order, p->n, sizeof *order, by_sum);
    const size_t n_scouts = q->scouts ? q->n_scouts : 0;
    for (size_t i = 0; i < q->n_starts + n_scouts && status == MECH_OK; i++) {
        const size_t rank = i < q->n_starts ? i : SCOUT_STRIDE * (i - q->n_starts);
        double *start = i < q->n_starts ? starts + i * d : q->scouts + (i - q->n_starts) * d;
        const size_t draw = (size_t)(order[rank < p->n ? rank : p->n - 1] - best);
        size_t k = 0;
        while (k + 1 < N_STRETCHES && sums[draw * N_STRETCHES + k] > best[draw]) k++;
        memcpy(start, p->theta + draw * d, d * sizeof *start);
        mech_theta_stretch(q->space, stretch[k], start);
    }
    mech_release_array(sums);
    mech_release_array(best);
    mech_release_array(order);
    return status;
}

static void set_errors(const optima_request *q, double *x) {
    for (size_t i = q->space->n_theta; i < q->space->n; i++) x[i] = mean_of(q, i);
}

static bool is_new(const fit_space *s, const optimum *at, size_t n, const double *x) {
    for (size_t i = 0; i < n; i++) {
        double farthest = 0;
        for (size_t j = 0; j < s->n_theta; j++) farthest = fmax(farthest, fabs(at[i].x[j] - x[j]));
        if (farthest < ALIKE) return false;
    }
    return true;
}

/* The different ends of the descents, best first. */
static size_t collect(search *w, size_t n_descents, size_t most, optimum *at) {
    size_t n = 0;
    for (size_t round = 0; round < n_descents && n < most; round++) {
        descent *best = NULL;
        for (size_t i = 0; i < n_descents; i++)
            if (!w->d[i].failed && (!best || w->d[i].objective < best->objective)) best = &w->d[i];
        if (!best || (n && best->objective > -at[0].log_posterior + FAR_BELOW)) break;
        best->failed = true; /* is seen to */
        if (!is_new(w->q->space, at, n, best->x)) continue;
        memcpy(at[n].x, best->x, w->n * sizeof *at[n].x);
        at[n].log_posterior = -best->objective;
        at[n++].noise = best->noise;
    }
    return n;
}

mech_status mech_find_optima(const optima_request *q, size_t most, optimum *at, size_t *n, mech_error *error) {
    const size_t d = q->space->n_theta, n_all = q->n_starts + q->n_warm;
    *n = 0;
    search w = {0};
    double *starts = mech_allocate_array(n_all * d, sizeof *starts);
    mech_status status = starts ? search_new(q, n_all, &w, error) : mech_fail_memory(error);
    if (status == MECH_OK) status = screen(q, starts, error);
    if (status == MECH_OK && q->n_warm) memcpy(starts + q->n_starts * d, q->warm, q->n_warm * d * sizeof *starts);
    for (size_t i = 0; i < n_all && status == MECH_OK; i++) {
        memcpy(w.d[i].x, starts + i * d, d * sizeof *starts);
        set_errors(q, w.d[i].x);
    }
    if (status == MECH_OK) status = descend(&w, n_all, q->quick ? QUICK_ITERATIONS : MOST_ITERATIONS, true, error);
    for (size_t i = 0; i < n_all && status == MECH_OK; i++)
        if (!w.d[i].failed) divide_noise(&w, &w.d[i]);
    if (status == MECH_OK) *n = collect(&w, n_all, most, at);
    search_free(&w, n_all);
    mech_release_array(starts);
    return status;
}

mech_status mech_improve_optima(const optima_request *q, size_t n, optimum *at, mech_error *error) {
    search w = {0};
    mech_status status = search_new(q, n, &w, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        memcpy(w.d[i].x, at[i].x, w.n * sizeof *at[i].x);
        w.d[i].noise = at[i].noise;
        for (size_t j = q->space->n_theta; j < w.n; j++)
            if (!(spread_of(q, j) > 0)) w.d[i].x[j] = mean_of(q, j);
    }
    if (status == MECH_OK) status = descend(&w, n, q->quick ? QUICK_ITERATIONS : MOST_ITERATIONS, true, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        if (w.d[i].failed) continue;
        divide_noise(&w, &w.d[i]);
        memcpy(at[i].x, w.d[i].x, w.n * sizeof *at[i].x);
        at[i].log_posterior = -w.d[i].objective;
        at[i].noise = w.d[i].noise;
    }
    search_free(&w, n);
    return status;
}

mech_status mech_scout_optima(const optima_request *request, const optimum *from, size_t n, const double *scouts,
                              optimum *at, mech_error *error) {
    optima_request q = *request;
    const size_t d = q.space->n_theta;
    q.noise = from->noise;
    q.noise_is_told = true;
    search w = {0};
    mech_status status = search_new(&q, n, &w, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        memcpy(w.d[i].x, from->x, w.n * sizeof *from->x);
        memcpy(w.d[i].x, scouts + i * d, d * sizeof *scouts);
        w.d[i].anchor = scouts + i * d;
    }
    if (status == MECH_OK) status = descend(&w, n, SCOUT_ITERATIONS, false, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        at[i].log_posterior = -INFINITY;
        if (w.d[i].failed) continue;
        memcpy(at[i].x, w.d[i].x, w.n * sizeof *at[i].x);
        at[i].noise = from->noise;
        at[i].log_posterior = -objective_of(&w, NULL, w.d[i].x, w.d[i].values, &from->noise);
    }
    search_free(&w, n);
    return status;
}
