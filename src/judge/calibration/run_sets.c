/* Calibrating a network of run sets on experiments as they are, and its calibrated probabilities. */
#include "base/files/text.h"
#include "base/interface.h"
#include "base/memory.h"
#include "data/runs/run_set.h"
#include "judge/calibration/halves.h"
#include "learn/model/model.h"

#include <math.h>
#include <string.h>

/* Run sets at a time. */
enum { A_STRETCH = 1024 };

/* Readings of S or P of all runs. */
static size_t readings_of(const mech_run_set *set) {
    size_t n = 0;
    for (size_t r = 0; r < set->n_runs; r++) {
        const mech_run *run = &set->runs[r];
        for (size_t i = 0; i < run->n_readings; i++)
            n += (run->substrate && !isnan(run->substrate[i])) || (run->product && !isnan(run->product[i]));
    }
    return n;
}

/* What a temperature can follow of a run set with probabilities p; z[n_labels] receives the logits. */
static void see(const calibration *c, const mech_run_set *set, const mech_run_set_view *view, const float *p, double *z,
                factors *f) {
    mech_logits_of(c->n_labels, p, z);
    mech_find_set_factors(c, z, readings_of(set), view->noise, f);
}

mech_status mech_model_predict_run_sets_calibrated(const mech_model *model, size_t n, const mech_run_set *const *sets,
                                                   const mech_told_errors *told, int threads, float *probabilities,
                                                   mech_run_set_views **views, mech_error *error) {
    calibration c;
    mech_run_set_views *own = NULL;
    if (views) *views = NULL;
    mech_status status = mech_calibration_read(model, &c, error);
    if (status == MECH_OK)
        status = mech_model_predict_run_sets(model, n, sets, told, threads, probabilities, &own, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        double z[MECH_MOST_LABELS], calibrated[MECH_MOST_LABELS];
        float *p = probabilities + i * c.n_labels;
        factors f;
        see(&c, sets[i], mech_run_set_views_view(own, i), p, z, &f);
        mech_calibration_apply(&c, &f, z, calibrated);
        for (size_t k = 0; k < c.n_labels; k++) p[k] = (float)calibrated[k];
    }
    if (status == MECH_OK && views)
        *views = own;
    else
        mech_run_set_views_free(own);
    mech_calibration_free(&c);
    return status;
}

/* Experiments of a stretch as run sets, and what is told of each of them. */
typedef struct stretch {
    size_t n;
    mech_run_set *sets[A_STRETCH];
    mech_told_errors told[A_STRETCH];
} stretch;

static void forget(stretch *s) {
    for (size_t i = 0; i < s->n; i++) mech_run_set_free(s->sets[i]);
    s->n = 0;
}

static mech_status predict_experiments(const mech_model *model, const mech_experiments *experiments, size_t from,
                                       size_t until, const mech_told_errors *told, bool calibrated, int threads,
                                       float *probabilities, stretch *s, mech_error *error) {
    const size_t n_labels = mech_model_n_labels(model);
    mech_status status = MECH_OK;
    for (size_t i = 0; told && i < A_STRETCH; i++) s->told[i] = *told;
    for (size_t first = from; first < until && status == MECH_OK; first += A_STRETCH) {
        for (size_t i = first; i < until && i < first + A_STRETCH && status == MECH_OK; i++) {
            status = mech_experiments_run_set(experiments, i, &s->sets[s->n], error);
            s->n += status == MECH_OK;
        }
        if (status == MECH_OK)
            status = (calibrated ? mech_model_predict_run_sets_calibrated : mech_model_predict_run_sets)(
                model, s->n, (const mech_run_set *const *)s->sets, told ? s->told : NULL, threads,
                probabilities + first * n_labels, NULL, error);
        forget(s);
    }
    return status;
}

mech_status mech_predict_experiments_between(const mech_model *model, const mech_experiments *experiments, size_t from,
                                             size_t until, const mech_told_errors *told, bool calibrated, int threads,
                                             float *probabilities, mech_error *error) {
    if (told && told->size != sizeof *told)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "what is told has size %zu; expected sizeof(mech_told_errors), %zu", told->size, sizeof *told);
    stretch *s = mech_allocate_array(1, sizeof *s);
    if (!s) return mech_fail_memory(error);
    const mech_status status =
        predict_experiments(model, experiments, from, until, told, calibrated, threads, probabilities, s, error);
    mech_release_array(s);
    return status;
}

