#include "kinetics/course/course_fit.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/cholesky.h"
#include "base/numbers/quantiles.h"
#include "base/numbers/spread.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 95 % efficient where noise is normal (Huber & Ronchetti, Robust Statistics, 2nd ed., 2009). */
static const double HUBER = 1.345, BISQUARE = 4.685;

/* Readings are not believed to be better than this share of the axis: numerics and reality both end before. */
static const double LEAST_SCALE = 1e-4;

/* What is known of parameters before the data, as standard deviations: orders lie within a few units of 0, and g does
 * not change by more than a few powers of ten. Weak: it holds what the runs do not tell in place. */
static const double ORDER_SPREAD = 4, SHAPE_SPREAD = 10;

/* No parameter moves further at once: they are exponents and logarithms. */
static const double LONGEST_STEP = 2;

/* A descent ends where a step gains less than this share of the loss; of a bootstrap draw, whose spread is thousands of
 * times that, sooner. */
static const double TOLERANCE = 1e-6, DRAW_TOLERANCE = 1e-4;

/* Of runs' factors that are held at none. */
static const double NO_SPREAD = 1e-5;

/* Of runs' factors while the noise within runs is found: wide enough for any. */
static const double FREE_SPREAD = 0.3;

/* What a chemist says of such errors is good within a factor of about 1.5: as good as the standard deviation of three
 * numbers, whose logarithm has the standard deviation 1 / sqrt(2 * 3). */
enum { TOLD_DEGREES = 3 };

typedef enum course_loss { LOSS_HUBER, LOSS_BISQUARE } course_loss;

typedef struct workspace {
    const course_problem *problem;
    course_layout l;
    size_t n;
    double *readings, *predicted, *jacobian, *sorted;
    double *trial_predicted, *trial_jacobian; /* exchanged with those above when a step is taken */
    bool held;                                /* orders do not move */
    double spread;                            /* of the runs' factors */
    double scale;                             /* of the noise, as far as it is known */
    double centre[COURSE_MOST_PARAMETERS];    /* of the prior */
    double normal[COURSE_MOST_PARAMETERS * COURSE_MOST_PARAMETERS],
        factor[COURSE_MOST_PARAMETERS * COURSE_MOST_PARAMETERS];
    double gradient[COURSE_MOST_PARAMETERS];
} workspace;

static double loss(course_loss kind, double z) {
    const double a = fabs(z);
    if (kind == LOSS_HUBER) return a <= HUBER ? z * z / 2 : HUBER * (a - HUBER / 2);
    const double u = 1 - fmin(a / BISQUARE, 1) * fmin(a / BISQUARE, 1);
    return BISQUARE * BISQUARE / 6 * (1 - u * u * u);
}

static double weight(course_loss kind, double z) {
    const double a = fabs(z);
    if (kind == LOSS_HUBER) return a <= HUBER ? 1 : HUBER / a;
    const double u = 1 - fmin(a / BISQUARE, 1) * fmin(a / BISQUARE, 1);
    return u * u;
}

/* Inverse variance of the prior of each parameter. A true start lies as near to the nominal one as a reading does: were
 * the reading at the start alone to say so, a burst could make an outlier of it. */
static double prior_weight(const workspace *w, size_t parameter) {
    if (parameter < w->l.first_shape) return 1 / (ORDER_SPREAD * ORDER_SPREAD);
    if (parameter < w->l.first_offset) return 1 / (SHAPE_SPREAD * SHAPE_SPREAD);
    return parameter < w->l.first_factor ? 1 / (w->scale * w->scale) : 1 / (w->spread * w->spread);
}

static double prior_loss(const workspace *w, const double *parameters) {
    double sum = 0;
    for (size_t p = 0; p < w->l.n_parameters; p++) {
        const double d = parameters[p] - w->centre[p];
        sum += prior_weight(w, p) * d * d / 2;
    }
    return sum;
}

static double data_loss(const workspace *w, const double *predicted, course_loss kind, double scale) {
    double sum = 0;
    for (size_t i = 0; i < w->n; i++) sum += loss(kind, (w->readings[i] - predicted[i]) / scale);
    return sum;
}

static void exchange(double **a, double **b) {
    double *kept = *a;
    *a = *b;
    *b = kept;
}

/* Fills the normal equations at the current prediction: normal = J' W J / scale^2 (without the prior), gradient of the
 * posterior downhill. */
