/* What a network of run sets learns from, batch by batch, and what its weights are judged by. */
#ifndef MECH_LEARN_SETS_SET_LESSONS_H
#define MECH_LEARN_SETS_SET_LESSONS_H

#include "data/stream/run_set_source.h"
#include "learn/batches/batch_sizes.h"
#include "learn/batches/validation.h"

/* Not for use by two threads at once. */
typedef struct set_lessons set_lessons;

/* Run sets of a pass that are used with batches of these sizes. */
size_t mech_sets_of_pass(const run_set_source *source, const batch_sizes *sizes);

/* The source outlives *l, which the caller frees. threads 0: all cores. Results do not depend on them. */
mech_status mech_set_lessons_new(const run_set_source *source, const batch_sizes *sizes, uint64_t seed, int threads,
                                 set_lessons **l, mech_error *error);
void mech_set_lessons_free(set_lessons *l); /* accepts NULL */

/* The batch of a step, valid until the next call: any step may come first, then one comes after the other. Pass p goes
 * through blocks p, ..., p + reuse - 1 in an order drawn from (seed, p). */
mech_status mech_set_lessons_next(set_lessons *l, uint64_t step, const engine_sets **sets, mech_error *error);

/* How good weights are on the validation sets, always the same ones, told the same errors. */
mech_status mech_set_lessons_judge(set_lessons *l, engine *e, const graph *g, const float *parameters, verdict *result,
                                   mech_error *error);

#endif
