/* Any bytes are read as a model or refused with a message of one line; what is read can be asked, and is written as a
 * file that is read as the same model, and as ONNX. */
#include "base/files/text.h"
#include "fuzz.h"
#include "learn/onnx/onnx.h"

#include <math.h>
#include <string.h>

/* Networks beyond this size are read, but their arithmetic would take the fuzzer's time. */
enum { MOST_ASKED = 100000, TIMES = 3 };

static void check_answer(const mech_model *model) {
    const float x1[4] = {0.01f, 0.05f, 0.1f, 0.01f}, x2[TIMES * 12] = {0};
    float probabilities[MECH_MOST_LABELS];
    require(mech_model_predict(model, 1, TIMES, x1, x2, 1, probabilities, NULL) == MECH_OK);
}

static void check_round_trip(const mech_model *model) {
    text bytes = {0};
    mech_model *again = NULL;
    require(mech_model_serialise(model, &bytes, NULL) == MECH_OK);
    require(mech_model_parse(bytes.characters, bytes.length, "again", &again, NULL) == MECH_OK);
    require(again->g.n_parameters == model->g.n_parameters && again->n_metadata == model->n_metadata);
    require(memcmp(again->parameters, model->parameters, model->g.n_parameters * sizeof *model->parameters) == 0);
    mech_model_free(again);
    mech_text_free(&bytes);
}

static void check_export(const mech_model *model) {
    text bytes = {0};
    require(mech_onnx_serialise(model, MECH_PRECISION_FLOAT64, &bytes, NULL) == MECH_OK && bytes.length);
    mech_text_free(&bytes);
    require(mech_onnx_serialise(model, MECH_PRECISION_FLOAT32, &bytes, NULL) == MECH_OK && bytes.length);
    mech_text_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mech_model *model = NULL;
    mech_error error = {.message = ""};
    if (mech_model_parse((const char *)data, size, "fuzz", &model, &error) != MECH_OK) {
        require(!model && *error.message && is_one_line(error.message));
        return 0;
    }
    for (size_t i = 0; i < model->g.n_parameters; i++) require(isfinite(model->parameters[i]));
    require(mech_model_n_labels(model) >= 1 && mech_model_n_labels(model) <= MECH_MOST_LABELS);
    check_round_trip(model);
    check_export(model);
    if (model->g.n_parameters <= MOST_ASKED) check_answer(model);
    mech_model_free(model);
    return 0;
}
