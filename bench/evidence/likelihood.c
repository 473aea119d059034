#include "likelihood.h"

#include "base/error.h"
#include "base/memory.h"
#include "chemistry/network.h"
#include "data/acceptance.h"
#include "data/conditions.h"
#include "data/sample.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of protocol nature (docs/data.md). */
static const double T_END = 100;
static const double MOST_DECADES = 5;

enum { SHARES = 8, SAMPLED = LATER_READINGS - 1 /* uniform ones, without the end of the window */ };

/* How much earlier than its window's least end the last kept reading of all runs may be, as ln. */
static const double MOST_DROPPED = 5;

/* What one run says of its particle. */
typedef struct run_part {
    bool failed;
    double misfit;                 /* sum of squares over sigma squared, halved */
    double kept;                   /* ln density of the window's end, if the last reading is it */
    double dropped[MOST_READINGS]; /* by the last kept rank: ln of the mean over the windows beyond the last reading */
    double shortest, longest;      /* window */
} run_part;

struct likelihood {
    parameters p;
    const mech_solver_options *solver;
    size_t most;
    run_part *parts; /* [most][N_RUNS] */
    const observation *o;
    const double *x;
    size_t n;
};

parameters parameters_of(const mech_network *network) {
    random_stream r = random_open(1, RANDOM_TEST, 0, 0);
    const size_t n_k = mech_network_n_rate_constants(network);
    const bool has_additive = draw_additive(network, MECH_PROTOCOL_NATURE, &r) > 0;
    return (parameters){network, n_k, n_k + 1 + (has_additive ? 1 : 0), has_additive};
}

likelihood *likelihood_new(const parameters *p, const mech_solver_options *solver, size_t most) {
    likelihood *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    *l = (likelihood){.p = *p, .solver = solver, .most = most};
    l->parts = allocate_array(most, N_RUNS * sizeof *l->parts);
    if (l->parts) return l;
    free(l);
    return NULL;
}

void likelihood_free(likelihood *l) {
    if (!l) return;
    release_array(l->parts);
    free(l);
}

static double additive_of(const parameters *p, const double *x) { return p->has_additive ? x[p->n_k + 1] : 0; }

static bool next_run(void *context, size_t problem, double *k, double *start, double *t_end) {
    const likelihood *l = context;
    if (problem >= l->n * N_RUNS) return false;
    const double *x = l->x + problem / N_RUNS * l->p.n;
    const size_t run = problem % N_RUNS;
    for (size_t i = 0; i < l->p.n_k; i++) k[i] = pow(10, x[i]);
    start_run(l->p.network, l->o->s[run][0], l->o->p[run][0], l->o->loadings[run], additive_of(&l->p, x), start);
    *t_end = T_END;
    return true;
}

/* Of 19 uniform times in a window W that of rank k is `last`, x = last / W: the density of the later ones' absence,
 * (1 - x)^(19 - k) W^(-k), as its mean over the shares from that of `last` on; the factor last^k is left out. */
static void judge_dropped(const likelihood *l, const path *solution, double s0, double change, double last,
                          double share, run_part *part) {
    const double from = fmin(fmax(share, LEAST_SHARE), MOST_SHARE), wide = MOST_SHARE - from;
    double x[SHARES];
    for (size_t i = 0; i < SHARES; i++)
        x[i] = last / window_of_share(l->p.network, s0, change, from + wide * ((double)i + 0.5) / SHARES, solution);
    for (size_t k = l->o->n_times - 1; k <= SAMPLED; k++) {
        double sum = 0;
        for (size_t i = 0; i < SHARES; i++)
            if (x[i] < 1) sum += pow(1 - x[i], (double)(SAMPLED - k)) * pow(x[i], (double)k);
        part->dropped[k] = log(sum / SHARES * wide / (MOST_SHARE - LEAST_SHARE));
    }
}

/* A run that hardly reacts is followed to t = 100 exactly; that a last reading can lie there is left out. */
static void judge_times(const likelihood *l, const path *solution, double s0, double change, double last,
                        run_part *part) {
    const mech_network *network = l->p.network;
    double y[MAX_SPECIES], before[MAX_SPECIES], after[MAX_SPECIES];
    const double step = 1e-4 * last;
    path_at(solution, last, y);
    path_at(solution, last - step, before);
    path_at(solution, last + step, after);
    const bool reacts = is_followed_to_share(change);
    const double share = reacts ? (y[network->substrate] - s0) / change : 0;
    const double slope = reacts ? (after[network->substrate] - before[network->substrate]) / (2 * step * change) : 0;
    part->shortest = window_of_share(network, s0, change, LEAST_SHARE, solution);
    part->longest = window_of_share(network, s0, change, MOST_SHARE, solution);
    part->kept = -INFINITY;
    if (share >= LEAST_SHARE && share <= MOST_SHARE && slope > 0 && last < T_END)
        part->kept = log(slope / (MOST_SHARE - LEAST_SHARE));
    judge_dropped(l, solution, s0, change, last, share, part);
}

