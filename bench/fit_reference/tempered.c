#include "tempered.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Where the numbers behind theta stand; all are standard normal beforehand. */
enum { NOISE, PROPORTIONAL, SPREAD_CATALYST, SPREAD_START, SPREAD_CLOCK, SPREAD_RESPONSE, DEAD, SELECTIVITY, OWN };
enum { MOST_NUMBERS = FIT_MOST_THETA + OWN + FIT_MOST_ERRORS };

/* Particles that the weights of one step are worth, as a share of all. */
static const double WORTH = 0.6;

typedef struct population {
    const tempered *t;
    size_t n, d, n_rows;         /* d: numbers of a particle */
    double *at, *likely, *known; /* [n][d], ln of the likelihood and of the density of theta */
    double *other, *weights;     /* room */
    double *proposed, *proposed_likely, *proposed_known;
    double *points, *values;
    bool *ok;
    random_stream r;
} population;

static double uniform_of(double z) { return 0.5 * erfc(-z / sqrt(2)); }

static double log_uniform(double z, double least, double most) { return least * pow(most / least, uniform_of(z)); }

/* Log-uniform between two ends, none in a share. */
static double spread_of(double z, double none, double least, double most) {
    const double u = uniform_of(z);
    return u < none ? 0 : least * pow(most / least, (u - none) / (1 - none));
}

/* The point of the fit's space and the noise that a particle means (docs/designs.md). */
static noise_level read_particle(const fit_space *s, const double *particle, double *x) {
    const double *z = particle + s->n_theta, *e = z + OWN;
    memcpy(x, particle, s->n_theta * sizeof *x);
    const double catalyst = spread_of(z[SPREAD_CATALYST], 0.2, 0.01, 0.2);
    const double start = spread_of(z[SPREAD_START], 0.25, 0.003, 0.05);
    const double clock = spread_of(z[SPREAD_CLOCK], 0.25, 0.002, 0.05);
    const double response = spread_of(z[SPREAD_RESPONSE], 0.5, 0.003, 0.05);
    for (size_t r = 0; r < s->data->n_runs; r++, e += RUN_ERRORS) {
        double *to = x + mech_fit_run_errors(s, r);
        to[ERROR_CATALYST] = catalyst * e[ERROR_CATALYST];
        to[ERROR_START] = start * e[ERROR_START];
        to[ERROR_CLOCK] = clock * e[ERROR_CLOCK];
        to[ERROR_PRODUCT] = start * e[ERROR_PRODUCT];
    }
    double *shared = x + mech_fit_shared_errors(s);
    const double dead = uniform_of(z[DEAD]), selectivity = uniform_of(z[SELECTIVITY]);
    shared[ERROR_RESPONSE_S] = s->data->measured[0] ? response * e[ERROR_RESPONSE_S] : 0;
    shared[ERROR_RESPONSE_P] = s->data->measured[1] ? response * e[ERROR_RESPONSE_P] : 0;
    shared[ERROR_SELECTIVITY] = s->data->measured[1] && selectivity < 0.2 ? log(0.7 + 0.3 * selectivity / 0.2) : 0;
    shared[ERROR_DEAD] = s->data->n_runs > 1 && dead < 0.2 ? 0.3 * dead / 0.2 : 0;
    return (noise_level){.additive = log_uniform(z[NOISE], LEAST_NOISE, MOST_NOISE),
                         .proportional = log_uniform(z[PROPORTIONAL], LEAST_PROPORTIONAL, MOST_PROPORTIONAL)};
}

static mech_status evaluate(population *p, size_t n, const double *at, double *likely, double *known,
                            mech_error *error) {
    const fit_space *s = p->t->space;
    for (size_t i = 0; i < n; i++) read_particle(s, at + i * p->d, p->points + i * s->n);
    const mech_status status =
        mech_fit_curves(s, n, p->points, DERIVATIVES_NONE, p->t->rtol, p->values, NULL, p->ok, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        const noise_level noise = read_particle(s, at + i * p->d, p->points + i * s->n);
        likely[i] = p->ok[i] ? mech_noise_log(s->data, &noise, p->values + i * p->n_rows, NULL, NULL) : -INFINITY;
        known[i] = mech_theta_prior_log(p->t->prior, at + i * p->d, NULL, NULL);
    }
    return status;
}

