/* How probable one sample is, given a mechanism's rate constants. Under design nature a sample's times are divided by
 * the last of them, so that its true time scale is unknown, and where each run was followed to is random: both are part
 * of the likelihood, since both tell something. Under design fixed-window the times say nothing of the rate constants,
 * and their unit is known (observation.h). */
#ifndef MECH_BENCH_LIKELIHOOD_H
#define MECH_BENCH_LIKELIHOOD_H

#include "data/prior/prior.h"
#include "observation.h"

/* Coordinates of a particle: log10 of each rate constant and, where they are not known, ln of the time that the
 * sample's unit of time stands for and the amount of the additive. */
typedef struct parameters {
    const mech_mechanism *mechanism;
    size_t n_k, n;
    bool has_unit, has_additive;
    double additive; /* the amount where it is known */
} parameters;

/* Of a mechanism of the library. */
parameters parameters_of(const mech_mechanism *mechanism, mech_sample_design sample_design);

/* Where among the coordinates that of the additive is, if there is one. */
size_t additive_place(const parameters *p);

/* What is known of a particle. */
typedef struct probability {
    double log_likelihood; /* of times and concentrations, per unit of ln time; -INFINITY: impossible */
    double misfit;         /* what the deviations of the concentrations take away from it */
    double log_start;      /* density of ln time that the tempering starts from, uniform on the two below */
    double least, most;    /* ln time: what the particle's windows allow; 0 where the unit is known */
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
