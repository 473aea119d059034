#include "experiment/answer/answer.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

const char **mech_class_ids(const char *mechanisms, size_t n_classes, arena *memory) {
    static const char separators[] = ", \t";
    const char **ids = mech_arena_allocate(memory, n_classes, sizeof *ids);
    if (!ids) return NULL;
    const char *at = mechanisms ? mechanisms : "";
    for (size_t i = 0; i < n_classes; i++) {
        at += strspn(at, separators);
        size_t length = strcspn(at, separators);
        char number[32];
        snprintf(number, sizeof number, "class %zu", i + 1);
        if (length)
            ids[i] = mech_arena_text(memory, at, length);
        else if (!mechanisms && i < mech_builtin_count())
            ids[i] = mech_mechanism_id(mech_builtin(i));
        else
            ids[i] = mech_arena_text(memory, number, strlen(number));
        if (!ids[i]) return NULL;
        at += length;
    }
    return ids;
}

mech_status mech_model_find_class(const mech_model *model, const char *id, size_t *label, mech_error *error) {
    const size_t n = mech_model_n_classes(model);
    arena *memory = mech_arena_new();
    const char **ids = memory ? mech_class_ids(mech_model_metadata(model, "mechanisms"), n, memory) : NULL;
    const mech_status status = ids ? mech_find_class(id, n, ids, label, error) : mech_fail_memory(error);
    mech_arena_free(memory);
    return status;
}
