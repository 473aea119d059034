/* One sample of a data file, of either format. */
#include "base/error.h"
#include "data/dataset/dataset.h"
#include "data/reading/dataset_mechanisms.h"
#include "draw/samples/sample_figures.h"

#include <stdio.h>

/* The mechanism of a label as a title: "M6: precatalyst activates by itself, then the core cycle". */
static void name_mechanism(const mech_mechanism *mechanism, char *title, size_t room) {
    const char *words = mech_mechanism_title(mechanism);
    snprintf(title, room, "%s%s%s", mech_mechanism_id(mechanism), *words ? ": " : "", words);
}

/* A run set of a file of format 2. */
static mech_status draw_run_set(const char *path, const char *split, size_t sample, const mech_picture_target *target,
                                mech_error *error) {
    run_sets *sets = NULL;
    mech_run_set *set = NULL;
    dataset_mechanisms mechanisms = {0};
    char title[160];
    mech_status status = mech_run_sets_read(path, split, sample, 1, &sets, error);
    if (status == MECH_OK) status = mech_dataset_mechanisms_read(path, &mechanisms, error);
    if (status == MECH_OK) status = mech_run_sets_get(sets, 0, &set, error);
    if (status == MECH_OK && sets->label[0] >= mechanisms.n)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: label %u stands for no mechanism", path, sets->label[0]);
    if (status == MECH_OK) {
        const mech_mechanism *mechanism = mechanisms.of[sets->label[0]];
        name_mechanism(mechanism, title, sizeof title);
        const profiles_page page = {.title = title,
                                    .mechanism = mechanism,
                                    .n_k = sets->n_theta,
                                    .k = sets->theta,
                                    .additive = sets->additive[0],
                                    .sample = sample,
                                    .axis = "time / longest run",
                                    .runs = set};
        status = mech_draw_run_profiles(&page, target, error);
    }
    mech_run_set_free(set);
    mech_run_sets_free(sets);
    mech_dataset_mechanisms_free(&mechanisms);
    return status;
}

mech_status mech_draw_dataset_sample(const char *path, const char *split, size_t sample,
                                     const mech_picture_target *target, mech_error *error) {
    bool has_runs = false;
    mech_status status = mech_dataset_has_runs(path, &has_runs, error);
    if (status != MECH_OK) return status;
    if (has_runs) return draw_run_set(path, split, sample, target, error);
    mech_samples *samples = NULL;
    dataset_mechanisms known = {0};
    status = mech_samples_read(path, split, &samples, error);
    if (status == MECH_OK) status = mech_dataset_mechanisms_read(path, &known, error);
    const mech_mechanism *mechanism =
        status == MECH_OK && sample < samples->n && samples->y[sample] < known.n ? known.of[samples->y[sample]] : NULL;
    if (status == MECH_OK) status = mech_draw_profiles(samples, sample, mechanism, target, error);
    mech_dataset_mechanisms_free(&known);
    mech_samples_free(samples);
    return status;
}
