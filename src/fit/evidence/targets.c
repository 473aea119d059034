/* What samples are worth: likelihood and prior, the errors of the experiment integrated out. */
#include "fit/evidence/targets.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* How far errors are moved at most, and from where on it is worth the while, in units of their spread. */
static const double MOST_AWAY = 4, FAR_AWAY = 0.3;

/* Samples whose weight is so many nats below the largest have none. */
static const double NO_WEIGHT = 15;

noise_level mech_fit_sample_noise(const fit_evidence *e, const fit_sample *sample) {
    noise_level noise = e->modes[sample->mode].at.noise;
    if (e->noise_is_told) return noise;
    noise.additive = exp(sample->at[e->space->n_theta]);
    noise.proportional = exp(sample->at[e->space->n_theta + 1]);
    return noise;
}

void mech_fit_sample_point(const fit_evidence *e, size_t sample, double *x) {
    const fit_space *s = e->space;
    memcpy(x, e->samples[sample].at, s->n_theta * sizeof *x);
    memcpy(x + s->n_theta, e->errors + sample * s->n_errors, s->n_errors * sizeof *x);
}

static size_t kind_of(const fit_space *s, size_t error) {
    const size_t own = RUN_ERRORS * s->data->n_runs;
    return error < own ? error % RUN_ERRORS : error - own + RUN_ERRORS;
}

/* The errors that are likeliest at a sample's theta, to first order from its optimum, or with r a draw of them:
 * errors[n_errors]. */
static void guess_errors(const fit_evidence *e, const fit_sample *sample, random_stream *r, double *errors) {
    const fit_space *s = e->space;
    const fit_mode *m = &e->modes[sample->mode];
    const error_spreads *level = &e->all_levels->level[m->likeliest];
    const double *at = m->at.x + s->n_theta;
    double away[FIT_MOST_THETA];
    for (size_t j = 0; j < s->n_theta; j++) away[j] = sample->at[j] - m->at.x[j];
    if (!mech_error_draw(s, &m->normal, at, level, away, r, errors)) memcpy(errors, at, s->n_errors * sizeof *errors);
    for (size_t j = 0; j < s->n_errors; j++) {
        const double most = MOST_AWAY * level->spread[kind_of(s, j)];
        errors[j] = fmin(fmax(errors[j], at[j] - most), at[j] + most);
    }
}

/* Moves errors to where the readings at hand have them likeliest; whether that is far enough for the curves to be
 * computed anew. */
static bool improve_errors(const fit_evidence *e, const fit_sample *sample, const error_normal *normal,
                           double *errors) {
    const fit_space *s = e->space;
    const error_spreads *level = &e->all_levels->level[e->modes[sample->mode].likeliest];
    double better[FIT_MOST_ERRORS], farthest = 0;
    if (!mech_error_draw(s, normal, errors, level, NULL, NULL, better)) return false;
    for (size_t j = 0; j < s->n_errors; j++) {
        const double spread = level->spread[kind_of(s, j)];
        if (spread > 0) farthest = fmax(farthest, fabs(better[j] - errors[j]) / spread);
    }
    if (!(farthest > FAR_AWAY)) return false;
    for (size_t j = 0; j < s->n_errors; j++) {
        const double most = MOST_AWAY * level->spread[kind_of(s, j)];
        errors[j] = fmin(fmax(better[j], errors[j] - most), errors[j] + most);
    }
    return true;
}

/* The optimum that a sample is nearest to, in the units of its precision. */
static size_t nearest_mode(const fit_evidence *e, const double *at) {
    const size_t n = e->space->n_theta;
    size_t nearest = 0;
    double least = INFINITY;
    for (size_t i = 0; i < e->n_modes; i++) {
        const fit_mode *m = &e->modes[i];
        if (!(m->log_evidence > -INFINITY)) continue;
        double square = 0;
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = j; k < n; k++) sum += m->precision[0][k * n + j] * (at[k] - m->at.x[k]);
            square += sum * sum;
        }
        if (!(square < least)) continue;
        least = square;
        nearest = i;
    }
    return nearest;
}

