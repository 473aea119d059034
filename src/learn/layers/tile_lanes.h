/* A tile of samples on its way through the nodes of a graph, and the passes of each kind of node. */
#ifndef MECH_LEARN_LAYERS_TILE_LANES_H
#define MECH_LEARN_LAYERS_TILE_LANES_H

#include "learn/kernels/engine_kernel.h"
#include "learn/kernels/product_lanes.h"

typedef struct tile {
    const plan *layout;
    const graph *g;
    const real *packed, *zeros;
    real *workspace, *gradient;
    size_t n_rows;           /* samples, or run sets */
    const engine_sets *sets; /* the batch that the run sets belong to; NULL: samples */
    size_t first_set, first_run, first_reading, n_runs, n_readings; /* of the tile's run sets */
    bool reached[MAX_NODES]; /* in the backward pass: whether the node's gradient has been written, so that more is
                                added */
} tile;

INLINE real *values_of(const tile *t, int node) { return t->workspace + t->layout->nodes[node].values; }
INLINE real *gradient_of(const tile *t, int node) { return t->workspace + t->layout->nodes[node].gradient; }

/* Rows of a node's values: samples, or the runs of samples, of a series those of all time steps; of run sets the sets,
 * their runs or their readings. */
INLINE size_t rows_of(const tile *t, int node) {
    if (t->g->nodes[node].rows == ROWS_OF_RUNS) return t->n_runs;
    if (t->g->nodes[node].rows == ROWS_OF_READINGS) return t->n_readings;
    return t->n_rows * t->g->nodes[node].runs * (t->g->nodes[node].series ? t->layout->n_times : 1);
}

/* Rows of a tile that belong together: the readings of a run, or the runs of a set. */
typedef struct row_group {
    size_t first, n;
} row_group;

INLINE size_t groups_of(const tile *t, int node) {
    return t->g->nodes[node].rows == ROWS_OF_READINGS ? t->n_runs : t->n_rows;
}

INLINE row_group group_of(const tile *t, int node, size_t group) {
    const bool readings = t->g->nodes[node].rows == ROWS_OF_READINGS;
    const size_t *offset = readings ? t->sets->reading_offset + t->first_run : t->sets->run_offset + t->first_set;
    const size_t first = readings ? t->first_reading : t->first_run;
    return (row_group){offset[group] - first, offset[group + 1] - offset[group]};
}

/* Sums whose order depends on n only. */
INLINE real sum_of_lanes(lanes v) {
    real sum = v[0];
    for (int i = 1; i < LANES; i++) sum += v[i];
    return sum;
}

INLINE real sum_of(size_t n, const real *a) {
    lanes sums = fill(0);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) sums += load(a + i);
    real sum = sum_of_lanes(sums);
    for (; i < n; i++) sum += a[i];
    return sum;
}

INLINE real dot(size_t n, const real *a, const real *b) {
    lanes sums = fill(0);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) sums += load(a + i) * load(b + i);
    real sum = sum_of_lanes(sums);
    for (; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* Forward: from the values of the inputs to those of the node. Backward: from the gradient of the node (which may be
 * overwritten) to those of its inputs and parameters, which are added to. */
void LANES_NAME(lstm_forward)(tile *t, int node);
void LANES_NAME(lstm_backward)(tile *t, int node);
void LANES_NAME(dense_forward)(tile *t, int node);

/* `before_activation`: the node's gradient is that of x W + b already. */
void LANES_NAME(dense_backward)(tile *t, int node, bool before_activation);
void LANES_NAME(kinetics_forward)(tile *t, int node);
void LANES_NAME(comparisons_forward)(tile *t, int node);
void LANES_NAME(catalyst_forward)(tile *t, int node);
void LANES_NAME(together_forward)(tile *t, int node);
void LANES_NAME(together_backward)(tile *t, int node);
void LANES_NAME(combination_forward)(tile *t, int node);
void LANES_NAME(combination_backward)(tile *t, int node);

void LANES_NAME(normalised_forward)(tile *t, int node);
void LANES_NAME(normalised_backward)(tile *t, int node);
void LANES_NAME(attention_forward)(tile *t, int node);
void LANES_NAME(attention_backward)(tile *t, int node);
void LANES_NAME(pooled_forward)(tile *t, int node);
void LANES_NAME(pooled_backward)(tile *t, int node);

/* What LSTM and dense layers share, given the gradient z of x W + b, rows_of(input) rows z_step apart: adds x^T z to
 * the kernel's gradient, the sums of z's columns to the bias's, and z W^T to the input's gradient. */
void LANES_NAME(linear_backward)(tile *t, int node, const real *z, size_t z_step);

void LANES_NAME(pack)(const plan *layout, const void *parameters, bool single, void *packed);
void LANES_NAME(unpack_gradient)(const plan *layout, const void *packed_gradient, double factor, void *gradient);

#endif
