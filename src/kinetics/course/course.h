/* The course of a reaction whose rate law is known in part.
 *
 *     d(extent)/dt = exp(g(x) + sum over k of order_k ln c_k + factor of the run),   x = start on the axis + extent
 *
 * g is one smooth function for all runs of a problem: what they have in common, whatever it is. The c_k are what they
 * differ in; orders are what makes one g do for all. That is variable-time normalisation (Bures, Angew. Chem. Int. Ed.
 * 55 (2016) 2028, doi 10.1002/anie.201508983, and 16084, doi 10.1002/anie.201609757) stated for the extent instead of
 * the time: with tau = integral of the product of c_k^order_k over t, extents overlay as a function of tau exactly
 * where d(extent)/d(tau) is one function of the extent. As each c_k follows from the extent by stoichiometry, the time
 * at which an extent is reached is an integral over the extent, exact for readings that are far apart, and no measured
 * curve is differentiated or summed.
 *
 * Inside a problem, extents are in units of its axis and times in units of its longest time. */
#ifndef MECH_KINETICS_COURSE_COURSE_H
#define MECH_KINETICS_COURSE_COURSE_H

#include "mechanist.h"

enum {
    COURSE_MOST_TERMS = 8,
    COURSE_MOST_SHAPES = 6,
    COURSE_MOST_PARAMETERS = COURSE_MOST_TERMS + COURSE_MOST_SHAPES + 2 * MECH_MOST_RUNS
};

/* One factor of the rate law in one run: c = start + slope * extent, or a table of ln c by extent. */
typedef struct course_term {
    double start, slope;
    bool followed; /* c is what was read, so that it moves with the run's true start */
    double least;  /* c counts as no smaller than this */
    size_t n_table;
    const double *table_extent, *table_log; /* [n_table], extents ascending; used where n_table > 0 */
} course_term;

typedef struct course_run {
    size_t n;             /* readings; the first is the start, extent 0 at time 0 */
    const double *time;   /* [n], ascending */
    const double *extent; /* [n], as read: reckoned from the nominal start */
    double start;         /* where on the axis of g the run starts */
    double limit;         /* the extent at which a reactant has run out */
    bool limit_followed;  /* that reactant is what was read */
    course_term terms[COURSE_MOST_TERMS];
} course_run;

typedef struct course_problem {
    size_t n_runs, n_terms, n_readings; /* n_readings: of all runs */
    course_run runs[MECH_MOST_RUNS];
    double axis, time;                /* units of extent and time in units of the run set */
    bool held;                        /* the orders are given and not fitted */
    double orders[COURSE_MOST_TERMS]; /* where they are held; else where the search begins */
} course_problem;

/* Parameters stand in the order: orders[n_terms], shapes[n_shapes] of g, the true start of each run less the nominal
 * one [n_runs], ln of each run's factor [n_runs]. */
typedef struct course_layout {
    size_t n_terms, n_shapes, n_runs, n_parameters, first_shape, first_offset, first_factor;
} course_layout;
course_layout mech_course_layout(const course_problem *problem, size_t n_shapes);

/* predicted[n_readings]: the readings of all runs, one run after the other, expected with these parameters; and, where
 * jacobian is not NULL, their derivatives, jacobian[n_readings][n_parameters]. Quadrature: 48 intervals of two-point
 * Gauss-Legendre in ln of the share of the limit that is left, cubic Hermite between nodes; relative error below 1e-5
 * for rate laws of order 2 and less. */
void mech_course_predict(const course_problem *problem, size_t n_shapes, const double *parameters, double *predicted,
                         double *jacobian);

/* ln of the rate of a run, without the run's factor, at an extent; in units of axis and time. */
double mech_course_log_rate(const course_problem *problem, size_t n_shapes, const double *parameters, size_t run,
                            double extent);

/* The extent of a run at a time, without the run's offset. */
double mech_course_extent(const course_problem *problem, size_t n_shapes, const double *parameters, size_t run,
                          double time);

#endif
