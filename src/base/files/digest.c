#include "base/files/digest.h"

#include <string.h>

/* The finaliser of MurmurHash3 (Appleby, public domain): each bit of the input reaches each bit of the output. */
static uint64_t mix(uint64_t x) {
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdu;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53u;
    return x ^ x >> 33;
}

uint64_t mech_digest(uint64_t before, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    uint64_t state = before ^ length;
    for (; length >= sizeof(uint64_t); length -= sizeof(uint64_t), at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        state = mix(state ^ word);
    }
    uint64_t rest = 0;
    if (length) memcpy(&rest, at, length);
    return mix(mix(state ^ rest) + 1);
}
