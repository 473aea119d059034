/* Which column of a kinetic table holds what, from its headers. */
#ifndef MECH_EXPERIMENT_READING_COLUMNS_H
#define MECH_EXPERIMENT_READING_COLUMNS_H

#include "experiment/reading/table.h"

typedef enum column_role {
    COLUMN_TIME,
    COLUMN_SUBSTRATE,
    COLUMN_PRODUCT,
    COLUMN_CATALYST,
    COLUMN_RUN,
    COLUMN_S0,
    COLUMN_P0,
    N_COLUMN_ROLES
} column_role;

enum { MAX_UNIT = 16 };

/* One set of columns. A long table has one, a wide one a block for each run. */
typedef struct column_block {
    int column[N_COLUMN_ROLES]; /* -1: there is none */
    size_t first_column;        /* the leftmost of them; blocks stand in its order */
    double loading_scale;       /* the catalyst column times this is a fraction of the run's [S]0; 0: it is absolute */
} column_block;

typedef struct column_layout {
    column_block *blocks; /* owned */
    size_t n_blocks;
    char time_unit[MAX_UNIT], concentration_unit[MAX_UNIT]; /* as the headers name them; "": not named */
} column_layout;

/* Finds the columns by their headers (docs/kinetic-tables.md lists them). `choice`, which may be NULL, maps names to
 * headers or column numbers: "time=1,S=Silane,run=Exp". Fails where a column is missing, where two look alike or where
 * units disagree; the message lists the headers. A choice that is malformed is MECH_INVALID_ARGUMENT. The caller frees
 * *layout with mech_column_layout_free() after success. */
mech_status mech_find_columns(const table *t, const char *choice, const char *source, column_layout *layout,
                              mech_error *error);
void mech_column_layout_free(column_layout *layout);

/* "time", "S", ...: what the choice calls the role. */
const char *mech_column_role_name(column_role role);

#endif
