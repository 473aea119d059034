#include "chemistry/descriptions.h"

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
