/* The figures that show several models, of their probabilities. */
#include "base/memory.h"
#include "draw/judgements/judgement_figures.h"

/* What such a figure is drawn by. */
typedef mech_status (*figure)(const scored_model *models, size_t n, const char *what, const mech_picture_target *target,
                              mech_error *error);

/* Scores one model; what it holds is freed by the caller, in any case. */
static mech_status score_model(const mech_judged_model *model, scores *s, mech_metrics **metrics, mech_error *error) {
    const mech_evaluate_options plain = {.size = sizeof plain};
    mech_status status =
        mech_scores_new(model->n, model->n_labels, model->probabilities, model->labels, &plain, s, error);
    if (status == MECH_OK) status = mech_metrics_new(model->n, model->n_labels, metrics, error);
    if (status == MECH_OK) mech_metrics_fill(s, NULL, (*metrics)->confusion, *metrics);
    return status;
}

static mech_status draw_scored(figure draw, const mech_judged_model *models, size_t n, const char *what,
                               const mech_picture_target *target, mech_error *error) {
    if (!n) return mech_fail(error, MECH_INVALID_ARGUMENT, "there are no models to show; expected one or more");
    scored_model *scored = mech_allocate_array(n, sizeof *scored);
    scores *all = mech_allocate_array(n, sizeof *all);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    mech_metrics **metrics = mech_allocate_array(n, sizeof *metrics);
    mech_status status = scored && all && metrics ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        status = score_model(&models[i], &all[i], &metrics[i], error);
        scored[i] = (scored_model){models[i].name, &all[i], metrics[i]};
    }
    if (status == MECH_OK) status = draw(scored, n, what, target, error);
    for (size_t i = 0; all && metrics && i < n; i++) {
        mech_scores_free(&all[i]);
        mech_metrics_free(metrics[i]);
    }
    mech_release_array(scored);
    mech_release_array(all);
    mech_release_array(metrics);
    return status;
}

mech_status mech_draw_entropy(const mech_judged_model *models, size_t n, const char *what,
                              const mech_picture_target *target, mech_error *error) {
    return draw_scored(mech_draw_scored_entropy, models, n, what, target, error);
}

mech_status mech_draw_credible_sets(const mech_judged_model *models, size_t n, const char *what,
                                    const mech_picture_target *target, mech_error *error) {
    return draw_scored(mech_draw_scored_sets, models, n, what, target, error);
}
