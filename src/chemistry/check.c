#include "chemistry/mechanism.h"

#include "base/error.h"

/* Molecules of `s` on either side of all reactions. */
static int occurrences(const mech_mechanism *mechanism, int s) {
    int n = 0;
    for (int j = 0; j < mechanism->n_reactions; j++)
        for (int i = 0; i < MAX_MOLECULES; i++)
            n += (mechanism->reactions[j].reactants[i] == s) + (mechanism->reactions[j].products[i] == s);
    return n;
}

static bool is_species(const mech_mechanism *mechanism, int s) { return s >= 0 && s < mechanism->n_species; }

static mech_status check_species(const mech_mechanism *mechanism, const char *source, mech_error *error) {
    const struct {
        int species;
        const char *what;
    } needed[] = {
        {mechanism->substrate, "substrate"}, {mechanism->product, "product"}, {mechanism->catalyst, "catalyst"}};
    for (int i = 0; i < 3; i++)
        if (!is_species(mechanism, needed[i].species))
            return mech_fail(error, MECH_INVALID_INPUT, "%s: the mechanism has no %s; expected one among its species",
                             source, needed[i].what);
    for (int s = 0; s < mechanism->n_species; s++)
        if (!occurrences(mechanism, s))
            return mech_fail(error, MECH_INVALID_INPUT, "%s: species '%s' takes part in no reaction", source,
                             mechanism->species[s].name);
    if (mechanism->species[mechanism->catalyst].catalyst_units < 1)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: '%s', the catalyst weighed in, holds no catalyst", source,
                         mechanism->species[mechanism->catalyst].name);
    return MECH_OK;
}

static mech_status check_reactions(const mech_mechanism *mechanism, const char *source, mech_error *error) {
    int uses[MAX_RATE_CONSTANTS] = {0};
    for (int j = 0; j < mechanism->n_reactions; j++) {
        const mechanism_reaction *r = &mechanism->reactions[j];
        int units = 0;
        for (int s = 0; s < mechanism->n_species; s++)
            units += mech_reaction_change(r, s) * mechanism->species[s].catalyst_units;
        if (units != 0)
            return mech_fail(
                error, MECH_INVALID_INPUT,
                "%s: the reaction with rate constant '%s' %s %d unit%s of catalyst; expected as many before as "
                "after",
                source, mechanism->rate_constants[r->rate_constant], units > 0 ? "makes" : "loses",
                units > 0 ? units : -units, units == 1 || units == -1 ? "" : "s");
        uses[r->rate_constant]++;
    }
    for (int k = 0; k < mechanism->n_rate_constants; k++)
        if (uses[k] != 1)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: rate constant '%s' belongs to %d reactions; expected one",
                             source, mechanism->rate_constants[k], uses[k]);
    return MECH_OK;
}

mech_status mech_mechanism_check(const mech_mechanism *mechanism, const char *source, mech_error *error) {
    mech_status status = check_species(mechanism, source, error);
    return status == MECH_OK ? check_reactions(mechanism, source, error) : status;
}
