/* Parameters on their way from Keras's layout to that of the products, and gradients on their way back. */
#include "learn/layers/tile_lanes.h"

#include <string.h>

/* The padded column of the product that column j of a tensor of node n becomes. An LSTM's columns are gate by gate in
 * Keras and vector of units by vector of units here. */
static size_t padded_column(const graph_node *n, size_t j) {
    if (n->kind != NODE_LSTM) return j;
    const size_t gate = j / n->width, unit = j % n->width;
    return unit / LANES * PANEL_COLUMNS + gate * LANES + unit % LANES;
}

/* Where element (row, column) of a matrix of `depth` rows stands in panels. */
static size_t in_panels(size_t depth, size_t row, size_t column) {
    return (column / PANEL_COLUMNS * depth + row) * PANEL_COLUMNS + column % PANEL_COLUMNS;
}

/* Parameters as the caller has them. */
typedef struct source {
    const void *numbers;
    bool single; /* floats, whatever the reals here */
} source;

INLINE real number_of(source from, size_t i) {
    return from.single ? (real)((const float *)from.numbers)[i] : ((const real *)from.numbers)[i];
}

/* A kernel's rows become rows first_row, ... of the forward panels and, where `backward` is given, the columns of it.
 */
static void pack_matrix(const plan *layout, int node, int tensor, source from, size_t first_row, size_t depth,
                        real *forward, real *backward) {
    const graph_node *n = &layout->g->nodes[node];
    const graph_tensor *matrix = &layout->g->tensors[tensor];
    for (size_t column = 0; column < matrix->columns; column++) {
        const size_t padded = padded_column(n, column);
        real *to = forward + in_panels(depth, first_row, padded);
        for (size_t row = 0; row < matrix->rows; row++)
            to[row * PANEL_COLUMNS] = number_of(from, matrix->offset + row * matrix->columns + column);
        if (!backward) continue;
        for (size_t row = 0; row < matrix->rows; row++)
            backward[in_panels(layout->nodes[node].columns, padded, row)] =
                number_of(from, matrix->offset + row * matrix->columns + column);
    }
}

void LANES_NAME(pack)(const plan *layout, const void *parameters, bool single, void *packed) {
    const source from = {parameters, single};
    memset(packed, 0, layout->packed_size * sizeof(real));
    for (int i = 0; i < layout->g->n_nodes; i++) {
        const graph_node *node = &layout->g->nodes[i];
        const node_plan *n = &layout->nodes[i];
        if (node->kernel < 0) continue;
        if (node->kind == NODE_NORMALISED) {
            const graph_tensor *gamma = &layout->g->tensors[node->kernel], *beta = &layout->g->tensors[node->bias];
            for (size_t j = 0; j < node->width; j++) {
                ((real *)packed)[n->forward + j] = number_of(from, gamma->offset + j);
                ((real *)packed)[n->bias + j] = number_of(from, beta->offset + j);
            }
            continue;
        }
        const size_t inputs = layout->g->nodes[node->inputs[0]].width;
        const bool recurrent = node->kind == NODE_LSTM;
        const size_t depth = recurrent ? inputs + node->width : inputs;
        real *to = packed;
        const bool back = layout->training && layout->nodes[node->inputs[0]].differentiated;
        pack_matrix(layout, i, node->kernel, from, 0, depth, to + n->forward, back ? to + n->to_input : NULL);
        if (recurrent)
            pack_matrix(layout, i, node->recurrent_kernel, from, inputs, depth, to + n->forward,
                        layout->training ? to + n->to_states : NULL);
        const graph_tensor *bias = &layout->g->tensors[node->bias];
        for (size_t j = 0; j < bias->columns; j++)
            to[n->bias + padded_column(node, j)] = number_of(from, bias->offset + j);
    }
}

static void unpack_tensor(const plan *layout, int node, int tensor, const real *from, real factor, real *gradient) {
    const graph_tensor *matrix = &layout->g->tensors[tensor];
    const size_t rows = matrix->rows ? matrix->rows : 1;
    real *to = gradient + matrix->offset;
    for (size_t row = 0; row < rows; row++)
        for (size_t j = 0; j < matrix->columns; j++)
            to[row * matrix->columns + j] =
                factor * from[row * layout->nodes[node].columns + padded_column(&layout->g->nodes[node], j)];
}

void LANES_NAME(unpack_gradient)(const plan *layout, const void *packed_gradient, double factor, void *gradient) {
    const real *from = packed_gradient;
    for (int i = 0; i < layout->g->n_nodes; i++) {
        const graph_node *node = &layout->g->nodes[i];
        const node_plan *n = &layout->nodes[i];
        if (node->kernel < 0) continue;
        unpack_tensor(layout, i, node->kernel, from + n->kernel_gradient, (real)factor, gradient);
        if (node->kind == NODE_LSTM)
            unpack_tensor(layout, i, node->recurrent_kernel, from + n->recurrent_gradient, (real)factor, gradient);
        unpack_tensor(layout, i, node->bias, from + n->bias_gradient, (real)factor, gradient);
    }
}
