/* Quantities of fits as they are set in figures and pages, in the markup of lettering.h. */
#ifndef MECH_DRAW_FITS_FIT_WORDS_H
#define MECH_DRAW_FITS_FIT_WORDS_H

#include "base/numbers/setting.h"
#include "mechanist.h"

/* "M^{-1} min^{-1}", "" of a ratio; "conc" and "time" where the run set names no units. */
setting mech_set_unit(const mech_quantity *q, const mech_run_set *runs);

/* "0.98 (0.72 to 1.3) min^{-1}", "> 12 min" where it is bounded from below alone; three digits. */
setting mech_set_interval(const mech_estimate *e, const setting *unit);

/* "k_{cat}/K_{M}", "k_{3}/k_{-3}", "half-life", "I". */
setting mech_set_quantity(const char *name);

#endif
