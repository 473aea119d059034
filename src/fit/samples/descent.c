#include "fit/samples/descent.h"

#include "base/memory.h"
#include "base/numbers/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tolerance of the solver: derivatives are differences of its solutions. */
static const double FINE = 1e-6;

/* Step of the differences, in ln of a parameter. */
static const double DIFFERENCE = 1e-6;

/* The longest step of one parameter in one iteration, and how far from 1 a parameter may come, as ln. */
static const double LONGEST_STEP = 1, FARTHEST = 30;

/* A descent ends after so many iterations in a row that improve minus ln of the posterior by less than this share of
 * it, and by less than so many nats. */
static const double LEAST_GAIN = 1e-3, LEAST_NATS = 0.05;
enum { MOST_IN_VAIN = 3 };

/* Readings that there have to be beyond the parameters before what is left says how exact they are. */
enum { LEAST_FREEDOM = 4 };

static const double FIRST_DAMPING = 1e-2, LEAST_DAMPING = 1e-8;

/* Dampings that are tried in one iteration, relative to the last one that was best. */
static const double dampings[] = {1e-2, 1e-1, 1, 10};
enum { N_DAMPINGS = sizeof dampings / sizeof dampings[0] };

/* The probe of a step's bend, as a share of the step, and the largest bend that is believed. */
static const double PROBE = 0.1, LARGEST_BEND = 1.5;

struct descent_memory {
    double *points;     /* [FIT_MOST_PARAMETERS + 1][FIT_MOST_PARAMETERS] */
    double *deviations; /* of these */
    double *jacobian;   /* [FIT_MOST_PARAMETERS][n_deviations()] */
    double *curvature;  /* [FIT_MOST_PARAMETERS][FIT_MOST_PARAMETERS] */
    double *factors;    /* [N_DAMPINGS] of these */
    double *steps;      /* [N_DAMPINGS][FIT_MOST_PARAMETERS] */
};

descent_memory *mech_descent_memory_new(size_t most_times) {
    const size_t of_sample = N_RUNS * 2 * most_times;
    descent_memory *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    *w = (descent_memory){
        .points = mech_allocate_array(FIT_MOST_PARAMETERS + 1, FIT_MOST_PARAMETERS * sizeof *w->points),
        .deviations = mech_allocate_array(FIT_MOST_PARAMETERS + 1, of_sample * sizeof *w->deviations),
        .jacobian = mech_allocate_array(FIT_MOST_PARAMETERS, of_sample * sizeof *w->jacobian),
        .curvature = mech_allocate_array(FIT_MOST_PARAMETERS, FIT_MOST_PARAMETERS * sizeof *w->curvature),
        .factors = mech_allocate_array(N_DAMPINGS * FIT_MOST_PARAMETERS, FIT_MOST_PARAMETERS * sizeof *w->factors),
        .steps = mech_allocate_array(N_DAMPINGS, FIT_MOST_PARAMETERS * sizeof *w->steps),
    };
    if (w->points && w->deviations && w->jacobian && w->curvature && w->factors && w->steps) return w;
    mech_descent_memory_free(w);
    return NULL;
}

void mech_descent_memory_free(descent_memory *w) {
    if (!w) return;
    mech_release_array(w->points);
    mech_release_array(w->deviations);
    mech_release_array(w->jacobian);
    mech_release_array(w->curvature);
    mech_release_array(w->factors);
    mech_release_array(w->steps);
    free(w);
}

static double dot(size_t n, const double *a, const double *b) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Half of the squared distance from what is believed of the parameters. */
static double surprise(const fit_belief *b, const double *x) {
    const size_t n = b->p.n;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) sum += (x[i] - b->mean[i]) * b->precision[i * n + j] * (x[j] - b->mean[j]) / 2;
    return sum;
}

bool mech_fit_tells_noise(const fit_target *t, size_t n_parameters) {
    return t->n_readings >= n_parameters + LEAST_FREEDOM;
}

double mech_fit_sigma(const fit_target *t, size_t n_parameters, double sum_of_squares) {
    const double freedom = t->n_readings > n_parameters ? (double)(t->n_readings - n_parameters) : 1;
    return fmax(sqrt(sum_of_squares / freedom), LEAST_SIGMA);
}

