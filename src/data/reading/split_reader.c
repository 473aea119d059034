#include "data/reading/split_reader.h"

#include "base/memory.h"
#include "data/dataset/sample_digests.h"
#include "data/samples/byte_labels.h"
#include "data/samples/mass_balance.h"
#include "data/samples/samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the file's attributes say of all splits. A file of another program may lack them: it is then taken to follow
 * design fixed-window and to label the mechanisms of the library. */
static mech_status read_attributes(split_reader *r) {
    char *sample_design = NULL, *mechanisms = NULL;
    mech_status status = MECH_OK;
    r->design = MECH_DESIGN_FIXED_WINDOW;
    if (!mech_read_text_attribute(r->file, "protocol", &sample_design) ||
        !mech_read_text_attribute(r->file, "mechanisms", &mechanisms)) {
        status =
            mech_fail(r->error, MECH_INVALID_INPUT, "%s: its attributes cannot be read: the file is damaged", r->path);
        goto cleanup;
    }
    if (sample_design && !mech_find_sample_design(sample_design, &r->design)) {
        status = mech_fail(r->error, MECH_INVALID_INPUT, "%s: its protocol is '%s'; expected 'seed' or 'nature'",
                           r->path, sample_design);
        goto cleanup;
    }
    status = mech_count_labels(mechanisms, r->path, &r->n_labels, r->error);
cleanup:
    free(sample_design);
    free(mechanisms);
    return status;
}

/* Whether a run's times begin at 0 and never fall. */
static bool times_ascend(const mech_samples *s, size_t sample, size_t run) {
    const float *times = s->x2 + sample * s->n_times * SAMPLE_COLUMNS + run * RUN_COLUMNS;
    if (times[0] != 0) return false;
    for (size_t i = 1; i < s->n_times; i++)
        if (!(isfinite(times[i * SAMPLE_COLUMNS]) && times[i * SAMPLE_COLUMNS] >= times[(i - 1) * SAMPLE_COLUMNS]))
            return false;
    return true;
}

/* Whether a column is finite throughout or, not having been measured, NaN: throughout or but for t = 0. */
static bool column_is_whole(const mech_samples *s, size_t sample, size_t column) {
    const float *values = s->x2 + sample * s->n_times * SAMPLE_COLUMNS + column;
    size_t n_finite = 0, n_nan = 0;
    for (size_t i = 1; i < s->n_times; i++) {
        n_finite += isfinite(values[i * SAMPLE_COLUMNS]) != 0;
        n_nan += isnan(values[i * SAMPLE_COLUMNS]) != 0;
    }
    if (n_finite == s->n_times - 1) return isfinite(values[0]) != 0;
    return n_nan == s->n_times - 1 && !isinf(values[0]);
}

static mech_status refuse_sample(const split_reader *r, const char *array, size_t sample, const char *what) {
    return mech_fail(r->error, MECH_INVALID_INPUT, "%s: %s/%s: sample %zu %s", r->path, r->split, array, sample, what);
}

mech_status mech_split_reader_check(const split_reader *r, const mech_samples *s, size_t sample, size_t number) {
    for (size_t run = 0; run < N_RUNS; run++) {
        if (!(s->x1[sample * N_RUNS + run] > 0 && isfinite(s->x1[sample * N_RUNS + run])))
            return refuse_sample(r, "x1", number, "has a loading that is not above 0");
        if (!times_ascend(s, sample, run)) return refuse_sample(r, "x2", number, "has times that do not ascend from 0");
    }
    for (size_t column = 0; column < SAMPLE_COLUMNS; column++)
        if (column % RUN_COLUMNS && !column_is_whole(s, sample, column))
            return refuse_sample(r, "x2", number, "has a concentration that is not finite");
    if (mech_first_without_reading(1, s->n_times, s->x2 + sample * s->n_times * SAMPLE_COLUMNS) == 0)
        return refuse_sample(r, "x2", number, "has a reading with neither S nor P; expected one of them");
    return MECH_OK;
}

