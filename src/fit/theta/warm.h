/* Where the fit of a mechanism begins if that of a similar one is known: rate constants that both have stay, those that
 * are new come from what is known of them beforehand. */
#ifndef MECH_FIT_THETA_WARM_H
#define MECH_FIT_THETA_WARM_H

#include "fit/theta/prior.h"

typedef struct warm_start {
    const mech_mechanism *mechanism;
    size_t n_theta;
    const double *theta; /* [n_theta]: its optimum */
} warm_start;

/* Fills starts[n][s->n_theta] with the closest of many tries, best first. Both mechanisms are compositions of built-in
 * parts, whose rate constants are told by the part that they belong to; of others all but the cycle's are new. */
mech_status mech_warm_starts(const fit_space *s, const theta_prior *p, const warm_start *from, size_t n, double *starts,
                             mech_error *error);

#endif
