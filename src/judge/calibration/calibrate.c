/* Calibrating a model: samples are thinned and made noisy as in training; one half of them fits the calibration, the
 * other, which it has not seen, gives the conformal thresholds and tells how good it is. */
#include "base/files/text.h"
#include "base/interface.h"
#include "base/memory.h"
#include "judge/calibration/calibration.h"
#include "judge/calibration/conformal.h"
#include "learn/batches/batches.h"
#include "learn/engine/engine.h"
#include "learn/model/model.h"
#include "learn/training/training.h"

#include <math.h>
#include <string.h>

/* Samples of a group share one number of points and one noise: small groups, so that all pairs of them occur with all
 * labels. What is fitted to is seen several times, each time with others. */
enum { GROUP = 4, FIT_PASSES = 4, FEWEST_SAMPLES = 200 };

void mech_calibrate_options_init(mech_calibrate_options *options, size_t size) {
    const mech_calibrate_options defaults = {.method = MECH_CALIBRATION_ADAPTIVE, .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

/* What the work needs on its way. The first n_fitted places of a random order are the half that is fitted to. */
typedef struct calibrating {
    const mech_samples *samples;
    const mech_calibrate_options *options;
    mech_model *model;
    size_t n, n_labels, n_fitted, n_held_out;
    augmentation choices;
    team *preparers;
    engine *e;
    batch group;
    uint32_t *order; /* [n] */
    uint64_t looks;  /* samples that were looked at so far */
    calibration c;
    calibration_samples fit; /* copies_of_look() of each */
    /* Of the held-out half: */
    float *raw, *calibrated; /* [n_held_out][n_labels] */
    uint8_t *y;              /* [n_held_out] */
    factors *seen;           /* [n_held_out] */
} calibrating;

/* How often a look counts in the fit. Where a temperature follows the noise, twice, once with the noise hidden, unless
 * the batches themselves hide S or P. */
static size_t copies_of_look(const calibrating *k) {
    return k->options->method == MECH_CALIBRATION_ADAPTIVE && !(k->choices.missing > 0) ? 2 : 1;
}

static size_t looks_at_fitted(const calibrating *k) { return copies_of_look(k) * FIT_PASSES * k->n_fitted; }

static mech_status prepare(calibrating *k, mech_error *error) {
    const mech_train_options lists = {.n_points = k->options->n_points,
                                      .points = k->options->points,
                                      .n_noise = k->options->n_noise,
                                      .noise = k->options->noise,
                                      .missing = mech_model_missing_share(k->model)};
    mech_status status = mech_choose_augmentation(&lists, k->samples->design, k->samples->n_times, &k->choices, error);
    if (status == MECH_OK) status = mech_calibration_new(k->options->method, k->n_labels, &k->c, error);
    if (status == MECH_OK) status = mech_batch_new(GROUP, k->samples->n_times, &k->group, error);
    if (status == MECH_OK) status = mech_engine_new_exact(&k->model->g, k->options->threads, &k->e, error);
    if (status != MECH_OK) return status;
    k->preparers = mech_team_new(1); /* a group is too little work to be shared out */
    k->n_fitted = k->n / 2;
    k->n_held_out = k->n - k->n_fitted;
    k->order = mech_allocate_array(k->n, sizeof *k->order);
    k->fit.z = mech_allocate_array(looks_at_fitted(k), k->n_labels * sizeof *k->fit.z);
    k->fit.seen = mech_allocate_array(looks_at_fitted(k), sizeof *k->fit.seen);
    k->fit.y = mech_allocate_array(looks_at_fitted(k), sizeof *k->fit.y);
    k->raw = mech_allocate_array(k->n_held_out, k->n_labels * sizeof *k->raw);
    k->calibrated = mech_allocate_array(k->n_held_out, k->n_labels * sizeof *k->calibrated);
    k->y = mech_allocate_array(k->n_held_out, sizeof *k->y);
    k->seen = mech_allocate_array(k->n_held_out, sizeof *k->seen);
    if (!k->preparers || !k->order || !k->raw || !k->calibrated || !k->y || !k->seen || !k->fit.z || !k->fit.seen ||
        !k->fit.y)
        return mech_fail_memory(error);
    /* Files stand in the order of the labels: each half must have its share of all. */
    random_stream r = mech_random_open(k->options->seed, RANDOM_SHUFFLE, 2, 0);
    mech_random_permutation(&r, (uint32_t)k->n, k->order);
    return MECH_OK;
}

static void release(calibrating *k) {
    mech_calibration_free(&k->c);
    mech_batch_free(&k->group);
    mech_engine_free(k->e);
    mech_team_free(k->preparers);
    mech_release_array(k->order);
    mech_release_array(k->fit.z);
    mech_release_array(k->fit.seen);
    mech_release_array(k->fit.y);
    mech_release_array(k->raw);
    mech_release_array(k->calibrated);
    mech_release_array(k->y);
    mech_release_array(k->seen);
}

/* Takes over what is seen of sample i of the group, whose probabilities are p: for the fit. */
static void take_fitted(calibrating *k, size_t i, const float *p) {
    const batch *g = &k->group;
    for (size_t hidden = 0; hidden < copies_of_look(k); hidden++) {
        const size_t to = k->fit.n++;
        double *z = k->fit.z + to * k->n_labels;
        mech_logits_of(k->n_labels, p, z);
        mech_find_factors(&k->c, z, g->parts[0].n_times, g->x1 + i * N_RUNS,
                          g->x2 + i * g->parts[0].n_times * SAMPLE_COLUMNS, hidden == 1, &k->fit.seen[to]);
        k->fit.y[to] = g->y[i];
    }
}

/* The same as sample `to` of the half that is held out. */
static void take_held_out(calibrating *k, size_t i, const float *p, size_t to) {
    const batch *g = &k->group;
    double z[MECH_MOST_LABELS];
    mech_logits_of(k->n_labels, p, z);
    mech_find_factors(&k->c, z, g->parts[0].n_times, g->x1 + i * N_RUNS,
                      g->x2 + i * g->parts[0].n_times * SAMPLE_COLUMNS, false, &k->seen[to]);
    memcpy(k->raw + to * k->n_labels, p, k->n_labels * sizeof *p);
    k->y[to] = g->y[i];
}

/* Thins the samples at places from, ..., until - 1 of the order and asks the network. */
static mech_status look_at(calibrating *k, size_t from, size_t until, bool held_out, mech_error *error) {
    float p[GROUP * MECH_MOST_LABELS];
    for (size_t begin = from; begin < until; begin += GROUP) {
        const batch_recipe recipe = {.samples = k->samples,
                                     .choices = &k->choices,
                                     .order = k->order + begin,
                                     .n = until - begin < GROUP ? until - begin : GROUP,
                                     .seed = k->options->seed,
                                     .use = BATCH_CALIBRATION,
                                     .number = k->looks,
                                     .position = k->looks};
        mech_batch_fill(&recipe, k->preparers, &k->group);
        const batch *g = &k->group;
        mech_status status =
            mech_engine_predict(k->e, k->model->parameters, g->n, g->parts[0].n_times, g->x1, g->x2, p, error);
        if (status != MECH_OK) return status;
        for (size_t i = 0; i < g->n; i++) {
            if (held_out)
                take_held_out(k, i, p + i * k->n_labels, begin - from + i);
            else
                take_fitted(k, i, p + i * k->n_labels);
        }
        k->looks += g->n;
    }
    return MECH_OK;
}

/* Calibrated probabilities of the held-out half, in float32 as every user of the model will see them, and thresholds
 * from them. */
static mech_status find_thresholds(calibrating *k, mech_calibration_report *report, mech_error *error) {
    double *scores = mech_allocate_array(k->n_held_out, sizeof *scores);
    if (!scores) return mech_fail_memory(error);
    for (size_t i = 0; i < k->n_held_out; i++) {
        double z[MECH_MOST_LABELS], p[MECH_MOST_LABELS];
        size_t order[MECH_MOST_LABELS];
        mech_logits_of(k->n_labels, k->raw + i * k->n_labels, z);
        mech_calibration_apply(&k->c, &k->seen[i], z, p);
        for (size_t c = 0; c < k->n_labels; c++) {
            const float rounded = (float)p[c];
            k->calibrated[i * k->n_labels + c] = rounded;
            p[c] = (double)rounded;
        }
        scores[i] = mech_conformal_score(k->n_labels, p, k->y[i], order);
    }
    report->conformal_95 = mech_conformal_threshold(k->n_held_out, scores, 0.95);
    report->conformal_99 = mech_conformal_threshold(k->n_held_out, scores, 0.99);
    mech_release_array(scores);
    return MECH_OK;
}

static mech_status measure(const calibrating *k, mech_calibration_report *report, mech_error *error) {
    mech_metrics *before = NULL, *after = NULL;
    mech_status status = mech_evaluate(k->n_held_out, k->n_labels, k->raw, k->y, &before, error);
    if (status == MECH_OK) status = mech_evaluate(k->n_held_out, k->n_labels, k->calibrated, k->y, &after, error);
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

/* What the metadata say besides the parameters: the thresholds, and what makes it all again. */
static mech_status describe(const calibrating *k, const char *origin, const mech_calibration_report *report,
                            mech_error *error) {
    text thresholds = {0}, options = {0};
    mech_text_number(&thresholds, report->conformal_95);
    mech_text_add(&thresholds, ",");
    mech_text_number(&thresholds, report->conformal_99);
    mech_text_format(&options, "--seed %llu", (unsigned long long)k->options->seed);
    for (size_t i = 0; i < k->choices.n_points; i++)
        mech_text_format(&options, "%s%zu", i ? "," : " --points ", k->choices.points[i]);
    for (size_t i = 0; i < k->choices.n_noise; i++) {
        mech_text_add(&options, i ? "," : " --noise ");
        mech_text_number(&options, rint(k->choices.noise[i] * 1e10) / 1e8);
    }
    mech_status status = thresholds.failed || options.failed ? mech_fail_memory(error) : MECH_OK;
    if (status == MECH_OK) status = mech_model_describe(k->model, "conformal_thresholds", thresholds.characters, error);
    if (status == MECH_OK) status = mech_model_describe(k->model, "calibration_options", options.characters, error);
    if (status == MECH_OK) status = mech_model_describe(k->model, "calibration_data", origin, error);
    mech_text_free(&thresholds);
    mech_text_free(&options);
    return status;
}

mech_status mech_calibrate(mech_model *model, const mech_samples *samples, const mech_calibrate_options *chosen,
                           const char *origin, mech_calibration_report *report, mech_error *error) {
    mech_calibration_report figures = {0};
    mech_calibrate_options own = mech_calibrate_options_default();
    const mech_calibrate_options *options = &own;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_calibrate_options", error);
    if (status != MECH_OK) return status;
    calibrating k = {.samples = samples,
                     .options = options,
                     .model = model,
                     .n = samples->n,
                     .n_labels = mech_model_n_labels(model)};
    if (samples->n < FEWEST_SAMPLES || samples->n > UINT32_MAX)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there are %zu samples to calibrate with; expected at least %d",
                         samples->n, FEWEST_SAMPLES);
    if (samples->n_labels != k.n_labels)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the samples have %zu labels; the model knows %zu",
                         samples->n_labels, k.n_labels);
    status = prepare(&k, error);
    for (int pass = 0; pass < FIT_PASSES && status == MECH_OK; pass++)
        status = look_at(&k, 0, k.n_fitted, false, error);
    if (status == MECH_OK) status = look_at(&k, k.n_fitted, k.n, true, error);
    if (status == MECH_OK) status = mech_calibration_fit(&k.fit, &k.c, &figures.n_iterations, error);
    if (status == MECH_OK) status = find_thresholds(&k, &figures, error);
    if (status == MECH_OK) status = measure(&k, &figures, error);
    if (status == MECH_OK) status = mech_calibration_write(&k.c, model, error);
    if (status == MECH_OK) status = describe(&k, origin, &figures, error);
    figures.n_fitted = k.n_fitted;
    figures.n_held_out = k.n_held_out;
    figures.n_parameters = mech_calibration_size(&k.c);
    if (status == MECH_OK && report)
        status = mech_give_result(report, &figures, sizeof figures, "mech_calibration_report", error);
    release(&k);
    return status;
}
