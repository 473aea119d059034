/* Bootstrap intervals: the same whatever the threads, around the figure, as wide as theory has it. */
#include "mechanist.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 2000, CLASSES = 4 };

/* Probabilities that are what they say: the truth is drawn from them. */
static void draw_samples(float *p, uint8_t *y) {
    random_stream r = mech_random_open(3, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < N; i++) {
        double weights[CLASSES], sum = 0, at = mech_random_uniform(&r);
        for (size_t c = 0; c < CLASSES; c++) sum += weights[c] = exp(2 * mech_random_normal(&r));
        y[i] = CLASSES - 1;
        for (size_t c = 0; c < CLASSES; c++) {
            p[i * CLASSES + c] = (float)(weights[c] / sum);
            at -= weights[c] / sum;
            if (at < 0 && y[i] == CLASSES - 1) y[i] = (uint8_t)c;
            if (at < 0) at = INFINITY;
        }
    }
}

typedef struct judged {
    mech_metrics *metrics, *lower, *upper;
} judged;

static judged judge(const float *p, const uint8_t *y, size_t resamples, uint64_t seed, int threads) {
    const mech_evaluate_options options = {.size = sizeof options,
                                           .conformal_95 = 0.9,
                                           .conformal_99 = 0.98,
                                           .resamples = resamples,
                                           .seed = seed,
                                           .threads = threads};
    judged j = {0};
    assert_int_equal(mech_evaluate_intervals(N, CLASSES, p, y, &options, &j.metrics, &j.lower, &j.upper, NULL),
                     MECH_OK);
    return j;
}

static void free_judged(judged j) {
    mech_metrics_free(j.metrics);
    mech_metrics_free(j.lower);
    mech_metrics_free(j.upper);
}

static float p[N * CLASSES];
static uint8_t y[N];

static void intervals_hold_their_figure_and_have_the_width_of_theory(void **state) {
    (void)state;
    judged j = judge(p, y, 2000, 1, 2);
    assert_true(j.lower->top1 < j.metrics->top1 && j.metrics->top1 < j.upper->top1);
    assert_true(j.lower->cross_entropy < j.metrics->cross_entropy && j.metrics->cross_entropy < j.upper->cross_entropy);
    assert_true(j.lower->entropy_median <= j.metrics->entropy_median &&
                j.metrics->entropy_median <= j.upper->entropy_median);
    assert_true(j.lower->f1[1] < j.metrics->f1[1] && j.metrics->f1[1] < j.upper->f1[1]);
    /* A share of N has the standard deviation sqrt(q (1 - q) / N); 2,000 resamples find its quantiles to a few %. */
    const double q = j.metrics->top1, half = 1.96 * sqrt(q * (1 - q) / N);
    assert_true(fabs(j.upper->top1 - q - half) < 0.1 * half && fabs(q - j.lower->top1 - half) < 0.1 * half);
    /* The conformal sets are credible sets with a threshold for a level. */
    assert_true(j.metrics->conformal_95.mean_size < j.metrics->credible_95.mean_size);
    assert_true(j.metrics->conformal_95.level == 0.95 && j.lower->conformal_95.level == 0.95);
    free_judged(j);
}

static void threads_do_not_change_a_bit_and_another_seed_does(void **state) {
    (void)state;
    judged one = judge(p, y, 100, 1, 1), three = judge(p, y, 100, 1, 3), other = judge(p, y, 100, 2, 3);
    assert_memory_equal(&one.lower->credible_95, &three.lower->credible_95, sizeof one.lower->credible_95);
    assert_memory_equal(one.lower->recall, three.lower->recall, CLASSES * sizeof(double));
    assert_memory_equal(one.upper->reliability, three.upper->reliability, sizeof one.upper->reliability);
    assert_memory_equal(&one.upper->brier, &three.upper->brier, sizeof(double));
    assert_true(one.upper->cross_entropy != other.upper->cross_entropy);
    free_judged(one);
    free_judged(three);
    free_judged(other);
}

static void no_resamples_give_no_intervals(void **state) {
    (void)state;
    judged j = judge(p, y, 0, 1, 1);
    assert_non_null(j.metrics);
    assert_null(j.lower);
    assert_null(j.upper);
    free_judged(j);
    const mech_evaluate_options too_many = {.size = sizeof too_many, .resamples = 1000001};
    mech_error error;
    assert_int_equal(mech_evaluate_intervals(N, CLASSES, p, y, &too_many, &j.metrics, &j.lower, &j.upper, &error),
                     MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "1000001 resamples; expected at most 1000000 and room for both ends");
}

static void mcnemar_counts_and_tests_by_hand(void **state) {
    (void)state;
    /* The first is right on samples 0 to 9, the second on 0 to 4 and on 10: 5 against 1 on which they differ. */
    enum { FEW = 12 };
    float first[2 * FEW], second[2 * FEW];
    uint8_t labels[FEW] = {0};
    for (size_t i = 0; i < FEW; i++) {
        const bool a = i < 10, b = i < 5 || i == 10;
        first[2 * i] = a ? 0.8f : 0.2f, first[2 * i + 1] = a ? 0.2f : 0.8f;
        second[2 * i] = b ? 0.8f : 0.2f, second[2 * i + 1] = b ? 0.2f : 0.8f;
    }
    mech_mcnemar m = {.size = sizeof m};
    assert_int_equal(mech_compare(FEW, 2, first, second, labels, &m, NULL), MECH_OK);
    assert_int_equal(m.both, 5);
    assert_int_equal(m.only_first, 5);
    assert_int_equal(m.only_second, 1);
    assert_int_equal(m.neither, 1);
    assert_true(m.exact && isnan(m.statistic));
    assert_true(fabs(m.p_value - 2 * (1 + 6) / 64.0) < 1e-15);
    mech_mcnemar same = {.size = sizeof same};
    assert_int_equal(mech_compare(FEW, 2, first, first, labels, &same, NULL), MECH_OK);
    assert_true(same.exact && same.p_value == 1);
}

static int make_samples(void **state) {
    (void)state;
    draw_samples(p, y);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_their_figure_and_have_the_width_of_theory),
        cmocka_unit_test(threads_do_not_change_a_bit_and_another_seed_does),
        cmocka_unit_test(no_resamples_give_no_intervals),
        cmocka_unit_test(mcnemar_counts_and_tests_by_hand),
    };
    return cmocka_run_group_tests(tests, make_samples, NULL);
}
