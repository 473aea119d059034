#include "tempering.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Moves go on until each particle moved so often, on average. */
static const double MOVES_WANTED = 3;

typedef struct population {
    const tempering *t;
    const observation *o;
    random_stream *r;
    mech_error *error;
    likelihood *l;
    size_t n;
    double *x, *proposed;         /* [largest][p.n] */
    probability *known, *offered; /* [largest] */
    double *spare;                /* [largest][p.n] */
    double *weights;              /* [largest] */
} population;

static double ratio(const probability *p) {
    return p->log_likelihood == -INFINITY ? -INFINITY : p->log_likelihood - p->log_start;
}

static double log_target(const probability *p, double power) {
    return p->log_likelihood == -INFINITY ? -INFINITY : (1 - power) * p->log_start + power * p->log_likelihood;
}

static bool population_new(population *s) {
    const size_t largest = s->t->pool->n > s->t->n_particles ? s->t->pool->n : s->t->n_particles, d = s->t->p.n;
    s->x = mech_allocate_array(largest, d * sizeof *s->x);
    s->proposed = mech_allocate_array(largest, d * sizeof *s->proposed);
    s->spare = mech_allocate_array(largest, d * sizeof *s->spare);
    s->known = mech_allocate_array(largest, sizeof *s->known);
    s->offered = mech_allocate_array(largest, sizeof *s->offered);
    s->weights = mech_allocate_array(largest, sizeof *s->weights);
    s->l = likelihood_new(&s->t->p, s->t->solver, largest);
    return s->x && s->proposed && s->spare && s->known && s->offered && s->weights && s->l;
}

static void population_free(population *s) {
    mech_release_array(s->x);
    mech_release_array(s->proposed);
    mech_release_array(s->spare);
    mech_release_array(s->known);
    mech_release_array(s->offered);
    mech_release_array(s->weights);
    likelihood_free(s->l);
}

/* The pool's thetas, each with a unit of time drawn from what its windows allow. */
static mech_status draw_first(population *s) {
    const tempering *t = s->t;
    const size_t d = t->p.n, n_k = t->p.n_k;
    s->n = t->pool->n;
    for (size_t i = 0; i < s->n; i++) {
        double *x = s->x + i * d;
        for (size_t j = 0; j < n_k; j++) x[j] = log10(t->pool->k[i * n_k + j]);
        if (t->p.has_unit) x[n_k] = 0;
        if (t->p.has_additive) x[additive_place(&t->p)] = t->pool->additive[i];
    }
    mech_status status = likelihood_evaluate(s->l, s->o, s->n, s->x, s->known, s->error);
    if (status != MECH_OK || !t->p.has_unit) return status;
    for (size_t i = 0; i < s->n; i++)
        s->x[i * d + n_k] = s->known[i].least + (s->known[i].most - s->known[i].least) * mech_random_uniform(s->r);
    return likelihood_evaluate(s->l, s->o, s->n, s->x, s->known, s->error);
}

/* Weights for a step in power: their number in effect (Kish 1965); *log_mean is the ln of their mean. */
static double weigh(const population *s, double step, double *log_mean) {
    double high = -INFINITY, sum = 0, squares = 0;
    for (size_t i = 0; i < s->n; i++) high = fmax(high, step * ratio(&s->known[i]));
    if (isinf(high)) {
        *log_mean = -INFINITY;
        return 0;
    }
    for (size_t i = 0; i < s->n; i++) {
        const double w = exp(step * ratio(&s->known[i]) - high);
        s->weights[i] = w;
        sum += w;
        squares += w * w;
    }
    *log_mean = high + log(sum / (double)s->n);
    return sum * sum / squares;
}

/* The largest step that leaves half of the particles in effect. */
static double choose_step(const population *s, double most) {
    double low = 0, high = most, log_mean;
    const double wanted = (double)s->t->n_particles / 2;
    if (weigh(s, most, &log_mean) >= wanted) return most;
    for (int i = 0; i < 40; i++) {
        const double middle = (low + high) / 2;
        if (weigh(s, middle, &log_mean) >= wanted)
            low = middle;
        else
            high = middle;
    }
    /* Where hardly any particle is possible, even the smallest step leaves fewer. */
    return low > 0 ? low : most * 1e-9;
}

