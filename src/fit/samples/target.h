/* What a fit is held to: the readings of one sample. */
#ifndef MECH_FIT_SAMPLES_TARGET_H
#define MECH_FIT_SAMPLES_TARGET_H

#include "data/samples/augment.h"

typedef struct fit_target {
    size_t n_times;          /* t = 0 included */
    const float *x2;         /* [n_times][12]: t, S, P of four runs, NaN where not measured; belongs to the caller */
    double loadings[N_RUNS]; /* of catalyst */
    double s0[N_RUNS], p0[N_RUNS];
    size_t n_readings; /* of S and P after t = 0 that were measured */
} fit_target;

/* Of a sample of a design whose four runs have one unit of time. What is missing at t = 0 is taken from the mass
 * balance. */
fit_target mech_fit_target_of(size_t n_times, const float *x1, const float *x2);

#endif
