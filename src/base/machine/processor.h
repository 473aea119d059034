/* Which of the compiled instruction sets this processor can run. */
#ifndef MECH_BASE_MACHINE_PROCESSOR_H
#define MECH_BASE_MACHINE_PROCESSOR_H

typedef enum instruction_set { LANES_BASELINE, LANES_AVX2, LANES_AVX512, N_INSTRUCTION_SETS } instruction_set;

/* The widest instruction set that was compiled and that the processor has. The environment variable MECHANIST_LANES
 * ("baseline", "avx2", "avx512") chooses a narrower one; a name that is unknown or too wide changes nothing. */
instruction_set mech_processor_lanes(void);

/* Whether the set was compiled and can run here; for tests that go through all of them. */
int mech_processor_has(instruction_set set);

const char *mech_instruction_set_name(instruction_set set);

#endif
