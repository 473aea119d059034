/* Optima and Laplace's approximation about them. */
#include "fit/evidence/evidence.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Errors are taken to be about so large while optima are looked for. */
static const double WORKING[FIT_ERRORS] = {[ERROR_CATALYST] = 0.05,
                                           [ERROR_START] = 0.012,
                                           [ERROR_CLOCK] = 0.01,
                                           [ERROR_PRODUCT] = 0.012,
                                           [ERROR_SECOND] = 0.25};

/* The solver's rtol while optima are looked for, which are then followed to the end with the one that is asked for. */
static const double FIRST_LOOK_RTOL = 1e-4;

/* Levels whose share of the probability is so many nats below the largest are left out. */
static const double LEFT_OUT = 14;

/* Scouts whose posterior is so many nats below the best optimum's are left out. */
static const double FAR_OFF = 20;

/* Nats by which a scout has to end above the best optimum to be followed. */
static const double BETTER = 0.5;

/* A level counts as one of the loose ones from this share on. */
static const double LOOSE_SHARE = 0.02;

void mech_fit_evidence_free(fit_evidence *e) {
    mech_release_array(e->scouts);
    mech_release_array(e->levels);
    mech_release_array(e->components);
    for (size_t i = 0; i < EVIDENCE_MOST_MODES; i++) {
        mech_release_array(e->modes[i].at.x);
        mech_release_array(e->modes[i].precision[0]);
        mech_error_normal_free(&e->modes[i].normal);
    }
    mech_release_array(e->samples);
    mech_release_array(e->errors);
    *e = (fit_evidence){0};
}

static bool mode_new(const fit_space *s, fit_mode *m) {
    const size_t d = s->n_theta;
    m->at.x = mech_allocate_array(s->n, sizeof *m->at.x);
    m->precision[0] = mech_allocate_array(2 * d * d + 2 * d, sizeof *m->precision[0]);
    if (!mech_error_normal_new(s, &m->normal) || !m->at.x || !m->precision[0]) return false;
    m->precision[1] = m->precision[0] + d * d;
    m->centre[0] = m->precision[1] + d * d;
    m->centre[1] = m->centre[0] + d;
    return true;
}

/* What the noise's own uncertainty is worth: a normal integral over ln of the additive part, whose information is
 * 2 n f / (f + 3) for Student's t with f degrees of freedom (2 n for the normal distribution), under its prior. */
static double noise_volume(const fit_evidence *e, const noise_level *noise) {
    if (e->noise_is_told) return 0;
    const double information =
        2 * (double)e->space->data->n * (noise->gaussian ? 1 : NOISE_FREEDOM / (NOISE_FREEDOM + 3));
    return 0.5 * log(2 * acos(-1) / information) - log(log(MOST_NOISE / LEAST_NOISE));
}

/* Laplace's approximation about one optimum under every level: weights[n_levels] receives each level's share. */
static mech_status approximate(const fit_evidence *e, double rtol, fit_mode *m, double *weights, mech_error *error) {
    const fit_space *s = e->space;
    const size_t rows = s->data->n, c = mech_fit_n_columns(s, DERIVATIVES_BY_ALL), d = s->n_theta;
    double slope[FIT_MOST_THETA], curvature[FIT_MOST_THETA * FIT_MOST_THETA];
    double *values = mech_allocate_array(rows * (3 + c), sizeof *values);
    if (!values) return mech_fail_memory(error);
    double *pull = values + rows, *weight = pull + rows, *derivatives = weight + rows;
    bool ok = false;
    const mech_status status =
        mech_fit_curves(s, 1, m->at.x, DERIVATIVES_BY_ALL, rtol, values, derivatives, &ok, error);
    m->log_evidence = -INFINITY;
    if (status == MECH_OK && ok) {
        const double likely = mech_noise_log(s->data, &m->at.noise, values, pull, weight);
        mech_error_normal_fill(s, pull, weight, derivatives, DERIVATIVES_BY_ALL, &m->normal);
        const double expected = mech_theta_prior_log(e->prior, m->at.x, slope, curvature);
        const double base = likely + expected + noise_volume(e, &m->at.noise);
        for (size_t j = 0; j < d; j++) slope[j] = -slope[j];
        const double *errors = m->at.x + d;
        m->log_evidence = base + mech_error_sum(s, &m->normal, errors, e->all_levels, slope, curvature, weights);
        m->likeliest = 0;
        for (size_t l = 0; l < e->all_levels->n; l++) {
            weights[l] += base;
            if (weights[l] > weights[m->likeliest]) m->likeliest = l;
        }
        size_t loosest = m->likeliest;
        for (size_t l = 0; l < e->all_levels->n; l++)
            if (weights[l] > m->log_evidence + log(LOOSE_SHARE) &&
                e->all_levels->level[l].spread[ERROR_CATALYST] > e->all_levels->level[loosest].spread[ERROR_CATALYST])
                loosest = l;
        const size_t chosen[2] = {m->likeliest, loosest};
        for (size_t i = 0; i < 2; i++) {
            double shift[FIT_MOST_THETA];
            mech_error_integral(s, &m->normal, errors, &e->all_levels->level[chosen[i]], slope, curvature,
                                m->precision[i], shift);
            for (size_t j = 0; j < d; j++) m->centre[i][j] = m->at.x[j] + fmin(fmax(shift[j], -1), 1);
        }
    }
    mech_release_array(values);
    return status;
}

