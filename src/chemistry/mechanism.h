/* A reaction mechanism as a table: the one source of right-hand side, Jacobian, conservation laws, printed equations
 * and diagrams. A mechanism is plain data of fixed size, so that a table in the source is a compile-time constant from
 * which the solver is specialised, and a user's mechanism is the same struct filled by the parser. */
#ifndef MECH_CHEMISTRY_MECHANISM_H
#define MECH_CHEMISTRY_MECHANISM_H

#include "mechanist.h"

enum {
    MAX_SPECIES = 16,
    MAX_REACTIONS = 48, /* one-way: a reversible reaction counts twice */
    MAX_RATE_CONSTANTS = MECH_MOST_RATE_CONSTANTS,
    MAX_MOLECULES = MECH_MOST_MOLECULES, /* on one side of a reaction */
    MAX_NAME = 16,                       /* of a species or rate constant, closing NUL counted */
    MAX_ID = 48,                         /* of a mechanism, closing NUL counted */
    MAX_TITLE = 320                      /* the same of its title */
};

typedef struct mechanism_species {
    char name[MAX_NAME];
    mech_role role;
    int catalyst_units; /* how many units of catalyst one molecule holds: 1 for cat, 2 for its dimer, 0 for S */
    double start;       /* start amount; of substrate, product and the catalyst weighed in the run says it instead */
    bool drawn;         /* designs that draw start amounts take this one's uniformly from drawn_low to drawn_high */
    double drawn_low, drawn_high;
    double coefficient; /* of a reactant: an amount of it counts as amount / coefficient in the reactions; 0: as 1 */
} mechanism_species;

/* A one-way elementary reaction. A species that takes part twice stands twice; -1 ends a list. */
typedef struct mechanism_reaction {
    int reactants[MAX_MOLECULES];
    int products[MAX_MOLECULES];
    int rate_constant;
    int reverse; /* 1: this is the backward direction of the reaction before it in the table */
} mechanism_reaction;

/* How a mechanism must show itself for a run to be learned from. X(t) = (S0 - S(t)) / (S0 - S(100)) is the conversion
 * scaled to its own end; the run is at conversion x when X is x for the first time. */
enum { MAX_FORMS = 8, MAX_CONDITIONS = 3, MAX_LOADINGS = 4, MAX_CLAUSES = 8 };

typedef enum shown_measure {
    SHOWN_AT,       /* the sum of the forms at conversion x_to */
    SHOWN_LARGEST,  /* the largest value of the one form from conversion x_from to x_to */
    SHOWN_SMALLEST, /* its smallest value until conversion x_to */
    SHOWN_THROUGH   /* what the reaction of the rate constant turns over until conversion x_to */
} shown_measure;

typedef struct shown_form {
    int species, weight; /* catalyst in dimers counts twice */
} shown_form;

/* The measure lies within low and high, both in units of the loading; HUGE_VAL: no upper bound. */
typedef struct shown_condition {
    shown_measure measure;
    int n_forms;
    shown_form forms[MAX_FORMS];
    int rate_constant;
    double x_from, x_to, low, high;
} shown_condition;

/* All conditions hold at one of the loadings. */
typedef struct shown_clause {
    int n_loadings, n_conditions;
    double loadings[MAX_LOADINGS];
    shown_condition conditions[MAX_CONDITIONS];
} shown_clause;

struct mech_mechanism {
    char id[MAX_ID];
    char title[MAX_TITLE]; /* what a chemist would call it */
    mech_class mechanism_class;
    int n_species, n_reactions, n_rate_constants;
    int substrate, product, catalyst; /* species; catalyst is the form weighed in, in whose amount cat0 is counted */
    mechanism_species species[MAX_SPECIES];
    mechanism_reaction reactions[MAX_REACTIONS];
    char rate_constants[MAX_RATE_CONSTANTS][MAX_NAME]; /* in the order of theta */
    int n_clauses;
    shown_clause clauses[MAX_CLAUSES]; /* the mechanism shows itself where all of them hold */
};

/* Molecules of `s` that one event of the reaction makes (products minus reactants). */
int mech_reaction_change(const mechanism_reaction *r, int s);

/* Checks what the parser cannot see in one line: every species reacts, catalyst units are conserved in every reaction,
 * every rate constant is used once, a substrate, a product and a catalyst exist. `source` names the mechanism. */
mech_status mech_mechanism_check(const mech_mechanism *mechanism, const char *source, mech_error *error);

#endif
