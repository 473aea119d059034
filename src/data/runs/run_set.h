/* Run sets (mech_run_set of the public header): what any experiment, measured or simulated, is handed on as. */
#ifndef MECH_DATA_RUNS_RUN_SET_H
#define MECH_DATA_RUNS_RUN_SET_H

#include "base/memory.h"
#include "mechanist.h"

struct mech_run_set {
    arena *memory; /* holds everything the runs point to */
    size_t n_runs;
    mech_run runs[MECH_MOST_RUNS];
    const char *time_unit, *concentration_unit;
};

/* Adds a run as mech_run_set_add() does, without copying what it points to, which must outlive the set. */
mech_status mech_run_set_lend(mech_run_set *set, const mech_run *run, mech_error *error);

/* How many numbers were measured in a run, of all species: what a likelihood has terms for. */
size_t mech_run_n_measured(const mech_run *run);

/* The last time of a run, and of the longest run of a set; 0 of an empty one. */
double mech_run_end(const mech_run *run);
double mech_run_set_end(const mech_run_set *set);

/* The [S]0 that most runs share within 2 %, of several the largest: the standard that other runs are compared with. 0
 * of an empty set. */
double mech_run_set_standard(const mech_run_set *set);

#endif
