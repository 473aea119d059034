#include "data/conditions/sample_design.h"

#include <string.h>

static const char *const names[] = {[MECH_DESIGN_FIXED_WINDOW] = "fixed-window", [MECH_DESIGN_NATURE] = "nature"};
static const char *const keys[] = {[MECH_DESIGN_FIXED_WINDOW] = "seed", [MECH_DESIGN_NATURE] = "nature"};

const char *mech_sample_design_name(mech_sample_design design) { return names[design == MECH_DESIGN_NATURE]; }

const char *mech_sample_design_key(mech_sample_design design) { return keys[design == MECH_DESIGN_NATURE]; }

bool mech_find_sample_design(const char *name, mech_sample_design *design) {
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0 || strcmp(keys[i], name) == 0) {
            *design = (mech_sample_design)i;
            return true;
        }
    return false;
}