/* Compares rows of an array with the digests noted of them. */
static mech_status compare_digests(const split_reader *r, const char *name, size_t which, size_t first, size_t n,
                                   const void *rows, size_t row, uint64_t *digests) {
    const size_t block = first / DIGESTED_SAMPLES, n_blocks = (n + DIGESTED_SAMPLES - 1) / DIGESTED_SAMPLES;
    uint64_t *found = digests + n_blocks * DIGESTED_ARRAYS;
    const mech_status status = mech_read_rows(&r->arrays, "digest", H5T_NATIVE_UINT64, block, n_blocks, digests);
    if (status != MECH_OK) return status;
    mech_digest_samples(rows, row, n, found + which);
    for (size_t b = 0; b < n_blocks; b++) {
        const size_t from = first + b * DIGESTED_SAMPLES, to = from + DIGESTED_SAMPLES;
        if (digests[b * DIGESTED_ARRAYS + which] != found[b * DIGESTED_ARRAYS + which])
            return mech_fail(r->error, MECH_INVALID_INPUT,
                             "%s: %s/%s: samples %zu to %zu are not what was written: the file is damaged", r->path,
                             r->split, name, from, (to < r->n ? to : r->n) - 1);
    }
    return MECH_OK;
}

/* Checks samples first, ..., first + n - 1 of an array, with those that share a digest with them, piece by piece. */
static mech_status check_digests(const split_reader *r, digested which, size_t first, size_t n) {
    static const char *const names[DIGESTED_ARRAYS] = {"x1", "x2", "y", "theta", "additive"};
    enum { BLOCKS_AT_ONCE = 64, A_PIECE = BLOCKS_AT_ONCE * DIGESTED_SAMPLES };
    const char *name = names[which];
    size_t row = 0;
    if (!r->has_digests || !n) return MECH_OK;
    mech_status status = mech_row_in_file(&r->arrays, name, &row);
    if (status != MECH_OK) return status;
    const size_t begin = first - first % DIGESTED_SAMPLES, blocks = (first + n - 1) / DIGESTED_SAMPLES + 1;
    const size_t end = blocks * DIGESTED_SAMPLES < r->n ? blocks * DIGESTED_SAMPLES : r->n;
    const size_t most = end - begin < A_PIECE ? end - begin : A_PIECE;
    unsigned char *rows = mech_allocate_array(most, row);
    uint64_t *digests = mech_allocate_array(2 * BLOCKS_AT_ONCE * DIGESTED_ARRAYS, sizeof *digests);
    if (!rows || !digests) status = mech_fail_memory(r->error);
    for (size_t from = begin; from < end && status == MECH_OK; from += most) {
        const size_t some = end - from < most ? end - from : most;
        status = mech_read_rows(&r->arrays, name, H5I_INVALID_HID, from, some, rows);
        if (status == MECH_OK) status = compare_digests(r, name, which, from, some, rows, row, digests);
    }
    mech_release_array(rows);
    mech_release_array(digests);
    return status;
}

/* The labels, read wide, so that one that is out of range is not taken for another. */
mech_status mech_split_reader_labels(const split_reader *r, size_t first, size_t n, uint8_t *y) {
    int *wide = calloc(n, sizeof *wide);
    if (!wide) return mech_fail_memory(r->error);
    mech_status status = check_digests(r, DIGESTED_Y, first, n);
    if (status == MECH_OK) status = mech_read_rows(&r->arrays, "y", H5T_NATIVE_INT, first, n, wide);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        if (wide[i] < 0 || (size_t)wide[i] >= r->n_labels)
            status =
                mech_fail(r->error, MECH_INVALID_INPUT, "%s: %s/y: sample %zu has label %d; expected less than %zu",
                          r->path, r->split, first + i, wide[i], r->n_labels);
        else
            y[i] = (uint8_t)wide[i];
    }
    free(wide);
    return status;
}

mech_status mech_split_reader_thetas(const split_reader *r, size_t first, size_t n, double *theta) {
    const mech_status status = check_digests(r, DIGESTED_THETA, first, n);
    return status == MECH_OK ? mech_read_rows(&r->arrays, "theta", H5T_NATIVE_DOUBLE, first, n, theta) : status;
}

bool mech_split_is_empty(hid_t file, const char *split) {
    char place[64];
    snprintf(place, sizeof place, "%s/y", split);
    if (H5Lexists(file, split, H5P_DEFAULT) <= 0) return true;
    const hid_t array = H5Lexists(file, place, H5P_DEFAULT) > 0 ? H5Dopen2(file, place, H5P_DEFAULT) : -1;
    const hid_t space = array >= 0 ? H5Dget_space(array) : -1;
    const bool empty = space >= 0 && H5Sget_simple_extent_npoints(space) == 0;
    if (space >= 0) H5Sclose(space);
    if (array >= 0) H5Dclose(array);
    return empty;
}

