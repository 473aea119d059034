#include "data/reading/runs_reader.h"

#include "base/memory.h"
#include "data/dataset/dataset_layout.h"
#include "data/reading/dataset_file.h"
#include "data/runs/experiments.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THETA = 64, LARGEST_BLOCK = 1 << 20 };

/* Readings of one run, so that no file makes a reader of one run set ask for much. */
static const uint64_t MOST_OF_A_RUN = 1 << 20;

mech_status mech_is_format_2(hid_t file, const char *path, bool *is, mech_error *error) {
    uint64_t format = 1;
    const bool read = mech_read_whole_attribute(file, "format", &format);
    *is = format == 2;
    if (read && (format == 1 || format == 2)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT, "%s: its format cannot be read or is %llu; expected 1 or 2", path,
                     (unsigned long long)format);
}

static void truth_place(const char *name, char *place, size_t room) { snprintf(place, room, "errors/%s", name); }

/* How many mechanisms labels stand for. */
static mech_status count_labels(runs_reader *r) {
    char *ids = NULL;
    if (!mech_read_text_attribute(r->arrays.file, "mechanisms", &ids))
        return mech_fail(r->arrays.error, MECH_INVALID_INPUT, "%s: its attributes cannot be read: the file is damaged",
                         r->arrays.path);
    r->n_labels = ids ? 1 : mech_builtin_count();
    for (const char *c = ids; c && *c; c++) r->n_labels += *c == ',';
    free(ids);
    if (r->n_labels <= UINT16_MAX) return MECH_OK;
    return mech_fail(r->arrays.error, MECH_INVALID_INPUT, "%s: names %zu mechanisms; expected at most %d",
                     r->arrays.path, r->n_labels, UINT16_MAX);
}

/* Checks the arrays of errors where the file has them. */
static mech_status check_errors(runs_reader *r) {
    char place[64];
    mech_status status = MECH_OK;
    for (int t = 0; t < N_SET_TRUTHS + N_RUN_TRUTHS && status == MECH_OK; t++) {
        const bool of_run = t >= N_SET_TRUTHS;
        truth_place(of_run ? mech_run_truth_name((run_truth)(t - N_SET_TRUTHS)) : mech_set_truth_name((set_truth)t),
                    place, sizeof place);
        const bool held = mech_has_array(&r->arrays, place);
        *(of_run ? &r->held.of_run[t - N_SET_TRUTHS] : &r->held.of_set[t]) = held;
        if (!held) continue;
        r->has_errors = true;
        expectation e = {place, H5T_FLOAT, of_run ? sizeof(float) : sizeof(double), 1, {of_run ? r->n_runs : r->n}};
        status = mech_check_array(&r->arrays, &e);
    }
    return status;
}

static mech_status check_digests(runs_reader *r) {
    uint64_t a_block = 0;
    if (!mech_has_array(&r->arrays, "digest")) return MECH_OK;
    if (!mech_read_whole_attribute(r->arrays.file, "digest_block", &a_block) || a_block < 1 || a_block > LARGEST_BLOCK)
        return mech_refuse_array(&r->arrays, "digest", "has no sound digest_block beside it");
    r->a_block = (size_t)a_block;
    expectation e = {"digest", H5T_INTEGER, sizeof(uint64_t), 1, {(r->n + r->a_block - 1) / r->a_block}};
    return mech_check_array(&r->arrays, &e);
}

