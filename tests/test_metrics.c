/* Metrics against cases worked out by hand. */
#include "mechanist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static void credible_set_takes_classes_until_the_level_is_reached(void **state) {
    (void)state;
    static const struct {
        double p[4], level;
        size_t size, order[4];
    } cases[] = {
        {{0.1, 0.6, 0.25, 0.05}, 0.94, 3, {1, 2, 0, 3}},
        {{0.1, 0.6, 0.25, 0.05}, 0.60, 1, {1, 2, 0, 3}},
        {{0.1, 0.6, 0.25, 0.05}, 0.96, 4, {1, 2, 0, 3}},
        {{0.25, 0.25, 0.25, 0.25}, 0.5, 2, {0, 1, 2, 3}},
        {{0, 0, 0, 1}, 0.99, 1, {3, 0, 1, 2}},
        {{0.3, 0.3, 0.3, 0.05}, 0.99, 4, {0, 1, 2, 3}}, /* rounding may leave the sum short: then all classes */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t order[4];
        assert_int_equal(mech_credible_set(4, cases[i].p, cases[i].level, order), cases[i].size);
        assert_memory_equal(order, cases[i].order, sizeof order);
    }
}

static void metrics_agree_with_a_case_worked_by_hand(void **state) {
    (void)state;
    static const float p[4][3] = {{0.7f, 0.2f, 0.1f}, {0.5f, 0.3f, 0.2f}, {0.25f, 0.25f, 0.5f}, {0.0f, 1.0f, 0.0f}};
    static const uint8_t labels[4] = {0, 1, 2, 1};
    mech_metrics *m = NULL;
    mech_error error;
    assert_int_equal(mech_evaluate(4, 3, &p[0][0], labels, &m, &error), MECH_OK);
    assert_int_equal(m->n, 4);
    assert_near(m->top1, 0.75, 0);
    assert_near(m->top3, 1, 0);
    assert_near(m->cross_entropy, -(log(0.7) + log(0.3) + log(0.5) + log(1.0)) / 4, 1e-7);
    const double h0 = -(0.7 * log(0.7) + 0.2 * log(0.2) + 0.1 * log(0.1));
    const double h1 = -(0.5 * log(0.5) + 0.3 * log(0.3) + 0.2 * log(0.2));
    const double h2 = -(0.5 * log(0.25) + 0.5 * log(0.5));
    const double mean = (h0 + h1 + h2) / 4; /* the certain one has no entropy */
    assert_near(m->entropy_mean, mean, 1e-6);
    assert_true(h0 < h1 && h0 < h2 && h1 < h2);
    assert_near(m->entropy_median, (h0 + h1) / 2, 1e-6);
    const double squares =
        (h0 - mean) * (h0 - mean) + (h1 - mean) * (h1 - mean) + (h2 - mean) * (h2 - mean) + mean * mean;
    assert_near(m->entropy_sd, sqrt(squares / 4), 1e-6);
    assert_near(m->credible_95.mean_size, (3 + 3 + 3 + 1) / 4.0, 0);
    assert_near(m->credible_95.coverage, 1, 0);
    assert_near(m->credible_95.size_share[0], 0.25, 0);
    assert_near(m->credible_95.size_share[2], 0.75, 0);
    /* Bins of width 1/15: 0.7 lies in bin 10, 0.5 (twice, one right) in bin 7, 1.0 in the last. */
    assert_near(m->expected_calibration_error, (fabs(1 - 0.7) + fabs(1 - 2 * 0.5) + 0) / 4, 1e-7);
    assert_near(m->recall[0], 1, 0);
    assert_near(m->recall[1], 0.5, 0);
    assert_near(m->recall[2], 1, 0);
    static const uint64_t confusion[9] = {1, 0, 0, 1, 1, 0, 0, 0, 1};
    assert_memory_equal(m->confusion, confusion, sizeof confusion);
    mech_metrics_free(m);
}

static void entropy_median_of_an_odd_count_is_the_middle_one(void **state) {
    (void)state;
    static const float p[3][2] = {{0.5f, 0.5f}, {1, 0}, {0.9f, 0.1f}};
    static const uint8_t labels[3] = {0, 0, 0};
    mech_metrics *m = NULL;
    assert_int_equal(mech_evaluate(3, 2, &p[0][0], labels, &m, NULL), MECH_OK);
    assert_near(m->entropy_median, -(0.9 * log(0.9) + 0.1 * log(0.1)), 1e-6);
    assert_true(isnan(m->recall[1])); /* no sample of that class */
    mech_metrics_free(m);
}

static void a_true_class_without_probability_costs_a_bounded_loss(void **state) {
    (void)state;
    static const float p[2] = {1, 0};
    static const uint8_t label = 1;
    mech_metrics *m = NULL;
    assert_int_equal(mech_evaluate(1, 2, p, &label, &m, NULL), MECH_OK);
    assert_near(m->cross_entropy, -log(1e-12), 1e-9);
    mech_metrics_free(m);
}

static void what_is_no_distribution_is_refused(void **state) {
    (void)state;
    static const struct {
        float p[2];
        uint8_t label;
        const char *message;
    } cases[] = {
        {{0.5f, 0.6f}, 0, "sample 0: its probabilities are not between 0 and 1 with sum 1"},
        {{-0.5f, 1.5f}, 0, "sample 0: its probabilities are not between 0 and 1 with sum 1"},
        {{NAN, 1.0f}, 0, "sample 0: its probabilities are not between 0 and 1 with sum 1"},
        {{0.5f, 0.5f}, 2, "sample 0 has label 2; expected less than 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mech_metrics *m = NULL;
        mech_error error;
        assert_int_equal(mech_evaluate(1, 2, cases[i].p, &cases[i].label, &m, &error), MECH_INVALID_INPUT);
        assert_null(m);
        assert_string_equal(error.message, cases[i].message);
    }
    mech_metrics *m = NULL;
    assert_int_equal(mech_evaluate(0, 2, NULL, NULL, &m, NULL), MECH_INVALID_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credible_set_takes_classes_until_the_level_is_reached),
        cmocka_unit_test(metrics_agree_with_a_case_worked_by_hand),
        cmocka_unit_test(entropy_median_of_an_odd_count_is_the_middle_one),
        cmocka_unit_test(a_true_class_without_probability_costs_a_bounded_loss),
        cmocka_unit_test(what_is_no_distribution_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
