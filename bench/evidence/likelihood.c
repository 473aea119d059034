#include "likelihood.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/conditions/additive.h"
#include "data/conditions/conditions.h"
#include "data/prior/acceptance.h"
#include "data/samples/sample.h"
#include "simulate/rosenbrock.h"
#include "window_times.h"

#include <math.h>
#include <stdlib.h>

static const double MOST_DECADES = 5;

/* What one run says of its particle. */
typedef struct run_part {
    bool failed;
    double misfit;   /* sum of squares over sigma squared, halved */
    run_times times; /* of design nature */
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

parameters parameters_of(const mech_mechanism *mechanism, mech_sample_design sample_design) {
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    parameters p = {.mechanism = mechanism,
                    .n_k = mech_mechanism_n_rate_constants(mechanism),
                    .has_unit = sample_design == MECH_DESIGN_NATURE,
                    .additive = mech_draw_additive(mechanism, sample_design, &r)};
    p.has_additive = mech_additive_varies(mechanism, sample_design);
    p.n = p.n_k + (p.has_unit ? 1 : 0) + (p.has_additive ? 1 : 0);
    return p;
}

size_t additive_place(const parameters *p) { return p->n - 1; }

likelihood *likelihood_new(const parameters *p, const mech_solver_options *solver, size_t most) {
    likelihood *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    *l = (likelihood){.p = *p, .solver = solver, .most = most};
    l->parts = mech_allocate_array(most, N_RUNS * sizeof *l->parts);
    if (l->parts) return l;
    free(l);
    return NULL;
}

void likelihood_free(likelihood *l) {
    if (!l) return;
    mech_release_array(l->parts);
    free(l);
}

static double additive_of(const parameters *p, const double *x) {
    return p->has_additive ? x[additive_place(p)] : p->additive;
}

static bool next_run(void *context, size_t problem, double *k, double *start, double *t_end) {
    const likelihood *l = context;
    if (problem >= l->n * N_RUNS) return false;
    const double *x = l->x + problem / N_RUNS * l->p.n;
    const size_t run = problem % N_RUNS;
    for (size_t i = 0; i < l->p.n_k; i++) k[i] = pow(10, x[i]);
    mech_start_run(l->p.mechanism, l->o->s[run][0], l->o->p[run][0], l->o->loadings[run], additive_of(&l->p, x), start);
    *t_end = LAST_TIME;
    return true;
}

static double misfit_of_run(const likelihood *l, size_t run, const path *solution, double unit) {
    const observation *o = l->o;
    const mech_mechanism *mechanism = l->p.mechanism;
    const size_t n_species = (size_t)mechanism->n_species, n = o->n_times;
    double times[MOST_READINGS] = {0}, y[MOST_READINGS * MAX_SPECIES], sum = 0;
    for (size_t i = 0; i < n; i++) times[i] = unit * o->times[run][i];
    mech_path_at_times(solution, times, n, y);
    for (size_t i = 1; i < n; i++) {
        const double s = (y[i * n_species + (size_t)mechanism->substrate] - o->s[run][i]) / o->sigma;
        const double p = (y[i * n_species + (size_t)mechanism->product] - o->p[run][i]) / o->sigma;
        sum += (s * s + p * p) / 2;
    }
    return sum;
}

static void take_run(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    likelihood *l = context;
    const observation *o = l->o;
    const size_t run = problem % N_RUNS;
    run_part *part = &l->parts[problem];
    *part = (run_part){.failed = failed || !solution->n_steps};
    if (part->failed) return;
    if (!l->p.has_unit) {
        double log_mean = -INFINITY;
        for (size_t i = 0; i < o->n_units[run]; i++)
            log_mean = log_sum(log_mean, -misfit_of_run(l, run, solution, o->units[run][i]));
        part->misfit = log((double)o->n_units[run]) - log_mean;
        return;
    }
    const double unit = exp(l->x[problem / N_RUNS * l->p.n + l->p.n_k]), s0 = o->s[run][0];
    part->misfit = misfit_of_run(l, run, solution, unit);
    part->times = judge_run_times(o, l->p.mechanism, solution, s0, end[l->p.mechanism->substrate] - s0,
                                  unit * o->times[run][o->n_times - 1]);
}

/* Runs and times together. */
static probability combine(const likelihood *l, size_t particle) {
    const run_part *parts = l->parts + particle * N_RUNS;
    const run_times *times[N_RUNS];
    probability result = {.log_likelihood = -INFINITY, .log_start = -INFINITY};
    double misfit = 0;
    for (size_t run = 0; run < N_RUNS; run++) {
        if (parts[run].failed) return result;
        times[run] = &parts[run].times;
        misfit += parts[run].misfit;
    }
    if (!l->p.has_unit) return (probability){.log_likelihood = -misfit, .misfit = misfit};
    const double ln_unit = l->x[particle * l->p.n + l->p.n_k];
    const unit_range range = range_of_unit(l->o, times);
    result.least = range.least;
    result.most = range.most;
    if (range.most - range.least < 1e-6 || ln_unit < range.least || ln_unit > range.most) return result;
    result.log_start = -log(range.most - range.least);
    result.misfit = misfit;
    result.log_likelihood = log_density_of_times(l->o, times, ln_unit) - misfit;
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
    const mech_status status = mech_rosenbrock_run(l->p.mechanism, l->solver, &job, &statistics, error);
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
    if (p->has_additive) {
        const mechanism_species *species = &p->mechanism->species[mech_additive_species(p->mechanism)];
        if (!(additive >= species->drawn_low && additive <= species->drawn_high)) return MECH_OK;
    }
    const candidates one = {.n = 1, .k = k, .additive = &additive};
    const mech_status status = mech_judge_candidates(p->mechanism, solver, &one, &found, error);
    *allowed = found == ACCEPTED;
    return status;
}
