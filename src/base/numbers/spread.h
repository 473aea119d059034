/* How far numbers lie apart, told by the middle of them. */
#ifndef MECH_BASE_NUMBERS_SPREAD_H
#define MECH_BASE_NUMBERS_SPREAD_H

#include <stddef.h>

/* The standard deviation of normal deviates of which sizes[n] are the absolute values: their median over that of a
 * standard normal, 0.6745 (Hampel, J. Am. Stat. Assoc. 69 (1974) 383). Strays, if fewer than half, hardly move it. NaN
 * where there are none. Brings sizes, none of them NaN, into ascending order. */
double mech_robust_deviation(size_t n, double *sizes);

#endif
