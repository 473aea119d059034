/* Fits a calibration: the mean cross-entropy is convex in the parameters, as the changed logits are linear in them, and
 * Newton's method with a line search finds its minimum in a few steps (Boyd & Vandenberghe, Convex Optimization, 2004,
 * section 9.5). All sums run over the samples in their order: one result, whatever the machine's threads. */
#include "base/memory.h"
#include "judge/calibration/calibration.h"

#include <math.h>
#include <string.h>

enum { MOST_ITERATIONS = 100, MOST_HALVINGS = 40 };

/* Half of this, divided by the number of samples, times the squared distance from the calibration that changes nothing
 * is added to the mean cross-entropy: as if parameters were known beforehand to lie within a third of it. It decides
 * what the samples leave open (a bias that all labels share, a weight that few of them speak of) and fades with their
 * number. */
static const double RIDGE = 10;
static const double ENOUGH = 1e-12; /* decrease that is still foreseen, nats */

/* The matrix stands row by row; only its lower triangle is used. */
typedef struct newton {
    const calibration_samples *samples;
    calibration *c;
    double ridge;
    size_t n;                        /* parameters */
    double *start;                   /* [n]: those that change nothing */
    double *gradient, *step, *tried; /* [n] */
    double *hessian;                 /* [n][n] */
} newton;

static double ridge_of(const newton *w) {
    double squares = 0;
    for (size_t i = 0; i < w->n; i++) {
        const double off = w->c->parameters[i] - w->start[i];
        squares += off * off;
    }
    return w->ridge / 2 * squares;
}

static double loss_of(const newton *w) {
    const calibration_samples *s = w->samples;
    double sum = 0, p[MECH_MOST_LABELS];
    for (size_t i = 0; i < s->n; i++) {
        mech_calibration_apply(w->c, &s->seen[i], s->z + i * w->c->n_labels, p);
        sum -= log(fmax(p[s->y[i]], 1e-300));
    }
    return sum / (double)s->n + ridge_of(w);
}

/* Adds one sample's derivatives. D = diag(p) - p p' is the second derivative by the changed logits; a weight of the
 * inverse temperature moves logit c by (factor) z(c), a scale by z(c), a bias by 1. */
static void add_sample(newton *w, const factors *f, const double *z, const double *p, size_t truth) {
    const calibration *c = w->c;
    const size_t n = c->n_labels, scales = c->n_inverse, biases = scales + c->n_scales;
    double mean = 0, along[MECH_MOST_LABELS], variance = 0, slope = 0; /* along = D z */
    for (size_t i = 0; i < n; i++) mean += p[i] * z[i];
    for (size_t i = 0; i < n; i++) {
        along[i] = p[i] * (z[i] - mean);
        variance += along[i] * z[i];
        slope += (p[i] - (i == truth ? 1 : 0)) * z[i];
    }
    for (size_t a = 0; a < f->n; a++) {
        const factor *k = &f->of[a];
        w->gradient[k->parameter] += k->value * slope;
        for (size_t b = 0; b < f->n; b++)
            if (f->of[b].parameter <= k->parameter)
                w->hessian[k->parameter * w->n + f->of[b].parameter] += k->value * f->of[b].value * variance;
        for (size_t i = 0; i < n && c->n_biases; i++)
            w->hessian[(biases + i) * w->n + k->parameter] += k->value * along[i];
    }
    for (size_t i = 0; i < n; i++) {
        const double off = p[i] - (i == truth ? 1 : 0);
        if (c->n_scales) w->gradient[scales + i] += off * z[i];
        if (c->n_biases) w->gradient[biases + i] += off;
        for (size_t j = 0; j < n; j++) {
            const double d = (i == j ? p[i] : 0) - p[i] * p[j];
            if (c->n_scales && j <= i) w->hessian[(scales + i) * w->n + scales + j] += z[i] * d * z[j];
            if (c->n_scales && c->n_biases) w->hessian[(biases + i) * w->n + scales + j] += d * z[j];
            if (c->n_biases && j <= i) w->hessian[(biases + i) * w->n + biases + j] += d;
        }
    }
}

