#include "base/error.h"
#include "chemistry/mechanism.h"
#include "experiment/answer/answer.h"

#include <string.h>

static bool make_room(size_t n, arena *memory, answer_labels *labels) {
    labels->n = n;
    labels->ids = mech_arena_allocate(memory, n, sizeof *labels->ids);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    labels->mechanisms = mech_arena_allocate(memory, n, sizeof *labels->mechanisms);
    return labels->ids && labels->mechanisms;
}

/* Enters label i; mechanism may be NULL. */
static bool enter(size_t i, const char *id, const mech_mechanism *mechanism, arena *memory, answer_labels *labels) {
    labels->ids[i] = mech_arena_text(memory, id, strlen(id));
    labels->mechanisms[i] = mechanism;
    if (!labels->ids[i]) return false;
    if (!mechanism || mech_is_builtin(mechanism)) return true;
    mech_mechanism *copy = mech_arena_allocate(memory, 1, sizeof *copy);
    if (!copy) return false;
    *copy = *mechanism;
    labels->mechanisms[i] = copy;
    return true;
}

bool mech_copy_labels(const mech_model *model, arena *memory, answer_labels *labels) {
    bool ok = make_room(mech_model_n_labels(model), memory, labels);
    for (size_t i = 0; i < labels->n && ok; i++)
        ok = enter(i, mech_model_label(model, i), mech_model_mechanism(model, i), memory, labels);
    return ok;
}

bool mech_copy_mechanisms(size_t n, const mech_mechanism *const *mechanisms, arena *memory, answer_labels *labels) {
    bool ok = make_room(mechanisms ? n : mech_builtin_count(), memory, labels);
    for (size_t i = 0; i < labels->n && ok; i++) {
        const mech_mechanism *m = mechanisms ? mechanisms[i] : mech_builtin(i);
        ok = enter(i, mech_mechanism_id(m), m, memory, labels);
    }
    return ok;
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
