/* Data sets read in part: random subsets, numbers of samples, the mechanisms of the labels, thetas. */
#include "base/random.h"
#include "data/dataset/dataset.h"
#include "data/reading/dataset_mechanisms.h"
#include "data/reading/distinct_thetas.h"
#include "data/samples/samples.h"

#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "test_data_parts.h5";

enum { N_MECHANISMS = 3, N_TRAIN = 3001, N_TEST = 40, N_THETAS = 31 };

static const char own[] = "name: Own\ncat + S -> catS : ka\ncatS <=> cat + P : kb, kc\n";

/* A data set of M1, a user's mechanism and M10. */
static int write_data(void **state) {
    (void)state;
    mech_mechanism *mechanism = NULL;
    mech_error error;
    assert_int_equal(mech_mechanism_parse(own, strlen(own), "own", &mechanism, &error), MECH_OK);
    const mech_mechanism *mechanisms[N_MECHANISMS] = {mech_builtin(0), mechanism, mech_builtin(9)};
    mech_generate_options options = mech_generate_options_default();
    options.mechanisms = mechanisms;
    options.n_mechanisms = N_MECHANISMS;
    options.n_train = N_TRAIN;
    options.n_validation = 0;
    options.n_test = N_TEST;
    options.n_thetas = N_THETAS;
    options.threads = 1;
    const mech_status status = mech_generate(&options, path, NULL, NULL, &error);
    mech_mechanism_free(mechanism);
    if (status != MECH_OK) fail_msg("%s", error.message);
    return 0;
}

static int remove_data(void **state) {
    (void)state;
    return unlink(path);
}

static mech_samples *read_subset(size_t n, uint64_t seed) {
    mech_samples *s = NULL;
    mech_error error;
    if (mech_samples_read_subset(path, "train", n, seed, &s, &error) != MECH_OK) fail_msg("%s", error.message);
    return s;
}

static mech_samples *read_whole(void) {
    mech_samples *s = NULL;
    assert_int_equal(mech_samples_read(path, "train", &s, NULL), MECH_OK);
    return s;
}

/* Which sample of `whole`, from number `from` on, sample i of the subset is; whole->n where it is none. */
static size_t place_of(const mech_samples *whole, size_t from, const mech_samples *subset, size_t i) {
    const size_t row = whole->n_times * SAMPLE_COLUMNS;
    for (size_t j = from; j < whole->n; j++)
        if (memcmp(whole->x1 + j * N_RUNS, subset->x1 + i * N_RUNS, N_RUNS * sizeof *whole->x1) == 0 &&
            memcmp(whole->x2 + j * row, subset->x2 + i * row, row * sizeof *whole->x2) == 0 &&
            memcmp(whole->theta + j * whole->n_theta, subset->theta + i * whole->n_theta,
                   whole->n_theta * sizeof *whole->theta) == 0 &&
            whole->y[j] == subset->y[i] && whole->additive[j] == subset->additive[i])
            return j;
    return whole->n;
}

static void subsets_hold_samples_of_the_file_in_its_order(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 200, 1500, 2999, 3000, 3001, 5000};
    mech_samples *whole = read_whole();
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        mech_samples *subset = read_subset(sizes[k], k);
        assert_int_equal(subset->n, sizes[k] < N_TRAIN ? sizes[k] : N_TRAIN);
        assert_int_equal(subset->n_labels, N_MECHANISMS);
        size_t next = 0;
        for (size_t i = 0; i < subset->n; i++) {
            const size_t place = place_of(whole, next, subset, i);
            assert_true(place < whole->n);
            next = place + 1;
        }
        mech_samples_free(subset);
    }
    mech_samples_free(whole);
    mech_samples *none = NULL;
    mech_error error;
    assert_int_equal(mech_samples_read_subset(path, "train", 0, 1, &none, &error), MECH_INVALID_ARGUMENT);
    assert_int_equal(mech_samples_read_subset(path, "validation", 5, 1, &none, &error), MECH_INVALID_INPUT);
    assert_int_equal(mech_samples_read_subset("none.h5", "train", 5, 1, &none, &error), MECH_FILE_ERROR);
    assert_null(none);
}