static void set_up(workspace *w, const double *parameters, course_loss kind, double scale) {
    const size_t n_p = w->l.n_parameters;
    memset(w->normal, 0, n_p * n_p * sizeof *w->normal);
    memset(w->gradient, 0, n_p * sizeof *w->gradient);
    for (size_t i = 0; i < w->n; i++) {
        const double *d = w->jacobian + i * n_p;
        const double z = (w->readings[i] - w->predicted[i]) / scale, by = weight(kind, z) / (scale * scale);
        for (size_t p = 0; p < n_p; p++) {
            if (d[p] == 0) continue;
            w->gradient[p] += by * d[p] * z * scale;
            for (size_t q = 0; q <= p; q++) w->normal[p * n_p + q] += by * d[p] * d[q];
        }
    }
    for (size_t p = 0; p < n_p; p++) w->gradient[p] -= prior_weight(w, p) * (parameters[p] - w->centre[p]);
}

/* A step of Levenberg and Marquardt; false where the system cannot be solved. Held orders do not move. */
static bool solve_step(workspace *w, double damping, double *step) {
    const size_t n_p = w->l.n_parameters;
    memcpy(w->factor, w->normal, n_p * n_p * sizeof *w->factor);
    memcpy(step, w->gradient, n_p * sizeof *step);
    for (size_t p = 0; p < n_p; p++) {
        const double own = w->normal[p * n_p + p] + prior_weight(w, p);
        w->factor[p * n_p + p] = own + damping * own + 1e-9;
        if (w->held && p < w->l.n_terms) {
            for (size_t q = 0; q < p; q++) w->factor[p * n_p + q] = 0;
            for (size_t q = p + 1; q < n_p; q++) w->factor[q * n_p + p] = 0;
            step[p] = 0;
        }
    }
    if (!mech_cholesky(n_p, w->factor)) return false;
    mech_cholesky_solve(n_p, w->factor, step);
    for (size_t p = 0; p < n_p; p++)
        if (!isfinite(step[p])) return false;
    return true;
}

/* Descends to a minimum of the loss at a fixed scale, with weights of the moment, until a step gains less than
 * `tolerance` of it; returns the data's loss, or NaN. */
static double descend(workspace *w, double *parameters, course_loss kind, double scale, size_t most_steps,
                      double tolerance) {
    const size_t n_p = w->l.n_parameters;
    double trial[COURSE_MOST_PARAMETERS], step[COURSE_MOST_PARAMETERS], damping = 1e-3;
    w->scale = scale;
    mech_course_predict(w->problem, w->l.n_shapes, parameters, w->predicted, w->jacobian);
    double now = data_loss(w, w->predicted, kind, scale) + prior_loss(w, parameters);
    if (!isfinite(now)) return NAN;
    bool going = true;
    for (size_t i = 0; i < most_steps && going; i++) {
        set_up(w, parameters, kind, scale);
        going = false;
        for (size_t attempt = 0; attempt < 12 && !going; attempt++, damping *= 6) {
            if (!solve_step(w, damping, step)) continue;
            double longest = 0;
            for (size_t p = 0; p < n_p; p++) longest = fmax(longest, fabs(step[p]));
            const double share = longest > LONGEST_STEP ? LONGEST_STEP / longest : 1;
            for (size_t p = 0; p < n_p; p++) trial[p] = parameters[p] + share * step[p];
            mech_course_predict(w->problem, w->l.n_shapes, trial, w->trial_predicted, w->trial_jacobian);
            const double then = data_loss(w, w->trial_predicted, kind, scale) + prior_loss(w, trial);
            if (!(then <= now)) continue;
            going = now - then >= tolerance * (1 + now);
            now = then;
            damping /= 30; /* and 6 times that at the end of this attempt */
            memcpy(parameters, trial, n_p * sizeof *parameters);
            exchange(&w->predicted, &w->trial_predicted);
            exchange(&w->jacobian, &w->trial_jacobian);
            break;
        }
    }
    return data_loss(w, w->predicted, kind, scale);
}

/* The robust standard deviation of the readings, with a correction for what was fitted. */
static double robust_scale(workspace *w) {
    const size_t fitted = (w->held ? 0 : w->l.n_terms) + w->l.n_shapes + w->l.n_runs;
    const double degrees = w->n > fitted + 1 ? (double)(w->n - fitted) : 1;
    for (size_t i = 0; i < w->n; i++) w->sorted[i] = fabs(w->readings[i] - w->predicted[i]);
    return fmax(mech_robust_deviation(w->n, w->sorted) * sqrt((double)w->n / degrees), LEAST_SCALE);
}

