/* What a data set says of itself. */
#include "base/error.h"
#include "base/memory.h"
#include "data/dataset/dataset.h"
#include "data/dataset/dataset_mechanisms.h"
#include "data/samples/samples.h"

#include <stdlib.h>

struct mech_dataset {
    dataset_mechanisms mechanisms;
    uint64_t counts[N_SPLITS][MOST_CLASSES];
};

mech_status mech_dataset_read(const char *path, mech_dataset **data, mech_error *error) {
    *data = NULL;
    mech_dataset *read = calloc(1, sizeof *read);
    if (!read) return mech_fail_memory(error);
    mech_status status = mech_dataset_mechanisms_read(path, &read->mechanisms, error);
    for (int s = 0; s < N_SPLITS && status == MECH_OK; s++)
        status = mech_dataset_count(path, (dataset_split)s, read->counts[s], error);
    if (status == MECH_OK)
        *data = read;
    else
        mech_dataset_free(read);
    return status;
}

void mech_dataset_free(mech_dataset *data) {
    if (!data) return;
    mech_dataset_mechanisms_free(&data->mechanisms);
    free(data);
}

size_t mech_dataset_n_mechanisms(const mech_dataset *data) { return data->mechanisms.n; }

const mech_mechanism *mech_dataset_mechanism(const mech_dataset *data, size_t label) {
    return label < data->mechanisms.n ? data->mechanisms.of[label] : NULL;
}

int mech_dataset_find(const mech_dataset *data, const char *id) {
    return mech_dataset_mechanisms_find(&data->mechanisms, id);
}

uint64_t mech_dataset_n_samples(const mech_dataset *data, mech_split split, size_t label) {
    return label < MOST_CLASSES ? data->counts[split][label] : 0;
}
