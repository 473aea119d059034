/* Calibration: it finds the distortion that was put in, its minimum is one, and conformal sets keep their promise. */
#include "mechanist.h"

#include "base/memory.h"
#include "base/random.h"
#include "data/samples/augment.h"
#include "judge/calibration/calibration.h"
#include "judge/calibration/conformal.h"
#include "learn/model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HADAMARD SOURCE_DIR "/fuzz/corpus/model/hadamard-one-unit.safetensors"

enum { N = 20000, CLASSES = 5 };

/* Samples whose truth is drawn from softmax(scale z + bias): a fit to (z, truth) must find scale and bias. */
static void draw_distorted(const calibration *c, const double *scale, const double *bias, calibration_samples *s) {
    random_stream r = mech_random_open(11, RANDOM_TEST, 0, 0);
    s->n = N;
    for (size_t i = 0; i < N; i++) {
        double *z = s->z + i * CLASSES, p[CLASSES], sum = 0, at = mech_random_uniform(&r);
        for (size_t k = 0; k < CLASSES; k++) z[k] = 2 * mech_random_normal(&r);
        for (size_t k = 0; k < CLASSES; k++) sum += p[k] = exp(scale[k] * z[k] + bias[k]);
        s->y[i] = CLASSES - 1;
        for (size_t k = CLASSES; k-- > 0;) {
            at -= p[k] / sum;
            s->y[i] = (uint8_t)k;
            if (at < 0) break;
        }
        mech_find_factors(c, z, 1, NULL, NULL, true, &s->seen[i]);
    }
}

static calibration_samples new_samples(void) {
    calibration_samples s = {.z = mech_allocate_array(N, CLASSES * sizeof(double)),
                             .seen = mech_allocate_array(N, sizeof(factors)),
                             .y = mech_allocate_array(N, 1)};
    assert_true(s.z && s.seen && s.y);
    return s;
}

static void free_samples(calibration_samples *s) {
    mech_release_array(s->z);
    mech_release_array(s->seen);
    mech_release_array(s->y);
}

