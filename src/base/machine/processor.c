#include "base/machine/processor.h"

#include <stdlib.h>
#include <string.h>

const char *mech_instruction_set_name(instruction_set set) {
    static const char *const names[N_INSTRUCTION_SETS] = {"baseline", "avx2", "avx512"};
    return names[set];
}

int mech_processor_has(instruction_set set) {
    switch (set) {
    case LANES_BASELINE:
        return 1;
#ifdef MECHANIST_AVX2_LANES
    case LANES_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
#ifdef MECHANIST_AVX512_LANES
    case LANES_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#endif
    default:
        return 0;
    }
}

instruction_set mech_processor_lanes(void) {
    const char *wanted = getenv("MECHANIST_LANES");
    instruction_set widest = LANES_BASELINE;
    for (int set = LANES_BASELINE; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        widest = (instruction_set)set;
        if (wanted && strcmp(wanted, mech_instruction_set_name(widest)) == 0) return widest;
    }
    return widest;
}
