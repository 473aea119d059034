/* What other layers may know of a fitter. */
#ifndef MECH_FIT_SAMPLES_FITTER_H
#define MECH_FIT_SAMPLES_FITTER_H

#include "mechanist.h"

/* How many classes it fits, and the mechanism of one of them, NULL where it has none. */
size_t mech_fitter_n_labels(const mech_fitter *f);
const mech_mechanism *mech_fitter_mechanism(const mech_fitter *f, size_t class);

#endif
