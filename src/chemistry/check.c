#include "chemistry/network.h"

#include "base/error.h"

/* Molecules of `s` on either side of all reactions. */
static int occurrences(const mech_network *network, int s) {
    int n = 0;
    for (int j = 0; j < network->n_reactions; j++)
        for (int i = 0; i < MAX_MOLECULES; i++)
            n += (network->reactions[j].reactants[i] == s) + (network->reactions[j].products[i] == s);
    return n;
}

static bool is_species(const mech_network *network, int s) { return s >= 0 && s < network->n_species; }

static mech_status check_species(const mech_network *network, const char *source, mech_error *error) {
    const struct {
        int species;
        const char *what;
    } needed[] = {{network->substrate, "substrate"}, {network->product, "product"}, {network->catalyst, "catalyst"}};
    for (int i = 0; i < 3; i++)
        if (!is_species(network, needed[i].species))
            return fail(error, MECH_INVALID_INPUT, "%s: the mechanism has no %s; expected one among its species",
                        source, needed[i].what);
    for (int s = 0; s < network->n_species; s++)
        if (!occurrences(network, s))
            return fail(error, MECH_INVALID_INPUT, "%s: species '%s' takes part in no reaction", source,
                        network->species[s].name);
    if (network->species[network->catalyst].catalyst_units < 1)
        return fail(error, MECH_INVALID_INPUT, "%s: '%s', the catalyst weighed in, holds no catalyst", source,
                    network->species[network->catalyst].name);
    return MECH_OK;
}

static mech_status check_reactions(const mech_network *network, const char *source, mech_error *error) {
    int uses[MAX_RATE_CONSTANTS] = {0};
    for (int j = 0; j < network->n_reactions; j++) {
        const network_reaction *r = &network->reactions[j];
        int units = 0;
        for (int s = 0; s < network->n_species; s++)
            units += reaction_change(r, s) * network->species[s].catalyst_units;
        if (units != 0)
            return fail(error, MECH_INVALID_INPUT,
                        "%s: the reaction with rate constant '%s' %s %d unit%s of catalyst; expected as many before as "
                        "after",
                        source, network->rate_constants[r->rate_constant], units > 0 ? "makes" : "loses",
                        units > 0 ? units : -units, units == 1 || units == -1 ? "" : "s");
        uses[r->rate_constant]++;
    }
    for (int k = 0; k < network->n_rate_constants; k++)
        if (uses[k] != 1)
            return fail(error, MECH_INVALID_INPUT, "%s: rate constant '%s' belongs to %d reactions; expected one",
                        source, network->rate_constants[k], uses[k]);
    return MECH_OK;
}

mech_status network_check(const mech_network *network, const char *source, mech_error *error) {
    mech_status status = check_species(network, source, error);
    return status == MECH_OK ? check_reactions(network, source, error) : status;
}
