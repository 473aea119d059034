#include "fit/theta/prior.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/cholesky.h"
#include "data/conditions/conditions.h"
#include "data/conditions/split.h"
#include "data/laboratory/scaling.h"
#include "data/prior/thetas.h"
#include "fit/theta/accepted_thetas.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

/* Of no data set that anyone is likely to have. */
enum { SEED = 1836215139 };

/* The run that a theta's unit of time is taken from. */
static const double LOADING = 0.05;

/* Runs are followed to 30 to 99 % of their conversion, some far beyond: ln of the time to half of it, over the longest
 * run, has about this mean (a third) and this standard deviation. */
static const double HALF_TIME = -1.2, HALF_TIME_SPREAD = 1.2;

/* Loadings of the design, and their middle. */
static const double FEWEST = 0.008, MOST = 0.12, MIDDLE = 0.047;

/* Of a covariance, relative to its diagonal. */
static const double RIDGE = 1e-6;

typedef struct half_times {
    const theta_pool *pool;
    const mech_mechanism *mechanism;
    double *times; /* [pool->n] */
} half_times;

static bool next_theta(void *context, size_t problem, double *k, double *start, double *t_end) {
    const half_times *h = context;
    if (problem >= h->pool->n) return false;
    memcpy(k, h->pool->k + problem * h->pool->n_k, h->pool->n_k * sizeof *k);
    mech_start_run(h->mechanism, 1, 0, LOADING, h->pool->additive[problem], start);
    *t_end = LAST_TIME;
    return true;
}

static void take_half_time(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    const half_times *h = context;
    const int s = h->mechanism->substrate;
    h->times[problem] = LAST_TIME;
    if (!failed && solution->n_steps) mech_path_first_crossing(solution, s, (1 + end[s]) / 2, &h->times[problem]);
}

void mech_theta_candidate(const prior *wide, const mech_mechanism *mechanism, uint64_t number, double *k,
                          double *additive) {
    random_stream r = mech_random_open(SEED, RANDOM_THETA, (uint64_t)SPLIT_TRAIN, number);
    mech_prior_draw(wide, 0, &r, k);
    *additive = mech_draw_additive(mechanism, MECH_DESIGN_NATURE, &r);
}

const char *const mech_recorded_compositions[] = {"B1", "B2", "M1+PI", "M1+SI", "M1+LI", "M1+BG", "M6+PD", "M6+AC"};

size_t mech_recorded_compositions_size(void) {
    return sizeof mech_recorded_compositions / sizeof mech_recorded_compositions[0];
}

/* The row of the record that is this mechanism's, NULL where it has none. */
static const uint32_t *find_record(const mech_mechanism *mechanism) {
    const part *chosen[N_ROWS];
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (mech_builtin(i) == mechanism || mech_mechanism_equal(mech_builtin(i), mechanism)) return accepted_thetas[i];
    for (size_t i = 0; i < mech_recorded_compositions_size(); i++)
        if (strcmp(mech_recorded_compositions[i], mechanism->id) == 0 && mech_decompose(mechanism, chosen))
            return accepted_thetas[mech_builtin_count() + i];
    return NULL;
}

bool mech_theta_on_record(const mech_mechanism *mechanism) { return find_record(mechanism) != NULL; }

/* Fills a pool with the first n accepted thetas of a prior, on the calling thread. */
static mech_status draw_pool(const mech_mechanism *mechanism, const prior *ranges, size_t label, size_t n,
                             theta_pool *pool, mech_error *error) {
    team *alone = mech_team_new(1);
    if (!alone) return mech_fail_memory(error);
    const mech_status status =
        mech_draw_thetas_within(mechanism, ranges, label, MECH_DESIGN_NATURE, SEED, n, alone, pool, error);
    mech_team_free(alone);
    return status;
}

