/* A model with its working memory, for predictions one after the other. */
#include "base/error.h"
#include "learn/engine/engine.h"
#include "learn/model/model.h"

#include <stdlib.h>

struct mech_predictor {
    const mech_model *model;
    engine *e;
};

mech_status mech_predictor_new(const mech_model *model, mech_precision precision, int threads,
                               mech_predictor **predictor, mech_error *error) {
    *predictor = NULL;
    mech_predictor *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->model = model;
    const mech_status status = precision == MECH_PRECISION_FLOAT32
                                   ? mech_engine_new(&model->g, threads, &made->e, error)
                                   : mech_engine_new_exact(&model->g, threads, &made->e, error);
    if (status == MECH_OK)
        *predictor = made;
    else
        mech_predictor_free(made);
    return status;
}

void mech_predictor_free(mech_predictor *predictor) {
    if (!predictor) return;
    mech_engine_free(predictor->e);
    free(predictor);
}

mech_status mech_predictor_predict(mech_predictor *predictor, size_t n, size_t n_times, const float *x1,
                                   const float *x2, float *probabilities, mech_error *error) {
    return mech_model_predict_with(predictor->model, predictor->e, n, n_times, x1, x2, probabilities, error);
}

double mech_predictor_peak(const mech_predictor *predictor) { return mech_engine_peak(predictor->e); }
