/* A model that learns batch by batch, for trainings that the caller leads. */
#include "base/error.h"
#include "base/memory.h"
#include "learn/engine/engine.h"
#include "learn/model/model.h"
#include "learn/optimiser/optimiser.h"

#include <stdlib.h>

struct mech_learner {
    mech_model *model;
    engine *e;
    float *gradient, *first, *second; /* each [n_parameters], in one block */
    uint64_t step;
};

mech_status mech_learner_new(mech_model *model, int threads, mech_learner **learner, mech_error *error) {
    *learner = NULL;
    mech_learner *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    const size_t n = model->g.n_parameters;
    made->model = model;
    made->gradient = mech_allocate_array(3 * n, sizeof *made->gradient);
    mech_status status =
        made->gradient ? mech_engine_new(&model->g, threads, &made->e, error) : mech_fail_memory(error);
    if (status != MECH_OK) {
        mech_learner_free(made);
        return status;
    }
    made->first = made->gradient + n;
    made->second = made->first + n;
    *learner = made;
    return MECH_OK;
}

void mech_learner_free(mech_learner *learner) {
    if (!learner) return;
    mech_engine_free(learner->e);
    mech_release_array(learner->gradient);
    free(learner);
}

mech_status mech_learner_gradient(mech_learner *learner, size_t n, size_t n_times, const float *x1, const float *x2,
                                  const uint8_t *y, double *cross_entropy, size_t *correct, mech_error *error) {
    const engine_part part = {.n = n, .n_times = n_times, .x1 = x1, .x2 = x2, .y = y};
    engine_loss loss;
    for (size_t i = 0; i < n; i++)
        if (y[i] >= learner->model->g.n_labels)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "label %u of sample %zu; expected 0 to %zu", (unsigned)y[i],
                             i, learner->model->g.n_labels - 1);
    const mech_status status =
        mech_engine_gradient(learner->e, learner->model->parameters, 1, &part, 0, learner->gradient, &loss, error);
    if (status == MECH_OK && cross_entropy) *cross_entropy = loss.cross_entropy;
    if (status == MECH_OK && correct) *correct = loss.correct;
    return status;
}

void mech_learner_update(mech_learner *learner, double learning_rate) {
    mech_adam_step(learner->model->g.n_parameters, learner->step++, learning_rate, 1, learner->gradient,
                   learner->model->parameters, learner->first, learner->second);
}
