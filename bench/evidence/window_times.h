/* The density of a sample's times under design nature, given the curves: where each run was followed to is random
 * (docs/data.md), and the unit of time is unknown. */
#ifndef MECH_BENCH_WINDOW_TIMES_H
#define MECH_BENCH_WINDOW_TIMES_H

#include "chemistry/mechanism.h"
#include "observation.h"
#include "simulate/path.h"

/* What the times of one run say. */
typedef struct run_times {
    double kept;                   /* ln density of the window's end, if the last reading is it */
    double dropped[MOST_READINGS]; /* by the last kept rank: ln of the mean over the windows beyond the last reading */
    double shortest, longest;      /* window */
} run_times;

/* Of a run whose last kept reading is at `last`. `change`: of S from s0 until LAST_TIME. */
run_times judge_run_times(const observation *o, const mech_mechanism *mechanism, const path *solution, double s0,
                          double change, double last);

/* What ln of the unit of time may be. */
typedef struct unit_range {
    double least, most;
} unit_range;

unit_range range_of_unit(const observation *o, const run_times *const runs[N_RUNS]);

/* ln of the density of all times, per unit of ln time, up to a constant that all mechanisms share. */
double log_density_of_times(const observation *o, const run_times *const runs[N_RUNS], double ln_unit);

#endif
