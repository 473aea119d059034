/* The additive of a mechanism: X, L or the inhibitor I, and how much of it a design starts runs with. */
#ifndef MECH_DATA_CONDITIONS_ADDITIVE_H
#define MECH_DATA_CONDITIONS_ADDITIVE_H

#include "base/random.h"
#include "data/design/distribution.h"
#include "mechanist.h"

/* The species whose start amount the design sets: the first additive that is drawn from a range, else the first
 * additive, or -1. */
int mech_additive_species(const mech_mechanism *mechanism);

/* Whether the design draws it from a range, and not always the same. */
bool mech_additive_varies(const mech_mechanism *mechanism, mech_sample_design sample_design);

/* Its start amount. Design fixed-window: as the mechanism says. Protocol nature: uniform in the range that the
 * mechanism gives for it (the inhibitor I of M10 and M15: 0.001 to 0.01 in units of [S]0; X and L, which reactions
 * make: 0), as the mechanism says where it gives none. 0 where there is no additive. */
double mech_draw_additive(const mech_mechanism *mechanism, mech_sample_design sample_design, random_stream *r);

/* The same of a design, whose `additive` is the amount of an additive that no reaction makes. */
double mech_draw_designed_additive(const mech_mechanism *mechanism, const distribution *additive, random_stream *r);

#endif
