#include "learn/kernels/engine_plan.h"

#include "learn/inputs/comparisons.h"

#include <stdint.h>

enum { CACHE_LINE = 64, CONFLICT = 512, MOST_ROOMS = 32 };

static size_t round_up(size_t n, size_t multiple) { return (n + multiple - 1) / multiple * multiple; }

/* The length of rows of `width` numbers. Rows a large power of two of bytes apart would all fall into a few sets of the
 * first-level cache, so these get one more cache line. */
static size_t stride_of(size_t width, size_t lanes, size_t real_bytes) {
    const size_t stride = round_up(width, lanes);
    return stride * real_bytes % CONFLICT == 0 ? stride + CACHE_LINE / real_bytes : stride;
}

/* Claims `count` numbers, on a cache line of its own. */
static size_t claim(size_t *size, size_t count) {
    const size_t place = *size;
    *size += round_up(count, CACHE_LINE / sizeof(float));
    return place;
}

static size_t claim_panels(size_t *size, size_t rows, size_t columns, size_t lanes) {
    return claim(size, rows * round_up(columns, PANEL_VECTORS * lanes));
}

static void lay_out_parameters(plan *p, int number) {
    const graph_node *node = &p->g->nodes[number];
    const node_plan *input = &p->nodes[node->inputs[0]];
    node_plan *n = &p->nodes[number];
    const size_t inputs = p->g->nodes[node->inputs[0]].width;
    const bool recurrent = node->kind == NODE_LSTM;
    n->columns = recurrent ? PANEL_VECTORS * n->padded_width : n->padded_width;
    n->forward = claim_panels(&p->packed_size, recurrent ? inputs + node->width : inputs, n->columns, p->lanes);
    n->bias = claim(&p->packed_size, n->columns);
    if (!p->training) return;
    if (input->differentiated) n->to_input = claim_panels(&p->packed_size, n->columns, input->padded_width, p->lanes);
    if (recurrent) n->to_states = claim_panels(&p->packed_size, n->columns, n->padded_width, p->lanes);
    n->kernel_gradient = claim(&p->gradient_size, inputs * n->columns);
    if (recurrent) n->recurrent_gradient = claim(&p->gradient_size, node->width * n->columns);
    n->bias_gradient = claim(&p->gradient_size, n->columns);
}

static void lay_out_states(plan *p, int number, size_t real_bytes) {
    const graph_node *node = &p->g->nodes[number];
    node_plan *n = &p->nodes[number];
    const size_t kept_steps = p->training ? p->n_times : 1, rows = p->tile_rows * node->runs, step = rows * n->stride;
    n->gates_stride = stride_of(n->columns, p->lanes, real_bytes);
    n->gates = claim(&p->workspace_size, kept_steps * rows * n->gates_stride);
    n->cells = claim(&p->workspace_size, kept_steps * step);
    if (node->series)
        n->states = n->values;
    else
        n->states = claim(&p->workspace_size, (p->training ? p->n_times : 2) * step);
    if (!p->training) return;
    n->cells_tanh = claim(&p->workspace_size, p->n_times * step);
    n->states_gradient = claim(&p->workspace_size, step);
    n->cells_gradient = claim(&p->workspace_size, step);
}

static bool is_differentiated(const plan *p, const graph_node *node) {
    if (node->kernel >= 0) return true;
    for (int i = 0; i < 2; i++)
        if (node->inputs[i] >= 0 && p->nodes[node->inputs[i]].differentiated) return true;
    return false;
}

/* Rows of a node's values in a tile, at most. */
static size_t rows_in_tile(const plan *p, const graph_node *node) {
    switch (node->rows) {
    case ROWS_OF_RUNS:
        return p->ragged.runs;
    case ROWS_OF_READINGS:
        return p->ragged.readings;
    case ROWS_OF_SAMPLES:
        break;
    }
    return (node->series ? p->n_times : 1) * p->tile_rows * node->runs;
}

static void lay_out_gains(plan *p, int number) {
    node_plan *n = &p->nodes[number];
    n->columns = n->padded_width;
    n->forward = claim(&p->packed_size, n->columns);
    n->bias = claim(&p->packed_size, n->columns);
    if (!p->training) return;
    n->kernel_gradient = claim(&p->gradient_size, n->columns);
    n->bias_gradient = claim(&p->gradient_size, n->columns);
}

