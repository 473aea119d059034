#include "experiment/runs/experiment.h"

#include "base/files/file.h"
#include "base/interface.h"

#include <stdlib.h>
#include <string.h>

void mech_experiment_options_init(mech_experiment_options *options, size_t size) {
    const mech_experiment_options defaults = {.size = 0};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

static mech_status collect_set(mech_experiment *e, mech_error *error) {
    mech_status status = mech_run_set_new(e->time_unit, e->concentration_unit, &e->set, error);
    for (size_t i = 0; status == MECH_OK && i < e->n_runs && i < MECH_MOST_RUNS; i++)
        status = mech_run_set_add(e->set, &e->runs[i], error);
    return status;
}

mech_status mech_experiment_parse(const char *text, size_t length, const char *source,
                                  const mech_experiment_options *chosen, mech_experiment **experiment,
                                  mech_error *error) {
    mech_experiment_options own = mech_experiment_options_default();
    const mech_experiment_options *options = &own;
    table t = {0};
    column_layout layout = {0};
    readings collected = {0};
    *experiment = NULL;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_experiment_options", error);
    if (status != MECH_OK) return status;
    mech_experiment *e = calloc(1, sizeof *e);
    if (!e) return mech_fail_memory(error);
    e->memory = mech_arena_new();
    e->source = e->memory ? mech_arena_text(e->memory, source, strlen(source)) : NULL;
    if (!e->source) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    status = mech_table_parse(text, length, source, &t, error);
    if (status != MECH_OK) goto cleanup;
    status = mech_find_columns(&t, options->columns, source, &layout, error);
    if (status != MECH_OK) goto cleanup;
    status = mech_collect_readings(&t, &layout, source, &collected, error);
    if (status != MECH_OK) goto cleanup;
    memcpy(e->time_unit, layout.time_unit, sizeof e->time_unit);
    memcpy(e->concentration_unit, layout.concentration_unit, sizeof e->concentration_unit);
    status = mech_build_runs(&collected, &t, options, source, e, error);
    if (status == MECH_OK && e->warnings.failed) status = mech_fail_memory(error);
    if (status == MECH_OK) status = collect_set(e, error);
cleanup:
    mech_readings_free(&collected);
    mech_column_layout_free(&layout);
    mech_table_free(&t);
    if (status == MECH_OK)
        *experiment = e;
    else
        mech_experiment_free(e);
    return status;
}

mech_status mech_experiment_read(const char *path, const mech_experiment_options *options, mech_experiment **experiment,
                                 mech_error *error) {
    *experiment = NULL;
    char *content = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(path, MAX_TABLE_BYTES, &content, &length, error);
    if (status != MECH_OK) return status;
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    status = mech_experiment_parse(content, length, source, options, experiment, error);
    mech_free(content);
    return status;
}

void mech_experiment_free(mech_experiment *experiment) {
    if (!experiment) return;
    mech_notes_free(&experiment->warnings);
    mech_run_set_free(experiment->set);
    mech_arena_free(experiment->memory);
    free(experiment);
}

const mech_run_set *mech_experiment_runs(const mech_experiment *experiment) { return experiment->set; }

size_t mech_experiment_n_runs(const mech_experiment *experiment) { return experiment->n_runs; }

const mech_run *mech_experiment_run(const mech_experiment *experiment, size_t run) {
    return run < experiment->n_runs ? &experiment->runs[run] : NULL;
}

const char *mech_experiment_time_unit(const mech_experiment *experiment) { return experiment->time_unit; }

const char *mech_experiment_concentration_unit(const mech_experiment *experiment) {
    return experiment->concentration_unit;
}

size_t mech_experiment_n_warnings(const mech_experiment *experiment) { return experiment->warnings.n; }

const char *mech_experiment_warning(const mech_experiment *experiment, size_t warning) {
    return warning < experiment->warnings.n ? experiment->warnings.sentences[warning] : NULL;
}
