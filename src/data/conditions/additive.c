#include "data/conditions/additive.h"

#include "chemistry/mechanism.h"

/* Whether a design that draws start amounts has a choice. */
static bool varies(const mechanism_species *species) {
    return species->drawn && species->drawn_high > species->drawn_low;
}

int mech_additive_species(const mech_mechanism *mechanism) {
    int first = -1;
    for (int s = 0; s < mechanism->n_species; s++) {
        if (mechanism->species[s].role != MECH_ROLE_ADDITIVE) continue;
        if (varies(&mechanism->species[s])) return s;
        if (first < 0) first = s;
    }
    return first;
}

bool mech_additive_varies(const mech_mechanism *mechanism, mech_sample_design sample_design) {
    const int species = mech_additive_species(mechanism);
    return sample_design == MECH_DESIGN_NATURE && species >= 0 && varies(&mechanism->species[species]);
}

double mech_draw_additive(const mech_mechanism *mechanism, mech_sample_design sample_design, random_stream *r) {
    const int s = mech_additive_species(mechanism);
    if (s < 0) return 0;
    const mechanism_species *species = &mechanism->species[s];
    if (sample_design == MECH_DESIGN_FIXED_WINDOW || !species->drawn) return species->start;
    if (!varies(species)) return species->drawn_low;
    return species->drawn_low + (species->drawn_high - species->drawn_low) * mech_random_uniform(r);
}

double mech_draw_designed_additive(const mech_mechanism *mechanism, const distribution *additive, random_stream *r) {
    const int s = mech_additive_species(mechanism);
    if (s < 0) return 0;
    const mechanism_species *species = &mechanism->species[s];
    const choice *c = mech_distribution_choose(additive, r);
    if (c->kind == CHOICE_AS_WRITTEN || !species->drawn) return species->start;
    return varies(species) ? mech_choice_number(c, r) : species->drawn_low;
}
