/* Measured runs, inside the library. */
#ifndef MECH_EXPERIMENT_RUNS_EXPERIMENT_H
#define MECH_EXPERIMENT_RUNS_EXPERIMENT_H

#include "base/memory.h"
#include "data/runs/run_set.h"
#include "experiment/reading/columns.h"
#include "experiment/reading/readings.h"
#include "experiment/runs/notes.h"

struct mech_experiment {
    arena *memory; /* holds everything the runs point to */
    mech_run *runs;
    size_t n_runs;
    mech_run_set *set; /* the first MECH_MOST_RUNS of them */
    notes warnings;
    char *source; /* the file's name */
    char time_unit[MAX_UNIT], concentration_unit[MAX_UNIT];
};

/* Turns readings into the experiment's runs: start concentrations, loadings, gaps. Messages and warnings name runs by
 * `source` and line. */
mech_status mech_build_runs(const readings *collected, const table *t, const mech_experiment_options *options,
                            const char *source, mech_experiment *experiment, mech_error *error);

#endif
