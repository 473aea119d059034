/* How good weights are on samples that training does not see. */
#ifndef MECH_LEARN_BATCHES_VALIDATION_H
#define MECH_LEARN_BATCHES_VALIDATION_H

#include "learn/batches/batches.h"
#include "learn/engine/engine.h"

typedef struct verdict {
    double accuracy, cross_entropy; /* share of 1; mean, nats */
} verdict;

/* Samples to judge weights by, and working memory. Not for use by two threads at once. */
typedef struct validation validation;

/* The samples are thinned and made noisy with `choices`, in groups of their own so that all choices occur; always the
 * same, whatever the seed of the training, so that runs can be compared. Samples and choices live longer than *v, which
 * the caller frees. threads 0: all cores. */
mech_status mech_validation_new(const mech_samples *samples, const augmentation *choices, int threads, validation **v,
                                mech_error *error);
void mech_validation_free(validation *v);

mech_status mech_validate(validation *v, engine *e, const graph *g, const float *parameters, verdict *result,
                          mech_error *error);

#endif
