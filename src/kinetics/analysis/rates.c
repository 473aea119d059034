#include "kinetics/analysis/analysis.h"

#include "base/error.h"

#include <math.h>

enum { CURVE = 41 };

/* e to the numbers, times a factor, put into an estimate. */
static mech_estimate estimate_rate(double log_rate, size_t n, double *log_rates, double factor, double level) {
    mech_estimate e = mech_estimate_of(log_rate, n, log_rates, level);
    return (mech_estimate){factor * exp(e.value), factor * exp(e.low), factor * exp(e.high)};
}

/* ln of the rate at an extent, after each draw: values[n_draws]. Returns that of the fit. */
static double rates_at(const course_problem *problem, const course_fit *fit, double extent, double *values) {
    const size_t n_p = fit->layout.n_parameters, n_shapes = fit->layout.n_shapes;
    for (size_t d = 0; d < fit->n_draws; d++)
        values[d] = mech_course_log_rate(problem, n_shapes, fit->draws + d * n_p, 0, extent);
    return mech_course_log_rate(problem, n_shapes, fit->parameters, 0, extent);
}

/* The furthest extent that the smooth course of a run was seen to reach. */
static double end_of_course(const course_problem *problem, const course_fit *fit) {
    const course_run *r = &problem->runs[0];
    return mech_course_extent(problem, fit->layout.n_shapes, fit->parameters, 0, r->time[r->n - 1]);
}

static mech_status fill_curve(analysis *a, size_t run, double *values, mech_error *error) {
    const course_problem *problem = &a->own_problems[run];
    const course_fit *fit = &a->own_fits[run];
    const double unit = a->followed.axis / a->followed.time, level = a->options.level;
    mech_kinetic_run *to = &a->runs[run];
    double *extent = mech_arena_allocate(a->memory, CURVE, sizeof *extent), fastest = -INFINITY;
    double *rate = mech_arena_allocate(a->memory, CURVE, sizeof *rate);
    double *low = mech_arena_allocate(a->memory, CURVE, sizeof *low);
    double *high = mech_arena_allocate(a->memory, CURVE, sizeof *high);
    if (!extent || !rate || !low || !high) return mech_fail_memory(error);
    const double end = end_of_course(problem, fit);
    for (size_t i = 0; i < CURVE; i++) {
        const double at = end * (double)i / (CURVE - 1), log_rate = rates_at(problem, fit, at, values);
        const mech_estimate e = estimate_rate(log_rate, fit->n_draws, values, unit, level);
        extent[i] = at * a->followed.axis;
        rate[i] = e.value;
        low[i] = e.low;
        high[i] = e.high;
        if (!i) to->initial_rate = e;
        if (log_rate > fastest) {
            fastest = log_rate;
            to->highest_rate = e;
        }
    }
    to->n_curve = CURVE;
    to->curve_extent = extent;
    to->curve_rate = rate;
    to->curve_low = low;
    to->curve_high = high;
    to->conversion = end * a->followed.axis / to->start_substrate;
    return MECH_OK;
}

static mech_estimate divide(mech_estimate e, double by) {
    return (mech_estimate){e.value / by, e.low / by, e.high / by};
}

static mech_status find_rate(analysis *a, size_t run, mech_error *error) {
    const size_t species[1] = {0};
    const followed_run *r = &a->followed.runs[run];
    mech_kinetic_run *to = &a->runs[run];
    const course_settings settings = {.told_spread = 1e-3,
                                      .spread_held = true,
                                      .least_shapes = 1,
                                      .most_shapes = COURSE_MOST_SHAPES,
                                      .n_draws = a->options.n_draws,
                                      .seed = a->options.seed,
                                      .stream = STREAM_RUN + run};
    mech_followed_problem(&a->followed, 1, &run, 0, species, false, &a->own_problems[run]);
    mech_status status = mech_course_fit(&a->own_problems[run], &settings, &a->own_fits[run], error);
    double *values = status == MECH_OK ? mech_allocate_array(a->options.n_draws, sizeof *values) : NULL;
    if (status == MECH_OK && !values) status = mech_fail_memory(error);
    if (status == MECH_OK) status = fill_curve(a, run, values, error);
    mech_release_array(values);
    if (status != MECH_OK) return status;
    to->noise = a->own_fits[run].scale * a->followed.axis;
    to->initial_tof = divide(to->initial_rate, r->run->cat0);
    to->highest_tof = divide(to->highest_rate, r->run->cat0);
    to->ton = to->conversion * to->start_substrate / r->run->cat0;
    return MECH_OK;
}

/* Catalyst on the cycle as a share of what was weighed in, where it was measured in a run, by the extents of the smooth
 * course at the times of its readings. */
static mech_status follow_active(analysis *a, size_t run, mech_error *error) {
    followed_run *r = &a->followed.runs[run];
    const course_fit *fit = &a->own_fits[run];
    const double *active = r->run->active, largest = r->run->cat0;
    double *extent = mech_arena_allocate(a->memory, r->run->n_readings, sizeof *extent);
    double *log_active = mech_arena_allocate(a->memory, r->run->n_readings, sizeof *log_active);
    if (!extent || !log_active) return mech_fail_memory(error);
    size_t n = 0;
    for (size_t i = 0; i < r->run->n_readings; i++) {
        if (isnan(active[i])) continue;
        extent[n] = mech_course_extent(&a->own_problems[run], fit->layout.n_shapes, fit->parameters, 0,
                                       r->run->time[i] / a->followed.time);
        /* Against the same reference as catalysts that were only weighed in; less than a hundredth is taken for that.
         */
        log_active[n++] = log(fmax(active[i], 0.01 * largest) / a->followed.species[0].reference);
    }
    r->active_extent = extent;
    r->active_log = log_active;
    r->n_active = n;
    return MECH_OK;
}

/* Whether active catalyst was measured, three times or more, in every run. */
static bool has_active(const analysis *a) {
    for (size_t i = 0; i < a->followed.n_runs; i++) {
        const mech_run *run = a->followed.runs[i].run;
        size_t n = 0;
        for (size_t k = 0; run->active && k < run->n_readings; k++) n += isnan(run->active[k]) ? 0 : 1;
        if (a->followed.runs[i].used && n < 3) return false;
    }
    return true;
}

mech_status mech_find_rates(analysis *a, mech_error *error) {
    mech_status status = MECH_OK;
    const bool active = has_active(a);
    for (size_t i = 0; status == MECH_OK && i < a->followed.n_runs; i++) {
        const followed_run *r = &a->followed.runs[i];
        mech_kinetic_run *to = &a->runs[i];
        to->name = mech_sentence(&a->remarks, "%s", r->run->name);
        to->start_substrate = r->run->s0;
        to->used = r->used;
        if (!r->used) continue;
        to->followed_product = r->product;
        to->n_readings = r->n;
        to->time = r->time;
        to->extent = r->extent;
        to->factor = NAN;
        status = find_rate(a, i, error);
        if (status == MECH_OK && active) status = follow_active(a, i, error);
    }
    if (status == MECH_OK && active)
        mech_remark(&a->remarks, "The active catalyst was measured; the order in cat is that in active catalyst.");
    return status;
}
