/* The designs of samples, as files spell them. */
#ifndef MECH_DATA_CONDITIONS_SAMPLE_DESIGN_H
#define MECH_DATA_CONDITIONS_SAMPLE_DESIGN_H

#include "mechanist.h"

/* What the attribute `protocol` of data files and models says, as version 0.1.0 reads it: "seed" for fixed-window,
 * "nature" for nature. Static. */
const char *mech_sample_design_key(mech_sample_design design);

#endif
