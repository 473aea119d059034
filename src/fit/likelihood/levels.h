/* The errors integrated out under every level of their spreads at once. */
#ifndef MECH_FIT_LIKELIHOOD_LEVELS_H
#define MECH_FIT_LIKELIHOOD_LEVELS_H

#include "fit/likelihood/errors.h"

/* What mech_error_integral() gives for each level, with the level's own log_weight: ln of the sum over levels, and
 * terms[levels->n] one by one (NULL: not wanted); -INFINITY where it is not defined. Runs' errors are eliminated once
 * for each of their spreads, whatever the shared ones are: a hundred times as fast as level by level. slope and
 * curvature of theta's prior as there. */
double mech_error_sum(const fit_space *s, const error_normal *normal, const double *errors, const error_levels *levels,
                      const double *slope, const double *curvature, double *terms);

/* Fills kept with those levels whose spreads of runs' errors matter: their terms, summed over the shared spreads, come
 * within `nats` of the largest in one of shares[n_lists][levels->n] at least. */
void mech_error_levels_keep(const error_levels *levels, size_t n_lists, const double *shares, double nats,
                            error_levels *kept);

#endif
