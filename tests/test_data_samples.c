/* Samples in memory and on disk: thinning, reading, refusal of what is damaged. */
#include "data/dataset/dataset.h"
#include "data/dataset/sample_digests.h"
#include "data/samples/samples.h"
#include "uniformity.h"

#include <hdf5.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "test_data_samples.h5";

static dataset_plan small_plan(void) {
    static const mech_mechanism *mechanisms[2];
    mechanisms[0] = mech_builtin(0);
    mechanisms[1] = mech_builtin(1);
    return (dataset_plan){
        .sample_design = MECH_DESIGN_NATURE,
        .seed = 7,
        .n_samples = {5, 0, 3},
        .n_times = {21, 21, 7},
        .n_thetas = 2,
        .n_theta = 6,
        .mechanisms = mechanisms,
        .n_mechanisms = 2,
        .prior = "wide",
        .solver = mech_solver_options_default(),
    };
}

/* Samples of which every number is another one. */
static mech_samples *numbered_samples(size_t n, size_t n_times) {
    mech_samples *s = mech_samples_new(MECH_DESIGN_NATURE, n, n_times, 6, 2);
    assert_non_null(s);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < N_RUNS; j++) s->x1[i * N_RUNS + j] = (float)(1 + i * N_RUNS + j) / 1000;
        for (size_t t = 0; t < n_times; t++)
            for (size_t c = 0; c < SAMPLE_COLUMNS; c++)
                s->x2[(i * n_times + t) * SAMPLE_COLUMNS + c] =
                    c % RUN_COLUMNS ? (float)(i + 10 * t + 1000 * c) : (float)(t * (i + c + 1));
        s->y[i] = i % 2;
        for (size_t j = 0; j < 6; j++) s->theta[i * 6 + j] = j < 4 ? (double)(i + j) : NAN;
        s->additive[i] = (double)i / 10;
    }
    return s;
}

static void assert_same(const mech_samples *a, const mech_samples *b) {
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->n_times, b->n_times);
    assert_int_equal(a->n_theta, b->n_theta);
    assert_int_equal(a->n_labels, b->n_labels);
    assert_int_equal(a->design, b->design);
    assert_memory_equal(a->x1, b->x1, a->n * N_RUNS * sizeof *a->x1);
    assert_memory_equal(a->x2, b->x2, a->n * a->n_times * SAMPLE_COLUMNS * sizeof *a->x2);
    assert_memory_equal(a->y, b->y, a->n);
    assert_memory_equal(a->theta, b->theta, a->n * a->n_theta * sizeof *a->theta);
    assert_memory_equal(a->additive, b->additive, a->n * sizeof *a->additive);
}

