#include "chemistry/parser/draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_INFERRED_UNITS = 6 };

bool mech_draft_wrong(const draft *d, place where, const char *format, ...) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    mech_fail(d->error, MECH_INVALID_INPUT, "%s:%d:%d: %s", d->source, where.line, where.column, message);
    return false;
}

static bool holds_catalyst(mech_role role) {
    return role == MECH_ROLE_CATALYST || role == MECH_ROLE_PRECATALYST || role == MECH_ROLE_OFF_CYCLE ||
           role == MECH_ROLE_INACTIVE;
}

static int first_with_role(const draft *d, mech_role role) {
    for (int s = 0; s < d->mechanism.n_species; s++)
        if (d->species[s].has_role && d->mechanism.species[s].role == role) return s;
    return -1;
}

/* The species of that name, if the file gives it no other role. */
static int free_species(const draft *d, const char *name) {
    const int s = mech_mechanism_find_species(&d->mechanism, name);
    return s >= 0 && !d->species[s].has_role ? s : -1;
}

static void set_role(draft *d, int s, mech_role role) {
    d->mechanism.species[s].role = role;
    d->species[s].has_role = true;
}

/* What was not declared goes by name. */
static bool find_leading_species(draft *d) {
    mech_mechanism *mechanism = &d->mechanism;
    const place top = {1, 1};
    mechanism->substrate = first_with_role(d, MECH_ROLE_SUBSTRATE);
    if (mechanism->substrate < 0) mechanism->substrate = free_species(d, "S");
    if (mechanism->substrate < 0)
        return mech_draft_wrong(d, top, "there is no substrate; expected a species S or a line such as 'substrate: A'");
    set_role(d, mechanism->substrate, MECH_ROLE_SUBSTRATE);
    mechanism->product = first_with_role(d, MECH_ROLE_PRODUCT);
    if (mechanism->product < 0) mechanism->product = free_species(d, "P");
    if (mechanism->product < 0)
        return mech_draft_wrong(d, top, "there is no product; expected a species P or a line such as 'product: B'");
    set_role(d, mechanism->product, MECH_ROLE_PRODUCT);
    if (mechanism->catalyst < 0) mechanism->catalyst = mech_mechanism_find_species(mechanism, "cat");
    if (mechanism->catalyst < 0) mechanism->catalyst = first_with_role(d, MECH_ROLE_PRECATALYST);
    if (mechanism->catalyst < 0) mechanism->catalyst = first_with_role(d, MECH_ROLE_CATALYST);
    if (mechanism->catalyst < 0)
        return mech_draft_wrong(d, top, "there is no catalyst; expected a species cat or a line such as 'cat0: Ru'");
    const int c = mechanism->catalyst;
    if (d->species[c].has_role && !holds_catalyst(mechanism->species[c].role))
        return mech_draft_wrong(d, d->species[c].first, "'%s' is weighed in as the catalyst, but declared as %s",
                                mechanism->species[c].name, mech_role_name(mechanism->species[c].role));
    return true;
}

/* Species whose catalyst units one reaction tells, all others in it being known. */
static bool infer_from_reactions(draft *d) {
    mech_mechanism *mechanism = &d->mechanism;
    for (bool found = true; found;) {
        found = false;
        for (int j = 0; j < mechanism->n_reactions; j++) {
            int unknown = -1, n_unknown = 0, units = 0;
            for (int s = 0; s < mechanism->n_species; s++) {
                const int change = mech_reaction_change(&mechanism->reactions[j], s);
                if (!change) continue;
                if (d->species[s].has_units)
                    units += change * mechanism->species[s].catalyst_units;
                else
                    unknown = s, n_unknown++;
            }
            if (n_unknown != 1) continue;
            const int change = mech_reaction_change(&mechanism->reactions[j], unknown), inferred = -units / change;
            if (inferred < 0 || inferred * change != -units || inferred > 1000)
                return mech_draft_wrong(
                    d, d->species[unknown].first,
                    "no whole number of catalyst units of '%s' conserves the catalyst in the reaction "
                    "with rate constant '%s'",
                    mechanism->species[unknown].name, mechanism->rate_constants[mechanism->reactions[j].rate_constant]);
            mechanism->species[unknown].catalyst_units = inferred;
            d->species[unknown].has_units = found = true;
        }
    }
    return true;
}

