/* A sample as it was measured, and what its times alone say. */
#ifndef MECH_BENCH_OBSERVATION_H
#define MECH_BENCH_OBSERVATION_H

#include "data/samples/augment.h"

enum { MOST_READINGS = 21, LATER_READINGS = MOST_READINGS - 1, MOST_UNITS = 8 };

typedef struct observation {
    mech_sample_design design;
    size_t n_times; /* t = 0 included; of 21 that were there before some were dropped, if the design is nature */
    double sigma;   /* standard deviation of S and P, in units of [S]0 */
    double loadings[N_RUNS];
    double times[N_RUNS][MOST_READINGS]; /* the longest run ends at 1, of design fixed-window each of them */
    double s[N_RUNS][MOST_READINGS], p[N_RUNS][MOST_READINGS]; /* exact at t = 0 */

    /* By observation_prepare(). Nature: ln of the density of the gaps, by the last kept rank. */
    double log_ways[MOST_READINGS];
    /* Seed: what a run's unit of time may stand for, each with the same chance. */
    double units[N_RUNS][MOST_UNITS];
    size_t n_units[N_RUNS];
} observation;

/* Fills in the rest once the measured is there. */
void observation_prepare(observation *o);

/* ln(exp(a) + exp(b)) */
double log_sum(double a, double b);

#endif
