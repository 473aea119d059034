/* Learning curves as the public header has them. */
#include "base/error.h"
#include "base/memory.h"
#include "draw/learning/history_reader.h"
#include "draw/learning/learning_figures.h"

#include <stdlib.h>

struct mech_learning_curve {
    history rows;
};

mech_status mech_learning_curve_read(const char *path, mech_learning_curve **curve, mech_error *error) {
    *curve = NULL;
    mech_learning_curve *read = calloc(1, sizeof *read);
    if (!read) return mech_fail_memory(error);
    const mech_status status = mech_history_read(path, &read->rows, error);
    if (status == MECH_OK)
        *curve = read;
    else
        free(read);
    return status;
}

void mech_learning_curve_free(mech_learning_curve *curve) {
    if (!curve) return;
    mech_history_free(&curve->rows);
    free(curve);
}

size_t mech_learning_curve_n(const mech_learning_curve *curve) { return curve->rows.n; }

const mech_learning_row *mech_learning_curve_row(const mech_learning_curve *curve, size_t index) {
    return index < curve->rows.n ? &curve->rows.rows[index] : NULL;
}

mech_status mech_draw_learning(const mech_learning_curve *curve, const mech_picture_target *target, mech_error *error) {
    return mech_draw_history(&curve->rows, target, error);
}

mech_status mech_draw_learning_compared(size_t n, const char *const *names, const mech_learning_curve *const *curves,
                                        const mech_picture_target *target, mech_error *error) {
    named_history *histories = mech_allocate_array(n, sizeof *histories);
    if (!histories) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) histories[i] = (named_history){names[i], &curves[i]->rows};
    const mech_status status = mech_draw_histories(histories, n, target, error);
    mech_release_array(histories);
    return status;
}
