#include "kinetics/analysis/analysis.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

/* An order known no better than this, from end to end of its interval, is not known. */
static const double WIDEST = 2;

/* Where runs lie this much further from one curve than their noise, the rate law is not a power law in what varies. */
static const double OVERLAID = 2;

/* Share of the axis to which the numbers are good: no overlay is called worse for less. */
static const double NEGLIGIBLE = 0.002;

/* The common curve may always bend: orders are to come from how runs differ, never from the shape that a stiff curve
 * would lend them. */
enum { LEAST_SHAPES = 3 };

/* A loading error below this counts as none. */
static const double LEAST_ERROR = 1e-4;

/* The common problem: which runs, and which species are its terms. */
typedef struct common {
    size_t n_runs, runs[MECH_MOST_RUNS];
    size_t n_terms, terms[MOST_SPECIES];
    course_problem problem;
    course_fit fit;
} common;

static void choose_terms(const analysis *a, common *c) {
    for (size_t i = 0; i < a->followed.n_runs; i++)
        if (a->followed.runs[i].used) c->runs[c->n_runs++] = i;
    for (size_t k = 0; k < a->followed.n_species; k++) {
        bool varies = a->followed.species[k].varies;
        if (!k) /* active catalyst that was measured varies by itself */
            for (size_t i = 0; i < c->n_runs; i++)
                if (a->followed.runs[c->runs[i]].n_active > 0) varies = true;
        if (varies) c->terms[c->n_terms++] = k;
    }
}

static void describe_species(analysis *a) {
    for (size_t k = 0; k < a->followed.n_species; k++) {
        const kinetic_species *s = &a->followed.species[k];
        mech_order *o = &a->orders[k];
        *o = (mech_order){.species = mech_sentence(&a->remarks, "%s", s->name),
                          .of = s->of,
                          .order = {NAN, NAN, NAN},
                          .least = INFINITY,
                          .most = -INFINITY,
                          .consumed = s->consumed};
        for (size_t i = 0; i < a->followed.n_runs; i++) {
            if (!a->followed.runs[i].used) continue;
            o->least = fmin(o->least, s->start[i]);
            o->most = fmax(o->most, s->start[i]);
        }
        if (!s->known)
            o->remark = "Its amount is not known in every run.";
        else if (s->of == MECH_ORDER_OF_PRODUCT)
            o->remark = "All runs start with the same amount, so that what it does shows in all alike.";
        else
            o->remark = "All runs start with the same amount; vary it to learn its order.";
    }
}

/* How far readings lie from one curve with these orders, and with none, where runs are not let off with factors of
 * their own. */
static mech_status find_deviation(const analysis *a, const common *c, bool with_orders, double *deviation,
                                  mech_error *error) {
    course_problem problem;
    course_fit fit;
    const course_settings settings = {
        .told_spread = 1e-4, .spread_held = true, .least_shapes = 1, .most_shapes = COURSE_MOST_SHAPES};
    mech_followed_problem(&a->followed, c->n_runs, c->runs, with_orders ? c->n_terms : 0, c->terms, false, &problem);
    if (with_orders) {
        problem.held = true;
        memcpy(problem.orders, c->fit.parameters, problem.n_terms * sizeof *problem.orders);
    }
    const mech_status status = mech_course_fit(&problem, &settings, &fit, error);
    if (status == MECH_OK) *deviation = mech_course_deviation(&problem, fit.residuals);
    mech_course_fit_free(&fit);
    return status;
}

/* tau(t) = integral from 0 to t of the product of (c / reference)^order, c along the run's own smooth course; by the
 * trapezoid rule with at least 200 steps a run. */
