/* Reading data sets as a whole, or as much of them as is asked for. */
#include "data/dataset/dataset.h"
#include "data/reading/dataset_file.h"
#include "data/reading/runs_reader.h"
#include "data/reading/split_reader.h"
#include "data/samples/samples.h"

#include "base/memory.h"
#include "base/random.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A random subset of a large file takes consecutive samples together, so that little of the file need be read: at most
 * so many, and so few that there are about LEAST_STRETCHES to choose from. */
enum { LONGEST_STRETCH = 64, LEAST_STRETCHES = 1024 };

/* Labels that are counted at a time. */
enum { A_COUNT = 1 << 18 };

mech_status mech_dataset_file_open(const char *path, dataset_file *f, mech_error *error) {
    if (strcmp(path, "-") == 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "a data set cannot come from standard input: HDF5 needs a file");
    if (access(path, R_OK) != 0)
        return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be opened: %s", path, strerror(errno));
    f->printing = mech_hdf5_silence();
    f->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (f->file >= 0) return MECH_OK;
    mech_hdf5_speak(f->printing);
    return mech_fail(error, MECH_INVALID_INPUT, "%s: cannot be read as HDF5: it is another kind of file or damaged",
                     path);
}

void mech_dataset_file_close(dataset_file *f) {
    H5Fclose(f->file);
    mech_hdf5_speak(f->printing);
}

static mech_status check_split_name(const char *split, mech_error *error) {
    for (dataset_split s = 0; s < N_SPLITS; s++)
        if (strcmp(split, mech_split_name(s)) == 0) return MECH_OK;
    return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no split '%s'; expected train, validation or test", split);
}

/* Reads and checks samples first, ..., first + n - 1 into the first places of `block`. */
static mech_status read_range(const split_reader *r, size_t first, size_t n, mech_samples *block) {
    mech_status status = mech_split_reader_read(r, first, n, block);
    for (size_t i = 0; i < n && status == MECH_OK; i++) status = mech_split_reader_check(r, block, i, first + i);
    return status;
}

/* The samples from number `first` on, in the same memory. */
static mech_samples samples_from(const mech_samples *s, size_t first) {
    mech_samples rest = *s;
    rest.n -= first;
    rest.x1 += first * N_RUNS;
    rest.x2 += first * s->n_times * SAMPLE_COLUMNS;
    rest.y += first;
    rest.theta += first * s->n_theta;
    rest.additive += first;
    return rest;
}

/* Fills `chosen` with stretches that are drawn with the chance that as many as are still wanted are found among those
 * still to come (selection sampling, as for times in augment.c). The last one of a split, if it is shorter, is taken
 * less often than the others: it is one of a thousand and more. */
static mech_status read_stretches(const split_reader *r, uint64_t seed, mech_samples *chosen) {
    random_stream random = mech_random_open(seed, RANDOM_SUBSET, 0, 0);
    mech_status status = MECH_OK;
    size_t found = 0, stretch = r->n / LEAST_STRETCHES;
    stretch = stretch < 1 ? 1 : stretch < LONGEST_STRETCH ? stretch : LONGEST_STRETCH;
    for (size_t first = 0; first < r->n && found < chosen->n && status == MECH_OK; first += stretch) {
        const size_t left = r->n - first, length = left < stretch ? left : stretch, wanted = chosen->n - found;
        const bool taken = mech_random_uniform(&random) * (double)left < (double)wanted;
        if (!taken && left - length >= wanted) continue;
        const size_t n = length < wanted ? length : wanted;
        mech_samples place = samples_from(chosen, found);
        status = read_range(r, first, n, &place);
        found += n;
    }
    return status;
}

/* The whole split or, where it has more, so many random samples of it. */
static mech_status read_samples(const split_reader *r, size_t most, uint64_t seed, mech_samples **samples) {
    mech_samples *s = mech_split_reader_room(r, most < r->n ? most : r->n);
    if (!s) return mech_fail_memory(r->error);
    const mech_status status = most < r->n ? read_stretches(r, seed, s) : read_range(r, 0, r->n, s);
    if (status == MECH_OK)
        *samples = s;
    else
        mech_samples_free(s);
    return status;
}

mech_status mech_dataset_read_split(hid_t file, const char *path, const char *split, mech_samples **samples,
                                    mech_error *error) {
    split_reader r;
    *samples = NULL;
    mech_status status = mech_split_reader_open(file, path, split, &r, error);
    return status == MECH_OK ? read_samples(&r, SIZE_MAX, 0, samples) : status;
}

