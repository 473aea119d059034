/* The network alone answers. */
#include "experiment/answer/answer.h"

#include "base/error.h"
#include "experiment/answer/cautions.h"
#include "experiment/answer/four.h"
#include "experiment/view/errors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AS_MEASURED, WITH_PRODUCT, N_VARIANTS };

/* The class probabilities of what the model sees, probabilities[N_VARIANTS][n_labels]: calibrated ones where it has a
 * calibration and the user does not ask for its own, averaged over the errors of the experiment where it may have any.
 * Where product is `missing` in the same-excess run, those with that product stand in the second row. */
static mech_status ask_about_four(const mech_model *model, const mech_classify_options *options, const model_view *view,
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
 * without mechanisms that are not true. Prior odds would void the guarantee and are left aside. It was given for
 * experiments like those that the model was calibrated on and holds for no others: a network of four runs saw exact
 * ones, a network of run sets experiments with errors that nobody told it. */
static mech_status fill_conformal_sets(held_answer *held, const mech_model *model, const mech_classify_options *options,
                                       const double *probabilities, mech_error *error) {
    static const double levels[] = {0.95, 0.99};
    enum { N_LEVELS = sizeof levels / sizeof levels[0] };
    const size_t n_labels = held->labels.n;
    size_t *order = mech_arena_allocate(held->memory, n_labels, sizeof *order);
    mech_conformal_set *sets = mech_arena_allocate(held->memory, N_LEVELS, sizeof *sets);
    if (!order || !sets) return mech_fail_memory(error);
    held->answer.calibrated = !options->uncalibrated && mech_model_calibration(model);
    held->answer.conformal = sets;
    const bool promised = held->answer.calibrated && options->exact == !mech_model_reads_run_sets(model);
    for (size_t i = 0; i < N_LEVELS && promised; i++) {
        const double threshold = mech_model_conformal_threshold(model, levels[i]);
        if (!(threshold > 0)) continue;
        const size_t size = mech_credible_set(n_labels, probabilities, threshold, order);
        mech_conformal_set *set = &sets[held->answer.n_conformal++];
        set->level = levels[i];
        set->mechanisms = mech_arena_allocate(held->memory, n_labels, sizeof *set->mechanisms);
        if (!set->mechanisms) return mech_fail_memory(error);
        for (size_t k = 0; k < size; k++)
            if (held->weights[order[k]] > 0) set->mechanisms[set->n_mechanisms++] = held->labels.ids[order[k]];
    }
    return MECH_OK;
}

/* The name of the design whose text the model carries; its length. */
static size_t find_design(const char *text, const char **name) {
    static const char key[] = "name:";
    *name = text ? strstr(text, key) : NULL;
    if (!*name) return 0;
    *name += sizeof key - 1;
    *name += strspn(*name, " ");
    return strcspn(*name, "\r\n");
}

void mech_describe_network(const mech_model *model, char *words, size_t room) {
    const char *network = mech_model_network(model), *protocol = mech_model_metadata(model, "protocol"), *name;
    const size_t length = find_design(mech_model_metadata(model, "design"), &name);
    if (!network) network = "unnamed";
    if (mech_model_reads_run_sets(model) && length)
        snprintf(words, room, "%.48s network, design %.*s", network, length < 48 ? (int)length : 48, name);
    else if (protocol)
        snprintf(words, room, "%.48s network, design %.48s", network,
                 strcmp(protocol, "seed") == 0 ? "fixed-window" : protocol);
    else
        snprintf(words, room, "%.48s network, published weights", network);
}

/* What answers, in the words of a footnote. */
static mech_status name_model(held_answer *held, const mech_model *model, mech_error *error) {
    char words[128];
    mech_describe_network(model, words, sizeof words);
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
static void note_missing_product(const mech_experiment *experiment, const model_view *view, double missing,
                                 double *probabilities, held_answer *held) {
    /* Where nothing that comes into question would be left, there is nothing to say; the answer itself stands. */
    const size_t n_labels = held->labels.n;
    const char *const *ids = held->labels.ids;
    double *with_product = probabilities + WITH_PRODUCT * n_labels;
    if (missing == 0 || mech_apply_prior(n_labels, held->weights, with_product, NULL) != MECH_OK) return;
    const size_t first = most_probable(n_labels, with_product);
    if (first == most_probable(n_labels, probabilities) || in_credible_set(&held->answer, ids[first])) return;
    const mech_run *run = &experiment->runs[view->order[MODEL_RUNS - 1]];
    const char *unit = experiment->concentration_unit;
    mech_note(
        &held->warnings,
        "the answer hangs on the product in run %.32s: had this same-excess run started with [P]0 = %.3g%s%s, the "
        "ranking would begin with %.32s (%.1f %%)",
        run->name, run->p0 + missing * view->concentration_unit, *unit ? " " : "", unit, ids[first],
        100 * with_product[first]);
}

/* How the network saw the runs; chosen[i] is which run of the experiment the i-th of the four was. */
static mech_status keep_view(held_answer *held, const model_view *view, const size_t *chosen, mech_error *error) {
    mech_four_runs *four = mech_arena_allocate(held->memory, 1, sizeof *four);
    if (!four) return mech_fail_memory(error);
    *four = (mech_four_runs){.time_unit = view->time_unit,
                             .own_times = view->own_times,
                             .concentration_unit = view->concentration_unit,
                             .n_points_used = view->n_points};
    for (size_t i = 0; i < FOUR_RUNS; i++) four->run_order[i] = chosen[view->order[i]];
    memcpy(four->loadings, view->loadings, sizeof four->loadings);
    held->answer.four = four;
    return MECH_OK;
}

static mech_status ask_network_of_four(const mech_experiment *measured, const mech_model *model,
                                       const mech_classify_options *options, held_answer *held, mech_error *error) {
    const size_t n_labels = held->labels.n;
    model_view view = {0};
    mech_experiment experiment;
    size_t chosen[FOUR_RUNS];
    double *probabilities = mech_arena_allocate(held->memory, N_VARIANTS * n_labels, sizeof *probabilities);
    if (!probabilities) return mech_fail_memory(error);
    const training_range trained = mech_training_range_of(model);
    mech_status status = mech_choose_four(measured, held->memory, &experiment, chosen, &held->warnings, error);
    if (status == MECH_OK) status = mech_view_experiment(&experiment, trained.protocol, &view, error);
    if (status != MECH_OK) return status;
    const double missing = mech_missing_product(&experiment, &view);
    status = ask_about_four(model, options, &view, missing, probabilities, error);
    if (status == MECH_OK) status = fill_conformal_sets(held, model, options, probabilities, error);
    if (status == MECH_OK) status = mech_apply_prior(n_labels, held->weights, probabilities, error);
    if (status == MECH_OK) status = mech_rank_answer(held, probabilities, options->credible_level, error);
    if (status == MECH_OK) status = keep_view(held, &view, chosen, error);
    if (status == MECH_OK) {
        const size_t n_before = held->warnings.n;
        mech_note_unlike_runs(&experiment, view.concentration_unit, &held->warnings);
        note_missing_product(&experiment, &view, missing, probabilities, held);
        mech_put_doubts_first(held, n_before);
        mech_note_cautions(&experiment, &view, &trained, &held->warnings);
    }
    mech_model_view_free(&view);
    return status;
}

/* Probabilities of a network that reads run sets, probabilities[n_labels]. */
static mech_status ask_about_set(const mech_run_set *runs, const mech_model *model,
                                 const mech_classify_options *options, size_t n_labels, double *probabilities,
                                 mech_error *error) {
    const mech_told_errors exact = {.size = sizeof exact, .noise = NAN};
    const bool calibrated = !options->uncalibrated && mech_model_metadata(model, "calibration");
    float *single = mech_allocate_array(n_labels, sizeof *single);
    if (!single) return mech_fail_memory(error);
    const mech_status status = (calibrated ? mech_model_predict_run_sets_calibrated : mech_model_predict_run_sets)(
        model, 1, &runs, options->exact ? &exact : NULL, 1, single, NULL, error);
    for (size_t i = 0; i < n_labels; i++) probabilities[i] = (double)single[i];
    mech_release_array(single);
    return status;
}

static mech_status ask_network_of_sets(const mech_experiment *experiment, const mech_model *model,
                                       const mech_classify_options *options, held_answer *held, mech_error *error) {
    double *probabilities = mech_arena_allocate(held->memory, held->labels.n, sizeof *probabilities);
    if (!probabilities) return mech_fail_memory(error);
    mech_status status =
        ask_about_set(mech_experiment_runs(experiment), model, options, held->labels.n, probabilities, error);
    if (status == MECH_OK) status = fill_conformal_sets(held, model, options, probabilities, error);
    if (status == MECH_OK) status = mech_apply_prior(held->labels.n, held->weights, probabilities, error);
    if (status == MECH_OK) status = mech_rank_answer(held, probabilities, options->credible_level, error);
    if (status != MECH_OK) return status;
    const size_t n_before = held->warnings.n;
    mech_experiment whole;
    status = mech_complete_runs(experiment, held->memory, &whole, error);
    if (status != MECH_OK) return status;
    mech_note_unlike_runs(&whole, mech_run_set_standard(experiment->set), &held->warnings);
    mech_put_doubts_first(held, n_before);
    return mech_note_set_cautions(experiment->set, model, &held->warnings, error);
}

mech_status mech_ask_network(const mech_experiment *experiment, const mech_model *model,
                             const mech_classify_options *options, held_answer *held, mech_error *error) {
    mech_status status = mech_model_reads_run_sets(model)
                             ? ask_network_of_sets(experiment, model, options, held, error)
                             : ask_network_of_four(experiment, model, options, held, error);
    if (status == MECH_OK) status = name_model(held, model, error);
    if (status == MECH_OK && !mech_model_is_checked(model))
        mech_note(&held->warnings,
                  "the model's file has no digest of its weights: damage to it would change the answer unnoticed");
    return status;
}
