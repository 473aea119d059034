/* The gamma function where Student's t needs it. */
#ifndef MECH_BASE_NUMBERS_GAMMA_H
#define MECH_BASE_NUMBERS_GAMMA_H

/* ln of the gamma function of n / 2 for whole n >= 1, by its recurrence (Abramowitz & Stegun, 6.1.15) from 1/2 or 1.
 * C's lgamma() writes the sign to a variable that all threads share. */
double mech_log_gamma_of_half(int n);

#endif
