/* The files of a problem of PEtab, version 1 and version 2. */
#ifndef MECH_EXPERIMENT_PETAB_TABLES_H
#define MECH_EXPERIMENT_PETAB_TABLES_H

#include "experiment/petab/problem.h"

void mech_petab_write_model(const petab_problem *p, text *t);

void mech_petab_write_parameters(const petab_problem *p, int version, text *t);
void mech_petab_write_conditions(const petab_problem *p, int version, text *t);
void mech_petab_write_observables(const petab_problem *p, int version, text *t);
void mech_petab_write_measurements(const petab_problem *p, int version, text *t);

/* Of version 2 alone. */
void mech_petab_write_experiments(const petab_problem *p, int version, text *t);

/* problem.yaml, which names the others. */
void mech_petab_write_problem(const petab_problem *p, int version, text *t);

#endif
