#include "chemistry/equations/equations.h"

static void add_plain(text *t, const char *name) { mech_text_add(t, name); }

const notation mech_plain_notation = {add_plain, add_plain, " "};

bool mech_is_reversible(const mech_mechanism *mechanism, int j) {
    return j + 1 < mechanism->n_reactions && mechanism->reactions[j + 1].reverse;
}

static int count_of(const int *molecules, int species) {
    int n = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) n += molecules[i] == species;
    return n;
}

static bool stands_before(const int *molecules, int i) {
    for (int j = 0; j < i; j++)
        if (molecules[j] == molecules[i]) return true;
    return false;
}

void mech_write_side(text *t, const notation *style, const mech_mechanism *mechanism, const int *molecules) {
    for (int i = 0; i < MAX_MOLECULES && molecules[i] >= 0; i++) {
        if (stands_before(molecules, i)) continue;
        const int n = count_of(molecules, molecules[i]);
        if (i) mech_text_add(t, " + ");
        if (n > 1) mech_text_format(t, "%d ", n);
        style->add_species(t, mechanism->species[molecules[i]].name);
    }
}

void mech_write_reaction(text *t, const mech_mechanism *mechanism, int j) {
    const mechanism_reaction *r = &mechanism->reactions[j];
    mech_write_side(t, &mech_plain_notation, mechanism, r->reactants);
    mech_text_add(t, mech_is_reversible(mechanism, j) ? " <=> " : " -> ");
    mech_write_side(t, &mech_plain_notation, mechanism, r->products);
    mech_text_format(t, " : %s", mechanism->rate_constants[r->rate_constant]);
    if (mech_is_reversible(mechanism, j)) mech_text_format(t, ", %s", mechanism->rate_constants[r[1].rate_constant]);
    mech_text_add(t, "\n");
}

static void write_concentration(text *t, const notation *style, const mech_mechanism *mechanism, int species) {
    mech_text_add(t, "[");
    style->add_species(t, mechanism->species[species].name);
    mech_text_add(t, "]");
}

static void write_rate(text *t, const notation *style, const mech_mechanism *mechanism, const mechanism_reaction *r) {
    style->add_rate_constant(t, mechanism->rate_constants[r->rate_constant]);
    mech_text_add(t, style->after_rate_constant);
    for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++) {
        if (stands_before(r->reactants, i)) continue;
        const int power = count_of(r->reactants, r->reactants[i]);
        write_concentration(t, style, mechanism, r->reactants[i]);
        if (power > 1) mech_text_format(t, "^%d", power);
    }
}

/* " + ", " - ", or at the beginning of a sum "" or "-", and a factor above one. */
static void write_coefficient(text *t, bool first, int coefficient) {
    const int size = coefficient < 0 ? -coefficient : coefficient;
    mech_text_add(t, first ? coefficient < 0 ? "-" : "" : coefficient < 0 ? " - " : " + ");
    if (size > 1) mech_text_format(t, "%d ", size);
}

void mech_write_derivative(text *t, const notation *style, const mech_mechanism *mechanism, int species) {
    bool first = true;
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const int change = mech_reaction_change(&mechanism->reactions[j], species);
        if (!change) continue;
        write_coefficient(t, first, change);
        write_rate(t, style, mechanism, &mechanism->reactions[j]);
        first = false;
    }
    if (first) mech_text_add(t, "0");
}

void mech_write_law(text *t, const notation *style, const mech_mechanism *mechanism, const int *law) {
    bool first = true;
    for (int s = 0; s < mechanism->n_species; s++) {
        if (!law[s]) continue;
        write_coefficient(t, first, law[s]);
        write_concentration(t, style, mechanism, s);
        first = false;
    }
}

const char *mech_law_name(const mech_mechanism *mechanism, const int *law) {
    bool catalyst = true;
    for (int s = 0; s < mechanism->n_species; s++)
        catalyst = catalyst && law[s] == mechanism->species[s].catalyst_units;
    if (catalyst) return "total catalyst";
    bool material = law[mechanism->substrate] > 0 && law[mechanism->product] > 0;
    for (int s = 0; s < mechanism->n_species; s++)
        if (law[s] < 0 || (law[s] && mechanism->species[s].role == MECH_ROLE_ADDITIVE)) material = false;
    return material ? "total substrate material" : "constant";
}
