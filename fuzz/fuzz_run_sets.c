/* Whatever stands in the arrays and attributes of a data file of format 2, it is read as sound run sets or refused with
 * a message of one line. As in fuzz_dataset, every input is a file in memory that HDF5 opens.
 *
 * The bytes: eight choices; then numbers that are exchanged in the arrays of a sound file, six bytes each: array,
 * place, and a float, or, where the array holds integers, the last byte of it as one. */
#include "base/memory.h"
#include "data/dataset/dataset_layout.h"
#include "data/dataset/hdf5_errors.h"
#include "data/reading/runs_reader.h"
#include "fuzz.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_SETS = 3, N_ALL_RUNS = 5, N_ALL_READINGS = 12, N_THETA = 2, AN_EXCHANGE = 6 };

typedef struct choices {
    unsigned array, change, value;      /* which array is changed (many: none), how, and by how much */
    unsigned digests, format;           /* whether digests are there, and what format the file says it is */
    unsigned has_b, mechanisms, labels; /* labels: how many mechanisms the attribute names */
} choices;

/* A sound number i of an array. */
static double sound_number(const char *name, hsize_t i) {
    static const double runs[] = {0, 2, 3, 5}, readings[] = {0, 2, 5, 7, 9, 12},
                        times[] = {0, 1, 0, 0.5, 1, 0, 1, 1, 1, 0, 0, 1};
    if (strcmp(name, "run_offset") == 0) return i < 4 ? runs[i] : 5;
    if (strcmp(name, "reading_offset") == 0) return i < 6 ? readings[i] : 12;
    if (strcmp(name, "time") == 0) return i < 12 ? times[i] : 1;
    if (strcmp(name, "y") == 0) return (double)(i % 2);
    return strcmp(name, "p0") == 0 ? 0 : 0.5;
}

static bool holds_integers(const array_shape *a) { return H5Tget_class(a->type) == H5T_INTEGER; }

/* Applies the exchanges of the input to the numbers of one array. */
static void exchange(const uint8_t *data, size_t size, unsigned array, bool whole, double *values, hsize_t n) {
    for (size_t at = 0; at + AN_EXCHANGE <= size; at += AN_EXCHANGE) {
        float number;
        if (data[at] != array || data[at + 1] >= n) continue;
        memcpy(&number, data + at + 2, sizeof number);
        values[data[at + 1]] = whole ? (double)(int8_t)data[at + 5] : (double)number;
    }
}

