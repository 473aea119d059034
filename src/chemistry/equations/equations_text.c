#include "chemistry/equations/descriptions.h"
#include "chemistry/equations/mechanism_text.h"

static void write_reactions(text *t, const mech_mechanism *mechanism) {
    mech_text_add(t, "\nReactions\n");
    for (int j = 0; j < mechanism->n_reactions; j++) {
        if (mechanism->reactions[j].reverse) continue;
        mech_text_add(t, "  ");
        mech_write_reaction(t, mechanism, j);
    }
}

static void write_species(text *t, const mech_mechanism *mechanism) {
    mech_text_add(t, "\nSpecies\n");
    for (int s = 0; s < mechanism->n_species; s++) {
        const mechanism_species *species = &mechanism->species[s];
        mech_text_format(t, "  %-10s %s", species->name, mech_role_name(species->role));
        if (species->catalyst_units > 1) mech_text_format(t, ", holds %d units of catalyst", species->catalyst_units);
        if (species->start != 0) {
            mech_text_add(t, ", starts at ");
            mech_text_number(t, species->start);
        }
        if (species->coefficient != 0) {
            mech_text_add(t, ", of which ");
            mech_text_number(t, species->coefficient);
            mech_text_add(t, " counts as one");
        }
        mech_text_add(t, "\n");
    }
}

static void write_clauses(text *t, const mech_mechanism *mechanism) {
    if (!mechanism->n_clauses) return;
    mech_text_add(t, "\nShows itself where\n");
    for (int i = 0; i < mechanism->n_clauses; i++) {
        mech_text_add(t, "  ");
        mech_write_clause(t, mechanism, &mechanism->clauses[i]);
        mech_text_add(t, "\n");
    }
}

void mech_write_text(text *t, const mech_mechanism *mechanism) {
    mech_text_format(t, "%s: %s\nClass: %s\n", mechanism->id, mechanism->title,
                     mech_class_name(mechanism->mechanism_class));
    write_reactions(t, mechanism);
    mech_text_add(t, "\nRate constants, in the order of theta\n  ");
    for (int k = 0; k < mechanism->n_rate_constants; k++)
        mech_text_format(t, "%s%s", k ? ", " : "", mechanism->rate_constants[k]);
    mech_text_add(t, "\n");
    write_species(t, mechanism);
    mech_text_add(t, "\nRate equations\n");
    for (int s = 0; s < mechanism->n_species; s++) {
        mech_text_format(t, "  d[%s]/dt = ", mechanism->species[s].name);
        mech_write_derivative(t, &mech_plain_notation, mechanism, s);
        mech_text_add(t, "\n");
    }
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_mechanism_conservation_laws(mechanism, laws);
    mech_text_add(t, "\nConservation laws\n");
    for (size_t i = 0; i < n_laws; i++) {
        const int *law = laws + i * (size_t)mechanism->n_species;
        mech_text_add(t, "  ");
        mech_write_law(t, &mech_plain_notation, mechanism, law);
        mech_text_format(t, " = %s\n", mech_law_name(mechanism, law));
    }
    write_clauses(t, mechanism);
}
