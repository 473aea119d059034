/* Fits in the forms in which fit gives them. */
#ifndef MECH_CLI_FIT_FITS_H
#define MECH_CLI_FIT_FITS_H

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

#endif
