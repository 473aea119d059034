/* Whatever stands in the arrays and attributes of a data file, it is read as sound samples or refused with a message of
 * one line. The bytes say what a file in memory holds; HDF5's own reader of files is not what is tested, so that every
 * input is a file that HDF5 opens.
 *
 * The bytes: nine choices, a text for the attributes, then the numbers of the arrays, one array after the other; where
 * the bytes end the numbers are those of a sound file. */
#include "data/dataset/hdf5_errors.h"
#include "data/reading/dataset_file.h"
#include "data/samples/sample.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { MOST_RANK = 3, N_ARRAYS = 5 };

/* The input as it is used up. */
typedef struct supply {
    const uint8_t *at, *end;
} supply;

static unsigned choose(supply *s, unsigned n) { return s->at < s->end ? *s->at++ % n : 0; }

/* How the file differs from a sound one. */
typedef struct choices {
    unsigned n, n_times, n_theta;
    unsigned design, mechanisms; /* how the attribute is written */
    unsigned array, change;      /* which array is changed, N_ARRAYS and more: none, and how */
    unsigned value;              /* by how much or to what */
    char words[64];
} choices;

static choices read_choices(supply *s) {
    choices c = {.n = 1 + choose(s, 4)};
    c.n_times = 2 + choose(s, 4);
    c.n_theta = 1 + choose(s, 6);
    c.design = choose(s, 8);
    c.mechanisms = choose(s, 8);
    c.array = choose(s, 2 * N_ARRAYS);
    c.change = choose(s, 6);
    c.value = choose(s, 256);
    const unsigned length = choose(s, sizeof c.words);
    for (unsigned i = 0; i < length && s->at < s->end; i++) c.words[i] = (char)*s->at++;
    return c;
}

static void write_attribute(hid_t file, const char *name, unsigned how, const char *usual, const char *words) {
    if (how == 0) return;
    const char *value = how % 2 ? usual : words;
    const bool variable = how == 3 || how == 4;
    const hid_t space = H5Screate(H5S_SCALAR), text = H5Tcopy(H5T_C_S1);
    require(H5Tset_size(text, variable ? H5T_VARIABLE : strlen(value) + 1) >= 0);
    const int number = 7;
    const hid_t type = how == 7 ? H5T_NATIVE_INT : text;
    const hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    require(attribute >= 0);
    require(H5Awrite(attribute, type, how == 7 ? (const void *)&number : variable ? (const void *)&value : value) >= 0);
    H5Aclose(attribute);
    H5Tclose(text);
    H5Sclose(space);
}

/* An array of numbers as doubles, float or integer in the file. */
typedef struct array {
    const char *name;
    hid_t type;
    int rank;
    hsize_t shape[MOST_RANK];
} array;

/* What number i of an array of a sound file is. */
static double sound_number(unsigned which, hsize_t i, hsize_t n_times) {
    if (which == 0) return 0.05;
    if (which != 1) return 1;
    return i % RUN_COLUMNS == 0 ? (double)(i / SAMPLE_COLUMNS % n_times) : 0.5;
}

/* The next number of the input: of four bytes that are a float; integers are made of one byte. */
static double next_number(supply *s, bool whole, double sound) {
    float number;
    if (whole) return s->at < s->end ? (double)(int8_t)*s->at++ : sound;
    if (s->end - s->at < (ptrdiff_t)sizeof number) return sound;
    memcpy(&number, s->at, sizeof number);
    s->at += sizeof number;
    return (double)number;
}

/* Applies the change that was chosen; false: the array is left out. */
static bool change_array(const choices *c, array *a) {
    static const hid_t *const types[] = {&H5T_NATIVE_FLOAT_g, &H5T_NATIVE_DOUBLE_g, &H5T_NATIVE_INT8_g,
                                         &H5T_NATIVE_UINT_g,  &H5T_NATIVE_LLONG_g,  &H5T_C_S1_g};
    switch (c->change) {
    case 0:
        return false;
    case 1:
        a->type = *types[c->value % (sizeof types / sizeof types[0])];
        return true;
    case 2:
        a->rank = (int)(c->value % (MOST_RANK + 1));
        for (int i = 0; i < MOST_RANK; i++)
            if (!a->shape[i]) a->shape[i] = 1;
        return true;
    case 3:
        a->shape[c->value % 3 < (unsigned)a->rank ? c->value % 3 : 0] = c->value / 3 % 8;
        return true;
    default:
        /* 4 and 5: other ways to store the same. */
        return true;
    }
}

