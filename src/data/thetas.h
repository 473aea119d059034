/* Thetas (vectors of rate constants, with the amount of an additive) drawn from the prior and accepted. */
#ifndef MECH_DATA_THETAS_H
#define MECH_DATA_THETAS_H

#include "base/team.h"
#include "data/dataset.h"
#include "data/prior.h"

/* The accepted thetas of one mechanism and split, in the order in which they were drawn. */
typedef struct theta_pool {
    size_t n, n_k;
    double *k;        /* [n][n_k] */
    double *additive; /* [n] */
} theta_pool;

void theta_pool_free(theta_pool *pool);

/* All thetas that were accepted so far, to see which come a second time. */
typedef struct theta_register {
    uint64_t *hashes; /* [capacity], a power of two; 0: free */
    size_t n, capacity;
} theta_register;

void theta_register_free(theta_register *taken);

/* A register that holds the same thetas; false where memory is short. *copy is freed in either case. */
bool theta_register_copy(const theta_register *taken, theta_register *copy);

/* Which thetas to draw. */
typedef struct theta_draw {
    const mech_network *network;
    size_t mechanism; /* its number in the set */
    dataset_split split;
    mech_protocol protocol;
    uint64_t seed;
    const prior *prior;
    const mech_solver_options *solver;
    team *team;
    const mech_progress *progress; /* may be NULL */
    size_t done_before, total;     /* of all thetas that the work draws, for progress */
} theta_draw;

/* Draws candidates until n of them are accepted, are new to the register, and have entered it. Candidate c of a
 * mechanism and split is a function of the seed; they are accepted in their order. Adds to *counts. Fails with
 * MECH_NUMERICAL_FAILURE where none of a million candidates in a row is accepted, with MECH_STOPPED where the progress
 * object asks for it. The caller frees *pool. */
mech_status draw_thetas(const theta_draw *draw, size_t n, theta_register *taken, theta_pool *pool,
                        mech_draw_counts *counts, mech_error *error);

#endif
