#include "experiment/view/conventions.h"

#include "experiment/view/ends.h"

#include <math.h>
#include <string.h>

/* Runs whose [S]0 differ by less than this share were meant to start alike. */
static const double ALIKE = 0.1;

/* An order of runs that does not depend on their order in the file: by loading, then by whatever tells them apart. */
static int compare_runs(const mech_run *a, const mech_run *b) {
    size_t end_a = a->n_readings - 1, end_b = b->n_readings - 1;
    const double keys[][2] = {
        {a->cat0, b->cat0},
        {a->s0, b->s0},
        {a->p0, b->p0},
        {a->time[end_a], b->time[end_b]},
        {(double)a->n_readings, (double)b->n_readings},
        {mech_substrate_at(a, end_a), mech_substrate_at(b, end_b)},
        {mech_substrate_at(a, 1), mech_substrate_at(b, 1)},
        {a->time[1], b->time[1]},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i][0] != keys[i][1]) return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static void sort_runs(const mech_run *runs, size_t *order) {
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        size_t j = i;
        for (; j > 0 && compare_runs(&runs[i], &runs[order[j - 1]]) < 0; j--) order[j] = order[j - 1];
        order[j] = i;
    }
}

/* How far apart the [S]0 of all sorted runs but one are, as a share of the largest. */
static double spread_without(const mech_run *runs, const size_t *order, size_t left_out) {
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        if (i == left_out) continue;
        least = fmin(least, runs[order[i]].s0);
        most = fmax(most, runs[order[i]].s0);
    }
    return (most - least) / most;
}

/* Sorts the runs by loading and moves the same-excess run, whose [S]0 is not that of the others, to the end. Where all
 * [S]0 are alike it is the run without which they agree best, of equals the one of the highest loading. */
static mech_status order_runs(const mech_experiment *e, model_view *view, mech_error *error) {
    size_t *order = view->order, odd = 0;
    double least = INFINITY;
    sort_runs(e->runs, order);
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        double spread = spread_without(e->runs, order, i);
        if (spread <= least) {
            least = spread;
            odd = i;
        }
    }
    if (least > ALIKE)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: no three runs start at the same [S]0 (%g, %g, %g, %g); expected three runs alike but for the "
            "loading, and a same-excess run",
            e->source, e->runs[0].s0, e->runs[1].s0, e->runs[2].s0, e->runs[3].s0);
    size_t last = order[odd];
    memmove(&order[odd], &order[odd + 1], (MODEL_RUNS - 1 - odd) * sizeof *order);
    order[MODEL_RUNS - 1] = last;
    double s0 = e->runs[order[0]].s0;
    view->same_excess = fabs(e->runs[last].s0 - s0) > ALIKE * s0;
    return MECH_OK;
}

/* Refuses runs of which none reacts: a model would name a mechanism all the same. */
static mech_status check_reaction(const mech_experiment *e, mech_error *error) {
    double most = 0;
    for (size_t i = 0; i < e->n_runs; i++) most = fmax(most, mech_final_conversion(&e->runs[i]) / e->runs[i].s0);
    if (most > LEAST_CHANGE) return MECH_OK;
    return mech_fail(
        error, MECH_INVALID_INPUT,
        "%s: nothing reacts: the runs end at conversions of %.2g %% at most; expected more than %g %% in one of "
        "them",
        e->source, 100 * most, 100 * LEAST_CHANGE);
}

/* Refuses what lies far outside of chemistry, and near where single precision ends. */
static mech_status check_concentrations(const mech_experiment *e, const mech_run *run, double unit, mech_error *error) {
    for (size_t i = 0; i < run->n_readings; i++)
        if (!(fabs(mech_substrate_at(run, i) / unit) < 1e6) || !(fabs(mech_product_at(run, i) / unit) < 1e6))
            return mech_fail(
                error, MECH_INVALID_INPUT,
                "%s: run %s, reading %zu: a concentration is a million times [S]0; expected S and P in one unit",
                e->source, run->name, i + 1);
    return MECH_OK;
}

/* The index of kept point i of n_points after t = 0 (n_points <= last), evenly spread and ending at the last:
 * round(i last / n_points). */
static size_t kept_index(size_t i, size_t last, size_t n_points) { return (2 * i * last + n_points) / (2 * n_points); }

static void fill_run(const mech_run *run, size_t last, double time_unit, size_t column, model_view *view) {
    for (size_t i = 0; i <= view->n_points; i++) {
        size_t point = kept_index(i, last, view->n_points);
        double s = mech_substrate_at(run, point) / view->concentration_unit;
        double p = mech_product_at(run, point) / view->concentration_unit;
        float *row = view->x2 + i * MODEL_COLUMNS + 3 * column;
        row[0] = (float)(run->time[point] / time_unit);
        row[1] = i && !run->substrate ? NAN : (float)s;
        row[2] = i && !run->product ? NAN : (float)p;
    }
}

mech_status mech_view_experiment(const mech_experiment *experiment, mech_sample_design sample_design, model_view *view,
                                 mech_error *error) {
    *view = (model_view){0};
    if (experiment->n_runs != MODEL_RUNS)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: has %zu %s; this version classifies exactly four: three loadings at one [S]0 and a same-excess "
            "run",
            experiment->source, experiment->n_runs, experiment->n_runs == 1 ? "run" : "runs");
    mech_status status = order_runs(experiment, view, error);
    view->concentration_unit = experiment->runs[view->order[0]].s0;
    for (size_t i = 0; i < MODEL_RUNS && status == MECH_OK; i++)
        status = check_concentrations(experiment, &experiment->runs[i], view->concentration_unit, error);
    if (status == MECH_OK) status = check_reaction(experiment, error);
    if (status != MECH_OK) return status;
    view->n_points = MOST_POINTS;
    view->own_times = sample_design == MECH_DESIGN_FIXED_WINDOW;
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        const mech_run *run = &experiment->runs[i];
        view->last[i] = sample_design == MECH_DESIGN_NATURE ? mech_end_of_reaction(run) : run->n_readings - 1;
        if (view->last[i] < view->n_points) view->n_points = view->last[i];
        view->time_unit = fmax(view->time_unit, run->time[view->last[i]]);
    }
    view->x2 = mech_allocate_array((view->n_points + 1) * MODEL_COLUMNS, sizeof *view->x2);
    if (!view->x2) return mech_fail_memory(error);
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        const mech_run *run = &experiment->runs[view->order[i]];
        const size_t last = view->last[view->order[i]];
        view->loadings[i] = run->cat0 / view->concentration_unit;
        view->x1[i] = (float)fmin(view->loadings[i], MOST_LOADING_SHOWN);
        double time_unit = view->own_times ? run->time[last] : view->time_unit;
        fill_run(run, last, time_unit, i, view);
    }
    return MECH_OK;
}

void mech_model_view_free(model_view *view) {
    mech_release_array(view->x2);
    *view = (model_view){0};
}