mech_status mech_runs_reader_open(hid_t file, const char *path, const char *split, runs_reader *r, mech_error *error) {
    *r = (runs_reader){.arrays = {file, path, split, error}};
    bool is_format_2 = false;
    mech_status status = mech_is_format_2(file, path, &is_format_2, error);
    if (status == MECH_OK && !is_format_2)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: is of format 1; expected format 2", path);
    if (status == MECH_OK && H5Lexists(file, split, H5P_DEFAULT) <= 0)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: holds no split '%s'", path, split);
    if (status != MECH_OK) return status;
    const array_group *g = &r->arrays;
    r->has_additive = mech_has_array(g, "additive");
    r->has_b = mech_has_array(g, "b0") || mech_has_array(g, "b");
    expectation y = {"y", H5T_INTEGER, sizeof(uint16_t), 1, {0}}, s0 = {"s0", H5T_FLOAT, sizeof(float), 1, {0}};
    expectation theta = {"theta", H5T_FLOAT, sizeof(double), 2, {0, 0}};
    expectation time = {"time", H5T_FLOAT, sizeof(float), 1, {0}};
    expectation *const sizes[] = {&y, &s0, &time};
    for (size_t i = 0; i < 3 && status == MECH_OK; i++) status = mech_check_array(g, sizes[i]);
    theta.shape[0] = y.shape[0];
    if (status == MECH_OK) status = mech_check_array(g, &theta);
    if (status != MECH_OK) return status;
    if (theta.shape[1] > MOST_THETA) return mech_refuse_array(g, "theta", "has more than 64 columns");
    r->n = (size_t)y.shape[0];
    r->n_runs = (size_t)s0.shape[0];
    r->n_readings = (size_t)time.shape[0];
    r->n_theta = (size_t)theta.shape[1];
    const struct {
        bool there;
        expectation e;
    } others[] = {{r->has_additive, {"additive", H5T_FLOAT, sizeof(double), 1, {r->n}}},
                  {true, {"run_offset", H5T_INTEGER, sizeof(uint64_t), 1, {r->n + 1}}},
                  {true, {"p0", H5T_FLOAT, sizeof(float), 1, {r->n_runs}}},
                  {true, {"cat0", H5T_FLOAT, sizeof(float), 1, {r->n_runs}}},
                  {true, {"reading_offset", H5T_INTEGER, sizeof(uint64_t), 1, {r->n_runs + 1}}},
                  {true, {"substrate", H5T_FLOAT, sizeof(float), 1, {r->n_readings}}},
                  {true, {"product", H5T_FLOAT, sizeof(float), 1, {r->n_readings}}},
                  {r->has_b, {"b0", H5T_FLOAT, sizeof(float), 1, {r->n_runs}}},
                  {r->has_b, {"b", H5T_FLOAT, sizeof(float), 1, {r->n_readings}}}};
    for (size_t i = 0; i < sizeof others / sizeof others[0] && status == MECH_OK; i++) {
        expectation e = others[i].e;
        if (others[i].there) status = mech_check_array(g, &e);
    }
    if (status == MECH_OK) status = check_errors(r);
    if (status == MECH_OK) status = check_digests(r);
    return status == MECH_OK ? count_labels(r) : status;
}

static mech_status refuse_place(const runs_reader *r, const char *array, const char *unit, size_t number,
                                const char *what) {
    return mech_fail(r->arrays.error, MECH_INVALID_INPUT, "%s: %s/%s: %s %zu %s", r->arrays.path, r->arrays.group,
                     array, unit, number, what);
}

/* Reads offsets[n + 1] from number `first` on, each at least 1 and at most `most` above the one before it and none
 * above `end`; the first one of all is 0 and the last one `end`, which has `all` before it. */
static mech_status read_offsets(const runs_reader *r, const char *array, const char *unit, size_t first, size_t n,
                                size_t all, uint64_t most, size_t end, uint64_t *offsets) {
    const mech_status status = mech_read_rows(&r->arrays, array, H5T_NATIVE_UINT64, first, n + 1, offsets);
    if (status != MECH_OK) return status;
    if (offsets[n] > end || (first == 0 && offsets[0] != 0) || (first + n == all && offsets[n] != end))
        return refuse_place(r, array, unit, first, "does not fit the arrays it points into");
    for (size_t i = 0; i < n; i++)
        if (offsets[i + 1] <= offsets[i] || offsets[i + 1] - offsets[i] > most)
            return refuse_place(r, array, unit, first + i, "is empty or too large");
    return MECH_OK;
}

mech_status mech_runs_reader_labels(const runs_reader *r, size_t first, size_t n, uint16_t *labels) {
    int64_t *wide = mech_allocate_array(n, sizeof *wide);
    if (!wide) return mech_fail_memory(r->arrays.error);
    mech_status status = mech_read_rows(&r->arrays, "y", H5T_NATIVE_INT64, first, n, wide);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        if (wide[i] < 0 || (uint64_t)wide[i] >= r->n_labels)
            status = refuse_place(r, "y", "run set", first + i, "has a label that stands for no mechanism");
        else
            labels[i] = (uint16_t)wide[i];
    }
    mech_release_array(wide);
    return status;
}

/* Errors of which the file has arrays; NaN where it has none. */
static mech_status read_truths(const runs_reader *r, const run_set_place *from, run_sets *sets) {
    char place[64];
    mech_status status = MECH_OK;
    for (int t = 0; t < N_SET_TRUTHS && status == MECH_OK; t++) {
        truth_place(mech_set_truth_name((set_truth)t), place, sizeof place);
        if (r->held.of_set[t])
            status = mech_read_rows(&r->arrays, place, H5T_NATIVE_DOUBLE, from->set, sets->n, sets->set_truths[t]);
        else
            for (size_t i = 0; i < sets->n; i++) sets->set_truths[t][i] = NAN;
    }
    for (int t = 0; t < N_RUN_TRUTHS && status == MECH_OK; t++) {
        truth_place(mech_run_truth_name((run_truth)t), place, sizeof place);
        if (r->held.of_run[t])
            status = mech_read_rows(&r->arrays, place, H5T_NATIVE_FLOAT, from->run, sets->n_runs, sets->run_truths[t]);
        else
            for (size_t i = 0; i < sets->n_runs; i++) sets->run_truths[t][i] = NAN;
    }
    sets->has_truths = r->has_errors;
    sets->held = r->held;
    return status;
}

