/* The parts that every description of a mechanism is made of: sides of reactions, rate equations, conservation laws. */
#ifndef MECH_CHEMISTRY_EQUATIONS_EQUATIONS_H
#define MECH_CHEMISTRY_EQUATIONS_EQUATIONS_H

#include "base/files/text.h"
#include "chemistry/mechanism.h"

/* How names and products are set. */
typedef struct notation {
    void (*add_species)(text *t, const char *name);
    void (*add_rate_constant)(text *t, const char *name);
    const char *after_rate_constant; /* what separates it from the first concentration */
} notation;

/* Names as they stand in the table. */
extern const notation mech_plain_notation;

/* One side of a reaction: "2 cat + S". */
void mech_write_side(text *t, const notation *style, const mech_mechanism *mechanism, const int *molecules);

/* Reaction j with its way back as a line of a mechanism file: "cat + S <=> catS : k1, k-1\n". */
void mech_write_reaction(text *t, const mech_mechanism *mechanism, int j);

/* The right-hand side of d[species]/dt: "-k1 [cat][S] + k-1 [catS]", "0" where nothing changes it. */
void mech_write_derivative(text *t, const notation *style, const mech_mechanism *mechanism, int species);

/* What a law conserves: "[cat] + [catS] + 2 [cat2]". */
void mech_write_law(text *t, const notation *style, const mech_mechanism *mechanism, const int *law);

/* The name of what law[n_species] conserves: "total catalyst", "total substrate material", or "constant". */
const char *mech_law_name(const mech_mechanism *mechanism, const int *law);

/* Whether reaction j is the forward direction of a reversible one (the backward direction is reaction j + 1). */
bool mech_is_reversible(const mech_mechanism *mechanism, int j);

#endif
