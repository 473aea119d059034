#include "cli/predictions.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/shipped_models.h"

#include <stdio.h>
#include <string.h>

/* Replaces the samples by what is left of them. */
static mech_status thin(const prediction_request *request, predictions *p, mech_error *error) {
    mech_samples *thinned = NULL;
    mech_status status = mech_samples_thin(p->samples, request->points, request->noise, request->seed, &thinned, error);
    if (status != MECH_OK) return status;
    mech_samples_free(p->samples);
    p->samples = thinned;
    return MECH_OK;
}

mech_status predictions_make(const prediction_request *request, predictions *p, mech_error *error) {
    *p = (predictions){0};
    mech_status status = find_model(request->model, &p->model_path, error);
    if (status == MECH_OK) status = mech_model_read(p->model_path, &p->model, error);
    if (status == MECH_OK) status = mech_samples_read(request->data, request->split, &p->samples, error);
    if (status == MECH_OK && request->thins) status = thin(request, p, error);
    if (status != MECH_OK) return status;
    const size_t n_classes = mech_model_n_classes(p->model);
    if (p->samples->n_classes != n_classes)
        return fail(error, MECH_INVALID_INPUT, "%s: the data set has %zu classes; the model %s knows %zu",
                    request->data, p->samples->n_classes, p->model_path, n_classes);
    const char *protocol = mech_model_metadata(p->model, "protocol");
    const char *of_data = p->samples->protocol == MECH_PROTOCOL_NATURE ? "nature" : "seed";
    if (protocol && strcmp(protocol, of_data) != 0)
        fprintf(stderr, "mechanist: mind that %s was trained on protocol %s and %s is of protocol %s\n", p->model_path,
                protocol, request->data, of_data);
    p->probabilities = allocate_array(p->samples->n, n_classes * sizeof *p->probabilities);
    if (!p->probabilities) return fail_memory(error);
    return mech_model_predict(p->model, p->samples->n, p->samples->n_times, p->samples->x1, p->samples->x2,
                              request->threads, p->probabilities, error);
}

void predictions_free(predictions *p) {
    mech_free(p->model_path);
    mech_model_free(p->model);
    mech_samples_free(p->samples);
    release_array(p->probabilities);
    *p = (predictions){0};
}
