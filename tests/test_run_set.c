/* Run sets: what is added is copied, and nothing that is not a run is added. */
#include "data/runs/run_set.h"
#include "data/runs/run_sets.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static mech_run plain_run(const double *time, const double *substrate, size_t n) {
    return (mech_run){.size = sizeof(mech_run),
                      .name = "1",
                      .n_readings = n,
                      .time = time,
                      .substrate = substrate,
                      .s0 = 1,
                      .cat0 = 0.02};
}

static void what_is_added_is_copied(void **state) {
    (void)state;
    double time[] = {0, 1, 1, 3}, substrate[] = {1, 0.7, NAN, 0.2}, second[] = {NAN, 1.5, NAN, 1.1};
    mech_reactant reactants[] = {{.species = "B", .start = 2, .concentration = second}};
    mech_run run = plain_run(time, substrate, 4);
    run.n_reactants = 1;
    run.reactants = reactants;
    mech_run_set *set;
    assert_int_equal(mech_run_set_new("min", NULL, &set, NULL), MECH_OK);
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    run.s0 = 0.5;
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    memset(time, 0, sizeof time);
    memset(substrate, 0, sizeof substrate);
    memset(second, 0, sizeof second);
    reactants[0].species = "gone";
    assert_int_equal(mech_run_set_n_runs(set), 2);
    const mech_run *first = mech_run_set_run(set, 0);
    assert_true(first->time[3] == 3 && first->substrate[1] == 0.7 && first->reactants[0].concentration[3] == 1.1);
    assert_string_equal(first->reactants[0].species, "B");
    assert_string_equal(mech_run_set_time_unit(set), "min");
    assert_string_equal(mech_run_set_concentration_unit(set), "");
    assert_int_equal(mech_run_n_measured(first), 5);
    assert_true(mech_run_set_end(set) == 3);
    assert_true(mech_run_set_standard(set) == 1); /* of two that stand alone the larger */
    assert_null(mech_run_set_run(set, 2));
    mech_run_set_free(set);
}

static void what_is_no_run_is_refused_by_name(void **state) {
    (void)state;
    const double time[] = {0, 2, 1}, early[] = {-1, 2, 3}, good[] = {0, 1, 2};
    const double values[] = {1, 0.5, 0.25}, endless[] = {1, INFINITY, 0}, nothing[] = {NAN, NAN, NAN};
    mech_run_set *set;
    mech_error error;
    assert_int_equal(mech_run_set_new(NULL, NULL, &set, NULL), MECH_OK);
    mech_run runs[] = {plain_run(time, values, 3),  plain_run(early, values, 3), plain_run(good, endless, 3),
                       plain_run(good, nothing, 3), plain_run(good, values, 0),  plain_run(good, values, 3),
                       plain_run(good, values, 3)};
    runs[5].s0 = 0;
    runs[6].size--;
    static const char *const words[] = {"reading 3 is earlier",  "reading 1 is at time -1",
                                        "reading 2 is infinite", "nothing was measured",
                                        "no readings",           "[S]0 is 0",
                                        "sizeof(mech_run)"};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        assert_int_equal(mech_run_set_add(set, &runs[i], &error), MECH_INVALID_ARGUMENT);
        if (!strstr(error.message, words[i])) fail_msg("%s: no \"%s\"", error.message, words[i]);
    }
    assert_int_equal(mech_run_set_n_runs(set), 0);
    const mech_run run = plain_run(good, values, 3);
    for (int i = 0; i < MECH_MOST_RUNS; i++) assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    assert_int_equal(mech_run_set_add(set, &run, &error), MECH_INVALID_ARGUMENT);
    mech_run_set_free(set);
}

/* Two run sets of two runs and one, with a second reactant in the last run only. */
static void one_of_many_is_got_as_it_lies_there(void **state) {
    (void)state;
    run_sets *many = mech_run_sets_new(2, 3, 6, 4, 20, true);
    assert_non_null(many);
    const uint64_t runs[] = {0, 2, 3}, readings[] = {0, 2, 3, 6};
    memcpy(many->run_offset, runs, sizeof runs);
    memcpy(many->reading_offset, readings, sizeof readings);
    many->n = 2;
    many->n_runs = 3;
    many->n_readings = 6;
    for (size_t r = 0; r < 3; r++) {
        many->s0[r] = 1;
        many->cat0[r] = 0.25f * (float)(r + 1);
        many->b0[r] = r == 2 ? 1.5f : NAN;
    }
    for (size_t i = 0; i < 6; i++) {
        many->time[i] = (float)i;
        many->substrate[i] = 0.5f;
        many->product[i] = NAN;
        many->b[i] = i == 4 ? 1.25f : NAN;
    }
    mech_run_set *set;
    assert_int_equal(mech_run_sets_get(many, 0, &set, NULL), MECH_OK);
    assert_int_equal(mech_run_set_n_runs(set), 2);
    const mech_run *run = mech_run_set_run(set, 1);
    assert_string_equal(run->name, "2");
    assert_true(run->n_readings == 1 && run->time[0] == 2 && run->cat0 == 0.5 && run->n_reactants == 0);
    mech_run_set_free(set);
    assert_int_equal(mech_run_sets_get(many, 1, &set, NULL), MECH_OK);
    run = mech_run_set_run(set, 0);
    assert_true(run->n_readings == 3 && run->n_reactants == 1 && run->reactants[0].start == 1.5);
    assert_true(run->reactants[0].concentration[1] == 1.25 && isnan(run->product[2]));
    mech_run_set_free(set);
    many->time[5] = 0; /* descends */
    assert_int_equal(mech_run_sets_get(many, 1, &set, NULL), MECH_INVALID_ARGUMENT);
    assert_null(set);
    mech_run_sets_free(many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_is_copied),
        cmocka_unit_test(what_is_no_run_is_refused_by_name),
        cmocka_unit_test(one_of_many_is_got_as_it_lies_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
