/* Figures of data sets: densities, logarithmic axes, and what counts, priors and distances say. */
#include "base/numbers/quantiles.h"
#include "base/random.h"
#include "chemistry/mechanism.h"
#include "draw/axes/axes.h"
#include "draw/axes/density.h"
#include "draw/canvas/notation.h"
#include "draw/samples/sample_figures.h"
#include "draw/samples/theta_marginal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void bins_hold_every_number_of_the_range_once(void **state) {
    (void)state;
    static const double numbers[] = {-0.1, 0, 0.1, 0.2499, 0.25, 0.5, 0.999, 1, 1.1, NAN};
    static const double expected[4] = {3, 1, 1, 2};
    double counts[4] = {0};
    mech_count_in_bins((range){0, 1}, sizeof numbers / sizeof numbers[0], numbers, 4, counts);
    assert_memory_equal(counts, expected, sizeof counts);
    assert_true(mech_bin_of((range){0, 1}, 4, 1.0001) == -1 && mech_bin_of((range){0, 1}, 4, NAN) == -1);
}

static void kernel_densities_follow_the_numbers(void **state) {
    (void)state;
    enum { N = 4000, PLACES = 401 };
    double numbers[N], density[PLACES], sum = 0;
    random_stream r = mech_random_open(1, RANDOM_TEST, 50, 0);
    for (size_t i = 0; i < N; i++) numbers[i] = 2 + 0.5 * mech_random_normal(&r);
    mech_sort_numbers(N, numbers);
    assert_true(mech_kernel_density(N, numbers, (range){-1, 5}, PLACES, density));
    for (size_t i = 0; i < PLACES; i++) {
        const double off = (-1 + 6.0 * (double)i / (PLACES - 1) - 2) / 0.5;
        sum += density[i] * 6.0 / (PLACES - 1);
        assert_true(fabs(density[i] - exp(-0.5 * off * off) / (0.5 * sqrt(2 * 3.14159265358979))) < 0.06);
    }
    assert_true(fabs(sum - 1) < 1e-3);
    /* Half of the numbers are one: their quartiles have no distance, they themselves have a width. */
    for (size_t i = 0; i < N; i++) numbers[i] = i < 3 * N / 4 ? 1 : 1 + (double)i / N;
    assert_true(mech_kernel_density(N, numbers, (range){0, 3}, PLACES, density));
    for (size_t i = 0; i < N; i++) numbers[i] = 1;
    assert_false(mech_kernel_density(N, numbers, (range){0, 3}, PLACES, density));
}