static void take_run(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    likelihood *l = context;
    const observation *o = l->o;
    const mech_network *network = l->p.network;
    const size_t run = problem % N_RUNS, n_species = (size_t)network->n_species, n = o->n_times;
    run_part *part = &l->parts[problem];
    *part = (run_part){.failed = failed || !solution->n_steps};
    if (part->failed) return;
    const double unit = exp(l->x[problem / N_RUNS * l->p.n + l->p.n_k]);
    const double s0 = o->s[run][0], change = end[network->substrate] - s0;
    double times[MOST_READINGS] = {0}, y[MOST_READINGS * MAX_SPECIES];
    for (size_t i = 0; i < n; i++) times[i] = unit * o->times[run][i];
    path_at_times(solution, times, n, y);
    for (size_t i = 1; i < n; i++) {
        const double s = (y[i * n_species + (size_t)network->substrate] - o->s[run][i]) / o->sigma;
        const double p = (y[i * n_species + (size_t)network->product] - o->p[run][i]) / o->sigma;
        part->misfit += (s * s + p * p) / 2;
    }
    judge_times(l, solution, s0, change, times[n - 1], part);
}

/* ln(exp(a) + exp(b)) */
static double log_sum(double a, double b) {
    const double high = fmax(a, b);
    return isinf(high) ? high : high + log(exp(a - high) + exp(b - high));
}

/* Which n of the 20 later readings were kept is not known, but it is the same for all runs, each set with the same
 * chance. With ranks i(1) < ... < i(n) a run's kept times have the density of order statistics, 19! / W^19 times a
 * factor gap^m / m! for each gap with m = i(j) - i(j - 1) - 1 readings dropped. This adds up the factors of all runs
 * over all sets by their last rank; constants that all mechanisms share are left out. */
void observation_prepare(observation *o) {
    double before[MOST_READINGS], now[MOST_READINGS];
    for (size_t k = 0; k < MOST_READINGS; k++) now[k] = k ? -INFINITY : 0;
    for (size_t j = 1; j < o->n_times; j++) {
        double log_gaps = 0;
        for (size_t run = 0; run < N_RUNS; run++) log_gaps += log(fmax(o->times[run][j] - o->times[run][j - 1], 1e-12));
        memcpy(before, now, sizeof before);
        for (size_t k = 0; k < MOST_READINGS; k++) {
            now[k] = -INFINITY;
            for (size_t from = 0; from < k; from++) {
                const double m = (double)(k - from - 1);
                now[k] = log_sum(now[k], before[from] + m * log_gaps - N_RUNS * lgamma(m + 1));
            }
        }
    }
    memcpy(o->log_ways, now, sizeof now);
}

/* Runs and times together. The densities of the times in units of the longest run, per unit of ln time, take a factor
 * unit^(4n). */
static probability combine(const likelihood *l, size_t particle) {
    const observation *o = l->o;
    const run_part *parts = l->parts + particle * N_RUNS;
    const size_t n = o->n_times - 1;
    const double ln_unit = l->x[particle * l->p.n + l->p.n_k];
    probability result = {.log_likelihood = -INFINITY, .log_start = -INFINITY, .least = 0, .most = 0};
    double kept = o->log_ways[LATER_READINGS], dropped = -INFINITY, misfit = 0, shortest = 0, longest = 0, log_last = 0;
    for (size_t run = 0; run < N_RUNS; run++) {
        if (parts[run].failed) return result;
        log_last += log(o->times[run][n]);
        misfit += parts[run].misfit;
        shortest = fmax(shortest, parts[run].shortest);
        longest = fmax(longest, parts[run].longest);
        kept += parts[run].kept;
    }
    result.most = log(longest);
    result.least = log(shortest) - (n < LATER_READINGS ? MOST_DROPPED : 0);
    if (result.most - result.least < 1e-6) return result;
    if (ln_unit < result.least || ln_unit > result.most) return result;
    /* Gaps, and the ends that stand in the parts, are in units of the longest run: their powers of the unit add up to
     * -4 n for every set. */
    kept -= SAMPLED * log_last + N_RUNS * ln_unit * (double)(n - 1);
    for (size_t k = n; k <= SAMPLED; k++) {
        double way = o->log_ways[k] - N_RUNS * lgamma((double)(SAMPLED - k + 1)) - (double)k * log_last -
                     N_RUNS * ln_unit * (double)n;
        for (size_t run = 0; run < N_RUNS; run++) way += parts[run].dropped[k];
        dropped = log_sum(dropped, way);
    }
    result.log_start = -log(result.most - result.least);
    result.misfit = misfit;
    result.log_likelihood = log_sum(kept, dropped) + N_RUNS * (double)n * ln_unit - misfit;
    if (isnan(result.log_likelihood)) result.log_likelihood = -INFINITY;
    return result;
}

mech_status likelihood_evaluate(likelihood *l, const observation *o, size_t n, const double *x,
                                probability *probabilities, mech_error *error) {
    mech_solver_statistics statistics = {0};
    l->o = o;
    l->x = x;
    l->n = n;
    const integration_job job = {.next = next_run, .finished = take_run, .context = l, .records = true};
    const mech_status status = rosenbrock_run(l->p.network, l->solver, &job, &statistics, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) probabilities[i] = combine(l, i);
    return status;
}

mech_status prior_allows(const parameters *p, const mech_solver_options *solver, const double *x, bool *allowed,
                         mech_error *error) {
    double k[MAX_RATE_CONSTANTS];
    const double additive = additive_of(p, x);
    uint8_t found = REFUSED_BY_RULE;
    *allowed = false;
    for (size_t i = 0; i < p->n_k; i++) {
        if (!(fabs(x[i]) <= MOST_DECADES)) return MECH_OK;
        k[i] = pow(10, x[i]);
    }
    if (p->has_additive && !(additive >= LEAST_ADDITIVE && additive <= MOST_ADDITIVE)) return MECH_OK;
    const candidates one = {.n = 1, .k = k, .additive = &additive};
    const mech_status status = judge_candidates(p->network, solver, &one, &found, error);
    *allowed = found == ACCEPTED;
    return status;
}
