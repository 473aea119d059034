/* A run set as fits see it: concentrations in units of the standard [S]0, times in units of the longest run. */
#ifndef MECH_FIT_LIKELIHOOD_OBSERVATIONS_H
#define MECH_FIT_LIKELIHOOD_OBSERVATIONS_H

#include "data/runs/run_set.h"

/* One number that was measured. */
typedef struct observation {
    size_t time;    /* number of its time in the run */
    int of_product; /* 0: substrate, 1: product */
    double value;
} observation;

typedef struct observed_run {
    const mech_run *run;
    double s0, p0, cat0;
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
    observation *all; /* [n], run by run */
    bool measured[2]; /* whether any substrate, any product was */
    bool has_product; /* whether a run starts with product */
    arena *memory;
} observations;

/* A reading of S or P at t = 0 that is the very number that the run's [S]0 or [P]0 was taken from says nothing more and
 * is left out. Fails where nothing is left to fit. The run set has to outlive the observations, which are freed with
 * mech_observations_free() in any case. */
mech_status mech_observe(const mech_run_set *set, observations *o, mech_error *error);
void mech_observations_free(observations *o);

#endif
