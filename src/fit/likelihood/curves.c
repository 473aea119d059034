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

/* Where a file does not say how much of the second reactant there was: an excess over [S]0 of so much, in units of the
 * standard [S]0. */
static const double USUAL_EXCESS = 0.2;

/* What a file says of a species' amount in a run; NaN where it says nothing. */
static double told_amount(const mech_run *run, const char *species, double unit) {
    for (size_t i = 0; i < run->n_reactants; i++)
        if (strcmp(run->reactants[i].species, species) == 0) return run->reactants[i].start / unit;
    return NAN;
}

/* The reactant called B, or the first one. */
static int find_second(const mech_mechanism *m) {
    int first = -1;
    for (int j = m->n_species; j-- > 0;) {
        if (m->species[j].role != MECH_ROLE_REACTANT) continue;
        first = j;
        if (strcmp(m->species[j].name, "B") == 0) break;
    }
    return first;
}

static void see(reading_view *view, int species, double weight) {
    view->species[view->n] = species;
    view->weight[view->n++] = weight;
}

static void set_views(fit_space *s) {
    const mech_mechanism *m = s->mechanism;
    see(&s->views[READING_S], m->substrate, 1);
    see(&s->views[READING_P], m->product, 1);
    if (s->second >= 0)
        see(&s->views[READING_B], s->second, mech_mechanism_coefficient(m, (size_t)s->second));
    else
        see(&s->views[READING_B], m->product, -s->data->second_coefficient);
    for (int j = 0; j < m->n_species && s->data->most_loading > 0; j++)
        if (m->species[j].role == MECH_ROLE_CATALYST || m->species[j].role == MECH_ROLE_OFF_CYCLE)
            see(&s->views[READING_ACTIVE], j, m->species[j].catalyst_units / s->data->most_loading);
    for (reading_kind k = 0; k < READING_KINDS; k++)
        for (int i = 0; i < s->views[k].n && s->data->measured[k]; i++) s->observed |= 1U << s->views[k].species[i];
    for (int j = 0, place = 0; j < m->n_species; j++) s->observed_at[j] = s->observed >> j & 1 ? place++ : -1;
}

/* Start amounts of further reactants, as the file says them or as is usual. */
static void set_starts(fit_space *s) {
    const mech_mechanism *m = s->mechanism;
    const observations *data = s->data;
    for (size_t i = 0; i < data->n_runs; i++) {
        for (int j = 0; j < m->n_species; j++)
            s->told[i][j] = told_amount(data->runs[i].run, m->species[j].name, data->concentration_unit) /
                            mech_mechanism_coefficient(m, (size_t)j);
        if (s->second < 0) continue;
        const double coefficient = mech_mechanism_coefficient(m, (size_t)s->second);
        s->second_start[i] = s->told[i][s->second];
        if (isnan(s->second_start[i])) s->second_start[i] = data->runs[i].b0 / coefficient;
        if (isnan(s->second_start[i])) s->second_start[i] = data->runs[i].s0 + USUAL_EXCESS;
    }
}

