#include "data/reading/distinct_thetas.h"

#include "base/memory.h"
#include "data/reading/dataset_file.h"
#include "data/reading/runs_reader.h"
#include "data/reading/split_reader.h"

#include <math.h>
#include <string.h>

/* Samples that are read at a time; run sets are larger. */
enum { A_BLOCK = 65536, A_BLOCK_OF_RUNS = 2048 };

/* What is known of one label. */
typedef struct label_thetas {
    theta_pool *pool;
    size_t capacity;
    theta_register known;
} label_thetas;

static mech_status add_theta(label_thetas *c, const double *k, mech_error *error) {
    theta_pool *pool = c->pool;
    if (pool->n == c->capacity) {
        theta_pool larger;
        const size_t capacity = c->capacity ? 2 * c->capacity : 256;
        if (!mech_theta_pool_new(capacity, pool->n_k, &larger)) {
            mech_theta_pool_free(&larger);
            return mech_fail_memory(error);
        }
        if (pool->n) memcpy(larger.k, pool->k, pool->n * pool->n_k * sizeof *pool->k);
        larger.n = pool->n;
        mech_theta_pool_free(pool);
        *pool = larger;
        c->capacity = capacity;
    }
    memcpy(pool->k + pool->n++ * pool->n_k, k, pool->n_k * sizeof *k);
    return MECH_OK;
}

/* A split of either format, for messages. */
typedef struct theta_source {
    const char *path, *split;
    size_t n_theta; /* columns */
    mech_error *error;
} theta_source;

/* Takes in theta[n_theta] of sample number `sample`, padded with NaN. */
static mech_status take_theta(const theta_source *r, label_thetas *c, const double *theta, size_t sample) {
    size_t n_k = 0;
    bool is_new = false;
    while (n_k < r->n_theta && theta[n_k] > 0 && isfinite(theta[n_k])) n_k++;
    if (!c->pool->n) c->pool->n_k = n_k;
    if (n_k == 0 || n_k != c->pool->n_k || (n_k < r->n_theta && !isnan(theta[n_k])))
        return mech_fail(r->error, MECH_INVALID_INPUT,
                         "%s: %s/theta: sample %zu has %zu rate constants above 0; expected %s, then NaN", r->path,
                         r->split, sample, n_k, c->pool->n ? "as many as others of its label have" : "at least one");
    if (!mech_theta_register_enter(&c->known, theta, n_k, &is_new)) return mech_fail_memory(r->error);
    return is_new ? add_theta(c, theta, r->error) : MECH_OK;
}

static mech_status take_blocks(const split_reader *r, label_thetas *labels) {
    const theta_source source = {r->path, r->split, r->n_theta, r->error};
    const size_t most = r->n < A_BLOCK ? r->n : A_BLOCK;
    double *theta = mech_allocate_array(most, r->n_theta * sizeof *theta);
    uint8_t *y = mech_allocate_array(most, sizeof *y);
    mech_status status = theta && y ? MECH_OK : mech_fail_memory(r->error);
    for (size_t first = 0; first < r->n && status == MECH_OK; first += most) {
        const size_t n = r->n - first < most ? r->n - first : most;
        status = mech_split_reader_labels(r, first, n, y);
        if (status == MECH_OK) status = mech_split_reader_thetas(r, first, n, theta);
        for (size_t i = 0; i < n && status == MECH_OK; i++)
            status = take_theta(&source, &labels[y[i]], theta + i * r->n_theta, first + i);
    }
    mech_release_array(theta);
    mech_release_array(y);
    return status;
}

static mech_status take_run_sets(const runs_reader *r, const theta_source *source, label_thetas *labels) {
    mech_status status = MECH_OK;
    for (size_t first = 0; first < r->n && status == MECH_OK; first += A_BLOCK_OF_RUNS) {
        const size_t n = r->n - first < A_BLOCK_OF_RUNS ? r->n - first : A_BLOCK_OF_RUNS;
        run_sets *sets = NULL;
        status = mech_runs_reader_read(r, first, n, &sets);
        for (size_t i = 0; i < n && status == MECH_OK; i++)
            status = take_theta(source, &labels[sets->label[i]], sets->theta + i * r->n_theta, first + i);
        mech_run_sets_free(sets);
    }
    return status;
}

static mech_status check_labels(const char *path, size_t n_labels, size_t most, mech_error *error) {
    if (n_labels <= most) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT, "%s: labels %zu mechanisms; expected %zu", path, n_labels, most);
}

static mech_status distinct_of_samples(hid_t file, const char *path, dataset_split s, size_t n_labels,
                                       label_thetas *labels, mech_error *error) {
    split_reader r;
    mech_status status = mech_split_reader_open(file, path, mech_split_name(s), &r, error);
    if (status == MECH_OK) status = check_labels(path, r.n_labels, n_labels, error);
    return status == MECH_OK ? take_blocks(&r, labels) : status;
}

static mech_status distinct_of_runs(hid_t file, const char *path, dataset_split s, size_t n_labels,
                                    label_thetas *labels, mech_error *error) {
    runs_reader r;
    mech_status status = mech_runs_reader_open(file, path, mech_split_name(s), &r, error);
    if (status == MECH_OK) status = check_labels(path, r.n_labels, n_labels, error);
    const theta_source source = {path, mech_split_name(s), status == MECH_OK ? r.n_theta : 0, error};
    return status == MECH_OK ? take_run_sets(&r, &source, labels) : status;
}

mech_status mech_distinct_thetas(const char *path, dataset_split s, size_t n_labels, theta_pool *pools,
                                 mech_error *error) {
    dataset_file f;
    bool has_runs = false;
    mech_status status = mech_dataset_file_open(path, &f, error);
    if (status != MECH_OK) return status;
    label_thetas *labels = mech_allocate_array(n_labels, sizeof *labels);
    if (!labels) status = mech_fail_memory(error);
    for (size_t c = 0; c < n_labels && status == MECH_OK; c++) labels[c].pool = &pools[c];
    if (status == MECH_OK) status = mech_is_format_2(f.file, path, &has_runs, error);
    if (status == MECH_OK)
        status = has_runs ? distinct_of_runs(f.file, path, s, n_labels, labels, error)
                          : distinct_of_samples(f.file, path, s, n_labels, labels, error);
    for (size_t c = 0; labels && c < n_labels; c++) mech_theta_register_free(&labels[c].known);
    mech_release_array(labels);
    mech_dataset_file_close(&f);
    return status;
}
