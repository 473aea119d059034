/* What can be said of a reaction's yield without integrating it: most candidates of a wide prior are too slow whatever
 * else they do. */
#ifndef MECH_DATA_PRIOR_YIELD_BOUND_H
#define MECH_DATA_PRIOR_YIELD_BOUND_H

#include "chemistry/mechanism.h"

/* Bounds of a network's rates by its total catalyst U, in units of catalyst (docs/data.md):
 *   each reaction that uses up S is S + (a catalyst form f): d[S]/dt >= -[S] U max over f of (sum of k) / (units of f);
 *   each reaction that makes P is (a catalyst form f) ->:    d[P]/dt <= U max over f of (sum of k) / (units of f);
 *   substrate that is neither S nor P sits on catalyst, at most `held` molecules a unit. */
typedef struct yield_bound {
    const mech_mechanism *mechanism;
    bool uptake_bounded, release_bounded; /* whether all reactions are of that form, and `held` is known */
    double held;
} yield_bound;

yield_bound mech_yield_bound_find(const mech_mechanism *mechanism);

/* A number that [S](0) - [S](t) of the exact solution does not exceed, for a run that starts with s0, no product and
 * cat0 as its only catalyst form. s0 where nothing better is known. */
double mech_largest_conversion(const yield_bound *bound, const double *k, double s0, double cat0, double t);

#endif