/* ln of the noise's prior, log-uniform. */
static double log_noise_prior(const fit_evidence *e, const noise_level *noise) {
    if (e->noise_is_told) return 0;
    if (noise->additive < LEAST_NOISE || noise->additive > MOST_NOISE || noise->proportional < LEAST_PROPORTIONAL ||
        noise->proportional > MOST_PROPORTIONAL)
        return -INFINITY;
    return -log(log(MOST_NOISE / LEAST_NOISE)) - log(log(MOST_PROPORTIONAL / LEAST_PROPORTIONAL));
}

/* ln of likelihood and prior of a sample, errors integrated out about errors[n_errors], in whose place a draw of them
 * is put. */
static double log_target(const fit_evidence *e, fit_sample *sample, double likely, const error_normal *normal,
                         random_stream *r, double *errors) {
    const fit_space *s = e->space;
    double terms[MOST_LEVELS], drawn[FIT_MOST_ERRORS];
    const double of_errors = mech_error_sum(s, normal, errors, e->levels, NULL, NULL, terms);
    if (!(of_errors > -INFINITY)) return -INFINITY;
    double left = mech_random_uniform(r);
    sample->level = 0;
    while (sample->level + 1 < e->levels->n && (left -= exp(terms[sample->level] - of_errors)) > 0) sample->level++;
    if (!mech_error_draw(s, normal, errors, &e->levels->level[sample->level], NULL, r, drawn)) return -INFINITY;
    sample->log_likely = likely + mech_error_normal_log(s, normal, errors, drawn);
    memcpy(errors, drawn, s->n_errors * sizeof *errors);
    return likely + sample->log_prior + of_errors;
}

/* What evaluation works in. */
typedef struct evaluation {
    size_t batch;
    error_normal normal;
    double *x, *values, *derivatives, *pull; /* of a batch; pull and weight of one sample */
    size_t *which;
    bool *ok;
} evaluation;

static mech_status evaluation_new(const fit_space *s, size_t n, evaluation *v, mech_error *error) {
    enum { MOST_NUMBERS = 1 << 21, FEWEST = 4 };
    const size_t rows = s->data->n;
    v->batch = MOST_NUMBERS / (rows * (FIT_ERRORS + 1));
    if (v->batch < FEWEST) v->batch = FEWEST;
    if (v->batch > n) v->batch = n;
    v->x = mech_allocate_array(v->batch * s->n, sizeof *v->x);
    v->values = mech_allocate_array(v->batch * rows * (FIT_ERRORS + 1) + 2 * rows, sizeof *v->values);
    v->ok = mech_allocate_array(v->batch, sizeof *v->ok);
    v->which = mech_allocate_array(n, sizeof *v->which);
    if (!mech_error_normal_new(s, &v->normal) || !v->x || !v->values || !v->ok || !v->which)
        return mech_fail_memory(error);
    v->derivatives = v->values + v->batch * rows;
    v->pull = v->derivatives + v->batch * rows * FIT_ERRORS;
    return MECH_OK;
}

static void evaluation_free(evaluation *v) {
    mech_error_normal_free(&v->normal);
    mech_release_array(v->x);
    mech_release_array(v->values);
    mech_release_array(v->ok);
    mech_release_array(v->which);
}

double mech_fit_sample_prior(const fit_evidence *e, const fit_sample *sample) {
    const noise_level noise = mech_fit_sample_noise(e, sample);
    const double of_noise = log_noise_prior(e, &noise);
    return of_noise > -INFINITY ? of_noise + mech_theta_prior_log(e->prior, sample->at, NULL, NULL) : -INFINITY;
}

/* Evaluates the samples v->which[n] with their errors as they are; moves these where that is worth it and leaves in
 * which[] the samples that are to be evaluated once more, *again of them. */
