#include "data/prior.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "chemistry/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WIDE_LOW = 1e-5, WIDE_HIGH = 1e5;

struct prior {
    size_t n_mechanisms;
    const mech_network *const *mechanisms; /* [n_mechanisms], the caller's */
    prior_range *ranges;                   /* [n_mechanisms][MAX_RATE_CONSTANTS] */
    char *text;
};

/* The ranges that are not the wide one, a line each. */
static mech_status write_ranges(prior *p, mech_error *error) {
    text t = {0};
    for (size_t m = 0; m < p->n_mechanisms; m++)
        for (int i = 0; i < p->mechanisms[m]->n_rate_constants; i++) {
            const prior_range *range = &p->ranges[m * MAX_RATE_CONSTANTS + (size_t)i];
            if (range->low == WIDE_LOW && range->high == WIDE_HIGH) continue;
            text_format(&t, "%s %s ", p->mechanisms[m]->id, p->mechanisms[m]->rate_constants[i]);
            text_number(&t, range->low);
            text_add(&t, " ");
            text_number(&t, range->high);
            text_add(&t, "\n");
        }
    if (!t.length && !t.failed) text_add(&t, "wide");
    return text_take(&t, &p->text, error);
}

/* A prior from prior_text() or, where that is NULL, from the file `source`. */
static mech_status prior_make(const char *ranges, const char *source, const mech_network *const *mechanisms,
                              size_t n_mechanisms, prior **p, mech_error *error) {
    *p = NULL;
    prior *made = calloc(1, sizeof *made);
    if (!made) return fail_memory(error);
    made->n_mechanisms = n_mechanisms;
    made->mechanisms = mechanisms;
    made->ranges = allocate_array(n_mechanisms, MAX_RATE_CONSTANTS * sizeof *made->ranges);
    mech_status status = MECH_OK;
    if (!made->ranges) {
        status = fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < n_mechanisms * MAX_RATE_CONSTANTS; i++)
        made->ranges[i] = (prior_range){.low = WIDE_LOW, .high = WIDE_HIGH};
    if (!ranges)
        status = read_prior_ranges(source, mechanisms, n_mechanisms, made->ranges, error);
    else if (strcmp(ranges, "wide") != 0)
        status = parse_prior_ranges(ranges, strlen(ranges), source, mechanisms, n_mechanisms, made->ranges, error);
    if (status == MECH_OK) status = write_ranges(made, error);
    if (status != MECH_OK) goto cleanup;
    *p = made;
    return MECH_OK;
cleanup:
    prior_free(made);
    return status;
}

mech_status prior_new(const char *source, const mech_network *const *mechanisms, size_t n_mechanisms, prior **p,
                      mech_error *error) {
    return prior_make(strcmp(source, "wide") == 0 ? source : NULL, source, mechanisms, n_mechanisms, p, error);
}

mech_status prior_parse(const char *ranges, const char *source, const mech_network *const *mechanisms,
                        size_t n_mechanisms, prior **p, mech_error *error) {
    return prior_make(ranges, source, mechanisms, n_mechanisms, p, error);
}

void prior_free(prior *p) {
    if (!p) return;
    release_array(p->ranges);
    mech_free(p->text);
    free(p);
}

const char *prior_text(const prior *p) { return p->text; }

const prior_range *prior_ranges(const prior *p, size_t mechanism) { return p->ranges + mechanism * MAX_RATE_CONSTANTS; }

double round_to_three_digits(double k) {
    const int exponent = (int)floor(log10(k)) - 2;
    /* Powers of ten up to 10^22 are exact, and so is a whole number of three digits: one rounding gives the double that
     * is nearest to the decimal number. */
    const double power = pow(10, abs(exponent)), digits = exponent < 0 ? k * power : k / power;
    return exponent < 0 ? nearbyint(digits) / power : nearbyint(digits) * power;
}

void prior_draw(const prior *p, size_t mechanism, random_stream *r, double *k) {
    const prior_range *ranges = prior_ranges(p, mechanism);
    for (int i = 0; i < p->mechanisms[mechanism]->n_rate_constants; i++) {
        const double low = log10(ranges[i].low), high = log10(ranges[i].high);
        k[i] = round_to_three_digits(pow(10, low + (high - low) * random_uniform(r)));
    }
}

int additive_species(const mech_network *network) {
    for (int s = 0; s < network->n_species; s++)
        if (network->species[s].role == MECH_ROLE_ADDITIVE) return s;
    return -1;
}

static bool is_made(const mech_network *network, int species) {
    for (int j = 0; j < network->n_reactions; j++)
        if (reaction_change(&network->reactions[j], species) > 0) return true;
    return false;
}

double draw_additive(const mech_network *network, mech_protocol protocol, random_stream *r) {
    const int species = additive_species(network);
    if (species < 0) return 0;
    if (protocol == MECH_PROTOCOL_SEED || mech_builtin_find(network->id) != network)
        return network->species[species].start;
    return is_made(network, species) ? 0 : LEAST_ADDITIVE + (MOST_ADDITIVE - LEAST_ADDITIVE) * random_uniform(r);
}
