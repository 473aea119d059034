/* Calibration of networks that read run sets: what is promised of calibrated probabilities and of experiments in
 * memory. */
#include "base/memory.h"
#include "base/random.h"
#include "judge/calibration/calibration.h"
#include "learn/model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 400, TIMES = 6, CLASSES = 3 };

/* A network with random weights: it says something of everything. */
static mech_model *random_model(void) {
    const graph_shape shape = {.n_labels = CLASSES, .hidden = 8};
    graph g;
    mech_model *model;
    mech_error error;
    if (mech_graph_build(SET_NETWORK, &shape, &g, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_model_new(&g, &model, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_graph_initialise(&g, 5, model->parameters);
    return model;
}

/* Four runs of one decay each, with labels at random. */
static mech_samples *random_samples(mech_sample_design sample_design) {
    mech_samples *s;
    assert_int_equal(mech_samples_create(sample_design, N, TIMES, CLASSES, &s, NULL), MECH_OK);
    for (size_t i = 0; i < N; i++) {
        random_stream r = mech_random_open(7, RANDOM_TEST, 0, i);
        s->y[i] = (uint8_t)mech_random_below(&r, CLASSES);
        for (size_t run = 0; run < 4; run++) {
            s->x1[i * 4 + run] = (float)(0.01 + 0.09 * mech_random_uniform(&r));
            for (size_t t = 0; t < TIMES; t++) {
                float *at = s->x2 + (i * TIMES + t) * 12 + 3 * run;
                at[0] = (float)t / (TIMES - 1);
                at[1] = expf(-at[0] * (float)(1 + s->y[i])) + (t ? 0.02F * (float)mech_random_normal(&r) : 0);
                at[2] = 1 - expf(-at[0] * (float)(1 + s->y[i]));
            }
        }
    }
    return s;
}

static mech_experiments *experiments_of(const mech_samples *s) {
    mech_experiments *e;
    mech_error error;
    if (mech_experiments_of_samples(s, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    return e;
}

static void samples_are_experiments_of_four_runs(void **state) {
    (void)state;
    mech_samples *s = random_samples(MECH_DESIGN_NATURE);
    mech_experiments *e = experiments_of(s);
    mech_run_set *runs;
    mech_truth *truth;
    assert_true(mech_experiments_n(e) == N && mech_experiments_n_labels(e) == CLASSES);
    assert_memory_equal(mech_experiments_labels(e), s->y, N);
    assert_int_equal(mech_experiments_run_set(e, 17, &runs, NULL), MECH_OK);
    assert_int_equal(mech_experiments_truth(e, 17, &truth, NULL), MECH_OK);
    assert_int_equal(mech_run_set_n_runs(runs), 4);
    const mech_run *run = mech_run_set_run(runs, 2);
    const float *at = s->x2 + (17 * TIMES + 3) * 12 + 6;
    assert_true(run->time[3] == (double)at[0] && run->substrate[3] == (double)at[1] &&
                run->product[3] == (double)at[2]);
    assert_true(run->cat0 == (double)s->x1[17 * 4 + 2] && run->s0 == 1 && run->p0 == 0 && run->n_readings == TIMES);
    assert_true(truth->loading_spread == 0 && truth->catalyst_factor[3] == 1 && truth->goes_on == 1 &&
                isnan(truth->noise));
    mech_run_set_free(runs);
    mech_truth_free(truth);
    mech_experiments_free(e);
    s->x2[1] = NAN;
    mech_error error;
    assert_int_equal(mech_experiments_of_samples(s, &e, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "sample 0, run 1: at t = 0 S is nan"));
    mech_samples_free(s);
    s = random_samples(MECH_DESIGN_FIXED_WINDOW);
    assert_int_equal(mech_experiments_of_samples(s, &e, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "design fixed-window"));
    mech_samples_free(s);
}

/* Labels by what the network says of the samples, too sure by half: what calibration can find. */
static void label_by(const mech_model *model, mech_samples *s) {
    static float p[N * CLASSES];
    mech_experiments *e = experiments_of(s);
    assert_int_equal(mech_model_predict_experiments(model, e, NULL, false, 1, p, NULL), MECH_OK);
    for (size_t i = 0; i < N; i++) {
        random_stream r = mech_random_open(9, RANDOM_TEST, 0, i);
        double sum = 0, weights[CLASSES], at = mech_random_uniform(&r);
        for (size_t k = 0; k < CLASSES; k++) sum += weights[k] = sqrt((double)p[i * CLASSES + k]);
        s->y[i] = CLASSES - 1;
        for (size_t k = CLASSES; k-- > 0 && at >= 0;) {
            s->y[i] = (uint8_t)k;
            at -= weights[k] / sum;
        }
    }
    mech_experiments_free(e);
}

/* All run sets of experiments, for mech_model_predict_run_sets(). */
static void open_runs(const mech_experiments *e, mech_run_set *runs[N]) {
    for (size_t i = 0; i < N; i++) assert_int_equal(mech_experiments_run_set(e, i, &runs[i], NULL), MECH_OK);
}

static void calibrated_probabilities_are_the_changed_ones(void **state) {
    (void)state;
    static float p[N * CLASSES], q[N * CLASSES], other[N * CLASSES];
    mech_samples *s = random_samples(MECH_DESIGN_NATURE);
    mech_model *model = random_model();
    label_by(model, s);
    mech_experiments *e = experiments_of(s);
    mech_run_set *runs[N];
    mech_error error;
    open_runs(e, runs);
    assert_int_equal(mech_model_predict_experiments(model, e, NULL, true, 1, q, &error), MECH_INVALID_INPUT);
    assert_int_equal(mech_model_predict_run_sets(model, N, (const mech_run_set *const *)runs, NULL, 1, p, NULL, &error),
                     MECH_OK);
    assert_int_equal(mech_model_predict_experiments(model, e, NULL, false, 2, other, &error), MECH_OK);
    assert_memory_equal(p, other, sizeof p);
    mech_calibrate_options options = mech_calibrate_options_default();
    mech_calibration_report report;
    static const mech_calibration_method methods[] = {MECH_CALIBRATION_TEMPERATURE, MECH_CALIBRATION_VECTOR,
                                                      MECH_CALIBRATION_ADAPTIVE};
    for (size_t m = 0; m < 3; m++) {
        options.method = methods[m];
        if (mech_calibrate_experiments(model, e, &options, "a test", &report, &error) != MECH_OK)
            fail_msg("%s", error.message);
        assert_true(report.n_fitted == N / 2 && report.n_held_out == N / 2 &&
                    report.conformal_95 <= report.conformal_99);
        assert_string_equal(mech_model_metadata(model, "calibration_data"), "a test");
        /* What was fitted to has its minimum there: on the whole, which is near it, calibration is no worse. */
        calibration c;
        assert_int_equal(mech_calibration_read(model, &c, &error), MECH_OK);
        assert_int_equal(mech_model_predict_run_sets_calibrated(model, N, (const mech_run_set *const *)runs, NULL, 2, q,
                                                                NULL, &error),
                         MECH_OK);
        assert_int_equal(mech_model_predict_experiments(model, e, NULL, true, 1, other, &error), MECH_OK);
        assert_memory_equal(q, other, sizeof q);
        double before = 0, after = 0;
        for (size_t i = 0; i < N; i++) {
            double z[CLASSES], expected[CLASSES], total = 0;
            before -= log((double)p[i * CLASSES + s->y[i]]);
            after -= log((double)q[i * CLASSES + s->y[i]]);
            mech_logits_of(CLASSES, p + i * CLASSES, z);
            for (size_t k = 0; k < CLASSES && m < 2; k++)
                total += expected[k] =
                    exp(m == 0 ? c.parameters[0] * z[k] : c.parameters[k] * z[k] + c.parameters[CLASSES + k]);
            for (size_t k = 0; k < CLASSES && m < 2; k++)
                assert_true(fabs(expected[k] / total - (double)q[i * CLASSES + k]) < 1e-6);
        }
        assert_true(after < before);
        mech_calibration_free(&c);
    }
    for (size_t i = 0; i < N; i++) mech_run_set_free(runs[i]);
    mech_model_free(model);
    mech_experiments_free(e);
    mech_samples_free(s);
}

static void the_factors_of_a_run_set_make_one(void **state) {
    (void)state;
    const double z[CLASSES] = {-0.2, -2.5, -2.3};
    calibration c;
    assert_int_equal(mech_calibration_new(MECH_CALIBRATION_ADAPTIVE, CLASSES, &c, NULL), MECH_OK);
    for (size_t n = 0; n < 2000; n = 3 * n + 1)
        for (double noise = 0; noise < 2; noise = 3 * noise + 1e-4) {
            factors f;
            double total = 0;
            mech_find_set_factors(&c, z, n, noise, &f);
            assert_in_range(f.n, 1, 8);
            for (size_t i = 0; i < f.n; i++) {
                assert_in_range(f.of[i].parameter, 0, ADAPTIVE_WEIGHTS - 1);
                assert_true(f.of[i].value >= 0);
                total += f.of[i].value;
            }
            assert_true(fabs(total - 1) < 1e-12);
        }
    mech_calibration_free(&c);
}

static void what_has_no_meaning_is_refused(void **state) {
    (void)state;
    mech_samples *s = random_samples(MECH_DESIGN_NATURE);
    mech_experiments *e = experiments_of(s);
    mech_model *model = random_model();
    mech_error error;
    mech_calibrate_options options = mech_calibrate_options_default();
    const size_t points[] = {3};
    options.n_points = 1;
    options.points = points;
    assert_int_equal(mech_calibrate_experiments(model, e, &options, "", NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "experiments are taken as they are; expected no points and no noise");
    assert_int_equal(mech_calibrate(model, s, NULL, "", NULL, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "reads run sets, not samples"));
    mech_model *of_samples;
    assert_int_equal(mech_model_create("average", 4, CLASSES, 1, &of_samples, &error), MECH_OK);
    assert_int_equal(mech_calibrate_experiments(of_samples, e, NULL, "", NULL, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "reads samples of four runs, not run sets"));
    assert_null(mech_model_calibration(model));
    mech_model_free(of_samples);
    mech_model_free(model);
    mech_experiments_free(e);
    mech_samples_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_experiments_of_four_runs),
        cmocka_unit_test(calibrated_probabilities_are_the_changed_ones),
        cmocka_unit_test(the_factors_of_a_run_set_make_one),
        cmocka_unit_test(what_has_no_meaning_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