static mech_status evaluate_pass(fit_evidence *e, double rtol, evaluation *v, size_t n, bool last, random_stream *r,
                                 size_t *again, mech_error *error) {
    const fit_space *s = e->space;
    const size_t rows = s->data->n;
    *again = 0;
    for (size_t first = 0; first < n; first += v->batch) {
        const size_t count = n - first < v->batch ? n - first : v->batch;
        for (size_t i = 0; i < count; i++) mech_fit_sample_point(e, v->which[first + i], v->x + i * s->n);
        const mech_status status =
            mech_fit_curves(s, count, v->x, DERIVATIVES_BY_ERRORS, rtol, v->values, v->derivatives, v->ok, error);
        if (status != MECH_OK) return status;
        for (size_t i = 0; i < count; i++) {
            if (!v->ok[i]) continue;
            const size_t number = v->which[first + i];
            fit_sample *sample = &e->samples[number];
            double *errors = e->errors + number * s->n_errors;
            const noise_level noise = mech_fit_sample_noise(e, sample);
            const double likely = mech_noise_log(s->data, &noise, v->values + i * rows, v->pull, v->pull + rows);
            mech_error_normal_fill(s, v->pull, v->pull + rows, v->derivatives + i * rows * FIT_ERRORS,
                                   DERIVATIVES_BY_ERRORS, &v->normal);
            if (!last && improve_errors(e, sample, &v->normal, errors))
                v->which[(*again)++] = number;
            else
                sample->log_target = log_target(e, sample, likely, &v->normal, r, errors);
        }
    }
    return MECH_OK;
}

mech_status mech_fit_targets(fit_evidence *e, double rtol, size_t first, size_t n, random_stream *r,
                             mech_error *error) {
    enum { PASSES = 3 };
    evaluation v = {0};
    mech_status status = evaluation_new(e->space, n, &v, error);
    size_t left = 0;
    for (size_t i = first; i < first + n && status == MECH_OK; i++) {
        fit_sample *sample = &e->samples[i];
        sample->mode = nearest_mode(e, sample->at);
        sample->log_target = -INFINITY;
        sample->exact = false;
        sample->correction = 0;
        sample->log_prior = mech_fit_sample_prior(e, sample);
        if (!(sample->log_prior > -INFINITY)) continue;
        guess_errors(e, sample, NULL, e->errors + i * e->space->n_errors);
        v.which[left++] = i;
    }
    for (int pass = 0; pass < PASSES && left && status == MECH_OK; pass++)
        status = evaluate_pass(e, rtol, &v, left, pass + 1 == PASSES, r, &left, error);
    evaluation_free(&v);
    return status;
}

mech_status mech_fit_targets_exact(fit_evidence *e, double rtol, mech_error *error) {
    const fit_space *s = e->space;
    const size_t rows = s->data->n;
    evaluation v = {0};
    double most = -INFINITY;
    size_t n = 0;
    mech_status status = evaluation_new(s, e->n_samples, &v, error);
    for (size_t i = 0; i < e->n_samples; i++) most = fmax(most, e->samples[i].log_weight);
    for (size_t i = 0; i < e->n_samples && status == MECH_OK; i++) {
        fit_sample *sample = &e->samples[i];
        if (!sample->exact && sample->log_weight > most - NO_WEIGHT) v.which[n++] = i;
    }
    for (size_t first = 0; first < n && status == MECH_OK; first += v.batch) {
        const size_t count = n - first < v.batch ? n - first : v.batch;
        for (size_t i = 0; i < count; i++) mech_fit_sample_point(e, v.which[first + i], v.x + i * s->n);
        status = mech_fit_curves(s, count, v.x, DERIVATIVES_NONE, rtol, v.values, NULL, v.ok, error);
        for (size_t i = 0; i < count && status == MECH_OK; i++) {
            fit_sample *sample = &e->samples[v.which[first + i]];
            const noise_level noise = mech_fit_sample_noise(e, sample);
            const double likely =
                v.ok[i] ? mech_noise_log(s->data, &noise, v.values + i * rows, NULL, NULL) : -INFINITY;
            sample->exact = true;
            sample->correction = likely - sample->log_likely;
        }
    }
    for (size_t i = 0; i < e->n_samples; i++) e->samples[i].log_weight += e->samples[i].correction;
    evaluation_free(&v);
    return status;
}

void mech_fit_draw_errors(const fit_evidence *e, const fit_sample *sample, random_stream *r, double *errors) {
    guess_errors(e, sample, r, errors);
}
