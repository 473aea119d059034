/* What fits say of the course of a run, asked for once they are there: curves, bands, forms of the catalyst, draws. */
#include "fit/fits.h"

#include "base/error.h"
#include "base/numbers/quantiles.h"
#include "fit/posterior/turnover.h"

#include <math.h>

/* Times in the units of the fit; NULL where memory is short. */
static double *scale_times(const fit_result *r, size_t n_times, const double *times) {
    double *scaled = mech_allocate_array(n_times, sizeof *scaled);
    for (size_t i = 0; scaled && i < n_times; i++) scaled[i] = times[i] / r->data.time_unit;
    return scaled;
}

static mech_status find_case(const fit_result *r, size_t rank, size_t run, bool with_points,
                             const mechanism_case **found, mech_error *error) {
    *found = rank < r->n_cases ? &r->cases[r->order[rank]] : NULL;
    if (!*found || run >= r->data.n_runs || !(*found)->evidence.found || (with_points && !(*found)->points.n))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no curve of mechanism %zu and run %zu", rank, run);
    return MECH_OK;
}

/* A case with times in the fit's unit; the caller frees *scaled. */
static mech_status find_course(const fit_result *r, size_t rank, size_t run, bool with_points, size_t n_times,
                               const double *times, const mechanism_case **found, double **scaled, mech_error *error) {
    *scaled = NULL;
    const mech_status status = find_case(r, rank, run, with_points, found, error);
    if (status != MECH_OK) return status;
    *scaled = scale_times(r, n_times, times);
    return *scaled ? MECH_OK : mech_fail_memory(error);
}

/* One point's curves as the readings show them, in the run set's units, at times in the fit's; y[n_times][n_species] is
 * room. */
static mech_status show(const fit_result *r, const mechanism_case *c, const double *x, size_t run, size_t n_times,
                        const double *times, double *y, double *substrate, double *product, bool *ok,
                        mech_error *error) {
    const mech_mechanism *m = c->mechanism;
    const size_t n_species = (size_t)m->n_species;
    const double *shared = x + mech_fit_shared_errors(&c->space), unit = r->data.concentration_unit;
    const double p0 = r->data.runs[run].p0 * exp(x[mech_fit_run_errors(&c->space, run) + ERROR_PRODUCT]);
    const mech_status status = mech_fit_species(&c->space, x, run, n_times, times, FIT_RTOL, y, ok, error);
    for (size_t i = 0; i < n_times && status == MECH_OK && *ok; i++) {
        substrate[i] = unit * exp(shared[ERROR_RESPONSE_S]) * y[i * n_species + (size_t)m->substrate];
        product[i] = unit * exp(shared[ERROR_RESPONSE_P]) *
                     (p0 + exp(shared[ERROR_SELECTIVITY]) * (y[i * n_species + (size_t)m->product] - p0));
    }
    return status;
}

mech_status mech_fits_curves(const mech_fits *fits, size_t rank, size_t run, size_t n_times, const double *times,
                             double *substrate, double *product, mech_error *error) {
    const fit_result *r = (const fit_result *)fits;
    const mechanism_case *c = NULL;
    bool ok = false;
    double *scaled = NULL;
    mech_status status = find_course(r, rank, run, false, n_times, times, &c, &scaled, error);
    if (status != MECH_OK) return status;
    double *y = mech_allocate_array(n_times * (size_t)c->mechanism->n_species, sizeof *y);
    status = y ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = show(r, c, c->best, run, n_times, scaled, y, substrate, product, &ok, error);
    if (status == MECH_OK && !ok)
        status = mech_fail(error, MECH_NUMERICAL_FAILURE, "%s could not be simulated", c->mechanism->id);
    mech_release_array(scaled);
    mech_release_array(y);
    return status;
}

