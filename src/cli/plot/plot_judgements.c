/* The figures that show what several models make of the same samples. */
#include "cli/evaluate/predictions.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/plot/plot_request.h"

#include "base/files/file.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "base/numbers/setting.h"

#include <stdio.h>
#include <string.h>

enum { MOST_MODELS = 32 };

/* The models with what the figure shows of them. */
typedef struct judgements {
    size_t n, n_samples;
    sample_words of;
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

prediction_request asked_of_model(const plot_request *r) {
    return (prediction_request){.model = r->model,
                                .data = r->data,
                                .split = r->split,
                                .points = (size_t)r->points,
                                .noise = r->noise / 100,
                                .seed = r->seed,
                                .threads = r->threads};
}

/* Asks one model and adds it; `said` is what the user calls it, NULL: the default. */
static mech_status add_model(const plot_request *r, const char *said, judgements *j, mech_error *error) {
    const size_t i = j->n++;
    predictions p;
    prediction_request asked = asked_of_model(r);
    asked.model = said;
    mech_status status = predictions_make(&asked, &p, error);
    if (status == MECH_OK) status = name_model(NULL, p.model_path, &j->names[i], error);
    if (status == MECH_OK) {
        j->n_samples = p.n;
        j->of = predictions_words(&asked, &p);
        j->labels[i] = mech_allocate_array(p.n, sizeof *j->labels[i]);
        if (j->labels[i]) memcpy(j->labels[i], p.labels, p.n * sizeof *p.labels);
        if (!j->labels[i]) status = mech_fail_memory(error);
        /* The samples go, the probabilities stay. */
        j->probabilities[i] = p.probabilities;
        p.probabilities = NULL;
        j->models[i] = (mech_judged_model){.name = j->names[i],
                                           .n = p.n,
                                           .n_labels = p.n_labels,
                                           .probabilities = j->probabilities[i],
                                           .labels = j->labels[i]};
    }
    predictions_free(&p);
    return status;
}

/* Judges every model of the list "MODEL,MODEL,..."; a file's name may itself have commas if it stands alone. */
static mech_status judge_models(const plot_request *r, judgements *j, mech_error *error) {
    const char *at = r->model;
    if (!at || mech_file_exists(at)) return add_model(r, at, j, error);
    for (;; at++) {
        const size_t length = strcspn(at, ",");
        text name = {0};
        char *said = NULL;
        if (!length)
            return mech_fail(error, MECH_INVALID_INPUT, "--model takes models with commas between them, not '%s'",
                             r->model);
        if (j->n == MOST_MODELS)
            return mech_fail(error, MECH_INVALID_INPUT, "--model takes at most %d models", MOST_MODELS);
        mech_text_append(&name, at, length);
        mech_status status = mech_text_take(&name, &said, error);
        if (status == MECH_OK) status = add_model(r, said, j, error);
        mech_free(said);
        at += length;
        if (status != MECH_OK || !*at) return status;
    }
}

/* What both kinds have in common: they judge, then they draw. */
static mech_status plot_models(const plot_request *r,
                               mech_status (*draw)(const mech_judged_model *models, size_t n, const char *what,
                                                   const mech_picture_target *target, mech_error *error),
                               mech_error *error) {
    judgements j = {0};
    char what[192];
    mech_status status = judge_models(r, &j, error);
    if (status == MECH_OK) {
        snprintf(what, sizeof what, "%.24s samples, %s", mech_set_count(j.n_samples).words, j.of.words);
        status = draw(j.models, j.n, what, &r->target, error);
    }
    judgements_free(&j);
    return status;
}

mech_status plot_entropy(const plot_request *r, mech_error *error) { return plot_models(r, mech_draw_entropy, error); }

mech_status plot_credible_sets(const plot_request *r, mech_error *error) {
    return plot_models(r, mech_draw_credible_sets, error);
}
