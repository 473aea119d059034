/* An answer in the forms in which classify gives it. */
#ifndef MECH_CLI_CLASSIFY_ANSWERS_H
#define MECH_CLI_CLASSIFY_ANSWERS_H

#include "base/files/text.h"

#include <stdio.h>

/* What an answer is about. */
typedef struct answered {
    const char *path;  /* of the kinetic table, as the user named it */
    const char *model; /* the name of the network that took part; NULL: none did */
    const mech_experiment *experiment;
    const mech_answer *answer;
    const mech_advice *advice;            /* NULL: none was asked for */
    const mech_classify_options *options; /* what was known beforehand */
} answered;

/* Whether the user ruled a mechanism out beforehand, by --among or with prior odds of 0. */
bool is_ruled_out(const answered *a, const char *id);

/* How many of those to choose from were. */
size_t count_ruled_out(const answered *a);

/* answer_text.c: for a chemist at a terminal. */
void write_answer_text(text *t, const answered *a);

/* answer_json.c: one object on one line. */
mech_status write_answer_json(text *t, const answered *a, mech_error *error);

/* answer_report.c: a page of HTML that needs nothing but itself, with the figure within. */
mech_status write_answer_report(const answered *a, FILE *stream, mech_error *error);

/* answer_words.c: what the three have in common. */

/* What an answer by a network alone is: "the network's quick look: nothing was fitted; ...". */
extern const char quick_look[];

/* "S and P", "S" or "P": what was measured in a run. */
const char *measured_species(const mech_run *run);

/* How the runs were brought to what a network of four runs was trained on: one sentence after the other; nothing where
 * none was asked. */
void write_conventions(text *t, const answered *a, const char *before, const char *after);

/* Who answered: "set-laboratory (set network, design laboratory)", "fits". */
void write_origin(text *t, const answered *a);

#endif
