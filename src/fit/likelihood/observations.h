/* A run set as fits see it: concentrations in units of the standard [S]0, times in units of the longest run. */
#ifndef MECH_FIT_LIKELIHOOD_OBSERVATIONS_H
#define MECH_FIT_LIKELIHOOD_OBSERVATIONS_H

#include "data/runs/run_set.h"

/* What a reading is of: substrate, product, second reactant, catalyst that is neither lost nor waiting to be activated.
 * The latter is in units of the largest loading, all others in those of the standard [S]0. */
typedef enum reading_kind { READING_S, READING_P, READING_B, READING_ACTIVE, READING_KINDS } reading_kind;

/* One number that was measured. */
typedef struct observation {
    size_t time; /* number of its time in the run */
    reading_kind of;
    double value;
} observation;

typedef struct observed_run {
    const mech_run *run;
    double s0, p0, cat0;
    double b0;     /* of the second reactant; NaN: not told */
    double length; /* its last time */
    size_t n_times;
    double *times;     /* [n_times] */
    size_t first, n;   /* of the set's observations */
    size_t time_first; /* of the set's times */
} observed_run;

typedef struct observations {
    double time_unit, concentration_unit; /* in the units of the run set */
    size_t n_runs, n, n_times;            /* observations and times of all runs */
    observed_run runs[MECH_MOST_RUNS];
    observation *all;             /* [n], run by run */
    bool measured[READING_KINDS]; /* whether any reading is of this */
    bool has_product;             /* whether a run starts with product */
    bool tells_second;            /* whether all runs say how much of the second reactant they start with */
    double second_coefficient;    /* how much of it one turnover takes, where a mechanism does not say; 1 at first */
    double most_loading;          /* catalyst of the run that has most */
    arena *memory;
} observations;

/* A reading at t = 0 that is the very number that the run's start amount was taken from says nothing more and is left
 * out. So is one of P that was computed from S, and one of B that was computed from either: within
 * a run both change in proportion, to 2e-4 of the change. Fails where nothing is left to fit. The run set has to
 * outlive the observations, which are freed with mech_observations_free() in any case. */
mech_status mech_observe(const mech_run_set *set, observations *o, mech_error *error);
void mech_observations_free(observations *o);

#endif
