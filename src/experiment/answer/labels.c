#include "base/error.h"
#include "chemistry/mechanism.h"
#include "experiment/answer/answer.h"

#include <string.h>

bool mech_copy_labels(const mech_model *model, arena *memory, answer_labels *labels) {
    const size_t n = mech_model_n_labels(model);
    labels->ids = mech_arena_allocate(memory, n, sizeof *labels->ids);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    labels->mechanisms = mech_arena_allocate(memory, n, sizeof *labels->mechanisms);
    if (!labels->ids || !labels->mechanisms) return false;
    for (size_t i = 0; i < n; i++) {
        const char *id = mech_model_label(model, i);
        const mech_mechanism *mechanism = mech_model_mechanism(model, i);
        labels->ids[i] = mech_arena_text(memory, id, strlen(id));
        labels->mechanisms[i] = mechanism;
        if (!labels->ids[i]) return false;
        if (!mechanism || mech_is_builtin(mechanism)) continue;
        mech_mechanism *copy = mech_arena_allocate(memory, 1, sizeof *copy);
        if (!copy) return false;
        *copy = *mechanism;
        labels->mechanisms[i] = copy;
    }
    return true;
}

mech_status mech_model_find_label(const mech_model *model, const char *id, size_t *label, mech_error *error) {
    const size_t n = mech_model_n_labels(model);
    arena *memory = mech_arena_new();
    const char **ids = memory ? mech_arena_allocate(memory, n, sizeof *ids) : NULL;
    for (size_t i = 0; i < n && ids; i++) ids[i] = mech_model_label(model, i);
    const mech_status status = ids ? mech_find_class(id, n, ids, label, error) : mech_fail_memory(error);
    mech_arena_free(memory);
    return status;
}
