/* Figures of the samples of a data set. */
#include "cli/plot/plot_request.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/dataset/dataset.h"
#include "data/reading/dataset_mechanisms.h"
#include "data/samples/samples.h"
#include "draw/canvas/notation.h"
#include "draw/samples/sample_figures.h"

#include <stdio.h>
#include <string.h>

mech_status plot_counts(const plot_request *r, mech_error *error) {
    static const char *const names[N_SPLITS] = {"training", "validation", "test"};
    split_counts splits[N_SPLITS];
    dataset_mechanisms mechanisms = {0};
    uint64_t sum = 0, *counts = NULL;
    mech_status status = mech_dataset_mechanisms_read(r->data, &mechanisms, error);
    if (status == MECH_OK) {
        counts = mech_allocate_array(N_SPLITS, mechanisms.n * sizeof *counts);
        if (!counts) status = mech_fail_memory(error);
    }
    for (dataset_split s = 0; s < N_SPLITS && status == MECH_OK; s++) {
        uint64_t *of_split = counts + (size_t)s * mechanisms.n;
        splits[s] = (split_counts){.name = names[s], .counts = of_split};
        status = mech_dataset_count(r->data, s, mechanisms.n, of_split, error);
        for (size_t i = 0; i < mechanisms.n; i++) sum += of_split[i];
    }
    if (status == MECH_OK && !sum) status = mech_fail(error, MECH_INVALID_INPUT, "%s: holds no samples", r->data);
    if (status == MECH_OK)
        status = mech_draw_sample_counts(splits, N_SPLITS, mechanisms.of, mechanisms.n, r->target, error);
    mech_dataset_mechanisms_free(&mechanisms);
    mech_release_array(counts);
    return status;
}

/* The mechanism of a label as a title: "M6: precatalyst activates by itself, then the core cycle". */
static void name_mechanism(const mech_mechanism *mechanism, char *title, size_t room) {
    const char *words = mech_mechanism_title(mechanism);
    snprintf(title, room, "%s%s%s", mech_mechanism_id(mechanism), *words ? ": " : "", words);
}

/* A run set of a file of format 2. */
static mech_status plot_run_set(const plot_request *r, mech_error *error) {
    run_sets *sets = NULL;
    mech_run_set *set = NULL;
    dataset_mechanisms mechanisms = {0};
    char title[160];
    mech_status status = mech_run_sets_read(r->data, r->split, (size_t)r->sample, 1, &sets, error);
    if (status == MECH_OK) status = mech_dataset_mechanisms_read(r->data, &mechanisms, error);
    if (status == MECH_OK) status = mech_run_sets_get(sets, 0, &set, error);
    if (status == MECH_OK && sets->label[0] >= mechanisms.n)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: label %u stands for no mechanism", r->data, sets->label[0]);
    if (status == MECH_OK) {
        const mech_mechanism *mechanism = mechanisms.of[sets->label[0]];
        name_mechanism(mechanism, title, sizeof title);
        const profiles_page page = {.title = title,
                                    .mechanism = mechanism,
                                    .n_k = sets->n_theta,
                                    .k = sets->theta,
                                    .additive = sets->additive[0],
                                    .sample = (size_t)r->sample,
                                    .runs = set};
        status = mech_draw_run_profiles(&page, r->target, error);
    }
    mech_run_set_free(set);
    mech_run_sets_free(sets);
    mech_dataset_mechanisms_free(&mechanisms);
    return status;
}

mech_status plot_profiles(const plot_request *r, mech_error *error) {
    bool has_runs = false;
    mech_status status = mech_dataset_has_runs(r->data, &has_runs, error);
    if (status != MECH_OK) return status;
    if (has_runs) return plot_run_set(r, error);
    mech_samples *samples = NULL;
    dataset_mechanisms known = {0};
    const size_t sample = (size_t)r->sample;
    status = mech_samples_read(r->data, r->split, &samples, error);
    if (status == MECH_OK) status = mech_dataset_mechanisms_read(r->data, &known, error);
    const mech_mechanism *mechanism =
        status == MECH_OK && sample < samples->n && samples->y[sample] < known.n ? known.of[samples->y[sample]] : NULL;
    if (status == MECH_OK) status = mech_draw_profiles(samples, sample, mechanism, r->target, error);
    mech_dataset_mechanisms_free(&known);
    mech_samples_free(samples);
    return status;
}

/* "100,000 test samples, each to the nearest of 200,000 random ones of 4,950,000 training samples; ..." */
static mech_status describe_distances(const plot_request *r, const mech_samples *of, const mech_samples *among,
                                      char *words, size_t room, mech_error *error) {
    uint64_t counts[MOST_CLASSES], n_train = 0;
    mech_status status = mech_dataset_count(r->data, SPLIT_TRAIN, MOST_CLASSES, counts, error);
    if (status != MECH_OK) return status;
    for (size_t i = 0; i < MOST_CLASSES; i++) n_train += counts[i];
    char which[256] = "";
    if (among->n < n_train) snprintf(which, sizeof which, "%s random ones of ", mech_set_count(among->n).words);
    snprintf(words, room,
             "%s %s samples, each to the nearest of %s%s training samples of any mechanism. Euclidean, over S and P of "
             "the four runs at 21 uniform scaled times; white dots: medians, bars: quartiles",
             mech_set_count(of->n).words, r->split, which, mech_set_count(n_train).words);
    return MECH_OK;
}

mech_status plot_distances(const plot_request *r, mech_error *error) {
    mech_samples *of = NULL, *among = NULL;
    dataset_mechanisms mechanisms = {0};
    double *distances = NULL;
    char what[768];
    mech_status status = mech_samples_read(r->data, r->split, &of, error);
    if (status == MECH_OK)
        status = mech_samples_read_subset(r->data, "train", (size_t)r->train_samples, r->seed, &among, error);
    if (status == MECH_OK) status = mech_dataset_mechanisms_read(r->data, &mechanisms, error);
    if (status != MECH_OK) goto cleanup;
    distances = mech_allocate_array(of->n, sizeof *distances);
    status =
        distances ? mech_nearest_distances(of, among, r->threads, distances, NULL, error) : mech_fail_memory(error);
    if (status == MECH_OK) status = describe_distances(r, of, among, what, sizeof what, error);
    if (status != MECH_OK) goto cleanup;
    const distance_sample sample = {
        .n = of->n, .distances = distances, .labels = of->y, .mechanisms = mechanisms.of, .n_mechanisms = mechanisms.n};
    status = mech_draw_distances(&sample, what, r->target, error);
cleanup:
    mech_release_array(distances);
    mech_dataset_mechanisms_free(&mechanisms);
    mech_samples_free(of);
    mech_samples_free(among);
    return status;
}
