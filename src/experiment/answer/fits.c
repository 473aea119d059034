/* Fits answer: evidence times what was known. */
#include "experiment/answer/answer.h"

#include "base/error.h"
#include "base/files/text.h"
#include "chemistry/mechanism.h"
#include "experiment/answer/cautions.h"
#include "experiment/answer/four.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The mechanisms that are fitted: those that were not ruled out. */
typedef struct fitted_labels {
    size_t n;
    size_t *label;                     /* [n] */
    const mech_mechanism **mechanisms; /* [n] */
    double *odds;                      /* [n] */
} fitted_labels;

static mech_status choose(const held_answer *held, fitted_labels *of, mech_error *error) {
    const size_t n = held->labels.n;
    of->label = mech_arena_allocate(held->memory, n, sizeof *of->label);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    of->mechanisms = mech_arena_allocate(held->memory, n, sizeof *of->mechanisms);
    of->odds = mech_arena_allocate(held->memory, n, sizeof *of->odds);
    if (!of->label || !of->mechanisms || !of->odds) return mech_fail_memory(error);
    of->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(held->weights[i] > 0)) continue;
        if (!held->labels.mechanisms[i])
            return mech_fail(
                error, MECH_INVALID_ARGUMENT,
                "the model does not say what mechanism '%.40s' is, so that it cannot be fitted; expected a "
                "library of it, or a fast answer by the network alone",
                held->labels.ids[i]);
        of->label[of->n] = i;
        of->mechanisms[of->n] = held->labels.mechanisms[i];
        of->odds[of->n++] = held->weights[i];
    }
    return MECH_OK;
}

/* The lines of a model's ranges that are of the mechanisms that are fitted: they were what it learned from, and are
 * what it is asked beside. NULL in *lines where its prior is the wide one. */
static mech_status take_prior(const mech_model *model, const fitted_labels *of, arena *memory, const char **lines,
                              mech_error *error) {
    const char *ranges = model ? mech_model_metadata(model, "prior") : NULL;
    text t = {0};
    *lines = NULL;
    for (const char *line = ranges; line && *line;) {
        const size_t length = strcspn(line, "\n") + (strchr(line, '\n') ? 1 : 0), id = strcspn(line, " \t\n");
        for (size_t i = 0; i < of->n && id < length; i++) {
            const char *fitted = mech_mechanism_id(of->mechanisms[i]);
            if (strlen(fitted) == id && memcmp(fitted, line, id) == 0) mech_text_append(&t, line, length);
        }
        line += length;
    }
    if (t.length && !t.failed) *lines = mech_arena_text(memory, t.characters, t.length);
    const bool failed = t.failed || (t.length && !*lines);
    mech_text_free(&t);
    return failed ? mech_fail_memory(error) : MECH_OK;
}

static mech_status fit(const mech_run_set *runs, const fitted_labels *of, const char *prior,
                       const mech_classify_options *options, const mech_progress *progress, mech_fits **fits,
                       mech_error *error) {
    mech_fit_options with = mech_fit_options_default();
    with.mechanisms = of->mechanisms;
    with.n_mechanisms = of->n;
    with.prior_odds = of->odds;
    with.prior = prior;
    with.seed = options->seed;
    with.threads = options->threads;
    if (options->exact) with.loading_error = with.start_error = with.clock_error = with.response_error = 0;
    return mech_fit_run_set(runs, &with, progress, fits, error);
}

static mech_status rank(held_answer *held, const fitted_labels *of, double level, mech_error *error) {
    double *probabilities = mech_arena_allocate(held->memory, held->labels.n, sizeof *probabilities);
    if (!probabilities) return mech_fail_memory(error);
    for (size_t k = 0; k < held->fits->n_mechanisms; k++) {
        const mech_mechanism_fit *f = &held->fits->mechanisms[k];
        for (size_t i = 0; i < of->n; i++)
            if (strcmp(mech_mechanism_id(of->mechanisms[i]), mech_mechanism_id(f->mechanism)) == 0)
                probabilities[of->label[i]] = f->probability;
    }
    return mech_rank_answer(held, probabilities, level, error);
}

/* What puts the answer in doubt, the worst first. */
static mech_status note_doubts(const mech_experiment *e, held_answer *held, mech_error *error) {
    const mech_fits *fits = held->fits;
    mech_experiment whole;
    if (fits->none_of_these.flagged)
        mech_note(&held->warnings, "none of the mechanisms explains the readings: %s", fits->doubt);
    for (size_t i = 0; i < fits->n_warnings; i++) mech_note(&held->warnings, "%s", fits->warnings[i]);
    const mech_status status = mech_complete_runs(e, held->memory, &whole, error);
    if (status != MECH_OK) return status;
    const double unit = mech_run_set_standard(e->set);
    const mech_mechanism_fit *best = &fits->mechanisms[0];
    for (size_t i = 1; i < fits->n_mechanisms; i++)
        if (fits->mechanisms[i].fitted && fits->mechanisms[i].deviation < best->deviation) best = &fits->mechanisms[i];
    /* The noise that is found is Student's, which stray readings hardly move; a reading is at most about 1. */
    const double bulk = fmin(best->deviation, hypot(best->noise, best->proportional_noise));
    mech_note_misfit(&whole, unit, mech_mechanism_id(best->mechanism), best->deviation, bulk, &held->warnings);
    mech_note_unlike_runs(&whole, unit, &held->warnings);
    return MECH_OK;
}

mech_status mech_ask_fits(const mech_experiment *experiment, const mech_model *model,
                          const mech_classify_options *options, const mech_progress *progress, held_answer *held,
                          mech_error *error) {
    const mech_run_set *runs = mech_experiment_runs(experiment);
    fitted_labels of = {0};
    const char *prior = NULL;
    mech_error why;
    mech_status status = choose(held, &of, error);
    if (status == MECH_OK) status = take_prior(model, &of, held->memory, &prior, error);
    if (status != MECH_OK) return status;
    status = fit(runs, &of, prior, options, progress, &held->fits, &why);
    if (status != MECH_OK) return mech_fail(error, status, "%s: %s", experiment->source, why.message);
    held->answer.fits = held->fits;
    held->answer.n_alike = held->fits->n_alike;
    held->answer.alike = held->fits->alike;
    held->answer.none_of_these = held->fits->none_of_these;
    status = rank(held, &of, options->credible_level, error);
    held->answer.model = "fits";
    const size_t n_before = held->warnings.n;
    if (status == MECH_OK) status = note_doubts(experiment, held, error);
    mech_put_doubts_first(held, n_before);
    if (status == MECH_OK && model)
        mech_note(&held->warnings,
                  "the %.40s network took no part: fits of its mechanisms answer; --fast asks it alone",
                  mech_model_network(model));
    return status;
}