/* How many particles weights to the power `step` are worth; *log_mean of these weights. */
static double worth(const population *p, double step, double *log_mean) {
    double most = -INFINITY, sum = 0, squares = 0;
    for (size_t i = 0; i < p->n; i++) most = fmax(most, p->likely[i]);
    for (size_t i = 0; i < p->n; i++) {
        const double weight = exp(step * (p->likely[i] - most));
        sum += weight;
        squares += weight * weight;
    }
    *log_mean = step * most + log(sum / (double)p->n);
    return sum * sum / squares;
}

static void resample(population *p, double step) {
    double most = -INFINITY, sum = 0, so_far = 0;
    for (size_t i = 0; i < p->n; i++) most = fmax(most, p->likely[i]);
    for (size_t i = 0; i < p->n; i++) sum += p->weights[i] = exp(step * (p->likely[i] - most));
    const double offset = mech_random_uniform(&p->r);
    double *likely = p->proposed_likely, *known = p->proposed_known;
    size_t from = 0;
    so_far = p->weights[0] / sum;
    for (size_t i = 0; i < p->n; i++) {
        while (from + 1 < p->n && so_far < ((double)i + offset) / (double)p->n) so_far += p->weights[++from] / sum;
        memcpy(p->other + i * p->d, p->at + from * p->d, p->d * sizeof *p->at);
        likely[i] = p->likely[from];
        known[i] = p->known[from];
    }
    /* In random order, so that the halves are alike. */
    for (size_t i = 0; i < p->n; i++) {
        const size_t j = i + mech_random_below(&p->r, (uint32_t)(p->n - i));
        for (size_t k = 0; k < p->d; k++) {
            p->at[i * p->d + k] = p->other[j * p->d + k];
            p->other[j * p->d + k] = p->other[i * p->d + k];
        }
        p->likely[i] = likely[j];
        p->known[i] = known[j];
        likely[j] = likely[i];
        known[j] = known[i];
    }
}

/* A step along the difference of two particles of the other half (ter Braak, Stat. Comput. 16 (2006) 239), in all
 * numbers or in some. */
static void propose_difference(population *p, const double *from, const double *others, size_t n, double *to) {
    const double *a = others + mech_random_below(&p->r, (uint32_t)n) * p->d;
    const double *b = others + mech_random_below(&p->r, (uint32_t)n) * p->d;
    static const double shares[] = {1, 0.5, 0.2};
    const double share = shares[mech_random_below(&p->r, 3)], kind = mech_random_uniform(&p->r);
    const double length =
        kind < 0.1 ? 1 : 2.38 / sqrt(2 * share * (double)p->d) * (0.2 + 1.1 * mech_random_uniform(&p->r));
    for (size_t j = 0; j < p->d; j++)
        to[j] = mech_random_uniform(&p->r) < share ? from[j] + length * (a[j] - b[j]) + 1e-4 * mech_random_normal(&p->r)
                                                   : from[j];
}

/* A step of some of the numbers behind theta that leaves their prior as it is (Neal 1999; Cotter, Roberts, Stuart &
 * White, Stat. Sci. 28 (2013) 424). */
static void propose_anew(population *p, const double *from, double *to) {
    static const double steps[] = {1, 0.5, 0.15};
    const double step = steps[mech_random_below(&p->r, 3)], share = step < 0.2 ? 1 : 0.15;
    const size_t d = p->t->space->n_theta;
    memcpy(to, from, p->d * sizeof *to);
    for (size_t j = d; j < p->d; j++)
        if (mech_random_uniform(&p->r) < share)
            to[j] = sqrt(1 - step * step) * from[j] + step * mech_random_normal(&p->r);
}

