/* What the design that a network of run sets was trained on has not, and an experiment has. */
#include "data/design/design.h"
#include "data/runs/noise.h"
#include "experiment/answer/cautions.h"

#include <math.h>
#include <string.h>

/* Loadings are rounded in tables, and what is read off a noisy run as noise is good to a fifth. */
static const double LOADING_SLACK = 0.02, NOISE_SLACK = 0.2;

/* The ends of what a design can draw for training. */
static void range_of(const design *d, design_key key, double *low, double *high) {
    mech_distribution_range(&d->of[DESIGN_FOR_TRAINING][key], low, high);
}

static void note_number_of_runs(const mech_run_set *set, const design *d, notes *list) {
    double fewest, most;
    range_of(d, DESIGN_RUNS, &fewest, &most);
    const size_t n = mech_run_set_n_runs(set);
    if ((double)n > most || (double)n < fewest)
        mech_note(list, "there %s %zu run%s where the network was trained on %g to %g", n == 1 ? "is" : "are", n,
                  n == 1 ? "" : "s", fewest, most);
}

static void note_loadings(const mech_run_set *set, const design *d, notes *list) {
    double least_scale, most_scale, least = INFINITY, most = 0, lowest = INFINITY, highest = 0;
    range_of(d, DESIGN_SCALE, &least_scale, &most_scale);
    for (size_t i = 0; i < d->n_loadings[DESIGN_FOR_TRAINING]; i++) {
        double low, high;
        mech_distribution_range(&d->loadings[DESIGN_FOR_TRAINING][i], &low, &high);
        least = fmin(least, low * least_scale);
        most = fmax(most, high * most_scale);
    }
    for (size_t i = 0; i < mech_run_set_n_runs(set); i++) {
        const double loading = mech_run_set_run(set, i)->cat0 / mech_run_set_standard(set);
        if (!(loading > 0)) continue; /* a run without catalyst */
        lowest = fmin(lowest, loading);
        highest = fmax(highest, loading);
    }
    if (lowest < least * (1 - LOADING_SLACK) || highest > most * (1 + LOADING_SLACK))
        mech_note(list,
                  "the loadings of %.3g to %.3g mol %% leave the %.3g to %.3g mol %% that the network was trained on",
                  100 * lowest, 100 * highest, 100 * least, 100 * most);
}

static void note_readings(const mech_run_set *set, const design *d, notes *list) {
    size_t fewest, most, least = SIZE_MAX;
    mech_design_readings(d, DESIGN_FOR_TRAINING, &fewest, &most);
    for (size_t i = 0; i < mech_run_set_n_runs(set); i++) {
        const size_t n = mech_run_set_run(set, i)->n_readings;
        if (n < least) least = n;
    }
    if (least < fewest)
        mech_note(list, "a run has only %zu reading%s where the network was trained on %zu or more", least,
                  least == 1 ? "" : "s", fewest);
}

static void note_noise(const mech_run_set *set, const design *d, notes *list) {
    double least, most, least_share, most_share, noise = 0;
    range_of(d, DESIGN_NOISE, &least, &most);
    range_of(d, DESIGN_RELATIVE_NOISE, &least_share, &most_share);
    for (size_t i = 0; i < mech_run_set_n_runs(set); i++)
        noise = fmax(noise, mech_noise_of(mech_run_set_run(set, i)) / mech_run_set_standard(set));
    const double usual = hypot(most, most_share);
    if (noise > usual * (1 + NOISE_SLACK))
        mech_note(
            list,
            "the readings scatter by about %.2g %% of [S]0, more than the %.2g %% that the network was trained on",
            100 * noise, 100 * usual);
}

mech_status mech_note_set_cautions(const mech_run_set *set, const mech_model *model, notes *list, mech_error *error) {
    const char *text = mech_model_metadata(model, "design");
    design *d = NULL;
    if (!text) return MECH_OK;
    const mech_status status = mech_design_parse(text, strlen(text), "the model's design", &d, error);
    if (status == MECH_OK) {
        note_number_of_runs(set, d, list);
        note_loadings(set, d, list);
        note_readings(set, d, list);
        note_noise(set, d, list);
    }
    mech_design_free(d);
    /* A design that says too little to be read, as of a model made by hand, says nothing of what is outside of it. */
    return status == MECH_OUT_OF_MEMORY ? status : MECH_OK;
}
