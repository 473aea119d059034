/* The parts of a kinetic analysis; kinetics.c puts them together. */
#ifndef MECH_KINETICS_ANALYSIS_ANALYSIS_H
#define MECH_KINETICS_ANALYSIS_ANALYSIS_H

#include "kinetics/course/course_fit.h"
#include "kinetics/species/followed.h"

typedef struct analysis {
    mech_kinetics result; /* what the caller of the library gets; first, so that one pointer is both */
    arena *memory;
    mech_kinetics_options options;
    followed_set followed;
    remark_list remarks;
    course_problem own_problems[MECH_MOST_RUNS]; /* each run by itself */
    course_fit own_fits[MECH_MOST_RUNS];
    mech_kinetic_run *runs; /* [n_runs], in memory */
    mech_order *orders;     /* [n_orders] */
} analysis;

/* Which stream of random numbers a bootstrap takes: runs by themselves, all together, and pairs. */
enum { STREAM_RUN = 0, STREAM_ORDERS = MECH_MOST_RUNS, STREAM_PAIR };

/* rates.c: each run's smooth course, its rates and turnovers. */
mech_status mech_find_rates(analysis *a, mech_error *error);

/* orders.c: orders in what the runs differ in, overlays, normalised times. */
mech_status mech_find_orders(analysis *a, mech_error *error);

/* pairs.c: runs that differ in one thing. */
mech_status mech_find_pairs(analysis *a, mech_error *error);

#endif
