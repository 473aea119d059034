/* Quantiles of samples. */
#ifndef MECH_BASE_NUMBERS_QUANTILES_H
#define MECH_BASE_NUMBERS_QUANTILES_H

#include <stddef.h>

/* Brings numbers, none of them NaN, into ascending order. */
void mech_sort_numbers(size_t n, double *numbers);

/* The mech_quantile of n ascending numbers, interpolated between the two next to it (definition 7 of Hyndman & Fan
 * 1996, that of NumPy); NaN where there are none. */
double mech_quantile(size_t n, const double *sorted, double q);

#endif
