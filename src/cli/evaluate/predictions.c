#include "cli/evaluate/predictions.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/options.h"

#include <stdio.h>
#include <string.h>

/* Refuses a model whose labels stand for other mechanisms than those of the data. */
static mech_status check_labels(const char *path_of_data, const mech_dataset *data, const char *path,
                                const mech_model *model, mech_error *error) {
    if (mech_dataset_n_mechanisms(data) != mech_model_n_labels(model))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: the data set has %zu labels; the model %s knows %zu",
                         path_of_data, mech_dataset_n_mechanisms(data), path, mech_model_n_labels(model));
    for (size_t i = 0; i < mech_dataset_n_mechanisms(data); i++) {
        const mech_mechanism *known = mech_model_mechanism(model, i), *labelled = mech_dataset_mechanism(data, i);
        const char *id = mech_mechanism_id(labelled);
        if (!mech_model_metadata(model, "mechanisms") && !known) continue;
        if (strcmp(id, mech_model_label(model, i)) != 0)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: label %zu is %s; of the model %s it is %s", path_of_data,
                             i, id, path, mech_model_label(model, i));
        if (known && mech_mechanism_n_species(labelled) && !mech_mechanism_equal(known, labelled))
            return mech_fail(error, MECH_INVALID_INPUT, "%s: its %s is another mechanism than that of the model %s",
                             path_of_data, id, path);
    }
    return MECH_OK;
}

/* The name of the design of samples that a file calls by its name or an older one; returns its length. */
static size_t samples_name(const char **name) {
    mech_sample_design design;
    if (*name && mech_find_sample_design(*name, &design)) *name = mech_sample_design_name(design);
    return *name ? strlen(*name) : 0;
}

/* What the samples of the file were made by: "design nature", "design laboratory"; NULL where it does not say. The
 * caller frees *made_by. */
static mech_status find_origin(const char *path, const mech_dataset *data, char **made_by, mech_error *error) {
    const bool runs = mech_dataset_format(data) == 2;
    char *value = NULL;
    text t = {0};
    *made_by = NULL;
    mech_status status = mech_dataset_attribute(path, runs ? "design" : "protocol", &value, error);
    if (status == MECH_OK && (value || !runs)) {
        const char *name = value ? value : "seed"; /* as files of other programs are read (docs/data.md) */
        const size_t length = runs ? design_name(value, &name) : samples_name(&name);
        mech_text_format(&t, "design %.*s", (int)length, name);
        status = mech_text_take(&t, made_by, error);
    }
    mech_free(value);
    return status;
}

/* Says where a model was trained on something else. */
static mech_status compare_origins(const char *path_of_data, const mech_dataset *data, const char *path,
                                   const mech_model *model, mech_error *error) {
    const char *protocol = mech_model_metadata(model, "protocol"), *design = mech_model_metadata(model, "design");
    const char *name = protocol;
    const size_t length = mech_model_reads_run_sets(model) ? design_name(design, &name) : samples_name(&name);
    char *made_by = NULL, trained_by[128];
    if (!name || (mech_model_reads_run_sets(model) && !design)) return MECH_OK;
    snprintf(trained_by, sizeof trained_by, "design %.*s", (int)(length < 96 ? length : 96), name);
    const mech_status status = find_origin(path_of_data, data, &made_by, error);
    if (status == MECH_OK && made_by && strcmp(made_by, trained_by) != 0)
        fprintf(stderr, "mechanist: mind that %s was trained on %s and %s is of %s\n", path, trained_by, path_of_data,
                made_by);
    mech_free(made_by);
    return status;
}

mech_status read_model_for(const char *name, const char *path_of_data, const mech_dataset *data,
                           const mech_library *library, bool asked, char **path, mech_model **model,
                           mech_error *error) {
    mech_status status = find_model(name, path, error);
    if (status == MECH_OK) status = mech_model_read(*path, model, error);
    if (status == MECH_OK && library && mech_library_size(library))
        status = mech_model_use_library(*model, library, error);
    if (status == MECH_OK) status = check_labels(path_of_data, data, *path, *model, error);
    if (status == MECH_OK && asked && mech_dataset_format(data) == 2 && !mech_model_reads_run_sets(*model))
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: is of format 2, with runs of any shape; the model %s reads samples of four runs; "
                           "expected a model of network set, or data of format 1",
                           path_of_data, *path);
    return status == MECH_OK && asked ? compare_origins(path_of_data, data, *path, *model, error) : status;
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

/* Reads the samples or experiments of the file. */
static mech_status read_samples(const prediction_request *request, predictions *p, mech_error *error) {
    mech_status status = MECH_OK;
    if (mech_dataset_format(p->data) == 2) {
        char *made_by = NULL;
        status = mech_experiments_read(request->data, request->split, &p->experiments, error);
        if (status == MECH_OK) status = find_origin(request->data, p->data, &made_by, error);
        if (status != MECH_OK) return status;
        p->design = made_by;
        p->n = mech_experiments_n(p->experiments);
        p->labels = mech_experiments_labels(p->experiments);
        if (!p->labels)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: has %zu labels; expected at most 256", request->data,
                             mech_experiments_n_labels(p->experiments));
    } else {
        status = mech_samples_read(request->data, request->split, &p->all, error);
        if (status != MECH_OK) return status;
        p->samples = p->all;
        p->n = p->all->n;
        p->labels = p->all->y;
    }
    p->n_labels = mech_dataset_n_mechanisms(p->data);
    return MECH_OK;
}