mech_status mech_samples_read_subset(const char *path, const char *split, size_t n, uint64_t seed,
                                     mech_samples **samples, mech_error *error) {
    dataset_file f;
    split_reader r;
    *samples = NULL;
    mech_status status = check_split_name(split, error);
    if (status == MECH_OK && n == 0) status = mech_fail(error, MECH_INVALID_ARGUMENT, "no samples were asked for");
    if (status == MECH_OK) status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    status = mech_split_reader_open(f.file, path, split, &r, error);
    if (status == MECH_OK) status = read_samples(&r, n, seed, samples);
    mech_dataset_file_close(&f);
    return status;
}

mech_status mech_samples_read(const char *path, const char *split, mech_samples **samples, mech_error *error) {
    return mech_samples_read_subset(path, split, SIZE_MAX, 0, samples, error);
}

/* Counts the labels of a split of format 1 or 2. */
static mech_status count_labels(hid_t file, const char *path, const char *split, size_t n_labels, uint64_t *counts,
                                mech_error *error) {
    split_reader samples;
    runs_reader runs;
    bool is_format_2 = false;
    mech_status status = mech_is_format_2(file, path, &is_format_2, error);
    if (status == MECH_OK)
        status = is_format_2 ? mech_runs_reader_open(file, path, split, &runs, error)
                             : mech_split_reader_open(file, path, split, &samples, error);
    if (status != MECH_OK) return status;
    const size_t n = is_format_2 ? runs.n : samples.n;
    uint16_t *labels = mech_allocate_array(A_COUNT, sizeof *labels);
    uint8_t *bytes = mech_allocate_array(A_COUNT, sizeof *bytes);
    if (!labels || !bytes) status = mech_fail_memory(error);
    for (size_t first = 0; status == MECH_OK && first < n; first += A_COUNT) {
        const size_t some = n - first < A_COUNT ? n - first : A_COUNT;
        status = is_format_2 ? mech_runs_reader_labels(&runs, first, some, labels)
                             : mech_split_reader_labels(&samples, first, some, bytes);
        for (size_t i = 0; i < some && status == MECH_OK; i++) {
            const size_t label = is_format_2 ? labels[i] : bytes[i];
            if (label >= n_labels)
                status = mech_fail(error, MECH_INVALID_INPUT, "%s: %s/y: label %zu; expected less than %zu", path,
                                   split, label, n_labels);
            else
                counts[label]++;
        }
    }
    mech_release_array(labels);
    mech_release_array(bytes);
    return status;
}

mech_status mech_dataset_count(const char *path, dataset_split s, size_t n_labels, uint64_t *counts,
                               mech_error *error) {
    dataset_file f;
    memset(counts, 0, n_labels * sizeof *counts);
    mech_status status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    if (!mech_split_is_empty(f.file, mech_split_name(s)))
        status = count_labels(f.file, path, mech_split_name(s), n_labels, counts, error);
    mech_dataset_file_close(&f);
    return status;
}

mech_status mech_dataset_find_split(const char *path, const char *name, dataset_split *s, mech_error *error) {
    dataset_file f;
    mech_status status = name ? check_split_name(name, error) : MECH_OK;
    if (status == MECH_OK) status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    for (*s = 0; *s < N_SPLITS; (*s)++)
        if ((!name || strcmp(name, mech_split_name(*s)) == 0) && !mech_split_is_empty(f.file, mech_split_name(*s)))
            break;
    mech_dataset_file_close(&f);
    if (*s < N_SPLITS) return MECH_OK;
    if (name) return mech_fail(error, MECH_INVALID_INPUT, "%s: has no samples in the split %s", path, name);
    return mech_fail(error, MECH_INVALID_INPUT, "%s: has no samples; expected some in train, validation or test", path);
}

mech_status mech_dataset_attribute(const char *path, const char *name, char **value, mech_error *error) {
    dataset_file f;
    *value = NULL;
    mech_status status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    if (!mech_read_text_attribute(f.file, name, value))
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: its attribute '%s' cannot be read", path, name);
    mech_dataset_file_close(&f);
    return status;
}

/* Whether all splits of an open file have digests. */
static mech_status look_for_digests(hid_t file, const char *path, bool *checked, mech_error *error) {
    bool is_format_2 = false;
    mech_status status = mech_is_format_2(file, path, &is_format_2, error);
    *checked = status == MECH_OK;
    for (dataset_split s = 0; s < N_SPLITS && status == MECH_OK; s++) {
        const char *split = mech_split_name(s);
        const array_group group = {file, path, split, error};
        if (!mech_split_is_empty(file, split)) *checked = *checked && mech_has_array(&group, "digest");
    }
    return status;
}

mech_status mech_data_is_checked(const char *path, bool *checked, mech_error *error) {
    dataset_file f;
    *checked = false;
    mech_status status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    status = look_for_digests(f.file, path, checked, error);
    mech_dataset_file_close(&f);
    return status;
}
