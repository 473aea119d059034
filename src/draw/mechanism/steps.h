/* A mechanism as steps between catalyst forms, and its catalytic cycle: what a diagram is laid out from. */
#ifndef MECH_DRAW_MECHANISM_STEPS_H
#define MECH_DRAW_MECHANISM_STEPS_H

#include "chemistry/mechanism.h"

/* One reaction of the table, forward and backward together, seen as the change of one catalyst form into another while
 * molecules enter and leave. What takes part unchanged enters and leaves. */
typedef struct step {
    int from, to; /* species; from = to: the form turns over as it is; -1: no catalyst takes part */
    int entering[MAX_MOLECULES], leaving[MAX_MOLECULES];
    int n_entering, n_leaving;
    int forward, backward; /* rate constants; backward -1: irreversible */
} step;

typedef struct mechanism_steps {
    step steps[MAX_REACTIONS];
    int n_steps;
    int cycle[MAX_SPECIES];       /* the forms of the cycle in order, from the one that takes up the substrate */
    int cycle_steps[MAX_SPECIES]; /* the step that leads from each to the next */
    bool against[MAX_SPECIES];    /* that step is run through against its written direction */
    int n_cycle;                  /* 0: there is none */
} mechanism_steps;

void mech_find_steps(const mech_mechanism *mechanism, mechanism_steps *s);

#endif
