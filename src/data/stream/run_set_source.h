/* Where training draws run sets from: blocks of them, of which each is a function of its number, so that training can
 * be resumed anywhere. */
#ifndef MECH_DATA_STREAM_RUN_SET_SOURCE_H
#define MECH_DATA_STREAM_RUN_SET_SOURCE_H

#include "data/runs/run_sets.h"

typedef struct run_set_source {
    size_t a_block;               /* run sets of a block */
    size_t reuse;                 /* blocks that a pass goes through: each block is in so many passes */
    size_t n_labels;              /* that they have */
    const run_sets *validation;   /* what training does not see */
    const char *design, *library; /* texts that models are given; NULL: none */

    /* Makes a block, whatever was made before. The caller frees *sets. */
    mech_status (*make)(void *context, uint64_t block, run_sets **sets, mech_error *error);
    void *context;
} run_set_source;

#endif
