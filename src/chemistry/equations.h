/* The parts that every description of a network is made of: sides of reactions, rate equations, conservation laws. */
#ifndef MECH_CHEMISTRY_EQUATIONS_H
#define MECH_CHEMISTRY_EQUATIONS_H

#include "base/text.h"
#include "chemistry/network.h"

/* How names and products are set. */
typedef struct notation {
    void (*add_species)(text *t, const char *name);
    void (*add_rate_constant)(text *t, const char *name);
    const char *after_rate_constant; /* what separates it from the first concentration */
} notation;

/* Names as they stand in the table. */
extern const notation plain_notation;

/* One side of a reaction: "2 cat + S". */
void write_side(text *t, const notation *style, const mech_network *network, const int *molecules);

/* The right-hand side of d[species]/dt: "-k1 [cat][S] + k-1 [catS]", "0" where nothing changes it. */
void write_derivative(text *t, const notation *style, const mech_network *network, int species);

/* What a law conserves: "[cat] + [catS] + 2 [cat2]". */
void write_law(text *t, const notation *style, const mech_network *network, const int *law);

/* The name of what law[n_species] conserves: "total catalyst", "total substrate material", or "constant". */
const char *law_name(const mech_network *network, const int *law);

/* Whether reaction j is the forward direction of a reversible one (the backward direction is reaction j + 1). */
bool is_reversible(const mech_network *network, int j);

#endif
