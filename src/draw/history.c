#include "draw/history.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/table.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const char *const names[N_HISTORY_COLUMNS] = {
    "epoch",         "step",              "samples",         "learning_rate",
    "training_loss", "training_accuracy", "validation_loss", "validation_accuracy",
};

static mech_status find_column(const table *t, const char *name, const char *source, size_t *column,
                               mech_error *error) {
    for (size_t i = 0; i < t->rows[0].n_cells; i++)
        if (strcmp(table_cell(t, 0, i), name) == 0) {
            *column = i;
            return MECH_OK;
        }
    return fail(error, MECH_INVALID_INPUT, "%s:%zu: there is no column '%s'; expected a history that training wrote",
                source, t->rows[0].line, name);
}

static mech_status read_cell(const table *t, size_t row, size_t column, const char *source, double *value,
                             mech_error *error) {
    const char *cell = table_cell(t, row, column);
    if (!*cell || strcasecmp(cell, "nan") == 0) {
        *value = NAN;
        return MECH_OK;
    }
    if (parse_number(cell, strlen(cell), '.', value)) return MECH_OK;
    return fail(error, MECH_INVALID_INPUT, "%s:%zu: %s: '%.32s' is no number", source, t->rows[row].line,
                label_column(t, column).text, cell);
}

static mech_status fill(const table *t, const char *source, history *curves, mech_error *error) {
    curves->n = t->n_rows - 1;
    if (!curves->n)
        return fail(error, MECH_INVALID_INPUT, "%s:%zu: nothing follows the headers; expected a row an epoch", source,
                    t->rows[0].line);
    for (size_t c = 0; c < N_HISTORY_COLUMNS; c++) {
        size_t column = 0;
        mech_status status = find_column(t, names[c], source, &column, error);
        if (status != MECH_OK) return status;
        curves->columns[c] = allocate_array(curves->n, sizeof *curves->columns[c]);
        if (!curves->columns[c]) return fail_memory(error);
        for (size_t i = 0; i < curves->n; i++) {
            status = read_cell(t, i + 1, column, source, &curves->columns[c][i], error);
            if (status != MECH_OK) return status;
        }
    }
    for (size_t i = 0; i < curves->n; i++) {
        const double *epochs = curves->columns[HISTORY_EPOCH];
        if (isnan(epochs[i]) || (i > 0 && epochs[i] <= epochs[i - 1]))
            return fail(error, MECH_INVALID_INPUT, "%s:%zu: the epoch does not follow the one before; expected them "
                                                   "to ascend",
                        source, t->rows[i + 1].line);
    }
    return MECH_OK;
}

mech_status history_read(const char *path, history *curves, mech_error *error) {
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    char *content = NULL;
    size_t length = 0;
    table t = {0};
    *curves = (history){0};
    mech_status status = file_read(path, MAX_TABLE_BYTES, &content, &length, error);
    if (status != MECH_OK) return status;
    status = table_parse(content, length, source, &t, error);
    if (status == MECH_OK) {
        status = fill(&t, source, curves, error);
        table_free(&t);
    }
    mech_free(content);
    if (status != MECH_OK) history_free(curves);
    return status;
}

void history_free(history *curves) {
    for (size_t c = 0; c < N_HISTORY_COLUMNS; c++) release_array(curves->columns[c]);
    *curves = (history){0};
}
