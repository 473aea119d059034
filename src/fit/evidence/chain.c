#include "fit/evidence/chain.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/cholesky.h"
#include "fit/evidence/targets.h"

#include <math.h>
#include <string.h>

/* Chains, how many times they are kept; sweeps of moves before the first time and in between. */
enum { N_CHAINS = 128, HALF = N_CHAINS / 2, KEPT = 4, WARM_UP = 40, BETWEEN = 8 };

/* The longer one of two lengths of steps in ln of the noise; the shorter one is about what n readings leave open. */
static const double LONG_STEP = 0.6, SHORT_STEP = 1.2;

/* Samples are not that sure of where chains should begin: their weights to this power. */
static const double FLATTER = 0.5;

/* Places of all chains, or of the proposals of half of them. A place is theta and noise, a level, and errors as
 * standard normal numbers z, which a level without spread leaves without effect. */
typedef struct places {
    double *at; /* [n][d]: theta, noise, z */
    size_t *level;
    double *likely, *known; /* ln of the likelihood and of the prior of theta and noise */
    double *points, *values, *derivatives;
    bool *ok;
} places;

typedef struct chains {
    fit_evidence *e;
    double rtol;
    size_t n_sampled, d, n_columns, n_free; /* n_free: theta and z */
    places now, next;
    error_normal normal;
    double *pull, *weight, *matrix, *mean; /* room: matrix[n_free][n_free], mean[n_free] */
    random_stream *r;
} chains;

static size_t kind_of(const fit_space *s, size_t error) {
    const size_t own = RUN_ERRORS * s->data->n_runs;
    return error < own ? error % RUN_ERRORS : error - own + RUN_ERRORS;
}

static void errors_of(const chains *c, const double *z, size_t level, double *errors) {
    const error_spreads *l = &c->e->levels->level[level];
    for (size_t j = 0; j < c->e->space->n_errors; j++) {
        const size_t kind = kind_of(c->e->space, j);
        errors[j] = l->mean[kind] + l->spread[kind] * z[j];
    }
}

/* Fills in what follows from where n places are. */
static mech_status evaluate(chains *c, size_t n, places *p, mech_error *error) {
    const fit_space *s = c->e->space;
    const size_t rows = s->data->n;
    fit_sample sample = {.mode = 0};
    for (size_t i = 0; i < n; i++) {
        double *x = p->points + i * s->n;
        memcpy(x, p->at + i * c->d, s->n_theta * sizeof *x);
        errors_of(c, p->at + i * c->d + c->n_sampled, p->level[i], x + s->n_theta);
    }
    const mech_status status =
        mech_fit_curves(s, n, p->points, DERIVATIVES_BY_ALL, c->rtol, p->values, p->derivatives, p->ok, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        memcpy(sample.at, p->at + i * c->d, c->n_sampled * sizeof *p->at);
        const noise_level noise = mech_fit_sample_noise(c->e, &sample);
        p->known[i] = mech_fit_sample_prior(c->e, &sample);
        p->likely[i] = p->ok[i] && p->known[i] > -INFINITY
                           ? mech_noise_log(s->data, &noise, p->values + i * rows, NULL, NULL)
                           : -INFINITY;
    }
    return status;
}

/* What the derivatives at place i say of theta and z under a noise and a level: the mean of a normal distribution, in
 * c->mean, and the Cholesky factor of its precision, in c->matrix. False where there is none. */
