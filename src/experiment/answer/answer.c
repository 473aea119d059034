#include "experiment/answer/answer.h"

#include "base/interface.h"
#include "experiment/answer/cautions.h"
#include "experiment/answer/fits.h"
#include "experiment/answer/four.h"
#include "experiment/view/errors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An answer and what it points to. */
typedef struct held_answer {
    mech_answer answer; /* first: a pointer to it is a pointer to this */
    arena *memory;
    notes warnings;
    answer_labels labels;
    size_t *order;      /* [n_labels]: labels, most probable first */
    size_t *fit_labels; /* [n_fits] */
} held_answer;

enum { AS_MEASURED, WITH_PRODUCT, N_VARIANTS };

/* Before fits were asked, behind the variants in the same array. */
enum { NETWORK_ALONE = N_VARIANTS };

/* The class probabilities of what the model sees, probabilities[N_VARIANTS][n_labels]: calibrated ones where it has a
 * calibration and the user does not ask for its own, averaged over the errors of the experiment where it may have any.
 * Where product is `missing` in the same-excess run, those with that product stand in the second row. */
static mech_status ask_model(const mech_model *model, const mech_classify_options *options, const model_view *view,
                             double missing, double *probabilities, mech_error *error) {
    const size_t n_labels = mech_model_n_labels(model), n_times = view->n_points + 1;
    const size_t n_values = n_times * MODEL_COLUMNS, n_variants = missing == 0 ? 1 : N_VARIANTS;
    const size_t n_draws = options->exact ? 1 : ERROR_DRAWS, n = n_variants * n_draws;
    float *single = mech_allocate_array(n * n_labels, sizeof *single);
    float *x1 = mech_allocate_array(n * MODEL_RUNS, sizeof *x1);
    float *x2 = mech_allocate_array(n * n_values, sizeof *x2);
    design *laboratory = NULL;
    mech_status status = single && x1 && x2 ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK && !options->exact) status = mech_design_open("laboratory", &laboratory, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        float *sample = x2 + i * n_values;
        if (options->exact) {
            memcpy(x1 + i * MODEL_RUNS, view->x1, MODEL_RUNS * sizeof *x1);
            memcpy(sample, view->x2, n_values * sizeof *x2);
        } else {
            mech_draw_errors(laboratory, view, i % n_draws, x1 + i * MODEL_RUNS, sample);
        }
        const float added = i < n_draws ? 0 : (float)missing;
        for (size_t j = MODEL_COLUMNS - 1; j < n_values; j += MODEL_COLUMNS) sample[j] += added;
    }
    const bool calibrated = !options->uncalibrated && mech_model_metadata(model, "calibration");
    if (status == MECH_OK)
        status = (calibrated ? mech_model_predict_calibrated : mech_model_predict)(model, n, n_times, x1, x2, 1, single,
                                                                                   error);
    for (size_t i = 0; i < n_variants * n_labels && status == MECH_OK; i++) {
        const float *of_draws = single + i / n_labels * n_draws * n_labels + i % n_labels;
        double sum = 0;
        for (size_t draw = 0; draw < n_draws; draw++) sum += (double)of_draws[draw * n_labels];
        probabilities[i] = sum / (double)n_draws;
    }
    mech_design_free(laboratory);
    mech_release_array(single);
    mech_release_array(x1);
    mech_release_array(x2);
    return status;
}

/* The conformal sets of what the data say, less what was ruled out before them: a set that holds the truth still does
 * without mechanisms that are not true. Prior odds would void the guarantee and are left aside. It was given for exact
 * experiments and holds for no others. */
