/* From one point of a mechanism's parameter space downhill to where it fits a sample best, and what the place is worth.
 * Method: Levenberg and Marquardt (Marquardt, J. Soc. Ind. Appl. Math. 11 (1963) 431) with the bend of the valley
 * (geodesic acceleration; Transtrum & Sethna, arXiv:1201.5885), which the rate constants of a catalytic cycle form
 * where only some of their combinations matter. What is believed of the parameters beforehand counts like readings. */
#ifndef MECH_FIT_SAMPLES_DESCENT_H
#define MECH_FIT_SAMPLES_DESCENT_H

#include "fit/samples/belief.h"

/* Readings are never taken to be more exact, in units of [S]0: simulated ones have their solver's error. */
static const double LEAST_SIGMA = 3e-6;

typedef struct fit_point {
    double x[FIT_MOST_PARAMETERS];
    double sum_of_squares; /* of all deviations, in units of [S]0 squared */
} fit_point;

/* What one thread works in, for samples of up to most_times times. NULL where memory is short. */
typedef struct descent_memory descent_memory;
descent_memory *mech_descent_memory_new(size_t most_times);
void mech_descent_memory_free(descent_memory *w);

/* The standard deviation of a reading, from the deviations that n_parameters leave. */
double mech_fit_sigma(const fit_target *t, size_t n_parameters, double sum_of_squares);

/* Whether there are enough readings for that to mean something. */
bool mech_fit_tells_noise(const fit_target *t, size_t n_parameters);

/* Whether no fit could be told from it. */
bool mech_fit_is_exact(const fit_target *t, double sum_of_squares);

/* Goes down from at->x for up to n_iterations. */
mech_status mech_fit_descend(const fit_belief *b, const fit_target *t, size_t n_iterations, descent_memory *w,
                             fit_point *at, mech_error *error);

/* ln of the mechanism's evidence if each reading has a standard deviation of sigma, by Laplace's approximation (MacKay,
 * Information Theory, Inference, and Learning Algorithms, 2003, chapter 27), up to a constant that all mechanisms
 * share; and the standard deviation of each parameter, spread[b->p.n], if readings are as exact as this fit says.
 * Parameters that cannot be told have a spread of INFINITY. */
mech_status mech_fit_judge(const fit_belief *b, const fit_target *t, const fit_point *at, double sigma,
                           descent_memory *w, double *log_evidence, double *spread, mech_error *error);

#endif
