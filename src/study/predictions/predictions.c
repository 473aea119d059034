#include "study/predictions/predictions.h"

#include "base/error.h"
#include "base/interface.h"
#include "base/machine/ranks.h"
#include "base/memory.h"
#include "data/conditions/layout.h"
#include "judge/calibration/calibration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mech_prediction_options_init(mech_prediction_options *options, size_t size) {
    const mech_prediction_options defaults = {.split = "test", .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

mech_status mech_take_prediction_options(const mech_prediction_options *theirs, mech_prediction_options *options,
                                         mech_error *error) {
    *options = mech_prediction_options_default();
    mech_status status = mech_take_options(options, sizeof *options, theirs, "mech_prediction_options", error);
    if (status != MECH_OK) return status;
    if (!options->split) options->split = "test";
    if (options->species && strcmp(options->species, "S") != 0 && strcmp(options->species, "P") != 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "species is '%.40s'; expected S, P or none", options->species);
    if (!(options->noise >= 0 && options->noise <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "noise is %g; expected 0 to 1, in units of [S]0",
                         options->noise);
    return MECH_OK;
}

/* Reads the samples or experiments of the file. */
static mech_status read_samples(const mech_prediction_options *options, predictions *p, mech_error *error) {
    mech_status status = MECH_OK;
    mech_predictions *shown = &p->shown;
    if (mech_dataset_format(p->data) == 2) {
        status = mech_experiments_read(p->path, options->split, &p->experiments, error);
        if (status == MECH_OK) status = mech_find_origin(p->path, p->data, &p->design, error);
        if (status != MECH_OK) return status;
        shown->design = p->design;
        shown->experiments = p->experiments;
        shown->n = mech_experiments_n(p->experiments);
        shown->labels = mech_experiments_labels(p->experiments);
        if (!shown->labels)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: has %zu labels; expected at most 256", p->path,
                             mech_experiments_n_labels(p->experiments));
    } else {
        status = mech_samples_read(p->path, options->split, &p->all, error);
        if (status != MECH_OK) return status;
        shown->samples = p->all;
        shown->n = p->all->n;
        shown->labels = p->all->y;
    }
    shown->n_labels = mech_dataset_n_mechanisms(p->data);
    return MECH_OK;
}

static mech_status open_all(const mech_prediction_options *options, predictions *p, mech_error *error) {
    /* The model's name first: a mistake in it shows before a large data set is read. */
    char *path = NULL;
    mech_status status = mech_model_find(options->model, &path, error);
    if (status == MECH_OK) status = mech_dataset_read(p->path, &p->data, error);
    if (status == MECH_OK) status = read_samples(options, p, error);
    const model_request request = {
        .name = path, .path_of_data = p->path, .data = p->data, .library = options->library, .asked = !options->fits};
    char *notes[2] = {NULL, NULL};
    if (status == MECH_OK) status = mech_read_model_for(&request, &p->model_path, &p->model, &notes[0], error);
    if (status == MECH_OK) status = mech_note_unchecked(p->path, &notes[1], error);
    for (size_t i = 0; i < 2; i++)
        if (notes[i]) p->notes[p->shown.n_notes++] = notes[i];
    mech_free(path);
    if (status == MECH_OK && !options->own_training)
        status = mech_refuse_own_training(p->model, p->path, options->split, error);
    if (status != MECH_OK) return status;
    p->probabilities = mech_allocate_array(p->shown.n, p->shown.n_labels * sizeof *p->probabilities);
    if (!p->probabilities) return mech_fail_memory(error);
    p->shown.path = p->path;
    p->shown.model_path = p->model_path;
    p->shown.model = p->model;
    p->shown.data = p->data;
    p->shown.probabilities = p->probabilities;
    p->shown.words = p->words;
    p->shown.notes = (const char *const *)p->notes;
    return MECH_OK;
}

mech_status mech_predictions_open(const char *path, const mech_prediction_options *options, mech_predictions **made,
                                  mech_error *error) {
    mech_prediction_options own;
    text t = {0};
    *made = NULL;
    mech_status status = mech_take_prediction_options(options, &own, error);
    if (status != MECH_OK) return status;
    predictions *p = calloc(1, sizeof *p);
    if (!p) return mech_fail_memory(error);
    mech_text_add(&t, path);
    status = mech_text_take(&t, &p->path, error);
    if (status == MECH_OK) status = open_all(&own, p, error);
    if (status == MECH_OK)
        *made = &p->shown;
    else
        mech_predictions_free(&p->shown);
    return status;
}

static void forget_thinned(predictions *p) {
    if (!p->all) return;
    mech_samples_free(p->thinned);
    p->thinned = NULL;
    p->shown.samples = p->all;
    mech_experiments_free(p->experiments);
    p->experiments = NULL;
    p->shown.experiments = NULL;
}

/* Of samples without noise: what two solvers may differ by, and single precision by less. */
static const double NOISE_OF_EXACT = 1e-4;

/* What is fitted to experiments, and what is known of these: samples of four runs are exact and have the noise that was
 * added; of others nothing is known. mechanisms[n_labels] receives what labels stand for. */
static mech_status choose_fits(const mech_prediction_options *request, const mech_predictions *p,
                               const mech_mechanism **mechanisms, mech_fit_options *options, mech_error *error) {
    for (size_t i = 0; i < p->n_labels; i++) {
        mechanisms[i] = mech_model_mechanism(p->model, i);
        if (!mechanisms[i])
            return mech_fail(error, MECH_INVALID_INPUT,
                             "%s: does not say what mechanism '%.40s' is; expected --mechanism-file", p->model_path,
                             mech_model_label(p->model, i));
    }
    options->mechanisms = mechanisms;
    options->n_mechanisms = p->n_labels;
    options->seed = request->seed;
    options->threads = request->threads;
    if (!p->samples) return MECH_OK;
    options->loading_error = options->start_error = options->clock_error = options->response_error = 0;
    options->noise = request->noise > 0 ? request->noise : NOISE_OF_EXACT;
    options->gaussian = true;
    return MECH_OK;
}

/* Probabilities by fits, in place of the model's. */
static mech_status ask_fits(const mech_prediction_options *request, const mech_progress *progress, predictions *own,
                            mech_error *error) {
    const mech_predictions *p = &own->shown;
    mech_experiments *made = NULL;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    mech_run_set **sets = mech_allocate_array(p->n, sizeof *sets);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    const mech_mechanism **mechanisms = mech_allocate_array(p->n_labels, sizeof *mechanisms);
    mech_fit_options options = mech_fit_options_default();
    mech_status status = sets && mechanisms ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK && !p->experiments) status = mech_experiments_of_samples(p->samples, &made, error);
    for (size_t i = 0; i < p->n && status == MECH_OK; i++)
        status = mech_experiments_run_set(p->experiments ? p->experiments : made, i, &sets[i], error);
    if (status == MECH_OK) status = choose_fits(request, p, mechanisms, &options, error);
    if (status == MECH_OK)
        status =
            mech_fit_run_sets(p->n, (const mech_run_set *const *)sets, &options, progress, own->probabilities, error);
    for (size_t i = 0; sets && i < p->n; i++) mech_run_set_free(sets[i]);
    mech_release_array(sets);
    mech_release_array(mechanisms);
    mech_experiments_free(made);
    return status;
}

