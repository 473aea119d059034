/* The learning curve. */
#ifndef MECH_LEARN_TRAINING_HISTORY_H
#define MECH_LEARN_TRAINING_HISTORY_H

#include "base/error.h"

typedef mech_learning_row history_row;

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
