/* Names of a mechanism as ids of SBML: letters, digits and underscores. */
#include "chemistry/sbml/sbml.h"

#include <stdio.h>
#include <string.h>

/* What models and problems of PEtab call something else. */
static const char *const taken[] = {
    "vessel",        "time",           "s0",         "p0",         "b0",          "cat0",
    "dead",          "noise",          "obs_S",      "obs_P",      "obs_B",       "obs_active",
    "response_S",    "reading",        "response_P", "response_B", "selectivity", "start_factor",
    "second_factor", "response_active"};

static const struct {
    char of;
    const char *words;
} signs[] = {{'*', "_star"}, {'-', "_minus"}, {'\'', "_prime"}, {'+', "_"}};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_plain(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void mech_sbml_id(const char *name, char id[SBML_MOST_ID]) {
    size_t n = 0;
    if (is_digit(*name)) id[n++] = '_';
    for (const char *c = name; *c && n + 8 < SBML_MOST_ID; c++) {
        const char *words = NULL;
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
            if (signs[i].of == *c) words = signs[i].words;
        if (words)
            n += (size_t)snprintf(id + n, SBML_MOST_ID - n, "%s", words);
        else if (is_plain(*c))
            id[n++] = *c;
        else
            n += (size_t)snprintf(id + n, SBML_MOST_ID - n, "_x%02X", (unsigned)(unsigned char)*c);
    }
    id[n] = '\0';
}

/* Whether an id stands for something else. */
static bool is_taken(const sbml_ids *ids, size_t n_species, size_t n_k, const char *id) {
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(taken[i], id) == 0) return true;
    if (strncmp(id, "reaction_", strlen("reaction_")) == 0) return true; /* those of reactions */
    for (size_t i = 0; i < n_species; i++)
        if (strcmp(ids->species[i], id) == 0) return true;
    for (size_t i = 0; i < n_k; i++)
        if (strcmp(ids->rate_constants[i], id) == 0) return true;
    return false;
}

/* An underscore more, until it is the only one. */
static void name_one(const sbml_ids *ids, size_t n_species, size_t n_k, const char *name, char id[SBML_MOST_ID]) {
    char one[SBML_MOST_ID];
    mech_sbml_id(name, one);
    while (is_taken(ids, n_species, n_k, one) && strlen(one) + 1 < SBML_MOST_ID) strcat(one, "_");
    memcpy(id, one, sizeof one);
}

void mech_sbml_name(const mech_mechanism *m, sbml_ids *ids) {
    const size_t n_species = (size_t)m->n_species, n_k = (size_t)m->n_rate_constants;
    for (size_t i = 0; i < n_species; i++) name_one(ids, i, 0, m->species[i].name, ids->species[i]);
    for (size_t i = 0; i < n_k; i++) name_one(ids, n_species, i, m->rate_constants[i], ids->rate_constants[i]);
}