/* Deviations at x in w->deviations, their derivatives in w->jacobian. */
static mech_status differentiate(const fit_belief *b, const fit_target *t, const double *x, descent_memory *w,
                                 mech_error *error) {
    const size_t n = b->p.n, m = n_deviations(t);
    for (size_t i = 0; i <= n; i++) {
        memcpy(w->points + i * n, x, n * sizeof *x);
        if (i) w->points[i * n + i - 1] += DIFFERENCE;
    }
    const mech_status status = mech_fit_deviations(&b->p, t, n + 1, w->points, 1, NULL, FINE, w->deviations, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++)
        for (size_t j = 0; j < m; j++)
            w->jacobian[i * m + j] = (w->deviations[(i + 1) * m + j] - w->deviations[j]) / DIFFERENCE;
    return status;
}

/* The second derivatives of minus ln of the posterior, without those of the deviations (Gauss-Newton). */
static void find_curvature(const fit_belief *b, const fit_target *t, double sigma, const descent_memory *w) {
    const size_t n = b->p.n, m = n_deviations(t);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            w->curvature[i * n + j] =
                dot(m, w->jacobian + i * m, w->jacobian + j * m) / (sigma * sigma) + b->precision[i * n + j];
}

/* Steps for all dampings, and the factors they come from. */
static void take_steps(const fit_belief *b, const fit_target *t, const double *x, double sigma, double damping,
                       const descent_memory *w) {
    const size_t n = b->p.n, m = n_deviations(t);
    double slope[FIT_MOST_PARAMETERS];
    for (size_t i = 0; i < n; i++) {
        slope[i] = -dot(m, w->jacobian + i * m, w->deviations) / (sigma * sigma);
        for (size_t j = 0; j < n; j++) slope[i] -= b->precision[i * n + j] * (x[j] - b->mean[j]);
    }
    for (size_t k = 0; k < N_DAMPINGS; k++) {
        double *step = w->steps + k * n, *factor = w->factors + k * n * n;
        memcpy(factor, w->curvature, n * n * sizeof *factor);
        for (size_t i = 0; i < n; i++) factor[i * n + i] *= 1 + damping * dampings[k];
        memcpy(step, slope, n * sizeof *step);
        if (mech_cholesky(n, factor)) {
            mech_cholesky_solve(n, factor, step);
        } else {
            memset(step, 0, n * sizeof *step);
            memset(factor, 0, n * n * sizeof *factor);
        }
        double longest = LONGEST_STEP;
        for (size_t i = 0; i < n; i++) longest = fmax(longest, fabs(step[i]));
        for (size_t i = 0; i < n; i++) step[i] *= LONGEST_STEP / longest;
    }
}

/* Bends the steps along the valley that the deviations form (geodesic acceleration; Transtrum & Sethna,
 * arXiv:1201.5885): the second derivative along a step is taken from a probe on the way. */
static mech_status bend_steps(const fit_belief *b, const fit_target *t, const double *x, double sigma,
                              descent_memory *w, mech_error *error) {
    const size_t n = b->p.n, m = n_deviations(t);
    for (size_t k = 0; k < N_DAMPINGS; k++)
        for (size_t i = 0; i < n; i++) w->points[k * n + i] = x[i] + PROBE * w->steps[k * n + i];
    double *probes = w->deviations + m;
    const mech_status status = mech_fit_deviations(&b->p, t, N_DAMPINGS, w->points, 1, NULL, FINE, probes, error);
    for (size_t k = 0; k < N_DAMPINGS && status == MECH_OK; k++) {
        double *step = w->steps + k * n, *second = probes + k * m, bend[FIT_MOST_PARAMETERS];
        if (!(w->factors[k * n * n] > 0)) continue;
        for (size_t j = 0; j < m; j++) {
            double first = 0;
            for (size_t i = 0; i < n; i++) first += w->jacobian[i * m + j] * step[i];
            second[j] = 2 / PROBE * ((second[j] - w->deviations[j]) / PROBE - first);
        }
        for (size_t i = 0; i < n; i++) bend[i] = -dot(m, w->jacobian + i * m, second) / (sigma * sigma);
        mech_cholesky_solve(n, w->factors + k * n * n, bend);
        if (!(2 * sqrt(dot(n, bend, bend)) <= LARGEST_BEND * sqrt(dot(n, step, step)))) continue;
        for (size_t i = 0; i < n; i++) step[i] += bend[i] / 2;
    }
    return status;
}

