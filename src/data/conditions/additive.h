/* The additive of a mechanism: X, L or the inhibitor I, and how much of it a protocol starts runs with. */
#ifndef MECH_DATA_CONDITIONS_ADDITIVE_H
#define MECH_DATA_CONDITIONS_ADDITIVE_H

#include "base/random.h"
#include "data/design/distribution.h"
#include "mechanist.h"

/* The species whose start amount the protocol sets: the first additive, or -1. */
int mech_additive_species(const mech_mechanism *mechanism);

/* Of protocol nature, in units of [S]0. */
#define LEAST_ADDITIVE 0.001
#define MOST_ADDITIVE 0.01

/* Its start amount. Protocol seed, and mechanisms of users: as the network says. Protocol nature: uniform in
 * [LEAST_ADDITIVE, MOST_ADDITIVE] where no reaction makes it (the inhibitor I), 0 where one does (X, L). 0 where there
 * is no additive. */
double mech_draw_additive(const mech_mechanism *mechanism, mech_protocol protocol, random_stream *r);

/* The same of a design, whose `additive` is the amount of an additive that no reaction makes. */
double mech_draw_designed_additive(const mech_mechanism *mechanism, const distribution *additive, random_stream *r);

#endif
