/* Importance sampling from mixtures of Student's t. */
#include "fit/evidence/chain.h"
#include "fit/evidence/targets.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/cholesky.h"
#include "base/numbers/gamma.h"

#include <math.h>
#include <string.h>

/* Rounds: the first ones only have to find where the others go; how many samples they draw. Others follow until the
 * samples are worth enough. */
enum {
    FIRST_ROUNDS = 3,
    LATER_ROUND = 384, /* at least, and half of what there is */
    MOST_ROUNDS = 12,
    A_GENERATION = 2 * EVIDENCE_MOST_OPTIMA + EVIDENCE_MOST_SCOUTS + 1,
    MOST_COMPONENTS = MOST_ROUNDS * A_GENERATION,
    MOST_SAMPLES = 8192,
    APPROXIMATE_SAMPLES = 256
};
static const size_t FIRST_SIZE[FIRST_ROUNDS] = {160, 160, 224};

/* Degrees of freedom of the proposals, and how much wider than the approximation they are. */
static const double FREEDOM = 5, WIDER = 1.15;

/* What the component of all samples is drawn from, and what the others share alike whatever they accounted for, so that
 * none dies of bad luck. */
static const double SHARE_OF_ALL = 0.15, SHARE_KEPT = 0.2;

/* Of the first round and of each later one, the share that is drawn from the prior itself, so that no place is without
 * samples (a defensive mixture; Hesterberg, Technometrics 37 (1995) 185). */
static const double FIRST_FROM_PRIOR = 0.25, FROM_PRIOR = 0.06;

/* Terms of a sum that are so many nats below the largest do not count. */
static const double LEAST_TERM = -40;

/* A weight, relative to the largest, that changes no component. */
static const double NEGLIGIBLE = 1e-6;

/* Standard deviation of ln of the proportional part of the noise in the first round. */
static const double PROPORTIONAL_SPREAD = 0.8;

/* A t distribution: upper triangular factor U of the precision, U'U. */
typedef struct proposal {
    double centre[EVIDENCE_MOST_SAMPLED], factor[EVIDENCE_MOST_SAMPLED * EVIDENCE_MOST_SAMPLED];
    double log_norm, share; /* share of all samples */
} component;

typedef struct sampler {
    fit_evidence *e;
    size_t d; /* numbers that are sampled */
    random_stream random;
} sampler;

static size_t n_sampled(const fit_evidence *e) { return e->space->n_theta + (e->noise_is_told ? 0 : 2); }

static void finish_component(size_t d, component *c) {
    c->log_norm = mech_log_gamma_of_half((int)FREEDOM + (int)d) - mech_log_gamma_of_half((int)FREEDOM) -
                  0.5 * (double)d * log(FREEDOM * acos(-1));
    for (size_t j = 0; j < d; j++) c->log_norm += log(c->factor[j * d + j]);
}

static double log_density(const sampler *w, const component *c, const double *at) {
    const size_t d = w->d;
    double square = 0;
    for (size_t j = 0; j < d; j++) {
        double sum = 0;
        for (size_t k = j; k < d; k++) sum += c->factor[j * d + k] * (at[k] - c->centre[k]);
        square += sum * sum;
    }
    return c->log_norm - (FREEDOM + (double)d) / 2 * log1p(square / FREEDOM);
}

/* A draw: centre + U^-1 z / sqrt(chi2 / FREEDOM). */
static void draw(sampler *w, const component *c, double *at) {
    const size_t d = w->d;
    double z[EVIDENCE_MOST_SAMPLED], chi = 0;
    for (int i = 0; i < (int)FREEDOM; i++) {
        const double normal = mech_random_normal(&w->random);
        chi += normal * normal;
    }
    for (size_t j = 0; j < d; j++) z[j] = mech_random_normal(&w->random) / sqrt(chi / FREEDOM);
    for (size_t j = d; j-- > 0;) {
        for (size_t k = j + 1; k < d; k++) z[j] -= c->factor[j * d + k] * z[k];
        z[j] /= c->factor[j * d + j];
    }
    for (size_t j = 0; j < d; j++) at[j] = c->centre[j] + z[j];
}

