/* The prior over rate constants and additives: distribution, rounding, ranges from files and what is refused in them.
 */
#include "chemistry/mechanism.h"
#include "data/conditions/additive.h"
#include "data/prior/prior.h"
#include "uniformity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_DRAWS = 20000 };

static const char path[] = "ranges.txt";

static void write_file(const char *content) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static prior *new_prior(const char *source, const mech_mechanism *const *mechanisms, size_t n) {
    prior *p = NULL;
    mech_error error;
    if (mech_prior_new(source, mechanisms, n, &p, &error) != MECH_OK) fail_msg("%s", error.message);
    return p;
}

/* Draws of one rate constant as log10. */
static void draw_logarithms(const prior *p, size_t mechanism, size_t constant, double *logarithms) {
    for (size_t i = 0; i < N_DRAWS; i++) {
        double k[MAX_RATE_CONSTANTS];
        random_stream r = mech_random_open(1, RANDOM_TEST, mechanism, i);
        mech_prior_draw(p, mechanism, &r, k);
        logarithms[i] = log10(k[constant]);
    }
}

static void the_wide_prior_is_log_uniform_over_ten_decades(void **state) {
    (void)state;
    static double logarithms[N_DRAWS];
    const mech_mechanism *const mechanisms[] = {mech_builtin(0), mech_builtin(19)};
    prior *p = new_prior("wide", mechanisms, 2);
    assert_string_equal(mech_prior_text(p), "wide");
    for (size_t constant = 0; constant < 6; constant++) {
        draw_logarithms(p, 1, constant, logarithms);
        /* Rounding moves a value by up to 0.0022 of 10, which is 0.03 of what the test sees. */
        assert_true(uniformity_distance(logarithms, N_DRAWS, -5, 5) < UNIFORM_AT_0_001);
        assert_true(logarithms[0] >= -5 && logarithms[N_DRAWS - 1] <= 5);
        /* Both ends are reached. */
        assert_true(logarithms[0] < -4.99 && logarithms[N_DRAWS - 1] > 4.99);
    }
    mech_prior_free(p);
}

static void rate_constants_are_independent(void **state) {
    (void)state;
    const mech_mechanism *const mechanisms[] = {mech_builtin(1)};
    prior *p = new_prior("wide", mechanisms, 1);
    double sums[6][6] = {{0}};
    for (size_t i = 0; i < N_DRAWS; i++) {
        double k[MAX_RATE_CONSTANTS];
        random_stream r = mech_random_open(2, RANDOM_TEST, 0, i);
        mech_prior_draw(p, 0, &r, k);
        for (size_t a = 0; a < 6; a++)
            for (size_t b = 0; b < a; b++) sums[a][b] += log10(k[a]) * log10(k[b]);
    }
    /* The variance of one is 100 / 12. A correlation of independent values is below 4 / sqrt(n), probability 6e-5. */
    for (size_t a = 0; a < 6; a++)
        for (size_t b = 0; b < a; b++) assert_true(fabs(sums[a][b] / N_DRAWS * 12 / 100) < 4 / sqrt(N_DRAWS));
    mech_prior_free(p);
}