static mech_status check_run(const runs_reader *r, const run_sets *s, size_t run, size_t number) {
    const struct {
        const char *array;
        float value;
        bool positive;
    } starts[] = {{"s0", s->s0[run], true}, {"p0", s->p0[run], false}, {"cat0", s->cat0[run], false}};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (!isfinite(starts[i].value) || starts[i].value < 0 || (starts[i].positive && starts[i].value == 0))
            return refuse_place(r, starts[i].array, "run", number, "starts with what is no amount");
    if (s->b0 && (isinf(s->b0[run]) || s->b0[run] < 0))
        return refuse_place(r, "b0", "run", number, "starts with what is no amount");
    size_t n_measured = 0;
    for (size_t i = (size_t)s->reading_offset[run]; i < s->reading_offset[run + 1]; i++) {
        const float before = i > s->reading_offset[run] ? s->time[i - 1] : 0;
        if (!(isfinite(s->time[i]) && s->time[i] >= before))
            return refuse_place(r, "time", "run", number, "has times that are not finite or do not ascend from 0");
        if (isinf(s->substrate[i]) || isinf(s->product[i]) || (s->b && isinf(s->b[i])))
            return refuse_place(r, "substrate", "run", number, "has a concentration that is not finite");
        n_measured += !isnan(s->substrate[i]) || !isnan(s->product[i]) || (s->b && !isnan(s->b[i]));
    }
    return n_measured ? MECH_OK : refuse_place(r, "substrate", "run", number, "has nothing that was measured");
}

/* Room for what stands there, with the offsets in it; *from says where it begins. */
static mech_status read_extent(const runs_reader *r, size_t first, size_t n, run_set_place *from, run_sets **sets) {
    uint64_t *runs = mech_allocate_array(n + 1, sizeof *runs), *readings = NULL;
    mech_status status = runs ? MECH_OK : mech_fail_memory(r->arrays.error);
    if (status == MECH_OK)
        status = read_offsets(r, "run_offset", "run set", first, n, r->n, MECH_MOST_RUNS, r->n_runs, runs);
    if (status != MECH_OK) goto cleanup;
    const size_t n_runs = (size_t)(runs[n] - runs[0]);
    *from = (run_set_place){.set = first, .run = (size_t)runs[0]};
    readings = mech_allocate_array(n_runs + 1, sizeof *readings);
    status = readings ? read_offsets(r, "reading_offset", "run", from->run, n_runs, r->n_runs, MOST_OF_A_RUN,
                                     r->n_readings, readings)
                      : mech_fail_memory(r->arrays.error);
    if (status != MECH_OK) goto cleanup;
    from->reading = (size_t)readings[0];
    const size_t n_readings = (size_t)(readings[n_runs] - readings[0]);
    run_sets *s = mech_run_sets_new(n, n_runs, n_readings, r->n_theta, r->n_labels, r->has_b);
    if (!s) {
        status = mech_fail_memory(r->arrays.error);
        goto cleanup;
    }
    s->n = n;
    s->n_runs = n_runs;
    s->n_readings = n_readings;
    for (size_t i = 0; i <= n; i++) s->run_offset[i] = runs[i] - runs[0];
    for (size_t i = 0; i <= n_runs; i++) s->reading_offset[i] = readings[i] - readings[0];
    *sets = s;
cleanup:
    mech_release_array(runs);
    mech_release_array(readings);
    return status;
}

static mech_status read_content(const runs_reader *r, const run_set_place *from, run_sets *s) {
    const array_group *g = &r->arrays;
    const struct {
        const char *name;
        size_t first, n;
        float *values;
    } floats[] = {{"s0", from->run, s->n_runs, s->s0},
                  {"p0", from->run, s->n_runs, s->p0},
                  {"cat0", from->run, s->n_runs, s->cat0},
                  {"b0", from->run, s->n_runs, s->b0},
                  {"time", from->reading, s->n_readings, s->time},
                  {"substrate", from->reading, s->n_readings, s->substrate},
                  {"product", from->reading, s->n_readings, s->product},
                  {"b", from->reading, s->n_readings, s->b}};
    mech_status status = mech_runs_reader_labels(r, from->set, s->n, s->label);
    if (status == MECH_OK) status = mech_read_rows(g, "theta", H5T_NATIVE_DOUBLE, from->set, s->n, s->theta);
    if (status == MECH_OK && r->has_additive)
        status = mech_read_rows(g, "additive", H5T_NATIVE_DOUBLE, from->set, s->n, s->additive);
    for (size_t i = 0; i < s->n && !r->has_additive; i++) s->additive[i] = NAN;
    for (size_t i = 0; i < sizeof floats / sizeof floats[0] && status == MECH_OK; i++)
        if (floats[i].values)
            status =
                mech_read_rows(g, floats[i].name, H5T_NATIVE_FLOAT, floats[i].first, floats[i].n, floats[i].values);
    if (status == MECH_OK) status = read_truths(r, from, s);
    for (size_t run = 0; run < s->n_runs && status == MECH_OK; run++) status = check_run(r, s, run, from->run + run);
    return status;
}

