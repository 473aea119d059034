/* What was not measured, from what was. */
#ifndef MECH_DATA_SAMPLES_MASS_BALANCE_H
#define MECH_DATA_SAMPLES_MASS_BALANCE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether any of `count` numbers is missing (NaN). */
bool mech_has_unmeasured(const float *numbers, size_t count);

/* The first of x2[n][n_times][12] that has a reading with neither S nor P; n: there is none. */
size_t mech_first_without_reading(size_t n, size_t n_times, const float *x2);

/* Fills the S or P that is missing (NaN) in sample[n_times][12] so that S + P of a run stays what it was at t = 0, as
 * if no catalyst carried substrate. Where S at t = 0 is missing, too, it is 1 - P, where P is, it is 0. Every reading
 * has one of them (mech_first_without_reading). */
void mech_complete_by_mass_balance(float *sample, size_t n_times);

#endif
