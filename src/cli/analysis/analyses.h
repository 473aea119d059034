/* A kinetic analysis in the forms in which the command gives it. */
#ifndef MECH_CLI_ANALYSIS_ANALYSES_H
#define MECH_CLI_ANALYSIS_ANALYSES_H

#include "base/files/text.h"

/* What an analysis is about. */
typedef struct analysed {
    const char *path; /* of the kinetic table, as the user named it */
    const mech_experiment *experiment;
    const mech_kinetics *kinetics;
} analysed;

/* analysis_text.c: for a chemist at a terminal. */
void write_kinetics_text(text *t, const analysed *a);

/* analysis_json.c: one object on one line. */
mech_status write_kinetics_json(text *t, const analysed *a, mech_error *error);

/* analysis_csv.c: a row for each reading: run, time, extent, normalised time. */
void write_kinetics_csv(text *t, const mech_kinetics *k);

#endif
