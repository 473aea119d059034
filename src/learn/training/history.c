#include "learn/training/history.h"

#include "base/files/file.h"
#include "base/files/text.h"

#include <stdlib.h>

mech_status mech_history_add(history *h, const history_row *row, mech_error *error) {
    if (h->n == h->capacity) {
        const size_t capacity = h->capacity ? 2 * h->capacity : 64;
        history_row *grown = realloc(h->rows, capacity * sizeof *grown);
        if (!grown) return mech_fail_memory(error);
        h->rows = grown;
        h->capacity = capacity;
    }
    h->rows[h->n++] = *row;
    return MECH_OK;
}

void mech_history_free(history *h) {
    free(h->rows);
    *h = (history){0};
}

mech_status mech_history_write(const history *h, const char *path, mech_error *error) {
    text t = {0};
    mech_text_add(&t, "epoch,step,samples,learning_rate,training_loss,training_accuracy,validation_loss,"
                      "validation_accuracy\n");
    for (size_t i = 0; i < h->n; i++) {
        const history_row *row = &h->rows[i];
        const double figures[] = {row->learning_rate, row->training_loss, row->training_accuracy, row->validation_loss,
                                  row->validation_accuracy};
        mech_text_number(&t, row->epoch);
        mech_text_format(&t, ",%llu,%llu", (unsigned long long)row->step, (unsigned long long)row->samples);
        for (size_t j = 0; j < sizeof figures / sizeof figures[0]; j++) {
            mech_text_add(&t, ",");
            mech_text_number(&t, figures[j]);
        }
        mech_text_add(&t, "\n");
    }
    mech_status status = t.failed ? mech_fail_memory(error) : mech_file_write(path, t.characters, t.length, error);
    mech_text_free(&t);
    return status;
}
