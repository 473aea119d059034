/* The numbers of a kinetic table, sorted into runs but not yet interpreted. */
#ifndef MECH_EXPERIMENT_READING_READINGS_H
#define MECH_EXPERIMENT_READING_READINGS_H

#include "experiment/reading/columns.h"

enum { MAX_RUNS = 1000 };

/* One row of one run; a blank cell is NaN. */
typedef struct reading {
    size_t run, line;
    double time, substrate, product;
} reading;

typedef struct run_header {
    const char *name; /* NULL: the table names no runs */
    const column_block *block;
    size_t first_line, last_line, n_readings;
    double first_time, last_time;
    double catalyst, s0, p0; /* as in the table; NaN: not said */
} run_header;

typedef struct readings {
    reading *readings; /* [n] in the order of the table, so ascending in time within each run */
    size_t n, room;
    run_header *runs; /* [n_runs] in order of first appearance */
    size_t n_runs, run_room;
    char decimal; /* the decimal separator of the table */
} readings;

/* Reads the numbers of the table. Runs are told apart by block, by the run column, or by the return of time to 0. Fails
 * naming line and column where a cell is no number, a time is missing or does not ascend, or a catalyst, [S]0 or [P]0
 * changes within a run. Texts in the result belong to the table. On success, and only then, the caller frees it. */
mech_status mech_collect_readings(const table *t, const column_layout *layout, const char *source, readings *collected,
                                  mech_error *error);
void mech_readings_free(readings *collected);

#endif