/* Components about the optima, shared out by their evidence but none without. */
static void begin_with_optima(sampler *w) {
    const fit_evidence *e = w->e;
    const size_t n_theta = e->space->n_theta, d = w->d;
    double of_optima = 0, total = 0;
    size_t n_scouts = 0;
    for (size_t i = 0; i < e->n_modes; i++)
        for (size_t which = 0; which < (i < e->n_optima ? 2 : 1); which++) {
            const fit_mode *m = &e->modes[i];
            if (!(m->log_evidence > -INFINITY)) continue;
            component *c = &w->e->components[w->e->n_components++];
            memset(c, 0, sizeof *c);
            for (size_t j = 0; j < n_theta; j++) {
                c->centre[j] = m->centre[which][j];
                for (size_t k = j; k < n_theta; k++)
                    c->factor[j * d + k] = m->precision[which][k * n_theta + j] / WIDER;
            }
            if (!e->noise_is_told) {
                const double information = 2 * (double)e->space->data->n * NOISE_FREEDOM / (NOISE_FREEDOM + 3);
                c->centre[n_theta] = log(m->at.noise.additive);
                c->centre[n_theta + 1] = log(m->at.noise.proportional);
                c->factor[n_theta * d + n_theta] = fmin(sqrt(information) / (1.5 * WIDER), 5);
                c->factor[(n_theta + 1) * d + n_theta + 1] = 1 / PROPORTIONAL_SPREAD;
            }
            finish_component(d, c);
            /* Scouts say where, not how much: all are alike, and together as much as the optima. */
            c->share = i < e->n_optima ? exp(fmax(0.5 * (m->log_evidence - e->log_evidence), -2)) : 0;
            of_optima += c->share;
            n_scouts += i >= e->n_optima;
        }
    for (size_t i = 0; i < w->e->n_components; i++) {
        component *c = &w->e->components[i];
        if (!(c->share > 0)) c->share = of_optima / (double)n_scouts;
        total += c->share;
    }
    for (size_t i = 0; i < w->e->n_components; i++) w->e->components[i].share /= total;
}

/* What components first, ..., n_components - 1 together draw a place with: ln of the density times their shares. */
static double log_mixture(const sampler *w, size_t first, const double *at) {
    double most = -INFINITY, sum = 0, terms[MOST_COMPONENTS];
    for (size_t c = first; c < w->e->n_components; c++) {
        const double share = w->e->components[c].share;
        terms[c] = share > 0 ? log(share) + log_density(w, &w->e->components[c], at) : -INFINITY;
        most = fmax(most, terms[c]);
    }
    if (!(most > -INFINITY)) return -INFINITY;
    for (size_t c = first; c < w->e->n_components; c++) sum += terms[c] - most > LEAST_TERM ? exp(terms[c] - most) : 0;
    return most + log(sum);
}

/* Weighs samples[n] against the mixture of the prior and all components so far, of which those from `first` on are new
 * and the others' shares have become `before` times what they were; samples from n_before on are new, too. */
static void weigh(const sampler *w, size_t n, size_t n_before, size_t first, double before, fit_sample *samples) {
    for (size_t i = 0; i < n; i++) {
        fit_sample *s = &samples[i];
        s->log_weight = -INFINITY;
        if (!(s->log_target > -INFINITY)) continue;
        s->log_mixture = i < n_before ? mech_add_logarithms(s->log_mixture + log(before), log_mixture(w, first, s->at))
                                      : log_mixture(w, 0, s->at);
        s->log_weight = s->log_target - mech_add_logarithms(s->log_mixture, log(w->e->from_prior) + s->log_prior);
    }
}

/* Sum of weights to a power relative to the largest, and how many samples they are worth. */
static double effective_number(size_t n, const fit_sample *samples, double power, double *log_mean) {
    double most = -INFINITY, sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, samples[i].log_weight);
    if (!(most > -INFINITY)) return 0;
    for (size_t i = 0; i < n; i++) {
        const double weight = exp(power * (samples[i].log_weight - most));
        sum += weight;
        squares += weight * weight;
    }
    if (log_mean) *log_mean = most + log(sum / (double)n);
    return sum * sum / squares;
}