static void temperature_and_vector_find_what_was_put_in(void **state) {
    (void)state;
    static const struct {
        mech_calibration_method method;
        double scale[CLASSES], bias[CLASSES];
    } cases[] = {
        {MECH_CALIBRATION_TEMPERATURE, {0.6, 0.6, 0.6, 0.6, 0.6}, {0, 0, 0, 0, 0}},
        {MECH_CALIBRATION_TEMPERATURE, {1.7, 1.7, 1.7, 1.7, 1.7}, {0, 0, 0, 0, 0}},
        {MECH_CALIBRATION_VECTOR, {0.5, 0.8, 1, 1.2, 1.5}, {0.6, -0.2, 0, -0.6, 0.2}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        calibration c;
        size_t iterations = 0;
        calibration_samples s = new_samples();
        assert_int_equal(mech_calibration_new(cases[i].method, CLASSES, &c, NULL), MECH_OK);
        draw_distorted(&c, cases[i].scale, cases[i].bias, &s);
        assert_int_equal(mech_calibration_fit(&s, &c, &iterations, NULL), MECH_OK);
        assert_in_range(iterations, 1, 15);
        /* Standard errors are about 0.015 to 0.03. */
        const size_t n = mech_calibration_size(&c);
        for (size_t k = 0; k < c.n_inverse + c.n_scales; k++)
            assert_true(fabs(c.parameters[k] - cases[i].scale[k]) < 0.1);
        for (size_t k = c.n_scales; k < n && c.n_biases; k++)
            assert_true(fabs(c.parameters[k] - cases[i].bias[k - c.n_scales]) < 0.12);
        /* At a minimum of a convex function the fit has nothing left to do. */
        double found = c.parameters[0];
        assert_int_equal(mech_calibration_fit(&s, &c, &iterations, NULL), MECH_OK);
        assert_int_equal(iterations, 0);
        assert_true(c.parameters[0] == found);
        free_samples(&s);
        mech_calibration_free(&c);
    }
}

static void what_changes_nothing_leaves_probabilities_and_keeps_them_distributions(void **state) {
    (void)state;
    static const float p[CLASSES] = {0.5f, 0.25f, 0.25f, 0, 0};
    for (int method = 0; method < 3; method++) {
        calibration c;
        factors f;
        double z[CLASSES], q[CLASSES], sum = 0;
        assert_int_equal(mech_calibration_new((mech_calibration_method)method, CLASSES, &c, NULL), MECH_OK);
        mech_logits_of(CLASSES, p, z);
        mech_find_factors(&c, z, 1, NULL, NULL, true, &f);
        mech_calibration_apply(&c, &f, z, q);
        for (size_t k = 0; k < CLASSES; k++) {
            assert_true(fabs(q[k] - (double)p[k]) < 1e-12);
            sum += q[k];
        }
        assert_true(fabs(sum - 1) < 1e-12);
        mech_calibration_free(&c);
    }
}

/* Four runs whose catalyst holds some of the substrate, with that noise on S and P. */
static void draw_runs(random_stream *r, size_t n_times, double noise, float *x1, float *x2) {
    for (size_t run = 0; run < N_RUNS; run++) {
        x1[run] = (float)(0.01 + 0.02 * (double)run);
        for (size_t i = 0; i < n_times; i++) {
            float *at = x2 + i * SAMPLE_COLUMNS + run * RUN_COLUMNS;
            const double t = (double)i / (double)(n_times - 1), held = i ? 0.7 * (double)x1[run] * (1 - t) : 0;
            at[0] = (float)t;
            at[1] = (float)(1 - 0.9 * t - held + (i ? noise * mech_random_normal(r) : 0));
            at[2] = (float)(0.9 * t + (i ? noise * mech_random_normal(r) : 0));
        }
    }
}

static void noise_is_judged_by_the_mass_balance(void **state) {
    (void)state;
    static const double levels[NOISE_LEVELS] = {0, 0.005, 0.01, 0.02, 0.05};
    enum { TIMES = 11 };
    float x1[N_RUNS], x2[TIMES * SAMPLE_COLUMNS];
    random_stream r = mech_random_open(5, RANDOM_TEST, 1, 0);
    for (size_t level = 0; level < NOISE_LEVELS; level++) {
        double mean = 0, probabilities[NOISE_LEVELS];
        for (int i = 0; i < 50; i++) {
            draw_runs(&r, TIMES, levels[level], x1, x2);
            assert_true(mech_judge_noise(TIMES, x1, x2, probabilities));
            mean += probabilities[level] / 50;
        }
        assert_true(mean > 0.8);
    }
    /* P from the mass balance, or not measured at all: nothing is known. */
    double probabilities[NOISE_LEVELS];
    for (size_t i = 0; i < (size_t)TIMES * N_RUNS; i++) x2[i * RUN_COLUMNS + 2] = 1 - x2[i * RUN_COLUMNS + 1];
    for (size_t run = 0; run < N_RUNS; run++) x2[run * RUN_COLUMNS + 1] = 1, x2[run * RUN_COLUMNS + 2] = 0;
    assert_false(mech_judge_noise(TIMES, x1, x2, probabilities));
    for (size_t i = 0; i < (size_t)TIMES * N_RUNS; i++) x2[i * RUN_COLUMNS + 2] = NAN;
    assert_false(mech_judge_noise(TIMES, x1, x2, probabilities));
    assert_false(mech_judge_noise(1, x1, x2, probabilities));
}

static void threshold_is_the_order_statistic_of_the_guarantee(void **state) {
    (void)state;
    double scores[20];
    for (size_t i = 0; i < 20; i++) scores[i] = (double)(19 - i) / 100;
    /* ceil(21 * 0.95) = 20: the largest of 20; a class whose score equals it is in the set. */
    assert_true(mech_conformal_threshold(20, scores, 0.95) == nextafter(0.19, 1));
    assert_true(mech_conformal_threshold(20, scores, 0.5) == nextafter(0.10, 1));
    assert_true(mech_conformal_threshold(20, scores, 0.99) > 1); /* too few samples: all classes */
    size_t order[4];
    static const double p[4] = {0.1, 0.6, 0.25, 0.05};
    assert_true(mech_conformal_score(4, p, 1, order) == 0);
    assert_true(fabs(mech_conformal_score(4, p, 0, order) - 0.85) < 1e-15);
    const double threshold = nextafter(mech_conformal_score(4, p, 0, order), 1);
    assert_int_equal(mech_credible_set(4, p, threshold, order), 3);
}

/* Probabilities that have little to do with the truth: sets still hold it as often as they say. */
static void sets_cover_the_truth_however_bad_the_probabilities(void **state) {
    (void)state;
    enum { CALIBRATION = 5000, TEST = 20000 };
    random_stream r = mech_random_open(17, RANDOM_TEST, 2, 0);
    double *scores = malloc(CALIBRATION * sizeof *scores), threshold = 0;
    size_t covered = 0, order[CLASSES];
    assert_non_null(scores);
    for (size_t i = 0; i < CALIBRATION + TEST; i++) {
        double p[CLASSES], sum = 0;
        for (size_t k = 0; k < CLASSES; k++) sum += p[k] = exp(4 * mech_random_normal(&r));
        for (size_t k = 0; k < CLASSES; k++) p[k] /= sum;
        const size_t truth = mech_random_below(&r, CLASSES);
        const double score = mech_conformal_score(CLASSES, p, truth, order);
        if (i < CALIBRATION) scores[i] = score;
        if (i == CALIBRATION - 1) threshold = mech_conformal_threshold(CALIBRATION, scores, 0.95);
        if (i < CALIBRATION) continue;
        const size_t size = mech_credible_set(CLASSES, p, threshold, order);
        for (size_t k = 0; k < size; k++) covered += order[k] == truth;
    }
    /* Coverage given the calibration set has a standard deviation of 0.0031, the count on TEST one of 0.0015. */
    assert_true(fabs((double)covered / TEST - 0.95) < 4 * 0.0035);
    free(scores);
}

static void metadata_that_say_no_calibration_are_refused(void **state) {
    (void)state;
    mech_model *model = NULL;
    mech_error error;
    calibration c;
    assert_int_equal(mech_model_read(HADAMARD, &model, &error), MECH_OK);
    static const struct {
        const char *method, *parameters, *message;
    } cases[] = {
        {"magic", "1", HADAMARD ": metadata 'calibration': is 'magic'; expected temperature, vector or adaptive"},
        {"temperature", "1,2",
         HADAMARD ": metadata 'calibration_parameters': expected 1 numbers with commas between them"},
        {"temperature", "",
         HADAMARD ": metadata 'calibration_parameters': expected 1 numbers with commas between them"},
        {"temperature", "inf",
         HADAMARD ": metadata 'calibration_parameters': expected 1 numbers with commas between them"},
        {"vector", "1", NULL},
        {"temperature", "0.75", ""},
    };
    assert_int_equal(mech_calibration_read(model, &c, &error), MECH_INVALID_INPUT);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(mech_model_describe(model, "calibration", cases[i].method, NULL), MECH_OK);
        assert_int_equal(mech_model_describe(model, "calibration_parameters", cases[i].parameters, NULL), MECH_OK);
        const bool good = cases[i].message && !*cases[i].message;
        assert_int_equal(mech_calibration_read(model, &c, &error), good ? MECH_OK : MECH_INVALID_INPUT);
        if (good) assert_true(c.parameters[0] == 0.75);
        if (!good && cases[i].message) assert_string_equal(error.message, cases[i].message);
        mech_calibration_free(&c);
    }
    assert_true(mech_model_conformal_threshold(model, 0.95) == 0);
    assert_int_equal(mech_model_describe(model, "conformal_thresholds", "0.9,0.97", NULL), MECH_OK);
    assert_true(mech_model_conformal_threshold(model, 0.95) == 0.9);
    assert_true(mech_model_conformal_threshold(model, 0.99) == 0.97);
    assert_true(mech_model_conformal_threshold(model, 0.9) == 0);
    static const char *const thresholds[] = {"nan,2", "0.9", "0.9,0", "0.9,0.97,0.99", "0.9,x"};
    for (size_t i = 0; i < sizeof thresholds / sizeof thresholds[0]; i++) {
        assert_int_equal(mech_model_describe(model, "conformal_thresholds", thresholds[i], NULL), MECH_OK);
        assert_int_equal(mech_calibration_read(model, &c, &error), MECH_INVALID_INPUT);
        assert_non_null(strstr(error.message, HADAMARD ": metadata 'conformal_thresholds': is '"));
        mech_calibration_free(&c);
    }
    mech_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(temperature_and_vector_find_what_was_put_in),
        cmocka_unit_test(what_changes_nothing_leaves_probabilities_and_keeps_them_distributions),
        cmocka_unit_test(noise_is_judged_by_the_mass_balance),
        cmocka_unit_test(threshold_is_the_order_statistic_of_the_guarantee),
        cmocka_unit_test(sets_cover_the_truth_however_bad_the_probabilities),
        cmocka_unit_test(metadata_that_say_no_calibration_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
