/* From class probabilities to an answer. */
#ifndef MECH_EXPERIMENT_ANSWER_ANSWER_H
#define MECH_EXPERIMENT_ANSWER_ANSWER_H

#include "base/memory.h"
#include "experiment/view/conventions.h"

/* What the labels of a model stand for. */
typedef struct answer_labels {
    const char **ids;                  /* [n_labels] */
    const mech_mechanism **mechanisms; /* [n_labels], NULL where the model does not say it */
} answer_labels;

/* Copies all that is not built in into the arena, since an answer may outlive the model; false where memory is short.
 * (labels.c) */
bool mech_copy_labels(const mech_model *model, arena *memory, answer_labels *labels);

/* The number of the class of that id, whatever the case of its letters. Fails where it is none of ids[n_labels].
 * (prior_odds.c) */
mech_status mech_find_class(const char *id, size_t n_labels, const char *const *ids, size_t *found, mech_error *error);

/* What each class's probability is to be multiplied by: the prior odds, 0 for what is ruled out. Fails where an id is
 * none of ids[n_labels], and where odds stand twice or are negative. (prior_odds.c) */
mech_status mech_weigh_labels(const mech_classify_options *options, size_t n_labels, const char *const *ids,
                              double *weights, mech_error *error);

/* Multiplies the probabilities by what was known before the data and divides by the sum (Bayes); a mechanism that is
 * not among those in question gets 0. (prior_odds.c) Fails with MECH_INVALID_ARGUMENT where an id is none of
 * ids[n_labels], stands twice or has odds that are negative, and where nothing is left. */
mech_status mech_apply_prior(const mech_classify_options *options, size_t n_labels, const char *const *ids,
                             double *probabilities, mech_error *error);

#endif