/* Systematic resampling by the weights. */
static void resample(population *s) {
    const size_t d = s->t->p.n, n = s->t->n_particles;
    double sum = 0, passed = 0;
    for (size_t i = 0; i < s->n; i++) sum += s->weights[i];
    const double first = mech_random_uniform(s->r);
    for (size_t i = 0, j = 0; i < n; i++) {
        const double wanted = sum * ((double)i + first) / (double)n;
        while (j + 1 < s->n && passed + s->weights[j] < wanted) passed += s->weights[j++];
        memcpy(s->spare + i * d, s->x + j * d, d * sizeof *s->spare);
        s->offered[i] = s->known[j];
    }
    memcpy(s->x, s->spare, n * d * sizeof *s->x);
    memcpy(s->known, s->offered, n * sizeof *s->known);
    s->n = n;
}

/* Offers each particle of the half from `first` on a move along a difference of the other half. */
static mech_status move_half(population *s, size_t first, double power, size_t *n_moved) {
    const tempering *t = s->t;
    const size_t d = t->p.n, half = s->n / 2, other = first ? 0 : half;
    for (size_t i = 0; i < half; i++) {
        const double *x = s->x + (first + i) * d;
        const double *a = s->x + (other + mech_random_below(s->r, (uint32_t)half)) * d;
        const double *b = s->x + (other + mech_random_below(s->r, (uint32_t)half)) * d;
        const double whole =
            mech_random_uniform(s->r) < 0.1 ? 1 : 2.38 / sqrt(2 * (double)d) * mech_random_uniform(s->r);
        for (size_t j = 0; j < d; j++) {
            const double fine = t->p.has_additive && j == additive_place(&t->p) ? 1e-5 : 1e-3;
            s->proposed[i * d + j] = x[j] + whole * (a[j] - b[j]) + fine * mech_random_normal(s->r);
        }
    }
    mech_status status = likelihood_evaluate(s->l, s->o, half, s->proposed, s->offered, s->error);
    for (size_t i = 0; i < half && status == MECH_OK; i++) {
        probability *known = &s->known[first + i];
        const double *x = s->proposed + i * d;
        const double gain = log_target(&s->offered[i], power) - log_target(known, power);
        if (!(log(1 - mech_random_uniform(s->r)) < gain)) continue;
        bool allowed = false;
        status = prior_allows(&t->p, t->solver, x, &allowed, s->error);
        if (!allowed) continue;
        memcpy(s->x + (first + i) * d, x, d * sizeof *x);
        *known = s->offered[i];
        (*n_moved)++;
    }
    return status;
}

/* The ratio of the best particle, or what it would be at most, if its curves went through all readings. */
static double best_ratio(const population *s, bool without_misfit) {
    double best = -INFINITY;
    for (size_t i = 0; i < s->n; i++)
        best = fmax(best, ratio(&s->known[i]) + (without_misfit ? s->known[i].misfit : 0));
    return best;
}

mech_status find_evidence(const tempering *t, const observation *o, double give_up_below, random_stream *r,
                          double *log_evidence, mech_error *error) {
    population s = {.t = t, .o = o, .r = r, .error = error};
    double power = 0, sum = 0;
    mech_status status = population_new(&s) ? draw_first(&s) : mech_fail_memory(error);
    *log_evidence = -INFINITY;
    while (status == MECH_OK && power < 1) {
        double log_mean;
        const double step = choose_step(&s, 1 - power);
        (void)weigh(&s, step, &log_mean);
        sum += log_mean;
        power += step;
        if (isinf(log_mean) || power >= 1) break;
        resample(&s);
        if (sum + (1 - power) * best_ratio(&s, true) < give_up_below) break;
        size_t moved = 0;
        for (size_t i = 0; i < t->most_sweeps && status == MECH_OK && (double)moved < MOVES_WANTED * (double)s.n; i++) {
            status = move_half(&s, 0, power, &moved);
            if (status == MECH_OK) status = move_half(&s, s.n / 2, power, &moved);
        }
    }
    /* What was given up counts as what its best particle could still have brought. */
    *log_evidence = power < 1 ? sum + (1 - power) * best_ratio(&s, false) : sum;
    population_free(&s);
    return status;
}
