#include "judge/calibration/calibration.h"

#include "base/files/text.h"
#include "base/memory.h"
#include "data/samples/augment.h"
#include "judge/calibration/conformal.h"
#include "learn/model/model.h"

#include <math.h>
#include <string.h>

static const char *const method_names[] = {"temperature", "vector", "adaptive"};
enum { N_METHODS = sizeof method_names / sizeof method_names[0] };

/* Logits lie between 0 and -88: no calibration multiplies or moves them by more. */
static const double MOST_SCALE = 1000;

/* A float32 holds no positive normal number below this. */
static const double LEAST_PROBABILITY = 1e-38;

mech_status mech_calibration_new(mech_calibration_method method, size_t n_labels, calibration *c, mech_error *error) {
    *c = (calibration){.method = method, .n_labels = n_labels};
    if ((size_t)method >= N_METHODS || n_labels > MECH_MOST_LABELS)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no calibration of kind %d for %zu labels", (int)method,
                         n_labels);
    const bool vector = method == MECH_CALIBRATION_VECTOR, adaptive = method == MECH_CALIBRATION_ADAPTIVE;
    c->n_inverse = adaptive ? ADAPTIVE_WEIGHTS : vector ? 0 : 1;
    c->n_scales = vector ? n_labels : 0;
    c->n_biases = vector || adaptive ? n_labels : 0;
    c->parameters = mech_allocate_array(mech_calibration_size(c), sizeof *c->parameters);
    if (!c->parameters) return mech_fail_memory(error);
    mech_calibration_change_nothing(c);
    return MECH_OK;
}

void mech_calibration_change_nothing(calibration *c) {
    for (size_t i = 0; i < mech_calibration_size(c); i++) c->parameters[i] = i < c->n_inverse + c->n_scales ? 1 : 0;
}

void mech_calibration_free(calibration *c) {
    mech_release_array(c->parameters);
    *c = (calibration){0};
}

size_t mech_calibration_size(const calibration *c) { return c->n_inverse + c->n_scales + c->n_biases; }

const char *mech_model_calibration(const mech_model *model) {
    const char *name = mech_model_metadata(model, "calibration");
    for (size_t i = 0; name && i < N_METHODS; i++)
        if (strcmp(name, method_names[i]) == 0) return method_names[i];
    return NULL;
}

double mech_model_conformal_threshold(const mech_model *model, double level) {
    const char *list = mech_model_metadata(model, "conformal_thresholds");
    double thresholds[2];
    if (!list || !mech_model_calibration(model) || !mech_conformal_thresholds_read(list, thresholds)) return 0;
    return level == 0.95 ? thresholds[0] : level == 0.99 ? thresholds[1] : 0;
}

/* Reads exactly n numbers with commas between them. */
static bool read_numbers(const char *list, size_t n, double *numbers) {
    const char *word;
    size_t length;
    for (size_t i = 0; i < n; i++)
        if (!mech_next_word(&list, &word, &length) || !mech_parse_number(word, length, '.', &numbers[i])) return false;
    return !list;
}

mech_status mech_calibration_read(const mech_model *model, calibration *c, mech_error *error) {
    const char *name = mech_model_metadata(model, "calibration"), *known = mech_model_calibration(model);
    const char *list = mech_model_metadata(model, "calibration_parameters");
    *c = (calibration){0};
    if (!name)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "the model has no calibration; expected one that 'mechanist calibrate' has entered");
    if (!known)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: metadata 'calibration': is '%.32s'; expected temperature, vector or adaptive",
                         model->source, name);
    size_t method = 0;
    while (method_names[method] != known) method++;
    mech_status status = mech_calibration_new((mech_calibration_method)method, mech_model_n_labels(model), c, error);
    if (status != MECH_OK) return status;
    if (!list || !read_numbers(list, mech_calibration_size(c), c->parameters))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: metadata 'calibration_parameters': expected %zu numbers with commas between them",
                         model->source, mech_calibration_size(c));
    for (size_t i = 0; i < mech_calibration_size(c); i++)
        if (i < c->n_inverse + c->n_scales ? !(c->parameters[i] > 0 && c->parameters[i] <= MOST_SCALE)
                                           : !(fabs(c->parameters[i]) <= MOST_SCALE))
            return mech_fail(error, MECH_INVALID_INPUT,
                             "%s: metadata 'calibration_parameters': number %zu is %g; expected %s", model->source,
                             i + 1, c->parameters[i],
                             i < c->n_inverse + c->n_scales ? "a factor of logits above 0 and at most 1000"
                                                            : "a bias from -1000 to 1000");
    const char *thresholds = mech_model_metadata(model, "conformal_thresholds");
    double numbers[2];
    if (thresholds && !mech_conformal_thresholds_read(thresholds, numbers))
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: metadata 'conformal_thresholds': is '%.32s'; expected two numbers above 0, ascending, up to 2",
            model->source, thresholds);
    return MECH_OK;
}

mech_status mech_calibration_write(const calibration *c, mech_model *model, mech_error *error) {
    text list = {0};
    for (size_t i = 0; i < mech_calibration_size(c); i++) {
        if (i) mech_text_add(&list, ",");
        mech_text_number(&list, c->parameters[i]);
    }
    mech_status status = list.failed ? mech_fail_memory(error) : MECH_OK;
    if (status == MECH_OK) status = mech_model_describe(model, "calibration", method_names[c->method], error);
    if (status == MECH_OK) status = mech_model_describe(model, "calibration_parameters", list.characters, error);
    mech_text_free(&list);
    return status;
}

void mech_logits_of(size_t n_labels, const float *p, double *z) {
    for (size_t c = 0; c < n_labels; c++) z[c] = log(fmax((double)p[c], LEAST_PROBABILITY));
}

void mech_calibration_apply(const calibration *c, const factors *f, const double *z, double *calibrated) {
    const double *scales = c->parameters + c->n_inverse, *biases = scales + c->n_scales;
    double inverse = 0, highest = -INFINITY, sum = 0;
    for (size_t i = 0; i < f->n; i++) inverse += f->of[i].value * c->parameters[f->of[i].parameter];
    for (size_t i = 0; i < c->n_labels; i++) {
        calibrated[i] = (c->n_scales ? scales[i] : inverse) * z[i] + (c->n_biases ? biases[i] : 0);
        highest = fmax(highest, calibrated[i]);
    }
    for (size_t i = 0; i < c->n_labels; i++) {
        calibrated[i] = exp(calibrated[i] - highest);
        sum += calibrated[i];
    }
    for (size_t i = 0; i < c->n_labels; i++) calibrated[i] /= sum;
}

mech_status mech_model_predict_calibrated(const mech_model *model, size_t n, size_t n_times, const float *x1,
                                          const float *x2, int threads, float *probabilities, mech_error *error) {
    calibration c;
    mech_status status = mech_calibration_read(model, &c, error);
    if (status == MECH_OK) status = mech_model_predict(model, n, n_times, x1, x2, threads, probabilities, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        double z[MECH_MOST_LABELS], calibrated[MECH_MOST_LABELS];
        float *p = probabilities + i * c.n_labels;
        factors f;
        mech_logits_of(c.n_labels, p, z);
        mech_find_factors(&c, z, n_times, loadings_of_sample(x1, i), readings_of_sample(x2, n_times, i), false, &f);
        mech_calibration_apply(&c, &f, z, calibrated);
        for (size_t k = 0; k < c.n_labels; k++) p[k] = (float)calibrated[k];
    }
    mech_calibration_free(&c);
    return status;
}
