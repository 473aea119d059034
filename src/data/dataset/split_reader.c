#include "data/dataset/split_reader.h"

#include "data/samples/classes.h"
#include "data/samples/mass_balance.h"
#include "data/samples/samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THETA = 64, LONGEST_ATTRIBUTE = 65536 };

/* No compression that HDF5 offers unpacks to more than so many times its size (deflate: 1032), so that an array that
 * claims more is damaged, and no memory need be asked for it. */
static const double BEST_COMPRESSION = 1100;

/* An array of a split as it is expected, a dimension of 0 being any from 1 on, and, once checked, as it is. */
typedef struct expectation {
    const char *name;
    H5T_class_t kind;
    size_t size; /* bytes of a number in memory */
    int rank;
    hsize_t shape[3];
} expectation;

static mech_status refuse(const split_reader *r, const char *array, const char *what) {
    return mech_fail(r->error, MECH_INVALID_INPUT, "%s: %s/%s %s", r->path, r->split, array, what);
}

static hid_t open_array(const split_reader *r, const char *name) {
    char place[64];
    snprintf(place, sizeof place, "%s/%s", r->split, name);
    return H5Dopen2(r->file, place, H5P_DEFAULT);
}

/* Fits the found shape into the expected one. */
static mech_status fit_shape(const split_reader *r, expectation *e, int rank, const hsize_t *found) {
    if (rank != e->rank)
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s: %s/%s has %d dimensions; expected %d", r->path, r->split,
                         e->name, rank, e->rank);
    for (int i = 0; i < rank; i++) {
        if (found[i] == 0) return refuse(r, e->name, "holds no samples");
        if (e->shape[i] && found[i] != e->shape[i])
            return mech_fail(r->error, MECH_INVALID_INPUT, "%s: dimension %d of %s/%s is %llu; expected %llu", r->path,
                             i + 1, r->split, e->name, (unsigned long long)found[i], (unsigned long long)e->shape[i]);
        e->shape[i] = found[i];
    }
    return MECH_OK;
}

/* Checks the type, shape and size of an array before anything of it is read. */
static mech_status check_array(const split_reader *r, expectation *e) {
    const hid_t array = open_array(r, e->name);
    if (array < 0) return refuse(r, e->name, "is missing or damaged");
    const hid_t type = H5Dget_type(array), space = H5Dget_space(array);
    const H5T_class_t kind = H5Tget_class(type);
    const int rank = H5Sget_simple_extent_ndims(space);
    hsize_t found[H5S_MAX_RANK] = {0};
    if (rank > 0) H5Sget_simple_extent_dims(space, found, NULL);
    mech_status status = kind == e->kind ? fit_shape(r, e, rank, found)
                                         : refuse(r, e->name,
                                                  e->kind == H5T_FLOAT ? "does not hold floating-point numbers"
                                                                       : "does not hold integers");
    double bytes = (double)e->size;
    for (int i = 0; i < e->rank; i++) bytes *= (double)e->shape[i];
    if (status == MECH_OK && bytes > BEST_COMPRESSION * (double)H5Dget_storage_size(array))
        status = refuse(r, e->name, "claims more numbers than the file holds");
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(array);
    return status;
}

/* Reads rows first, ..., first + n - 1 of an array, which has been checked. */
static mech_status read_rows(const split_reader *r, const char *name, hid_t type, size_t first, size_t n,
                             void *values) {
    const hsize_t start[3] = {first};
    hsize_t shape[3] = {0};
    const hid_t array = open_array(r, name), file_space = array >= 0 ? H5Dget_space(array) : -1;
    const int rank = file_space >= 0 ? H5Sget_simple_extent_dims(file_space, shape, NULL) : -1;
    shape[0] = n;
    const hid_t memory_space = rank > 0 ? H5Screate_simple(rank, shape, NULL) : -1;
    const bool read = memory_space >= 0 &&
                      H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, shape, NULL) >= 0 &&
                      H5Dread(array, type, memory_space, file_space, H5P_DEFAULT, values) >= 0;
    if (memory_space >= 0) H5Sclose(memory_space);
    if (file_space >= 0) H5Sclose(file_space);
    if (array >= 0) H5Dclose(array);
    return read ? MECH_OK : refuse(r, name, "cannot be read: the file is damaged");
}