mech_status mech_model_predict_experiments(const mech_model *model, const mech_experiments *experiments,
                                           const mech_told_errors *told, bool calibrated, int threads,
                                           float *probabilities, mech_error *error) {
    return mech_predict_experiments_between(model, experiments, 0, mech_experiments_n(experiments), told, calibrated,
                                            threads, probabilities, error);
}

/* Asks the network of a stretch of the order and takes over what it says, for the fit or of the half held out. */
static mech_status look_at(const mech_model *model, const mech_experiments *experiments, size_t from, size_t until,
                           int threads, halves *h, stretch *s, float *p, mech_error *error) {
    const uint8_t *labels = mech_experiments_labels(experiments);
    mech_run_set_views *views = NULL;
    mech_status status = MECH_OK;
    for (size_t i = from; i < until && status == MECH_OK; i++) {
        status = mech_experiments_run_set(experiments, h->order[i], &s->sets[s->n], error);
        s->n += status == MECH_OK;
    }
    if (status == MECH_OK)
        status = mech_model_predict_run_sets(model, s->n, (const mech_run_set *const *)s->sets, NULL, threads, p,
                                             &views, error);
    for (size_t i = from; i < until && status == MECH_OK; i++) {
        const bool fitted = i < h->n_fitted;
        const size_t of_half = fitted ? i : i - h->n_fitted;
        double z[MECH_MOST_LABELS];
        const float *of_set = p + (i - from) * h->n_labels;
        see(&h->c, s->sets[i - from], mech_run_set_views_view(views, i - from), of_set, z,
            fitted ? &h->fit.seen[of_half] : &h->seen[of_half]);
        (fitted ? h->fit.y : h->y)[of_half] = labels[h->order[i]];
        if (fitted)
            memcpy(h->fit.z + of_half * h->n_labels, z, h->n_labels * sizeof *z);
        else
            memcpy(h->raw + of_half * h->n_labels, of_set, h->n_labels * sizeof *of_set);
        h->fit.n += fitted;
    }
    mech_run_set_views_free(views);
    forget(s);
    return status;
}

static mech_status check(const mech_model *model, const mech_experiments *experiments,
                         const mech_calibrate_options *options, mech_error *error) {
    const size_t n_labels = mech_model_n_labels(model);
    if (!mech_model_reads_run_sets(model))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: network %s reads samples of four runs, not run sets",
                         model->source, model->g.network);
    if (options->n_points || options->n_noise)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "experiments are taken as they are; expected no points and no noise");
    if (mech_experiments_n_labels(experiments) != n_labels)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the experiments have %zu labels; the model knows %zu",
                         mech_experiments_n_labels(experiments), n_labels);
    if (!mech_experiments_labels(experiments))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there are %zu labels; expected at most %d", n_labels,
                         MECH_MOST_LABELS);
    return MECH_OK;
}

static mech_status describe(const mech_calibrate_options *options, const char *origin, mech_model *model,
                            mech_error *error) {
    text seed = {0};
    mech_text_format(&seed, "--seed %llu", (unsigned long long)options->seed);
    mech_status status = seed.failed ? mech_fail_memory(error)
                                     : mech_model_describe(model, "calibration_options", seed.characters, error);
    if (status == MECH_OK) status = mech_model_describe(model, "calibration_data", origin, error);
    mech_text_free(&seed);
    return status;
}

mech_status mech_calibrate_experiments(mech_model *model, const mech_experiments *experiments,
                                       const mech_calibrate_options *chosen, const char *origin,
                                       mech_calibration_report *report, mech_error *error) {
    mech_calibration_report figures = {0};
    mech_calibrate_options own = mech_calibrate_options_default();
    halves h = {0};
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_calibrate_options", error);
    if (status == MECH_OK) status = check(model, experiments, &own, error);
    if (status != MECH_OK) return status;
    const size_t n = mech_experiments_n(experiments), n_labels = mech_model_n_labels(model);
    stretch *s = mech_allocate_array(1, sizeof *s);
    float *p = mech_allocate_array(A_STRETCH, n_labels * sizeof *p);
    status = s && p ? mech_halves_new(own.method, n, n_labels, 1, own.seed, &h, error) : mech_fail_memory(error);
    for (size_t first = 0; first < n && status == MECH_OK; first += A_STRETCH)
        status = look_at(model, experiments, first, n - first < A_STRETCH ? n : first + A_STRETCH, own.threads, &h, s,
                         p, error);
    if (status == MECH_OK) status = mech_halves_calibrate(&h, model, &figures, error);
    if (status == MECH_OK) status = describe(&own, origin, model, error);
    if (status == MECH_OK && report) *report = figures;
    mech_halves_free(&h);
    mech_release_array(s);
    mech_release_array(p);
    return status;
}
