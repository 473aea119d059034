/* Data files of a caller's own samples and run sets, and damage to files of format 1. */
#include "mechanist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DATA_OF_VERSION_0_1_0 SOURCE_DIR "/tests/version-0.1.0/data.h5"

static const char path[] = "own_data.h5", again[] = "own_data_again.h5";

enum { N_TIMES = 5 };

static mech_library *two_mechanisms(void) {
    static const char own[] = "mechanism: mine\ncat + S -> cat + P : k\n";
    mech_library *library = NULL;
    mech_error error;
    assert_int_equal(mech_library_new(&library, &error), MECH_OK);
    assert_int_equal(mech_library_add(library, mech_builtin(0), &error), MECH_OK);
    mech_mechanism *mine = NULL;
    if (mech_mechanism_parse(own, strlen(own), "own", &mine, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_library_add(library, mine, &error), MECH_OK);
    mech_mechanism_free(mine);
    return library;
}

static void assert_close(double a, double b, double tolerance) {
    if (!(fabs(a - b) <= tolerance)) fail_msg("%g is not %g", a, b);
}

/* Samples with something to tell them by. */
static mech_samples *some_samples(size_t n) {
    mech_samples *s = NULL;
    assert_int_equal(mech_samples_create(MECH_DESIGN_NATURE, n, N_TIMES, 2, &s, NULL), MECH_OK);
    for (size_t i = 0; i < n; i++) {
        s->y[i] = (uint8_t)(i % 2);
        for (size_t run = 0; run < 4; run++) {
            s->x1[i * 4 + run] = 0.01F * (float)(run + 1);
            for (size_t t = 0; t < N_TIMES; t++) {
                float *reading = s->x2 + (i * N_TIMES + t) * 12 + run * 3;
                reading[0] = (float)t / (N_TIMES - 1);
                reading[1] = expf(-reading[0] * (float)(i % 7 + 1));
                reading[2] = 1 - reading[1];
            }
        }
    }
    return s;
}

static void expect_refused(mech_status status, mech_status expected, const mech_error *error, const char *words) {
    assert_int_equal(status, expected);
    if (!strstr(error->message, words)) fail_msg("'%s' lacks '%s'", error->message, words);
}

static void own_samples_come_back_from_their_file(void **state) {
    (void)state;
    mech_library *library = two_mechanisms(), *read_library = NULL;
    mech_samples *train = some_samples(200), *test = some_samples(3), *read = NULL;
    const mech_samples *const splits[3] = {[MECH_SPLIT_TRAIN] = train, [MECH_SPLIT_TEST] = test};
    mech_error error;
    bool checked = false;
    if (mech_samples_write(path, splits, library, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_samples_read(path, "train", &read, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(read->n, 200);
    assert_int_equal(read->design, MECH_DESIGN_NATURE);
    assert_memory_equal(read->x1, train->x1, 200 * 4 * sizeof *read->x1);
    assert_memory_equal(read->x2, train->x2, 200 * N_TIMES * 12 * sizeof *read->x2);
    assert_memory_equal(read->y, train->y, 200);
    for (size_t i = 0; i < 200 * read->n_theta; i++) assert_true(isnan(read->theta[i]));
    mech_samples_free(read);
    assert_int_equal(mech_samples_read(path, "test", &read, &error), MECH_OK);
    assert_int_equal(read->n, 3);
    mech_samples_free(read);
    assert_int_equal(mech_data_library(path, &read_library, &error), MECH_OK);
    assert_int_equal(mech_library_size(read_library), 2);
    assert_true(mech_mechanism_equal(mech_library_mechanism(read_library, 1), mech_library_mechanism(library, 1)));
    assert_int_equal(mech_data_is_checked(path, &checked, &error), MECH_OK);
    assert_true(checked);
    mech_library_free(read_library);
    mech_library_free(library);
    mech_samples_free(train);
    mech_samples_free(test);
    unlink(path);
}

static void own_samples_that_are_wrong_are_refused(void **state) {
    (void)state;
    mech_library *library = two_mechanisms();
    mech_samples *s = some_samples(70);
    const mech_samples *const splits[3] = {[MECH_SPLIT_VALIDATION] = s}, *const none[3] = {NULL};
    mech_error error;
    expect_refused(mech_samples_write(path, none, library, &error), MECH_INVALID_ARGUMENT, &error, "no samples");
    s->y[69] = 2;
    expect_refused(mech_samples_write(path, splits, library, &error), MECH_INVALID_INPUT, &error,
                   "validation: sample 69 has label 2; expected less than 2");
    s->y[69] = 1;
    s->x2[(68 * N_TIMES + 2) * 12] = 9;
    expect_refused(mech_samples_write(path, splits, library, &error), MECH_INVALID_INPUT, &error,
                   "sample 68 has times that do not ascend");
    assert_int_not_equal(access(path, F_OK), 0);
    mech_samples_free(s);
    mech_library_free(library);
}

/* Flips one bit of the file `offset` bytes behind the first place where `needle` stands. */
static void damage(const char *file_path, const void *needle, size_t length, long offset) {
    FILE *file = fopen(file_path, "rb+");
    assert_non_null(file);
    char *content = malloc(1 << 22);
    const size_t n = fread(content, 1, 1 << 22, file);
    char *found = NULL;
    for (size_t i = 0; i + length <= n && !found; i++)
        if (memcmp(content + i, needle, length) == 0) found = content + i;
    assert_non_null(found);
    fseek(file, (long)(found - content) + offset, SEEK_SET);
    fputc(found[offset] ^ 1, file);
    fclose(file);
    free(content);
}

static void a_flipped_bit_is_refused_by_name(void **state) {
    (void)state;
    mech_library *library = two_mechanisms();
    mech_samples *s = some_samples(200), *read = NULL;
    const mech_samples *const splits[3] = {[MECH_SPLIT_TRAIN] = s};
    mech_error error;
    assert_int_equal(mech_samples_write(path, splits, library, &error), MECH_OK);
    /* The last bit of a concentration of sample 130: it changes no sign, no order, nothing that a check would see. */
    const size_t row = N_TIMES * 12;
    damage(path, s->x2, row * sizeof *s->x2, (long)((130 * row + 13) * sizeof *s->x2));
    expect_refused(mech_samples_read(path, "train", &read, &error), MECH_INVALID_INPUT, &error,
                   "own_data.h5: train/x2: samples 128 to 191 are not what was written: the file is damaged");
    assert_null(read);
    assert_int_equal(mech_samples_write(path, splits, library, &error), MECH_OK);
    damage(path, s->y, 200, 7);
    mech_dataset *data = NULL;
    expect_refused(mech_dataset_read(path, &data, &error), MECH_INVALID_INPUT, &error, "train/y: samples 0 to 63");
    mech_samples_free(s);
    mech_library_free(library);
    unlink(path);
}

/* An experiment of the laboratory, written and read: in other units the same. */
static void own_run_sets_come_back_in_units_of_the_standard(void **state) {
    (void)state;
    mech_library *library = two_mechanisms();
    mech_run_set *original = NULL, *in_minutes = NULL, *read = NULL;
    mech_truth *truth = NULL, *read_truth = NULL;
    mech_error error;
    assert_int_equal(mech_simulate_experiment(mech_builtin(0), NULL, 3, 1, &original, &truth, &error), MECH_OK);
    assert_int_equal(mech_run_set_new("min", "mM", &in_minutes, &error), MECH_OK);
    const double minutes = 40, millimolar = 250;
    for (size_t r = 0; r < mech_run_set_n_runs(original); r++) {
        mech_run run = *mech_run_set_run(original, r);
        double *columns[3] = {NULL};
        const double *const from[3] = {run.time, run.substrate, run.product};
        for (size_t c = 0; c < 3; c++) {
            columns[c] = malloc(run.n_readings * sizeof *columns[c]);
            for (size_t i = 0; i < run.n_readings; i++)
                columns[c][i] = from[c] ? from[c][i] * (c ? millimolar : minutes) : NAN;
        }
        run.time = columns[0];
        run.substrate = columns[1];
        run.product = columns[2];
        run.s0 *= millimolar;
        run.p0 *= millimolar;
        run.cat0 *= millimolar;
        run.n_reactants = 0;
        assert_int_equal(mech_run_set_add(in_minutes, &run, &error), MECH_OK);
        for (size_t c = 0; c < 3; c++) free(columns[c]);
    }
    const mech_labelled_run_set sets[] = {{in_minutes, 0, truth}, {original, 1, NULL}};
    const size_t n[3] = {[MECH_SPLIT_TEST] = 2};
    const mech_labelled_run_set *const splits[3] = {[MECH_SPLIT_TEST] = sets};
    if (mech_run_sets_write(path, n, splits, library, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_experiment_of_data(path, "test", 0, &read, &read_truth, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_run_set_n_runs(read), mech_run_set_n_runs(original));
    for (size_t r = 0; r < mech_run_set_n_runs(read); r++) {
        const mech_run *a = mech_run_set_run(original, r), *b = mech_run_set_run(read, r);
        assert_int_equal(a->n_readings, b->n_readings);
        assert_close(a->s0, b->s0, 1e-6);
        assert_close(a->cat0, b->cat0, 1e-6);
        for (size_t i = 0; i < a->n_readings; i++) {
            assert_close(a->time[i], b->time[i], 1e-6);
            assert_int_equal(isnan(a->substrate[i]), isnan(b->substrate[i]));
            if (!isnan(a->substrate[i])) assert_close(a->substrate[i], b->substrate[i], 1e-6);
        }
    }
    assert_int_equal(read_truth->n_rate_constants, truth->n_rate_constants);
    assert_memory_equal(read_truth->k, truth->k, truth->n_rate_constants * sizeof *truth->k);
    assert_true(read_truth->noise == truth->noise);
    mech_truth_free(read_truth);
    mech_run_set_free(read);
    assert_int_equal(mech_experiment_of_data(path, "test", 1, &read, &read_truth, &error), MECH_OK);
    assert_int_equal(read_truth->label, 1);
    assert_int_equal(read_truth->n_rate_constants, 0);
    assert_true(isnan(read_truth->noise));
    /* The same run sets give the same bytes. */
    assert_int_equal(mech_run_sets_write(again, n, splits, library, &error), MECH_OK);
    FILE *first = fopen(path, "rb"), *second = fopen(again, "rb");
    int x, y;
    do {
        x = fgetc(first);
        y = fgetc(second);
    } while (x == y && x != EOF);
    assert_int_equal(x, y);
    fclose(first);
    fclose(second);
    const mech_labelled_run_set beyond[] = {{original, 2, NULL}};
    const size_t one[3] = {[MECH_SPLIT_TRAIN] = 1};
    const mech_labelled_run_set *const wrong[3] = {[MECH_SPLIT_TRAIN] = beyond};
    expect_refused(mech_run_sets_write(again, one, wrong, library, &error), MECH_INVALID_ARGUMENT, &error,
                   "train run set 0: label 2; expected less than 2");
    mech_run_set_free(read);
    mech_truth_free(read_truth);
    mech_run_set_free(original);
    mech_run_set_free(in_minutes);
    mech_truth_free(truth);
    mech_library_free(library);
    unlink(path);
    unlink(again);
}

static void files_of_others_have_no_digests(void **state) {
    (void)state;
    bool checked = true;
    mech_error error;
    assert_int_equal(mech_data_is_checked(DATA_OF_VERSION_0_1_0, &checked, &error), MECH_OK);
    assert_false(checked);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(own_samples_come_back_from_their_file),
                                       cmocka_unit_test(own_samples_that_are_wrong_are_refused),
                                       cmocka_unit_test(a_flipped_bit_is_refused_by_name),
                                       cmocka_unit_test(own_run_sets_come_back_in_units_of_the_standard),
                                       cmocka_unit_test(files_of_others_have_no_digests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
