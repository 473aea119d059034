/* Samples that a caller fills. */
#include "base/error.h"
#include "data/samples/samples.h"

#include <math.h>

mech_status mech_samples_create(mech_sample_design sample_design, size_t n, size_t n_times, size_t n_labels,
                                mech_samples **samples, mech_error *error) {
    enum { NO_THETA = 1 };
    *samples = NULL;
    if (!n || n_times < 2 || n_times > MECH_MOST_TIMES || !n_labels || n_labels > MECH_MOST_LABELS)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "%zu samples of %zu times and %zu labels; expected some, 2 to %d times and 1 to %d labels", n,
                         n_times, n_labels, MECH_MOST_TIMES, MECH_MOST_LABELS);
    mech_samples *made = mech_samples_new(sample_design, n, n_times, NO_THETA, n_labels);
    if (!made) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) made->theta[i] = made->additive[i] = NAN;
    *samples = made;
    return MECH_OK;
}
