/* Other loadings, the same course: how rate constants are carried over when all catalyst is scaled by one factor
 * (docs/designs.md). */
#ifndef MECH_DATA_LABORATORY_SCALING_H
#define MECH_DATA_LABORATORY_SCALING_H

#include "mechanist.h"

/* With all amounts of the catalyst's scale (catalyst forms and additives) times a, each k times a^exponent gives the
 * same S(t) and P(t) 1/a times as slowly, up to what substrate the catalyst carries. Of a step in whose rate n species
 * of the catalyst's scale take part, the exponent is 1 - n where it belongs to the cycle that turns over or no catalyst
 * takes part, and 2 - n where it belongs to activation, resting or loss. Fills exponents[n_rate_constants]. */
void mech_scaling_exponents(const mech_mechanism *mechanism, int *exponents);

/* Carries k[n_rate_constants] over. */
void mech_scale_theta(const mech_mechanism *mechanism, double scale, const double *k, double *scaled);

/* Multiplies what start[n_species] says of additives. */
void mech_scale_additives(const mech_mechanism *mechanism, double scale, double *start);

#endif
