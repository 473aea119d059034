#include "cli/training/export_inputs.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"

static mech_status write_array(const char *prefix, const char *name, const float *values, size_t rank,
                               const size_t *shape, mech_error *error) {
    text path = {0};
    mech_text_format(&path, "%s-%s.npy", prefix, name);
    const mech_status status =
        path.failed ? mech_fail_memory(error) : mech_npy_write_array(path.characters, values, rank, shape, error);
    mech_text_free(&path);
    return status;
}

static mech_status write_all(const char *prefix, const mech_run_set_inputs *s, mech_error *error) {
    const size_t of_sets[] = {s->n, s->set_width}, of_runs[] = {s->n, s->n_runs, s->run_width};
    const size_t of_readings[] = {s->n, s->n_runs, s->n_rows, s->reading_width};
    mech_status status = write_array(prefix, "sets", s->sets, 2, of_sets, error);
    if (status == MECH_OK) status = write_array(prefix, "runs", s->runs, 3, of_runs, error);
    if (status == MECH_OK) status = write_array(prefix, "readings", s->readings, 4, of_readings, error);
    if (status == MECH_OK) status = write_array(prefix, "mask", s->mask, 3, of_readings, error);
    return status;
}

mech_status export_inputs(const inputs_request *r, size_t *shape, mech_error *error) {
    mech_experiments *experiments = NULL;
    mech_run_set_inputs *inputs = NULL;
    mech_run_set **runs = NULL;
    size_t n = 0;
    mech_status status = mech_experiments_read(r->data, r->split, &experiments, error);
    if (status == MECH_OK) {
        n = mech_experiments_n(experiments);
        if (r->samples && r->samples < n) n = (size_t)r->samples;
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        runs = mech_allocate_array(n ? n : 1, sizeof *runs);
        if (!runs) status = mech_fail_memory(error);
    }
    for (size_t i = 0; runs && i < n; i++) runs[i] = NULL;
    for (size_t i = 0; i < n && status == MECH_OK; i++)
        status = mech_experiments_run_set(experiments, i, &runs[i], error);
    if (status == MECH_OK)
        status = mech_run_set_inputs_new(n, (const mech_run_set *const *)runs, NULL, 0, &inputs, error);
    if (status == MECH_OK) {
        shape[0] = inputs->n;
        shape[1] = inputs->n_runs;
        shape[2] = inputs->n_rows;
        status = write_all(r->prefix, inputs, error);
    }
    mech_run_set_inputs_free(inputs);
    for (size_t i = 0; runs && i < n; i++) mech_run_set_free(runs[i]);
    mech_release_array(runs);
    mech_experiments_free(experiments);
    return status;
}
