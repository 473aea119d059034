/* Reading data sets, from this program or from others: everything is checked before it is believed. */
#include "data/dataset.h"
#include "data/dataset_file.h"
#include "data/hdf5_errors.h"
#include "data/samples.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THETA = 64, LONGEST_ATTRIBUTE = 65536 };

/* No compression that HDF5 offers unpacks to more than so many times its size (deflate: 1032), so that an array that
 * claims more is damaged, and no memory need be asked for it. */
static const double BEST_COMPRESSION = 1100;

/* An open file and what of it is read; path and split for messages. */
typedef struct reader {
    const char *path, *split;
    hid_t file;
    mech_protocol protocol;
    size_t n_classes;
    mech_error *error;
} reader;

/* An array of a split as it is expected, a dimension of 0 being any from 1 on, and, once checked, as it is. */
typedef struct expectation {
    const char *name;
    H5T_class_t kind;
    hid_t type;  /* in memory */
    size_t size; /* bytes of a number in memory */
    int rank;
    hsize_t shape[3];
} expectation;

static mech_status refuse(const reader *r, const char *array, const char *what) {
    return fail(r->error, MECH_INVALID_INPUT, "%s: %s/%s %s", r->path, r->split, array, what);
}

static hid_t open_array(const reader *r, const char *name) {
    char place[64];
    snprintf(place, sizeof place, "%s/%s", r->split, name);
    return H5Dopen2(r->file, place, H5P_DEFAULT);
}

/* Fits the found shape into the expected one. */
static mech_status fit_shape(const reader *r, expectation *e, int rank, const hsize_t *found) {
    if (rank != e->rank)
        return fail(r->error, MECH_INVALID_INPUT, "%s: %s/%s has %d dimensions; expected %d", r->path, r->split,
                    e->name, rank, e->rank);
    for (int i = 0; i < rank; i++) {
        if (found[i] == 0) return refuse(r, e->name, "holds no samples");
        if (e->shape[i] && found[i] != e->shape[i])
            return fail(r->error, MECH_INVALID_INPUT, "%s: dimension %d of %s/%s is %llu; expected %llu", r->path,
                        i + 1, r->split, e->name, (unsigned long long)found[i], (unsigned long long)e->shape[i]);
        e->shape[i] = found[i];
    }
    return MECH_OK;
}

