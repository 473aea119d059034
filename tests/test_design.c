/* The grammar of designs: what is read, and what is refused with its place. */
#include "data/design/design.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What every design needs. */
#define NEEDED "runs: 4\nloadings: 0.05\nfollowed-to: end\npoints: 10\ntimes: even\n"

static design *parse(const char *text) {
    design *d;
    mech_error error;
    if (mech_design_parse(text, strlen(text), "text", &d, &error) != MECH_OK) fail_msg("%s", error.message);
    return d;
}

static const choice *only(const design *d, design_use use, design_key key) {
    assert_int_equal(d->of[use][key].n, 1);
    return d->of[use][key].choices;
}

static void built_in_designs_are_read_by_name(void **state) {
    (void)state;
    const char *name, *text;
    design *d, *alias;
    size_t n = 0;
    for (; (text = mech_design_builtin(n, &name)); n++) {
        assert_int_equal(mech_design_open(name, &d, NULL), MECH_OK);
        assert_string_equal(d->name, name);
        assert_string_equal(d->text, text);
        mech_design_free(d);
    }
    assert_int_equal(n, 3);
    assert_int_equal(mech_design_open("fixed-window", &d, NULL), MECH_OK);
    assert_int_equal(mech_design_open("seed", &alias, NULL), MECH_OK);
    assert_string_equal(d->text, alias->text);
    mech_design_free(alias);
    size_t fewest, most;
    mech_design_readings(d, DESIGN_FOR_TRAINING, &fewest, &most);
    assert_true(fewest == 21 && most == 21);
    mech_design_readings(d, DESIGN_FOR_TEST, &fewest, &most);
    assert_true(fewest == 7 && most == 7);
    assert_int_equal(d->n_loadings[DESIGN_FOR_TEST], 3);
    assert_true(d->loadings[DESIGN_FOR_TEST][2].choices[0].low == 0.09);
    mech_design_free(d);
    mech_design_free(NULL);
}

static void lines_are_read_as_distributions(void **state) {
    (void)state;
    design *d = parse("# a comment\r\nname: mine\r\n" NEEDED
                      "noise: 20.5 % none, 30 % 0.01, else log-uniform 0.001 0.1 # and another\n"
                      "same-excess-p0: 50 % rest, 50 % uniform 0 1\nspecies: 40 % S and P, 30 % S, else P\n"
                      "test points: uniform 5 7\nshuffled: yes\n\n");
    assert_string_equal(d->name, "mine");
    const distribution *noise = &d->of[DESIGN_FOR_TRAINING][DESIGN_NOISE];
    assert_int_equal(noise->n, 3);
    assert_true(fabs(noise->choices[0].share - 0.205) < 1e-15 && noise->choices[0].low == 0);
    assert_true(noise->choices[1].kind == CHOICE_NUMBER && noise->choices[1].low == 0.01);
    assert_true(noise->choices[2].kind == CHOICE_LOG_UNIFORM && fabs(noise->choices[2].share - 0.495) < 1e-15);
    assert_true(d->of[DESIGN_FOR_TEST][DESIGN_NOISE].choices == noise->choices);
    assert_int_equal(d->of[DESIGN_FOR_TRAINING][DESIGN_SAME_EXCESS_P0].choices[0].kind, CHOICE_REST);
    const distribution *species = &d->of[DESIGN_FOR_TRAINING][DESIGN_SPECIES];
    assert_true(species->choices[0].kind == CHOICE_BOTH && species->choices[1].kind == CHOICE_SUBSTRATE &&
                species->choices[2].kind == CHOICE_PRODUCT);
    assert_true(only(d, DESIGN_FOR_TRAINING, DESIGN_POINTS)->low == 10);
    assert_true(only(d, DESIGN_FOR_TEST, DESIGN_POINTS)->kind == CHOICE_UNIFORM);
    assert_true(only(d, DESIGN_FOR_TRAINING, DESIGN_SHUFFLED)->low == 1);
    assert_true(only(d, DESIGN_FOR_TRAINING, DESIGN_OUTLIERS)->low == 0); /* not said */
    mech_design_free(d);
}

