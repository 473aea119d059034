/* Vectors of doubles of the width that the build asks for (LANES_BYTES), and what the solver does with them, in plain
 * C with the vector extensions that GCC and Clang share: no line here knows an instruction set. */
#ifndef MECH_SIMULATE_LANE_VECTORS_H
#define MECH_SIMULATE_LANE_VECTORS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LANES = LANES_BYTES / (int)sizeof(double) };

typedef double lanes __attribute__((vector_size(LANES_BYTES)));
typedef int64_t lane_mask __attribute__((vector_size(LANES_BYTES))); /* of a lane: 0 or -1; also used to count */

#define INLINE static inline __attribute__((always_inline))

INLINE lanes fill(double x) { return x - (lanes){0}; }
INLINE lanes choose(lane_mask mask, lanes yes, lanes no) {
    return (lanes)((mask & (lane_mask)yes) | (~mask & (lane_mask)no));
}
INLINE lanes larger(lanes a, lanes b) { return choose(a > b, a, b); }
INLINE lanes smaller(lanes a, lanes b) { return choose(a < b, a, b); }
INLINE lanes absolute(lanes a) { return (lanes)((lane_mask)a & INT64_MAX); }

INLINE bool any(lane_mask mask) {
    int64_t found = 0;
    for (int l = 0; l < LANES; l++) found |= mask[l];
    return found != 0;
}

/* Pairs of neighbouring lanes, interleaved: {a0, b0, a2, b2, ...} and {a1, b1, a3, b3, ...}. */
#if LANES_BYTES == 16
INLINE lanes pair_even(lanes a, lanes b) { return __builtin_shufflevector(a, b, 0, 2); }
INLINE lanes pair_odd(lanes a, lanes b) { return __builtin_shufflevector(a, b, 1, 3); }
#elif LANES_BYTES == 32
INLINE lanes pair_even(lanes a, lanes b) { return __builtin_shufflevector(a, b, 0, 4, 2, 6); }
INLINE lanes pair_odd(lanes a, lanes b) { return __builtin_shufflevector(a, b, 1, 5, 3, 7); }
#else
INLINE lanes pair_even(lanes a, lanes b) { return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14); }
INLINE lanes pair_odd(lanes a, lanes b) { return __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15); }
#endif

/* Writes (a, b) of each lane to where[lane][offset] and the double behind it. */
INLINE void scatter_pairs(lanes a, lanes b, double *const where[LANES], int offset) {
    const lanes even = pair_even(a, b), odd = pair_odd(a, b);
    for (int l = 0; l < LANES; l += 2) {
        memcpy(where[l] + offset, (const double *)&even + l, 2 * sizeof(double));
        memcpy(where[l + 1] + offset, (const double *)&odd + l, 2 * sizeof(double));
    }
}

/* x^(-1/8) of non-negative numbers to 0.6 %, which is plenty for a step size; a large number for 0. The exponent of a
 * double is its logarithm, so an eighth of the bits gives the first guess (the idea behind the well-known inverse
 * square root), and one Newton step for 1/z^8 = x improves it. */
INLINE lanes inverse_eighth_root(lanes x) {
    const lane_mask one_eighth_up =
        (lane_mask){0} + (INT64_C(0x3ff0000000000000) / 8 * 9 - INT64_C(0x0001000000000000));
    const lanes z = (lanes)(one_eighth_up - ((lane_mask)x >> 3));
    const lanes z2 = z * z, z4 = z2 * z2;
    return z * (1.125 - 0.125 * x * (z4 * z4));
}

#endif
