/* Experiments of runs in memory. They go the way of a table, so that arrays are answered as a file of them would be. */
#include "base/error.h"
#include "base/files/text.h"

#include <math.h>
#include <string.h>

/* A cell of text, in quotes. */
static void add_words(text *t, const char *words) {
    mech_text_add(t, "\"");
    for (const char *c = words; *c; c++) {
        if (*c == '"') mech_text_add(t, "\"");
        mech_text_append(t, c, 1);
    }
    mech_text_add(t, "\"");
}

/* A header with its unit, if it has one. */
static void add_header(text *t, const char *name, const char *unit) {
    text words = {0};
    mech_text_add(&words, name);
    if (*unit) mech_text_format(&words, " (%s)", unit);
    if (words.failed)
        t->failed = true;
    else
        add_words(t, words.characters);
    mech_text_free(&words);
}

/* A number behind a comma; nothing where it is NaN. */
static void add_cell(text *t, double number) {
    mech_text_add(t, ",");
    if (!isnan(number)) mech_text_number(t, number);
}

/* Which of S and P any run has a reading of. */
static bool is_measured(const mech_run_set *runs, bool product) {
    for (size_t i = 0; i < mech_run_set_n_runs(runs); i++) {
        const mech_run *run = mech_run_set_run(runs, i);
        const double *of = product ? run->product : run->substrate;
        for (size_t j = 0; of && j < run->n_readings; j++)
            if (!isnan(of[j])) return true;
    }
    return false;
}

static void add_run(text *t, const mech_run *run, bool substrate, bool product) {
    for (size_t i = 0; i < run->n_readings; i++) {
        add_words(t, run->name);
        add_cell(t, run->time[i]);
        if (substrate) add_cell(t, run->substrate ? run->substrate[i] : NAN);
        if (product) add_cell(t, run->product ? run->product[i] : NAN);
        add_cell(t, run->cat0);
        add_cell(t, run->s0);
        add_cell(t, run->p0);
        mech_text_add(t, "\n");
    }
}

mech_status mech_experiment_of_runs(const mech_run_set *runs, const char *name, mech_experiment **experiment,
                                    mech_error *error) {
    const bool substrate = is_measured(runs, false), product = is_measured(runs, true);
    const char *const concentrations[] = {substrate ? "S" : NULL, product ? "P" : NULL, "cat", "S0", "P0"};
    mech_experiment_options options = mech_experiment_options_default();
    text t = {0};
    *experiment = NULL;
    if (!mech_run_set_n_runs(runs))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: there are no runs; expected 1 or more", name);
    options.ignore_saved = true;
    mech_text_add(&t, "run,");
    add_header(&t, "time", mech_run_set_time_unit(runs));
    for (size_t i = 0; i < sizeof concentrations / sizeof concentrations[0]; i++) {
        if (!concentrations[i]) continue;
        mech_text_add(&t, ",");
        add_header(&t, concentrations[i], mech_run_set_concentration_unit(runs));
    }
    mech_text_add(&t, "\n");
    for (size_t i = 0; i < mech_run_set_n_runs(runs); i++) add_run(&t, mech_run_set_run(runs, i), substrate, product);
    mech_status status = t.failed ? mech_fail_memory(error)
                                  : mech_experiment_parse(t.characters, t.length, name, &options, experiment, error);
    mech_text_free(&t);
    return status;
}