static void differentiate(newton *w) {
    const calibration_samples *s = w->samples;
    double p[MECH_MOST_LABELS];
    memset(w->gradient, 0, w->n * sizeof *w->gradient);
    memset(w->hessian, 0, w->n * w->n * sizeof *w->hessian);
    for (size_t i = 0; i < s->n; i++) {
        const double *z = s->z + i * w->c->n_labels;
        mech_calibration_apply(w->c, &s->seen[i], z, p);
        add_sample(w, &s->seen[i], z, p, s->y[i]);
    }
    for (size_t i = 0; i < w->n; i++) {
        w->gradient[i] = w->gradient[i] / (double)s->n + w->ridge * (w->c->parameters[i] - w->start[i]);
        for (size_t j = 0; j <= i; j++) w->hessian[i * w->n + j] /= (double)s->n;
        w->hessian[i * w->n + i] += w->ridge;
    }
}

/* step = hessian^-1 gradient by Cholesky's factorisation, which overwrites the matrix; false where it is not positive
 * definite, which only numbers that are not finite can bring about. */
static bool solve(newton *w) {
    const size_t n = w->n;
    double *a = w->hessian, *x = w->step;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 0 && isfinite(sum))) return false;
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    for (size_t i = 0; i < n; i++) {
        x[i] = w->gradient[i];
        for (size_t k = 0; k < i; k++) x[i] -= a[i * n + k] * x[k];
        x[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) x[i] -= a[k * n + i] * x[k];
        x[i] /= a[i * n + i];
    }
    return true;
}

/* Goes along the step as far as the loss falls by a fair part of what the slope promises (Armijo's rule); false where
 * it falls no more, which in the last digits means that the minimum is reached. */
static bool descend(newton *w, double slope, double *loss) {
    double length = 1;
    memcpy(w->tried, w->c->parameters, w->n * sizeof *w->tried);
    for (int i = 0; i < MOST_HALVINGS; i++, length /= 2) {
        for (size_t k = 0; k < w->n; k++) w->c->parameters[k] = w->tried[k] - length * w->step[k];
        const double there = loss_of(w);
        if (there <= *loss - 1e-4 * length * slope) {
            *loss = there;
            return true;
        }
    }
    memcpy(w->c->parameters, w->tried, w->n * sizeof *w->tried);
    return false;
}

mech_status mech_calibration_fit(const calibration_samples *samples, calibration *c, size_t *iterations,
                                 mech_error *error) {
    newton w = {.samples = samples, .c = c, .ridge = RIDGE / (double)samples->n, .n = mech_calibration_size(c)};
    mech_status status = MECH_OK;
    w.start = mech_allocate_array(w.n, sizeof *w.start);
    w.gradient = mech_allocate_array(w.n, sizeof *w.gradient);
    w.step = mech_allocate_array(w.n, sizeof *w.step);
    w.tried = mech_allocate_array(w.n, sizeof *w.tried);
    w.hessian = mech_allocate_array(w.n, w.n * sizeof *w.hessian);
    if (!w.start || !w.gradient || !w.step || !w.tried || !w.hessian) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < c->n_inverse + c->n_scales; i++) w.start[i] = 1;
    double loss = loss_of(&w), slope = INFINITY;
    for (*iterations = 0; *iterations < MOST_ITERATIONS; ++*iterations) {
        differentiate(&w);
        if (!solve(&w)) break;
        slope = 0;
        for (size_t i = 0; i < w.n; i++) slope += w.gradient[i] * w.step[i];
        if (slope < ENOUGH || !descend(&w, slope, &loss)) break;
    }
    if (!(slope < 1e-8))
        status = mech_fail(error, MECH_NUMERICAL_FAILURE, "the calibration did not converge in %zu steps", *iterations);
    for (size_t i = 0; i < c->n_inverse + c->n_scales && status == MECH_OK; i++)
        if (!(c->parameters[i] > 0))
            status =
                mech_fail(error, MECH_NUMERICAL_FAILURE,
                          "the calibration would turn the ranking of the labels around; expected a network that is "
                          "trained, or more samples");
cleanup:
    mech_release_array(w.start);
    mech_release_array(w.gradient);
    mech_release_array(w.step);
    mech_release_array(w.tried);
    mech_release_array(w.hessian);
    return status;
}
