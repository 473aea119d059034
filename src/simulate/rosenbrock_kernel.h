/* What the batched solver's kernel, compiled once for each instruction set, shares with its dispatcher. */
#ifndef MECH_SIMULATE_ROSENBROCK_KERNEL_H
#define MECH_SIMULATE_ROSENBROCK_KERNEL_H

#include "simulate/rosenbrock.h"

enum { MOST_LANES = 8 };

/* The steps of the solution that one lane is working on. Grows as needed and is used again for the next problem. */
typedef struct recording {
    double *t;     /* [capacity + 1] */
    double *cubic; /* [capacity][n_species][4] */
    size_t n_steps, capacity;
} recording;

typedef struct kernel_run {
    const mech_network *network;
    int specialised; /* row of mechanism_tables, or -1: read the network's table at run time */
    const mech_solver_options *options;
    const integration_job *job;
    recording recordings[MOST_LANES];
    mech_solver_statistics statistics;
    bool out_of_memory;
} kernel_run;

/* Makes room for one more step; false (and run->out_of_memory) where memory is short. */
bool recording_grow(kernel_run *run, recording *record);

/* One for each instruction set that the build compiles. */
void rosenbrock_kernel_baseline(kernel_run *run);
void rosenbrock_kernel_avx2(kernel_run *run);
void rosenbrock_kernel_avx512(kernel_run *run);

#endif
