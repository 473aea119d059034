#include "chemistry/mechanism.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

const char *mech_mechanism_id(const mech_mechanism *mechanism) { return mechanism->id; }
const char *mech_mechanism_title(const mech_mechanism *mechanism) { return mechanism->title; }
mech_class mech_mechanism_class(const mech_mechanism *mechanism) { return mechanism->mechanism_class; }
size_t mech_mechanism_n_species(const mech_mechanism *mechanism) { return (size_t)mechanism->n_species; }
size_t mech_mechanism_n_rate_constants(const mech_mechanism *mechanism) { return (size_t)mechanism->n_rate_constants; }

const char *mech_mechanism_species(const mech_mechanism *mechanism, size_t species) {
    return species < mech_mechanism_n_species(mechanism) ? mechanism->species[species].name : NULL;
}
mech_role mech_mechanism_role(const mech_mechanism *mechanism, size_t species) {
    return species < mech_mechanism_n_species(mechanism) ? mechanism->species[species].role : MECH_ROLE_OTHER;
}
const char *mech_mechanism_rate_constant(const mech_mechanism *mechanism, size_t rate_constant) {
    return rate_constant < mech_mechanism_n_rate_constants(mechanism) ? mechanism->rate_constants[rate_constant] : NULL;
}

double mech_mechanism_coefficient(const mech_mechanism *mechanism, size_t species) {
    if (species >= mech_mechanism_n_species(mechanism)) return 1;
    const double coefficient = mechanism->species[species].coefficient;
    return coefficient > 0 ? coefficient : 1;
}

int mech_mechanism_find_species(const mech_mechanism *mechanism, const char *name) {
    for (int s = 0; s < mechanism->n_species; s++)
        if (strcmp(mechanism->species[s].name, name) == 0) return s;
    return -1;
}

const char *mech_class_name(mech_class mechanism_class) {
    static const char *const names[] = {"core", "bicatalytic", "activation", "deactivation", "user", "composed"};
    return names[mechanism_class];
}

const char *mech_role_name(mech_role role) {
    static const char *const names[] = {"substrate", "product",  "catalyst", "precatalyst", "off-cycle",
                                        "inactive",  "additive", "other",    "reactant"};
    return names[role];
}

void mech_mechanism_start(const mech_mechanism *mechanism, double s0, double p0, double cat0, double *start) {
    for (int s = 0; s < mechanism->n_species; s++)
        start[s] = mechanism->species[s].start / mech_mechanism_coefficient(mechanism, (size_t)s);
    start[mechanism->substrate] = s0;
    start[mechanism->product] = p0;
    start[mechanism->catalyst] = cat0;
}

static bool conditions_equal(const shown_condition *a, const shown_condition *b) {
    if (a->measure != b->measure || a->n_forms != b->n_forms || a->rate_constant != b->rate_constant ||
        a->x_from != b->x_from || a->x_to != b->x_to || a->low != b->low || a->high != b->high)
        return false;
    for (int i = 0; i < a->n_forms; i++)
        if (a->forms[i].species != b->forms[i].species || a->forms[i].weight != b->forms[i].weight) return false;
    return true;
}

static bool clauses_equal(const shown_clause *a, const shown_clause *b) {
    if (a->n_loadings != b->n_loadings || a->n_conditions != b->n_conditions) return false;
    for (int i = 0; i < a->n_loadings; i++)
        if (a->loadings[i] != b->loadings[i]) return false;
    for (int i = 0; i < a->n_conditions; i++)
        if (!conditions_equal(&a->conditions[i], &b->conditions[i])) return false;
    return true;
}

static bool species_equal(const mechanism_species *a, const mechanism_species *b) {
    return strcmp(a->name, b->name) == 0 && a->role == b->role && a->catalyst_units == b->catalyst_units &&
           a->start == b->start && a->drawn == b->drawn && a->drawn_low == b->drawn_low &&
           a->drawn_high == b->drawn_high && a->coefficient == b->coefficient;
}