static void write_array(hid_t group, const choices *c, unsigned which, array a, supply *s) {
    if (c->array == which && !change_array(c, &a)) return;
    hsize_t count = 1, chunk[MOST_RANK];
    for (int i = 0; i < a.rank; i++) {
        count *= a.shape[i];
        chunk[i] = a.shape[i] ? a.shape[i] : 1;
    }
    const hid_t space = a.rank ? H5Screate_simple(a.rank, a.shape, NULL) : H5Screate(H5S_SCALAR);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (c->array == which && c->change >= 4 && a.rank) {
        require(H5Pset_chunk(properties, a.rank, chunk) >= 0);
        if (c->change == 5) require(H5Pset_deflate(properties, 1) >= 0);
    }
    const hid_t dataset = H5Dcreate2(group, a.name, a.type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    require(dataset >= 0);
    const bool whole = H5Tget_class(a.type) == H5T_INTEGER, numbers = whole || H5Tget_class(a.type) == H5T_FLOAT;
    /* Of chunks only the first ones of an array that claims many may be there: nothing is written with value 0. */
    if (numbers && count && !(c->array == which && c->change >= 4 && c->value == 0)) {
        double *values = calloc(count, sizeof *values);
        require(values);
        for (hsize_t i = 0; i < count; i++)
            values[i] = next_number(s, whole, sound_number(which, i, which == 1 ? a.shape[1] : 1));
        require(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
        free(values);
    }
    H5Dclose(dataset);
    H5Pclose(properties);
    H5Sclose(space);
}

/* A file that exists in memory only. */
static hid_t make_file(supply *s) {
    const choices c = read_choices(s);
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    require(H5Pset_fapl_core(access, 4096, false) >= 0);
    const hid_t file = H5Fcreate("fuzz", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    require(file >= 0);
    H5Pclose(access);
    write_attribute(file, "protocol", c.design, c.value % 2 ? "nature" : "seed", c.words);
    write_attribute(file, "mechanisms", c.mechanisms, "M1,M6,M9", c.words);
    const hid_t group = H5Gcreate2(file, "test", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    require(group >= 0);
    const array arrays[N_ARRAYS] = {
        {"x1", H5T_NATIVE_FLOAT, 2, {c.n, N_RUNS}}, {"x2", H5T_NATIVE_FLOAT, 3, {c.n, c.n_times, SAMPLE_COLUMNS}},
        {"y", H5T_NATIVE_UINT8, 1, {c.n}},          {"theta", H5T_NATIVE_DOUBLE, 2, {c.n, c.n_theta}},
        {"additive", H5T_NATIVE_DOUBLE, 1, {c.n}},
    };
    for (unsigned i = 0; i < N_ARRAYS; i++) write_array(group, &c, i, arrays[i], s);
    H5Gclose(group);
    return file;
}

static void check_samples(const mech_samples *s) {
    require(s->n >= 1 && s->n_times >= 2 && s->n_labels >= 1);
    for (size_t i = 0; i < s->n * N_RUNS; i++) require(isfinite(s->x1[i]) && s->x1[i] > 0);
    for (size_t i = 0; i < s->n; i++) {
        const float *x2 = s->x2 + i * s->n_times * SAMPLE_COLUMNS;
        require(s->y[i] < s->n_labels);
        for (size_t column = 0; column < SAMPLE_COLUMNS; column++)
            for (size_t t = 0; t < s->n_times; t++) {
                const float value = x2[t * SAMPLE_COLUMNS + column];
                const bool unmeasured = isnan(x2[SAMPLE_COLUMNS + column]); /* after t = 0, and there perhaps */
                if (column % RUN_COLUMNS)
                    require(unmeasured ? isnan(value) || (!t && isfinite(value)) : isfinite(value));
                else
                    require(isfinite(value) && value >= (t ? x2[(t - 1) * SAMPLE_COLUMNS + column] : 0));
            }
    }
}

/* What is read is used as training and evaluation use it. */
static void check_thinning(const mech_samples *s) {
    mech_samples *thinned = NULL;
    require(mech_samples_thin(s, 1, 0.01, 1, &thinned, NULL) == MECH_OK);
    require(thinned->n == s->n && thinned->n_times == 2);
    mech_samples_free(thinned);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    supply s = {data, data + size};
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    const hid_t file = make_file(&s);
    mech_samples *samples = NULL;
    mech_error error = {.message = ""};
    if (mech_dataset_read_split(file, "fuzz", "test", &samples, &error) == MECH_OK) {
        check_samples(samples);
        check_thinning(samples);
        mech_samples_free(samples);
    } else {
        require(!samples && strncmp(error.message, "fuzz: ", 6) == 0 && is_one_line(error.message));
        require(mech_dataset_read_split(file, "fuzz", "train", &samples, &error) == MECH_INVALID_INPUT);
    }
    H5Fclose(file);
    return 0;
}