static void set_units(draft *d, int s, int units) {
    if (d->species[s].has_units) return;
    d->mechanism.species[s].catalyst_units = units;
    d->species[s].has_units = true;
}

static bool check_balance(const draft *d) {
    const mech_mechanism *mechanism = &d->mechanism;
    for (int j = 0; j < mechanism->n_reactions; j++) {
        int units = 0;
        for (int s = 0; s < mechanism->n_species; s++)
            units += mech_reaction_change(&mechanism->reactions[j], s) * mechanism->species[s].catalyst_units;
        if (units)
            return mech_draft_wrong(
                d, d->reactions[j],
                "the reaction %s %d unit%s of catalyst; expected as many on the right as on the left",
                units > 0 ? "makes" : "loses", abs(units), abs(units) == 1 ? "" : "s");
    }
    return true;
}

/* Infers all catalyst units from those declared and those of the catalyst weighed in. */
static bool infer_units_from(draft *d, int units_of_catalyst) {
    mech_mechanism *mechanism = &d->mechanism;
    for (int s = 0; s < mechanism->n_species; s++)
        if (d->species[s].has_role && !holds_catalyst(mechanism->species[s].role)) set_units(d, s, 0);
    set_units(d, mechanism->catalyst, units_of_catalyst);
    if (!infer_from_reactions(d)) return false;
    for (int s = 0; s < mechanism->n_species; s++)
        if (d->species[s].has_role) set_units(d, s, 1);
    if (!infer_from_reactions(d)) return false;
    for (int s = 0; s < mechanism->n_species; s++) /* what has a start amount of its own is rather an additive */
        if (d->species[s].has_start) set_units(d, s, 0);
    if (!infer_from_reactions(d)) return false;
    for (int s = 0; s < mechanism->n_species; s++) {
        const mechanism_species *species = &mechanism->species[s];
        if (!d->species[s].has_units)
            return mech_draft_wrong(d, d->species[s].first,
                                    "the reactions do not tell how much catalyst '%s' holds; expected a line such as "
                                    "'off-cycle: %s (1)' or 'additive: %s'",
                                    species->name, species->name, species->name);
        if (d->species[s].has_role && holds_catalyst(species->role) && !species->catalyst_units)
            return mech_draft_wrong(d, d->species[s].first,
                                    "'%s' is declared as %s, but the reactions put no catalyst in it", species->name,
                                    mech_role_name(species->role));
    }
    return check_balance(d);
}

/* The catalyst weighed in holds the fewest units with which the whole makes sense: two, if it falls apart into two
 * catalysts. Where nothing makes sense, the message is that for one. */
static bool infer_units(draft *d) {
    for (int units = 1; units <= MOST_INFERRED_UNITS; units++) {
        draft attempt = *d;
        attempt.error = NULL;
        if (!infer_units_from(&attempt, units)) continue;
        attempt.error = d->error;
        *d = attempt;
        return true;
    }
    return infer_units_from(d, 1);
}

static int count_molecules(const int *side, int s) {
    int n = 0;
    for (int i = 0; i < MAX_MOLECULES; i++) n += side[i] == s;
    return n;
}

/* The role of a catalyst form that has none: one that never reacts on is inactive, one that hangs on a single reaction
 * is off the cycle (on the way to it, if it is what was weighed in), all others are of the cycle. */
