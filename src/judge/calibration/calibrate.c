/* Calibrating a model of samples, which are thinned and made noisy as in training. */
#include "base/files/text.h"
#include "base/interface.h"
#include "base/memory.h"
#include "judge/calibration/halves.h"
#include "learn/batches/batches.h"
#include "learn/engine/engine.h"
#include "learn/model/model.h"
#include "learn/training/training.h"

#include <math.h>
#include <string.h>

/* Samples of a group share one number of points and one noise: small groups, so that all pairs of them occur with all
 * labels. What is fitted to is seen several times, each time with others. */
enum { GROUP = 4, FIT_PASSES = 4 };

void mech_calibrate_options_init(mech_calibrate_options *options, size_t size) {
    const mech_calibrate_options defaults = {.method = MECH_CALIBRATION_ADAPTIVE, .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

/* What the work needs on its way. */
typedef struct calibrating {
    const mech_samples *samples;
    const mech_calibrate_options *options;
    mech_model *model;
    augmentation choices;
    team *preparers;
    engine *e;
    batch group;
    uint64_t looks; /* samples that were looked at so far */
    halves halves;
} calibrating;

/* How often a look counts in the fit. Where a temperature follows the noise, twice, once with the noise hidden, unless
 * the batches themselves hide S or P. */
static size_t copies_of_look(const calibrating *k) {
    return k->options->method == MECH_CALIBRATION_ADAPTIVE && !(k->choices.missing > 0) ? 2 : 1;
}

static mech_status prepare(calibrating *k, mech_error *error) {
    const mech_train_options lists = {.n_points = k->options->n_points,
                                      .points = k->options->points,
                                      .n_noise = k->options->n_noise,
                                      .noise = k->options->noise,
                                      .missing = mech_model_missing_share(k->model)};
    mech_status status =
        mech_choose_augmentation(&lists, k->samples->protocol, k->samples->n_times, &k->choices, error);
    if (status == MECH_OK)
        status = mech_halves_new(k->options->method, k->samples->n, mech_model_n_labels(k->model),
                                 copies_of_look(k) * FIT_PASSES, k->options->seed, &k->halves, error);
    if (status == MECH_OK) status = mech_batch_new(GROUP, k->samples->n_times, &k->group, error);
    if (status == MECH_OK) status = mech_engine_new_exact(&k->model->g, k->options->threads, &k->e, error);
    if (status != MECH_OK) return status;
    k->preparers = mech_team_new(1); /* a group is too little work to be shared out */
    return k->preparers ? MECH_OK : mech_fail_memory(error);
}

static void release(calibrating *k) {
    mech_halves_free(&k->halves);
    mech_batch_free(&k->group);
    mech_engine_free(k->e);
    mech_team_free(k->preparers);
}

/* Takes over what is seen of sample i of the group, whose probabilities are p: for the fit. */
static void take_fitted(calibrating *k, size_t i, const float *p) {
    const batch *g = &k->group;
    halves *h = &k->halves;
    for (size_t hidden = 0; hidden < copies_of_look(k); hidden++) {
        const size_t to = h->fit.n++;
        double *z = h->fit.z + to * h->n_labels;
        mech_logits_of(h->n_labels, p, z);
        mech_find_factors(&h->c, z, g->parts[0].n_times, loadings_of_sample(g->x1, i),
                          readings_of_sample(g->x2, g->parts[0].n_times, i), hidden == 1, &h->fit.seen[to]);
        h->fit.y[to] = g->y[i];
    }
}

/* The same as sample `to` of the half that is held out. */
static void take_held_out(calibrating *k, size_t i, const float *p, size_t to) {
    const batch *g = &k->group;
    halves *h = &k->halves;
    double z[CALIBRATION_MOST_CLASSES];
    mech_logits_of(h->n_labels, p, z);
    mech_find_factors(&h->c, z, g->parts[0].n_times, loadings_of_sample(g->x1, i),
                      readings_of_sample(g->x2, g->parts[0].n_times, i), false, &h->seen[to]);
    memcpy(h->raw + to * h->n_labels, p, h->n_labels * sizeof *p);
    h->y[to] = g->y[i];
}

/* Thins the samples at places from, ..., until - 1 of the order and asks the network. */
static mech_status look_at(calibrating *k, size_t from, size_t until, bool held_out, mech_error *error) {
    float p[GROUP * CALIBRATION_MOST_CLASSES];
    for (size_t begin = from; begin < until; begin += GROUP) {
        const batch_recipe recipe = {.samples = k->samples,
                                     .choices = &k->choices,
                                     .order = k->halves.order + begin,
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
            const float *of_sample = p + i * k->halves.n_labels;
            if (held_out)
                take_held_out(k, i, of_sample, begin - from + i);
            else
                take_fitted(k, i, of_sample);
        }
        k->looks += g->n;
    }
    return MECH_OK;
}

/* What the metadata say besides the calibration: what makes it all again. */
static mech_status describe(const calibrating *k, const char *origin, mech_error *error) {
    text options = {0};
    mech_text_format(&options, "--seed %llu", (unsigned long long)k->options->seed);
    for (size_t i = 0; i < k->choices.n_points; i++)
        mech_text_format(&options, "%s%zu", i ? "," : " --points ", k->choices.points[i]);
    for (size_t i = 0; i < k->choices.n_noise; i++) {
        mech_text_add(&options, i ? "," : " --noise ");
        mech_text_number(&options, rint(k->choices.noise[i] * 1e10) / 1e8);
    }
    mech_status status = options.failed ? mech_fail_memory(error) : MECH_OK;
    if (status == MECH_OK) status = mech_model_describe(k->model, "calibration_options", options.characters, error);
    if (status == MECH_OK) status = mech_model_describe(k->model, "calibration_data", origin, error);
    mech_text_free(&options);
    return status;
}

mech_status mech_calibrate(mech_model *model, const mech_samples *samples, const mech_calibrate_options *chosen,
                           const char *origin, mech_calibration_report *report, mech_error *error) {
    mech_calibration_report figures = {0};
    mech_calibrate_options own = mech_calibrate_options_default();
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_calibrate_options", error);
    if (status != MECH_OK) return status;
    calibrating k = {.samples = samples, .options = &own, .model = model};
    if (mech_model_reads_run_sets(model))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: network %s reads run sets, not samples", model->source,
                         model->g.network);
    if (samples->n_labels != mech_model_n_labels(model))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the samples have %zu labels; the model knows %zu",
                         samples->n_labels, mech_model_n_labels(model));
    status = prepare(&k, error);
    for (int pass = 0; pass < FIT_PASSES && status == MECH_OK; pass++)
        status = look_at(&k, 0, k.halves.n_fitted, false, error);
    if (status == MECH_OK) status = look_at(&k, k.halves.n_fitted, k.halves.n, true, error);
    if (status == MECH_OK) status = mech_halves_calibrate(&k.halves, model, &figures, error);
    if (status == MECH_OK) status = describe(&k, origin, error);
    if (status == MECH_OK && report) *report = figures;
    release(&k);
    return status;
}