static double square_of(const population *p, const double *particle) {
    double sum = 0;
    for (size_t j = p->t->space->n_theta; j < p->d; j++) sum += particle[j] * particle[j];
    return sum;
}

static mech_status sweep(population *p, double power, bool anew, mech_error *error) {
    const size_t half = p->n / 2;
    for (size_t h = 0; h < 2; h++) {
        double *mine = p->at + h * half * p->d;
        const double *others = p->at + (1 - h) * half * p->d;
        for (size_t i = 0; i < half; i++) {
            double *to = p->proposed + i * p->d;
            if (anew)
                propose_anew(p, mine + i * p->d, to);
            else
                propose_difference(p, mine + i * p->d, others, half, to);
        }
        const mech_status status = evaluate(p, half, p->proposed, p->proposed_likely, p->proposed_known, error);
        if (status != MECH_OK) return status;
        for (size_t i = 0; i < half; i++) {
            const size_t own = h * half + i;
            double *from = mine + i * p->d, *to = p->proposed + i * p->d;
            double gain = power * (p->proposed_likely[i] - p->likely[own]);
            if (!anew) gain += p->proposed_known[i] - p->known[own] - (square_of(p, to) - square_of(p, from)) / 2;
            if (!(log(mech_random_uniform(&p->r)) < gain)) continue;
            memcpy(from, to, p->d * sizeof *from);
            p->likely[own] = p->proposed_likely[i];
            p->known[own] = p->proposed_known[i];
        }
    }
    return MECH_OK;
}

static mech_status population_new(const tempered *t, uint64_t seed, population *p, mech_error *error) {
    const fit_space *s = t->space;
    const size_t n = t->n_particles, d = s->n_theta + OWN + s->n_errors;
    *p = (population){.t = t, .n = n, .d = d, .n_rows = s->data->n, .r = mech_random_open(seed, RANDOM_TEST, 7, 0)};
    p->at = mech_allocate_array(3 * n * d, sizeof *p->at);
    p->likely = mech_allocate_array(5 * n, sizeof *p->likely);
    p->points = mech_allocate_array(n * s->n, sizeof *p->points);
    p->values = mech_allocate_array(n * p->n_rows, sizeof *p->values);
    p->ok = mech_allocate_array(n, sizeof *p->ok);
    if (!p->at || !p->likely || !p->points || !p->values || !p->ok) return mech_fail_memory(error);
    p->other = p->at + n * d;
    p->proposed = p->other + n * d;
    p->known = p->likely + n;
    p->weights = p->known + n;
    p->proposed_likely = p->weights + n;
    p->proposed_known = p->proposed_likely + n;
    for (size_t i = 0; i < n; i++) {
        mech_theta_prior_draw(t->prior, &p->r, p->at + i * d);
        for (size_t j = s->n_theta; j < d; j++) p->at[i * d + j] = mech_random_normal(&p->r);
    }
    return evaluate(p, n, p->at, p->likely, p->known, error);
}

mech_status find_tempered_evidence(const tempered *t, uint64_t seed, double *log_evidence, mech_error *error) {
    population p;
    double power = 0, log_mean = 0;
    *log_evidence = 0;
    mech_status status = population_new(t, seed, &p, error);
    while (power < 1 && status == MECH_OK) {
        double step = 1 - power;
        if (worth(&p, step, &log_mean) < WORTH * (double)p.n) {
            double low = 0, high = step;
            for (int i = 0; i < 50; i++) {
                step = (low + high) / 2;
                *(worth(&p, step, &log_mean) < WORTH * (double)p.n ? &high : &low) = step;
            }
        }
        worth(&p, step, &log_mean);
        *log_evidence += log_mean;
        power += step;
        resample(&p, step);
        for (size_t k = 0; k < t->sweeps && status == MECH_OK; k++) status = sweep(&p, power, k % 3 == 2, error);
    }
    mech_release_array(p.at);
    mech_release_array(p.likely);
    mech_release_array(p.points);
    mech_release_array(p.values);
    mech_release_array(p.ok);
    return status;
}
