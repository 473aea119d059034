/* Reading the learning curve that training writes beside a model (MODEL.history.csv). */
#ifndef MECH_DRAW_LEARNING_HISTORY_READER_H
#define MECH_DRAW_LEARNING_HISTORY_READER_H

#include "learn/training/history.h"

/* Reads a history file ("-": standard input); its columns may stand in any order, others are passed over, and what was
 * not judged (a blank cell, "nan") is NaN. Messages are "file:line: what is wrong; what was expected". On success, and
 * only then, the caller frees what *curves holds with mech_history_free(). */
mech_status mech_history_read(const char *path, history *curves, mech_error *error);

#endif