fit_space mech_fit_space(const mech_mechanism *mechanism, const observations *data) {
    fit_space s = {.mechanism = mechanism, .data = data, .n_k = (size_t)mechanism->n_rate_constants};
    s.additive = mech_additive_species(mechanism);
    s.second = find_second(mechanism);
    set_starts(&s);
    set_views(&s);
    bool told = s.additive >= 0;
    for (size_t i = 0; i < data->n_runs; i++) {
        const double c = data->runs[i].cat0;
        if (c > 0 && (s.least_loading == 0 || c < s.least_loading)) s.least_loading = c;
    }
    random_stream r = mech_random_open(0, RANDOM_THETA, 0, 0);
    const double drawn = mech_draw_additive(mechanism, MECH_DESIGN_NATURE, &r);
    for (size_t i = 0; i < data->n_runs && s.additive >= 0; i++) {
        s.additive_amount[i] = s.told[i][s.additive];
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
    int which[MAX_RATE_CONSTANTS + 5];
    int additive, catalyst, substrate, product, second; /* their places; -1: not asked for */
} tangent_list;

static int add_start(const fit_space *s, tangent_list *list, int species) {
    list->which[list->n] = s->mechanism->n_rate_constants + species;
    return (int)list->n++;
}

static tangent_list list_tangents(const fit_space *s, fit_derivatives wanted) {
    tangent_list list = {.additive = -1, .catalyst = -1, .substrate = -1, .product = -1, .second = -1};
    if (wanted == DERIVATIVES_NONE) return list;
    for (size_t i = 0; i < s->n_k && wanted == DERIVATIVES_BY_ALL; i++) list.which[list.n++] = (int)i;
    if (s->fits_additive && wanted == DERIVATIVES_BY_ALL) list.additive = add_start(s, &list, s->additive);
    list.catalyst = add_start(s, &list, s->mechanism->catalyst);
    list.substrate = add_start(s, &list, s->mechanism->substrate);
    if (s->data->has_product) list.product = add_start(s, &list, s->mechanism->product);
    if (s->second >= 0) list.second = add_start(s, &list, s->second);
    return list;
}

typedef struct simulation {
    const fit_space *s;
    size_t n_points, stride; /* doubles between points */
    const double *x;
    bool with_errors; /* whether points hold them */
    fit_derivatives wanted;
    tangent_list list;
    int n_observed; /* species */
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

double mech_fit_living_catalyst(const fit_space *s, const double *x, size_t run) {
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
                         o->p0 * (e ? power(e[ERROR_PRODUCT]) : 1), e ? mech_fit_living_catalyst(s, x, run) : o->cat0,
                         start);
    for (int j = 0; j < s->mechanism->n_species; j++)
        if (!isnan(s->told[run][j])) start[j] = s->told[run][j];
    if (s->second >= 0) start[s->second] = s->second_start[run] * (e ? power(e[ERROR_SECOND]) : 1);
    if (s->additive >= 0) start[s->additive] = s->fits_additive ? power(x[s->n_k]) : s->additive_amount[run];
    const double last = m->only ? m->last : o->length * m->longest;
    *t_end = fmax(last + (e ? e[ERROR_CLOCK] * o->length : 0), 0);
    return true;
}

static const shared_error response_of[READING_KINDS] = {[READING_S] = ERROR_RESPONSE_S,
                                                        [READING_P] = ERROR_RESPONSE_P,
                                                        [READING_B] = ERROR_RESPONSE_B,
                                                        [READING_ACTIVE] = ERROR_RESPONSE_ACTIVE};

static double seen(const reading_view *view, const double *amounts) {
    double sum = 0;
    for (int i = 0; i < view->n; i++) sum += view->weight[i] * amounts[view->species[i]];
    return sum;
}

/* The same of one tangent, whose columns are those of the species observed. */
static double seen_tangent(const fit_space *s, const reading_view *view, const double *tangent) {
    double sum = 0;
    for (int i = 0; i < view->n; i++) sum += view->weight[i] * tangent[s->observed_at[view->species[i]]];
    return sum;
}

/* The reading of one kind and its derivatives by the run's errors, the shared errors and, before them, theta, from the
 * solver's columns at its time and the rate at which what is seen changes. */
static void derive_reading(const simulation *m, size_t run, const double *x, const double *columns, double rate,
                           reading_kind of, double *value, double *row) {
    const fit_space *s = m->s;
    const reading_view *view = &s->views[of];
    const double *e = x + mech_fit_run_errors(s, run), *shared = x + mech_fit_shared_errors(s);
    const observed_run *o = &s->data->runs[run];
    const double p0 = o->p0 * exp(e[ERROR_PRODUCT]), amount = seen(view, columns);
    const double response = exp(shared[response_of[of]]);
    const double selectivity = of == READING_P ? exp(shared[ERROR_SELECTIVITY]) : 1, gain = response * selectivity;
    const bool stands_by = of == READING_B && s->second < 0;
    const double b0 = stands_by ? o->b0 * exp(e[ERROR_SECOND]) : 0;
    double rest = 0; /* what is seen besides */
    if (of == READING_P) rest = response * (1 - selectivity) * p0;
    if (stands_by) rest = response * (b0 + s->data->second_coefficient * p0);
    *value = rest + gain * amount;
    if (!row) return;
    const double *tangents = columns + s->mechanism->n_species;
    const size_t width = (size_t)m->n_observed;
#define SEEN(number) (gain * seen_tangent(s, view, tangents + width * (size_t)(number)))
    if (m->wanted == DERIVATIVES_BY_ALL) {
        for (size_t i = 0; i < s->n_k; i++) *row++ = SEEN(i);
        if (s->fits_additive) *row++ = SEEN(m->list.additive) * power(x[s->n_k]);
    }
    const double by_catalyst = SEEN(m->list.catalyst);
    row[ERROR_CATALYST] = by_catalyst * o->cat0 * power(e[ERROR_CATALYST]);
    row[ERROR_START] = SEEN(m->list.substrate) * o->s0 * power(e[ERROR_START]);
    row[ERROR_CLOCK] = gain * rate * o->length;
    row[ERROR_PRODUCT] = m->list.product < 0 ? 0 : SEEN(m->list.product) * p0;
    if (of == READING_P) row[ERROR_PRODUCT] += rest;
    if (stands_by) row[ERROR_PRODUCT] += response * s->data->second_coefficient * p0;
    row[ERROR_SECOND] =
        m->list.second < 0 ? response * b0 : SEEN(m->list.second) * s->second_start[run] * power(e[ERROR_SECOND]);
#undef SEEN
    row += RUN_ERRORS;
    for (size_t j = 0; j < SHARED_ERRORS; j++) row[j] = 0;
    row[response_of[of]] = *value;
    if (of == READING_P) row[ERROR_SELECTIVITY] = gain * (amount - p0);
    row[ERROR_DEAD] = o->cat0 > 0 ? -by_catalyst * s->least_loading : 0;
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
    for (int j = 0; j < s->mechanism->n_species && m->wanted != DERIVATIVES_NONE; j++)
        if (s->observed >> j & 1)
            mech_path_rates_at_times(solution, j, m->times, o->n_times, m->rates + (size_t)j * o->n_times);
    const size_t width = mech_fit_n_columns(s, m->wanted);
    for (size_t i = o->first; i < o->first + o->n; i++) {
        const observation *a = &s->data->all[i];
        const size_t at = point * s->data->n + i;
        const reading_view *view = &s->views[a->of];
        double rate = 0;
        for (int j = 0; j < view->n && m->wanted != DERIVATIVES_NONE && m->times[a->time] > 0; j++)
            rate += view->weight[j] * m->rates[(size_t)view->species[j] * o->n_times + a->time];
        derive_reading(m, run, x, m->columns + a->time * n_columns, rate, a->of, &m->values[at],
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
    const size_t n_species = (size_t)m->s->mechanism->n_species;
    m->n_observed = __builtin_popcount(m->s->observed);
    const size_t n_columns = n_species + (size_t)m->n_observed * m->list.n;
    m->times = mech_allocate_array(n_times, sizeof *m->times);
    m->columns = mech_allocate_array(n_times * n_columns, sizeof *m->columns);
    m->rates = mech_allocate_array(n_species * n_times, sizeof *m->rates);
    mech_status status = m->times && m->columns && m->rates ? MECH_OK : mech_fail_memory(error);
    const mech_solver_options options = {.rtol = rtol, .atol = rtol * ABSOLUTE, .max_steps = MOST_STEPS};
    const integration_job job = {.next = next_run,
                                 .finished = finished,
                                 .context = m,
                                 .records = true,
                                 .n_tangents = m->list.n,
                                 .tangents = m->list.which,
                                 .observed = m->s->observed};
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
            const bool stands_by = a->of == READING_B && s->second < 0;
            const double rest = stands_by ? o->b0 + s->data->second_coefficient * o->p0 : 0;
            const double z = (rest + seen(&s->views[a->of], y) - a->value) / m->scale;
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