static void subsets_are_functions_of_the_seed(void **state) {
    (void)state;
    enum { WANTED = 600 };
    const size_t bytes = WANTED * N_RUNS * sizeof(float);
    mech_samples *one = read_subset(WANTED, 1), *again = read_subset(WANTED, 1), *two = read_subset(WANTED, 2);
    assert_memory_equal(one->x1, again->x1, bytes);
    assert_true(memcmp(one->x1, two->x1, bytes) != 0);
    mech_samples_free(one);
    mech_samples_free(again);
    mech_samples_free(two);
}

static void subsets_reach_all_parts_of_a_split_alike(void **state) {
    (void)state;
    enum { SEEDS = 40, WANTED = 300, PART = 50, PARTS = N_TRAIN / PART };
    double counts[PARTS + 1] = {0};
    mech_samples *whole = read_whole();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        mech_samples *subset = read_subset(WANTED, seed);
        for (size_t i = 0, next = 0; i < subset->n; i++) {
            next = place_of(whole, next, subset, i) + 1;
            counts[(next - 1) / PART]++;
        }
        mech_samples_free(subset);
    }
    /* A sample is there with chance 300 / 3001, two and two together; one of 60 parts is off by five standard
     * deviations with chance 3e-5. */
    const double chance = (double)WANTED / N_TRAIN, expected = SEEDS * PART * chance;
    for (size_t i = 0; i < PARTS; i++)
        assert_true(fabs(counts[i] - expected) < 5 * sqrt(2 * SEEDS * PART * chance * (1 - chance)));
    mech_samples_free(whole);
}

