/* Figures of the samples of a data set. */
#include "study/figures/figures.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/setting.h"

#include <stdio.h>
#include <string.h>

/* The samples of a split. */
static uint64_t count_samples(const mech_dataset *data, mech_split split) {
    uint64_t sum = 0;
    for (size_t i = 0; i < mech_dataset_n_mechanisms(data); i++) sum += mech_dataset_n_samples(data, split, i);
    return sum;
}

mech_status mech_figure_counts(figure_request *r, mech_error *error) {
    mech_dataset *data = NULL;
    mech_status status = mech_dataset_read(r->of.data, &data, error);
    if (status == MECH_OK && !count_samples(data, MECH_SPLIT_TRAIN) && !count_samples(data, MECH_SPLIT_VALIDATION) &&
        !count_samples(data, MECH_SPLIT_TEST))
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: holds no samples", r->of.data);
    if (status == MECH_OK) status = mech_draw_sample_counts(data, r->target, error);
    mech_dataset_free(data);
    return status;
}

mech_status mech_figure_profiles(figure_request *r, mech_error *error) {
    return mech_draw_dataset_sample(r->of.data, r->of.split, (size_t)r->of.sample, r->target, error);
}

/* "100,000 test samples, each to the nearest of 200,000 random ones of 4,950,000 training samples; ..." */
static void describe_distances(const figure_request *r, const mech_dataset *data, const mech_samples *of,
                               const mech_samples *among, char *words, size_t room) {
    const uint64_t n_train = count_samples(data, MECH_SPLIT_TRAIN);
    char which[256] = "";
    if (among->n < n_train) snprintf(which, sizeof which, "%s random ones of ", mech_set_count(among->n).words);
    snprintf(words, room,
             "%s %s samples, each to the nearest of %s%s training samples of any mechanism. Euclidean, over S and P of "
             "the four runs at 21 uniform scaled times; white dots: medians, bars: quartiles",
             mech_set_count(of->n).words, r->of.split, which, mech_set_count(n_train).words);
}

mech_status mech_figure_distances(figure_request *r, mech_error *error) {
    mech_samples *of = NULL, *among = NULL;
    mech_dataset *data = NULL;
    double *distances = NULL;
    char what[768];
    mech_status status = mech_samples_read(r->of.data, r->of.split, &of, error);
    if (status == MECH_OK)
        status = mech_samples_read_subset(r->of.data, "train", r->of.train_samples, r->of.seed, &among, error);
    if (status == MECH_OK) status = mech_dataset_read(r->of.data, &data, error);
    if (status != MECH_OK) goto cleanup;
    distances = mech_allocate_array(of->n, sizeof *distances);
    status =
        distances ? mech_nearest_distances(of, among, r->of.threads, distances, NULL, error) : mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    describe_distances(r, data, of, among, what, sizeof what);
    status = mech_draw_distances(of, distances, data, what, r->target, error);
cleanup:
    mech_release_array(distances);
    mech_dataset_free(data);
    mech_samples_free(of);
    mech_samples_free(among);
    return status;
}

mech_status mech_figure_designed(figure_request *r, mech_error *error) {
    enum { N_EXPERIMENTS = 12 };
    mech_run_set *sets[N_EXPERIMENTS] = {NULL};
    char names[N_EXPERIMENTS][96], title[160];
    const char *named[N_EXPERIMENTS];
    mech_status status = MECH_OK;
    const size_t n = r->own ? mech_library_size(r->own) : mech_builtin_count();
    for (size_t i = 0; i < N_EXPERIMENTS && status == MECH_OK; i++) {
        /* The mechanisms in turn; the next seed goes on where this one ends. */
        const size_t number = (size_t)((r->of.seed * N_EXPERIMENTS + i) % n);
        const mech_mechanism *mechanism = r->own ? mech_library_mechanism(r->own, number) : mech_builtin(number);
        status = mech_simulate_experiment(mechanism, r->of.design, r->of.seed, i, &sets[i], NULL, error);
        snprintf(names[i], sizeof names[i], "%s: %s", mech_mechanism_id(mechanism), mech_mechanism_title(mechanism));
        named[i] = names[i];
    }
    snprintf(title, sizeof title, "Experiments of the design %.80s, seed %llu", r->of.design,
             (unsigned long long)r->of.seed);
    if (status == MECH_OK)
        status = mech_draw_run_sets(N_EXPERIMENTS, (const mech_run_set *const *)sets, named, title, r->target, error);
    for (size_t i = 0; i < N_EXPERIMENTS; i++) mech_run_set_free(sets[i]);
    return status;
}
