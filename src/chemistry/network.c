#include "chemistry/network.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

const char *mech_network_id(const mech_network *network) { return network->id; }
const char *mech_network_title(const mech_network *network) { return network->title; }
mech_class mech_network_class(const mech_network *network) { return network->mechanism_class; }
size_t mech_network_n_species(const mech_network *network) { return (size_t)network->n_species; }
size_t mech_network_n_rate_constants(const mech_network *network) { return (size_t)network->n_rate_constants; }

const char *mech_network_species(const mech_network *network, size_t species) { return network->species[species].name; }
mech_role mech_network_role(const mech_network *network, size_t species) { return network->species[species].role; }
const char *mech_network_rate_constant(const mech_network *network, size_t rate_constant) {
    return network->rate_constants[rate_constant];
}

int mech_network_find_species(const mech_network *network, const char *name) {
    for (int s = 0; s < network->n_species; s++)
        if (strcmp(network->species[s].name, name) == 0) return s;
    return -1;
}

const char *mech_class_name(mech_class mechanism_class) {
    static const char *const names[] = {"core", "bicatalytic", "activation", "deactivation", "user"};
    return names[mechanism_class];
}

const char *mech_role_name(mech_role role) {
    static const char *const names[] = {"substrate", "product",  "catalyst", "precatalyst",
                                        "off-cycle", "inactive", "additive", "other"};
    return names[role];
}

void mech_network_start(const mech_network *network, double s0, double p0, double cat0, double *start) {
    for (int s = 0; s < network->n_species; s++) start[s] = network->species[s].start;
    start[network->substrate] = s0;
    start[network->product] = p0;
    start[network->catalyst] = cat0;
}

int network_order(const mech_network *network, int rate_constant) {
    int order = 0;
    for (int i = 0; i < network->n_reactions; i++) {
        if (network->reactions[i].rate_constant != rate_constant) continue;
        for (int j = 0; j < MAX_MOLECULES; j++) order += network->reactions[i].reactants[j] >= 0;
    }
    return order;
}

int reaction_change(const network_reaction *r, int s) {
    int change = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) change += (r->products[i] == s) - (r->reactants[i] == s);
    return change;
}

/* k times the product of all reactants but number `without` (-1: all). */
static double rate_without(const network_reaction *r, const double *k, const double *y, int without) {
    double rate = k[r->rate_constant];
    for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++)
        if (i != without) rate *= y[r->reactants[i]];
    return rate;
}

void mech_network_derivative(const mech_network *network, const double *k, const double *y, double *derivative) {
    memset(derivative, 0, (size_t)network->n_species * sizeof *derivative);
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        double rate = rate_without(r, k, y, -1);
        for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++) derivative[r->reactants[i]] -= rate;
        for (int i = 0; i < MAX_MOLECULES && r->products[i] >= 0; i++) derivative[r->products[i]] += rate;
    }
}

void mech_network_jacobian(const mech_network *network, const double *k, const double *y, double *jacobian) {
    const size_t n = (size_t)network->n_species;
    memset(jacobian, 0, n * n * sizeof *jacobian);
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        for (int m = 0; m < MAX_MOLECULES && r->reactants[m] >= 0; m++) {
            const size_t column = (size_t)r->reactants[m];
            double slope = rate_without(r, k, y, m);
            for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++)
                jacobian[(size_t)r->reactants[i] * n + column] -= slope;
            for (int i = 0; i < MAX_MOLECULES && r->products[i] >= 0; i++)
                jacobian[(size_t)r->products[i] * n + column] += slope;
        }
    }
}

void mech_network_free(mech_network *network) { free(network); }