mech_status mech_theta_recorded(const mech_mechanism *mechanism, size_t n, theta_pool *pool, mech_error *error) {
    const uint32_t *record = find_record(mechanism);
    const size_t n_k = (size_t)mechanism->n_rate_constants;
    prior *wide = NULL;
    *pool = (theta_pool){0};
    mech_status status = mech_prior_new("wide", &mechanism, 1, &wide, error);
    if (status == MECH_OK && (!record || n > N_ACCEPTED_THETAS)) {
        status = draw_pool(mechanism, wide, 0, n, pool, error);
    } else if (status == MECH_OK) {
        if (!mech_theta_pool_new(n, n_k, pool)) status = mech_fail_memory(error);
        for (pool->n = 0; pool->n < n && status == MECH_OK; pool->n++)
            mech_theta_candidate(wide, mechanism, record[pool->n], pool->k + pool->n * n_k, &pool->additive[pool->n]);
    }
    mech_prior_free(wide);
    return status;
}

/* `times` is written through a context, which clang-tidy does not see.
 * NOLINTNEXTLINE(readability-non-const-parameter) */
mech_status mech_theta_half_times(const mech_mechanism *mechanism, const theta_pool *pool, double *times,
                                  mech_error *error) {
    half_times h = {.pool = pool, .mechanism = mechanism, .times = times};
    const mech_solver_options solver = mech_solver_options_default();
    mech_solver_statistics statistics = {0};
    const integration_job job = {.next = next_theta, .finished = take_half_time, .context = &h, .records = true};
    return mech_rosenbrock_run(mechanism, &solver, &job, &statistics, error);
}

/* Accepted thetas, of compositions that are not on record from those of their parts. */
static mech_status draw_timed(const mech_mechanism *mechanism, const prior *ranges, size_t label, size_t n,
                              const timed_thetas *base, timed_thetas *to, mech_error *error) {
    const part *chosen[N_ROWS];
    const bool narrow = ranges && !mech_prior_is_wide(ranges, label);
    if (!narrow && !mech_theta_on_record(mechanism) && mech_decompose(mechanism, chosen))
        return mech_compose_thetas(chosen, n, base, to, error);
    mech_status status = narrow ? draw_pool(mechanism, ranges, label, n, &to->pool, error)
                                : mech_theta_recorded(mechanism, n, &to->pool, error);
    if (status != MECH_OK) return status;
    to->times = mech_allocate_array(to->pool.n, sizeof *to->times);
    return to->times ? mech_theta_half_times(mechanism, &to->pool, to->times, error) : mech_fail_memory(error);
}

mech_status mech_theta_draws_new(const mech_mechanism *mechanism, const prior *ranges, size_t label, size_t n,
                                 const theta_draws *base, theta_draws *d, mech_error *error) {
    *d = (theta_draws){.mechanism = mechanism};
    random_stream r = mech_random_open(0, RANDOM_THETA, 0, 0);
    const bool fits_additive = mech_additive_species(mechanism) >= 0 && mechanism->mechanism_class != MECH_CLASS_USER &&
                               mech_draw_additive(mechanism, MECH_DESIGN_NATURE, &r) > 0;
    const size_t n_k = (size_t)mechanism->n_rate_constants;
    d->n_theta = n_k + fits_additive;
    d->theta = mech_allocate_array(n * d->n_theta, sizeof *d->theta);
    mech_status status = d->theta ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK)
        status = draw_timed(mechanism, ranges, label, n, base ? &base->drawn : NULL, &d->drawn, error);
    if (status == MECH_OK) d->n = d->drawn.pool.n;
    for (size_t i = 0; i < d->n; i++) {
        double *theta = d->theta + i * d->n_theta;
        for (size_t j = 0; j < n_k; j++) theta[j] = log(d->drawn.pool.k[i * n_k + j] * d->drawn.times[i]);
        if (fits_additive) theta[n_k] = log(d->drawn.pool.additive[i]);
    }
    return status;
}

void mech_theta_draws_free(theta_draws *d) {
    mech_release_array(d->theta);
    mech_timed_thetas_free(&d->drawn);
    *d = (theta_draws){0};
}

/* How the loadings of the runs compare with the design's: 1 within its range, else as many times as large. */
static double loading_scale(const observations *data) {
    double sum = 0, least = INFINITY, most = 0;
    size_t n = 0;
    for (size_t r = 0; r < data->n_runs; r++) {
        const double c = data->runs[r].cat0;
        if (!(c > 0)) continue;
        sum += log(c);
        least = fmin(least, c);
        most = fmax(most, c);
        n++;
    }
    return n && !(least >= FEWEST && most <= MOST) ? exp(sum / (double)n) / MIDDLE : 1;
}

