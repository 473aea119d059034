#include "data/runs/experiments.h"

#include "base/error.h"
#include "base/memory.h"

enum { MOST_LABELS_OF_A_BYTE = UINT8_MAX + 1 };

struct mech_experiments {
    run_sets *sets;
    uint8_t *labels; /* [sets->n]; NULL where there are too many mechanisms */
};

mech_status mech_experiments_new(run_sets *sets, mech_experiments **experiments, mech_error *error) {
    mech_experiments *made = mech_allocate_array(1, sizeof *made);
    *experiments = NULL;
    if (!made) {
        mech_run_sets_free(sets);
        return mech_fail_memory(error);
    }
    made->sets = sets;
    if (sets->n_labels <= MOST_LABELS_OF_A_BYTE) {
        made->labels = mech_allocate_array(sets->n ? sets->n : 1, sizeof *made->labels);
        if (!made->labels) {
            mech_experiments_free(made);
            return mech_fail_memory(error);
        }
        for (size_t i = 0; i < sets->n; i++) made->labels[i] = (uint8_t)sets->label[i];
    }
    *experiments = made;
    return MECH_OK;
}

void mech_experiments_free(mech_experiments *experiments) {
    if (!experiments) return;
    mech_run_sets_free(experiments->sets);
    mech_release_array(experiments->labels);
    mech_release_array(experiments);
}

size_t mech_experiments_n(const mech_experiments *experiments) { return experiments->sets->n; }

size_t mech_experiments_n_labels(const mech_experiments *experiments) { return experiments->sets->n_labels; }

const uint8_t *mech_experiments_labels(const mech_experiments *experiments) { return experiments->labels; }

static mech_status check_index(const mech_experiments *experiments, size_t index, mech_error *error) {
    if (index < experiments->sets->n) return MECH_OK;
    return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no experiment %zu; expected less than %zu", index,
                     experiments->sets->n);
}

mech_status mech_experiments_run_set(const mech_experiments *experiments, size_t index, mech_run_set **runs,
                                     mech_error *error) {
    *runs = NULL;
    const mech_status status = check_index(experiments, index, error);
    return status == MECH_OK ? mech_run_sets_get(experiments->sets, index, runs, error) : status;
}

mech_status mech_experiments_truth(const mech_experiments *experiments, size_t index, mech_truth **truth,
                                   mech_error *error) {
    *truth = NULL;
    const mech_status status = check_index(experiments, index, error);
    return status == MECH_OK ? mech_run_sets_truth(experiments->sets, index, 0, truth, error) : status;
}