static mech_role infer_catalyst_role(const mech_mechanism *mechanism, int s) {
    int as_reactant = 0, steps = 0;
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        as_reactant += count_molecules(r->reactants, s) > 0;
        steps += !r->reverse && (count_molecules(r->reactants, s) || count_molecules(r->products, s));
    }
    if (!as_reactant) return MECH_ROLE_INACTIVE;
    if (steps > 1) return MECH_ROLE_CATALYST;
    return s == mechanism->catalyst ? MECH_ROLE_PRECATALYST : MECH_ROLE_OFF_CYCLE;
}

static void infer_roles(draft *d) {
    mech_mechanism *mechanism = &d->mechanism;
    for (int s = 0; s < mechanism->n_species; s++) {
        if (d->species[s].has_role) continue;
        if (mechanism->species[s].catalyst_units)
            mechanism->species[s].role = infer_catalyst_role(mechanism, s);
        else
            mechanism->species[s].role = d->species[s].has_start ? MECH_ROLE_ADDITIVE : MECH_ROLE_OTHER;
    }
}

/* Substrate, product and the catalyst weighed in come first, the others as they were met. */
static void put_in_order(mech_mechanism *mechanism) {
    const mech_mechanism met = *mechanism;
    int to[MAX_SPECIES], next = 3;
    for (int s = 0; s < met.n_species; s++)
        to[s] = s == met.substrate ? 0 : s == met.product ? 1 : s == met.catalyst ? 2 : next++;
    for (int s = 0; s < met.n_species; s++) mechanism->species[to[s]] = met.species[s];
    for (int j = 0; j < met.n_reactions; j++)
        for (int i = 0; i < MAX_MOLECULES; i++) {
            mechanism_reaction *r = &mechanism->reactions[j];
            if (r->reactants[i] >= 0) r->reactants[i] = to[r->reactants[i]];
            if (r->products[i] >= 0) r->products[i] = to[r->products[i]];
        }
    for (int i = 0; i < met.n_clauses; i++)
        for (int j = 0; j < met.clauses[i].n_conditions; j++) {
            shown_condition *condition = &mechanism->clauses[i].conditions[j];
            for (int f = 0; f < condition->n_forms; f++) condition->forms[f].species = to[condition->forms[f].species];
        }
    mechanism->substrate = 0;
    mechanism->product = 1;
    mechanism->catalyst = 2;
}

static bool takes_part(const mech_mechanism *mechanism, int s) {
    for (int j = 0; j < mechanism->n_reactions; j++)
        if (count_molecules(mechanism->reactions[j].reactants, s) ||
            count_molecules(mechanism->reactions[j].products, s))
            return true;
    return false;
}

bool mech_draft_complete(draft *d) {
    for (int s = 0; s < d->mechanism.n_species; s++)
        if (!takes_part(&d->mechanism, s))
            return mech_draft_wrong(d, d->species[s].first,
                                    "'%s' takes part in no reaction; expected a species of the reactions",
                                    d->mechanism.species[s].name);
    if (!find_leading_species(d) || !infer_units(d)) return false;
    for (int s = 0; s < d->mechanism.n_species; s++) {
        const bool given_by_the_run =
            s == d->mechanism.substrate || s == d->mechanism.product || s == d->mechanism.catalyst;
        if (d->species[s].has_start && given_by_the_run)
            return mech_draft_wrong(d, d->species[s].start,
                                    "the start amount of '%s' is said by each run; expected none in the mechanism",
                                    d->mechanism.species[s].name);
    }
    infer_roles(d);
    for (int s = 0; s < d->mechanism.n_species; s++)
        if (d->mechanism.species[s].drawn && d->mechanism.species[s].role != MECH_ROLE_ADDITIVE)
            return mech_draft_wrong(d, d->species[s].drawn,
                                    "'%s' is drawn, but is no additive; expected a line such as 'additive: %s'",
                                    d->mechanism.species[s].name, d->mechanism.species[s].name);
    put_in_order(&d->mechanism);
    return mech_mechanism_check(&d->mechanism, d->source, d->error) == MECH_OK;
}