static mech_status fill_conformal_sets(held_answer *held, const mech_model *model, const mech_classify_options *options,
                                       const char *const *ids, const double *probabilities, mech_error *error) {
    static const double levels[] = {0.95, 0.99};
    enum { N_LEVELS = sizeof levels / sizeof levels[0] };
    const size_t n_labels = mech_model_n_labels(model);
    size_t *order = mech_arena_allocate(held->memory, n_labels, sizeof *order);
    double *weights = mech_arena_allocate(held->memory, n_labels, sizeof *weights);
    mech_conformal_set *sets = mech_arena_allocate(held->memory, N_LEVELS, sizeof *sets);
    if (!order || !weights || !sets) return mech_fail_memory(error);
    mech_status status = mech_weigh_labels(options, n_labels, ids, weights, error);
    if (status != MECH_OK) return status;
    held->answer.calibrated = !options->uncalibrated && mech_model_calibration(model);
    held->answer.conformal = sets;
    for (size_t i = 0; i < N_LEVELS && held->answer.calibrated && options->exact; i++) {
        const double threshold = mech_model_conformal_threshold(model, levels[i]);
        if (!(threshold > 0)) continue;
        const size_t size = mech_credible_set(n_labels, probabilities, threshold, order);
        mech_conformal_set *set = &sets[held->answer.n_conformal++];
        set->level = levels[i];
        set->mechanisms = mech_arena_allocate(held->memory, n_labels, sizeof *set->mechanisms);
        if (!set->mechanisms) return mech_fail_memory(error);
        for (size_t k = 0; k < size; k++)
            if (weights[order[k]] > 0) set->mechanisms[set->n_mechanisms++] = ids[order[k]];
    }
    return MECH_OK;
}

/* Ranks the classes and takes over how the runs were seen. */
static mech_status fill_answer(held_answer *held, const model_view *view, size_t n_labels, const char *const *ids,
                               const double *probabilities, double level, mech_error *error) {
    mech_answer *answer = &held->answer;
    size_t *order = held->order = mech_arena_allocate(held->memory, n_labels, sizeof *order);
    answer->ranked = mech_arena_allocate(held->memory, n_labels, sizeof *answer->ranked);
    if (!order || !answer->ranked) return mech_fail_memory(error);
    answer->credible_level = level;
    answer->credible_size = mech_credible_set(n_labels, probabilities, level, order);
    answer->n_ranked = n_labels;
    for (size_t i = 0; i < n_labels; i++)
        answer->ranked[i] = (mech_ranked){held->labels.mechanisms[order[i]], ids[order[i]], probabilities[order[i]]};
    answer->time_unit = view->time_unit;
    answer->concentration_unit = view->concentration_unit;
    answer->n_points_used = view->n_points;
    memcpy(answer->run_order, view->order, sizeof answer->run_order);
    memcpy(answer->loadings, view->loadings, sizeof answer->loadings);
    return MECH_OK;
}

/* The second opinion, where it is asked for: probabilities[n_labels] become those of network and fits. */
static mech_status consult_fits(held_answer *held, const mech_classify_options *options, mech_sample_design protocol,
                                const model_view *view, size_t n_labels, const char *const *ids, double *probabilities,
                                mech_error *error) {
    if (!options->fitter) return MECH_OK;
    double *weights = mech_arena_allocate(held->memory, n_labels, sizeof *weights);
    held->fit_labels = mech_arena_allocate(held->memory, n_labels, sizeof *held->fit_labels);
    mech_fitted *fits = NULL;
    if (!weights || !held->fit_labels) return mech_fail_memory(error);
    mech_status status = mech_weigh_labels(options, n_labels, ids, weights, error);
    if (status == MECH_OK)
        status = mech_fit_view(options->fitter, protocol, view, n_labels, weights, probabilities, held->memory, &fits,
                               &held->answer.n_fits, held->fit_labels, error);
    held->answer.fits = fits;
    return status;
}

