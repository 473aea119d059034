#include "fit/likelihood/curves.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/conditions/additive.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

/* A point of parameter space that takes more steps is no good one. */
enum { MOST_STEPS = 3000 };

/* atol in units of rtol: a thousandth, as by default. */
static const double ABSOLUTE = 1e-3;

/* Dead catalyst leaves at least this share of a run's. */
static const double LEAST_ALIVE = 0.02;

/* Beyond these, exp() of a parameter is of no use to a solver. */
static const double MOST_LOGARITHM = 60;

static double power(double logarithm) { return exp(fmin(fmax(logarithm, -MOST_LOGARITHM), MOST_LOGARITHM)); }

/* What a file says of the additive's amount in a run; NaN where it says nothing. */
static double told_amount(const mech_run *run, const char *species, double unit) {
    for (size_t i = 0; i < run->n_reactants; i++)
        if (strcmp(run->reactants[i].species, species) == 0) return run->reactants[i].start / unit;
    return NAN;
}

fit_space mech_fit_space(const mech_mechanism *mechanism, const observations *data) {
    fit_space s = {.mechanism = mechanism, .data = data, .n_k = (size_t)mechanism->n_rate_constants};
    s.additive = mech_additive_species(mechanism);
    bool told = s.additive >= 0;
    for (size_t i = 0; i < data->n_runs; i++)
        for (int j = 0; j < mechanism->n_species; j++)
            s.told[i][j] = told_amount(data->runs[i].run, mechanism->species[j].name, data->concentration_unit);
    for (size_t i = 0; i < data->n_runs; i++) {
        const double c = data->runs[i].cat0;
        if (c > 0 && (s.least_loading == 0 || c < s.least_loading)) s.least_loading = c;
    }
    random_stream r = mech_random_open(0, RANDOM_THETA, 0, 0);
    const double drawn = mech_draw_additive(mechanism, MECH_DESIGN_NATURE, &r);
    for (size_t i = 0; i < data->n_runs && s.additive >= 0; i++) {
        s.additive_amount[i] =
            told_amount(data->runs[i].run, mechanism->species[s.additive].name, data->concentration_unit);
        if (isnan(s.additive_amount[i])) told = false;
    }
    /* The library's inhibitor starts with an amount that nobody wrote down; what a reaction makes starts at 0. */
    s.fits_additive = s.additive >= 0 && !told && mechanism->mechanism_class != MECH_CLASS_USER && drawn > 0;
    for (size_t i = 0; i < data->n_runs && !told; i++) s.additive_amount[i] = drawn;
    s.n_theta = s.n_k + s.fits_additive;
    s.n_errors = RUN_ERRORS * data->n_runs + SHARED_ERRORS;
    s.n = s.n_theta + s.n_errors;
    return s;
}

/* The derivatives that the solver is asked for, and which is which. */
typedef struct tangent_list {
    size_t n;
    int which[MAX_RATE_CONSTANTS + 4];
    int additive, catalyst, substrate, product; /* their places; -1: not asked for */
} tangent_list;

static int add_start(const fit_space *s, tangent_list *list, int species) {
    list->which[list->n] = s->mechanism->n_rate_constants + species;
    return (int)list->n++;
}

static tangent_list list_tangents(const fit_space *s, fit_derivatives wanted) {
    tangent_list list = {.additive = -1, .catalyst = -1, .substrate = -1, .product = -1};
    if (wanted == DERIVATIVES_NONE) return list;
    for (size_t i = 0; i < s->n_k && wanted == DERIVATIVES_BY_ALL; i++) list.which[list.n++] = (int)i;
    if (s->fits_additive && wanted == DERIVATIVES_BY_ALL) list.additive = add_start(s, &list, s->additive);
    list.catalyst = add_start(s, &list, s->mechanism->catalyst);
    list.substrate = add_start(s, &list, s->mechanism->substrate);
    if (s->data->has_product) list.product = add_start(s, &list, s->mechanism->product);
    return list;
}