static void carry_over(const theta_draws *d, const fit_space *s, double *theta) {
    /* In units of the half time, which grows as loadings fall, a rate constant goes by one power less. */
    const double scale = log(loading_scale(s->data));
    int exponents[MAX_RATE_CONSTANTS];
    mech_scaling_exponents(d->mechanism, exponents);
    for (size_t i = 0; i < d->n; i++)
        for (size_t j = 0; j < d->n_theta; j++)
            theta[i * d->n_theta + j] =
                d->theta[i * d->n_theta + j] + (j < s->n_k ? scale * (exponents[j] - 1) - HALF_TIME : scale);
}

/* Covariance of the draws, and their mean. */
static void find_moments(const theta_prior *p, double *covariance) {
    const size_t d = p->n_theta;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < d; j++) p->mean[j] += p->theta[i * d + j] / (double)p->n;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                covariance[j * d + k] +=
                    (p->theta[i * d + j] - p->mean[j]) * (p->theta[i * d + k] - p->mean[k]) / (double)(p->n - 1);
    for (size_t j = 0; j < d; j++) covariance[j * d + j] *= 1 + RIDGE;
}

/* The upper triangular factor U of the precision, U'U = inverse of a, of a covariance a that is overwritten; false
 * where it is singular. */
static bool factor_of_precision(size_t d, double *a, double *factor) {
    double precision[FIT_MOST_THETA * FIT_MOST_THETA];
    if (!mech_cholesky(d, a)) return false;
    for (size_t i = 0; i < d; i++) {
        memset(precision + i * d, 0, d * sizeof *precision);
        precision[i * d + i] = 1;
        mech_cholesky_solve(d, a, precision + i * d);
    }
    if (!mech_cholesky(d, precision)) return false;
    for (size_t i = 0; i < d; i++)
        for (size_t j = i; j < d; j++) factor[i * d + j] = precision[j * d + i];
    return true;
}

static void multiply(const theta_prior *p, const double *theta, double *whitened) {
    const size_t d = p->n_theta;
    for (size_t i = 0; i < d; i++) {
        whitened[i] = 0;
        for (size_t j = i; j < d; j++) whitened[i] += p->factor[i * d + j] * theta[j];
    }
}

static mech_status set_kernels(const fit_space *s, theta_prior *p, double *covariance, mech_error *error) {
    const size_t d = p->n_theta;
    const double h = pow(4 / ((double)p->n * ((double)d + 2)), 1 / ((double)d + 4)), keep = sqrt(1 - h * h);
    for (size_t j = 0; j < d; j++) p->spread[j] = sqrt(covariance[j * d + j]);
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++) {
            covariance[j * d + k] *= h * h;
            if (j < s->n_k && k < s->n_k) covariance[j * d + k] += HALF_TIME_SPREAD * HALF_TIME_SPREAD;
        }
    for (size_t j = 0; j < s->n_k; j++) p->spread[j] = hypot(p->spread[j], HALF_TIME_SPREAD);
    if (!factor_of_precision(d, covariance, p->factor))
        return mech_fail(error, MECH_NUMERICAL_FAILURE, "the rate constants of %s do not vary", s->mechanism->id);
    p->log_norm = -log((double)p->n) - 0.5 * (double)d * log(2 * acos(-1));
    for (size_t j = 0; j < d; j++) p->log_norm += log(p->factor[j * d + j]);
    for (size_t i = 0; i < p->n; i++) {
        double centre[FIT_MOST_THETA];
        for (size_t j = 0; j < d; j++) centre[j] = p->mean[j] + keep * (p->theta[i * d + j] - p->mean[j]);
        multiply(p, centre, p->kernels + i * d);
    }
    return MECH_OK;
}