/* Scale and parameters in turn, until neither changes. */
static bool fit_with_scale(workspace *w, double *parameters, double *scale) {
    for (size_t round = 0; round < 12; round++) {
        if (isnan(descend(w, parameters, LOSS_HUBER, *scale, round ? 6 : 25, TOLERANCE))) return false;
        const double found = robust_scale(w), change = fabs(log(found / *scale));
        *scale = fmax(found, *scale / 10);
        if (change < 0.02) break;
    }
    return true;
}

static bool make_workspace(workspace *w, const course_problem *problem, size_t most_shapes) {
    *w = (workspace){.problem = problem, .n = problem->n_readings, .held = problem->held};
    const size_t most = mech_course_layout(problem, most_shapes).n_parameters;
    w->readings = mech_allocate_array(w->n, sizeof *w->readings);
    w->predicted = mech_allocate_array(w->n, sizeof *w->predicted);
    w->sorted = mech_allocate_array(w->n, sizeof *w->sorted);
    w->jacobian = mech_allocate_array(w->n * most, sizeof *w->jacobian);
    w->trial_predicted = mech_allocate_array(w->n, sizeof *w->trial_predicted);
    w->trial_jacobian = mech_allocate_array(w->n * most, sizeof *w->trial_jacobian);
    if (!w->readings || !w->predicted || !w->sorted || !w->jacobian || !w->trial_predicted || !w->trial_jacobian)
        return false;
    size_t row = 0;
    for (size_t run = 0; run < problem->n_runs; run++)
        for (size_t i = 0; i < problem->runs[run].n; i++) w->readings[row++] = problem->runs[run].extent[i];
    return true;
}

static void free_workspace(workspace *w) {
    mech_release_array(w->readings);
    mech_release_array(w->predicted);
    mech_release_array(w->sorted);
    mech_release_array(w->jacobian);
    mech_release_array(w->trial_predicted);
    mech_release_array(w->trial_jacobian);
}

/* From here on there are so many shapes. The prior is centred on the orders with which the search begins. */
static void set_shapes(workspace *w, size_t n_shapes) {
    w->l = mech_course_layout(w->problem, n_shapes);
    memset(w->centre, 0, sizeof w->centre);
    memcpy(w->centre, w->problem->orders, w->l.n_terms * sizeof *w->centre);
}

/* The same with parameters that move along; new shapes start at 0. */
static void change_shapes(workspace *w, size_t n_shapes, double *parameters) {
    const course_layout from = w->l, to = mech_course_layout(w->problem, n_shapes);
    double moved[COURSE_MOST_PARAMETERS] = {0};
    memcpy(moved, parameters, from.n_terms * sizeof *moved);
    for (size_t j = 0; j < from.n_shapes && j < n_shapes; j++)
        moved[to.first_shape + j] = parameters[from.first_shape + j];
    for (size_t i = 0; i < 2 * from.n_runs; i++) moved[to.first_offset + i] = parameters[from.first_offset + i];
    memcpy(parameters, moved, sizeof moved);
    set_shapes(w, n_shapes);
}

/* A constant rate with which the readings of a run come near its last one: where the search begins. */
static void begin(const course_problem *problem, double *parameters) {
    const course_layout l = mech_course_layout(problem, 1);
    double pace = 0;
    size_t n = 0;
    memset(parameters, 0, COURSE_MOST_PARAMETERS * sizeof *parameters);
    memcpy(parameters, problem->orders, l.n_terms * sizeof *parameters);
    for (size_t run = 0; run < problem->n_runs; run++) {
        const course_run *r = &problem->runs[run];
        double furthest = 0;
        for (size_t i = 0; i < r->n; i++) furthest = fmax(furthest, r->extent[i]);
        for (size_t i = 0; i < r->n; i++) { /* the time of half of what the run reaches */
            if (!(r->extent[i] >= furthest / 2) || !(r->time[i] > 0) || !(furthest > 0)) continue;
            pace += log(r->extent[i] / r->time[i]) - mech_course_log_rate(problem, 1, parameters, run, furthest / 4);
            n++;
            break;
        }
    }
    parameters[l.first_shape] = n ? pace / (double)n : 0;
}

/* The number of shapes with the least AIC, with its correction for few readings (Hurvich & Tsai, Biometrika 76 (1989)
 * 297), of the Huber loss at the scale of the most flexible fit (Ronchetti, Stat. Probab. Lett. 3 (1985) 21). */