typedef struct simulation {
    const fit_space *s;
    size_t n_points, stride; /* doubles between points */
    const double *x;
    bool with_errors; /* whether points hold them */
    fit_derivatives wanted;
    tangent_list list;
    double longest; /* by which times are stretched */
    size_t n_stretches;
    const double *stretch;
    double scale, *sums;
    double *values, *derivatives;
    bool *ok;
    double *times, *columns, *rates; /* for one run */
    /* of one run only: */
    size_t only_run;
    bool only;
    double last;
} simulation;

static size_t run_of(const simulation *m, size_t problem) {
    return m->only ? m->only_run : problem % m->s->data->n_runs;
}
static size_t point_of(const simulation *m, size_t problem) { return m->only ? problem : problem / m->s->data->n_runs; }

/* Catalyst of a run that is alive, at a point with errors. */
static double catalyst_of(const fit_space *s, const double *x, size_t run) {
    const double weighed = s->data->runs[run].cat0 * power(x[mech_fit_run_errors(s, run) + ERROR_CATALYST]);
    return fmax(weighed - s->least_loading * x[mech_fit_shared_errors(s) + ERROR_DEAD], LEAST_ALIVE * weighed);
}

static bool next_run(void *context, size_t problem, double *k, double *start, double *t_end) {
    const simulation *m = context;
    const fit_space *s = m->s;
    const size_t point = point_of(m, problem), run = run_of(m, problem);
    if (point >= m->n_points) return false;
    const double *x = m->x + point * m->stride, *e = m->with_errors ? x + mech_fit_run_errors(s, run) : NULL;
    const observed_run *o = &s->data->runs[run];
    for (size_t i = 0; i < s->n_k; i++) k[i] = power(x[i]);
    mech_mechanism_start(s->mechanism, o->s0 * (e ? power(e[ERROR_START]) : 1),
                         o->p0 * (e ? power(e[ERROR_PRODUCT]) : 1), e ? catalyst_of(s, x, run) : o->cat0, start);
    for (int j = 0; j < s->mechanism->n_species; j++)
        if (!isnan(s->told[run][j])) start[j] = s->told[run][j];
    if (s->additive >= 0) start[s->additive] = s->fits_additive ? power(x[s->n_k]) : s->additive_amount[run];
    const double last = m->only ? m->last : o->length * m->longest;
    *t_end = fmax(last + (e ? e[ERROR_CLOCK] * o->length : 0), 0);
    return true;
}

/* The reading of one species and its derivatives by the run's errors, the shared errors and, before them, theta, from
 * the solver's columns at its time. */
static void derive_reading(const simulation *m, size_t run, const double *x, const double *columns, double rate,
                           int of_product, double *value, double *row) {
    const fit_space *s = m->s;
    const double *e = x + mech_fit_run_errors(s, run), *shared = x + mech_fit_shared_errors(s);
    const observed_run *o = &s->data->runs[run];
    const size_t n_species = (size_t)s->mechanism->n_species;
    const double p0 = o->p0 * exp(e[ERROR_PRODUCT]), selectivity = exp(shared[ERROR_SELECTIVITY]);
    const double amount = columns[of_product ? s->mechanism->product : s->mechanism->substrate];
    const double response = exp(shared[of_product ? ERROR_RESPONSE_P : ERROR_RESPONSE_S]);
    const double gain = of_product ? response * selectivity : response;
    *value = of_product ? response * (p0 + selectivity * (amount - p0)) : response * amount;
    if (!row) return;
    const double *tangents = columns + n_species + of_product;
    if (m->wanted == DERIVATIVES_BY_ALL) {
        for (size_t i = 0; i < s->n_k; i++) *row++ = gain * tangents[2 * i];
        if (s->fits_additive) *row++ = gain * tangents[2 * m->list.additive] * power(x[s->n_k]);
    }
    row[ERROR_CATALYST] = gain * tangents[2 * m->list.catalyst] * o->cat0 * power(e[ERROR_CATALYST]);
    row[ERROR_START] = gain * tangents[2 * m->list.substrate] * o->s0 * power(e[ERROR_START]);
    row[ERROR_CLOCK] = gain * rate * o->length;
    row[ERROR_PRODUCT] = m->list.product < 0 ? 0 : gain * tangents[2 * m->list.product] * p0;
    if (of_product) row[ERROR_PRODUCT] += response * (1 - selectivity) * p0;
    row += RUN_ERRORS;
    row[ERROR_RESPONSE_S] = of_product ? 0 : *value;
    row[ERROR_RESPONSE_P] = of_product ? *value : 0;
    row[ERROR_SELECTIVITY] = of_product ? gain * (amount - p0) : 0;
    row[ERROR_DEAD] = o->cat0 > 0 ? -gain * tangents[2 * m->list.catalyst] * s->least_loading : 0;
}

