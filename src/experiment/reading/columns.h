/* What axes.c and roles.c share. */
#ifndef MECH_EXPERIMENT_READING_COLUMNS_H
#define MECH_EXPERIMENT_READING_COLUMNS_H

#include "experiment/reading/roles.h"

/* Whether a variable has numbers in any block. */
bool mech_has_values(const table_numbers *n, size_t v);

/* Where the headers stand, for messages; returns place->text. */
const char *mech_place_of_headers(const table_layout *l, cell_place *place);

/* "what; expected expected; the headers are ..." */
mech_status mech_refuse_headers(const table_layout *l, const char *what, const char *expected, mech_error *error);

/* Gives a role to the one variable with its name, unless the user chose another. Of several the first is taken with a
 * note, or the choice is left to the user. */
mech_status mech_take_named(table_layout *l, column_role role, bool first_of_several, notes *list, mech_error *error);

#endif
