/* The mechanisms that the library brings along. */
#include "chemistry/mechanism_tables.h"

#include <strings.h>

size_t mech_builtin_count(void) { return sizeof mechanism_tables / sizeof mechanism_tables[0]; }

const mech_mechanism *mech_builtin(size_t index) {
    return index < mech_builtin_count() ? &mechanism_tables[index] : NULL;
}

bool mech_is_builtin(const mech_mechanism *mechanism) {
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (mechanism == &mechanism_tables[i]) return true;
    return false;
}

const mech_mechanism *mech_builtin_find(const char *id) {
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (strcasecmp(mechanism_tables[i].id, id) == 0) return &mechanism_tables[i];
    return NULL;
}
