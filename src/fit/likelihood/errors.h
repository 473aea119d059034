/* The errors of an experiment (loading, [S]0, [P]0 and clock of each run; response and selectivity of all) integrated
 * out. They are small and enter nearly linearly, so that given theta, the noise and how large such errors are (their
 * spreads), the readings are normal about a point near the best one, and the integral has a closed form. The spreads
 * themselves are summed over a few levels with the weights of their prior (docs/fits.md). */
#ifndef MECH_FIT_LIKELIHOOD_ERRORS_H
#define MECH_FIT_LIKELIHOOD_ERRORS_H

#include "base/random.h"
#include "fit/likelihood/curves.h"

enum { MOST_LEVELS = 1024 };

/* Mean and standard deviation of each of the errors, by kind. */
typedef struct error_spreads {
    double spread[FIT_ERRORS], mean[FIT_ERRORS];
    double log_weight; /* of its prior */
} error_spreads;

/* Every spread of runs' errors with every one of n_shared spreads of shared errors, which run fastest. */
typedef struct error_levels {
    size_t n, n_shared;
    error_spreads level[MOST_LEVELS];
} error_levels;

/* What is known of the spreads: a number, 0 for none, or NaN for what the design says. */
typedef struct told_errors {
    double catalyst, start, clock, response;
} told_errors;

void mech_error_levels(const told_errors *told, const observations *data, error_levels *levels);

/* Minus ln of the likelihood to second order about a point: per run its derivatives and their bound by the run's
 * errors, the shared errors and, where they were asked for, theta, in this order: n of them. */
typedef struct error_normal {
    size_t n;
    double *slope;     /* [n_runs][n] */
    double *curvature; /* [n_runs][n][n] */
} error_normal;

/* With room for all that a space needs; false where memory is short. Freed with mech_error_normal_free() in any case.
 */
bool mech_error_normal_new(const fit_space *s, error_normal *normal);
void mech_error_normal_free(error_normal *normal);

/* pull and weight as of mech_noise_log(), derivatives[data->n][...] as of mech_fit_curves(). */
void mech_error_normal_fill(const fit_space *s, const double *pull, const double *weight, const double *derivatives,
                            fit_derivatives columns, error_normal *normal);

/* ln of the likelihood to second order at other errors to[s->n_errors], relative to that at the point itself, whose
 * errors are errors[s->n_errors]; theta as at the point. */
double mech_error_normal_log(const fit_space *s, const error_normal *normal, const double *errors, const double *to);

/* Integrates over the errors under a level's normal prior and, where the normal holds it, over theta: ln of the
 * integral relative to likelihood (and prior of theta) at the point, whose errors are errors[s->n_errors]; -INFINITY
 * where it is not defined. With theta, its own prior about the point is given by minus its derivatives, slope[n_theta]
 * and curvature[n_theta][n_theta], and precision[n_theta][n_theta], if asked for, receives the lower Cholesky factor of
 * the precision of what is then known of theta, shift[n_theta] how far its mean is from the point. All may be NULL
 * where the normal is without theta. */
double mech_error_integral(const fit_space *s, const error_normal *normal, const double *errors,
                           const error_spreads *level, const double *slope, const double *curvature, double *precision,
                           double *shift);

/* Mean of the errors' distribution under one level, at a theta that is away[n_theta] from the point (NULL: at the
 * point); with r, a draw from it instead. to[s->n_errors]. False where it is not defined. */
bool mech_error_draw(const fit_space *s, const error_normal *normal, const double *errors, const error_spreads *level,
                     const double *away, random_stream *r, double *to);

#endif
