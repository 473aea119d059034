/* What an experiment is planned to be, and what goes wrong with it: all of it that is drawn before anything is
 * simulated. */
#ifndef MECH_DATA_LABORATORY_PLAN_H
#define MECH_DATA_LABORATORY_PLAN_H

#include "data/design/design.h"
#include "data/runs/run_sets.h"

/* How much of everything: known without simulating, so that arrays and files can be laid out. */
typedef struct experiment_shape {
    size_t n_runs, n_readings; /* of all runs together */
    uint32_t readings[MECH_MOST_RUNS];
} experiment_shape;

/* Draws it from `own`, the experiment's stream. */
void mech_draw_shape(const design *d, design_use use, random_stream *own, experiment_shape *shape);

/* The second reactant of a mechanism. */
typedef struct planned_reactant {
    double written;     /* its start amount as the mechanism says; NaN: there is none */
    double coefficient; /* how much of it goes with one S */
} planned_reactant;

typedef struct planned_run {
    double s0, p0, cat0;                /* as they are written down */
    double b0, true_b0;                 /* of the second reactant, as written down and as it is; NaN: there is none */
    double true_s0, true_p0, true_cat0; /* as they are */
    double share;                       /* of its final conversion to which it is followed; NaN: until the end */
    double goes_on;                     /* it is then watched for so many times as long */
    double clock_offset;                /* true time minus noted time, in units of its length */
} planned_run;

typedef struct experiment_plan {
    size_t n_runs;
    planned_run runs[MECH_MOST_RUNS];
    double scale;
    size_t common_end;                              /* the run with which all end; n_runs: each has an end of its own */
    const choice *times;                            /* how readings are spread */
    bool reading_at_0;                              /* whether the first one is at t = 0 */
    choice_kind species;                            /* what is measured */
    bool reads_reactant;                            /* whether the second reactant is measured, too */
    double truths[N_SET_TRUTHS];                    /* but for the unit of time */
    float run_truths[N_RUN_TRUTHS][MECH_MOST_RUNS]; /* clock offsets in units of the run's length */
} experiment_plan;

/* Draws the plan of an experiment of that shape from `own`; `theta` is the stream that all experiments of one theta
 * share. What is drawn of a second reactant, where there is one, changes nothing of the other draws unless runs start
 * with another amount of it. */
void mech_draw_plan(const design *d, design_use use, size_t n_runs, const planned_reactant *reactant,
                    random_stream *theta, random_stream *own, experiment_plan *plan);

#endif
