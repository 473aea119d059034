#include "mechanist.h"

#include <string.h>

static const char *const names[] = {[MECH_PROTOCOL_SEED] = "seed", [MECH_PROTOCOL_NATURE] = "nature"};

const char *mech_protocol_name(mech_protocol protocol) { return names[protocol == MECH_PROTOCOL_NATURE]; }

bool mech_find_protocol(const char *name, mech_protocol *protocol) {
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) {
            *protocol = (mech_protocol)i;
            return true;
        }
    return false;
}

bool mech_find_protocol_of_design(const char *design, mech_protocol *protocol) {
    if (strcmp(design, "fixed-window") != 0) return mech_find_protocol(design, protocol);
    *protocol = MECH_PROTOCOL_SEED;
    return true;
}
