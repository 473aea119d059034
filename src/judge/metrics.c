/* How good probabilities are against the truth. Definitions and sources: docs/metrics.md. */
#include "mechanist.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { CALIBRATION_BINS = 15, SIZE_CLASSES = sizeof((mech_credible_metrics){0}.size_share) / sizeof(double) };

/* A true class that got no probability at all would make the mean infinite. */
static const double LEAST_PROBABILITY = 1e-12;

/* Sums over the samples, before they become means. */
typedef struct tally {
    double count[CALIBRATION_BINS], confidence[CALIBRATION_BINS], right[CALIBRATION_BINS];
    double cross_entropy;
    size_t top1, top3;
} tally;

static double entropy_of(size_t n_classes, const double *p) {
    double entropy = 0;
    for (size_t c = 0; c < n_classes; c++)
        if (p[c] > 0) entropy -= p[c] * log(p[c]);
    return entropy;
}

static void tally_credible_set(mech_credible_metrics *credible, size_t size, size_t rank_of_truth) {
    credible->coverage += rank_of_truth < size;
    credible->mean_size += (double)size;
    credible->size_share[(size < SIZE_CLASSES ? size : SIZE_CLASSES) - 1]++;
}

static void finish_credible_set(mech_credible_metrics *credible, double n) {
    credible->coverage /= n;
    credible->mean_size /= n;
    for (size_t i = 0; i < SIZE_CLASSES; i++) credible->size_share[i] /= n;
}

static void tally_sample(mech_metrics *m, tally *sums, const double *p, size_t *order, size_t truth) {
    const size_t size_95 = mech_credible_set(m->n_classes, p, m->credible_95.level, order);
    const size_t size_99 = mech_credible_set(m->n_classes, p, m->credible_99.level, order);
    size_t rank = 0;
    while (order[rank] != truth) rank++;
    tally_credible_set(&m->credible_95, size_95, rank);
    tally_credible_set(&m->credible_99, size_99, rank);
    sums->top1 += rank == 0;
    sums->top3 += rank < 3;
    sums->cross_entropy -= log(fmax(p[truth], LEAST_PROBABILITY));
    const double confidence = p[order[0]];
    int bin = (int)(confidence * CALIBRATION_BINS);
    if (bin >= CALIBRATION_BINS) bin = CALIBRATION_BINS - 1;
    sums->count[bin]++;
    sums->confidence[bin] += confidence;
    sums->right[bin] += rank == 0;
    m->confusion[truth * m->n_classes + order[0]]++;
}

static int compare_numbers(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void summarise_entropy(mech_metrics *m, double *entropies) {
    const double n = (double)m->n;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < m->n; i++) sum += entropies[i];
    m->entropy_mean = sum / n;
    for (size_t i = 0; i < m->n; i++) squares += (entropies[i] - m->entropy_mean) * (entropies[i] - m->entropy_mean);
    m->entropy_sd = sqrt(squares / n);
    qsort(entropies, m->n, sizeof *entropies, compare_numbers);
    m->entropy_median = (entropies[(m->n - 1) / 2] + entropies[m->n / 2]) / 2;
}

static void summarise(mech_metrics *m, const tally *sums) {
    const double n = (double)m->n;
    m->top1 = (double)sums->top1 / n;
    m->top3 = (double)sums->top3 / n;
    m->cross_entropy = sums->cross_entropy / n;
    finish_credible_set(&m->credible_95, n);
    finish_credible_set(&m->credible_99, n);
    for (int bin = 0; bin < CALIBRATION_BINS; bin++)
        m->expected_calibration_error += fabs(sums->right[bin] - sums->confidence[bin]) / n;
    for (size_t c = 0; c < m->n_classes; c++) {
        uint64_t total = 0;
        for (size_t j = 0; j < m->n_classes; j++) total += m->confusion[c * m->n_classes + j];
        m->recall[c] = total ? (double)m->confusion[c * m->n_classes + c] / (double)total : NAN;
    }
}

/* Copies one row to double; false where it is no distribution over the classes. */
static bool read_probabilities(size_t n_classes, const float *row, double *p) {
    double sum = 0;
    for (size_t c = 0; c < n_classes; c++) {
        p[c] = (double)row[c];
        if (!(p[c] >= 0 && p[c] <= 1 + 1e-5)) return false;
        sum += p[c];
    }
    return fabs(sum - 1) < 1e-3;
}

mech_status mech_evaluate(size_t n, size_t n_classes, const float *probabilities, const uint8_t *labels,
                          mech_metrics **metrics, mech_error *error) {
    mech_status status = MECH_OK;
    mech_metrics *m = NULL;
    double *entropies = NULL, *p = NULL;
    size_t *order = NULL;
    tally sums = {0};
    *metrics = NULL;
    if (!n || !n_classes) return fail(error, MECH_INVALID_ARGUMENT, "there is no sample to judge");
    m = calloc(1, sizeof *m);
    entropies = allocate_array(n, sizeof *entropies);
    p = allocate_array(n_classes, sizeof *p);
    order = allocate_array(n_classes, sizeof *order);
    if (m) {
        m->recall = allocate_array(n_classes, sizeof *m->recall);
        m->confusion = allocate_array(n_classes * n_classes, sizeof *m->confusion);
    }
    if (!m || !entropies || !p || !order || !m->recall || !m->confusion) {
        status = fail_memory(error);
        goto cleanup;
    }
    m->n = n;
    m->n_classes = n_classes;
    m->credible_95.level = 0.95;
    m->credible_99.level = 0.99;
    for (size_t i = 0; i < n; i++) {
        if (labels[i] >= n_classes) {
            status = fail(error, MECH_INVALID_INPUT, "sample %zu has label %u; expected less than %zu", i, labels[i],
                          n_classes);
            goto cleanup;
        }
        if (!read_probabilities(n_classes, probabilities + i * n_classes, p)) {
            status =
                fail(error, MECH_INVALID_INPUT, "sample %zu: its probabilities are not between 0 and 1 with sum 1", i);
            goto cleanup;
        }
        entropies[i] = entropy_of(n_classes, p);
        tally_sample(m, &sums, p, order, labels[i]);
    }
    summarise(m, &sums);
    summarise_entropy(m, entropies);
    *metrics = m;
    m = NULL;
cleanup:
    mech_metrics_free(m);
    release_array(entropies);
    release_array(p);
    release_array(order);
    return status;
}

void mech_metrics_free(mech_metrics *metrics) {
    if (!metrics) return;
    release_array(metrics->recall);
    release_array(metrics->confusion);
    free(metrics);
}
