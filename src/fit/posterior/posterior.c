#include "fit/posterior/posterior.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/quantiles.h"
#include "fit/posterior/turnover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void mech_posterior_draws_free(posterior_draws *draws) {
    mech_release_array(draws->x);
    mech_release_array(draws->noise);
    *draws = (posterior_draws){0};
}

/* Normalised weights of the samples. */
static void weigh(const fit_evidence *e, double *weights) {
    double most = -INFINITY, sum = 0;
    for (size_t i = 0; i < e->n_samples; i++) most = fmax(most, e->samples[i].log_weight);
    for (size_t i = 0; i < e->n_samples; i++) sum += weights[i] = exp(e->samples[i].log_weight - most);
    for (size_t i = 0; i < e->n_samples; i++) weights[i] /= sum;
}

mech_status mech_posterior_resample(const fit_evidence *e, size_t n, double offset, size_t *samples,
                                    mech_error *error) {
    double *weights = mech_allocate_array(e->n_samples, sizeof *weights);
    if (!weights) return mech_fail_memory(error);
    weigh(e, weights);
    double so_far = weights[0];
    for (size_t i = 0, sample = 0; i < n; i++) {
        while (sample + 1 < e->n_samples && so_far < ((double)i + offset) / (double)n) so_far += weights[++sample];
        samples[i] = sample;
    }
    mech_release_array(weights);
    return MECH_OK;
}

/* The level under which a draw's errors are drawn, by its share. */
static size_t choose_level(const fit_evidence *e, const error_normal *normal, const double *errors, random_stream *r) {
    double terms[EVIDENCE_MOST_LEVELS], most = -INFINITY, sum = 0;
    for (size_t l = 0; l < e->n_levels; l++) {
        terms[l] = e->levels[l].log_weight +
                   mech_error_integral(e->space, normal, errors, &e->levels[l], NULL, NULL, NULL, NULL);
        most = fmax(most, terms[l]);
    }
    for (size_t l = 0; l < e->n_levels; l++) sum += terms[l] = exp(terms[l] - most);
    double left = mech_random_uniform(r) * sum;
    size_t l = 0;
    while (l + 1 < e->n_levels && (left -= terms[l]) > 0) l++;
    return l;
}

mech_status mech_posterior_draws_new(const fit_evidence *e, size_t n, double rtol, uint64_t seed, size_t stream,
                                     posterior_draws *draws, mech_error *error) {
    const fit_space *s = e->space;
    const size_t rows = s->data->n;
    *draws = (posterior_draws){.n = n};
    if (!e->n_samples) draws->n = n = 0;
    draws->x = mech_allocate_array(n, s->n * sizeof *draws->x);
    draws->noise = mech_allocate_array(n, sizeof *draws->noise);
    size_t *samples = mech_allocate_array(n, sizeof *samples);
    double *values = mech_allocate_array(rows * (FIT_ERRORS + 3), sizeof *values);
    error_normal normal = {0};
    mech_status status = mech_error_normal_new(s, &normal) && draws->x && draws->noise && samples && values
                             ? MECH_OK
                             : mech_fail_memory(error);
    random_stream r = mech_random_open(seed, RANDOM_FIT, stream, 1);
    const double offset = mech_random_uniform(&r);
    if (status == MECH_OK && n) status = mech_posterior_resample(e, n, offset, samples, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        const size_t sample = samples[i];
        double *x = draws->x + i * s->n;
        bool ok = false;
        draws->noise[i] = mech_fit_sample_noise(e, &e->samples[sample]);
        mech_fit_sample_point(e, sample, x);
        status = mech_fit_curves(s, 1, x, DERIVATIVES_BY_ERRORS, rtol, values, values + 3 * rows, &ok, error);
        if (status != MECH_OK || !ok) continue;
        mech_noise_log(s->data, &draws->noise[i], values, values + rows, values + 2 * rows);
        mech_error_normal_fill(s, values + rows, values + 2 * rows, values + 3 * rows, DERIVATIVES_BY_ERRORS, &normal);
        double errors[FIT_MOST_ERRORS];
        const size_t level = choose_level(e, &normal, x + s->n_theta, &r);
        if (mech_error_draw(s, &normal, x + s->n_theta, &e->levels[level], NULL, &r, errors))
            memcpy(x + s->n_theta, errors, s->n_errors * sizeof *errors);
    }
    mech_error_normal_free(&normal);
    mech_release_array(samples);
    mech_release_array(values);
    return status;
}

typedef struct weighted {
    double value, weight;
} weighted;

