/* Tables that programs prescribe: they are written out as the long tables that everything else reads. */
#ifndef MECH_EXPERIMENT_TEMPLATES_TEMPLATES_H
#define MECH_EXPERIMENT_TEMPLATES_TEMPLATES_H

#include "experiment/cells/workbook.h"
#include "experiment/notes/notes.h"

/* Turns the sheet "Data" of an EnzymeML spreadsheet (version 1: a row for each series, with its protein and reactant)
 * into a long table and leaves the book's other sheets out. Does nothing to other books. */
mech_status mech_read_enzymeml(workbook *book, notes *list, mech_error *error);

/* Joins the conditions of PEtab (a table with conditionId) to the measurements (with simulationConditionId) among
 * books[*n], which lose the table of conditions. Does nothing where either is missing. */
mech_status mech_join_petab(workbook *books, size_t *n, notes *list, mech_error *error);

/* The path of the table of conditions that PEtab's names put beside one of measurements, "x_conditions.tsv" beside
 * "x_measurements.tsv"; NULL where the name is no such one or memory runs out. The caller frees it. */
char *mech_petab_conditions_path(const char *measurements);

#endif
