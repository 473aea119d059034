/* Files that earlier versions wrote are read by this one: tests/version-X.Y.Z/ holds a small data set, a network that
 * was trained on it, its learning curve, and the probabilities that it gave to the test samples. */
#include "base/files/file.h"
#include "mechanist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER SOURCE_DIR "/tests/version-0.1.0/"

enum { N_TEST = 9, N_CLASSES = 3 };

static void a_data_set_is_read(void **state) {
    (void)state;
    static const char *const ids[N_CLASSES] = {"M1", "M6", "M9"};
    mech_dataset *data = NULL;
    mech_samples *samples = NULL;
    char *version = NULL;
    mech_error error;
    if (mech_dataset_read(FOLDER "data.h5", &data, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_dataset_n_mechanisms(data), N_CLASSES);
    for (size_t i = 0; i < N_CLASSES; i++) {
        assert_string_equal(mech_mechanism_id(mech_dataset_mechanism(data, i)), ids[i]);
        assert_int_equal(mech_dataset_n_samples(data, MECH_SPLIT_TEST, i), N_TEST / N_CLASSES);
    }
    assert_int_equal(mech_dataset_find(data, "m9"), 2);
    assert_int_equal(mech_dataset_attribute(FOLDER "data.h5", "version", &version, &error), MECH_OK);
    assert_string_equal(version, "0.1.0");
    if (mech_samples_read(FOLDER "data.h5", "train", &samples, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(samples->n, 12);
    assert_int_equal(samples->design, MECH_DESIGN_NATURE);
    /* Each sample is four runs from t = 0 on whose loadings are below 10 mol %. */
    for (size_t i = 0; i < samples->n; i++) {
        for (size_t run = 0; run < 4; run++) {
            assert_true(samples->x2[i * samples->n_times * 12 + 3 * run] == 0);
            assert_true(samples->x1[4 * i + run] > 0 && samples->x1[4 * i + run] < 0.11f);
        }
        assert_true(samples->y[i] < N_CLASSES);
    }
    mech_samples_free(samples);
    mech_free(version);
    mech_dataset_free(data);
}

static void a_model_predicts_what_it_did(void **state) {
    (void)state;
    mech_samples *samples = NULL;
    mech_model *model = NULL;
    char *npy = NULL;
    size_t length = 0;
    float then[N_TEST * N_CLASSES], now[N_TEST * N_CLASSES];
    mech_error error;
    if (mech_model_read(FOLDER "model.safetensors", &model, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_samples_read(FOLDER "data.h5", "test", &samples, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(samples->n, N_TEST);
    assert_string_equal(mech_model_metadata(model, "version"), "0.1.0");
    assert_int_equal(mech_model_predict(model, samples->n, samples->n_times, samples->x1, samples->x2, 1, now, &error),
                     MECH_OK);
    /* The numbers of a NumPy file stand at its end. */
    assert_int_equal(mech_file_read(FOLDER "probabilities.npy", 1 << 16, &npy, &length, &error), MECH_OK);
    assert_true(length > sizeof then);
    memcpy(then, npy + length - sizeof then, sizeof then);
    for (size_t i = 0; i < N_TEST * N_CLASSES; i++)
        if (!(fabsf(now[i] - then[i]) < 1e-6f))
            fail_msg("probability %zu: %g, not %g", i, (double)now[i], (double)then[i]);
    mech_free(npy);
    mech_samples_free(samples);
    mech_model_free(model);
}

static void a_learning_curve_is_read(void **state) {
    (void)state;
    mech_learning_curve *curve = NULL;
    mech_error error;
    if (mech_learning_curve_read(FOLDER "model.history.csv", &curve, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_learning_curve_n(curve), 3);
    assert_true(mech_learning_curve_row(curve, 2)->epoch == 3);
    assert_null(mech_learning_curve_row(curve, 3));
    mech_learning_curve_free(curve);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_data_set_is_read),
        cmocka_unit_test(a_model_predicts_what_it_did),
        cmocka_unit_test(a_learning_curve_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
