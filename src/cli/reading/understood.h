/* What was understood of a table, in the forms in which `read` gives it. */
#ifndef MECH_CLI_READING_UNDERSTOOD_H
#define MECH_CLI_READING_UNDERSTOOD_H

#include "base/files/text.h"

/* For a chemist at a terminal; long names of runs are cut to their column. */
void write_understood_text(text *t, const char *path, const mech_experiment *experiment);

/* One object on one line. */
mech_status write_understood_json(text *t, const char *path, const mech_experiment *experiment, mech_error *error);

/* {"file": path, "headers": [...]} on one line. */
mech_status write_headers_json(text *t, const char *path, size_t n, char *const *headers, mech_error *error);

/* The long table that every other command reads without help: run, time, S, P, further species, cat, active, starts. */
void write_tidy(text *t, const mech_experiment *experiment);

/* The table of runs that other reports begin with. */
void write_run_table(text *t, const mech_experiment *experiment);

/* Readings after time 0. */
size_t count_points(const mech_run *run);

#endif
