/* How far readings may be from the curves: the noise of the measurement. */
#ifndef MECH_FIT_LIKELIHOOD_NOISE_H
#define MECH_FIT_LIKELIHOOD_NOISE_H

#include "fit/likelihood/observations.h"

/* Of a reading y the scale is sqrt(additive^2 + (proportional y)^2), in units of the standard [S]0. Its distribution is
 * Student's t with NOISE_FREEDOM degrees of freedom, so that outliers cost little, or the normal one. */
typedef struct noise_level {
    double additive, proportional;
    bool gaussian;
} noise_level;

static const double NOISE_FREEDOM = 4;

/* What the noise's scales may be (docs/designs.md), log-uniform. */
static const double LEAST_NOISE = 0.0005, MOST_NOISE = 0.05, LEAST_PROPORTIONAL = 0.001, MOST_PROPORTIONAL = 0.05;

/* ln of the likelihood of values[data->n]. Where pull is not NULL, pull[data->n] receives minus its derivative by each
 * value and weight[data->n] what stands for minus the second: for Student's t the expected one at the reading's own
 * weight, so that it is never negative. */
double mech_noise_log(const observations *data, const noise_level *noise, const double *values, double *pull,
                      double *weight);

/* The additive part under which the deviations of values[data->n] are most likely, `freedom` being how many readings
 * count (their number less that of fitted parameters); within LEAST_NOISE and MOST_NOISE. From `noise`, by the EM
 * algorithm for Student's t (Lange, Little & Taylor, J. Am. Stat. Assoc. 84 (1989) 881). */
double mech_noise_estimate(const observations *data, const noise_level *noise, const double *values, double freedom);

/* Student's t that fits normal numbers of standard deviation 1 best has the scale s at which the mean of
 * 5 z^2 / (4 s^2 + z^2) is 1: s = 0.8310. Its inverse: the standard deviation of the bulk over the scale. */
static const double NOISE_DEVIATION = 1.2034;

/* The standard deviation of readings without outliers that the scale of the additive part means. */
double mech_noise_deviation(const noise_level *noise);

#endif
