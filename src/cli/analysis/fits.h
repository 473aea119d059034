/* Fits in the forms in which fit gives them, and what classify takes of these. */
#ifndef MECH_CLI_ANALYSIS_FITS_H
#define MECH_CLI_ANALYSIS_FITS_H

#include "base/files/text.h"

#include <jansson.h>

/* What fits are about. */
typedef struct fitted_file {
    const char *path; /* of the kinetic table, as the user named it */
    const mech_experiment *experiment;
    const mech_fits *fits;
} fitted_file;

/* fit_text.c: for a chemist at a terminal. */
void write_fits_text(text *t, const fitted_file *f);

/* Its parts: what cannot be told apart and the classes; rate constants and runs by each mechanism worth telling, and
 * the active catalyst. */
void write_fit_conclusions(text *t, const mech_fits *fits);
void write_fit_details(text *t, const mech_fits *fits, const mech_run_set *runs);

/* Whether a mechanism is told in full: the first few, as far as they are probable. */
bool is_worth_telling(const mech_fits *fits, size_t rank);

/* The unit of a quantity, with a blank before it: " mM^-1 min^-1". */
void write_unit(text *t, const mech_quantity *quantity, const mech_run_set *runs);

/* fit_json.c: one object on one line. */
mech_status write_fits_json(text *t, const fitted_file *f, mech_error *error);

/* Its parts: the runs as read; the first so many mechanisms, and the rest of what is concluded. */
json_t *describe_runs(const mech_experiment *experiment);
json_t *describe_fits(const mech_fits *fits, size_t most);
json_t *describe_classes(size_t n, const mech_class_probability *classes);
json_t *describe_alike(size_t n, const char *const *ids);
json_t *describe_none_of_these(const mech_none_of_these *none);
json_t *describe_active_catalyst(const mech_fits *fits);

/* fit_curves.c: the best curves of the most probable mechanism as CSV, columns run, mechanism, time, S, P, active. */
mech_status write_fit_curves(text *t, const fitted_file *f, mech_error *error);

/* Files that fit writes beside its answer; NULL: none. */
typedef struct fit_outputs {
    const char *curves, *figure, *constants, *report;
    const char *petab; /* a folder */
    bool every_petab;  /* of all mechanisms, not of the most probable one alone */
} fit_outputs;

/* fit_petab.c: the most probable mechanism, or every one, as a problem of PEtab in a folder of its own in `folder`. All
 * are made before the first is written. */
mech_status write_fit_petab(const char *folder, bool every, const fitted_file *f, mech_error *error);

/* fit_outputs.c: whether they can be written: -1, or the exit status after a message. */
int check_fit_outputs(const fit_outputs *o);

/* All of them are made before the first is written. */
mech_status write_fit_outputs(const fit_outputs *o, const fitted_file *f, mech_error *error);

#endif
