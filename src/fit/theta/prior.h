/* What is known of theta before the readings: the rate constants that the design accepts (its prior and rules
 * of acceptance, docs/data.md), carried over to the loadings and times of a run set. */
#ifndef MECH_FIT_THETA_PRIOR_H
#define MECH_FIT_THETA_PRIOR_H

#include "base/machine/team.h"
#include "base/random.h"
#include "data/prior/prior.h"
#include "data/prior/thetas.h"
#include "fit/likelihood/curves.h"
#include "fit/theta/compositions.h"

/* Accepted thetas of a mechanism: ln of the rate constants in units of the time to half of the conversion at a loading
 * of 5 %, then ln of the additive where its amount is not known. */
typedef struct theta_draws {
    const mech_mechanism *mechanism;
    size_t n, n_theta;
    double *theta;      /* [n][n_theta] */
    timed_thetas drawn; /* what they were before */
} theta_draws;

/* Candidate number `number` of a mechanism, the only one of `wide`: its rate constants k[n_k] and its additive. */
void mech_theta_candidate(const prior *wide, const mech_mechanism *mechanism, uint64_t number, double *k,
                          double *additive);

enum { N_RECORDED_THETAS = 300 };

bool mech_theta_on_record(const mech_mechanism *mechanism);

/* Fills *pool with n accepted thetas, the first ones of the wide prior. Of the library's mechanisms and of the single
 * choices of compositions they are on record, up to N_RECORDED_THETAS; of others they are drawn on the calling thread.
 * The caller frees *pool, in any case. */
mech_status mech_theta_recorded(const mech_mechanism *mechanism, size_t n, theta_pool *pool, mech_error *error);

/* The time that each theta of a pool takes to half of its conversion at a loading of 5 %: times[pool->n]. */
mech_status mech_theta_half_times(const mech_mechanism *mechanism, const theta_pool *pool, double *times,
                                  mech_error *error);

/* The single choices of compositions that are on record beside M1 to M20. */
extern const char *const mech_recorded_compositions[];
size_t mech_recorded_compositions_size(void);

/* Draws n, the same ones each time. Of the wide prior, where `ranges` is NULL or says no other of this mechanism, which
 * is number `label` of its set: accepted ones on record, put together from those of parts (fit/theta/compositions.h;
 * these may be fewer), or drawn. Else accepted ones of these ranges. `base`: of a composition mech_n_base_thetas()
 * of the same without its last part, or NULL. Freed with mech_theta_draws_free(), in any case. */
mech_status mech_theta_draws_new(const mech_mechanism *mechanism, const prior *ranges, size_t label, size_t n,
                                 const theta_draws *base, theta_draws *d, mech_error *error);
void mech_theta_draws_free(theta_draws *d);

/* A kernel density of the draws in the units of a run set: normal kernels of one covariance, h^2 times that of the
 * draws (Silverman 1986, eq. 4.14: h = (4 / (n (d + 2)))^(1 / (d + 4))), around draws that are drawn together so that
 * mean and covariance stay what they are (West, J. R. Statist. Soc. B 55 (1993) 409), and wide in the one direction
 * that changes how long the runs were followed. */
typedef struct theta_prior {
    size_t n, n_theta;
    double *theta;   /* [n][n_theta]: the draws themselves, in the run set's units, at the middle of that direction */
    double *kernels; /* [n][n_theta]: the kernels' centres times the factor */
    double *factor;  /* [n_theta][n_theta], upper triangle: kernels are N(0, 1) in factor * theta */
    double *mean, *spread; /* [n_theta]: of the whole, parameter by parameter */
    double log_norm;
} theta_prior;

mech_status mech_theta_prior_new(const theta_draws *d, const fit_space *s, theta_prior *p, mech_error *error);
void mech_theta_prior_free(theta_prior *p);

/* ln of the density. Where gradient[n_theta] is not NULL it receives the derivative, and curvature[n_theta][n_theta] a
 * positive definite bound of minus the second one: the kernels' own, as in the EM algorithm. */
double mech_theta_prior_log(const theta_prior *p, const double *theta, double *gradient, double *curvature);

/* The same of one kernel about `centre`, less its constant: -|factor (theta - centre)|^2 / 2. */
double mech_theta_kernel_log(const theta_prior *p, const double *centre, const double *theta, double *gradient,
                             double *curvature);

/* A draw: theta[n_theta]. */
void mech_theta_prior_draw(const theta_prior *p, random_stream *r, double *theta);

/* Moves theta along the direction of time: all rate constants `factor` times as large. */
void mech_theta_stretch(const fit_space *s, double factor, double *theta);

/* How far, as ln, the time to half of the conversion may be from a third of the longest run. */
static const double MOST_STRETCH = 2.6;

#endif