mech_status predictions_open(const prediction_request *request, predictions *p, mech_error *error) {
    *p = (predictions){0};
    /* The model's name first: a mistake in it shows before a large data set is read. */
    char *path = NULL;
    mech_status status = find_model(request->model, &path, error);
    if (status == MECH_OK) status = mech_dataset_read(request->data, &p->data, error);
    if (status == MECH_OK) status = read_samples(request, p, error);
    if (status == MECH_OK)
        status = read_model_for(path, request->data, p->data, request->library, !request->fits, &p->model_path,
                                &p->model, error);
    mech_free(path);
    if (status == MECH_OK && !request->own_training)
        status = refuse_own_training(p->model, request->data, request->split, error);
    if (status != MECH_OK) return status;
    p->probabilities = mech_allocate_array(p->n, p->n_labels * sizeof *p->probabilities);
    return p->probabilities ? MECH_OK : mech_fail_memory(error);
}

static void forget_thinned(predictions *p) {
    if (!p->all) return;
    if (p->samples != p->all) mech_samples_free(p->samples);
    p->samples = p->all;
    mech_experiments_free(p->experiments);
    p->experiments = NULL;
}

/* Of samples without noise: what two solvers may differ by, and single precision by less. */
static const double NOISE_OF_EXACT = 1e-4;

/* What is fitted to experiments, and what is known of these: samples of four runs are exact and have the noise that was
 * added; of others nothing is known. mechanisms[n_labels] receives what labels stand for. */
static mech_status choose_fits(const prediction_request *request, const predictions *p,
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
static mech_status ask_fits(const prediction_request *request, const predictions *p, mech_error *error) {
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
    if (status == MECH_OK) {
        const mech_progress progress = terminal_progress();
        status =
            mech_fit_run_sets(p->n, (const mech_run_set *const *)sets, &options, &progress, p->probabilities, error);
        terminal_progress_end();
    }
    for (size_t i = 0; sets && i < p->n; i++) mech_run_set_free(sets[i]);
    mech_release_array(sets);
    mech_release_array(mechanisms);
    mech_experiments_free(made);
    return status;
}

/* Refuses to change experiments: they have points, noise and species as their design says. */
static mech_status check_change(const prediction_request *request, const predictions *p, mech_error *error) {
    if (p->all || (!request->points && !(request->noise > 0) && !request->species && !request->exact)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: is of format 2, whose experiments are judged as they are; expected no --points, --noise, "
                     "--species or --exact (another design makes others)",
                     request->data);
}

mech_status predictions_ask(const prediction_request *request, const predictions *p, const mech_model *model,
                            bool calibrated, float *probabilities, mech_error *error) {
    const mech_samples *s = p->samples;
    const int threads = request->threads;
    if (!mech_model_reads_run_sets(model)) {
        if (request->exact)
            return mech_fail(error, MECH_INVALID_INPUT,
                             "--exact tells of errors; expected a model of network set, which can be told of them");
        return (calibrated ? mech_model_predict_calibrated : mech_model_predict)(model, s->n, s->n_times, s->x1, s->x2,
                                                                                 threads, probabilities, error);
    }
    mech_experiments *made = NULL;
    const mech_told_errors told = {.size = sizeof told, .noise = request->noise};
    mech_status status = p->experiments ? MECH_OK : mech_experiments_of_samples(s, &made, error);
    if (status == MECH_OK)
        status =
            mech_model_predict_experiments(model, p->experiments ? p->experiments : made, request->exact ? &told : NULL,
                                           calibrated, threads, probabilities, error);
    mech_experiments_free(made);
    return status;
}

mech_status predictions_compute(const prediction_request *request, predictions *p, mech_error *error) {
    forget_thinned(p);
    mech_status status = check_change(request, p, error);
    if (status == MECH_OK && p->all && (request->points || request->noise > 0 || request->species)) {
        mech_samples *thinned = NULL;
        status = mech_samples_thin(p->all, request->points, request->noise, request->seed, &thinned, error);
        if (status != MECH_OK) return status;
        p->samples = thinned;
        if (request->species)
            mech_samples_hide(thinned, strcmp(request->species, "S") == 0 ? MECH_ROLE_PRODUCT : MECH_ROLE_SUBSTRATE);
    }
    if (status == MECH_OK && p->all && mech_model_reads_run_sets(p->model))
        status = mech_experiments_of_samples(p->samples, &p->experiments, error);
    if (status != MECH_OK) return status;
    return request->fits ? ask_fits(request, p, error)
                         : predictions_ask(request, p, p->model, request->calibrated, p->probabilities, error);
}

sample_words predictions_words(const prediction_request *request, const predictions *p) {
    sample_words w;
    if (p->samples)
        snprintf(w.words, sizeof w.words, "%zu points after t = 0, %g %% noise", p->samples->n_times - 1,
                 100 * request->noise);
    else
        snprintf(w.words, sizeof w.words, "of %.100s", p->design ? p->design : "an unknown design");
    return w;
}

void predictions_add_conformal(const prediction_request *request, const predictions *p,
                               mech_evaluate_options *options) {
    if (!request->calibrated || request->fits) return;
    options->conformal_95 = mech_model_conformal_threshold(p->model, 0.95);
    options->conformal_99 = mech_model_conformal_threshold(p->model, 0.99);
}

mech_status predictions_judge(const prediction_request *request, const mech_evaluate_options *options, predictions *p,
                              judgement *j, mech_error *error) {
    *j = (judgement){0};
    mech_status status = predictions_compute(request, p, error);
    if (status != MECH_OK) return status;
    return mech_evaluate_intervals(p->n, p->n_labels, p->probabilities, p->labels, options, &j->metrics, &j->lower,
                                   &j->upper, error);
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
    mech_experiments_free(p->experiments);
    mech_dataset_free(p->data);
    mech_free(p->design);
    mech_release_array(p->probabilities);
    *p = (predictions){0};
}