static void what_is_written_in_blocks_is_read_as_a_whole(void **state) {
    (void)state;
    enum { FIRST = DIGESTED_SAMPLES, ALL = FIRST + 5 };
    dataset_plan plan = small_plan();
    plan.n_samples[SPLIT_TRAIN] = ALL;
    mech_samples *train = numbered_samples(ALL, 21), *test = numbered_samples(3, 7), *read = NULL;
    mech_error error;
    uint64_t sum;
    dataset *d = NULL;
    assert_int_equal(mech_dataset_create(path, &plan, &d, &error), MECH_OK);
    /* The second block first. */
    mech_samples late = *train, early = *train;
    early.n = FIRST;
    late.n = ALL - FIRST;
    late.x1 += FIRST * N_RUNS;
    late.x2 += FIRST * 21 * SAMPLE_COLUMNS;
    late.y += FIRST;
    late.theta += FIRST * 6;
    late.additive += FIRST;
    assert_int_equal(mech_dataset_write(d, SPLIT_TRAIN, FIRST, &late, &sum, &error), MECH_OK);
    assert_int_equal(mech_dataset_write(d, SPLIT_TRAIN, 0, &early, &sum, &error), MECH_OK);
    assert_int_equal(mech_dataset_write(d, SPLIT_TEST, 0, test, &sum, &error), MECH_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(mech_dataset_commit(d, &error), MECH_OK);
    if (mech_samples_read(path, "train", &read, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_same(read, train);
    mech_samples_free(read);
    assert_int_equal(mech_samples_read(path, "test", &read, &error), MECH_OK);
    assert_same(read, test);
    mech_samples_free(read);
    assert_int_equal(mech_samples_read(path, "validation", &read, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "test_data_samples.h5: validation/x1 holds no samples");
    assert_null(read);
    mech_samples_free(train);
    mech_samples_free(test);
    unlink(path);
}

/* Writes the small data set with numbered samples. */
static void write_small(void) {
    const dataset_plan plan = small_plan();
    mech_samples *train = numbered_samples(5, 21), *test = numbered_samples(3, 7);
    dataset *d = NULL;
    mech_error error;
    uint64_t sum;
    assert_int_equal(mech_dataset_create(path, &plan, &d, &error), MECH_OK);
    assert_int_equal(mech_dataset_write(d, SPLIT_TRAIN, 0, train, &sum, &error), MECH_OK);
    assert_int_equal(mech_dataset_write(d, SPLIT_TEST, 0, test, &sum, &error), MECH_OK);
    assert_int_equal(mech_dataset_commit(d, &error), MECH_OK);
    mech_samples_free(train);
    mech_samples_free(test);
}

/* What the file says of its test samples is no longer held against them: these are mistakes of who wrote it, not
 * damage. */
static void forget_digests(hid_t file) {
    if (H5Lexists(file, "test/digest", H5P_DEFAULT) > 0) H5Ldelete(file, "test/digest", H5P_DEFAULT);
}

/* Puts another array in the place of one; a chunked one has no content of its own. */
static void replace_array(const char *name, hid_t type, int rank, const hsize_t *shape, bool chunked) {
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), how = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[3] = {1, 1, 1};
    forget_digests(file);
    assert_true(H5Ldelete(file, name, H5P_DEFAULT) >= 0);
    if (rank > 0) {
        if (chunked) H5Pset_chunk(how, rank, chunk);
        const hid_t space = H5Screate_simple(rank, shape, NULL);
        const hid_t array = H5Dcreate2(file, name, type, space, H5P_DEFAULT, how, H5P_DEFAULT);
        assert_true(array >= 0);
        char *zeros = calloc(1, 100000);
        if (!chunked) H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros);
        free(zeros);
        H5Dclose(array);
        H5Sclose(space);
    }
    H5Pclose(how);
    H5Fclose(file);
}

/* Writes one number of an array of the file. */
static void poke(const char *name, size_t place, double number) {
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), array = H5Dopen2(file, name, H5P_DEFAULT);
    const hid_t space = H5Dget_space(array);
    const size_t n = (size_t)H5Sget_simple_extent_npoints(space);
    forget_digests(file);
    double *values = calloc(n, sizeof *values);
    H5Dread(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    values[place] = number;
    assert_true(H5Dwrite(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    free(values);
    H5Sclose(space);
    H5Dclose(array);
    H5Fclose(file);
}

static void set_text(const char *name, const char *value) {
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE); /* as h5py writes it */
    if (H5Aexists(file, name) > 0) H5Adelete(file, name);
    if (value) {
        const hid_t space = H5Screate(H5S_SCALAR);
        const hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
        assert_true(H5Awrite(attribute, type, &value) >= 0);
        H5Aclose(attribute);
        H5Sclose(space);
    }
    H5Tclose(type);
    H5Fclose(file);
}

static void assert_refused(mech_status status, const char *message) {
    mech_samples *read = NULL;
    mech_error error = {0};
    assert_int_equal(mech_samples_read(path, "test", &read, &error), status);
    assert_string_equal(error.message, message);
    assert_null(read);
}

#define FILE_NAME "test_data_samples.h5: "

static void arrays_of_another_shape_or_type_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *array;
        bool real;
        int rank; /* 0: the array is missing */
        hsize_t shape[3];
        bool chunked;
        const char *message;
    } cases[] = {
        {"test/x1", true, 0, {0}, false, FILE_NAME "test/x1 is missing or damaged"},
        {"test/theta", true, 0, {0}, false, FILE_NAME "test/theta is missing or damaged"},
        {"test/x1", true, 2, {3, 5}, false, FILE_NAME "dimension 2 of test/x1 is 5; expected 4"},
        {"test/x1", false, 2, {3, 4}, false, FILE_NAME "test/x1 does not hold floating-point numbers"},
        {"test/x2", true, 3, {4, 7, 12}, false, FILE_NAME "dimension 1 of test/x2 is 4; expected 3"},
        {"test/x2", true, 3, {3, 7, 11}, false, FILE_NAME "dimension 3 of test/x2 is 11; expected 12"},
        {"test/x2", true, 2, {3, 84}, false, FILE_NAME "test/x2 has 2 dimensions; expected 3"},
        {"test/x2", true, 3, {3, 1, 12}, false, FILE_NAME "test/x2 has 1 times a run; expected 2 to 256"},
        {"test/x2", true, 3, {3, 257, 12}, false, FILE_NAME "test/x2 has 257 times a run; expected 2 to 256"},
        {"test/y", true, 1, {3}, false, FILE_NAME "test/y does not hold integers"},
        {"test/y", false, 1, {2}, false, FILE_NAME "dimension 1 of test/y is 2; expected 3"},
        {"test/theta", true, 2, {3, 65}, false, FILE_NAME "test/theta has 65 columns; expected at most 32"},
        {"test/additive", true, 2, {3, 1}, false, FILE_NAME "test/additive has 2 dimensions; expected 1"},
        {"test/x1", true, 2, {1000000000000, 4}, true, FILE_NAME "test/x1 claims more numbers than the file holds"},
        {"test/x2", true, 3, {3, 0, 12}, true, FILE_NAME "test/x2 holds no samples"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_small();
        replace_array(cases[i].array, cases[i].real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT, cases[i].rank, cases[i].shape,
                      cases[i].chunked);
        assert_refused(MECH_INVALID_INPUT, cases[i].message);
    }
    unlink(path);
}

static void numbers_that_make_no_sense_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *array;
        size_t place;
        double number;
        const char *message;
    } cases[] = {
        {"test/y", 1, 2, FILE_NAME "test/y: sample 1 has label 2; expected less than 2"},
        {"test/y", 2, 255, FILE_NAME "test/y: sample 2 has label 255; expected less than 2"},
        {"test/x1", 4, 0, FILE_NAME "test/x1: sample 1 has a loading that is not above 0"},
        {"test/x1", 4, NAN, FILE_NAME "test/x1: sample 1 has a loading that is not above 0"},
        {"test/x2", 0, 0.5, FILE_NAME "test/x2: sample 0 has times that do not ascend from 0"},
        {"test/x2", 84 + 12 + 3, -1, FILE_NAME "test/x2: sample 1 has times that do not ascend from 0"},
        {"test/x2", 84 + 12 + 3, NAN, FILE_NAME "test/x2: sample 1 has times that do not ascend from 0"},
        {"test/x2", 84 + 12 + 4, NAN, FILE_NAME "test/x2: sample 1 has a concentration that is not finite"},
        {"test/x2", 84 + 12 + 5, INFINITY, FILE_NAME "test/x2: sample 1 has a concentration that is not finite"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_small();
        poke(cases[i].array, cases[i].place, cases[i].number);
        assert_refused(MECH_INVALID_INPUT, cases[i].message);
    }
    unlink(path);
}

static void a_column_that_was_not_measured_may_be_nan_throughout(void **state) {
    (void)state;
    mech_samples *read = NULL;
    mech_error error;
    write_small();
    for (size_t t = 0; t < 7; t++) poke("test/x2", 84 + t * 12 + 5, NAN);
    assert_int_equal(mech_samples_read(path, "test", &read, &error), MECH_OK);
    assert_true(isnan(read->x2[84 + 5]) && !isnan(read->x2[84 + 4]));
    mech_samples *thinned = NULL;
    assert_int_equal(mech_samples_thin(read, 3, 0.01, 1, &thinned, &error), MECH_OK);
    for (size_t t = 0; t < 4; t++) assert_true(isnan(thinned->x2[48 + t * 12 + 5]));
    mech_samples_free(thinned);
    mech_samples_free(read);
    /* But not both of a run: nothing would be left of it. */
    for (size_t t = 0; t < 7; t++) poke("test/x2", 84 + t * 12 + 4, NAN);
    assert_refused(MECH_INVALID_INPUT,
                   FILE_NAME "test/x2: sample 1 has a reading with neither S nor P; expected one of "
                             "them");
    unlink(path);
}

static void a_label_wider_than_a_byte_is_not_taken_for_another(void **state) {
    (void)state;
    const hsize_t shape[1] = {3};
    write_small();
    replace_array("test/y", H5T_NATIVE_INT, 1, shape, false);
    poke("test/y", 1, 256);
    assert_refused(MECH_INVALID_INPUT, FILE_NAME "test/y: sample 1 has label 256; expected less than 2");
    poke("test/y", 1, -1);
    assert_refused(MECH_INVALID_INPUT, FILE_NAME "test/y: sample 1 has label -1; expected less than 2");
    unlink(path);
}

static void attributes_say_protocol_and_number_of_classes(void **state) {
    (void)state;
    mech_samples *read = NULL;
    mech_error error;
    write_small();
    set_text("protocol", "seed");
    set_text("mechanisms", "A,B,C,D");
    assert_int_equal(mech_samples_read(path, "test", &read, &error), MECH_OK);
    assert_int_equal(read->design, MECH_DESIGN_FIXED_WINDOW);
    assert_int_equal(read->n_labels, 4);
    mech_samples_free(read);
    set_text("protocol", NULL);
    set_text("mechanisms", NULL);
    assert_int_equal(mech_samples_read(path, "test", &read, &error), MECH_OK);
    assert_int_equal(read->design, MECH_DESIGN_FIXED_WINDOW);
    assert_int_equal(read->n_labels, 20);
    mech_samples_free(read);
    set_text("protocol", "other");
    assert_refused(MECH_INVALID_INPUT, FILE_NAME "its protocol is 'other'; expected 'seed' or 'nature'");
    unlink(path);
}

static void what_is_no_data_set_is_refused(void **state) {
    (void)state;
    mech_samples *read = NULL;
    mech_error error;
    unlink(path);
    assert_refused(MECH_FILE_ERROR, FILE_NAME "cannot be opened: No such file or directory");
    write_small();
    assert_int_equal(truncate(path, 3000), 0);
    assert_refused(MECH_INVALID_INPUT, FILE_NAME "cannot be read as HDF5: it is another kind of file or damaged");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("t,S,P\n", file);
    fclose(file);
    assert_refused(MECH_INVALID_INPUT, FILE_NAME "cannot be read as HDF5: it is another kind of file or damaged");
    H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    assert_refused(MECH_INVALID_INPUT, FILE_NAME "holds no split 'test'");
    unlink(path);
    assert_int_equal(mech_samples_read(path, "tests", &read, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "there is no split 'tests'; expected train, validation or test");
    assert_int_equal(mech_samples_read("-", "test", &read, &error), MECH_INVALID_ARGUMENT);
}

static void a_data_set_cannot_go_to_standard_output_or_into_no_folder(void **state) {
    (void)state;
    const dataset_plan plan = small_plan();
    dataset *d = NULL;
    mech_error error;
    assert_int_equal(mech_dataset_create("-", &plan, &d, &error), MECH_INVALID_ARGUMENT);
    assert_null(d);
    assert_int_equal(mech_dataset_create("nowhere/data.h5", &plan, &d, &error), MECH_FILE_ERROR);
    assert_string_equal(error.message, "nowhere/data.h5: cannot be written: No such file or directory");
    assert_null(d);
    assert_int_equal(mech_dataset_create(path, &plan, &d, &error), MECH_OK);
    mech_dataset_discard(d);
    assert_int_equal(access(path, F_OK), -1);
}

static void published_samples_are_read(void **state) {
    (void)state;
    static const struct {
        const char *path;
        size_t n_times;
    } files[] = {{SHARED_DIR "/reference/samples-7-points.h5", 7}, {SHARED_DIR "/reference/samples-21-points.h5", 21}};
    for (size_t i = 0; i < 2; i++) {
        mech_samples *read = NULL;
        mech_error error;
        if (access(files[i].path, R_OK) != 0) {
            print_message("%s is absent: skipped\n", files[i].path);
            skip();
        }
        if (mech_samples_read(files[i].path, "test", &read, &error) != MECH_OK) fail_msg("%s", error.message);
        assert_int_equal(read->n, 400);
        assert_int_equal(read->n_times, files[i].n_times);
        assert_int_equal(read->n_theta, 6);
        assert_int_equal(read->n_labels, 20);
        assert_int_equal(read->design, MECH_DESIGN_FIXED_WINDOW);
        size_t counts[20] = {0};
        for (size_t j = 0; j < read->n; j++) counts[read->y[j]]++;
        for (size_t c = 0; c < 20; c++) assert_int_equal(counts[c], 20);
        assert_true(isnan(read->additive[0])); /* these files do not say it */
        mech_samples_free(read);
    }
}

static void kept_times_begin_at_zero_and_are_as_likely_as_each_other(void **state) {
    (void)state;
    enum { N = 20000, N_TIMES = 21, POINTS = 6 };
    size_t counts[N_TIMES - 1] = {0};
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < N; i++) {
        uint8_t kept[N_TIMES];
        mech_draw_kept_times(&r, N_TIMES, POINTS, kept);
        assert_int_equal(kept[0], 0);
        for (size_t j = 1; j <= POINTS; j++) {
            assert_true(kept[j] > kept[j - 1] && kept[j] < N_TIMES);
            counts[kept[j] - 1]++;
        }
    }
    /* Twenty alike: beyond 43.8 with probability 0.001 (and less, since a sample holds none twice). */
    assert_true(chi_squared(counts, N_TIMES - 1) < 43.8);
    uint8_t kept[N_TIMES];
    mech_draw_kept_times(&r, N_TIMES, N_TIMES - 1, kept);
    for (size_t j = 0; j < N_TIMES; j++) assert_int_equal(kept[j], j);
    mech_draw_kept_times(&r, N_TIMES, 0, kept);
    assert_int_equal(kept[0], 0);
}

static void thinning_scales_times_as_the_protocol_says(void **state) {
    (void)state;
    for (int sample_design = 0; sample_design < 2; sample_design++) {
        mech_samples *full = numbered_samples(50, 21), *thinned = NULL;
        mech_error error;
        full->design = (mech_sample_design)sample_design;
        assert_int_equal(mech_samples_thin(full, 4, 0, 9, &thinned, &error), MECH_OK);
        assert_int_equal(thinned->n_times, 5);
        assert_int_equal(thinned->design, sample_design);
        for (size_t i = 0; i < full->n; i++) {
            const float *x = thinned->x2 + i * 5 * SAMPLE_COLUMNS, *last = x + 4 * SAMPLE_COLUMNS;
            /* P of run 1 says which time each point was: i + 10 t + 2000. */
            for (size_t t = 0; t < 5; t++) {
                const size_t time = ((size_t)x[t * SAMPLE_COLUMNS + 2] - 2000 - i) / 10;
                assert_true(t > 0 || time == 0);
                for (size_t run = 0; run < N_RUNS; run++) {
                    const float *before = full->x2 + (i * 21 + time) * SAMPLE_COLUMNS + run * RUN_COLUMNS;
                    const float *after = x + t * SAMPLE_COLUMNS + run * RUN_COLUMNS;
                    assert_true(after[1] == before[1] && after[2] == before[2]);
                    const size_t last_time = ((size_t)last[2] - 2000 - i) / 10;
                    const size_t unit_run =
                        sample_design == MECH_DESIGN_FIXED_WINDOW ? run : 3; /* run 4 is the longest */
                    const float unit = full->x2[(i * 21 + last_time) * SAMPLE_COLUMNS + unit_run * RUN_COLUMNS];
                    assert_true(after[0] == before[0] / unit);
                }
            }
        }
        assert_memory_equal(thinned->x1, full->x1, full->n * N_RUNS * sizeof *full->x1);
        assert_memory_equal(thinned->theta, full->theta, full->n * 6 * sizeof *full->theta);
        assert_memory_equal(thinned->y, full->y, full->n);
        mech_samples_free(thinned);
        mech_samples_free(full);
    }
}

static void noise_is_normal_and_spares_times_and_starts(void **state) {
    (void)state;
    enum { N = 200, N_VALUES = N * 20 * 8 };
    mech_samples *full = numbered_samples(N, 21), *noisy = NULL, *again = NULL, *other = NULL;
    mech_error error;
    static double noise[N_VALUES];
    size_t n = 0;
    for (size_t i = 0; i < N * 21 * SAMPLE_COLUMNS; i++)
        if (i % SAMPLE_COLUMNS % RUN_COLUMNS) full->x2[i] = 0.5F;
    assert_int_equal(mech_samples_thin(full, 0, 0.05, 1, &noisy, &error), MECH_OK);
    assert_int_equal(noisy->n_times, 21);
    for (size_t i = 0; i < N; i++)
        for (size_t t = 0; t < 21; t++)
            for (size_t c = 0; c < SAMPLE_COLUMNS; c++) {
                const float value = noisy->x2[(i * 21 + t) * SAMPLE_COLUMNS + c];
                if (c % RUN_COLUMNS == 0)
                    assert_true(value >= 0 && value <= 1);
                else if (t == 0)
                    assert_true(value == 0.5F);
                else /* the normal distribution makes it uniform */
                    noise[n++] = 0.5 * (1 + erf(((double)value - 0.5) / 0.05 / sqrt(2)));
            }
    assert_int_equal(n, N_VALUES);
    assert_true(uniformity_distance(noise, n, 0, 1) < UNIFORM_AT_0_001);
    assert_int_equal(mech_samples_thin(full, 0, 0.05, 1, &again, &error), MECH_OK);
    assert_same(noisy, again);
    assert_int_equal(mech_samples_thin(full, 0, 0.05, 2, &other, &error), MECH_OK);
    assert_true(memcmp(noisy->x2, other->x2, N * 21 * SAMPLE_COLUMNS * sizeof *noisy->x2) != 0);
    mech_samples_free(full);
    mech_samples_free(noisy);
    mech_samples_free(again);
    mech_samples_free(other);
}

static void thinning_to_more_than_there_is_is_refused(void **state) {
    (void)state;
    mech_samples *full = numbered_samples(2, 21), *thinned = NULL;
    mech_error error;
    assert_int_equal(mech_samples_thin(full, 21, 0, 1, &thinned, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "21 points after t = 0 were asked for; the samples have 20");
    assert_int_equal(mech_samples_thin(full, 3, -0.1, 1, &thinned, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "the noise is -0.1; expected a number from 0 on");
    assert_int_equal(mech_samples_thin(full, 3, NAN, 1, &thinned, &error), MECH_INVALID_ARGUMENT);
    assert_null(thinned);
    mech_samples_free(full);
}

int main(void) {
    /* The files that are damaged on purpose are made with HDF5, which would speak of what it cannot find. */
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_in_blocks_is_read_as_a_whole),
        cmocka_unit_test(arrays_of_another_shape_or_type_are_refused),
        cmocka_unit_test(numbers_that_make_no_sense_are_refused),
        cmocka_unit_test(a_column_that_was_not_measured_may_be_nan_throughout),
        cmocka_unit_test(a_label_wider_than_a_byte_is_not_taken_for_another),
        cmocka_unit_test(attributes_say_protocol_and_number_of_classes),
        cmocka_unit_test(what_is_no_data_set_is_refused),
        cmocka_unit_test(a_data_set_cannot_go_to_standard_output_or_into_no_folder),
        cmocka_unit_test(published_samples_are_read),
        cmocka_unit_test(kept_times_begin_at_zero_and_are_as_likely_as_each_other),
        cmocka_unit_test(thinning_scales_times_as_the_protocol_says),
        cmocka_unit_test(noise_is_normal_and_spares_times_and_starts),
        cmocka_unit_test(thinning_to_more_than_there_is_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
