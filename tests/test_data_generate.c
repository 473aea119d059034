/* Whole data sets: what does and what does not depend on threads, seed and sizes; what ends the work. */
#include "data/dataset/dataset.h"
#include "data/samples/samples.h"
#include "draw_counts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char first_path[] = "generate_first.h5", second_path[] = "generate_second.h5";

/* A set of four quick mechanisms; M1 and M4 have rate constants of the same number. */
static const mech_mechanism *mechanisms[4];

static mech_generate_options small_options(mech_sample_design sample_design) {
    mech_generate_options options = mech_generate_options_default();
    mechanisms[0] = mech_builtin(0);
    mechanisms[1] = mech_builtin(3);
    mechanisms[2] = mech_builtin(5);
    mechanisms[3] = mech_builtin(9);
    options.design = mech_sample_design_name(sample_design);
    options.n_train = 303;
    options.n_validation = 30;
    options.n_test = 41;
    options.seed = 3;
    options.threads = 1;
    options.mechanisms = mechanisms;
    options.n_mechanisms = 4;
    return options;
}

static void generate(const mech_generate_options *options, const char *path, mech_draw_counts *counts) {
    mech_error error;
    mech_draw_report *report = NULL;
    if (mech_generate(options, path, NULL, counts ? &report : NULL, &error) != MECH_OK) fail_msg("%s", error.message);
    if (counts) take_counts(report, options->mechanisms, counts);
}

static mech_samples *read_split(const char *path, const char *split) {
    mech_samples *samples = NULL;
    mech_error error;
    if (mech_samples_read(path, split, &samples, &error) != MECH_OK) fail_msg("%s", error.message);
    return samples;
}

static bool same_bytes(const char *a, const char *b) {
    FILE *first = fopen(a, "rb"), *second = fopen(b, "rb");
    assert_non_null(first);
    assert_non_null(second);
    int x, y;
    do {
        x = fgetc(first);
        y = fgetc(second);
    } while (x == y && x != EOF);
    fclose(first);
    fclose(second);
    return x == y;
}

static void the_same_options_give_the_same_bytes_for_any_number_of_threads(void **state) {
    (void)state;
    for (int sample_design = 0; sample_design < 2; sample_design++) {
        mech_generate_options options = small_options((mech_sample_design)sample_design);
        mech_draw_counts first[4], second[4];
        generate(&options, first_path, first);
        options.threads = 3;
        generate(&options, second_path, second);
        assert_true(same_bytes(first_path, second_path));
        for (size_t m = 0; m < 4; m++) {
            assert_int_equal(first[m].candidates, second[m].candidates);
            assert_int_equal(first[m].refused_by_yield, second[m].refused_by_yield);
            assert_int_equal(first[m].refused_by_rule, second[m].refused_by_rule);
        }
        options.seed++;
        generate(&options, second_path, NULL);
        assert_false(same_bytes(first_path, second_path));
    }
    unlink(first_path);
    unlink(second_path);
}

static void mechanisms_take_turns(void **state) {
    (void)state;
    const mech_generate_options options = small_options(MECH_DESIGN_FIXED_WINDOW);
    mech_draw_counts counts[4];
    generate(&options, first_path, counts);
    static const size_t sizes[N_SPLITS] = {303, 30, 41}, times[N_SPLITS] = {21, 21, 7};
    uint64_t samples = 0;
    for (int s = 0; s < N_SPLITS; s++) {
        mech_samples *read = read_split(first_path, mech_split_name((dataset_split)s));
        assert_int_equal(read->n, sizes[s]);
        assert_int_equal(read->n_times, times[s]);
        assert_int_equal(read->n_theta, 6);
        assert_int_equal(read->n_labels, 4);
        for (size_t i = 0; i < read->n; i++) {
            assert_int_equal(read->y[i], i % 4);
            const size_t n_k = mech_mechanism_n_rate_constants(mechanisms[i % 4]);
            for (size_t j = 0; j < 6; j++) assert_int_equal(isnan(read->theta[i * 6 + j]), j >= n_k);
            assert_true(read->additive[i] == (i % 2 ? 1 : 0)); /* M4's X and M10's I */
        }
        mech_samples_free(read);
    }
    for (size_t m = 0; m < 4; m++) {
        assert_string_equal(counts[m].mechanism, mech_mechanism_id(mechanisms[m]));
        assert_int_equal(counts[m].candidates, counts[m].refused_by_yield + counts[m].refused_by_rule +
                                                   counts[m].accepted + counts[m].duplicates +
                                                   counts[m].solver_failures);
        samples += counts[m].samples;
    }
    assert_int_equal(samples, 303 + 30 + 41);
    /* 303 training samples are worth 7 thetas: 2, 2, 2 and 1. */
    assert_int_equal(counts[0].accepted, 2 + 8 + 11);
    assert_int_equal(counts[3].accepted, 1 + 7 + 10);
    unlink(first_path);
}

