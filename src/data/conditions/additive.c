#include "data/conditions/additive.h"

#include "chemistry/mechanism.h"

int mech_additive_species(const mech_mechanism *mechanism) {
    for (int s = 0; s < mechanism->n_species; s++)
        if (mechanism->species[s].role == MECH_ROLE_ADDITIVE) return s;
    return -1;
}

static bool is_made(const mech_mechanism *mechanism, int species) {
    for (int j = 0; j < mechanism->n_reactions; j++)
        if (mech_reaction_change(&mechanism->reactions[j], species) > 0) return true;
    return false;
}

double mech_draw_additive(const mech_mechanism *mechanism, mech_protocol protocol, random_stream *r) {
    const int species = mech_additive_species(mechanism);
    if (species < 0) return 0;
    if (protocol == MECH_PROTOCOL_SEED || mech_builtin_find(mechanism->id) != mechanism)
        return mechanism->species[species].start;
    return is_made(mechanism, species) ? 0 : LEAST_ADDITIVE + (MOST_ADDITIVE - LEAST_ADDITIVE) * mech_random_uniform(r);
}

double mech_draw_designed_additive(const mech_mechanism *mechanism, const distribution *additive, random_stream *r) {
    const int species = mech_additive_species(mechanism);
    if (species < 0) return 0;
    const choice *c = mech_distribution_choose(additive, r);
    if (c->kind == CHOICE_AS_WRITTEN || mech_builtin_find(mechanism->id) != mechanism)
        return mechanism->species[species].start;
    return is_made(mechanism, species) ? 0 : mech_choice_number(c, r);
}