/* Checks the type, shape and size of an array before anything of it is read. */
static mech_status check_array(const reader *r, expectation *e) {
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

static mech_status read_array(const reader *r, const expectation *e, void *values) {
    const hid_t array = open_array(r, e->name);
    const bool read = array >= 0 && H5Dread(array, e->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    if (array >= 0) H5Dclose(array);
    return read ? MECH_OK : refuse(r, e->name, "cannot be read: the file is damaged");
}

/* Reads an attribute of the file that is a text into *value (NULL where there is none); freed with free(). */
static bool read_text_attribute(hid_t file, const char *name, char **value) {
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
static mech_status read_attributes(reader *r) {
    char *protocol = NULL, *mechanisms = NULL;
    mech_status status = MECH_OK;
    r->protocol = MECH_PROTOCOL_SEED;
    r->n_classes = mech_builtin_count();
    if (!read_text_attribute(r->file, "protocol", &protocol) ||
        !read_text_attribute(r->file, "mechanisms", &mechanisms)) {
        status = fail(r->error, MECH_INVALID_INPUT, "%s: its attributes cannot be read: the file is damaged", r->path);
        goto cleanup;
    }
    if (protocol && strcmp(protocol, "nature") == 0)
        r->protocol = MECH_PROTOCOL_NATURE;
    else if (protocol && strcmp(protocol, "seed") != 0) {
        status = fail(r->error, MECH_INVALID_INPUT, "%s: its protocol is '%s'; expected 'seed' or 'nature'", r->path,
                      protocol);
        goto cleanup;
    }
    if (mechanisms) {
        r->n_classes = 1;
        for (const char *c = mechanisms; *c; c++) r->n_classes += *c == ',';
        if (r->n_classes > MOST_CLASSES)
            status = fail(r->error, MECH_INVALID_INPUT, "%s: names %zu mechanisms; expected at most %d", r->path,
                          r->n_classes, MOST_CLASSES);
    }
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

/* Whether a column is finite throughout or, not having been measured, NaN throughout. */
static bool column_is_whole(const mech_samples *s, size_t sample, size_t column) {
    const float *values = s->x2 + sample * s->n_times * SAMPLE_COLUMNS + column;
    size_t n_finite = 0, n_nan = 0;
    for (size_t i = 0; i < s->n_times; i++) {
        n_finite += isfinite(values[i * SAMPLE_COLUMNS]) != 0;
        n_nan += isnan(values[i * SAMPLE_COLUMNS]) != 0;
    }
    return n_finite == s->n_times || n_nan == s->n_times;
}

static mech_status refuse_sample(const reader *r, const char *array, size_t sample, const char *what) {
    return fail(r->error, MECH_INVALID_INPUT, "%s: %s/%s: sample %zu %s", r->path, r->split, array, sample, what);
}

static mech_status check_values(const reader *r, const mech_samples *s) {
    for (size_t i = 0; i < s->n; i++) {
        for (size_t run = 0; run < N_RUNS; run++) {
            if (!(s->x1[i * N_RUNS + run] > 0 && isfinite(s->x1[i * N_RUNS + run])))
                return refuse_sample(r, "x1", i, "has a loading that is not above 0");
            if (!times_ascend(s, i, run)) return refuse_sample(r, "x2", i, "has times that do not ascend from 0");
        }
        for (size_t column = 0; column < SAMPLE_COLUMNS; column++)
            if (column % RUN_COLUMNS && !column_is_whole(s, i, column))
                return refuse_sample(r, "x2", i, "has a concentration that is not finite");
    }
    return MECH_OK;
}

/* The labels, read wide, so that one that is out of range is not taken for another. */
static mech_status read_labels(const reader *r, const expectation *e, mech_samples *s) {
    int *wide = calloc(s->n, sizeof *wide);
    if (!wide) return fail_memory(r->error);
    mech_status status = read_array(r, e, wide);
    for (size_t i = 0; i < s->n && status == MECH_OK; i++) {
        if (wide[i] < 0 || (size_t)wide[i] >= s->n_classes)
            status = fail(r->error, MECH_INVALID_INPUT, "%s: %s/y: sample %zu has label %d; expected less than %zu",
                          r->path, r->split, i, wide[i], s->n_classes);
        else
            s->y[i] = (uint8_t)wide[i];
    }
    free(wide);
    return status;
}

static mech_status read_split(reader *r, mech_samples **samples) {
    expectation x1 = {"x1", H5T_FLOAT, H5T_NATIVE_FLOAT, sizeof(float), 2, {0, N_RUNS}};
    expectation x2 = {"x2", H5T_FLOAT, H5T_NATIVE_FLOAT, sizeof(float), 3, {0, 0, SAMPLE_COLUMNS}};
    expectation y = {"y", H5T_INTEGER, H5T_NATIVE_INT, sizeof(uint8_t), 1, {0}};
    expectation theta = {"theta", H5T_FLOAT, H5T_NATIVE_DOUBLE, sizeof(double), 2, {0, 0}};
    expectation additive = {"additive", H5T_FLOAT, H5T_NATIVE_DOUBLE, sizeof(double), 1, {0}};
    expectation *const all[] = {&x1, &x2, &y, &theta, &additive};
    if (H5Lexists(r->file, r->split, H5P_DEFAULT) <= 0)
        return fail(r->error, MECH_INVALID_INPUT, "%s: holds no split '%s'", r->path, r->split);
    char place[64];
    snprintf(place, sizeof place, "%s/additive", r->split);
    const bool has_additive = H5Lexists(r->file, place, H5P_DEFAULT) > 0;
    mech_status status = read_attributes(r);
    for (size_t i = 0; i < sizeof all / sizeof all[0] - !has_additive && status == MECH_OK; i++) {
        all[i]->shape[0] = x1.shape[0];
        status = check_array(r, all[i]);
    }
    if (status != MECH_OK) return status;
    if (x2.shape[1] < 2 || x2.shape[1] > MOST_TIMES)
        return fail(r->error, MECH_INVALID_INPUT, "%s: %s/x2 has %llu times a run; expected 2 to %d", r->path, r->split,
                    (unsigned long long)x2.shape[1], MOST_TIMES);
    if (theta.shape[1] > MOST_THETA)
        return fail(r->error, MECH_INVALID_INPUT, "%s: %s/theta has %llu columns; expected at most %d", r->path,
                    r->split, (unsigned long long)theta.shape[1], MOST_THETA);
    mech_samples *s =
        samples_new(r->protocol, (size_t)x1.shape[0], (size_t)x2.shape[1], (size_t)theta.shape[1], r->n_classes);
    if (!s) return fail_memory(r->error);
    for (size_t i = 0; i < s->n && !has_additive; i++) s->additive[i] = NAN;
    status = read_array(r, &x1, s->x1);
    if (status == MECH_OK) status = read_array(r, &x2, s->x2);
    if (status == MECH_OK) status = read_labels(r, &y, s);
    if (status == MECH_OK) status = read_array(r, &theta, s->theta);
    if (status == MECH_OK && has_additive) status = read_array(r, &additive, s->additive);
    if (status == MECH_OK) status = check_values(r, s);
    if (status == MECH_OK)
        *samples = s;
    else
        mech_samples_free(s);
    return status;
}

mech_status dataset_read_split(hid_t file, const char *path, const char *split, mech_samples **samples,
                               mech_error *error) {
    reader r = {.path = path, .split = split, .file = file, .error = error};
    *samples = NULL;
    return read_split(&r, samples);
}

mech_status mech_samples_read(const char *path, const char *split, mech_samples **samples, mech_error *error) {
    *samples = NULL;
    bool known = false;
    for (int s = 0; s < N_SPLITS; s++) known |= strcmp(split, split_name((dataset_split)s)) == 0;
    if (!known)
        return fail(error, MECH_INVALID_ARGUMENT, "there is no split '%s'; expected train, validation or test", split);
    if (strcmp(path, "-") == 0)
        return fail(error, MECH_INVALID_ARGUMENT, "a data set cannot come from standard input: HDF5 needs a file");
    if (access(path, R_OK) != 0) return fail(error, MECH_FILE_ERROR, "%s: cannot be opened: %s", path, strerror(errno));
    const hdf5_printing printing = hdf5_silence();
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    mech_status status = file >= 0 ? dataset_read_split(file, path, split, samples, error)
                                   : fail(error, MECH_INVALID_INPUT,
                                          "%s: cannot be read as HDF5: it is another kind of file or damaged", path);
    if (file >= 0) H5Fclose(file);
    hdf5_speak(printing);
    return status;
}

mech_status dataset_attribute(const char *path, const char *name, char **value, mech_error *error) {
    *value = NULL;
    const hdf5_printing printing = hdf5_silence();
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    mech_status status = file >= 0 && read_text_attribute(file, name, value)
                             ? MECH_OK
                             : fail(error, MECH_INVALID_INPUT, "%s: its attribute '%s' cannot be read", path, name);
    if (file >= 0) H5Fclose(file);
    hdf5_speak(printing);
    return status;
}
