/* Orders, common function and runs' factors of a course problem, robust against outliers, with bootstrap draws. */
#ifndef MECH_KINETICS_COURSE_COURSE_FIT_H
#define MECH_KINETICS_COURSE_COURSE_FIT_H

#include "kinetics/course/course.h"

typedef struct course_settings {
    double
        told_spread;  /* of ln of the runs' factors: what errors in loading, temperature and the like are said to do */
    bool spread_held; /* it is just that, and the readings are not asked */
    size_t least_shapes, most_shapes;
    size_t n_draws; /* of the bootstrap; 0: none */
    uint64_t seed, stream;
} course_settings;

/* Orders and g are those with which runs overlay best: factors are 0 in `parameters`. What runs are faster or slower by
 * is found beside that, with these orders and a g of its own, so that noise within runs can be told from what runs
 * differ by. */
typedef struct course_fit {
    course_layout layout;
    double parameters[COURSE_MOST_PARAMETERS];
    double scale; /* robust standard deviation of a reading around the common curve, in units of the axis */
    double factors[MECH_MOST_RUNS]; /* ln of what each run is faster by; means 0 */
    double spread;                  /* of ln of the runs' factors */
    double *residuals;              /* [n_readings], owned: from the common curve */
    double *noise;                  /* [n_readings], owned: where runs have factors */
    size_t n_draws;
    double *draws; /* [n_draws][n_parameters], owned: what parameters could be as well */
} course_fit;

/* Fits; *fit is freed with mech_course_fit_free() whatever was returned. MECH_NUMERICAL_FAILURE where no parameters
 * give finite numbers. */
mech_status mech_course_fit(const course_problem *problem, const course_settings *settings, course_fit *fit,
                            mech_error *error);
void mech_course_fit_free(course_fit *fit);

/* Estimate and interval of a parameter, from the draws, at a level such as 0.95. */
mech_estimate mech_course_estimate(const course_fit *fit, size_t parameter, double level);

/* The same of any numbers: values[n] are put into order. */
mech_estimate mech_estimate_of(double value, size_t n, double *values, double level);

/* How far readings lie from what was expected, robustly: the root mean square over runs of each run's median absolute
 * residual times 1.4826 (the standard deviation of normal noise). A few outliers in a run do not count; a whole run
 * that is off does. In units of the axis. */
double mech_course_deviation(const course_problem *problem, const double *residuals);

#endif