static void take_run(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    (void)end;
    const simulation *m = context;
    const fit_space *s = m->s;
    const size_t point = point_of(m, problem), run = run_of(m, problem), n_columns = (size_t)solution->n_species;
    const observed_run *o = &s->data->runs[run];
    const double *x = m->x + point * m->stride, *e = x + mech_fit_run_errors(s, run);
    if (failed || !solution->n_steps) {
        m->ok[point] = false;
        return;
    }
    for (size_t i = 0; i < o->n_times; i++) m->times[i] = fmax(o->times[i] + e[ERROR_CLOCK] * o->length, 0);
    mech_path_at_times(solution, m->times, o->n_times, m->columns);
    if (m->wanted != DERIVATIVES_NONE) {
        mech_path_rates_at_times(solution, s->mechanism->substrate, m->times, o->n_times, m->rates);
        mech_path_rates_at_times(solution, s->mechanism->product, m->times, o->n_times, m->rates + o->n_times);
    }
    const size_t width = mech_fit_n_columns(s, m->wanted);
    for (size_t i = o->first; i < o->first + o->n; i++) {
        const observation *a = &s->data->all[i];
        const size_t at = point * s->data->n + i;
        const double rate = m->wanted == DERIVATIVES_NONE || m->times[a->time] == 0
                                ? 0
                                : m->rates[(size_t)a->of_product * o->n_times + a->time];
        derive_reading(m, run, x, m->columns + a->time * n_columns, rate, a->of_product, &m->values[at],
                       m->derivatives ? m->derivatives + at * width : NULL);
        if (!isfinite(m->values[at])) m->ok[point] = false;
    }
}

static size_t longest_run(const observations *data) {
    size_t most = 1;
    for (size_t r = 0; r < data->n_runs; r++) most = data->runs[r].n_times > most ? data->runs[r].n_times : most;
    return most;
}

static mech_status simulate(simulation *m, void (*finished)(void *, size_t, bool, const double *, const path *),
                            size_t n_times, double rtol, mech_error *error) {
    const size_t n_columns = (size_t)m->s->mechanism->n_species + 2 * m->list.n;
    m->times = mech_allocate_array(n_times, sizeof *m->times);
    m->columns = mech_allocate_array(n_times * n_columns, sizeof *m->columns);
    m->rates = mech_allocate_array(2 * n_times, sizeof *m->rates);
    mech_status status = m->times && m->columns && m->rates ? MECH_OK : mech_fail_memory(error);
    const mech_solver_options options = {.rtol = rtol, .atol = rtol * ABSOLUTE, .max_steps = MOST_STEPS};
    const integration_job job = {.next = next_run,
                                 .finished = finished,
                                 .context = m,
                                 .records = true,
                                 .n_tangents = m->list.n,
                                 .tangents = m->list.which};
    mech_solver_statistics statistics = {0};
    if (status == MECH_OK) status = mech_rosenbrock_run(m->s->mechanism, &options, &job, &statistics, error);
    mech_release_array(m->times);
    mech_release_array(m->columns);
    mech_release_array(m->rates);
    return status;
}

