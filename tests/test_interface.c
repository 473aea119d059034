/* What all of the public interface has in common: options of older and newer programs, names of statuses, versions. */
#include "base/interface.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_TIMES = 5 };

/* M1 from the standard start, with options of whatever size. */
static mech_status simulate(const void *options, double *y, mech_error *error) {
    static const double k[] = {1.93, 0.328, 2.18, 0.826};
    static const double times[N_TIMES] = {0, 1, 5, 20, 100};
    double start[8];
    mech_mechanism_start(mech_builtin(0), 1, 0, 0.05, start);
    const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_TIMES};
    return mech_simulate(mech_builtin(0), options, &problems, y, NULL, error);
}

static void no_options_are_the_defaults(void **state) {
    (void)state;
    double without[N_TIMES * 8] = {0}, with[N_TIMES * 8] = {0};
    const mech_solver_options options = mech_solver_options_default();
    assert_int_equal(options.size, sizeof options);
    assert_int_equal(simulate(NULL, without, NULL), MECH_OK);
    assert_int_equal(simulate(&options, with, NULL), MECH_OK);
    assert_memory_equal(without, with, sizeof with);
}

/* A program that was compiled when the options ended with rtol. */
static void options_of_an_older_program_are_completed(void **state) {
    (void)state;
    struct {
        size_t size;
        mech_solver solver;
        double rtol;
        double not_options; /* what lies behind them in that program */
    } old;
    assert_int_equal(offsetof(mech_solver_options, atol), (size_t)((char *)&old.not_options - (char *)&old));
    mech_solver_options now = mech_solver_options_default();
    now.rtol = 1e-3;
    double of_old[N_TIMES * 8] = {0}, of_new[N_TIMES * 8] = {0};
    old.not_options = -1;
    mech_solver_options_init((mech_solver_options *)(void *)&old, offsetof(mech_solver_options, atol));
    assert_true(old.not_options == -1);
    assert_true(old.rtol == mech_solver_options_default().rtol);
    old.rtol = now.rtol;
    assert_int_equal(simulate(&old, of_old, NULL), MECH_OK);
    assert_int_equal(simulate(&now, of_new, NULL), MECH_OK);
    assert_memory_equal(of_old, of_new, sizeof of_new);
}

/* A program that was compiled when the options have one member more. */
static void options_of_a_newer_program_are_taken_unless_they_ask_for_more(void **state) {
    (void)state;
    struct {
        mech_solver_options known;
        double unknown;
    } new;
    double y[N_TIMES * 8];
    mech_error error;
    memset(&new, 0xff, sizeof new);
    mech_solver_options_init((mech_solver_options *)(void *)&new, sizeof new);
    assert_int_equal(new.known.size, sizeof new);
    assert_true(new.unknown == 0);
    assert_int_equal(simulate(&new, y, &error), MECH_OK);
    new.unknown = 1;
    assert_int_equal(simulate(&new, y, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, mech_version()));
}

/* A program that was compiled when the statistics ended with the steps. */
static void results_of_an_older_program_are_cut_off(void **state) {
    (void)state;
    struct {
        size_t size, steps;
        size_t not_statistics; /* what lies behind them in that program */
    } old = {offsetof(mech_solver_statistics, rejected_steps), 0, 77};
    assert_int_equal(old.size, (size_t)((char *)&old.not_statistics - (char *)&old));
    static const double k[] = {1.93, 0.328, 2.18, 0.826}, times[] = {0, 100};
    double start[8], y[2 * 8];
    mech_solver_statistics now = {.size = sizeof now}, unset = {0};
    mech_error error;
    mech_mechanism_start(mech_builtin(0), 1, 0, 0.05, start);
    const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = 2};
    mech_solver_statistics *given = (mech_solver_statistics *)(void *)&old;
    assert_int_equal(mech_simulate(mech_builtin(0), NULL, &problems, y, given, &error), MECH_OK);
    assert_int_equal(mech_simulate(mech_builtin(0), NULL, &problems, y, &now, &error), MECH_OK);
    assert_true(old.steps > 0 && old.steps == now.steps);
    assert_int_equal(old.not_statistics, 77);
    assert_int_equal(now.size, sizeof now);
    assert_int_equal(mech_simulate(mech_builtin(0), NULL, &problems, y, &unset, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "mech_solver_statistics: size is 0"));
}

static void options_without_a_size_are_refused(void **state) {
    (void)state;
    double y[N_TIMES * 8];
    mech_error error;
    const mech_solver_options options = {.rtol = 1e-6, .atol = 1e-9, .max_steps = 1000};
    assert_int_equal(simulate(&options, y, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "mech_solver_options: size is 0; expected that of the struct");
}

static void statuses_have_names(void **state) {
    (void)state;
    for (int i = MECH_OK; i <= MECH_STOPPED; i++)
        for (int j = i + 1; j <= MECH_STOPPED + 1; j++)
            assert_string_not_equal(mech_status_name((mech_status)i), mech_status_name((mech_status)j));
    assert_string_equal(mech_status_name(MECH_INVALID_INPUT), "invalid input");
}

static void header_and_library_are_of_one_version(void **state) {
    (void)state;
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", MECH_VERSION_MAJOR, MECH_VERSION_MINOR, MECH_VERSION_PATCH);
    assert_string_equal(mech_version(), version);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_options_are_the_defaults),
        cmocka_unit_test(options_of_an_older_program_are_completed),
        cmocka_unit_test(options_of_a_newer_program_are_taken_unless_they_ask_for_more),
        cmocka_unit_test(results_of_an_older_program_are_cut_off),
        cmocka_unit_test(options_without_a_size_are_refused),
        cmocka_unit_test(statuses_have_names),
        cmocka_unit_test(header_and_library_are_of_one_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
