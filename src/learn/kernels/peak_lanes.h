#ifndef MECH_LEARN_KERNELS_PEAK_LANES_H
#define MECH_LEARN_KERNELS_PEAK_LANES_H

#include "learn/kernels/lanes.h"

/* Runs independent chains of x = x factor + term, `factor` being the real at *result, for so many rounds. Leaves a sum
 * of them at *result, so that they are not for nothing, and returns how many floating-point operations that were. */
double LANES_NAME(multiply_and_add)(size_t rounds, void *result);

#endif
