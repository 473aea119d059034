/* From probabilities to an answer. */
#ifndef MECH_EXPERIMENT_ANSWER_ANSWER_H
#define MECH_EXPERIMENT_ANSWER_ANSWER_H

#include "base/memory.h"
#include "experiment/view/conventions.h"

/* The mechanisms that there are to choose from: what the labels of a model stand for, or those to be fitted. */
typedef struct answer_labels {
    size_t n;
    const char **ids;                  /* [n] */
    const mech_mechanism **mechanisms; /* [n], NULL where the model does not say it */
} answer_labels;

/* An answer on its way, and what it points to. */
typedef struct held_answer {
    mech_answer answer; /* first: a pointer to it is a pointer to this */
    arena *memory;
    notes warnings;
    answer_labels labels;
    double *weights; /* [labels.n]: what was known beforehand (mech_weigh_labels()) */
    mech_fits *fits; /* NULL: none */
} held_answer;

/* Copies all that is not built in into the arena, since an answer may outlive the model; false where memory is short.
 * (labels.c) */
bool mech_copy_labels(const mech_model *model, arena *memory, answer_labels *labels);

/* The same of mechanisms[n]; NULL: M1 to M20. (labels.c) */
bool mech_copy_mechanisms(size_t n, const mech_mechanism *const *mechanisms, arena *memory, answer_labels *labels);

/* The number of the class of that id, whatever the case of its letters. Fails where it is none of ids[n_labels].
 * (prior_odds.c) */
mech_status mech_find_class(const char *id, size_t n_labels, const char *const *ids, size_t *found, mech_error *error);

/* What each class's probability is to be multiplied by: the prior odds, 0 for what is ruled out. Fails where an id is
 * none of ids[n_labels], where odds stand twice or are negative, and where nothing is left. (prior_odds.c) */
mech_status mech_weigh_labels(const mech_classify_options *options, size_t n_labels, const char *const *ids,
                              double *weights, mech_error *error);

/* Multiplies the probabilities by what was known before the data, weights[n_labels], and divides by the sum (Bayes).
 * Fails with MECH_INVALID_ARGUMENT where nothing is left. (prior_odds.c) */
mech_status mech_apply_prior(size_t n_labels, const double *weights, double *probabilities, mech_error *error);

/* Ranks the mechanisms by probabilities[labels.n] and adds up their classes. (answer.c) */
mech_status mech_rank_answer(held_answer *held, const double *probabilities, double level, mech_error *error);

/* Puts the sentences behind the first n_before to the front as doubts, each part in its order. (answer.c) */
void mech_put_doubts_first(held_answer *held, size_t n_before);

/* Lets the network alone answer: one of four runs in its conventions, or one of run sets. (network.c) */
mech_status mech_ask_network(const mech_experiment *experiment, const mech_model *model,
                             const mech_classify_options *options, held_answer *held, mech_error *error);

/* Lets fits answer; model, which says what is fitted, may be NULL. (fits.c) */
mech_status mech_ask_fits(const mech_experiment *experiment, const mech_model *model,
                          const mech_classify_options *options, const mech_progress *progress, held_answer *held,
                          mech_error *error);

/* A network in words[room]: "hadamard network, design nature", "set network, design laboratory". (network.c) */
void mech_describe_network(const mech_model *model, char *words, size_t room);

#endif
