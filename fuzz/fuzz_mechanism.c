/* Any bytes are read as a mechanism or refused with a message of one line; what is read is a sound mechanism whose laws
 * hold and which can be shown in every format. */
#include "chemistry/mechanism.h"
#include "fuzz.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static void check_laws(const mech_mechanism *mechanism) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = mech_mechanism_n_species(mechanism), n_laws = mech_mechanism_conservation_laws(mechanism, laws);
    /* Catalyst is conserved in every mechanism that passes the check. */
    require(n_laws >= 1 && n_laws <= n);
    for (size_t s = 0; s < n; s++) require(laws[s] == mechanism->species[s].catalyst_units);
    for (size_t i = 0; i < n_laws; i++) {
        bool empty = true;
        for (size_t s = 0; s < n; s++) empty = empty && !laws[i * n + s];
        require(!empty);
        for (int j = 0; j < mechanism->n_reactions; j++) {
            int64_t change = 0;
            for (size_t s = 0; s < n; s++)
                change += (int64_t)laws[i * n + s] * mech_reaction_change(&mechanism->reactions[j], (int)s);
            require(change == 0);
        }
    }
}

static void check_descriptions(const mech_mechanism *mechanism) {
    static const mech_format formats[] = {MECH_FORMAT_TEXT, MECH_FORMAT_JSON, MECH_FORMAT_LATEX};
    for (size_t f = 0; f < sizeof formats / sizeof formats[0]; f++) {
        char *text = NULL;
        require(mech_mechanism_describe(mechanism, formats[f], &text, NULL) == MECH_OK && text && *text);
        if (formats[f] == MECH_FORMAT_JSON) {
            json_t *description = json_loads(text, 0, NULL);
            require(json_array_size(json_object_get(description, "species")) == mech_mechanism_n_species(mechanism));
            json_decref(description);
        }
        mech_free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mech_mechanism *mechanism = NULL;
    mech_error error = {.message = ""};
    if (mech_mechanism_parse((const char *)data, size, "fuzz", &mechanism, &error) != MECH_OK) {
        require(!mechanism && strncmp(error.message, "fuzz:", 5) == 0 && is_one_line(error.message));
        return 0;
    }
    require(mech_mechanism_check(mechanism, "fuzz", NULL) == MECH_OK);
    double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], derivative[MAX_SPECIES];
    mech_mechanism_start(mechanism, 1, 0, 0.01, y);
    for (size_t s = 0; s < mech_mechanism_n_species(mechanism); s++) {
        require(isfinite(y[s]) && y[s] >= 0);
        y[s] = 1;
    }
    for (size_t i = 0; i < mech_mechanism_n_rate_constants(mechanism); i++) k[i] = 1;
    mech_mechanism_derivative(mechanism, k, y, derivative);
    for (size_t s = 0; s < mech_mechanism_n_species(mechanism); s++) require(isfinite(derivative[s]));
    check_laws(mechanism);
    check_descriptions(mechanism);
    mech_mechanism_free(mechanism);
    return 0;
}
