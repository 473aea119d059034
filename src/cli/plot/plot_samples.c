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
    uint64_t sum = 0;
    uint64_t *counts = mech_allocate_array((size_t)N_SPLITS * MOST_CLASSES, sizeof *counts);
    mech_status status = counts ? mech_dataset_mechanisms_read(r->data, &mechanisms, error) : mech_fail_memory(error);
    for (dataset_split s = 0; s < N_SPLITS && status == MECH_OK; s++) {
        splits[s] = (split_counts){.name = names[s], .counts = counts + (size_t)s * MOST_CLASSES};
        status = mech_dataset_count(r->data, s, counts + (size_t)s * MOST_CLASSES, error);
        for (size_t i = 0; i < mechanisms.n; i++) sum += splits[s].counts[i];
    }
    if (status == MECH_OK && !sum) status = mech_fail(error, MECH_INVALID_INPUT, "%s: holds no samples", r->data);
    if (status == MECH_OK)
        status = mech_draw_sample_counts(splits, N_SPLITS, mechanisms.of, mechanisms.n, r->target, error);
    mech_dataset_mechanisms_free(&mechanisms);
    mech_release_array(counts);
    return status;
}

/* "100,000 test samples, each to the nearest of 200,000 random ones of 4,950,000 training samples; ..." */
static mech_status describe_distances(const plot_request *r, const mech_samples *of, const mech_samples *among,
                                      char *words, size_t room, mech_error *error) {
    uint64_t counts[MOST_CLASSES], n_train = 0;
    mech_status status = mech_dataset_count(r->data, SPLIT_TRAIN, counts, error);
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
