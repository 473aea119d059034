#include "data/description/accepted_thetas.h"

#include "base/interface.h"
#include "base/memory.h"
#include "data/dataset/dataset.h"
#include "data/reading/distinct_thetas.h"
#include "data/samples/samples.h"

#include <stdlib.h>

void mech_thetas_options_init(mech_thetas_options *options, size_t size) {
    const mech_thetas_options defaults = {.design = MECH_DESIGN_NATURE, .n_thetas = 3000, .seed = 1, .prior = "wide"};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

void mech_thetas_free(mech_thetas *thetas) {
    if (!thetas) return;
    for (size_t m = 0; thetas->pools && m < thetas->n; m++) mech_theta_pool_free(&thetas->pools[m]);
    mech_release_array(thetas->pools);
    mech_release_array(thetas->counts);
    mech_release_array(thetas->mechanisms);
    mech_prior_free(thetas->prior);
    mech_dataset_mechanisms_free(&thetas->known);
    free(thetas);
}

/* Room for the thetas of n mechanisms. */
static mech_status make_room(mech_thetas *t, size_t n, mech_error *error) {
    t->mechanisms = mech_allocate_array(n, sizeof(const mech_mechanism *));
    t->pools = mech_allocate_array(n, sizeof *t->pools);
    if (!t->mechanisms || !t->pools) return mech_fail_memory(error);
    t->n = n;
    return MECH_OK;
}

static mech_status draw_each(const mech_thetas_options *o, team *workers, const mech_progress *progress,
                             mech_thetas *thetas, mech_error *error) {
    const mech_solver_options solver = mech_solver_options_default();
    theta_register taken = {0};
    mech_status status = MECH_OK;
    for (size_t m = 0; m < thetas->n && status == MECH_OK; m++) {
        const theta_draw draw = {.mechanism = thetas->mechanisms[m],
                                 .label = m,
                                 .split = SPLIT_TRAIN,
                                 .design = thetas->design,
                                 .seed = o->seed,
                                 .prior = thetas->prior,
                                 .solver = &solver,
                                 .team = workers,
                                 .progress = progress,
                                 .done_before = m * o->n_thetas,
                                 .total = thetas->n * o->n_thetas};
        thetas->counts[m].mechanism = mech_mechanism_id(thetas->mechanisms[m]);
        status = mech_draw_thetas(&draw, o->n_thetas, &taken, &thetas->pools[m], &thetas->counts[m], error);
    }
    mech_theta_register_free(&taken);
    return status;
}

static mech_status draw_all(const mech_thetas_options *o, const mech_progress *progress, mech_thetas *thetas,
                            mech_error *error) {
    mech_status status = make_room(thetas, o->mechanisms ? o->n_mechanisms : mech_builtin_count(), error);
    if (status != MECH_OK) return status;
    for (size_t m = 0; m < thetas->n; m++) thetas->mechanisms[m] = o->mechanisms ? o->mechanisms[m] : mech_builtin(m);
    thetas->design = o->design;
    thetas->counts = mech_allocate_array(thetas->n, sizeof *thetas->counts);
    if (!thetas->counts) return mech_fail_memory(error);
    status = mech_prior_new(o->prior ? o->prior : "wide", thetas->mechanisms, thetas->n, &thetas->prior, error);
    if (status != MECH_OK) return status;
    team *workers = mech_team_new(o->threads);
    if (!workers) return mech_fail_memory(error);
    status = draw_each(o, workers, progress, thetas, error);
    mech_team_free(workers);
    return status;
}

mech_status mech_thetas_draw(const mech_thetas_options *options, const mech_progress *progress, mech_thetas **thetas,
                             mech_error *error) {
    mech_thetas_options own = mech_thetas_options_default();
    *thetas = NULL;
    mech_status status = mech_take_options(&own, sizeof own, options, "mech_thetas_options", error);
    if (status != MECH_OK) return status;
    if ((own.mechanisms && (own.n_mechanisms < 1 || own.n_mechanisms > MECH_MOST_LABELS)) || own.n_thetas < 1)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%zu thetas of %zu mechanisms; expected some, of at most %d",
                         own.n_thetas, own.n_mechanisms, MECH_MOST_LABELS);
    mech_thetas *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    status = draw_all(&own, progress, made, error);
    if (status == MECH_OK)
        *thetas = made;
    else
        mech_thetas_free(made);
    return status;
}

static mech_status read_all(const char *path, const char *split, mech_thetas *thetas, mech_error *error) {
    char *words = NULL, *ranges = NULL;
    dataset_split s = SPLIT_TRAIN;
    mech_status status = mech_dataset_mechanisms_read(path, &thetas->known, error);
    if (status == MECH_OK) status = mech_dataset_find_split(path, split, &s, error);
    if (status == MECH_OK) status = make_room(thetas, thetas->known.n, error);
    if (status != MECH_OK) return status;
    for (size_t m = 0; m < thetas->n; m++) thetas->mechanisms[m] = thetas->known.of[m];
    status = mech_distinct_thetas(path, s, thetas->n, thetas->pools, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "protocol", &words, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "prior", &ranges, error);
    if (status == MECH_OK) status = mech_dataset_has_runs(path, &thetas->of_run_sets, error);
    if (status == MECH_OK && ranges && !thetas->of_run_sets)
        status =
            mech_prior_parse(ranges, "prior of the data set", thetas->mechanisms, thetas->n, &thetas->prior, error);
    thetas->split = mech_split_name(s);
    thetas->design = MECH_DESIGN_FIXED_WINDOW;
    if (words) (void)mech_find_sample_design(words, &thetas->design);
    mech_free(words);
    mech_free(ranges);
    return status;
}

mech_status mech_thetas_read(const char *path, const char *split, mech_thetas **thetas, mech_error *error) {
    *thetas = NULL;
    mech_thetas *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    mech_status status = read_all(path, split, made, error);
    if (status == MECH_OK)
        *thetas = made;
    else
        mech_thetas_free(made);
    return status;
}

const char *mech_thetas_split(const mech_thetas *thetas) { return thetas->split; }

size_t mech_thetas_n_mechanisms(const mech_thetas *thetas) { return thetas->n; }

const mech_mechanism *mech_thetas_mechanism(const mech_thetas *thetas, size_t mechanism) {
    return mechanism < thetas->n ? thetas->mechanisms[mechanism] : NULL;
}

size_t mech_thetas_n(const mech_thetas *thetas, size_t mechanism) {
    return mechanism < thetas->n ? thetas->pools[mechanism].n : 0;
}

const double *mech_thetas_rate_constants(const mech_thetas *thetas, size_t mechanism) {
    return mechanism < thetas->n ? thetas->pools[mechanism].k : NULL;
}

const mech_draw_counts *mech_thetas_counts(const mech_thetas *thetas, size_t mechanism) {
    return thetas->counts && mechanism < thetas->n ? &thetas->counts[mechanism] : NULL;
}