mech_status mech_fit_curves(const fit_space *s, size_t n, const double *x, fit_derivatives wanted, double rtol,
                            double *values, double *derivatives, bool *ok, mech_error *error) {
    simulation m = {.s = s, .n_points = n, .stride = s->n, .x = x, .with_errors = true, .wanted = wanted, .longest = 1};
    m.list = list_tangents(s, wanted);
    m.values = values;
    m.derivatives = derivatives;
    m.ok = ok;
    for (size_t i = 0; i < n; i++) ok[i] = true;
    return simulate(&m, take_run, longest_run(s->data), rtol, error);
}

static void screen_run(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    (void)end;
    const simulation *m = context;
    const fit_space *s = m->s;
    const size_t point = point_of(m, problem), run = run_of(m, problem), n_species = (size_t)solution->n_species;
    const observed_run *o = &s->data->runs[run];
    for (size_t k = 0; k < m->n_stretches; k++) {
        double *sum = &m->sums[point * m->n_stretches + k];
        if (failed || !solution->n_steps) {
            *sum = INFINITY;
            continue;
        }
        for (size_t i = 0; i < o->n_times; i++) m->times[i] = o->times[i] * m->stretch[k];
        mech_path_at_times(solution, m->times, o->n_times, m->columns);
        double product = 1;
        for (size_t i = o->first; i < o->first + o->n; i++) {
            const observation *a = &s->data->all[i];
            const double *y = m->columns + a->time * n_species;
            const double z = (y[a->of_product ? s->mechanism->product : s->mechanism->substrate] - a->value) / m->scale;
            product *= 1 + z * z;
            if (product > 1e200) {
                *sum += log(product);
                product = 1;
            }
        }
        *sum += log(product);
    }
}

mech_status mech_fit_screen(const fit_space *s, size_t n, const double *theta, size_t n_stretches,
                            const double *stretch, double scale, double rtol, double *sums, mech_error *error) {
    simulation m = {.s = s,
                    .n_points = n,
                    .stride = s->n_theta,
                    .x = theta,
                    .longest = stretch[n_stretches - 1],
                    .n_stretches = n_stretches,
                    .stretch = stretch,
                    .scale = scale};
    m.list = list_tangents(s, DERIVATIVES_NONE);
    m.sums = sums;
    memset(sums, 0, n * n_stretches * sizeof *sums);
    return simulate(&m, screen_run, longest_run(s->data), rtol, error);
}

typedef struct species_request {
    simulation simulation; /* first, so that next_run() sees it */
    size_t n_times;
    const double *at;
    double *y;
    bool *ok;
} species_request;

static void take_species(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    (void)end;
    (void)problem;
    species_request *q = context;
    const simulation *m = &q->simulation;
    const fit_space *s = m->s;
    *q->ok = !failed && solution->n_steps;
    if (!*q->ok) return;
    const double late = m->x[mech_fit_run_errors(s, m->only_run) + ERROR_CLOCK] * s->data->runs[m->only_run].length;
    for (size_t i = 0; i < q->n_times; i++) m->times[i] = fmax(q->at[i] + late, 0);
    mech_path_at_times(solution, m->times, q->n_times, q->y);
}

mech_status mech_fit_species(const fit_space *s, const double *x, size_t run, size_t n_times, const double *times,
                             double rtol, double *y, bool *ok, mech_error *error) {
    species_request q = {.n_times = n_times, .at = times, .ok = ok};
    q.y = y;
    q.simulation = (simulation){.s = s,
                                .n_points = 1,
                                .stride = s->n,
                                .x = x,
                                .with_errors = true,
                                .longest = 1,
                                .only = true,
                                .only_run = run,
                                .last = n_times ? times[n_times - 1] : 0};
    q.simulation.list = list_tangents(s, DERIVATIVES_NONE);
    *ok = false;
    return simulate(&q.simulation, take_species, n_times, rtol, error);
}
