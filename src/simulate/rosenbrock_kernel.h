/* What the batched solver's kernel, compiled once for each instruction set, shares with its dispatcher. */
#ifndef MECH_SIMULATE_ROSENBROCK_KERNEL_H
#define MECH_SIMULATE_ROSENBROCK_KERNEL_H

#include "chemistry/mechanism.h"
#include "simulate/rosenbrock.h"

enum {
    STAGES = 6,
    GROUPS = 2, /* vectors in work at a time: while one waits for the result of an operation, the other has work */
    MOST_LANES = 8 * GROUPS,
    MOST_SPECIALISED_REACTIONS = 8 /* a larger mechanism of the library takes the general path */
};

/* What the linear algebra of one lane needs, in doubles: W, its inverse diagonal, a stage's extents, six stages. */
#define ATTEMPT_LANES(n_reactions) ((n_reactions) * ((n_reactions) + 2 + STAGES))

/* What the derivatives of one step need besides: for each stage and reaction the slopes of its rate by its reactants at
 * the stage and those of J U, and its rate; then for each tangent the state's. */
#define SLOPES_A_REACTION (2 * MAX_MOLECULES + 1)
#define TANGENT_LANES(n_reactions, n_species, n_tangents)                                                              \
    (STAGES * (n_reactions) * (SLOPES_A_REACTION + 1) + GROUPS * (n_species) * (n_tangents))

/* The steps of the solution that one lane is working on. Grows as needed and is used again for the next problem. */
typedef struct recording {
    double *t;     /* [capacity + 1] */
    double *cubic; /* [capacity][n_columns][4] */
    size_t capacity;
} recording;

/* Which reactions change each species, and by how much: for mechanisms whose table is read at run time. A reversible
 * pair counts as its forward reaction. */
typedef struct species_changes {
    int n[MAX_SPECIES];
    int reaction[MAX_SPECIES][MAX_REACTIONS];
    double by[MAX_SPECIES][MAX_REACTIONS];
} species_changes;

typedef struct kernel_run {
    const mech_mechanism *mechanism;
    int specialised;                /* row of mechanism_tables, or -1: read the mechanism's table at run time */
    const species_changes *changes; /* NULL where it is such a row */
    const mech_solver_options *options;
    const integration_job *job;
    size_t n_columns;  /* of a recording: species, then of each tangent the species observed */
    size_t n_observed; /* these */
    recording recordings[MOST_LANES];
    mech_solver_statistics statistics;
    void *workspace; /* for the general path: [GROUPS][ATTEMPT_LANES(n_reactions)] vectors */
    void *tangents;  /* TANGENT_LANES() vectors; NULL where none is wanted */
    bool out_of_memory;
} kernel_run;

/* Makes room for `capacity` steps; false (and run->out_of_memory) where memory is short. */
bool mech_recording_reserve(kernel_run *run, recording *record, size_t capacity);

/* One for each instruction set that the build compiles. */
void mech_rosenbrock_kernel_baseline(kernel_run *run);
void mech_rosenbrock_kernel_avx2(kernel_run *run);
void mech_rosenbrock_kernel_avx512(kernel_run *run);

#endif
