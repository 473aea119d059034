/* The figures that show what models make of samples. */
#include "study/figures/figures.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/memory.h"
#include "base/numbers/setting.h"

#include <stdio.h>
#include <string.h>

enum { MOST_MODELS = 32 };

/* The models with what the figure shows of them. */
typedef struct judgements {
    size_t n, n_samples;
    char of[128];
    char *names[MOST_MODELS];
    float *probabilities[MOST_MODELS]; /* what the models point to */
    uint8_t *labels[MOST_MODELS];
    mech_judged_model models[MOST_MODELS];
} judgements;

static void judgements_free(judgements *j) {
    for (size_t i = 0; i < MOST_MODELS; i++) {
        mech_free(j->names[i]);
        mech_release_array(j->probabilities[i]);
        mech_release_array(j->labels[i]);
    }
}

/* What a model is asked for a figure. */
static mech_prediction_options asked_for_figure(const figure_request *r) {
    mech_prediction_options asked = mech_prediction_options_default();
    asked.model = r->of.model;
    asked.split = r->of.split;
    asked.points = r->of.points;
    asked.noise = r->of.noise;
    asked.seed = r->of.seed;
    asked.threads = r->of.threads;
    return asked;
}

/* Opens a model and data for a figure, and keeps what is to be minded. */
static mech_status open_for_figure(figure_request *r, const mech_prediction_options *asked, mech_predictions **p,
                                   mech_error *error) {
    const mech_status status = mech_predictions_open(r->of.data, asked, p, error);
    for (size_t i = 0; status == MECH_OK && i < (*p)->n_notes; i++) mech_text_format(&r->notes, "%s\n", (*p)->notes[i]);
    return status;
}

mech_status mech_figure_confusion(figure_request *r, mech_error *error) {
    const mech_prediction_options asked = asked_for_figure(r);
    const char *names[MECH_MOST_LABELS];
    char title[256];
    mech_predictions *p = NULL;
    mech_metrics *metrics = NULL;
    mech_status status = open_for_figure(r, &asked, &p, error);
    if (status == MECH_OK) status = mech_predictions_compute(p, &asked, r->progress, error);
    if (status == MECH_OK) status = mech_evaluate(p->n, p->n_labels, p->probabilities, p->labels, &metrics, error);
    if (status == MECH_OK) {
        for (size_t i = 0; i < metrics->n_labels; i++) names[i] = mech_model_label(p->model, i);
        snprintf(title, sizeof title, "Confusion matrix of %.64s, %s", mech_model_network(p->model), p->words);
        status = mech_draw_confusion(metrics, names, title, r->target, error);
    }
    mech_metrics_free(metrics);
    mech_predictions_free(p);
    return status;
}

/* The model's own probabilities and, where it has a calibration, the calibrated ones. */
mech_status mech_figure_reliability(figure_request *r, mech_error *error) {
    enum { BEFORE, AFTER, N };
    mech_prediction_options asked = asked_for_figure(r);
    mech_evaluate_options judged = mech_evaluate_options_default();
    judged.seed = r->of.seed;
    judged.threads = r->of.threads;
    mech_judgement *j[N] = {NULL};
    mech_reliability_series series[N] = {{.name = "as the network gives them"}, {.name = "calibrated"}};
    mech_predictions *p = NULL;
    mech_status status = open_for_figure(r, &asked, &p, error);
    const size_t n = status == MECH_OK && mech_model_calibration(p->model) ? N : 1;
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        asked.calibrated = i == AFTER;
        status = mech_predictions_judge(p, &asked, &judged, r->progress, &j[i], error);
        if (status != MECH_OK) break;
        series[i].metrics = j[i]->metrics;
        series[i].lower = j[i]->lower;
        series[i].upper = j[i]->upper;
    }
    if (status == MECH_OK) {
        char title[96], what[192];
        snprintf(title, sizeof title, "Reliability of %.48s", mech_model_network(p->model));
        snprintf(what, sizeof what, "%zu samples, %.96s; lines: 95 %% intervals", p->n, p->words);
        status = mech_draw_reliability(series, n, title, what, r->target, error);
    }
    for (size_t i = 0; i < N; i++) mech_judgement_free(j[i]);
    mech_predictions_free(p);
    return status;
}

/* Asks one model and adds it; NULL: the default. */
static mech_status add_model(figure_request *r, const char *said, judgements *j, mech_error *error) {
    const size_t i = j->n++;
    mech_predictions *p = NULL;
    mech_prediction_options asked = asked_for_figure(r);
    asked.model = said;
    mech_status status = open_for_figure(r, &asked, &p, error);
    if (status == MECH_OK) status = mech_predictions_compute(p, &asked, r->progress, error);
    if (status == MECH_OK) status = mech_name_model(p->model_path, &j->names[i], error);
    if (status == MECH_OK) {
        const size_t n = p->n * p->n_labels;
        j->n_samples = p->n;
        snprintf(j->of, sizeof j->of, "%s", p->words);
        /* The samples go, the probabilities stay. */
        j->labels[i] = mech_allocate_array(p->n, sizeof *j->labels[i]);
        j->probabilities[i] = mech_allocate_array(n, sizeof *j->probabilities[i]);
        if (j->labels[i] && j->probabilities[i]) {
            memcpy(j->labels[i], p->labels, p->n * sizeof *p->labels);
            memcpy(j->probabilities[i], p->probabilities, n * sizeof *p->probabilities);
        } else {
            status = mech_fail_memory(error);
        }
        j->models[i] = (mech_judged_model){.name = j->names[i],
                                           .n = p->n,
                                           .n_labels = p->n_labels,
                                           .probabilities = j->probabilities[i],
                                           .labels = j->labels[i]};
    }
    mech_predictions_free(p);
    return status;
}

/* Judges every model of the list "MODEL,MODEL,..."; a file's name may itself have commas if it stands alone. */
static mech_status judge_models(figure_request *r, judgements *j, mech_error *error) {
    const char *list = r->of.model, *word;
    size_t length;
    if (!list || mech_file_exists(list)) return add_model(r, list, j, error);
    mech_status status = MECH_OK;
    while (status == MECH_OK && mech_next_word(&list, &word, &length)) {
        text name = {0};
        char *said = NULL;
        if (!length)
            return mech_fail(error, MECH_INVALID_INPUT,
                             "'%s' has an empty name; expected models with commas between them", r->of.model);
        if (j->n == MOST_MODELS)
            return mech_fail(error, MECH_INVALID_INPUT, "there are more than %d models; expected fewer", MOST_MODELS);
        mech_text_append(&name, word, length);
        status = mech_text_take(&name, &said, error);
        if (status == MECH_OK) status = add_model(r, said, j, error);
        mech_free(said);
    }
    return status;
}

/* What both kinds have in common: they judge, then they draw. */
static mech_status draw_models(figure_request *r,
                               mech_status (*draw)(const mech_judged_model *models, size_t n, const char *what,
                                                   const mech_picture_target *target, mech_error *error),
                               mech_error *error) {
    judgements j = {0};
    char what[192];
    mech_status status = judge_models(r, &j, error);
    if (status == MECH_OK) {
        snprintf(what, sizeof what, "%.24s samples, %s", mech_set_count(j.n_samples).words, j.of);
        status = draw(j.models, j.n, what, r->target, error);
    }
    judgements_free(&j);
    return status;
}

mech_status mech_figure_entropy(figure_request *r, mech_error *error) {
    return draw_models(r, mech_draw_entropy, error);
}

mech_status mech_figure_credible_sets(figure_request *r, mech_error *error) {
    return draw_models(r, mech_draw_credible_sets, error);
}