/* Medians and intervals of each of n_columns over n rows of values[n][stride]. */
static mech_status summarise(size_t n, size_t stride, const double *values, size_t n_columns, mech_estimate *to,
                             mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t j = 0; j < n_columns && status == MECH_OK; j++) {
        posterior_interval i;
        status = mech_posterior_column(n, stride, values, j, &i, error);
        to[j] = (mech_estimate){i.value, i.low, i.high};
    }
    return status;
}

mech_status mech_fits_bands(const mech_fits *fits, size_t rank, size_t run, size_t n_times, const double *times,
                            mech_estimate *substrate, mech_estimate *product, mech_error *error) {
    const fit_result *r = (const fit_result *)fits;
    const mechanism_case *c = NULL;
    size_t n = 0;
    double *scaled = NULL;
    mech_status status = find_course(r, rank, run, true, n_times, times, &c, &scaled, error);
    if (status != MECH_OK) return status;
    double *y = mech_allocate_array(n_times * (size_t)c->mechanism->n_species, sizeof *y);
    double *rows = mech_allocate_array(c->points.n * 2 * n_times, sizeof *rows); /* S, then P */
    status = y && rows ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < c->points.n && status == MECH_OK; i++) {
        double *row = rows + n * 2 * n_times;
        bool ok = false;
        status = show(r, c, c->points.x + i * c->space.n, run, n_times, scaled, y, row, row + n_times, &ok, error);
        n += ok;
    }
    if (status == MECH_OK) status = summarise(n, 2 * n_times, rows, n_times, substrate, error);
    if (status == MECH_OK) status = summarise(n, 2 * n_times, rows + n_times, n_times, product, error);
    mech_release_array(scaled);
    mech_release_array(y);
    mech_release_array(rows);
    return status;
}

mech_status mech_fits_catalyst(const mech_fits *fits, size_t rank, size_t run, size_t n_times, const double *times,
                               mech_estimate *share, mech_error *error) {
    const fit_result *r = (const fit_result *)fits;
    const mechanism_case *c = NULL;
    size_t n = 0;
    double *scaled = NULL;
    mech_status status = find_course(r, rank, run, true, n_times, times, &c, &scaled, error);
    if (status != MECH_OK) return status;
    const size_t n_columns = n_times * (size_t)c->mechanism->n_species;
    double *rows = mech_allocate_array(c->points.n * n_columns, sizeof *rows);
    status = rows ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < c->points.n && status == MECH_OK; i++) {
        bool ok = false;
        status = mech_posterior_shares(&c->space, c->points.x + i * c->space.n, run, n_times, scaled, FIT_RTOL,
                                       rows + n * n_columns, &ok, error);
        n += ok;
    }
    if (status == MECH_OK) status = summarise(n, n_columns, rows, n_columns, share, error);
    mech_release_array(scaled);
    mech_release_array(rows);
    return status;
}

mech_status mech_fits_draws(const mech_fits *fits, size_t rank, size_t n, double *values, mech_error *error) {
    const fit_result *r = (const fit_result *)fits;
    const mechanism_case *c = NULL;
    mech_status status = find_case(r, rank, 0, false, &c, error);
    if (status == MECH_OK && !c->evidence.n_samples)
        status = mech_fail(error, MECH_INVALID_ARGUMENT, "%s was not sampled", c->mechanism->id);
    if (status != MECH_OK) return status;
    size_t *samples = mech_allocate_array(n, sizeof *samples);
    status = samples ? mech_posterior_resample(&c->evidence, n, 0.5, samples, error) : mech_fail_memory(error);
    for (size_t j = 0; j < c->space.n_theta && status == MECH_OK; j++) {
        const mech_quantity *q = &c->fit.rate_constants[j];
        const double unit =
            pow(r->data.concentration_unit, q->concentration_power) * pow(r->data.time_unit, q->time_power);
        for (size_t i = 0; i < n; i++)
            values[i * c->space.n_theta + j] = unit * exp(c->evidence.samples[samples[i]].at[j]);
    }
    mech_release_array(samples);
    return status;
}

const mech_run_set *mech_fits_runs(const mech_fits *fits) { return ((const fit_result *)fits)->set; }
