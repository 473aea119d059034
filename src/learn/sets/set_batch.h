/* Run sets as the engine takes them: their inputs in arrays with offsets, without padding. */
#ifndef MECH_LEARN_SETS_SET_BATCH_H
#define MECH_LEARN_SETS_SET_BATCH_H

#include "base/machine/team.h"
#include "data/runs/run_sets.h"
#include "learn/kernels/engine_sets.h"

/* A batch with room that is kept from one filling to the next. Starts as {0}; mech_set_batch_free() frees what it
 * holds. */
typedef struct set_batch {
    engine_sets sets; /* what it holds */
    size_t room, room_runs, room_readings;
    size_t *run_offset, *reading_offset;
    float *of_sets, *of_runs, *of_readings, *targets;
    uint16_t *y;
    struct set_batch_member *members; /* [n_members]: working memory of the threads that fill */
    size_t n_members;
} set_batch;

void mech_set_batch_free(set_batch *b);

/* What training tells of an experiment's errors: nothing of half of them, of the others each with a chance of one half.
 */
typedef struct telling {
    uint64_t seed, use;
    uint64_t position; /* of the first run set */
} telling;

/* Fills the batch with n run sets: number order[i] stands at place order[i] modulo a_block of from[order[i] / a_block].
 * Inputs, labels and what is learned on the side, as far as the truth is known. `tells` NULL: nothing is told. Every
 * run must have a reading of S or P. The same for any team. */
mech_status mech_set_batch_take(set_batch *b, const run_sets *const *from, size_t a_block, size_t n,
                                const uint32_t *order, const telling *tells, team *t, mech_error *error);

/* Whether each of told[n], which may be NULL, has the size that is known here. */
mech_status mech_check_told(size_t n, const mech_told_errors *told, mech_error *error);

/* mech_set_batch_take() of run sets as they were measured, without labels; told[n] or NULL. MECH_INVALID_INPUT where a
 * run has no reading of S or P; `number` is that of the first in messages. */
mech_status mech_set_batch_measured(set_batch *b, size_t n, const mech_run_set *const *sets,
                                    const mech_told_errors *told, size_t number, team *t, mech_error *error);

#endif
