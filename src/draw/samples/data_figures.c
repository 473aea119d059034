/* Figures of whole data sets and sets of thetas, with the words that say what they show. */
#include "base/error.h"
#include "base/memory.h"
#include "data/description/accepted_thetas.h"
#include "draw/canvas/notation.h"
#include "draw/samples/sample_figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_SPLITS_SHOWN = 3 };

mech_status mech_draw_sample_counts(const mech_dataset *data, const mech_picture_target *target, mech_error *error) {
    static const char *const names[N_SPLITS_SHOWN] = {"training", "validation", "test"};
    const size_t n = mech_dataset_n_mechanisms(data);
    split_counts splits[N_SPLITS_SHOWN];
    uint64_t sum = 0;
    uint64_t *counts = mech_allocate_array(N_SPLITS_SHOWN * n, sizeof *counts);
    const mech_mechanism **mechanisms = mech_allocate_array(n, sizeof(const mech_mechanism *));
    mech_status status = counts && mechanisms ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) mechanisms[i] = mech_dataset_mechanism(data, i);
    for (size_t s = 0; s < N_SPLITS_SHOWN && status == MECH_OK; s++) {
        splits[s] = (split_counts){.name = names[s], .counts = counts + s * n};
        for (size_t i = 0; i < n; i++) sum += counts[s * n + i] = mech_dataset_n_samples(data, (mech_split)s, i);
    }
    if (status == MECH_OK && !sum) status = mech_fail(error, MECH_INVALID_INPUT, "the data set holds no samples");
    if (status == MECH_OK) status = mech_draw_split_counts(splits, N_SPLITS_SHOWN, mechanisms, n, target, error);
    mech_release_array(mechanisms);
    mech_release_array(counts);
    return status;
}

mech_status mech_draw_distances(const mech_samples *of, const double *distances, const mech_dataset *data,
                                const char *what, const mech_picture_target *target, mech_error *error) {
    const size_t n = mech_dataset_n_mechanisms(data);
    const mech_mechanism **mechanisms = mech_allocate_array(n, sizeof(const mech_mechanism *));
    if (!mechanisms) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) mechanisms[i] = mech_dataset_mechanism(data, i);
    const distance_sample sample = {
        .n = of->n, .distances = distances, .labels = of->y, .mechanisms = mechanisms, .n_mechanisms = n};
    const mech_status status = mech_draw_distance_sample(&sample, what, target, error);
    mech_release_array(mechanisms);
    return status;
}

static accepted_thetas thetas_of(const mech_thetas *set, size_t m) {
    const theta_pool *pool = &set->pools[m];
    return (accepted_thetas){
        .mechanism = set->mechanisms[m],
        .n = pool->n,
        .n_k = pool->n_k,
        .k = pool->k,
        .ranges = set->prior ? mech_prior_ranges(set->prior, m) : NULL,
        .accepted_share = set->counts ? (double)set->counts[m].accepted / (double)set->counts[m].candidates : NAN};
}

static const char *split_words(const mech_thetas *set) {
    return strcmp(set->split, "train") == 0 ? "training" : set->split;
}

/* "design nature", or that each is scaled as the loadings of its experiment are. */
static const char *manner_of(const mech_thetas *set) {
    return set->of_run_sets ? "scaled with the loadings of each experiment" : "design ";
}
static const char *manner_name(const mech_thetas *set) {
    return set->of_run_sets ? "" : mech_sample_design_name(set->design);
}

mech_status mech_draw_theta_pairs(const mech_thetas *set, size_t mechanism, const mech_picture_target *target,
                                  mech_error *error) {
    if (mechanism >= set->n)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no mechanism %zu; expected 0 to %zu", mechanism,
                         set->n - 1);
    const accepted_thetas thetas = thetas_of(set, mechanism);
    char what[640], origin[400];
    if (!thetas.n)
        return mech_fail(error, MECH_INVALID_INPUT, "there are no thetas of %s", mech_mechanism_id(thetas.mechanism));
    const char *noun = thetas.n == 1 ? "theta" : "thetas";
    if (set->counts)
        snprintf(origin, sizeof origin, "%s accepted %s of %s candidates (%s %%)", mech_set_count(thetas.n).words, noun,
                 mech_set_count(set->counts[mechanism].candidates).words,
                 mech_set_number(100 * thetas.accepted_share, 2).words);
    else
        snprintf(origin, sizeof origin, "%s %s of the %s split", mech_set_count(thetas.n).words, noun,
                 split_words(set));
    snprintf(what, sizeof what, "Rate constants: %s, %s%s.%s", origin, manner_of(set), manner_name(set),
             set->prior ? " Dashed: the prior." : "");
    return mech_draw_prior_pairs(&thetas, what, target, error);
}

mech_status mech_draw_theta_set(const mech_thetas *set, const mech_picture_target *target, mech_error *error) {
    accepted_thetas *thetas = mech_allocate_array(set->n, sizeof *thetas);
    size_t least = SIZE_MAX, most = 0, n = 0;
    char what[640], numbers[220];
    if (!thetas) return mech_fail_memory(error);
    for (size_t m = 0; m < set->n; m++) {
        const accepted_thetas of = thetas_of(set, m);
        if (!of.n) continue;
        least = of.n < least ? of.n : least;
        most = of.n > most ? of.n : most;
        thetas[n++] = of;
    }
    if (!n) {
        mech_release_array(thetas);
        return mech_fail(error, MECH_INVALID_INPUT, "there are no thetas to draw");
    }
    snprintf(numbers, sizeof numbers, "%s%s%s", mech_set_count(least).words, least < most ? " to " : "",
             least < most ? mech_set_count(most).words : "");
    snprintf(what, sizeof what, "%s %s%s of each mechanism%s%s%s, %s%s.%s%s", numbers, set->counts ? "accepted " : "",
             most == 1 ? "theta" : "thetas", set->split ? " in the " : "", set->split ? split_words(set) : "",
             set->split ? " split" : "", manner_of(set), manner_name(set), set->prior ? " Dashed: the prior." : "",
             set->counts ? " Below each name: accepted share of the candidates." : "");
    mech_status status = mech_draw_prior(thetas, n, what, target, error);
    mech_release_array(thetas);
    return status;
}
