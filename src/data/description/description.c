/* What a data set says of itself. */
#include "base/error.h"
#include "base/memory.h"
#include "data/dataset/dataset.h"
#include "data/reading/dataset_mechanisms.h"

#include <stdlib.h>

struct mech_dataset {
    dataset_mechanisms mechanisms;
    uint64_t *counts; /* [N_SPLITS][mechanisms.n] */
    bool has_runs;
};

mech_status mech_dataset_read(const char *path, mech_dataset **data, mech_error *error) {
    *data = NULL;
    mech_dataset *read = calloc(1, sizeof *read);
    if (!read) return mech_fail_memory(error);
    mech_status status = mech_dataset_mechanisms_read(path, &read->mechanisms, error);
    if (status == MECH_OK) status = mech_dataset_has_runs(path, &read->has_runs, error);
    const size_t n = read->mechanisms.n;
    if (status == MECH_OK) {
        read->counts = mech_allocate_array(N_SPLITS, n * sizeof *read->counts);
        if (!read->counts) status = mech_fail_memory(error);
    }
    for (size_t s = 0; s < N_SPLITS && status == MECH_OK; s++)
        status = mech_dataset_count(path, (dataset_split)s, n, read->counts + s * n, error);
    if (status == MECH_OK)
        *data = read;
    else
        mech_dataset_free(read);
    return status;
}

void mech_dataset_free(mech_dataset *data) {
    if (!data) return;
    mech_dataset_mechanisms_free(&data->mechanisms);
    mech_release_array(data->counts);
    free(data);
}

int mech_dataset_format(const mech_dataset *data) { return data->has_runs ? 2 : 1; }

size_t mech_dataset_n_mechanisms(const mech_dataset *data) { return data->mechanisms.n; }

const mech_mechanism *mech_dataset_mechanism(const mech_dataset *data, size_t label) {
    return label < data->mechanisms.n ? data->mechanisms.of[label] : NULL;
}

int mech_dataset_find(const mech_dataset *data, const char *id) {
    return mech_dataset_mechanisms_find(&data->mechanisms, id);
}

uint64_t mech_dataset_n_samples(const mech_dataset *data, mech_split split, size_t label) {
    return label < data->mechanisms.n ? data->counts[(size_t)split * data->mechanisms.n + label] : 0;
}
