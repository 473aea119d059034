#include "draw/learning/history_reader.h"

#include "base/files/file.h"
#include "base/files/text.h"
#include "experiment/cells/sheet.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum {
    EPOCH,
    STEP,
    SAMPLES,
    LEARNING_RATE,
    TRAINING_LOSS,
    TRAINING_ACCURACY,
    VALIDATION_LOSS,
    VALIDATION_ACCURACY,
    N_COLUMNS
};

static const char *const names[N_COLUMNS] = {
    "epoch",           "step",
    "samples",         "learning_rate",
    "training_loss",   "training_accuracy",
    "validation_loss", "validation_accuracy",
};

/* A count: what is not known, negative or beyond the whole numbers of a double counts as 0. */
static uint64_t count_of(double number) { return number >= 1 && number < 9e15 ? (uint64_t)number : 0; }

static mech_status add_row(const sheet *t, size_t row, const size_t *columns, const char *source, history *curves,
                           mech_error *error) {
    double v[N_COLUMNS];
    for (size_t c = 0; c < N_COLUMNS; c++) {
        mech_status status = mech_sheet_number(t, row, columns[c], true, source, &v[c], error);
        if (status != MECH_OK) return status;
    }
    if (!(v[EPOCH] >= 0) || (curves->n && v[EPOCH] <= curves->rows[curves->n - 1].epoch))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:%zu: epoch %g does not follow the one before it; expected epochs to ascend", source,
                         (size_t)t->rows[row].line, v[EPOCH]);
    const history_row read = {.epoch = v[EPOCH],
                              .step = count_of(v[STEP]),
                              .samples = count_of(v[SAMPLES]),
                              .learning_rate = v[LEARNING_RATE],
                              .training_loss = v[TRAINING_LOSS],
                              .training_accuracy = v[TRAINING_ACCURACY],
                              .validation_loss = v[VALIDATION_LOSS],
                              .validation_accuracy = v[VALIDATION_ACCURACY]};
    return mech_history_add(curves, &read, error);
}

static mech_status read_rows(const sheet *t, const char *source, history *curves, mech_error *error) {
    size_t columns[N_COLUMNS];
    mech_status status = MECH_OK;
    for (size_t c = 0; c < N_COLUMNS && status == MECH_OK; c++)
        status = mech_sheet_find_column(t, names[c], source, "a history that training wrote", &columns[c], error);
    if (status == MECH_OK && t->n_rows < 2)
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: nothing follows the headers; expected a row a validation",
                      source, (size_t)t->rows[0].line);
    for (size_t row = 1; row < t->n_rows && status == MECH_OK; row++)
        status = add_row(t, row, columns, source, curves, error);
    return status;
}

mech_status mech_history_read(const char *path, history *curves, mech_error *error) {
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    char *content = NULL;
    size_t length = 0;
    sheet t = {0};
    *curves = (history){0};
    mech_status status = mech_file_read(path, MAX_TABLE_BYTES, &content, &length, error);
    if (status != MECH_OK) return status;
    status = mech_sheet_parse(content, length, source, &t, error);
    if (status == MECH_OK) {
        status = read_rows(&t, source, curves, error);
        mech_sheet_free(&t);
    }
    mech_free(content);
    if (status != MECH_OK) mech_history_free(curves);
    return status;
}
