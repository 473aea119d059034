/* Names and numbers as they are set in figures, in the markup of lettering.h. */
#ifndef MECH_DRAW_CANVAS_NOTATION_H
#define MECH_DRAW_CANVAS_NOTATION_H

#include "base/numbers/setting.h"

/* "cat*S2" with the 2 set low; digits that begin a name stay on the line. */
setting mech_set_species(const char *name);

/* "k-1" as k with a low minus one; a name that does not begin with k stays as it is. */
setting mech_set_rate_constant(const char *name);

/* A number in `digits` significant digits: "0.375", "1500", "2.5 x 10^-5" with the power set high. */
setting mech_set_number(double number, int digits);

#endif
