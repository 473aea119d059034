/* Any bytes are read as a mechanism or refused with a message of one line; what is read is a sound network whose laws
 * hold and which can be shown in every format. */
#include "chemistry/network.h"
#include "fuzz.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static void check_laws(const mech_network *network) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = mech_network_n_species(network), n_laws = mech_network_conservation_laws(network, laws);
    /* Catalyst is conserved in every network that passes the check. */
    require(n_laws >= 1 && n_laws <= n);
    for (size_t s = 0; s < n; s++) require(laws[s] == network->species[s].catalyst_units);
    for (size_t i = 0; i < n_laws; i++) {
        bool empty = true;
        for (size_t s = 0; s < n; s++) empty = empty && !laws[i * n + s];
        require(!empty);
        for (int j = 0; j < network->n_reactions; j++) {
            int64_t change = 0;
            for (size_t s = 0; s < n; s++)
                change += (int64_t)laws[i * n + s] * reaction_change(&network->reactions[j], (int)s);
            require(change == 0);
        }
    }
}

static void check_descriptions(const mech_network *network) {
    static const mech_format formats[] = {MECH_FORMAT_TEXT, MECH_FORMAT_JSON, MECH_FORMAT_LATEX};
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
        char *text = NULL;
        require(mech_network_describe(network, formats[f], &text, NULL) == MECH_OK && text && *text);
        if (formats[f] == MECH_FORMAT_JSON) {
            json_t *description = json_loads(text, 0, NULL);
            require(json_array_size(json_object_get(description, "species")) == mech_network_n_species(network));
            json_decref(description);
        }
        mech_free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mech_network *network = NULL;
    mech_error error = {.message = ""};
    if (mech_network_parse((const char *)data, size, "fuzz", &network, &error) != MECH_OK) {
        require(!network && strncmp(error.message, "fuzz:", 5) == 0 && is_one_line(error.message));
        return 0;
    }
    require(network_check(network, "fuzz", NULL) == MECH_OK);
    double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], derivative[MAX_SPECIES];
    mech_network_start(network, 1, 0, 0.01, y);
    for (size_t s = 0; s < mech_network_n_species(network); s++) {
        require(isfinite(y[s]) && y[s] >= 0);
        y[s] = 1;
    }
    for (size_t i = 0; i < mech_network_n_rate_constants(network); i++) k[i] = 1;
    mech_network_derivative(network, k, y, derivative);
    for (size_t s = 0; s < mech_network_n_species(network); s++) require(isfinite(derivative[s]));
    check_laws(network);
    check_descriptions(network);
    mech_network_free(network);
    return 0;
}