static bool expand(chains *c, const places *p, size_t i, const double *noise_at, size_t level) {
    const fit_evidence *e = c->e;
    const fit_space *s = e->space;
    const size_t n = c->n_free, d = s->n_theta, width = FIT_ERRORS + d, n_runs = s->data->n_runs;
    const double *x = p->points + i * s->n;
    const error_spreads *l = &e->levels->level[level];
    fit_sample sample = {.mode = 0};
    double slope[FIT_MOST_THETA], curvature[FIT_MOST_THETA * FIT_MOST_THETA], *a = c->matrix, *g = c->mean;
    memcpy(sample.at + d, noise_at, (c->n_sampled - d) * sizeof *noise_at);
    const noise_level noise = mech_fit_sample_noise(e, &sample);
    mech_noise_log(s->data, &noise, p->values + i * s->data->n, c->pull, c->weight);
    mech_error_normal_fill(s, c->pull, c->weight, p->derivatives + i * s->data->n * c->n_columns, DERIVATIVES_BY_ALL,
                           &c->normal);
    mech_theta_prior_log(e->prior, x, slope, curvature);
    memset(a, 0, n * n * sizeof *a);
    memset(g, 0, n * sizeof *g);
    for (size_t j = 0; j < d; j++) {
        g[j] = slope[j];
        for (size_t k = 0; k < d; k++) a[j * n + k] = curvature[j * d + k];
    }
    for (size_t j = d; j < n; j++) a[j * n + j] = 1;
    for (size_t r = 0; r < n_runs; r++) {
        /* Where each column is among theta and z, how it is scaled, and how far the level's mean is from here. */
        size_t at[FIT_ERRORS + FIT_MOST_THETA];
        double scale[FIT_ERRORS + FIT_MOST_THETA], away[FIT_ERRORS + FIT_MOST_THETA] = {0};
        for (size_t j = 0; j < width; j++) {
            const size_t error = j < RUN_ERRORS ? r * RUN_ERRORS + j : n_runs * RUN_ERRORS + j - RUN_ERRORS;
            at[j] = j < FIT_ERRORS ? d + error : j - FIT_ERRORS;
            scale[j] = j < FIT_ERRORS ? l->spread[j] : 1;
            if (j < FIT_ERRORS) away[j] = l->mean[j] - x[d + error];
        }
        for (size_t j = 0; j < width; j++) {
            const double *row = c->normal.curvature + (r * width + j) * width;
            double sum = c->normal.slope[r * width + j];
            for (size_t k = 0; k < width; k++) {
                sum += row[k] * away[k];
                a[at[j] * n + at[k]] += scale[j] * row[k] * scale[k];
            }
            g[at[j]] -= scale[j] * sum;
        }
    }
    if (!mech_cholesky(n, a)) return false;
    mech_cholesky_solve(n, a, g);
    for (size_t j = 0; j < d; j++) g[j] += x[j];
    return true;
}

/* Moves `from`, theta and z, towards the mean of what was expanded, by a share of the way (Martin, Wilcox, Burstedde &
 * Ghattas, SIAM J. Sci. Comput. 34 (2012) A1460). */
static void draw_near(chains *c, double share, const double *from, double *to) {
    const size_t n = c->n_free;
    double z[FIT_MOST_POINT];
    const double spread = sqrt(share * (2 - share));
    for (size_t j = 0; j < n; j++) z[j] = mech_random_normal(c->r);
    for (size_t j = n; j-- > 0;) {
        for (size_t k = j + 1; k < n; k++) z[j] -= c->matrix[k * n + j] * z[k];
        z[j] /= c->matrix[j * n + j];
    }
    for (size_t j = 0; j < n; j++) to[j] = from[j] + share * (c->mean[j] - from[j]) + spread * z[j];
}

/* ln of the density with which draw_near() moves there. */
static double density_near(const chains *c, double share, const double *from, const double *to) {
    const size_t n = c->n_free;
    const double spread = sqrt(share * (2 - share));
    double square = 0, log_norm = 0;
    for (size_t j = 0; j < n; j++) {
        double sum = 0;
        for (size_t k = j; k < n; k++)
            sum += c->matrix[k * n + j] * (to[k] - from[k] - share * (c->mean[k] - from[k])) / spread;
        square += sum * sum;
        log_norm += log(c->matrix[j * n + j] / spread);
    }
    return log_norm - square / 2;
}