static bool choose_shapes(workspace *w, size_t least, size_t most, double *parameters, double *scale) {
    double kept[COURSE_MOST_SHAPES + 1][COURSE_MOST_PARAMETERS], scales[COURSE_MOST_SHAPES + 1],
        losses[COURSE_MOST_SHAPES + 1];
    begin(w->problem, parameters);
    w->l = mech_course_layout(w->problem, 1);
    for (size_t m = least; m <= most; m++) {
        change_shapes(w, m, parameters);
        if (!fit_with_scale(w, parameters, scale)) return false;
        memcpy(kept[m], parameters, sizeof kept[m]);
        scales[m] = *scale;
    }
    double lowest = INFINITY;
    size_t best = most;
    for (size_t m = least; m <= most; m++) {
        w->l = mech_course_layout(w->problem, m);
        mech_course_predict(w->problem, m, kept[m], w->predicted, NULL);
        losses[m] = 2 * data_loss(w, w->predicted, LOSS_HUBER, scales[most]);
        const double fitted = (double)((w->held ? 0 : w->l.n_terms) + m + w->l.n_runs), n = (double)w->n;
        const double spare = fmax(n - fitted - 1, 0.5), criterion = losses[m] + 2 * fitted * n / spare;
        if (criterion < lowest) {
            lowest = criterion;
            best = m;
        }
    }
    memcpy(parameters, kept[best], sizeof kept[best]);
    *scale = scales[best];
    set_shapes(w, best);
    return true;
}

static double draw_chi_squared(random_stream *r, size_t degrees) {
    double sum = 0;
    for (size_t i = 0; i < degrees; i++) {
        const double z = mech_random_normal(r);
        sum += z * z;
    }
    return fmax(sum, 1e-12);
}

/* The spread of ln of the runs' factors is known from what was told, as if from TOLD_DEGREES runs, and from the factors
 * of the runs that are left over once the orders are found: their pooled variance. */
static size_t spread_degrees(const course_layout *l, bool held) {
    if (held) return TOLD_DEGREES;
    return TOLD_DEGREES + (l->n_runs > l->n_terms + 1 ? l->n_runs - l->n_terms - 1 : 0);
}

static double spread_sum(const course_layout *l, const course_settings *settings, const course_fit *fit) {
    double sum = TOLD_DEGREES * settings->told_spread * settings->told_spread;
    for (size_t i = 0; i < l->n_runs && !settings->spread_held; i++) sum += fit->factors[i] * fit->factors[i];
    return sum;
}

/* Bootstrap of residuals (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, section 9.5): readings are made
 * anew from the fit, with residuals drawn at random from all and with runs' factors of a spread that is drawn, too, and
 * fitted again. Residuals are enlarged for what was fitted and by what their own size is uncertain by, as in Student's
 * distribution. */
static mech_status draw_parameters(workspace *w, const course_settings *settings, course_loss kind, course_fit *fit,
                                   mech_error *error) {
    const size_t n_p = w->l.n_parameters, fitted = w->l.n_terms + w->l.n_shapes + w->l.n_runs;
    const size_t degrees = w->n > fitted + 1 ? w->n - fitted : 1;
    const double enlarged = sqrt((double)w->n / (double)degrees);
    const size_t runs = spread_degrees(&w->l, settings->spread_held);
    const double sum = spread_sum(&w->l, settings, fit);
    fit->draws = mech_allocate_array(settings->n_draws * n_p, sizeof *fit->draws);
    double *expected = mech_allocate_array(w->n, sizeof *expected);
    if (!fit->draws || !expected) {
        mech_release_array(expected);
        return mech_fail_memory(error);
    }
    for (size_t d = 0; d < settings->n_draws; d++) {
        random_stream r = mech_random_open(settings->seed, RANDOM_BOOTSTRAP, settings->stream & 0xFFFF, d);
        double *parameters = fit->draws + fit->n_draws * n_p, start[COURSE_MOST_PARAMETERS];
        const double noise = enlarged * sqrt((double)degrees / draw_chi_squared(&r, degrees));
        const double spread = settings->spread_held ? fit->spread : sqrt(sum / draw_chi_squared(&r, runs));
        memcpy(start, fit->parameters, sizeof start);
        for (size_t f = w->l.first_factor; f < n_p; f++) start[f] = fmin(fmax(spread * mech_random_normal(&r), -2), 2);
        mech_course_predict(w->problem, w->l.n_shapes, start, expected, NULL);
        for (size_t i = 0; i < w->n; i++)
            w->readings[i] = expected[i] + noise * fit->noise[mech_random_below(&r, (uint32_t)w->n)];
        memcpy(parameters, fit->parameters, n_p * sizeof *parameters);
        if (!isnan(descend(w, parameters, kind, fit->scale, 8, DRAW_TOLERANCE))) fit->n_draws++;
    }
    mech_release_array(expected);
    return MECH_OK;
}

