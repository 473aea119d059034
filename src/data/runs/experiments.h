/* Experiments in memory (mech_experiments of the public header). */
#ifndef MECH_DATA_RUNS_EXPERIMENTS_H
#define MECH_DATA_RUNS_EXPERIMENTS_H

#include "data/runs/run_sets.h"

/* Takes over the run sets, which are freed on failure, too; their labels are below n_labels. The caller frees
 * *experiments. */
mech_status mech_experiments_new(run_sets *sets, mech_experiments **experiments, mech_error *error);

#endif
