/* What builds without HDF5 have in place of data files: a sentence that says so. */
#include "base/error.h"
#include "data/dataset/dataset.h"
#include "data/reading/distinct_thetas.h"

#include <stdlib.h>

/* The parameters are those of the functions that these stand in for, which write through them. */
/* NOLINTBEGIN(readability-non-const-parameter) */

static mech_status refuse(const char *path, mech_error *error) {
    return mech_fail(error, MECH_FILE_ERROR, "%s: data files need HDF5, which this build of the library is without",
                     path);
}

mech_status mech_dataset_options(const dataset_plan *plan, char **options, mech_error *error) {
    (void)plan;
    *options = NULL;
    return refuse("data set", error);
}

mech_status mech_dataset_create(const char *path, const dataset_plan *plan, dataset **d, mech_error *error) {
    (void)plan;
    *d = NULL;
    return refuse(path, error);
}

mech_status mech_dataset_continue(const char *path, const dataset_plan *plan, dataset **d, mech_error *error) {
    return mech_dataset_create(path, plan, d, error);
}

mech_status mech_dataset_partial_path(const char *path, char **partial, mech_error *error) {
    *partial = NULL;
    return refuse(path, error);
}

/* No data set is ever open, so none can be written to. */
mech_status mech_dataset_write(dataset *d, dataset_split s, size_t first, const mech_samples *block, uint64_t *sum,
                               mech_error *error) {
    (void)d, (void)s, (void)first, (void)block, (void)sum;
    return refuse("data set", error);
}

mech_status mech_dataset_write_runs(dataset *d, dataset_split s, const run_set_place *from, const run_sets *sets,
                                    uint64_t *sum, mech_error *error) {
    (void)d, (void)s, (void)from, (void)sets, (void)sum;
    return refuse("data set", error);
}

bool mech_dataset_holds_runs(const dataset *d, dataset_split s, const run_set_place *from, const run_set_place *to,
                             uint64_t sum) {
    (void)d, (void)s, (void)from, (void)to, (void)sum;
    return false;
}

bool mech_dataset_holds(const dataset *d, dataset_split s, size_t first, size_t n, uint64_t sum) {
    (void)d, (void)s, (void)first, (void)n, (void)sum;
    return false;
}

mech_status mech_dataset_sync(dataset *d, mech_error *error) {
    (void)d;
    return refuse("data set", error);
}

mech_status mech_dataset_commit(dataset *d, mech_error *error) {
    (void)d;
    return refuse("data set", error);
}

void mech_dataset_discard(dataset *d) { (void)d; }
void mech_dataset_keep(dataset *d) { (void)d; }

mech_status mech_dataset_count(const char *path, dataset_split s, size_t n_labels, uint64_t *counts,
                               mech_error *error) {
    (void)s, (void)n_labels, (void)counts;
    return refuse(path, error);
}

mech_status mech_dataset_find_split(const char *path, const char *name, dataset_split *s, mech_error *error) {
    (void)name, (void)s;
    return refuse(path, error);
}

mech_status mech_dataset_has_runs(const char *path, bool *has_runs, mech_error *error) {
    *has_runs = false;
    return refuse(path, error);
}

mech_status mech_run_sets_read(const char *path, const char *split, size_t first, size_t n, run_sets **sets,
                               mech_error *error) {
    (void)split, (void)first, (void)n;
    *sets = NULL;
    return refuse(path, error);
}

mech_status mech_distinct_thetas(const char *path, dataset_split s, size_t n_labels, theta_pool *pools,
                                 mech_error *error) {
    (void)s, (void)n_labels, (void)pools;
    return refuse(path, error);
}

mech_status mech_dataset_attribute(const char *path, const char *name, char **value, mech_error *error) {
    (void)name;
    *value = NULL;
    return refuse(path, error);
}

mech_status mech_samples_read(const char *path, const char *split, mech_samples **samples, mech_error *error) {
    (void)split;
    *samples = NULL;
    return refuse(path, error);
}

mech_status mech_samples_read_subset(const char *path, const char *split, size_t n, uint64_t seed,
                                     mech_samples **samples, mech_error *error) {
    (void)n, (void)seed;
    return mech_samples_read(path, split, samples, error);
}

mech_status mech_data_is_checked(const char *path, bool *checked, mech_error *error) {
    *checked = false;
    return refuse(path, error);
}

mech_status mech_experiment_of_data(const char *path, const char *split, size_t sample, mech_run_set **runs,
                                    mech_truth **truth, mech_error *error) {
    (void)split, (void)sample;
    *runs = NULL;
    if (truth) *truth = NULL;
    return refuse(path, error);
}

mech_status mech_experiments_read(const char *path, const char *split, mech_experiments **experiments,
                                  mech_error *error) {
    (void)split;
    *experiments = NULL;
    return refuse(path, error);
}

mech_status mech_samples_write(const char *path, const mech_samples *const *splits, const mech_library *library,
                               mech_error *error) {
    (void)splits, (void)library;
    return refuse(path, error);
}

mech_status mech_run_sets_write(const char *path, const size_t *n, const mech_labelled_run_set *const *sets,
                                const mech_library *library, mech_error *error) {
    (void)n, (void)sets, (void)library;
    return refuse(path, error);
}

/* NOLINTEND(readability-non-const-parameter) */