/* Whether the same molecules stand on two sides, in whatever order: a text says "2 P" for two that stood apart. */
static bool sides_equal(const int *a, const int *b) {
    for (int i = 0; i < MAX_MOLECULES; i++) {
        int in_a = 0, in_b = 0;
        for (int j = 0; j < MAX_MOLECULES; j++) {
            in_a += a[j] == a[i];
            in_b += b[j] == a[i];
        }
        if (in_a != in_b) return false;
    }
    return true;
}

static bool reactions_equal(const mechanism_reaction *a, const mechanism_reaction *b) {
    return sides_equal(a->reactants, b->reactants) && sides_equal(a->products, b->products) &&
           a->rate_constant == b->rate_constant && a->reverse == b->reverse;
}

bool mech_mechanism_equal(const mech_mechanism *a, const mech_mechanism *b) {
    if (strcmp(a->id, b->id) != 0 || strcmp(a->title, b->title) != 0 || a->mechanism_class != b->mechanism_class ||
        a->n_species != b->n_species || a->n_reactions != b->n_reactions ||
        a->n_rate_constants != b->n_rate_constants || a->substrate != b->substrate || a->product != b->product ||
        a->catalyst != b->catalyst || a->n_clauses != b->n_clauses)
        return false;
    for (int s = 0; s < a->n_species; s++)
        if (!species_equal(&a->species[s], &b->species[s])) return false;
    for (int j = 0; j < a->n_reactions; j++)
        if (!reactions_equal(&a->reactions[j], &b->reactions[j])) return false;
    for (int k = 0; k < a->n_rate_constants; k++)
        if (strcmp(a->rate_constants[k], b->rate_constants[k]) != 0) return false;
    for (int i = 0; i < a->n_clauses; i++)
        if (!clauses_equal(&a->clauses[i], &b->clauses[i])) return false;
    return true;
}

int mech_mechanism_order(const mech_mechanism *mechanism, size_t rate_constant) {
    int order = 0;
    for (int i = 0; i < mechanism->n_reactions; i++) {
        if (mechanism->reactions[i].rate_constant != (int)rate_constant) continue;
        for (int j = 0; j < MAX_MOLECULES; j++) order += mechanism->reactions[i].reactants[j] >= 0;
    }
    return order;
}

size_t mech_mechanism_n_reactions(const mech_mechanism *mechanism) { return (size_t)mechanism->n_reactions; }

int mech_mechanism_reaction(const mech_mechanism *mechanism, size_t reaction, int *reactants, int *products) {
    static const mechanism_reaction none = {.reactants = {-1, -1, -1}, .products = {-1, -1, -1}, .rate_constant = -1};
    const mechanism_reaction *r =
        reaction < mech_mechanism_n_reactions(mechanism) ? &mechanism->reactions[reaction] : &none;
    memcpy(reactants, r->reactants, sizeof r->reactants);
    memcpy(products, r->products, sizeof r->products);
    return r->rate_constant;
}

int mech_reaction_change(const mechanism_reaction *r, int s) {
    int change = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) change += (r->products[i] == s) - (r->reactants[i] == s);
    return change;
}

/* k times the product of all reactants but number `without` (-1: all). */
static double rate_without(const mechanism_reaction *r, const double *k, const double *y, int without) {
    double rate = k[r->rate_constant];
    for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++)
        if (i != without) rate *= y[r->reactants[i]];
    return rate;
}

void mech_mechanism_derivative(const mech_mechanism *mechanism, const double *k, const double *y, double *derivative) {
    memset(derivative, 0, (size_t)mechanism->n_species * sizeof *derivative);
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        double rate = rate_without(r, k, y, -1);
        for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++) derivative[r->reactants[i]] -= rate;
        for (int i = 0; i < MAX_MOLECULES && r->products[i] >= 0; i++) derivative[r->products[i]] += rate;
    }
}

void mech_mechanism_jacobian(const mech_mechanism *mechanism, const double *k, const double *y, double *jacobian) {
    const size_t n = (size_t)mechanism->n_species;
    memset(jacobian, 0, n * n * sizeof *jacobian);
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
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

void mech_mechanism_free(mech_mechanism *mechanism) { free(mechanism); }
