#include "cli/evaluate/predictions.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/evaluate/shipped_models.h"

#include <stdio.h>
#include <string.h>

mech_status ask_model(const mech_model *model, const mech_samples *samples, bool calibrated, int threads,
                      float *probabilities, mech_error *error) {
    return calibrated ? mech_model_predict_calibrated(model, samples->n, samples->n_times, samples->x1, samples->x2,
                                                      threads, probabilities, error)
                      : mech_model_predict(model, samples->n, samples->n_times, samples->x1, samples->x2, threads,
                                           probabilities, error);
}

/* Refuses a model whose labels stand for other mechanisms than those of the data. */
static mech_status check_labels(const char *data, const char *path, const mech_model *model, mech_error *error) {
    mech_dataset *of_data = NULL;
    mech_status status = mech_dataset_read(data, &of_data, error);
    if (status != MECH_OK) return status;
    for (size_t i = 0; i < mech_dataset_n_mechanisms(of_data) && status == MECH_OK; i++) {
        const mech_mechanism *known = mech_model_mechanism(model, i), *labelled = mech_dataset_mechanism(of_data, i);
        const char *id = mech_mechanism_id(labelled);
        if (!mech_model_metadata(model, "mechanisms") && !known) continue;
        if (strcmp(id, mech_model_label(model, i)) != 0)
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: label %zu is %s; of the model %s it is %s", data, i, id,
                               path, mech_model_label(model, i));
        else if (known && mech_mechanism_n_species(labelled) && !mech_mechanism_equal(known, labelled))
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: its %s is another mechanism than that of the model %s",
                               data, id, path);
    }
    mech_dataset_free(of_data);
    return status;
}

mech_status read_model_for(const char *name, const char *data, const mech_samples *samples, const mech_library *library,
                           char **path, mech_model **model, mech_error *error) {
    mech_status status = find_model(name, path, error);
    if (status == MECH_OK) status = mech_model_read(*path, model, error);
    if (status != MECH_OK) return status;
    if (samples->n_labels != mech_model_n_labels(*model))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: the data set has %zu labels; the model %s knows %zu", data,
                         samples->n_labels, *path, mech_model_n_labels(*model));
    if (library && mech_library_size(library)) status = mech_model_use_library(*model, library, error);
    if (status == MECH_OK) status = check_labels(data, *path, *model, error);
    if (status != MECH_OK) return status;
    const char *protocol = mech_model_metadata(*model, "protocol");
    const char *of_data = mech_protocol_name(samples->protocol);
    if (protocol && strcmp(protocol, of_data) != 0)
        fprintf(stderr, "mechanist: mind that %s was trained on protocol %s and %s is of protocol %s\n", *path,
                protocol, data, of_data);
    return MECH_OK;
}

mech_status refuse_own_training(const mech_model *model, const char *data, const char *split, mech_error *error) {
    const char *trained_on = mech_model_metadata(model, "data");
    char *made_with = NULL;
    if (strcmp(split, "train") != 0 || !trained_on) return MECH_OK;
    mech_status status = mech_dataset_attribute(data, "options", &made_with, error);
    if (status == MECH_OK && made_with && strcmp(made_with, trained_on) == 0)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: the model was trained on this split, and is better on it than on anything else; "
                           "expected other samples, or --own-training to judge these all the same",
                           data);
    mech_free(made_with);
    return status;
}

bool are_species(const char *words) { return !words || strcmp(words, "S") == 0 || strcmp(words, "P") == 0; }

mech_status predictions_open(const prediction_request *request, predictions *p, mech_error *error) {
    *p = (predictions){0};
    /* The model's name first: a mistake in it shows before a large data set is read. */
    char *path = NULL;
    mech_status status = find_model(request->model, &path, error);
    if (status == MECH_OK) status = mech_samples_read(request->data, request->split, &p->all, error);
    if (status == MECH_OK)
        status = read_model_for(path, request->data, p->all, request->library, &p->model_path, &p->model, error);
    mech_free(path);
    if (status == MECH_OK && !request->own_training)
        status = refuse_own_training(p->model, request->data, request->split, error);
    if (status != MECH_OK) return status;
    p->samples = p->all;
    p->probabilities = mech_allocate_array(p->all->n, p->all->n_labels * sizeof *p->probabilities);
    return p->probabilities ? MECH_OK : mech_fail_memory(error);
}

static void forget_thinned(predictions *p) {
    if (p->samples != p->all) mech_samples_free(p->samples);
    p->samples = p->all;
}

mech_status predictions_compute(const prediction_request *request, predictions *p, mech_error *error) {
    forget_thinned(p);
    if (request->points || request->noise > 0 || request->species) {
        mech_samples *thinned = NULL;
        mech_status status = mech_samples_thin(p->all, request->points, request->noise, request->seed, &thinned, error);
        if (status != MECH_OK) return status;
        p->samples = thinned;
        if (request->species)
            mech_samples_hide(thinned, strcmp(request->species, "S") == 0 ? MECH_ROLE_PRODUCT : MECH_ROLE_SUBSTRATE);
    }
    return ask_model(p->model, p->samples, request->calibrated, request->threads, p->probabilities, error);
}

void predictions_add_conformal(const prediction_request *request, const predictions *p,
                               mech_evaluate_options *options) {
    if (!request->calibrated) return;
    options->conformal_95 = mech_model_conformal_threshold(p->model, 0.95);
    options->conformal_99 = mech_model_conformal_threshold(p->model, 0.99);
}

mech_status predictions_judge(const prediction_request *request, const mech_evaluate_options *options, predictions *p,
                              judgement *j, mech_error *error) {
    *j = (judgement){0};
    mech_status status = predictions_compute(request, p, error);
    if (status != MECH_OK) return status;
    return mech_evaluate_intervals(p->samples->n, p->samples->n_labels, p->probabilities, p->samples->y, options,
                                   &j->metrics, &j->lower, &j->upper, error);
}

void judgement_free(judgement *j) {
    mech_metrics_free(j->metrics);
    mech_metrics_free(j->lower);
    mech_metrics_free(j->upper);
    *j = (judgement){0};
}

mech_status predictions_make(const prediction_request *request, predictions *p, mech_error *error) {
    mech_status status = predictions_open(request, p, error);
    return status == MECH_OK ? predictions_compute(request, p, error) : status;
}

void predictions_free(predictions *p) {
    forget_thinned(p);
    mech_free(p->model_path);
    mech_model_free(p->model);
    mech_samples_free(p->all);
    mech_release_array(p->probabilities);
    *p = (predictions){0};
}
