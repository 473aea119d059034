/* A reaction mechanism as a table: the one source of right-hand side, Jacobian, conservation laws, printed equations
 * and diagrams. A mechanism is plain data of fixed size, so that a table in the source is a compile-time constant from
 * which the solver is specialised, and a user's mechanism is the same struct filled by the parser. */
#ifndef MECH_CHEMISTRY_MECHANISM_H
#define MECH_CHEMISTRY_MECHANISM_H

#include "mechanist.h"

enum {
    MAX_SPECIES = 16,
    MAX_REACTIONS = 48, /* one-way: a reversible reaction counts twice */
    MAX_RATE_CONSTANTS = 32,
    MAX_MOLECULES = 3, /* on one side of a reaction */
    MAX_NAME = 16      /* of a species or rate constant, closing NUL counted */
};

typedef struct mechanism_species {
    char name[MAX_NAME];
    mech_role role;
    int catalyst_units; /* how many units of catalyst one molecule holds: 1 for cat, 2 for its dimer, 0 for S */
    double start;       /* start amount; of substrate, product and the catalyst weighed in the run says it instead */
} mechanism_species;

/* A one-way elementary reaction. A species that takes part twice stands twice; -1 ends a list. */
typedef struct mechanism_reaction {
    int reactants[MAX_MOLECULES];
    int products[MAX_MOLECULES];
    int rate_constant;
    int reverse; /* 1: this is the backward direction of the reaction before it in the table */
} mechanism_reaction;

struct mech_mechanism {
    char id[MAX_NAME];
    char title[96]; /* what a chemist would call it */
    mech_class mechanism_class;
    int n_species, n_reactions, n_rate_constants;
    int substrate, product, catalyst; /* species; catalyst is the form weighed in, in whose amount cat0 is counted */
    mechanism_species species[MAX_SPECIES];
    mechanism_reaction reactions[MAX_REACTIONS];
    char rate_constants[MAX_RATE_CONSTANTS][MAX_NAME]; /* in the order of theta */
};

/* Molecules of `s` that one event of the reaction makes (products minus reactants). */
int mech_reaction_change(const mechanism_reaction *r, int s);

/* How many molecules meet in the reaction of a rate constant: its order. */
int mech_mechanism_order(const mech_mechanism *mechanism, int rate_constant);

/* Checks what the parser cannot see in one line: every species reacts, catalyst units are conserved in every reaction,
 * every rate constant is used once, a substrate, a product and a catalyst exist. `source` names the mechanism. */
mech_status mech_mechanism_check(const mech_mechanism *mechanism, const char *source, mech_error *error);

#endif
