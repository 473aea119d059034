/* What one header of a kinetic table says. */
#ifndef MECH_EXPERIMENT_READING_HEADER_H
#define MECH_EXPERIMENT_READING_HEADER_H

#include "experiment/reading/columns.h"

typedef struct header_meaning {
    column_role role;     /* N_COLUMN_ROLES: none that is known */
    double loading_scale; /* of a catalyst column, see column_block */
    char unit[MAX_UNIT];  /* as written; "": none, or a loading's relative one */
} header_meaning;

/* Reads a header such as "Time / s", "[S] (mM)", "catT" or "loading, mol %". With `role` other than N_COLUMN_ROLES the
 * role is known and only the unit is read. */
header_meaning mech_read_header(const char *header, column_role role);

/* Whether two units of time or concentration are the same; "" agrees with any. */
bool mech_same_unit(const char *a, const char *b);

#endif
