#include "data/design/distribution.h"

#include <math.h>

const choice *mech_distribution_choose(const distribution *d, random_stream *r) {
    if (d->n == 1) return d->choices;
    double left = mech_random_uniform(r);
    for (size_t i = 0; i + 1 < d->n; i++) {
        if (left < d->choices[i].share) return &d->choices[i];
        left -= d->choices[i].share;
    }
    return &d->choices[d->n - 1];
}

double mech_choice_number(const choice *c, random_stream *r) {
    switch (c->kind) {
    case CHOICE_UNIFORM:
        return c->low + (c->high - c->low) * mech_random_uniform(r);
    case CHOICE_LOG_UNIFORM:
        return c->low * exp(log(c->high / c->low) * mech_random_uniform(r));
    default:
        return c->low;
    }
}

double mech_distribution_number(const distribution *d, random_stream *r) {
    return mech_choice_number(mech_distribution_choose(d, r), r);
}

void mech_distribution_range(const distribution *d, double *low, double *high) {
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < d->n; i++) {
        const choice *c = &d->choices[i];
        *low = fmin(*low, c->low);
        *high = fmax(*high, c->kind == CHOICE_NUMBER ? c->low : c->high);
    }
}