mech_status mech_theta_prior_new(const theta_draws *draws, const fit_space *s, theta_prior *p, mech_error *error) {
    const size_t d = draws->n_theta;
    *p = (theta_prior){.n = draws->n, .n_theta = d};
    p->theta = mech_allocate_array(p->n * d, sizeof *p->theta);
    p->kernels = mech_allocate_array(p->n * d, sizeof *p->kernels);
    p->factor = mech_allocate_array(d * d, sizeof *p->factor);
    p->mean = mech_allocate_array(d, sizeof *p->mean);
    p->spread = mech_allocate_array(d, sizeof *p->spread);
    double *covariance = mech_allocate_array(d * d, sizeof *covariance);
    mech_status status =
        p->theta && p->kernels && p->factor && p->mean && p->spread && covariance ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) {
        carry_over(draws, s, p->theta);
        find_moments(p, covariance);
        status = set_kernels(s, p, covariance, error);
    }
    mech_release_array(covariance);
    return status;
}

void mech_theta_prior_free(theta_prior *p) {
    mech_release_array(p->theta);
    mech_release_array(p->kernels);
    mech_release_array(p->factor);
    mech_release_array(p->mean);
    mech_release_array(p->spread);
    *p = (theta_prior){0};
}

/* factor' factor. */
static void find_curvature(const theta_prior *p, double *curvature) {
    const size_t d = p->n_theta;
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++) {
            curvature[j * d + k] = 0;
            for (size_t l = 0; l <= (j < k ? j : k); l++)
                curvature[j * d + k] += p->factor[l * d + j] * p->factor[l * d + k];
        }
}

double mech_theta_kernel_log(const theta_prior *p, const double *centre, const double *theta, double *gradient,
                             double *curvature) {
    const size_t d = p->n_theta;
    double away[FIT_MOST_THETA] = {0}, at[FIT_MOST_THETA], square = 0;
    for (size_t j = 0; j < d; j++) away[j] = theta[j] - centre[j];
    multiply(p, away, at);
    for (size_t j = 0; j < d; j++) square += at[j] * at[j];
    for (size_t j = 0; j < d && gradient; j++) {
        gradient[j] = 0;
        for (size_t k = 0; k <= j; k++) gradient[j] -= p->factor[k * d + j] * at[k];
    }
    if (curvature) find_curvature(p, curvature);
    return -square / 2;
}

double mech_theta_prior_log(const theta_prior *p, const double *theta, double *gradient, double *curvature) {
    const size_t d = p->n_theta;
    double at[FIT_MOST_THETA], pull[FIT_MOST_THETA] = {0}, least = INFINITY, sum = 0;
    multiply(p, theta, at);
    for (size_t i = 0; i < p->n; i++) {
        double square = 0;
        for (size_t j = 0; j < d; j++) square += (at[j] - p->kernels[i * d + j]) * (at[j] - p->kernels[i * d + j]);
        /* Sums relative to the nearest kernel so far. */
        if (square < least) {
            const double shrink = exp((square - least) / 2);
            sum *= shrink;
            for (size_t j = 0; j < d && gradient; j++) pull[j] *= shrink;
            least = square;
        }
        const double weight = exp((least - square) / 2);
        sum += weight;
        for (size_t j = 0; j < d && gradient; j++) pull[j] += weight * (p->kernels[i * d + j] - at[j]);
    }
    for (size_t j = 0; j < d && gradient; j++) {
        gradient[j] = 0;
        for (size_t k = 0; k <= j; k++) gradient[j] += p->factor[k * d + j] * pull[k] / sum;
    }
    if (curvature) find_curvature(p, curvature);
    return p->log_norm - least / 2 + log(sum);
}

void mech_theta_prior_draw(const theta_prior *p, random_stream *r, double *theta) {
    const size_t d = p->n_theta;
    const double *kernel = p->kernels + mech_random_below(r, (uint32_t)p->n) * d;
    for (size_t j = 0; j < d; j++) theta[j] = kernel[j] + mech_random_normal(r);
    for (size_t j = d; j-- > 0;) {
        for (size_t k = j + 1; k < d; k++) theta[j] -= p->factor[j * d + k] * theta[k];
        theta[j] /= p->factor[j * d + j];
    }
}

void mech_theta_stretch(const fit_space *s, double factor, double *theta) {
    for (size_t j = 0; j < s->n_k; j++) theta[j] += log(factor);
}
