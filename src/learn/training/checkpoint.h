/* All that changes in the course of a training, in memory and in a file from which it goes on to the same bits. */
#ifndef MECH_LEARN_TRAINING_CHECKPOINT_H
#define MECH_LEARN_TRAINING_CHECKPOINT_H

#include "learn/training/history.h"

typedef struct training_state {
    size_t n_parameters;
    float *arrays;                                       /* the five below, in one block */
    float *parameters, *first, *second, *average, *best; /* each [n_parameters] */
    uint64_t step;                                       /* updates done */
    double loss_sum;                                     /* of the samples since the last validation */
    uint64_t correct, seen;                              /* the same */
    double best_accuracy, best_loss;                     /* of the weights `best`; accuracy -1: none yet */
    uint64_t best_step;
    uint64_t waited; /* validations since the best one */
    history curve;
} training_state;

/* A state before the first step, parameters zero. mech_training_state_free() frees what *s holds, in any case. */
mech_status mech_training_state_new(size_t n_parameters, training_state *s, mech_error *error);
void mech_training_state_free(training_state *s);

/* What a checkpoint belongs to. */
typedef struct training_identity {
    const char *options; /* normalised, "--network hadamard --batch 2048 ..." */
    uint64_t data;       /* mech_digest of the samples */
} training_identity;

/* Writes the state, atomically. */
mech_status mech_checkpoint_write(const training_state *s, const training_identity *identity, const char *path,
                                  mech_error *error);

/* Reads a state that was made by mech_training_state_new() for as many parameters. A file that is damaged, or belongs
 * to other options or data, is MECH_INVALID_INPUT; the message names what differs. */
mech_status mech_checkpoint_read(const char *path, const training_identity *identity, training_state *s,
                                 mech_error *error);

#endif
