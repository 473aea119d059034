#include "data/yield_bound.h"

#include <math.h>

static int units_of(const mech_network *network, int species) {
    return species < 0 ? 0 : network->species[species].catalyst_units;
}

static int count_molecules(const int *side) {
    int n = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) n += side[i] >= 0;
    return n;
}

/* The catalyst form of a reaction that uses up one S on it, or -1. */
static int uptake_form(const mech_network *network, const network_reaction *r) {
    if (count_molecules(r->reactants) != 2 || reaction_change(r, network->substrate) != -1) return -1;
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (units_of(network, r->reactants[i]) > 0) return r->reactants[i];
    return -1;
}

/* The catalyst form of a reaction in which it releases one P by itself, or -1. */
static int release_form(const mech_network *network, const network_reaction *r) {
    if (count_molecules(r->reactants) != 1 || reaction_change(r, network->product) != 1) return -1;
    for (int i = 0; i < MAX_MOLECULES; i++)
        if (units_of(network, r->reactants[i]) > 0) return r->reactants[i];
    return -1;
}

/* Finds the law that counts substrate material, with S and P alike and else on catalyst only. */
static bool find_held(const mech_network *network, double *held) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = (size_t)network->n_species, n_laws = mech_network_conservation_laws(network, laws);
    for (size_t law = 0; law < n_laws; law++) {
        const int *row = laws + law * n, one = row[network->substrate];
        bool fits = one > 0 && row[network->product] == one;
        *held = 0;
        for (int s = 0; fits && s < network->n_species; s++) {
            if (s == network->substrate || s == network->product || row[s] == 0) continue;
            const int units = units_of(network, s);
            fits = row[s] > 0 && units > 0;
            if (fits) *held = fmax(*held, (double)row[s] / one / units);
        }
        if (fits) return true;
    }
    return false;
}

yield_bound yield_bound_find(const mech_network *network) {
    yield_bound bound = {.network = network, .uptake_bounded = true};
    bound.release_bounded = find_held(network, &bound.held);
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        if (reaction_change(r, network->substrate) < 0) bound.uptake_bounded &= uptake_form(network, r) >= 0;
        if (reaction_change(r, network->product) > 0) bound.release_bounded &= release_form(network, r) >= 0;
    }
    /* Catalyst that is there besides the one weighed in is not counted. */
    for (int s = 0; s < network->n_species; s++)
        if (s != network->catalyst && units_of(network, s) > 0 && network->species[s].start > 0)
            bound.uptake_bounded = bound.release_bounded = false;
    return bound;
}

/* The largest sum of rate constants of the reactions on one form, for each unit of catalyst in it. */
static double most_a_unit(const mech_network *network, const double *k,
                          int (*form_of)(const mech_network *, const network_reaction *)) {
    double sums[MAX_SPECIES] = {0}, most = 0;
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        const int form = form_of(network, r);
        if (form < 0) continue;
        sums[form] += k[r->rate_constant];
        most = fmax(most, sums[form] / units_of(network, form));
    }
    return most;
}

double largest_conversion(const yield_bound *bound, const double *k, double s0, double cat0, double t) {
    const mech_network *network = bound->network;
    const double total = cat0 * units_of(network, network->catalyst);
    double most = s0;
    if (bound->uptake_bounded) most = s0 * -expm1(-most_a_unit(network, k, uptake_form) * total * t);
    if (bound->release_bounded)
        most = fmin(most, most_a_unit(network, k, release_form) * total * t + bound->held * total);
    return most;
}
