/* Files with ranges of rate constants (docs/data.md). */
#ifndef MECH_DATA_PRIOR_PRIOR_RANGES_H
#define MECH_DATA_PRIOR_PRIOR_RANGES_H

#include "mechanist.h"

typedef struct prior_range {
    double low, high;
} prior_range;

/* Sets those of ranges[n_mechanisms][MAX_RATE_CONSTANTS] that content[length] names. `source` names it in messages. */
mech_status mech_parse_prior_ranges(const char *content, size_t length, const char *source,
                                    const mech_mechanism *const *mechanisms, size_t n_mechanisms, prior_range *ranges,
                                    mech_error *error);

/* The same from a file; "-" is standard input. */
mech_status mech_read_prior_ranges(const char *path, const mech_mechanism *const *mechanisms, size_t n_mechanisms,
                                   prior_range *ranges, mech_error *error);

#endif
