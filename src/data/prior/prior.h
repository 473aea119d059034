/* The prior over rate constants, and over the amount of an additive. */
#ifndef MECH_DATA_PRIOR_PRIOR_H
#define MECH_DATA_PRIOR_PRIOR_H

#include "base/random.h"
#include "data/prior/prior_ranges.h"
#include "mechanist.h"

/* Ranges of the rate constants of a set of mechanisms. */
typedef struct prior prior;

/* `source` is "wide" (each rate constant in [1e-5, 1e5]) or a file with ranges (docs/data.md); "-" is standard input.
 * mechanisms[n_mechanisms] is the set that is drawn for; it outlives the prior. Messages on a file are
 * "file:line:column: what is wrong; what was expected". The caller frees *p. */
mech_status mech_prior_new(const char *source, const mech_mechanism *const *mechanisms, size_t n_mechanisms, prior **p,
                           mech_error *error);
void mech_prior_free(prior *p);

/* Whether all rate constants of a mechanism have the wide range. */
bool mech_prior_is_wide(const prior *p, size_t mechanism);

/* The prior of which `ranges` is the mech_prior_text(), as a data set keeps it; `source` names that text in messages.
 */
mech_status mech_prior_parse(const char *ranges, const char *source, const mech_mechanism *const *mechanisms,
                             size_t n_mechanisms, prior **p, mech_error *error);

/* "wide", or the ranges that are not, in the format of a prior file; belongs to the prior. */
const char *mech_prior_text(const prior *p);

/* The ranges of a mechanism's rate constants, [n_rate_constants]; they belong to the prior. */
const prior_range *mech_prior_ranges(const prior *p, size_t mechanism);

/* Draws k[n_rate_constants] of a mechanism of the set: log-uniform in its ranges, rounded to three significant digits.
 */
void mech_prior_draw(const prior *p, size_t mechanism, random_stream *r, double *k);

/* The number of significant digits that mech_prior_draw() keeps, for k > 0. */
double mech_round_to_three_digits(double k);

#endif
