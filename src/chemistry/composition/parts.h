/* The parts that mechanisms are composed of (docs/composed-mechanisms.md): each a small table over the forms
 * that a catalytic cycle has, whatever they are called in the mechanism at hand. */
#ifndef MECH_CHEMISTRY_COMPOSITION_PARTS_H
#define MECH_CHEMISTRY_COMPOSITION_PARTS_H

#include "chemistry/mechanism.h"

/* One part at most comes from each row. */
typedef enum part_row {
    ROW_CYCLE,
    ROW_ACTIVATION,
    ROW_PRECATALYST, /* resting before the cycle */
    ROW_RESTING,     /* beside the cycle */
    ROW_LOSS,
    ROW_BESIDE, /* what goes on beside the catalyst */
    N_ROWS
} part_row;

/* What a part's reactions are written in. */
typedef enum slot {
    NOTHING = -1,
    SLOT_S,
    SLOT_P,
    SLOT_B,      /* the second reactant */
    SLOT_PRE,    /* the form that is weighed in */
    SLOT_ACTIVE, /* the form that activation makes of it; without activation the same */
    SLOT_FREE,   /* the free form of the cycle: the active one or its dimer */
    SLOT_BOUND,  /* the form that has taken up S or B */
    SLOT_OWN     /* the first own species of the part; SLOT_OWN + 1 the second */
} slot;

/* A species that a part brings along. */
typedef enum own_kind {
    OWN_NONE,
    OWN_BOUND,   /* the form `of` with one more of what `with` names */
    OWN_DIMER,   /* two of the form `of` */
    OWN_LOST,    /* what is left of the forms `of` and `and_of` */
    OWN_ADDITIVE /* called `name` */
} own_kind;

typedef struct own_species {
    own_kind kind;
    slot of, and_of;
    const char *name; /* of an additive; of a bound form "S", "P", "B" or "L"; of a lost form what stands behind it */
    mech_role role;
    bool drawn; /* of an additive, as in mechanism_species */
    double drawn_low, drawn_high;
} own_species;

enum { MOST_OWN = 2, MOST_STEPS = 3, MOST_SHOWN = 3 };

typedef struct part_step {
    slot reactants[MAX_MOLECULES], products[MAX_MOLECULES];
    bool reversible;
} part_step;

/* What a condition looks at. */
typedef enum shown_sum {
    SUM_OWN,       /* the own species `own`, counted `weight` times; 0: as often as it holds catalyst */
    SUM_ACTIVE,    /* the active form, counted once */
    SUM_ACTIVATED, /* all catalyst but the precatalyst and what it rests as */
    SUM_LIVING,    /* all catalyst but inactive forms */
    SUM_STEP       /* what the part's first step turns over */
} shown_sum;

typedef struct part_condition {
    shown_measure measure;
    shown_sum sum;
    int own, weight;
    double x_from, x_to, low, high;
} part_condition;

typedef struct part {
    const char *name, *phrase; /* "M6", "the precatalyst activates by itself" */
    part_row row;
    mech_class mechanism_class;
    own_species own[MOST_OWN];
    part_step steps[MOST_STEPS];
    int n_steps;
    bool dimer;       /* of a cycle: its free form is the dimer of the active one */
    bool once;        /* at a loading of 0.05 alone, not at one of three */
    int n_conditions; /* 0: shows itself in every reaction that goes */
    part_condition conditions[MOST_SHOWN];
} part;

extern const part mech_parts_table[];
size_t mech_parts_table_size(void);

/* How many rate constants a part has. */
size_t mech_part_constants(const part *p);

/* What each row is called: "cycle", "activation", ...; static. */
const char *mech_row_name(part_row row);

/* Why the parts do not go together, in the words behind "M3+M2: "; NULL where they do. chosen[N_ROWS]: NULL for none.
 */
const char *mech_parts_conflict(const part *const *chosen);

#endif