/* Refuses to change experiments: they have points, noise and species as their design says. */
static mech_status check_change(const mech_prediction_options *request, const predictions *p, mech_error *error) {
    if (p->all || (!request->points && !(request->noise > 0) && !request->species && !request->exact)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: is of format 2, whose experiments are judged as they are; expected no --points, --noise, "
                     "--species or --exact (another design makes others)",
                     p->path);
}

/* Rows own.begin, ..., own.end - 1 of the probabilities. */
static mech_status ask_rows(const mech_prediction_options *request, const mech_predictions *p, const mech_model *model,
                            bool calibrated, rank_share own, float *probabilities, mech_error *error) {
    const mech_samples *s = p->samples;
    const int threads = request->threads;
    if (!mech_model_reads_run_sets(model)) {
        if (request->exact)
            return mech_fail(error, MECH_INVALID_INPUT,
                             "--exact tells of errors; expected a model of network set, which can be told of them");
        return (calibrated ? mech_model_predict_calibrated : mech_model_predict)(
            model, own.end - own.begin, s->n_times, loadings_of_sample(s->x1, own.begin),
            readings_of_sample(s->x2, s->n_times, own.begin), threads, probabilities + own.begin * p->n_labels, error);
    }
    mech_experiments *made = NULL;
    const mech_told_errors told = {.size = sizeof told, .noise = request->noise};
    mech_status status = p->experiments ? MECH_OK : mech_experiments_of_samples(s, &made, error);
    if (status == MECH_OK)
        status =
            mech_predict_experiments_between(model, p->experiments ? p->experiments : made, own.begin, own.end,
                                             request->exact ? &told : NULL, calibrated, threads, probabilities, error);
    mech_experiments_free(made);
    return status;
}