static void lay_out_weights(plan *p, int number) {
    const graph_node *node = &p->g->nodes[number], *input = &p->g->nodes[node->inputs[0]];
    const bool of_readings = input->rows == ROWS_OF_READINGS;
    const size_t pairs = of_readings ? p->ragged.reading_pairs : p->ragged.run_pairs;
    const size_t rows = of_readings ? p->ragged.readings : p->ragged.runs;
    p->nodes[number].weights =
        claim(&p->workspace_size,
              node->kind == NODE_ATTENTION ? pairs * node->heads : rows * round_up(node->heads, p->lanes));
}

/* What one head of attention over the longest run or set works on (attention_lanes.c): a transposed matrix, a matrix of
 * pairs and four of rows. */
static size_t scratch_of(const plan *p, const graph_node *node) {
    const size_t columns = round_up(node->width / node->heads, p->lanes), longest = p->ragged.longest;
    const size_t padded = round_up(longest, p->lanes);
    return columns * padded + longest * padded + 4 * longest * columns;
}

static bool lay_out(plan *p, size_t real_bytes) {
    const graph *g = p->g;
    size_t scratch = 0;
    for (int i = 0; i < g->n_nodes; i++) {
        const graph_node *node = &g->nodes[i];
        node_plan *n = &p->nodes[i];
        n->padded_width = round_up(node->width, p->lanes);
        n->stride = stride_of(node->width, p->lanes, real_bytes);
        if (p->n_times > SIZE_MAX / TILE_ROWS / node->runs) return false;
        const size_t rows = rows_in_tile(p, node);
        /* No node claims more than MOST_ROOMS times its values of all steps, so that no sum below runs over. */
        const size_t steps = node->kind == NODE_LSTM && !node->series ? p->n_times : 1, kept = steps * rows;
        if (n->stride > SIZE_MAX / (2 * MOST_ROOMS) / real_bytes / (kept ? kept : 1)) return false;
        const size_t count = rows * n->stride;
        n->values = claim(&p->workspace_size, count);
        n->differentiated = is_differentiated(p, node);
        if (p->training && n->differentiated) n->gradient = claim(&p->workspace_size, count);
        if (node->kind == NODE_NORMALISED)
            lay_out_gains(p, i);
        else if (node->kernel >= 0)
            lay_out_parameters(p, i);
        if (node->kind == NODE_LSTM) lay_out_states(p, i, real_bytes);
        if (node->kind == NODE_ATTENTION || node->kind == NODE_POOLED) lay_out_weights(p, i);
        if (node->kind == NODE_ATTENTION && scratch_of(p, node) > scratch) scratch = scratch_of(p, node);
        if (node->kind == NODE_COMPARISONS)
            n->curves = claim(&p->workspace_size, COMPARISONS_ARRAYS * p->n_times * p->lanes);
        if (p->workspace_size > SIZE_MAX / 2 / real_bytes) return false;
        if (p->zeros_size < n->stride) p->zeros_size = n->stride;
        if (p->zeros_size < n->columns) p->zeros_size = n->columns;
    }
    if (p->zeros_size < round_up(p->ragged.longest, p->lanes)) p->zeros_size = round_up(p->ragged.longest, p->lanes);
    p->scratch = claim(&p->workspace_size, scratch);
    p->zeros = claim(&p->workspace_size, p->zeros_size);
    return true;
}

bool mech_plan_make(plan *p, const graph *g, size_t lanes, size_t real_bytes, size_t n_samples, size_t n_times,
                    bool training) {
    *p = (plan){.g = g,
                .lanes = lanes,
                .n_times = n_times,
                .tile_rows = n_samples < TILE_ROWS ? n_samples : TILE_ROWS,
                .training = training};
    return lay_out(p, real_bytes);
}

bool mech_plan_run_sets(plan *p, const graph *g, size_t lanes, size_t real_bytes, size_t most_sets,
                        const ragged_rows *rows, bool training) {
    *p = (plan){.g = g, .lanes = lanes, .n_times = 1, .tile_rows = most_sets, .ragged = *rows, .training = training};
    return lay_out(p, real_bytes);
}