static void rate_constants_have_three_significant_digits(void **state) {
    (void)state;
    const mech_mechanism *const mechanisms[] = {mech_builtin(0)};
    prior *p = new_prior("wide", mechanisms, 1);
    for (size_t i = 0; i < N_DRAWS; i++) {
        double k[MAX_RATE_CONSTANTS];
        random_stream r = mech_random_open(3, RANDOM_TEST, 0, i);
        mech_prior_draw(p, 0, &r, k);
        for (size_t j = 0; j < 4; j++) {
            char text[32];
            snprintf(text, sizeof text, "%.3g", k[j]);
            if (strtod(text, NULL) != k[j]) fail_msg("%.17g", k[j]);
        }
    }
    mech_prior_free(p);
    static const double cases[][2] = {{1, 1},         {1.234e-5, 1.23e-5}, {99949, 99900}, {99951, 1e5},
                                      {0.9996, 1.00}, {1.0049, 1.00},      {123.5, 124},   {2.5e-12, 2.5e-12}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (mech_round_to_three_digits(cases[i][0]) != cases[i][1])
            fail_msg("%.17g becomes %.17g", cases[i][0], mech_round_to_three_digits(cases[i][0]));
}

static void ranges_of_a_file_hold_and_the_named_mechanism_goes_first(void **state) {
    (void)state;
    static double logarithms[N_DRAWS];
    const mech_mechanism *const mechanisms[] = {mech_builtin(0), mech_builtin(1), mech_builtin(8)};
    write_file("# narrowed by hand\r\n"
               "M2 k3 0.022 0.13   # its dimer\n"
               "\n"
               "\t* k3 1e-3 10\n"
               "M2 k-2 2 2\n"
               "M20 k4 1 2"); /* not of this set, but a mechanism that there is */
    prior *p = new_prior(path, mechanisms, 3);
    assert_string_equal(mech_prior_text(p), "M2 k-2 2 2\nM2 k3 0.022 0.13\nM9 k3 0.001 10\n");
    draw_logarithms(p, 1, 4, logarithms);
    assert_true(uniformity_distance(logarithms, N_DRAWS, log10(0.022), log10(0.13)) < UNIFORM_AT_0_001);
    draw_logarithms(p, 2, 4, logarithms);
    assert_true(uniformity_distance(logarithms, N_DRAWS, -3, 1) < UNIFORM_AT_0_001);
    draw_logarithms(p, 1, 3, logarithms);
    assert_true(logarithms[0] == log10(2) && logarithms[N_DRAWS - 1] == log10(2));
    draw_logarithms(p, 1, 0, logarithms);
    assert_true(uniformity_distance(logarithms, N_DRAWS, -5, 5) < UNIFORM_AT_0_001);
    /* What the prior says of itself is a prior file. */
    write_file(mech_prior_text(p));
    prior *again = new_prior(path, mechanisms, 3);
    assert_string_equal(mech_prior_text(again), mech_prior_text(p));
    mech_prior_free(again);
    mech_prior_free(p);
    unlink(path);
}

static void what_is_wrong_in_a_file_is_named_by_line_and_column(void **state) {
    (void)state;
    static const struct {
        const char *content, *message;
    } cases[] = {
        {"M2 k1 0.9\n",
         "ranges.txt:1:7: expected four words: mechanism (or *), rate constant, lowest and highest value"},
        {"# one\n\n M2 k1 1 2 3\n",
         "ranges.txt:3:12: expected four words: mechanism (or *), rate constant, lowest and highest value"},
        {"M2 k1 x 2\n", "ranges.txt:1:7: 'x' is not a lowest value; expected a number above 0"},
        {"M2 k1 0 2\n", "ranges.txt:1:7: '0' is not a lowest value; expected a number above 0"},
        {"M2 k1 1 1e999\n", "ranges.txt:1:9: '1e999' is not a highest value; expected a number above 0"},
        {"M2 k1 1 nan\n", "ranges.txt:1:9: 'nan' is not a highest value; expected a number above 0"},
        {"M2 k1 2 1\n", "ranges.txt:1:9: '1' is below the lowest value"},
        {"M2 k1 1 2\nM22 k1 1 2\n", "ranges.txt:2:1: 'M22' is not a mechanism; expected one of the set, or *"},
        {"M2 k9 1 2\n", "ranges.txt:1:4: 'k9' is not a rate constant of that mechanism"},
        {"* k9 1 2\n", "ranges.txt:1:3: 'k9' is not a rate constant of that mechanism"},
        {"M2 k1 1 2\n* k1 2 3\nM2 k1 1 3\n", "ranges.txt:3:1: 'M2 k1' has a range in line 1 already"},
        {"* k3 1 2\n* k3 2 3\n", "ranges.txt:2:1: '* k3' has a range in line 1 already"},
    };
    const mech_mechanism *const mechanisms[] = {mech_builtin(1), mech_builtin(2)};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        prior *p = NULL;
        mech_error error = {0};
        write_file(cases[i].content);
        assert_int_equal(mech_prior_new(path, mechanisms, 2, &p, &error), MECH_INVALID_INPUT);
        assert_string_equal(error.message, cases[i].message);
        assert_null(p);
    }
    unlink(path);
    prior *p = NULL;
    mech_error error = {0};
    assert_int_equal(mech_prior_new(path, mechanisms, 2, &p, &error), MECH_FILE_ERROR);
    assert_string_equal(error.message, "ranges.txt: cannot be opened: No such file or directory");
}

static void an_inhibitor_is_scarce_in_protocol_nature_and_a_ligand_absent(void **state) {
    (void)state;
    static double amounts[N_DRAWS];
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        const bool inhibited = m == 9 || m == 14, has_additive = inhibited || m == 3 || m == 7;
        for (size_t i = 0; i < N_DRAWS; i++) {
            random_stream r = mech_random_open(4, RANDOM_TEST, m, i);
            amounts[i] = mech_draw_additive(mechanism, MECH_DESIGN_NATURE, &r);
            if (!inhibited && amounts[i] != 0) fail_msg("M%zu starts with %g", m + 1, amounts[i]);
        }
        if (inhibited) assert_true(uniformity_distance(amounts, N_DRAWS, 0.001, 0.01) < UNIFORM_AT_0_001);
        random_stream r = mech_random_open(4, RANDOM_TEST, m, 0);
        assert_true(mech_draw_additive(mechanism, MECH_DESIGN_FIXED_WINDOW, &r) == (has_additive ? 1 : 0));
        assert_int_equal(mech_additive_species(mechanism) >= 0, has_additive);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wide_prior_is_log_uniform_over_ten_decades),
        cmocka_unit_test(rate_constants_are_independent),
        cmocka_unit_test(rate_constants_have_three_significant_digits),
        cmocka_unit_test(ranges_of_a_file_hold_and_the_named_mechanism_goes_first),
        cmocka_unit_test(what_is_wrong_in_a_file_is_named_by_line_and_column),
        cmocka_unit_test(an_inhibitor_is_scarce_in_protocol_nature_and_a_ligand_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
