#include "chemistry/equations.h"

#include <string.h>

static void add_plain(text *t, const char *name) { text_add(t, name); }

const notation plain_notation = {add_plain, add_plain, " "};

bool is_reversible(const mech_network *network, int j) {
    return j + 1 < network->n_reactions && network->reactions[j + 1].reverse;
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

void write_side(text *t, const notation *style, const mech_network *network, const int *molecules) {
    for (int i = 0; i < MAX_MOLECULES && molecules[i] >= 0; i++) {
        if (stands_before(molecules, i)) continue;
        const int n = count_of(molecules, molecules[i]);
        if (i) text_add(t, " + ");
        if (n > 1) text_format(t, "%d ", n);
        style->add_species(t, network->species[molecules[i]].name);
    }
}

static void write_concentration(text *t, const notation *style, const mech_network *network, int species) {
    text_add(t, "[");
    style->add_species(t, network->species[species].name);
    text_add(t, "]");
}

static void write_rate(text *t, const notation *style, const mech_network *network, const network_reaction *r) {
    style->add_rate_constant(t, network->rate_constants[r->rate_constant]);
    text_add(t, style->after_rate_constant);
    for (int i = 0; i < MAX_MOLECULES && r->reactants[i] >= 0; i++) {
        if (stands_before(r->reactants, i)) continue;
        const int power = count_of(r->reactants, r->reactants[i]);
        write_concentration(t, style, network, r->reactants[i]);
        if (power > 1) text_format(t, "^%d", power);
    }
}

/* " + ", " - ", or at the beginning of a sum "" or "-", and a factor above one. */
static void write_coefficient(text *t, bool first, int coefficient) {
    const int size = coefficient < 0 ? -coefficient : coefficient;
    text_add(t, first ? coefficient < 0 ? "-" : "" : coefficient < 0 ? " - " : " + ");
    if (size > 1) text_format(t, "%d ", size);
}

void write_derivative(text *t, const notation *style, const mech_network *network, int species) {
    bool first = true;
    for (int j = 0; j < network->n_reactions; j++) {
        const int change = reaction_change(&network->reactions[j], species);
        if (!change) continue;
        write_coefficient(t, first, change);
        write_rate(t, style, network, &network->reactions[j]);
        first = false;
    }
    if (first) text_add(t, "0");
}

void write_law(text *t, const notation *style, const mech_network *network, const int *law) {
    bool first = true;
    for (int s = 0; s < network->n_species; s++) {
        if (!law[s]) continue;
        write_coefficient(t, first, law[s]);
        write_concentration(t, style, network, s);
        first = false;
    }
}

const char *law_name(const mech_network *network, const int *law) {
    bool catalyst = true;
    for (int s = 0; s < network->n_species; s++) catalyst = catalyst && law[s] == network->species[s].catalyst_units;
    if (catalyst) return "total catalyst";
    bool material = law[network->substrate] > 0 && law[network->product] > 0;
    for (int s = 0; s < network->n_species; s++)
        if (law[s] < 0 || (law[s] && network->species[s].role == MECH_ROLE_ADDITIVE)) material = false;
    return material ? "total substrate material" : "constant";
}

static void write_reactions(text *t, const mech_network *network) {
    text_add(t, "\nReactions\n");
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        if (r->reverse) continue;
        text_add(t, "  ");
        write_side(t, &plain_notation, network, r->reactants);
        text_add(t, is_reversible(network, j) ? " <=> " : " -> ");
        write_side(t, &plain_notation, network, r->products);
        text_format(t, " : %s", network->rate_constants[r->rate_constant]);
        if (is_reversible(network, j)) text_format(t, ", %s", network->rate_constants[r[1].rate_constant]);
        text_add(t, "\n");
    }
}

static void write_species(text *t, const mech_network *network) {
    text_add(t, "\nSpecies\n");
    for (int s = 0; s < network->n_species; s++) {
        const network_species *species = &network->species[s];
        text_format(t, "  %-10s %s", species->name, mech_role_name(species->role));
        if (species->catalyst_units > 1) text_format(t, ", holds %d units of catalyst", species->catalyst_units);
        if (species->start != 0) {
            text_add(t, ", starts at ");
            text_number(t, species->start);
        }
        text_add(t, "\n");
    }
}

void write_text(text *t, const mech_network *network) {
    text_format(t, "%s: %s\nClass: %s\n", network->id, network->title, mech_class_name(network->mechanism_class));
    write_reactions(t, network);
    text_add(t, "\nRate constants, in the order of theta\n  ");
    for (int k = 0; k < network->n_rate_constants; k++)
        text_format(t, "%s%s", k ? ", " : "", network->rate_constants[k]);
    text_add(t, "\n");
    write_species(t, network);
    text_add(t, "\nRate equations\n");
    for (int s = 0; s < network->n_species; s++) {
        text_format(t, "  d[%s]/dt = ", network->species[s].name);
        write_derivative(t, &plain_notation, network, s);
        text_add(t, "\n");
    }
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_network_conservation_laws(network, laws);
    text_add(t, "\nConservation laws\n");
    for (size_t i = 0; i < n_laws; i++) {
        const int *law = laws + i * (size_t)network->n_species;
        text_add(t, "  ");
        write_law(t, &plain_notation, network, law);
        text_format(t, " = %s\n", law_name(network, law));
    }
}

mech_status mech_network_describe(const mech_network *network, mech_format format, char **description,
                                  mech_error *error) {
    text t = {0};
    *description = NULL;
    switch (format) {
    case MECH_FORMAT_TEXT:
        write_text(&t, network);
        break;
    case MECH_FORMAT_LATEX:
        write_latex(&t, network);
        break;
    case MECH_FORMAT_JSON:
        return write_json(network, description, error);
    default:
        return fail(error, MECH_INVALID_ARGUMENT, "there is no format %d; expected text, JSON or LaTeX", (int)format);
    }
    return text_take(&t, description, error);
}
