/* What was known before the data. */
#include "experiment/answer/answer.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

mech_status mech_find_class(const char *id, size_t n_labels, const char *const *ids, size_t *found, mech_error *error) {
    for (size_t i = 0; i < n_labels; i++)
        if (strcasecmp(ids[i], id) == 0) {
            *found = i;
            return MECH_OK;
        }
    return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no mechanism '%.32s' to choose; expected one of %s to %s",
                     id, ids[0], ids[n_labels - 1]);
}

mech_status mech_weigh_labels(const mech_classify_options *options, size_t n_labels, const char *const *ids,
                              double *weights, mech_error *error) {
    mech_status status = MECH_OK;
    double sum = 0;
    bool *named = calloc(n_labels, sizeof *named);
    if (!named) return mech_fail_memory(error);
    for (size_t i = 0; i < n_labels; i++) weights[i] = options->n_among ? 0 : 1;
    for (size_t i = 0, c = 0; i < options->n_among; i++) {
        status = mech_find_class(options->among[i], n_labels, ids, &c, error);
        if (status != MECH_OK) goto cleanup;
        weights[c] = 1;
    }
    for (size_t i = 0, c = 0; i < options->n_prior_odds; i++) {
        const mech_prior_odds *prior = &options->prior_odds[i];
        status = mech_find_class(prior->id, n_labels, ids, &c, error);
        if (status != MECH_OK) goto cleanup;
        if (named[c] || !(prior->odds >= 0) || !isfinite(prior->odds)) {
            status = mech_fail(error, MECH_INVALID_ARGUMENT,
                               named[c] ? "the prior odds of %s are given twice; expected each mechanism once"
                                        : "the prior odds of %s are negative or not finite; expected 0 or more",
                               ids[c]);
            goto cleanup;
        }
        named[c] = true;
        weights[c] *= prior->odds;
    }
    for (size_t i = 0; i < n_labels; i++) sum += weights[i];
    if (!(sum > 0) || !isfinite(sum))
        status = mech_fail(error, MECH_INVALID_ARGUMENT,
                           "the mechanisms in question have no probability left; expected one that is not ruled out");
cleanup:
    free(named);
    return status;
}

mech_status mech_apply_prior(size_t n_labels, const double *weights, double *probabilities, mech_error *error) {
    double sum = 0;
    for (size_t i = 0; i < n_labels; i++) sum += probabilities[i] * weights[i];
    if (!(sum > 0) || !isfinite(sum))
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "the mechanisms in question have no probability left; expected one that is not ruled out");
    for (size_t i = 0; i < n_labels; i++) probabilities[i] = probabilities[i] * weights[i] / sum;
    return MECH_OK;
}
