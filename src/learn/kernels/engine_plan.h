/* Where everything stands in the engine's memory: a graph laid out for tiles of samples, for vectors of so many numbers
 * and for so many time steps. All sizes and offsets are in numbers, not bytes. */
#ifndef MECH_LEARN_KERNELS_ENGINE_PLAN_H
#define MECH_LEARN_KERNELS_ENGINE_PLAN_H

#include "learn/network/graph.h"

enum {
    TILE_ROWS = 24,   /* samples that go through the graph together, so that their activations stay in the cache */
    PANEL_VECTORS = 4 /* vectors of columns that a product computes at once */
};

/* What one node needs. Rows of samples are padded to whole vectors; what stands in the padding is finite and never read
 * as data. n_rows: the tile's samples, of nodes of runs the runs of all of them. A series has n_times * n_rows rows:
 * all of the first step, then those of the second, and so on. */
typedef struct node_plan {
    size_t padded_width; /* width in whole vectors */
    size_t stride;       /* from one row of values to the next */
    size_t values;       /* in the workspace: the node's output */
    size_t gradient;     /* in the workspace, of the same shape: the loss differentiated by `values` */
    bool differentiated; /* whether parameters stand at this node or before it, so that its gradient is needed */

    /* In the packed parameters. An LSTM's columns are in blocks of a vector of units, i, f, c, o of one block after
     * another, so that one panel of a product holds all that the cells of a block need. Its `forward` matrix has the
     * rows of the kernel, then those of the recurrent kernel. */
    size_t columns;   /* padded columns of the product: padded_width, of an LSTM four times that */
    size_t forward;   /* in panels: [panel][inputs (+ units)][PANEL_VECTORS * lanes] */
    size_t bias;      /* [columns] */
    size_t to_input;  /* transposed kernel, in panels: [panel][columns][PANEL_VECTORS * lanes] */
    size_t to_states; /* transposed recurrent kernel, the same */

    /* In the packed gradient. */
    size_t kernel_gradient;    /* [inputs][columns] */
    size_t recurrent_gradient; /* [units][columns] */
    size_t bias_gradient;      /* [columns] */

    /* In the workspace, of attention and pooling: the softmax of the scores. Attention: [rows of a run or set][the
     * same, in whole vectors], run after run and in each head after head; pooling: [rows][heads, in whole vectors]. */
    size_t weights;

    size_t curves; /* in the workspace, of comparisons only: what comparisons_lanes.c works on */

    /* In the workspace, of an LSTM only. For training all steps are kept: gates (later overwritten by their gradient)
     * and cell states; for prediction only the current ones. */
    size_t gates, gates_stride; /* [n_times or 1][n_rows][gates_stride] */
    size_t cells;               /* [n_times or 1][n_rows][stride] */
    size_t cells_tanh;          /* [n_times][n_rows][stride], training only */
    size_t states;              /* hidden states: `values` of a series, else [n_times or 2][n_rows][stride] */
    size_t states_gradient;     /* [n_rows][stride]: of the current step, all ways together */
    size_t cells_gradient;      /* [n_rows][stride] */
} node_plan;

/* The most that a tile of run sets holds. The pairs of readings (runs) are those of one run (set): of n the square of
 * n, one factor in whole vectors. */
typedef struct ragged_rows {
    size_t runs, readings, run_pairs, reading_pairs,
        longest; /* the largest number of readings of a run, runs of a set */
} ragged_rows;

typedef struct plan {
    const graph *g;
    size_t lanes, n_times, tile_rows;
    ragged_rows ragged;
    bool training;
    node_plan nodes[MAX_NODES];
    size_t scratch;           /* in the workspace: what attention works on, head by head */
    size_t zeros, zeros_size; /* in the workspace: a row of zeros as long as the longest row */
    size_t workspace_size, packed_size, gradient_size;
} plan;

/* Lays out `g`, which must live as long as the plan, for tiles of at most TILE_ROWS of `n_samples` samples. False where
 * the sizes overflow. */
bool mech_plan_make(plan *p, const graph *g, size_t lanes, size_t real_bytes, size_t n_samples, size_t n_times,
                    bool training);

/* The same for tiles of at most `most_sets` run sets with at most `rows`, for a graph that reads run sets. */
bool mech_plan_run_sets(plan *p, const graph *g, size_t lanes, size_t real_bytes, size_t most_sets,
                        const ragged_rows *rows, bool training);

#endif
