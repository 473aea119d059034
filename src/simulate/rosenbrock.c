#include "simulate/rosenbrock.h"

#include "base/error.h"
#include "base/machine/processor.h"
#include "base/memory.h"
#include "simulate/rosenbrock_kernel.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 128 }; /* most solutions of the library's mechanisms take fewer steps */

bool mech_recording_reserve(kernel_run *run, recording *record, size_t capacity) {
    if (capacity <= record->capacity) return true;
    if (capacity < FIRST_CAPACITY) capacity = FIRST_CAPACITY;
    if (capacity < 2 * record->capacity) capacity = 2 * record->capacity;
    const size_t cubics = run->n_columns * 4 * sizeof *record->cubic;
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

/* The row of the library's tables that this mechanism is, or -1 where it is none or one too large to be unrolled. */
static int builtin_row(const mech_mechanism *mechanism) {
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (mech_builtin(i) == mechanism && mechanism->n_reactions <= MOST_SPECIALISED_REACTIONS) return (int)i;
    return -1;
}

static species_changes find_changes(const mech_mechanism *mechanism) {
    species_changes changes = {.n = {0}};
    for (int s = 0; s < mechanism->n_species; s++)
        for (int j = 0; j < mechanism->n_reactions; j++) {
            const int by = mech_reaction_change(&mechanism->reactions[j], s);
            if (mechanism->reactions[j].reverse || !by) continue;
            const int at = changes.n[s]++;
            changes.reaction[s][at] = j;
            changes.by[s][at] = by;
        }
    return changes;
}

mech_status mech_rosenbrock_run(const mech_mechanism *mechanism, const mech_solver_options *options,
                                const integration_job *job, mech_solver_statistics *statistics, mech_error *error) {
    static void (*const kernels[N_INSTRUCTION_SETS])(kernel_run *) = {
        [LANES_BASELINE] = mech_rosenbrock_kernel_baseline,
#ifdef MECHANIST_AVX2_LANES
        [LANES_AVX2] = mech_rosenbrock_kernel_avx2,
#endif
#ifdef MECHANIST_AVX512_LANES
        [LANES_AVX512] = mech_rosenbrock_kernel_avx512,
#endif
    };
    kernel_run run = {.mechanism = mechanism, .specialised = builtin_row(mechanism), .options = options, .job = job};
    const species_changes changes = find_changes(mechanism);
    if (run.specialised < 0) run.changes = &changes;
    const size_t n_reactions = (size_t)mechanism->n_reactions, n_species = (size_t)mechanism->n_species;
    run.n_observed = job->observed ? (size_t)__builtin_popcount(job->observed) : 2;
    run.n_columns = n_species + run.n_observed * job->n_tangents;
    run.workspace = mech_allocate_array(MOST_LANES * ATTEMPT_LANES(n_reactions), sizeof(double));
    if (job->n_tangents)
        run.tangents = mech_allocate_array((size_t)MOST_LANES * TANGENT_LANES(n_reactions, n_species, job->n_tangents),
                                           sizeof(double));
    if (run.workspace && (run.tangents || !job->n_tangents))
        kernels[mech_processor_lanes()](&run);
    else
        run.out_of_memory = true;
    mech_release_array(run.workspace);
    mech_release_array(run.tangents);
    for (int l = 0; l < MOST_LANES; l++) {
        free(run.recordings[l].t);
        free(run.recordings[l].cubic);
    }
    if (run.out_of_memory) return mech_fail_memory(error);
    /* One derivative for each stage and one factorisation for each attempted step. */
    statistics->steps += run.statistics.steps;
    statistics->rejected_steps += run.statistics.rejected_steps;
    statistics->failures += run.statistics.failures;
    statistics->derivative_evaluations += 6 * run.statistics.steps;
    statistics->factorisations += run.statistics.steps;
    return MECH_OK;
}
