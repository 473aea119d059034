#include "chemistry/descriptions.h"

#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Characters of names that mean something to LaTeX, in math mode. */
static void add_math_character(text *t, char c) {
    if (c == '*')
        text_add(t, "^{*}{}"); /* closed, so that a prime or an index may follow */
    else if (c == '_')
        text_add(t, "\\_");
    else if (c == '-')
        text_add(t, "\\text{-}");
    else
        text_append(t, &c, 1);
}

/* cat*S as \mathrm{cat^{*}S}, cat2 as \mathrm{cat_{2}}. */
static void add_species(text *t, const char *name) {
    text_add(t, "\\mathrm{");
    for (const char *c = name; *c; c++) {
        if (!is_digit(*c) || c == name) {
            add_math_character(t, *c);
            continue;
        }
        text_add(t, "_{");
        for (; is_digit(c[0]) && is_digit(c[1]); c++) text_append(t, c, 1);
        text_append(t, c, 1);
        text_add(t, "}");
    }
    text_add(t, "}");
}

/* k-1 as k_{-1}; a name that does not begin with k is set upright. */
static void add_rate_constant(text *t, const char *name) {
    if (name[0] != 'k' || !name[1]) {
        text_add(t, "\\mathrm{");
        for (const char *c = name; *c; c++) add_math_character(t, *c);
        text_add(t, "}");
        return;
    }
    text_add(t, "k_{");
    for (const char *c = name + 1; *c; c++)
        if (*c == '-')
            text_add(t, "-");
        else
            add_math_character(t, *c);
    text_add(t, "}");
}

static const notation latex_notation = {add_species, add_rate_constant, "\\,"};

/* Free text outside math. */
static void add_words(text *t, const char *words) {
    for (const char *c = words; *c; c++) {
        if (*c == '\\')
            text_add(t, "\\textbackslash{}");
        else if (*c == '~' || *c == '^')
            text_format(t, "\\%c{}", *c);
        else if (strchr("#$%&_{}", *c))
            text_format(t, "\\%c", *c);
        else
            text_append(t, c, 1);
    }
}

static void end_row(text *t, bool last) { text_add(t, last ? "\n" : " \\\\\n"); }

static void write_reactions(text *t, const mech_network *network) {
    text_add(t, "\\begin{align*}\n");
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        if (r->reverse) continue;
        const bool reversible = is_reversible(network, j);
        write_side(t, &latex_notation, network, r->reactants);
        text_add(t, reversible ? " &\\underset{" : " &\\xrightarrow{");
        if (reversible) {
            add_rate_constant(t, network->rate_constants[r[1].rate_constant]);
            text_add(t, "}{\\overset{");
        }
        add_rate_constant(t, network->rate_constants[r->rate_constant]);
        text_add(t, reversible ? "}{\\rightleftharpoons}} " : "} ");
        write_side(t, &latex_notation, network, r->products);
        end_row(t, j + (reversible ? 2 : 1) == network->n_reactions);
    }
    text_add(t, "\\end{align*}\n");
}

void write_latex(text *t, const mech_network *network) {
    text_add(t, "% Needs \\usepackage{amsmath}.\n\\paragraph{");
    add_words(t, network->id);
    text_add(t, ": ");
    add_words(t, network->title);
    text_format(t, " (%s).} Reactions:\n", mech_class_name(network->mechanism_class));
    write_reactions(t, network);
    text_add(t, "Rate equations:\n\\begin{align*}\n");
    for (int s = 0; s < network->n_species; s++) {
        text_add(t, "\\frac{\\mathrm{d}[");
        add_species(t, network->species[s].name);
        text_add(t, "]}{\\mathrm{d}t} &= ");
        write_derivative(t, &latex_notation, network, s);
        end_row(t, s + 1 == network->n_species);
    }
    text_add(t, "\\end{align*}\n");
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_network_conservation_laws(network, laws);
    if (!n_laws) return;
    text_add(t, "Conserved:\n\\begin{align*}\n");
    for (size_t i = 0; i < n_laws; i++) {
        const int *law = laws + i * (size_t)network->n_species;
        write_law(t, &latex_notation, network, law);
        text_format(t, " &= \\text{%s}", law_name(network, law));
        end_row(t, i + 1 == n_laws);
    }
    text_add(t, "\\end{align*}\n");
}
