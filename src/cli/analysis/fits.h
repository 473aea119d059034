/* Fits in the forms in which fit gives them. */
#ifndef MECH_CLI_ANALYSIS_FITS_H
#define MECH_CLI_ANALYSIS_FITS_H

#include "base/files/text.h"

/* What fits are about. */
typedef struct fitted_file {
    const char *path; /* of the kinetic table, as the user named it */
    const mech_experiment *experiment;
    const mech_fits *fits;
} fitted_file;

/* fit_text.c: for a chemist at a terminal. */
void write_fits_text(text *t, const fitted_file *f);

/* fit_json.c: one object on one line. */
mech_status write_fits_json(text *t, const fitted_file *f, mech_error *error);

/* fit_curves.c: the best curves of the most probable mechanism as CSV, columns run, mechanism, time, S, P, active. */
mech_status write_fit_curves(text *t, const fitted_file *f, mech_error *error);

/* Files that fit writes beside its answer; NULL: none. */
typedef struct fit_outputs {
    const char *curves, *figure, *constants, *report;
} fit_outputs;

/* fit_outputs.c: whether they can be written for so many experiments: -1, or the exit status after a message. */
int check_fit_outputs(const fit_outputs *o, size_t n_experiments);

/* All of them are made before the first is written. */
mech_status write_fit_outputs(const fit_outputs *o, const fitted_file *f, mech_error *error);

#endif
