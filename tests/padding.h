/* How much of the engine's arithmetic on run sets is done on padding, for tests and benches. */
#ifndef MECH_TESTS_PADDING_H
#define MECH_TESTS_PADDING_H

#include "learn/kernels/engine_sets.h"
#include "learn/network/graph.h"

static inline double in_vectors(size_t n, size_t lanes) { return (double)((n + lanes - 1) / lanes * lanes); }

/* Adds what attention over a group of n rows multiplies: scores and values, and backward the gradients of the weights,
 * of query, key and value (attention_lanes.c). Scores stand in whole vectors of rows, the others in those of a head. */
static inline void count_attention(const graph_node *node, size_t n, size_t lanes, double *done, double *needed) {
    const size_t depth = node->width / node->heads;
    const double heads = (double)node->heads, rows = (double)n;
    *done += heads * rows * (2 * in_vectors(n, lanes) * (double)depth + 4 * rows * in_vectors(depth, lanes));
    *needed += heads * 6 * rows * rows * (double)depth;
}

/* The share of the multiplications of a gradient that are those of padding, in vectors of so many lanes: columns of
 * dense layers, forward and backward, and pairs of readings and of runs. */
static inline double padding_share(const graph *g, const engine_sets *s, size_t lanes) {
    const size_t n_runs = s->run_offset[s->n], n_readings = s->reading_offset[n_runs];
    double done = 0, needed = 0;
    for (int i = 0; i < g->n_nodes; i++) {
        const graph_node *node = &g->nodes[i];
        const double rows = (double)(node->rows == ROWS_OF_READINGS ? n_readings
                                     : node->rows == ROWS_OF_RUNS   ? n_runs
                                                                    : s->n);
        if (node->kind == NODE_DENSE) {
            const size_t inputs = g->nodes[node->inputs[0]].width;
            done += rows * in_vectors(node->width, lanes) * (2 * (double)inputs + in_vectors(inputs, lanes));
            needed += rows * 3 * (double)inputs * (double)node->width;
        }
        if (node->kind == NODE_ATTENTION && node->rows == ROWS_OF_READINGS)
            for (size_t r = 0; r < n_runs; r++)
                count_attention(node, s->reading_offset[r + 1] - s->reading_offset[r], lanes, &done, &needed);
        if (node->kind == NODE_ATTENTION && node->rows == ROWS_OF_RUNS)
            for (size_t k = 0; k < s->n; k++)
                count_attention(node, s->run_offset[k + 1] - s->run_offset[k], lanes, &done, &needed);
    }
    return 1 - needed / done;
}

#endif