mech_status mech_predictions_ask(const mech_prediction_options *request, const mech_predictions *p,
                                 const mech_model *model, bool calibrated, float *probabilities, mech_error *error) {
    ranks *others = mech_ranks_new();
    const mech_status status =
        ask_rows(request, p, model, calibrated, mech_rank_share(others, p->n), probabilities, error);
    mech_ranks_settle(status, error);
    if (status == MECH_OK) mech_ranks_gather(others, p->n, p->n_labels * sizeof *probabilities, probabilities);
    mech_ranks_free(others);
    return status;
}

static void describe(const mech_prediction_options *options, predictions *p) {
    if (p->shown.samples)
        snprintf(p->words, sizeof p->words, "%zu points after t = 0, %g %% noise", p->shown.samples->n_times - 1,
                 100 * options->noise);
    else
        snprintf(p->words, sizeof p->words, "of %.100s", p->design ? p->design : "an unknown design");
}

mech_status mech_predictions_compute(mech_predictions *opened, const mech_prediction_options *options,
                                     const mech_progress *progress, mech_error *error) {
    predictions *p = (predictions *)opened;
    mech_prediction_options own;
    mech_status status = mech_take_prediction_options(options, &own, error);
    if (status != MECH_OK) return status;
    forget_thinned(p);
    status = check_change(&own, p, error);
    if (status == MECH_OK && p->all && (own.points || own.noise > 0 || own.species)) {
        status = mech_samples_thin(p->all, own.points, own.noise, own.seed, &p->thinned, error);
        if (status != MECH_OK) return status;
        p->shown.samples = p->thinned;
        if (own.species)
            mech_samples_hide(p->thinned, strcmp(own.species, "S") == 0 ? MECH_ROLE_PRODUCT : MECH_ROLE_SUBSTRATE);
    }
    if (status == MECH_OK && p->all && mech_model_reads_run_sets(p->model))
        status = mech_experiments_of_samples(p->shown.samples, &p->experiments, error);
    if (status != MECH_OK) return status;
    p->shown.experiments = p->experiments;
    describe(&own, p);
    return own.fits ? ask_fits(&own, progress, p, error)
                    : mech_predictions_ask(&own, opened, p->model, own.calibrated, p->probabilities, error);
}

void mech_predictions_free(mech_predictions *opened) {
    predictions *p = (predictions *)opened;
    if (!p) return;
    forget_thinned(p);
    mech_free(p->path);
    mech_free(p->model_path);
    mech_free(p->design);
    for (size_t i = 0; i < p->shown.n_notes; i++) mech_free(p->notes[i]);
    mech_model_free(p->model);
    mech_samples_free(p->all);
    mech_experiments_free(p->experiments);
    mech_dataset_free(p->data);
    mech_release_array(p->probabilities);
    free(p);
}
