/* An answer in the forms in which classify gives it. */
#ifndef MECH_CLI_CLASSIFY_ANSWERS_H
#define MECH_CLI_CLASSIFY_ANSWERS_H

#include "base/files/text.h"

#include <stdio.h>

/* What an answer is about. */
typedef struct answered {
    const char *path;  /* of the kinetic table, as the user named it */
    const char *model; /* its name */
    const mech_experiment *experiment;
    const mech_answer *answer;
    const mech_classify_options *options; /* what was known beforehand */
} answered;

/* Whether the user ruled a mechanism out beforehand, by --among or with prior odds of 0. */
bool is_ruled_out(const answered *a, const char *id);

/* How many of the model's mechanisms were. */
size_t count_ruled_out(const answered *a);

/* answer_text.c: for a chemist at a terminal. */
void write_answer_text(text *t, const answered *a);

/* answer_json.c: one object on one line. */
mech_status write_answer_json(text *t, const answered *a, mech_error *error);

/* answer_report.c: a page of HTML that needs nothing but itself, with the figure within. */
mech_status write_answer_report(const answered *a, FILE *stream, mech_error *error);

/* answer_words.c: what the three have in common. */

/* A number in four significant digits. */
typedef struct short_number {
    char text[24];
} short_number;
short_number shorten(double number);

/* "S and P", "S" or "P": what was measured in a run. */
const char *measured_species(const mech_run *run);

/* How the runs were brought to what the model was trained on: one sentence after the other. */
void write_conventions(text *t, const answered *a, const char *before, const char *after);

/* How near a fit comes, and what the network alone said. */
void write_fit_quality(text *t, const answered *a, const mech_fitted *fit);

/* Rate constant j of a fit, with its 95 % interval and unit: "12.3 (8.1 to 18.6) / (mM min)". */
void write_rate_constant(text *t, const answered *a, const mech_fitted *fit, size_t j);

/* The amount of the additive, where the mechanism has one, in the same way. */
void write_additive(text *t, const answered *a, const mech_fitted *fit);

#endif
