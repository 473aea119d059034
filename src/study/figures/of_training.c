/* Figures of networks and of how they learned. */
#include "study/figures/figures.h"

#include "base/error.h"

#include <string.h>

/* Of a network by its name, as published, or of a model as it is. */
mech_status mech_figure_architecture(figure_request *r, mech_error *error) {
    mech_model *model = NULL;
    mech_status status = r->of.subject ? mech_model_create(r->of.subject, 0, mech_builtin_count(), 1, &model, error)
                                       : mech_model_open(r->of.model, &model, error);
    if (status == MECH_OK) status = mech_draw_architecture(model, r->target, error);
    mech_model_free(model);
    return status;
}

enum { MOST_HISTORIES = 32 };

/* What was read of a list of files. */
typedef struct read_histories {
    size_t n;
    char *names[MOST_HISTORIES];
    mech_learning_curve *curves[MOST_HISTORIES];
} read_histories;

/* Reads the first `length` characters of `list` as a path. */
static mech_status read_one_history(const char *list, size_t length, read_histories *read, mech_error *error) {
    static const char ENDING[] = ".history.csv";
    text path = {0}, name = {0};
    char *file = NULL;
    if (read->n == MOST_HISTORIES)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there are more than %d histories; expected fewer",
                         MOST_HISTORIES);
    mech_text_append(&path, list, length);
    mech_status status = mech_text_take(&path, &file, error);
    if (status != MECH_OK) return status;
    status = mech_learning_curve_read(file, &read->curves[read->n], error);
    if (status == MECH_OK) {
        const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file, *end = strstr(base, ENDING);
        mech_text_append(&name, base, end ? (size_t)(end - base) : strlen(base));
        status = mech_text_take(&name, &read->names[read->n], error);
        read->n++;
    }
    mech_free(file);
    return status;
}

/* One training by itself, or several compared. */
mech_status mech_figure_history(figure_request *r, mech_error *error) {
    read_histories read = {0};
    mech_status status = MECH_OK;
    const char *list = r->of.subject, *word;
    size_t length;
    while (status == MECH_OK && mech_next_word(&list, &word, &length))
        status = read_one_history(word, length, &read, error);
    if (status == MECH_OK)
        status = read.n == 1
                     ? mech_draw_learning(read.curves[0], r->target, error)
                     : mech_draw_learning_compared(read.n, (const char *const *)read.names,
                                                   (const mech_learning_curve *const *)read.curves, r->target, error);
    for (size_t i = 0; i < read.n; i++) {
        mech_free(read.names[i]);
        mech_learning_curve_free(read.curves[i]);
    }
    return status;
}
