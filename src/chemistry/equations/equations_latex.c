#include "chemistry/equations/descriptions.h"

#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Characters of names that mean something to LaTeX, in math mode. */
static void add_math_character(text *t, char c) {
    if (c == '*')
        mech_text_add(t, "^{*}{}"); /* closed, so that a prime or an index may follow */
    else if (c == '_')
        mech_text_add(t, "\\_");
    else if (c == '-')
        mech_text_add(t, "\\text{-}");
    else
        mech_text_append(t, &c, 1);
}

/* cat*S as \mathrm{cat^{*}S}, cat2 as \mathrm{cat_{2}}. */
static void add_species(text *t, const char *name) {
    mech_text_add(t, "\\mathrm{");
    for (const char *c = name; *c; c++) {
        if (!is_digit(*c) || c == name) {
            add_math_character(t, *c);
            continue;
        }
        mech_text_add(t, "_{");
        for (; is_digit(c[0]) && is_digit(c[1]); c++) mech_text_append(t, c, 1);
        mech_text_append(t, c, 1);
        mech_text_add(t, "}");
    }
    mech_text_add(t, "}");
}

/* k-1 as k_{-1}; a name that does not begin with k is set upright. */
static void add_rate_constant(text *t, const char *name) {
    if (name[0] != 'k' || !name[1]) {
        mech_text_add(t, "\\mathrm{");
        for (const char *c = name; *c; c++) add_math_character(t, *c);
        mech_text_add(t, "}");
        return;
    }
    mech_text_add(t, "k_{");
    for (const char *c = name + 1; *c; c++)
        if (*c == '-')
            mech_text_add(t, "-");
        else
            add_math_character(t, *c);
    mech_text_add(t, "}");
}

static const notation latex_notation = {add_species, add_rate_constant, "\\,"};

/* Free text outside math. */
static void add_words(text *t, const char *words) {
    for (const char *c = words; *c; c++) {
        if (*c == '\\')
            mech_text_add(t, "\\textbackslash{}");
        else if (*c == '~' || *c == '^')
            mech_text_format(t, "\\%c{}", *c);
        else if (strchr("#$%&_{}", *c))
            mech_text_format(t, "\\%c", *c);
        else
            mech_text_append(t, c, 1);
    }
}

static void end_row(text *t, bool last) { mech_text_add(t, last ? "\n" : " \\\\\n"); }

static void write_reactions(text *t, const mech_mechanism *mechanism) {
    mech_text_add(t, "\\begin{align*}\n");
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        if (r->reverse) continue;
        const bool reversible = mech_is_reversible(mechanism, j);
        mech_write_side(t, &latex_notation, mechanism, r->reactants);
        mech_text_add(t, reversible ? " &\\underset{" : " &\\xrightarrow{");
        if (reversible) {
            add_rate_constant(t, mechanism->rate_constants[r[1].rate_constant]);
            mech_text_add(t, "}{\\overset{");
        }
        add_rate_constant(t, mechanism->rate_constants[r->rate_constant]);
        mech_text_add(t, reversible ? "}{\\rightleftharpoons}} " : "} ");
        mech_write_side(t, &latex_notation, mechanism, r->products);
        end_row(t, j + (reversible ? 2 : 1) == mechanism->n_reactions);
    }
    mech_text_add(t, "\\end{align*}\n");
}

void mech_write_latex(text *t, const mech_mechanism *mechanism) {
    mech_text_add(t, "% Needs \\usepackage{amsmath}.\n\\paragraph{");
    add_words(t, mechanism->id);
    mech_text_add(t, ": ");
    add_words(t, mechanism->title);
    mech_text_format(t, " (%s).} Reactions:\n", mech_class_name(mechanism->mechanism_class));
    write_reactions(t, mechanism);
    mech_text_add(t, "Rate equations:\n\\begin{align*}\n");
    for (int s = 0; s < mechanism->n_species; s++) {
        mech_text_add(t, "\\frac{\\mathrm{d}[");
        add_species(t, mechanism->species[s].name);
        mech_text_add(t, "]}{\\mathrm{d}t} &= ");
        mech_write_derivative(t, &latex_notation, mechanism, s);
        end_row(t, s + 1 == mechanism->n_species);
    }
    mech_text_add(t, "\\end{align*}\n");
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_mechanism_conservation_laws(mechanism, laws);
    if (!n_laws) return;
    mech_text_add(t, "Conserved:\n\\begin{align*}\n");
    for (size_t i = 0; i < n_laws; i++) {
        const int *law = laws + i * (size_t)mechanism->n_species;
        mech_write_law(t, &latex_notation, mechanism, law);
        mech_text_format(t, " &= \\text{%s}", mech_law_name(mechanism, law));
        end_row(t, i + 1 == n_laws);
    }
    mech_text_add(t, "\\end{align*}\n");
}
