#include "data/dataset/sample_digests.h"

#include "base/files/digest.h"

void mech_digest_samples(const void *content, size_t row, size_t n, uint64_t *digests) {
    const char *at = content;
    for (size_t first = 0; first < n; first += DIGESTED_SAMPLES, digests += DIGESTED_ARRAYS) {
        const size_t some = n - first < DIGESTED_SAMPLES ? n - first : DIGESTED_SAMPLES;
        *digests = mech_digest(DIGEST_START, at + first * row, some * row);
    }
}