/* Sets a component to mean and covariance of samples under weights[n]. False where that cannot be. */
static bool fit_component(const sampler *w, size_t n, const fit_sample *samples, const double *weights, component *c) {
    const size_t d = w->d;
    double sum = 0, covariance[EVIDENCE_MOST_SAMPLED * EVIDENCE_MOST_SAMPLED] = {0};
    memset(c, 0, sizeof *c);
    for (size_t i = 0; i < n; i++) {
        if (!(weights[i] > 0)) continue;
        sum += weights[i];
        for (size_t j = 0; j < d; j++) c->centre[j] += weights[i] * samples[i].at[j];
    }
    if (!(sum > 0)) return false;
    for (size_t j = 0; j < d; j++) c->centre[j] /= sum;
    for (size_t i = 0; i < n; i++) {
        if (!(weights[i] > 0)) continue;
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k <= j; k++)
                covariance[j * d + k] +=
                    weights[i] / sum * (samples[i].at[j] - c->centre[j]) * (samples[i].at[k] - c->centre[k]);
    }
    for (size_t j = 0; j < d; j++) covariance[j * d + j] = covariance[j * d + j] * 1.02 + 1e-8;
    if (!mech_cholesky(d, covariance)) return false;
    double precision[EVIDENCE_MOST_SAMPLED * EVIDENCE_MOST_SAMPLED];
    for (size_t j = 0; j < d; j++) {
        memset(precision + j * d, 0, d * sizeof *precision);
        precision[j * d + j] = 1;
        mech_cholesky_solve(d, covariance, precision + j * d);
    }
    if (!mech_cholesky(d, precision)) return false;
    for (size_t j = 0; j < d; j++)
        for (size_t k = j; k < d; k++) c->factor[j * d + k] = precision[k * d + j];
    finish_component(d, c);
    return true;
}

/* The next generation of components (M-PMC; Cappe, Douc, Guillin, Marin & Robert, Stat. Comput. 18 (2008) 447): each of
 * the first n_inherited of the last one, which begins at `first`, gets the share of the weighted samples that it
 * accounts for and, where these are enough, their mean and covariance; one more has those of all samples. Weights are
 * flattened until they are worth enough. weights[3][n] is room to work in. */
static void breed(sampler *w, size_t n, size_t first, size_t n_inherited, const fit_sample *samples, double *weights) {
    const size_t d = w->d, last = w->e->n_components;
    double power = 1, most = -INFINITY, sum = 0;
    while (power > 0.05 && effective_number(n, samples, power, NULL) < 4 * (double)d) power *= 0.8;
    for (size_t i = 0; i < n; i++) most = fmax(most, samples[i].log_weight);
    if (!(most > -INFINITY)) return;
    for (size_t i = 0; i < n; i++) sum += weights[i] = exp(power * (samples[i].log_weight - most));
    double *own = weights + n, *mixture = own + n;
    memset(mixture, 0, n * sizeof *mixture);
    for (size_t i = 0; i < n; i++)
        for (size_t k = first; k < last && weights[i] > NEGLIGIBLE; k++)
            mixture[i] += w->e->components[k].share * exp(log_density(w, &w->e->components[k], samples[i].at));
    for (size_t c = first; c < first + n_inherited; c++) {
        double all = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            own[i] = 0;
            if (!(weights[i] > NEGLIGIBLE && mixture[i] > 0)) continue;
            own[i] = weights[i] * w->e->components[c].share * exp(log_density(w, &w->e->components[c], samples[i].at)) /
                     mixture[i];
            all += own[i];
            squares += own[i] * own[i];
        }
        component *child = &w->e->components[w->e->n_components];
        if (!(all * all / squares > 3 * (double)d) || !fit_component(w, n, samples, own, child))
            *child = w->e->components[c];
        child->share = (1 - SHARE_OF_ALL) * ((1 - SHARE_KEPT) * all / sum + SHARE_KEPT / (double)n_inherited);
        w->e->n_components++;
    }
    component *whole = &w->e->components[w->e->n_components];
    if (!fit_component(w, n, samples, weights, whole)) return;
    whole->share = SHARE_OF_ALL;
    w->e->n_components++;
}