/* The best of the points that the dampings led to, with deviations in w->deviations, where it is better than `least`,
 * which it replaces; N_DAMPINGS where none is. */
static size_t find_best(const fit_belief *b, const fit_target *t, double sigma, const descent_memory *w,
                        double *least) {
    const size_t n = b->p.n, m = n_deviations(t);
    size_t best = N_DAMPINGS;
    for (size_t k = 0; k < N_DAMPINGS; k++) {
        const double *deviations = w->deviations + k * m;
        const double now = dot(m, deviations, deviations) / (2 * sigma * sigma) + surprise(b, w->points + k * n);
        if (!(now < *least)) continue;
        *least = now;
        best = k;
    }
    return best;
}

bool mech_fit_is_exact(const fit_target *t, double sum_of_squares) {
    return sum_of_squares < (double)t->n_readings * LEAST_SIGMA * LEAST_SIGMA / 10;
}

mech_status mech_fit_descend(const fit_belief *b, const fit_target *t, size_t n_iterations, descent_memory *w,
                             fit_point *at, mech_error *error) {
    const size_t n = b->p.n, m = n_deviations(t);
    double damping = FIRST_DAMPING;
    size_t in_vain = 0;
    for (size_t i = 0; i < n_iterations && in_vain < MOST_IN_VAIN; i++) {
        mech_status status = differentiate(b, t, at->x, w, error);
        if (status != MECH_OK) return status;
        at->sum_of_squares = dot(m, w->deviations, w->deviations);
        if (mech_fit_is_exact(t, at->sum_of_squares)) return MECH_OK;
        const double sigma = mech_fit_sigma(t, n, at->sum_of_squares);
        find_curvature(b, t, sigma, w);
        take_steps(b, t, at->x, sigma, damping, w);
        status = bend_steps(b, t, at->x, sigma, w, error);
        if (status != MECH_OK) return status;
        for (size_t k = 0; k < N_DAMPINGS; k++)
            for (size_t j = 0; j < n; j++)
                w->points[k * n + j] = fmin(fmax(at->x[j] + w->steps[k * n + j], -FARTHEST), FARTHEST);
        status = mech_fit_deviations(&b->p, t, N_DAMPINGS, w->points, 1, NULL, FINE, w->deviations, error);
        if (status != MECH_OK) return status;
        const double before = at->sum_of_squares / (2 * sigma * sigma) + surprise(b, at->x);
        double now = before;
        const size_t best = find_best(b, t, sigma, w, &now);
        in_vain = before - now < LEAST_GAIN * before && before - now < LEAST_NATS ? in_vain + 1 : 0;
        if (best == N_DAMPINGS) {
            damping *= 1e3;
            continue;
        }
        const double *deviations = w->deviations + best * m;
        memcpy(at->x, w->points + best * n, n * sizeof *at->x);
        at->sum_of_squares = dot(m, deviations, deviations);
        damping = fmax(damping * dampings[best], LEAST_DAMPING);
    }
    return MECH_OK;
}

mech_status mech_fit_judge(const fit_belief *b, const fit_target *t, const fit_point *at, double sigma,
                           descent_memory *w, double *log_evidence, double *spread, mech_error *error) {
    const size_t n = b->p.n;
    const mech_status status = differentiate(b, t, at->x, w, error);
    if (status != MECH_OK) return status;
    *log_evidence = -INFINITY;
    for (size_t i = 0; i < n; i++) spread[i] = INFINITY;
    find_curvature(b, t, sigma, w);
    if (mech_cholesky(n, w->curvature))
        *log_evidence = -at->sum_of_squares / (2 * sigma * sigma) - surprise(b, at->x) +
                        (b->log_determinant - mech_cholesky_log_determinant(n, w->curvature)) / 2;
    /* Given this mechanism it is its own deviations that say how exact readings are. */
    find_curvature(b, t, mech_fit_sigma(t, n, at->sum_of_squares), w);
    if (!mech_fit_tells_noise(t, n) || !mech_cholesky(n, w->curvature)) return MECH_OK;
    for (size_t i = 0; i < n; i++) {
        double column[FIT_MOST_PARAMETERS] = {0};
        column[i] = 1;
        mech_cholesky_solve(n, w->curvature, column);
        spread[i] = sqrt(column[i]);
    }
    return MECH_OK;
}
