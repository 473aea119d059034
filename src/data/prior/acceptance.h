/* Which thetas are worth learning from: the reaction must go, and its mechanism must show itself. */
#ifndef MECH_DATA_PRIOR_ACCEPTANCE_H
#define MECH_DATA_PRIOR_ACCEPTANCE_H

#include "base/error.h"

/* A theta whose conversion at the lowest loading is smaller is refused. */
static const double LEAST_YIELD = 0.5;

typedef enum verdict { ACCEPTED, REFUSED_BY_YIELD, REFUSED_BY_RULE, SOLVER_FAILED } verdict;

/* Thetas to be judged. */
typedef struct candidates {
    size_t n;
    const double *k;        /* [n][n_rate_constants] */
    const double *additive; /* [n]: start amount of mech_additive_species() */
} candidates;

/* Judges each candidate by the yield rule and by the rules by which its mechanism shows itself, if it has any
 * (docs/data.md): verdicts[n], each a verdict. Runs on the calling thread. */
mech_status mech_judge_candidates(const mech_mechanism *mechanism, const mech_solver_options *options,
                                  const candidates *c, uint8_t *verdicts, mech_error *error);

#endif