/* Draws from the prior. */
static void draw_prior(sampler *w, double *at) {
    mech_theta_prior_draw(w->e->prior, &w->random, at);
    if (w->e->noise_is_told) return;
    double *noise = at + w->e->space->n_theta;
    noise[0] = log(LEAST_NOISE) + log(MOST_NOISE / LEAST_NOISE) * mech_random_uniform(&w->random);
    noise[1] = log(LEAST_PROPORTIONAL) + log(MOST_PROPORTIONAL / LEAST_PROPORTIONAL) * mech_random_uniform(&w->random);
}

/* Draws n samples from the prior and the components from `first` on and gives these their share of all samples; the
 * others' become *before times what they were. */
static void draw_round(sampler *w, size_t n, size_t first, double *before, fit_sample *samples) {
    const size_t n_before = w->e->n_samples;
    const size_t n_prior = (size_t)((n_before ? FROM_PRIOR : FIRST_FROM_PRIOR) * (double)n), n_rest = n - n_prior;
    *before = (double)n_before / (double)(n_before + n);
    size_t drawn = 0;
    double sum = 0, so_far = 0;
    for (size_t i = 0; i < n_prior; i++) draw_prior(w, samples[n_rest + i].at);
    w->e->from_prior = *before * w->e->from_prior + (1 - *before) * (double)n_prior / (double)n;
    for (size_t c = first; c < w->e->n_components; c++) sum += w->e->components[c].share;
    for (size_t c = 0; c < first; c++) w->e->components[c].share *= *before;
    for (size_t c = first; c < w->e->n_components; c++) {
        so_far += w->e->components[c].share / sum;
        const size_t until = c + 1 == w->e->n_components ? n_rest : (size_t)(so_far * (double)n_rest);
        w->e->components[c].share = (1 - *before) * (double)(until - drawn) / (double)n;
        for (; drawn < until; drawn++) draw(w, &w->e->components[c], samples[drawn].at);
    }
}

/* Weights as of the closed form: what samples drew as their errors must not draw components to them, which would then
 * find them too heavy. */
static void take_closed_form(const sampler *w, size_t n, fit_sample *samples) {
    for (size_t i = 0; i < n; i++)
        if (samples[i].log_target > -INFINITY)
            samples[i].log_weight =
                samples[i].log_target -
                mech_add_logarithms(samples[i].log_mixture, log(w->e->from_prior) + samples[i].log_prior);
}

/* One more round of n samples. weights[3][as many as there are] is room to work in. */
static mech_status sample_round(sampler *w, double rtol, size_t n, double *weights, mech_error *error) {
    fit_evidence *e = w->e;
    const size_t n_before = e->n_samples;
    double before = 0, log_mean = -INFINITY;
    if (n_before) {
        const size_t next = e->n_components;
        take_closed_form(w, n_before, e->samples);
        breed(w, n_before, e->generation, e->n_inherited, e->samples, weights);
        if (e->n_components == next) return MECH_OK;
        e->generation = next;
    } else {
        begin_with_optima(w);
        e->n_inherited = e->n_components;
    }
    draw_round(w, n, e->generation, &before, e->samples + n_before);
    mech_status status = mech_fit_targets(e, rtol, n_before, n, &w->random, error);
    if (status != MECH_OK) return status;
    e->n_samples = n_before + n;
    e->n_rounds++;
    weigh(w, e->n_samples, n_before, e->generation, before, e->samples);
    status = mech_fit_targets_exact(e, rtol, error);
    if (status != MECH_OK) return status;
    e->effective = effective_number(e->n_samples, e->samples, 1, &log_mean);
    if (!(e->effective > 0)) return MECH_OK;
    e->log_evidence = log_mean;
    e->error = sqrt(fmax(1 / e->effective - 1 / (double)e->n_samples, 0));
    return MECH_OK;
}

