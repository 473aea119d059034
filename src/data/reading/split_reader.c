#include "data/reading/split_reader.h"

#include "data/samples/byte_labels.h"
#include "data/samples/mass_balance.h"
#include "data/samples/samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THETA = 64 };

/* What the file's attributes say of all splits. A file of another program may lack them: it is then taken to follow
 * protocol seed and to label the mechanisms of the library. */
static mech_status read_attributes(split_reader *r) {
    char *protocol = NULL, *mechanisms = NULL;
    mech_status status = MECH_OK;
    r->protocol = MECH_PROTOCOL_SEED;
    if (!mech_read_text_attribute(r->file, "protocol", &protocol) ||
        !mech_read_text_attribute(r->file, "mechanisms", &mechanisms)) {
        status =
            mech_fail(r->error, MECH_INVALID_INPUT, "%s: its attributes cannot be read: the file is damaged", r->path);
        goto cleanup;
    }
    if (protocol && !mech_find_protocol(protocol, &r->protocol)) {
        status = mech_fail(r->error, MECH_INVALID_INPUT, "%s: its protocol is '%s'; expected 'seed' or 'nature'",
                           r->path, protocol);
        goto cleanup;
    }
    status = mech_count_labels(mechanisms, r->path, &r->n_labels, r->error);
cleanup:
    free(protocol);
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

/* The labels, read wide, so that one that is out of range is not taken for another. */
mech_status mech_split_reader_labels(const split_reader *r, size_t first, size_t n, uint8_t *y) {
    int *wide = calloc(n, sizeof *wide);
    if (!wide) return mech_fail_memory(r->error);
    mech_status status = mech_read_rows(&r->arrays, "y", H5T_NATIVE_INT, first, n, wide);
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
    return mech_read_rows(&r->arrays, "theta", H5T_NATIVE_DOUBLE, first, n, theta);
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
    if (x2.shape[1] < 2 || x2.shape[1] > MOST_TIMES)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: %s/x2 has %llu times a run; expected 2 to %d", path, split,
                         (unsigned long long)x2.shape[1], MOST_TIMES);
    if (theta.shape[1] > MOST_THETA)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: %s/theta has %llu columns; expected at most %d", path, split,
                         (unsigned long long)theta.shape[1], MOST_THETA);
    r->n = (size_t)x1.shape[0];
    r->n_times = (size_t)x2.shape[1];
    r->n_theta = (size_t)theta.shape[1];
    return MECH_OK;
}

mech_samples *mech_split_reader_room(const split_reader *r, size_t n) {
    return mech_samples_new(r->protocol, n, r->n_times, r->n_theta, r->n_labels);
}

mech_status mech_split_reader_read(const split_reader *r, size_t first, size_t n, mech_samples *block) {
    mech_status status = mech_read_rows(&r->arrays, "x1", H5T_NATIVE_FLOAT, first, n, block->x1);
    if (status == MECH_OK) status = mech_read_rows(&r->arrays, "x2", H5T_NATIVE_FLOAT, first, n, block->x2);
    if (status == MECH_OK) status = mech_split_reader_labels(r, first, n, block->y);
    if (status == MECH_OK) status = mech_split_reader_thetas(r, first, n, block->theta);
    if (status == MECH_OK && r->has_additive)
        status = mech_read_rows(&r->arrays, "additive", H5T_NATIVE_DOUBLE, first, n, block->additive);
    for (size_t i = 0; i < n && !r->has_additive; i++) block->additive[i] = NAN;
    return status;
}
