/* Which variable is what: by its header, its unit and what its numbers do, together. */
#ifndef MECH_EXPERIMENT_READING_ROLES_H
#define MECH_EXPERIMENT_READING_ROLES_H

#include "experiment/reading/series.h"

/* The variable of a role; SIZE_MAX: none. */
size_t mech_variable_of(const table_layout *l, column_role role);

/* Finds the columns of time and run, and of species and value in tables that have a row for each, which become a
 * variable for each species. */
mech_status mech_find_axes(table_layout *l, table_numbers *n, notes *list, mech_error *error);

/* The variable that is most likely the loading by its name alone; SIZE_MAX: none. */
size_t mech_find_loading(const table_layout *l);

/* Gives all other variables their roles. A role goes to whom it suits clearly best; where two are close the message
 * names both and what to type. Roles that the headers do not name are said in a note. */
mech_status mech_find_roles(table_layout *l, const table_numbers *n, notes *list, mech_error *error);

/* A proposal for --columns where there is no header: "run=1,time=2,S=3,P=4,cat=5". */
void mech_propose_columns(const table_layout *l, const table_numbers *n, char *proposal, size_t room);

#endif
