/* Why these exponents. Let all amounts c of the catalyst's scale be a times as large, and time t = t' / a. The cycle
 * turns over in a steady state, in which its steps balance each other: their rates, which are to be a times as large
 * (S and P are to change a times as fast), have n factors c and so need k a^(1-n). What happens to the catalyst besides
 * is slow: dc/dt, which is to be a^2 times as large (a times as much, in 1/a of the time), has n factors c and needs
 * k a^(2-n). A step without catalyst, S -> P, is to be a times as fast: n = 0 in the first rule. */
#include "data/laboratory/scaling.h"

#include "chemistry/mechanism.h"

#include <math.h>

static bool is_catalyst(const mech_mechanism *mechanism, int species) {
    return species >= 0 && mechanism->species[species].catalyst_units > 0;
}

/* Whether all catalyst in the reaction is of the cycle. */
static bool turns_over(const mech_mechanism *mechanism, const mechanism_reaction *r) {
    for (int i = 0; i < MAX_MOLECULES; i++) {
        const int both[] = {r->reactants[i], r->products[i]};
        for (int side = 0; side < 2; side++)
            if (is_catalyst(mechanism, both[side]) && mechanism->species[both[side]].role != MECH_ROLE_CATALYST)
                return false;
    }
    return true;
}

void mech_scaling_exponents(const mech_mechanism *mechanism, int *exponents) {
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        int n = 0;
        for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++)
            n += is_catalyst(mechanism, r->reactants[i]) ||
                 mechanism->species[r->reactants[i]].role == MECH_ROLE_ADDITIVE;
        exponents[r->rate_constant] = (turns_over(mechanism, r) ? 1 : 2) - n;
    }
}

void mech_scale_theta(const mech_mechanism *mechanism, double scale, const double *k, double *scaled) {
    int exponents[MAX_RATE_CONSTANTS];
    mech_scaling_exponents(mechanism, exponents);
    const double powers[] = {1 / scale / scale, 1 / scale, 1, scale, scale * scale};
    for (int i = 0; i < mechanism->n_rate_constants; i++) scaled[i] = k[i] * powers[exponents[i] + 2];
}

void mech_scale_additives(const mech_mechanism *mechanism, double scale, double *start) {
    for (int s = 0; s < mechanism->n_species; s++)
        if (mechanism->species[s].role == MECH_ROLE_ADDITIVE) start[s] *= scale;
}
