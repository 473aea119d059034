/* The size of the batches as a function of the step: always the same, or doubled from time to time. */
#ifndef MECH_LEARN_BATCHES_BATCH_SIZES_H
#define MECH_LEARN_BATCHES_BATCH_SIZES_H

#include "base/error.h"

/* Everything is counted in units of `first` samples, so that a position in the training is a whole number whatever the
 * sizes; where all batches have the first size, units are steps. Each size, first, 2 first, ..., first << doublings, is
 * kept for as many samples; the last one takes what does not divide, too. */
typedef struct batch_sizes {
    size_t first;
    unsigned doublings;
    uint64_t stage; /* units that each size but the last is kept for: a multiple of 1 << doublings */
} batch_sizes;

/* Sizes from `first` to `largest`; false where that is not `first` doubled some times, or not at all. `stage` is left
 * zero. */
bool mech_batch_sizes_between(size_t first, size_t largest, batch_sizes *b);

size_t mech_largest_batch(const batch_sizes *b);

/* The fewest steps in which each size occurs. */
uint64_t mech_fewest_steps(const batch_sizes *b);

/* Shares out a training of so many steps, or of so many units (a multiple of 1 << doublings) among the sizes. */
void mech_share_out_steps(uint64_t steps, batch_sizes *b);
void mech_share_out_units(uint64_t units, batch_sizes *b);

/* Units before a step that counts from 0, and of the step itself: 1, 2, 4, ... */
uint64_t mech_units_before(const batch_sizes *b, uint64_t step);
uint64_t mech_units_of(const batch_sizes *b, uint64_t step);

/* The number of steps in so many units from the beginning, which end with a step. */
uint64_t mech_steps_of(const batch_sizes *b, uint64_t units);

#endif
