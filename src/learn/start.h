/* Weights of a trained model that a training begins with. */
#ifndef MECH_LEARN_START_H
#define MECH_LEARN_START_H

#include "learn/graph.h"

/* Fills parameters[g->n_parameters] from a model of the same network and size. A `kinetic` one starts a `comparative`,
 * too: what it knows nothing of, the comparisons, has weights of zero at first. *sum: digest of the parameters. Another
 * model is MECH_INVALID_INPUT. */
mech_status start_read(const char *path, const graph *g, float *parameters, uint64_t *sum, mech_error *error);

#endif
