/* What the posterior says of catalysts: which form they are in, how often each turns over, how long it lasts. */
#ifndef MECH_FIT_POSTERIOR_TURNOVER_H
#define MECH_FIT_POSTERIOR_TURNOVER_H

#include "fit/likelihood/curves.h"

/* Which share of its catalyst is in which species, of run number `run` at times by its clock:
 * share[n_times][n_species]; *ok as of mech_fit_species(). */
mech_status mech_posterior_shares(const fit_space *s, const double *x, size_t run, size_t n_times, const double *times,
                                  double rtol, double *share, bool *ok, mech_error *error);

/* One run at one point, in the units of the observations. */
typedef struct run_turnover {
    double highest_tof;         /* of d[P]/dt over the catalyst at hand */
    double ton;                 /* P formed by the run's end over the same */
    double half_life;           /* time by which half of the catalyst is lost; LONGEST_FOLLOWED run lengths or more:
                                   not within the time that is simulated; NaN: the mechanism loses none */
    double shares[MAX_SPECIES]; /* of the catalyst in each species, averaged over the run */
} run_turnover;

/* So many lengths of the run the loss of catalyst is followed. */
static const double LONGEST_FOLLOWED = 10;

/* Whether a mechanism has a form that catalyst does not come back from. */
bool mech_loses_catalyst(const mech_mechanism *m);

/* The run has catalyst and readings after t = 0; *ok as above. */
mech_status mech_posterior_turnover(const fit_space *s, const double *x, size_t run, double rtol, run_turnover *t,
                                    bool *ok, mech_error *error);

#endif