/* Puts the fits in the order of the ranking. */
static mech_status rank_fits(held_answer *held, mech_error *error) {
    mech_answer *answer = &held->answer;
    mech_fitted *ordered = mech_arena_allocate(held->memory, answer->n_fits + 1, sizeof *ordered);
    size_t n = 0;
    if (!ordered) return mech_fail_memory(error);
    for (size_t i = 0; i < answer->n_ranked; i++)
        for (size_t j = 0; j < answer->n_fits; j++)
            if (held->order[i] == held->fit_labels[j]) {
                ordered[n] = answer->fits[j];
                if (answer->ranked[i].mechanism) ordered[n].mechanism = answer->ranked[i].mechanism;
                n++;
            }
    answer->fits = ordered;
    return MECH_OK;
}

/* What answers, in the words of a footnote. */
static mech_status name_model(held_answer *held, const mech_model *model, mech_error *error) {
    const char *mechanism = mech_model_network(model), *protocol = mech_model_metadata(model, "protocol");
    char words[128];
    snprintf(words, sizeof words, "%.48s network, %s%.48s", mechanism ? mechanism : "unnamed",
             protocol ? "protocol " : "published weights", protocol ? protocol : "");
    held->answer.model = mech_arena_text(held->memory, words, strlen(words));
    return held->answer.model ? MECH_OK : mech_fail_memory(error);
}

static bool in_credible_set(const mech_answer *answer, const char *id) {
    for (size_t i = 0; i < answer->credible_size; i++)
        if (answer->ranked[i].id == id) return true;
    return false;
}

static size_t most_probable(size_t n_labels, const double *probabilities) {
    size_t first = 0;
    for (size_t i = 1; i < n_labels; i++)
        if (probabilities[i] > probabilities[first]) first = i;
    return first;
}

/* Where the same-excess run was measured without the product that models are trained to see in it, the ranking with
 * that product, probabilities[n_labels], may begin otherwise. A reader must know, before all else, when the answer
 * hangs on it: one of the doubts then says so. */
static void note_missing_product(const mech_experiment *experiment, const mech_classify_options *options,
                                 size_t n_labels, const char *const *ids, const model_view *view, double missing,
                                 double *probabilities, held_answer *held) {
    /* Where nothing that comes into question would be left, there is nothing to say; the answer itself stands. */
    double *with_product = probabilities + WITH_PRODUCT * n_labels, *alone = probabilities + NETWORK_ALONE * n_labels;
    if (missing == 0 || mech_apply_prior(options, n_labels, ids, with_product, NULL) != MECH_OK ||
        mech_apply_prior(options, n_labels, ids, alone, NULL) != MECH_OK)
        return;
    const size_t first = most_probable(n_labels, with_product);
    if (first == most_probable(n_labels, alone) || in_credible_set(&held->answer, ids[first])) return;
    const mech_run *run = &experiment->runs[view->order[MODEL_RUNS - 1]];
    const char *unit = experiment->concentration_unit;
    mech_note(
        &held->warnings,
        "the answer hangs on the product in run %.32s: had this same-excess run started with [P]0 = %.3g%s%s, the "
        "ranking would begin with %.32s (%.1f %%)",
        run->name, run->p0 + missing * view->concentration_unit, *unit ? " " : "", unit, ids[first],
        100 * with_product[first]);
}

static void reverse(size_t n, char **sentences) {
    for (size_t i = 0; i < n / 2; i++) {
        char *other = sentences[n - 1 - i];
        sentences[n - 1 - i] = sentences[i];
        sentences[i] = other;
    }
}

/* Puts the sentences behind the first n_before to the front, each part in its order; returns how many these are. */
static size_t put_first(notes *list, size_t n_before) {
    const size_t n = list->n - n_before;
    reverse(n_before, list->sentences);
    if (n) reverse(n, list->sentences + n_before);
    reverse(list->n, list->sentences);
    return n;
}

