#include "judge/metrics/scores.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* A true label that got no probability at all would make the mean infinite. */
static const double LEAST_PROBABILITY = 1e-12;

/* Copies one row to double; false where it is no distribution over the labels. */
static bool read_probabilities(size_t n_labels, const float *row, double *p) {
    double sum = 0;
    for (size_t c = 0; c < n_labels; c++) {
        p[c] = (double)row[c];
        if (!(p[c] >= 0 && p[c] <= 1 + 1e-5)) return false;
        sum += p[c];
    }
    return fabs(sum - 1) < 1e-3;
}

static void score_sample(size_t n_labels, const double *p, size_t truth, const double *thresholds, score *s) {
    size_t order[MECH_MOST_LABELS], rank = 0;
    for (int set = 0; set < N_SETS; set++)
        s->set_size[set] = thresholds[set] > 0 ? (uint16_t)mech_credible_set(n_labels, p, thresholds[set], order) : 0;
    while (order[rank] != truth) rank++;
    for (size_t c = 0; c < n_labels; c++) {
        const double distance = p[c] - (c == truth ? 1 : 0);
        s->brier += distance * distance;
        if (p[c] > 0) s->entropy -= p[c] * log(p[c]);
    }
    s->cross_entropy = -log(fmax(p[truth], LEAST_PROBABILITY));
    s->confidence = p[order[0]];
    const int bin = (int)(s->confidence * MECH_RELIABILITY_BINS);
    s->bin = (uint8_t)(bin < MECH_RELIABILITY_BINS ? bin : MECH_RELIABILITY_BINS - 1);
    s->truth = (uint8_t)truth;
    s->called = (uint8_t)order[0];
    s->rank = (uint8_t)rank;
}

/* By entropy; of equal ones the earlier sample comes first, so that the order is one and only one. */
static int compare_scores(const void *a, const void *b) {
    const score *x = a, *y = b;
    if (x->entropy != y->entropy) return x->entropy < y->entropy ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

mech_status mech_scores_new(size_t n, size_t n_labels, const float *probabilities, const uint8_t *labels,
                            const mech_evaluate_options *options, scores *s, mech_error *error) {
    const double thresholds[N_SETS] = {0.95, 0.99, options->conformal_95, options->conformal_99};
    static const double levels[N_SETS] = {0.95, 0.99, 0.95, 0.99};
    *s = (scores){.n = n, .n_labels = n_labels};
    if (!n || !n_labels) return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no sample to judge");
    if (n_labels > MECH_MOST_LABELS || n > UINT32_MAX)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "%zu samples of %zu labels; expected fewer than 2^32 and at most %d", n, n_labels,
                         MECH_MOST_LABELS);
    for (int set = 0; set < N_SETS; set++) s->level[set] = thresholds[set] > 0 ? levels[set] : 0;
    s->of = mech_allocate_array(n, sizeof *s->of);
    if (!s->of) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        double p[MECH_MOST_LABELS];
        if (labels[i] >= n_labels)
            return mech_fail(error, MECH_INVALID_INPUT, "sample %zu has label %u; expected less than %zu", i, labels[i],
                             n_labels);
        if (!read_probabilities(n_labels, probabilities + i * n_labels, p))
            return mech_fail(error, MECH_INVALID_INPUT,
                             "sample %zu: its probabilities are not between 0 and 1 with sum 1", i);
        s->of[i].number = i;
        score_sample(n_labels, p, labels[i], thresholds, &s->of[i]);
    }
    qsort(s->of, n, sizeof *s->of, compare_scores);
    return MECH_OK;
}

void mech_scores_free(scores *s) {
    mech_release_array(s->of);
    *s = (scores){0};
}