static void write_array(hid_t group, const choices *c, unsigned number, const array_shape *a, hsize_t rows,
                        const uint8_t *data, size_t size) {
    static const hid_t *const types[] = {&H5T_NATIVE_FLOAT_g, &H5T_NATIVE_DOUBLE_g, &H5T_NATIVE_INT8_g,
                                         &H5T_NATIVE_UINT_g, &H5T_NATIVE_LLONG_g};
    const bool changed = c->array == number;
    hid_t type = a->type;
    hsize_t shape[2] = {rows, a->more[0]}, chunk[2];
    int rank = a->rank;
    if (changed && c->change == 0) return;
    if (changed && c->change == 1) type = *types[c->value % 5];
    if (changed && c->change == 2) {
        rank = 3 - rank;
        shape[1] = 1;
    }
    if (changed && c->change == 3) shape[0] = c->value % 16;
    hsize_t n = shape[0] * (rank == 2 ? shape[1] : 1);
    for (int i = 0; i < rank; i++) chunk[i] = shape[i] ? shape[i] : 1;
    const hid_t space = H5Screate_simple(rank, shape, NULL), how = H5Pcreate(H5P_DATASET_CREATE);
    if (changed && c->change >= 4) {
        require(H5Pset_chunk(how, rank, chunk) >= 0);
        if (c->change == 5) require(H5Pset_deflate(how, 1) >= 0);
    }
    const hid_t dataset = H5Dcreate2(group, a->name, type, space, H5P_DEFAULT, how, H5P_DEFAULT);
    require(dataset >= 0);
    if (n) {
        double *values = calloc(n, sizeof *values);
        require(values);
        for (hsize_t i = 0; i < n; i++) values[i] = sound_number(a->name, i);
        exchange(data, size, number, holds_integers(a), values, n);
        require(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
        free(values);
    }
    H5Dclose(dataset);
    H5Pclose(how);
    H5Sclose(space);
}

static void write_whole(hid_t file, const char *name, uint64_t value) {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(file, name, H5T_NATIVE_UINT64, space, H5P_DEFAULT, H5P_DEFAULT);
    require(attribute >= 0 && H5Awrite(attribute, H5T_NATIVE_UINT64, &value) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
}

static void write_mechanisms(hid_t file, const char *names) {
    const hid_t space = H5Screate(H5S_SCALAR), text = H5Tcopy(H5T_C_S1);
    require(H5Tset_size(text, strlen(names) + 1) >= 0);
    const hid_t attribute = H5Acreate2(file, "mechanisms", text, space, H5P_DEFAULT, H5P_DEFAULT);
    require(attribute >= 0 && H5Awrite(attribute, text, names) >= 0);
    H5Aclose(attribute);
    H5Tclose(text);
    H5Sclose(space);
}

/* A file that exists in memory only. */
static hid_t make_file(const choices *c, const uint8_t *data, size_t size) {
    static const char *const names[] = {"M1,M2", "M1", "", "M1,M2,M3,M4"};
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    require(H5Pset_fapl_core(access, 4096, false) >= 0);
    const hid_t file = H5Fcreate("fuzz", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    require(file >= 0);
    H5Pclose(access);
    if (c->format != 1) write_whole(file, "format", c->format == 2 ? 3 : 2);
    if (c->digests > 1) write_whole(file, "digest_block", c->value);
    if (c->mechanisms) write_mechanisms(file, names[c->labels % 4]);
    const hid_t group = H5Gcreate2(file, "test", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t errors = H5Gcreate2(group, "errors", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    require(group >= 0 && errors >= 0);
    split_layout layout = {.count = {N_SETS, N_ALL_RUNS, N_ALL_READINGS, 1}};
    const truths_held held = mech_truths_held(c->has_b);
    mech_shape_runs(N_THETA, c->has_b, &held, &layout);
    for (unsigned a = 0; a < layout.n_arrays; a++) {
        const bool is_digest = a + 1 == layout.n_arrays;
        if (is_digest && !c->digests) continue;
        write_array(layout.in_errors[a] ? errors : group, c, a, &layout.arrays[a], mech_array_rows(&layout, a), data,
                    size);
    }
    H5Gclose(errors);
    H5Gclose(group);
    return file;
}

static void check_run(const run_sets *s, size_t r) {
    require(isfinite(s->s0[r]) && s->s0[r] > 0 && isfinite(s->p0[r]) && s->p0[r] >= 0 && isfinite(s->cat0[r]));
    require(s->reading_offset[r + 1] > s->reading_offset[r]);
    for (size_t i = (size_t)s->reading_offset[r]; i < s->reading_offset[r + 1]; i++) {
        require(isfinite(s->time[i]) && s->time[i] >= (i > s->reading_offset[r] ? s->time[i - 1] : 0));
        require(!isinf(s->substrate[i]) && !isinf(s->product[i]));
    }
}

static void check_sets(const run_sets *s) {
    require(s->run_offset[0] == 0 && s->reading_offset[0] == 0);
    require(s->run_offset[s->n] == s->n_runs && s->reading_offset[s->n_runs] == s->n_readings);
    for (size_t r = 0; r < s->n_runs; r++) check_run(s, r);
    for (size_t i = 0; i < s->n; i++) {
        mech_run_set *set;
        require(s->label[i] < s->n_labels);
        require(s->run_offset[i + 1] > s->run_offset[i] && s->run_offset[i + 1] - s->run_offset[i] <= MECH_MOST_RUNS);
        require(mech_run_sets_get(s, i, &set, NULL) == MECH_OK);
        mech_run_set_free(set);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { N_CHOICES = 8 };
    uint8_t first[N_CHOICES] = {0};
    const size_t used = size < N_CHOICES ? size : N_CHOICES;
    if (used) memcpy(first, data, used);
    const choices c = {.array = first[0],
                       .change = first[1] % 6,
                       .value = first[2],
                       .digests = first[3] % 3,
                       .format = first[4] % 8,
                       .has_b = first[5] % 2,
                       .mechanisms = first[6] % 4,
                       .labels = first[7]};
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    const hid_t file = make_file(&c, data + used, size - used);
    mech_error error = {.message = ""};
    runs_reader r;
    run_sets *sets = NULL;
    mech_status status = mech_runs_reader_open(file, "fuzz", "test", &r, &error);
    if (status == MECH_OK) status = mech_runs_reader_read(&r, 0, r.n, &sets);
    if (status == MECH_OK) {
        check_sets(sets);
        mech_run_sets_free(sets);
        require(mech_runs_reader_read(&r, r.n - 1, 1, &sets) == MECH_OK && sets->n == 1);
        check_sets(sets);
        mech_run_sets_free(sets);
    } else {
        require(!sets && strncmp(error.message, "fuzz: ", 6) == 0 && is_one_line(error.message));
    }
    require(mech_runs_reader_open(file, "fuzz", "train", &r, &error) == MECH_INVALID_INPUT);
    H5Fclose(file);
    return 0;
}
