/* The processor's peak rate of multiply and add, against which the products are measured. */
#include "learn/kernels/peak_lanes.h"

/* Chains enough to hide the latency of a fused multiply-add on any processor at hand (4 cycles, two a cycle), few
 * enough to stay in the registers of each instruction set. */
#if LANES_BYTES == 64 || defined(__aarch64__)
enum { CHAINS = 24 };
#else
enum { CHAINS = 12 };
#endif

double LANES_NAME(multiply_and_add)(size_t rounds, void *result) {
    lanes chains[CHAINS];
    const lanes factor = fill(*(const real *)result), term = fill((real)1e-3);
    for (int i = 0; i < CHAINS; i++) chains[i] = fill((real)i);
    for (size_t round = 0; round < rounds; round++) {
        UNROLL(24)
        for (int i = 0; i < CHAINS; i++) chains[i] = chains[i] * factor + term;
    }
    for (int i = 1; i < CHAINS; i++) chains[0] += chains[i];
    *(real *)result = chains[0][0];
    return 2.0 * CHAINS * LANES * (double)rounds;
}
