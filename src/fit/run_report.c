/* What is said of the runs if one mechanism is right: their errors, turnovers and resting states. */
#include "fit/fits.h"

#include "base/error.h"
#include "fit/posterior/remarks.h"
#include "fit/posterior/turnover.h"

#include <math.h>
#include <string.h>

/* Runs whose [S]0 is so near the standard one start from it. */
static const double STANDARD = 0.02;

/* Columns of a run's turnovers, of one point each. */
enum { COLUMN_TOF, COLUMN_TON, COLUMN_HALF_LIFE, COLUMN_SHARES, N_COLUMNS = COLUMN_SHARES + MAX_SPECIES };

static mech_estimate estimate(const posterior_interval *i, double unit) {
    return (mech_estimate){unit * i->value, unit * i->low, unit * i->high};
}

static mech_estimate factor(const posterior_interval *i) {
    return (mech_estimate){exp(i->value), exp(i->low), exp(i->high)};
}

static mech_status report_errors(const mechanism_case *c, size_t run, mech_run_estimate *e, mech_error *error) {
    const fit_space *s = &c->space;
    const posterior_draws *points = &c->points;
    const observed_run *o = &s->data->runs[run];
    const size_t at = mech_fit_run_errors(s, run);
    posterior_interval i;
    e->name = o->run->name;
    mech_status status = mech_posterior_column(points->n, s->n, points->x, at + ERROR_CATALYST, &i, error);
    e->catalyst_factor = factor(&i);
    if (status == MECH_OK) status = mech_posterior_column(points->n, s->n, points->x, at + ERROR_START, &i, error);
    e->start_factor = factor(&i);
    if (status == MECH_OK) status = mech_posterior_column(points->n, s->n, points->x, at + ERROR_CLOCK, &i, error);
    e->clock_offset = estimate(&i, o->length * s->data->time_unit);
    return status;
}

/* A half-life beyond what was simulated is known from one side only. */
static mech_estimate half_life(const posterior_interval *i, double longest, double unit) {
    const double most = longest * (1 - 1e-9);
    return (mech_estimate){i->value < most ? unit * i->value : INFINITY, unit * i->low,
                           i->high < most ? unit * i->high : INFINITY};
}

/* The form that holds most, by the medians; what is lost does not rest. */
static mech_status report_resting(const mechanism_case *c, size_t n, const double *rows, mech_run_estimate *e,
                                  mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t j = 0; j < (size_t)c->mechanism->n_species && status == MECH_OK; j++) {
        posterior_interval i;
        const mechanism_species *form = &c->mechanism->species[j];
        if (!form->catalyst_units || form->role == MECH_ROLE_INACTIVE) continue;
        status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_SHARES + j, &i, error);
        if (e->resting_state && i.value <= e->resting_share.value) continue;
        e->resting_state = mech_mechanism_species(c->mechanism, j);
        e->resting_share = estimate(&i, 1);
    }
    return status;
}

/* rows[n][N_COLUMNS] has room for all points. */
static mech_status report_turnovers(const mechanism_case *c, size_t run, double *rows, mech_run_estimate *e,
                                    mech_error *error) {
    const fit_space *s = &c->space;
    const double unit = s->data->time_unit, longest = LONGEST_FOLLOWED * s->data->runs[run].length;
    const mech_estimate unknown = {NAN, NAN, NAN};
    mech_status status = MECH_OK;
    size_t n = 0;
    e->highest_tof = e->ton = e->half_life = e->resting_share = unknown;
    if (!(s->data->runs[run].cat0 > 0 && s->data->runs[run].length > 0)) return MECH_OK;
    for (size_t i = 0; i < c->points.n && status == MECH_OK; i++) {
        run_turnover t;
        bool ok = false;
        status = mech_posterior_turnover(s, c->points.x + i * s->n, run, FIT_RTOL, &t, &ok, error);
        if (status != MECH_OK || !ok) continue;
        double *row = rows + n++ * N_COLUMNS;
        row[COLUMN_TOF] = t.highest_tof;
        row[COLUMN_TON] = t.ton;
        row[COLUMN_HALF_LIFE] = t.half_life;
        for (size_t j = 0; j < MAX_SPECIES; j++) row[COLUMN_SHARES + j] = t.shares[j];
    }
    posterior_interval i;
    if (status == MECH_OK) status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_TOF, &i, error);
    e->highest_tof = estimate(&i, 1 / unit);
    if (status == MECH_OK) status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_TON, &i, error);
    e->ton = estimate(&i, 1);
    if (status == MECH_OK && mech_loses_catalyst(c->mechanism)) {
        status = mech_posterior_column(n, N_COLUMNS, rows, COLUMN_HALF_LIFE, &i, error);
        e->half_life = half_life(&i, longest, unit);
    }
    if (status == MECH_OK && n) status = report_resting(c, n, rows, e, error);
    return status;
}

static mech_quantity turnover(const char *name, const mech_estimate *e, int time_power) {
    return (mech_quantity){
        .name = name,
        .interval = *e,
        .time_power = time_power,
        .verdict = e->high < FIT_WIDEST * e->low ? MECH_DETERMINED : MECH_BOUNDED,
    };
}

/* Those of the first run of standard [S]0 stand for the experiment. */
static void report_standard(mechanism_case *c, const mech_run_estimate *runs) {
    const observations *data = c->space.data;
    size_t run = 0, n = c->fit.n_derived;
    while (run < data->n_runs && !(fabs(data->runs[run].s0 - 1) <= STANDARD && isfinite(runs[run].ton.value))) run++;
    if (run == data->n_runs) return;
    c->derived[n++] = turnover("TOF", &runs[run].highest_tof, -1);
    c->derived[n++] = turnover("TON", &runs[run].ton, 0);
    if (!isnan(runs[run].half_life.value)) c->derived[n++] = turnover("half-life", &runs[run].half_life, 1);
    c->fit.n_derived = n;
}

static mech_status report_remarks(const char *time_unit, mech_run_estimate *e, arena *memory, mech_error *error) {
    text t = {0};
    mech_run_remarks(e, time_unit, &t);
    char *remarks = t.failed ? NULL : mech_arena_allocate(memory, t.length + 1, 1);
    if (remarks && t.length) memcpy(remarks, t.characters, t.length);
    e->remarks = remarks;
    mech_text_free(&t);
    return remarks ? MECH_OK : mech_fail_memory(error);
}

mech_status mech_fit_report_runs(mechanism_case *c, const char *time_unit, arena *memory, mech_error *error) {
    const size_t n_runs = c->space.data->n_runs;
    mech_run_estimate *runs = mech_arena_allocate(memory, n_runs, sizeof *runs);
    double *rows = mech_allocate_array(c->points.n, N_COLUMNS * sizeof *rows);
    mech_status status = runs && rows ? MECH_OK : mech_fail_memory(error);
    for (size_t r = 0; r < n_runs && status == MECH_OK; r++) {
        status = report_errors(c, r, &runs[r], error);
        if (status == MECH_OK) status = report_turnovers(c, r, rows, &runs[r], error);
        if (status == MECH_OK) status = report_remarks(time_unit, &runs[r], memory, error);
    }
    if (status == MECH_OK) {
        report_standard(c, runs);
        c->fit.runs = runs;
        c->fit.n_runs = n_runs;
    }
    mech_release_array(rows);
    return status;
}