static mech_status look_for_digests(split_reader *r) {
    uint64_t a_block = 0;
    r->has_digests = mech_has_array(&r->arrays, "digest");
    if (!r->has_digests) return MECH_OK;
    if (!mech_read_whole_attribute(r->file, "digest_block", &a_block) || a_block != DIGESTED_SAMPLES)
        return mech_refuse_array(&r->arrays, "digest", "has no sound digest_block beside it");
    expectation e = {"digest",
                     H5T_INTEGER,
                     sizeof(uint64_t),
                     2,
                     {(r->n + DIGESTED_SAMPLES - 1) / DIGESTED_SAMPLES, DIGESTED_ARRAYS}};
    return mech_check_array(&r->arrays, &e);
}

mech_status mech_split_reader_open(hid_t file, const char *path, const char *split, split_reader *r,
                                   mech_error *error) {
    *r = (split_reader){
        .file = file, .path = path, .split = split, .arrays = {file, path, split, error}, .error = error};
    expectation x1 = {"x1", H5T_FLOAT, sizeof(float), 2, {0, N_RUNS}};
    expectation x2 = {"x2", H5T_FLOAT, sizeof(float), 3, {0, 0, SAMPLE_COLUMNS}};
    expectation y = {"y", H5T_INTEGER, sizeof(uint8_t), 1, {0}};
    expectation theta = {"theta", H5T_FLOAT, sizeof(double), 2, {0, 0}};
    expectation additive = {"additive", H5T_FLOAT, sizeof(double), 1, {0}};
    expectation *const all[] = {&x1, &x2, &y, &theta, &additive};
    if (H5Lexists(file, split, H5P_DEFAULT) <= 0)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: holds no split '%s'", path, split);
    uint64_t format = 1;
    if (!mech_read_whole_attribute(file, "format", &format) || format != 1)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: is of format %llu, with runs of any shape; expected format 1, with four runs a sample",
                         path, (unsigned long long)format);
    r->has_additive = mech_has_array(&r->arrays, "additive");
    mech_status status = read_attributes(r);
    for (size_t i = 0; i < sizeof all / sizeof all[0] - !r->has_additive && status == MECH_OK; i++) {
        all[i]->shape[0] = x1.shape[0];
        status = mech_check_array(&r->arrays, all[i]);
    }
    if (status != MECH_OK) return status;
    if (x2.shape[1] < 2 || x2.shape[1] > MECH_MOST_TIMES)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: %s/x2 has %llu times a run; expected 2 to %d", path, split,
                         (unsigned long long)x2.shape[1], MECH_MOST_TIMES);
    if (theta.shape[1] > MOST_THETA)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: %s/theta has %llu columns; expected at most %d", path, split,
                         (unsigned long long)theta.shape[1], MOST_THETA);
    r->n = (size_t)x1.shape[0];
    r->n_times = (size_t)x2.shape[1];
    r->n_theta = (size_t)theta.shape[1];
    return look_for_digests(r);
}

mech_samples *mech_split_reader_room(const split_reader *r, size_t n) {
    return mech_samples_new(r->design, n, r->n_times, r->n_theta, r->n_labels);
}

mech_status mech_split_reader_read(const split_reader *r, size_t first, size_t n, mech_samples *block) {
    mech_status status = check_digests(r, DIGESTED_X1, first, n);
    if (status == MECH_OK) status = check_digests(r, DIGESTED_X2, first, n);
    if (status == MECH_OK && r->has_additive) status = check_digests(r, DIGESTED_ADDITIVE, first, n);
    if (status == MECH_OK) status = mech_read_rows(&r->arrays, "x1", H5T_NATIVE_FLOAT, first, n, block->x1);
    if (status == MECH_OK) status = mech_read_rows(&r->arrays, "x2", H5T_NATIVE_FLOAT, first, n, block->x2);
    if (status == MECH_OK) status = mech_split_reader_labels(r, first, n, block->y);
    if (status == MECH_OK) status = mech_split_reader_thetas(r, first, n, block->theta);
    if (status == MECH_OK && r->has_additive)
        status = mech_read_rows(&r->arrays, "additive", H5T_NATIVE_DOUBLE, first, n, block->additive);
    for (size_t i = 0; i < n && !r->has_additive; i++) block->additive[i] = NAN;
    return status;
}
