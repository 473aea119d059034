/* Figures of the samples of a data set. */
#include "cli/plot_request.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/dataset.h"
#include "data/dataset_mechanisms.h"
#include "data/samples.h"
#include "draw/figures.h"
#include "draw/notation.h"

#include <stdio.h>
#include <string.h>

mech_status plot_counts(const plot_request *r, mech_error *error) {
    static const char *const names[N_SPLITS] = {"training", "validation", "test"};
    split_counts splits[N_SPLITS];
    dataset_mechanisms mechanisms = {0};
    uint64_t sum = 0;
    uint64_t *counts = allocate_array((size_t)N_SPLITS * MOST_CLASSES, sizeof *counts);
    mech_status status = counts ? dataset_mechanisms_read(r->data, &mechanisms, error) : fail_memory(error);
    for (dataset_split s = 0; s < N_SPLITS && status == MECH_OK; s++) {
        splits[s] = (split_counts){.name = names[s], .counts = counts + (size_t)s * MOST_CLASSES};
        status = dataset_count(r->data, s, counts + (size_t)s * MOST_CLASSES, error);
        for (size_t i = 0; i < mechanisms.n; i++) sum += splits[s].counts[i];
    }
    if (status == MECH_OK && !sum) status = fail(error, MECH_INVALID_INPUT, "%s: holds no samples", r->data);
    if (status == MECH_OK) status = draw_counts(splits, N_SPLITS, mechanisms.of, mechanisms.n, r->target, error);
    dataset_mechanisms_free(&mechanisms);
    release_array(counts);
    return status;
}

/* "100,000 test samples, each to the nearest of 200,000 random ones of 4,950,000 training samples; ..." */
static mech_status describe_distances(const plot_request *r, const mech_samples *of, const mech_samples *among,
                                      char *words, size_t room, mech_error *error) {
    uint64_t counts[MOST_CLASSES], n_train = 0;
    mech_status status = dataset_count(r->data, SPLIT_TRAIN, counts, error);
    if (status != MECH_OK) return status;
    for (size_t i = 0; i < MOST_CLASSES; i++) n_train += counts[i];
    char which[256] = "";
    if (among->n < n_train) snprintf(which, sizeof which, "%s random ones of ", set_count(among->n).words);
    snprintf(words, room,
             "%s %s samples, each to the nearest of %s%s training samples of any mechanism. Euclidean, over S and P of "
             "the four runs at 21 uniform scaled times; white dots: medians, bars: quartiles",
             set_count(of->n).words, r->split, which, set_count(n_train).words);
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
    if (status == MECH_OK) status = dataset_mechanisms_read(r->data, &mechanisms, error);
    if (status != MECH_OK) goto cleanup;
    distances = allocate_array(of->n, sizeof *distances);
    status = distances ? mech_nearest_distances(of, among, r->threads, distances, NULL, error) : fail_memory(error);
    if (status == MECH_OK) status = describe_distances(r, of, among, what, sizeof what, error);
    if (status != MECH_OK) goto cleanup;
    const distance_sample sample = {
        .n = of->n, .distances = distances, .labels = of->y, .mechanisms = mechanisms.of, .n_mechanisms = mechanisms.n};
    status = draw_distances(&sample, what, r->target, error);
cleanup:
    release_array(distances);
    dataset_mechanisms_free(&mechanisms);
    mech_samples_free(of);
    mech_samples_free(among);
    return status;
}
