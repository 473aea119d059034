/* Where training draws its samples from: samples in memory, the same in each pass or renewed from pass to pass. */
#ifndef MECH_DATA_STREAM_SOURCE_H
#define MECH_DATA_STREAM_SOURCE_H

#include "mechanist.h"

typedef struct sample_source {
    const mech_samples *samples;
    size_t n;    /* samples that a pass goes through: first, ..., first + n - 1, modulo samples->n */
    size_t used; /* of these, in a random order */
    /* Makes ready what a pass goes through and says where it begins; samples of the pass before may change from now on.
     * Passes are opened in order, by one thread. NULL: each pass goes through the same samples from the first on. */
    mech_status (*open)(void *context, uint64_t pass, size_t *first, mech_error *error);
    void *context;
} sample_source;

/* The same samples in each pass. */
static inline sample_source fixed_source(const mech_samples *samples) {
    return (sample_source){.samples = samples, .n = samples->n, .used = samples->n};
}

#endif
