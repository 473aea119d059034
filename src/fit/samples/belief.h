/* What is known of a mechanism's parameters before the readings: accepted thetas of the wide prior, in units of a
 * sample's time. They are where searches start, and, as a normal distribution of the logarithms, what a fit is weighed
 * with. */
#ifndef MECH_FIT_SAMPLES_BELIEF_H
#define MECH_FIT_SAMPLES_BELIEF_H

#include "base/machine/team.h"
#include "fit/samples/misfit.h"

typedef struct fit_belief {
    fit_parameters p;
    size_t n_thetas;
    double *thetas;         /* [n_thetas][p.n] */
    double *mean;           /* [p.n] */
    double *precision;      /* [p.n][p.n]: the inverse of the covariance */
    double log_determinant; /* ln of the precision's determinant */
} fit_belief;

/* Draws n_thetas of the mechanism, more than it has parameters, by the rules of design nature; the same ones each
 * time. Freed with mech_fit_belief_free(), in any case. */
mech_status mech_fit_belief_draw(const mech_mechanism *mechanism, size_t n_thetas, team *t, fit_belief *b,
                                 mech_error *error);
void mech_fit_belief_free(fit_belief *b);

#endif
