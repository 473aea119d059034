#include "study/judgement/judgement.h"

#include "base/error.h"
#include "base/page/json.h"

#include <math.h>

enum { SIZES = sizeof((mech_credible_metrics){0}.size_share) / sizeof(double) };

/* What has no value, as the recall of a class without samples, is null. */
static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *interval(double lower, double upper) {
    json_t *ends = json_array();
    json_array_append_new(ends, number(lower));
    json_array_append_new(ends, number(upper));
    return ends;
}

/* A figure, or, with an upper end, its interval. */
static json_t *figure(const double *value, const double *upper) {
    return upper ? interval(*value, *upper) : number(*value);
}

static json_t *figures(size_t n, const double *values, const double *upper) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, figure(values + i, upper ? upper + i : NULL));
    return list;
}

static json_t *describe_set(const mech_credible_metrics *m, const mech_credible_metrics *upper) {
    return json_pack("{s:f, s:o, s:o, s:o}", "level", m->level, "coverage",
                     figure(&m->coverage, upper ? &upper->coverage : NULL), "mean_size",
                     figure(&m->mean_size, upper ? &upper->mean_size : NULL), "size_share",
                     figures(SIZES, m->size_share, upper ? upper->size_share : NULL));
}

static json_t *describe_reliability(const mech_metrics *m, const mech_metrics *upper) {
    json_t *bins = json_array();
    for (int i = 0; i < MECH_RELIABILITY_BINS; i++) {
        const mech_reliability_bin *bin = &m->reliability[i], *top = upper ? &upper->reliability[i] : NULL;
        json_array_append_new(bins, json_pack("{s:f, s:f, s:o, s:o, s:o}", "from", (double)i / MECH_RELIABILITY_BINS,
                                              "to", (double)(i + 1) / MECH_RELIABILITY_BINS, "share",
                                              figure(&bin->share, top ? &top->share : NULL), "confidence",
                                              figure(&bin->confidence, top ? &top->confidence : NULL), "accuracy",
                                              figure(&bin->accuracy, top ? &top->accuracy : NULL)));
    }
    return bins;
}

/* The figures of m or, where upper is not NULL, intervals from m to upper, under the same keys. */
static void add_figures(json_t *object, const mech_metrics *m, const mech_metrics *upper) {
#define FIGURE(name) figure(&m->name, upper ? &upper->name : NULL)
#define CLASSES(name) figures(m->n_labels, m->name, upper ? upper->name : NULL)
#define SET(name) describe_set(&m->name, upper ? &upper->name : NULL)
    json_object_set_new(object, "top1", FIGURE(top1));
    json_object_set_new(object, "top3", FIGURE(top3));
    json_object_set_new(object, "cross_entropy", FIGURE(cross_entropy));
    json_object_set_new(object, "brier", FIGURE(brier));
    json_object_set_new(object, "entropy",
                        json_pack("{s:o, s:o, s:o}", "mean", FIGURE(entropy_mean), "median", FIGURE(entropy_median),
                                  "sd", FIGURE(entropy_sd)));
    json_object_set_new(object, "credible_set", SET(credible_95));
    json_object_set_new(object, "credible_set_99", SET(credible_99));
    if (m->conformal_95.level > 0) {
        json_object_set_new(object, "conformal_set", SET(conformal_95));
        json_object_set_new(object, "conformal_set_99", SET(conformal_99));
    }
    json_object_set_new(object, "ece", FIGURE(expected_calibration_error));
    json_object_set_new(object, "reliability", describe_reliability(m, upper));
    json_object_set_new(object, "recall", CLASSES(recall));
    json_object_set_new(object, "precision", CLASSES(precision));
    json_object_set_new(object, "f1", CLASSES(f1));
#undef FIGURE
#undef CLASSES
#undef SET
}

static json_t *describe_confusion(const mech_metrics *m) {
    json_t *confusion = json_array();
    for (size_t c = 0; c < m->n_labels; c++) {
        json_t *row = json_array();
        for (size_t d = 0; d < m->n_labels; d++)
            json_array_append_new(row, json_integer((json_int_t)m->confusion[c * m->n_labels + d]));
        json_array_append_new(confusion, row);
    }
    return confusion;
}

static json_t *describe_slices(const mech_judgement *j) {
    json_t *list = json_array();
    for (size_t i = 0; i < j->n_slices; i++) {
        const mech_metrics *m = j->slices[i].metrics;
        json_t *object =
            json_pack("{s:s, s:s, s:I, s:f, s:f, s:f, s:o, s:o, s:f}", "by", j->slices[i].kind, "slice",
                      j->slices[i].words, "n", (json_int_t)m->n, "top1", m->top1, "top3", m->top3, "cross_entropy",
                      m->cross_entropy, "credible_set", describe_set(&m->credible_95, NULL), "credible_set_99",
                      describe_set(&m->credible_99, NULL), "ece", m->expected_calibration_error);
        if (m->conformal_95.level > 0) {
            json_object_set_new(object, "conformal_set", describe_set(&m->conformal_95, NULL));
            json_object_set_new(object, "conformal_set_99", describe_set(&m->conformal_99, NULL));
        }
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *describe_rival(const mech_judgement *j) {
    const mech_mcnemar *c = j->mcnemar;
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:s, s:o, s:o}", "model", j->rival, "both", (json_int_t)c->both,
                     "only_this", (json_int_t)c->only_first, "only_other", (json_int_t)c->only_second, "neither",
                     (json_int_t)c->neither, "test", c->exact ? "exact" : "chi-squared", "statistic",
                     number(c->statistic), "p_value", number(c->p_value));
}

mech_status mech_judgement_json(const mech_judgement *j, const mech_predictions *p,
                                const mech_prediction_options *options, char **written, mech_error *error) {
    mech_prediction_options own;
    text t = {0};
    *written = NULL;
    mech_status status = mech_take_prediction_options(options, &own, error);
    if (status != MECH_OK) return status;
    const mech_metrics *m = j->metrics;
    const mech_samples *samples = p->samples;
    json_t *object = json_pack("{s:s, s:s}", "model", p->model_path, "split", own.split);
    if (!object) return mech_fail(error, MECH_INVALID_ARGUMENT, "JSON cannot name the model; expected a path in UTF-8");
    if (samples) {
        json_object_set_new(object, "points", json_integer((json_int_t)(samples->n_times - 1)));
        json_object_set_new(object, "noise", json_real(100 * own.noise));
    } else {
        json_object_set_new(object, "of", json_string(p->design ? p->design : ""));
    }
    json_object_set_new(object, "calibrated", json_boolean(own.calibrated));
    json_object_set_new(object, "fits", json_boolean(own.fits));
    json_object_set_new(object, "n", json_integer((json_int_t)m->n));
    if (own.exact) json_object_set_new(object, "exact", json_true());
    if (own.species) json_object_set_new(object, "species", json_string(own.species));
    add_figures(object, m, NULL);
    json_object_set_new(object, "confusion", describe_confusion(m));
    if (j->lower) {
        json_t *intervals = json_pack("{s:f, s:I}", "level", 0.95, "resamples", (json_int_t)j->resamples);
        add_figures(intervals, j->lower, j->upper);
        json_object_set_new(object, "intervals", intervals);
    }
    if (j->n_slices) json_object_set_new(object, "slices", describe_slices(j));
    if (j->mcnemar) json_object_set_new(object, "against", describe_rival(j));
    status = mech_text_json(&t, object, 17, error);
    if (status == MECH_OK) return mech_text_take(&t, written, error);
    mech_text_free(&t);
    return status;
}