mech_status mech_course_fit(const course_problem *problem, const course_settings *settings, course_fit *fit,
                            mech_error *error) {
    *fit = (course_fit){.scale = 0.1};
    mech_status status = MECH_OK;
    workspace *w = malloc(sizeof *w);
    if (!w) return mech_fail_memory(error);
    const size_t plain = problem->n_terms + problem->n_runs;
    size_t most = problem->n_readings > plain ? (problem->n_readings - plain) / 3 : 1;
    most = most > settings->most_shapes ? settings->most_shapes : most;
    most = most < settings->least_shapes ? settings->least_shapes : most;
    fit->residuals = mech_allocate_array(problem->n_readings, sizeof *fit->residuals);
    fit->noise = mech_allocate_array(problem->n_readings, sizeof *fit->noise);
    if (!make_workspace(w, problem, most) || !fit->residuals || !fit->noise) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    /* Orders and g are those with which runs overlay, as they are. */
    const course_loss last = problem->n_runs == 1 ? LOSS_BISQUARE : LOSS_HUBER;
    w->spread = NO_SPREAD;
    if (!choose_shapes(w, settings->least_shapes, most, fit->parameters, &fit->scale)) goto failed;
    if (isnan(descend(w, fit->parameters, last, fit->scale, 25, TOLERANCE))) goto failed;
    for (size_t i = 0; i < w->n; i++) fit->residuals[i] = w->readings[i] - w->predicted[i];
    /* With these orders held, each run has its factor: what is left then is noise. */
    double beside[COURSE_MOST_PARAMETERS], noise_scale = fit->scale;
    memcpy(beside, fit->parameters, sizeof beside);
    w->held = true;
    w->spread = FREE_SPREAD;
    memcpy(w->centre, beside, w->l.n_terms * sizeof *beside);
    if (problem->n_runs > 1 && !fit_with_scale(w, beside, &noise_scale)) goto failed;
    for (size_t i = 0; i < w->n; i++) fit->noise[i] = w->readings[i] - w->predicted[i];
    memcpy(fit->factors, beside + w->l.first_factor, problem->n_runs * sizeof *fit->factors);
    fit->spread = settings->spread_held ? settings->told_spread
                                        : sqrt(spread_sum(&w->l, settings, fit) / (double)spread_degrees(&w->l, false));
    w->held = problem->held;
    w->spread = NO_SPREAD;
    set_shapes(w, w->l.n_shapes);
    fit->layout = w->l;
    if (settings->n_draws) status = draw_parameters(w, settings, last, fit, error);
    goto cleanup;
failed:
    status = mech_fail(error, MECH_NUMERICAL_FAILURE, "the course of the runs cannot be fitted: no finite rate law");
cleanup:
    free_workspace(w);
    free(w);
    return status;
}

void mech_course_fit_free(course_fit *fit) {
    mech_release_array(fit->residuals);
    mech_release_array(fit->noise);
    mech_release_array(fit->draws);
    *fit = (course_fit){0};
}

mech_estimate mech_estimate_of(double value, size_t n, double *values, double level) {
    if (!n) return (mech_estimate){value, -INFINITY, INFINITY};
    mech_sort_numbers(n, values);
    return (mech_estimate){value, fmin(value, mech_quantile(n, values, (1 - level) / 2)),
                           fmax(value, mech_quantile(n, values, (1 + level) / 2))};
}

mech_estimate mech_course_estimate(const course_fit *fit, size_t parameter, double level) {
    double *values = fit->n_draws ? mech_allocate_array(fit->n_draws, sizeof *values) : NULL;
    size_t n = values ? fit->n_draws : 0;
    for (size_t d = 0; d < n; d++) values[d] = fit->draws[d * fit->layout.n_parameters + parameter];
    const mech_estimate e = mech_estimate_of(fit->parameters[parameter], n, values, level);
    mech_release_array(values);
    return e;
}

double mech_course_deviation(const course_problem *problem, const double *residuals) {
    double sum = 0, *sorted = mech_allocate_array(problem->n_readings, sizeof *sorted);
    if (!sorted) return NAN;
    for (size_t run = 0; run < problem->n_runs; residuals += problem->runs[run++].n) {
        const size_t n = problem->runs[run].n;
        for (size_t i = 0; i < n; i++) sorted[i] = fabs(residuals[i]);
        const double deviation = mech_robust_deviation(n, sorted);
        sum += deviation * deviation;
    }
    mech_release_array(sorted);
    return sqrt(sum / (double)problem->n_runs);
}
