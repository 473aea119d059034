#include "base/random.h"

#include <math.h>

enum { ROUNDS = 10 };

void mech_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t numbers[4]) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t product0 = (uint64_t)0xD2511F53u * c0, product1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    numbers[0] = c0;
    numbers[1] = c1;
    numbers[2] = c2;
    numbers[3] = c3;
}

random_stream mech_random_open(uint64_t seed, random_use use, uint64_t a, uint64_t b) {
    return (random_stream){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .stream = (uint64_t)use << 56 | (a & 0xffff) << 40 | (b & 0xffffffffff),
        .used = 4,
    };
}

uint32_t mech_random_bits(random_stream *r) {
    if (r->used == 4) {
        const uint32_t counter[4] = {(uint32_t)r->block, (uint32_t)(r->block >> 32), (uint32_t)r->stream,
                                     (uint32_t)(r->stream >> 32)};
        mech_philox(counter, r->key, r->numbers);
        r->block++;
        r->used = 0;
    }
    return r->numbers[r->used++];
}

double mech_random_uniform(random_stream *r) {
    uint64_t high = mech_random_bits(r) >> 5, low = mech_random_bits(r) >> 6;
    return (double)(high << 26 | low) * 0x1p-53;
}

uint32_t mech_random_below(random_stream *r, uint32_t n) {
    uint64_t product = (uint64_t)mech_random_bits(r) * n;
    if ((uint32_t)product < n) {
        uint32_t rest = (uint32_t)(-n) % n;
        while ((uint32_t)product < rest) product = (uint64_t)mech_random_bits(r) * n;
    }
    return (uint32_t)(product >> 32);
}

double mech_random_normal(random_stream *r) {
    double radius = sqrt(-2 * log(1 - mech_random_uniform(r)));
    return radius * cos(2 * 3.14159265358979323846 * mech_random_uniform(r));
}

void mech_random_normal_pair(random_stream *r, float normals[2]) {
    /* The bits' midpoints: never 0, and of 1 only what rounding makes of the topmost ones. */
    const float radius = sqrtf(-2 * logf(((float)mech_random_bits(r) + 0.5f) * 0x1p-32f));
    const float angle = (float)(2 * 3.14159265358979323846 * 0x1p-32) * (float)mech_random_bits(r);
    normals[0] = radius * cosf(angle);
    normals[1] = radius * sinf(angle);
}

void mech_random_permutation(random_stream *r, uint32_t n, uint32_t *permutation) {
    for (uint32_t i = 0; i < n; i++) {
        uint32_t j = mech_random_below(r, i + 1);
        permutation[i] = permutation[j];
        permutation[j] = i;
    }
}
