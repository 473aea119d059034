#include "data/design/design.h"

#include "data/design/builtin.h"

#include <math.h>

const char *mech_design_builtin(size_t i, const char **name) {
    if (i >= sizeof builtin_designs / sizeof builtin_designs[0]) return NULL;
    *name = builtin_designs[i].name;
    return builtin_designs[i].text;
}

void mech_design_readings(const design *d, design_use use, size_t *fewest, size_t *most) {
    double low, high, factor_low, factor_high;
    mech_distribution_range(&d->of[use][DESIGN_POINTS], &low, &high);
    mech_distribution_range(&d->of[use][DESIGN_POINTS_OF_RUN], &factor_low, &factor_high);
    *fewest = (size_t)fmax(2, nearbyint(low * factor_low));
    *most = (size_t)fmax(2, nearbyint(high * factor_high));
}
