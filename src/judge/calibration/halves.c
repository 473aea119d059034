#include "judge/calibration/halves.h"

#include "base/files/text.h"
#include "base/memory.h"
#include "base/random.h"
#include "judge/calibration/conformal.h"
#include "learn/model/model.h"

enum { FEWEST_SAMPLES = 200 };

mech_status mech_halves_new(mech_calibration_method method, size_t n, size_t n_labels, size_t looks, uint64_t seed,
                            halves *h, mech_error *error) {
    *h = (halves){.n = n, .n_labels = n_labels, .n_fitted = n / 2, .n_held_out = n - n / 2};
    if (n < FEWEST_SAMPLES || n > UINT32_MAX)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there are %zu samples to calibrate with; expected at least %d",
                         n, FEWEST_SAMPLES);
    const mech_status status = mech_calibration_new(method, n_labels, &h->c, error);
    if (status != MECH_OK) return status;
    h->order = mech_allocate_array(n, sizeof *h->order);
    h->fit.z = mech_allocate_array(looks * h->n_fitted, n_labels * sizeof *h->fit.z);
    h->fit.seen = mech_allocate_array(looks * h->n_fitted, sizeof *h->fit.seen);
    h->fit.y = mech_allocate_array(looks * h->n_fitted, sizeof *h->fit.y);
    h->raw = mech_allocate_array(h->n_held_out, n_labels * sizeof *h->raw);
    h->calibrated = mech_allocate_array(h->n_held_out, n_labels * sizeof *h->calibrated);
    h->y = mech_allocate_array(h->n_held_out, sizeof *h->y);
    h->seen = mech_allocate_array(h->n_held_out, sizeof *h->seen);
    if (!h->order || !h->raw || !h->calibrated || !h->y || !h->seen || !h->fit.z || !h->fit.seen || !h->fit.y)
        return mech_fail_memory(error);
    /* Files stand in the order of the labels: each half must have its share of all. */
    random_stream r = mech_random_open(seed, RANDOM_SHUFFLE, 2, 0);
    mech_random_permutation(&r, (uint32_t)n, h->order);
    return MECH_OK;
}

void mech_halves_free(halves *h) {
    mech_calibration_free(&h->c);
    mech_release_array(h->order);
    mech_release_array(h->fit.z);
    mech_release_array(h->fit.seen);
    mech_release_array(h->fit.y);
    mech_release_array(h->raw);
    mech_release_array(h->calibrated);
    mech_release_array(h->y);
    mech_release_array(h->seen);
}

/* Calibrated probabilities of the held-out half, in float32 as every user of the model will see them, and thresholds
 * from them. */
static mech_status find_thresholds(halves *h, mech_calibration_report *report, mech_error *error) {
    double *scores = mech_allocate_array(h->n_held_out, sizeof *scores);
    if (!scores) return mech_fail_memory(error);
    for (size_t i = 0; i < h->n_held_out; i++) {
        double z[MECH_MOST_LABELS], p[MECH_MOST_LABELS];
        size_t order[MECH_MOST_LABELS];
        mech_logits_of(h->n_labels, h->raw + i * h->n_labels, z);
        mech_calibration_apply(&h->c, &h->seen[i], z, p);
        for (size_t c = 0; c < h->n_labels; c++) {
            const float rounded = (float)p[c];
            h->calibrated[i * h->n_labels + c] = rounded;
            p[c] = (double)rounded;
        }
        scores[i] = mech_conformal_score(h->n_labels, p, h->y[i], order);
    }
    report->conformal_95 = mech_conformal_threshold(h->n_held_out, scores, 0.95);
    report->conformal_99 = mech_conformal_threshold(h->n_held_out, scores, 0.99);
    mech_release_array(scores);
    return MECH_OK;
}

static mech_status measure(const halves *h, mech_calibration_report *report, mech_error *error) {
    mech_metrics *before = NULL, *after = NULL;
    mech_status status = mech_evaluate(h->n_held_out, h->n_labels, h->raw, h->y, &before, error);
    if (status == MECH_OK) status = mech_evaluate(h->n_held_out, h->n_labels, h->calibrated, h->y, &after, error);
    if (status == MECH_OK) {
        report->cross_entropy_before = before->cross_entropy;
        report->cross_entropy_after = after->cross_entropy;
        report->calibration_error_before = before->expected_calibration_error;
        report->calibration_error_after = after->expected_calibration_error;
    }
    mech_metrics_free(before);
    mech_metrics_free(after);
    return status;
}

static mech_status describe_thresholds(const mech_calibration_report *report, mech_model *model, mech_error *error) {
    text thresholds = {0};
    mech_text_number(&thresholds, report->conformal_95);
    mech_text_add(&thresholds, ",");
    mech_text_number(&thresholds, report->conformal_99);
    const mech_status status = thresholds.failed
                                   ? mech_fail_memory(error)
                                   : mech_model_describe(model, "conformal_thresholds", thresholds.characters, error);
    mech_text_free(&thresholds);
    return status;
}

mech_status mech_halves_calibrate(halves *h, mech_model *model, mech_calibration_report *report, mech_error *error) {
    *report = (mech_calibration_report){.n_fitted = h->n_fitted, .n_held_out = h->n_held_out};
    report->n_parameters = mech_calibration_size(&h->c);
    mech_status status = mech_calibration_fit(&h->fit, &h->c, &report->n_iterations, error);
    if (status == MECH_OK) status = find_thresholds(h, report, error);
    if (status == MECH_OK) status = measure(h, report, error);
    if (status == MECH_OK && report->cross_entropy_after > report->cross_entropy_before) {
        mech_calibration_change_nothing(&h->c);
        status = find_thresholds(h, report, error);
        if (status == MECH_OK) status = measure(h, report, error);
    }
    if (status == MECH_OK) status = mech_calibration_write(&h->c, model, error);
    return status == MECH_OK ? describe_thresholds(report, model, error) : status;
}
