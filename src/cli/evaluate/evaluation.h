/* What predict, evaluate and calibrate share. */
#ifndef MECH_CLI_EVALUATE_EVALUATION_H
#define MECH_CLI_EVALUATE_EVALUATION_H

#include "mechanist.h"

#define EXACT_HELP "tell a network of run sets that there are no errors, and the noise that is added"

/* Whether the words name what may alone have been measured, "S" or "P"; NULL is both. */
bool are_species(const char *words);

/* Opens a model and data, with a line on standard error for what is to be minded. */
mech_status open_predictions(const char *data, const mech_prediction_options *options, mech_predictions **p,
                             mech_error *error);

/* evaluation_text.c: a judgement for a reader at a terminal. */
void print_evaluation_text(const mech_judgement *j, const mech_predictions *p, const mech_prediction_options *options);

#endif