/* Theta and z of a place, one behind the other. */
static void pack(const chains *c, const double *at, double *together) {
    const size_t d = c->e->space->n_theta;
    memcpy(together, at, d * sizeof *at);
    memcpy(together + d, at + c->n_sampled, c->e->space->n_errors * sizeof *at);
}

static void unpack(const chains *c, const double *together, double *at) {
    const size_t d = c->e->space->n_theta;
    memcpy(at, together, d * sizeof *at);
    memcpy(at + c->n_sampled, together + d, c->e->space->n_errors * sizeof *at);
}

/* A step along the difference of two chains of the other half, in all numbers or in some of them. */
static void propose_difference(chains *c, const double *from, const double *others, double *to) {
    static const double shares[] = {1, 0.5, 0.2};
    const double *a = others + mech_random_below(c->r, HALF) * c->d;
    const double *b = others + mech_random_below(c->r, HALF) * c->d;
    const double share = shares[mech_random_below(c->r, 3)];
    const double length = mech_random_uniform(c->r) < 0.1
                              ? 1
                              : 2.38 / sqrt(2 * share * (double)c->d) * (0.2 + 1.1 * mech_random_uniform(c->r));
    for (size_t j = 0; j < c->d; j++)
        to[j] = mech_random_uniform(c->r) < share ? from[j] + length * (a[j] - b[j]) + 1e-4 * mech_random_normal(c->r)
                                                  : from[j];
}

/* Another level, by its prior. */
static size_t draw_level(const chains *c) {
    const error_levels *levels = c->e->levels;
    double sum = 0;
    for (size_t l = 0; l < levels->n; l++) sum += exp(levels->level[l].log_weight);
    double left = sum * mech_random_uniform(c->r);
    size_t l = 0;
    while (l + 1 < levels->n && (left -= exp(levels->level[l].log_weight)) > 0) l++;
    return l;
}

/* Chain number `to` goes to the proposal number `from`. */
static void take(chains *c, size_t to, size_t from) {
    const size_t rows = c->e->space->data->n, n = c->e->space->n, width = rows * c->n_columns;
    memcpy(c->now.at + to * c->d, c->next.at + from * c->d, c->d * sizeof *c->now.at);
    memcpy(c->now.points + to * n, c->next.points + from * n, n * sizeof *c->now.points);
    memcpy(c->now.values + to * rows, c->next.values + from * rows, rows * sizeof *c->now.values);
    memcpy(c->now.derivatives + to * width, c->next.derivatives + from * width, width * sizeof *c->now.derivatives);
    c->now.level[to] = c->next.level[from];
    c->now.likely[to] = c->next.likely[from];
    c->now.known[to] = c->next.known[from];
}

static double square_of(const chains *c, const double *at) {
    double sum = 0;
    for (size_t j = c->n_sampled; j < c->d; j++) sum += at[j] * at[j];
    return sum;
}

/* One move of chains first, ..., first + HALF - 1 by the differences of the others. */
static mech_status move_by_differences(chains *c, size_t first, mech_error *error) {
    const double *others = c->now.at + (first ? 0 : HALF) * c->d;
    for (size_t i = 0; i < HALF; i++) {
        propose_difference(c, c->now.at + (first + i) * c->d, others, c->next.at + i * c->d);
        c->next.level[i] = c->now.level[first + i];
    }
    const mech_status status = evaluate(c, HALF, &c->next, error);
    for (size_t i = 0; i < HALF && status == MECH_OK; i++) {
        const double gain = c->next.likely[i] + c->next.known[i] - square_of(c, c->next.at + i * c->d) / 2 -
                            c->now.likely[first + i] - c->now.known[first + i] +
                            square_of(c, c->now.at + (first + i) * c->d) / 2;
        if (log(mech_random_uniform(c->r)) < gain) take(c, first + i, i);
    }
    return status;
}

