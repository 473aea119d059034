/* A mechanism as a model in SBML Level 3 Version 2 (core), for programs that simulate and fit such models. */
#ifndef MECH_CHEMISTRY_SBML_SBML_H
#define MECH_CHEMISTRY_SBML_SBML_H

#include "base/files/text.h"
#include "chemistry/mechanism.h"

enum { SBML_MOST_ID = 128 };

/* The ids of species, rate constants and the mechanism itself: their names where these are letters and digits,
 * "cat_star" and "k_minus1" else. No two are alike, and none is one of the names that a model or a problem of PEtab
 * gives to something else. */
typedef struct sbml_ids {
    char species[MAX_SPECIES][SBML_MOST_ID], rate_constants[MAX_RATE_CONSTANTS][SBML_MOST_ID], model[SBML_MOST_ID];
} sbml_ids;

void mech_sbml_name(const mech_mechanism *mechanism, sbml_ids *ids);

/* A parameter beside the rate constants. */
typedef struct sbml_parameter {
    const char *id, *name;
    double value;
    bool is_concentration; /* else it is a number */
} sbml_parameter;

/* A species starts at amount * factor - less, ids of parameters; `less` may be NULL. With amount NULL it starts as
 * sbml_model.start says. */
typedef struct sbml_start {
    const char *amount, *factor, *less;
} sbml_start;

typedef struct sbml_model {
    const mech_mechanism *mechanism;
    const sbml_ids *ids;
    const double *k;     /* [n_rate_constants] */
    const double *start; /* [n_species], as mech_problems has it: of a reactant, amount / coefficient */
    const char *time_unit, *concentration_unit; /* "min", "mM"; "": none */
    const char *note;                           /* a sentence for its reader; NULL: none */
    size_t n_parameters;
    const sbml_parameter *parameters; /* [n_parameters] */
    const sbml_start *starts;         /* [n_species]; NULL: none */
} sbml_model;

/* Writes the model: a vessel of one litre, each reaction in one direction, amounts of reactants as they are weighed. */
void mech_write_sbml(text *t, const sbml_model *model);

#endif
