/* What was drawn from the prior, as a command reports it. */
#ifndef MECH_CLI_TRAINING_DRAW_COUNTS_H
#define MECH_CLI_TRAINING_DRAW_COUNTS_H

#include "mechanist.h"

#include <jansson.h>

/* A table for people, with a line of sums, to standard output. */
void print_draw_counts(const mech_draw_report *report);

/* An array of objects; the caller owns it. */
json_t *draw_counts_json(const mech_draw_report *report);

#endif