/* Approximates all optima; shares[n_levels] of the levels. */
static mech_status approximate_all(fit_evidence *e, double rtol, double *shares, double *weights, mech_error *error) {
    mech_status status = MECH_OK;
    memset(shares, 0, e->all_levels->n * sizeof *shares);
    e->log_evidence = -INFINITY;
    double reference = 0;
    for (size_t i = 0; i < e->n_optima && status == MECH_OK; i++) {
        status = approximate(e, rtol, &e->modes[i], weights, error);
        if (status != MECH_OK || !(e->modes[i].log_evidence > -INFINITY)) continue;
        if (!(e->log_evidence > -INFINITY)) reference = e->modes[i].log_evidence;
        e->log_evidence = mech_add_logarithms(e->log_evidence, e->modes[i].log_evidence);
        for (size_t l = 0; l < e->all_levels->n; l++) shares[l] += exp(weights[l] - reference);
    }
    e->found = e->log_evidence > -INFINITY;
    return status;
}

mech_status mech_fit_evidence_new(const optima_request *request, const error_levels *levels, fit_evidence *e,
                                  mech_error *error) {
    *e = (fit_evidence){.space = request->space,
                        .prior = request->prior,
                        .all_levels = levels,
                        .noise_is_told = request->noise_is_told,
                        .error = INFINITY};
    optima_request q = *request;
    optimum at[EVIDENCE_MOST_OPTIMA];
    double *shares = mech_allocate_array(2 * levels->n, sizeof *shares);
    mech_status status = shares ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < EVIDENCE_MOST_OPTIMA && status == MECH_OK; i++) {
        if (!mode_new(e->space, &e->modes[i])) status = mech_fail_memory(error);
        at[i] = e->modes[i].at;
    }
    /* Where spreads are told, the working ones are these. */
    const error_spreads *loosest = &levels->level[levels->n - 1];
    for (size_t j = 0; j < FIT_ERRORS; j++) q.spreads.spread[j] = fmin(WORKING[j], loosest->spread[j]);
    if (e->space->data->tells_second) q.spreads.spread[ERROR_SECOND] = q.spreads.spread[ERROR_START];
    memset(q.spreads.mean, 0, sizeof q.spreads.mean);
    e->scouts = mech_allocate_array(EVIDENCE_MOST_SCOUTS * e->space->n_theta, sizeof *e->scouts);
    e->levels = mech_allocate_array(1, sizeof *e->levels);
    if (!e->scouts || !e->levels) status = mech_fail_memory(error);
    q.n_scouts = EVIDENCE_MOST_SCOUTS;
    q.scouts = e->scouts;
    q.rtol = FIRST_LOOK_RTOL;
    if (status == MECH_OK) status = mech_find_optima(&q, q.quick ? 1 : EVIDENCE_MOST_OPTIMA, at, &e->n_optima, error);
    q.rtol = request->rtol;
    for (size_t i = 0; i < e->n_optima && status == MECH_OK; i++) e->modes[i].at = at[i];
    if (status == MECH_OK) status = approximate_all(e, q.rtol, shares, shares + levels->n, error);
    if (status == MECH_OK && e->found) {
        /* Once more with the spreads that the readings speak for. */
        size_t best = 0;
        for (size_t i = 1; i < e->n_optima; i++)
            if (e->modes[i].log_evidence > e->modes[best].log_evidence) best = i;
        q.spreads = levels->level[e->modes[best].likeliest];
        for (size_t i = 0; i < e->n_optima; i++) at[i] = e->modes[i].at;
        status = mech_improve_optima(&q, e->n_optima, at, error);
        for (size_t i = 0; i < e->n_optima; i++) e->modes[i].at = at[i];
        if (status == MECH_OK) status = approximate_all(e, q.rtol, shares, shares + levels->n, error);
        if (status == MECH_OK && e->found) mech_error_levels_keep(levels, 1, shares, LEFT_OUT, e->levels);
    }
    e->n_modes = e->n_optima;
    mech_release_array(shares);
    return status;
}

