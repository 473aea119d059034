#include "experiment/answer/answer.h"

#include "base/error.h"
#include "base/interface.h"
#include "fit/fits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double USUAL_LEVEL = 0.95;

/* Nothing where the mechanism of a label is not known: classes of some would not add up to 1. */
static mech_status add_up_classes(held_answer *held, const double *probabilities, mech_error *error) {
    for (size_t i = 0; i < held->labels.n; i++)
        if (!held->labels.mechanisms[i]) return MECH_OK;
    return mech_add_up_classes(held->labels.n, held->labels.mechanisms, probabilities, held->memory,
                               &held->answer.classes, &held->answer.n_classes, error);
}

mech_status mech_rank_answer(held_answer *held, const double *probabilities, double level, mech_error *error) {
    mech_answer *answer = &held->answer;
    const size_t n = held->labels.n;
    size_t *order = mech_arena_allocate(held->memory, n, sizeof *order);
    answer->ranked = mech_arena_allocate(held->memory, n, sizeof *answer->ranked);
    if (!order || !answer->ranked) return mech_fail_memory(error);
    answer->credible_level = level;
    answer->credible_size = mech_credible_set(n, probabilities, level, order);
    answer->n_ranked = n;
    for (size_t i = 0; i < n; i++)
        answer->ranked[i] =
            (mech_ranked){held->labels.mechanisms[order[i]], held->labels.ids[order[i]], probabilities[order[i]]};
    return add_up_classes(held, probabilities, error);
}

static void reverse(size_t n, char **sentences) {
    for (size_t i = 0; i < n / 2; i++) {
        char *other = sentences[n - 1 - i];
        sentences[n - 1 - i] = sentences[i];
        sentences[i] = other;
    }
}

void mech_put_doubts_first(held_answer *held, size_t n_before) {
    notes *list = &held->warnings;
    const size_t n = list->n - n_before;
    reverse(n_before, list->sentences);
    if (n) reverse(n, list->sentences + n_before);
    reverse(list->n, list->sentences);
    held->answer.n_doubts = n;
}

void mech_classify_options_init(mech_classify_options *options, size_t size) {
    const mech_classify_options defaults = {.credible_level = USUAL_LEVEL, .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

/* An empty answer that knows what there is to choose from, and what was known of it. */
static mech_status prepare(const mech_experiment *experiment, const mech_model *model,
                           const mech_classify_options *options, held_answer *held, mech_error *error) {
    held->memory = mech_arena_new();
    if (!held->memory) return mech_fail_memory(error);
    const bool copied =
        model ? mech_copy_labels(model, held->memory, &held->labels)
              : mech_copy_mechanisms(options->n_mechanisms, options->mechanisms, held->memory, &held->labels);
    held->weights = copied ? mech_arena_allocate(held->memory, held->labels.n, sizeof *held->weights) : NULL;
    if (!held->weights) return mech_fail_memory(error);
    for (size_t i = 0; i < experiment->warnings.n; i++)
        mech_note(&held->warnings, "%s", experiment->warnings.sentences[i]);
    held->answer.exact = options->exact;
    held->answer.none_of_these.p_value = NAN;
    return mech_weigh_labels(options, held->labels.n, held->labels.ids, held->weights, error);
}

mech_status mech_classify(const mech_experiment *experiment, const mech_model *model,
                          const mech_classify_options *chosen, const mech_progress *progress, mech_answer **answer,
                          mech_error *error) {
    *answer = NULL;
    mech_classify_options options = mech_classify_options_default();
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_classify_options", error);
    if (status != MECH_OK) return status;
    if (options.credible_level == 0) options.credible_level = USUAL_LEVEL;
    if (!(options.credible_level > 0 && options.credible_level <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the credible level is %g; expected more than 0 and at most 1",
                         options.credible_level);
    if (options.fast && !model)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "a fast answer is that of a network; expected a model");
    if (!model && options.mechanisms && !options.n_mechanisms)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no mechanism to choose from");
    held_answer *held = calloc(1, sizeof *held);
    if (!held) return mech_fail_memory(error);
    status = prepare(experiment, model, &options, held, error);
    if (status == MECH_OK && options.fast)
        status = mech_ask_network(experiment, model, &options, held, error);
    else if (status == MECH_OK)
        status = mech_ask_fits(experiment, model, &options, progress, held, error);
    held->answer.n_warnings = held->warnings.n;
    held->answer.warnings = held->warnings.sentences;
    if (status == MECH_OK && held->warnings.failed) status = mech_fail_memory(error);
    if (status == MECH_OK)
        *answer = &held->answer;
    else
        mech_answer_free(&held->answer);
    return status;
}

void mech_answer_free(mech_answer *answer) {
    if (!answer) return;
    held_answer *held = (held_answer *)answer;
    mech_fits_free(held->fits);
    mech_notes_free(&held->warnings);
    mech_arena_free(held->memory);
    free(held);
}
