#include "data/prior/yield_bound.h"

#include <math.h>

static int mech_units_of(const mech_mechanism *mechanism, int species) {
    return species < 0 ? 0 : mechanism->species[species].catalyst_units;
}

static int count_molecules(const int *side) {
    int n = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) n += side[i] >= 0;
    return n;
}

/* The catalyst form of a reaction that uses up one S on it, or -1. */
static int uptake_form(const mech_mechanism *mechanism, const mechanism_reaction *r) {
    if (count_molecules(r->reactants) != 2 || mech_reaction_change(r, mechanism->substrate) != -1) return -1;
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (mech_units_of(mechanism, r->reactants[i]) > 0) return r->reactants[i];
    return -1;
}

/* The catalyst form of a reaction in which it releases one P by itself, or -1. */
static int release_form(const mech_mechanism *mechanism, const mechanism_reaction *r) {
    if (count_molecules(r->reactants) != 1 || mech_reaction_change(r, mechanism->product) != 1) return -1;
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (mech_units_of(mechanism, r->reactants[i]) > 0) return r->reactants[i];
    return -1;
}

/* Finds the law that counts substrate material, with S and P alike and else on catalyst only. */
static bool find_held(const mech_mechanism *mechanism, double *held) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = (size_t)mechanism->n_species, n_laws = mech_mechanism_conservation_laws(mechanism, laws);
    for (size_t law = 0; law < n_laws; law++) {
        const int *row = laws + law * n, one = row[mechanism->substrate];
        bool fits = one > 0 && row[mechanism->product] == one;
        *held = 0;
        for (int s = 0; fits && s < mechanism->n_species; s++) {
            if (s == mechanism->substrate || s == mechanism->product || row[s] == 0) continue;
            const int units = mech_units_of(mechanism, s);
            fits = row[s] > 0 && units > 0;
            if (fits) *held = fmax(*held, (double)row[s] / one / units);
        }
        if (fits) return true;
    }
    return false;
}

yield_bound mech_yield_bound_find(const mech_mechanism *mechanism) {
    yield_bound bound = {.mechanism = mechanism, .uptake_bounded = true};
    bound.release_bounded = find_held(mechanism, &bound.held);
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        if (mech_reaction_change(r, mechanism->substrate) < 0) bound.uptake_bounded &= uptake_form(mechanism, r) >= 0;
        if (mech_reaction_change(r, mechanism->product) > 0) bound.release_bounded &= release_form(mechanism, r) >= 0;
    }
    /* Catalyst that is there besides the one weighed in is not counted. */
    for (int s = 0; s < mechanism->n_species; s++)
        if (s != mechanism->catalyst && mech_units_of(mechanism, s) > 0 && mechanism->species[s].start > 0)
            bound.uptake_bounded = bound.release_bounded = false;
    return bound;
}

/* The largest sum of rate constants of the reactions on one form, for each unit of catalyst in it. */
static double most_a_unit(const mech_mechanism *mechanism, const double *k,
                          int (*form_of)(const mech_mechanism *, const mechanism_reaction *)) {
    double sums[MAX_SPECIES] = {0}, most = 0;
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        const int form = form_of(mechanism, r);
        if (form < 0) continue;
        sums[form] += k[r->rate_constant];
        most = fmax(most, sums[form] / mech_units_of(mechanism, form));
    }
    return most;
}

double mech_largest_conversion(const yield_bound *bound, const double *k, double s0, double cat0, double t) {
    const mech_mechanism *mechanism = bound->mechanism;
    const double total = cat0 * mech_units_of(mechanism, mechanism->catalyst);
    double most = s0;
    if (bound->uptake_bounded) most = s0 * -expm1(-most_a_unit(mechanism, k, uptake_form) * total * t);
    if (bound->release_bounded)
        most = fmin(most, most_a_unit(mechanism, k, release_form) * total * t + bound->held * total);
    return most;
}
