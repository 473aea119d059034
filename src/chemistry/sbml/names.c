/* Names of a mechanism as ids of SBML: letters, digits and underscores. */
#include "chemistry/sbml/sbml.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What models and problems of PEtab call something else, and the words of their formulas, in capitals or not. */
static const char *const taken[] = {"vessel",
                                    "model",
                                    "s0",
                                    "p0",
                                    "b0",
                                    "cat0",
                                    "dead",
                                    "noise",
                                    "obs_S",
                                    "obs_P",
                                    "obs_B",
                                    "obs_active",
                                    "response_S",
                                    "response_P",
                                    "response_B",
                                    "selectivity",
                                    "start_factor",
                                    "product_factor",
                                    "second_factor",
                                    "catalyst_factor",
                                    "dead_catalyst",
                                    "response_active",
                                    "time",
                                    "true",
                                    "false",
                                    "inf",
                                    "infinity",
                                    "nan",
                                    "notanumber",
                                    "pi",
                                    "exponentiale",
                                    "avogadro",
                                    "pow",
                                    "power",
                                    "exp",
                                    "sqrt",
                                    "sqr",
                                    "root",
                                    "log",
                                    "log2",
                                    "log10",
                                    "ln",
                                    "sin",
                                    "cos",
                                    "tan",
                                    "cot",
                                    "sec",
                                    "csc",
                                    "sinh",
                                    "cosh",
                                    "tanh",
                                    "coth",
                                    "sech",
                                    "csch",
                                    "asin",
                                    "acos",
                                    "atan",
                                    "acot",
                                    "asec",
                                    "acsc",
                                    "arcsin",
                                    "arccos",
                                    "arctan",
                                    "arccot",
                                    "arcsec",
                                    "arccsc",
                                    "asinh",
                                    "acosh",
                                    "atanh",
                                    "acoth",
                                    "asech",
                                    "acsch",
                                    "arcsinh",
                                    "arccosh",
                                    "arctanh",
                                    "arccoth",
                                    "arcsech",
                                    "arccsch",
                                    "abs",
                                    "ceil",
                                    "ceiling",
                                    "floor",
                                    "factorial",
                                    "sign",
                                    "min",
                                    "max",
                                    "piecewise",
                                    "delay",
                                    "quotient",
                                    "rem",
                                    "rateof",
                                    "implies",
                                    "and",
                                    "or",
                                    "not",
                                    "xor",
                                    "eq",
                                    "neq",
                                    "gt",
                                    "geq",
                                    "lt",
                                    "leq"};

/* With a number behind them, reactions, runs and conditions. */
static const char *const numbered[] = {"reaction_", "run", "start_run"};

static const struct {
    char of;
    const char *words;
} signs[] = {{'*', "_star"}, {'-', "_minus"}, {'\'', "_prime"}, {'+', "_"}};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_plain(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/* Any name as an id. */
static void make_id(const char *name, char id[SBML_MOST_ID]) {
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

static bool is_numbered(const char *id, const char *word) {
    const size_t n = strlen(word);
    return strncmp(id, word, n) == 0 && id[n] && strspn(id + n, "0123456789") == strlen(id + n);
}

/* Whether an id stands for something else. */
static bool is_taken(const sbml_ids *ids, size_t n_species, size_t n_k, const char *id) {
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcasecmp(taken[i], id) == 0) return true;
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
        if (is_numbered(id, numbered[i])) return true;
    for (size_t i = 0; i < n_species; i++)
        if (strcmp(ids->species[i], id) == 0) return true;
    for (size_t i = 0; i < n_k; i++)
        if (strcmp(ids->rate_constants[i], id) == 0) return true;
    return false;
}

/* An underscore more, until it is the only one. */
static void name_one(const sbml_ids *ids, size_t n_species, size_t n_k, const char *name, char id[SBML_MOST_ID]) {
    char one[SBML_MOST_ID];
    make_id(name, one);
    while (is_taken(ids, n_species, n_k, one) && strlen(one) + 1 < SBML_MOST_ID) strcat(one, "_");
    memcpy(id, one, sizeof one);
}

void mech_sbml_name(const mech_mechanism *m, sbml_ids *ids) {
    const size_t n_species = (size_t)m->n_species, n_k = (size_t)m->n_rate_constants;
    for (size_t i = 0; i < n_species; i++) name_one(ids, i, 0, m->species[i].name, ids->species[i]);
    for (size_t i = 0; i < n_k; i++) name_one(ids, n_species, i, m->rate_constants[i], ids->rate_constants[i]);
    name_one(ids, n_species, n_k, m->id, ids->model);
}