static mech_status normalise_run(analysis *a, const common *c, size_t place, mech_error *error) {
    enum { STEPS = 200 };
    const size_t run = c->runs[place];
    const followed_run *r = &a->followed.runs[run];
    const course_run *terms = &c->problem.runs[place];
    const course_fit *own = &a->own_fits[run];
    const size_t n_curve = a->runs[run].n_curve;
    double *normalised = mech_arena_allocate(a->memory, r->n, sizeof *normalised);
    double *rates = mech_arena_allocate(a->memory, n_curve, sizeof *rates);
    if (!normalised || !rates) return mech_fail_memory(error);
    /* The product of powers is the rate law with the shapes of g left out. */
    const double end = r->scaled_time[r->n - 1], step = end / STEPS;
    double from = 0, before = NAN, tau = 0, parameters[COURSE_MOST_PARAMETERS] = {0};
    course_problem problem = {.n_runs = 1, .n_terms = c->n_terms};
    problem.runs[0] = *terms;
    memcpy(parameters, c->fit.parameters, c->n_terms * sizeof *parameters);
    for (size_t i = 0; i < r->n; i++) {
        size_t n = i && step > 0 ? (size_t)ceil((r->scaled_time[i] - from) / step) : 1;
        if (!n) n = 1;
        const double width = (r->scaled_time[i] - from) / (double)n;
        for (size_t k = isnan(before) ? 0u : 1u; k <= n; k++) {
            const double extent = mech_course_extent(&a->own_problems[run], own->layout.n_shapes, own->parameters, 0,
                                                     from + (double)k * width);
            const double now = exp(mech_course_log_rate(&problem, 0, parameters, 0, extent));
            if (!isnan(before)) tau += width * (before + now) / 2;
            before = now;
        }
        from = r->scaled_time[i];
        normalised[i] = tau * a->followed.time;
    }
    for (size_t i = 0; i < n_curve; i++)
        rates[i] =
            a->runs[run].curve_rate[i] /
            exp(mech_course_log_rate(&problem, 0, parameters, 0, a->runs[run].curve_extent[i] / a->followed.axis));
    a->runs[run].normalised = normalised;
    a->runs[run].curve_normalised = rates;
    return MECH_OK;
}

static void take_orders(analysis *a, const common *c) {
    for (size_t k = 0; k < c->n_terms; k++) {
        mech_order *o = &a->orders[c->terms[k]];
        o->order = mech_course_estimate(&c->fit, k, a->options.level);
        o->estimated = true;
        o->remark = o->order.high - o->order.low > WIDEST
                        ? "Not determined: these runs do not tell it from what else varies, or vary it too little."
                        : "";
    }
    for (size_t i = 0; i < c->n_runs; i++) a->runs[c->runs[i]].factor = exp(c->fit.factors[i]);
}

static void judge_overlay(analysis *a) {
    const mech_overlay *o = &a->result.overlay;
    if (o->after > OVERLAID * o->noise && o->after > NEGLIGIBLE)
        mech_remark(&a->remarks,
                    "Normalised runs lie %.1f times as far from one curve as their noise: no orders make them one. "
                    "The orders are then a summary and no rate law; catalyst that is lost or has to form does this, "
                    "and so do errors in loadings.",
                    o->after / fmax(o->noise, 1e-12));
    if (o->spread > 1.5 * a->options.loading_error && o->spread > 0.05)
        mech_remark(&a->remarks,
                    "Runs are faster or slower than the orders say by %.0f %% (standard deviation), more than the "
                    "%.0f %% that errors in loading were taken to make; the intervals allow for it.",
                    100 * o->spread, 100 * a->options.loading_error);
}

mech_status mech_find_orders(analysis *a, mech_error *error) {
    common c = {.n_runs = 0};
    choose_terms(a, &c);
    describe_species(a);
    if (c.n_terms == 0 || c.n_runs < 2) {
        mech_remark(&a->remarks, "No orders: %s.",
                    c.n_runs < 2 ? "one run has nothing to be compared with"
                                 : "all runs start with the same amounts of everything");
        return MECH_OK;
    }
    const course_settings settings = {.told_spread = fmax(a->options.loading_error, LEAST_ERROR),
                                      .spread_held = a->options.loading_error < LEAST_ERROR,
                                      .least_shapes = LEAST_SHAPES,
                                      .most_shapes = COURSE_MOST_SHAPES,
                                      .n_draws = a->options.n_draws,
                                      .seed = a->options.seed,
                                      .stream = STREAM_ORDERS};
    mech_followed_problem(&a->followed, c.n_runs, c.runs, c.n_terms, c.terms, false, &c.problem);
    mech_status status = mech_course_fit(&c.problem, &settings, &c.fit, error);
    if (status == MECH_OK) status = find_deviation(a, &c, false, &a->result.overlay.before, error);
    if (status == MECH_OK) status = find_deviation(a, &c, true, &a->result.overlay.after, error);
    if (status == MECH_OK) {
        double sum = 0;
        for (size_t i = 0; i < c.n_runs; i++) {
            const double own = mech_course_deviation(&a->own_problems[c.runs[i]], a->own_fits[c.runs[i]].residuals);
            sum += own * own / (double)c.n_runs;
        }
        a->result.overlay.noise = sqrt(sum);
        a->result.overlay.spread = c.fit.spread;
        a->result.normalised = true;
        take_orders(a, &c);
        judge_overlay(a);
    }
    for (size_t i = 0; status == MECH_OK && i < c.n_runs; i++) status = normalise_run(a, &c, i, error);
    mech_course_fit_free(&c.fit);
    return status;
}