static void counts_are_those_of_the_labels(void **state) {
    (void)state;
    uint64_t counts[MECH_MOST_LABELS], expected[MECH_MOST_LABELS] = {0};
    mech_error error;
    mech_samples *whole = read_whole();
    for (size_t i = 0; i < whole->n; i++) expected[whole->y[i]]++;
    mech_samples_free(whole);
    assert_int_equal(mech_dataset_count(path, SPLIT_TRAIN, MECH_MOST_LABELS, counts, &error), MECH_OK);
    assert_memory_equal(counts, expected, sizeof counts);
    assert_true(counts[0] == 1001 && counts[1] == 1000 && counts[2] == 1000);
    assert_int_equal(mech_dataset_count(path, SPLIT_TEST, MECH_MOST_LABELS, counts, &error), MECH_OK);
    assert_true(counts[0] == 14 && counts[1] == 13 && counts[2] == 13 && counts[3] == 0);
    /* A split without samples, and a file without that split. */
    assert_int_equal(mech_dataset_count(path, SPLIT_VALIDATION, MECH_MOST_LABELS, counts, &error), MECH_OK);
    for (size_t i = 0; i < MECH_MOST_LABELS; i++) assert_int_equal(counts[i], 0);
    H5Fclose(H5Fcreate("test_empty.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    assert_int_equal(mech_dataset_count("test_empty.h5", SPLIT_TEST, MECH_MOST_LABELS, counts, &error), MECH_OK);
    unlink("test_empty.h5");
    assert_int_equal(mech_dataset_count("none.h5", SPLIT_TEST, MECH_MOST_LABELS, counts, &error), MECH_FILE_ERROR);
    assert_string_equal(error.message, "none.h5: cannot be opened: No such file or directory");
}

static void mechanisms_are_known_by_what_the_file_says(void **state) {
    (void)state;
    dataset_mechanisms m;
    mech_error error;
    assert_int_equal(mech_dataset_mechanisms_read(path, &m, &error), MECH_OK);
    assert_int_equal(m.n, N_MECHANISMS);
    assert_ptr_equal(m.of[0], mech_builtin(0));
    assert_ptr_equal(m.of[2], mech_builtin(9));
    assert_string_equal(mech_mechanism_id(m.of[1]), "Own");
    assert_int_equal(mech_mechanism_class(m.of[1]), MECH_CLASS_USER);
    assert_int_equal(mech_mechanism_n_rate_constants(m.of[1]), 3);
    assert_string_equal(mech_mechanism_rate_constant(m.of[1], 0), "ka");
    assert_string_equal(mech_mechanism_rate_constant(m.of[1], 2), "kc");
    assert_int_equal(mech_dataset_mechanisms_find(&m, "own"), 1);
    assert_int_equal(mech_dataset_mechanisms_find(&m, "M2"), -1);
    mech_dataset_mechanisms_free(&m);
    /* A file that does not say. */
    H5Fclose(H5Fcreate("test_empty.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    assert_int_equal(mech_dataset_mechanisms_read("test_empty.h5", &m, &error), MECH_OK);
    assert_int_equal(m.n, mech_builtin_count());
    for (size_t i = 0; i < m.n; i++) assert_ptr_equal(m.of[i], mech_builtin(i));
    mech_dataset_mechanisms_free(&m);
    unlink("test_empty.h5");
}

static void thetas_are_taken_once_and_none_is_missed(void **state) {
    (void)state;
    static const size_t n_k[N_MECHANISMS] = {4, 3, 5}, n_thetas[N_MECHANISMS] = {11, 10, 10};
    theta_pool pools[N_MECHANISMS] = {{0}};
    mech_error error;
    mech_samples *whole = read_whole();
    if (mech_distinct_thetas(path, SPLIT_TRAIN, N_MECHANISMS, pools, &error) != MECH_OK) fail_msg("%s", error.message);
    for (size_t m = 0; m < N_MECHANISMS; m++) {
        assert_int_equal(pools[m].n_k, n_k[m]);
        assert_int_equal(pools[m].n, n_thetas[m]);
    }
    for (size_t i = 0; i < whole->n; i++) {
        const theta_pool *pool = &pools[whole->y[i]];
        size_t found = 0;
        for (size_t j = 0; j < pool->n; j++)
            found +=
                memcmp(pool->k + j * pool->n_k, whole->theta + i * whole->n_theta, pool->n_k * sizeof *pool->k) == 0;
        assert_int_equal(found, 1);
    }
    mech_samples_free(whole);
    for (size_t m = 0; m < N_MECHANISMS; m++) mech_theta_pool_free(&pools[m]);
    assert_int_equal(mech_distinct_thetas(path, SPLIT_TRAIN, 2, pools, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "test_data_parts.h5: labels 3 mechanisms; expected 2");
    assert_int_equal(mech_distinct_thetas(path, SPLIT_VALIDATION, N_MECHANISMS, pools, &error), MECH_INVALID_INPUT);
}

static void poke_theta(size_t place, double number) {
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), array = H5Dopen2(file, "train/theta", H5P_DEFAULT);
    double *theta = test_malloc(N_TRAIN * 6 * sizeof *theta);
    assert_true(H5Dread(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, theta) >= 0);
    theta[place] = number;
    assert_true(H5Dwrite(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, theta) >= 0);
    test_free(theta);
    H5Dclose(array);
    H5Fclose(file);
}

/* As in a file of another program, whose numbers nothing but the checks themselves finds wrong. */
static void forget_digests(void) {
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(H5Ldelete(file, "train/digest", H5P_DEFAULT) >= 0);
    H5Fclose(file);
}

/* The last test: it damages the file. */
static void rate_constants_that_are_none_are_refused(void **state) {
    (void)state;
    static const double wrong[] = {0, -1, NAN, INFINITY};
    forget_digests();
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        theta_pool pools[N_MECHANISMS] = {{0}};
        mech_error error;
        poke_theta(6 * 6 + 2, wrong[i]);
        assert_int_equal(mech_distinct_thetas(path, SPLIT_TRAIN, N_MECHANISMS, pools, &error), MECH_INVALID_INPUT);
        assert_string_equal(error.message,
                            "test_data_parts.h5: train/theta: sample 6 has 2 rate constants above 0; expected as many "
                            "as others of its label have, then NaN");
        for (size_t m = 0; m < N_MECHANISMS; m++) mech_theta_pool_free(&pools[m]);
    }
}

int main(void) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subsets_hold_samples_of_the_file_in_its_order),
        cmocka_unit_test(subsets_are_functions_of_the_seed),
        cmocka_unit_test(subsets_reach_all_parts_of_a_split_alike),
        cmocka_unit_test(counts_are_those_of_the_labels),
        cmocka_unit_test(mechanisms_are_known_by_what_the_file_says),
        cmocka_unit_test(thetas_are_taken_once_and_none_is_missed),
        cmocka_unit_test(rate_constants_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, write_data, remove_data);
}