/* Compares a whole block with its digest. */
static mech_status check_digest(const runs_reader *r, const run_set_place *from, const run_sets *s) {
    uint64_t noted = 0, found = 0;
    const mech_status status =
        mech_read_rows(&r->arrays, "digest", H5T_NATIVE_UINT64, from->set / r->a_block, 1, &noted);
    if (status != MECH_OK) return status;
    if (!mech_runs_digest(s, from, &found)) return mech_fail_memory(r->arrays.error);
    return found == noted
               ? MECH_OK
               : refuse_place(r, "digest", "run set", from->set, "and those behind it are not what was written");
}

static mech_status read_piece(const runs_reader *r, size_t first, size_t n, bool whole_block, run_sets **sets) {
    run_set_place from;
    *sets = NULL;
    mech_status status = read_extent(r, first, n, &from, sets);
    if (status == MECH_OK) status = read_content(r, &from, *sets);
    if (status == MECH_OK && whole_block) status = check_digest(r, &from, *sets);
    if (status != MECH_OK) {
        mech_run_sets_free(*sets);
        *sets = NULL;
    }
    return status;
}

/* Compares the blocks that hold run sets first, ..., first + n - 1 with their digests, one after another. */
static mech_status check_blocks(const runs_reader *r, size_t first, size_t n) {
    mech_status status = MECH_OK;
    for (size_t b = first / r->a_block; b * r->a_block < first + n && status == MECH_OK; b++) {
        const size_t begin = b * r->a_block, left = r->n - begin;
        run_sets *block = NULL;
        status = read_piece(r, begin, left < r->a_block ? left : r->a_block, true, &block);
        mech_run_sets_free(block);
    }
    return status;
}

mech_status mech_runs_reader_read(const runs_reader *r, size_t first, size_t n, run_sets **sets) {
    *sets = NULL;
    const mech_status status = r->a_block ? check_blocks(r, first, n) : MECH_OK;
    return status == MECH_OK ? read_piece(r, first, n, false, sets) : status;
}

mech_status mech_run_sets_read(const char *path, const char *split, size_t first, size_t n, run_sets **sets,
                               mech_error *error) {
    dataset_file f;
    runs_reader r;
    *sets = NULL;
    mech_status status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    status = mech_runs_reader_open(f.file, path, split, &r, error);
    if (status == MECH_OK && first >= r.n)
        status = mech_fail(error, MECH_INVALID_ARGUMENT, "there is no sample %zu; expected 0 to %zu", first, r.n - 1);
    if (status == MECH_OK) status = mech_runs_reader_read(&r, first, n < r.n - first ? n : r.n - first, sets);
    mech_dataset_file_close(&f);
    return status;
}

mech_status mech_experiments_read(const char *path, const char *split, mech_experiments **experiments,
                                  mech_error *error) {
    run_sets *sets = NULL;
    *experiments = NULL;
    const mech_status status = mech_run_sets_read(path, split, 0, SIZE_MAX, &sets, error);
    return status == MECH_OK ? mech_experiments_new(sets, experiments, error) : status;
}

mech_status mech_dataset_has_runs(const char *path, bool *has_runs, mech_error *error) {
    dataset_file f;
    mech_status status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    status = mech_is_format_2(f.file, path, has_runs, error);
    mech_dataset_file_close(&f);
    return status;
}

mech_status mech_experiment_of_data(const char *path, const char *split, size_t sample, mech_run_set **runs,
                                    mech_truth **truth, mech_error *error) {
    run_sets *sets = NULL;
    *runs = NULL;
    if (truth) *truth = NULL;
    mech_status status = mech_run_sets_read(path, split, sample, 1, &sets, error);
    if (status == MECH_OK) status = mech_run_sets_get(sets, 0, runs, error);
    if (status == MECH_OK && truth) status = mech_run_sets_truth(sets, 0, 0, truth, error);
    if (status != MECH_OK) {
        mech_run_set_free(*runs);
        *runs = NULL;
    }
    mech_run_sets_free(sets);
    return status;
}