/* All thetas of a split, with the label in front, NaN as 0. */
static size_t collect_thetas(const char *path, const char *split, double (*thetas)[6], size_t n) {
    mech_samples *read = read_split(path, split);
    for (size_t i = 0; i < read->n; i++, n++)
        for (size_t j = 0; j < 6; j++) thetas[n][j] = isnan(read->theta[i * 6 + j]) ? 0 : read->theta[i * 6 + j];
    mech_samples_free(read);
    return n;
}

static int compare_thetas(const void *a, const void *b) { return memcmp(a, b, 6 * sizeof(double)); }

static size_t count_different(double (*thetas)[6], size_t n) {
    size_t different = n > 0;
    qsort(thetas, n, sizeof *thetas, compare_thetas);
    for (size_t i = 1; i < n; i++) different += compare_thetas(thetas[i], thetas[i - 1]) != 0;
    return different;
}

static void thetas_never_cross_between_splits_or_mechanisms(void **state) {
    (void)state;
    static double thetas[400][6];
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    generate(&options, first_path, NULL);
    assert_int_equal(count_different(thetas, collect_thetas(first_path, "train", thetas, 0)), 7);
    size_t n = collect_thetas(first_path, "validation", thetas, 0);
    n = collect_thetas(first_path, "test", thetas, n);
    assert_int_equal(count_different(thetas, n), 30 + 41);
    n = collect_thetas(first_path, "train", thetas, n);
    assert_int_equal(count_different(thetas, n), 30 + 41 + 7);

    options.n_thetas = 40;
    generate(&options, first_path, NULL);
    assert_int_equal(count_different(thetas, collect_thetas(first_path, "train", thetas, 0)), 40);
    /* As many as there are samples: each has its own. */
    options.n_thetas = options.n_train;
    generate(&options, first_path, NULL);
    assert_int_equal(count_different(thetas, collect_thetas(first_path, "train", thetas, 0)), 303);
    unlink(first_path);
}

static void a_theta_that_comes_twice_is_drawn_again(void **state) {
    (void)state;
    /* So narrow that M1 and M4 have few thetas between them: k1 has 11 values of three digits, the others one. */
    FILE *file = fopen("narrow.txt", "w");
    assert_non_null(file);
    fputs("* k1 5.00 5.10\n* k-1 1 1\n* k2 5e3 5e3\n* k-2 0.01 0.01\n", file);
    fclose(file);
    static double thetas[400][6];
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    mech_draw_counts counts[4];
    options.n_mechanisms = 2;
    options.prior = "narrow.txt";
    options.n_train = 4;
    options.n_validation = 2;
    options.n_test = 4;
    options.n_thetas = 4;
    generate(&options, first_path, counts);
    size_t n = collect_thetas(first_path, "train", thetas, 0);
    n = collect_thetas(first_path, "validation", thetas, n);
    n = collect_thetas(first_path, "test", thetas, n);
    assert_int_equal(count_different(thetas, n), 10);
    assert_true(counts[0].duplicates + counts[1].duplicates > 0);
    unlink(first_path);
    unlink("narrow.txt");
}

static void the_test_split_does_not_depend_on_the_size_of_the_training_split(void **state) {
    (void)state;
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    generate(&options, first_path, NULL);
    options.n_train = 0;
    generate(&options, second_path, NULL);
    for (int s = SPLIT_VALIDATION; s <= SPLIT_TEST; s++) {
        mech_samples *a = read_split(first_path, mech_split_name((dataset_split)s));
        mech_samples *b = read_split(second_path, mech_split_name((dataset_split)s));
        assert_int_equal(a->n, b->n);
        assert_memory_equal(a->x2, b->x2, a->n * a->n_times * SAMPLE_COLUMNS * sizeof *a->x2);
        assert_memory_equal(a->theta, b->theta, a->n * 6 * sizeof *a->theta);
        mech_samples_free(a);
        mech_samples_free(b);
    }
    unlink(first_path);
    unlink(second_path);
}