static void ticks_of_logarithms_are_round_few_and_inside(void **state) {
    (void)state;
    static const range ranges[] = {{-5, 5}, {-2.3, 0.1}, {0.1, 0.9}, {-12, 30}, {0, 1}, {0.05, 0.2}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        for (size_t most = 3; most <= 12; most++) {
            double ticks[12];
            const size_t n = mech_log_ticks(ranges[i], most, ticks);
            assert_true(n <= most);
            for (size_t j = 0; j < n; j++) {
                assert_true(ticks[j] >= ranges[i].low - 1e-6 && ticks[j] <= ranges[i].high + 1e-6);
                assert_true(j == 0 || ticks[j] > ticks[j - 1]);
                const double digit = pow(10, ticks[j] - floor(ticks[j] + 1e-9));
                assert_true(fabs(digit - 1) < 1e-6 || fabs(digit - 2) < 1e-6 || fabs(digit - 5) < 1e-6);
            }
        }
    double ticks[3];
    assert_int_equal(mech_log_ticks(ranges[0], 3, ticks), 3);
    assert_true(ticks[0] == -3 && ticks[1] == 0 && ticks[2] == 3);
    assert_int_equal(mech_log_ticks((range){1, 1}, 3, ticks), 0);
}

static void counts_are_set_in_groups_of_three(void **state) {
    (void)state;
    assert_string_equal(mech_set_count(0).words, "0");
    assert_string_equal(mech_set_count(999).words, "999");
    assert_string_equal(mech_set_count(1000).words, "1,000");
    assert_string_equal(mech_set_count(4950000).words, "4,950,000");
    assert_string_equal(mech_set_count(UINT64_MAX).words, "18,446,744,073,709,551,615");
}

/* A figure must have been drawn, and say all of these words; frees *svg. */
static void check_svg(mech_status status, const mech_error *error, char **svg, size_t n, const char *const *words) {
    if (status != MECH_OK) fail_msg("%s", error->message);
    assert_non_null(*svg);
    for (size_t i = 0; i < n; i++)
        if (!strstr(*svg, words[i])) fail_msg("the figure does not say '%s'", words[i]);
    mech_free(*svg);
    *svg = NULL;
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void counts_name_splits_mechanisms_and_classes(void **state) {
    (void)state;
    const mech_mechanism *mechanisms[3] = {mech_builtin(0), mech_builtin(5), mech_builtin(8)};
    const uint64_t train[3] = {1234567, 1000000, 1000001}, none[3] = {0}, test[3] = {7, 7, 7};
    const split_counts splits[3] = {{"training", train}, {"validation", none}, {"test", test}};
    char *svg = NULL;
    mech_error error;
    static const char *const said[] = {"3,234,568 samples, 1,000,000 to 1,234,567 of a mechanism",
                                       "no samples",
                                       "21 samples, 7 of each mechanism",
                                       "M9\n",
                                       "core\n",
                                       "activation\n",
                                       "deactivation\n"};
    const mech_status status = mech_draw_split_counts(
        splits, 3, mechanisms, 3, &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg}, &error);
    check_svg(status, &error, &svg, COUNT(said), said);
}

static void marginals_are_in_units_of_the_prior(void **state) {
    (void)state;
    enum { N = 4800 };
    static const prior_range ranges[2] = {{1e-5, 1e5}, {2, 2}};
    double k[2 * N], sum = 0;
    for (size_t i = 0; i < N; i++) {
        /* Uniform on the upper half of the range. */
        k[2 * i] = pow(10, 5 * ((double)i + 0.5) / N);
        k[2 * i + 1] = 2;
    }
    const accepted_thetas thetas = {
        .mechanism = mech_builtin(0), .n = N, .n_k = 2, .k = k, .ranges = ranges, .accepted_share = NAN};
    theta_marginal m;
    mech_find_marginal(&thetas, 0, NULL, &m);
    for (size_t bin = 0; bin < MARGINAL_BINS; bin++)
        assert_true(fabs(m.density[bin] - (bin < MARGINAL_BINS / 2 ? 0 : 2)) < 0.02);
    assert_true(m.logs.low == -5 && m.logs.high == 5 && m.has_prior);
    /* A range without width, and one that is not known. */
    mech_find_marginal(&thetas, 1, NULL, &m);
    for (size_t bin = 0; bin < MARGINAL_BINS; bin++) sum += m.density[bin] / MARGINAL_BINS;
    assert_true(m.logs.low < log10(2) && m.logs.high > log10(2) && fabs(sum - 1) < 1e-9);
    accepted_thetas unknown = thetas;
    unknown.ranges = NULL;
    mech_find_marginal(&unknown, 0, NULL, &m);
    assert_true(!m.has_prior && m.logs.low > 0 && m.logs.high < 5);
}

static void priors_name_rate_constants_and_what_was_accepted(void **state) {
    (void)state;
    enum { N = 50, K = 5 };
    static const prior_range ranges[K] = {{1e-5, 1e5}, {1e-5, 1e5}, {1e-5, 1e5}, {1e-5, 1e5}, {1e-2, 1}};
    double k[N * K];
    random_stream r = mech_random_open(1, RANDOM_TEST, 51, 0);
    for (size_t i = 0; i < (size_t)N * K; i++) k[i] = pow(10, -2 * mech_random_uniform(&r));
    const accepted_thetas thetas[2] = {
        {.mechanism = mech_builtin(8), .n = N, .n_k = K, .k = k, .ranges = ranges, .accepted_share = 0.0098},
        {.mechanism = mech_builtin(0), .n = N, .n_k = 4, .k = k, .ranges = NULL, .accepted_share = NAN}};
    static const char *const page[] = {"what it says", "M9\n", "M1\n", "0.98 %", "k3\n", "core\n"};
    static const char *const pairs[] = {"M9: core cycle", "what it says", "k3\n", "density of pairs", "(prior: 1)"};
    static const char *const numbered[] = {"theta2\n", "(uniform: 1)"};
    char *svg = NULL;
    const mech_picture_target in_memory = {.size = sizeof in_memory, .bytes = &svg}, *target = &in_memory;
    mech_error error;
    mech_status status = mech_draw_prior(thetas, 2, "what it says", target, &error);
    check_svg(status, &error, &svg, COUNT(page), page);
    status = mech_draw_prior_pairs(&thetas[0], "what it says", target, &error);
    check_svg(status, &error, &svg, COUNT(pairs), pairs);
    /* One rate constant has no pairs; one that has no name gets a number. */
    const accepted_thetas one = {
        .mechanism = mech_builtin(0), .n = N, .n_k = 1, .k = k, .ranges = NULL, .accepted_share = NAN};
    status = mech_draw_prior_pairs(&one, "", target, &error);
    check_svg(status, &error, &svg, 0, NULL);
    mech_mechanism nameless = {.id = "X", .mechanism_class = MECH_CLASS_USER};
    const accepted_thetas unnamed = {
        .mechanism = &nameless, .n = N, .n_k = 2, .k = k, .ranges = NULL, .accepted_share = NAN};
    status = mech_draw_prior_pairs(&unnamed, "", target, &error);
    check_svg(status, &error, &svg, COUNT(numbered), numbered);
}

static void distances_show_their_median_and_what_is_left_out(void **state) {
    (void)state;
    enum { N = 300 };
    const mech_mechanism *mechanisms[3] = {mech_builtin(0), mech_builtin(1), mech_builtin(2)};
    double distances[N];
    uint8_t labels[N];
    for (size_t i = 0; i < N; i++) {
        labels[i] = i < N - 3 ? i % 2 : 2; /* too few of the third for a violin */
        distances[i] = i < 2 ? NAN : i == 2 ? 0 : (double)(i + 1) / N;
    }
    const distance_sample sample = {N, distances, labels, mechanisms, 3};
    static const char *const said[] = {"what it says", "median 0.505", "2 more have no training sample",
                                       "distance / [S]0"};
    char *svg = NULL;
    const mech_picture_target in_memory = {.size = sizeof in_memory, .bytes = &svg}, *target = &in_memory;
    mech_error error;
    mech_status status = mech_draw_distance_sample(&sample, "what it says", target, &error);
    check_svg(status, &error, &svg, COUNT(said), said);
    /* All alike, and none at all. */
    for (size_t i = 0; i < N; i++) distances[i] = 0;
    status = mech_draw_distance_sample(&sample, "", target, &error);
    check_svg(status, &error, &svg, 0, NULL);
    for (size_t i = 0; i < N; i++) distances[i] = NAN;
    assert_int_equal(mech_draw_distance_sample(&sample, "", target, &error), MECH_INVALID_INPUT);
    assert_null(svg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_hold_every_number_of_the_range_once),
        cmocka_unit_test(kernel_densities_follow_the_numbers),
        cmocka_unit_test(ticks_of_logarithms_are_round_few_and_inside),
        cmocka_unit_test(counts_are_set_in_groups_of_three),
        cmocka_unit_test(counts_name_splits_mechanisms_and_classes),
        cmocka_unit_test(marginals_are_in_units_of_the_prior),
        cmocka_unit_test(priors_name_rate_constants_and_what_was_accepted),
        cmocka_unit_test(distances_show_their_median_and_what_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
