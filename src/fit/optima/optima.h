/* Where a mechanism comes closest to a run set: the optima of the posterior of theta and the experiment's errors. */
#ifndef MECH_FIT_OPTIMA_OPTIMA_H
#define MECH_FIT_OPTIMA_OPTIMA_H

#include "fit/likelihood/errors.h"
#include "fit/likelihood/noise.h"
#include "fit/theta/prior.h"

typedef struct optimum {
    double *x;            /* [space->n] */
    double log_posterior; /* of theta and errors, up to a constant, with the noise found */
    noise_level noise;
} optimum;

typedef struct optima_request {
    const fit_space *space;
    const theta_prior *prior;
    error_spreads spreads; /* of the errors */
    noise_level noise;     /* to begin with */
    bool noise_is_told;
    size_t n_starts; /* descents that begin */
    size_t n_warm;   /* and those that begin elsewhere: warm[n_warm][n_theta] */
    const double *warm;
    size_t n_scouts; /* of the closest draws, every other one goes into scouts[n_scouts][n_theta] */
    double *scouts;  /* NULL: none wanted */
    double rtol;     /* of the solver */
} optima_request;

/* Screens the prior's draws, stretched in time, goes downhill from the closest (Levenberg and Marquardt; Marquardt, J.
 * Soc. Ind. Appl. Math. 11 (1963) 431) and returns the different places found, best first: at most `most`, none where
 * no simulation came to its end. at[most].x has room for space->n numbers each. */
mech_status mech_find_optima(const optima_request *q, size_t most, optimum *at, size_t *n, mech_error *error);

/* Goes down from each of scouts[n][n_theta] for a little, held near it by one kernel of the prior in place of the
 * whole: where the readings leave a valley, the ends are spread along it. Errors begin as those of `from`, whose noise
 * is taken as told. at[n].log_posterior is as of the whole prior, -INFINITY where no simulation came to its end. */
mech_status mech_scout_optima(const optima_request *q, const optimum *from, size_t n, const double *scouts, optimum *at,
                              mech_error *error);

/* Goes down from given points only; at[n] is replaced. */
mech_status mech_improve_optima(const optima_request *q, size_t n, optimum *at, mech_error *error);

#endif
