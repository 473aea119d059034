/* Figures of what models make of samples: entropies and credible sets. */
#include "draw/judgements/judgement_figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { N = 6, CLASSES = 3 };

/* Three sure answers, of which one is wrong, and three at a loss, of which two are wrong. */
static const float probabilities[N * CLASSES] = {1,    0,    0,    0,   1,   0,   1,   0,   0,
                                                 .34F, .33F, .33F, .4F, .3F, .3F, .3F, .4F, .3F};
static const uint8_t labels[N] = {0, 1, 2, 0, 1, 2};

typedef struct judged {
    scores s;
    mech_metrics *metrics;
} judged;

static judged judge(void) {
    static const mech_evaluate_options plain = {.size = sizeof plain};
    judged j;
    assert_int_equal(mech_scores_new(N, CLASSES, probabilities, labels, &plain, &j.s, NULL), MECH_OK);
    assert_int_equal(mech_evaluate(N, CLASSES, probabilities, labels, &j.metrics, NULL), MECH_OK);
    return j;
}

static void judged_free(judged *j) {
    mech_scores_free(&j->s);
    mech_metrics_free(j->metrics);
}

static void expect_words(const char *svg, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!strstr(svg, words[i])) fail_msg("the figure does not say '%s'", words[i]);
    assert_null(strstr(svg, "nan"));
}

static void entropies_are_drawn_for_each_model(void **state) {
    (void)state;
    judged j = judge();
    const scored_model models[] = {{"first", &j.s, j.metrics}, {"second & more", &j.s, j.metrics}};
    static const char *const words[] = {"first\n",  "second &amp; more\n", "entropy / nats", "right 50.00 %", "median",
                                        "6 samples"};
    char *svg = NULL, stated[64];
    assert_int_equal(
        mech_draw_scored_entropy(models, 2, "6 samples",
                                 &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg}, NULL),
        MECH_OK);
    expect_words(svg, words, sizeof words / sizeof words[0]);
    snprintf(stated, sizeof stated, "mean %.3f, median %.3f, sd %.3f nats", j.metrics->entropy_mean,
             j.metrics->entropy_median, j.metrics->entropy_sd);
    assert_non_null(strstr(svg, stated));
    mech_free(svg);
    judged_free(&j);
}

/* Where all answers are right there are no wrong ones to draw. */
static void one_kind_of_answer_is_enough(void **state) {
    (void)state;
    static const mech_evaluate_options plain = {.size = sizeof plain};
    judged j;
    assert_int_equal(mech_scores_new(2, CLASSES, probabilities, labels, &plain, &j.s, NULL), MECH_OK);
    assert_int_equal(mech_evaluate(2, CLASSES, probabilities, labels, &j.metrics, NULL), MECH_OK);
    const scored_model model = {"sure", &j.s, j.metrics};
    static const char *const words[] = {"right 100.00 %; entropy: mean 0.000"};
    char *svg = NULL;
    assert_int_equal(
        mech_draw_scored_entropy(&model, 1, "",
                                 &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg}, NULL),
        MECH_OK);
    expect_words(svg, words, 1);
    mech_free(svg);
    judged_free(&j);
}

static void credible_sets_are_drawn_with_shares_coverage_and_size(void **state) {
    (void)state;
    judged j = judge();
    const scored_model model = {"first", &j.s, j.metrics};
    static const char *const words[] = {"first\n", "95 %\n", "99 %\n", "50.0\n",
                                        "83.33\n", "2.00\n", "≥ 6",    "samples / %"};
    char *svg = NULL;
    assert_int_equal(mech_draw_scored_sets(&model, 1, "6 samples",
                                           &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg},
                                           NULL),
                     MECH_OK);
    expect_words(svg, words, sizeof words / sizeof words[0]);
    mech_free(svg);
    judged_free(&j);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entropies_are_drawn_for_each_model),
        cmocka_unit_test(one_kind_of_answer_is_enough),
        cmocka_unit_test(credible_sets_are_drawn_with_shares_coverage_and_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
