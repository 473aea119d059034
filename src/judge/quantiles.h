/* Quantiles of samples. */
#ifndef MECH_JUDGE_QUANTILES_H
#define MECH_JUDGE_QUANTILES_H

#include <stddef.h>

/* Brings numbers, none of them NaN, into ascending order. */
void sort_numbers(size_t n, double *numbers);

/* The quantile of n ascending numbers, interpolated between the two next to it (definition 7 of Hyndman & Fan 1996,
 * that of NumPy); NaN where there are none. */
double quantile(size_t n, const double *sorted, double q);

#endif
