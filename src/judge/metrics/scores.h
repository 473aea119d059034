/* What each sample contributes to the metrics, computed once: metrics of all samples and of every resample of a
 * bootstrap are sums over these. */
#ifndef MECH_JUDGE_METRICS_SCORES_H
#define MECH_JUDGE_METRICS_SCORES_H

#include "base/error.h"

typedef enum set_kind { CREDIBLE_95, CREDIBLE_99, CONFORMAL_95, CONFORMAL_99, N_SETS } set_kind;

typedef struct score {
    double entropy, cross_entropy, brier; /* nats, nats, squared distance */
    double confidence;                    /* the highest probability */
    size_t number;                        /* of the sample, from 0 on */
    uint16_t set_size[N_SETS];            /* 0: there is no such set */
    uint8_t truth, called;                /* label, most probable label */
    uint8_t rank;                         /* of the true label, from 0 on */
    uint8_t bin;                          /* of the confidence */
} score;

typedef struct scores {
    size_t n, n_labels;
    double level[N_SETS]; /* 0: there is no such set */
    score *of;            /* [n], in the order of their entropy, so that a median is a matter of counting */
} scores;

/* Scores probabilities[n][n_labels] against labels[n]. Fails with MECH_INVALID_INPUT where a row is no distribution or
 * a label no label. What *s holds is freed with mech_scores_free(), in any case. */
mech_status mech_scores_new(size_t n, size_t n_labels, const float *probabilities, const uint8_t *labels,
                            const mech_evaluate_options *options, scores *s, mech_error *error);
void mech_scores_free(scores *s);

/* Room for the figures of n_labels labels. */
mech_status mech_metrics_new(size_t n, size_t n_labels, mech_metrics **metrics, mech_error *error);

/* The metrics of the samples, each counted weights[i] times (NULL: once), i being its place in s->of. The weights sum
 * to s->n. `counts`[n_labels][n_labels] is overwritten; it may be metrics->confusion. */
void mech_metrics_fill(const scores *s, const uint32_t *weights, uint64_t *counts, mech_metrics *metrics);

#endif
