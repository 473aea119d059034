/* Intervals of every metric by the bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13):
 * the samples are drawn anew with replacement, as many as there are; the 2.5 and 97.5 % quantiles of a figure over the
 * resamples are the ends of its interval. */
#include "base/numbers/quantiles.h"
#include "judge/metrics/scores.h"

#include "base/interface.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RESAMPLES = 1000000, SCALARS = 8, SETS = 4 };

static const double LOWER_QUANTILE = 0.025, UPPER_QUANTILE = 0.975;

void mech_evaluate_options_init(mech_evaluate_options *options, size_t size) {
    const mech_evaluate_options defaults = {.resamples = 1000, .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

static size_t count_figures(size_t n_labels) {
    return SCALARS + SETS * sizeof(mech_credible_metrics) / sizeof(double) +
           MECH_RELIABILITY_BINS * sizeof(mech_reliability_bin) / sizeof(double) + 3 * n_labels;
}

/* Moves n figures out of a place within the metrics, or back into it. */
static double *move(double *at, void *place, size_t bytes, bool out) {
    if (out)
        memcpy(at, place, bytes);
    else
        memcpy(place, at, bytes);
    return at + bytes / sizeof *at;
}

/* All figures of the metrics as one row of numbers, and back. Credible sets and bins are made of nothing but doubles.
 */
static void move_figures(mech_metrics *m, double *row, bool out) {
    double *const scalars[SCALARS] = {&m->top1,
                                      &m->top3,
                                      &m->cross_entropy,
                                      &m->entropy_mean,
                                      &m->entropy_median,
                                      &m->entropy_sd,
                                      &m->expected_calibration_error,
                                      &m->brier};
    mech_credible_metrics *const sets[SETS] = {&m->credible_95, &m->credible_99, &m->conformal_95, &m->conformal_99};
    for (int i = 0; i < SCALARS; i++) row = move(row, scalars[i], sizeof *row, out);
    for (int i = 0; i < SETS; i++) row = move(row, sets[i], sizeof *sets[i], out);
    row = move(row, m->reliability, sizeof m->reliability, out);
    row = move(row, m->recall, m->n_labels * sizeof *row, out);
    row = move(row, m->precision, m->n_labels * sizeof *row, out);
    move(row, m->f1, m->n_labels * sizeof *row, out);
}

/* Working memory of one thread. */
typedef struct bench {
    uint32_t *weights; /* [n]: how often each sample was drawn */
    mech_metrics *metrics;
} bench;

typedef struct bootstrap {
    const scores *s;
    uint64_t seed;
    size_t n_figures;
    double *rows; /* [resamples][n_figures] */
    bench *benches;
} bootstrap;

static void resample(void *context, size_t number, int member) {
    const bootstrap *b = context;
    const bench *mine = &b->benches[member];
    const uint32_t n = (uint32_t)b->s->n;
    random_stream r = mech_random_open(b->seed, RANDOM_BOOTSTRAP, 0, number);
    memset(mine->weights, 0, n * sizeof *mine->weights);
    for (uint32_t i = 0; i < n; i++) mine->weights[mech_random_below(&r, n)]++;
    mech_metrics_fill(b->s, mine->weights, mine->metrics->confusion, mine->metrics);
    move_figures(mine->metrics, b->rows + number * b->n_figures, true);
}

/* The interval of each figure, as two rows. column[resamples] is working memory. */
static void find_intervals(const bootstrap *b, size_t resamples, double *column, double *lower, double *upper) {
    for (size_t f = 0; f < b->n_figures; f++) {
        size_t n = 0;
        for (size_t r = 0; r < resamples; r++) {
            const double figure = b->rows[r * b->n_figures + f];
            if (!isnan(figure)) column[n++] = figure;
        }
        mech_sort_numbers(n, column);
        lower[f] = mech_quantile(n, column, LOWER_QUANTILE);
        upper[f] = mech_quantile(n, column, UPPER_QUANTILE);
    }
}

static mech_status run_bootstrap(const scores *s, const mech_evaluate_options *options, mech_metrics *lower,
                                 mech_metrics *upper, mech_error *error) {
    mech_status status = MECH_OK;
    bootstrap b = {.s = s, .seed = options->seed, .n_figures = count_figures(s->n_labels)};
    team *t = mech_team_new(options->threads);
    const size_t members = t ? (size_t)mech_team_size(t) : 0;
    double *ends = mech_allocate_array(2 * b.n_figures, sizeof *ends);
    double *column = mech_allocate_array(options->resamples, sizeof *column);
    b.rows = mech_allocate_array(options->resamples, b.n_figures * sizeof *b.rows);
    b.benches = t ? calloc(members, sizeof *b.benches) : NULL;
    if (!t || !ends || !column || !b.rows || !b.benches) status = mech_fail_memory(error);
    for (size_t i = 0; i < members && status == MECH_OK; i++) {
        b.benches[i].weights = mech_allocate_array(s->n, sizeof *b.benches[i].weights);
        status = b.benches[i].weights ? mech_metrics_new(s->n, s->n_labels, &b.benches[i].metrics, error)
                                      : mech_fail_memory(error);
    }
    if (status != MECH_OK) goto cleanup;
    mech_team_share(t, options->resamples, resample, &b);
    find_intervals(&b, options->resamples, column, ends, ends + b.n_figures);
    move_figures(lower, ends, false);
    move_figures(upper, ends + b.n_figures, false);
cleanup:
    for (size_t i = 0; i < members && b.benches; i++) {
        mech_release_array(b.benches[i].weights);
        mech_metrics_free(b.benches[i].metrics);
    }
    free(b.benches);
    mech_release_array(b.rows);
    mech_release_array(column);
    mech_release_array(ends);
    mech_team_free(t);
    return status;
}

mech_status mech_evaluate_intervals(size_t n, size_t n_labels, const float *probabilities, const uint8_t *labels,
                                    const mech_evaluate_options *chosen, mech_metrics **metrics, mech_metrics **lower,
                                    mech_metrics **upper, mech_error *error) {
    mech_metrics *m = NULL, *low = NULL, *high = NULL;
    scores s = {0};
    *metrics = NULL;
    if (lower) *lower = NULL;
    if (upper) *upper = NULL;
    mech_evaluate_options own = mech_evaluate_options_default();
    const mech_evaluate_options *options = &own;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_evaluate_options", error);
    if (status != MECH_OK) return status;
    if (options->resamples > MOST_RESAMPLES || (options->resamples && (!lower || !upper)))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%zu resamples; expected at most %d and room for both ends",
                         options->resamples, MOST_RESAMPLES);
    status = mech_scores_new(n, n_labels, probabilities, labels, options, &s, error);
    if (status == MECH_OK) status = mech_metrics_new(n, n_labels, &m, error);
    if (status != MECH_OK) goto cleanup;
    mech_metrics_fill(&s, NULL, m->confusion, m);
    if (options->resamples) {
        status = mech_metrics_new(n, n_labels, &low, error);
        if (status == MECH_OK) status = mech_metrics_new(n, n_labels, &high, error);
        if (status == MECH_OK) status = run_bootstrap(&s, options, low, high, error);
        if (status != MECH_OK) goto cleanup;
        *lower = low;
        *upper = high;
        low = high = NULL;
    }
    *metrics = m;
    m = NULL;
cleanup:
    mech_scores_free(&s);
    mech_metrics_free(m);
    mech_metrics_free(low);
    mech_metrics_free(high);
    return status;
}

mech_status mech_evaluate(size_t n, size_t n_labels, const float *probabilities, const uint8_t *labels,
                          mech_metrics **metrics, mech_error *error) {
    const mech_evaluate_options plain = {.size = sizeof plain};
    return mech_evaluate_intervals(n, n_labels, probabilities, labels, &plain, metrics, NULL, NULL, error);
}
