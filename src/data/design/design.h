/* Designs: what experiments look like (docs/designs.md). A design is a text, `key: distribution` line by line. */
#ifndef MECH_DATA_DESIGN_DESIGN_H
#define MECH_DATA_DESIGN_DESIGN_H

#include "data/design/distribution.h"
#include "mechanist.h"

typedef enum design_key {
    DESIGN_ADDITIVE,            /* start amount of an additive that no reaction makes */
    DESIGN_SCALE,               /* of loadings, with the rate constants carried over */
    DESIGN_RUNS,                /* how many */
    DESIGN_LOADINGS,            /* of the runs that differ in their loading alone; may have several places */
    DESIGN_LOADINGS_RATIO,      /* of any two of them, at least */
    DESIGN_LOADINGS_OF_A_THETA, /* so many are drawn for a theta, and each run takes one of its part; 0: none */
    DESIGN_SHUFFLED,            /* whether runs come in any order */
    DESIGN_FURTHER_RUNS_FROM,   /* with fewer runs there is no same excess, product added or repeat */
    DESIGN_SAME_EXCESS,         /* runs with less substrate */
    DESIGN_SAME_EXCESS_S0,
    DESIGN_SAME_EXCESS_P0,
    DESIGN_PRODUCT_ADDED, /* runs with the standard [S]0 and product */
    DESIGN_PRODUCT_ADDED_P0,
    DESIGN_REPEATED,            /* runs that start as another does */
    DESIGN_REACTANT,            /* start amount of a second reactant at the standard [S]0 */
    DESIGN_REACTANT_CHANGED,    /* runs that start with another amount of it alone */
    DESIGN_REACTANT_CHANGED_TO, /* so many times as much */
    DESIGN_REACTANT_READ,       /* whether it is measured, too */
    DESIGN_FOLLOWED_TO,         /* which share of its own final conversion a run is followed to */
    DESIGN_COMMON_END,          /* whether all runs end when one of them does */
    DESIGN_GOES_ON,             /* one run's length is so many times as long */
    DESIGN_POINTS,              /* readings of a run */
    DESIGN_POINTS_OF_RUN,       /* each run has so many times as many */
    DESIGN_TIMES,
    DESIGN_READING_AT_0,
    DESIGN_SPECIES,
    DESIGN_LOADING_ERROR, /* standard deviations of errors, and what else is wrong (docs/designs.md) */
    DESIGN_DEAD_CATALYST,
    DESIGN_CLOCK_ERROR,
    DESIGN_START_ERROR,
    DESIGN_RESPONSE_ERROR,
    DESIGN_PRODUCT_SHARE,
    DESIGN_NOISE,
    DESIGN_RELATIVE_NOISE,
    DESIGN_OUTLIERS,
    DESIGN_OUTLIER_ERROR,
    N_DESIGN_KEYS
} design_key;

enum {
    MOST_READINGS = 2000, /* of a run */
    MOST_DESIGN_CHOICES = 512,
    LONGEST_DESIGN = 32768 /* bytes */
};

/* How train and validation are drawn, and how test is where a design says other things of it. */
typedef enum design_use { DESIGN_FOR_TRAINING, DESIGN_FOR_TEST, N_DESIGN_USES } design_use;

typedef struct design {
    const char *name; /* "laboratory" */
    const char *text; /* as it was read */
    distribution of[N_DESIGN_USES][N_DESIGN_KEYS];
    distribution loadings[N_DESIGN_USES][MECH_MOST_RUNS]; /* run by run; of[][DESIGN_LOADINGS] is the first of them */
    size_t n_loadings[N_DESIGN_USES];                     /* further runs take the last */
    choice choices[MOST_DESIGN_CHOICES];                  /* of all distributions */
    size_t n_choices;
} design;

/* Reads a design from text. `source` names it in messages, "source:line:column: what is wrong; what was expected". The
 * caller frees *d. */
mech_status mech_design_parse(const char *text, size_t length, const char *source, design **d, mech_error *error);

/* The built-in design of that name, or else the design in the file of that name. "seed" is another name of
 * "fixed-window". */
mech_status mech_design_open(const char *name_or_file, design **d, mech_error *error);

void mech_design_free(design *d); /* accepts NULL */

/* The text of the built-in design number i, closed by a NUL, with its name; NULL behind the last. Static. */
const char *mech_design_builtin(size_t i, const char **name);

/* Fewest and most readings that a run can have. */
void mech_design_readings(const design *d, design_use use, size_t *fewest, size_t *most);

#endif
