/* Measured runs, inside the library. */
#ifndef MECH_EXPERIMENT_RUNS_EXPERIMENT_H
#define MECH_EXPERIMENT_RUNS_EXPERIMENT_H

#include "base/memory.h"
#include "data/runs/run_set.h"
#include "experiment/notes/notes.h"
#include "experiment/reading/series.h"

/* Which header was taken for what. */
typedef struct known_column {
    const char *role, *header;
} known_column;

struct mech_experiment {
    arena *memory; /* holds everything the runs point to */
    mech_run *runs;
    size_t n_runs;
    mech_run_account *accounts; /* [n_runs] */
    mech_run_set *given;        /* of runs in memory: what `runs` point to; else NULL */
    mech_run_set *set;          /* the usable ones of them, at most MECH_MOST_RUNS */
    notes warnings;
    char *source; /* the file's name */
    char time_unit[MAX_UNIT], concentration_unit[MAX_UNIT];
    known_column *columns;
    size_t n_columns;
};

/* Divides areas and integrals by protons, by an internal standard's, and multiplies them with the factors that were
 * given: signals.c. */
mech_status mech_take_signals(const table_layout *l, table_numbers *n, const mech_experiment_options *options,
                              notes *list, mech_error *error);

/* Turns what was found into the experiment's runs: units, starts, loadings, gaps. */
mech_status mech_build_runs(const table_layout *l, const table_numbers *n, const mech_experiment_options *options,
                            mech_experiment *experiment, mech_error *error);

/* Names the kind of each run, estimates its noise, and says which run sets hold: accounts.c. */
mech_status mech_account_for_runs(mech_experiment *experiment, mech_error *error);

/* Reads a file NAME.mechanist beside a table into options that were not given otherwise; *read stays NULL where there
 * is none and else holds the texts: saved.c. */
typedef struct saved_reading saved_reading;
mech_status mech_saved_reading_find(const char *table, mech_experiment_options *options, saved_reading **read,
                                    notes *list, mech_error *error);
void mech_saved_reading_free(saved_reading *read);

/* Says in a note that what is kept beside a table is not taken up; nothing where nothing is kept. */
mech_status mech_saved_reading_pass_over(const char *table, notes *list, mech_error *error);

#endif
