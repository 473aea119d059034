/* Thetas (vectors of rate constants, with the amount of an additive) drawn from the prior and accepted. */
#ifndef MECH_DATA_PRIOR_THETAS_H
#define MECH_DATA_PRIOR_THETAS_H

#include "base/machine/team.h"
#include "data/conditions/split.h"
#include "data/design/distribution.h"
#include "data/prior/prior.h"

/* The accepted thetas of one mechanism and split, in the order in which they were drawn. */
typedef struct theta_pool {
    size_t n, n_k;
    double *k;        /* [n][n_k] */
    double *additive; /* [n] */
    uint64_t drawn;   /* candidates that were judged for it */
    uint64_t in_vain; /* those in a row at the end of which none was accepted */
} theta_pool;

/* An empty pool with room for n thetas; false where memory is short. */
bool mech_theta_pool_new(size_t n, size_t n_k, theta_pool *pool);
void mech_theta_pool_free(theta_pool *pool);

/* All thetas that were accepted so far, to see which come a second time. */
typedef struct theta_register {
    uint64_t *hashes; /* [capacity], a power of two; 0: free */
    size_t n, capacity;
} theta_register;

void mech_theta_register_free(theta_register *taken);

/* Enters a theta of n_k rate constants; *is_new says whether it was not there before. False where memory is short. */
bool mech_theta_register_enter(theta_register *taken, const double *k, size_t n_k, bool *is_new);

/* A register that holds the same thetas; false where memory is short. *copy is freed in either case. */
bool mech_theta_register_copy(const theta_register *taken, theta_register *copy);

/* Which thetas to draw. */
typedef struct theta_draw {
    const mech_mechanism *mechanism;
    size_t label; /* its number in the set */
    dataset_split split;
    mech_sample_design design;    /* says how much of an additive there is */
    const distribution *additive; /* a design that says it instead; NULL: the design */
    uint64_t seed;
    const prior *prior;
    const mech_solver_options *solver;
    team *team;
    const mech_progress *progress; /* may be NULL */
    size_t done_before, total;     /* of all thetas that the work draws, for progress */
    /* Where not NULL: is told after each round which thetas are new, pool->k[from] to the last. */
    mech_status (*keep)(void *context, const struct theta_draw *draw, const theta_pool *pool, size_t from,
                        mech_error *error);
    void *context;
} theta_draw;

/* Draws candidates until n of them are accepted, are new to the register, and have entered it. Candidate c of a
 * mechanism and split is a function of the seed; they are accepted in their order. Adds to *counts. Fails with
 * MECH_NUMERICAL_FAILURE where none of a million candidates in a row is accepted, with MECH_STOPPED where the progress
 * object asks for it. *pool is {0}, or one with room for n that
 * holds what an earlier draw was told to keep: it goes on from there (MECH_INVALID_INPUT where that holds thetas that
 * the register has). The caller frees *pool. */
mech_status mech_draw_thetas(const theta_draw *draw, size_t n, theta_register *taken, theta_pool *pool,
                             mech_draw_counts *counts, mech_error *error);

/* Draws n of a mechanism, number `label` of the set that the prior is of, for no data set: `seed` should be one that
 * none is likely to have. The caller frees *pool, in any case. */
mech_status mech_draw_thetas_within(const mech_mechanism *mechanism, const prior *ranges, size_t label,
                                    mech_sample_design sample_design, uint64_t seed, size_t n, team *t,
                                    theta_pool *pool, mech_error *error);

/* The same from the wide prior. How much of an additive there is says the design, or a distribution. */
mech_status mech_draw_wide_thetas(const mech_mechanism *mechanism, mech_sample_design sample_design, uint64_t seed,
                                  size_t n, team *t, theta_pool *pool, mech_error *error);
mech_status mech_draw_designed_thetas(const mech_mechanism *mechanism, const distribution *additive, uint64_t seed,
                                      size_t n, team *t, theta_pool *pool, mech_error *error);

#endif
