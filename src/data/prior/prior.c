#include "data/prior/prior.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "chemistry/mechanism.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WIDE_LOW = 1e-5, WIDE_HIGH = 1e5;

struct prior {
    size_t n_mechanisms;
    const mech_mechanism *const *mechanisms; /* [n_mechanisms], the caller's */
    prior_range *ranges;                     /* [n_mechanisms][MAX_RATE_CONSTANTS] */
    char *text;
};

static bool is_wide(const prior_range *range) { return range->low == WIDE_LOW && range->high == WIDE_HIGH; }

/* The ranges that are not the wide one, a line each. */
static mech_status write_ranges(prior *p, mech_error *error) {
    text t = {0};
    for (size_t m = 0; m < p->n_mechanisms; m++)
        for (int i = 0; i < p->mechanisms[m]->n_rate_constants; i++) {
            const prior_range *range = &p->ranges[m * MAX_RATE_CONSTANTS + (size_t)i];
            if (is_wide(range)) continue;
            mech_text_format(&t, "%s %s ", p->mechanisms[m]->id, p->mechanisms[m]->rate_constants[i]);
            mech_text_number(&t, range->low);
            mech_text_add(&t, " ");
            mech_text_number(&t, range->high);
            mech_text_add(&t, "\n");
        }
    if (!t.length && !t.failed) mech_text_add(&t, "wide");
    return mech_text_take(&t, &p->text, error);
}

/* A prior from mech_prior_text() or, where that is NULL, from the file `source`. */
static mech_status prior_make(const char *ranges, const char *source, const mech_mechanism *const *mechanisms,
                              size_t n_mechanisms, prior **p, mech_error *error) {
    *p = NULL;
    prior *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->n_mechanisms = n_mechanisms;
    made->mechanisms = mechanisms;
    made->ranges = mech_allocate_array(n_mechanisms, MAX_RATE_CONSTANTS * sizeof *made->ranges);
    mech_status status = MECH_OK;
    if (!made->ranges) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < n_mechanisms * MAX_RATE_CONSTANTS; i++)
        made->ranges[i] = (prior_range){.low = WIDE_LOW, .high = WIDE_HIGH};
    if (!ranges)
        status = mech_read_prior_ranges(source, mechanisms, n_mechanisms, made->ranges, error);
    else if (strcmp(ranges, "wide") != 0)
        status = mech_parse_prior_ranges(ranges, strlen(ranges), source, mechanisms, n_mechanisms, made->ranges, error);
    if (status == MECH_OK) status = write_ranges(made, error);
    if (status != MECH_OK) goto cleanup;
    *p = made;
    return MECH_OK;
cleanup:
    mech_prior_free(made);
    return status;
}

mech_status mech_prior_new(const char *source, const mech_mechanism *const *mechanisms, size_t n_mechanisms, prior **p,
                           mech_error *error) {
    return prior_make(strcmp(source, "wide") == 0 ? source : NULL, source, mechanisms, n_mechanisms, p, error);
}

mech_status mech_prior_parse(const char *ranges, const char *source, const mech_mechanism *const *mechanisms,
                             size_t n_mechanisms, prior **p, mech_error *error) {
    return prior_make(ranges, source, mechanisms, n_mechanisms, p, error);
}

void mech_prior_free(prior *p) {
    if (!p) return;
    mech_release_array(p->ranges);
    mech_free(p->text);
    free(p);
}

const char *mech_prior_text(const prior *p) { return p->text; }

bool mech_prior_is_wide(const prior *p, size_t mechanism) {
    const prior_range *ranges = mech_prior_ranges(p, mechanism);
    for (int i = 0; i < p->mechanisms[mechanism]->n_rate_constants; i++)
        if (!is_wide(&ranges[i])) return false;
    return true;
}

const prior_range *mech_prior_ranges(const prior *p, size_t mechanism) {
    return p->ranges + mechanism * MAX_RATE_CONSTANTS;
}

double mech_round_to_three_digits(double k) {
    const int exponent = (int)floor(log10(k)) - 2;
    /* Powers of ten up to 10^22 are exact, and so is a whole number of three digits: one rounding gives the double that
     * is nearest to the decimal number. */
    const double power = pow(10, abs(exponent)), digits = exponent < 0 ? k * power : k / power;
    return exponent < 0 ? nearbyint(digits) / power : nearbyint(digits) * power;
}

void mech_prior_draw(const prior *p, size_t mechanism, random_stream *r, double *k) {
    const prior_range *ranges = mech_prior_ranges(p, mechanism);
    for (int i = 0; i < p->mechanisms[mechanism]->n_rate_constants; i++) {
        const double low = log10(ranges[i].low), high = log10(ranges[i].high);
        k[i] = mech_round_to_three_digits(pow(10, low + (high - low) * mech_random_uniform(r)));
    }
}
