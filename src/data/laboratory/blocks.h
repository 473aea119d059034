/* Experiments of a library of mechanisms, many at a time: what data files are filled with and what networks are trained
 * on without a file. */
#ifndef MECH_DATA_LABORATORY_BLOCKS_H
#define MECH_DATA_LABORATORY_BLOCKS_H

#include "base/machine/team.h"
#include "data/laboratory/experiments.h"

/* Where experiments come from. The mechanisms take turns: experiment i is number i / n_mechanisms of the series of
 * mechanism i % n_mechanisms, which is its label. */
typedef struct experiment_source {
    const mech_mechanism *const *mechanisms; /* [n_mechanisms], at most MOST_SET_LABELS */
    size_t n_mechanisms;
    const theta_pool *pools; /* [n_mechanisms] */
    dataset_split split;
    const design *design;
    uint64_t seed;
    const mech_solver_options *solver;
    size_t n_theta; /* columns of theta: as many as any mechanism has rate constants, or more */
} experiment_source;

/* Whether one of them has a second reactant. */
bool mech_any_reactant(const mech_mechanism *const *mechanisms, size_t n_mechanisms);

/* Runs and readings of experiments first, ..., first + n - 1. */
void mech_experiments_extent(const experiment_source *source, size_t first, size_t n, size_t *n_runs,
                             size_t *n_readings);

/* Simulates experiments first, ..., first + n - 1. They depend on the source and their numbers alone, neither on the
 * team nor on what is simulated beside them. Adds to failures[n_mechanisms] what had to be planned again. The caller
 * frees *sets. */
mech_status mech_simulate_block(const experiment_source *source, size_t first, size_t n, team *t, run_sets **sets,
                                uint64_t *failures, mech_error *error);

/* The two steps of it: run sets with their offsets, without content (NULL where memory is short), and the content. */
run_sets *mech_lay_out_block(const experiment_source *source, size_t first, size_t n);
mech_status mech_fill_block(const experiment_source *source, size_t first, team *t, run_sets *sets, uint64_t *failures,
                            mech_error *error);

#endif
