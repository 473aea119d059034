/* How far simulated runs are from a sample's readings. */
#ifndef MECH_FIT_SAMPLES_MISFIT_H
#define MECH_FIT_SAMPLES_MISFIT_H

#include "chemistry/mechanism.h"
#include "fit/samples/target.h"

enum { FIT_MOST_PARAMETERS = MAX_RATE_CONSTANTS + 1, FIT_MOST_TIMES = 256 };

/* What a fit can move: ln of each rate constant and, where its amount is not known, of the additive. Rate constants are
 * in units of the sample: its time runs from 0 to 1. */
typedef struct fit_parameters {
    const mech_mechanism *mechanism;
    size_t n_k, n;
    bool fits_additive; /* its place is the last */
    double additive;    /* the amount where it is known */
} fit_parameters;

/* Of a mechanism under a design. */
fit_parameters mech_fit_parameters_of(const mech_mechanism *mechanism, mech_sample_design sample_design);

/* The places of deviations in an array of them. */
static inline size_t n_deviations(const fit_target *t) { return N_RUNS * 2 * (t->n_times - 1); }

/* deviations[n_points][n_deviations()]: simulated minus measured S and P, run by run, reading by reading, of n_points
 * points x[n_points][p->n] of parameter space; 0 where nothing was measured, 1e3 where the solver fails. Where
 * `stretch` is not NULL, time is stretched by each of stretch[n_stretches], ascending, so that deviations are
 * [n_points][n_stretches][n_deviations()]. rtol: of the solver. */
mech_status mech_fit_deviations(const fit_parameters *p, const fit_target *t, size_t n_points, const double *x,
                                size_t n_stretches, const double *stretch, double rtol, double *deviations,
                                mech_error *error);

#endif
