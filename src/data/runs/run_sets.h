/* Many run sets in memory: arrays with offsets, laid out as data files of format 2 have them (docs/data.md). What
 * networks are trained and judged on.
 *
 * Run set i has the runs run_offset[i], ..., run_offset[i + 1] - 1, and run r the readings reading_offset[r], ...,
 * reading_offset[r + 1] - 1. Times are in units of the longest run's last reading, concentrations in those of the
 * standard [S]0. What a chemist knows stands in the arrays of readings and in s0, p0 and cat0, which are what was meant
 * to be weighed in; the rest is the truth that simulated run sets come with. */
#ifndef MECH_DATA_RUNS_RUN_SETS_H
#define MECH_DATA_RUNS_RUN_SETS_H

#include "mechanist.h"

/* What is true of an experiment as a whole. The first ones are what a chemist may know of its errors: standard
 * deviations, 0 where there is no such error. */
typedef enum set_truth {
    TRUTH_LOADING_SPREAD,   /* of ln(catalyst / nominal catalyst) of a run */
    TRUTH_CLOCK_SPREAD,     /* of a run's clock, in units of the run's length */
    TRUTH_START_SPREAD,     /* of ln([S]0 / nominal [S]0) of a run, and the same of [P]0 */
    TRUTH_NOISE,            /* of a reading, in units of the standard [S]0 */
    TRUTH_RELATIVE_NOISE,   /* of a reading, in units of the reading; the two add in squares */
    TRUTH_RESPONSE_SPREAD,  /* of ln of the response factors */
    TRUTH_SUBSTRATE_FACTOR, /* response: readings of S are so many times what is there */
    TRUTH_PRODUCT_FACTOR,   /* the same of P */
    TRUTH_PRODUCT_SHARE,    /* so much of what S becomes is seen as P */
    TRUTH_DEAD_CATALYST,    /* amount of catalyst that is dead from the start, the same in every run */
    TRUTH_OUTLIER_SHARE,    /* probability that a reading is an outlier */
    TRUTH_OUTLIER_SPREAD,   /* standard deviation of what an outlier is off by */
    TRUTH_SCALE,            /* loadings and rate constants were scaled by it (docs/designs.md) */
    TRUTH_TIME_UNIT,        /* one unit of the run set's time, in the time of theta */
    TRUTH_GOES_ON,          /* one run was watched for so many times its length; 1: none was */
    TRUTH_REACTANT_FACTOR,  /* response of a second reactant; NaN where the mechanism has none */
    N_SET_TRUTHS
} set_truth;

/* What is true of one run. */
typedef enum run_truth {
    TRUTH_CATALYST_FACTOR, /* catalyst weighed in / cat0 */
    TRUTH_CLOCK_OFFSET,    /* true time minus the time that is noted, in units of the run set's time */
    TRUTH_START_FACTOR,    /* true [S]0 / s0 */
    TRUTH_START_P_FACTOR,  /* true [P]0 / p0 */
    TRUTH_START_B_FACTOR,  /* true start amount of a second reactant / b0; NaN where there is none */
    N_RUN_TRUTHS
} run_truth;

/* The names of the arrays that hold them, in data files under "errors/"; static. */
const char *mech_set_truth_name(set_truth truth);
const char *mech_run_truth_name(run_truth truth);

/* Which of the truths files hold: those of a second reactant only where a mechanism has one. */
typedef struct truths_held {
    bool of_set[N_SET_TRUTHS], of_run[N_RUN_TRUTHS];
} truths_held;

truths_held mech_truths_held(bool has_b);

typedef struct run_sets {
    size_t n, n_runs, n_readings;          /* that are in use */
    size_t room, room_runs, room_readings; /* that there is room for */
    size_t n_theta, n_labels;              /* columns of theta; mechanisms of the library */
    uint16_t *label;                       /* [n]: which mechanism, less than n_labels */
    double *theta;                         /* [n][n_theta]: as simulated, padded with NaN */
    double *additive;                      /* [n]: start amount of X, L or I, else 0; as simulated */
    uint64_t *run_offset;                  /* [n + 1] */
    float *s0, *p0, *cat0;                 /* [n_runs], nominal */
    float *b0;                             /* [n_runs]: of a second reactant; NULL: none has one */
    uint64_t *reading_offset;              /* [n_runs + 1] */
    float *time, *substrate, *product;     /* [n_readings]; S and P are NaN where not measured */
    float *b;                              /* [n_readings]: of a second reactant; NULL: never measured */
    double *set_truths[N_SET_TRUTHS];      /* [n] each */
    float *run_truths[N_RUN_TRUTHS];       /* [n_runs] each */
    bool has_truths;                       /* false: the errors are not known, and NaN */
    truths_held held;                      /* the others are NaN */
} run_sets;

/* No run sets, and room for some; NULL where memory is short. The caller frees the run sets. */
run_sets *mech_run_sets_new(size_t room, size_t room_runs, size_t room_readings, size_t n_theta, size_t n_labels,
                            bool has_b);
void mech_run_sets_free(run_sets *sets); /* accepts NULL */

/* Copies run set i into one of its own, whose times and concentrations are those of the arrays. Runs are named by their
 * numbers from 1 on. The caller frees *set. */
mech_status mech_run_sets_get(const run_sets *sets, size_t i, mech_run_set **set, mech_error *error);

/* What is true of run set i, of a mechanism with n_k rate constants (0: as many as theta says). The caller frees
 * *truth. MECH_INVALID_INPUT where they are too many. */
mech_status mech_run_sets_truth(const run_sets *sets, size_t i, size_t n_k, mech_truth **truth, mech_error *error);

#endif
