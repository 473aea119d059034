#include "learn/history.h"

#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>

mech_status history_add(history *h, const history_row *row, mech_error *error) {
    if (h->n == h->capacity) {
        const size_t capacity = h->capacity ? 2 * h->capacity : 64;
        history_row *grown = realloc(h->rows, capacity * sizeof *grown);
        if (!grown) return fail_memory(error);
        h->rows = grown;
        h->capacity = capacity;
    }
    h->rows[h->n++] = *row;
    return MECH_OK;
}

void history_free(history *h) {
    free(h->rows);
    *h = (history){0};
}

mech_status history_write(const history *h, const char *path, mech_error *error) {
    text t = {0};
    text_add(&t, "epoch,step,samples,learning_rate,training_loss,training_accuracy,validation_loss,"
                 "validation_accuracy\n");
    for (size_t i = 0; i < h->n; i++) {
        const history_row *row = &h->rows[i];
        const double figures[] = {row->learning_rate, row->training_loss, row->training_accuracy, row->validation_loss,
                                  row->validation_accuracy};
        text_number(&t, row->epoch);
        text_format(&t, ",%llu,%llu", (unsigned long long)row->step, (unsigned long long)row->samples);
        for (size_t j = 0; j < sizeof figures / sizeof figures[0]; j++) {
            text_add(&t, ",");
            text_number(&t, figures[j]);
        }
        text_add(&t, "\n");
    }
    mech_status status = t.failed ? fail_memory(error) : file_write(path, t.characters, t.length, error);
    text_free(&t);
    return status;
}
