/* The learning curve that training writes beside a model (MODEL.history.csv). */
#ifndef MECH_DRAW_HISTORY_H
#define MECH_DRAW_HISTORY_H

#include "base/error.h"

typedef enum history_column {
    HISTORY_EPOCH,
    HISTORY_STEP,
    HISTORY_SAMPLES,
    HISTORY_LEARNING_RATE,
    HISTORY_TRAINING_LOSS,
    HISTORY_TRAINING_ACCURACY,
    HISTORY_VALIDATION_LOSS,
    HISTORY_VALIDATION_ACCURACY,
    N_HISTORY_COLUMNS
} history_column;

/* One row an epoch; what was not judged (a blank cell, "nan") is NaN. */
typedef struct history {
    size_t n;
    double *columns[N_HISTORY_COLUMNS]; /* each [n], owned */
} history;

/* Reads a history file; its columns may stand in any order, others are passed over. Messages are "file:line: what is
 * wrong; what was expected". On success, and only then, the caller frees *curves with history_free(). */
mech_status history_read(const char *path, history *curves, mech_error *error);
void history_free(history *curves);

#endif
