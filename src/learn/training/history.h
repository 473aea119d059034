/* The learning curve. */
#ifndef MECH_LEARN_TRAINING_HISTORY_H
#define MECH_LEARN_TRAINING_HISTORY_H

#include "base/error.h"

/* One validation. Training figures are means since the one before. */
typedef struct history_row {
    uint64_t step, samples; /* so far */
    double epoch;           /* so far; not whole where validations do not fall on the end of an epoch */
    double learning_rate;   /* of the last step */
    double training_loss, training_accuracy, validation_loss, validation_accuracy;
} history_row;

/* Starts as {0}; mech_history_free() frees what it holds. */
typedef struct history {
    size_t n, capacity;
    history_row *rows;
} history;

mech_status mech_history_add(history *h, const history_row *row, mech_error *error);
void mech_history_free(history *h);

/* Writes the curve as CSV with a line of column names, atomically. */
mech_status mech_history_write(const history *h, const char *path, mech_error *error);

#endif
