/* Simulated experiments of any shape, with the errors that their design says (docs/designs.md). */
#ifndef MECH_DATA_LABORATORY_EXPERIMENTS_H
#define MECH_DATA_LABORATORY_EXPERIMENTS_H

#include "data/laboratory/plan.h"
#include "data/prior/thetas.h"

/* Experiments of one mechanism and split. Number j has theta j modulo the pool's size; it is a function of seed,
 * mechanism, split, j and its theta, and its shape is one of all of these but the theta. */
typedef struct experiment_series {
    const mech_mechanism *mechanism;
    size_t label; /* its number in the library, less than MOST_SET_LABELS */
    dataset_split split;
    const design *design;
    uint64_t seed;
    const mech_solver_options *solver;
    const theta_pool *pool;
} experiment_series;

/* Labels that random numbers can tell apart (random_open() has 16 bits for label and split). */
enum { MOST_SET_LABELS = 65536 / N_SPLITS };

/* The shape of experiment `number`. Neither theta nor solver is looked at. */
void mech_experiment_shape(const experiment_series *series, size_t number, experiment_shape *shape);

/* Simulates experiments number first, ..., first + count - 1 as run sets `place`, `place` + stride, ... of `sets`,
 * whose offsets must be there and fit their shapes. Runs on the calling thread. An experiment of which a run fails or
 * leaves the finite numbers is planned again; *failures grows by one. */
mech_status mech_simulate_experiments(const experiment_series *series, size_t first, size_t count, run_sets *sets,
                                      size_t place, size_t stride, uint64_t *failures, mech_error *error);

#endif
