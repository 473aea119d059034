/* What one header of a kinetic table says. */
#ifndef MECH_EXPERIMENT_WORDS_HEADER_H
#define MECH_EXPERIMENT_WORDS_HEADER_H

#include "experiment/words/units.h"

#include <stdbool.h>

/* What a column holds. */
typedef enum column_role {
    COLUMN_TIME,
    COLUMN_SUBSTRATE,
    COLUMN_PRODUCT,
    COLUMN_SECOND,   /* the second reactant, B */
    COLUMN_CATALYST, /* as weighed in */
    COLUMN_ACTIVE,   /* catalyst as measured */
    COLUMN_RUN,
    COLUMN_S0,
    COLUMN_P0,
    COLUMN_B0,
    COLUMN_CONVERSION,
    COLUMN_YIELD,
    COLUMN_SPECIES,  /* the name of what the row's value is of */
    COLUMN_VALUE,    /* that value */
    COLUMN_STANDARD, /* an internal standard */
    N_COLUMN_ROLES
} column_role;

enum { MAX_HEADER_NAME = 48 };

typedef struct header_meaning {
    column_role role;           /* by a name that is known; N_COLUMN_ROLES: none that is */
    column_role hint;           /* what a part of the name speaks for; N_COLUMN_ROLES: nothing */
    bool by_product;            /* the name says so */
    bool no_species;            /* a remark, a temperature, a number of the row: nothing to be told apart */
    bool start;                 /* of what runs start with: "[ArBr]0", "initial amine" */
    unsigned protons;           /* that an integral counts, "(9H)"; 0: not said */
    table_unit unit;            /* behind the name; of a loading also within it */
    char key[MAX_HEADER_NAME];  /* the name in small letters and digits, without its unit */
    char base[MAX_HEADER_NAME]; /* of a start: what starts, "arbr" */
} header_meaning;

/* Reads a header such as "Time / s", "[S] (mM)", "S, mol/L", "catT" or "loading, mol %". */
header_meaning mech_read_header(const char *header);

/* "time", "S", ...: what --columns calls the role. */
const char *mech_column_role_name(column_role role);

/* The role of a species as a cell names it, "S" or "product"; N_COLUMN_ROLES: none that is known. */
column_role mech_role_of_species(const char *name);

/* Whether a header is one of those that time columns have. */
bool mech_is_time_header(const char *header);

/* Splits a header into its name, of *name characters, and its unit. */
table_unit mech_split_unit(const char *header, size_t *name);

/* Small letters and digits of text[length]; "" where they do not fit into MAX_HEADER_NAME characters. */
void mech_reduce_name(const char *text, size_t length, char *key);

#endif