mech_status mech_fit_evidence_sample(fit_evidence *e, double rtol, double worth, size_t most, uint64_t seed,
                                     size_t stream, mech_error *error) {
    if (!e->found) return MECH_OK;
    sampler w = {
        .e = e, .d = n_sampled(e), .random = mech_random_open(seed, RANDOM_FIT, stream, (uint32_t)e->n_rounds)};
    const size_t room = MOST_SAMPLES + MOST_SAMPLES / 2;
    double *weights = mech_allocate_array(room, 3 * sizeof *weights);
    if (!e->components) e->components = mech_allocate_array(MOST_COMPONENTS, sizeof *e->components);
    if (!e->samples) e->samples = mech_allocate_array(room, sizeof *e->samples);
    if (!e->errors) e->errors = mech_allocate_array(room * e->space->n_errors, sizeof *e->errors);
    mech_status status = e->components && e->samples && e->errors && weights ? MECH_OK : mech_fail_memory(error);
    while (status == MECH_OK && e->n_rounds < MOST_ROUNDS && e->n_samples < MOST_SAMPLES &&
           (e->n_rounds < FIRST_ROUNDS ||
            (e->effective < worth && (e->n_samples < most || e->effective < FEW_EFFECTIVE)))) {
        const size_t before = e->n_rounds, half = e->n_samples / 2;
        const size_t later = half > LATER_ROUND ? half : LATER_ROUND;
        status = sample_round(&w, rtol, before < FIRST_ROUNDS ? FIRST_SIZE[before] : later, weights, error);
        if (e->n_rounds == before) break;
    }
    mech_release_array(weights);
    return status;
}

mech_status mech_fit_evidence_move(fit_evidence *e, double rtol, uint64_t seed, size_t stream, mech_error *error) {
    if (!(e->n_rounds && e->effective > 0 && e->effective < FEW_EFFECTIVE)) return MECH_OK;
    random_stream r = mech_random_open(seed, RANDOM_FIT, stream, MOST_ROUNDS + 1);
    return mech_fit_chain(e, rtol, &r, error);
}

mech_status mech_fit_evidence_approximate(fit_evidence *e, uint64_t seed, size_t stream, mech_error *error) {
    const size_t d = e->space->n_theta;
    if (!e->found) return MECH_OK;
    random_stream r = mech_random_open(seed, RANDOM_FIT, stream, 0);
    e->samples = mech_allocate_array(APPROXIMATE_SAMPLES, sizeof *e->samples);
    e->errors = mech_allocate_array(APPROXIMATE_SAMPLES * e->space->n_errors, sizeof *e->errors);
    if (!e->samples || !e->errors) return mech_fail_memory(error);
    e->n_samples = APPROXIMATE_SAMPLES;
    for (size_t i = 0; i < APPROXIMATE_SAMPLES; i++) {
        fit_sample *sample = &e->samples[i];
        double left = mech_random_uniform(&r), z[FIT_MOST_THETA];
        while (sample->mode + 1 < e->n_optima &&
               (left -= exp(e->modes[sample->mode].log_evidence - e->log_evidence)) > 0)
            sample->mode++;
        const fit_mode *m = &e->modes[sample->mode];
        for (size_t j = 0; j < d; j++) z[j] = mech_random_normal(&r);
        for (size_t j = d; j-- > 0;) {
            for (size_t k = j + 1; k < d; k++) z[j] -= m->precision[0][k * d + j] * z[k];
            z[j] /= m->precision[0][j * d + j];
        }
        for (size_t j = 0; j < d; j++) sample->at[j] = m->centre[0][j] + z[j];
        mech_fit_draw_errors(e, sample, &r, e->errors + i * e->space->n_errors);
        if (e->noise_is_told) continue;
        sample->at[d] = log(m->at.noise.additive);
        sample->at[d + 1] = log(m->at.noise.proportional);
    }
    return MECH_OK;
}
