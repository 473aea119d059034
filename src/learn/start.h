/* Weights of trained models that a training begins with. */
#ifndef MECH_LEARN_START_H
#define MECH_LEARN_START_H

#include "learn/graph.h"

/* Fills parameters[g->n_parameters] from model files. *sum: digest of the parameters.
 *
 * A network starts from a model of the same network and size; `comparative` also from a `kinetic` one: what that knows
 * nothing of, the comparisons, has weights of zero at first. `experts` also starts from two models of the width of its
 * encoders, `kinetic` or `comparative`; layers behind the encoders keep both apart, and the last one takes the mean of
 * their logits. `second` is NULL where there is but one; two for another network are MECH_INVALID_ARGUMENT, models that
 * do not fit MECH_INVALID_INPUT. */
mech_status start_read(const char *first, const char *second, const graph *g, float *parameters, uint64_t *sum,
                       mech_error *error);

#endif
