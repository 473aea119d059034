/* Data files of format 2: what is written is read, as a whole and in parts, one experiment with its truth; and one
 * experiment without a file. */
#include "data/dataset/dataset.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "test_runs.h5";
static const mech_mechanism *mechanisms[3];

static int generate(void **state) {
    (void)state;
    mech_error error;
    mech_generate_options o = mech_generate_options_default();
    for (size_t m = 0; m < 3; m++) mechanisms[m] = mech_builtin(4 * m + 1); /* M2, M6, M10 */
    o.mechanisms = mechanisms;
    o.n_mechanisms = 3;
    o.design = "laboratory";
    o.n_train = A_BLOCK + 300; /* more than a block */
    o.n_thetas = 30;
    o.n_validation = 0;
    o.n_test = 12;
    if (mech_generate(&o, path, NULL, NULL, &error) == MECH_OK) return 0;
    print_error("%s\n", error.message);
    return 1;
}

static int remove_file(void **state) {
    (void)state;
    return unlink(path);
}

static run_sets *read_sets(const char *split, size_t first, size_t n) {
    mech_error error;
    run_sets *sets;
    if (mech_run_sets_read(path, split, first, n, &sets, &error) != MECH_OK) fail_msg("%s", error.message);
    return sets;
}

static void parts_are_what_the_whole_is(void **state) {
    (void)state;
    enum { FIRST = A_BLOCK - 20, PART = 50 };
    run_sets *whole = read_sets("train", 0, SIZE_MAX), *part = read_sets("train", FIRST, PART);
    assert_int_equal(whole->n, A_BLOCK + 300);
    assert_int_equal(part->n, PART);
    assert_true(part->has_truths && part->n_labels == 3 && part->n_theta == 6);
    const size_t run = (size_t)whole->run_offset[FIRST], reading = (size_t)whole->reading_offset[run];
    assert_int_equal(part->n_runs, whole->run_offset[FIRST + PART] - run);
    assert_memory_equal(part->cat0, whole->cat0 + run, part->n_runs * sizeof *part->cat0);
    assert_memory_equal(part->time, whole->time + reading, part->n_readings * sizeof *part->time);
    assert_memory_equal(part->product, whole->product + reading, part->n_readings * sizeof *part->product);
    assert_memory_equal(part->set_truths[TRUTH_NOISE], whole->set_truths[TRUTH_NOISE] + FIRST, PART * sizeof(double));
    for (size_t i = 0; i < PART; i++) assert_int_equal(part->label[i], (FIRST + i) % 3);
    mech_run_sets_free(whole);
    mech_run_sets_free(part);
    uint64_t counts[3];
    mech_error error;
    bool has_runs = false;
    assert_int_equal(mech_dataset_count(path, SPLIT_TEST, 3, counts, &error), MECH_OK);
    assert_true(counts[0] == 4 && counts[1] == 4 && counts[2] == 4);
    assert_int_equal(mech_dataset_count(path, SPLIT_VALIDATION, 3, counts, &error), MECH_OK);
    assert_int_equal(counts[0], 0);
    assert_int_equal(mech_dataset_count(path, SPLIT_TEST, 2, counts, &error), MECH_INVALID_INPUT);
    assert_int_equal(mech_dataset_has_runs(path, &has_runs, &error), MECH_OK);
    assert_true(has_runs);
}

static void assert_same_runs(const mech_run_set *a, const mech_run_set *b) {
    assert_int_equal(mech_run_set_n_runs(a), mech_run_set_n_runs(b));
    for (size_t r = 0; r < mech_run_set_n_runs(a); r++) {
        const mech_run *x = mech_run_set_run(a, r), *y = mech_run_set_run(b, r);
        assert_int_equal(x->n_readings, y->n_readings);
        assert_memory_equal(x->time, y->time, x->n_readings * sizeof *x->time);
        assert_memory_equal(x->substrate, y->substrate, x->n_readings * sizeof *x->substrate);
        assert_true(x->cat0 == y->cat0 && x->s0 == y->s0 && x->p0 == y->p0);
    }
}

static void an_experiment_of_a_file_comes_with_its_truth(void **state) {
    (void)state;
    run_sets *sets = read_sets("test", 0, SIZE_MAX);
    mech_run_set *runs, *got;
    mech_truth *truth;
    mech_error error;
    assert_int_equal(mech_run_sets_get(sets, 7, &got, &error), MECH_OK);
    assert_int_equal(mech_experiment_of_data(path, "test", 7, &runs, &truth, &error), MECH_OK);
    assert_same_runs(runs, got);
    assert_true(truth->label == 1 && truth->n_rate_constants == 5 && truth->n_runs == mech_run_set_n_runs(runs));
    assert_true(truth->k[4] == sets->theta[7 * 6 + 4] && truth->noise == sets->set_truths[TRUTH_NOISE][7]);
    assert_true(truth->catalyst_factor[0] == (double)sets->run_truths[TRUTH_CATALYST_FACTOR][sets->run_offset[7]]);
    mech_run_set_free(runs);
    mech_run_set_free(got);
    mech_truth_free(truth);
    mech_run_sets_free(sets);
    assert_int_equal(mech_experiment_of_data(path, "test", 12, &runs, &truth, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "there is no sample 12; expected 0 to 11");
    assert_true(!runs && !truth);
}

static void one_experiment_is_a_function_of_seed_and_number(void **state) {
    (void)state;
    mech_run_set *first, *again, *other;
    mech_truth *truth, *second;
    mech_error error;
    const mech_mechanism *m10 = mech_builtin_find("M10");
    assert_int_equal(mech_simulate_experiment(m10, NULL, 3, 5, &first, &truth, &error), MECH_OK);
    assert_int_equal(mech_simulate_experiment(m10, "laboratory", 3, 5, &again, NULL, &error), MECH_OK);
    assert_int_equal(mech_simulate_experiment(m10, NULL, 3, 6, &other, &second, &error), MECH_OK);
    assert_same_runs(first, again);
    assert_true(truth->k[0] != second->k[0] && truth->time_unit > 0);
    assert_true(truth->additive >= 0.001 * truth->scale && truth->additive <= 0.01 * truth->scale);
    mech_run_set_free(first);
    mech_run_set_free(again);
    mech_run_set_free(other);
    mech_truth_free(truth);
    mech_truth_free(second);
    assert_int_equal(mech_simulate_experiment(m10, "no such", 3, 5, &first, &truth, &error), MECH_FILE_ERROR);
    assert_true(!first && !truth);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_what_the_whole_is),
        cmocka_unit_test(an_experiment_of_a_file_comes_with_its_truth),
        cmocka_unit_test(one_experiment_is_a_function_of_seed_and_number),
    };
    return cmocka_run_group_tests(tests, generate, remove_file);
}
