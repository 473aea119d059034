/* What was fitted of one mechanism as a problem of parameter estimation: parameters, what differs from run to run, and
 * what is observed. PEtab's tables are written from it (docs/interchange.md). */
#ifndef MECH_EXPERIMENT_PETAB_PROBLEM_H
#define MECH_EXPERIMENT_PETAB_PROBLEM_H

#include "base/files/text.h"
#include "chemistry/sbml/sbml.h"
#include "fit/fits.h"

enum {
    PETAB_MOST_ID = SBML_MOST_ID + 32,
    PETAB_MOST_PARAMETERS = FIT_MOST_POINT + 2,
    PETAB_MOST_TARGETS = 9 + MAX_SPECIES
};

typedef enum petab_prior { PETAB_NO_PRIOR, PETAB_NORMAL, PETAB_LOG_NORMAL } petab_prior;

/* A row of the table of parameters, in the units of the run set. */
typedef struct petab_parameter {
    char id[PETAB_MOST_ID], name[PETAB_MOST_ID];
    double value, low, high;
    bool estimated, linear; /* linear: its scale, which is logarithmic else */
    petab_prior prior;
    double mean, spread; /* of the prior: of the parameter, or of its ln */
} petab_parameter;

/* What a run sets an entity of the model to: a parameter, -1: a number. */
typedef struct petab_setting {
    int parameter;
    double number;
} petab_setting;

typedef struct petab_target {
    char id[SBML_MOST_ID];
    petab_setting runs[MECH_MOST_RUNS];
} petab_target;

typedef struct petab_problem {
    const mechanism_case *fitted;
    const mech_run_set *set;
    sbml_ids ids;
    size_t n_parameters, n_targets, n_model_parameters;
    petab_parameter parameters[PETAB_MOST_PARAMETERS];
    petab_target targets[PETAB_MOST_TARGETS];
    sbml_parameter model_parameters[PETAB_MOST_TARGETS];
    sbml_start starts[MAX_SPECIES];
    double k[MAX_RATE_CONSTANTS], start[MAX_SPECIES]; /* of the model as such: run 1 as it was written */
    int response[READING_KINDS], selectivity;         /* parameters; -1: none */
    bool has_product, has_proportional_noise;
} petab_problem;

void mech_petab_fill(const mechanism_case *fitted, const mech_run_set *set, petab_problem *p);

/* By how much the clock of a run was late, in the run set's unit. */
double mech_petab_clock_offset(const petab_problem *p, size_t run);

/* Appends the formula of what is read, and that of its noise, in which the reading itself is called `reading`. */
void mech_petab_formula(const petab_problem *p, reading_kind of, text *t);
void mech_petab_noise(const petab_problem *p, reading_kind of, const char *reading, text *t);

/* "obs_S". */
const char *mech_petab_observable(reading_kind of);

/* One unit of a kind of reading in the run set's unit of concentration. */
double mech_petab_reading_unit(const petab_problem *p, reading_kind of);

#endif