static void mistakes_are_refused_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "text:1:1: 'runs' is missing; expected a whole number from 1 to 16"},
        {"runs: 4\nrun: 5\n", "text:2:1: 'run' does not fit; expected a key such as runs, loadings, points or noise"},
        {"runs 4\n", "text:1:6: '4' does not fit; expected ':' behind the key"},
        {"runs:\n", "text:1:6: the line ends; expected a whole number from 1 to 16"},
        {"runs: 2.5\n", "text:1:7: '2.5' does not fit; expected a whole number from 1 to 16"},
        {"runs: 17\n", "text:1:7: '17' does not fit; expected a whole number from 1 to 16"},
        {"runs: uniform 2 4\n", "text:1:7: 'uniform' does not fit; expected a whole number from 1 to 16"},
        {"runs: 4\nruns: 4\n", "text:2:1: the key was said before; expected it once"},
        {"runs: 60 % 4, 50 % 5\n", "text:1:15: the shares are more than 100 %; expected 100 % together"},
        {"runs: 60 % 4, 30 % 5\n", "text:1:21: the shares are less than 100 %; expected 100 % together, or 'else'"},
        {"runs: 4, 5\n", "text:1:10: '5' does not fit; expected the end of the line: nothing is left"},
        {"runs: 50 % 4, 5\n", "text:1:15: '5' does not fit; expected a share in % or 'else'"},
        {"runs: else 4\n", "text:1:7: 'else' has nothing left; expected shares below 100 % before it"},
        {"runs: 50 % 4, else 5, else 6\n",
         "text:1:23: 'else' does not fit; expected the end of the line: nothing is left"},
        {"noise: uniform 0.2 0.1\n", "text:1:20: the range ends below its beginning; expected the lower number first"},
        {"noise: log-uniform 0 0.1\n", "text:1:22: a log-uniform range begins at 0; expected a number above 0"},
        {"noise: 1.5\n", "text:1:8: '1.5' does not fit; expected none or a number from 0 to 1"},
        {"times: geometric\n", "text:1:17: the line ends; expected the first time's share of the run"},
        {"species: S and\n", "text:1:15: the line ends; expected P"},
        {"species: B\n", "text:1:10: 'B' does not fit; expected S and P, S or P"},
        {"shuffled: 1\n", "text:1:11: '1' does not fit; expected yes or no"},
        {"name: a\nname: b\n", "text:2:7: the name was said before; expected it once"},
        {"points: none\n", "text:1:9: 'none' does not fit; expected a number from 2 to 2000"},
        {"runs: 4 # \x01\n", "text:1:11: a control character; expected text"},
        {"# \xff\n", "text:1:3: a byte that is not UTF-8; expected text"},
        {"runs: 4\nloadings: 0.05\nfollowed-to: end\ntimes: even\npoints: 1900\npoints-of-a-run: 2\n",
         "text:5:1: a run can have more than 2000 readings; expected fewer points"},
        {"runs: 4\nloadings: 0.05\nfollowed-to: end\ntimes: grid 9\npoints: 10\n",
         "text:5:1: a run can have more readings than the grid has times; expected fewer points"},
        {"runs: 4\nloadings: 0.05\nfollowed-to: end\ntimes: grid 10\npoints: 10\nreading-at-0: 50 % yes, else no\n",
         "text:5:1: a run can have more readings than the grid has times; expected fewer points"},
        {NEEDED "loadings-ratio: 1.2\n", "text:6:1: the loadings leave no room for so many runs that far apart; "
                                         "expected a wide range of loadings, or a "
                                         "smaller ratio"},
        {NEEDED "loadings-of-a-theta: 3\n",
         "text:6:1: a theta has fewer loadings than runs; expected at least as many"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mech_error error = {.message = ""};
        design *d = (design *)&error;
        assert_int_equal(mech_design_parse(cases[i].text, strlen(cases[i].text), "text", &d, &error),
                         MECH_INVALID_INPUT);
        assert_string_equal(error.message, cases[i].message);
        assert_null(d);
    }
    mech_error error;
    design *d;
    assert_int_equal(mech_design_open("no such design", &d, &error), MECH_FILE_ERROR);
    assert_non_null(strstr(error.message, "no such design"));
}

static void numbers_come_as_the_choices_say(void **state) {
    (void)state;
    design *d = parse(NEEDED "noise: 25 % none, 25 % uniform 0.1 0.2, else log-uniform 0.25 1\n");
    const distribution *noise = &d->of[DESIGN_FOR_TRAINING][DESIGN_NOISE];
    size_t counts[3] = {0};
    double low, high;
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    for (int i = 0; i < 40000; i++) {
        const double value = mech_distribution_number(noise, &r);
        if (value == 0)
            counts[0]++;
        else if (value < 0.25)
            counts[1] += value >= 0.1 && value < 0.2;
        else
            counts[2] += value < 0.5; /* half of what is left */
    }
    for (int i = 0; i < 3; i++) assert_true(fabs((double)counts[i] - 10000) < 300);
    mech_distribution_range(noise, &low, &high);
    assert_true(low == 0 && high == 1);
    mech_design_free(d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_designs_are_read_by_name),
        cmocka_unit_test(lines_are_read_as_distributions),
        cmocka_unit_test(mistakes_are_refused_with_their_place),
        cmocka_unit_test(numbers_come_as_the_choices_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
