/* Weights of trained models that a training begins with. */
#ifndef MECH_LEARN_MODEL_START_H
#define MECH_LEARN_MODEL_START_H

#include "learn/network/graph.h"

/* What a training begins with. */
typedef struct start_models {
    const char *first, *second; /* model files; second is NULL where there is but one */
    const char *mechanisms;     /* "M1,M2,...": the training's labels, in order; NULL: not known */
} start_models;

/* Fills parameters[g->n_parameters] from model files. *sum: mech_digest of the parameters.
 *
 * A network starts from a model of the same network and size; `comparative` also from a `kinetic` one: what that knows
 * nothing of, the comparisons, has weights of zero at first. `experts` also starts from two models of the width of its
 * encoders, `kinetic` or `comparative`; layers behind the encoders keep both apart, and the last one takes the mean of
 * their logits. Two models for another network are MECH_INVALID_ARGUMENT; models that do not fit, or whose labels are
 * known and not the training's, are MECH_INVALID_INPUT. */
mech_status mech_start_read(const start_models *from, const graph *g, float *parameters, uint64_t *sum,
                            mech_error *error);

#endif