/* One move of the same chains by what their derivatives say; in two of three of them noise and level change, too. */
static mech_status move_by_derivatives(chains *c, size_t first, mech_error *error) {
    static const double shares[] = {1, 1, 0.7, 0.35};
    const size_t d = c->e->space->n_theta;
    double forward[HALF], share[HALF], from[FIT_MOST_POINT], to[FIT_MOST_POINT];
    for (size_t i = 0; i < HALF; i++) {
        const double *now = c->now.at + (first + i) * c->d;
        double *next = c->next.at + i * c->d;
        memcpy(next, now, c->d * sizeof *next);
        c->next.level[i] = c->now.level[first + i];
        const uint32_t kind = mech_random_below(c->r, 3);
        const double step = mech_random_below(c->r, 4) ? SHORT_STEP / sqrt((double)c->e->space->data->n) : LONG_STEP;
        for (size_t j = d; j < c->n_sampled && kind; j++) next[j] += step * mech_random_normal(c->r);
        if (kind == 2) c->next.level[i] = draw_level(c);
        share[i] = kind == 2 ? 1 : shares[mech_random_below(c->r, 4)];
        forward[i] = INFINITY;
        if (!expand(c, &c->now, first + i, next + d, c->next.level[i])) continue;
        pack(c, now, from);
        draw_near(c, share[i], from, to);
        unpack(c, to, next);
        forward[i] = density_near(c, share[i], from, to);
    }
    const mech_status status = evaluate(c, HALF, &c->next, error);
    for (size_t i = 0; i < HALF && status == MECH_OK; i++) {
        const double *now = c->now.at + (first + i) * c->d, *next = c->next.at + i * c->d;
        const double uniform = mech_random_uniform(c->r);
        if (!(forward[i] < INFINITY) || !(c->next.likely[i] > -INFINITY)) continue;
        if (!expand(c, &c->next, i, now + d, c->now.level[first + i])) continue;
        pack(c, next, from);
        pack(c, now, to);
        const double gain = c->next.likely[i] + c->next.known[i] - square_of(c, next) / 2 - forward[i] -
                            c->now.likely[first + i] - c->now.known[first + i] + square_of(c, now) / 2 +
                            density_near(c, share[i], from, to);
        if (log(uniform) < gain) take(c, first + i, i);
    }
    return status;
}

static mech_status sweep(chains *c, size_t number, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t first = 0; first < N_CHAINS && status == MECH_OK; first += HALF)
        status = number % 4 == 3 ? move_by_differences(c, first, error) : move_by_derivatives(c, first, error);
    return status;
}

/* Where chains begin: samples, by their flattened weights. */
static mech_status begin(chains *c, mech_error *error) {
    const fit_evidence *e = c->e;
    double most = -INFINITY, sum = 0, so_far;
    for (size_t i = 0; i < e->n_samples; i++) most = fmax(most, e->samples[i].log_weight);
    for (size_t i = 0; i < e->n_samples; i++) sum += exp(FLATTER * (e->samples[i].log_weight - most));
    size_t from = 0;
    so_far = exp(FLATTER * (e->samples[0].log_weight - most)) / sum;
    const double offset = mech_random_uniform(c->r);
    for (size_t i = 0; i < N_CHAINS; i++) {
        while (from + 1 < e->n_samples && so_far < ((double)i + offset) / N_CHAINS)
            so_far += exp(FLATTER * (e->samples[++from].log_weight - most)) / sum;
        const fit_sample *sample = &e->samples[from];
        /* Neighbours are alike: they are dealt out to both halves. */
        const size_t place = i / 2 + i % 2 * HALF;
        double *to = c->now.at + place * c->d;
        memcpy(to, sample->at, c->n_sampled * sizeof *to);
        c->now.level[place] = sample->level;
        for (size_t j = 0; j < e->space->n_errors; j++) {
            const error_spreads *l = &e->levels->level[sample->level];
            const size_t kind = kind_of(e->space, j);
            to[c->n_sampled + j] = l->spread[kind] > 0
                                       ? (e->errors[from * e->space->n_errors + j] - l->mean[kind]) / l->spread[kind]
                                       : mech_random_normal(c->r);
        }
    }
    return evaluate(c, N_CHAINS, &c->now, error);
}

