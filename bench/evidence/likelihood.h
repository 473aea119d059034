/* How probable one sample of protocol nature is, given a mechanism's rate constants. A sample's times are divided by
 * the last of them, so that its true time scale is unknown; where each run was followed to is random (docs/data.md).
 * Both are part of the likelihood, since both tell something. */
#ifndef MECH_BENCH_LIKELIHOOD_H
#define MECH_BENCH_LIKELIHOOD_H

#include "data/augment.h"
#include "data/prior.h"

enum { MOST_READINGS = 21, LATER_READINGS = MOST_READINGS - 1 };

/* A sample as it was measured; readings[0] at t = 0 is exact. */
typedef struct observation {
    size_t n_times; /* t = 0 included, of 21 that were there before some were dropped */
    double sigma;   /* standard deviation of S and P, in units of [S]0 */
    double loadings[N_RUNS];
    double times[N_RUNS][MOST_READINGS]; /* the longest run ends at 1 */
    double s[N_RUNS][MOST_READINGS], p[N_RUNS][MOST_READINGS];
    double log_ways[MOST_READINGS]; /* by observation_prepare(): ln of the density of the gaps, by the last kept rank */
} observation;

/* Fills log_ways once the rest is there. */
void observation_prepare(observation *o);

/* Coordinates of a particle: log10 of each rate constant, ln of the time that the sample's unit of time stands for,
 * and, where has_additive, the amount of the additive. */
typedef struct parameters {
    const mech_network *network;
    size_t n_k, n;
    bool has_additive;
} parameters;

/* Of a mechanism of the library under protocol nature. */
parameters parameters_of(const mech_network *network);

/* What is known of a particle. */
typedef struct probability {
    double log_likelihood; /* of times and concentrations, per unit of ln time; -INFINITY: impossible */
    double misfit;         /* what the deviations of the concentrations take away from it */
    double log_start;      /* density of ln time that the tempering starts from, uniform on the two below */
    double least, most;    /* ln time: what the particle's windows allow */
} probability;

typedef struct likelihood likelihood;

/* For up to `most` particles at a time. NULL where memory is short. */
likelihood *likelihood_new(const parameters *p, const mech_solver_options *solver, size_t most);
void likelihood_free(likelihood *l);

/* probabilities[n] of particles x[n][p->n]. */
mech_status likelihood_evaluate(likelihood *l, const observation *o, size_t n, const double *x,
                                probability *probabilities, mech_error *error);

/* Whether the prior allows the particle: its ranges and the rules of acceptance. */
mech_status prior_allows(const parameters *p, const mech_solver_options *solver, const double *x, bool *allowed,
                         mech_error *error);

#endif
