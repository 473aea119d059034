/* The batched Rosenbrock solver: a stream of independent problems of one mechanism, several of them at a time in the
 * lanes of a vector, each lane with its own step size. Method: RODAS (Hairer & Wanner, Solving Ordinary Differential
 * Equations II, 2nd ed., section IV.7: 6 stages, order 4, stiffly accurate, L-stable); docs/solver.md. */
#ifndef MECH_SIMULATE_ROSENBROCK_H
#define MECH_SIMULATE_ROSENBROCK_H

#include "mechanist.h"
#include "simulate/path.h"

#include <stdint.h>

/* Where problems come from and solutions go to. Both functions are called from the thread that runs the job. */
typedef struct integration_job {
    /* Fills k[n_rate_constants], start[n_species] and the end time of the next problem; false: there is none.
     * `problem` counts the calls from 0. */
    bool (*next)(void *context, size_t problem, double *k, double *start, double *t_end);

    /* Takes a solution, in order of completion. end[n_species] is the state at the end time. `solution` is valid during
     * the call only and NULL unless the job records; of a failed problem it reaches as far as the solver came. Where
     * the job asks for tangents, its columns are the species and then, for each tangent, the species it observes. */
    void (*finished)(void *context, size_t problem, bool failed, const double *end, const path *solution);

    void *context;
    bool records; /* false: only end states are wanted, which is faster */

    /* Derivatives that are wanted, of a job that records: number j below n_rate_constants is that by ln k_j, number
     * n_rate_constants + i that by the start amount of species i. They are the derivatives of what the solver computes
     * with its step sizes held, and so exact to the solver's own tolerance (docs/solver.md). */
    size_t n_tangents;
    const int *tangents; /* [n_tangents] */
    uint32_t observed;   /* bit i: species i, in their order; 0: substrate and product, in this order */
} integration_job;

/* Runs a job on the calling thread with rtol, atol and max_steps of the options. The solution of a problem does not
 * depend on the problems beside it. Adds to *statistics. */
mech_status mech_rosenbrock_run(const mech_mechanism *mechanism, const mech_solver_options *options,
                                const integration_job *job, mech_solver_statistics *statistics, mech_error *error);

#endif