static bool places_new(const chains *c, size_t n, places *p) {
    const fit_space *s = c->e->space;
    const size_t rows = s->data->n;
    p->at = mech_allocate_array(n, (c->d + s->n + 2) * sizeof *p->at);
    p->values = mech_allocate_array(n * rows, (1 + c->n_columns) * sizeof *p->values);
    p->level = mech_allocate_array(n, sizeof *p->level);
    p->ok = mech_allocate_array(n, sizeof *p->ok);
    if (!p->at || !p->values || !p->level || !p->ok) return false;
    p->points = p->at + n * c->d;
    p->likely = p->points + n * s->n;
    p->known = p->likely + n;
    p->derivatives = p->values + n * rows;
    return true;
}

static void places_free(places *p) {
    mech_release_array(p->at);
    mech_release_array(p->values);
    mech_release_array(p->level);
    mech_release_array(p->ok);
}

static bool chains_new(fit_evidence *e, double rtol, random_stream *r, chains *c) {
    const fit_space *s = e->space;
    const size_t n_sampled = s->n_theta + (e->noise_is_told ? 0 : 2), n = s->n_theta + s->n_errors;
    *c = (chains){.e = e, .rtol = rtol, .n_sampled = n_sampled, .d = n_sampled + s->n_errors, .n_free = n, .r = r};
    c->n_columns = mech_fit_n_columns(s, DERIVATIVES_BY_ALL);
    c->pull = mech_allocate_array(2 * s->data->n + n * n + n, sizeof *c->pull);
    if (!c->pull || !mech_error_normal_new(s, &c->normal)) return false;
    c->weight = c->pull + s->data->n;
    c->matrix = c->weight + s->data->n;
    c->mean = c->matrix + n * n;
    return places_new(c, N_CHAINS, &c->now) && places_new(c, HALF, &c->next);
}

static void chains_free(chains *c) {
    places_free(&c->now);
    places_free(&c->next);
    mech_error_normal_free(&c->normal);
    mech_release_array(c->pull);
}

static void keep(const chains *c, size_t n_kept, fit_sample *samples, double *errors) {
    for (size_t i = 0; i < N_CHAINS; i++) {
        const size_t to = n_kept * N_CHAINS + i;
        samples[to] = (fit_sample){.level = c->now.level[i]};
        memcpy(samples[to].at, c->now.at + i * c->d, c->n_sampled * sizeof *c->now.at);
        errors_of(c, c->now.at + i * c->d + c->n_sampled, c->now.level[i], errors + to * c->e->space->n_errors);
    }
}

mech_status mech_fit_chain(fit_evidence *e, double rtol, random_stream *r, mech_error *error) {
    enum { N_KEPT = KEPT * N_CHAINS };
    chains c = {0};
    const size_t n_errors = e->space->n_errors;
    fit_sample *samples = mech_allocate_array(N_KEPT, sizeof *samples);
    double *errors = mech_allocate_array(N_KEPT * n_errors, sizeof *errors);
    mech_status status = chains_new(e, rtol, r, &c) && samples && errors ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = begin(&c, error);
    size_t number = 0;
    for (size_t k = 0; k < KEPT && status == MECH_OK; k++) {
        for (size_t i = 0; i < (k ? BETWEEN : WARM_UP) && status == MECH_OK; i++) status = sweep(&c, number++, error);
        if (status == MECH_OK) keep(&c, k, samples, errors);
    }
    if (status == MECH_OK) {
        mech_release_array(e->samples);
        mech_release_array(e->errors);
        e->samples = samples;
        e->errors = errors;
        e->n_samples = N_KEPT;
        samples = NULL;
        errors = NULL;
    }
    mech_release_array(samples);
    mech_release_array(errors);
    chains_free(&c);
    return status;
}
