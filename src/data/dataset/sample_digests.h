/* Digests of the samples in files of format 1, by which damage shows: one for each array and DIGESTED_SAMPLES samples,
 * so that no more is read than asked for. */
#ifndef MECH_DATA_DATASET_SAMPLE_DIGESTS_H
#define MECH_DATA_DATASET_SAMPLE_DIGESTS_H

#include <stddef.h>
#include <stdint.h>

typedef enum digested {
    DIGESTED_X1,
    DIGESTED_X2,
    DIGESTED_Y,
    DIGESTED_THETA,
    DIGESTED_ADDITIVE,
    DIGESTED_ARRAYS
} digested;
enum { DIGESTED_SAMPLES = 64 };

/* The digests of n samples that begin at a multiple of DIGESTED_SAMPLES, of the array at `content` with `row` bytes for
 * each: digests[b * DIGESTED_ARRAYS] is that of the bth DIGESTED_SAMPLES of them, or of those that are left. */
void mech_digest_samples(const void *content, size_t row, size_t n, uint64_t *digests);

#endif
