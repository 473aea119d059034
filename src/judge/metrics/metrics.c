/* How good probabilities are against the truth. Definitions and sources: docs/metrics.md. */
#include "judge/metrics/scores.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE_CLASSES = sizeof((mech_credible_metrics){0}.size_share) / sizeof(double) };

/* Sums over the samples, before they become means. */
typedef struct tally {
    double count[MECH_RELIABILITY_BINS], confidence[MECH_RELIABILITY_BINS], right[MECH_RELIABILITY_BINS];
    double entropy, cross_entropy, brier;
    uint64_t top1, top3;
    uint64_t covered[N_SETS], size_sum[N_SETS], sizes[N_SETS][SIZE_CLASSES];
} tally;

static void tally_sample(const score *s, uint32_t weight, tally *t) {
    const double w = weight;
    t->entropy += w * s->entropy;
    t->cross_entropy += w * s->cross_entropy;
    t->brier += w * s->brier;
    t->top1 += s->rank == 0 ? weight : 0;
    t->top3 += s->rank < 3 ? weight : 0;
    t->count[s->bin] += w;
    t->confidence[s->bin] += w * s->confidence;
    t->right[s->bin] += s->rank == 0 ? w : 0;
    for (int set = 0; set < N_SETS; set++) {
        const uint64_t size = s->set_size[set];
        if (!size) continue;
        t->covered[set] += s->rank < size ? weight : 0;
        t->size_sum[set] += weight * size;
        t->sizes[set][(size < SIZE_CLASSES ? size : SIZE_CLASSES) - 1] += weight;
    }
}

static void finish_set(const tally *t, set_kind set, double level, double n, mech_credible_metrics *m) {
    m->level = level;
    m->coverage = (double)t->covered[set] / n;
    m->mean_size = (double)t->size_sum[set] / n;
    for (size_t i = 0; i < SIZE_CLASSES; i++) m->size_share[i] = (double)t->sizes[set][i] / n;
}

static void finish_reliability(const tally *t, double n, mech_metrics *m) {
    m->expected_calibration_error = 0;
    for (int bin = 0; bin < MECH_RELIABILITY_BINS; bin++) {
        const double count = t->count[bin];
        m->reliability[bin] = (mech_reliability_bin){count / n, count > 0 ? t->confidence[bin] / count : NAN,
                                                     count > 0 ? t->right[bin] / count : NAN};
        m->expected_calibration_error += fabs(t->right[bin] - t->confidence[bin]) / n;
    }
}

static double share_or_nothing(uint64_t part, uint64_t whole) { return whole ? (double)part / (double)whole : NAN; }

static void finish_labels(const uint64_t *counts, mech_metrics *m) {
    const size_t n = m->n_labels;
    for (size_t c = 0; c < n; c++) {
        uint64_t actual = 0, called = 0;
        const uint64_t right = counts[c * n + c];
        for (size_t d = 0; d < n; d++) {
            actual += counts[c * n + d];
            called += counts[d * n + c];
        }
        m->recall[c] = share_or_nothing(right, actual);
        m->precision[c] = share_or_nothing(right, called);
        m->f1[c] = share_or_nothing(2 * right, actual + called);
    }
}

/* Standard deviation and median of the entropies, which stand in ascending order. */
static void finish_entropy(const scores *s, const uint32_t *weights, mech_metrics *m) {
    const uint64_t low = (s->n - 1) / 2, high = s->n / 2;
    uint64_t before = 0;
    double squares = 0, median = 0;
    for (size_t i = 0; i < s->n; i++) {
        const uint32_t weight = weights ? weights[i] : 1;
        const double entropy = s->of[i].entropy, off = entropy - m->entropy_mean;
        squares += weight * off * off;
        if (low >= before && low < before + weight) median += entropy / 2;
        if (high >= before && high < before + weight) median += entropy / 2;
        before += weight;
    }
    m->entropy_sd = sqrt(squares / (double)s->n);
    m->entropy_median = median;
}

void mech_metrics_fill(const scores *s, const uint32_t *weights, uint64_t *counts, mech_metrics *m) {
    const double n = (double)s->n;
    tally t = {0};
    memset(counts, 0, s->n_labels * s->n_labels * sizeof *counts);
    for (size_t i = 0; i < s->n; i++) {
        const uint32_t weight = weights ? weights[i] : 1;
        if (!weight) continue;
        tally_sample(&s->of[i], weight, &t);
        counts[s->of[i].truth * s->n_labels + s->of[i].called] += weight;
    }
    m->top1 = (double)t.top1 / n;
    m->top3 = (double)t.top3 / n;
    m->cross_entropy = t.cross_entropy / n;
    m->entropy_mean = t.entropy / n;
    m->brier = t.brier / n;
    finish_set(&t, CREDIBLE_95, s->level[CREDIBLE_95], n, &m->credible_95);
    finish_set(&t, CREDIBLE_99, s->level[CREDIBLE_99], n, &m->credible_99);
    finish_set(&t, CONFORMAL_95, s->level[CONFORMAL_95], n, &m->conformal_95);
    finish_set(&t, CONFORMAL_99, s->level[CONFORMAL_99], n, &m->conformal_99);
    finish_reliability(&t, n, m);
    finish_labels(counts, m);
    finish_entropy(s, weights, m);
}

mech_status mech_metrics_new(size_t n, size_t n_labels, mech_metrics **metrics, mech_error *error) {
    *metrics = NULL;
    mech_metrics *m = calloc(1, sizeof *m);
    if (!m) return mech_fail_memory(error);
    m->n = n;
    m->n_labels = n_labels;
    m->recall = mech_allocate_array(n_labels, sizeof *m->recall);
    m->precision = mech_allocate_array(n_labels, sizeof *m->precision);
    m->f1 = mech_allocate_array(n_labels, sizeof *m->f1);
    m->confusion = mech_allocate_array(n_labels * n_labels, sizeof *m->confusion);
    if (!m->recall || !m->precision || !m->f1 || !m->confusion) {
        mech_metrics_free(m);
        return mech_fail_memory(error);
    }
    *metrics = m;
    return MECH_OK;
}

void mech_metrics_free(mech_metrics *metrics) {
    if (!metrics) return;
    mech_release_array(metrics->recall);
    mech_release_array(metrics->precision);
    mech_release_array(metrics->f1);
    mech_release_array(metrics->confusion);
    free(metrics);
}
