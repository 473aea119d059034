#include "simulate/rosenbrock.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/processor.h"
#include "simulate/rosenbrock_kernel.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 128 }; /* most solutions of the library's mechanisms take fewer steps */

bool recording_reserve(kernel_run *run, recording *record, size_t capacity) {
    if (capacity <= record->capacity) return true;
    if (capacity < FIRST_CAPACITY) capacity = FIRST_CAPACITY;
    if (capacity < 2 * record->capacity) capacity = 2 * record->capacity;
    const size_t cubics = mech_network_n_species(run->network) * 4 * sizeof *record->cubic;
    double *t = realloc(record->t, (capacity + 1) * sizeof *t);
    if (t) record->t = t;
    double *cubic = realloc(record->cubic, capacity * cubics);
    if (cubic) record->cubic = cubic;
    if (!t || !cubic) {
        run->out_of_memory = true;
        return false;
    }
    record->capacity = capacity;
    return true;
}

/* The row of the library's tables that this network is, or -1 where it is none or one too large to be unrolled. */
static int builtin_row(const mech_network *network) {
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (mech_builtin(i) == network && network->n_reactions <= MOST_SPECIALISED_REACTIONS) return (int)i;
    return -1;
}

mech_status rosenbrock_run(const mech_network *network, const mech_solver_options *options, const integration_job *job,
                           mech_solver_statistics *statistics, mech_error *error) {
    static void (*const kernels[N_INSTRUCTION_SETS])(kernel_run *) = {
        [LANES_BASELINE] = rosenbrock_kernel_baseline,
#ifdef MECHANIST_X86_LANES
        [LANES_AVX2] = rosenbrock_kernel_avx2,
        [LANES_AVX512] = rosenbrock_kernel_avx512,
#endif
    };
    kernel_run run = {.network = network, .specialised = builtin_row(network), .options = options, .job = job};
    const size_t n_reactions = (size_t)network->n_reactions;
    run.workspace = allocate_array(MOST_LANES * ATTEMPT_LANES(n_reactions), sizeof(double));
    if (!run.workspace) return fail_memory(error);
    kernels[processor_lanes()](&run);
    release_array(run.workspace);
    for (int l = 0; l < MOST_LANES; l++) {
        free(run.recordings[l].t);
        free(run.recordings[l].cubic);
    }
    if (run.out_of_memory) return fail_memory(error);
    /* One derivative for each stage and one factorisation for each attempted step. */
    statistics->steps += run.statistics.steps;
    statistics->rejected_steps += run.statistics.rejected_steps;
    statistics->failures += run.statistics.failures;
    statistics->derivative_evaluations += 6 * run.statistics.steps;
    statistics->factorisations += run.statistics.steps;
    return MECH_OK;
}
