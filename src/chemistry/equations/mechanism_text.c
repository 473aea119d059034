/* A mechanism as the text of a mechanism file, which reads back as the same table. */
#include "chemistry/equations/mechanism_text.h"

#include "chemistry/equations/equations.h"

#include <math.h>

static const char *role_keyword(mech_role role) {
    return mech_role_name(role); /* the keywords of mechanism files are the names of the roles */
}

/* Declares species in their order, those of one role that follow each other in one line; with the reactions behind them
 * the parser meets them in this order. */
static void write_roles(text *t, const mech_mechanism *mechanism) {
    for (int s = 0; s < mechanism->n_species; s++) {
        const mechanism_species *species = &mechanism->species[s];
        const bool goes_on = s > 0 && mechanism->species[s - 1].role == species->role &&
                             species->role != MECH_ROLE_SUBSTRATE && species->role != MECH_ROLE_PRODUCT;
        mech_text_format(t, "%s%s%s",
                         goes_on ? ", "
                         : s     ? "\n"
                                 : "",
                         goes_on ? "" : role_keyword(species->role), goes_on ? "" : ": ");
        mech_text_add(t, species->name);
        if (species->catalyst_units > 1) mech_text_format(t, " (%d)", species->catalyst_units);
        if (species->coefficient == 0) continue;
        mech_text_add(t, " (");
        mech_text_number(t, species->coefficient);
        mech_text_add(t, ")");
    }
    mech_text_format(t, "\ncat0: %s\n", mechanism->species[mechanism->catalyst].name);
}

static void write_starts(text *t, const mech_mechanism *mechanism) {
    int n_starts = 0, n_drawn = 0;
    for (int s = 0; s < mechanism->n_species; s++) {
        if (mechanism->species[s].start == 0) continue;
        mech_text_format(t, "%s%s = ", n_starts++ ? ", " : "start: ", mechanism->species[s].name);
        mech_text_number(t, mechanism->species[s].start);
    }
    if (n_starts) mech_text_add(t, "\n");
    for (int s = 0; s < mechanism->n_species; s++) {
        const mechanism_species *species = &mechanism->species[s];
        if (!species->drawn) continue;
        mech_text_format(t, "%s%s = ", n_drawn++ ? ", " : "drawn: ", species->name);
        mech_text_number(t, species->drawn_low);
        if (species->drawn_high == species->drawn_low) continue;
        mech_text_add(t, " to ");
        mech_text_number(t, species->drawn_high);
    }
    if (n_drawn) mech_text_add(t, "\n");
}

static void write_order(text *t, const mech_mechanism *mechanism) {
    bool in_order = true;
    for (int j = 0, next = 0; j < mechanism->n_reactions; j++)
        in_order &= mechanism->reactions[j].rate_constant == next++;
    if (in_order) return;
    mech_text_add(t, "order:");
    for (int k = 0; k < mechanism->n_rate_constants; k++) mech_text_format(t, " %s", mechanism->rate_constants[k]);
    mech_text_add(t, "\n");
}

static void write_range(text *t, const shown_condition *c) {
    const bool low = isfinite(c->low), high = isfinite(c->high);
    mech_text_add(t, low && high ? " within " : low ? " above " : " below ");
    if (low) mech_text_number(t, c->low);
    if (low && high) mech_text_add(t, " to ");
    if (high) mech_text_number(t, c->high);
}

static void write_conversion(text *t, const char *before, double x) {
    mech_text_add(t, before);
    mech_text_number(t, x);
}

static void write_condition(text *t, const mech_mechanism *mechanism, const shown_condition *c) {
    static const char *const measures[] = {
        [SHOWN_AT] = "", [SHOWN_LARGEST] = "largest ", [SHOWN_SMALLEST] = "smallest ", [SHOWN_THROUGH] = "through "};
    mech_text_add(t, measures[c->measure]);
    for (int i = 0; i < c->n_forms && c->measure != SHOWN_THROUGH; i++) {
        if (i) mech_text_add(t, " + ");
        if (c->forms[i].weight != 1) mech_text_format(t, "%d ", c->forms[i].weight);
        mech_text_add(t, mechanism->species[c->forms[i].species].name);
    }
    if (c->measure == SHOWN_THROUGH) mech_text_add(t, mechanism->rate_constants[c->rate_constant]);
    if (c->measure == SHOWN_AT) write_conversion(t, " at conversion ", c->x_to);
    if (c->measure == SHOWN_LARGEST) {
        write_conversion(t, " from conversion ", c->x_from);
        write_conversion(t, " to ", c->x_to);
    }
    if (c->measure == SHOWN_SMALLEST || c->measure == SHOWN_THROUGH) write_conversion(t, " until conversion ", c->x_to);
    write_range(t, c);
}

void mech_write_clause(text *t, const mech_mechanism *mechanism, const shown_clause *clause) {
    for (int i = 0; i < clause->n_conditions; i++) {
        if (i) mech_text_add(t, " and ");
        write_condition(t, mechanism, &clause->conditions[i]);
    }
    for (int i = 0; i < clause->n_loadings; i++) {
        mech_text_add(t, i ? " or " : ", loading ");
        mech_text_number(t, clause->loadings[i]);
    }
}

static void write_all(text *t, const mech_mechanism *mechanism, bool ordered) {
    mech_text_format(t, "mechanism: %s\ntitle: %s\nclass: %s\n", mechanism->id, mechanism->title,
                     mech_class_name(mechanism->mechanism_class));
    write_roles(t, mechanism);
    for (int j = 0; j < mechanism->n_reactions; j++)
        if (!mechanism->reactions[j].reverse) mech_write_reaction(t, mechanism, j);
    if (ordered) write_order(t, mechanism);
    write_starts(t, mechanism);
    for (int i = 0; i < mechanism->n_clauses; i++) {
        mech_text_add(t, "shows: ");
        mech_write_clause(t, mechanism, &mechanism->clauses[i]);
        mech_text_add(t, "\n");
    }
}

void mech_write_mechanism(text *t, const mech_mechanism *mechanism) { write_all(t, mechanism, true); }

void mech_write_mechanism_unordered(text *t, const mech_mechanism *mechanism) { write_all(t, mechanism, false); }

mech_status mech_mechanism_text(const mech_mechanism *mechanism, char **characters, mech_error *error) {
    text t = {0};
    *characters = NULL;
    mech_write_mechanism(&t, mechanism);
    return mech_text_take(&t, characters, error);
}
