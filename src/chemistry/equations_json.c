#include "chemistry/descriptions.h"

#include <jansson.h>

/* Takes the text's characters as a JSON string; NULL where memory is short. */
static json_t *string_of(text *t) {
    json_t *string = t->failed ? NULL : json_string(t->characters ? t->characters : "");
    text_free(t);
    return string;
}

static json_t *names_of(const mech_network *network, const int *molecules) {
    json_t *names = json_array();
    for (int i = 0; i < MAX_MOLECULES && molecules[i] >= 0; i++)
        json_array_append_new(names, json_string(network->species[molecules[i]].name));
    return names;
}

static json_t *species_of(const mech_network *network) {
    json_t *all = json_array();
    for (int s = 0; s < network->n_species; s++) {
        const network_species *species = &network->species[s];
        json_array_append_new(all, json_pack("{s:s, s:s, s:i, s:f}", "name", species->name, "role",
                                             mech_role_name(species->role), "catalyst_units", species->catalyst_units,
                                             "start", species->start));
    }
    return all;
}

static json_t *reactions_of(const mech_network *network) {
    json_t *all = json_array();
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        if (r->reverse) continue;
        const bool reversible = is_reversible(network, j);
        text t = {0};
        write_side(&t, &plain_notation, network, r->reactants);
        text_add(&t, reversible ? " <=> " : " -> ");
        write_side(&t, &plain_notation, network, r->products);
        json_t *constants = json_array();
        json_array_append_new(constants, json_string(network->rate_constants[r->rate_constant]));
        if (reversible) json_array_append_new(constants, json_string(network->rate_constants[r[1].rate_constant]));
        json_array_append_new(all,
                              json_pack("{s:o, s:o, s:o, s:b, s:o}", "reaction", string_of(&t), "reactants",
                                        names_of(network, r->reactants), "products", names_of(network, r->products),
                                        "reversible", reversible, "rate_constants", constants));
    }
    return all;
}

static json_t *equations_of(const mech_network *network) {
    json_t *all = json_object();
    for (int s = 0; s < network->n_species; s++) {
        text t = {0};
        write_derivative(&t, &plain_notation, network, s);
        json_object_set_new(all, network->species[s].name, string_of(&t));
    }
    return all;
}

static json_t *laws_of(const mech_network *network) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_network_conservation_laws(network, laws);
    json_t *all = json_array();
    for (size_t i = 0; i < n_laws; i++) {
        const int *law = laws + i * (size_t)network->n_species;
        json_t *coefficients = json_object();
        for (int s = 0; s < network->n_species; s++)
            if (law[s]) json_object_set_new(coefficients, network->species[s].name, json_integer(law[s]));
        text t = {0};
        write_law(&t, &plain_notation, network, law);
        json_array_append_new(all, json_pack("{s:s, s:o, s:o}", "conserves", law_name(network, law), "sum",
                                             string_of(&t), "coefficients", coefficients));
    }
    return all;
}

mech_status write_json(const mech_network *network, char **json, mech_error *error) {
    json_t *constants = json_array();
    for (int k = 0; k < network->n_rate_constants; k++)
        json_array_append_new(constants, json_string(network->rate_constants[k]));
    json_t *description = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", network->id, "title",
                                    network->title, "class", mech_class_name(network->mechanism_class), "reactions",
                                    reactions_of(network), "rate_constants", constants, "species", species_of(network),
                                    "rate_equations", equations_of(network), "conservation_laws", laws_of(network));
    *json = json_dumps(description, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    json_decref(description);
    return *json ? MECH_OK : fail_memory(error);
}