/* What is known of theta about the end of a scout under one level: its precision. */
static mech_status approximate_scout(const fit_evidence *e, const error_spreads *level, double rtol, fit_mode *m,
                                     mech_error *error) {
    const fit_space *s = e->space;
    const size_t rows = s->data->n, c = mech_fit_n_columns(s, DERIVATIVES_BY_ALL), d = s->n_theta;
    double slope[FIT_MOST_THETA] = {0}, curvature[FIT_MOST_THETA * FIT_MOST_THETA];
    double *values = mech_allocate_array(rows * (3 + c), sizeof *values);
    if (!values) return mech_fail_memory(error);
    double *pull = values + rows, *weight = pull + rows, *derivatives = weight + rows;
    bool ok = false;
    const mech_status status =
        mech_fit_curves(s, 1, m->at.x, DERIVATIVES_BY_ALL, rtol, values, derivatives, &ok, error);
    if (status == MECH_OK && ok) {
        mech_noise_log(s->data, &m->at.noise, values, pull, weight);
        mech_error_normal_fill(s, pull, weight, derivatives, DERIVATIVES_BY_ALL, &m->normal);
        mech_theta_kernel_log(e->prior, m->at.x, m->at.x, NULL, curvature);
        ok =
            mech_error_integral(s, &m->normal, m->at.x + d, level, slope, curvature, m->precision[0], NULL) > -INFINITY;
        memcpy(m->precision[1], m->precision[0], d * d * sizeof *m->precision[1]);
        for (size_t i = 0; i < 2; i++) memcpy(m->centre[i], m->at.x, d * sizeof *m->centre[i]);
    }
    if (!ok) m->log_evidence = -INFINITY;
    mech_release_array(values);
    return status;
}

/* Where a scout came to a better place than the searches, goes on from there and puts that in the best one's place. */
static mech_status follow_best_scout(const optima_request *q, fit_evidence *e, size_t best, const optimum *scouts,
                                     mech_error *error) {
    size_t first = 0;
    for (size_t i = 1; i < EVIDENCE_MOST_SCOUTS; i++)
        if (scouts[i].log_posterior > scouts[first].log_posterior) first = i;
    fit_mode *m = &e->modes[best];
    if (!(scouts[first].log_posterior > m->at.log_posterior + BETTER)) return MECH_OK;
    double *weights = mech_allocate_array(e->all_levels->n, sizeof *weights);
    if (!weights) return mech_fail_memory(error);
    memcpy(m->at.x, scouts[first].x, e->space->n * sizeof *m->at.x);
    mech_status status = mech_improve_optima(q, 1, &m->at, error);
    if (status == MECH_OK) status = approximate(e, q->rtol, m, weights, error);
    mech_release_array(weights);
    return status;
}

mech_status mech_fit_evidence_scout(const optima_request *request, fit_evidence *e, mech_error *error) {
    if (!e->found) return MECH_OK;
    size_t best = 0;
    for (size_t i = 1; i < e->n_optima; i++)
        if (e->modes[i].at.log_posterior > e->modes[best].at.log_posterior) best = i;
    optima_request q = *request;
    q.spreads = e->all_levels->level[e->modes[best].likeliest];
    q.rtol = FIRST_LOOK_RTOL;
    optimum at[EVIDENCE_MOST_SCOUTS];
    mech_status status = MECH_OK;
    for (size_t i = 0; i < EVIDENCE_MOST_SCOUTS && status == MECH_OK; i++) {
        fit_mode *m = &e->modes[e->n_optima + i];
        if (!m->at.x && !mode_new(e->space, m)) status = mech_fail_memory(error);
        at[i] = m->at;
    }
    if (status == MECH_OK)
        status = mech_scout_optima(&q, &e->modes[best].at, EVIDENCE_MOST_SCOUTS, e->scouts, at, error);
    q.rtol = request->rtol;
    if (status == MECH_OK) status = follow_best_scout(&q, e, best, at, error);
    e->n_modes = e->n_optima;
    for (size_t i = 0; i < EVIDENCE_MOST_SCOUTS && status == MECH_OK; i++) {
        fit_mode *m = &e->modes[e->n_optima + i];
        m->at = at[i];
        m->likeliest = e->modes[best].likeliest;
        m->log_evidence = at[i].log_posterior - e->modes[best].at.log_posterior;
        if (m->log_evidence > -FAR_OFF)
            status = approximate_scout(e, &q.spreads, q.rtol, m, error);
        else
            m->log_evidence = -INFINITY;
        e->n_modes++;
    }
    return status;
}
