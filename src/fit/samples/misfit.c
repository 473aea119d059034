#include "fit/samples/misfit.h"

#include "base/memory.h"
#include "data/conditions/additive.h"
#include "data/conditions/conditions.h"
#include "data/prior/prior.h"
#include "simulate/rosenbrock.h"

#include <math.h>

/* Beyond all that readings can be away. */
static const double FAR = 1e3;

/* A point of parameter space that takes more steps is no good one. */
enum { MOST_STEPS = 3000 };

fit_parameters mech_fit_parameters_of(const mech_mechanism *mechanism, mech_sample_design sample_design) {
    random_stream r = mech_random_open(0, RANDOM_THETA, 0, 0);
    fit_parameters p = {.mechanism = mechanism, .n_k = (size_t)mechanism->n_rate_constants};
    p.additive = mech_draw_additive(mechanism, sample_design, &r);
    p.fits_additive = mech_additive_varies(mechanism, sample_design);
    p.n = p.n_k + p.fits_additive;
    return p;
}

typedef struct simulation {
    const fit_parameters *p;
    const fit_target *t;
    size_t n_points, n_stretches;
    const double *x, *stretch;
    double *deviations, *values; /* values[FIT_MOST_TIMES][n_species] */
} simulation;

static bool next_run(void *context, size_t problem, double *k, double *start, double *t_end) {
    const simulation *s = context;
    const fit_parameters *p = s->p;
    if (problem >= s->n_points * N_RUNS) return false;
    const size_t run = problem % N_RUNS;
    const double *x = s->x + problem / N_RUNS * p->n;
    for (size_t i = 0; i < p->n_k; i++) k[i] = exp(x[i]);
    mech_start_run(p->mechanism, s->t->s0[run], s->t->p0[run], s->t->loadings[run],
                   p->fits_additive ? exp(x[p->n_k]) : p->additive, start);
    const float last = s->t->x2[(s->t->n_times - 1) * SAMPLE_COLUMNS + run * RUN_COLUMNS];
    *t_end = (double)last * s->stretch[s->n_stretches - 1];
    return true;
}

static void compare_run(const simulation *s, size_t run, const path *solution, double stretch, double *deviations) {
    const mech_mechanism *mechanism = s->p->mechanism;
    const size_t n = s->t->n_times, n_species = (size_t)mechanism->n_species;
    double times[FIT_MOST_TIMES] = {0};
    for (size_t i = 1; i < n; i++) times[i] = stretch * (double)s->t->x2[i * SAMPLE_COLUMNS + run * RUN_COLUMNS];
    mech_path_at_times(solution, times, n, s->values);
    for (size_t i = 1; i < n; i++) {
        const float *reading = s->t->x2 + i * SAMPLE_COLUMNS + run * RUN_COLUMNS;
        const double *y = s->values + i * n_species;
        const double s_measured = (double)reading[SPECIES_SUBSTRATE], p_measured = (double)reading[SPECIES_PRODUCT];
        deviations[2 * (i - 1)] = isnan(s_measured) ? 0 : y[mechanism->substrate] - s_measured;
        deviations[2 * (i - 1) + 1] = isnan(p_measured) ? 0 : y[mechanism->product] - p_measured;
    }
}

static void take_run(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    (void)end;
    const simulation *s = context;
    const size_t run = problem % N_RUNS, of_run = 2 * (s->t->n_times - 1), of_sample = n_deviations(s->t);
    for (size_t i = 0; i < s->n_stretches; i++) {
        double *deviations = s->deviations + (problem / N_RUNS * s->n_stretches + i) * of_sample + run * of_run;
        if (failed || !solution->n_steps) {
            for (size_t j = 0; j < of_run; j++) deviations[j] = FAR;
        } else {
            compare_run(s, run, solution, s->stretch[i], deviations);
        }
    }
}

mech_status mech_fit_deviations(const fit_parameters *p, const fit_target *t, size_t n_points, const double *x,
                                size_t n_stretches, const double *stretch, double rtol, double *deviations,
                                mech_error *error) {
    static const double as_it_is = 1;
    double values[FIT_MOST_TIMES * MAX_SPECIES];
    simulation s = {.p = p,
                    .t = t,
                    .n_points = n_points,
                    .n_stretches = stretch ? n_stretches : 1,
                    .x = x,
                    .stretch = stretch ? stretch : &as_it_is,
                    .values = values};
    s.deviations = deviations;
    mech_solver_options solver = mech_solver_options_default();
    mech_solver_statistics statistics = {0};
    solver.rtol = rtol;
    solver.atol = rtol / 1000;
    solver.max_steps = MOST_STEPS;
    const integration_job job = {.next = next_run, .finished = take_run, .context = &s, .records = true};
    return mech_rosenbrock_run(p->mechanism, &solver, &job, &statistics, error);
}