void mech_classify_options_init(mech_classify_options *options, size_t size) {
    const mech_classify_options defaults = {.credible_level = 0.95};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

mech_status mech_classify(const mech_experiment *measured, const mech_model *model, const mech_classify_options *chosen,
                          mech_answer **answer, mech_error *error) {
    *answer = NULL;
    model_view view = {0};
    mech_experiment four;
    const mech_experiment *experiment = &four;
    size_t chosen_runs[FOUR_RUNS];
    mech_classify_options own = mech_classify_options_default();
    const mech_classify_options *options = &own;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_classify_options", error);
    if (status != MECH_OK) return status;
    double level = options->credible_level == 0 ? 0.95 : options->credible_level;
    if (!(level > 0 && level <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the credible level is %g; expected more than 0 and at most 1",
                         level);
    held_answer *held = calloc(1, sizeof *held);
    if (!held) return mech_fail_memory(error);
    held->memory = mech_arena_new();
    size_t n_labels = mech_model_n_labels(model);
    double *probabilities =
        held->memory ? mech_arena_allocate(held->memory, (NETWORK_ALONE + 1) * n_labels, sizeof *probabilities) : NULL;
    if (!probabilities || !mech_copy_labels(model, held->memory, &held->labels)) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    const char *const *ids = held->labels.ids;
    training_range trained = mech_training_range_of(model);
    for (size_t i = 0; i < measured->warnings.n; i++) mech_note(&held->warnings, "%s", measured->warnings.sentences[i]);
    status = mech_choose_four(measured, held->memory, &four, chosen_runs, &held->warnings, error);
    if (status != MECH_OK) goto cleanup;
    status = mech_view_experiment(experiment, trained.protocol, &view, error);
    if (status != MECH_OK) goto cleanup;
    const double missing = mech_missing_product(experiment, &view);
    status = ask_model(model, options, &view, missing, probabilities, error);
    if (status == MECH_OK) status = fill_conformal_sets(held, model, options, ids, probabilities, error);
    if (status == MECH_OK)
        memcpy(probabilities + NETWORK_ALONE * n_labels, probabilities, n_labels * sizeof *probabilities);
    if (status == MECH_OK)
        status = consult_fits(held, options, trained.protocol, &view, n_labels, ids, probabilities, error);
    if (status != MECH_OK) goto cleanup;
    status = mech_apply_prior(options, n_labels, ids, probabilities, error);
    if (status != MECH_OK) goto cleanup;
    status = fill_answer(held, &view, n_labels, ids, probabilities, level, error);
    if (status == MECH_OK) status = rank_fits(held, error);
    if (status == MECH_OK) status = name_model(held, model, error);
    if (status != MECH_OK) goto cleanup;
    const size_t n_before = held->warnings.n;
    mech_note_unlike_runs(experiment, &view, &held->warnings);
    mech_note_misfit(experiment, &view, held->answer.n_fits, held->answer.fits, &held->warnings);
    note_missing_product(experiment, options, n_labels, ids, &view, missing, probabilities, held);
    held->answer.n_doubts = put_first(&held->warnings, n_before);
    for (size_t i = 0; i < FOUR_RUNS; i++) held->answer.run_order[i] = chosen_runs[held->answer.run_order[i]];
    mech_note_cautions(experiment, &view, &trained, &held->warnings);
    if (!mech_model_is_checked(model))
        mech_note(&held->warnings,
                  "the model's file has no digest of its weights: damage to it would change the answer unnoticed");
    held->answer.exact = options->exact;
    held->answer.own_times = view.own_times;
    held->answer.n_warnings = held->warnings.n;
    held->answer.warnings = held->warnings.sentences;
    if (held->warnings.failed) status = mech_fail_memory(error);
cleanup:
    mech_model_view_free(&view);
    if (status == MECH_OK)
        *answer = &held->answer;
    else
        mech_answer_free(&held->answer);
    return status;
}

void mech_answer_free(mech_answer *answer) {
    if (!answer) return;
    held_answer *held = (held_answer *)answer;
    mech_notes_free(&held->warnings);
    mech_arena_free(held->memory);
    free(held);
}
