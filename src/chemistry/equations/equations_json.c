#include "chemistry/equations/descriptions.h"
#include "chemistry/equations/mechanism_text.h"

#include <jansson.h>

/* Takes the text's characters as a JSON string; NULL where memory is short. */
static json_t *string_of(text *t) {
    json_t *string = t->failed ? NULL : json_string(t->characters ? t->characters : "");
    mech_text_free(t);
    return string;
}

static json_t *names_of(const mech_mechanism *mechanism, const int *molecules) {
    json_t *names = json_array();
    for (int i = 0; i < MAX_MOLECULES && molecules[i] >= 0; i++)
        json_array_append_new(names, json_string(mechanism->species[molecules[i]].name));
    return names;
}

static json_t *species_of(const mech_mechanism *mechanism) {
    json_t *all = json_array();
    for (int s = 0; s < mechanism->n_species; s++) {
        const mechanism_species *species = &mechanism->species[s];
        json_array_append_new(all, json_pack("{s:s, s:s, s:i, s:f}", "name", species->name, "role",
                                             mech_role_name(species->role), "catalyst_units", species->catalyst_units,
                                             "start", species->start));
    }
    return all;
}

static json_t *reactions_of(const mech_mechanism *mechanism) {
    json_t *all = json_array();
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        if (r->reverse) continue;
        const bool reversible = mech_is_reversible(mechanism, j);
        text t = {0};
        mech_write_side(&t, &mech_plain_notation, mechanism, r->reactants);
        mech_text_add(&t, reversible ? " <=> " : " -> ");
        mech_write_side(&t, &mech_plain_notation, mechanism, r->products);
        json_t *constants = json_array();
        json_array_append_new(constants, json_string(mechanism->rate_constants[r->rate_constant]));
        if (reversible) json_array_append_new(constants, json_string(mechanism->rate_constants[r[1].rate_constant]));
        json_array_append_new(all,
                              json_pack("{s:o, s:o, s:o, s:b, s:o}", "reaction", string_of(&t), "reactants",
                                        names_of(mechanism, r->reactants), "products", names_of(mechanism, r->products),
                                        "reversible", reversible, "rate_constants", constants));
    }
    return all;
}

static json_t *equations_of(const mech_mechanism *mechanism) {
    json_t *all = json_object();
    for (int s = 0; s < mechanism->n_species; s++) {
        text t = {0};
        mech_write_derivative(&t, &mech_plain_notation, mechanism, s);
        json_object_set_new(all, mechanism->species[s].name, string_of(&t));
    }
    return all;
}

static json_t *laws_of(const mech_mechanism *mechanism) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_mechanism_conservation_laws(mechanism, laws);
    json_t *all = json_array();
    for (size_t i = 0; i < n_laws; i++) {
        const int *law = laws + i * (size_t)mechanism->n_species;
        json_t *coefficients = json_object();
        for (int s = 0; s < mechanism->n_species; s++)
            if (law[s]) json_object_set_new(coefficients, mechanism->species[s].name, json_integer(law[s]));
        text t = {0};
        mech_write_law(&t, &mech_plain_notation, mechanism, law);
        json_array_append_new(all, json_pack("{s:s, s:o, s:o}", "conserves", mech_law_name(mechanism, law), "sum",
                                             string_of(&t), "coefficients", coefficients));
    }
    return all;
}

static json_t *clauses_of(const mech_mechanism *mechanism) {
    json_t *all = json_array();
    for (int i = 0; i < mechanism->n_clauses; i++) {
        text t = {0};
        mech_write_clause(&t, mechanism, &mechanism->clauses[i]);
        json_array_append_new(all, string_of(&t));
    }
    return all;
}

mech_status mech_write_json(const mech_mechanism *mechanism, char **json, mech_error *error) {
    json_t *constants = json_array();
    for (int k = 0; k < mechanism->n_rate_constants; k++)
        json_array_append_new(constants, json_string(mechanism->rate_constants[k]));
    json_t *description =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", mechanism->id, "title", mechanism->title,
                  "class", mech_class_name(mechanism->mechanism_class), "reactions", reactions_of(mechanism),
                  "rate_constants", constants, "species", species_of(mechanism), "rate_equations",
                  equations_of(mechanism), "conservation_laws", laws_of(mechanism), "shows", clauses_of(mechanism));
    *json = json_dumps(description, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(description);
    return *json ? MECH_OK : mech_fail_memory(error);
}