bool mech_read_text_attribute(hid_t file, const char *name, char **value) {
    *value = NULL;
    if (H5Aexists(file, name) <= 0) return true;
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), type = attribute >= 0 ? H5Aget_type(attribute) : -1;
    bool read = type >= 0 && H5Tget_class(type) == H5T_STRING && H5Aget_storage_size(attribute) < LONGEST_ATTRIBUTE;
    if (read && H5Tis_variable_str(type) > 0) {
        /* As h5py writes texts. */
        char *text = NULL;
        read = H5Aread(attribute, type, &text) >= 0 && text;
        if (read) *value = strdup(text);
        if (text) H5free_memory(text);
    } else if (read) {
        *value = calloc(H5Tget_size(type) + 1, 1);
        read = *value && H5Aread(attribute, type, *value) >= 0;
    }
    if (type >= 0) H5Tclose(type);
    if (attribute >= 0) H5Aclose(attribute);
    return read && *value;
}

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
    status = mech_count_classes(mechanisms, r->path, &r->n_classes, r->error);
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
    mech_status status = read_rows(r, "y", H5T_NATIVE_INT, first, n, wide);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        if (wide[i] < 0 || (size_t)wide[i] >= r->n_classes)
            status =
                mech_fail(r->error, MECH_INVALID_INPUT, "%s: %s/y: sample %zu has label %d; expected less than %zu",
                          r->path, r->split, first + i, wide[i], r->n_classes);
        else
            y[i] = (uint8_t)wide[i];
    }
    free(wide);
    return status;
}

mech_status mech_split_reader_thetas(const split_reader *r, size_t first, size_t n, double *theta) {
    return read_rows(r, "theta", H5T_NATIVE_DOUBLE, first, n, theta);
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
    *r = (split_reader){.file = file, .path = path, .split = split, .error = error};
    expectation x1 = {"x1", H5T_FLOAT, sizeof(float), 2, {0, N_RUNS}};
    expectation x2 = {"x2", H5T_FLOAT, sizeof(float), 3, {0, 0, SAMPLE_COLUMNS}};
    expectation y = {"y", H5T_INTEGER, sizeof(uint8_t), 1, {0}};
    expectation theta = {"theta", H5T_FLOAT, sizeof(double), 2, {0, 0}};
    expectation additive = {"additive", H5T_FLOAT, sizeof(double), 1, {0}};
    expectation *const all[] = {&x1, &x2, &y, &theta, &additive};
    if (H5Lexists(file, split, H5P_DEFAULT) <= 0)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: holds no split '%s'", path, split);
    char place[64];
    snprintf(place, sizeof place, "%s/additive", split);
    r->has_additive = H5Lexists(file, place, H5P_DEFAULT) > 0;
    mech_status status = read_attributes(r);
    for (size_t i = 0; i < sizeof all / sizeof all[0] - !r->has_additive && status == MECH_OK; i++) {
        all[i]->shape[0] = x1.shape[0];
        status = check_array(r, all[i]);
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
    return mech_samples_new(r->protocol, n, r->n_times, r->n_theta, r->n_classes);
}

mech_status mech_split_reader_read(const split_reader *r, size_t first, size_t n, mech_samples *block) {
    mech_status status = read_rows(r, "x1", H5T_NATIVE_FLOAT, first, n, block->x1);
    if (status == MECH_OK) status = read_rows(r, "x2", H5T_NATIVE_FLOAT, first, n, block->x2);
    if (status == MECH_OK) status = mech_split_reader_labels(r, first, n, block->y);
    if (status == MECH_OK) status = mech_split_reader_thetas(r, first, n, block->theta);
    if (status == MECH_OK && r->has_additive)
        status = read_rows(r, "additive", H5T_NATIVE_DOUBLE, first, n, block->additive);
    for (size_t i = 0; i < n && !r->has_additive; i++) block->additive[i] = NAN;
    return status;
}
