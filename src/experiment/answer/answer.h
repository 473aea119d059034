/* From class probabilities to an answer. */
#ifndef MECH_EXPERIMENT_ANSWER_ANSWER_H
#define MECH_EXPERIMENT_ANSWER_ANSWER_H

#include "base/memory.h"
#include "experiment/view/conventions.h"

/* The ids of a model's classes: those that its metadata entry `mechanisms` lists, separated by commas or blanks, else
 * those of the library in order, as many as there are classes; a class beyond them is called "class N". The texts and
 * the list belong to the arena; NULL where memory is short. (mech_class_ids.c) */
const char **mech_class_ids(const char *mechanisms, size_t n_classes, arena *memory);

/* The number of the class of that id, whatever the case of its letters. Fails where it is none of ids[n_classes].
 * (prior_odds.c) */
mech_status mech_find_class(const char *id, size_t n_classes, const char *const *ids, size_t *found, mech_error *error);

/* What each class's probability is to be multiplied by: the prior odds, 0 for what is ruled out. Fails where an id is
 * none of ids[n_classes], and where odds stand twice or are negative. (prior_odds.c) */
mech_status mech_weigh_classes(const mech_classify_options *options, size_t n_classes, const char *const *ids,
                               double *weights, mech_error *error);

/* Multiplies the probabilities by what was known before the data and divides by the sum (Bayes); a mechanism that is
 * not among those in question gets 0. (prior_odds.c) Fails with MECH_INVALID_ARGUMENT where an id is none of
 * ids[n_classes], stands twice or has odds that are negative, and where nothing is left. */
mech_status mech_apply_prior(const mech_classify_options *options, size_t n_classes, const char *const *ids,
                             double *probabilities, mech_error *error);

#endif