static void a_prior_that_never_reacts_ends_the_work(void **state) {
    (void)state;
    FILE *file = fopen("still.txt", "w");
    assert_non_null(file);
    fputs("M1 k1 1e-5 1e-3\n", file);
    fclose(file);
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    mech_error error;
    options.n_mechanisms = 1;
    options.prior = "still.txt";
    assert_int_equal(mech_generate(&options, first_path, NULL, NULL, &error), MECH_NUMERICAL_FAILURE);
    assert_non_null(strstr(error.message, "M1: none of "));
    assert_non_null(strstr(error.message, "candidates in a row was accepted; choose other ranges"));
    assert_int_equal(access(first_path, F_OK), -1);
    unlink("still.txt");
}

typedef struct watch {
    int calls, stop_after;
    double last_done, total;
} watch;

static void note(void *context, const char *phase, double done, double total, const char *detail) {
    watch *w = context;
    assert_non_null(phase);
    assert_non_null(detail);
    assert_true(done <= total);
    w->last_done = done;
    w->total = total;
}

static bool stop(void *context) {
    watch *w = context;
    return ++w->calls > w->stop_after;
}

static const char partial_path[] = "generate_second.h5.partial", journal_path[] = "generate_second.h5.journal";

static void expect_no_remains(void) {
    assert_int_equal(access(partial_path, F_OK), -1);
    assert_int_equal(access(journal_path, F_OK), -1);
}

/* Runs until the progress object is asked for the (after + 1)th time whether to stop. */
static mech_status interrupt(const mech_generate_options *options, int after, mech_error *error) {
    watch some = {.stop_after = after};
    const mech_progress progress = {.report = note, .should_stop = stop, .context = &some};
    return mech_generate(options, second_path, &progress, NULL, error);
}

static void work_that_was_stopped_goes_on_to_the_same_bytes_for_any_number_of_threads(void **state) {
    (void)state;
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    options.n_train = 21000; /* three blocks */
    options.n_mechanisms = 2;
    mech_error error;
    mech_draw_counts whole[2], resumed[2];
    watch all = {.stop_after = 1000000};
    const mech_progress progress = {.report = note, .should_stop = stop, .context = &all};
    mech_draw_report *report = NULL;
    assert_int_equal(mech_generate(&options, first_path, &progress, &report, &error), MECH_OK);
    take_counts(report, options.mechanisms, whole);
    assert_true(all.last_done == 21000 + 30 + 41 && all.total == all.last_done);
    /* Among the thetas, and before one block or another. */
    const int places[] = {3, all.calls - 5, all.calls - 4, all.calls - 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        options.resume = false;
        options.threads = 1 + (int)i % 2;
        assert_int_equal(interrupt(&options, places[i], &error), MECH_STOPPED);
        assert_non_null(strstr(error.message, "stopped; generate_second.h5.partial and generate_second.h5.journal"));
        assert_int_equal(access(second_path, F_OK), -1);
        assert_int_equal(mech_generate(&options, second_path, NULL, NULL, &error), MECH_INVALID_INPUT);
        assert_non_null(strstr(error.message, "an interrupted generation left it"));
        options.resume = true;
        options.threads = 3 - options.threads;
        assert_int_equal(interrupt(&options, 2, &error), MECH_STOPPED); /* and once more */
        assert_int_equal(mech_generate(&options, second_path, NULL, &report, &error), MECH_OK);
        take_counts(report, options.mechanisms, resumed);
        assert_true(same_bytes(first_path, second_path));
        expect_no_remains();
        for (size_t m = 0; m < 2; m++) {
            assert_int_equal(whole[m].candidates, resumed[m].candidates);
            assert_int_equal(whole[m].accepted, resumed[m].accepted);
            assert_int_equal(whole[m].solver_failures, resumed[m].solver_failures);
        }
        unlink(second_path);
    }
    unlink(first_path);
}

/* Overwrites, or with `cut` cuts off, what a file holds from an offset on. */
static void damage(const char *path, long at, bool cut) {
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    if (cut)
        assert_int_equal(ftruncate(fileno(file), at), 0);
    else {
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        fputs("damage", file);
    }
    fclose(file);
}

