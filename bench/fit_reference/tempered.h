/* The evidence of a mechanism for a run set by another way than that of fits: nothing is integrated out, no derivative
 * and no optimum is used. Theta, noise, the spreads of errors as the design has them (no levels) and every error itself
 * are numbers of a particle, and tempered sequential Monte Carlo (Del Moral, Doucet & Jasra, J. R. Stat. Soc. B 68
 * (2006) 411) carries particles from the prior to the posterior. */
#ifndef MECH_BENCH_TEMPERED_H
#define MECH_BENCH_TEMPERED_H

#include "fit/fits.h"

typedef struct tempered {
    const fit_space *space;
    const theta_prior *prior;
    size_t n_particles; /* even */
    size_t sweeps;      /* of moves at each temperature */
    double rtol;
} tempered;

/* *log_evidence, for unknown spreads and noise of Student's t. */
mech_status find_tempered_evidence(const tempered *t, uint64_t seed, double *log_evidence, mech_error *error);

#endif
