/* What the engine is given of run sets. */
#ifndef MECH_LEARN_KERNELS_ENGINE_SETS_H
#define MECH_LEARN_KERNELS_ENGINE_SETS_H

#include <stddef.h>
#include <stdint.h>

/* Run sets of different sizes, as a graph that reads them gets them: what is known of each set, of each of its runs and
 * of each of their readings, one after the other without padding. */
typedef struct engine_sets {
    size_t n;                     /* run sets */
    const size_t *run_offset;     /* [n + 1], from 0: set i has the runs run_offset[i], ..., run_offset[i + 1] - 1 */
    const size_t *reading_offset; /* [runs + 1], from 0: likewise the readings of each run; at least one */
    const float *of_sets;         /* [n][static_width] */
    const float *of_runs;         /* [runs][width of the node NODE_RUNS] */
    const float *of_readings;     /* [readings][width of the node NODE_READINGS] */
    const uint16_t *y;            /* [n]: labels; for gradients */
    const float *targets;         /* [n][width of the side node], NaN where not known; NULL: none is */
} engine_sets;

#endif
