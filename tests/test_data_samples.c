/* Samples in memory and on disk: thinning, reading, refusal of what is damaged. */
#include "data/dataset.h"
#include "data/samples.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "test_data_samples.h5";

static dataset_plan small_plan(void) {
    static const mech_network *mechanisms[2];
    mechanisms[0] = mech_builtin(0);
    mechanisms[1] = mech_builtin(1);
    return (dataset_plan){
        .protocol = MECH_PROTOCOL_NATURE,
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
    mech_samples *s = samples_new(MECH_PROTOCOL_NATURE, n, n_times, 6, 2);
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
    assert_int_equal(a->n_classes, b->n_classes);
    assert_int_equal(a->protocol, b->protocol);
    assert_memory_equal(a->x1, b->x1, a->n * N_RUNS * sizeof *a->x1);
    assert_memory_equal(a->x2, b->x2, a->n * a->n_times * SAMPLE_COLUMNS * sizeof *a->x2);
    assert_memory_equal(a->y, b->y, a->n);
    assert_memory_equal(a->theta, b->theta, a->n * a->n_theta * sizeof *a->theta);
    assert_memory_equal(a->additive, b->additive, a->n * sizeof *a->additive);
}

static void what_is_written_in_blocks_is_read_as_a_whole(void **state) {
    (void)state;
    const dataset_plan plan = small_plan();
    mech_samples *train = numbered_samples(5, 21), *test = numbered_samples(3, 7), *read = NULL;
    mech_error error;
    dataset *d = NULL;
    assert_int_equal(dataset_create(path, &plan, &d, &error), MECH_OK);
    /* The second block first. */
    mech_samples late = *train, early = *train;
    early.n = 3;
    late.n = 2;
    late.x1 += 3 * N_RUNS;
    late.x2 += 3 * 21 * SAMPLE_COLUMNS;
    late.y += 3;
    late.theta += 3 * 6;
    late.additive += 3;
    assert_int_equal(dataset_write(d, SPLIT_TRAIN, 3, &late, &error), MECH_OK);
    assert_int_equal(dataset_write(d, SPLIT_TRAIN, 0, &early, &error), MECH_OK);
    assert_int_equal(dataset_write(d, SPLIT_TEST, 0, test, &error), MECH_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(dataset_commit(d, &error), MECH_OK);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_in_blocks_is_read_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