static int by_value(const void *a, const void *b) {
    const weighted *p = a, *q = b;
    return (p->value > q->value) - (p->value < q->value);
}

static double weighted_quantile(size_t n, const weighted *sorted, double q) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double next = sum + sorted[i].weight;
        if (next >= q) {
            /* Between the middles of neighbouring weights. */
            const double middle = sum + sorted[i].weight / 2;
            const size_t other = q < middle ? (i ? i - 1 : i) : (i + 1 < n ? i + 1 : i);
            const double far = q < middle ? sum - sorted[other].weight / 2 : next + sorted[other].weight / 2;
            const double share = other == i || far == middle ? 0 : (q - middle) / (far - middle);
            return sorted[i].value + fmin(fmax(share, 0), 1) * (sorted[other].value - sorted[i].value);
        }
        sum = next;
    }
    return sorted[n - 1].value;
}

mech_status mech_posterior_interval(const fit_evidence *e, double (*f)(const void *context, const double *at),
                                    const void *context, posterior_interval *interval, mech_error *error) {
    const size_t n = e->n_samples;
    *interval = (posterior_interval){NAN, NAN, NAN};
    if (!n) return MECH_OK;
    weighted *all = mech_allocate_array(n, sizeof *all);
    double *weights = mech_allocate_array(n, sizeof *weights);
    const mech_status status = all && weights ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) {
        weigh(e, weights);
        for (size_t i = 0; i < n; i++) all[i] = (weighted){f(context, e->samples[i].at), weights[i]};
        qsort(all, n, sizeof *all, by_value);
        *interval = (posterior_interval){weighted_quantile(n, all, 0.5), weighted_quantile(n, all, 0.025),
                                         weighted_quantile(n, all, 0.975)};
    }
    mech_release_array(all);
    mech_release_array(weights);
    return status;
}

mech_status mech_posterior_column(size_t n, size_t stride, const double *values, size_t j, posterior_interval *interval,
                                  mech_error *error) {
    *interval = (posterior_interval){NAN, NAN, NAN};
    if (!n) return MECH_OK;
    double *column = mech_allocate_array(n, sizeof *column);
    if (!column) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) column[i] = values[i * stride + j];
    mech_sort_numbers(n, column);
    *interval = (posterior_interval){mech_quantile(n, column, 0.5), mech_quantile(n, column, 0.025),
                                     mech_quantile(n, column, 0.975)};
    mech_release_array(column);
    return MECH_OK;
}

mech_status mech_posterior_active(const fit_space *s, const double *x, size_t run, size_t n_times, const double *times,
                                  double rtol, double *share, bool *ok, mech_error *error) {
    const mech_mechanism *m = s->mechanism;
    const size_t n = (size_t)m->n_species;
    double *of_species = mech_allocate_array(n_times * n, sizeof *of_species);
    if (!of_species) return mech_fail_memory(error);
    const mech_status status = mech_posterior_shares(s, x, run, n_times, times, rtol, of_species, ok, error);
    for (size_t i = 0; i < n_times && status == MECH_OK && *ok; i++) {
        share[i] = 0;
        for (size_t j = 0; j < n; j++)
            if (m->species[j].role == MECH_ROLE_CATALYST || m->species[j].role == MECH_ROLE_OFF_CYCLE)
                share[i] += of_species[i * n + j];
        share[i] = fmin(share[i], 1);
    }
    mech_release_array(of_species);
    return status;
}

mech_status mech_posterior_deviations(const fit_space *s, const double *x, const noise_level *noise, double rtol,
                                      posterior_deviations *d, mech_error *error) {
    const observations *data = s->data;
    *d = (posterior_deviations){.n = data->n};
    bool ok = false;
    double *values = mech_allocate_array(data->n, sizeof *values);
    if (!values) return mech_fail_memory(error);
    const mech_status status = mech_fit_curves(s, 1, x, DERIVATIVES_NONE, rtol, values, NULL, &ok, error);
    if (status == MECH_OK && ok) {
        const double unit = mech_noise_deviation(noise) / noise->additive;
        d->log_likelihood = mech_noise_log(data, noise, values, NULL, NULL);
        for (size_t i = 0; i < data->n; i++) {
            const double e = values[i] - data->all[i].value;
            const double scale = unit * hypot(noise->additive, noise->proportional * data->all[i].value);
            d->deviation += e * e / (double)data->n;
            d->chi2 += e * e / (scale * scale);
        }
        d->deviation = sqrt(d->deviation);
    } else {
        d->deviation = d->chi2 = INFINITY;
        d->log_likelihood = -INFINITY;
    }
    mech_release_array(values);
    return status;
}
