#include "fit/posterior/turnover.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>

/* Places at which a run is looked at, closer to each other at its start, and those beyond its end. */
enum { N_WITHIN = 81, N_BEYOND = 40 };

static double units_of(const mech_mechanism *m, size_t species) { return m->species[species].catalyst_units; }

/* The catalyst in a state, in units of what is weighed in. */
static double catalyst_in(const mech_mechanism *m, const double *y) {
    double all = 0;
    for (size_t j = 0; j < (size_t)m->n_species; j++) all += units_of(m, j) * y[j];
    return all;
}

/* Shares of it in each species. */
static void share_out(const mech_mechanism *m, const double *y, double *share) {
    const double all = catalyst_in(m, y);
    for (size_t j = 0; j < (size_t)m->n_species; j++)
        share[j] = all > 0 ? fmin(fmax(units_of(m, j) * y[j] / all, 0), 1) : 0;
}

mech_status mech_posterior_shares(const fit_space *s, const double *x, size_t run, size_t n_times, const double *times,
                                  double rtol, double *share, bool *ok, mech_error *error) {
    const size_t n = (size_t)s->mechanism->n_species;
    double *y = mech_allocate_array(n_times * n, sizeof *y);
    if (!y) return mech_fail_memory(error);
    const mech_status status = mech_fit_species(s, x, run, n_times, times, rtol, y, ok, error);
    for (size_t i = 0; i < n_times && status == MECH_OK && *ok; i++) share_out(s->mechanism, y + i * n, share + i * n);
    mech_release_array(y);
    return status;
}

bool mech_loses_catalyst(const mech_mechanism *m) {
    for (int j = 0; j < m->n_species; j++)
        if (m->species[j].role == MECH_ROLE_INACTIVE && m->species[j].catalyst_units) return true;
    return false;
}

static double lost_share(const mech_mechanism *m, const double *share) {
    double lost = 0;
    for (size_t j = 0; j < (size_t)m->n_species; j++)
        if (m->species[j].role == MECH_ROLE_INACTIVE) lost += share[j];
    return lost;
}

/* When half is lost, between the places that it lies between. */
static double find_half_life(const mech_mechanism *m, size_t n_times, const double *times, const double *y,
                             double never) {
    double share[MAX_SPECIES], before = 0;
    for (size_t i = 0; i < n_times; i++) {
        share_out(m, y + i * (size_t)m->n_species, share);
        const double lost = lost_share(m, share);
        if (lost >= 0.5 && i) return times[i - 1] + (0.5 - before) / (lost - before) * (times[i] - times[i - 1]);
        before = lost;
    }
    return never;
}

/* The run's own places, then, spaced by a constant factor, those beyond. */
static size_t set_times(double length, bool beyond, double *times) {
    size_t n = 0;
    for (size_t i = 0; i < N_WITHIN; i++) {
        const double share = (double)i / (N_WITHIN - 1);
        times[n++] = length * share * share;
    }
    for (size_t i = 1; beyond && i <= N_BEYOND; i++) times[n++] = length * pow(LONGEST_FOLLOWED, (double)i / N_BEYOND);
    return n;
}

static void describe(const fit_space *s, const double *x, size_t run, size_t n_times, const double *times,
                     const double *y, run_turnover *t) {
    const mech_mechanism *m = s->mechanism;
    const size_t n = (size_t)m->n_species, p = (size_t)m->product;
    const observed_run *o = &s->data->runs[run];
    const double at_hand = o->cat0 * exp(x[mech_fit_run_errors(s, run) + ERROR_CATALYST]);
    double k[MAX_RATE_CONSTANTS], change[MAX_SPECIES], share[MAX_SPECIES], before[MAX_SPECIES] = {0};
    for (size_t j = 0; j < s->n_k; j++) k[j] = exp(x[j]);
    for (size_t i = 0; i < N_WITHIN; i++) {
        mech_mechanism_derivative(m, k, y + i * n, change);
        t->highest_tof = fmax(t->highest_tof, change[p] / at_hand);
        share_out(m, y + i * n, share);
        for (size_t j = 0; j < n; j++) {
            if (i) t->shares[j] += (share[j] + before[j]) / 2 * (times[i] - times[i - 1]) / o->length;
            before[j] = share[j];
        }
    }
    t->ton = (y[(N_WITHIN - 1) * n + p] - y[p]) / at_hand;
    t->half_life = mech_loses_catalyst(m) ? find_half_life(m, n_times, times, y, LONGEST_FOLLOWED * o->length) : NAN;
}

mech_status mech_posterior_turnover(const fit_space *s, const double *x, size_t run, double rtol, run_turnover *t,
                                    bool *ok, mech_error *error) {
    double times[N_WITHIN + N_BEYOND];
    const size_t n = (size_t)s->mechanism->n_species;
    double *y = mech_allocate_array((N_WITHIN + N_BEYOND) * n, sizeof *y);
    *t = (run_turnover){0};
    if (!y) return mech_fail_memory(error);
    const size_t n_times = set_times(s->data->runs[run].length, mech_loses_catalyst(s->mechanism), times);
    const mech_status status = mech_fit_species(s, x, run, n_times, times, rtol, y, ok, error);
    if (status == MECH_OK && *ok) describe(s, x, run, n_times, times, y, t);
    mech_release_array(y);
    return status;
}
