/* What a mechanism says that the readings should have been, and its derivatives by all that a fit can move. */
#ifndef MECH_FIT_LIKELIHOOD_CURVES_H
#define MECH_FIT_LIKELIHOOD_CURVES_H

#include "chemistry/mechanism.h"
#include "fit/likelihood/observations.h"

/* What may be wrong with one run: ln of the factors on its catalyst, its [S]0, its [P]0 and its [B]0, and how late its
 * clock was started, as a share of the run's length. */
typedef enum run_error { ERROR_CATALYST, ERROR_START, ERROR_CLOCK, ERROR_PRODUCT, ERROR_SECOND, RUN_ERRORS } run_error;

/* What may be wrong with all runs: ln of the factors on every measured S, on every measured P, and on the share of what
 * S becomes that is P; the amount of catalyst that is dead from the start in every run, in units of the least loading;
 * ln of the factors on every measured B and on every measured active catalyst. */
typedef enum shared_error {
    ERROR_RESPONSE_S,
    ERROR_RESPONSE_P,
    ERROR_SELECTIVITY,
    ERROR_DEAD,
    ERROR_RESPONSE_B,
    ERROR_RESPONSE_ACTIVE,
    SHARED_ERRORS
} shared_error;

enum {
    FIT_MOST_THETA = MAX_RATE_CONSTANTS + 1,
    FIT_ERRORS = RUN_ERRORS + SHARED_ERRORS, /* on which one reading depends */
    FIT_MOST_ERRORS = RUN_ERRORS * MECH_MOST_RUNS + SHARED_ERRORS,
    FIT_MOST_POINT = FIT_MOST_THETA + FIT_MOST_ERRORS
};

/* What a reading sees: the sum of weight * amount over species. A mechanism without a second reactant says of B that it
 * falls as P is made, and that this does not matter. */
typedef struct reading_view {
    int n, species[MAX_SPECIES];
    double weight[MAX_SPECIES];
} reading_view;

/* Where everything stands in a point x[n] of a mechanism's parameter space: theta (ln of the rate constants, then ln of
 * the additive's amount where that is not known), the errors of run 1, of run 2, ..., the shared errors. Rate constants
 * and amounts are in units of the observations. */
typedef struct fit_space {
    const mech_mechanism *mechanism;
    const observations *data;
    size_t n_k, n_theta, n_errors, n;
    int additive;         /* the species; -1: none */
    double least_loading; /* of the runs with catalyst */
    bool fits_additive;
    double additive_amount[MECH_MOST_RUNS];   /* where it is known */
    double told[MECH_MOST_RUNS][MAX_SPECIES]; /* start amounts of further reactants that the file says; NaN: none */
    int second;                               /* the second reactant; -1: none */
    double second_start[MECH_MOST_RUNS];      /* in equivalents: what one turnover takes counts as 1 */
    reading_view views[READING_KINDS];
    uint32_t observed;            /* the species that readings see: bit i of species i */
    int observed_at[MAX_SPECIES]; /* their places among these */
} fit_space;

fit_space mech_fit_space(const mech_mechanism *mechanism, const observations *data);

static inline size_t mech_fit_run_errors(const fit_space *s, size_t run) { return s->n_theta + RUN_ERRORS * run; }
static inline size_t mech_fit_shared_errors(const fit_space *s) { return s->n_theta + RUN_ERRORS * s->data->n_runs; }

typedef enum fit_derivatives { DERIVATIVES_NONE, DERIVATIVES_BY_ERRORS, DERIVATIVES_BY_ALL } fit_derivatives;

/* Columns of a reading's derivatives: theta (with DERIVATIVES_BY_ALL only), its run's errors, the shared ones. */
static inline size_t mech_fit_n_columns(const fit_space *s, fit_derivatives wanted) {
    return wanted == DERIVATIVES_NONE ? 0 : FIT_ERRORS + (wanted == DERIVATIVES_BY_ALL ? s->n_theta : 0);
}

/* For n points x[n][space->n]: values[n][data->n] and derivatives[n][data->n][columns]. ok[n]: whether the solver came
 * to the end of all runs. rtol: of the solver. On the calling thread. */
mech_status mech_fit_curves(const fit_space *s, size_t n, const double *x, fit_derivatives wanted, double rtol,
                            double *values, double *derivatives, bool *ok, mech_error *error);

/* The squared deviations of curves without errors at n points theta[n][n_theta], for each of stretch[n_stretches] by
 * which all times are stretched (ascending): sums[n][n_stretches] of ln(1 + (deviation / scale)^2); INFINITY where the
 * solver fails. */
mech_status mech_fit_screen(const fit_space *s, size_t n, const double *theta, size_t n_stretches,
                            const double *stretch, double scale, double rtol, double *sums, mech_error *error);

/* All species of run number `run` at times[n_times] (in the data's units, by the run's own clock) for one point:
 * y[n_times][n_species]; *ok as above. */
mech_status mech_fit_species(const fit_space *s, const double *x, size_t run, size_t n_times, const double *times,
                             double rtol, double *y, bool *ok, mech_error *error);

/* Catalyst of a run that is alive at its start, at a point with errors. */
double mech_fit_living_catalyst(const fit_space *s, const double *x, size_t run);

#endif