static long size_of(const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    fclose(file);
    return size;
}

static void what_is_damaged_is_made_again(void **state) {
    (void)state;
    mech_generate_options options = small_options(MECH_DESIGN_FIXED_WINDOW);
    mech_error error;
    watch all = {.stop_after = 1000000};
    const mech_progress progress = {.should_stop = stop, .context = &all};
    assert_int_equal(mech_generate(&options, first_path, &progress, NULL, &error), MECH_OK);
    for (int place = 0; place < 12; place++) {
        options.resume = false;
        assert_int_equal(interrupt(&options, all.calls - 1, &error), MECH_STOPPED);
        const char *path = place % 2 ? partial_path : journal_path;
        const long size = size_of(path);
        damage(path, place < 10 ? 16 + (size - 16) * (place / 2) / 5 : size - 5, place >= 8);
        options.resume = true;
        if (mech_generate(&options, second_path, NULL, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
        assert_true(same_bytes(first_path, second_path));
        expect_no_remains();
        unlink(second_path);
    }
    unlink(first_path);
}

/* Killed before the first record, or never begun: there is nothing to go on from, and resuming begins. */
static void resuming_begins_where_nothing_was_kept(void **state) {
    (void)state;
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    mech_error error;
    assert_int_equal(mech_generate(&options, first_path, NULL, NULL, &error), MECH_OK);
    options.resume = true;
    for (int left = 0; left < 4; left++) {
        for (int file = 0; file < 2; file++) {
            FILE *f = left & 1 << file ? fopen(file ? journal_path : partial_path, "wb") : NULL;
            if (f) fclose(f);
        }
        if (mech_generate(&options, second_path, NULL, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
        assert_true(same_bytes(first_path, second_path));
        expect_no_remains();
        unlink(second_path);
    }
    unlink(first_path);
}

static void work_goes_on_with_the_same_options_only(void **state) {
    (void)state;
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    mech_error error;
    assert_int_equal(interrupt(&options, 5, &error), MECH_STOPPED);
    options.resume = true;
    options.seed = 4;
    assert_int_equal(mech_generate(&options, second_path, NULL, NULL, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "was made with --seed 3, not --seed 4; resuming takes the options"));
    options.seed = 3;
    options.n_test--;
    assert_int_equal(mech_generate(&options, second_path, NULL, NULL, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "was made with --test 41, not --test 40"));
    options.n_test++;
    damage(journal_path, 2, false);
    assert_int_equal(mech_generate(&options, second_path, NULL, NULL, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "is damaged or no journal"));
    /* What was refused is left as it was. */
    assert_int_equal(access(partial_path, F_OK), 0);
    assert_int_equal(unlink(partial_path), 0);
    assert_int_equal(unlink(journal_path), 0);
}

static void options_without_a_meaning_are_refused(void **state) {
    (void)state;
    mech_error error;
    mech_generate_options options = small_options(MECH_DESIGN_NATURE);
    options.n_train = options.n_validation = options.n_test = 0;
    assert_int_equal(mech_generate(&options, first_path, NULL, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "no samples were asked for");
    options = small_options(MECH_DESIGN_NATURE);
    mechanisms[1] = mechanisms[0];
    assert_int_equal(mech_generate(&options, first_path, NULL, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "the set holds two mechanisms 'M1'");
    options = small_options(MECH_DESIGN_NATURE);
    options.n_train = (size_t)UINT32_MAX + 1;
    assert_int_equal(mech_generate(&options, first_path, NULL, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_int_equal(access(first_path, F_OK), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_options_give_the_same_bytes_for_any_number_of_threads),
        cmocka_unit_test(mechanisms_take_turns),
        cmocka_unit_test(thetas_never_cross_between_splits_or_mechanisms),
        cmocka_unit_test(a_theta_that_comes_twice_is_drawn_again),
        cmocka_unit_test(the_test_split_does_not_depend_on_the_size_of_the_training_split),
        cmocka_unit_test(a_prior_that_never_reacts_ends_the_work),
        cmocka_unit_test(work_that_was_stopped_goes_on_to_the_same_bytes_for_any_number_of_threads),
        cmocka_unit_test(what_is_damaged_is_made_again),
        cmocka_unit_test(resuming_begins_where_nothing_was_kept),
        cmocka_unit_test(work_goes_on_with_the_same_options_only),
        cmocka_unit_test(options_without_a_meaning_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
