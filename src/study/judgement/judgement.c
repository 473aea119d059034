#include "study/judgement/judgement.h"

#include "base/error.h"
#include "base/interface.h"
#include "base/memory.h"

#include <stdlib.h>

/* Thresholds of conformal sets: calibrated probabilities of the network alone have some. */
static void add_conformal(const mech_prediction_options *options, const mech_model *model,
                          mech_evaluate_options *judged) {
    if (!options->calibrated || options->fits) return;
    judged->conformal_95 = mech_model_conformal_threshold(model, 0.95);
    judged->conformal_99 = mech_model_conformal_threshold(model, 0.99);
}

mech_status mech_predictions_judge(mech_predictions *p, const mech_prediction_options *options,
                                   const mech_evaluate_options *chosen, const mech_progress *progress,
                                   mech_judgement **made, mech_error *error) {
    mech_prediction_options own;
    mech_evaluate_options judged = mech_evaluate_options_default();
    *made = NULL;
    mech_status status = mech_take_prediction_options(options, &own, error);
    if (status == MECH_OK) status = mech_take_options(&judged, sizeof judged, chosen, "mech_evaluate_options", error);
    if (status == MECH_OK) status = mech_predictions_compute(p, &own, progress, error);
    if (status != MECH_OK) return status;
    judgement *j = calloc(1, sizeof *j);
    if (!j) return mech_fail_memory(error);
    add_conformal(&own, p->model, &judged);
    status = mech_evaluate_intervals(p->n, p->n_labels, p->probabilities, p->labels, &judged, &j->metrics, &j->lower,
                                     &j->upper, error);
    if (status == MECH_OK) status = mech_find_slices(p, &judged, j, error);
    j->shown.metrics = j->metrics;
    j->shown.lower = j->lower;
    j->shown.upper = j->upper;
    j->shown.resamples = judged.resamples;
    j->shown.slices = j->slices;
    if (status == MECH_OK)
        *made = &j->shown;
    else
        mech_judgement_free(&j->shown);
    return status;
}

mech_status mech_judgement_compare(mech_judgement *judged, const mech_predictions *p,
                                   const mech_prediction_options *options, const char *model_name, mech_error *error) {
    judgement *j = (judgement *)judged;
    mech_prediction_options own;
    mech_model *model = NULL;
    char *path = NULL, *note = NULL;
    mech_mcnemar found = {.size = sizeof found};
    mech_status status = mech_take_prediction_options(options, &own, error);
    if (status != MECH_OK) return status;
    float *probabilities = mech_allocate_array(p->n, p->n_labels * sizeof *probabilities);
    if (!probabilities) return mech_fail_memory(error);
    const model_request request = {.name = model_name, .path_of_data = p->path, .data = p->data, .asked = true};
    status = mech_read_model_for(&request, &path, &model, &note, error);
    if (status == MECH_OK) {
        /* The other model may have no calibration; it is then compared as it is. Against fits it is at its best. */
        const bool calibrated = (own.calibrated || own.fits) && mech_model_calibration(model);
        status = mech_predictions_ask(&own, p, model, calibrated, probabilities, error);
    }
    if (status == MECH_OK)
        status = mech_compare(p->n, p->n_labels, p->probabilities, probabilities, p->labels, &found, error);
    if (status == MECH_OK) {
        mech_free(j->rival);
        j->rival = path;
        path = NULL;
        j->mcnemar = found;
        j->shown.rival = j->rival;
        j->shown.mcnemar = &j->mcnemar;
    }
    mech_free(path);
    mech_free(note);
    mech_model_free(model);
    mech_release_array(probabilities);
    return status;
}

void mech_judgement_free(mech_judgement *judged) {
    judgement *j = (judgement *)judged;
    if (!j) return;
    for (size_t i = 0; i < j->shown.n_slices; i++) mech_metrics_free(j->of_slices[i]);
    mech_metrics_free(j->metrics);
    mech_metrics_free(j->lower);
    mech_metrics_free(j->upper);
    mech_free(j->rival);
    free(j);
}
